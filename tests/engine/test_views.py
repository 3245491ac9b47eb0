"""A run as a Mesa model: agents to select and collect from, batches, what a page needs, words."""

from __future__ import annotations

import copy
import inspect
import math
import pickle
import re
from collections import Counter
from datetime import timedelta

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.datacollection import DataCollector

from sim.agents import CouncilAgent, Sender, State, Target, ThirdState
from sim.compose import literal
from sim.engine.deciders import deciders_of
from sim.errors import InputError
from sim.model import NEVER, SanctionsModel
from sim.reasons import in_words
from sim.record import Record

SHORT = {"scenario__steps": 4}


@pytest.fixture(scope="module")
def model():
    model = SanctionsModel(scenario__steps=20)
    model.advance(81)
    return model


# Agents of Mesa.


def test_every_state_and_council_is_an_agent_of_its_kind(model):
    kinds = Counter(map(type, model.agents))
    assert kinds == {
        Sender: len(model.senders),
        Target: len(model.targets),
        ThirdState: len(model.third_parties),
        CouncilAgent: len(model.councils),
    }
    assert {kind: len(found) for kind, found in model.agents_by_type.items()} == kinds
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_agents_are_selected_read_summed_and_shuffled_as_mesa_does(model):
    states = model.agents.select(lambda agent: isinstance(agent, State))
    assert states.get("code") == list(model.setting.world.states)
    senders = model.agents_by_type[Sender]
    assert senders.agg("loss", max) == max(sender.loss for sender in model.senders)
    assert set(senders.shuffle().get("code")) == set(model.setting.sender_codes)
    listed = senders.select(lambda sender: sender.code in model.state("RUS").listed)
    assert 0 < len(listed) <= len(senders)
    assert model.agents_by_type[Target].get("leak") == model.leak.tolist()
    assert all(text.startswith(name) for name, text in zip(
        senders.get("name"), senders.map("explain"), strict=True))  # fmt: skip


def test_looking_at_agents_draws_nothing(begin):
    seen, unseen = begin(days=60), begin(days=60)
    for model in (seen, unseen):
        model.step()
        if model is seen:
            for agent in model.agents.shuffle():
                agent.explain()
            model.outcomes()
            model.history()
        model.step()
    assert seen.events().equals(unseen.events())


def test_a_collector_of_the_users_own_reads_models_and_agents(begin):
    model = begin(days=90)
    own = DataCollector(
        {"severity": "severity", "acts": lambda m: sum(len(s.measures) for s in m.senders)},
        agenttype_reporters={Sender: {"code": "code", "level": lambda s: int(s.level.sum())}},
    )
    while model.running:
        model.step()
        own.collect(model)
    of_model, of_senders = own.get_model_vars_dataframe(), own.get_agenttype_vars_dataframe(Sender)
    assert of_model["severity"].iloc[-1] == model.severity
    assert of_model["acts"].is_monotonic_increasing
    assert len(of_senders) == 3 * len(model.senders)
    last = of_senders.loc[3].set_index("code")["level"]
    assert last["JPN"] == model.state("JPN").level.sum()


def test_views_follow_the_engine_day_by_day(begin):
    model = begin(days=60)
    japan, russia, union = model.state("JPN"), model.state("RUS"), model.council("EU")
    seen = {"japan": [], "union": [], "answers": []}
    for day in range(60):
        model.advance(1)
        assert model.day == day
        seen["japan"].append(int((japan.announced != NEVER).sum()))
        seen["union"].append(int(union.level.sum()))
        seen["answers"].append(len(russia.issued))
        assert all(when.toordinal() <= model.setting.start.toordinal() + day
                   for when in japan.measures.values())  # fmt: skip
    events = model.events()
    for name, (kind, actor) in {
        "japan": ("measure", "JPN"),
        "union": ("council", "EU"),
        "answers": ("countermeasure", "RUS"),
    }.items():
        rows = events[(events["kind"] == kind) & (events["actor"] == actor)]
        rows = rows[rows["target"] == ""] if name == "answers" else rows
        assert seen[name] == [int((rows["day"] <= day).sum()) for day in range(60)]
        assert seen[name][-1] > 0


