"""The group `scenario`: what happens from outside, to whom, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.config.checked import Checked, check
from sim.config.fields import CHOICE, number, parameter, share
from sim.errors import InputError

FIRST_START, LAST_START = "1000-01-01", "9000-01-01"  # all days of a run are then dates
EVENT_FIELDS = ("date", "kind", "severity", "label", "state")
SCRIPT_FIELDS = ("date", "actor", "act", "against", "undo")


def _check_date(key: str, text: Any) -> None:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        raise InputError(f"{key} must be a date like 2022-02-21; found '{text}'") from None


def _check_start(key: str, text: Any) -> None:
    _check_date(key, text)
    if not FIRST_START <= str(text) <= LAST_START:
        raise InputError(f"{key} must lie between {FIRST_START} and {LAST_START}; found {text}")


def _check_dates(key: str, dates: dict[str, Any]) -> None:
    for name, day in dates.items():
        _check_date(f"{key}.{name}", day)


def _check_entry(
    thing: str,
    entry: dict[str, Any],
    fields: tuple[str, ...],
    needed: tuple[str, ...],
    example: str,
) -> None:
    if not isinstance(entry, dict):
        raise InputError(f"{thing} must be a mapping like {{{example}}}; found {entry!r}")
    for name in entry:
        if name not in fields:
            raise InputError.unknown(f"{thing}: field", str(name), fields)
    for name in needed:
        if name not in entry:
            raise InputError(f"{thing} needs the field '{name}', as in {{{example}}}")
    _check_date(f"{thing}.date", entry["date"])


def _check_script(key: str, script: list[dict[str, Any]]) -> None:
    example = "date: 2022-03-10, actor: JPN, act: oil_import_ban"
    for position, entry in enumerate(script):
        thing = f"{key}[{position}]"
        _check_entry(thing, entry, SCRIPT_FIELDS, ("date", "actor", "act"), example)
        if not isinstance(entry.get("undo", False), bool):
            raise InputError(f"{thing}.undo must be true or false; found {entry['undo']!r}")


def _check_events(key: str, events: list[dict[str, Any]]) -> None:
    for position, event in enumerate(events):
        thing = f"{key}[{position}]"
        _check_entry(thing, event, EVENT_FIELDS, ("date",), "date: 2022-06-01, severity: 0.2")
        check(f"{thing}.severity", event.get("severity", 0.0), share(0.0, "from 0 to 1").metadata)


def _check_some(key: str, entries: dict[str, Any]) -> None:
    if not entries:
        raise InputError(f"{key} is empty; name at least one state, as in +{key}.RUS=1")


@dataclass(slots=True)
class Scenario(Checked):
    """What happens from outside, to whom, and for how long."""

    name: str = parameter("march_2022", "name in results", CHOICE)
    start: str = parameter(
        "2022-02-21",
        "first day (ISO 8601)",
        "recognition of the Donbas entities",
        check=_check_start,
    )
    steps: int = number(104, (1, 5000), "length of the run", CHOICE, "steps")
    step_days: int = number(7, (1, 30), "days between pricing and measuring", CHOICE, "days")
    targets: dict[str, float] = parameter(
        {"RUS": 1.0, "BLR": 0.1},
        "states to be sanctioned and their involvement in the violation at the start; 0 leaves "
        "one out",
        "Belarus is drawn in by the events of the world",
        "share",
        (0.0, 1.0),
        check=_check_some,
    )
    theatre: list[str] = parameter(
        ["JPN", "KOR", "AUS"], "states of the region to which the issue is linked", unit="states"
    )
    roles: dict[str, str] = parameter(
        {}, "roles that differ from those of the world", CHOICE, "role"
    )
    only: list[str] = parameter(
        [],
        "the only senders, an institution for its members; the others look on (empty: all)",
        CHOICE,
        "states",
    )
    without: list[str] = parameter(
        [], "senders left out, an institution for its members; they look on", CHOICE, "states"
    )
    measures: list[str] = parameter(
        [], "the only measures on the menu (empty: the world's menu)", CHOICE, "instruments"
    )
    imposed: dict[str, str] = parameter(
        {},
        "measures that every sender, or answers that every target, carries out on a date",
        CHOICE,
        "ISO 8601",
        check=_check_dates,
    )
    script: list[dict[str, Any]] = parameter(
        [],
        "what single actors do on a date whatever they would decide: date, actor (a sender, a "
        "council, a target), act (a measure or countermeasure), against (a target, or the sender "
        "that is singled out), undo (true: the measure is given up)",
        CHOICE,
        "acts",
        check=_check_script,
    )
    events: list[dict[str, Any]] = parameter(
        [],
        "events beside those of the world: date, kind, severity, label, state",
        CHOICE,
        "events",
        check=_check_events,
    )
    world_events: bool = parameter(True, "the dated events of the world happen", CHOICE)
    hesitation: dict[str, float] = parameter(
        {},
        "log hazard that a sender's decisions lose",
        CHOICE,
        "log 1/week",
        (-10.0, 30.0),
        symbol="h",
    )
    extra_lag_days: dict[str, int] = parameter(
        {},
        "days that a sender's acts take longer to come into force",
        CHOICE,
        "days",
        (0, 3650),
    )

    def __post_init__(self) -> None:
        # YAML can add to a mapping, not take from it: another world may lack a default target.
        self.targets = {state: part for state, part in self.targets.items() if part > 0.0}
