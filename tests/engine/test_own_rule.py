"""A rule of the user's own: one Python function, in one run, in many and in a sweep."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

from sim.cli import main
from sim.config import Config
from sim.engine import simulate
from sim.errors import InputError
from sim.model import SanctionsModel
from sim.rules.decide import hazard, independent
from sim.setting.decision import decision_rule, rule_text
from sim.sweep.chunk import simulate_chunk
from sim.sweep.plan import plan_of
from sim.sweep.store import open as open_store

ADDITIVE = """
def log_hazard(terms, weights):
    return (
        weights.intercept + terms.effect + weights.severity * terms.severity
        + weights.involvement * terms.involvement - weights.restraint * terms.restraint
        + weights.shock * terms.shock + weights.frontline * terms.frontline
        - weights.cost * terms.cost - weights.energy_cost * terms.energy_cost
        - weights.retaliation * terms.retaliation + weights.linkage * terms.linkage
        + weights.support * terms.support - weights.relation * terms.relation
        - weights.wave * terms.wave + weights.meeting * terms.meeting
        + weights.peer * terms.peer + weights.recent * terms.recent
        + weights.lead * terms.lead + weights.bloc * terms.bloc
    )
"""
CURVED = """
import math

LEAST = -30


def crowd(terms, weights):
    return weights.zeal * terms.peer ** weights.power


def log_hazard(terms, weights):
    if terms.severity <= 0.0:
        return LEAST  # a whole number, where the other branch gives one with a point
    return weights.intercept + terms.effect + math.exp(crowd(terms, weights)) - 1.0
"""
FREE = {"zeal": 2.0, "power": 3.0}


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Return a function that writes a rule into `mine.py`, and stand beside it."""
    monkeypatch.chdir(tmp_path)

    def write(text):
        (tmp_path / "mine.py").write_text(text, encoding="utf-8")
        return "mine.py:log_hazard"

    return write


def config_of(function="", steps=13, **free):
    config = Config()
    config.scenario.steps = steps
    config.rule.function, config.rule.free = function, free
    return config


@pytest.mark.parametrize("head", ["", "from sim.compiled import rule\n\n@rule"])
def test_a_copy_of_the_hazard_rule_gives_the_same_runs_to_the_day(world, written, head):
    shipped = simulate(world, config_of(), runs=50, record="events")
    copied = simulate(world, config_of(written(head + ADDITIVE)), runs=50, record="events")
    assert np.array_equal(shipped.announced, copied.announced)
    assert shipped.events().equals(copied.events())
    assert np.array_equal(shipped.outcomes, copied.outcomes, equal_nan=True)


def test_a_curved_rule_decides_with_coefficients_of_its_own(world, written):
    function = written(CURVED)
    mild, keen = (
        simulate(world, config_of(function, **(FREE | {"zeal": zeal})), runs=8).announced
        for zeal in (0.0, 2.0)
    )
    assert (keen != -1).sum() > 1.1 * (mild != -1).sum()
    model = SanctionsModel(**{
        "scenario__steps": 13, "rule__function": function, "rule__name": "mine",
        "rule__free": FREE, "seed": 2022, "run": 3,
    })  # fmt: skip
    model.run_model()
    assert np.array_equal(model.announced[:, :, 0], keen[3])
    japan = model.state("JPN")
    found, act = japan.reasons("oil_import_ban"), model.setting.find_act("oil_import_ban")
    weighed, weights = japan.weighed(act), model.setting.weights
    eta = weights.intercept + weighed.effect + np.exp(2.0 * weighed.peer**3.0) - 1.0
    shared = model.engine.shared_by(
        model.engine.decider_of(japan.seat), act, int(model.engine.state.trace.day[japan.seat, act])
    )
    assert found.log_hazard == pytest.approx(eta + sum(dict(shared).values()))
    assert {reason.name for reason in found.terms if reason.added} <= {
        "effect", "severity", "peer", "frailty", "package", "agenda", "weekend"
    }  # fmt: skip


