"""The lessons, by number."""

from __future__ import annotations

import re

from sim.errors import InputError
from sim.lessons import (
    lesson_1,
    lesson_2,
    lesson_3,
    lesson_4,
    lesson_5,
    lesson_6,
    lesson_7,
)
from sim.lessons.exercises import Lesson

LESSONS = tuple(
    module.LESSON
    for module in (lesson_1, lesson_2, lesson_3, lesson_4, lesson_5, lesson_6, lesson_7)
)


def lesson_of(name: object) -> Lesson:
    """Return a lesson by its number or its name, 2 or 'lesson-2'.

    Raises
    ------
    InputError
        No such lesson.
    """
    if isinstance(name, int | str) and not isinstance(name, bool):
        number = re.fullmatch(r"(?:lesson[-_ ]?)?(\d+)(?:\.md|\.ipynb)?", str(name).strip().lower())
        for lesson in LESSONS:
            if number and int(number[1]) == lesson.number:
                return lesson
    raise InputError.unknown("lesson", str(name)[:40], [lesson.name for lesson in LESSONS])