# Batches and pages.


def test_a_batch_of_mesa_gives_the_runs_of_the_engine():
    rows = mesa.batch_run(
        SanctionsModel,
        SHORT | {"coordination__peer_weight": [0.0, 1.0], "run": range(2)},
        data_collection_period=1,
        display_progress=False,
    )
    first = min(row["Step"] for row in rows)  # Mesa has counted from 0 and from 1
    found = {
        (r["coordination__peer_weight"], r["run"], int(r["Step"] - first), r.get("code")): r
        for r in rows
    }
    assert {key[:2] for key in found} == {(w, r) for w in (0.0, 1.0) for r in (0, 1)}
    one = SanctionsModel(**SHORT, coordination__peer_weight=1.0, run=1)
    for step in range(4):
        one.step()
        for code in ("JPN", "CHN", "RUS"):
            row = found[1.0, 1, step, code]
            assert (row["day"], row["loss_RUS"]) == (one.day, one.state("RUS").loss)
            assert row["loss"] == one.state(code).loss
    assert row["day"] == 27
    assert found[0.0, 1, 3, "RUS"]["measures"] != found[1.0, 1, 3, "RUS"]["measures"]


def test_a_batch_collects_the_end_of_a_run_if_nothing_else_is_said():
    rows = mesa.batch_run(SanctionsModel, SHORT, display_progress=False)
    assert len({row["Step"] for row in rows}) == 1
    assert {row["day"] for row in rows} == {27}
    assert len(rows) == len(SanctionsModel(**SHORT).agents)


def test_a_model_runs_until_its_last_day():
    model = SanctionsModel(**SHORT)
    assert model.running
    model.run_model()
    assert (model.running, model.day, model.steps) == (False, 27, 4)
    before = model.events()
    model.step()
    assert (model.day, model.events().equals(before)) == (27, True)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda model: model.advance(-1), "days must be a whole number from 0 up; found -1"),
        (lambda model: model.advance(1.5), "days must be a whole number from 0 up; found 1.5"),
        (lambda model: model.advance("3"), "days must be a whole number from 0 up; found '3'"),
        (lambda model: SanctionsModel(seed="x", **SHORT), "seed must be a whole number"),
        (
            lambda model: SanctionsModel(3),
            "levers by their names; found 3",
        ),
        (copy.deepcopy, "cannot be copied or pickled"),
        (copy.copy, "cannot be copied or pickled"),
        (pickle.dumps, "cannot be copied or pickled"),
        (lambda model: pickle.dumps(model.senders[0]), "cannot be copied or pickled"),
        (lambda model: model.state("JPN").remove(), "JPN .* is left out by scenario.without"),
        (lambda model: model.remove_all_agents(), "USA is looked at by its agent"),
        (lambda model: model.council("EU").remove(), "EU is looked at by its agent and acts on"),
    ],
)
def test_what_a_model_cannot_do_is_told_in_one_line(model, mistake, words):
    with pytest.raises(InputError, match=rf"^[^\n]*{words}[^\n]*$"):
        mistake(model)
    assert len(model.agents) == len(model.states) + len(model.councils)


def test_whoever_is_taken_out_of_a_set_of_agents_stays_in_the_model(model):
    n = len(model.agents)
    model.agents.remove(model.state("JPN"))
    model.agents.select(lambda agent: agent.code == "USA", inplace=True)
    for those in model.agents_by_type.values():
        those.discard(model.state("RUS"))
    by_type = sum(map(len, model.agents_by_type.values()))
    assert len(model.agents) == by_type == n == len(model.states) + len(model.councils)


def test_a_record_shares_its_memory_with_no_copy():
    with pytest.raises(TypeError, match=r"a record \(Some\) cannot be copied or pickled"):
        copy.deepcopy(Record("Some", {"number": 1.0}))