def test_names_of_coefficients_compile_nothing_but_the_rule(world, written, capfd):
    function = written("def log_hazard(terms, weights): return weights.of_a_new_name - 3")
    simulate(world, config_of(function, steps=1, of_a_new_name=1.0), runs=1)
    assert "compiling" not in capfd.readouterr().err


def test_a_rule_is_compiled_once_for_each_text(written):
    rule = config_of(written(ADDITIVE)).rule
    first = decision_rule(rule).log_hazard
    assert decision_rule(rule).log_hazard is first
    written(ADDITIVE.replace("weights.bloc", "2.0 * weights.bloc"))
    assert decision_rule(rule).log_hazard is not first
    assert decision_rule(rule, ADDITIVE).log_hazard is first


def test_a_shipped_rule_does_not_hear_of_a_file(world):
    assert decision_rule(Config().rule).log_hazard is hazard.log_hazard
    assert independent.log_hazard is not hazard.log_hazard


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "there is no file 'mine.py'; write for instance rule.function="),
        ("x = 1", r"function 'log_hazard' is unknown"),
        ("def log_hazzard(terms, weights): return 0.0", "did you mean 'log_hazzard'"),
        ("def log_hazard(terms, weights): return 1 / 0", "fails on .*ZeroDivisionError"),
        ("def log_hazard(terms, weights): return weights.zeal",
         "term or weight 'zeal' is unknown; did.* by .rule.free.zeal=1$"),
        ("def log_hazard(terms, weights): return float('nan')", "found nan where terms are 0.5"),
        ("def log_hazard(t, w): return t.cost / t.damage", "found nan where terms are 0"),
        ("def log_hazard(terms, weights): return 'much'", "ValueError.*'much'"),
        ("def log_hazard(terms, weights): return '1.5'", "must return a log hazard .*'1.5'"),
        ("def log_hazard(terms, weights): return None", "fails on .*TypeError"),
        ("def log_hazard(terms, weights): return sum({'a': terms.peer}.values())",
         "works in Python but cannot be compiled"),
        ("def log_hazard(terms, weights):\n    if terms.peer < 2: return 1.0",
         r"cannot be compiled: TypingError: .*OptionalType"),
        ("import random\ndef log_hazard(terms, weights): return random.random()",
         "must return the same for the same terms; found .*: leave out chance"),
        ("def log_hazard(terms, weights:", "cannot be loaded: SyntaxError"),
        ("def log_hazard(t, w):\n    assert t.peer < 0.9\n    return 0.0",
         "mine.py, line 2: a rule cannot stop a run"),
        ("C = (0.0, -3.0)\ndef log_hazard(t, w): return C[int(99 * abs(t.severity - 0.5))]",
         "gave no number, or asked for an entry beyond the end of a list, in"),
        ("import no_such_thing", "mine.py, line 1: a rule must be whole in its own file"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_gets_one_line(world, written, text, words):
    function = "mine.py:log_hazard" if text is None else written(text)
    with pytest.raises(InputError, match=f"^[^\n]*{words}[^\n]*$") as caught:
        simulate(world, config_of(function, steps=1), runs=1)
    assert str(caught.value).isprintable()  # and without the colours of the compiler's terminal


def test_a_byte_order_mark_before_a_rule_is_no_matter(tmp_path):
    path = tmp_path / "rule.py"
    path.write_bytes(b"\xef\xbb\xbfdef log_hazard(terms, weights): return 0.0")
    assert rule_text(f"{path}:log_hazard").startswith("def")


@pytest.mark.parametrize(
    "line", ["import helper", "from helper import x", "from . import x", "from pack.deep import y"]
)
def test_a_rule_imports_nothing_from_beside_itself(written, tmp_path, line):
    (tmp_path / "helper.py").write_text("x = 1\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("")
    with pytest.raises(InputError, match=r"line 1: a rule must be whole in its own file"):
        decision_rule(config_of(written(f"{line}\n{ADDITIVE}")).rule)


def test_what_is_minus_infinite_where_a_term_is_nil_means_never(world, written):
    function = written("import math\n\n\ndef log_hazard(t, w): return math.log(t.peer) - 3.0")
    assert (simulate(world, config_of(function), runs=2).announced == -1).all()


# In a sweep.

SWEEP = [
    "rule.function=mine.py:log_hazard", "rule.name=mine", "+rule.free.zeal=2", "+rule.free.power=3",
    "scenario.steps=4", "design.factors.rule.free.zeal=[0, 2]", "design.replications=3",
    "design.chunk_runs=2", "report=false",
]  # fmt: skip


def test_a_sweep_takes_a_rule_and_keeps_its_text(world, written, tmp_path):
    function = written(CURVED)
    assert main(["sweep", *SWEEP, "out=store"]) == 0
    manifest = json.loads((tmp_path / "store" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rule_texts"] == {function: CURVED}
    assert len(manifest["rules"][function]) == 64
    runs = open_store("store").runs()
    for zeal, found in runs.groupby("rule.free.zeal"):
        alone = simulate(world, config_of(function, steps=4, zeal=zeal, power=3.0), runs=3)
        assert np.array_equal(found["acts_announced"], alone.outcome("acts_announced"))
    assert runs.groupby("rule.free.zeal")["acts_announced"].mean().is_monotonic_increasing


def test_a_sweep_goes_on_with_the_same_rule_alone(written, tmp_path, capsys):
    written(CURVED)
    assert main(["sweep", *SWEEP, "out=store"]) == 0
    (tmp_path / "store" / "runs" / "part-000001.parquet").unlink()
    assert main(["sweep", *SWEEP, "out=store"]) == 0
    assert "2 runs; 4 were there" in capsys.readouterr().out
    written(CURVED.replace("- 1.0", "- 1.5"))
    assert main(["sweep", *SWEEP, "out=store"]) == 2
    _, error = capsys.readouterr().err.splitlines()  # the first says that the rule is run
    assert "begun with another sweep: rules.mine.py:log_hazard is" in error


def test_a_worker_needs_no_file(written, tmp_path):
    written(CURVED)
    chunk = pickle.loads(pickle.dumps(plan_of(SWEEP).chunk(0)))
    here = simulate_chunk(chunk, threads=1)
    (tmp_path / "mine.py").unlink()
    there = simulate_chunk(chunk, threads=1)
    assert not any(done.failed for done in there)
    assert here[0].frames["runs"].equals(there[0].frames["runs"])


def test_rules_vary_as_factors_of_a_sweep(written, tmp_path):
    written(ADDITIVE + CURVED.replace("def log_hazard", "def curved"))
    words = ["design.factors.rule.function=['', 'mine.py:log_hazard', 'mine.py:curved']"]
    command = ["sweep", *SWEEP[2:5], *words, "design.replications=2", "report=false", "out=store"]
    assert main(command) == 0
    found = open_store("store").runs().groupby("rule.function")["acts_announced"].apply(list)
    assert found["mine.py:curved"] != found["mine.py:log_hazard"]
    texts = open_store("store").manifest["rule_texts"]
    assert set(texts) == {"mine.py:log_hazard", "mine.py:curved"}


def test_dask_workers_take_the_text_from_the_plan(written):
    pytest.importorskip("distributed")
    written(CURVED)
    small = [*SWEEP, "scenario.steps=2"]
    assert main(["sweep", *small, "out=here"]) == 0
    assert main(["sweep", *small, "out=there", "cluster=local", "workers=1"]) == 0
    assert open_store("here").runs().equals(open_store("there").runs())


def test_a_sweep_refuses_a_rule_that_fails_before_it_begins(written, tmp_path, capsys):
    assert main(["sweep", *SWEEP, "out=store"]) == 2
    assert "there is no file 'mine.py'" in capsys.readouterr().err
    written("def log_hazard(terms, weights): return weights.zest")
    assert main(["sweep", *SWEEP, "out=store"]) == 2
    _, error = capsys.readouterr().err.splitlines()
    assert "weight 'zest' is unknown" in error
    assert not (tmp_path / "store").exists()
