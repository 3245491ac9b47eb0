"""A small history, told once."""

from __future__ import annotations

import pytest
from small_dates import TIMELINE, small

from sim.analysis.history import history_of


@pytest.fixture(scope="session")
def timeline(tmp_path_factory):
    path = tmp_path_factory.mktemp("dates") / "timeline.csv"
    path.write_text(TIMELINE, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def history(world, timeline):
    return history_of(world, small(), timeline)


@pytest.fixture(scope="session")
def shipped_history(world):
    """Return the history of the world's own timeline, with everything as shipped."""
    from sim.config import Config

    return history_of(world, Config(), world.folder / "timeline.csv")


@pytest.fixture(scope="session")
def shipped_sample(shipped_history):
    """Return that history and the other episode that its world names."""
    from sim.analysis.episodes import sample_of

    return sample_of(shipped_history)