def test_the_constructor_takes_what_a_page_gives_it():
    # mesa.visualization accepts parameters by keyword, further ones only under the name kwargs.
    known = inspect.signature(SanctionsModel.__init__).parameters
    kinds = {name: parameter.kind for name, parameter in known.items()}
    assert inspect.Parameter.VAR_POSITIONAL not in kinds.values()
    assert kinds["kwargs"] == inspect.Parameter.VAR_KEYWORD
    assert all(p.default is not p.empty for n, p in known.items() if n not in ("self", "kwargs"))
    model = SanctionsModel(seed=3, **SHORT, coordination__peer_weight=0.5)
    again = type(model)(seed=3, **SHORT, coordination__peer_weight=0.5)
    for each in (model, again):
        each.step()
    assert (model.steps, model.running, len(model.agents)) == (1, True, len(again.agents))
    assert model.datacollector.model_vars == again.datacollector.model_vars


@pytest.mark.filterwarnings("ignore")  # of Mesa's page and of solara about each other
def test_a_page_of_mesa_steps_a_model_and_makes_a_new_one_from_its_sliders():
    solara = pytest.importorskip("solara")
    import ipyvuetify as v
    from mesa.visualization import Slider, SolaraViz, make_plot_component
    from mesa.visualization.solara_viz import ModelController, ModelCreator

    levers = {"coordination__peer_weight": Slider("peers", 1.0, 0.0, 3.0, 0.5)}
    levers |= {"run": Slider("run", 0, 0, 9, 1)}
    assert SolaraViz(
        SanctionsModel(**SHORT),
        components=[make_plot_component("measures")],
        model_params=SHORT | levers,
    )
    model, chosen = solara.Reactive(SanctionsModel(**SHORT)), solara.Reactive(dict(SHORT))
    numbers = {"play_interval": solara.Reactive(10), "render_interval": solara.Reactive(1)}
    controller = ModelController(
        model, model_parameters=chosen, use_threads=solara.Reactive(False), **numbers
    )
    _, shown = solara.render(controller, handle_error=False)
    buttons = {str(button.children[0]): button for button in shown.find(v.Btn).widgets}
    for day in (6, 13, 20, 27):
        assert model.value.running
        buttons["Step"].click()
        assert model.value.day == day
    assert not model.value.running
    _, sliders = solara.render(
        ModelCreator(model, SHORT | levers, model_parameters=chosen), handle_error=False
    )
    peers, run = sliders.find(v.Slider).widgets
    peers.v_model, run.v_model = 2.0, 4
    buttons["Reset"].click()
    assert model.value.setting.config.coordination.peer_weight == 2.0
    assert repr(model.value.engine).startswith("<Run 4")
    assert (model.value.day, model.value.running) == (-1, True)


@pytest.mark.parametrize("name", ["announced", "effective", "exempt", "relation", "leak"])
def test_what_a_model_shows_cannot_be_written_into(model, name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(model, name)[...] = 0
    assert model.engine.state.effect.leak.flags.writeable  # by the engine it can


def test_what_councils_and_senders_show_cannot_be_written_into(model):
    union = model.council("EU")
    for shown in (union.level, union.blocked, model.senders[0].announced):
        with pytest.raises(ValueError, match="read-only"):
            shown[...] = 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([0.0, 1.5]), "[0.0,1.5]"),
        (np.float64(2.0), "2.0"),
        (range(2, 4), "[2,3]"),
        (pd.Series(["USA", "a b"]), "[USA,'a b']"),
        ({"low": np.int64(1), "of": (True, None)}, "{low:1,of:[true,null]}"),
    ],
)
def test_values_of_numpy_and_pandas_are_values_like_others(value, text):
    assert literal(value) == text


def test_levers_are_said_as_python_values():
    model = SanctionsModel(
        **SHORT,
        scenario__without=["JPN"],
        scenario__hesitation={"USA": 1.5},
        coordination__consultation=False,
        name="two words, it's",
        out=None,
        scenario__script=[{"date": "2022-03-01", "actor": "USA", "act": "oil_import_ban"}],
    )
    config = model.setting.config
    assert model.state("JPN").role == "bystander"
    assert (config.scenario.hesitation, config.coordination.consultation) == ({"USA": 1.5}, False)
    assert (config.name, config.out) == ("two words, it's", None)
    assert config.scenario.script[0]["act"] == "oil_import_ban"


