"""What is covered finds other ways: crypto within its cap, third states as they dare."""

from __future__ import annotations

import numpy as np
import pytest
from watching import CALM, border, steps, take

BANS = ("machinery_export_ban", "dual_use_export_ban", "goods_import_ban")


@pytest.fixture(scope="module")
def banned(begin):
    """Return a function: a run in which all senders ban much trade in March and nothing else."""

    def run(**levers):
        model = begin(
            **CALM,
            scenario__measures=list(BANS),
            society__backslide=0.0,
            society__cost_weight=0.0,
            step_days=30,
            days=180,
            **levers,
        )
        model.step()
        for sender in model.senders:
            for measure in BANS:
                take(model, sender.code, measure, waves=3)
        return steps(model, 5)

    return run


def crypto_bn(model):
    """Return what is paid to Russia in cryptocurrencies, USD billion a year."""
    return model.engine.state.effect.crypto_bn[0]


def test_crypto_carries_no_more_than_its_cap_less_what_joint_work_closes(banned):
    for sharing in (0.0, 0.3, 1.0):
        model = banned(evasion__crypto_cap_bn=0.05, coordination__aml_sharing=sharing)
        assert crypto_bn(model) == pytest.approx(0.05 * (1.0 - sharing))


def test_crypto_carries_no_more_than_is_wanted(banned):
    model = banned(evasion__crypto_cap_bn=100.0, coordination__aml_sharing=0.0)
    wanted = banned(
        evasion__crypto_cap_bn=100.0, evasion__crypto_use=0.05, coordination__aml_sharing=0.0
    )
    assert 0.0 < crypto_bn(model) < 100.0
    assert crypto_bn(model) == pytest.approx(2.0 * crypto_bn(wanted))


def test_the_leak_falls_with_money_laundering_controls_and_with_enforcement(banned):
    loose = banned(coordination__aml_sharing=0.0, coordination__enforcement_sharing=0.0)
    controlled = banned(coordination__aml_sharing=1.0, coordination__enforcement_sharing=0.0)
    enforced = banned(evasion__enforcement=0.8, coordination__aml_sharing=0.0)
    assert controlled.leak[0] < loose.leak[0]
    assert enforced.leak[0] < loose.leak[0]
    dear, cheap = (model.engine.state.effect.premium for model in (enforced, loose))
    assert dear > cheap  # what comes through all the same is dearer


def test_shared_enforcement_brings_all_up_to_the_best(begin):
    def leak(sharing):
        model = begin(
            **CALM,
            scenario__measures=["machinery_export_ban"],
            coordination__enforcement_sharing=sharing,
            society__backslide=0.0,
            days=120,
        )
        model.engine.state.decision.support[:] = np.linspace(0.1, 0.9, 16)
        model.step()
        for sender in model.senders:
            take(model, sender.code, "machinery_export_ban", waves=3)
        return steps(model, 3).leak[0]

    assert leak(1.0) < leak(0.5) < leak(0.0)


def test_backing_raises_the_leak_and_what_china_carries(banned):
    plain = banned()
    backed = banned(evasion__backing={"CHN": 1.0})
    aloof = banned(evasion__backing={"CHN": 0.0})
    assert aloof.leak[0] < plain.leak[0] < backed.leak[0]
    carried = [model.state("CHN").diverted_bn for model in (aloof, plain, backed)]
    assert carried[0] == 0.0 < carried[1] < carried[2]


def test_a_credible_threat_against_third_states_lowers_what_they_carry(banned):
    free, threatened, feared = (
        banned(coordination__secondary_sanctions=credibility) for credibility in (0.0, 0.5, 1.0)
    )
    assert free.leak[0] > threatened.leak[0] > feared.leak[0]
    for hub in ("CHN", "TUR", "ARE", "KAZ"):
        carried = [m.state(hub).diverted_bn for m in (free, threatened, feared)]
        assert carried[0] > carried[1] > carried[2] > 0.0
    assert feared.state("TUR").compliance > feared.state("KAZ").compliance


def test_a_state_that_condemns_carries_less(begin):
    silent, outspoken = begin(**CALM, days=30), begin(**CALM, days=30)
    turkey = silent.state("TUR").position
    outspoken.engine.state.third_party.condemned[turkey] = 0
    before, after = (steps(model, 1).engine.state.effect.ready for model in (silent, outspoken))
    assert before[turkey] > 0.0
    assert after[turkey] == pytest.approx(0.6 * before[turkey])
    assert np.array_equal(np.delete(after, turkey), np.delete(before, turkey))
    said = [model.state("TUR").readiness for model in (silent, outspoken)]
    assert said[1] == pytest.approx(0.6 * said[0])


def test_a_leak_of_one_makes_bans_void(begin):
    model = begin(days=30)
    exposures, russia = model.setting.exposures, model.setting.targets[0]
    covered, nothing = np.full(model.covered.shape, 0.5), exposures.nothing_else()
    for maturity in (0.0, 0.5, 1.0):
        void = exposures.losses(covered, maturity, nothing._replace(leak=np.ones(2)))
        assert not void.any()
        assert exposures.losses(covered, maturity, nothing)[russia] > 1.0


