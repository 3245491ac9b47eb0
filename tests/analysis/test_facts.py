"""The ledger of stylised facts: verdicts, what they rest on, and the page that shows them."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.facts import coalition, paths, trade
from sim.analysis.facts.coalitions import embargo, price
from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.ledger import (
    FAILS,
    HOLDS,
    NOT_MODELLED,
    PARTLY,
    TRUE,
    YES_OR_NO,
    Claim,
    Row,
    verdict,
)  # fmt: skip
from sim.analysis.facts.page import cells, page, terminal
from sim.analysis.facts.themes import THEMES, every_fact
from sim.analysis.record import read_record
from sim.cli import main
from sim.codes import ALL, ANSWER
from sim.economy.currency import felt_after
from sim.engine.run import Run

ROOT = Path(__file__).parents[2]
FACTS = {fact.code: fact for fact in every_fact()}
NEVER = float("inf")


@pytest.fixture(scope="module")
def evidence():
    """Return a year in steps of a month: enough for every date of 2022."""
    return Evidence(2, 1, ("scenario.steps=11", "scenario.step_days=30"))


@pytest.mark.parametrize(
    ("values", "claim", "expected"),
    [
        ([5.0, 6.0, 7.0, 8.0, 20.0], Claim(5.0, 8.0), HOLDS),
        ([5.0, 6.0, 7.0, 18.0, 20.0], Claim(5.0, 8.0), PARTLY),
        ([5.0, 16.0, 17.0, 18.0, 20.0], Claim(5.0, 8.0), PARTLY),
        ([15.0, 16.0, 17.0, 18.0, 20.0], Claim(5.0, 8.0), FAILS),
        ([15.0, 16.0, 17.0, 18.0, -2.0], Claim(5.0, 8.0, sign=1), PARTLY),
        ([15.0, 16.0, 17.0, -1.0, -2.0], Claim(5.0, 8.0, sign=1), FAILS),
        ([-1.0, -2.0, -3.0, -4.0, -5.0], Claim(-9.0, -8.0, sign=-1), PARTLY),
        ([NEVER], Claim(1.0, 9.0), FAILS),
        ([NEVER], Claim(1.0, NEVER), HOLDS),
        ([float("nan")], Claim(-NEVER, NEVER), FAILS),
        ([1.0, 1.0, 1.0, 1.0, 0.0], TRUE, HOLDS),
        ([0.0], TRUE, FAILS),
        (None, TRUE, NOT_MODELLED),
    ],
)
def test_a_verdict_counts_the_runs_in_the_range(values, claim, expected):
    assert verdict(values, claim) == expected


def test_a_band_is_made_of_runs_and_leaves_out_what_has_no_value():
    fact = FACTS["unfriendly_list"]
    days = np.array([float("nan"), *range(1, 11), NEVER])
    assert Row(fact, days).band().tolist() == [2.0, 6.0, 10.0]
    assert np.isnan(Row(fact, np.array([float("nan")])).band()).all()
    assert "never" in cells(Row(fact, np.array([1.0, NEVER, NEVER])))[4]


def test_a_fact_says_what_it_claims_and_where_that_stands():
    assert len(FACTS) == len(every_fact())
    for fact in every_fact():
        assert fact.claim.low <= fact.claim.high, fact.code
        assert fact.statement.endswith("."), fact.code
        assert fact.source, fact.code
        assert fact.status in ("read", "recalled", "derived"), fact.code
        assert bool(fact.basis) == (fact.measure is not None), fact.code
        assert fact.measure or fact.why, f"{fact.code}: say what it would take"
        assert (fact.unit == YES_OR_NO) == (fact.claim == TRUE and fact.measure is not None)


def test_what_was_set_with_the_record_in_view_is_marked():
    assert all(fact.fitted for fact in THEMES["Who acts when"])
    assert [fact.code for fact in THEMES["The ruble"] if fact.fitted] == ["weak_in_march"]
    assert FACTS["trough_in_spring"].fitted
    assert not FACTS["china_increment"].fitted


def test_rows_on_months_that_were_learnt_on_are_marked_and_later_ones_are_not():
    last = "2022-06"  # what firms hold back is learnt on March to June 2022
    seen = {"imports_in_autumn", "imports_in_november"}  # a form was chosen with them in view
    for fact in THEMES["Russia's imports"]:
        months = [word for word in getattr(fact.measure, "args", ()) if str(word)[:3] == "202"]
        if months:
            assert fact.fitted == (min(months) <= last or fact.code in seen), fact.code
    for fact in THEMES["Losses"]:
        assert not fact.fitted, fact.code


def test_the_page_has_a_row_for_each_fact_with_its_statement_source_and_mark():
    text = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| **")]
    shown = {row[0].split("**")[1]: row for row in rows}
    assert set(shown) == set(FACTS), "docs/facts.md is stale: run `make facts`"
    for code, fact in FACTS.items():
        values = None if fact.measure is None else np.zeros(1)
        statement, source, outcome, claimed, _, _, fitted = cells(Row(fact, values))
        first, second, third, fourth, _, _, last = shown[code]
        assert (f"| {statement}", source, outcome) == (first, second, third), code
        assert (claimed, f"{fitted} |") == (fourth, last), code


def test_the_page_gives_a_reason_for_every_fact_that_does_not_hold():
    text = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    assert "no reason found yet" not in text


def test_a_page_and_a_table_say_fails_where_a_fact_fails():
    good, bad = (Row(FACTS["china_increment"], np.full(5, value)) for value in (22.0, 70.0))
    text = page({"Theme": [good, bad]}, 5, 1, 1)
    assert "| not fitted | 1 | 1 | 0 | 0 |" in text  # 70 has the right sign
    assert "22 (22 to 22) | holds |" in text
    assert "| Theme | 1 | 1 | 0 | 2 | 1 | 0 | 0 | 0 |" in text
    assert "- **china_increment** (partly):" in text
    assert "of 2 that were not fitted 1 hold, 1 on free runs." in terminal([good, bad])


def test_a_fact_on_the_record_tells_what_free_runs_give_and_counts_by_the_record():
    fact = FACTS["urals_in_autumn"]
    row = Row(fact, np.full(5, 30.0), np.full(5, 90.0))
    assert (row.verdict, row.on_free_runs.verdict) == (HOLDS, PARTLY)
    assert cells(row)[4] == "30 (30 to 30); on free runs 90 (90 to 90), partly"
    text = page({"Energy": [row]}, 5, 1, 1)
    assert "| not fitted | 1 | 0 | 0 | 0 |" in text
    assert "| not fitted, all on free runs | 0 | 1 | 0 | 0 |" in text
    assert "| Imports, ruble, energy and losses together | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 |" in text
    assert "1 hold, 0 on free runs." in terminal([row])


def test_what_is_on_the_record_is_the_economy_and_nothing_that_states_decide():
    by_theme = {
        theme: [fact for fact in facts if fact.on_record] for theme, facts in THEMES.items()
    }
    assert [theme for theme, facts in by_theme.items() if facts] == [
        "Russia's imports", "The ruble", "Energy", "Losses"
    ]  # fmt: skip
    exact = {fact.code for fact in (*THEMES["Energy"], *THEMES["Losses"]) if not fact.on_record}
    assert exact == {
        "no_russian_crude", "world_embargo", "allied_embargo", "allies_in_embargo",
        "german_energy_stop", "hungarian_gas_stop", "union_energy_stop",
    }  # fmt: skip
    assert all(fact.on_record for fact in (*by_theme["Russia's imports"], *THEMES["The ruble"]))


def test_runs_on_the_record_do_what_it_says_and_decide_after(evidence):
    on_record, setting = evidence.on_record, evidence.on_record.setting
    until = setting.script.decide_from - 1
    assert setting.date_of(until) == date(2022, 5, 20)
    days = on_record.ensemble().announced
    told = {
        (setting.sender_codes.index(row.actor), setting.find_act(row.instrument, row.target))
        for row in read_record(evidence.world.folder / "timeline.csv", setting).dated
        if row.actor in setting.sender_codes
    }
    early = (days >= 0) & (days <= until)
    assert (early == early[0]).all()  # in all runs the same
    assert all(early[0][cell] for cell in told)
    assert (days > until).any()
    assert on_record.watched is not evidence.watched
    assert on_record.world is evidence.world


def test_targets_answer_on_the_record_what_they_answered():
    setting = Evidence(1, 1, ("scenario.steps=40",)).on_record.setting
    names = [counter.code for counter in setting.world.countermeasures]
    answers = {
        (names[c], whom, setting.date_of(day))
        for day, kind, t, c, whom in setting.script.rows.tolist()
        if kind == ANSWER and list(setting.config.scenario.targets)[t] == "RUS"
    }
    poland, union = (setting.sender_codes.index(code) for code in ("POL", "REU"))
    assert ("capital_controls", ALL, date(2022, 2, 28)) in answers
    assert ("gas_cutoff", poland, date(2022, 4, 26)) in answers
    assert ("gas_throttle", ALL, date(2022, 5, 11)) in answers
    assert not any(name == "gas_cutoff" and whom == union for name, whom, _ in answers)
    assert len({(name, whom) for name, whom, _ in answers}) == len(answers)  # each once
    assert setting.script.answer_from == setting.script.decide_from


def test_no_target_answers_by_itself_before_the_record_ends():
    setting = Evidence(1, 1, ("scenario.steps=15", "response.intercept=8")).on_record.setting
    run, listed = Run(setting, seed=3), [row.code for row in setting.world.countermeasures]
    end = setting.script.answer_from
    scripted = {(t, c) for _, kind, t, c, _ in setting.script.rows.tolist() if kind == ANSWER}
    run.advance(end)
    issued = run.state.target.issued
    assert {(t, c) for t, c in np.argwhere(issued >= 0).tolist()} <= scripted
    run.advance(7)
    assert run.state.target.issued[1, listed.index("policy_rate")] >= end  # Belarus, by itself


def test_facts_are_measured_on_a_small_ensemble(evidence):
    chosen = ("g7_acts", "swift_lag", "unfriendly_list", "early_answers", "china_silent",
              "share_of_all", "imposed_together", "route_small", "china_share", "armenia_share",
              "hubs_buy_more", "weak_in_march", "exports_of_union_turn", "exports_of_china_autumn",
              "imports_of_2022", "imports_against_control", "firms_leave", "urals_in_autumn",
              "revenue_in_autumn", "fuels_fall", "gas_in_september", "current_account",
              "gdp_of_2022", "gdp_of_belarus", "armenia_gains", "allies_in_embargo",
              "equal_burdens", "german_energy_stop")  # fmt: skip
    for code in chosen:
        row = Row.of(FACTS[code], evidence)
        assert row.values is not None
        assert row.values.shape in ((1,), (2,)), code
        assert not np.isnan(row.values).any(), code
        assert cells(row)[4], code


def test_a_fact_fails_where_the_mechanism_behind_it_is_turned_round():
    year = ("scenario.steps=11", "scenario.step_days=30")
    turned = Evidence(1, 1, (*year, "evasion.leak_max=0", "third.condemn=20"))
    assert Row.of(FACTS["route_small"], turned).verdict == FAILS
    assert Row.of(FACTS["china_silent"], turned).verdict == FAILS


def test_evidence_is_simulated_once(evidence):
    assert evidence.ensemble() is evidence.ensemble("baseline")
    assert evidence.watched is evidence.watched


def test_watched_runs_are_those_of_the_ensemble(evidence):
    seat = evidence.setting.sender_codes.index("USA")
    acts = [evidence.setting.find_act("leader_asset_freeze", target) for target in ("RUS", "BLR")]
    first = evidence.watched.first(("measure",), "USA", "leader_asset_freeze")
    days = evidence.ensemble().announced[0, seat, acts]
    assert first[0] == days[days >= 0].min()


def test_a_date_is_read_at_the_last_step_that_has_ended(evidence):
    watched = evidence.watched
    assert watched.dates[0] == date(2022, 3, 22)
    assert watched.step_by(date(2022, 3, 21)) == 0
    assert watched.step_by(date(2022, 4, 21)) == 1
    assert watched.step_by(date(2030, 1, 1)) == 10


def without_measures(watched, **instead):
    """Return runs in which nobody covers or holds back anything, but for what is said."""
    kinds = (
        "covered", "held", "withheld", "withheld_third", "maturity", "leak", "carried",
        "payment_bn", "in_effect",
    )  # fmt: skip
    nothing = {name: np.zeros_like(getattr(watched, name)) for name in kinds}
    return replace(watched, **nothing | instead)


def test_without_acts_nobody_loses_and_imports_keep_their_shares(evidence):
    watched = evidence.watched
    war = watched.setting.war._replace(closed=np.zeros_like(watched.setting.war.closed))
    setting = replace(watched.setting, war=war)
    idle = replace(without_measures(watched), setting=setting)
    assert np.abs(price(setting, idle.covered[:, -1]).together).max() < 1e-8
    before = trade.goods_bought(watched).sum(axis=0)
    assert import_shares(idle, 0, 5) == pytest.approx(before / before.sum())
    own, carried = trade.import_values(idle, 0, 5)
    assert own == pytest.approx(before)
    assert not carried.any()
    assert trade.imports_lost(idle).max() == 0.0
    assert trade.share_change("DEU", _with(evidence, idle)) == pytest.approx([0.0], abs=1e-6)


def test_imports_lost_with_services_are_those_that_the_engine_feels(monkeypatch):
    # At one elasticity: on the path the engine covers at the maturity with which a step begins. And
    # nothing held back. The ledger tells what is delivered, the engine what is paid.
    year = ("scenario.steps=11", "scenario.step_days=30", "economy.horizon=short_run")
    letter = ("reluctance.payment_risk=0", "reluctance.reputation=0")
    watched = Evidence(1, 1, (*year, *letter)).watched
    monkeypatch.setattr(
        trade, "goods_of", lambda setting: np.full(len(setting.exposure.sectors), True)
    )
    monkeypatch.setattr(trade, "undelivered", trade.missing)
    ours, felt = trade.imports_lost(watched), 0.0
    for step, lost in enumerate(ours[0]):
        felt = felt_after(felt, lost, 30.0, watched.setting.config.currency.delivery_days)
        assert watched.imports_lost[0, step, watched.russia] == pytest.approx(felt)
    assert ours.max() > 0.1


def test_goods_under_running_contracts_are_delivered_as_long_as_the_act_allows(evidence):
    watched, way = evidence.watched, 0
    setting, russia = watched.setting, watched.russia
    (k,) = [
        k for k, act in enumerate(setting.acts)
        if act.measure.code == "machinery_export_ban" and setting.menu.aimed_at[k] == russia
    ]  # fmt: skip
    assert setting.acts[k].measure.wind_down_days // 30 == 3
    in_effect, covered = np.zeros_like(watched.in_effect), np.zeros_like(watched.covered)
    germany, begun = setting.sender_codes.index("DEU"), 2
    in_effect[:, begun:, germany, k] = 2
    covered[:, begun:, germany, russia, way] = setting.covers.trade[k, 2, way]
    banned = without_measures(watched, in_effect=in_effect, covered=covered)
    gone, missed = (of(banned, way) for of in (trade.missing, trade.undelivered))
    assert gone[:, begun].max() > 0.1
    assert not missed[:, : begun + 3].any()
    assert missed[:, begun + 3 :] == pytest.approx(gone[:, begun + 3 :])
    shy = replace(
        banned, held=0.5 * (1.0 - covered[:, :, :, :, :2]), withheld=np.ones_like(watched.withheld)
    )
    assert trade.undelivered(shy, way)[:, : begun + 3] == pytest.approx(0.5)  # while it may be sold


def test_what_is_held_back_is_lost_and_leaks_but_not_what_third_states_hold_back(evidence):
    watched = evidence.watched
    bought = trade.goods_bought(watched)
    third = trade.third_states(watched.setting)
    holds = watched.setting.exposure.withholding[third, watched.russia]
    part = (bought[:, third] @ holds).sum() / bought.sum()  # withheld_export is 1 in all goods
    held = np.ones_like(watched.withheld_third)
    leaking = np.full_like(watched.leak, 0.5)
    idle = without_measures(watched, withheld_third=held, leak=leaking)
    assert trade.imports_lost(idle)[0] == pytest.approx(part, rel=1e-3)  # from the first step on
    shy = without_measures(watched, held=np.ones_like(watched.held), withheld=held, leak=leaking)
    senders = bought[:, watched.setting.senders].sum() / bought.sum()
    assert trade.imports_lost(shy)[0, -1] == pytest.approx(senders / 2.0, rel=1e-3)
    half = replace(shy, maturity=np.full_like(watched.maturity, 0.5))  # others sell the half of it
    assert trade.imports_lost(half)[0, -1] == pytest.approx(senders / 4.0, rel=1e-3)


def test_what_carriers_bring_is_apart_from_their_own_goods(evidence):
    watched, china = evidence.watched, evidence.world.index("CHN")
    alone = np.zeros_like(watched.carried)
    alone[..., china] = 0.1
    through_china = replace(watched, carried=alone)
    own, carried = trade.import_values(through_china, 0, 9)
    assert np.flatnonzero(carried).tolist() == [china]
    both = import_shares(through_china, 0, 9)
    assert both[china] == pytest.approx((own[china] + carried[china]) / (own + carried).sum())
    assert own == pytest.approx(trade.import_values(watched, 0, 9)[0])


def test_hubs_buy_of_the_union_in_proportion_to_its_goods_covered(evidence):
    watched, world = evidence.watched, evidence.world
    bought = np.zeros_like(watched.hub_bought_bn)
    bought[..., world.index("KAZ")] = 1.2
    bought[..., world.index("CHN")] = 50.0
    whole = np.ones_like(watched.covered)
    followed = without_measures(watched, hub_bought_bn=bought, covered=whole)
    of_kazakhstan = trade.hub_purchases(_with(evidence, followed))
    setting, union = watched.setting, ("FRA", "DEU", "ITA", "POL", "HUN", "NLD", "LTU", "REU")
    sold = trade.goods_bought(watched).sum(axis=0)
    all_sales = setting.exposure.flow_bn[setting.senders, world.index("RUS")].sum()
    part = sum(sold[world.index(code)] for code in union) / all_sales
    assert of_kazakhstan == pytest.approx([100.0 * part])


def import_shares(watched, run, step):
    """Return the share of each state in Russia's imports; what it carries counts as its own."""
    by_state = np.sum(trade.import_values(watched, run, step), axis=0)
    return by_state / by_state.sum()


