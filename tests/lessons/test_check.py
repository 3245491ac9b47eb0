"""Answers are checked against what the model gives, and what cannot be read is said in one line."""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.errors import InputError
from sim.lessons import check, checking
from sim.lessons.answers import read, template
from sim.lessons.catalogue import LESSONS, lesson_of
from sim.lessons.exercises import (
    MISSING,
    NEARLY,
    RIGHT,
    WRONG,
    Exercise,
    Lesson,
    Number,
    Word,
    largest,
    mean_of,
    median_of,
    more_or_less,
    resampled,
)


def same(*options):
    return lambda: dict(zip(options, options, strict=True))


TOY = Lesson(
    9,
    "A toy",
    "Does it work?",
    {
        "a": Exercise(
            "How long?", "Think of days.", "So long.", lambda: Number(10, 1, 6, 14), unit="days"
        ),
        "b": Exercise(
            "Who?", "In the north.", "It is near.", lambda: Word("NOR", frozenset({"CAN"})),
            options=lambda: {"NOR": "Norway", "CAN": "Canada", "JPN": "Japan"},
        ),
        "c": Exercise(
            "Is it so?", "No.", "It is.", lambda: Word("true"), options=same("true", "false")
        ),
    },
)  # fmt: skip


@pytest.fixture
def toy(monkeypatch):
    def counted(name):
        return TOY if str(name) in ("9", "lesson-9") else lesson_of(name)

    monkeypatch.setattr("sim.lessons.catalogue.lesson_of", counted)
    monkeypatch.setattr(checking, "lesson_of", counted)


@pytest.fixture
def answered(tmp_path):
    def write(text, name="answers.yaml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("given", "verdicts"),
    [
        ({"a": 10, "b": "NOR", "c": True}, [RIGHT] * 3),
        ({"a": 10.9, "b": "norway", "c": "TRUE"}, [RIGHT] * 3),
        ({"a": 13, "b": "CAN", "c": False}, [NEARLY, NEARLY, WRONG]),
        ({"a": 8.1, "b": "JPN"}, [NEARLY, WRONG, MISSING]),
        ({"a": -10, "b": "", "c": None}, [WRONG, MISSING, MISSING]),
        ({}, [MISSING] * 3),
    ],
)
def test_an_answer_is_right_nearly_so_wrong_or_missing(toy, given, verdicts):
    marks = check(9, given)
    assert list(marks.verdicts.values()) == verdicts
    assert marks.all_right == (verdicts == [RIGHT] * 3)
    shown = " ".join(repr(marks).split())
    assert ("Think of days." in shown) == (verdicts[0] in (NEARLY, WRONG))
    assert ("Who? (code or name" in shown) == (verdicts[1] == MISSING)
    assert "So long." not in shown
    assert "The model" not in shown.partition("The model's answers")[0]


def test_solutions_are_told_when_asked_for_and_never_else(toy):
    told = " ".join(repr(check(9, solutions=True)).split())
    assert (
        "The model: 10 days (80 % of the draws: 6 to 14; right to within 1). Why: So long." in told
    )
    assert "The model: Norway (NOR) (luck could not tell it from CAN)." in told
    assert "missing" not in told
    both = " ".join(repr(check(9, {"a": 2}, solutions=True)).split())
    assert "wrong (you say 2 days)" in both
    assert "The model: 10 days" in both


def test_what_is_missing_is_not_computed(monkeypatch):
    for lesson in LESSONS:
        for module in sys.modules.values():
            if getattr(module, "__name__", "").startswith("sim.lessons.lesson_"):
                monkeypatch.setattr("sim.lessons.evidence.api", None)
        assert check(lesson.number, {}).verdicts == dict.fromkeys("abc", MISSING)


def test_a_notebook_gets_questions_and_marks_as_escaped_html(toy):
    assert "Is it so?" in check(9)._repr_html_()
    assert check(9, {"a": 2})._repr_html_().startswith("<pre>")


