"""The card of a state or council: who it is, and why it did or did not act on a day."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.agents import CouncilAgent, Sender, Target, ThirdState
from sim.agents.weighing import words_of
from sim.codes import NEVER
from sim.model import SanctionsModel
from sim.reasons import Reasons, in_times, in_words, upper_first
from sim.setting import Setting
from sim.templates import render
from sim.words import DASH, amount, counted, listed, the


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of a state or council on a day."""

    code: str
    name: str
    role: str
    head: str  # what it did on that day, in a sentence
    numbers: list[tuple[str, str]]  # names and values with their units
    taken: list[tuple[str, str]]  # measures that stand, with the day of each
    # Measures that can be asked about: 'measure target' and the words for it.
    choices: dict[str, str]
    chosen: str = ""  # which of them `reasons` is about
    reasons: Reasons | None = None  # what it weighed, of a sender or council
    words: str = ""  # of others, what they think and do


def card_of(setting: Setting, code: str, day: int, asked: str = "") -> Card:
    """Return the card of a state or council at the end of a day.

    Parameters
    ----------
    setting : Setting
        Its configuration says which run.
    code : str
        Of a state or an institution with a council.
    asked : str
        'measure target' to be told about; without it what the state did that day or, if it did
        nothing, what it was closest to.

    Raises
    ------
    InputError
        No such state, council or measure.
    """
    model = SanctionsModel(setting, seed=setting.config.seed, run=setting.config.run)
    model.advance(day + 1)
    councils = {council.code: council for council in model.councils}
    agent = councils[code] if code in councils else model.state(code)
    if isinstance(agent, Sender | CouncilAgent):
        return _of_decider(model, agent, day, asked)
    numbers = [("Loss", f"{amount(agent.loss, 2)} % of GDP")]
    if isinstance(agent, ThirdState):
        numbers.append(("Carries", f"USD {amount(agent.diverted_bn, 1)} bn a year"))
    if isinstance(agent, Target):
        numbers.append(("Trade that leaks", f"{amount(100 * agent.leak, 0)} %"))
    head, _, rest = agent.explain().partition("\n")
    return Card(code, agent.name, agent.role, head, numbers, [], {}, words=rest)


def _of_decider(model: SanctionsModel, agent: Sender | CouncilAgent, day: int, asked: str) -> Card:
    setting = model.setting
    today = _announced_on(model, agent, day)
    measure, _, target = asked.partition(" ")
    act = setting.find_act(measure, target) if asked else _closest(model, agent, day, today)
    choices = {_key(setting, n): words_of(setting, n) for n in _at_hand(agent)}
    reasons = None
    if act is not None and _key(setting, act) in choices:
        reasons = agent.reasons(*_key(setting, act).split())
    return Card(
        agent.code,
        upper_first(agent.name),
        agent.role,
        _head(setting, agent, day, today),
        _numbers(agent),
        _taken(setting, agent),
        choices,
        _key(setting, act) if reasons and act is not None else "",
        reasons,
    )


def _key(setting: Setting, act: int) -> str:
    return f"{setting.acts[act].measure.code} {setting.acts[act].target}"


def _at_hand(agent: Sender | CouncilAgent) -> list[int]:
    """Return the acts that one can be asked about."""
    if isinstance(agent, CouncilAgent):
        return agent.agenda
    return list(range(len(agent.model.setting.acts)))


def _seats(agent: Sender | CouncilAgent) -> list[int]:
    return agent.seat.members.tolist() if isinstance(agent, CouncilAgent) else [agent.seat]


def _announced_on(model: SanctionsModel, agent: Sender | CouncilAgent, day: int) -> list[int]:
    """Return the acts of which a wave was announced on a day."""
    days = model.announced[_seats(agent)]
    acts = np.flatnonzero((days == day).any(axis=(0, 2))).tolist()
    return [act for act in acts if act in set(_at_hand(agent))]


def _closest(
    model: SanctionsModel, agent: Sender | CouncilAgent, day: int, today: list[int]
) -> int | None:
    """Return what was announced that day, else what the agent was closest to, None for nothing."""
    if today:
        return today[0]
    waves = model.setting.menu.waves
    open_acts = [act for act in _at_hand(agent) if agent.level[act] < waves[act]]
    if isinstance(agent, CouncilAgent):
        wished = {act: agent.wish(act) for act in open_acts}
    else:
        weighed = model.engine.state.trace.day[agent.seat]
        wished = {
            act: model.engine.log_hazard(agent.seat, act)
            for act in open_acts
            if weighed[act] != NEVER and weighed[act] <= day
        }
    return max(wished, key=lambda act: wished[act], default=None)


def _head(setting: Setting, agent: Sender | CouncilAgent, day: int, today: list[int]) -> str:
    name, when = upper_first(the(agent.name)), in_words(setting.date_of(day))
    if not today:
        return f"{name} announced nothing on {when}."
    return f"{name} announced on {when}: {listed(words_of(setting, act) for act in today)}."


def _numbers(agent: Sender | CouncilAgent) -> list[tuple[str, str]]:
    if isinstance(agent, CouncilAgent):
        return [("Members", str(len(agent.members)))]
    return [
        ("Loss", f"{amount(agent.loss, 2)} % of GDP"),
        ("Support at home", f"{amount(100 * agent.support, 0)} %"),
        ("Protests", counted(agent.protests, "protest")),
    ]


def _taken(setting: Setting, agent: Sender | CouncilAgent) -> list[tuple[str, str]]:
    """Return the measures that stand with the day of their first wave, the latest first."""
    days = agent.model.announced[_seats(agent)][:, :, 0].max(axis=0)
    acts = [act for act in _at_hand(agent) if days[act] != NEVER]
    acts.sort(key=lambda act: -int(days[act]))
    return [(words_of(setting, act), in_words(setting.date_of(int(days[act])))) for act in acts]


def bars(reasons: Reasons) -> list[dict[str, Any]]:
    """Return the terms that made a difference as bars: length in percent, side, and words."""
    longest = max((abs(r.added) for r in reasons.telling), default=1.0)
    return [
        {
            "times": in_times(r.added),
            "words": r.words,
            "length": round(50 * abs(r.added) / longest, 1),
            "hastens": r.added >= 0.0,
        }
        for r in reasons.telling
    ]


def in_html(card: Card, command: str = "") -> str:
    """Return a card as it stands on a page, with the command that explains the same."""
    reasons = card.reasons
    return render(
        "explore/card.html",
        card=card,
        command=command,
        reasons=reasons,
        bars=bars(reasons) if reasons else [],
        weighed_on=in_words(reasons.day) if reasons and reasons.day else "",
        nothing=DASH,
    )


def nobody() -> str:
    """Return what stands in the place of a card before a state is chosen."""
    return render("explore/nobody.html")


def actors(setting: Setting) -> dict[str, str]:
    """Return codes and names of all who have a card: councils first, then states."""
    councils = {
        c.institution.code: f"{c.institution.name} (council)"
        for c in setting.councils
        if c.competence != "joint"
    }
    world = setting.world
    roles = zip(world.states, world.names, setting.roles, strict=True)
    return councils | {code: f"{name} ({role})" for code, name, role in roles}
