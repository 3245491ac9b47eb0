"""Playing a government: by hand and by a script it is the same run, and nobody may do anything."""

from __future__ import annotations

import pytest
import yaml

from sim.cli import main
from sim.compose import checked, compose
from sim.config import Config
from sim.engine import simulate
from sim.errors import InputError
from sim.model import NEVER, SanctionsModel
from sim.setting import prepare
from sim.sweep.store import open as open_store

WEEKS, SEED, RUN = 10, 2022, 2


def by_hand(**levers):
    """Return a run in which four governments and a council are played."""
    model = SanctionsModel(seed=SEED, run=RUN, scenario__steps=WEEKS, **levers)
    model.advance(17)
    model.state("JPN").announce("oil_import_ban", "RUS")
    model.state("RUS").cut_gas("POL")
    model.advance(3)
    model.council("EU").announce("gas_import_ban")
    model.state("JPN").withdraw("oil_import_ban")
    model.state("NOR").announce("goods_import_ban", "BLR")
    model.state("NOR").announce("goods_import_ban", "BLR")
    model.advance(15)
    model.state("POL").withdraw("gas_import_ban")
    model.council("ALLIES").announce("oil_price_cap")
    model.state("RUS").answer("goods_export_ban")
    model.run_model()
    return model


@pytest.fixture(scope="module")
def played():
    return by_hand()


def text_of(events):
    return events.reset_index(drop=True).to_csv(index=False)


def acts(model, actor, **columns):
    rows = model.events()
    for name, value in ({"actor": actor} | columns).items():
        rows = rows[rows[name] == value]
    return list(zip(rows["date"], rows["kind"], rows["instrument"], strict=True))


def test_what_is_done_by_hand_happens_on_the_coming_day(played):
    assert ("2022-03-10", "measure", "oil_import_ban") in acts(played, "JPN")
    assert ("2022-03-13", "withdrawal", "oil_import_ban") in acts(played, "JPN")
    assert ("2022-03-10", "countermeasure", "gas_cutoff") in acts(played, "RUS", target="POL")
    assert ("2022-03-13", "council", "gas_import_ban") in acts(played, "EU")
    assert ("2022-03-28", "withdrawal", "gas_import_ban") in acts(played, "POL")
    assert ("2022-03-28", "council", "oil_price_cap") in acts(played, "ALLIES")
    assert ("2022-03-28", "countermeasure", "goods_export_ban") in acts(played, "RUS")
    waves = acts(played, "NOR", instrument="goods_import_ban", target="BLR")
    assert waves.count(("2022-03-13", "measure", "goods_import_ban")) == 2
    unplayed = SanctionsModel(seed=SEED, run=RUN, scenario__steps=WEEKS)
    unplayed.run_model()
    assert text_of(unplayed.events()) != text_of(played.events())


def test_the_script_of_a_played_run_is_that_run_once_more(played):
    script = played.script()
    assert script[0] == {
        "date": "2022-03-10", "actor": "JPN", "act": "oil_import_ban", "against": "RUS",
    }  # fmt: skip
    assert script[3] == {
        "date": "2022-03-13", "actor": "JPN", "act": "oil_import_ban", "undo": True,
    }  # fmt: skip
    assert yaml.safe_load(yaml.safe_dump(script)) == script
    again = SanctionsModel(seed=SEED, run=RUN, scenario__steps=WEEKS, scenario__script=script)
    again.run_model()
    assert text_of(again.events()) == text_of(played.events())
    assert again.outcomes() == pytest.approx(played.outcomes(), abs=0.0, nan_ok=True)
    assert again.script() == script
    assert again.history().states.equals(played.history().states)


def test_it_is_the_same_run_among_many_and_from_a_file(played, tmp_path, world):
    file = tmp_path / "scenario" / "mine.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump({"steps": WEEKS, "script": played.script()}), encoding="utf-8")
    words = ["scenario=mine", f"seed={SEED}", "record=events"]
    ensemble = simulate(world, checked(compose(words, tmp_path)), runs=3)
    events = ensemble.events()
    of_one = events[events["run"] == RUN].drop(columns="run")
    assert text_of(of_one) == text_of(played.events())
    store = tmp_path / "store"
    sweep = ["design.factors.coordination.peer_weight=[1,2]", "design.replications=3"]
    sweep.append("report=false")
    assert main(["sweep", f"--config-dir={tmp_path}", *words, *sweep, f"out={store}"]) == 0
    events = open_store(store).events()
    assert text_of(events[events["run"] == RUN].drop(columns="run")) == text_of(played.events())
    assert text_of(events[events["run"] == 3 + RUN].drop(columns="run")) != text_of(played.events())


