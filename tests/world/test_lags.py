"""Lags of the measures are those of the record."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from statistics import median

import numpy as np
import pytest

from sim.world import load
from sim.world.catalogue import FUELS

START = date(2022, 2, 21)
COUNCIL_DAYS = 2  # legal lag of most members of the EU
# On 4 May 2022 the Commission proposed to end imports of oil within the year (record of packages).
PROPOSAL, CLOSE_OF_YEAR = date(2022, 5, 4), date(2022, 12, 31)


def test_lags_are_the_medians_of_the_record():
    """Announced to in force, less what the sender's law takes; a pledge fixes no law."""
    world = load("march_2022")
    lags = defaultdict(list)
    for row in first_acts(world):
        lags[row["instrument"]].append(days_beyond_law(world, row))
    assert len(lags) > 15
    for measure in world.measures:
        if measure.code in lags and not measure.phase_out_fuel:
            assert measure.lag_days == pytest.approx(median(lags[measure.code]), abs=0.5)


@pytest.mark.parametrize("fuel", ["coal", "oil"])
def test_who_buys_more_of_the_target_takes_longer_to_end_it(fuel):
    """Days per share of imports by least squares, all contracts of a union ending together."""
    world = load("march_2022")
    (measure,) = [m for m in world.measures if m.phase_out_fuel == fuel]
    rows = [row for row in first_acts(world) if row["instrument"] == measure.code]
    points = [(share_of(world, row["sender"], fuel), days_beyond_law(world, row)) for row in rows]
    if fuel == "oil":
        points.append((share_of(world, "EU", fuel), (CLOSE_OF_YEAR - PROPOSAL).days - COUNCIL_DAYS))
    share, days = np.array(points).T
    assert len(points) >= 5
    assert measure.lag_days == 0
    assert measure.phase_out_days == pytest.approx(share @ days / (share @ share), abs=0.5)


def share_of(world, sender, fuel):
    """Return the share of imports from Russia; of the union and its members its mean by heads."""
    (union,) = [[world.index(m) for m in i.members] for i in world.institutions if i.code == "EU"]
    seats = union if sender == "EU" or world.index(sender) in union else [world.index(sender)]
    share, heads = world.energy_share[seats, FUELS.index(fuel)], world.population_mn[seats]
    return float(share @ heads / heads.sum())


def days_beyond_law(world, row):
    if row["sender"] == "EU":
        usual = COUNCIL_DAYS
    else:
        sender = world.index(row["sender"])
        needs_law = any(m.needs_law for m in world.measures if m.code == row["instrument"])
        usual = world.legal_lag_days[sender] + needs_law * world.legislation_days[sender]
    return max(0.0, (row["effective"] - row["announced"]).days - usual)


def first_acts(world):
    """Return the first act of each cell that has both days and began with the war."""
    measures = {measure.code for measure in world.measures}
    first = {}
    for row in world.timeline:
        key = row["sender"], row["target"], row["instrument"]
        first.setdefault(key, row)
    return [
        row
        for (sender, _, instrument), row in first.items()
        if sender not in ("RUS", "BLR")
        and instrument in measures
        and row["announced"] >= START
        and row["effective"]
        and not (row["description"] or "").startswith("pledge")
    ]
