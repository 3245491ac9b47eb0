"""The schema of a run: dataclasses whose fields carry default, range, unit, meaning and source.

Values are checked here and nowhere else, whenever they are set. Defaults live here; the YAML files
hold only what differs; below this module nobody knows Hydra.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import yaml

from sim.errors import InputError
from sim.shown import Shown, Summary, brief

RULES = ("hazard", "threshold", "expected_utility", "independent")
RECORDS = ("outcomes", "events", "steps", "states", "sectors")
# Figures that a run can draw, in the order of its page; files are named after them.
FIGURES = (
    "calendar", "network", "costs", "map", "burden", "routes", "paths", "sectors",
)  # fmt: skip
FORMATS = ("png", "svg", "pdf")
# Inches: of a page on a screen, of one column in print, of 420 pixels of a phone.
WIDTHS = {"screen": 7.2, "column": 89 / 25.4, "phone": 420 / 96}
NARROWEST_IN, WIDEST_IN = 89 / 25.4, 20.0
CHOICE = "a choice of the user's, no claim"
HAND = "set by hand with the dates of 2022 in view"  # hence no evidence for what it gives
LEARNT = "learnt on March to June 2022: docs/economy.md"
ESTIMATED = "estimated: docs/estimation.md"  # defaults are those of configs/rule/hazard.yaml
VOTES = "logit on the votes for ES-11/1"  # experiments/estimate_stances.py
GRAVITY = "recalled: Head and Mayer (2014), Handbook of International Economics 4, table 4"
BUYERS = "logit on the answers of eleven buyers"
FIRST_START, LAST_START = "1000-01-01", "9000-01-01"  # all days of a run are then dates
LONGEST_TEXT = 1000  # characters of a name or a path
ANY_NUMBER = {"meaning": "a number", "unit": "1", "low": -1e9, "high": 1e9}  # where no range is
EVENT_FIELDS = ("date", "kind", "severity", "label", "state")
RENAMED = {"coordination.interval_scale": "coordination.meeting_spacing"}
SCRIPT_FIELDS = ("date", "actor", "act", "against", "undo")


def config_folder() -> Path:
    """Return the folder of the YAML files: in the package if installed, else in the checkout."""
    package = Path(__file__).parent
    installed = package / "configs"
    return installed if installed.is_dir() else package.parent / "configs"


def parameter(
    default: Any,
    meaning: str,
    source: str = "assumption",
    unit: str = "",
    within: tuple[float, float] | None = None,
    **facts: Any,
) -> Any:
    """Return a field with what is known of it.

    Parameters
    ----------
    default : number, bool, str, list, dict or None
        Value where nothing is said; assigned values must be of its kind.
    meaning, unit : str
        As the tables of the documentation print them; the unit of a list or mapping is that of
        its entries.
    source : str
        Where the default comes from.
    within : tuple of float, optional
        Inclusive range of a number, or of the values of a mapping.
    **facts
        `among`: the words it takes one of; `symbol`: its name in the equations of docs/model.md
        or docs/economy.md; `check`: a function of key and value that refuses what does not fit;
        `kind`: of the values, where they may be of another kind than the default.
    """
    usual = "on or off" if isinstance(default, bool) else "word" if "among" in facts else "text"
    facts = {"kind": type(default)} | facts
    facts |= {"meaning": meaning, "source": source, "unit": unit or usual}
    if within:
        facts |= {"low": within[0], "high": within[1]}
    if isinstance(default, list | dict):
        return field(default_factory=default.copy, metadata=facts)
    return field(default=default, metadata=facts)


def number(
    default: float,
    within: tuple[float, float],
    meaning: str,
    source: str = "assumption",
    unit: str = "1",
    symbol: str = "",
) -> Any:
    """Return a field with a number; whole ones only if its default is whole."""
    return parameter(default, meaning, source, unit, within, symbol=symbol)


def share(default: float, meaning: str, source: str = "assumption", symbol: str = "") -> Any:
    """Return a field with a number from 0 to 1."""
    return number(default, (0.0, 1.0), meaning, source, "share", symbol)


def coefficient(
    within: tuple[float, float], meaning: str, symbol: str, unit: str = "log hazard"
) -> Any:
    """Return a field with a coefficient of the decision rule: 0 unless a rule's file sets it."""
    return number(0.0, within, meaning, ESTIMATED, unit, symbol)


# What a value must be, by the kind of its field's default.
KINDS: dict[type, tuple[Any, str]] = {
    int: (Integral, "a whole number"),
    float: (Real, "a number"),
    bool: (bool, "true or false"),
    str: (str, "a text"),
    list: (list | tuple, "a list"),
    dict: (dict, "a mapping"),
    type(None): (str | None, "a text or null"),
    object: (object, "a value"),  # of several kinds: a check of its own says which
}


