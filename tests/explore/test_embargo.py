"""An embargo that is put together: its equilibrium, its vocabulary, and what cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import InputError
from sim.explore.embargo import KINDS, Embargo, from_text, named, solved

PAIR = Embargo(("DEU",), ("RUS",))


def test_nothing_that_is_stopped_costs_nothing():
    found = solved(Embargo(("DEU", "USA"), ("RUS",), coverage=0.0))
    assert found.loss == pytest.approx(0.0, abs=1e-6)


def test_more_of_it_costs_the_target_more():
    losses = [
        solved(Embargo(("DEU",), ("RUS",), coverage=share)).percent(("RUS",))
        for share in (0.25, 0.5, 1.0)
    ]
    assert 0.0 < losses[0] < losses[1] < losses[2]


def test_it_costs_less_in_the_long_run():
    first, late = (
        solved(Embargo(("DEU",), ("RUS",), horizon=h)).percent(("RUS",))
        for h in ("first_days", "long_run")
    )
    assert first > 2.0 * late


@pytest.mark.parametrize(("direction", "stopped"), [("exports", 0), ("imports", 1), ("both", 2)])
def test_a_direction_stops_that_trade_and_no_other(direction, stopped):
    found = solved(Embargo(("DEU",), ("RUS",), direction=direction))
    flows, de, ru = found.equilibrium.flows(), found.world.index("DEU"), found.world.index("RUS")
    sold, bought = flows[:, ru, de].sum(), flows[:, de, ru].sum()
    assert (sold == 0.0, bought == 0.0) == {
        0: (True, False), 1: (False, True), 2: (True, True)
    }[stopped]  # fmt: skip


def test_a_sector_alone_stops_that_sector_alone():
    found = solved(Embargo(("DEU",), ("RUS",), sectors=("coal",)))
    flows, de, ru = found.equilibrium.flows(), found.world.index("DEU"), found.world.index("RUS")
    of_sector = dict(zip(found.economy.sectors, flows[:, de, ru], strict=True))
    assert of_sector["coal"] == 0.0
    assert of_sector["oil"] > 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_equilibrium_and_a_map(kind):
    found = solved(named(kind))
    assert np.isfinite(found.loss).all()
    pytest.importorskip("nicegui", reason="NiceGUI is not installed")
    from sim.explore.embargo_tab import tiles

    assert tiles(found).count("<rect") == len(found.world.states)


def test_all_against_one_and_one_against_all_are_what_they_are_called():
    against, alone = named("all_against_one", one="CHN"), named("ego_based", other="JPN")
    assert against.targets == ("CHN",)
    assert len(against.coalition) == len(alone.targets) == 27
    assert alone.coalition == ("JPN",)


def test_tables_add_up():
    found = solved(PAIR)
    states = found.by_state().set_index("state")
    assert states.loc["RUS", "loss_bn"] == pytest.approx(found.summed_bn(("RUS",)))
    assert list(states["loss_percent"]) == sorted(states["loss_percent"], reverse=True)
    sectors = found.by_sector()
    flows = found.equilibrium.flows() - found.economy.flows()
    ru = found.world.index("RUS")
    lost = np.delete(flows, ru, axis=1)[:, :, ru].sum() / 1000.0
    assert sectors.loc[sectors["side"] == "targets", "exports_bn"].sum() == pytest.approx(lost)


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_carries_all_of_it(kind):
    one = replace(named(kind), coverage=0.3, direction="imports", sectors=("coal", "oil"))
    assert from_text(one.text) == one


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[", "the embargo cannot be read"),
        ("[]", "the embargo cannot be read"),
        ('[["DEU"],["RUS"],"both",[],"all","long_run","march_2022"]', "cannot be read"),
        ('[["DEU"],["RUS"],"both",[],1.0,"long_run","/etc"]', "link: world '/etc' is unknown"),
        ('[["DEU"],[["RUS"]],"both",[],1.0,"long_run","march_2022"]', "is unknown"),
    ],
)
def test_a_link_that_carries_none_is_refused(text, words):
    with pytest.raises(InputError, match=words):
        from_text(text)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"coalition": ()}, "coalition is empty"),
        ({"targets": ()}, "targets is empty"),
        ({"targets": ("DEU",)}, "DEU cannot be on both sides"),
        ({"targets": ("RUZ",)}, "did you mean"),
        ({"direction": "out"}, "direction 'out' is unknown"),
        ({"sectors": ("cole",)}, "did you mean 'coal'"),
        ({"coverage": 1.5}, "between 0 and 1"),
        ({"horizon": "soon"}, "horizon 'soon' is unknown"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(given, words):
    with pytest.raises(InputError, match=words):
        Embargo(**{"coalition": ("DEU",), "targets": ("RUS",)} | given)
