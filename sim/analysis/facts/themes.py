"""All facts, by theme, in the order of the page, as `facts.yaml` has them."""

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from sim.analysis.facts.ledger import TRUE, Claim, Fact


def _fact(entry: dict[str, Any]) -> Fact:
    """Return an entry as a fact; what it leaves out is none, not fitted, and claimed as a yes."""
    measure, of = entry.pop("measure", None), entry.pop("of", [])
    if measure is not None:
        module, name = measure.split(".")
        measure = partial(getattr(import_module(f"sim.analysis.facts.{module}"), name), *of)
    claim = Claim(**entry.pop("claim")) if "claim" in entry else TRUE
    rest: dict[str, Any] = {"outcome": "none", "unit": "", "fitted": False, "basis": "", "why": ""}
    return Fact(**rest | entry, claim=claim, measure=measure)


_TEXT = Path(__file__).with_name("facts.yaml").read_text(encoding="utf-8")
THEMES: dict[str, tuple[Fact, ...]] = {
    theme: tuple(map(_fact, entries)) for theme, entries in yaml.safe_load(_TEXT).items()
}


def every_fact() -> tuple[Fact, ...]:
    """Return the facts of all themes."""
    return tuple(fact for facts in THEMES.values() for fact in facts)
