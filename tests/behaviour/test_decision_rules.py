"""Four rival rules differ as theory says, and a fifth comes from the user's own file."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from watching import CALM, steps, take

from sim.cli import main
from sim.config import Rule
from sim.model import NEVER
from sim.rules import terms as term
from sim.rules.decide import expected_utility, hazard, independent, threshold
from sim.rules.terms import Terms, Weights

RULES = {
    "hazard": hazard,
    "threshold": threshold,
    "expected_utility": expected_utility,
    "independent": independent,
}
NOTHING = Terms(*[0.0] * len(Terms._fields))
FLAT = Weights(*[0.0] * len(Weights._fields))
FEW = {"scenario__measures": ["airspace_ban", "payment_ban"]}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_runs_and_is_the_one_in_use(simulate, name):
    model = simulate(rule__name=name, days=90)
    assert model.setting.decide.log_hazard is RULES[name].log_hazard
    assert (model.announced != NEVER).any()


def test_the_rules_do_not_agree(simulate):
    runs = [simulate(rule__name=name, days=60, **FEW) for name in RULES]
    found = {model.announced.tobytes() for model in runs}
    assert len(found) == len(RULES)


def test_the_independent_rule_ignores_peers(simulate):
    pulls = ("meeting", "peer", "recent", "lead", "bloc")
    weights = FLAT._replace(**dict.fromkeys((*pulls, "conform_peer"), 9.0))
    crowd = NOTHING._replace(**dict.fromkeys(pulls, 1.0))
    assert independent.log_hazard(crowd, weights) == independent.log_hazard(NOTHING, weights)
    assert hazard.log_hazard(crowd, weights) == 45.0
    same = {"rule__name": "independent", **FEW}
    assert np.array_equal(
        simulate(**same).announced, simulate(**same, coordination__peer_weight=10.0).announced
    )


# The threshold rule: Granovetter's fixed point.


def share_that_acts(mean, spread, seeds):
    """Return the share of a crowd that acts in the end, by the rule function alone."""
    weights = FLAT._replace(intercept=-25.0, follower_intercept=5.0, conform_peer=1.0)
    thresholds = [term.threshold_of((i + 0.5) / 1000, mean, spread) for i in range(1000)]
    share = seeds
    while True:
        acting = sum(
            threshold.log_hazard(NOTHING._replace(peer=share, threshold=own), weights) > 0.0
            for own in thresholds
        )
        if acting / 1000 <= share:
            return share
        share = acting / 1000


@pytest.mark.parametrize(("mean", "spread"), [(0.2, 0.1), (0.3, 0.15), (0.6, 0.1), (0.5, 0.3)])
def test_the_crowd_ends_at_granovetters_fixed_point(mean, spread):
    share = share_that_acts(mean, spread, seeds=0.001)
    scale = spread * math.sqrt(3.0) / math.pi
    # q = F(q), the logistic distribution of thresholds; a crowd of 1000 knows it to 1/1000.
    assert share == pytest.approx(1.0 / (1.0 + math.exp(-(share - mean) / scale)), abs=2e-3)


def test_thresholds_have_the_mean_and_the_spread_they_are_given():
    drawn = [term.threshold_of((i + 0.5) / 20_000, 0.3, 0.15) for i in range(20_000)]
    assert statistics.fmean(drawn) == pytest.approx(0.3, abs=1e-9)
    assert statistics.pstdev(drawn) == pytest.approx(0.15, rel=2e-3)


@pytest.mark.parametrize(("mean", "followers"), [(0.01, 14), (0.99, 0)])
def test_low_thresholds_give_a_cascade_and_high_ones_none(begin, mean, followers):
    model = begin(
        **CALM,
        rule__name="threshold",
        rule__threshold_mean=mean,
        rule__threshold_sd=0.0,
        rule__follower_intercept=5.0,
        scenario__measures=["condemnation"],
        coordination__consultation=False,
        step_days=1,
        days=60,
    )
    act = take(model, "DEU", "condemnation")
    take(model, "GBR", "condemnation")
    steps(model, 60)
    assert (model.announced[:, act, 0] != NEVER).sum() == 2 + followers


def test_a_follower_still_minds_the_cost():
    weights = FLAT._replace(intercept=-25.0, follower_intercept=1.0, cost=2.0, conform_peer=1.0)
    follows = NOTHING._replace(peer=0.5, threshold=0.4)
    assert threshold.log_hazard(follows, weights) == 1.0
    assert threshold.log_hazard(follows._replace(cost=0.5), weights) == 0.0
    assert threshold.log_hazard(follows._replace(threshold=0.6), weights) == -25.0


# Expected utility.


def test_expected_utility_is_a_logit_in_damage_less_cost():
    weights = FLAT._replace(intercept=-1.0, utility_scale=10.0, benefit=0.5)
    weighed = NOTHING._replace(damage=0.4, cost=0.1)
    within_a_week = 1.0 / (1.0 + math.exp(-(-1.0 + 10.0 * (0.5 * 0.4 - 0.1))))
    eta = expected_utility.log_hazard(weighed, weights)
    assert -math.expm1(-math.exp(eta)) == pytest.approx(within_a_week)


@pytest.mark.parametrize("utility", [-800.0, -31.0, -29.0, 0.0, 29.0, 31.0, 800.0])
def test_expected_utility_is_finite_and_rises_everywhere(utility):
    here = expected_utility.log_hazard(NOTHING, FLAT._replace(intercept=utility))
    above = expected_utility.log_hazard(NOTHING, FLAT._replace(intercept=utility + 1.0))
    assert math.isfinite(here)
    assert here < above


def test_more_is_done_for_a_higher_benefit_and_for_more_damage(simulate):
    bans = {"scenario__measures": ["machinery_export_ban", "oil_import_ban", "goods_import_ban"]}

    def done(**weights):
        rule = Rule("expected_utility", intercept=-4.0, utility_scale=50.0, **weights)
        runs = [simulate(seed=s, rule=rule, **bans) for s in range(4)]
        return sum(int((model.announced != NEVER).sum()) for model in runs)

    low, middle, high = (done(benefit=b) for b in (0.0, 3.0, 10.0))
    assert low < middle < high
    weights = FLAT._replace(utility_scale=10.0, benefit=0.1)
    small, large = (
        expected_utility.log_hazard(NOTHING._replace(damage=x), weights) for x in (0.1, 1.0)
    )
    assert small < large


def test_a_ban_by_others_raises_the_damage_of_ones_own(begin):
    model = begin(
        **CALM,
        scenario__measures=["machinery_export_ban"],
        evasion__leak_max=0.0,
        society__backslide=0.0,
        days=90,
    )
    act = model.setting.find_act("machinery_export_ban", "RUS")
    japan = model.state("JPN").seat
    before = model.engine.state.decision.damage[japan, act]
    assert before > 0.0
    model.step()
    for sender in model.senders:
        if sender.code != "JPN":
            take(model, sender.code, "machinery_export_ban", waves=3)
    steps(model, 2)
    assert model.engine.state.decision.damage[japan, act] > before


# A rule of the user's own.

OWN = """
def log_hazard(terms, weights):
    return weights.intercept + weights.zeal * terms.severity + weights.peer * terms.peer
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "my_rule.py"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_rule_from_a_file_decides_with_its_own_coefficients(simulate, own):
    levers = {"rule__function": f"{own}:log_hazard", "rule__name": "mine", **FEW}
    model = simulate(**levers, rule__free={"zeal": 3.0}, rule__intercept=-6.0)
    weights = model.setting.weights
    assert weights.zeal == 3.0
    weighed = NOTHING._replace(severity=0.5)
    assert model.setting.decide(weighed, weights) == -4.5
    keen = simulate(**levers, rule__free={"zeal": 9.0}, rule__intercept=-6.0)
    assert (keen.announced != NEVER).sum() > (model.announced != NEVER).sum()