def test_a_share_of_the_year_has_the_months_before_the_first_day_as_they_were(evidence):
    watched, world = evidence.watched, evidence.world
    whole = without_measures(watched, covered=np.ones_like(watched.covered))
    before, days = trade.goods_bought(watched).sum(axis=0), 30.0
    steps = [k for k, end in enumerate(watched.dates) if end.year == 2022]
    left = 365.0 - days * len(steps)
    after = [np.sum(trade.import_values(whole, 0, k)) for k in steps]
    assert 0.0 < left < 100.0
    germany = before[world.index("DEU")]
    of_year = germany * left / (before.sum() * left + days * np.sum(after))  # then it sells nothing
    expected = 100.0 * (of_year - germany / before.sum())
    assert trade.share_change("DEU", _with(evidence, whole)) == pytest.approx([expected])


def _with(evidence, watched):
    """Return evidence whose runs followed step by step are these."""
    other = copy.copy(evidence)
    other.__dict__["watched"] = watched
    return other


def test_all_covered_and_nothing_leaking_the_senders_share_is_lost(evidence):
    watched = evidence.watched
    whole = without_measures(watched, covered=np.ones_like(watched.covered))
    bought = trade.goods_bought(watched).sum(axis=0)
    senders = bought[watched.setting.senders].sum() / bought.sum()
    expected = np.full(11, senders)
    assert trade.imports_lost(whole)[0] == pytest.approx(expected)
    assert paths.union_exports(whole)[0] == pytest.approx(-100.0 * expected / senders)
    assert paths.imports(whole)[0] == pytest.approx(-100.0 * expected)


