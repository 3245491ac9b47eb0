"""The schema of a run: dataclasses whose fields carry default, range, unit, meaning and source.

Configuration is checked once, here. Defaults live here; the YAML files hold only what differs;
below this module nobody knows Hydra.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sim.errors import InputError


def number(
    default: float, low: float, high: float, unit: str, meaning: str, source: str = "assumption"
) -> Any:
    """Return a field with a range.

    Parameters
    ----------
    default : float or int
        Value where nothing is said; its type is the field's.
    low, high : float
        Inclusive range.
    unit, meaning : str
        As the tables of the documentation print them.
    source : str
        Where the default comes from.
    """
    facts = {"low": low, "high": high, "unit": unit, "meaning": meaning, "source": source}
    return field(default=default, metadata=facts)


def choice(default: str, among: tuple[str, ...], meaning: str, source: str = "assumption") -> Any:
    """Return a field that takes one of a few words."""
    return field(default=default, metadata={"among": among, "meaning": meaning, "source": source})


def listing(default: Any, meaning: str, source: str = "assumption", **facts: Any) -> Any:
    """Return a field with a list or a mapping; `low` and `high` bound the values of a mapping."""
    return field(
        default_factory=lambda: type(default)(default),
        metadata={"meaning": meaning, "source": source, **facts},
    )


@dataclass(slots=True)
class Checked:
    """A group of parameters whose values are checked against their metadata on construction."""

    def __post_init__(self) -> None:
        group = {"Config": "", "WorldChoice": "world."}.get(
            type(self).__name__, f"{type(self).__name__.lower()}."
        )
        for parameter in fields(self):
            value = getattr(self, parameter.name)
            key = f"{group}{parameter.name}"
            facts = parameter.metadata
            if "among" in facts and value not in facts["among"]:
                raise InputError.unknown(key, value, facts["among"])
            if "low" in facts:
                values = value.items() if isinstance(value, dict) else [("", value)]
                for name, entry in values:
                    _check_range(f"{key}.{name}" if name else key, entry, facts)


def _check_range(key: str, value: float, facts: Any) -> None:
    low, high = facts["low"], facts["high"]
    if not (low <= value <= high) or math.isnan(value):
        unit = f" {facts['unit']}" if facts.get("unit") not in (None, "", "1") else ""
        raise InputError(
            f"{key} ({facts['meaning']}) must lie between {low:g} and {high:g}{unit}; "
            f"found {value:g}; write for instance {key}={min(max(value, low), high):g}"
            if not math.isnan(value)
            else f"{key} ({facts['meaning']}) must be a number; found nan"
        )


@dataclass(slots=True)
class Scenario(Checked):
    """What happens from outside, to whom, and for how long."""

    name: str = field(default="march_2022", metadata={"meaning": "name in results"})
    start: str = field(
        default="2022-02-21",
        metadata={
            "meaning": "first day (ISO 8601)",
            "source": "recognition of the Donbas entities",
        },
    )
    steps: int = number(104, 1, 5000, "steps", "length of the run")
    step_days: int = number(7, 1, 30, "days", "days between pricing and measuring")
    targets: dict[str, float] = listing(
        {"RUS": 1.0, "BLR": 0.5},
        "states to be sanctioned and their involvement in the violation; 0 leaves one out",
        low=0.0,
        high=1.0,
    )
    theatre: list[str] = listing(
        ["JPN", "KOR", "AUS"], "states of the region to which the issue is linked"
    )
    roles: dict[str, str] = listing({}, "roles that differ from those of the world")

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
        # YAML can add to a mapping, not take from it: another world may lack a default target.
        self.targets = {state: part for state, part in self.targets.items() if part > 0.0}
        try:
            date.fromisoformat(self.start)
        except ValueError:
            raise InputError(
                f"scenario.start must be a date like 2022-02-21; found '{self.start}'"
            ) from None
        if not self.targets:
            raise InputError(
                "scenario.targets is empty; name at least one state, as in +scenario.targets.RUS=1"
            )


@dataclass(slots=True)
class Coordination(Checked):
    """How allies coordinate: the levers that sweeps vary."""

    name: str = field(default="status_quo", metadata={"meaning": "name in results"})
    peer_weight: float = number(
        1.0, 0.0, 10.0, "1", "multiplies the pull of peers, standing and recent"
    )
    leaders: list[str] = listing(
        ["USA"], "states whose acts count as a lead, those of them that are senders"
    )
    lead_weight: float = number(1.0, 0.0, 10.0, "1", "multiplies the pull of the leaders")
    consultation: bool = field(
        default=True, metadata={"meaning": "institutions meet and put measures on the table"}
    )
    interval_scale: float = number(
        1.0, 0.1, 50.0, "1", "multiplies the days between meetings of every institution"
    )
    draft_share: float = number(
        0.5, 0.01, 1.0, "1", "share of the pressure to act alone at which a draft is tabled"
    )
    information_delay_days: int = number(
        0, 0, 365, "days", "days until an act is known to the other senders"
    )
    council_rule: str = choice(
        "institution",
        ("institution", "unanimity", "majority", "leaders"),
        "how the union's council decides; 'institution' keeps the world's own rule",
    )
    council_leaders: list[str] = listing(
        ["DEU", "FRA"], "members that decide where council_rule is 'leaders'"
    )
    veto_players: list[str] = listing([], "members that object to every measure of the union")
    cost_tolerance: float = number(
        0.5, 0.0, 100.0, "percent of GDP", "largest own loss from one measure a member accepts"
    )
    carve_out_days: int = number(
        28, 0, 5000, "days", "days from a blocked vote to a carve-out for the objectors"
    )
    burden_sharing: float = number(
        0.0, 0.0, 1.0, "1", "strength of transfers that equalise losses among senders"
    )
    tie_weights: dict[str, float] = listing(
        {"defence": 1.0, "membership": 1.0, "affinity": 1.0, "trade": 1.0, "consultation": 0.5},
        "weight of each layer of the alliance network in the pull of a peer",
        low=0.0,
        high=100.0,
    )


@dataclass(slots=True)
class Rule(Checked):
    """The coefficients of the hazard rule, in log hazard per week."""

    name: str = choice("hazard", ("hazard",), "the decision rule")
    intercept: float = number(-5.2, -30.0, 30.0, "log 1/week", "level", "set by hand")
    readiness: float = number(1.0, 0.0, 5.0, "1", "weight of the measure's own readiness")
    norm: float = number(4.0, 0.0, 20.0, "1", "weight of severity x democracy x involvement")
    shock: float = number(
        0.6, 0.0, 5.0, "1", "weight of log urgency", "rough fit to 2022: 0.6 +- 0.1"
    )
    peer: float = number(
        0.0, -10.0, 10.0, "1", "weight of peers' standing share", "rough fit to 2022: 0.0 +- 0.4"
    )
    recent: float = number(
        2.6, -10.0, 20.0, "1", "weight of peers' recent acts", "rough fit to 2022: 2.6 +- 0.4"
    )
    joint: float = number(2.5, 0.0, 20.0, "1", "weight of a measure on the table at a meeting")
    lead: float = number(0.5, -10.0, 10.0, "1", "weight of the leaders' acts")
    bloc: float = number(0.5, -10.0, 10.0, "1", "weight of fellow members' acts")
    frontline: float = number(0.5, -10.0, 10.0, "1", "weight of nearness to the war")
    cost: float = number(2.0, 0.0, 100.0, "1/percent of GDP", "weight of the own loss")
    retaliation: float = number(1.0, 0.0, 20.0, "1", "weight of expected retaliation")
    linkage: float = number(0.5, -10.0, 10.0, "1", "weight of the wider threat")
    memory_days: float = number(
        7.0, 0.1, 365.0, "days", "time in which a peer's act fades to 1/e", "rough fit to 2022"
    )


@dataclass(slots=True)
class Economy(Checked):
    """How losses are priced and how much of the covered trade leaks."""

    name: str = choice("exposure", ("exposure",), "how losses are priced")
    leak_max: float = number(
        0.3, 0.0, 1.0, "1", "share of covered trade replaced in the long run, no enforcement"
    )
    learning_days: float = number(
        150.0,
        1.0,
        3650.0,
        "days",
        "time in which traders learn new routes",
        "import trough in April 2022, recovery in the second half of the year",
    )
    enforcement: float = number(0.2, 0.0, 1.0, "1", "share of the leak that enforcement stops")


@dataclass(slots=True)
class Response(Checked):
    """How a target answers."""

    intercept: float = number(-1.0, -30.0, 30.0, "log 1/week", "level at a provocation of 1")
    thrift: float = number(0.5, 0.0, 10.0, "1", "weight of log(harm / own cost)")
    listing_days: float = number(
        4.0, 0.1, 365.0, "days", "mean time until a new sender is put on an existing list"
    )


@dataclass(slots=True)
class Society(Checked):
    """Domestic support and talks."""

    support: float = number(0.6, 0.0, 1.0, "1", "support for sanctions at the start")
    rally: float = number(0.4, 0.0, 1.0, "1", "part of support that events alone carry")
    fatigue_days: float = number(120.0, 1.0, 3650.0, "days", "time in which a mood fades to 1/e")
    cost_weight: float = number(
        0.5, 0.0, 100.0, "1/percent of GDP", "loss of support with the sender's own loss"
    )
    settlement: float = number(
        -6.0, -30.0, 5.0, "log 1/round", "log hazard that a round settles the war without loss"
    )
    settlement_loss: float = number(
        0.2, 0.0, 10.0, "1/percent of GDP", "its rise with the target's loss"
    )


@dataclass(slots=True)
class WorldChoice(Checked):
    """Which world."""

    folder: str = field(
        default="march_2022",
        metadata={"meaning": "a shipped world by name, or the path of a folder with its tables"},
    )


@dataclass(slots=True)
class Config(Checked):
    """One run, whole."""

    scenario: Scenario = field(default_factory=Scenario)
    coordination: Coordination = field(default_factory=Coordination)
    rule: Rule = field(default_factory=Rule)
    economy: Economy = field(default_factory=Economy)
    world: WorldChoice = field(default_factory=WorldChoice)
    response: Response = field(default_factory=Response)
    society: Society = field(default_factory=Society)
    seed: int = number(2022, 0, 2**63 - 1, "", "seed of all draws")
    run: int = number(0, 0, 2**32 - 1, "", "number of the run; its draws depend on seed and run")
    driver: str = choice("mesa", ("mesa",), "what runs the model")
    name: str = field(default="baseline", metadata={"meaning": "folder under results/"})
    out: str | None = field(default=None, metadata={"meaning": "results folder, new or empty"})