def test_playing_goes_on_where_a_script_ends(played):
    first, rest = played.script()[:2], played.script()[2:]
    model = SanctionsModel(seed=SEED, run=RUN, scenario__steps=WEEKS, scenario__script=first)
    for entry in rest:
        day = (model.setting.start.fromisoformat(entry["date"]) - model.setting.start).days
        model.advance(day - 1 - model.day)
        model.carry_out(**{name: said for name, said in entry.items() if name != "date"})
    model.run_model()
    assert model.script() == played.script()
    assert text_of(model.events()) == text_of(played.events())


def test_who_acts_by_hand_goes_on_deciding_the_rest(played):
    own = {instrument for _, kind, instrument in acts(played, "JPN") if kind == "measure"}
    assert len(own) > 5


# What only a script brings into a run.


@pytest.mark.parametrize(
    ("levers", "act"),
    [
        ({}, "full_embargo"),
        ({"scenario__measures": ["airspace_ban", "condemnation"]}, "oil_import_ban"),
    ],
)
def test_a_measure_that_only_the_script_names_is_taken_by_nobody_else(levers, act):
    script = [{"date": "2022-03-10", "actor": actor, "act": act} for actor in ("JPN", "EU")]
    model = SanctionsModel(seed=SEED, scenario__steps=30, scenario__script=script, **levers)
    model.run_model()
    found = model.setting.find_act(act, "RUS")
    assert not model.setting.menu.on_menu[found]
    assert found not in model.council("EU").agenda
    assert "passed on 10 March 2022" in model.council("EU").explain(act)
    taken = {s.code for s in model.senders if s.announced[found, 0] != NEVER}
    assert taken == {"JPN", *(member.code for member in model.council("EU").members)}
    assert {int(s.announced[found, 0]) for s in model.senders if s.code in taken} == {17}
    others = [a for a in range(len(model.setting.acts)) if model.setting.menu.on_menu[a]]
    assert (model.announced[:, others, 0] != NEVER).any()


def test_a_scripted_measure_of_the_menu_stays_everybodys_choice():
    script = [{"date": "2022-03-10", "actor": "JPN", "act": "oil_import_ban"}]
    model = SanctionsModel(seed=SEED, scenario__steps=30, scenario__script=script)
    model.run_model()
    found = model.setting.find_act("oil_import_ban", "RUS")
    assert model.setting.menu.on_menu[found]
    assert (model.announced[:, found, 0] != NEVER).sum() > 1


def test_japan_leads_with_an_embargo_on_oil(world):
    setting = prepare(world, checked(compose(["experiment=japan_leads", "scenario.steps=6"])))
    model = SanctionsModel(setting, seed=SEED + 1)  # in which it would not have acted before
    model.run_model()
    bans = model.events().query("instrument == 'oil_import_ban' and target == 'RUS'")
    japan = bans[bans["actor"] == "JPN"].iloc[0]
    assert (japan["date"], japan["kind"]) == ("2022-03-10", "measure")


# What nobody may do.

FORBIDDEN = [
    ("RUS", "oil_import_ban", "", "is a measure, which senders take; RUS gives answers"),
    ("JPN", "gas_cutoff", "", "is an answer, which targets give; JPN takes measures"),
    ("DEU", "oil_import_ban", "", "DEU may not take .* alone; name the council EU"),
    ("JPN", "oil_price_cap", "", "JPN may not take .* alone; name the council ALLIES"),
    ("EU", "oil_price_cap", "", "EU does not decide on .*; the council ALLIES does"),
    ("ALLIES", "oil_import_ban", "", "ALLIES does not decide on .*; the council EU does"),
    ("EU", "condemnation", "", "EU does not decide on .*; each sender does for itself"),
    ("EU", "leader_asset_freeze", "BLR", "EU cannot take .*: it was in force before the run"),
    ("CHN", "oil_import_ban", "", "CHN is a bystander .*scenario.roles.CHN=sender"),
    ("BLR", "gas_cutoff", "", "BLR cannot give the answer gas_cutoff"),
    ("RUS", "gas_cutoff", "USA", "gas_cutoff by RUS would not touch USA"),
    ("RUS", "unfriendly_list", "USA", "singles nobody out; leave 'USA' out"),
    ("JPN", "gas_purchase_stop", "", "JPN cannot take .*nothing that it would act upon"),
    ("DEU", "gas_purchase_stop", "", "DEU cannot take .*coordination.positions=false"),
    ("JPN", "oil_ban", "", "measure 'oil_ban' is unknown; did you mean 'oil_import_ban'"),
    ("JPN", "oil_refining_export_ban", "BLR", r"'BLR' is unknown \(known: RUS\)"),
    ("RUS", "gas_cut", "", "countermeasure 'gas_cut' is unknown; did you mean 'gas_cutoff'"),
    ("RUS", "gas_cutoff", "CHN", "sender 'CHN' is unknown"),
    ("JAP", "oil_import_ban", "", "actor 'JAP' is unknown; did you mean 'JPN'"),
]


