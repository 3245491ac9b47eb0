"""One run: what depends on what, and what each lever and phase does."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.config import Rule
from sim.measures import days_to_share, outcomes
from sim.model import NEVER, ONCE_A_STEP, PHASES
from sim.rules.decide import hazard

# Acts of one wave, and nothing that an earlier act could set against the next: no costs at home,
# no answers, no backsliding, and a pull that does not fade.
ONE_WAY = {
    "scenario__measures": ["central_bank_freeze", "airspace_ban", "gas_import_ban"],
    "rule": Rule(intercept=-3.0, peer=2.0),
    "society__cost_weight": 0.0,
    "society__backslide": 0.0,
}


def days(model):
    return np.where(model.announced == NEVER, 10**6, model.announced)


def test_a_run_depends_on_seed_and_run_alone(simulate):
    one, again, other = simulate(number=3), simulate(number=3), simulate(number=4)
    assert one.records.events == again.records.events
    assert one.records.steps == again.records.steps
    assert one.records.events != other.records.events


def test_the_twelve_phases_stand_in_the_order_of_the_design():
    assert set(ONCE_A_STEP) < set(PHASES)
    assert PHASES == (
        "events",
        "consult",
        "decide",
        "council",
        "commit",
        "respond",
        "divert",
        "enforce",
        "price",
        "talk",
        "update",
        "measure",
    )


@pytest.mark.parametrize("step_days", [7, 30])
def test_days_of_adoption_do_not_depend_on_the_step(simulate, step_days):
    # Losses are priced once a step, so they must not move support at home.
    fine = simulate(days=30, step_days=1, society__cost_weight=0.0)
    coarse = simulate(days=30, step_days=step_days, society__cost_weight=0.0)
    assert np.array_equal(np.minimum(days(coarse), 30), np.minimum(days(fine), 30))


def test_nobody_acts_when_the_hazard_is_nil(simulate):
    model = simulate(rule__intercept=-30.0)
    assert (model.announced == NEVER).all()
    border = model.setting.closure["long_run"][model.setting.targets]
    assert [target.loss for target in model.targets] == pytest.approx(border.tolist())
    assert all(not target.issued for target in model.targets)
    assert math.isnan(outcomes(model)["days_to_half"])


def test_without_peers_leaders_meetings_and_blocs_each_acts_as_if_alone(simulate):
    alone = {
        "coordination__peer_weight": 0.0,
        "coordination__lead_weight": 0.0,
        "coordination__consultation": False,
        # The others' acts also reach a sender by what they cost, and what all decide together
        # by who they are.
        "society__cost_weight": 0.0,
        "scenario__measures": [
            "condemnation",
            "airspace_ban",
            "luxury_export_ban",
            "swift_exclusion",
        ],
        "rule": Rule(intercept=-2.0),
    }
    free = simulate(**alone)
    quiet_usa = simulate(**alone, scenario__roles={"USA": "passive"})
    codes = list(free.setting.sender_codes)
    others = [i for i, code in enumerate(codes) if code != "USA"]
    assert np.array_equal(free.announced[others], quiet_usa.announced)


def test_taking_a_state_out_leaves_the_draws_of_the_others_alone(simulate):
    calm = {"days": 1, "rule__intercept": -30.0}
    with_usa, without = simulate(**calm), simulate(**calm, scenario__roles={"USA": "passive"})
    japan = with_usa.state("JPN"), without.state("JPN")
    assert np.array_equal(japan[0].threshold, japan[1].threshold)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), weight=st.floats(1.0, 4.0))
def test_a_stronger_pull_of_peers_never_delays_an_adoption(simulate, seed, weight):
    weak = simulate(seed=seed, days=30, **ONE_WAY)
    strong = simulate(seed=seed, days=30, coordination__peer_weight=weight, **ONE_WAY)
    assert (days(strong) <= days(weak)).all()


def test_a_longer_delay_of_information_never_brings_an_adoption_forward_without_meetings(simulate):
    prompt = simulate(coordination__consultation=False, **ONE_WAY)
    slow = simulate(
        coordination__consultation=False, coordination__information_delay_days=14, **ONE_WAY
    )
    assert (days(slow) >= days(prompt)).all()
    assert (days(slow) > days(prompt)).any()


def test_members_of_the_union_adopt_its_measures_on_one_day(simulate):
    model = simulate()
    union = model.councils[0]
    members, only = union.seat.members, model.setting.menu.council_of[union.seat.members[0]] >= 0
    for act in union.agenda:
        if only[act]:
            assert len(np.unique(model.announced[members, act], axis=0)) == 1
    assert (union.passed != NEVER).any()


def test_a_veto_player_blocks_the_union_until_it_is_carved_out(simulate):
    never = simulate(coordination__veto_players=["HUN"], coordination__carve_out_days=5000)
    agenda = never.councils[0].agenda
    assert (never.councils[0].passed == NEVER).all()
    assert any(row["kind"] == "blocked" and "HUN" in row["detail"] for row in never.records.events)
    later = simulate(coordination__veto_players=["HUN"], coordination__carve_out_days=10)
    passed = later.councils[0].passed[agenda]
    assert (passed != NEVER).any()
    hungary = later.state("HUN").seat
    assert later.exempt[hungary][agenda][passed != NEVER].all()
    assert later.covered[hungary].sum() < later.covered[later.state("POL").seat].sum()


def test_a_small_veto_player_does_not_block_a_majority(simulate):
    model = simulate(coordination__veto_players=["HUN"], coordination__council_rule="majority")
    assert (model.councils[0].passed != NEVER).any()
    assert not any(row["kind"] == "blocked" for row in model.records.events)


def test_a_measure_takes_effect_after_the_lags_of_state_and_measure(simulate):
    model = simulate()
    menu = model.setting.menu
    for sender in model.senders:
        for act in np.flatnonzero(sender.announced[:, 0] != NEVER):
            for wave in range(sender.level[act]):
                lag = model.effective[sender.seat, act, wave] - sender.announced[act, wave]
                law = menu.law_days[sender.seat, act] if wave == 0 else 0
                assert lag == menu.legal_lag[sender.seat] + law + menu.lag[act]


def test_russia_lists_those_who_acted_and_no_one_else(simulate):
    model = simulate(days=90)
    russia = model.state("RUS")
    acted = {sender.code for sender in model.senders if model.has_acted(sender, russia)}
    assert russia.listed
    assert set(russia.listed) <= acted
    for code, day in russia.listed.items():
        menu = model.setting.menu
        deeds = menu.deeds & (menu.aimed_at == russia.number)
        first = model.announced[model.state(code).seat, deeds]
        assert day > first[first != NEVER].min()


def test_losses_leak_and_diversion_follow_the_measures(simulate):
    model = simulate(days=180, rule=Rule(intercept=-1.0))
    russia, lithuania = model.state("RUS"), model.state("LTU")
    assert 0.5 < russia.loss < 15.0
    assert lithuania.loss > model.state("USA").loss > 0.0
    assert 0.0 < model.leak[0] < model.setting.config.evasion.leak_max
    assert model.state("CHN").diverted_bn > model.state("KAZ").diverted_bn > 0.0
    assert model.state("CHN").loss < 0.0  # who stays out gains


@pytest.mark.parametrize("elasticity", ["long_run", "short_run"])
def test_what_leaks_spares_the_target_and_full_enforcement_stops_it(simulate, elasticity):
    same = {"economy__elasticity": elasticity, "society__cost_weight": 0.0, "days": 180}
    loose = simulate(**same)
    sealed = simulate(
        **same,
        evasion__enforcement=1.0,
        coordination__enforcement_sharing=1.0,
        coordination__aml_sharing=1.0,
    )
    assert np.array_equal(sealed.announced, loose.announced)
    assert sealed.leak.max() == 0.0 < loose.leak.min()
    assert sealed.state("RUS").loss > loose.state("RUS").loss


def test_acting_together_costs_the_target_more_than_the_sum_of_acting_alone(simulate):
    model = simulate(
        rule__intercept=10.0, days=300, evasion__leak_max=0.0, evasion__crypto_cap_bn=0.0
    )

    def loss_when(seats):
        covered = np.zeros_like(model.covered)
        covered[seats] = model.covered[seats]
        exposure, n_states = model.setting.exposure, len(model.states)
        loss = exposure.losses(covered, np.zeros(2), np.zeros((2, n_states)))
        return loss[model.setting.targets[0]]

    seats = range(len(model.senders))
    assert loss_when(list(seats)) > 1.02 * sum(loss_when([seat]) for seat in seats)


def test_burden_sharing_of_one_gives_every_sender_the_same_expected_cost(simulate):
    shared = simulate(days=1, coordination__burden_sharing=1.0).setting.menu.cost
    setting = simulate(days=1).setting
    own, share = setting.menu.cost, setting.alliance.gdp_share
    assert np.allclose(shared, shared[0])
    assert np.allclose(shared[0], share @ own)
    assert own.std(axis=0).max() > 0.01


@pytest.mark.parametrize(
    ("shocks", "names"),
    [
        ({}, []),
        ({"frailty_sd": 1.0, "weekend": -0.5}, ["weekend", "frailty"]),
        ({"agenda_sd": 1.0}, ["agenda"]),
    ],
)
def test_explain_adds_up_to_the_hazard_it_reports(simulate, shocks, names):
    weights = {"intercept": -1.0, "restraint": 2.0, "shock": 1.0, "peer": 1.0, "cost": 1.0}
    model = simulate(rule=Rule(**weights, **shocks))
    text = model.state("JPN").explain("oil_refining_export_ban", "RUS")
    rows = [line.split() for line in text.splitlines()[2:-1]]
    total = sum(float(row[-1]) for row in rows)
    act = model.setting.find_act("oil_refining_export_ban", "RUS")
    eta = hazard.log_hazard(model.state("JPN").weighed[act], model.setting.weights)
    japan, day = model.state("JPN"), model.state("JPN").weighed_on[act]
    shared = model.common_terms(day) + model.own_terms("JPN", japan.seats, act, day)
    assert [name for name, *_ in shared] == names
    eta += sum(added for *_, added in shared)
    assert total == pytest.approx(eta, abs=0.0005 * len(rows))
    assert f"log hazard per week {eta:.3f}" in text
    assert "announced" in text


def test_every_role_can_explain_itself(simulate):
    model = simulate()
    assert "answered" in model.state("RUS").explain()
    assert "bystander" in model.state("CHN").explain()


def test_rows_are_written_for_every_step_and_state(simulate):
    model = simulate(days=56, step_days=7)
    assert len(model.records.steps) == 8
    assert len(model.records.states) == 8 * len(model.setting.world.states)
    table = model.records.event_table()
    assert list(table["day"]) == sorted(table["day"])
    assert model.setting.date_of(3) == date(2022, 2, 24)


def test_days_to_share_counts_announcements():
    assert days_to_share(np.array([4, -1, 2, 8]), 0.5) == 4.0
    assert days_to_share(np.array([4, -1, 2, 8]), 0.9) == 8.0
