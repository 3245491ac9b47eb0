"""What lessons look at: runs, comparisons and sweeps, each computed once and then shared.

All through the public face, with its defaults: what a student asks for in the same words is the
same, to within the luck of another number of runs.
"""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pandas as pd

from sim import api
from sim.analysis.compare.comparison import SHARED, Comparison
from sim.api import Runs
from sim.arrays import Floats
from sim.lessons.exercises import FEWEST
from sim.world import World

RUNS = 40  # twice the fewest that a lesson asks for: the right answer is the surer one
YEAR_STEPS = 52


@cache
def world() -> World:
    """Return the world of March 2022."""
    return api.load_world()


def senders() -> dict[str, str]:
    """Return codes and names of the senders."""
    return _states(lambda role: role == "sender")


def third_states() -> dict[str, str]:
    """Return codes and names of those that are neither sender nor target."""
    return _states(lambda role: role not in ("sender", "target"))


def _states(wanted: Callable[[str], bool]) -> dict[str, str]:
    found = world()
    rows = zip(found.states, found.names, found.roles, strict=True)
    return {code: name for code, name, role in rows if wanted(role)}


@cache
def compared(*settings: str) -> Comparison:
    """Return settings over the same `RUNS` draws."""
    return api.compare(*settings, runs=RUNS)


@cache
def runs_of(setting: str) -> Runs:
    """Return `RUNS` runs of a setting, with what each state loses in every step."""
    return api.run(setting, runs=RUNS, record="states")


def draws(first: str, second: str, outcome: str) -> tuple[Floats, Floats]:
    """Return an outcome of two settings, run by run; the same draws in both.

    Parameters
    ----------
    outcome : str
        Of a run, or one of those that only a comparison has: `shared_day`.
    """
    if outcome in SHARED:
        both = compared(first, second)
        return both.values(first, outcome), both.values(second, outcome)
    before, after = (runs_of(name)[outcome].to_numpy(np.float64) for name in (first, second))
    return before, after


@cache
def coalitions(setting: str) -> Mapping[str, Floats]:
    """Return what Russia loses by the coalitions of USA, EU and all others, beyond the war itself.

    Returns
    -------
    mapping of str to (FEWEST,) float64
        Percent of GDP in the first year, mean of draws, by the members' codes: 'USA,EU'.
    """
    worth = api.value(*setting.split(), players="USA,EU", others="one", runs=FEWEST)
    table = worth.valuation.coalitions()
    by = {str(name): rows["loss"].to_numpy() for name, rows in table.groupby("coalition")}
    return {name: loss - by[""] for name, loss in by.items() if name}


@cache
def first_year(setting: str) -> pd.DataFrame:
    """Return each state's mean loss of the first year, percent of GDP, by state and run."""
    table = runs_of(setting).states
    year = table[table["step"] < YEAR_STEPS]
    return year.groupby(["state", "run"])["loss"].mean().unstack("run")


@cache
def carried(setting: str) -> pd.DataFrame:
    """Return the covered trade that each state carries on the last day, by state and run."""
    table = runs_of(setting).states
    last = table[table["step"] == table["step"].max()]
    return last.set_index(["state", "run"])["diverted_bn"].unstack("run")


@cache
def swept() -> pd.DataFrame:
    """Return the runs of the sweep of lesson 6, one row per run."""
    factors = {
        "coordination.peer_weight": [0, 1, 2, 3, 4, 5],
        "coordination.council_rule": ["unanimity", "majority"],
        "coordination.meeting_spacing": [0.5, 4],
    }
    return api.sweep(
        factors,
        design__replications=FEWEST,
        scenario__steps=13,
        coordination__veto_players=["HUN"],
    ).runs()


@cache
def announced(rule: str) -> tuple[Floats, Floats]:
    """Return the senders' recorded days of first announcement, and those of runs under a rule.

    Returns
    -------
    recorded : (n_acts,) float64
        Days from the start of the run to 20 May 2022.
    days : (n_acts, RUNS) float64
        Infinite where a run has not announced it by then.
    """
    act = ["sender", "target", "instrument"]
    table = pd.read_csv(world().folder / "timeline.csv", parse_dates=["announced"])
    table = table[table["sender"].isin([*senders(), "EU"])]
    table["day"] = (table["announced"] - pd.Timestamp("2022-02-21")).dt.days
    recorded = table.groupby(act)["day"].min()
    recorded = recorded[recorded.between(0, 88)]
    events = api.run("status_quo", runs=RUNS, rule=rule, record="events", scenario__steps=13).events
    events = events[events["kind"].isin(["measure", "council"]) & (events["day"] <= 88)]
    days = events.groupby(["actor", *act[1:], "run"])["day"].min().unstack("run")
    days = days.rename_axis(index=act).reindex(recorded.index)
    full = days.reindex(columns=range(RUNS)).to_numpy(np.float64)
    return recorded.to_numpy(np.float64), np.where(np.isnan(full), np.inf, full)