@dataclass(slots=True, repr=False)
class Checked(Shown):
    """A group of parameters, each checked against its metadata whenever it is set.

    Construction sets every field, so one check serves it and assignment. Entries put into a list
    or a mapping later are not seen.
    """

    def __init_subclass__(cls) -> None:
        cls.__repr__ = Checked.__repr__  # type: ignore[method-assign]  # else dataclass has its own

    def __repr__(self) -> str:
        """Return the call that makes it: what differs from the defaults, lists cut short."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        usual = type(self)()
        said = [f"{n}={_cut(value)}" for n, value in values.items() if value != getattr(usual, n)]
        return f"{type(self).__name__}({', '.join(said)})"

    def _summary(self) -> Summary:
        usual, rows = parameters_of(type(self)()), []
        for key, value in differing(self).items():
            default, facts = usual[key]
            rows.append((key, brief(value), brief(default), facts["unit"], facts["meaning"]))
        head = ("parameter", "value", "default", "unit", "meaning")
        note = "all else is as by default" if rows else "all is as by default"
        return Summary(type(self).__name__, (), head, tuple(rows), note)

    @classmethod
    def key(cls, name: str) -> str:
        """Return how an override names a field."""
        return f"{cls.__name__.removesuffix('Choice').lower()}.{name}"

    def __setattr__(self, name: str, value: Any) -> None:
        parameters = self.__dataclass_fields__
        if name not in parameters:
            raise unknown_key(self.key(name), map(self.key, parameters))
        if not parameters[name].metadata:  # a group
            _check_group(self.key(name), value, str(parameters[name].type))
        _check(self.key(name), value, parameters[name].metadata)
        object.__setattr__(self, name, value)


def _check_group(key: str, value: Any, kind: str) -> None:
    if kind not in (its.__name__ for its in type(value).__mro__):
        raise InputError(f"{key} must be a group of parameters, sim.config.{kind}; found {value!r}")


def _cut(value: Any) -> str:
    text = repr(value)
    return text if isinstance(value, Checked) or len(text) <= 60 else f"{text[:57]}..."


def parameters_of(group: Checked) -> dict[str, tuple[Any, Mapping[str, Any]]]:
    """Return value and metadata of every parameter of a group and the groups in it, by its key."""
    found: dict[str, tuple[Any, Mapping[str, Any]]] = {}
    for one in fields(group):
        value = getattr(group, one.name)
        if isinstance(value, Checked):
            found |= parameters_of(value)
        else:
            found[group.key(one.name)] = (value, one.metadata)
    return found


def differing(config: Checked) -> dict[str, Any]:
    """Return the values that differ from the defaults, by key."""
    usual = parameters_of(type(config)())
    return {k: value for k, (value, _) in parameters_of(config).items() if value != usual[k][0]}


def unknown_key(key: str, known: Iterable[str], kind: str = "key") -> InputError:
    """Return the error for a key that is none, with its new name where it has one."""
    if key in RENAMED:
        return InputError(f"{kind} '{key}' is now called '{RENAMED[key]}'")
    return InputError.unknown(kind, key, known)


def _check(key: str, value: Any, facts: Mapping[str, Any]) -> None:
    """Refuse a value that is not what the metadata of its field say, in one line."""
    if "kind" in facts:
        kind, words = KINDS[facts["kind"]]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise InputError(f"{key} ({facts['meaning']}) must be {words}; found {value!r}")
    for text in (value, *(value if isinstance(value, dict | list | tuple) else ())):
        _check_text(key, text)
    if "among" in facts and value not in facts["among"]:
        raise InputError.unknown(key, value, facts["among"])
    if isinstance(value, dict):
        for name, entry in value.items():
            if "low" in facts or isinstance(entry, Real):
                _check_range(f"{key}.{name}", entry, {**ANY_NUMBER, **facts})
    elif "low" in facts:
        _check_range(key, value, facts)
    if "check" in facts:
        facts["check"](key, value)


def _check_text(key: str, text: Any) -> None:
    """Refuse a text that no name, path or word is: it would go into pages, paths and terminals."""
    if not isinstance(text, str):
        return
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"{key} must have at most {LONGEST_TEXT:,} characters; found {len(text):,}, beginning "
            f"with {text[:20]!r}"
        )
    if not text.isprintable():
        raise InputError(f"{key} must be one line of printable characters; found {text!r}")


def _check_name(key: str, name: str) -> None:
    if not name.strip() or name.startswith(".") or len(name) > 100 or set(name) & set("/\\"):
        raise InputError(
            f"{key} must be the name of one folder: 1 to 100 characters, none of them / or \\, and "
            f"no . before them; found {name!r}; out=DIR takes any path"
        )


def _check_range(key: str, value: Any, facts: Mapping[str, Any]) -> None:
    low, high, unit = facts["low"], facts["high"], facts["unit"]
    if not isinstance(value, Real) or math.isnan(value):
        raise InputError(f"{key} ({facts['meaning']}) must be a number; found {value}")
    if not low <= value <= high:
        raise InputError(
            f"{key} ({facts['meaning']}) must lie between {_plain(low)} and {_plain(high)}"
            f"{'' if unit in ('1', 'share') else f' {unit}'}; found {_plain(value)}; "
            f"write for instance {key}={_plain(min(max(value, low), high))}"
        )


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, Integral) else f"{value:g}"


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
        _check(f"{thing}.severity", event.get("severity", 0.0), share(0.0, "from 0 to 1").metadata)


def words_of(value: Any) -> list[Any]:
    """Return the words of a parameter that takes one or a list of them."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _check_formats(key: str, value: Any) -> None:
    if not words_of(value):
        raise InputError(f"{key} is empty; name at least one of {', '.join(FORMATS)}")
    for word in words_of(value):
        if word not in FORMATS:
            raise InputError.unknown(f"{key}: format", str(word), FORMATS)


def _check_figures(key: str, value: Any) -> None:
    words = words_of(value)
    for word in words:
        if word in ("all", "none") and len(words) > 1:
            raise InputError(f"{key}: '{word}' stands alone; leave the others of {words} out")
        if word not in (*FIGURES, "all", "none"):
            raise InputError.unknown(f"{key}: figure", str(word), (*FIGURES, "all", "none"))