def test_in_a_run_without_limits_to_evasion_the_target_loses_next_to_nothing(banned):
    free = {
        "evasion__leak_max": 1.0,
        "evasion__learning_days": 1.0,
        "evasion__willingness": 1.0,
        "evasion__hub_capacity": 10.0,
        "evasion__lag_days": 0.0,
        "evasion__transit_loss": 0.0,
        "evasion__enforcement": 0.0,
        "coordination__secondary_sanctions": 0.0,
        "third__condemn": -30.0,
    }
    sealed = banned(evasion__leak_max=0.0, evasion__crypto_cap_bn=0.0)
    void = banned(**{key: value for key, value in free.items() if key not in CALM})
    assert void.leak[0] > 0.95
    russia = void.setting.targets[0]
    lost = [model.outcomes()["loss_RUS"] - border(model)[russia] for model in (void, sealed)]
    assert lost[0] == pytest.approx(0.0, abs=0.05 * lost[1])


def books(model):
    """Return what is missing of the sales to Russia, ordered for it, under way and delivered.

    Covered or held back: what firms will not sell comes through others like what they must not.
    """
    effect = model.engine.state.effect
    missing = effect.missing[0, 0]
    return missing, effect.hub_bought_bn[0], effect.under_way_bn[0], effect.carried[0] * missing


def test_without_lag_loss_and_enforcement_all_that_hubs_buy_arrives(banned):
    free = {"lag_days": 0.0, "transit_loss": 0.0, "enforcement": 0.0}
    model = banned(**{f"evasion__{name}": value for name, value in free.items()})
    missing, bought, under_way, delivered = books(model)
    assert bought.sum() > 1.0
    assert under_way == pytest.approx(bought)
    assert delivered == pytest.approx(bought)
    assert model.outcomes()["diverted_bn"] == pytest.approx(model.outcomes()["hub_purchases_bn"])
    assert model.state("TUR").hub_purchases_bn == pytest.approx(model.state("TUR").diverted_bn)
    evasion = model.setting.config.evasion
    share = -np.expm1(-150.0 / evasion.learning_days) * evasion.leak_max
    ready, weight = model.engine.state.effect.ready, model.setting.third_parties.carrier_share[0]
    turkey = model.state("TUR").position
    assert bought[turkey] == pytest.approx(
        missing * share * ready[turkey] * weight[turkey], rel=0.05
    )


def test_what_arrives_lags_behind_orders_and_what_is_stopped_was_bought_all_the_same(banned):
    at_once, late, lossy = (
        banned(evasion__enforcement=0.0, evasion__lag_days=lag, evasion__transit_loss=loss)
        for lag, loss in ((0.0, 0.0), (90.0, 0.0), (0.0, 0.4))
    )
    orders = [books(model)[1] for model in (at_once, late, lossy)]
    assert orders[1] == pytest.approx(orders[0])
    assert orders[2] == pytest.approx(orders[0])
    arrived = [books(model)[3] for model in (at_once, late, lossy)]
    assert arrived[1].sum() < 0.9 * arrived[0].sum()
    assert arrived[2] == pytest.approx(0.6 * arrived[0])
    stopped = banned(evasion__enforcement=0.5, evasion__lag_days=0.0, evasion__transit_loss=0.0)
    assert books(stopped)[1].sum() == pytest.approx(orders[0].sum(), rel=0.01)
    assert books(stopped)[3].sum() < 0.7 * arrived[0].sum()


def test_fear_keeps_a_hub_from_ordering(banned):
    free, feared = (banned(coordination__secondary_sanctions=threat) for threat in (0.0, 1.0))
    turkey = free.state("TUR").position
    assert books(feared)[1][turkey] < 0.5 * books(free)[1][turkey]


def test_no_state_orders_more_than_its_own_trade_can_take_in(banned):
    backed = {"evasion__backing": {"ARM": 1.0}, "evasion__leak_max": 1.0}
    free = banned(**backed, evasion__hub_capacity=10.0)
    narrow = banned(**backed, evasion__hub_capacity=0.01)
    armenia = free.state("ARM").position
    most = narrow.setting.third_parties.carrying_bn[armenia]
    assert 0.03 < most < 0.08  # a hundredth of imports of goods of five billion
    assert narrow.engine.state.effect.hub_bought_bn[:, armenia].sum() == pytest.approx(most)
    assert free.engine.state.effect.hub_bought_bn[:, armenia].sum() > most
    china = narrow.state("CHN")  # a hundredth of its imports is more than it would order
    assert china.hub_purchases_bn == free.state("CHN").hub_purchases_bn > 1.0
    none = banned(evasion__hub_capacity=0.0)
    assert none.outcomes()["hub_purchases_bn"] == none.outcomes()["diverted_bn"] == 0.0
