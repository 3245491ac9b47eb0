"""Which levers a page offers, in which groups, and what they are called there."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.config import Config, parameters_of
from sim.explore.settings import CLOSED
from sim.parameters import Parameter, parameters

_SAID = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
MANY = 1e6
TIMES_USUAL = 4  # a slider ends at this times the usual value; more can be typed


def name_of(parameter: Parameter) -> str:
    """Return what a lever is called on a page."""
    plain = parameter.key.rpartition(".")[2].replace("_", " ")
    return _SAID["names"].get(parameter.key, plain[:1].upper() + plain[1:])


def kind_of(key: str) -> str:
    """Return how a lever is moved: 'number', 'switch', 'choice', 'states', or '' for not here."""
    value, facts = parameters_of(Config())[key]
    if key in CLOSED or key.startswith("figures."):
        return ""
    if isinstance(value, bool):
        return "switch"
    if "among" in facts:
        return "choice"
    if key in _SAID["lists_of_states"]:
        return "states"
    return "number" if facts["kind"] in (int, float) and "low" in facts else ""


@cache
def offered() -> dict[str, list[Parameter]]:
    """Return the levers that a page can move, by the name of their group; the usual ones first."""
    known = {p.key: p for p in parameters() if kind_of(p.key)}
    found = {"The usual ones": [known[key] for key in _SAID["first"]]}
    for group, name in _SAID["groups"].items():
        levers = [p for p in known.values() if p.group == group and p.key not in _SAID["first"]]
        if levers:
            found[name] = levers
    return found


def slider_end(parameter: Parameter, usual: Any) -> float:
    """Return where a lever's slider ends: at its range, or nearer where that is far away."""
    high = parameter.high if parameter.high is not None else 1.0
    low = parameter.low or 0.0
    reach = max(TIMES_USUAL * abs(float(usual)), low + 1.0)
    if parameter.key == "run":
        reach = 99.0
    return float(min(high, reach))


def slider_step(parameter: Parameter, end: float) -> float:
    """Return the step of a slider: a hundredth of its way, rounded to a digit, or whole."""
    if parameter.whole:
        return 1.0
    way = end - (parameter.low or 0.0)
    return float(f"{way / 100.0:.1g}")


def facts_of(parameter: Parameter) -> str:
    """Return range, unit, default and source of a lever in a line."""
    p = parameter
    unit = "" if p.unit in ("1", "share", "on or off", "word", "text") else f" {p.unit}"
    within = "from 0 up" if p.high is not None and p.high > MANY else p.within
    said = [f"{within}{unit}" if within else p.unit, f"default {p.default}", p.source]
    return " · ".join(part for part in said if part)