def _check_width(key: str, value: Any) -> None:
    low, high = NARROWEST_IN, WIDEST_IN
    found = inches_of(value)
    if found is None:
        raise InputError(
            f"{key} must be inches, millimetres as in 120mm, or one of {', '.join(WIDTHS)}; "
            f"found {value!r}"
        )
    if not low - 1e-6 <= found <= high:
        raise InputError(
            f"{key} must lie between {low:.2f} inches (89mm: narrower, letters fall below 6 "
            f"points) and {high:g} inches; found {value}; write for instance {key}=column"
        )


def inches_of(width: Any) -> float | None:
    """Return inches from a number, a word or millimetres as in '120mm'; None if it is neither."""
    if isinstance(width, Real) and not isinstance(width, bool):
        return float(width) if math.isfinite(width) else None
    text = str(width).strip()
    if text in WIDTHS:
        return WIDTHS[text]
    try:
        return float(text.removesuffix("mm")) / 25.4 if text.endswith("mm") else None
    except ValueError:
        return None


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


@dataclass(slots=True)
class Coordination(Checked):
    """How allies coordinate: the levers that sweeps vary."""

    name: str = parameter("status_quo", "name in results", CHOICE)
    peer_weight: float = number(
        1.0,
        (0.0, 10.0),
        "multiplies the pull of peers, standing and recent, and of fellow members",
        "1 leaves the rule's coefficients as they are",
        "times the rule's",
        symbol="λ",
    )
    leaders: list[str] = parameter(
        ["USA"],
        "states whose acts count as a lead, those of them that are senders",
        "one leading sender (Martin 1992)",
        "states",
    )
    next_leaders: list[str] = parameter(
        ["GBR", "DEU", "JPN"],
        "who leads where none of the leaders is a sender: the first of these that is",
        CHOICE,
        "states",
    )
    lead_weight: float = number(
        1.0,
        (0.0, 10.0),
        "multiplies the pull of the leaders",
        "1 leaves the rule as it is",
        "times the rule's",
        symbol="λ_L",
    )
    consultation: bool = parameter(True, "governments meet, in institutions and otherwise")
    forums: list[str] = parameter(
        ["all"],
        "forums that meet: institutions, ALLIES for other tables of three or more; [all] for "
        "every one, [] for none",
        unit="forums",
    )
    bilateral: bool = parameter(True, "pairs of states meet beside the forums")
    meeting_spacing: float = number(
        1.0,
        (0.1, 50.0),
        "days between the meetings of every forum and pair, over those of the record: above 1 "
        "meetings are left out, below 1 further ones are put between them",
        "1 leaves the world's calendar as it is",
        "times the record's",
    )
    information_delay_days: int = number(
        0,
        (0, 365),
        "days until an act is known to senders that its author has not met since",
        "acts of 2022 were published on the day",
        "days",
        symbol="D",
    )
    council_rule: str = parameter(
        "institution",
        "how the union's council decides; 'institution' keeps the world's own rule",
        CHOICE,
        among=("institution", "unanimity", "majority", "leaders"),
    )
    council_leaders: list[str] = parameter(
        ["DEU", "FRA"], "members that decide where council_rule is 'leaders'", CHOICE, "states"
    )
    veto_players: list[str] = parameter(
        [], "members that object to every measure of the union", CHOICE, "states"
    )
    positions: bool = parameter(True, "objections that members have stated count in councils")
    cost_tolerance: float = number(
        2.0,
        (0.0, 100.0),
        "largest own loss of the first year from one measure that a member accepts without having "
        "said so",
        unit="percent of GDP",
        symbol="c_max",
    )
    carve_out_days: int = number(
        30,
        (0, 5000),
        "days from a blocked vote to a carve-out for objectors that have stated no position",
        "assumption; the oil embargo proposed on 4 May 2022 was still blocked on 20 May",
        "days",
    )
    institution: bool = parameter(
        True, "institutions hold their members to what was agreed; without, all may backslide"
    )
    scope_overlap: float = share(
        1.0,
        "share of the covered products that all senders cover alike",
        "1: lists were aligned in the G7; Hausmann, Schetter and Yildirim (2024) on its value",
    )
    burden_sharing: float = share(
        0.0,
        "strength of transfers that equalise losses among senders",
        "0: none were paid; Chowdhry, Hinz, Kamin and Wanner (2024)",
        symbol="s",
    )
    side_payments_bn: float = number(
        0.0,
        (0.0, 1000.0),
        "fund from which leaders compensate the losses of other senders",
        "0: none in the record; Martin (1992)",
        "USD bn a year",
    )
    enforcement_sharing: float = share(
        0.3, "how far senders come up to the best enforcer among them", symbol="q"
    )
    aml_sharing: float = share(
        0.3, "share of the crypto channel closed by joint anti-money-laundering work", symbol="a"
    )
    secondary_sanctions: float = share(
        0.2,
        "credibility of the threat to punish third states that carry covered trade",
        "hardly used against third states before 2023",
        symbol="κ",
    )
    issue_linkage: float = number(
        1.0,
        (0.0, 10.0),
        "multiplies the weight of the example set for another region",
        "1 leaves the rule as it is",
        "times the rule's",
        symbol="λ_X",
    )
    tie_weights: dict[str, float] = parameter(
        {"defence": 1.0, "membership": 1.0, "affinity": 1.0, "trade": 1.0, "consultation": 0.5},
        "weight of each layer of the alliance network in the pull of a peer",
        unit="relative weight",
        within=(0.0, 100.0),
    )


