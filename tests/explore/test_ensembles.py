"""Many runs of a page: bands, grids, and two settings over the same draws."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine import simulate_setting
from sim.errors import InputError
from sim.explore.bands import PATHS, Gathered, chunk_of
from sim.explore.grid import Grid, Swept, numbers, point_of, values
from sim.explore.settings import Settings
from sim.explore.story import setting_of

SHORT = Settings(levers={"scenario.steps": 4})


@pytest.fixture(scope="module")
def gathered():
    setting = setting_of(SHORT.config())
    found = Gathered(setting)
    found.add(chunk_of(setting, 0, 7))
    found.add(chunk_of(setting, 7, 20))
    return found


def test_chunks_are_the_runs_of_one_ensemble(gathered):
    whole = simulate_setting(gathered.setting, 20, record="steps")
    assert gathered.runs == 20
    assert gathered.outcomes.equals(whole.to_frame())
    loss = whole.results["steps"]["loss"][..., 0]
    low, median, high = gathered.bands(PATHS[0])
    assert median == pytest.approx(np.quantile(loss, 0.5, axis=0, method="inverted_cdf"))
    assert (low <= median).all()
    assert (median <= high).all()


def test_a_chart_has_the_median_and_its_band(gathered):
    chart = gathered.chart(PATHS[0])
    low, width, median = (s["data"] for s in chart["series"])
    values = gathered.bands(PATHS[0])
    assert [y for _, y in median] == pytest.approx(values[1], abs=1e-6)
    assert [a + b for (_, a), (_, b) in zip(low, width, strict=True)] == pytest.approx(
        values[2], abs=1e-5
    )
    assert "Loss of Russia" in chart["aria"]["label"]["description"]


def test_the_table_of_bands_has_every_quantity_and_step(gathered):
    table = gathered.table()
    assert len(table) == len(PATHS) * 4
    assert set(table["quantity"]) == {path.field for path in PATHS}


PEERS, THREAT = "coordination.peer_weight", "coordination.secondary_sanctions"


def test_a_grid_has_every_point_once_and_all_else_as_it_was():
    grid = Grid(SHORT, PEERS, THREAT, (0.0, 2.0), (0.0, 0.5, 1.0), 3)
    points = list(grid.points())
    assert grid.size == 18
    assert [(x, y) for x, y, _ in points] == [(x, y) for y in range(3) for x in range(2)]
    assert points[-1][2].value(PEERS) == 2.0
    assert points[-1][2].value(THREAT) == 1.0
    assert {settings.value("scenario.steps") for *_, settings in points} == {4}


def test_a_point_is_its_own_ensemble_and_the_map_its_means():
    grid = Grid(SHORT, PEERS, THREAT, (0.0, 2.0), (0.0, 1.0), 3)
    swept = Swept(grid)
    for x, y, settings in grid.points():
        swept.add(x, y, point_of(settings, grid.runs))
    at = setting_of(SHORT.with_lever(PEERS, 2.0).with_lever(THREAT, 1.0).config())
    runs = simulate_setting(at, 3, record="outcomes").to_frame()
    assert swept.cell(1, 1, "acts_announced")[0] == pytest.approx(runs["acts_announced"].mean())
    chart = swept.chart(
        "acts_announced", "Measures", SHORT.with_lever(PEERS, 2.0).with_lever(THREAT, 1.0)
    )
    cells = {tuple(one["value"][:2]): one["itemStyle"] for one in chart["series"][0]["data"]}
    assert len(cells) == 4
    assert [at for at, style in cells.items() if style] == [(1, 1)]  # where the levers stand
    assert len(swept.table()) == 12
    assert len(swept.rows("acts_announced")) == 2


def test_what_is_not_defined_is_marked_and_never_averaged_away():
    grid = Grid(SHORT, PEERS, THREAT, (0.0, 2.0), (0.0, 1.0), 2)
    swept = Swept(grid)
    for x, y, settings in grid.points():
        swept.add(x, y, point_of(settings, 2).assign(days_to_100=[5.0, np.nan]))
    assert swept.cell(0, 0, "days_to_100") == (5.0, 1)
    assert swept.rows("days_to_100")[0][1] == "5.00*"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"down": PEERS}, "on both sides"),
        ({"across_at": (1.0, 1.0)}, "two values or more"),
        ({"runs": 500}, "1,000 runs of a grid at most"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_in_a_line(given, words):
    usual = {"settings": SHORT, "across": PEERS, "down": THREAT, "across_at": (0.0, 1.0),
             "down_at": (0.0, 1.0), "runs": 5}  # fmt: skip
    with pytest.raises(InputError, match=words):
        Grid(**usual | given)


def test_values_run_from_end_to_end_and_are_whole_where_the_lever_is():
    assert values(0.0, 1.0, 3, whole=False) == (0.0, 0.5, 1.0)
    assert values(0.0, 3.0, 9, whole=True) == (0.0, 1.0, 2.0, 3.0)


def test_a_sweep_goes_on_from_the_command_line():
    from sim.sweep.plan import plan_of

    settings = Settings("without_jpn", {THREAT: 0.4, "coordination.burden_sharing": 0.5})
    grid = Grid(settings, PEERS, THREAT, (0.0, 2.0), (0.0, 0.5, 1.0), 5)
    import shlex

    words = shlex.split(grid.command)[2:]
    plan = plan_of(words, None)
    assert plan.config.design.replications == 5
    assert len(plan.points) == 6


def test_chance_and_length_are_no_levers_to_sweep():
    assert not {"run", "seed", "scenario.steps", "scenario.step_days"} & set(numbers())
