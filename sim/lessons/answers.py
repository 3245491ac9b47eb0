"""A student's answers: read from YAML, and checked before anything is computed."""

import math
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from sim.errors import InputError
from sim.lessons.exercises import Exercise, Given, Lesson
from sim.shown import WIDTH

MOST_BYTES = 65_536  # of a file of answers; a few hundred are usual
SUFFIXES = (".yaml", ".yml")


def template(lesson: Lesson) -> str:
    """Return a file of answers to fill in, with the questions as comments."""
    lines = [
        f"# Lesson {lesson.number}: {lesson.title}",
        f"# Answer behind each colon, save, then: sanctionsim check {lesson.name} answers.yaml",
    ]
    for letter, exercise in lesson.exercises.items():
        asked = f"{letter}. {exercise.question} ({exercise.asked})"
        lines += ["", textwrap.indent(textwrap.fill(asked, WIDTH - 2), "# "), f"{letter}:"]
    return "\n".join(lines) + "\n"


def read(path: Path, lesson: Lesson) -> dict[str, Given]:
    """Return the answers that a file of YAML gives, by letter.

    Raises
    ------
    InputError
        There is no such file, it cannot be read, or it holds something else than answers.
    """
    data = _parsed(_text(path, lesson), path)
    if data is None:
        raise InputError(f"{path} holds no answers; write them as in a: 12 ({_way_out(lesson)})")
    return answers_of(data, lesson, str(path))


def answers_of(data: object, lesson: Lesson, place: str) -> dict[str, Given]:
    """Return the answers of a mapping by letter; those that are empty are left out.

    Parameters
    ----------
    data : object
        Whatever was given; a mapping is due.
    place : str
        Where it comes from.

    Raises
    ------
    InputError
        It is no mapping, has a letter that is none, or an answer of another kind than asked.
    """
    known = ", ".join(lesson.exercises)
    if not isinstance(data, Mapping):
        raise InputError(
            f"{place} must have a line for each of {known}, as in a: 12; found {_kind(data)} "
            f"({_way_out(lesson)})"
        )
    found = {}
    for letter, value in data.items():
        if letter not in lesson.exercises:
            raise InputError(
                f"{place}: {lesson.name} has no exercise '{_cut(letter)}'; it has {known}"
            )
        if value is not None and value != "":
            found[letter] = _answer(value, lesson.exercises[letter], f"{place}: {letter}")
    return found


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return files, those of a folder in its place, by name.

    Raises
    ------
    InputError
        A folder holds no YAML.
    """
    found: list[Path] = []
    for path in paths:
        own = [path]
        if path.is_dir():
            own = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES)
            if not own:
                raise InputError(f"{path} holds no answers; it must have files NAME.yaml")
        found += own
    return found


def _text(path: Path, lesson: Lesson) -> str:
    if not path.is_file():
        raise InputError(f"there is no file {path}; {_way_out(lesson)}")
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise InputError(
            f"{path} must be a few lines of answers, {MOST_BYTES // 1024} kB at most; it has more: "
            "is it the right one?"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(
            f"{path}, line {line}: it must be UTF-8 and is not; save it as UTF-8, or write plain "
            "letters only"
        ) from error


def _parsed(text: str, path: Path) -> Any:
    """Return what safe YAML says; InputError for what it does not read."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if isinstance(root, yaml.MappingNode):
            _refuse_twice(root, path)
        return yaml.safe_load(text)
    except RecursionError as error:
        raise InputError(f"{path}: brackets within brackets; write one answer a line") from error
    except ValueError as error:  # a date such as 2022-13-45
        raise InputError(f"{path}: {error}; write numbers and words") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", "it is no YAML")
        raise InputError(
            f"{path}{line}: cannot be read ({_cut(problem, 80)}); write one answer a line: "
            "a letter, a colon, a blank, and a number or a word, as in a: 12"
        ) from error


def _refuse_twice(root: yaml.MappingNode, path: Path) -> None:
    letters = [str(key.value) for key, _ in root.value]
    for letter in letters:
        if letters.count(letter) > 1:
            raise InputError(f"{path}: '{_cut(letter)}' stands there twice; leave one answer")


def _answer(value: object, exercise: Exercise, place: str) -> Given:
    if exercise.unit:
        return _number(value, exercise, place)
    options = exercise.options()
    told = value.strip().casefold() if isinstance(value, str) else None
    if isinstance(value, bool):  # YAML's own word for it
        told = str(value).casefold()
    for code, name in options.items():
        if told is not None and told in (code.casefold(), name.casefold()):
            return code
    if isinstance(value, str):
        known = {*options, *options.values()}
        raise InputError.unknown(f"{place}: answer", _cut(value), known)
    hint = "; YAML takes no, off and on for truth values: put the word in quotes"
    raise InputError(
        f"{place} must be a word, one of {', '.join(options)}; found {_kind(value)}"
        f"{hint if isinstance(value, bool) else ''}"
    )


def _number(value: object, exercise: Exercise, place: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return float(value)  # which nan and inf are not
    found = _kind(value)
    hint = "12 or 0.5"
    if isinstance(value, str):
        found = f"'{_cut(value)}'"
        first = value.replace(",", ".").replace("%", " ").split()
        if first and _is_number(first[0]):
            hint = first[0]
    raise InputError(
        f"{place} must be a number alone ({exercise.unit}), as in {hint}; found {found}"
    )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _kind(value: object) -> str:
    """Return what was found, in a few words that cannot be long."""
    if isinstance(value, list | tuple | set):
        return "a list"
    if isinstance(value, Mapping):
        return "lines within a line"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 10**15:
        return "a number of many digits"
    return f"'{_cut(value)}'"


def _cut(value: object, most: int = 40) -> str:
    """Return a text of one line, cut short."""
    if isinstance(value, list | tuple | set | Mapping):
        return _kind(value)
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return text if len(text) <= most else f"{text[:most]}..."


def _way_out(lesson: Lesson) -> str:
    return f"sanctionsim check {lesson.name} template=answers.yaml writes one to fill in"
