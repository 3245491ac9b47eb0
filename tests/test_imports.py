"""Imports run one way: a module knows what lies below it, and no two know each other."""

from __future__ import annotations

import ast
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import networkx as nx
import pytest

from sim.cli import COMMANDS

ROOT = Path(__file__).parents[1]
# From the ground up. A package stands for all in it that is not named on its own, in whatever
# layer; commands are those of the command line, wherever they are kept.
LAYERS = (
    (
        "sim", "sim.errors", "sim.arrays", "sim.compiled", "sim.codes", "sim.record",
        "sim.templates", "sim.outcomes", "sim.folders", "sim.shown", "sim.csv_table", "sim.files",
    ),
    ("sim.draws", "sim.rules"),
    ("sim.world",),
    ("sim.economy",),
    (
        "sim.config", "sim.parameters", "sim.compose", "sim.experiments", "sim.variants",
        "sim.columns", "sim.complete",
    ),
    ("sim.setting",),
    ("sim.engine",),
    ("sim.model", "sim.agents", "sim.reasons", "sim.versions"),
    ("sim.sweep", "sim.analysis"),
    ("sim.report", "sim.summary"),
    (
        "sim.multirun", "sim.repeat", "sim.cli", "sim.analysis.written",
        "sim.explore",
        *(module for module, _ in COMMANDS.values()),
    ),
    ("sim.runs", "sim.arguments"),
    ("sim.api",),
    ("sim.lessons", "sim.lessons.command"),
    ("sim.__main__",),
)  # fmt: skip
LAYER = {name: height for height, names in enumerate(LAYERS) for name in names}
# Imports that are still to go, importer first; the list can only shrink.
EXCEPTIONS = {("sim.agents.state", "sim.model")}  # for types: an agent has its model, as in Mesa


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted((ROOT / "sim").rglob("*.py"))}


def imported(tree: ast.AST) -> set[str]:
    """Return the modules of ours that are imported anywhere, in functions and for types too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return found & set(MODULES)


@cache
def imports() -> set[tuple[str, str]]:
    """Return who imports whom; read once, and not where tests are only collected."""
    return {
        (name, other)
        for name, path in MODULES.items()
        for other in imported(ast.parse(path.read_text(encoding="utf-8")))
    }


def layer(module: str) -> int:
    """Return the height of a module: its own, or that of the nearest package that has one."""
    while module not in LAYER:
        module = module.rpartition(".")[0]
    return LAYER[module]


def circles(imports: set[tuple[str, str]]) -> list[set[str]]:
    """Return the groups of modules that import each other, straight or by way of others."""
    graph = nx.DiGraph(imports)
    loops = [{module} for module, other in imports if module == other]
    return [c for c in nx.strongly_connected_components(graph) if len(c) > 1] + loops


def upward(imports: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the imports of a module from a higher layer."""
    return sorted(pair for pair in imports if layer(pair[0]) < layer(pair[1]))


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("import sim.draws", {"sim.draws"}),
        ("from sim import draws, __version__", {"sim", "sim.draws"}),
        ("from sim.world import World\nimport numpy", {"sim.world"}),
        ("def f():\n    from sim.world import ties", {"sim.world.ties"}),
        ("if TYPE_CHECKING:\n    from sim.model import SanctionsModel", {"sim.model"}),
    ],
)
def test_an_import_is_found_wherever_it_stands(text, modules):
    assert imported(ast.parse(text)) == modules


def test_every_module_has_its_layer():
    in_none = [name for name in MODULES if name != "sim" and layer(name) == layer("sim")]
    assert in_none == [
        "sim.arrays", "sim.codes", "sim.compiled", "sim.csv_table", "sim.errors", "sim.files",
        "sim.folders", "sim.outcomes",
        "sim.record", "sim.shown", "sim.templates", "sim.words",
    ]  # fmt: skip


def test_no_module_imports_from_a_layer_above_it():
    assert not upward(imports() - EXCEPTIONS)


def test_no_two_modules_import_each_other_by_whatever_way():
    assert not circles(imports() - EXCEPTIONS)


@pytest.mark.parametrize("pair", sorted(EXCEPTIONS), ids=" -> ".join)
def test_an_exception_is_one_that_is_still_needed(pair):
    kept = imports() - (EXCEPTIONS - {pair})
    assert pair in imports(), "the import is gone: strike it from EXCEPTIONS"
    assert upward(kept) or circles(kept), "the import does no harm: strike it from EXCEPTIONS"


@pytest.mark.parametrize("known", ["sim.engine.loop", "sim.model", "sim.agents"])
def test_a_setting_may_know_no_engine_and_no_agent(known):
    assert upward({("sim.setting.script", known)})
    assert not upward({(known, "sim.setting.script")})


@pytest.mark.parametrize("known", ["sim.setting.menu", "sim.config", "sim.engine", "sim.cli"])
def test_the_economy_may_know_no_setting_no_configuration_and_no_engine(known):
    assert upward({("sim.economy.shocks", known), ("sim.economy.shocks", "sim.world.ties")}) == [
        ("sim.economy.shocks", known)
    ]
    assert not upward({(known, "sim.economy.shocks")})


def test_a_circle_is_found_over_any_number_of_modules():
    assert circles({("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")}) == [{"a", "b", "c"}]
    assert not circles({("a", "b"), ("b", "c"), ("a", "c")})


def test_no_file_beside_the_package_takes_the_name_of_another_package(pytestconfig):
    """Their folders are on the path of tests: `coverage.py` would be imported for coverage."""
    folders = [ROOT / folder for folder in pytestconfig.getini("pythonpath")]
    own = {path.stem for folder in folders for path in folder.glob("*.py")}
    assert own
    assert not own & ({*packages_distributions()} | sys.stdlib_module_names)
