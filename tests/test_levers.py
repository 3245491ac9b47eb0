"""The lists of levers and experiments: all of them, in every form, and what a slip is told."""

from __future__ import annotations

import csv
import io

import pytest
from omegaconf import OmegaConf

from sim.cli import main
from sim.compose import checked, compose, config_folder
from sim.experiments import experiments, named
from sim.levers_command import example
from sim.parameters import chosen, parameters


def said(capsys, *words):
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_the_csv_has_every_lever_with_its_group(capsys):
    rows = list(csv.DictReader(io.StringIO(said(capsys, "levers", "--format", "csv"))))
    assert [row["key"] for row in rows] == [p.key for p in parameters()]
    peer = next(row for row in rows if row["key"] == "coordination.peer_weight")
    assert (peer["group"], peer["default"], peer["range"]) == ("coordination", "1", "0 to 10")


@pytest.mark.parametrize("group", ["coordination", "rule", "run"])
def test_a_group_is_shown_whole_and_alone(capsys, group, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    text = said(capsys, "levers", group)
    for parameter in parameters():
        assert (f"\n  {parameter.key} = " in text) == (parameter.group == group)
    assert text.count("\n      source: ") == len(chosen(group))
    assert max(map(len, text.splitlines())) <= 100
    assert said(capsys, "levers", group, "--format", "md").count("| `") == len(chosen(group))


def test_one_lever_is_shown_in_full(capsys):
    text = said(capsys, "levers", "coordination.peer_weight")
    for part in ("multiplies the pull of peers", "0 to 10", "default      1", "peer_weight=2"):
        assert part in text


def test_the_examples_of_all_levers_compose_and_each_changes_its_lever():
    examples = {parameter: example(parameter) for parameter in parameters()}
    default, found = compose([]), compose([text for text in examples.values() if text])
    checked(found)
    for parameter, text in examples.items():
        if text:
            before, after = (OmegaConf.select(node, parameter.key) for node in (default, found))
            assert after != before, text
        else:
            assert parameter.low is None or not parameter.default.isdigit(), parameter.key


def test_every_experiment_has_a_question_and_a_command_that_names_it():
    found = experiments()
    files = [*(config_folder() / "experiment").glob("*.yaml"),
             *(config_folder() / "sweep" / "experiment").glob("*.yaml")]  # fmt: skip
    assert {e.path for e in found} == set(files)
    for experiment in found:
        assert experiment.question.endswith(("?", ".")), experiment.name
        assert experiment.command.startswith(f"sanctionsim {experiment.kind} ")
        assert f"experiment={experiment.name}" in experiment.command


def test_experiments_are_listed_with_their_questions_and_one_with_its_settings(capsys):
    text = said(capsys, "experiments")
    for experiment in experiments():
        assert experiment.question in " ".join(text.split())
        assert f"\n    {experiment.command}\n" in text
    assert max(map(len, text.splitlines())) <= 100
    text = said(capsys, "experiments", "without_jpn")
    assert "sanctionsim run experiment=without_jpn" in text
    assert "\nmember: JPN\n" in text
    assert "without: ['${member}']" in text
    assert "#" not in text
    assert [e.name for e in named("without_jpn")] == ["without"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["levers", "coordnation"], "did you mean 'coordination'? (known: coordination, curr"),
        (["levers", "coordination.per_weight"], "did you mean 'coordination.peer_weight'?"),
        (["levers", "coordination.interval_scale"], "'coordination.meeting_spacing'"),
        (["levers", "--format", "xml"], "--format must be one of table, csv, md; found 'xml'"),
        (["levers", "a", "b"], "levers: 'b' is one word too many"),
        (["experiments", "quikc"], "did you mean 'quick'?"),
    ],
)
def test_a_slip_gets_one_line(words, expected, capsys):
    assert main(words) == 2
    shown = capsys.readouterr().err
    assert expected in shown
    assert shown.count("\n") == 1
    assert "society." not in shown