@dataclass(slots=True)
class Rule(Checked):
    """The decision rule and its coefficients; in log hazard per week unless the unit says else."""

    name: str = parameter("hazard", "name of the rule", CHOICE)
    function: str = parameter(
        "",
        "where the rule stands: empty for a shipped one of that name, or FILE.py:FUNCTION",
        "docs/extend.md",
    )
    intercept: float = coefficient((-30.0, 30.0), "level", "β0", "log 1/week")
    severity: float = coefficient((-10.0, 10.0), "weight of the severity of the violation", "β1")
    involvement: float = coefficient(
        (-10.0, 10.0), "weight of the target's part in the violation", "β2"
    )
    restraint: float = coefficient(
        (0.0, 20.0), "log hazard that a measure loses which would outrun the violation", "β3"
    )
    shock: float = coefficient(
        (0.0, 5.0), "weight of log urgency", "β4", "log hazard per log urgency"
    )
    meeting: float = coefficient((-10.0, 10.0), "weight of a meeting today or yesterday", "β5")
    peer: float = coefficient((-10.0, 20.0), "weight of peers' standing share", "β6")
    recent: float = coefficient((-10.0, 20.0), "weight of peers' recent acts", "β7")
    lead: float = coefficient((-10.0, 10.0), "weight of the leaders' acts", "β8")
    bloc: float = coefficient((-10.0, 10.0), "weight of fellow members' acts", "β9")
    frontline: float = coefficient((-10.0, 10.0), "weight of nearness to the war", "β10")
    cost: float = coefficient(
        (0.0, 100.0), "weight of the own loss, energy apart", "β11", "1/percent of GDP"
    )
    energy_cost: float = coefficient(
        (0.0, 100.0), "weight of the own loss from measures on energy", "β12", "1/percent of GDP"
    )
    retaliation: float = coefficient((0.0, 20.0), "weight of expected retaliation", "β13")
    linkage: float = coefficient((-10.0, 10.0), "weight of the wider threat", "β14")
    support: float = coefficient((-10.0, 20.0), "weight of domestic support beyond one half", "β15")
    relation: float = coefficient(
        (-10.0, 20.0), "weight of a valued relation with the target", "β16"
    )
    wave: float = coefficient((-10.0, 20.0), "log hazard that a further wave loses", "β17")
    measure_effects: dict[str, float] = parameter(
        {}, "log hazard of a measure beside the average one", ESTIMATED, "log 1/week", symbol="u_k"
    )
    act_effects: dict[str, float] = parameter(
        {},
        "log hazard of a measure against one target, named 'measure target', beside its own",
        ESTIMATED,
        "log 1/week",
        symbol="u_kt",
    )
    measure_pace: dict[str, float] = parameter(
        {},
        "what a measure's weight of log urgency differs from the average one's: above 0 it comes "
        "early or not at all, below 0 late",
        ESTIMATED,
        "log hazard per log urgency",
        symbol="s_k",
    )
    sender_effects: dict[str, float] = parameter(
        {},
        "log hazard of a sender, or of a union for its members, beside the average one",
        ESTIMATED,
        "log 1/week",
        symbol="v_i",
    )
    weekend: float = coefficient(
        (-10.0, 10.0), "what Saturdays and Sundays add to every log hazard", "β18"
    )
    frailty_sd: float = coefficient(
        (0.0, 3.0),
        "spread of the common shock of a day, in the log hazard of all its decisions",
        "τ",
    )
    package_sd: float = coefficient(
        (0.0, 3.0),
        "spread of what a table of leaders or ministers agrees on, in the log hazard of an act",
        "τ_p",
    )
    agenda_sd: float = coefficient(
        (0.0, 3.0),
        "spread of what a government or council brings together on a day without such a table",
        "τ_a",
    )
    memory_days: float = number(
        7.0,
        (0.1, 365.0),
        "time in which a peer's act fades to 1/e",
        "a week: the first rough fit",
        "days",
        symbol="T_m",
    )
    follower_intercept: float = coefficient(
        (-30.0, 30.0), "threshold rule: log hazard of a sender that follows", "β19", "log 1/week"
    )
    threshold_mean: float = number(
        0.3,
        (-1.0, 2.0),
        "mean share of peers at which a sender follows",
        "0.1 to 0.5 swept",
        "share of peers",
        symbol="μ",
    )
    threshold_sd: float = number(
        0.15,
        (0.0, 2.0),
        "its spread among senders",
        "0.05 to 0.2 swept; Granovetter (1978)",
        "share of peers",
        symbol="σ",
    )
    benefit: float = number(
        0.1,
        (0.0, 10.0),
        "expected utility: willingness to pay",
        "0.7 and more favours embargoes (de Souza, Hu, Li and Mei 2024)",
        "USD own loss per USD of the target's",
        symbol="b",
    )
    utility_scale: float = number(
        10.0,
        (0.0, 100.0),
        "expected utility: weight of damage less cost",
        "0.1 percent of GDP counts as one unit; no value in the literature",
        "1/percent of GDP",
        symbol="χ",
    )
    conformity: float = number(
        1.0,
        (0.0, 20.0),
        "expected utility: weight of peers beyond the own threshold",
        unit="log hazard",
        symbol="ψ",
    )
    free: dict[str, float] = parameter(
        {}, "coefficients of a rule of the user's own", CHOICE, "as the rule says"
    )

    def __post_init__(self) -> None:
        if not self.function and self.name not in RULES:
            raise InputError(
                f"{InputError.unknown('rule.name', self.name, RULES)}; a rule of your own "
                "needs rule.function=FILE.py:FUNCTION"
            )


