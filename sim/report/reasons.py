"""What was weighed as bars, where members of a council stand, and the same over many draws."""

import math
import textwrap
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.explain.answer import Answer
from sim.codes import NEVER
from sim.reasons import Reasons, in_times, in_words, once_in, upper_first
from sim.report import style
from sim.report.figures.saving import save
from sim.words import counted, percent

# Inches: all, room for words, for what is left of an axis of numbers, and at the right.
WIDTH, NAMES, NUMBERS, RIGHT = 7.2, 3.35, 0.72, 0.2
ROW, DRAWS, ABOVE, BELOW, LINE = 0.27, 1.75, 0.5, 0.5, 0.15
FOR, AGAINST = "#0072b2", "#d55e00"
FACTORS = (1000, 300, 100, 30, 10, 3)


def write(path: Path, answer: Answer, source: str) -> None:
    """Draw why a sender or council did or did not into a file.

    Parameters
    ----------
    path : Path
        Its ending says the format.
    answer : Answer
        With reasons.
    source : str
        The line at the foot.
    """
    save(figure(answer), path.with_suffix(""), [path.suffix[1:].lower()], source)


def figure(answer: Answer) -> Figure:
    """Return what was weighed, members' stances and the course over many draws, one below another.

    Parameters
    ----------
    answer : Answer
        With reasons.
    """
    reasons = answer.reasons
    assert reasons is not None
    panels = [Panel(ROW * max(len(reasons.telling), 1), NAMES, lambda at: _terms(at, reasons))]
    if reasons.members:
        panels.append(Panel(ROW * len(reasons.members), NAMES, lambda at: _members(at, reasons)))
    if answer.draws is not None:
        panels.append(Panel(DRAWS, NUMBERS, lambda at: _draws(at, answer)))
    title = textwrap.wrap(reasons.head, 72)[:2]
    lines = textwrap.wrap(upper_first(f"{reasons.outcome}. {reasons.result}"), 112)
    head = 0.25 + 0.2 * len(title) + LINE * len(lines)
    total = head + sum(ABOVE + panel.height + BELOW for panel in panels)
    with style.house():
        drawn = Figure(figsize=(WIDTH, total))
        _text(drawn, total - 0.2, title, 0.2, size=11.5, weight="bold")
        _text(drawn, total - 0.2 - 0.2 * len(title), lines, LINE, size=8, color=style.MUTED)
        top = total - head
        for panel in panels:
            top -= ABOVE + panel.height
            place = (panel.left, top, WIDTH - panel.left - RIGHT, panel.height)
            panel.draw(drawn.add_axes(tuple(np.divide(place, (WIDTH, total) * 2))))
            top -= BELOW
        return drawn


class Panel(NamedTuple):
    """A part of the figure: its height and left edge in inches, and what draws it."""

    height: float
    left: float
    draw: Callable[[Axes], None]


def _text(figure: Figure, top: float, lines: list[str], apart: float, **look: Any) -> None:
    """Write lines from the left edge of the figure on, the first centred at a height in inches."""
    for number, line in enumerate(lines):
        at = (top - apart * number) / figure.get_figheight()
        figure.text(0.1 / WIDTH, at, line, va="center", **look)


def _bare(axes: Axes, labels: list[str]) -> None:
    """Set words at the left of bars, the first on top, and no box around."""
    axes.set_yticks(range(len(labels)), labels, size=8)
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)


def _title(axes: Axes, title: str, below: str) -> None:
    """Write the title of a panel, and a line below it, from the left edge of the figure on."""
    figure: Any = axes.figure
    top = axes.get_position().y1 * figure.get_figheight()
    _text(figure, top + 0.3, [title], LINE, size=9, weight="bold")
    below = textwrap.shorten(below, 118, placeholder="…")
    _text(figure, top + 0.12, [below], LINE, size=7.5, color=style.MUTED)


def _terms(axes: Axes, reasons: Reasons) -> None:
    """Draw what each thing did to the pace, on a scale on which doubling is one step."""
    assert reasons.day is not None
    telling = reasons.telling
    added = np.array([reason.added for reason in telling])
    colours = [FOR if one > 0.0 else AGAINST for one in added]
    axes.barh(range(len(telling)), added, color=colours, height=0.62)
    axes.axvline(0.0, color=style.INK, linewidth=0.8)
    high, low = max(added.max(initial=0.0), 1.2), min(added.min(initial=0.0), -1.2)
    room = 0.16 * (high - low)
    axes.set_xlim(low - room, high + room)
    _bare(axes, [textwrap.fill(r.words, 54, max_lines=2, placeholder="…") for r in telling])
    for row, reason in enumerate(telling):
        axes.annotate(
            in_times(reason.added),
            (reason.added, row),
            (3 if reason.added > 0.0 else -3, 0),
            textcoords="offset points",
            ha="left" if reason.added > 0.0 else "right",
            va="center",
            size=7.5,
        )
    factors = [f for f in FACTORS if math.log(f) < max(high, -low)][:2]
    ticks = {math.log(f): f"× {f}" for f in factors} | {-math.log(f): f"÷ {f}" for f in factors}
    ticks = {at: words for at, words in ticks.items() if low - room < at < high + room}
    axes.set_xticks([0.0, *ticks], ["1", *ticks.values()], size=8)
    axes.set_xlabel("what it multiplied the pace by", size=8)
    who = "the members" if reasons.members else "it"
    _title(axes, f"What {who} weighed on {in_words(reasons.day)}", upper_first(reasons.reading))


