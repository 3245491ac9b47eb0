"""A student's answers: read from YAML, and checked before anything is computed."""

import re
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
LARGEST = 1e15  # no answer comes near it
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


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
                f"{place}: {lesson.name} has no exercise '{cut(letter)}'; it has {known}"
            )
        if value is not None and value != "":
            found[letter] = _answer(value, lesson.exercises[letter], f"{place}: {letter}")
    return found


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return files by name, those of a folder in its place; InputError if it holds no YAML."""
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
    """Return letters, and what stands behind each as it is written; None for an empty text.

    YAML would make 8 of 010, 750 of 12:30, a truth value of no, and of a few lines that refer to
    one another more than any machine can hold.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError as error:
        raise InputError(f"{path}: brackets within brackets; write one answer a line") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", "it is no YAML")
        raise InputError(
            f"{path}{line}: cannot be read ({cut(problem, 80)}); write one answer a line: "
            "a letter, a colon, a blank, and a number or a word, as in a: 12"
        ) from error
    if not isinstance(root, yaml.MappingNode):
        return _written(root)
    found: dict[str, Any] = {}
    for key, value in root.value:
        letter = str(key.value)
        if letter in found:
            raise InputError(f"{path}: '{cut(letter)}' stands there twice; leave one answer")
        found[letter] = _written(value)
    return found


def _written(node: yaml.Node | None) -> Any:
    """Return the text of a node, None for nothing, and something empty for what is more."""
    if isinstance(node, yaml.CollectionNode):
        return {} if isinstance(node, yaml.MappingNode) else []
    return None if node is None or node.tag.endswith(":null") else node.value


def _answer(value: object, exercise: Exercise, place: str) -> Given:
    if exercise.unit:
        return _number(value, exercise, place)
    options = exercise.options()
    told = str(value).strip().casefold() if isinstance(value, str | bool) else None
    for code, name in options.items():
        if told is not None and told in (code.casefold(), name.casefold()):
            return code
    if isinstance(value, str):
        known = {*options, *options.values()}
        raise InputError.unknown(f"{place}: answer", cut(value), known)
    raise InputError(f"{place} must be a word, one of {', '.join(options)}; found {_kind(value)}")


def _number(value: object, exercise: Exercise, place: str) -> float:
    told = float(value) if isinstance(value, str) and NUMBER.fullmatch(value.strip()) else value
    if isinstance(told, int | float) and not isinstance(told, bool) and abs(told) < LARGEST:
        return float(told)  # which nan and inf are not
    found, hint = _kind(value), "12 or 0.5"
    if isinstance(value, str):
        first = value.replace(",", ".").replace("%", " ").split()
        if first and first != [value] and NUMBER.fullmatch(first[0]):
            hint = cut(first[0])
    raise InputError(
        f"{place} must be a number alone ({exercise.unit}), as in {hint}; found {found}"
    )


def _kind(value: object) -> str:
    """Return what was found, in a few words that cannot be long."""
    if isinstance(value, list | tuple | set):
        return "a list"
    if isinstance(value, Mapping):
        return "lines within a line"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= LARGEST:
        return "a number of many digits"
    return f"'{cut(value)}'"


def cut(value: object, most: int = 40) -> str:
    """Return a text of one line, cut short."""
    if isinstance(value, list | tuple | set | Mapping):
        return _kind(value)
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return text if len(text) <= most else f"{text[:most]}..."


def _way_out(lesson: Lesson) -> str:
    return f"sanctionsim check {lesson.name} template=answers.yaml writes one to fill in"
