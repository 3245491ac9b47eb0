"""Every experiment composes and runs small, and bad input stops with one clear line."""

from __future__ import annotations

import numpy as np
import pytest

from sim.cli import main
from sim.compose import checked, compose, config_folder, options
from sim.errors import InputError
from sim.model import SanctionsModel
from sim.setting import prepare
from sim.world import load

NAMES = options("experiment")


def lines_of(name):
    path = config_folder() / "experiment" / f"{name}.yaml"
    return path.read_text(encoding="utf-8").splitlines()


def test_there_are_experiments_for_each_question():
    assert {"status_quo", "no_coordination", "eu_veto", "eu_majority", "china_joins"} <= set(NAMES)
    assert {"alone", "without", "together", "apart", "g7_only"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_opens_with_its_question_and_its_command(name):
    package, *head = lines_of(name)
    assert package == "# @package _global_"
    comments = [line for line in head if line.startswith("#")]
    command = comments.index(f"# sanctionsim run experiment={name}")
    question = " ".join(comments[:command])
    assert "?" in question or question.rstrip().endswith("bound.")
    # It comes before anything that is set.
    assert head[: command + 1] == comments[: command + 1]


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_runs_small(name):
    config = checked(compose([f"experiment={name}", "scenario.steps=2", "scenario.step_days=30"]))
    assert config.name == (f"{name}_{config.member}" if config.member else name)
    model = SanctionsModel(prepare(load(config.world.folder), config), seed=1)
    for _ in range(2):
        model.step()
    result = model.outcomes()
    assert len(model.history().steps) == 2
    assert 0.0 < result["coalition_gdp_share"] <= 1.0 + 1e-12
    assert result["acts_announced"] > 0.0


def stopped(name, **changes):
    words = [f"{key.replace('__', '.')}={value}" for key, value in changes.items()]
    config = checked(
        compose([f"experiment={name}", "scenario.steps=4", "scenario.step_days=30", *words])
    )
    model = SanctionsModel(prepare(load(config.world.folder), config), seed=1)
    for _ in range(4):
        model.step()
    return model


def test_an_embargo_of_the_world_hurts_more_than_one_of_the_coalition():
    coalition, world = stopped("embargo_coalition"), stopped("embargo_world")
    assert world.state("RUS").loss > coalition.state("RUS").loss > 0.0
    assert coalition.leak.max() == world.leak.max() == 0.0
    day = coalition.announced[coalition.announced >= 0]
    assert set(day) == {3}  # 24 February


def test_an_imposed_cut_off_hits_the_buyers_of_gas_on_its_day():
    model = stopped("energy_cutoff")
    answers = model.state("RUS").cut_off
    cut = {who: day for (code, who), day in answers.items() if code == "gas_cutoff"}
    assert str(model.setting.date_of(max(cut.values()))) == "2022-04-01"
    assert {"DEU", "LTU", "POL"} <= set(cut)
    assert not {"USA", "CAN", "AUS", "GBR", "JPN", "KOR"} & set(cut)


def test_without_coordination_nobody_looks_at_or_meets_anybody():
    config = checked(compose(["experiment=no_coordination"]))
    setting = prepare(load(config.world.folder), config)
    pulls = [getattr(setting.weights, name) for name in ("peer", "recent", "lead", "bloc")]
    assert pulls == [0.0, 0.0, 0.0, 0.0]
    assert not setting.meetings.lately.any()
    assert not setting.meetings.at_table.any()


def test_majority_and_veto_differ_from_each_other_and_from_the_baseline():
    """Hungary objects in both; only under unanimity does that hold the others up."""
    found = [stopped(name) for name in ("status_quo", "eu_majority", "eu_veto")]
    acts = [int((model.announced >= 0).sum()) for model in found]
    assert len({model.state("RUS").loss for model in found}) == 3
    assert acts[1] > acts[2]


def test_alone_means_alone():
    model = stopped("alone_deu")
    assert model.setting.sender_codes == ("DEU",)
    assert model.outcomes()["coalition_gdp_share"] == 1.0


def test_leaving_a_state_out_leaves_it_out_and_keeps_the_others():
    whole, without = stopped("status_quo"), stopped("without_jpn")
    assert set(whole.setting.sender_codes) - set(without.setting.sender_codes) == {"JPN"}
    measures = without.events().query("kind == 'measure'")
    assert not (measures["actor"] == "JPN").any()
    assert len(measures)


def test_a_union_is_left_out_or_alone_with_its_council_and_somebody_leads():
    everybody, union = prepared("status_quo").sender_codes, prepared("alone_eu")
    assert set(union.sender_codes) == set(everybody) & set(union.world.institution("EU").members)
    assert "EU" in {council.institution.code for council in union.councils}
    others = prepared("without_eu")
    assert set(others.sender_codes) == set(everybody) - set(union.sender_codes)
    assert prepared("g7_only").sender_codes == tuple(
        code for code in everybody if code in (*union.sender_codes, "USA", "CAN", "GBR", "JPN")
    )
    leaders = {}
    for name in ("without_eu", "without_usa", "alone_eu", "alone_can"):
        setting = prepared(name)
        leading = np.flatnonzero(setting.alliance.lead_share)
        leaders[name] = [setting.sender_codes[i] for i in leading]
    assert leaders == {
        "without_eu": ["USA"], "without_usa": ["GBR"], "alone_eu": ["DEU"], "alone_can": [],
    }  # fmt: skip
    assert not prepared("without_usa", "coordination.leaders=[]").alliance.lead_share.any()


def test_together_and_apart_carry_out_the_same_on_the_same_days_but_for_who_does():
    together, apart = stopped("together"), stopped("apart_jpn")
    seat = together.setting.sender_codes.index("JPN")
    assert apart.setting.sender_codes == ("JPN",)
    assert [act.measure for act in together.setting.acts] == [
        act.measure for act in apart.setting.acts
    ]
    assert (together.announced[seat] == apart.announced[0]).all()
    assert (together.announced == together.announced[seat]).all()
    assert (apart.announced[..., 0] > 0).all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["experiment=without_jap"], ["scenario.without", "'JAP'", "did you mean 'JPN'", "EU"]),
        (["experiment=alone_chn"], ["scenario.only", "CHN is no sender but a", "+scenario.roles"]),
        (["experiment=alone_csto"], ["'CSTO' is unknown", "known: AUKUS"]),
        (["member=JPN"], ["member=JPN", "changes nothing here", "experiment=alone"]),
    ],
)
def test_a_member_that_is_none_is_refused_with_those_that_are(words, said):
    with pytest.raises(InputError) as caught:
        prepare(load("march_2022"), checked(compose(words)))
    assert all(part in str(caught.value) for part in said), str(caught.value)


