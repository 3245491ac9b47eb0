"""Where a condition holds: boxes by PRIM and a tree by CART, of EMA Workbench.

Of that library, as of version 2.5.3, some doors do not open under pandas 3, whatever frame it is
given. With a categorical factor `box.inspect()` writes sets of categories into a table of floats,
which pandas 3 refuses ("Invalid value '{'x'}' for dtype 'float64'"): `workbench` mends it.
`find_box` writes halves into columns of whole numbers, so that numbers are handed over as floats.
And `CART.boxes` takes categories out of sets that all its boxes share, in any pandas, so that it is
given categories as columns of 0 and 1.
"""

import inspect
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.sweep.conditions import Condition
from sim.analysis.sweep.data import Runs, plain, words_of
from sim.arrays import Flags, Ints

SAMPLED = 20_000  # runs or points at most that boxes, PAWN and feature scores are worked out from
DENSITY = 0.8  # share of a box in which the condition is to hold, if it holds more seldom at large
FEWEST, LEAF = 0.05, 0.1  # shares of the runs that a box and a leaf have at least
FEWEST_RUNS = 40  # below it a box of a twentieth is a run or two
CHANCE = 0.05  # quasi-p of a limit that is kept
SEED = 1
APART = " is "  # between a factor and its category, as a column of the tree


class Box(NamedTuple):
    """A part of the space of factors."""

    limits: list[str]  # in words; none for the whole space
    # Share of the runs in which the condition holds that lie in the box, share of the runs in the
    # box in which it holds, share of all runs.
    coverage: float
    density: float
    mass: float


class Found(NamedTuple):
    """What is known of a condition."""

    condition: Condition
    # Runs in which it holds, in which it can be told, and that boxes were looked for in.
    held: int
    told: int
    sampled: int
    box: Box | None  # by PRIM; None where there is none, which `why` explains
    leaves: list[Box]  # of the tree, the densest first
    why: str


def workbench() -> Any:
    """Return `prim`, `cart` and `feature_scoring` of EMA Workbench.

    `box.inspect()` of what its `prim` finds works with categorical factors under pandas 3 too.
    """
    with warnings.catch_warnings(), _quick_frames():
        warnings.simplefilter("ignore")  # of further packages that it could use
        from ema_workbench.analysis import cart, feature_scoring, prim
        from ema_workbench.analysis.scenario_discovery_util import RuleInductionType
    feature_scoring.RuleInductionType = RuleInductionType
    prim.PrimBox._inspect_data = _inspected
    return SimpleNamespace(cart=cart, feature_scoring=feature_scoring, prim=prim)


@contextmanager
def _quick_frames() -> Iterator[None]:
    """Tell who calls whom without reading their source files.

    The library asks for it as it is imported, for a name each time; with all modules of a report
    loaded, looking for files takes half the time of the import.
    """

    def outer(frame: FrameType | None, context: int = 1) -> list[tuple[None, None, None, str]]:
        found = []
        while frame:
            found.append((None, None, None, frame.f_code.co_name))
            frame = frame.f_back
        return found

    usual = inspect.getouterframes
    inspect.getouterframes = outer  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getouterframes = usual


def _inspected(
    box: Any, i: int, uncs: list[str], qp_values: dict[str, list[float]]
) -> tuple[pd.Series, pd.DataFrame]:
    """Return statistics and limits of a box in the library's layout, sets and numbers as they are.

    In place of the method that fails; the name of each argument is the library's.
    """
    heads = pd.MultiIndex.from_product([[f"box {i}"], ["min", "max", "qp value", "qp value"]])
    rows = [
        [*box.box_lims[i][name], *(np.nan if p == -1 else p for p in qp_values[name])]
        for name in uncs
    ]
    return box.peeling_trajectory.iloc[i], pd.DataFrame(rows, uncs, heads, dtype=object)


