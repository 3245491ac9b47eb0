"""The command `sanctionsim check`: answers to a lesson's exercises, held against the model."""

import shutil
from pathlib import Path
from typing import Any

import click

from sim.cli import Checked, anything, command, setting
from sim.errors import InputError

WIDEST = 100
yes_or_no = Checked({"true": True, "false": False}.__getitem__, "must be true or false")


def _complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    return [name for name in (f"lesson-{n}" for n in range(1, 8)) if name.startswith(typed)]


@command()
@click.argument("lesson", default="", metavar="[LESSON]", shell_complete=_complete)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@setting(
    "solutions", "true|false", yes_or_no, default="false", help="tell the model's answers, too"
)
@setting("template", "FILE", anything, help="write a file of answers to fill in")
def main(lesson: str, files: tuple[str, ...], solutions: bool, template: str | None) -> int:
    """Check answers to a lesson's exercises; the right ones are computed from the model now.

    For example:
      sanctionsim check                                   the lessons, with their questions
      sanctionsim check lesson-2                          the exercises of one
      sanctionsim check lesson-2 template=answers.yaml    a file to fill in
      sanctionsim check lesson-2 answers.yaml             what is right, and hints
      sanctionsim check lesson-2 solutions=true           the model's answers, and why
      sanctionsim check lesson-2 class                    all files of a folder, a line each

    The exit code is 0 if all answers of a single file are right, and 1 if not.
    """
    from sim.lessons import answers, checking
    from sim.lessons.catalogue import lesson_of

    width = min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)
    if not lesson:
        print(checking.every_lesson(width))
        print("\nThe exercises of one: sanctionsim check lesson-1")
        return 0
    asked = lesson_of(lesson)
    for word in files:
        if "=" in word and not Path(word).exists():
            raise InputError.unknown(
                "check: setting", word.partition("=")[0], ["solutions", "template"]
            )
    paths = answers.files_in(map(Path, files))
    if template is not None:
        _write(Path(template), answers.template(asked))
        print(f"Written: {template}; answer behind the colons, then:")
        print(f"sanctionsim check {asked.name} {template}")
        return 0
    if len(paths) > 1 or any(Path(file).is_dir() for file in files):
        print(checking.of_a_class(asked, paths))
        return 0
    if not paths and not solutions:
        print(checking.questions(asked, width))
        print(f"\nA file to fill in: sanctionsim check {asked.name} template=answers.yaml")
        return 0
    given: dict[str, Any] = answers.read(paths[0], asked) if paths else {}
    marks = checking.marked(asked, given, solutions)
    print(marks.text(width))
    return 0 if marks.all_right or not paths else 1


def _write(path: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(f"{path} is there already; name another file, or remove it") from error
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