SHORT = ["scenario.steps=2", "scenario.measures=[airspace_ban]"]


def test_the_command_line_takes_a_rule_by_its_file(own, tmp_path, capsys):
    words = [f"rule.function={own}:log_hazard", "+rule.free.zeal=3", "rule.name=mine"]
    assert main(["run", *words, *SHORT, f"out={tmp_path / 'out'}"]) == 0
    assert "rule.name=mine" in capsys.readouterr().out


def test_the_command_line_takes_a_rule_from_a_config_folder(own, tmp_path, capsys):
    folder = tmp_path / "configs" / "rule"
    folder.mkdir(parents=True)
    text = f"name: mine\nfunction: {own}:log_hazard\nintercept: -2.5\nfree: {{zeal: 3.0}}\n"
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    words = [f"--config-dir={folder.parent}", "rule=mine"]
    assert main(["run", *words, *SHORT, f"out={tmp_path / 'out'}"]) == 0
    recorded = (tmp_path / "out" / "config.yaml").read_text(encoding="utf-8")
    assert "zeal: 3.0" in recorded
    assert "intercept: -2.5" in recorded
    assert "rule.name=mine" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "words", "expected"),
    [
        (None, ["+rule.free.zeal=3"], ["there is no file", "my_rule.py"]),
        (
            "def other(terms, weights): return 0.0",
            [],
            ["function 'log_hazard' is unknown", "other"],
        ),
        ("def log_hazard(terms, weights): return 1 / 0", [], ["ZeroDivisionError"]),
        ("def log_hazard(terms): return 0.0", [], ["TypeError"]),
        ("def log_hazard(terms, weights): return terms.nom", [], ["term or weight", "'nom'"]),
        (OWN, [], ["term or weight", "zeal"]),
        ("def log_hazard(terms, weights): return float('nan')", [], ["found nan"]),
        ("def log_hazard(terms, weights): return 'much'", [], ["ValueError"]),
        ("def log_hazard(terms, weights:", [], ["cannot be loaded", "SyntaxError"]),
        ("raise RuntimeError('no')", [], ["line 1: a rule cannot stop a run"]),
        ("1 / 0", [], ["cannot be loaded", "ZeroDivisionError"]),
        (
            OWN,
            ["+rule.free.zeal=3", "+rule.free.severity=2"],
            ["rule.free.severity", "taken", "rule.severity"],
        ),
    ],
)
def test_every_mistake_in_a_rule_gets_one_line(tmp_path, capsys, body, words, expected):
    path = tmp_path / "my_rule.py"
    if body is not None:
        path.write_text(body, encoding="utf-8")
    command = ["run", f"rule.function={path}:log_hazard", *words, *SHORT, f"out={tmp_path / 'out'}"]
    assert_refused(command, expected, capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rule.function=my_rule.py"], ["must look like FILE.py:FUNCTION", "'my_rule.py'"]),
        (["rule.name=mine"], ["'mine' is unknown", "needs rule.function=FILE.py:FUNCTION"]),
        (["+rule.free.two-words=1"], ["rule.free", "begins with a letter", "'two-words'"]),
        (["+rule.free.def=1"], ["rule.free", "'def'"]),
        (["+rule.free._x=1"], ["rule.free", "'_x'"]),
        (["--config-dir=nowhere"], ["--config-dir must be followed by a folder", "'nowhere'"]),
    ],
)
def test_every_mistake_in_naming_a_rule_gets_one_line(words, expected, capsys, tmp_path):
    assert_refused(["run", *words, *SHORT, f"out={tmp_path / 'out'}"], expected, capsys)


def assert_refused(command, expected, capsys):
    assert main(command) == 2
    *notice, error = capsys.readouterr().err.splitlines()
    assert len(notice) < 2, notice
    assert all("is Python code, and is run" in line for line in notice)
    for part in expected:
        assert part in error
