"""Write docs/odd.md from its template: tables from the schema, the code and the shipped world.

    python experiments/write_docs.py

A line `{{name}}` in docs/odd.template.md becomes the table of that name, `{{chapter: Title}}` the
chapter of docs/model.md. tests/test_docs.py fails when the page is older than what it is made of.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import arguments

import sim.engine
import sim.rules
from sim import agents
from sim.config import Config
from sim.draws import Stream
from sim.engine.day import PHASES
from sim.engine.log import KINDS
from sim.engine.state import PARTS
from sim.model import SanctionsModel
from sim.outcomes import OF_SECTOR, OF_STATE, OF_STEP, OUTCOMES, Quantity
from sim.parameters import parameters
from sim.world import World, load

DOCS = Path(__file__).parents[1] / "docs"
AGENTS = (
    SanctionsModel, agents.State, agents.Sender, agents.Target, agents.ThirdState,
    agents.CouncilAgent,
)  # fmt: skip
KERNELS = (
    "sim.economy.currency",
    "sim.economy.losses",
    "sim.economy.shocks",
    "sim.economy.transfers",
)
TYPES = {float: "number", int: "whole number", bool: "truth value"}


def main() -> None:
    """Write the page."""
    arguments.parser(__doc__).parse_args()
    page = DOCS / "odd.md"
    page.write_text(odd(), encoding="utf-8", newline="\n")
    print(page)


def odd() -> str:
    """Return the page as text.

    Raises
    ------
    KeyError
        The template names a table or a chapter that is not there.
    """
    template = (DOCS / "odd.template.md").read_text(encoding="utf-8")

    def filled(marker: re.Match[str]) -> str:
        name, _, title = marker[1].partition(": ")
        return chapter(title) if name == "chapter" else TABLES[name]()

    return re.sub(r"\{\{(.+?)\}\}", filled, template)


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(content: Any) -> str:
    return " ".join(str(content).replace("|", "\\|").split())


def first_line(thing: Any) -> str:
    """Return the first paragraph of a docstring in one line, or nothing."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def rule_modules() -> list[ModuleType]:
    """Return the modules with rules: phases first, then decision rules, then kernels."""
    return [*_modules(sim.rules), *map(importlib.import_module, KERNELS)]


def engine_modules() -> list[ModuleType]:
    """Return the modules of the engine with compiled functions: in the order of the day first."""
    phases = [phase.function.__module__ for phase in PHASES]
    known = {module.__name__: module for module in _modules(sim.engine) if rules_of(module)}
    return [known[name] for name in dict.fromkeys((*phases, *known))]


def _modules(package: ModuleType) -> list[ModuleType]:
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [importlib.import_module(module.name) for module in found if not module.ispkg]


def rules_of(module: ModuleType) -> list[Any]:
    """Return the compiled functions that a module defines and shows, in the order of its text."""
    own = [
        thing
        for name, thing in vars(module).items()
        if hasattr(thing, "py_func") and thing.__module__ == module.__name__ and name[0] != "_"
    ]
    return sorted(own, key=lambda rule: rule.py_func.__code__.co_firstlineno)


def chapter(title: str) -> str:
    """Return a chapter of docs/model.md, a level deeper."""
    text = (DOCS / "model.md").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^## (.+)\n\n((?:(?!^## ).*\n)*)", text, flags=re.MULTILINE))
    return f"### {title}\n\n{parts[title].strip()}"


def _parameters() -> str:
    header = ("key", "symbol", "meaning", "unit", "default", "range", "source")
    rows = [
        (f"`{p.key}`", p.symbol, p.meaning, p.unit, p.default, p.within, p.source)
        for p in parameters()
    ]
    return table(header, rows)


def _phases() -> str:
    """Return the phases in their order, each with the number that its module goes by."""
    modules = list(dict.fromkeys(phase.function.__module__ for phase in PHASES))
    rows = [
        (
            phase.name,
            "last day of a step" if phase.once_a_step else "each day",
            first_line(phase.function),
            f"{modules.index(phase.function.__module__) + 1} `{phase.function.__module__}`",
        )
        for phase in PHASES
    ]
    return table(("phase", "when", "what", "number and module"), rows)


def _streams() -> str:
    rows = [(int(stream), stream.name, stream.purpose) for stream in Stream]
    return table(("stream", "name", "what is drawn, and for whom"), rows)


def _compiled(modules: Iterable[ModuleType], name: str) -> str:
    parts = []
    for module in modules:
        head = f"**`{module.__name__}`** - {first_line(module)}"
        rows = [(f"`{rule.__name__}`", first_line(rule)) for rule in rules_of(module)]
        parts.append(f"{head}\n\n{table((name, 'what'), rows)}")
    return "\n\n".join(parts)


def _quantities(name: str, quantities: Iterable[Quantity]) -> str:
    rows = [(f"`{q.name}`", q.unit, TYPES[q.dtype], q.meaning) for q in quantities]
    return table((name, "unit", "type", "meaning"), rows)


def _records() -> str:
    return table(("kind of event", "meaning"), [(f"`{k}`", text) for k, text in KINDS.items()])


def attributes(thing: Any) -> list[tuple[str, str, str]]:
    """Return name, type and meaning of what a class documents under Attributes."""
    section = re.search(r"Attributes\n-+\n(.*?)(?:\n\n\w|\Z)", inspect.getdoc(thing) or "", re.S)
    found: list[list[str]] = []
    for line in section[1].splitlines() if section else []:
        if line[:1] in ("", " "):
            found[-1][2] += f" {line.strip()}"
        else:
            names, _, kind = line.partition(" : ")
            found.append([names, kind, ""])
    return [(names, kind, meaning.strip()) for names, kind, meaning in found]


