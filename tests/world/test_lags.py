"""Lags of the measures are those of the record."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from statistics import median

import pytest

from sim.world import load

START = date(2022, 2, 21)
COUNCIL_DAYS = 2  # legal lag of most members of the EU


def test_lags_are_the_medians_of_the_record():
    """Announced to in force, less what the sender's law takes; a pledge fixes no law."""
    world = load("march_2022")
    needs_law = {measure.code: measure.needs_law for measure in world.measures}
    lags = defaultdict(list)
    for row in first_acts(world):
        if row["sender"] == "EU":
            usual = COUNCIL_DAYS
        else:
            sender = world.index(row["sender"])
            law = world.legislation_days[sender] * needs_law[row["instrument"]]
            usual = world.legal_lag_days[sender] + law
        days = (row["effective"] - row["announced"]).days
        lags[row["instrument"]].append(max(0.0, days - usual))
    assert len(lags) > 15
    for measure in world.measures:
        if measure.code in lags:
            assert measure.lag_days == pytest.approx(median(lags[measure.code]), abs=0.5)


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
