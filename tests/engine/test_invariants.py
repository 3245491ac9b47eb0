"""What must hold in every world under every setting: shares, money, order of events, units.

`make invariants` tries many more worlds than a run of all tests does.
"""

from __future__ import annotations

import copy
import dataclasses
import math
import os
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from random_worlds import Drawn, in_unit

from sim.codes import NEVER
from sim.engine import Ensemble, simulate_setting
from sim.engine.run import Run
from sim.outcomes import OUTCOMES
from sim.setting import Setting, answers, prepare

ROUNDING = 1e-12
# Of an effect, in [0, 1] on every day.
SHARES = (
    "leak", "goods", "withheld", "withheld_third", "publicity", "reluctance", "payment_risk",
    "reputation", "banks_of", "banks_cut", "maturity", "closure", "shadow", "discount",
    "export_lost", "covered", "held", "breadth", "frozen", "precaution", "sought", "carried",
    "carrier_share", "ready", "cap", "young", "old", "lost", "unreplaced", "imports_lost",
)  # fmt: skip
AMOUNTS = (
    "crypto_bn", "cut_of", "missing_of", "held_bn", "adjusted_bn", "export_bn", "revenue_bn",
    "rerouted_bn", "hub_bought_bn", "under_way_bn", "price_log", "premium",
)  # fmt: skip

