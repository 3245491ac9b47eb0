"""Estimated rules as files of the config group `rule`."""

import textwrap
from dataclasses import fields
from pathlib import Path

from sim import files
from sim.analysis.priors import PLACES
from sim.config import Rule

DIGITS = 3
WIDTH = 98


def rule_file(rule: Rule, names: tuple[str, ...], says: list[str]) -> str:
    """Return the text of a file with all coefficients that a rule uses.

    Parameters
    ----------
    names : tuple of str
        Of its coefficients; effects are written in any case.
    says : list of str
        Comment lines: what was estimated, on what, and what the dates do not say.
    """
    wrapped = [part for text in says for part in textwrap.wrap(text, WIDTH)]
    lines = [*(f"# {line}" for line in wrapped), f"name: {rule.name}"]
    if rule.function:
        lines.append(f"function: {rule.function}")
    known = [field.name for field in fields(Rule) if field.name in names]
    lines += [f"{name}: {_short(getattr(rule, name))}" for name in known]
    if rule.free:
        lines.append("free:")
        lines += [f"  {name}: {_short(value)}" for name, value in rule.free.items()]
    for group in PLACES.values():
        effects = getattr(rule, group)
        lines.append(f"{group}:" if effects else f"{group}: {{}}")
        lines += [f"  {code}: {_short(value)}" for code, value in effects.items()]
    return "\n".join(lines) + "\n"


def _short(value: float) -> str:
    return f"{round(value, DIGITS) + 0.0:g}"


def write(folder: Path, name: str, text: str) -> Path:
    """Write a rule file and return its path; InputError if the folder cannot be written."""
    path = folder / f"{name}.yaml"
    files.write(path, text.encode())
    return path
