"""Answers held against what the model gives, and what is said of it."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.lessons.answers import answers_of, cut, read
from sim.lessons.catalogue import LESSONS, lesson_of
from sim.lessons.exercises import (
    MISSING,
    NEARLY,
    RIGHT,
    VERDICTS,
    WRONG,
    Exercise,
    Given,
    Lesson,
    Number,
)
from sim.runs import Words
from sim.shown import WIDTH
from sim.words import number as shown

LONGEST = 600  # characters of what is wrong with a file


@dataclass(frozen=True, slots=True, repr=False)
class Marks:
    """What became of a student's answers."""

    lesson: Lesson
    given: dict[str, Given]  # answers by letter
    verdicts: dict[str, str]  # one of `VERDICTS`, by letter
    solutions: bool = False  # whether the model's answers are told

    @property
    def all_right(self) -> bool:
        """Whether every answer is."""
        return set(self.verdicts.values()) == {RIGHT}

    def text(self, width: int = WIDTH) -> str:
        """Return it as lines for a terminal."""
        lesson = self.lesson
        only_solutions = self.solutions and not self.given
        found = "the model's answers" if only_solutions else tally(self.verdicts.values())
        lines = [f"Lesson {lesson.number}, {lesson.title}: {found}"]
        for letter, exercise in lesson.exercises.items():
            lines += ["", *self._lines(letter, exercise, width)]
        if not self.solutions and not self.all_right:
            lines += ["", "The model's answers, and why: with solutions=true (in Python "
                      "solutions=True)."]  # fmt: skip
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return Words(self.text())._repr_html_()

    def _lines(self, letter: str, exercise: Exercise, width: int) -> list[str]:
        verdict = self.verdicts[letter]
        parts = []
        if self.given or not self.solutions:
            said = "" if verdict == MISSING else f" ({_said(self.given[letter], exercise)})"
            parts.append(f"{verdict}{said}{self._distance(letter, exercise)}")
        if verdict == MISSING:
            parts.append(f"{exercise.question} ({exercise.asked})")
        if verdict in (NEARLY, WRONG):
            parts.append(f"Hint: {exercise.hint}")
        if self.solutions:
            parts += [f"The model: {exercise.told(exercise.answer())}.", f"Why: {exercise.why}"]
        return _hanging(letter, parts, width)

    def _distance(self, letter: str, exercise: Exercise) -> str:
        if self.verdicts[letter] != NEARLY:
            return ""
        answer = exercise.answer()
        if isinstance(answer, Number):
            return (
                f": a single draw may give it, or it is near; right is what lies within "
                f"{shown(answer.tolerance, 2)} of the mean of many"
            )
        return ": the model has another one first, but by no more than luck"


def check(
    lesson: int | str,
    answers: Mapping[str, Any] | str | Path | None = None,
    solutions: bool = False,
) -> Marks | Words:
    """Return what is right among answers to a lesson's exercises, as the model has it.

    Parameters
    ----------
    lesson : int or str
        Its number or name: 2 or 'lesson-2'.
    answers : mapping or path, optional
        By letter, `{"a": 12, "b": "HUN"}`, or a file of YAML; those that are None or empty are
        missing. Without any the questions are returned.
    solutions : bool
        Tell the model's answers, and why.

    Raises
    ------
    InputError
        No such lesson or file, or answers of another kind than asked for.

    Examples
    --------
    >>> from sim.lessons import check
    >>> check(2, {"a": None}).verdicts
    {'a': 'missing', 'b': 'missing', 'c': 'missing'}
    >>> check(2, {"d": 1})
    Traceback (most recent call last):
    sim.errors.InputError: answers: lesson-2 has no exercise 'd'; it has a, b, c
    """
    asked = lesson_of(lesson)
    if answers is None and not solutions:
        return Words(questions(asked))
    if isinstance(answers, str | Path):
        return marked(asked, read(Path(answers), asked), solutions)
    return marked(asked, answers_of(answers or {}, asked, "answers"), solutions)


def marked(lesson: Lesson, given: dict[str, Given], solutions: bool = False) -> Marks:
    """Return what is right among answers that were checked; what is missing is not computed."""
    verdicts = {
        letter: exercise.answer().judged(given[letter]) if letter in given else MISSING
        for letter, exercise in lesson.exercises.items()
    }
    return Marks(lesson, given, verdicts, solutions)


def questions(lesson: Lesson, width: int = WIDTH) -> str:
    """Return a lesson's questions as lines for a terminal."""
    lines = _folded(f"Lesson {lesson.number}, {lesson.title}: {lesson.question}", width)
    for letter, exercise in lesson.exercises.items():
        lines += ["", *_hanging(letter, [exercise.question, f"({exercise.asked})"], width)]
    return "\n".join(lines)


def every_lesson(width: int = WIDTH) -> str:
    """Return all lessons with their questions as lines for a terminal."""
    lines = []
    for lesson in LESSONS:
        lines += _hanging(lesson.name, [f"{lesson.title}. {lesson.question}"], width)
    return "\n".join(lines)


def of_a_class(lesson: Lesson, paths: Iterable[Path]) -> str:
    """Return a line for each student's file, and what the class got right.

    A file that cannot be used says why in its line.
    """
    letters, rows, counts = list(lesson.exercises), [], {}
    for letter in letters:
        counts[letter] = Counter[str]()
    names = [cut(path.stem) for path in paths]
    width = max(map(len, names), default=0)
    for path, name in zip(paths, names, strict=True):
        try:
            verdicts = marked(lesson, read(path, lesson)).verdicts
        except InputError as error:
            rows.append(f"{name.ljust(width)}  {cut(error, LONGEST)}")
            continue
        for letter, verdict in verdicts.items():
            counts[letter][verdict] += 1
        rows.append(f"{name.ljust(width)}  " + "  ".join(verdicts[x].ljust(7) for x in letters))
    head = f"{' ' * width}  " + "  ".join(letter.ljust(7) for letter in letters)
    totals = [f"{letter}: {tally(counts[letter].elements())}" for letter in letters]
    lines = [head, *rows, "", *totals]
    return "\n".join(line.rstrip() for line in lines)


def tally(verdicts: Iterable[str]) -> str:
    """Return how many are what, in words: '2 right, 1 missing'."""
    counts = Counter(verdicts)
    found = [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict]]
    return ", ".join(found) or "no answers"


def _said(given: Given, exercise: Exercise) -> str:
    if isinstance(given, str):
        return f"you say {exercise.named(given)}"
    return f"you say {shown(given, 4)} {exercise.unit}"


def _hanging(name: str, parts: Iterable[str], width: int) -> list[str]:
    """Return lines with a name before the first and a margin before all others."""
    margin = " " * (len(name) + 2)
    lines = [line for part in parts for line in _folded(part, width - len(margin))]
    return [f"{name}  {lines[0]}", *(f"{margin}{line}" for line in lines[1:])]


def _folded(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False)
