"""A stored run is repeated, its rule file included, and what Hydra's users type is understood."""

from __future__ import annotations

import json

import pytest

from sim.cli import main
from sim.compose import checked, compose, literal_paths
from sim.repeat import stored_run

RULE = "def steady(terms, weights):\n    return -2.0 + 3.0 * terms.involvement\n"
QUICK = ["scenario.steps=2", "figures.draw=none"]


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return the results of a run under a rule whose own file is gone since."""
    folder = tmp_path_factory.mktemp("repeat")
    rule, out = folder / "mine.py", folder / "first"
    rule.write_text(RULE, encoding="utf-8")
    words = [f"rule.function={rule}:steady", "coordination=veto", "seed=5", f"out={out}"]
    assert main(["run", *QUICK, *words]) == 0
    rule.unlink()
    return out


def test_a_stored_run_is_repeated_byte_by_byte_with_its_own_rule(first, tmp_path, capsys):
    assert (first / "rule.py").read_text(encoding="utf-8") == RULE
    again = tmp_path / "again"
    assert main(["run", f"out={again}", "--from", str(first)]) == 0
    said = capsys.readouterr().out
    assert f"Repeats {first}" in said
    assert f"its rule is the copy kept there, {first / 'rule.py'}" in said
    assert (again / "events.csv").read_bytes() == (first / "events.csv").read_bytes()
    assert (again / "rule.py").read_text(encoding="utf-8") == RULE


def test_overrides_change_a_stored_run(first, capsys):
    words = ["--from", str(first), "seed=9", "coordination=loose", "--cfg", "job"]
    assert main(["run", *words]) == 0
    text = capsys.readouterr().out
    for part in ("seed: 9", "name: loose", "steps: 2", "rule.py:steady"):
        assert part in text


@pytest.mark.parametrize(
    ("change", "words", "expected"),
    [
        ({"world_fingerprint": "other"}, [], "the world 'march_2022' has changed since"),
        ({}, ["experiment=without_jpn"], "an experiment starts from the default"),
        ({}, ["scenario.stps=3"], "did you mean 'scenario.steps'"),
    ],
)
def test_what_cannot_be_repeated_is_refused_in_a_line(
    change, words, expected, first, tmp_path, capsys
):
    for name in ("config.yaml", "versions.json", "rule.py"):
        (tmp_path / name).write_bytes((first / name).read_bytes())
    stored = json.loads((tmp_path / "versions.json").read_text())
    (tmp_path / "versions.json").write_text(json.dumps(stored | change))
    assert main(["run", "--from", str(tmp_path), *words]) == 2
    shown = capsys.readouterr().err
    assert expected in shown
    assert shown.count("\n") == 1


def test_a_folder_without_a_run_is_refused(tmp_path, capsys):
    for folder, expected in ((tmp_path, "holds no run"), (tmp_path / "no", "the folder of a run")):
        assert main(["run", "--from", str(folder)]) == 2
        assert expected in capsys.readouterr().err


def test_the_stored_configuration_is_the_one_that_ran(first):
    config = stored_run(first)
    assert (config.seed, config.coordination.name, config.out) == (5, "veto", None)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("hydra/launcher=joblib", "sanctionsim sweep uses all cores"),
        ("hydra.run.dir=x", "write out=DIR"),
        ("hydra.sweep.dir=x", "write out=DIR"),
        ("hydra/sweeper=optuna", "design=lhs"),
        ("hydra.verbose=true", "leave it out"),
    ],
)
@pytest.mark.parametrize("command", [["run"], ["run", "-m"], ["sweep", "--dry-run"]])
def test_settings_of_hydras_own_are_refused_with_the_way_out(command, word, expected, capsys):
    assert main([*command, word]) == 2
    shown = capsys.readouterr().err
    assert expected in shown
    assert shown.count("\n") == 1


def test_a_group_may_be_added_as_in_hydra():
    for sign in ("+", "++"):
        added = checked(compose([f"{sign}experiment=without_jpn"]))
        assert added == checked(compose(["experiment=without_jpn"]))


@pytest.mark.parametrize("path", ["résultats", "a/lr=0.1", "run#1", "1e3", "it's", "a b", "a,b"])
def test_a_path_is_taken_as_it_stands(path):
    assert checked(compose([f"out={path}"])).out == path
    assert checked(compose(literal_paths([f"out={path}"]))).out == path


def test_the_order_of_words_does_not_matter(tmp_path, capsys):
    (tmp_path / "rule").mkdir()
    (tmp_path / "rule" / "mine.yaml").write_text("peer: 0.7", encoding="utf-8")
    own, words = ["--config-dir", str(tmp_path)], ["rule=mine", "seed=1,2"]
    show = ["-m", "--cfg", "job"]
    texts = []
    for order in ([*own, *words, *show], [*show, *words, *own], [*words, *own, *show]):
        assert main(["run", *order]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] == texts[2]
    assert texts[0].count("peer: 0.7") == 2


def test_info_names_the_files_in_their_order(capsys):
    assert main(["run", "--info", "+experiment=without_jpn", "coordination=veto"]) == 0
    text = capsys.readouterr().out
    assert text.index("coordination/veto.yaml") < text.index("experiment/without.yaml")