@pytest.fixture(scope="module")
def fresh():
    return SanctionsModel(scenario__steps=2)


@pytest.mark.parametrize(("actor", "act", "against", "words"), FORBIDDEN)
def test_what_an_actor_may_not_do_is_refused_by_hand_and_in_a_script(
    fresh, actor, act, against, words
):
    with pytest.raises(InputError, match=f"^[^\n]*{words}[^\n]*$"):
        fresh.carry_out(actor, act, against)
    assert fresh.script() == []
    entry = {"date": "2022-02-24", "actor": actor, "act": act, "against": against}
    with pytest.raises(InputError, match=rf"^scenario\.script\[0\]: [^\n]*{words}[^\n]*$"):
        SanctionsModel(scenario__steps=2, scenario__script=[entry])


def test_nothing_is_taken_twice_nor_given_up_that_was_not_taken():
    model = SanctionsModel(scenario__steps=4, rule__intercept=-30.0)
    japan, union = model.state("JPN"), model.council("EU")
    with pytest.raises(InputError, match=r"JPN has not taken Import ban on oil .* against RUS"):
        japan.withdraw("oil_import_ban")
    for actor in (japan, union):
        actor.announce("oil_import_ban")
    model.advance(1)
    for actor in (japan, union):
        with pytest.raises(InputError, match=f"{actor.code} has taken all waves of Import ban"):
            actor.announce("oil_import_ban")
    japan.withdraw("oil_import_ban")
    assert len(model.script()) == 3


def test_an_entry_is_a_mapping():
    with pytest.raises(InputError, match=r"scenario.script\[0\] must be a mapping like .*'JPN'"):
        Config().scenario.script = ["JPN"]


def test_every_agent_that_may_not_act_says_so(fresh):
    with pytest.raises(InputError, match="RUS gives answers"):
        fresh.state("RUS").announce("oil_import_ban")
    with pytest.raises(InputError, match="JPN takes measures"):
        fresh.state("JPN").answer("gas_cutoff")
    with pytest.raises(InputError, match="CHN is a bystander"):
        fresh.state("CHN").announce("oil_import_ban")


def test_one_sender_alone_takes_no_act_of_all_together():
    alone = SanctionsModel(scenario__steps=1, scenario__only=["USA"])
    with pytest.raises(InputError, match="for all senders together; USA is the only one"):
        alone.state("USA").announce("oil_price_cap")


def test_nobody_acts_after_the_end(fresh):
    done = SanctionsModel(scenario__steps=1)
    done.run_model()
    with pytest.raises(InputError, match="ended on 2022-02-27; nobody acts after it"):
        done.state("JPN").announce("oil_import_ban")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{date: 2022-03-10, actor: JPN}", ["scenario.script[0] needs the field 'act'"]),
        ("{actor: JPN, act: oil_import_ban}", ["scenario.script[0] needs the field 'date'"]),
        ("{date: soon, actor: JPN, act: x}", ["scenario.script[0].date", "'soon'"]),
        ("{date: 2021-03-10, actor: JPN, act: oil_import_ban}", ["within the run", "2021-03-10"]),
        ("{date: 2022-03-10, actor: JPN, act: x, agianst: RUS}", ["did you mean 'against'"]),
        ("{date: 2022-03-10, actor: EU, act: oil_import_ban, undo: true}", ["gives nothing up"]),
        ("{date: 2022-03-10, actor: RUS, act: gas_cutoff, undo: true}", ["no answer back"]),
        (
            "{date: 2022-03-10, actor: JPN, act: x, undo: no}",
            ["undo must be true or false", "'no'"],
        ),
    ],
)
def test_a_mistake_in_a_script_gets_one_line(entry, words, capsys, tmp_path):
    command = ["run", f"scenario.script=[{entry}]", "scenario.steps=4", f"out={tmp_path / 'out'}"]
    assert main(command) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    for part in words:
        assert part in error