def test_a_setting_and_levers_exclude_each_other(model):
    with pytest.raises(InputError, match="a setting or levers, not both"):
        SanctionsModel(model.setting, coordination__peer_weight=2.0)


# Words: explanations and what they add up to.


def of_the_day(model, act, decider, day):
    """Return the hazard a week that the engine added for a decider on a day."""
    inputs, decision = model.engine._given, model.engine.state.decision
    faded = inputs.calendar.fade[day - decision.recent_since[act]]
    text = decision.text[day, act] if inputs.calendar.at_table[day, decider] else 1.0
    pace = inputs.calendar.pace[day, act]  # no events are random here
    hazard = pace * decision.factor[day, decider] * text
    hazard *= decision.hazard[act, decider] * math.exp(decision.recent[act, decider] * faded)
    return math.log(7.0 * hazard)


@pytest.mark.parametrize("shocks", [{}, {"agenda_sd": 0.0, "package_sd": 0.0, "frailty_sd": 0.0}])
def test_explanations_of_senders_and_councils_give_the_hazard_of_the_engine(shocks):
    model = SanctionsModel(scenario__steps=20, **{f"rule__{k}": v for k, v in shocks.items()})
    deciders, checked = deciders_of(model.setting), Counter()
    for _ in range(12):
        model.advance(5)
        before = model.engine.state.decision.hazard.copy()
        model.advance(1)
        state, day = model.engine.state, model.day
        for act in np.flatnonzero(model.setting.menu.on_menu):
            aim = model.setting.acts[act]
            if state.decision.is_stale[act] or state.exposure.has_news[act]:
                continue  # weighed anew tomorrow
            for body in (*model.senders, *model.councils):
                mine = deciders.alone if isinstance(body, Sender) else deciders.council
                decider = mine[body.seat if isinstance(body, Sender) else body.number]
                if before[act, decider] == 0.0 or state.decision.hazard[act, decider] == 0.0:
                    continue
                said = body.reasons(aim.measure.code, aim.target).log_hazard
                assert said == pytest.approx(of_the_day(model, act, decider, day), rel=1e-9)
                checked[type(body)] += 1
    assert min(checked[Sender], checked[CouncilAgent]) > 20


@pytest.mark.parametrize(("code", "measure"), [("JPN", ""), ("DEU", "oil_import_ban")])
def test_the_reasons_of_a_sender_add_up(model, code, measure):
    found = model.state(code).reasons(measure)
    assert found.adds_up
    total = found.start + sum(reason.added for reason in found.terms)
    assert total == pytest.approx(found.log_hazard, rel=1e-12)
    assert found.chance == pytest.approx(1.0 - np.exp(-np.exp(found.log_hazard) / 7.0))


def test_the_reasons_of_a_council_are_the_mean_of_its_members_by_voice(model):
    found = model.council("EU").reasons("oil_import_ban")
    total = found.start + sum(reason.added for reason in found.terms)
    assert total == pytest.approx(found.log_hazard, rel=1e-12)
    say = [m for m in found.members if not np.isnan(m.log_hazard)]
    wish = sum(m.voice * m.log_hazard for m in say) / sum(m.voice for m in say)
    assert wish == pytest.approx(model.council("EU").wish(model.setting.find_act("oil_import_ban")))


def test_a_member_names_the_council_that_decides(model):
    germany = model.state("DEU").reasons("oil_import_ban", "RUS")
    assert germany.wishes_of == "the Council of the European Union"
    said = " ".join(germany.text().split())
    assert "only the wish it brings: the Council of the European Union must agree" in said
    assert model.state("JPN").reasons("oil_import_ban").wishes_of == ""


