"""Pages, notebooks and exercises of the lessons say the same, and notebooks run."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
import write_lessons
from nbclient import NotebookClient
from test_docs import FENCE, FEW

from sim.lessons.catalogue import LESSONS

FOLDER = Path(write_lessons.FOLDER)
PAGES = sorted(FOLDER.glob("*.md"))
by_name = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


@by_name
def test_a_page_has_the_exercises_of_its_lesson(lesson):
    stored = write_lessons.page_of(lesson).read_text(encoding="utf-8")
    assert stored == write_lessons.page(lesson), "run `make lessons`"
    assert f"# Lesson {lesson.number}: {lesson.title}\n" in stored
    assert lesson.question in " ".join(stored.split())


@by_name
def test_a_notebook_is_what_its_page_gives_without_outputs(lesson):
    stored = write_lessons.notebook_of(lesson).read_text(encoding="utf-8")
    assert stored == write_lessons.notebook(lesson), "run `make lessons`"
    code = [cell for cell in nbformat.reads(stored, 4).cells if cell.cell_type == "code"]
    fences = FENCE.findall(write_lessons.page_of(lesson).read_text(encoding="utf-8"))
    assert [cell.source + "\n" for cell in code] == [
        text for kind, _, text in fences if kind == "python"
    ]
    assert not any(cell.outputs or cell.execution_count for cell in code)


def test_no_two_pages_are_left_without_a_lesson():
    lessons = {write_lessons.page_of(lesson) for lesson in LESSONS}
    assert set(PAGES) == lessons | {FOLDER / "index.md", FOLDER / "teachers.md"}
    stored = set((FOLDER / "notebooks").glob("*.ipynb"))
    assert stored == {write_lessons.notebook_of(lesson) for lesson in LESSONS}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_link_of_a_page_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        name, _, chapter = link.partition("#")
        target = page.parent / name if name else page
        assert target.is_file(), link
        headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        assert not chapter or chapter in {anchor(heading) for heading in headings}, link


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_tells_no_number_that_the_model_gives(page):
    """Where the model is said to give something, it is said in words."""
    text = page.read_text(encoding="utf-8")
    seen = text.partition("## What to see")[2].partition("## Exercises")[0]
    prose = re.sub(r"`[^`]+`|\]\([^)]+\)", "", seen)
    assert not re.search(r"\d+\.\d+|\d+ ?(%|percent|days|points|bn)", prose)


def test_notebooks_run_from_top_to_bottom(tmp_path):
    """In one kernel, cleared between them, with few runs: claims have a test of their own."""
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    cells, first = [], {}
    for lesson in LESSONS:
        stored = nbformat.read(write_lessons.notebook_of(lesson), 4)
        first[lesson.name] = len(cells)
        for cell in stored.cells:
            cell.source = FEW.sub(r"\1=3", cell.source)
        cells += [nbformat.v4.new_code_cell("%reset -f"), *stored.cells]
    whole = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(whole, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    for lesson in LESSONS:
        last = [c for c in whole.cells if c.get("id", "").startswith(f"{lesson.name}-")][-3:]
        shown = [out for cell in last if cell.cell_type == "code" for out in cell.outputs]
        assert "3 missing" in shown[-1]["data"]["text/plain"]
    errors = [
        out for c in whole.cells for out in c.get("outputs", []) if out.output_type == "stream"
    ]
    assert not [out.text for out in errors if out.name == "stderr"]
