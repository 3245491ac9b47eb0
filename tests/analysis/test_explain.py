"""Why a state did or did not: the days counted over draws, the record, and the command."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sim.analysis.explain.answer import explained
from sim.analysis.explain.draws import Draws, days_of_answer, days_of_council, days_of_measure
from sim.analysis.explain.record import in_reality
from sim.cli import main
from sim.compose import checked, compose
from sim.engine import simulate_setting
from sim.errors import InputError
from sim.setting import prepare

SHORT = ["scenario.steps=10", "runs=6"]


@pytest.fixture(scope="module")
def setting(world):
    return prepare(world, checked(compose(["scenario.steps=10"])))


@pytest.fixture(scope="module")
def ensemble(setting):
    return simulate_setting(setting, 6, record="events")


def test_a_share_of_all_draws_is_reached_on_a_day_or_never():
    draws = Draws(np.array([5, -1, 3, 9]))
    assert [draws.by(day) for day in (2, 3, 5, 100)] == [0, 1, 2, 3]
    assert [draws.day_of(share) for share in (0.25, 0.5, 0.75, 0.9)] == [3, 5, 9, -1]


@pytest.mark.parametrize("code", ["JPN", "DEU", "EU"])
@pytest.mark.parametrize("wave", [1, 2])
def test_days_over_draws_are_those_of_the_events_of_each_run(setting, ensemble, code, wave):
    act, events = setting.find_act("elite_asset_freeze", "RUS"), ensemble.events()
    actors = [code, "EU"] if code == "DEU" else [code]
    own = events[
        events["actor"].isin(actors)
        & events["kind"].isin(["measure", "council"])
        & (events["instrument"] == "elite_asset_freeze")
        & (events["target"] == "RUS")
    ]
    days = [sorted(own[own["run"] == run]["day"])[wave - 1 : wave] for run in ensemble.runs]
    if code == "EU":
        councils = [council.institution.code for council in setting.councils]
        found = days_of_council(ensemble, councils.index("EU"), act, wave)
    else:
        found = days_of_measure(ensemble, setting.sender_codes.index(code), act, wave)
    assert found.days.tolist() == [day[0] if day else -1 for day in days]
    assert (found.days >= 0).any()


def test_an_answer_to_a_sender_is_counted_apart_from_those_to_others(setting, ensemble):
    codes = [counter.code for counter in setting.world.countermeasures]
    closure, seats = codes.index("airspace_closure"), range(len(setting.sender_codes))
    anybody = days_of_answer(ensemble, 0, closure).days
    each = np.array([days_of_answer(ensemble, 0, closure, seat).days for seat in seats])
    first = np.where(each < 0, 10**6, each).min(axis=0)
    assert anybody.tolist() == np.where(first == 10**6, -1, first).tolist()


@pytest.mark.parametrize(
    ("code", "measure", "said"),
    [
        ("JPN", "oil_refining_export_ban", "In reality: 8 March 2022"),
        ("DEU", "swift_exclusion", "In reality: "),
        ("EU", "oil_import_ban", "In reality: not by "),
    ],
)
def test_the_record_says_when_or_by_when_not(setting, code, measure, said):
    day, words = in_reality(setting, code, setting.find_act(measure, "RUS"), 1)
    assert words.startswith(said)
    assert (day is None) == ("not by" in words)


def test_a_day_asked_about_is_explained_as_of_that_day(setting):
    early = explained(setting, "JPN", "oil_refining_export_ban", day="2022-02-24", runs=2)
    late = explained(setting, "Japan", "oil_refining_export_ban", runs=2)
    assert early.reasons.day.isoformat() == "2022-02-24"
    assert "not announced by 24 February 2022" in early.words
    assert early.own_day == late.own_day
    assert late.reasons.day == setting.date_of(late.own_day)


def test_the_command_says_why_how_often_and_when_in_reality(capsys):
    assert main(["explain", "JPN", "oil_refining_export_ban", *SHORT, "run=3"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Japan: Export ban on oil-refining equipment against Russia\n")
    for part in (
        "What it weighed on ", "So the chance that Japan would announce it that day was ",
        "In reality: 8 March 2022.", "Over 6 draws of chance", "of all draws", "in this run ",
        "seed 2022, run 3, beside 6 runs",
    ):  # fmt: skip
        assert part in text
    assert not re.search(r"nan|-0\.0|inf\b", text)


@pytest.mark.parametrize(
    "words",
    [["RUS"], ["RUS", "gas_cutoff", "target=POL"], ["CHN"], ["UKR"], ["EU"], ["JPN"], ["ALLIES"]],
)
def test_every_role_is_explained(words, capsys):
    assert main(["explain", *words, *SHORT]) == 0
    assert capsys.readouterr().out.count("\n") >= 3


def test_what_a_scenario_imposes_is_neither_weighed_nor_drawn(capsys):
    imposed = "+scenario.imposed.full_embargo=2022-03-01"
    assert main(["explain", "DEU", "full_embargo", imposed, *SHORT]) == 0
    text = capsys.readouterr().out
    assert "It was imposed by the scenario, not decided." in text
    assert "draws of chance" not in text


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
@pytest.mark.parametrize("who", ["JPN", "EU"])
def test_a_figure_is_written_in_the_form_of_its_ending(tmp_path, who, ending, capsys):
    out = tmp_path / f"why.{ending}"
    assert main(["explain", who, "oil_import_ban", f"out={out}", *SHORT]) == 0
    head = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending]
    assert out.read_bytes().startswith(head)
    assert f"Figure: {out}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Japn", "oil_import_ban"], "'Japn' is unknown; did you mean 'JPN' (Japan)?"),
        (["XYZ"], "state or council 'XYZ' is unknown (known: ALL"),
        (["JPN", "oil_import_bn"], "did you mean 'oil_import_ban'"),
        (["JPN", "oil_import_ban", "target=CHN"], "target of oil_import_ban 'CHN' is unknown"),
        (["JPN", "oil_import_ban", "day=8.3.2022"], "day must be a date like 2022-03-08"),
        (["JPN", "oil_import_ban", "day=2021-03-08"], "write for instance day=2022-02-21"),
        (["JPN", "oil_import_ban", "day="], "day must have a value"),
        (["EU", "condemnation"], "does not decide on Diplomatic condemnation"),
        (["JPN", "full_embargo"], "on nobody's menu in this run"),
        (["CHN", "oil_import_ban"], "it takes no measures in this run"),
        (["RUS", "oil_import_ban"], "answer of RUS 'oil_import_ban' is unknown"),
        ([], "explain takes a state or council and a measure"),
        (["JPN", "a", "b"], "found JPN a b"),
        (["JPN", "oil_import_ban", "out=x.gif"], "a figure ends in .png, .svg, .pdf"),
        (["JPN", "oil_import_ban", "out=no/where/x.png"], "there is no folder 'no/where'"),
        (["CHN", "out=x.png"], "here nothing was"),
        (["JPN", "oil_import_ban", "runs=0"], "runs must be a whole number from 1 to"),
    ],
)
def test_a_mistake_gets_one_line(words, expected, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["explain", *words, "scenario.steps=10"]) == 2
    shown = capsys.readouterr()
    assert expected in shown.err
    assert shown.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_terms_are_the_rules_own_and_sum_to_the_hazard_of_the_engine(setting):
    from sim.model import SanctionsModel

    model = SanctionsModel(setting, seed=7, run=2)
    model.advance(10)
    act, weights = setting.find_act("oil_refining_export_ban", "RUS"), setting.weights
    sender = model.state("JPN")
    reasons, weighed = sender.reasons("oil_refining_export_ban"), sender.weighed(act)
    added = {reason.name: reason.added for reason in reasons.terms}
    assert added["involvement"] == pytest.approx(weights.involvement * weighed.involvement)
    assert added["effect"] == pytest.approx(weighed.effect)
    assert added["peer"] == pytest.approx(weights.peer * weighed.peer, abs=1e-12)
    assert added["retaliation"] == pytest.approx(-weights.retaliation * weighed.retaliation)
    assert reasons.start + sum(added.values()) == pytest.approx(reasons.log_hazard)
    shared = sum(added[name] for name in ("frailty", "package", "agenda") if name in added)
    engine = model.engine.log_hazard(sender.seat, act)
    assert reasons.log_hazard - shared == pytest.approx(float(engine))


def test_a_rule_with_a_threshold_says_who_is_ahead_and_when_it_follows(capsys):
    follows = ["rule=threshold", "rule.threshold_mean=0.1", "rule.follower_intercept=2"]
    assert main(["explain", "JPN", "oil_import_ban", *follows, *SHORT]) == 0
    text = capsys.readouterr().out
    for part in ("states close to it that are ahead", "leaders that are ahead", "before it follo"):
        assert part in text


def test_a_member_says_which_council_must_agree_and_where_to_ask(capsys):
    assert main(["explain", "HUN", "oil_import_ban", "coordination=veto", *SHORT]) == 0
    text = capsys.readouterr().out
    assert "the Council of the European Union must agree" in " ".join(text.split())
    assert "sanctionsim explain EU oil_import_ban" in text
    assert "Hungary was among the first to block it, on " in text
    *said, _ = text.splitlines()  # the last is where it comes from
    assert max(map(len, said)) <= 105


def test_a_day_beyond_the_last_names_the_last(setting):
    with pytest.raises(InputError, match="write for instance day=2022-05-01"):
        explained(setting, "JPN", "oil_import_ban", day="2030-01-01", runs=1)


def test_bars_in_a_terminal_say_the_same_as_the_text(setting, capsys):
    from sim.analysis.explain.bars import show

    reasons = explained(setting, "JPN", "oil_refining_export_ban", runs=1).reasons
    show(reasons)
    text = capsys.readouterr().out
    for reason in reasons.telling:
        assert reason.words[:20] in text
    assert reasons.result.split(",")[0][:40] in text
    assert "█" in text
