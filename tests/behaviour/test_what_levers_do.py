"""Every coordination lever does what theory says, under common draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from watching import CALM, INVASION, rows, steps, take

from sim.config import Rule
from sim.model import NEVER

LATER = 10**6
# Nobody sees anybody, and nothing that one state does reaches another by a side way.
APART = {
    "coordination__peer_weight": 0.0,
    "coordination__lead_weight": 0.0,
    "coordination__consultation": False,
    "society__cost_weight": 0.0,
    "rule": Rule(intercept=-3.0),
}
PULLED = Rule(intercept=-3.0, peer=2.0, recent=1.0)
NATIONAL = ["airspace_ban", "payment_ban", "gas_import_ban"]


def days(model):
    """Return the day of the first wave of each sender's acts, far away for never."""
    first = model.announced[:, :, 0]
    return np.where(first == NEVER, LATER, first)


def before(model, horizon):
    """Return how many pairs of sender and act had been announced before a day."""
    return int((days(model) < horizon).sum())


# Peers, leaders, information.


def test_apart_each_acts_on_the_same_days_whatever_the_others_do(simulate):
    few = {**APART, "scenario__measures": NATIONAL, "days": 60}
    free = simulate(**few)
    hushed = simulate(**few, scenario__hesitation={"USA": 30.0, "GBR": 30.0})
    eager = simulate(**few, scenario__hesitation={"USA": -10.0, "GBR": -10.0})
    others = [i for i, code in enumerate(free.setting.sender_codes) if code not in ("USA", "GBR")]
    assert np.array_equal(free.announced[others], hushed.announced[others])
    assert np.array_equal(free.announced[others], eager.announced[others])
    assert not np.array_equal(free.announced, eager.announced)
    coupled = {"scenario__measures": NATIONAL, "days": 60, "rule": PULLED}
    seen = (
        simulate(**coupled),
        simulate(**coupled, scenario__hesitation={"USA": -10.0, "GBR": -10.0}),
    )
    assert not np.array_equal(seen[0].announced[others], seen[1].announced[others])


def test_apart_joint_adoption_has_the_probability_of_independent_events(simulate):
    few = {**APART, "scenario__measures": ["payment_ban"], "scenario__targets": {"RUS": 1.0}}
    pair = {"scenario__only": ["JPN", "CAN"], "scenario__hesitation": {"JPN": -1.5, "CAN": -1.5}}
    runs = [days(simulate(seed=s, days=30, **few, **pair))[:, 0] < LATER for s in range(150)]
    acted = np.array(runs, dtype=float)
    one, other = acted.mean(axis=0)
    assert 0.1 < one < 0.9
    assert 0.1 < other < 0.9
    error = math.sqrt(one * (1 - one) * other * (1 - other) / len(runs))
    assert abs((acted[:, 0] * acted[:, 1]).mean() - one * other) < 4.0 * error


def test_strong_peers_who_know_all_make_a_cascade(begin):
    def reached(weight):
        model = begin(
            **{**CALM, "rule": Rule(intercept=-20.0, peer=20.0)},
            scenario__measures=["condemnation"],
            coordination__consultation=False,
            coordination__peer_weight=weight,
            step_days=1,
            days=60,
        )
        steps(model, INVASION - 1)
        act = take(model, "USA", "condemnation")
        take(model, "GBR", "condemnation")
        take(model, "DEU", "condemnation")
        steps(model, 58)
        return (model.announced[:, act, 0] != NEVER).sum()

    assert reached(0.0) == 3
    assert reached(3.0) == 16


def test_leaders_pull_by_their_weight(begin):
    def follower(weight, leaders):
        model = begin(
            **{**CALM, "rule__lead": 10.0},
            scenario__measures=["luxury_export_ban"],
            scenario__only=["USA", "GBR", "AUS"],
            coordination__consultation=False,
            coordination__lead_weight=weight,
            coordination__leaders=leaders,
            step_days=1,
            days=30,
        )
        act = take(model, "USA", "luxury_export_ban")
        steps(model, 3)
        return model.engine.log_hazard(model.state("AUS").seat, act)

    none, led, twice = (follower(weight, ["USA"]) for weight in (0.0, 1.0, 2.0))
    assert led - none == pytest.approx(10.0)
    assert twice - led == pytest.approx(10.0)
    assert follower(1.0, ["USA", "GBR"]) - none == pytest.approx(5.0)
    assert follower(1.0, []) == none


