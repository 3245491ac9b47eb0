"""Sections of the page of a sweep: effects, maps, boxes, precision, what is not defined."""

import math
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.compare.words import HIGHER
from sim.analysis.sweep.answer import Answer, undefined
from sim.analysis.sweep.boxes import Box, Found
from sim.analysis.sweep.data import Runs, outcome_of
from sim.analysis.sweep.effects import Effect
from sim.outcomes import Quantity
from sim.report.sweep import figures
from sim.report.sweep.page import Content, Page
from sim.report.sweep.words import in_words, units
from sim.words import listed

VERDICTS = HIGHER | {"same": "same in every draw"}


def effects(runs: Runs, answers: list[Answer], page: Page) -> Content | None:
    """Return what each level of each factor does; None if nothing varies."""
    if not runs.factors:
        return None
    drawn, rows, unit = [], [], units(runs)
    for each in answers:
        figure = figures.effects_figure(each.effects, each.factors, each.outcome, unit)
        drawn.append(
            page.figure(f"effects_{each.outcome.name}", figure)
            | {"alt": in_words(each, unit), "label": each.outcome.titled}
        )
        rows += [_effect_row(each.outcome, e) for e in each.effects]
    frame = pd.DataFrame(rows)
    if (frame["Defined in"] == "100 %").all():
        frame = frame.drop(columns="Defined in")
    balanced = unit == "draws"
    how = (
        "each level against the reference at the same values of the other factors and, where "
        "draws are common, on the same draws"
        if balanced
        else "points of each level or range against those of the reference; the other factors "
        "differ between them, so the interval is that of points"
    )
    caption = (
        f"Effects: {how}. The mean of a level (the median of days that may never come), its "
        f"difference, what the middle 80 % of the {unit} lie between, half the 95 % interval of "
        "the mean difference, and whether that is more than luck (chance below 0.3 %)."
    )
    return {"figures": drawn, "table": page.table("effects", frame, caption, "Outcome"), "how": how,
            "binned": any(factor.edges is not None for factor in runs.factors),
            "more": len(runs.factors) > figures.MOST_PANELS,
            "drawn": figures.MOST_PANELS}  # fmt: skip


def _effect_row(outcome: Quantity, effect: Effect) -> Content:
    difference, is_reference = effect.difference, effect.is_reference
    shown = (difference.middle, difference.low, difference.high, difference.half)
    names = ("Difference", "10 %", "90 %", "± 95 %")
    word = "Reached in" if outcome.never else "Defined in"
    return {
        "Outcome": outcome.titled,
        "Factor": effect.factor.label,
        "Level": effect.factor.levels[effect.level],
        "Mean or median": difference.second,
        **dict(zip(names, (np.nan,) * 4 if is_reference else shown, strict=True)),
        "Verdict": "reference" if is_reference else VERDICTS[difference.verdict],
        "Defined in": f"{100 * effect.reached:.{0 if effect.reached in (0, 1) else 1}f} %"
        + (" (reached)" if word == "Reached in" and effect.reached < 1 else ""),
    }


def maps(runs: Runs, answers: list[Answer], page: Page) -> Content | None:
    """Return heat maps of pairs of factors; None where there is no pair."""
    if len(runs.factors) < 2:
        return None
    drawn = []
    for each in answers:
        figure = figures.maps_figure(each.surfaces, each.outcome)
        pairs = [f"{s.across.label} by {s.up.label}" for s in each.surfaces]
        alt = f"Heat maps of {each.outcome.label} over {listed(pairs)}."
        drawn.append(
            page.figure(f"map_{each.outcome.name}", figure)
            | {
                "alt": alt,
                "label": each.outcome.titled,
                "never": each.outcome.never,
                "lines": any(map(figures.has_lines, each.surfaces)),
            }
        )
        _write_cells(page.folder, each)
    stands = [f for f in runs.factors if not math.isnan(f.place)]
    apart = [f for f in runs.factors if math.isnan(f.place) and f.default]
    return {
        "figures": drawn,
        "binned": any(s.binned for each in answers for s in each.surfaces),
        "flat": [
            f"{each.outcome.label} over {s.across.spoken} and {s.up.spoken}"
            for each in answers
            for s in each.surfaces
            if s.is_flat
        ],
        "stands": listed(f"{f.spoken} {f.default}" for f in stands),
        "apart": listed(f"{f.spoken} {f.default}" for f in apart),
    }


