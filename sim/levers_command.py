"""The command `sanctionsim levers`: every parameter, its default, range, unit, meaning, source."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import click

from sim.cli import Checked, command

if TYPE_CHECKING:
    from sim.parameters import Parameter

FORMS = ("table", "csv", "md")
COLUMNS = ("key", "symbol", "default", "range", "unit", "meaning", "source")


def _form(text: str) -> str:
    if text not in FORMS:
        raise ValueError
    return text


def _complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[Any]:
    from sim.complete import levers

    return levers(typed)


@command()
@click.argument("group", default="", metavar="[GROUP|KEY]", shell_complete=_complete)
@click.option(
    "--format",
    "form",
    metavar="|".join(FORMS),
    default="table",
    type=Checked(_form, f"must be one of {', '.join(FORMS)}"),
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
        _table(groups(found))


def _row(parameter: Parameter) -> tuple[str, ...]:
    p = parameter
    return p.key, p.symbol, p.default, p.within, p.unit, p.meaning, p.source


def _csv(found: list[Parameter]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("group", *COLUMNS), *((p.group, *_row(p)) for p in found)])
    return text.getvalue()


def _markdown(name: str, found: list[Parameter]) -> str:
    rows = [COLUMNS, ["---"] * len(COLUMNS), *((f"`{p.key}`", *_row(p)[1:]) for p in found)]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([f"## {name}", "", *lines])


def in_full(parameter: Parameter) -> str:
    """Return one lever with all that is known of it."""
    p = parameter
    rows = (
        ("meaning", p.meaning),
        ("default", p.default),
        ("range", p.within),
        ("unit", p.unit),
        ("source", p.source),
        ("symbol", p.symbol),
        ("for example", f"sanctionsim run {example(p)}"),
    )
    return "\n".join([p.key, *(f"  {name:<12}{text}" for name, text in rows if text)])


def example(parameter: Parameter) -> str:
    """Return an override of a lever that can be typed, of another value than its default."""
    p = parameter
    if p.among:
        other = next((word for word in p.among if word != p.default), p.among[0])
        return f"{p.key}={other}"
    if p.default in ("on", "off"):
        return f"{p.key}={'false' if p.default == 'on' else 'true'}"
    if p.low is not None and p.high is not None and _is_number(p.default):
        value = float(p.default)
        other = 2.0 * value if value and p.low <= 2.0 * value <= p.high else (value + p.high) / 2.0
        whole = p.default.isdigit() and p.whole
        return f"{p.key}={int(other) if whole else f'{other:g}'}"
    return f"{p.key}=..."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _table(by_group: dict[str, list[Parameter]]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    for name, found in by_group.items():
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column("lever", no_wrap=True)
        for column, width in (("default", 18), ("range", 18), ("unit", 16), ("meaning", None)):
            table.add_column(column, overflow="fold", max_width=width)
        for p in found:
            table.add_row(p.key.rpartition(".")[2], p.default, p.within, p.unit, p.meaning)
        console.print(name, style="bold")
        console.print(table)
        console.print()
    console.print("One in full: sanctionsim levers KEY, as in levers coordination.peer_weight")