def test_information_delay_delays_what_is_known(begin):
    for delay in (0, 9):
        model = begin(
            **CALM,
            scenario__measures=["airspace_ban"],
            scenario__only=["USA", "JPN"],
            coordination__consultation=False,
            coordination__information_delay_days=delay,
            step_days=1,
            days=30,
        )
        steps(model, 4)
        act, known_on = take(model, "USA", "airspace_ban"), []
        model.step()
        for _ in range(20):
            model.step()
            if model.state("JPN").weighed(act).peer > 0.0:
                known_on.append(model.day)
        assert known_on[0] == 4 + 1 + delay
        assert model.state("JPN").weighed(act).recent == pytest.approx(
            math.exp(-(24 - 5 - delay) / 7.0)
        )


# Meetings.


def test_rarer_meetings_bring_fewer_decisions_where_meetings_press(simulate):
    rule = Rule(intercept=-4.0, meeting=3.0)
    few = {"scenario__measures": NATIONAL, "rule": rule, "days": 30}

    def early(scale):
        runs = [simulate(seed=s, coordination__meeting_spacing=scale, **few) for s in range(6)]
        return sum(before(model, 30) for model in runs)

    assert early(0.2) > early(1.0) > early(50.0)


# The council.

UNION = {
    "scenario__only": ["FRA", "DEU", "ITA", "POL", "HUN", "NLD", "LTU", "REU"],
    "scenario__measures": ["leader_asset_freeze", "luxury_export_ban"],
    "rule": PULLED,
    "step_days": 1,
    "days": 45,
}


def first_pass(model):
    return min((row["day"] for row in rows(model, kind="council", actor="EU")), default=LATER)


def test_one_veto_player_blocks_unanimity_until_it_is_carved_out(simulate):
    free = simulate(**UNION)
    blocked = simulate(**UNION, coordination__veto_players=["HUN"], coordination__carve_out_days=10)
    assert first_pass(free) < first_pass(blocked) < LATER
    freed = {(r["instrument"], r["target"]): r["day"] for r in rows(blocked, kind="carve_out")}
    halted = {(r["instrument"], r["target"]): r["day"] for r in rows(blocked, kind="blocked")}
    assert freed
    assert all(day - halted[act] == 10 for act, day in freed.items())
    assert all(row["detail"] == "HUN" for row in rows(blocked, kind="carve_out"))
    hungary = blocked.state("HUN").seat
    assert blocked.covered[hungary].max() == 0.0


def test_a_majority_does_not_wait_for_a_small_member(simulate):
    plain = simulate(**UNION, coordination__council_rule="majority")
    veto = simulate(
        **UNION, coordination__council_rule="majority", coordination__veto_players=["HUN"]
    )
    assert np.array_equal(plain.announced, veto.announced)
    assert not rows(veto, kind="blocked")


def test_a_blocking_minority_of_the_population_stops_a_majority(simulate):
    large = {"coordination__veto_players": ["REU"], "coordination__carve_out_days": 5000}
    model = simulate(**UNION, coordination__council_rule="majority", **large)
    weight = model.councils[0].seat.weight[-1]
    assert weight > 0.35
    assert first_pass(model) == LATER


def test_leaders_decide_alone_whatever_the_others_object(simulate):
    alone = {"coordination__council_rule": "leaders", "coordination__carve_out_days": 5000}
    heard = simulate(**UNION, **alone, coordination__veto_players=["HUN", "REU", "POL"])
    assert first_pass(heard) < LATER
    assert not rows(heard, kind="blocked")
    stopped = simulate(**UNION, **alone, coordination__veto_players=["FRA"])
    assert first_pass(stopped) == LATER


def test_a_member_whom_a_measure_costs_too_much_objects(simulate):
    costly = {
        **UNION,
        "scenario__measures": ["oil_import_ban"],
        "coordination__positions": False,
        "scenario__hesitation": dict.fromkeys(UNION["scenario__only"], -6.0),
    }
    strict = simulate(**costly, coordination__cost_tolerance=0.0)
    lenient = simulate(**costly, coordination__cost_tolerance=100.0)
    assert rows(strict, kind="blocked")
    assert not rows(lenient, kind="blocked")
    assert first_pass(lenient) < first_pass(strict)


