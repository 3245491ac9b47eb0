"""The command `sanctionsim levers`: every parameter, its default, range, unit, meaning, source."""

from __future__ import annotations

import csv
import io
import shutil
import textwrap
from typing import TYPE_CHECKING

import click

from sim.cli import command, completed, one_of
from sim.words import markdown

if TYPE_CHECKING:
    from sim.parameters import Parameter

FORMS = ("table", "csv", "md")
COLUMNS = ("key", "symbol", "default", "range", "unit", "meaning", "source")
NARROWEST, WIDEST = 60, 100  # characters of a line
LONGEST = 60  # characters of a default in a list


@command()
@click.argument("group", default="", metavar="[GROUP|KEY]", shell_complete=completed("levers"))
@click.option(
    "--format",
    "form",
    metavar="|".join(FORMS),
    default="table",
    type=one_of(FORMS, "must be one of"),
    help="how it is printed  [default: table]",
    shell_complete=lambda ctx, param, typed: [f for f in FORMS if f.startswith(typed)],
)
def main(group: str, form: str) -> None:
    """Every lever of a run: its default, range, unit, meaning and where the default comes from.

    For example:
      sanctionsim levers                                all of them, by group
      sanctionsim levers coordination                   those of one group
      sanctionsim levers coordination.peer_weight       one in full
      sanctionsim levers --format csv > levers.csv      for a spreadsheet

    A lever is set as KEY=VALUE: sanctionsim run coordination.peer_weight=2.
    """
    from sim.parameters import chosen, groups

    found = chosen(group)
    if form == "csv":
        print(_csv(found), end="")
    elif form == "md":
        print("\n\n".join(_markdown(name, some) for name, some in groups(found).items()))
    elif len(found) == 1:
        print(in_full(found[0]))
    else:
        print(_listed(groups(found)))


def _row(parameter: Parameter) -> tuple[str, ...]:
    p = parameter
    return p.key, p.symbol, p.default, p.within, p.unit, p.meaning, p.source


def _csv(found: list[Parameter]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("group", *COLUMNS), *((p.group, *_row(p)) for p in found)])
    return text.getvalue()


def _markdown(name: str, found: list[Parameter]) -> str:
    rows = ((f"`{p.key}`", *_row(p)[1:]) for p in found)
    return f"## {name}\n\n{markdown(COLUMNS, rows)}"


def _width() -> int:
    """Return how long a line may be in this terminal."""
    return min(max(shutil.get_terminal_size((WIDEST, 24)).columns, NARROWEST), WIDEST)


def _folded(text: str, first: str, others: str) -> str:
    """Return a text as lines of the terminal, with what stands before the first and the others."""
    return textwrap.fill(
        text, _width(), initial_indent=first, subsequent_indent=others,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


def _listed(by_group: dict[str, list[Parameter]]) -> str:
    """Return the levers of groups, each with all that is known of it, and how to see less."""
    from sim.parameters import about

    parts = [
        "\n\n".join([_folded(about(name), f"{name.upper()}: ", "  "), *map(_short, found)])
        for name, found in by_group.items()
    ]
    known = sum(map(len, by_group.values()))
    last = [f"{known} levers. One with an example: sanctionsim levers KEY"]
    if len(by_group) > 1:
        last.append("One group: sanctionsim levers GROUP, of")
        last += [
            _folded(f"{about(name)} ({len(found)})", f"  {name:<14}", " " * 16)
            for name, found in by_group.items()
        ]
    return "\n\n".join([*parts, "\n".join(last)])


def _short(parameter: Parameter) -> str:
    """Return what is known of one lever, in the lines of a list."""
    p = parameter
    within = f"{p.within}; " if p.within and p.within != p.unit else ""
    default = textwrap.shorten(p.default, LONGEST, placeholder=" ...")
    lines = [
        _folded(f"{p.key} = {default}  [{within}{p.unit}]", "  ", "      "),
        _folded(p.meaning, "      ", "      "),
        _folded(f"source: {p.source or 'assumption'}", "      ", "      "),
    ]
    return "\n".join(lines)


def in_full(parameter: Parameter) -> str:
    """Return one lever with all that is known of it."""
    p = parameter
    rows = (
        ("meaning", p.meaning),
        ("default", p.default),
        ("range", p.within),
        ("unit", p.unit),
        ("source", p.source or "assumption"),
        ("symbol", p.symbol),
        ("for example", f"sanctionsim run {example(p)}" if example(p) else ""),
    )
    lines = [_folded(text, f"  {name:<12} ", " " * 15) for name, text in rows if text]
    return "\n".join([p.key, *lines])


def example(parameter: Parameter) -> str:
    """Return an override of a lever, of another value than its default; '' for lists and texts."""
    p = parameter
    if p.among:
        other = next((word for word in p.among if word != p.default), p.among[0])
        return f"{p.key}={other}"
    if p.default in ("on", "off"):
        return f"{p.key}={'false' if p.default == 'on' else 'true'}"
    if p.low is not None and p.high is not None and _is_number(p.default):
        value = float(p.default)
        doubled, other_end = 2.0 * value, p.high if value < p.high else p.low
        number = doubled if value and p.low <= doubled <= p.high else (value + other_end) / 2.0
        whole = p.default.isdigit() and p.whole
        return f"{p.key}={int(number) if whole else f'{number:g}'}"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