@cache
def _shipped_rule() -> dict[str, Any]:
    path = config_folder() / "rule" / "hazard.yaml"
    values: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return values


def shipped_rule() -> Rule:
    """Return the default rule, as estimated: that of `configs/rule/hazard.yaml`."""
    return Rule(**copy.deepcopy(_shipped_rule()))


@dataclass(slots=True)
class Economy(Checked):
    """How losses are priced."""

    name: str = parameter(
        "exposure",
        "how losses are priced: by exposure, or with an exact equilibrium at the end besides",
        CHOICE,
        among=("exposure", "exact"),
    )
    horizon: str = parameter(
        "path",
        "trade elasticities of losses: those of the age of each cut, or of one end throughout; "
        "governments weigh the first year in any case",
        "long run: Fontagne, Guimbard and Orefice (2022); path: Boehm, Levchenko and "
        "Pandalai-Nayar (2023)",
        among=("path", "short_run", "long_run"),
    )
    baseline: str = parameter(
        "balanced",
        "trade balances before the shock",
        "balanced, as in Chowdhry, Hinz, Kamin and Wanner (2024)",
        among=("balanced", "observed"),
    )
    energy_prices: str = parameter(
        "record",
        "world prices of energy from outside: the world's dated path ('record'), those of 2021 "
        "throughout ('flat'), or a CSV file with the columns of energy_prices.csv",
        "World Bank, monthly",
    )
    price_response: bool = parameter(
        True,
        "the world's prices of energy, and what a target gets for its exports, answer to what is "
        "cut",
        "elasticities: sectors.csv",
    )
    shadow_fleet: float = share(
        0.5,
        "share of a target's oil that sails in the end without services of those who cap its price",
        "assumption, 0.3 to 0.8: Iran sold about a third of its former exports by such ships three "
        "years after 2018 (recalled); its and Venezuela's supertankers trebled from 2019 to "
        "February 2022 (Financial Times, 20 February 2022)",
        symbol="v",
    )
    shadow_fleet_days: float = number(
        540.0,
        (30.0, 3650.0),
        "time in which that share is reached but for 1/e, from the first announcement of a cap or "
        "a ban on oil",
        "assumption, 180 to 1080: ships that trebled in under three years, as above",
        "days",
        symbol="T_v",
    )


@dataclass(slots=True)
class Currency(Checked):
    """At which rate a target's foreign exchange clears; a rise of the rate is a loss of value."""

    import_elasticity: float = number(
        0.76,
        (0.2, 1.5),
        "elasticity of imports to their price at home, the rate passed through in full",
        "Boehm, Levchenko and Pandalai-Nayar (2023), first year",
        "percent per percent",
        symbol="η_m",
    )
    export_elasticity: float = number(
        0.2,
        (0.0, 0.8),
        "elasticity of export income without fuels, in dollars, to the rate",
        "assumption: prices are set in dollars, so little in the first year (Gopinath et al. 2020)",
        "percent per percent",
        symbol="η_x",
    )
    leaning: float = number(
        0.2,
        (0.05, 0.6),
        "capital that flows against a rate off its base, with the account open",
        "1.85 percent per 1 percent of GDP bought (Adler, Lisack and Mano 2015), less what trade "
        "gives where imports are 35 percent of GDP (assumption)",
        "GDP a year per log point",
        symbol="k_e",
    )
    controls: float = number(
        0.54,
        (0.2, 0.8),
        "share of capital flows that full controls stop",
        "non-residents' share of positions: 1.18 of 1.18 + 1.62 less 0.61 in reserves, USD "
        "trillion, September 2021 (Brookings, 3 March 2022; reserves recalled)",
        "share",
        symbol="c",
    )
    precaution: float = number(
        0.44,
        (0.1, 0.6),
        "foreign assets sought at full alarm",
        "learnt on March 2022 alone; outflow of 130 bn in 2008 Q4 and 73 bn in 2014 Q4, 0.3 and "
        "0.15 of GDP a year (recalled)",
        "GDP a year",
        symbol="p_e",
    )
    support: float = number(
        0.3,
        (0.1, 0.7),
        "share of reserves that a central bank sells at full alarm",
        "assumption between 2008-09 (a third in half a year) and 2014 (a sixth in the year), "
        "recalled",
        "1 a year",
        symbol="s_e",
    )
    saved: float = share(
        0.5,
        "share of fuel income beyond the base year that the state puts abroad if it can",
        "assumption: fiscal rule on the tax share of the oil and gas price (recalled)",
        symbol="σ_e",
    )
    purchases: float = number(
        0.07,
        (0.0, 0.15),
        "reserves that the state bought in the base year, over their stock",
        "USD 46 bn of 630 in 2021, without drawing rights (recalled)",
        "1 a year",
        symbol="b_e",
    )
    exclusion: float = share(0.3, "alarm if all banks lose payments messaging", symbol="a_s")
    fade_days: float = number(
        60.0, (30.0, 120.0), "time in which alarm fades to 1/e", unit="days", symbol="fade"
    )
    run_days: float = number(
        7.0,
        (1.0, 21.0),
        "time in which alarm turns into a run but for 1/e",
        "assumption: deposits are drawn over days; in Russia most in the two weeks after 24 "
        "February 2022 (recalled)",
        "days",
        symbol="run",
    )
    delivery_days: float = number(
        30.0,
        (7.0, 90.0),
        "time in which a change of trade is felt but for 1/e",
        unit="days",
        symbol="delivery",
    )
    rate_rise: float = number(
        0.105,
        (0.0, 0.3),
        "rise of the policy rate where it is an answer",
        "Bank of Russia: from 9.5 to 20 percent on 28 February 2022",
        "1 a year",
        symbol="i",
    )
    rate_days: float = number(
        90.0,
        (30.0, 365.0),
        "time in which that rise is undone but for 1/e",
        "20 percent to 17 on 11 April and 14 on 4 May 2022: 125 and 77 days",
        "days",
        symbol="T_i",
    )


