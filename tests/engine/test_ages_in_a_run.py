"""One loss a day: how it ages in a run, and what is reported of it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.config import Config, Rule
from sim.economy.losses import Lost
from sim.economy.sectors import sectors_of
from sim.economy.shocks import IMPORT, TARIFF
from sim.engine.exact import exact_losses, sector_maturity
from sim.setting import prepare

YEAR = 365
NOBODY_MOVES = {"society__cost_weight": 0.0}  # losses do not move what anybody decides


NOBODY_ACTS = {"rule": Rule(intercept=-25.0), "response__intercept": -30.0, "third__condemn": -30.0}


def calm(begin, **levers):
    """Return a run of one sender in which nothing happens by chance."""
    quiet = {
        # What leaks is not lost, and what is lost changes with it.
        "evasion__leak_max": 0.0,
        "evasion__crypto_cap_bn": 0.0,
        "society__backslide": 0.0,
    }
    return begin(**NOBODY_ACTS | quiet | {"step_days": 7, "days": 350} | levers)


def banned(begin, **levers):
    """Return a run in which Japan has banned coal, and the day on which that took effect."""
    levers = {"scenario__measures": ["coal_import_ban"], "scenario__only": ["JPN"]} | levers
    model = calm(begin, **levers)
    model.state("JPN").announce("coal_import_ban", "RUS")
    model.advance(1)
    return model, int(model.effective[0, 0, 0])


def coal(model):
    """Return the sectors in which the ban covers trade."""
    return np.flatnonzero(model.covered[0, 0].any(axis=0))


def maturity(model, sectors):
    return model.engine.state.effect.maturity[0, sectors]


def aged(model, sectors, days):
    return -np.expm1(-days / sectors_of(model.setting.world).adjustment_days[sectors])


def lost_now(model):
    effect = model.engine.state.effect
    return Lost(**{name: np.array(getattr(effect, name)) for name in Lost._fields})


def end_of(model, **others):
    """Return what stands at the end of a run, as exact equilibria take it."""
    effect = model.engine.state.effect
    end = {"covered": effect.covered, "maturity": effect.maturity, "closure": effect.closure}
    end |= lost_now(model)._asdict() | others
    return {name: np.array(value) for name, value in end.items()}


def border(model, old):
    fresh, mature = model.setting.closure
    return (1.0 - old) * fresh + old * mature


# Ages in a run.


def test_a_cut_ages_week_by_week_from_the_step_in_which_it_takes_effect(begin):
    model, effective = banned(begin)
    weeks = 0
    for _ in range(49):
        model.advance(6 - model.day % 7 or 7)
        if model.day >= effective:
            weeks += 1
            found = maturity(model, coal(model))
            assert found == pytest.approx(aged(model, coal(model), 7.0 * weeks), rel=1e-9)
    assert weeks > 40
    untouched = np.setdiff1d(np.arange(len(model.setting.exposure.sectors)), coal(model))
    if not model.engine.state.effect.withheld.any():
        assert maturity(model, untouched).max() == 0.0


def test_two_steps_of_a_week_age_trade_as_one_of_two_does(begin):
    fine, effective = banned(begin, step_days=7)
    coarse, same = banned(begin, step_days=14)
    assert effective == same
    first = 7 * (effective // 7)  # of the week in which it takes effect
    late = 7.0 if first % 14 else 0.0  # a step of two weeks begins a week before
    for _ in range(20):
        fine.advance(14 - (fine.day + 1) % 14)
        coarse.advance(14 - (coarse.day + 1) % 14)
        if fine.day >= effective:
            sectors = coal(fine)
            one, other = ((1.0 - maturity(run, sectors)) for run in (fine, coarse))
            unadjusted = 1.0 - aged(fine, sectors, late)
            assert other == pytest.approx(one * unadjusted, rel=1e-9)


def test_a_measure_that_is_withdrawn_and_returns_is_new(begin):
    model, effective = banned(begin)
    model.advance(effective + 60)
    sectors = coal(model)
    assert maturity(model, sectors).min() > 0.05
    model.state("JPN").withdraw("coal_import_ban")
    model.advance(60)
    assert not model.covered.any()
    if not model.engine.state.effect.withheld.any():
        assert not model.engine.state.effect.adjusted_bn.any()
        assert not model.engine.state.effect.maturity.any()
        closed = border(model, model.engine.state.effect.closure)
        assert model.state("RUS").loss == pytest.approx(closed[model.setting.targets[0]])
    model.state("JPN").announce("coal_import_ban", "RUS")
    model.advance(1)
    again = int(model.effective[0, 0, 0])
    model.advance(again - model.day + 6 - again % 7)  # to the end of its first step
    assert coal(model).tolist() == sectors.tolist()
    assert maturity(model, sectors) == pytest.approx(aged(model, sectors, 7.0), rel=0.05)


def test_an_old_cut_gets_younger_on_average_when_another_joins_and_older_when_it_leaves(begin):
    model, effective = banned(begin, scenario__only=["JPN", "USA"])
    model.advance(effective + 100)
    sectors, before = coal(model), maturity(model, coal(model))
    model.state("USA").announce("coal_import_ban", "RUS")
    model.advance(1)
    usa = model.state("USA").seat
    model.advance(int(model.effective[usa, 0, 0]) - model.day + 7)
    joined = maturity(model, sectors)
    assert (joined < before).all()
    model.state("USA").withdraw("coal_import_ban")
    model.advance(14)
    assert (maturity(model, sectors) > joined).all()


def test_a_closed_border_ages_by_itself(begin):
    model = calm(begin)
    model.advance(350)
    effect, closed = model.engine.state.effect, model.setting.war.closed
    days = 7 * np.ceil(np.count_nonzero(closed[: model.day + 1]) / 7)
    mean = sectors_of(model.setting.world).adjustment_days.mean()
    assert effect.closure == pytest.approx(-np.expm1(-days / mean), rel=1e-9)
    belarus = model.setting.targets[1]
    assert model.setting.closure[0, belarus] > model.setting.closure[1, belarus] > 0.0


# What a run loses.


@pytest.mark.parametrize("horizon", ["path", "short_run", "long_run"])
def test_a_run_loses_what_its_exposures_say_of_what_it_has_come_to(begin, horizon):
    """The engine holds sums over senders; here they are worked out anew, at all three reports."""
    model = begin(days=300, economy__horizon=horizon, **NOBODY_MOVES)
    model.run_model()
    effect, exposures, found = model.engine.state.effect, model.setting.exposures, model.outcomes()
    targets = model.setting.targets
    covered, lost = np.array(effect.covered), lost_now(model)
    now = exposures.losses(covered, effect.maturity, lost) + border(model, effect.closure)
    assert effect.loss == pytest.approx(now, rel=1e-9, abs=1e-12)
    ahead = np.array([[aged(model, slice(None), 3.0 * YEAR)] * 2, np.ones_like(effect.maturity)])
    for name, old in zip(("third_year", "long_run"), ahead, strict=True):
        times = sectors_of(model.setting.world).adjustment_days
        closed = 1.0 - np.exp(-3.0 * YEAR / times.mean()) if name == "third_year" else 1.0
        then = exposures.losses(covered, old, lost) + border(model, closed)
        for code, target in zip(model.setting.config.scenario.targets, targets, strict=True):
            assert found[f"loss_{code}_{name}"] == pytest.approx(then[target], rel=1e-9)
    assert found["sender_loss_mean_long_run"] == pytest.approx(
        then[model.setting.senders] @ model.setting.alliance.gdp_share, rel=1e-9
    )


def test_both_ends_of_the_horizon_bracket_the_path_on_every_day(begin):
    paths = {}
    for horizon in ("short_run", "path", "long_run"):
        model = begin(
            days=500,
            step_days=10,
            economy__horizon=horizon,
            evasion__leak_max=0.0,  # what leaks follows what is covered, and payments differ
            evasion__crypto_cap_bn=0.0,
            **NOBODY_MOVES,
        )
        model.run_model()
        history = model.history()
        paths[horizon] = history.steps["loss_RUS"].to_numpy()
        assert history.steps["waves_announced"].iloc[-1] > 50
    assert (paths["short_run"] >= paths["path"]).all()
    assert (paths["path"] >= paths["long_run"]).all()
    assert paths["short_run"][-1] > 1.2 * paths["path"][-1] > 1.2 * 1.2 * paths["long_run"][-1]


@pytest.mark.parametrize("horizon", ["short_run", "long_run"])
def test_at_one_end_throughout_all_is_of_one_age(begin, horizon):
    model = begin(days=60, economy__horizon=horizon)
    model.run_model()
    effect, old = model.engine.state.effect, float(horizon == "long_run")
    assert set(np.unique(effect.maturity)) == {old}
    assert effect.closure == old


@pytest.mark.parametrize("horizon", ["path", "short_run", "long_run"])
def test_states_lose_in_the_order_of_exact_equilibria(begin, horizon):
    model = begin(days=300, economy__horizon=horizon, **NOBODY_MOVES)
    model.run_model()
    loss, russia = model.engine.state.effect.loss, model.setting.targets[0]
    solved = exact_losses(model.setting, end_of(model))
    # Of two states of which one loses clearly more; which those are hangs on the horizon.
    before = solved[:, None] - solved > 0.25
    assert before.sum() > 200
    assert (loss[:, None] > loss)[before].all()
    assert loss[russia] == pytest.approx(solved[russia], rel=0.1)
    # What Norway is paid for energy is beyond the margin: off by what it is of its income.
    norway = model.state("NOR").position
    paid = model.engine.state.effect.payment_bn[norway] / model.setting.world.gdp_bn[norway]
    assert loss[norway] == pytest.approx(solved[norway], rel=1.2 * paid)
    others = np.setdiff1d(model.setting.senders, norway)
    assert loss[others] == pytest.approx(solved[others], abs=0.05 * solved[others].max())


def test_where_nobody_acts_states_lose_what_exact_equilibria_say_of_the_closed_border(begin):
    model = begin(days=200, **NOBODY_ACTS)
    model.run_model()
    effect, russia = model.engine.state.effect, model.setting.targets[0]
    assert not effect.covered.any()
    assert effect.maturity.max() == 0.0 < effect.closure < 1.0
    solved = exact_losses(model.setting, end_of(model))
    assert effect.loss == pytest.approx(solved, abs=0.1)
    assert effect.loss[russia] == pytest.approx(solved[russia], abs=0.01)
    young = exact_losses(model.setting, end_of(model, closure=0.0))
    assert young.max() > solved.max() + 1.0


def test_a_border_that_closes_on_the_last_day_is_closed_in_the_exact_equilibrium(begin):
    model = begin(days=4, step_days=4, **NOBODY_ACTS)
    model.run_model()
    assert model.setting.war.closed.tolist() == [False, False, False, True]
    loss, ukraine = model.engine.state.effect.loss, model.state("UKR").position
    assert exact_losses(model.setting, end_of(model)) == pytest.approx(loss, abs=0.1)
    assert loss[ukraine] > 1.0


def test_a_sector_is_as_old_as_what_is_lost_most_in_it_banned_or_held_back(begin):
    model = begin(days=60)
    setting, shape = model.setting, model.setting.exposures.by_sector()
    metals, services, food = (
        setting.exposure.sectors.index(name) for name in ("metals", "services", "agri_food")
    )
    old, new, border = 0.8, 0.3, 0.5
    maturity = np.full(shape, old)
    maturity[1] = new
    nothing = {name: 0.0 * value for name, value in lost_now(model)._asdict().items()}
    end = nothing | {"covered": 0.0 * np.array(model.engine.state.effect.covered)}
    end |= {"maturity": maturity, "closure": np.array(border)}
    assert setting.war.closed[-1]
    end["covered"][:, :, 1, :TARIFF, metals] = 0.5
    end["covered"][:, :, 0, :TARIFF, metals] = 1e-3
    end["covered"][:, :, 1, :TARIFF, services] = 0.5
    end["held"][:, 0, :, services] = 1.0
    found = sector_maturity(setting, end)
    # Little of Russia's trade is covered, but much of its services is held back once firms do.
    assert found[[metals, services, food]].tolist() == [new, new, border]
    end["withheld"][0] = 0.5
    assert sector_maturity(setting, end)[[metals, services, food]].tolist() == [new, old, border]


def test_governments_weigh_the_first_year_whatever_the_horizon(world):
    harm = []
    for horizon in ("path", "short_run", "long_run"):
        config = Config()
        config.economy.horizon = horizon
        setting = prepare(world, config)
        harm.append((setting.menu.cost, setting.answers.harm))
    for cost, answers in harm[1:]:
        assert np.array_equal(cost, harm[0][0])
        assert np.array_equal(answers, harm[0][1])


# What is reported.


@pytest.mark.parametrize(("step_days", "days"), [(30, 420), (7, 371), (30, 90)])
def test_the_first_year_is_the_mean_of_the_losses_of_its_days(begin, step_days, days):
    model = begin(step_days=step_days, days=days)
    model.run_model()
    states, found = model.history().states, model.outcomes()
    loss = states.pivot(index="day", columns="state", values="loss")
    by_day = np.repeat(loss.to_numpy(), step_days, axis=0)[:YEAR]
    mean = dict(zip(loss.columns, by_day.mean(axis=0), strict=True))
    for code in ("RUS", "BLR"):
        assert found[f"loss_{code}_first_year"] == pytest.approx(mean[code], rel=1e-9)
    share = dict(zip(model.setting.sender_codes, model.setting.alliance.gdp_share, strict=True))
    senders = sum(share[code] * mean[code] for code in share)
    assert found["sender_loss_mean_first_year"] == pytest.approx(senders, rel=1e-9)


def test_before_the_first_step_nothing_is_lost(begin):
    found = begin(days=60).outcomes()
    assert found["loss_RUS_first_year"] == found["sender_loss_mean_first_year"] == 0.0


def test_the_share_of_trade_that_is_lost_is_what_is_covered_and_held_back_less_what_leaks(begin):
    model = begin(days=300)
    model.run_model()
    effect, flow = model.engine.state.effect, model.setting.exposure.flow_bn
    senders, targets = model.setting.senders, model.setting.targets
    third = np.setdiff1d(np.arange(len(flow)), [*senders, *targets])
    touched = model.engine._given.horizon.touched
    stopped = model.covered[:, :, :TARIFF] + effect.held * effect.withheld[:, :, None]
    leaks = np.ones(stopped.shape[1:]) * effect.leak[:, None, None]
    leaks[:, IMPORT, model.setting.energy.sectors.piped > 0.0] = 0.0  # no ship carries it
    stopped = stopped * (1.0 - leaks)
    for t, target in enumerate(targets):
        for way, pair in enumerate((flow[:, target], flow[target])):
            lost = (pair[senders] * stopped[:, t, way]).sum()
            lost += (pair[third] * touched[way]).sum() * effect.withheld_third[t, way]
            traded = np.delete(pair, target, axis=0).sum()
            # Coverage of the day is that of yesterday's maturity: a month's step ago.
            assert effect.lost[t, way] == pytest.approx(lost / traded, rel=1e-2)
            assert 0.0 < effect.lost[t, way] < 1.0


def test_exact_losses_are_solved_at_the_elasticities_of_what_is_cut(begin):
    model = begin(days=300)
    model.run_model()
    russia, end = model.setting.targets[0], end_of(model)
    now, later, at_once = (
        exact_losses(model.setting, end | {"maturity": np.full_like(end["maturity"], m)})[russia]
        if m is not None
        else exact_losses(model.setting, end)[russia]
        for m in (None, 1.0, 0.0)
    )
    assert at_once > now > later
