"""Which levers a page offers, in which groups, and what they are called there."""

from functools import cache
from typing import Any

from sim.config import Config, parameters_of
from sim.explore.settings import CLOSED
from sim.parameters import Parameter, parameters

# Names that say what the lever is to who has not read the schema; others are their keys in words.
NAMES = {
    "coordination.peer_weight": "Pull of peers",
    "coordination.lead_weight": "Pull of the leaders",
    "coordination.leaders": "Who leads",
    "coordination.veto_players": "Who objects to everything in the council",
    "coordination.council_rule": "How the union's council decides",
    "coordination.consultation": "Governments meet",
    "coordination.meeting_spacing": "Time between meetings",
    "coordination.information_delay_days": "Delay until others know",
    "coordination.burden_sharing": "Losses shared among senders",
    "coordination.secondary_sanctions": "Threat of secondary sanctions",
    "coordination.scope_overlap": "Product lists that agree",
    "coordination.enforcement_sharing": "Enforcement shared",
    "coordination.cost_tolerance": "Loss that a member accepts",
    "coordination.carve_out_days": "Days until a carve-out",
    "coordination.positions": "Stated objections count",
    "coordination.takes_over": "Some take over the union's measures",
    "coordination.institution": "Institutions hold their members",
    "coordination.side_payments_bn": "Fund for side payments",
    "coordination.issue_linkage": "Example set for another region",
    "coordination.aml_sharing": "Work against crypto evasion shared",
    "coordination.bilateral": "Pairs of states meet",
    "scenario.steps": "Length of the run",
    "seed": "Seed of chance",
    "run": "Draw of chance",
}
FIRST = (
    "run", "coordination.peer_weight", "coordination.lead_weight", "coordination.council_rule",
    "coordination.veto_players", "coordination.consultation", "coordination.burden_sharing",
    "coordination.secondary_sanctions", "coordination.scope_overlap", "scenario.without",
)  # fmt: skip
GROUPS = {
    "coordination": "How allies coordinate",
    "scenario": "The scenario",
    "economy": "The economy",
    "currency": "The target's currency",
    "reluctance": "Firms that hold back",
    "evasion": "Evasion and third routes",
    "response": "How a target answers",
    "third": "Third states",
    "society": "Support, war and talks",
    "rule": "The decision rule",
    "run": "Chance",
}
LISTS_OF_STATES = (
    "coordination.leaders", "coordination.veto_players", "coordination.council_leaders",
    "coordination.next_leaders", "scenario.only", "scenario.without", "scenario.theatre",
)  # fmt: skip
MANY = 1e6
TIMES_USUAL = 4  # a slider ends at this times the usual value; more can be typed


def name_of(parameter: Parameter) -> str:
    """Return what a lever is called on a page."""
    plain = parameter.key.rpartition(".")[2].replace("_", " ")
    return NAMES.get(parameter.key, plain[:1].upper() + plain[1:])


def kind_of(key: str) -> str:
    """Return how a lever is moved: 'number', 'switch', 'choice', 'states', or '' for not here."""
    value, facts = parameters_of(Config())[key]
    if key in CLOSED or key.startswith("figures."):
        return ""
    if isinstance(value, bool):
        return "switch"
    if "among" in facts:
        return "choice"
    if key in LISTS_OF_STATES:
        return "states"
    return "number" if facts["kind"] in (int, float) and "low" in facts else ""


@cache
def offered() -> dict[str, list[Parameter]]:
    """Return the levers that a page can move, by the name of their group; the usual ones first."""
    known = {p.key: p for p in parameters() if kind_of(p.key)}
    found = {"The usual ones": [known[key] for key in FIRST]}
    for group, name in GROUPS.items():
        levers = [p for p in known.values() if p.group == group and p.key not in FIRST]
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