def test_a_sender_that_sells_nothing_more_is_out_of_the_imports_of_the_equilibrium(evidence):
    watched, china = evidence.watched, evidence.world.index("CHN")
    whole = without_measures(watched, covered=np.ones_like(watched.covered))
    shares = import_shares(whole, 0, 5)
    assert shares[watched.setting.senders].max() < 1e-6
    before = trade.goods_bought(watched).sum(axis=0)
    assert shares[china] > 1.2 * before[china] / before.sum()
    held = without_measures(watched, withheld_third=np.ones_like(watched.withheld_third))
    assert import_shares(held, 0, 5)[china] < 1e-6


def test_what_a_bank_s_exclusion_stops_is_not_banned(evidence):
    watched = evidence.watched
    step = watched.step_by(trade.END_2022)
    banned = trade.banned(watched, step)
    covered = watched.covered[:, step, :, watched.russia, 0]
    assert (banned <= covered + 1e-12).all()
    assert (banned < covered - 1e-3).any()
    idle = replace(
        watched,
        in_effect=np.zeros_like(watched.in_effect),
        answered=np.zeros_like(watched.answered),
    )
    assert trade.unbanned_share(_with(evidence, idle)) == pytest.approx([100.0])


def test_a_mean_of_months_is_of_the_steps_that_end_in_them(evidence):
    watched = evidence.watched
    count = replace(watched, log_rate=np.arange(11.0)[None] / 100.0)
    ends = [f"{end:%Y-%m}" for end in count.dates]
    two = _with(evidence, count)
    assert paths.mean("log_rate", ends[1], ends[3], two) == pytest.approx([2.0])
    assert paths.change("log_rate", [ends[1]] * 2, [ends[3]] * 2, two) == pytest.approx([2.0])
    assert paths.rise("log_rate", [ends[1]] * 2, [ends[3]] * 2, two) == pytest.approx([200.0])
    assert np.isnan(paths.mean("log_rate", "2030-01", "2030-12", two)).all()
    assert np.isnan(trade.sales_change("CHN", "2030-01", "2030-12", two)).all()
    of_year = sum(k for k, end in enumerate(ends) if end[:4] == "2022") * 30.0 / 365.0
    assert paths.of_year("log_rate", two) == pytest.approx([of_year])