# Institutions.


def test_without_an_institution_a_burst_of_measures_decays_exponentially(begin):
    rate, horizon = 0.3, 60
    model = begin(
        **CALM,
        scenario__measures=["machinery_export_ban", "luxury_export_ban", "payment_ban"],
        coordination__institution=False,
        society__backslide=rate,
        society__support=0.5,
        society__fatigue_days=3650.0,
        society__cost_weight=0.0,
        society__rally=0.0,
        step_days=30,
        days=30 + horizon,
    )
    model.advance(29)
    model.engine.state.decision.support[:] = 0.5
    for sender in model.senders:
        for act in model.setting.acts:
            take(model, sender.code, act.measure.code, act.target)
    model.step()
    burst = (model.announced[:, :, 0] != NEVER).sum()
    steps(model, horizon // 30)
    left = (model.announced[:, :, 0] != NEVER).sum()
    # Reversibility is 1; support stays within a hundredth of one half, so h = 1.5 rate a month.
    share = math.exp(-rate * (2.0 - 0.5) * horizon / 30.0)
    error = math.sqrt(share * (1.0 - share) / burst)
    assert abs(left / burst - share) < 4.0 * error
    assert len(rows(model, kind="withdrawal")) == burst - left


def test_institutions_and_pacts_hold_their_members_and_nobody_else(begin):
    model = begin(
        **CALM,
        scenario__only=["USA", "JPN", "KOR", "CHE"],
        scenario__measures=["machinery_export_ban"],
        society__backslide=10.0,
        days=60,
    )
    model.step()
    for sender in model.senders:
        take(model, sender.code, "machinery_export_ban")
    model.step()
    assert {row["actor"] for row in rows(model, kind="withdrawal")} == {"CHE"}


# Burdens.


def test_burden_sharing_lowers_what_the_exposed_expect_and_raises_what_the_others_do(begin):
    own = begin(days=30).setting
    shared = begin(days=30, coordination__burden_sharing=1.0).setting
    average = own.alliance.gdp_share @ own.menu.cost
    assert np.all(
        shared.menu.cost[own.menu.cost > average] < own.menu.cost[own.menu.cost > average]
    )
    assert np.allclose(shared.menu.cost, average)


def test_burden_sharing_brings_the_exposed_in_sooner(simulate):
    dear = {
        **APART,
        "scenario__measures": ["oil_import_ban", "coal_import_ban", "gas_import_ban"],
        "scenario__targets": {"RUS": 1.0},
        "scenario__roles": {"LTU": "sender"},
        "scenario__only": ["LTU", "HUN", "USA"],
        "coordination__cost_tolerance": 100.0,
        "rule": Rule(intercept=-3.0, energy_cost=1.0),
    }

    def adopted(sharing):
        runs = [simulate(seed=s, coordination__burden_sharing=sharing, **dear) for s in range(25)]
        found = np.array([(days(model) < LATER).sum(axis=1) for model in runs]).sum(axis=0)
        return dict(zip(runs[0].setting.sender_codes, found, strict=True))

    alone, together = adopted(0.0), adopted(1.0)
    assert together["LTU"] > alone["LTU"]
    assert together["HUN"] > alone["HUN"]
    assert together["USA"] <= alone["USA"]


@pytest.mark.parametrize(
    "lever", [{"coordination__burden_sharing": 0.7}, {"coordination__side_payments_bn": 5.0}]
)
def test_transfers_add_up_to_zero_and_reach_who_loses_most(simulate, lever):
    model = simulate(days=120, rule=PULLED, **lever)
    paid = np.array([state.transfer_bn for state in model.states])
    assert abs(paid.sum()) < 1e-9 * np.abs(paid).sum()
    assert model.outcomes()["transfers_bn"] > 0.0
    assert not paid[[s.position for s in model.third_parties]].any()
    assert model.state("LTU").transfer_bn > 0.0 > model.state("USA").transfer_bn


def test_burden_sharing_of_one_equalises_the_losses_of_the_senders(simulate):
    model = simulate(days=120, rule=PULLED, coordination__burden_sharing=1.0)
    losses = [sender.loss for sender in model.senders]
    assert np.allclose(losses, losses[0])


def test_side_payments_relieve_followers_at_the_leaders_expense(begin):
    plain = begin(days=30).setting
    paid = begin(days=30, coordination__side_payments_bn=20.0).setting
    usa = plain.sender_codes.index("USA")
    loses = plain.menu.cost > 0.0
    follows = loses & (np.arange(16) != usa)[:, None]
    assert 0.0 < paid.menu.relief < 1.0
    assert np.allclose(paid.menu.cost[follows], (1 - paid.menu.relief) * plain.menu.cost[follows])
    assert np.array_equal(paid.menu.cost[usa], plain.menu.cost[usa])


def test_nobody_expects_side_payments_where_no_leader_is_there_to_pay(simulate):
    nobody = {"scenario__without": ["USA"], "coordination__next_leaders": []}
    for absent in ({"coordination__leaders": []}, nobody):
        model = simulate(days=60, coordination__side_payments_bn=20.0, **absent)
        assert model.setting.menu.relief == 0.0
        assert model.outcomes()["transfers_bn"] == 0.0


# Enforcement, threats, scope.


def test_a_scope_that_does_not_overlap_hurts_the_target_less(simulate):
    same = {"days": 120, "rule": PULLED, "society__cost_weight": 0.0}
    apart, half, alike = (
        simulate(**same, coordination__scope_overlap=overlap) for overlap in (0.0, 0.5, 1.0)
    )
    assert np.array_equal(apart.announced, alike.announced)
    assert 0.0 < apart.state("RUS").loss < half.state("RUS").loss < alike.state("RUS").loss


def test_issue_linkage_moves_the_states_of_the_theatre_alone(simulate):
    few = {**APART, "scenario__measures": NATIONAL, "days": 60, "rule__linkage": 1.0}
    none = simulate(**few, coordination__issue_linkage=0.0)
    strong = simulate(**few, coordination__issue_linkage=10.0)
    theatre = [i for i, c in enumerate(none.setting.sender_codes) if c in ("JPN", "KOR", "AUS")]
    others = [i for i in range(16) if i not in theatre]
    assert np.array_equal(none.announced[others], strong.announced[others])
    assert (days(strong)[theatre] <= days(none)[theatre]).all()
    assert (days(strong)[theatre] < days(none)[theatre]).any()


# Slow Japan.


def test_hesitation_delays_japan_and_nobody_else_when_all_act_apart(simulate):
    few = {**APART, "scenario__measures": NATIONAL, "days": 60}
    prompt = simulate(**few)
    slow = simulate(**few, scenario__hesitation={"JPN": 2.0})
    japan = prompt.state("JPN").seat
    others = [i for i in range(16) if i != japan]
    assert np.array_equal(prompt.announced[others], slow.announced[others])
    assert (days(slow)[japan] >= days(prompt)[japan]).all()
    assert days(slow)[japan].sum() > days(prompt)[japan].sum()


def test_hesitation_divides_the_hazard(begin):
    model = begin(days=30, step_days=1, scenario__hesitation={"JPN": 2.0})
    plain = begin(days=30, step_days=1)
    act = plain.setting.find_act("airspace_ban", "RUS")
    for run in (model, plain):
        run.step()
    slow, prompt = (run.engine.log_hazard(run.state("JPN").seat, act) for run in (model, plain))
    assert prompt - slow == pytest.approx(2.0)


def test_an_extra_lag_delays_the_effect_and_not_the_decision(simulate):
    same = {"scenario__measures": NATIONAL, "rule": PULLED, "society__cost_weight": 0.0}
    prompt = simulate(**same)
    slow = simulate(**same, scenario__extra_lag_days={"JPN": 14})
    japan = prompt.state("JPN").seat
    assert np.array_equal(prompt.announced, slow.announced)
    acted = prompt.announced[japan] != NEVER
    assert acted.any()
    assert (slow.effective[japan] - prompt.effective[japan] == 14 * acted).all()
    others = [i for i in range(16) if i != japan]
    assert np.array_equal(prompt.effective[others], slow.effective[others])


def test_a_slow_japan_costs_the_coalition_time(simulate):
    def early(**slow):
        few = {"scenario__measures": NATIONAL, "rule": PULLED, "days": 30}
        runs = [simulate(seed=s, **few, **slow) for s in range(6)]
        return sum(before(model, 30) for model in runs)

    assert early(scenario__hesitation={"JPN": 4.0}) < early()
