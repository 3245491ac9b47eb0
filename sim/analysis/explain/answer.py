"""One run's reasons, the same thing over many draws, and the record, put together."""

import difflib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sim.agents import CouncilAgent, Sender, State, Target, ThirdState
from sim.analysis.explain.draws import (
    Draws,
    days_of_answer,
    days_of_council,
    days_of_measure,
    days_of_stance,
)
from sim.analysis.explain.record import in_reality
from sim.codes import NEVER
from sim.engine import Ensemble, simulate_setting
from sim.errors import InputError
from sim.model import SanctionsModel
from sim.reasons import Reasons, in_words
from sim.setting import Setting
from sim.words import counted

EARLY = 0.1  # of all draws


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a state or council did or did not."""

    words: str  # why, in one run
    start: date  # first day of the run
    n_days: int
    reasons: Reasons | None = None  # the same as data, of a sender or council
    did: str = ""  # what the draws count, in words: 'announced it'
    draws: Draws | None = None  # none where there is nothing to count
    day: int = NEVER  # that was asked about
    own_day: int = NEVER  # on which it happened in the one run, -1 for never
    real_day: int | None = None  # on which it happened in reality
    reality: str = ""  # what the record says, in a sentence
    further: tuple[str, ...] = ()  # commands that say more, in sentences

    @property
    def head(self) -> str:
        """Who, and on what."""
        return self.reasons.head if self.reasons else self.words.splitlines()[0].rstrip(":. ")

    @property
    def is_drawn(self) -> bool:
        """Whether there is something for a figure: what a sender or a council weighed."""
        return self.reasons is not None and self.reasons.day is not None

    def in_words(self, day: int) -> str:
        """Return the date of a day of the run in words."""
        return in_words(self.start + timedelta(days=day))

    def beside(self) -> list[str]:
        """Return what became of it: in this run, over many draws, in reality."""
        lines = [self.reality] if self.reality else []
        if self.draws is None:
            return lines
        first, *others = self.over_draws()
        return [*lines, "", first, *(f"  {line}" for line in others)]

    def over_draws(self) -> list[str]:
        """Return in how many draws it happened and when, a heading first; none without draws."""
        draws, last = self.draws, self.n_days - 1
        if draws is None:
            return []
        asked = f"{self.did} by {self.in_words(self.day)} in {_part(draws.by(self.day), draws.n)}"
        lines = [f"Over {counted(draws.n, 'draw')} of chance:", asked]
        if self.day < last:
            lines.append(f"by the end, {self.in_words(last)}, in {_part(draws.by(last), draws.n)}")
        lines.append(self._spread())
        if self.own_day != NEVER:
            lines.append(f"in this run on {self.in_words(self.own_day)}: {self.place}")
        else:
            lines.append("in this run not by the end")
        return lines

    @property
    def place(self) -> str:
        """Whether the day of this run is an early or a late one among the draws, in words."""
        assert self.draws is not None
        earlier = self.draws.by(self.own_day - 1) / self.draws.n
        kind = "early" if earlier < EARLY else "late" if earlier > 1.0 - EARLY else "ordinary"
        article = "a" if kind == "late" else "an"
        return f"{article} {kind} draw, {100.0 * earlier:.0f} % are earlier"

    def _spread(self) -> str:
        """Return the day by which a tenth, half and nine tenths of all draws have it."""
        assert self.draws is not None
        if self.draws.day_of(0.1) == NEVER:
            return "in fewer than a tenth of all draws by the end"
        words, never = [], []
        for share, called in ((0.1, "a tenth"), (0.5, "half"), (0.9, "nine tenths")):
            day = self.draws.day_of(share)
            if day == NEVER:
                never.append(called)
            else:
                words.append(f"{called} by {self.in_words(day)}")
        if never:
            words.append(f"{' and '.join(never)} not by the end")
        return f"of all draws, {', '.join(words)}"


def _part(number: int, n: int) -> str:
    """Return a share of draws with the interval that so few of them leave open."""
    from scipy.stats import binomtest

    band = binomtest(number, n).proportion_ci(0.95, method="wilson")
    return (
        f"{100.0 * number / n:.0f} % of them ({number} of {n}; 95 % interval "
        f"{100.0 * band.low:.0f} to {100.0 * band.high:.0f} %)"
    )


def explained(
    setting: Setting, who: str, what: str = "", target: str = "", day: str = "", runs: int = 200
) -> Answer:
    """Return why a state or council did or did not, in one run and over many.

    Parameters
    ----------
    setting : Setting
        Its configuration says which run.
    who : str
        Code or name of a state, or code of a council.
    what : str
        A measure of a sender or council, an answer of a target; the latest one if not given.
    target : str
        Whom the measure is aimed at, or which sender an answer hits; the first if not given.
    day : str
        ISO 8601; the last day on which it was weighed, or the end, if not given.
    runs : int
        How many draws beside it.

    Raises
    ------
    InputError
        No such state, measure or day in this run, or one that has none to give.
    """
    if target and not what:
        raise InputError(f"target={target} is of a measure: name the measure, too")
    config = setting.config
    model = SanctionsModel(setting, seed=config.seed, run=config.run)
    agent = _found(model, who)
    asked = _day(setting, day)
    if what and isinstance(agent, Sender | CouncilAgent):
        what = _measure(setting, what)
    model.advance((setting.n_days - 1 if asked is None else asked) + 1)
    last = model.day
    if isinstance(agent, Sender | CouncilAgent):
        return _of_measure(model, agent, what, target, asked, runs)
    if isinstance(agent, Target):
        words = agent.explain(what)
        model.advance(setting.n_days)
        return _of_answer(model, agent, what, target, last, runs, words)
    if what:
        raise InputError(
            f"{agent.code} ({agent.name}) is a {agent.role}: it takes no measures in this run; "
            f"leave '{what}' out to see what it thinks and carries, or make it a sender with "
            f"+scenario.roles.{agent.code}=sender"
        )
    words = agent.explain()
    model.advance(setting.n_days)
    takes_stance = setting.third_parties.takes_stance[agent.position]
    if not isinstance(agent, ThirdState) or not takes_stance:
        return _answer(setting, words)
    draws = days_of_stance(_ensemble(setting, runs), agent.position)
    did = f"{agent.name} condemned the violation"
    return _answer(setting, words, None, did, draws, last, agent.condemned)


def _of_measure(
    model: SanctionsModel,
    agent: Sender | CouncilAgent,
    what: str,
    target: str,
    asked: int | None,
    runs: int,
) -> Answer:
    setting = model.setting
    reasons = agent.reasons(what, target)
    last = model.day
    if asked is None and reasons.day is not None:
        last = (reasons.day - setting.start).days
    if setting.acts[reasons.act].measure.code in setting.config.scenario.imposed:
        return _answer(setting, reasons.text(), reasons)
    ensemble = _ensemble(setting, runs)
    only = _ensemble(setting, [setting.config.run])
    draws, own = (_days(one, agent, reasons) for one in (ensemble, only))
    real_day, reality = in_reality(setting, agent.code, reasons.act, reasons.wave)
    verb = "passed" if isinstance(agent, CouncilAgent) else "announced"
    waves = int(setting.menu.waves[reasons.act])
    did = f"{verb} {f'wave {reasons.wave} of {waves}' if waves > 1 else 'it'}"
    beside = (did, draws, last, int(own.days[0]), real_day, reality, _further(setting, reasons))
    return _answer(setting, reasons.text(), reasons, *beside)


def _answer(setting: Setting, words: str, *others: Any) -> Answer:
    return Answer(words, setting.start, setting.n_days, *others)


def _further(setting: Setting, reasons: Reasons) -> tuple[str, ...]:
    """Return the commands that say more, in sentences."""
    if reasons.day is None:
        return ()
    lines = ["What each weight is, and where it comes from: sanctionsim levers rule"]
    if reasons.wishes_of:
        seat = setting.sender_codes.index(reasons.code)
        council = setting.councils[setting.menu.council_of[seat, reasons.act]].institution.code
        measure = setting.acts[reasons.act].measure.code
        lines.append(f"Why the council did or did not: sanctionsim explain {council} {measure}")
    return tuple(lines)


def _days(ensemble: Ensemble, agent: Sender | CouncilAgent, reasons: Reasons) -> Draws:
    if isinstance(agent, CouncilAgent):
        return days_of_council(ensemble, agent.number, reasons.act, reasons.wave)
    return days_of_measure(ensemble, agent.seat, reasons.act, reasons.wave)


def _of_answer(
    model: SanctionsModel, agent: Target, what: str, hit: str, day: int, runs: int, words: str
) -> Answer:
    setting = model.setting
    if not what:
        return _answer(setting, words)
    codes = [counter.code for counter in setting.world.countermeasures]
    if hit and hit not in setting.sender_codes:
        raise InputError.unknown(f"sender that {what} hits", hit, setting.sender_codes)
    seat = setting.sender_codes.index(hit) if hit else NEVER
    draws, own = (
        days_of_answer(_ensemble(setting, numbers), agent.number, codes.index(what), seat)
        for numbers in (runs, [setting.config.run])
    )
    did = "given" + (f" against {hit}" if hit else "")
    return _answer(setting, words, None, did, draws, day, int(own.days[0]))


def _ensemble(setting: Setting, runs: int | list[int]) -> Ensemble:
    return simulate_setting(setting, runs, record="events")


def _day(setting: Setting, text: str) -> int | None:
    """Return the day of the run that a date is, None for none."""
    if not text:
        return None
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        raise InputError(f"day must be a date like 2022-03-08; found '{text}'") from None
    first, last = setting.start, setting.date_of(setting.n_days - 1)
    if not first <= asked <= last:
        nearest = first if asked < first else last
        raise InputError(
            f"day must lie between {first} and {last}, the first and last day of this run; found "
            f"{asked}; write for instance day={nearest}"
        )
    return (asked - first).days


def _found(model: SanctionsModel, who: str) -> State | CouncilAgent:
    """Return the state or council of a code or name, in small or capital letters."""
    everybody: list[State | CouncilAgent] = [*model.states, *model.councils]
    known = {agent.code.casefold(): agent for agent in everybody}
    names = {agent.name.casefold(): agent for agent in known.values()}
    both = names | known
    found = both.get(who.casefold())
    if found is not None:
        return found
    codes = sorted(agent.code for agent in known.values())
    near = difflib.get_close_matches(who.casefold(), both, n=1, cutoff=0.6)
    hint = f"; did you mean '{both[near[0]].code}' ({both[near[0]].name})?" if near else ""
    raise InputError(f"state or council '{who}' is unknown{hint} (known: {', '.join(codes)})")


def _measure(setting: Setting, what: str) -> str:
    """Return the code of a measure that is given by code or label; InputError if nobody has it."""
    labels = {act.measure.label.casefold(): act.measure.code for act in setting.acts}
    known = labels | {code.casefold(): code for code in labels.values()}
    found = known.get(what.casefold(), what)
    codes = {measure.code for measure in setting.world.measures}
    if found in codes - set(labels.values()):
        raise InputError(
            f"measure '{found}' is on nobody's menu in this run, so nobody has weighed it; impose "
            f"it with +scenario.imposed.{found}={setting.start} or choose one of "
            f"{', '.join(sorted(labels.values()))}"
        )
    return found