@dataclass(slots=True)
class Reluctance(Checked):
    """What firms and banks hold back beyond the letter; payment_risk=0 reputation=0 for nothing."""

    payment_risk: float = share(
        0.86,
        "share of trade that nobody banned which is held back at full payment risk",
        f"{LEARNT}, 0.65 to 0.99",
        symbol="h_Q",
    )
    risk_days: float = number(
        88.0,
        (7.0, 365.0),
        "time in which payment risk fades to 1/e",
        f"{LEARNT}, 65 to 145",
        "days",
        symbol="T_Q",
    )
    controls: float = share(
        0.5,
        "jump of payment risk when a target keeps money from leaving and all senders act",
        "assumption, 0.25 to 0.75: all accounts, against the banks that are cut off",
        symbol="a_c",
    )
    export_risk: float = share(
        0.0,
        "payment risk of who buys from a target, per that of who sells to it",
        "the seller bears it (Schmidt-Eisenlohr 2013): 0 to 0.3",
        symbol="ξ",
    )
    third: float = share(
        0.95,
        "what third states hold back at the same payment risk, per what senders do",
        f"{LEARNT}, 0.78 to 1",
        symbol="κ_Q",
    )
    reputation: float = share(
        0.28,
        "share of trade that nobody banned which is held back once all firms have reacted",
        f"{LEARNT}, 0.24 to 0.32",
        symbol="h_F",
    )
    exit_days: float = number(
        44.0,
        (14.0, 120.0),
        "time in which all firms but 1/e react to measures",
        f"{LEARNT}, 30 and more",
        "days",
        symbol="T_F",
    )
    return_days: float = number(
        1000.0,
        (180.0, 36500.0),
        "time in which they come back but for 1/e once measures are lifted",
        "assumption, 365 to 3000: a factory that was sold is not bought back",
        "days",
        symbol="T_R",
    )
    full_signals: float = number(
        2.5,
        (0.1, 20.0),
        "summed signals of a sender's measures in effect at which its firms need no more to leave",
        "assumption, 1 to 5: Korea's in April 2022, when its exports had fallen by 71 percent",
        "signals",
        symbol="S_F",
    )


@dataclass(slots=True)
class Evasion(Checked):
    """How covered trade finds another way: third states, crypto, enforcement."""

    leak_max: float = share(
        0.4,
        "share of covered trade that third states could replace in the long run",
        "below 10 percent through the Caucasus and Central Asia, more with China and Turkey",
        symbol="ℓ_max",
    )
    learning_days: float = number(
        150.0,
        (1.0, 3650.0),
        "time in which traders learn new routes",
        "import trough in April 2022, recovery in the second half of the year",
        "days",
        symbol="T_ℓ",
    )
    premium: float = number(
        0.3,
        (0.0, 5.0),
        "price premium on goods that come through third states",
        "20 to 40 percent; 75 percent for controlled goods (Korhonen and Simola 2025)",
        "share of the price",
        symbol="p",
    )
    enforcement: float = share(
        0.2, "share of the leak that enforcement stops at a support of one half", symbol="e"
    )
    willingness: float = share(
        0.8, "readiness of third states to carry, unless they condemn", symbol="w"
    )
    backing: dict[str, float] = parameter(
        {},
        "readiness to carry of single third states, whatever their stance",
        CHOICE,
        "share",
        (0.0, 1.0),
    )
    condemned_factor: float = share(
        0.6, "what is left of that readiness in a state that condemns", symbol="f"
    )
    compliance: float = number(
        3.0,
        (0.0, 20.0),
        "how strongly banks of third states heed secondary sanctions, per share of their trade",
        unit="per share of trade",
        symbol="m",
    )
    distance_elasticity: float = number(
        0.93,
        (0.0, 2.0),
        "fall of a state's weight as a route with the log of its distance from the target",
        f"{GRAVITY}: mean -0.93 of 1,835 estimates, standard deviation 0.4",
        "percent per percent",
        symbol="ε",
    )
    border_effect: float = number(
        0.53,
        (0.0, 2.0),
        "log of what a border with the target multiplies that weight by",
        f"{GRAVITY}: mean 0.53, standard deviation 0.57",
        "log weight",
    )
    language_effect: float = number(
        0.54,
        (0.0, 2.0),
        "the same for a common language",
        f"{GRAVITY}: mean 0.54, standard deviation 0.44",
        "log weight",
    )
    colony_effect: float = number(
        0.92,
        (0.0, 2.0),
        "the same for a state that once was ruled from there, or the other way",
        f"{GRAVITY}: mean 0.92, standard deviation 0.61",
        "log weight",
    )
    union_effect: float = number(
        0.59,
        (0.0, 2.0),
        "the same for a union without a customs border",
        f"{GRAVITY}, trade agreements: mean 0.59, standard deviation 0.5",
        "log weight",
    )
    hub_capacity: float = number(
        0.25,
        (0.0, 10.0),
        "most that a state orders for targets, as a share of its own imports of goods",
        "assumption, 0.1 to 1: ports, roads, storage and credit are built for its own trade",
        "share of own imports",
        symbol="h_o",
    )
    lag_days: float = number(
        45.0,
        (0.0, 365.0),
        "mean time from a hub's order to arrival at the target",
        "assumption, 30 to 90: a sea leg of two to five weeks, new papers, a leg by land",
        "days",
        symbol="T_o",
    )
    transit_loss: float = share(
        0.05,
        "share of what a hub orders that it keeps, or that is lost on the way",
        "assumption, 0 to 0.2",
        symbol="λ_o",
    )
    crypto_use: float = share(
        0.1,
        "share of covered exports to a target that crypto would pay, per adoption index of 1",
        symbol="u",
    )
    crypto_cap_bn: float = number(
        2.7,
        (0.0, 100.0),
        "most that cryptocurrencies carry for a target",
        "USD 7 mn a day; peak 40 mn a day or 15 bn a year (Chainalysis, Kaiko)",
        "USD bn a year",
        symbol="C",
    )