def test_a_discount_is_what_the_world_price_is_above_what_is_paid(evidence):
    watched = evidence.watched
    sectors, t = watched.setting.exposure.sectors, watched.russia
    oil, markets = sectors.index("oil"), watched.setting.energy.markets
    days = 30 * np.arange(1, 12) - 1
    value = np.zeros_like(watched.export_bn)
    value[:, :, t, oil] = 0.75 * 0.8 * markets.exported_bn[t, oil]
    value[:, :, t, oil] *= 1.0 + markets.follows[t, oil] * (
        watched.setting.energy.price[days, oil] - 1.0
    )
    lost = np.full_like(watched.export_lost, 0.2)
    sold = replace(
        watched, export_bn=value, export_lost=lost, price_log=np.zeros_like(watched.price_log)
    )
    assert paths.discount(sold) == pytest.approx(25.0)
    assert paths.fuel_exports(sold) == pytest.approx(value[:, :, t, oil] / 12.0)


def test_transfers_are_what_makes_losses_equal(evidence):
    other, world = copy.copy(evidence), evidence.world
    loss = np.ones((1, len(world.states)))
    loss[0, world.index("DEU")] = 2.0
    other.__dict__["priced"] = replace(evidence.priced, together=loss)
    gdp = world.gdp_bn[evidence.setting.senders].sum()
    germany = world.gdp_bn[world.index("DEU")]
    expected = germany * (1.0 - germany / gdp) / 100.0
    assert coalition.transfers(other) == pytest.approx([expected])


def test_a_larger_embargo_costs_the_target_more(evidence):
    setting, russia = evidence.setting, evidence.world.index("RUS")
    few, all_senders = (
        embargo(setting, members)[russia] for members in (("DEU",), setting.sender_codes)
    )
    assert 0.0 < few < all_senders


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["run=3"], "did you mean 'runs'"),
        (["runs"], "must look like runs=value"),
        (["runs=0"], "runs must be a whole number from 1 to 1,000,000; found '0'"),
        (["runs=2", "watched=3"], "watched must lie between 1 and runs=2; found 3"),
        (["out=nowhere/facts.md"], "must be a file in a folder that exists"),
    ],
)
def test_a_mistake_gets_one_line(words, expected, capsys):
    assert main(["facts", *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert expected in error


def test_help_needs_no_simulation(capsys):
    assert main(["facts", "--help"]) == 0
    assert "watched=M" in capsys.readouterr().out