worlds = partial(
    settings,
    max_examples=int(os.environ.get("EXAMPLES", "4")),
    derandomize="EXAMPLES" not in os.environ,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a seed cannot be made simpler
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
seeds = st.integers(0, 2**32 - 1)
LIVELY = 777  # a world and a setting in which much happens: see the test right below


@pytest.fixture
def drawn(tmp_path_factory):
    """Return a function of a seed that returns a world and a configuration drawn at random."""

    def draw(seed: int) -> Drawn:
        return Drawn(tmp_path_factory.mktemp("worlds"), seed)

    return draw


def lived(setting: Setting):
    """Yield a run at the end of each of its steps."""
    run = Run(setting, setting.config.seed)
    for _ in range(setting.config.scenario.steps):
        run.advance(setting.config.scenario.step_days)
        yield run


def ended(setting: Setting) -> Ensemble:
    return simulate_setting(setting, [0], record="states")


def test_there_is_something_to_hold(drawn):
    """Invariants of what never happens would hold whatever the program did."""
    one = drawn(LIVELY)
    one.config.coordination.burden_sharing = 0.7
    for run in lived(prepare(one.world(), one.config)):
        effect = run.state.effect
        lost, moved = effect.loss.max(), np.abs(effect.transfer_bn).max()
    kinds = run.history().events["kind"].value_counts()
    assert kinds.loc[["measure", "council", "withdrawal", "countermeasure", "protest"]].min() > 3
    assert min(lost, moved, effect.goods.max(), np.abs(effect.windfall_bn).max()) > 0.0


@given(seeds)
@worlds()
def test_shares_are_shares_amounts_are_none_below_nothing_and_all_numbers_are_finite(drawn, seed):
    """Whatever support is at home: each step begins with all of it or none in every sender."""
    one, draw = drawn(seed), np.random.default_rng(seed)
    for run in lived(prepare(one.world(), one.config)):
        effect, decision = run.state.effect, run.state.decision
        shares = {name: getattr(effect, name) for name in SHARES} | {
            "support": decision.support,
            "belief": run.state.third_party.belief,
            "strength": run.state.third_party.strength,
            "severity": run.state.clock.severity,
        }
        for name, values in shares.items():
            assert np.min(values) >= -ROUNDING, name
            assert np.max(values) <= 1.0 + ROUNDING, name
        for name in AMOUNTS:
            assert np.min(getattr(effect, name)) >= -1e-9, name
        assert (effect.carrier_share.sum(axis=1) <= 1.0 + 1e-9).all()
        assert (np.abs(run.state.third_party.relation) <= 1.0 + ROUNDING).all()
        assert (effect.loss <= 100.0).all()
        decision.support[:] = draw.integers(2, size=decision.support.size)
    for name, value in run.outcomes().items():
        assert math.isfinite(value) or is_never(name), name


def is_never(column: str) -> bool:
    return column in OUTCOMES and OUTCOMES[column].never


@given(seeds)
@example(LIVELY)
@worlds()
def test_no_money_is_made_or_lost_between_states(drawn, seed):
    one = drawn(seed)
    one.config.coordination.burden_sharing = 0.7
    one.config.coordination.side_payments_bn = 20.0
    setting = prepare(one.world(), one.config)
    others = np.delete(np.arange(len(setting.world.states)), setting.senders)
    for run in lived(setting):
        effect = run.state.effect
        for name in ("transfer_bn", "payment_bn", "windfall_bn"):
            received = getattr(effect, name)
            assert abs(received.sum()) <= 1e-9 * max(np.abs(received).sum(), 1.0), name
        assert not effect.transfer_bn[others].any()


@given(seeds)
@example(LIVELY)
@worlds()
def test_nothing_takes_effect_before_it_was_announced_nor_a_wave_before_the_last(drawn, seed):
    one = drawn(seed)
    for run in lived(prepare(one.world(), one.config)):
        adoption, day = run.state.adoption, run.day
        announced, effective = adoption.announced, adoption.effective
        known, is_open = announced != NEVER, run.setting.menu.is_open
        assert np.array_equal(known, effective != NEVER)
        assert (effective >= announced).all()
        assert (announced <= day).all()
        assert np.array_equal(known.sum(axis=2)[is_open], adoption.level.T[is_open])
        assert (known[:, :, 1:] <= known[:, :, :-1]).all()
        assert (np.diff(announced, axis=2)[known[:, :, 1:]] >= 0).all()
        first = adoption.first_announced
        assert (first[known[:, :, 0]] <= announced[known[:, :, 0], 0]).all()
        in_effect = (known & (effective <= day)).sum(axis=2)
        assert (run.state.effect.in_effect <= in_effect).all()


@given(seeds)
@example(LIVELY)
@worlds()
def test_no_member_is_ahead_of_its_council_on_what_the_council_decides_alone(drawn, seed):
    one = drawn(seed)
    one.config.scenario.imposed, one.config.scenario.script = {}, []
    setting = prepare(one.world(), one.config)
    council = np.where(setting.menu.is_open, setting.menu.council_of, -1)
    for run in lived(setting):
        adoption = run.state.adoption
        for i, act in np.argwhere(council >= 0):
            assert adoption.level[act, i] <= adoption.passed[council[i, act], act]
    events = run.history().events
    votes = events[events["kind"] == "council"]
    voted = set(zip(votes["instrument"], votes["target"], votes["day"], strict=True))
    for i, act in np.argwhere(council >= 0):
        for day in adoption.announced[i, act]:
            name = setting.acts[act].measure.code, setting.acts[act].target
            assert day == NEVER or (*name, day) in voted
    alone = events[events["kind"] == "measure"]
    for i, code in enumerate(setting.sender_codes):
        for name in alone["instrument"][alone["actor"] == code]:
            acts = [n for n, act in enumerate(setting.acts) if act.measure.code == name]
            assert (council[i, acts] < 0).all()


def check_alike(one: Ensemble, other: Ensemble, unit: float = 1.0, nearly: float = 1e-9) -> None:
    """Hold two ensembles of one run to the same acts and numbers, money in another unit.

    Parameters
    ----------
    nearly : float
        Of the largest number of a column, by which others may differ.
    """
    codes = list(one.setting.sender_codes)
    seats = [other.setting.sender_codes.index(code) for code in codes]
    assert np.array_equal(one.announced[0], other.announced[0][seats])
    for name, mine, theirs in zip(one.names, one.outcomes[0], other.outcomes[0], strict=True):
        scale = unit if "_bn" in name else 1.0
        assert theirs == pytest.approx(scale * mine, rel=1e-7, abs=1e-7 * scale, nan_ok=True), name
    key = ["step", "state"]
    mine, theirs = (
        found.states().set_index(key).select_dtypes(np.number) for found in (one, other)
    )
    theirs = theirs.reindex(mine.index)
    for column in mine:
        scale = unit if column.endswith("_bn") else 1.0
        expected = scale * mine[column].to_numpy(np.float64)
        size = max(np.nanmax(np.abs(expected), initial=0.0), scale)
        given = theirs[column].to_numpy(np.float64)
        assert given == pytest.approx(expected, rel=1e-7, abs=nearly * size, nan_ok=True), column


@given(seeds)
@worlds()
def test_nothing_jumps_where_enforcement_becomes_full(drawn, seed):
    """What cryptocurrency pays for gets through all the same, and nobody carries it."""
    one, found = drawn(seed), []
    one.config.coordination.aml_sharing = 0.0
    one.config.evasion.crypto_cap_bn, one.config.evasion.premium = 50.0, 0.5
    world = one.world()
    for enforcement in (1.0, 1.0 - 1e-12, 1.0 - 1e-9):
        config = copy.deepcopy(one.config)
        config.evasion.enforcement = enforcement
        run = Run(prepare(world, config), config.seed)
        for _ in range(run.setting.n_days):
            run.state.decision.support[:] = 0.5  # half of it: all enforce as the setting says
            run.advance(1)
        found.append(run.so_far())
    for other in found[1:]:
        check_alike(found[0], other, nearly=1e-6)  # 1e-9 of some hundred USD bn


@given(seeds)
@example(888987)  # all enforce fully, to the last digit or but for it
@worlds()
def test_the_order_of_the_states_is_no_matter(drawn, seed):
    one = drawn(seed)
    order = np.random.default_rng(seed).permutation(len(one.economy.countries))
    mine = one.world()
    # But for a union's first member, in whose country the host of a measure sits.
    union = [mine.index(state) for state in ("UNA", "UNB")]
    order[np.isin(order, union)] = union
    other = one.world(order)
    check_alike(ended(prepare(mine, one.config)), ended(prepare(other, one.config)))


@given(seeds, st.sampled_from(["passive", "bystander", "hub"]))
@worlds()
def test_a_small_state_with_which_nobody_trades_changes_nobody(drawn, seed, role):
    one = drawn(seed)
    found = ended(prepare(one.world(), one.config))
    beside = ended(prepare(one.with_island(role), one.config))
    check_alike(found, beside, nearly=1e-6)  # its part in the world is 1e-7
    island = beside.states().query("state == 'ISL'")
    assert len(island) == one.config.scenario.steps
    assert np.abs(island["loss"]).max() < 1e-6


@given(seeds, st.sampled_from([0.92, 0.25, 1e-3]))
@worlds()
def test_the_unit_of_money_is_no_matter(drawn, seed, unit):
    one = drawn(seed)
    mine = prepare(one.world(), one.config)
    with pytest.MonkeyPatch.context() as patch:
        for amount in ("SMALLEST", "TRADED_BN"):
            patch.setattr(answers, amount, unit * getattr(answers, amount))
        other = prepare(one.world(unit=unit), in_unit(one.config, unit))
    check_alike(ended(mine), ended(other), unit)


@given(seeds)
@worlds()
def test_without_measures_and_war_nobody_loses_anything(drawn, seed):
    one = drawn(seed)
    scenario = dataclasses.replace(
        one.config.scenario, measures=["condemnation"], world_events=False, imposed={}, script=[]
    )
    one.config.scenario = scenario
    one.config.response.intercept = -20.0
    one.config.society.escalation = 0.0
    for run in lived(prepare(one.world(), one.config)):
        effect = run.state.effect
        for name in ("loss", "transfer_bn", "payment_bn", "lost", "export_lost", "price_log",
                     "discount", "crypto_bn", "hub_bought_bn", "rent"):  # fmt: skip
            assert not getattr(effect, name).any(), name
    losses = {k: v for k, v in run.outcomes().items() if "loss" in k}
    assert losses == dict.fromkeys(losses, 0.0)


@given(seeds)
@worlds()
def test_what_leaks_wholly_is_lost_to_nobody_whatever_is_covered_or_held_back(drawn, seed):
    one, draw = drawn(seed), np.random.default_rng(seed)
    exposures = prepare(one.world(), one.config).exposures
    nothing = exposures.nothing_else()
    lost = nothing._replace(
        leak=np.ones_like(nothing.leak),
        held=draw.random(nothing.held.shape),
        withheld=draw.random(nothing.withheld.shape),
    )
    covered, maturity = draw.random(exposures.mature.target_share.shape), draw.random()
    for overlap in (0.0, draw.random(), 1.0):
        assert not exposures.losses(covered, maturity, lost, overlap).any()
    assert exposures.losses(covered, maturity).any()