def _members(axes: Axes, reasons: Reasons) -> None:
    """Draw how soon each member would act, and who objects."""
    members = reasons.members
    wishes = np.array([-math.expm1(-math.exp(m.log_hazard) / 7.0) for m in members])
    axes.barh(range(len(members)), np.nan_to_num(100.0 * wishes), color=FOR, height=0.62)
    most = float(np.nanmax([*(100.0 * wishes), 0.1]))
    axes.set_xlim(0.0, 2.2 * most)
    _bare(axes, [f"{member.name}, voice {percent(member.voice)}" for member in members])
    for row, member in enumerate(members):
        said = "has taken all of it" if np.isnan(wishes[row]) else once_in(member.log_hazard)
        until = member.objection if member.objection.startswith("until") else ""  # else no room
        said += f"; objects {until}".rstrip() if member.objection else ""
        said += "; exempt from it" if member.exempt else ""
        axes.annotate(
            said,
            (float(np.nan_to_num(100.0 * wishes[row])), row),
            (3, 0),
            textcoords="offset points",
            va="center",
            size=7.5,
            weight="bold" if member.objection else "normal",
        )
    axes.set_xlabel("chance a day that it would act if it decided alone, %", size=8)
    axes.tick_params(axis="x", labelsize=8)
    _title(axes, "Who wanted it, and who objected", reasons.notes[0])


def _draws(axes: Axes, answer: Answer) -> None:
    """Draw in which share of the draws it had happened by each day."""
    draws = answer.draws
    assert draws is not None
    days = np.arange(answer.n_days)
    counts = np.bincount(draws.days[draws.days != NEVER], minlength=days.size)[: days.size]
    axes.plot(days, 100.0 * counts.cumsum() / draws.n, color=style.INK, drawstyle="steps-post")
    axes.set_ylim(0.0, 104.0)
    last = _last_shown(answer)
    axes.set_xlim(0, last)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.grid(axis="y", color=style.FAINT, linewidth=0.7)
    axes.set_ylabel("% of draws", size=8)
    firsts = [int(d) for d in days[: int(0.95 * last) + 1] if _date(answer, int(d)).day == 1]
    marks = firsts[:: max(1, math.ceil(len(firsts) / 6))] or [0]
    axes.set_xticks(marks, [style.full_date(_date(answer, d)) for d in marks])
    axes.tick_params(labelsize=8)
    _mark(axes, answer)
    end = draws.by(answer.n_days - 1) / draws.n
    day = answer.in_words(answer.n_days - 1)
    _title(
        axes,
        f"How it comes out over {counted(draws.n, 'draw')} of chance",
        f"Share that {answer.did} by each day; by the end, {day}: {percent(end)}",
    )


def _date(answer: Answer, day: int) -> date:
    return answer.start + timedelta(days=day)


def _last_shown(answer: Answer) -> int:
    """Return the last day to draw: when hardly any draw is left to come, and the marks are past."""
    assert answer.draws is not None
    happened = answer.draws.days[answer.draws.days != NEVER]
    most = int(np.quantile(happened, 0.95)) if happened.size else answer.n_days
    marked = max(most, answer.own_day, answer.day, answer.real_day or 0)
    return max(1, min(int(1.1 * marked) + 14, answer.n_days - 1))


def _mark(axes: Axes, answer: Answer) -> None:
    """Mark the day of this run and that of reality."""
    lines = (
        (answer.own_day, "this run", FOR, "solid"),
        (NEVER if answer.real_day is None else answer.real_day, "reality", AGAINST, "dashed"),
    )
    for day, words, colour, dashes in lines:
        if day != NEVER:
            label = f"{words}, {style.full_date(_date(answer, day))}"
            axes.axvline(day, color=colour, linewidth=1.4, linestyle=dashes, label=label)
    if any(day != NEVER for day, *_ in lines):
        axes.legend(loc="lower right", fontsize=8)