def discover(runs: Runs, condition: Condition) -> Found:
    """Return where in the space of factors a condition holds."""
    holds, told = condition.holds(runs)
    n_held, n_told = int(holds.sum()), int(told.sum())

    def nothing(why: str) -> Found:
        return Found(condition, n_held, n_told, 0, None, [], why)

    if not runs.factors:
        return nothing("nothing varies")
    if n_told < FEWEST_RUNS:
        return nothing(f"{n_told} runs are too few to look for a part where it holds")
    if not n_told or n_held in (0, n_told):
        return nothing("it holds in every run" if n_held else "it holds in no run")
    if min(n_held, n_told - n_held) < FEWEST * n_told / 10:
        seldom = "few" if n_held < n_told - n_held else "many"
        return nothing(f"it holds in too {seldom} runs for a box")
    tools = workbench()
    rows = some_of(told)
    frame = frame_of(runs, rows // runs.n_draws)
    y = holds.ravel()[rows]
    wanted = max(DENSITY, (1.0 + n_held / n_told) / 2.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy's, of empty boxes on the way
        box = _box(tools, frame, y, wanted)
        leaves = _leaves(tools, frame, y)
    why = ""
    if not box.limits:
        why = "it holds about as often everywhere"
    elif box.density < wanted:
        why = f"no box has it hold in {100 * wanted:.0f} % of its runs; this is the densest"
    return Found(condition, n_held, n_told, rows.size, box if box.limits else None, leaves, why)


def some_of(told: Flags) -> Ints:
    """Return where in an array something holds; of too many places a random part, in order."""
    rows = np.flatnonzero(told)
    if rows.size > SAMPLED:
        rows = np.sort(np.random.default_rng(SEED).choice(rows, SAMPLED, replace=False))
    return rows


def frame_of(runs: Runs, points: Ints) -> pd.DataFrame:
    """Return the factors of points: numbers as float64, all else as categories.

    A factor with one value is left out.
    """
    columns: dict[str, Any] = {}
    for factor in runs.factors:
        column = runs.design[factor.path].iloc[points].reset_index(drop=True)
        if factor.values is None:
            columns[factor.path] = pd.Categorical(column.map(plain), categories=factor.levels)
        else:
            columns[factor.path] = column.astype(np.float64)
    return pd.DataFrame(columns)


def _box(tools: Any, frame: pd.DataFrame, y: Flags, wanted: float) -> Box:
    """Return the box on the way of peeling that covers most at the density that is wanted.

    The densest of the way if none is as dense.
    """
    import matplotlib.pyplot

    found = tools.prim.Prim(frame, y, threshold=wanted, mass_min=FEWEST).find_box()
    matplotlib.pyplot.close("all")
    # What is no box in the library's view is the whole space again: the way there is lost.
    if found.peeling_trajectory.shape[0] == 1:
        found = tools.prim.Prim(frame, y, threshold=y.mean(), mass_min=FEWEST).find_box()
    steps = found.peeling_trajectory
    dense = steps[steps["density"] >= wanted]
    at = int(dense["coverage"].idxmax() if len(dense) else steps["density"].idxmax())
    step, limits, chance = steps.loc[at], found.box_lims[at], found.qp[at]
    words = [
        _limit(str(path), limits[path], frame[path])
        + ("" if min(p for p in chance[path] if p >= 0.0) < CHANCE else " (may be chance)")
        for path in frame
        if path in chance
    ]
    return Box(words, float(step["coverage"]), float(step["density"]), float(step["mass"]))


def _limit(path: str, ends: pd.Series, column: pd.Series) -> str:
    """Return in words what of a factor is in a box."""
    label = words_of(path)[0]
    if isinstance(ends.iloc[0], set):
        within = [c for c in column.cat.categories if c in ends.iloc[0]]
        return f"{label}: {' or '.join(within)}"
    return _between(label, float(ends.iloc[0]), float(ends.iloc[1]), column)


def _between(label: str, low: float, high: float, column: pd.Series) -> str:
    above, below = low > column.min(), high < column.max()
    if above and below:
        return f"{label} from {plain(low)} to {plain(high)}"
    return f"{label} at least {plain(low)}" if above else f"{label} at most {plain(high)}"


def _leaves(tools: Any, frame: pd.DataFrame, y: Flags) -> list[Box]:
    """Return the leaves of a tree; none if it does not split."""
    coded = pd.get_dummies(frame, prefix_sep=APART, dtype=np.float64)
    tree = tools.cart.CART(coded, y, mass_min=LEAF)
    tree.build_tree()
    tree.clf.set_params(random_state=SEED).fit(tree._x, y)  # it takes ties at random
    if tree.clf.tree_.node_count == 1:
        return []
    found = []
    for limits, numbers in zip(tree.boxes, tree.stats, strict=True):
        words = [word for path in frame if (word := _of_leaf(str(path), frame[path], limits))]
        shares = (float(numbers[name]) for name in ("coverage", "density", "mass"))
        found.append(Box(words, *shares))
    return sorted(found, key=lambda box: -box.density)


def _of_leaf(path: str, column: pd.Series, limits: pd.DataFrame) -> str:
    """Return in words what of a factor is in a leaf, '' for all of it."""
    label = words_of(path)[0]
    if column.dtype != "category":
        low, high = (float(end) for end in limits[path])
        whole = low <= column.min() and high >= column.max()
        return "" if whole else _between(label, low, high, column)
    kinds = list(column.cat.categories)
    ends = {
        kind: limits[f"{path}{APART}{kind}"] for kind in kinds if f"{path}{APART}{kind}" in limits
    }
    left = [kind for kind, end in ends.items() if end.iloc[0] > 0.0]
    left = left or [kind for kind, end in ends.items() if end.iloc[1] >= 1.0]
    return "" if len(left) == len(kinds) else f"{label}: {' or '.join(left)}"