def test_a_template_that_is_filled_in_is_read_and_one_that_is_not_is_all_missing(answered):
    for lesson in LESSONS:
        empty = answered(template(lesson), f"{lesson.name}.yaml")
        assert read(empty, lesson) == {}
        assert set(check(lesson.name, empty).verdicts.values()) == {MISSING}


LESSON_2 = {"a": "days", "b": "more, less, may be luck", "c": "USA"}
BAD = {
    "holds no answers": "",
    "cannot be read": "a: [1",
    "line 2": "a: 1\n b: 2\n",
    "found a list": "[1, 2, 3]",
    "found '12'": "12",
    "a line for each of a, b, c": "a:12",
    "has no exercise 'd'; it has a, b, c": "d: 1",
    "has no exercise '1'": "1: 5",
    "has no exercise '<<'": "<<: {a: 1}",
    "stands there twice": "a: 1\na: 2",
    "as in 12.5; found '12,5'": "a: 12,5",
    "as in 12; found '12 days'": "a: 12 days",
    "must be a number alone (days)": "a: many",
    "found 'true'": "a: true",
    "found '12:30'": "a: 12:30",
    "found '0x10'": "a: 0x10",
    "found '1_000'": "a: 1_000",
    "found '2022-03-01'": "a: 2022-03-01",
    "found '.nan'": "a: .nan",
    "found '.inf'": "a: .inf",
    "as in 12 or 0.5; found '1e999'": "a: 1e999",
    "found '9999": "a: " + "9" * 4000,
    "found lines within a line": "a: {x: 1}",
    "did you mean 'more'": "b: mre",
    "answer '3' is unknown": "b: 3",
    "answer 'no' is unknown": "b: no",
    "found a list (": "!!python/object/apply:os.system ['echo']",
    "but found another document": "a: 1\n---\na: 2",
    "brackets within brackets": "a: " + "[" * 600,
    "it must be UTF-8": "b: möglich".encode("cp1252"),
    "it has more": b"# " + b"x" * 70_000,
    "special characters are not allowed": b"a: \x00",
}


