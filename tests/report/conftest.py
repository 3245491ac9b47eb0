"""The fabricated run, as fixtures."""

from __future__ import annotations

import copy

import pytest
from fabricated import make_events, make_outcomes, make_setting, make_states, make_steps


@pytest.fixture(scope="session")
def fabricated(tmp_path_factory):
    """Return the parts of the run in the order in which a report takes them; not to be changed."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "sources.csv").write_text("file,what,publisher\nstates.csv,GDP,Bank <i>\n")
    return make_setting(folder), make_events(), make_steps(), make_states(), make_outcomes()


@pytest.fixture
def setting(fabricated):
    return copy.deepcopy(fabricated[0])


@pytest.fixture
def events(fabricated):
    return fabricated[1]


@pytest.fixture
def steps(fabricated):
    return fabricated[2]


@pytest.fixture
def states(fabricated):
    return fabricated[3]
