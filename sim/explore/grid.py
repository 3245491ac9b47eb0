"""Two levers on a grid: the same draws of chance at every point, and what they come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.columns import facts_of
from sim.engine import simulate_setting
from sim.errors import InputError
from sim.explore.charts import INK, PANEL, TOOLTIP
from sim.explore.levers import name_of, offered
from sim.explore.settings import Settings
from sim.explore.story import setting_of
from sim.parameters import Parameter
from sim.report.style import ink_on
from sim.shown import headline_columns, short
from sim.templates import render
from sim.words import DASH, decimals_of, signed

NUMBERS = range(2, 10)  # of values of a lever
MOST_RUNS = 1000  # of all points together
RUNS = (5, 10, 20, 50)  # of a point


@dataclass(frozen=True, slots=True)
class Grid:
    """What is swept."""

    settings: Settings  # where all else stands
    # Keys of the levers.
    across: str
    down: str
    # Their values.
    across_at: tuple[float, ...]
    down_at: tuple[float, ...]
    runs: int  # of each point

    def __post_init__(self) -> None:
        if self.across == self.down:
            raise InputError(f"{self.across} is on both sides; choose another lever for one")
        if len(set(self.across_at)) < NUMBERS[0] or len(set(self.down_at)) < NUMBERS[0]:
            raise InputError("a lever needs two values or more; let it end above its start")
        if self.size > MOST_RUNS:
            raise InputError(
                f"a page computes {MOST_RUNS:,} runs of a grid at most; found {self.size:,}: take "
                "fewer values or runs, or the command below"
            )

    @property
    def size(self) -> int:
        """Runs of all points."""
        return len(self.across_at) * len(self.down_at) * self.runs

    def points(self) -> Iterator[tuple[int, int, Settings]]:
        """Yield column, row and settings of every point."""
        for y, down in enumerate(self.down_at):
            for x, across in enumerate(self.across_at):
                moved = self.settings.with_lever(self.across, across)
                yield x, y, moved.with_lever(self.down, down)

    def fixed(self, settings: Settings) -> Settings:
        """Return settings without the two levers."""
        levers = {k: v for k, v in settings.levers.items() if k not in (self.across, self.down)}
        return Settings(settings.base, levers)

    def alike(self, settings: Settings) -> bool:
        """Return whether other settings have the same grid: they differ by its levers at most."""
        return self.fixed(settings) == self.fixed(self.settings)

    def here(self, settings: Settings) -> tuple[int, int] | None:
        """Return column and row of the point that settings stand at, None for between points."""
        x, y = settings.value(self.across), settings.value(self.down)
        if x in self.across_at and y in self.down_at:
            return self.across_at.index(x), self.down_at.index(y)
        return None

    @property
    def command(self) -> str:
        """The command line that repeats the sweep."""
        fixed = self.fixed(self.settings)
        factors = [
            f"design.factors.{key}=[{','.join(f'{value:g}' for value in values)}]"
            for key, values in ((self.across, self.across_at), (self.down, self.down_at))
        ]
        return fixed.command("sweep", *factors, f"design.replications={self.runs}")


def numbers() -> dict[str, Parameter]:
    """Return the levers that can be swept, by key: numbers, but for chance itself."""
    return {
        p.key: p
        for levers in offered().values()
        for p in levers
        if p.low is not None and not p.among and p.key not in ("run", "seed", "scenario.steps")
        and p.default not in ("on", "off") and "step_days" not in p.key
    }  # fmt: skip


def called(key: str) -> str:
    """Return what a lever is called, with its unit."""
    lever = numbers()[key]
    unit = "" if lever.unit in ("1", "share") else f", {lever.unit}"
    return f"{name_of(lever)}{unit}"


def values(low: float, high: float, number: int, whole: bool) -> tuple[float, ...]:
    """Return so many values from one end to the other, whole ones where the lever is."""
    found = np.linspace(low, high, number)
    found = np.unique(np.rint(found)) if whole else found
    return tuple(float(f"{value:.4g}") for value in found)


def point_of(settings: Settings, runs: int) -> pd.DataFrame:
    """Return the outcomes of runs 0 up of some settings, one row per run."""
    return simulate_setting(setting_of(settings.config()), runs, record="outcomes").to_frame()


class Swept:
    """The points of a grid that are there so far."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.found: dict[tuple[int, int], pd.DataFrame] = {}

    @property
    def whole(self) -> bool:
        """All of its points are there."""
        return len(self.found) * self.grid.runs == self.grid.size

    def add(self, x: int, y: int, outcomes: pd.DataFrame) -> None:
        """Add the outcomes of a point."""
        self.found[x, y] = outcomes

    def outcomes(self) -> dict[str, str]:
        """Return the outcomes that can be shown, with their names and units."""
        setting = setting_of(self.grid.settings.config())
        world, targets = setting.world, setting.config.scenario.targets
        first = next(iter(self.found.values()))
        columns = list(headline_columns(targets, first.columns))
        known = facts_of("runs", columns, world.names_by_code)
        return {column: f"{known[column].label}, {known[column].unit}" for column in columns}

    def cell(self, x: int, y: int, outcome: str) -> tuple[float, int]:
        """Return the mean of an outcome over the runs that have it, and in how many it is not."""
        column = self.found[x, y][outcome]
        return float(column.mean()), int(column.isna().sum())

    def digits(self, outcome: str) -> int:
        """Return the decimals that show three digits of the largest mean."""
        return decimals_of(self.cell(x, y, outcome)[0] for x, y in self.found)

    def table(self) -> pd.DataFrame:
        """Return one row per run of every point."""
        parts = [
            self.found[x, y].assign(
                **{self.grid.across: self.grid.across_at[x], self.grid.down: self.grid.down_at[y]}
            )
            for x, y in sorted(self.found)
        ]
        return pd.concat(parts, ignore_index=True)

    def chart(self, outcome: str, title: str, settings: Settings) -> dict[str, Any]:
        """Return an outcome over the grid as a heat map, the point of some settings framed."""
        grid, here, digits = self.grid, self.grid.here(settings), self.digits(outcome)
        last = sorted(self.found, key=lambda at: at == here)  # a frame lies over its neighbours
        cells = [(x, y, *self.cell(x, y, outcome)) for x, y in last]
        known = [mean for _, _, mean, _ in cells if np.isfinite(mean)]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        return {
            "animation": False,
            "aria": {"enabled": True, "label": {"description": f"Heat map of {title}"}},
            "textStyle": {"color": INK, "fontFamily": "inherit"},
            "title": {"text": title, "left": 0, "textStyle": {
                "color": INK, "fontSize": 14, "width": 700, "overflow": "break"}},
            "tooltip": TOOLTIP,
            "grid": {"left": 8, "right": 8, "top": 64, "bottom": 72, "containLabel": True},
            "xAxis": _axis(called(grid.across), grid.across_at, 28),
            "yAxis": _axis(called(grid.down), grid.down_at, 12),
            "visualMap": {"min": low, "max": high if high > low else low + 1.0, "calculable": False,
                          "orient": "horizontal", "left": "center", "bottom": 0, "precision": 3,
                          "text": [short(high), short(low)], "itemHeight": 200,
                          "textStyle": {"color": INK},
                          "inRange": {"color": list(SCALE)}},
            "series": [{
                "type": "heatmap", "name": title,
                "data": [
                    {"value": [x, y, round(mean, 6)],
                     "name": _said(mean, lacking, grid.runs, digits),
                     "label": {"color": ink_at((mean - low) / ((high - low) or 1.0))},
                     "itemStyle": FRAME if (x, y) == here else {}}
                    for x, y, mean, lacking in cells if np.isfinite(mean)
                ],
                "label": {"show": True, "formatter": "{b}"},
                "itemStyle": {"borderColor": PANEL, "borderWidth": 1},
            }],
        }  # fmt: skip

    def rows(self, outcome: str) -> list[tuple[str, ...]]:
        """Return the same as rows of a table, the lever that runs down in the first column."""
        digits = self.digits(outcome)
        return [
            (
                f"{down:g}",
                *(
                    _said(*self.cell(x, y, outcome), self.grid.runs, digits)
                    if (x, y) in self.found
                    else ""
                    for x in range(len(self.grid.across_at))
                ),
            )
            for y, down in enumerate(self.grid.down_at)
        ]

    def rendered(self, outcome: str, title: str, settings: Settings) -> str:
        """Return the same as a table in HTML of which every cell can be chosen."""
        grid = self.grid
        here = grid.here(settings)
        stands = "the framed cell is where the levers stand" if here else (
            f"the levers stand between points, at {settings.value(grid.across):g} across and "
            f"{settings.value(grid.down):g} up"
        )  # fmt: skip
        star = " * not defined in some of the runs." if any(
            self.cell(x, y, outcome)[1] for x, y in self.found) else ""  # fmt: skip
        return render(
            "explore/grid.html",
            caption=f"{title}: means over {grid.runs} runs a point; {stands}.{star}",
            across=called(grid.across),
            down=called(grid.down),
            across_at=[f"{value:g}" for value in grid.across_at],
            rows=[(y, first, list(enumerate(cells)))
                  for y, (first, *cells) in enumerate(self.rows(outcome))][::-1],
            here=here,
        )  # fmt: skip


