"""The short text that a run prints, who did what when, and what it came to: `summary.txt`."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

import pandas as pd

from sim.engine import History
from sim.outcomes import ACTS
from sim.report.compare import (
    first_deeds,
    sender_days,
    standing,
    standing_waves,
)
from sim.report.provenance import provenance_of
from sim.report.style import full_date, shortened
from sim.templates import render
from sim.words import DASH, amount, counted, first_year, listed

WIDTH = 100  # of a line
FIRST = 34  # of the first measure in the table


def summary(history: History) -> str:
    """Return the summary of a finished run as text for a terminal."""
    setting, outcomes, events = history.setting, history.outcomes, history.events
    start, end = (full_date(setting.date_of(day)) for day in (0, setting.n_days - 1))
    provenance = provenance_of(setting.config)
    losses = _last_losses(history)[list(setting.sender_codes)]
    targets = {code: setting.name_of(code) for code in setting.config.scenario.targets}
    condemned = events.loc[events["kind"] == "stance", "actor"]
    text = render(
        "summary.txt",
        name=setting.config.name,
        scenario=provenance.scenario,
        start=start,
        end=end,
        draws=provenance.draws,
        differs=" ".join(shortened(word, WIDTH - 2) for word in provenance.differs.split()),
        senders=list(_senders(history)),
        target=setting.name_of(setting.main_target),
        outcomes=outcomes,
        n_senders=len(setting.sender_codes),
        acts=ACTS,
        time=first_year(setting.n_days),
        standing=[_standing(history, code) for code in targets],
        most=setting.name_of(str(losses.idxmax())),
        most_loss=float(losses.max()),
        targets=[(code, name, list(_answers(history, code))) for code, name in targets.items()],
        condemned=sorted(setting.name_of(code) for code in condemned),
        after=partial(_after, history),
        isnan=math.isnan,
    )
    return "\n".join(map(_wrapped, text.splitlines()))


def _senders(history: History) -> Iterator[str]:
    """Yield a table of what each sender did against the main target, and what it lost."""
    setting, events = history.setting, history.events
    target = setting.main_target
    lists = events[(events["kind"] == "listed") & (events["actor"] == target)]
    listed_on = dict(zip(lists["target"], lists["date"], strict=True))
    losses = _last_losses(history)
    days = sender_days(setting, events, target)
    waves = standing_waves(setting, events, target)
    name = setting.name_of(target)
    yield _row("sender", f"first against {name}", "on", "measures", "waves", "loss, %", "listed")
    for code in setting.sender_codes:
        yield _row(
            setting.name_of(code),
            *_first_deed(history, days[code]),
            len(waves[code]),
            sum(waves[code].values()),
            _loss(losses[code]),
            listed_on.get(code, DASH),
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


def _loss(percent: float) -> str:
    """Return a loss; a negative one as the gain that it is."""
    return f"{'gain ' if round(percent, 2) < 0.0 else ''}{amount(abs(float(percent)), 2)}"


def _after(history: History, outcome: str) -> str:
    """Return when something was reached, in words."""
    days = history.outcomes[outcome]
    if math.isnan(days):
        return "never"
    return f"after {counted(days, 'day')} ({full_date(history.setting.date_of(int(days)))})"


def _standing(history: History, target: str) -> str:
    """Return how many measures stand against a target, in how many waves."""
    measures, waves = standing(history.setting, history.events, target)
    return f"{measures:,} in {counted(waves, 'wave')} against {history.setting.name_of(target)}"


def _answers(history: History, target: str) -> Iterator[str]:
    """Yield each kind of a target's answers: whom it singles out, and when."""
    setting, events, labels = history.setting, history.events, history.setting.world.labels
    given = events[(events["kind"] == "countermeasure") & (events["actor"] == target)]
    for code, uses in given.groupby("instrument", sort=False):
        whom = sorted(set(uses["target"]) - {""})
        few = listed(setting.name_of(state) for state in whom)
        words = few if len(whom) <= 2 else counted(len(whom), "state")
        yield f"{labels.get(str(code), str(code))} ({words}{', ' if whom else ''}{_span(uses)})"


def _span(uses: pd.DataFrame) -> str:
    first, last = uses["date"].min(), uses["date"].max()
    return first if first == last else f"{first} to {last}"


def _wrapped(line: str) -> str:
    """Return a line in several, those after the first indented; a number stays beside its unit."""
    indent = "    " if line.startswith(" ") else "  "
    folded = textwrap.fill(
        line.replace(" %", "\u00a0%"), WIDTH, subsequent_indent=indent, break_on_hyphens=False
    )
    return folded.replace("\u00a0", " ")
