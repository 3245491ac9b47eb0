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
