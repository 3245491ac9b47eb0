"""The short text that a run prints: who did what when, and what it came to."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from sim.engine import History
from sim.outcomes import ACTS
from sim.report.compare import (
    first_deeds,
    main_target,
    name_of,
    sender_days,
    standing,
    standing_waves,
)
from sim.report.provenance import provenance_of
from sim.report.style import full_date, shortened
from sim.words import DASH, amount, counted, first_year, listed, times

WIDTH = 100  # of a line
FIRST = 34  # of the first measure in the table


def summary(history: History) -> str:
    """Return the summary of a finished run as text for a terminal."""
    parts = (_head(history), _senders(history), _coalition(history), _targets(history))
    return "\n\n".join("\n".join(part) for part in parts)


def _head(history: History) -> Iterator[str]:
    """Yield which run it is, and what differs from the default."""
    setting = history.setting
    start, end = (full_date(setting.date_of(day)) for day in (0, setting.n_days - 1))
    provenance = provenance_of(setting.config)
    name, scenario = setting.config.name, provenance.scenario
    yield _wrapped(f"{name}: scenario {scenario}, {start} to {end}; {provenance.draws}")
    differs = " ".join(shortened(word, WIDTH - 2) for word in provenance.differs.split())
    yield _wrapped(f"Differs from the default: {differs}" if differs else "The default settings.")


def _senders(history: History) -> Iterator[str]:
    """Yield a table of what each sender did against the main target, and what it lost."""
    setting, events = history.setting, history.events
    target = main_target(setting)
    lists = events[(events["kind"] == "listed") & (events["actor"] == target)]
    listed_on = dict(zip(lists["target"], lists["date"], strict=True))
    losses = _last_losses(history)
    days = sender_days(setting, events, target)
    waves = standing_waves(setting, events, target)
    name = name_of(setting, target)
    yield _row("sender", f"first against {name}", "on", "measures", "waves", "loss, %", "listed")
    for code in setting.sender_codes:
        yield _row(
            name_of(setting, code),
            *_first_deed(history, days[code]),
            len(waves[code]),
            sum(waves[code].values()),
            _loss(losses[code]),
            listed_on.get(code, DASH),
        )
    yield _wrapped(
        "First: beyond words, and how many more on that day. Measures, waves: those against "
        f"{name} that stand at the end. Loss: in % of GDP on the last day. Listed: by {name}."
    )


def _last_losses(history: History) -> pd.Series[float]:
    """Return what each state loses on the last day, by code."""
    states = history.states
    return states[states["day"] == states["day"].max()].set_index("state")["loss"]


def _row(name: str, first: str, day: str, *cells: object) -> str:
    measures, waves, loss, listed_on = cells
    return (
        f"{shortened(name, 14):<14} {first:<{FIRST}} {day:<10} {measures:>8} {waves:>5} "
        f"{loss:>9} {listed_on:>10}"
    )


def _first_deed(history: History, days: Mapping[str, date]) -> tuple[str, str]:
    """Return the first measure beyond words and its day, withdrawn since or not."""
    found, first = first_deeds(history.setting, days)
    if first is None:
        return DASH, DASH
    more = f" +{len(found) - 1}" if len(found) > 1 else ""
    return f"{shortened(found[0], FIRST - len(more))}{more}", str(first)


def _loss(percent: float, digits: int = 2) -> str:
    """Return a loss; a negative one as the gain that it is."""
    gain = "gain " if round(percent, digits) < 0.0 else ""
    return f"{gain}{amount(abs(float(percent)), digits)}"


def _coalition(history: History) -> Iterator[str]:
    """Yield how many acted, how soon, what stands, and what it costs them."""
    outcomes, setting = history.outcomes, history.setting
    senders, size = len(setting.sender_codes), int(outcomes["coalition_size"])
    of_all = counted(senders, "sender") if size == senders else f"{size} of {senders} senders"
    speed = ", ".join(f"{number} {_after(history, f'days_to_{number}')}" for number in ACTS)
    yield _wrapped(
        f"{of_all} with measures at the end. Measures announced, each once per sender and target: "
        f"{speed}. Four fifths of the senders with one beyond words: "
        f"{_after(history, 'days_to_coalition')}."
    )
    gone, acts = outcomes["withdrawals"], outcomes["acts_announced"]
    yield _wrapped(
        f"{counted(acts, 'measure')} in {counted(outcomes['waves_announced'], 'wave')} "
        f"{'stands' if acts == 1 else 'stand'} at the end{_by_target(history)}. "
        + (f"Measures were withdrawn {times(gone)}." if gone else "No measure was withdrawn.")
    )
    bn, mean, moved = (
        outcomes[name] for name in ("sender_loss_bn", "sender_loss_mean", "transfers_bn")
    )
    losses = _last_losses(history)[list(setting.sender_codes)]
    most = str(losses.idxmax())
    bears = senders > 1 and round(losses[most], 2) > 0.0
    yield _wrapped(
        f"Senders together {'lose' if bn >= 0.0 else 'gain'} USD {amount(abs(bn), 1)} bn a year "
        f"on the last day, {amount(abs(mean), 2)} % of their GDP"
        + (f"; {name_of(setting, most)} loses most, {_loss(losses[most])} %" if bears else "")
        + "."
        + (f" Transfers move USD {amount(moved, 1)} bn a year." if moved else "")
    )


def _after(history: History, outcome: str) -> str:
    """Return when something was reached, in words."""
    days = history.outcomes[outcome]
    if math.isnan(days):
        return "never"
    return f"after {counted(days, 'day')} ({full_date(history.setting.date_of(int(days)))})"


def _by_target(history: History) -> str:
    """Return how many measures stand against each target, in how many waves; '' for one target."""
    setting, targets = history.setting, history.setting.config.scenario.targets
    said = []
    for target in targets:
        measures, waves = standing(setting, history.events, target)
        words = f"{measures:,} in {counted(waves, 'wave')}"
        said.append(f"{words} against {name_of(setting, target)}")
    return f": {listed(said)}" if len(said) > 1 else ""


def _targets(history: History) -> Iterator[str]:
    """Yield what each target loses and answers, and what the others make of it."""
    setting, outcomes, events = history.setting, history.outcomes, history.events
    for code in setting.config.scenario.targets:
        name = name_of(setting, code)
        year, later = (outcomes[f"loss_{code}_{age}"] for age in ("first_year", "long_run"))
        first, second = _loses(year), _loses(later)
        if first[0] == second[0]:
            second = ("", second[1])
        yield _wrapped(
            f"{name} {' '.join(first)} of real income in {first_year(setting.n_days)} and "
            f"{' '.join(second).lstrip()} in the long run; "
            f"{amount(100.0 * outcomes[f'leak_{code}'], 0)} % of the covered trade with it finds "
            "another way."
        )
        answers = "; ".join(_answers(history, code)) or "none"
        yield _wrapped(f"  Answers of {name}: {answers}.", indent="    ")
    if not math.isnan(outcomes["settled_day"]):
        yield f"Talks settle the war {_after(history, 'settled_day')}."
    condemned = events.loc[events["kind"] == "stance", "actor"]
    names = listed(sorted(name_of(setting, code) for code in condemned))
    yield _wrapped(f"Condemned by {names or 'no third state'}.")
    yield (
        f"Belief in the coalition's resolve {amount(outcomes['belief'], 2)} of 1, risk of an "
        f"attempt elsewhere {amount(100.0 * outcomes['attempt_risk'], 1)} % (indicators)."
    )


def _loses(percent: float) -> tuple[str, str]:
    verb = "gains" if round(percent, 2) < 0.0 else "loses"
    return verb, f"{amount(abs(percent), 2)} %"


def _answers(history: History, target: str) -> Iterator[str]:
    """Yield each kind of a target's answers: whom it singles out, and when."""
    setting, events, labels = history.setting, history.events, history.setting.world.labels
    given = events[(events["kind"] == "countermeasure") & (events["actor"] == target)]
    for code, uses in given.groupby("instrument", sort=False):
        whom = sorted(set(uses["target"]) - {""})
        few = listed(name_of(setting, state) for state in whom)
        words = few if len(whom) <= 2 else counted(len(whom), "state")
        yield f"{labels.get(str(code), str(code))} ({words}{', ' if whom else ''}{_span(uses)})"


def _span(uses: pd.DataFrame) -> str:
    first, last = uses["date"].min(), uses["date"].max()
    return first if first == last else f"{first} to {last}"


def _wrapped(text: str, indent: str = "  ") -> str:
    """Return text in lines, those after the first indented; a number stays beside its unit."""
    lines = textwrap.fill(
        text.replace(" %", "\u00a0%"), WIDTH, subsequent_indent=indent, break_on_hyphens=False
    )
    return lines.replace("\u00a0", " ")
