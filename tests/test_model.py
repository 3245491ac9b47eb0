"""One run: what depends on what, what each lever and phase does, and who acts in it by hand."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.compose import checked, compose
from sim.config import Rule
from sim.economy.shocks import EXPORT, IMPORT, TARIFF
from sim.engine.day import PHASES
from sim.engine.recording import days_to_acts
from sim.errors import InputError
from sim.model import NEVER
from sim.rules import clock
from sim.rules.decide import hazard
from sim.rules.terms import Terms

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
    assert one.events().equals(again.events())
    assert one.history().steps.equals(again.history().steps)
    assert not one.events().equals(other.events())


def test_the_phases_stand_in_the_order_of_the_design():
    assert [phase.name for phase in PHASES] == [
        "information",
        "consultation",
        "decision",
        "council",
        "commitment",
        "response",
        "effect",
        "answers",
        "reluctance",
        "diversion",
        "markets",
        "pricing",
        "transfers",
        "consequences",
        "exchange",
        "talks",
        "society",
        "recording",
    ]
    once = [phase.name for phase in PHASES if phase.once_a_step]
    assert once == [
        "diversion",
        "markets",
        "pricing",
        "transfers",
        "consequences",
        "exchange",
        "recording",
    ]


@pytest.mark.parametrize("step_days", [7, 30])
def test_days_of_adoption_do_not_depend_on_the_step(simulate, step_days):
    # Losses are priced once a step, so they must not move support at home.
    fine = simulate(days=30, step_days=1, society__cost_weight=0.0)
    coarse = simulate(days=30, step_days=step_days, society__cost_weight=0.0)
    assert np.array_equal(np.minimum(days(coarse), 30), np.minimum(days(fine), 30))


def test_nobody_acts_when_the_hazard_is_nil(simulate):
    model = simulate(rule__intercept=-30.0)
    assert (model.announced == NEVER).all()
    fresh, mature = model.setting.closure[:, model.setting.targets]
    age = model.engine.state.effect.closure
    border = (1.0 - age) * fresh + age * mature
    assert 0.0 < age < 1.0
    assert border.min() > 0.0
    assert [target.loss for target in model.targets] == pytest.approx(border.tolist())
    assert all(not target.issued for target in model.targets)
    assert math.isnan(model.outcomes()["days_to_100"])
    assert math.isnan(model.outcomes()["days_to_coalition"])


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
    assert len(with_usa.senders) == len(without.senders) + 1
    thresholds = [
        model.engine.state.decision.threshold[:, model.engine.decider_of(model.state("JPN").seat)]
        for model in (with_usa, without)
    ]
    assert np.array_equal(*thresholds)


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
    assert union.level.any()


def test_who_takes_over_the_unions_measures_comes_after_it(simulate):
    eager = {"rule__intercept": 2.0, "days": 10, "step_days": 1}
    model = simulate(**eager)
    union, bound = model.councils[0].seat.members[0], model.setting.menu.takes_over == 0
    ours, theirs = model.announced[:, :, 0], model.announced[union, :, 0]
    taken = bound & (ours != NEVER)
    assert taken.sum() > 10
    assert (ours > theirs)[taken].all()
    free = simulate(coordination__takes_over=False, **eager)
    assert (free.announced[:, :, 0] < free.announced[union, :, 0])[bound].any()
    veto = {"coordination__veto_players": ["HUN"], "coordination__carve_out_days": 5000}
    held = simulate(days=30, **veto)
    assert not (held.announced[:, :, 0] != NEVER)[bound].any()
    norway = held.state("NOR")
    why = str(norway.explain("swift_exclusion"))
    assert "it takes over what the European Union takes, and that has not" in why


def test_a_veto_player_blocks_the_union_until_it_is_carved_out(simulate):
    never = simulate(coordination__veto_players=["HUN"], coordination__carve_out_days=5000)
    agenda = never.councils[0].agenda
    assert not never.councils[0].level.any()
    events = never.events()
    assert events["detail"][events["kind"] == "blocked"].str.contains("HUN").any()
    later = simulate(coordination__veto_players=["HUN"], coordination__carve_out_days=10)
    passed = later.councils[0].level[agenda] > 0
    assert passed.any()
    hungary = later.state("HUN").seat
    assert later.exempt[hungary][agenda][passed].all()
    assert later.covered[hungary].sum() < later.covered[later.state("POL").seat].sum()


def test_a_small_veto_player_does_not_block_a_majority(simulate):
    model = simulate(coordination__veto_players=["HUN"], coordination__council_rule="majority")
    assert model.councils[0].level.any()
    assert "blocked" not in set(model.events()["kind"])


def test_a_measure_takes_effect_after_the_lags_of_state_and_measure(simulate):
    model = simulate()
    menu = model.setting.menu
    for sender in model.senders:
        for act in np.flatnonzero(sender.announced[:, 0] != NEVER):
            for wave in range(sender.level[act]):
                lag = model.effective[sender.seat, act, wave] - sender.announced[act, wave]
                law = menu.law_days[sender.seat, act] if wave == 0 else 0
                assert lag == menu.legal_lag[sender.seat] + law + menu.notice[sender.seat, act]


def test_russia_lists_those_who_acted_and_no_one_else(simulate):
    model = simulate(days=90)
    russia = model.state("RUS")
    has_acted = model.engine.state.target.has_acted[russia.number]
    acted = {sender.code for sender in model.senders if has_acted[sender.seat]}
    assert russia.listed
    assert set(russia.listed) <= acted
    for code, day in russia.listed.items():
        menu = model.setting.menu
        deeds = menu.beyond_words & (menu.aimed_at == russia.number)
        first = model.announced[model.state(code).seat, deeds]
        assert day > first[first != NEVER].min()


def test_losses_leak_and_diversion_follow_the_measures(simulate):
    model = simulate(days=180, rule=Rule(intercept=-1.0))
    russia, lithuania = model.state("RUS"), model.state("LTU")
    assert 0.5 < russia.loss < 15.0
    assert lithuania.loss > 1.0 > 0.1 > abs(model.state("USA").loss)  # energy is dearer for both
    assert model.state("NOR").loss < 0.0  # who sells it gains
    assert 0.0 < model.leak[0] < model.setting.config.evasion.leak_max
    assert model.state("CHN").diverted_bn > model.state("KAZ").diverted_bn > 0.0
    flat = simulate(days=180, rule=Rule(intercept=-1.0), economy__price_response=False)
    assert flat.state("LTU").loss > flat.state("USA").loss > 0.0
    assert flat.state("CHN").loss < 0.0  # who stays out gains, but for what it pays for energy
    assert model.state("CHN").loss > flat.state("CHN").loss


@pytest.mark.parametrize("horizon", ["path", "short_run", "long_run"])
def test_what_leaks_spares_the_target_and_full_enforcement_stops_it(simulate, horizon):
    same = {"economy__horizon": horizon, "society__cost_weight": 0.0, "days": 180}
    # What the target cannot sell makes its energy dearer, and in the long run it gains by that.
    same["economy__price_response"] = False
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


def test_keeping_exports_together_costs_the_target_more_than_the_sum_of_each_alone(simulate):
    """By exact equilibria of these measures 5.2 percent more, and as much for imports too.

    In exposure what it cannot sell adds up (tests/economy/test_exposure.py): all together is less.
    """
    model = simulate(
        rule__intercept=10.0, days=300, evasion__leak_max=0.0, evasion__crypto_cap_bn=0.0
    )

    def more_than_the_sum(*channels):
        def loss_when(*seats):
            covered = np.zeros_like(model.covered)
            for channel in channels:
                covered[seats, :, channel] = model.covered[seats, :, channel]
            loss = model.setting.exposures.losses(covered, model.engine.state.effect.maturity)
            return loss[model.setting.targets[0]]

        seats = range(len(model.senders))
        return loss_when(*seats) / sum(map(loss_when, seats)) - 1.0

    assert 0.03 < more_than_the_sum(EXPORT) < 0.06
    assert 0.005 < more_than_the_sum(EXPORT, IMPORT, TARIFF) < more_than_the_sum(EXPORT)


def test_burden_sharing_of_one_gives_every_sender_the_same_expected_cost(simulate):
    shared = simulate(days=1, coordination__burden_sharing=1.0).setting.menu.cost
    setting = simulate(days=1).setting
    own, share = setting.menu.cost, setting.alliance.gdp_share
    assert np.allclose(shared, shared[0])
    assert np.allclose(shared[0], share @ own)
    assert own.std(axis=0).max() > 0.01


@pytest.mark.parametrize(
    ("shocks", "days", "names"),
    [
        ({}, 60, []),
        ({"name": "independent"}, 60, []),
        ({"frailty_sd": 1.0, "weekend": -0.5}, 6, ["weekend", "frailty"]),  # to 26 February
        ({"frailty_sd": 1.0, "weekend": -0.5}, 5, ["frailty"]),
        ({"agenda_sd": 1.0}, 60, ["agenda"]),
    ],
)
def test_explain_adds_up_to_the_hazard_it_reports(simulate, shocks, days, names):
    weights = {"intercept": -1.0, "restraint": 2.0, "shock": 1.0, "peer": 1.0, "cost": 1.0}
    model = simulate(rule=Rule(**weights, **shocks), days=days, step_days=1)
    found = model.state("JPN").reasons("oil_refining_export_ban", "RUS")
    act = model.setting.find_act("oil_refining_export_ban", "RUS")
    japan, run = model.state("JPN"), model.engine
    eta = model.setting.decide(japan.weighed(act), model.setting.weights)
    day = int(run.state.trace.day[japan.seat, act])
    shared = run.shared_by(run.decider_of(japan.seat), act, day)
    assert [name for name, _ in shared] == names
    of_terms = [reason.name for reason in found.terms]
    assert of_terms[len(of_terms) - len(names) :] == names
    eta += sum(added for _, added in shared)
    assert found.log_hazard == pytest.approx(eta, rel=1e-12)
    assert found.start + sum(reason.added for reason in found.terms) == pytest.approx(eta)
    assert "announced" in found.outcome
    assert ("peer" in of_terms) == (model.setting.config.rule.name != "independent")


@pytest.mark.parametrize("name", ["threshold", "expected_utility"])
def test_under_a_rule_that_does_not_add_up_a_reason_is_what_is_lost_without_it(simulate, name):
    model = simulate(rule=compose_rule(name), days=60)
    found = model.state("JPN").reasons("oil_refining_export_ban", "RUS")
    weighed = model.state("JPN").weighed(model.setting.find_act("oil_refining_export_ban", "RUS"))
    assert not found.adds_up
    assert "these do not multiply" in found.text()
    decide, weights = model.setting.decide, model.setting.weights
    for reason in found.terms:
        if reason.name in weighed._fields:
            without = decide(weighed._replace(**{reason.name: 0.0}), weights)
            assert reason.added == pytest.approx(decide(weighed, weights) - without)


def compose_rule(name):
    return checked(compose([f"rule={name}"])).rule


def test_every_role_can_explain_itself(simulate):
    model = simulate()
    assert "answered" in model.state("RUS").explain()
    assert "bystander" in model.state("CHN").explain()


def test_rows_are_written_for_every_step_and_state(simulate):
    model = simulate(days=56, step_days=7)
    history = model.history()
    assert len(history.steps) == 8
    assert len(history.states) == 8 * len(model.setting.world.states)
    assert list(history.events["day"]) == sorted(history.events["day"])
    assert history.events.equals(model.events())
    assert model.setting.date_of(3) == date(2022, 2, 24)


def test_days_count_what_was_announced_and_given_up_since_but_no_words(begin):
    """Four of five senders have acted on the ninth day: JPN is the fourth, KOR has but spoken."""
    days = {"GBR": "2022-02-25", "USA": "2022-02-23", "JPN": "2022-03-01", "CAN": "2022-02-24"}
    script = [{"date": day, "actor": who, "act": "airspace_ban"} for who, day in days.items()]
    script += [
        {"date": "2022-02-22", "actor": "KOR", "act": "condemnation"},
        {"date": "2022-02-26", "actor": "GBR", "act": "airspace_ban", "undo": True},
    ]
    model = begin(
        scenario__only=["USA", "GBR", "JPN", "KOR", "CAN"],
        scenario__measures=["airspace_ban", "condemnation"],
        scenario__script=script,
        rule=Rule(intercept=-30.0),
        society__backslide=0.0,
    )
    model.step()
    act = model.setting.find_act("airspace_ban")
    first = model.engine.state.adoption.first_announced
    assert sorted(model.announced[:, act, 0]) == [NEVER, NEVER, 2, 3, 8]
    assert sorted(first[:, act]) == [NEVER, 2, 3, 4, 8]
    assert model.outcomes()["days_to_coalition"] == 8.0
    assert [days_to_acts.py_func(first, n, 9) for n in (1, 2, 5)] == [1.0, 2.0, 8.0]
    assert math.isnan(days_to_acts.py_func(first, 6, 9))


def test_days_to_a_number_of_measures_grow_with_it_and_are_none_where_it_is_not_reached(simulate):
    found = simulate(days=60).outcomes()
    assert 0.0 < found["days_to_100"] < found["days_to_200"] < 60.0
    assert math.isnan(simulate(days=2).outcomes()["days_to_300"])


def test_the_mean_loss_of_senders_is_their_summed_loss_over_their_summed_gdp(simulate):
    model = simulate(days=60)
    found, world = model.outcomes(), model.setting.world
    mean = 100.0 * found["sender_loss_bn"] / world.gdp_bn[model.setting.senders].sum()
    assert found["sender_loss_mean"] == pytest.approx(mean, rel=1e-12)
    assert model.history().steps["mean_sender_loss"].iloc[-1] == pytest.approx(mean, rel=1e-12)


# Who looks on, and who acts by hand.


def test_what_a_sender_says_it_weighs_is_what_its_hazard_adds_up_to(begin):
    """Most of what decides does not change every day, so the engine adds it up in another way."""
    model = begin(step_days=1, rule__support=2.0, rule__agenda_sd=0.5, rule__package_sd=0.5)
    for code in ("USA", "GBR", "JPN", "POL"):
        for instrument in ("airspace_ban", "elite_asset_freeze", "luxury_export_ban"):
            if not model.state(code).by_council[model.setting.find_act(instrument)]:
                model.state(code).announce(instrument)
    model.advance(1)
    decision, run, n_compared = model.engine.state.decision, model.engine, 0
    decision.threshold[:] = np.inf  # nobody decides on anything, however high the hazard
    for _ in range(3):
        model.advance(2)
        sums = []
        for _ in range(2):  # what has been put off is summed up, to the day before
            decision.is_stale[:] = True
            model.advance(1)
            sums.append(decision.summed.copy())
            if len(sums) == 1:
                day = model.day
                weighed_on, terms = run.state.trace.day.copy(), run.state.trace.terms.copy()
        for sender in model.senders:
            decider = run.decider_of(sender.seat)
            for act in np.flatnonzero(~sender.by_council & (weighed_on[sender.seat] == day)):
                weighed = hazard.log_hazard(Terms(*terms[sender.seat, act]), model.setting.weights)
                eta = weighed + sum(added for _, added in run.shared_by(decider, act, day))
                grown = sums[1][act, decider] - sums[0][act, decider]
                assert grown == pytest.approx(clock.hazard(eta, 1.0), rel=1e-9, abs=1e-14)
                n_compared += 1
    assert n_compared > 500


def test_what_is_done_by_hand_is_done_on_the_coming_day_whatever_anybody_would_decide(begin):
    model = begin(days=30, step_days=10, rule=Rule(intercept=-30.0), response__intercept=-30.0)
    japan, russia = model.state("JPN"), model.state("RUS")
    act = model.setting.find_act("elite_asset_freeze", "RUS")
    japan.announce("elite_asset_freeze", "RUS")
    assert not japan.level.any()
    model.step()
    assert japan.announced[act].tolist()[:2] == [0, NEVER]
    japan.announce("elite_asset_freeze")
    model.council("EU").announce("luxury_export_ban", "RUS")
    russia.answer("gas_cutoff", "LTU")
    model.advance(3)
    assert japan.announced[act].tolist()[:3] == [0, 10, NEVER]
    luxury = model.setting.find_act("luxury_export_ban", "RUS")
    members = model.council("EU").members
    assert {int(member.announced[luxury, 0]) for member in members} == {10}
    assert model.council("EU").level[luxury] == 1
    assert russia.cut_off == {("gas_cutoff", "LTU"): 10}
    japan.withdraw("elite_asset_freeze")
    model.step()
    assert model.day == 19
    assert not japan.level.any()
    events = model.events()
    events = events[~events["kind"].isin(["event", "talks", "stance", "cooperation", "protest"])]
    assert list(zip(events["day"], events["kind"], events["actor"], strict=True)) == [
        (0, "measure", "JPN"),
        (10, "council", "EU"),
        (10, "countermeasure", "RUS"),
        (10, "measure", "JPN"),
        (13, "withdrawal", "JPN"),
    ]
    model.step()
    with pytest.raises(InputError, match="the run ended on 2022-03-22; nobody acts after it"):
        japan.announce("elite_asset_freeze")


def test_the_days_of_a_run_end(begin):
    model = begin(days=20, step_days=10)
    model.advance(7)
    model.step()
    assert model.day == 9
    model.advance(100)
    assert model.day == 19
    assert not model.running
    model.step()
    assert model.day == 19
    assert list(model.datacollector.get_model_vars_dataframe()["day"]) == [9]


def test_a_script_does_what_is_done_by_hand(begin):
    by_hand, scripted = {}, [
        {"date": "2022-02-25", "actor": "JPN", "act": "elite_asset_freeze", "against": "BLR"},
        {"date": "2022-03-02", "actor": "EU", "act": "gas_import_ban"},
        {"date": "2022-03-05", "actor": "JPN", "act": "elite_asset_freeze", "against": "BLR",
         "undo": True},
        {"date": "2022-03-09", "actor": "RUS", "act": "gas_cutoff", "against": "LTU"},
    ]  # fmt: skip
    for entry in scripted:
        by_hand[date.fromisoformat(entry["date"]) - date(2022, 2, 21)] = entry
    model = begin(days=30)
    for days, entry in by_hand.items():
        model.advance(days.days - model.day - 1)
        what = entry["actor"], entry["act"], entry.get("against", ""), entry.get("undo", False)
        model.carry_out(*what)
    model.step()
    told = begin(days=30, scenario__script=scripted)
    told.step()
    assert model.events().equals(told.events())
    assert model.outcomes() == pytest.approx(told.outcomes(), abs=0.0, nan_ok=True)