@pytest.mark.parametrize("said", BAD)
def test_what_cannot_be_read_is_said_in_one_line_with_the_way_out(said, answered, capsys):
    path = answered(BAD[said])
    assert main(["check", "lesson-2", str(path)]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out
    assert str(path) in told.err
    assert told.err.count("\n") == 1
    assert len(told.err) < 600


@pytest.mark.parametrize(
    ("written", "number"),
    [("010", 10), ("1e3", 1000), ("1.5E-1", 0.15), ("'12'", 12), ("+5.", 5), (".5", 0.5)],
)
def test_a_number_is_what_is_written_whatever_yaml_makes_of_it(written, number, answered):
    assert read(answered(f"a: {written}"), lesson_of(2)) == {"a": number}


def test_lines_that_refer_to_one_another_and_many_letters_are_refused_at_once(answered):
    again = "".join(f"x{n}: &x{n} {{<<: [{f'*x{n - 1}, ' * 9}]}}\n" for n in range(1, 30))
    many = ", ".join(f"k{n}: 1" for n in range(4_000))
    for text in (f"x0: &x0 {{a: 1}}\n{again}", f"{{{many}}}"):
        with pytest.raises(InputError, match="has no exercise"):
            read(answered(text), lesson_of(2))


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are texts elsewhere")
def test_a_file_of_any_name_is_told_in_a_line(toy, tmp_path, capfd):
    for name in (b"an\xe9", b"two\nlines", b"red\x1b[31m"):
        (tmp_path / os.fsdecode(name + b".yaml")).write_text("a: 10")
        (tmp_path / os.fsdecode(name + b"-wrong.yaml")).write_text("a: many")
    assert main(["check", "lesson-9", str(tmp_path)]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == 1 + 6 + 1 + 3
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lesson-8"], "lesson 'lesson-8' is unknown"),
        (["leson-2"], "did you mean 'lesson-2'"),
        (["2.5"], "lesson '2.5' is unknown"),
        (["lesson-2", "nowhere.yaml"], "there is no file nowhere.yaml; sanctionsim check lesson-2"),
        (["lesson-2", "solution=true"], "setting 'solution' is unknown; did you mean 'solutions'"),
        (["lesson-2", "solutions=yes"], "solutions must be true or false; found 'yes'"),
        (["lesson-2", "template="], "template must have a value"),
        (["lesson-2", "template=no/such/folder.yaml"], "cannot be written"),
        (["lesson-2", "empty"], "holds no answers; it must have files NAME.yaml"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert main(["check", *words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("given", [[1], "nowhere.yaml", {"d": 1}, {"a": [1]}, {"b": object()}, 3])
def test_the_same_in_python(given):
    with pytest.raises(InputError):
        check(2, given)
    with pytest.raises(sim.InputError):
        check(0)


def test_a_template_is_written_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["check", "lesson-3", "template=mine.yaml"]) == 0
    assert "sanctionsim check lesson-3 mine.yaml" in capsys.readouterr().out
    assert "USD bn a year" in (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    assert main(["check", "lesson-3", "template=mine.yaml"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["check", "lesson-3", "mine.yaml"]) == 1
    assert "3 missing" in capsys.readouterr().out


def test_the_questions_fit_a_narrow_terminal(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    for words in ([], *([lesson.name] for lesson in LESSONS)):
        assert main(["check", *words]) == 0
        shown = capsys.readouterr().out.splitlines()
        assert max(len(line) for line in shown if " template=" not in line) <= 60


def test_a_class_is_told_in_a_line_each(toy, answered, tmp_path, capsys):
    answered("a: 10\nb: NOR\nc: true", "anna.yaml")
    answered("a: 13\nb: JPN", "boris.yml")
    answered("a: many", "cem.yaml")
    answered("", "notes.txt")
    assert main(["check", "lesson-9", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["a", "b", "c"]
    assert lines[1].split() == ["anna", "right", "right", "right"]
    assert lines[2].split() == ["boris", "nearly", "wrong", "missing"]
    assert "must be a number alone" in lines[3]
    assert lines[5] == "a: 1 right, 1 nearly"
    files = [str(tmp_path / name) for name in ("anna.yaml", "boris.yml")]
    assert main(["check", "lesson-9", *files]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "c: 1 right, 1 missing"


def test_a_tolerance_is_what_luck_moves_a_mean_of_twenty_draws():
    draws = np.random.default_rng(1).normal(5.0, 2.0, 4_000)
    assert mean_of(draws).value == pytest.approx(5.0, abs=0.1)
    expected = 3.0 * 2.0 / np.sqrt(20)
    assert mean_of(draws).tolerance == pytest.approx(expected, rel=0.05)
    assert median_of(draws).tolerance == pytest.approx(1.2533 * expected, rel=0.05)
    assert resampled(np.mean, draws).tolerance == pytest.approx(expected, rel=0.2)
    assert (mean_of(draws).low, mean_of(draws).high) == pytest.approx((2.44, 7.56), abs=0.15)


def test_a_number_without_luck_is_right_to_two_digits():
    fixed = mean_of(np.full(20, 1.234))
    assert fixed.judged(1.2) == RIGHT
    assert fixed.judged(1.3) == NEARLY
    assert fixed.judged(1.4) == WRONG


def test_words_of_the_model_are_told_apart_by_more_than_luck():
    noise = np.random.default_rng(2).normal(size=100)
    assert more_or_less(noise, noise + 1.0).value == "more"
    assert more_or_less(noise, noise - 1.0).value == "less"
    assert more_or_less(noise, noise).value == "may be luck"
    found = largest({"x": noise + 1.0, "y": noise, "z": noise + 1.01 + noise[::-1] / 10.0})
    assert found == Word("z", frozenset({"x"}))
