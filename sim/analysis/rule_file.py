"""Estimated rules as files of the config group `rule`."""

from __future__ import annotations

import textwrap
from dataclasses import fields
from datetime import date
from pathlib import Path

from sim.config import Rule
from sim.errors import InputError

DIGITS = 3
WIDTH = 98


def rule_file(rule: Rule, says: list[str]) -> str:
    """Return the text of a file with the coefficients of a rule that differ from the schema's.

    Parameters
    ----------
    rule : Rule
    says : list of str
        Comment lines: the command, what was estimated on what.
    """
    shipped = Rule()
    wrapped = [part for text in says for part in textwrap.wrap(text, WIDTH)]
    lines = [*(f"# {line}" for line in wrapped), f"name: {rule.name}"]
    for field in fields(Rule):
        value = getattr(rule, field.name)
        if isinstance(value, float) and value != getattr(shipped, field.name):
            lines.append(f"{field.name}: {round(value, DIGITS) + 0.0:g}")
    return "\n".join(lines) + "\n"


def rounded(rule: Rule) -> Rule:
    """Return a rule as its file gives it back."""
    values = {field.name: getattr(rule, field.name) for field in fields(Rule)}
    for name, value in values.items():
        if isinstance(value, float):
            values[name] = float(f"{round(value, DIGITS) + 0.0:g}")
    return Rule(**values)


def sample(timeline: Path, first: date, last: date, events: float, n_rows: int, unit: str) -> str:
    """Return the sample in words."""
    return (
        f"Sample: {timeline.name}, {first} to {last}: {events:.0f} first adoptions in "
        f"{n_rows} person-{unit}s."
    )


def write(folder: Path, name: str, text: str) -> Path:
    """Write a rule file and return its path.

    Raises
    ------
    InputError
        The folder cannot be written.
    """
    path = folder / f"{name}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({error.strerror}); name another folder with --out"
        ) from None
    return path