def properties(owner: type) -> list[tuple[str, str, str]]:
    """Return name, type and first line of the properties that a class defines."""
    return [
        (name, inspect.signature(thing.fget).return_annotation, first_line(thing))
        for name, thing in vars(owner).items()
        if isinstance(thing, property) and thing.fget is not None
    ]


def _agents() -> str:
    rows = [
        (f"`{owner.__name__}`", names, f"`{kind}`", meaning)
        for owner in AGENTS
        for names, kind, meaning in (*attributes(owner), *properties(owner))
    ]
    return table(("of", "what it shows", "type", "meaning"), rows)


def _state_variables() -> str:
    """Return what a run remembers, without counts of work, traces and room to work in."""
    rows = [
        (name, names, f"{kind}: {meaning}" if meaning else kind)
        for name, part in PARTS.items()
        if name not in ("work", "trace")
        for names, kind, meaning in attributes(part)
        if "room to work in" not in kind
    ]
    return table(("part", "variables", "what they are"), rows)


def _of_world(header: Sequence[str], rows: Callable[[World], Iterable[Sequence[Any]]]) -> str:
    return table(header, rows(load("march_2022")))


def _states() -> str:
    header = ("state", "role", "GDP, USD bn", "democracy", "UN ideal point", "km to the war",
              "legal lag, days", "parliament, days")  # fmt: skip
    return _of_world(
        header,
        lambda world: [
            (
                f"{code} {world.names[i]}",
                world.roles[i],
                f"{world.gdp_bn[i]:.0f}",
                f"{world.democracy[i]:.2f}",
                f"{world.ideal_point[i]:.2f}",
                f"{world.distance_km[i]:.0f}",
                f"{world.legal_lag_days[i]:.0f}",
                f"{world.legislation_days[i]:.0f}",
            )
            for i, code in enumerate(world.states)
        ],
    )


def _events() -> str:
    return _of_world(
        ("date", "kind", "severity", "what"),
        lambda world: [(e.date, e.kind, f"{e.severity:g}", e.label) for e in world.events],
    )


def _measures() -> str:
    header = ("measure", "competence", "targeted", "needs", "waves", "effect", "days", "phase-out",
              "wind-down", "law", "signal", "reversibility")  # fmt: skip
    return _of_world(
        header,
        lambda world: [
            (
                f"`{m.code}`" + ("" if m.on_menu else " (not on the menu)"),
                m.competence,
                "yes" if m.targeted else "",
                m.needs,
                m.waves,
                " ".join(m.effect),
                m.lag_days,
                m.phase_out_days or "",
                m.wind_down_days or "",
                "yes" if m.needs_law else "",
                f"{m.signal:g}",
                f"{m.reversibility:g}",
            )
            for m in world.measures
        ],
    )


def _countermeasures() -> str:
    return _of_world(
        (
            "countermeasure",
            "issued by",
            "aimed at",
            "after",
            "days",
            "effect",
            "harm",
            "own cost",
            "readiness",
        ),
        lambda world: [
            (
                f"`{c.code}`",
                " ".join(c.issuers),
                c.aim,
                f"`{c.trigger}`" if c.trigger else "",
                c.lag_days,
                " ".join(c.effect),
                c.harm,
                c.own_cost,
                c.readiness,
            )
            for c in world.countermeasures
        ],
    )


def _institutions() -> str:
    return _of_world(
        ("institution", "kind", "council", "days between meetings", "members"),
        lambda world: [
            (i.code, i.kind, i.council_rule, i.interval_days, " ".join(i.members))
            for i in world.institutions
        ],
    )


def _meetings() -> str:
    """Return how often each forum met at which level, and from when to when."""

    def rows(world: World) -> Iterator[tuple[Any, ...]]:
        for forum in dict.fromkeys(meeting.forum for meeting in world.meetings):
            held = [meeting for meeting in world.meetings if meeting.forum == forum]
            binding = sum(m.level == "leaders" or m.level.endswith("ministers") for m in held)
            yield forum, len(held), binding, held[0].first, max(meeting.last for meeting in held)

    return _of_world(("forum", "meetings", "of leaders or ministers", "first", "last"), rows)


def _positions() -> str:
    return _of_world(
        ("state", "measure", "days until it falls", "then"),
        lambda world: [
            (p.state, f"`{p.instrument}`", f"{p.days:g}", "exempted" if p.exempt else "gives way")
            for p in world.positions
        ],
    )


def _aviation() -> str:
    return _of_world(
        ("state", "flights", "routes across"),
        lambda world: [
            (code, "yes" if world.flights[i] else "none", f"{world.overflight[i]:g}")
            for i, code in enumerate(world.states)
            if world.roles[i] == "sender"
        ],
    )


TABLES: dict[str, Callable[[], str]] = {
    "states": _states,
    "state_variables": _state_variables,
    "agents": _agents,
    "steps": lambda: str(Config().scenario.steps),
    "step_days": lambda: str(Config().scenario.step_days),
    "start": lambda: Config().scenario.start,
    "n_parameters": lambda: str(len(parameters())),
    "parameters": _parameters,
    "phases": _phases,
    "streams": _streams,
    "records": _records,
    "outcomes": lambda: _quantities("outcome", OUTCOMES.values()),
    "columns_of_steps": lambda: _quantities("column", OF_STEP),
    "columns_of_states": lambda: _quantities("column", OF_STATE),
    "columns_of_sectors": lambda: _quantities("column", OF_SECTOR),
    "events": _events,
    "measures": _measures,
    "countermeasures": _countermeasures,
    "institutions": _institutions,
    "meetings": _meetings,
    "positions": _positions,
    "aviation": _aviation,
    "rules": lambda: _compiled(rule_modules(), "rule"),
    "engine": lambda: _compiled(engine_modules(), "function"),
}


if __name__ == "__main__":
    main()
