"""The section on indices and shares of variance: what each factor makes, and which pairs do."""

import numpy as np
import pandas as pd

from sim.analysis.sweep.answer import Answer
from sim.analysis.sweep.data import Runs
from sim.analysis.sweep.indices import HALF_SECOND, SECOND
from sim.report.sweep import figures
from sim.report.sweep.page import Content, Page
from sim.report.sweep.words import units
from sim.words import listed


def indices(runs: Runs, answers: list[Answer], page: Page) -> Content | None:
    """Return indices where the design gives them, and shares of variance elsewhere."""
    labels = {factor.path: factor.label for factor in runs.factors}
    content: Content = {
        "figure": None, "wide": [], "why": next((each.why for each in answers if each.why), "")
    }  # fmt: skip
    panels, frames, wide = [], [], []
    for each in answers:
        known = each.indices
        if known is None:
            continue
        frame = known.frame.assign(path=[labels.get(p, p) for p in known.frame["path"]])
        of = {column: frame[column].to_numpy() for column in frame}
        series = {
            name: (of[at], of[at] - of[half], of[at] + of[half])
            for name, (at, half) in known.drawn.items()
        }
        panels.append((each.outcome.titled, list(frame["path"]), series))
        frame = frame.rename(columns={"path": "Factor"})
        frame.insert(0, "Outcome", each.outcome.titled)
        frames.append(frame)
        wide += _wide(each, [labels.get(path, path) for path in known.wide], len(known.frame))
        content |= {"method": known.method, "note": known.note}
    if panels:
        title, table = f"{content['method']} indices", pd.concat(frames)
        caption = f"{title}. {content['note']}"
        content["figure"] = page.figure("indices", figures.bars_figure(panels, title, "index"))
        content["table"] = page.table("indices", table, caption, "Outcome")
        content["wide"] = wide
    return content | _second_order(runs, answers, page) | _shares(runs, answers, page)


def _wide(found: Answer, names: list[str], n: int) -> list[tuple[str, str]]:
    """Return what has an interval wider than its index, by the outcome; nothing if none has."""
    if not names:
        return []
    return [(found.outcome.label, f"all {n}" if len(names) == n > 1 else listed(names))]


def _second_order(runs: Runs, answers: list[Answer], page: Page) -> Content:
    """Return what pairs of factors make together, or what it would cost to know."""
    labels = {factor.path: factor.label for factor in runs.factors}
    shown = [
        (each, known, known.pairs)
        for each in answers
        if (known := each.indices) is not None and known.pairs is not None
    ]
    if not shown:
        return {"pairs": None, "pairs_cost": _cost_of_second_order(runs)}
    frames, panels, wide = [], [], []
    for each, known, second in shown:
        names = [labels.get(path, path) for path in known.frame["path"]]
        frame = second.assign(**{at: [labels.get(p, p) for p in second[at]]
                                      for at in ("path", "other")})  # fmt: skip
        numbers = second[[SECOND, HALF_SECOND]].to_numpy().T
        panels.append((each.outcome.titled, names, *numbers))
        pairs = [f"{labels.get(a, a)} with {labels.get(b, b)}" for a, b in known.wide_pairs]
        wide += _wide(each, pairs, len(second))
        frame = frame.rename(columns={"path": "Factor", "other": "With"})
        frame.insert(0, "Outcome", each.outcome.titled)
        frames.append(frame)
    note = (
        "Second order: the share of the variance between points that two factors make together, "
        "beyond what each makes by itself; ± is half the 95 % interval by bootstrap."
    )
    figure = figures.pairs_figure(panels)
    return {
        "pairs": page.figure("second_order", figure) | {"note": note},
        "pairs_table": page.table("second_order", pd.concat(frames), note, "Outcome"),
        "pairs_wide": wide,
        "pairs_cost": "",
    }


def _cost_of_second_order(runs: Runs) -> str:
    """Return what would tell which factors work together, of a design that could."""
    if runs.method != "sobol" or len(runs.factors) < 2:
        return ""
    k = len(runs.store.factors)
    points = runs.n_points // (k + 2) * (2 * k + 2)
    return (
        "Which two factors work together was not sampled: design.second_order=true does, with "
        f"{points:,} points in place of {runs.n_points:,}."
    )


def _shares(runs: Runs, answers: list[Answer], page: Page) -> Content:
    panels, rows = [], []
    for each in (a for a in answers if a.shares):
        names = [share.factor.label for share in each.shares]
        series = {"by itself": _series(each, "first")}
        if not np.isnan(each.shares[0].total[0]):
            series["with interactions"] = _series(each, "total")
        panels.append((each.outcome.titled, names, series))
        rows += [
            {
                "Outcome": each.outcome.titled,
                "Factor": share.factor.label,
                "By itself, %": 100 * share.first[0],
                "from": 100 * share.first[1],
                "to": 100 * share.first[2],
                "With interactions, %": 100 * share.total[0],
                "from ": 100 * share.total[1],
                "to ": 100 * share.total[2],
                "Luck between points, %": 100 * each.luck.between,
                "Luck within points, % of all": 100 * each.luck.within,
            }
            for share in each.shares
        ]
    if not panels:
        return {"shares": None}
    balanced = units(runs) == "draws"
    how = (
        "a decomposition of the variance of the points' means (ANOVA), intervals by bootstrap "
        "over draws"
        if balanced
        else "variance between the levels or ranges of a factor (epsilon squared), intervals by "
        "bootstrap over points"
    )
    figure = figures.bars_figure(
        panels, "Share of the variance between points", "share of the variance"
    )
    frame = pd.DataFrame(rows).dropna(axis=1, how="all")
    return {
        "shares": page.figure("shares", figure) | {"alt": f"Shares of variance: {how}."},
        "shares_table": page.table("shares", frame, f"Shares of variance: {how}.", "Outcome"),
        "how": how,
        "days": any(each.outcome.never for each in answers),
    }


def _series(found: Answer, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    numbers = np.array([getattr(share, kind) for share in found.shares])
    return numbers[:, 0], numbers[:, 1], numbers[:, 2]
