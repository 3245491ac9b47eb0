"""What a run reports is what one counts oneself in who announced what, and when."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from test_reference import CASES, WORLD, config_of

from sim.codes import NEVER
from sim.config import Config
from sim.engine import recording, simulate
from sim.engine.inputs import inputs_of
from sim.engine.run import Run
from sim.setting import prepare
from sim.world import load

LAST = 30  # days


def test_every_day_is_recounted():
    config = config_of(CASES["transfers"] | {"scenario": {"step_days": 1, "steps": 50}})
    config.rule.intercept -= 1.5  # senders begin one by one, with one act
    setting = prepare(load(WORLD), config)
    run, expected, alone = Run(setting, setting.config.seed), [], 0
    for _ in range(setting.n_days):
        run.advance(1)
        state, effect = run.state, run.state.effect
        known = state.adoption.announced != NEVER
        acts = known[:, :, 0].sum(axis=1)
        alone += (acts == 1).any()
        expected.append(
            {
                "measures_announced": acts.sum(),
                "waves_announced": known.sum(),
                "measures_effective": (effect.in_effect > 0).sum(),
                "coalition_size": (acts > 0).sum(),
                "coalition_gdp_share": setting.alliance.gdp_share[acts > 0].sum(),
                "mean_support": state.decision.support.mean(),
                "mean_sender_loss": setting.alliance.gdp_share @ effect.loss[setting.senders],
                "transfers_bn": effect.transfer_bn[effect.transfer_bn > 0.0].sum(),
                "hub_purchases_bn": effect.hub_bought_bn.sum(),
                "belief": state.third_party.belief,
                "attempt_risk": 1.0 - math.exp(-state.third_party.attempt_hazard),
            }
        )
    steps = run.history().steps
    assert alone > 0
    for name in expected[0]:
        mine = [row[name] for row in expected]
        assert steps[name].to_numpy() == pytest.approx(mine, rel=1e-12, abs=1e-12), name
        assert len({round(float(x), 9) for x in mine}) > 1, name
    outcomes = run.history().outcomes
    ends = [name for name in steps.columns if name in outcomes]
    assert {"hub_purchases_bn", "transfers_bn", "belief", "attempt_risk", "energy_price"} <= {*ends}
    for name in ends:
        assert outcomes[name] == pytest.approx(steps[name].iloc[-1], rel=1e-12), name


@pytest.mark.parametrize("case", ["imposed", "a settlement"])
def test_the_day_of_the_first_announcement_stays_whatever_is_withdrawn_or_imposed(case):
    setting = prepare(load(WORLD), config_of(CASES[case]))
    run = Run(setting, setting.config.seed)
    first = np.full((len(setting.senders), len(setting.acts)), NEVER)
    for day in range(setting.n_days):
        run.advance(1)
        adoption = run.state.adoption
        # Waves of one day included, of which the first day is the same.
        new = (first == NEVER) & (adoption.announced[:, :, 0] != NEVER)
        first[new] = day
        assert np.array_equal(adoption.first_announced, first), day
        waves = (adoption.announced != NEVER).sum(axis=2)[setting.menu.is_open]
        assert np.array_equal(adoption.level.T[setting.menu.is_open], waves)
    imposed = [row for row in setting.acts if row.measure.code in setting.config.scenario.imposed]
    acts = [setting.acts.index(act) for act in imposed]
    assert (first[:, acts] != NEVER).all()
    assert run.history().outcomes["withdrawals"] > 0 or case == "imposed"


@pytest.mark.parametrize(("slower", "told"), [(0.0, (200, 300)), (2.0, (100,))])
def test_days_until_so_much_has_happened_are_those_of_the_shipped_runs(world, slower, told):
    """Which act it is matters: in some run the one before came earlier, or the next one later."""
    config = Config()
    config.scenario.steps = 13
    config.rule.intercept -= slower  # or a hundred act on the first days
    ensemble, apart = simulate(world, config, 16), set()
    for run, first in enumerate(ensemble.announced):
        if ensemble.outcome("withdrawals")[run]:
            continue  # what was given up is not in force, and has been announced
        days = np.sort(first[first != NEVER])
        for number in (100, 200, 300):
            expected = float(days[number - 1]) if days.size >= number else math.nan
            found = ensemble.outcome(f"days_to_{number}")[run]
            assert found == pytest.approx(expected, nan_ok=True), (run, number)
            around = days[number - 2 : number + 1]
            apart |= {(number, k) for k in np.flatnonzero(np.diff(around))}
        counts = first[:, ensemble.setting.menu.beyond_words].astype(float)
        counts[counts == NEVER] = math.inf
        begun, most = np.sort(counts.min(axis=1)), math.ceil(0.8 * len(first))
        assert ensemble.outcome("days_to_coalition")[run] == begun[most - 1]
    assert apart >= {(number, k) for number in told for k in (0, 1)}


firsts = arrays(np.int64, (3, 4), elements=st.one_of(st.just(NEVER), st.integers(0, LAST + 5)))


@given(firsts, st.integers(1, 12))
@settings(max_examples=60)
def test_the_day_of_the_nth_act_is_the_nth_in_order(first, number):
    days = np.sort(first[(first != NEVER) & (first < LAST)])
    expected = float(days[number - 1]) if days.size >= number else math.nan
    found = recording.days_to_acts.py_func(first, number, LAST)
    assert found == pytest.approx(expected, nan_ok=True)


@given(firsts, arrays(np.bool_, 4), st.integers(1, 3))
@settings(max_examples=60)
def test_the_day_of_the_nth_sender_is_that_of_its_first_act_that_counts(first, counts, number):
    known = (first != NEVER) & (first < LAST) & counts
    begun = np.sort([row[ok].min() for row, ok in zip(first, known, strict=True) if ok.any()])
    expected = float(begun[number - 1]) if begun.size >= number else math.nan
    found = recording.days_to_senders.py_func(first, counts, number, LAST)
    assert found == pytest.approx(expected, nan_ok=True)


def test_what_is_imposed_takes_effect_that_day():
    imposed = {"scenario": {"imposed": {"full_embargo": "2022-02-22"}}}
    setting = prepare(load(WORLD), config_of(imposed))
    run = Run(setting, setting.config.seed)
    run.advance(2)
    assert setting.date_of(int(run.state.effect.first_day[0])).isoformat() == "2022-02-22"


def test_third_states_are_those_that_are_neither_senders_nor_targets():
    setting = prepare(load(WORLD), config_of({}))
    parties = {*setting.senders.tolist(), *setting.targets.tolist()}
    assert set(np.flatnonzero(~inputs_of(setting).is_third).tolist()) == parties