def test_the_words_are_those_of_a_reader_and_leave_no_code_of_a_term(model):
    for body in (*model.senders, *model.councils):
        text = body.explain()
        assert not re.search(r"\blog\b|hazard|_|\bnan\b|-0", text), text
        assert "Russia" in text or "Belarus" in text


def test_a_council_says_who_wants_who_objects_since_when_and_how_far_it_is(simulate):
    model = simulate(days=90, coordination__veto_players=["HUN"])
    union = model.council("EU")
    act = int(np.flatnonzero(union.blocked != NEVER)[0])
    aim = model.setting.acts[act]
    found = union.reasons(aim.measure.code, aim.target)
    since = model.setting.date_of(union.blocked[act])
    assert "not passed" in found.outcome or union.level[act] > 0
    assert f"first blocked on {in_words(since)} by" in found.outcome
    assert "Hungary" in found.outcome
    assert [member.code for member in found.members] == [m.code for m in union.members]
    until = since + timedelta(model.setting.config.coordination.carve_out_days)
    hungary = next(member for member in found.members if member.code == "HUN")
    assert hungary.exempt or hungary.objection == f"until {in_words(until)}"
    for row, member in enumerate(found.members):
        if not np.isnan(member.log_hazard):
            seat = union.members[row].seat
            assert member.log_hazard == model.engine.log_hazard(seat, act)
        assert bool(member.objection) == bool(union.objects(act)[row])
    assert found.waiting == in_words(since)  # what was weighed since then no longer counts
    assert f"held it up since {in_words(since)}" in found.result
    assert "would vote on it" not in found.text()
    if union.objects(act).any():
        assert "one objection is enough to block" in found.text()
        assert "they block" in found.text()


def test_a_council_explains_what_is_most_wanted_before_anything_has_passed(begin):
    model = begin(days=60, rule__intercept=-30.0)
    union = model.council("EU")
    assert union.explain().endswith("Its members have weighed nothing yet.")
    model.advance(10)
    wanted = max(union.agenda, key=union.wish)
    assert model.setting.acts[wanted].measure.label in union.explain()
    with pytest.raises(InputError, match="EU does not decide on Diplomatic condemnation"):
        union.explain("condemnation")
    with pytest.raises(InputError, match="council 'UNO' is unknown"):
        model.council("UNO")


def test_a_council_of_leaders_hears_nobody_else(begin):
    model = begin(days=60, coordination__council_rule="leaders")
    model.advance(10)
    union = model.council("EU")
    act, voice = union.agenda[0], union.seat.voice
    leaders = [m for m, weight in zip(union.members, voice, strict=True) if weight > 0.0]
    assert {leader.code for leader in leaders} == {"DEU", "FRA"}
    wanted = [model.engine.log_hazard(leader.seat, act) for leader in leaders]
    assert union.wish(act) == pytest.approx(float(voice[voice > 0.0] @ np.array(wanted)))
    assert "would vote on it that day" in union.explain()
    assert "Its leading members decide" in union.explain()


def test_targets_and_third_states_say_what_the_engine_holds(model):
    russia, china = model.state("RUS"), model.state("CHN")
    text = russia.explain()
    assert f"has lost {russia.loss:.2f} % of GDP" in text
    labels = {c.code: c.label for c in model.setting.world.countermeasures}
    for code, day in russia.issued.items():
        assert f"{model.setting.date_of(day)}  {labels[code]}\n" in text
    for (code, who), day in russia.cut_off.items():
        line = f"{model.setting.date_of(day)}  {labels[code]}: {model.state(who).name}"
        assert line in text
        assert line in russia.explain(code)
    assert "Before it comes: Gas payable in rubles" in russia.explain("gas_cutoff")
    with pytest.raises(InputError, match="answer of RUS 'gas_cutof' is unknown; did you mean"):
        russia.explain("gas_cutof")
    assert f"carries USD {china.diverted_bn:.1f} bn" in china.explain()
    relation = f"relation with Russia: {model.relation[china.position, 0]:.2f}"
    assert relation in china.explain()
