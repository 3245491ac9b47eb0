"""The lessons, as `lessons.yaml` has them."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from sim.errors import InputError
from sim.lessons.exercises import Exercise, Lesson


def _function(name: str) -> Callable[[], Any]:
    module, _, function = name.partition(".")
    return getattr(import_module(f"sim.lessons.{module}"), function)


def _exercise(entry: dict[str, Any]) -> Exercise:
    """Return an entry as an exercise; options that are listed stand for themselves."""
    answer, options = _function(entry.pop("answer")), entry.pop("options", [])
    if isinstance(options, str):
        return Exercise(**entry, answer=answer, options=_function(options))
    listed = dict(zip(options, options, strict=True))
    return Exercise(**entry, answer=answer, options=lambda: listed)


def _lesson(entry: dict[str, Any]) -> Lesson:
    exercises = {letter: _exercise(own) for letter, own in entry.pop("exercises").items()}
    return Lesson(**entry, exercises=exercises)


_TEXT = Path(__file__).with_name("lessons.yaml").read_text(encoding="utf-8")
LESSONS = tuple(map(_lesson, yaml.safe_load(_TEXT)))


def lesson_of(name: object) -> Lesson:
    """Return a lesson by its number or name, 2 or 'lesson-2'; InputError if there is none."""
    if isinstance(name, int | str) and not isinstance(name, bool):
        number = re.fullmatch(
            r"(?:lesson[-_ ]?)?(\d{1,3})(?:\.md|\.ipynb)?", str(name).strip().lower()
        )
        for lesson in LESSONS:
            if number and int(number[1]) == lesson.number:
                return lesson
    raise InputError.unknown("lesson", str(name)[:40], [lesson.name for lesson in LESSONS])