FRAME = {"borderColor": "#d55e00", "borderWidth": 4}
SCALE = ("#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b")  # light to dark, in grey too


def ink_at(part: float) -> str:
    """Return the ink that reads best so far up the scale of colours, 0 to 1.

    The chart's own choice falls below a contrast of 4.5 in the middle of the scale.
    """
    steps = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in SCALE])
    at = np.linspace(0.0, 1.0, len(SCALE))
    channels = (round(np.interp(part, at, steps[:, channel])) for channel in range(3))
    return ink_on(f"#{''.join(f'{channel:02x}' for channel in channels)}")


def _axis(name: str, at: tuple[float, ...], gap: int) -> dict[str, Any]:
    middle = {"nameLocation": "middle"} if gap > 20 else {"nameLocation": "end"}
    align = {"nameTextStyle": {"color": INK} | ({} if gap > 20 else {"align": "left"})}
    return {"type": "category", "name": name, "data": [f"{value:g}" for value in at],
            "nameGap": gap, "axisLabel": {"color": INK}, **middle, **align}  # fmt: skip


def _said(mean: float, lacking: int, runs: int, digits: int) -> str:
    """Return a mean as it is read; with a star where some runs do not have it."""
    if lacking == runs:
        return DASH
    return f"{signed(mean, digits)}{'*' if lacking else ''}"