def prepared(name, *words):
    config = checked(compose([f"experiment={name}", "scenario.steps=2", *words]))
    return prepare(load(config.world.folder), config)


def test_a_scenario_event_happens_on_its_date_and_presses(capsys):
    label = "a second front"
    event = f"[{{date:2022-03-20,kind:trigger,severity:0.9,label:'{label}'}}]"
    model = stopped("status_quo", scenario__events=event)
    (row,) = model.events().query("detail == @label").to_dict("records")
    assert (row["date"], row["actor"], row["instrument"]) == ("2022-03-20", "world", "trigger")
    plain = stopped("status_quo")
    day = row["day"]
    assert model.setting.war.urgency[day] > plain.setting.war.urgency[day] + 0.8
    assert (model.setting.war.urgency[:day] == plain.setting.war.urgency[:day]).all()


def test_a_script_is_carried_out_on_its_days_whatever_anybody_decides():
    entries = (
        ("2022-02-22", "JPN", "oil_import_ban", "BLR", ""),
        ("2022-02-23", "RUS", "gas_cutoff", "POL", ""),
        ("2022-02-25", "JPN", "oil_import_ban", "BLR", ",undo:true"),
        ("2022-02-23", "EU", "coal_import_ban", "", ""),
    )
    script = ",".join(
        f"{{date:{day},actor:{actor},act:{act}{f',against:{whom}' * bool(whom)}{more}}}"
        for day, actor, act, whom, more in entries
    )
    events = stopped("status_quo", scenario__script=f"[{script}]").events()
    before_the_war = events[events["date"] < "2022-02-26"]
    found = before_the_war[["date", "actor", "kind", "instrument", "target"]].values.tolist()
    for row in (
        ["2022-02-22", "JPN", "measure", "oil_import_ban", "BLR"],
        ["2022-02-23", "RUS", "countermeasure", "gas_cutoff", "POL"],
        ["2022-02-23", "EU", "council", "coal_import_ban", "RUS"],
        ["2022-02-25", "JPN", "withdrawal", "oil_import_ban", "BLR"],
    ):
        assert row in found


