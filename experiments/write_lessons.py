"""Write what is made of the lessons: the exercises on their pages, and their notebooks.

    python experiments/write_lessons.py

A page has the exercises of `sim.lessons` between two comments; a notebook is its page, by
jupytext, without outputs. tests/lessons/test_lesson_pages.py fails when either is older than what
it is made of.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import arguments
import jupytext
import nbformat

from sim.lessons.catalogue import LESSONS
from sim.lessons.exercises import Lesson

FOLDER = Path(__file__).parents[1] / "docs" / "lessons"
WIDTH = 100
BEGIN, END = "<!-- exercises -->", "<!-- /exercises -->"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def main() -> None:
    """Write every page and its notebook."""
    arguments.parser(__doc__).parse_args()
    (FOLDER / "notebooks").mkdir(exist_ok=True)
    for lesson in LESSONS:
        path = page_of(lesson)
        path.write_text(page(lesson), encoding="utf-8", newline="\n")
        notebook_of(lesson).write_text(notebook(lesson), encoding="utf-8", newline="\n")
        print(path)


def page_of(lesson: Lesson) -> Path:
    """Return where the page of a lesson is."""
    return FOLDER / f"{lesson.name}.md"


def notebook_of(lesson: Lesson) -> Path:
    """Return where the notebook of a lesson is."""
    return FOLDER / "notebooks" / f"{lesson.name}.ipynb"


def page(lesson: Lesson) -> str:
    """Return a page with its exercises as they are now."""
    text = page_of(lesson).read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{exercises(lesson)}\n\n{END}{after}"


def exercises(lesson: Lesson) -> str:
    """Return the exercises of a lesson, with hints and solutions to unfold, as Markdown."""
    items = lesson.exercises.items()
    asked = [_item(letter, f"{one.question} ({one.asked})") for letter, one in items]
    empty = ", ".join(f'"{letter}": None' for letter in lesson.exercises)
    return "\n\n".join(
        [
            *asked,
            _fold("Hints", [_item(letter, one.hint) for letter, one in items]),
            _filled(
                "Write your answers into a file and have them checked, or fill them in below. The "
                "right ones are computed from the model at that moment."
            ),
            f"```\nsanctionsim check {lesson.name} template=answers.yaml\n"
            f"sanctionsim check {lesson.name} answers.yaml\n```",
            f"```python\nfrom sim.lessons import check\n\ncheck({lesson.number}, {{{empty}}})\n```",
            _fold(
                "Solutions: why",
                [
                    *(_item(letter, one.why) for letter, one in items),
                    f"The model's answers: `sanctionsim check {lesson.name} solutions=true`.",
                ],
            ),
        ]
    )


def notebook(lesson: Lesson) -> str:
    """Return the notebook of a page as JSON: links go up one folder, cells are numbered."""
    text = re.sub(r"\]\((?!https?:|#)", "](../", page(lesson))
    found: Any = jupytext.reads(text, fmt="md")
    found.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for number, cell in enumerate(found.cells):
        cell.id = f"{lesson.name}-{number}"
        cell.metadata = {}
    nbformat.validate(found)
    return str(nbformat.writes(found)) + "\n"


def _item(letter: str, text: str) -> str:
    return _filled(f"**{letter}.** {text}")


def _fold(title: str, parts: list[str]) -> str:
    """Return what is shown on a click; `markdown` is for the site, which would not read on."""
    inside = "\n\n".join(parts)
    return f'<details markdown="1">\n<summary>{title}</summary>\n\n{inside}\n\n</details>'


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_on_hyphens=False, break_long_words=False)


if __name__ == "__main__":
    main()