def _write_cells(folder: Path, found: Answer) -> None:
    rows = [
        (s.across.path, s.across.levels[column], s.up.path, s.up.levels[row],
         s.cells[row, column], s.runs[row, column])
        for s in found.surfaces
        for row, column in np.ndindex(s.cells.shape)
    ]  # fmt: skip
    names = ["across", "level across", "up", "level up", found.outcome.name, "runs"]
    frame = pd.DataFrame(rows, columns=names)
    frame.to_csv(folder / f"map_{found.outcome.name}.csv", index=False, lineterminator="\n")


def boxes(found: list[Found], page: Page) -> Content:
    """Return where conditions hold."""
    rows = [
        {"Condition": each.condition.text, "By": by, "Part": _limits(box),
         "Holds in, %": 100 * box.density, "of these, %": 100 * box.coverage,
         "Runs in it, %": 100 * box.mass}
        for each in found
        for by, boxes in (("PRIM", [each.box] if each.box else []), ("CART", each.leaves))
        for box in boxes
    ]  # fmt: skip
    caption = (
        "Parts of the space of factors by condition: in how many of a part's runs it holds, how "
        "many of all runs in which it holds lie there, how many of all runs do."
    )
    table = page.table("boxes", pd.DataFrame(rows), caption, "Condition") if rows else None
    return {"conditions": [_condition(each) for each in found], "table": table}


def _condition(found: Found) -> Content:
    share = 100 * found.held / found.told if found.told else 0.0
    often = f"It holds in {share:.1f} % of {found.told:,} runs."
    often = "" if found.held in (0, found.told) else often
    return {
        "words": found.condition.words,
        "often": often,
        "box": found.box,
        "limits": _limits(found.box) if found.box else "",
        "why": f"{found.why[0].upper()}{found.why[1:]}." if found.why else "",
        "sampled": found.sampled if found.sampled < found.told else 0,
    }


def _limits(box: Box) -> str:
    return "; ".join(box.limits) or "everywhere"


def enough(runs: Runs, answers: list[Answer], page: Page) -> Content | None:
    """Return whether the runs were enough; None if nothing varies."""
    unit = "replications" if units(runs) == "draws" else "points of a level"
    rows = [
        {
            "Outcome": each.outcome.titled,
            "Factor": row.effect.factor.label,
            "Largest effect": row.size,
            "± 95 %": row.half,
            "± of the effect, %": 100 * row.half / abs(row.size) if row.size else np.nan,
            f"{unit.capitalize()} used": row.units,
            "Enough": _verdict(row.half, row.size, row.enough),
            f"{unit.capitalize()} to be enough": _needed(row.needed),
        }
        for each in answers
        for row in each.precision
    ]
    if not rows:
        return None
    caption = (
        "Enough runs are those with which half the 95 % interval of the largest effect of a factor "
        "is at most a quarter of it; the last column says how many would be, were the effect as "
        "large as it looks. Days that do not come count as the last of the run here."
    )
    short = [row["Factor"] for row in rows if row["Enough"] == "no"]
    return {
        "table": page.table("enough", pd.DataFrame(rows), caption, "Outcome"),
        "n": len(rows),
        "short": len(short),
        "unit": unit,
    }


def _verdict(half: float, size: float, enough: bool) -> str:
    if math.isnan(half):
        return "cannot be told"
    return "no effect" if half == size == 0.0 else "yes" if enough else "no"


def _needed(needed: float) -> str:
    if math.isnan(needed) or needed == 0.0:
        return "–"
    return "over a million" if needed > 1e6 else f"{needed:,.0f}"


def undefined_outcomes(runs: Runs, states: dict[str, str], page: Page) -> Content | None:
    """Return the outcomes that some runs do not have; None if all have all."""
    rows, nowhere = [], []
    for each in undefined(runs):
        outcome = outcome_of(each.name, states)
        if each.runs == runs.n_runs and not outcome.never:
            nowhere.append(each.name)
            continue
        rows.append(
            {
                "Outcome": outcome.titled,
                "Column": each.name,
                "What it means": "not reached by the end" if outcome.never else "not defined",
                "Runs": each.runs,
                "% of all": 100 * each.runs / runs.n_runs,
                "Points without any": each.points,
            }
        )
    if not rows and not nowhere:
        return None
    caption = (
        f"Outcomes that some of {runs.n_runs:,} runs do not have. What is not reached is later "
        "than any day, in medians and conditions; what is not defined counts in no mean."
    )
    table = page.table("undefined", pd.DataFrame(rows), caption) if rows else None
    return {"table": table, "nowhere": listed(nowhere) if nowhere else ""}