def test_acting_by_hand_is_a_script_written_day_by_day():
    config = checked(compose(["scenario.steps=2"]))
    model = SanctionsModel(prepare(load(config.world.folder), config), seed=1)
    model.state("JPN").announce("oil_import_ban")
    model.advance(2)
    model.state("RUS").answer("gas_cutoff", "POL")
    model.step()
    model.step()
    script = [
        {"date": "2022-02-21", "actor": "JPN", "act": "oil_import_ban"},
        {"date": "2022-02-23", "actor": "RUS", "act": "gas_cutoff", "against": "POL"},
    ]
    config.scenario.script = script
    written = SanctionsModel(prepare(load(config.world.folder), config), seed=1)
    written.advance(14)
    assert model.events().equals(written.events())
    assert model.day == written.day == 13


SHORT = ["scenario.steps=4"]
SCRIPT = "scenario.script=[{{date:{date},actor:{actor},act:{act}}}]"
EVENT = "scenario.events=[{{date:{date},severity:{severity}{more}}}]"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["experiment=status_qou"], ["experiment 'status_qou' is unknown", "'status_quo'"]),
        (
            ["scenario.measures=[bank_freeze]"],
            ["scenario.measures: measure 'bank_freeze' is unknown", "'bank_asset_freeze'"],
        ),
        (
            ["+scenario.imposed.embargo='2022-03-01'"],
            ["scenario.imposed: measure 'embargo' is unknown", "full_embargo"],
        ),
        (
            ["+scenario.imposed.full_embargo='2023-03-01'"],
            ["scenario.imposed.full_embargo", "within the run", "found 2023-03-01"],
        ),
        (
            ["+scenario.imposed.full_embargo=soon"],
            ["scenario.imposed.full_embargo", "date", "'soon'"],
        ),
        (
            [EVENT.format(date="2022-06-01", severity=0.2, more="")],
            ["scenario.events[0].date", "2022-02-21 to 2022-03-20", "found 2022-06-01"],
        ),
        (
            [EVENT.format(date="2022-02-01", severity=0.2, more="")],
            ["scenario.events[0].date", "found 2022-02-01"],
        ),
        (
            [EVENT.format(date="2022-03-01", severity=0.2, more=",kind:triger")],
            ["scenario.events[0].kind 'triger' is unknown", "did you mean 'trigger'"],
        ),
        (
            [EVENT.format(date="2022-03-01", severity=0.2, more=",label:'=1+1'")],
            ["scenario.events[0].label must not begin as a spreadsheet's formula", "'=1+1'"],
        ),
        (
            [EVENT.format(date="2022-03-01", severity=0.2, more=",kind:involvement")],
            ["scenario.events[0]", "state: BLR"],
        ),
        (
            [EVENT.format(date="2022-03-01", severity=0.2, more=",kind:involvement,state:BLRR")],
            ["state 'BLRR' is unknown", "did you mean 'BLR'"],
        ),
        (
            [EVENT.format(date="2022-03-01", severity=2, more="")],
            ["scenario.events[0].severity", "between 0 and 1", "found 2"],
        ),
        (
            [EVENT.format(date="2022-03-01", severity="high", more="")],
            ["scenario.events[0].severity", "number", "'high'"],
        ),
        (
            [EVENT.format(date="2022-03-01", severity=0.2, more=",colour:red")],
            ["scenario.events[0]: field 'colour' is unknown", "label"],
        ),
        (["scenario.events=[{severity:0.2}]"], ["scenario.events[0] needs the field 'date'"]),
        (
            [EVENT.format(date="yesterday", severity=0.2, more="")],
            ["scenario.events[0].date", "'yesterday'"],
        ),
        (["scenario.events=[war]"], ["scenario.events"]),
        (["scenario.script=[{actor:JPN}]"], ["scenario.script[0] needs the field 'date'"]),
        (
            ["scenario.script=[{date:2022-03-01,actor:JPN}]"],
            ["scenario.script[0] needs the field 'act'", "act: oil_import_ban"],
        ),
        (
            [SCRIPT.format(date="2022-03-01", actor="JPN", act="oil_import_ban,who:RUS")],
            ["scenario.script[0]: field 'who' is unknown", "against"],
        ),
        (
            [SCRIPT.format(date="2022-06-01", actor="JPN", act="oil_import_ban")],
            ["scenario.script[0]", "2022-02-21 to 2022-03-20", "found 2022-06-01"],
        ),
        (
            [SCRIPT.format(date="2022-03-01", actor="JPM", act="oil_import_ban")],
            ["scenario.script[0]: actor 'JPM' is unknown", "did you mean 'JPN'"],
        ),
        (
            [SCRIPT.format(date="2022-03-01", actor="JPN", act="oil_import_bann")],
            ["scenario.script[0]: measure 'oil_import_bann' is unknown", "'oil_import_ban'"],
        ),
        (
            [SCRIPT.format(date="2022-03-01", actor="JPN", act="oil_import_ban,against:RUSS")],
            ["scenario.script[0]: target of oil_import_ban 'RUSS' is unknown", "'RUS'"],
        ),
        (
            [SCRIPT.format(date="2022-03-01", actor="RUS", act="oil_import_ban")],
            ["scenario.script[0]: oil_import_ban is a measure, which senders take"],
        ),
        (
            [SCRIPT.format(date="2022-03-01", actor="RUS", act="gas_cutoff,against:CHN")],
            ["scenario.script[0]: sender 'CHN' is unknown", "DEU"],
        ),
        (
            [SCRIPT.format(date="2022-03-01", actor="EU", act="oil_import_ban,undo:true")],
            ["scenario.script[0]: the council EU gives nothing up", "members"],
        ),
        (
            ["coordination.veto_players=[JPN]"],
            ["coordination.veto_players: 'JPN' is no sending member", "HUN"],
        ),
        (
            ["scenario.without=[HUN]", "coordination.veto_players=[HUN]"],
            ["coordination.veto_players: 'HUN' is no sending member", "POL"],
        ),
        (
            ["coordination.council_rule=leaders", "coordination.council_leaders=[GBR]"],
            ["coordination.council_leaders", "EU", "DEU"],
        ),
        (["coordination.forums=[G8]"], ["coordination.forums: forum 'G8' is unknown", "G7"]),
        (["coordination.peer_weight=-1"], ["coordination.peer_weight", "0 and 10", "found -1"]),
        (["coordination.scope_overlap=2"], ["coordination.scope_overlap", "0 and 1", "found 2"]),
        (["coordination.meeting_spacing=0"], ["coordination.meeting_spacing", "0.1", "found 0"]),
        (
            ["coordination.tie_weights.trade=-1"],
            ["coordination.tie_weights.trade", "0 and 100", "found -1"],
        ),
        (["+evasion.backing.USA=1"], ["evasion.backing: USA is a sender", "bystander"]),
        (["+evasion.backing.CHM=1"], ["state 'CHM' is unknown", "did you mean 'CHN'"]),
        (["+evasion.backing.CHN=2"], ["evasion.backing.CHN", "0 and 1", "found 2"]),
        (
            ["+scenario.hesitation.CHN=1"],
            ["scenario.hesitation: sender 'CHN' is unknown", "JPN"],
        ),
        (["+scenario.extra_lag_days.IND=1"], ["scenario.extra_lag_days: sender 'IND' is unknown"]),
        (["+scenario.hesitation.JPN=99"], ["scenario.hesitation.JPN", "found 99"]),
        (["scenario.only=[CHN]"], ["scenario.only: CHN is no sender but a bystander", "roles"]),
        (["scenario.without=[RUS]"], ["scenario.without: RUS is no sender but a target"]),
        (["scenario.without=[JPM]"], ["senders 'JPM' is unknown", "did you mean 'JPN'"]),
        (["coordination.interval_scale=2"], ["now called 'coordination.meeting_spacing'"]),
        (
            ["++scenario.targets={CHN: 1.0, RUS: 0.0, BLR: 0.0}"],
            ["no measure on the menu is aimed at CHN", "against BLR, RUS"],
        ),
        (["+scenario.roles.JPN=watcher"], ["role 'watcher' is unknown", "bystander"]),
        (["scenario.theatre=[JPM]"], ["state 'JPM' is unknown"]),
        (["third.challenger=CHM"], ["state 'CHM' is unknown", "did you mean 'CHN'"]),
        (["coordination.tie_weights.defense=1"], ["tie_weights", "defense"]),
        (
            ["+coordination.tie_weights.defense=1"],
            ["coordination.tie_weights: layer 'defense' is unknown", "'defence'"],
        ),
    ],
)
def test_bad_input_stops_with_one_line(tmp_path, capsys, words, expected):
    assert main(["run", *SHORT, *words, f"out={tmp_path / 'out'}"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("sanctionsim: ")
    assert captured.err.count("\n") == 1
    for part in expected:
        assert part in captured.err
    assert not list(tmp_path.iterdir())