@dataclass(slots=True)
class Response(Checked):
    """How a target answers."""

    intercept: float = number(
        -1.0, (-30.0, 30.0), "level at a provocation of 1", HAND, "log 1/week", symbol="ρ0"
    )
    cost_elasticity: float = number(
        0.5, (0.0, 10.0), "weight of log(harm / own cost)", HAND, "log hazard", "ρ1"
    )
    listing_days: float = number(
        4.0, (0.1, 365.0), "mean time until a new sender is put on an existing list", HAND, "days"
    )
    relation_step: float = share(0.05, "what a protest, an answer or a listing costs a relation")
    protest_days: float = number(
        7.0,
        (0.1, 3650.0),
        "mean time until a state that was listed or cut off protests",
        "Japan protested within days of the list of 7 March 2022",
        "days",
    )
    refusal: float = number(
        -0.79,
        (-30.0, 30.0),
        "level of refusing to pay for gas in rubles",
        BUYERS,
        "log odds",
        symbol="φ0",
    )
    refusal_nearness: float = number(
        6.54,
        (-10.0, 30.0),
        "its rise with nearness to the war",
        f"{BUYERS}: -3 to 16",
        "log odds",
        "φ1",
    )
    refusal_volume: float = number(
        0.68,
        (-1.0, 5.0),
        "its fall with the log of the gas bought, bn cubic metres a year",
        f"{BUYERS}: -0.1 to 1.5",
        "log odds",
        symbol="φ2",
    )
    payment_days: float = number(
        30.0,
        (0.0, 120.0),
        "time from the demand until payment in rubles is due",
        "assumption, 20 to 40: decree of 31 March 2022, first cut-offs on 27 April",
        "days",
        symbol="T_d",
    )
    paying_factor: float = share(
        0.0005,
        "what is left of the hazard of a cut-off for a buyer that pays",
        "assumption, 0 to 0.04: none of them was cut off by 20 May 2022",
        symbol="ω",
    )


@dataclass(slots=True)
class Third(Checked):
    """What third states think and do, and what they learn from the coalition."""

    condemn: float = number(
        -0.21, (-30.0, 30.0), "level of condemning the violation", VOTES, "log odds", symbol="γ0"
    )
    condemn_distance: float = number(
        3.65,
        (0.0, 20.0),
        "its rise with the ideal point in the UN beyond that of the target",
        f"{VOTES}: 1.6 to 5.7",
        "log odds",
        symbol="γ1",
    )
    condemn_pact: float = number(
        3.45,
        (0.0, 20.0),
        "its fall with a pledge to consult with the target",
        f"{VOTES}: 0.6 to 6.3",
        "log odds",
        symbol="γ5",
    )
    condemn_days: float = number(
        6.0,
        (0.1, 365.0),
        "mean time until a state that condemns the gravest violation says so",
        "the vote of 2 March 2022 came six days after the invasion; 2 to 14 days",
        "days",
        symbol="T_c",
    )
    cooperation: float = number(
        -0.85,
        (-30.0, 30.0),
        "level of deepening defence cooperation with the target, at capabilities of 1",
        "about two acts a year by China under full pressure: exercises and patrols of 2021 "
        "(recalled); one to four",
        "log 1/week",
        symbol="γ2",
    )
    cooperation_relation: float = number(
        1.5, (0.0, 20.0), "its rise with the relation", unit="log hazard", symbol="γ3"
    )
    cooperation_pressure: float = number(
        0.5,
        (0.0, 20.0),
        "its rise with the log of the coalition's signals",
        unit="log hazard",
        symbol="γ4",
    )
    cooperation_step: float = share(0.05, "what one act of cooperation adds to a relation")
    belief: float = share(0.3, "belief in the coalition's resolve at the start")
    patience_days: float = number(
        60.0,
        (0.0, 3650.0),
        "time without a new act in which belief does not fall",
        "assumption, 30 to 120: the EU's packages to May 2022 lay up to six weeks apart",
        "days",
        symbol="T_q",
    )
    belief_days: float = number(
        90.0,
        (1.0, 3650.0),
        "time in which bystanders learn what the coalition does",
        unit="days",
        symbol="T_b",
    )
    attempt: float = number(
        -4.0,
        (-30.0, 5.0),
        "level of the hazard of an attempt in the theatre",
        unit="log 1/year",
        symbol="α0",
    )
    attempt_resolve: float = number(
        2.0,
        (0.0, 20.0),
        "its fall with the belief in the coalition's resolve",
        unit="log hazard",
        symbol="α1",
    )
    attempt_tie: float = number(
        1.0,
        (0.0, 20.0),
        "its rise with the relation of the challenger with the target",
        unit="log hazard",
        symbol="α2",
    )
    challenger: str = parameter("CHN", "state whose attempt in the theatre is asked about")


@dataclass(slots=True)
class Society(Checked):
    """Domestic support, the course of the war, and talks."""

    support: float = share(0.6, "support for sanctions at the start")
    rally: float = share(0.4, "part of support that events alone carry", symbol="r")
    fatigue_days: float = number(
        120.0, (1.0, 3650.0), "time in which a mood fades to 1/e", unit="days", symbol="T_s"
    )
    cost_weight: float = number(
        0.5,
        (0.0, 100.0),
        "loss of support with the sender's own loss",
        unit="1/percent of GDP",
        symbol="k",
    )
    nearness: float = share(
        1.0,
        "how far nearness to the war stands for its events and makes losses bearable",
        "assumption, 0.5 to 1: support in April 2022 was among the highest in Poland and Finland",
        symbol="ν",
    )
    escalation: float = number(
        0.0, (0.0, 10.0), "rate of random events of escalation", "scripted events only", "1/week"
    )
    escalation_severity: float = share(0.1, "severity of a random event")
    talks: float = number(
        0.0, (0.0, 10.0), "rate of rounds of talks beside the dated ones", "the record", "1/week"
    )
    settlement: float = number(
        -6.0,
        (-30.0, 5.0),
        "log hazard that a round settles the war without loss",
        unit="log 1/round",
        symbol="σ0",
    )
    settlement_loss: float = number(
        0.2, (0.0, 10.0), "its rise with the target's loss", unit="1/percent of GDP", symbol="σ1"
    )
    settlement_doubt: float = number(
        0.5,
        (0.0, 10.0),
        "its rise with doubt about the coalition's resolve",
        unit="log hazard",
        symbol="σ2",
    )
    backslide: float = number(
        0.03,
        (0.0, 10.0),
        "rate at which a sender outside all institutions gives a measure up",
        "Drezner (2000) for the mechanism; 0.02 to 0.05 a month assumed",
        "1/month",
        symbol="z",
    )
    easing_days: float = number(
        180.0,
        (1.0, 36500.0),
        "mean time until a measure is lifted after a settlement",
        unit="days",
        symbol="T_e",
    )


@dataclass(slots=True)
class WorldChoice(Checked):
    """Which world."""

    folder: str = parameter(
        "march_2022", "a shipped world by name, or the path of a folder with its tables", CHOICE
    )


@dataclass(slots=True)
class Figures(Checked):
    """Which figures a run draws, and how; no number of a run depends on it."""

    draw: Any = parameter(
        "all",
        f"all, none, or some of {', '.join(FIGURES)}; those that have something to show",
        CHOICE,
        "figures",
        kind=object,
        check=_check_figures,
    )
    format: Any = parameter(
        "png",
        f"{', '.join(FORMATS)}, or a list of them; the page shows the smallest that it can",
        CHOICE,
        "file formats",
        kind=object,
        check=_check_formats,
    )
    width: Any = parameter(
        "screen",
        "width of each figure: inches, millimetres as in 120mm, or screen, column (89 mm of a "
        "printed page) or phone (420 pixels)",
        CHOICE,
        "inches",
        kind=object,
        check=_check_width,
    )
    unions: str = parameter(
        "closed",
        "members of a union stand in one cluster and one column, or each by itself",
        CHOICE,
        among=("closed", "open"),
    )


@dataclass(slots=True)
class Config(Checked):
    """One run, whole."""

    scenario: Scenario = field(default_factory=Scenario)
    coordination: Coordination = field(default_factory=Coordination)
    rule: Rule = field(default_factory=shipped_rule)
    economy: Economy = field(default_factory=Economy)
    currency: Currency = field(default_factory=Currency)
    reluctance: Reluctance = field(default_factory=Reluctance)
    evasion: Evasion = field(default_factory=Evasion)
    world: WorldChoice = field(default_factory=WorldChoice)
    response: Response = field(default_factory=Response)
    third: Third = field(default_factory=Third)
    society: Society = field(default_factory=Society)
    figures: Figures = field(default_factory=Figures)
    seed: int = number(2022, (0, 2**63 - 1), "seed of all draws", CHOICE)
    run: int = number(
        0, (0, 2**32 - 1), "number of the run; its draws depend on seed and run", CHOICE
    )
    record: str = parameter(
        "outcomes",
        "what an ensemble keeps of each run; each keeps all that stands before it",
        CHOICE,
        among=RECORDS,
    )
    member: str = parameter(
        "",
        "sender, or institution of senders, that the experiments alone, without, apart are about",
        CHOICE,
        "state",
    )
    name: str = parameter("baseline", "folder under results/", CHOICE, check=_check_name)
    out: str | None = parameter(
        None, "results folder, new or empty; without it results/<name>/<time>", CHOICE
    )

    @classmethod
    def key(cls, name: str) -> str:
        """Return how an override names a field: without a group before it."""
        return name

    def __post_init__(self) -> None:
        if "sectors" in words_of(self.figures.draw) and self.record != "sectors":
            raise InputError("figures.draw=sectors needs what is recorded by record=sectors")
        about = {*self.scenario.only, *self.scenario.without}
        if self.member and self.member not in about:
            raise InputError(
                f"member={self.member} says whom an experiment is about; it changes nothing here: "
                "take one of experiment=alone, without, apart"
            )
