"""The schema of a run: dataclasses whose fields carry default, range, unit, meaning and source.

Configuration is checked once, here. Defaults live here; the YAML files hold only what differs;
below this module nobody knows Hydra.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.errors import InputError

RULES = ("hazard", "threshold", "expected_utility", "independent")
DRIVERS = ("mesa", "ensemble")
RECORDS = ("outcomes", "events", "steps", "states")
CHOICE = "a choice of the user's, no claim"
HAND = "set by hand with the dates of 2022 in view"  # hence no evidence for what it gives
ESTIMATED = "estimated: docs/estimation.md"  # defaults are those of configs/rule/hazard.yaml
VOTES = "logit on the votes for ES-11/1"  # experiments/estimate_stances.py
BUYERS = "logit on the answers of eleven buyers"


def config_folder() -> Path:
    """Return the folder of the YAML files: in the package if installed, else in the checkout."""
    package = Path(__file__).parent
    installed = package / "configs"
    return installed if installed.is_dir() else package.parent / "configs"


def number(
    default: float,
    low: float,
    high: float,
    unit: str,
    meaning: str,
    source: str = "assumption",
    symbol: str = "",
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
    symbol : str
        Its name in the equations of docs/model.md or docs/economy.md, if it stands in one.
    """
    facts = {"low": low, "high": high, "unit": unit, "meaning": meaning, "source": source}
    return field(default=default, metadata={**facts, "symbol": symbol})


def switch(default: bool, meaning: str, source: str = "assumption") -> Any:
    """Return a field that is on or off."""
    return field(
        default=default, metadata={"unit": "on or off", "meaning": meaning, "source": source}
    )


def word(default: str, meaning: str, source: str = "assumption") -> Any:
    """Return a field with a free text."""
    return field(default=default, metadata={"unit": "text", "meaning": meaning, "source": source})


def choice(default: str, among: tuple[str, ...], meaning: str, source: str = "assumption") -> Any:
    """Return a field that takes one of a few words."""
    facts = {"among": among, "unit": "word", "meaning": meaning, "source": source}
    return field(default=default, metadata=facts)


def listing(default: Any, unit: str, meaning: str, source: str = "assumption", **facts: Any) -> Any:
    """Return a field with a list or a mapping.

    Parameters
    ----------
    default : list or dict
    unit : str
        Of its entries, or of the values of a mapping.
    meaning, source : str
        As of `number`.
    **facts
        `low` and `high` bound the values of a mapping; `symbol` as of `number`.
    """
    return field(
        default_factory=lambda: type(default)(default),
        metadata={"unit": unit, "meaning": meaning, "source": source, **facts},
    )


@dataclass(slots=True)
class Checked:
    """A group of parameters whose values are checked against their metadata on construction."""

    def __post_init__(self) -> None:
        group = {"Config": "", "SweepConfig": "", "WorldChoice": "world."}.get(
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
        unit = f" {facts['unit']}" if facts.get("unit") not in (None, "1") else ""
        raise InputError(
            f"{key} ({facts['meaning']}) must lie between {low:g} and {high:g}{unit}; "
            f"found {value:g}; write for instance {key}={min(max(value, low), high):g}"
            if not math.isnan(value)
            else f"{key} ({facts['meaning']}) must be a number; found nan"
        )


@dataclass(slots=True)
class Scenario(Checked):
    """What happens from outside, to whom, and for how long."""

    name: str = word("march_2022", "name in results", CHOICE)
    start: str = word("2022-02-21", "first day (ISO 8601)", "recognition of the Donbas entities")
    steps: int = number(104, 1, 5000, "steps", "length of the run", CHOICE)
    step_days: int = number(7, 1, 30, "days", "days between pricing and measuring", CHOICE)
    targets: dict[str, float] = listing(
        {"RUS": 1.0, "BLR": 0.1},
        "1",
        "states to be sanctioned and their involvement in the violation at the start; 0 leaves "
        "one out",
        "Belarus is drawn in by the events of the world",
        low=0.0,
        high=1.0,
    )
    theatre: list[str] = listing(
        ["JPN", "KOR", "AUS"], "states", "states of the region to which the issue is linked"
    )
    roles: dict[str, str] = listing({}, "role", "roles that differ from those of the world", CHOICE)
    only: list[str] = listing(
        [], "states", "the only senders; the others look on (empty: all)", CHOICE
    )
    without: list[str] = listing([], "states", "senders left out; they look on", CHOICE)
    measures: list[str] = listing(
        [], "instruments", "the only measures on the menu (empty: the world's menu)", CHOICE
    )
    imposed: dict[str, str] = listing(
        {},
        "ISO 8601",
        "measures that every sender, or answers that every target, carries out on a date",
        CHOICE,
    )
    events: list[dict[str, Any]] = listing(
        [], "events", "events beside those of the world: date, kind, severity, label, state", CHOICE
    )
    world_events: bool = switch(True, "the dated events of the world happen", CHOICE)
    hesitation: dict[str, float] = listing(
        {},
        "log 1/week",
        "log hazard that a sender's decisions lose",
        CHOICE,
        low=-10.0,
        high=30.0,
        symbol="h",
    )
    extra_lag_days: dict[str, int] = listing(
        {},
        "days",
        "days that a sender's acts take longer to come into force",
        CHOICE,
        low=0,
        high=3650,
    )

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
        # YAML can add to a mapping, not take from it: another world may lack a default target.
        self.targets = {state: part for state, part in self.targets.items() if part > 0.0}
        _check_date("scenario.start", self.start)
        for instrument, day in self.imposed.items():
            _check_date(f"scenario.imposed.{instrument}", day)
        for position, event in enumerate(self.events):
            _check_event(f"scenario.events[{position}]", event)
        if not self.targets:
            raise InputError(
                "scenario.targets is empty; name at least one state, as in +scenario.targets.RUS=1"
            )


EVENT_FIELDS = ("date", "kind", "severity", "label", "state")


def _check_date(key: str, text: Any) -> None:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        raise InputError(f"{key} must be a date like 2022-02-21; found '{text}'") from None


def _check_event(key: str, event: dict[str, Any]) -> None:
    for name in event:
        if name not in EVENT_FIELDS:
            raise InputError.unknown(f"{key}: field", str(name), EVENT_FIELDS)
    if "date" not in event:
        raise InputError(f"{key} needs a date, as in {{date: 2022-06-01, severity: 0.2}}")
    _check_date(f"{key}.date", event["date"])
    severity = event.get("severity", 0.0)
    if isinstance(severity, bool) or not isinstance(severity, int | float):
        raise InputError(f"{key}.severity must be a number between 0 and 1; found '{severity}'")
    _check_range(f"{key}.severity", severity, {"low": 0.0, "high": 1.0, "meaning": "severity"})


@dataclass(slots=True)
class Coordination(Checked):
    """How allies coordinate: the levers that sweeps vary."""

    name: str = word("status_quo", "name in results", CHOICE)
    peer_weight: float = number(
        1.0,
        0.0,
        10.0,
        "1",
        "multiplies the pull of peers, standing and recent, and of fellow members",
        "1 leaves the rule's coefficients as they are",
        symbol="λ",
    )
    leaders: list[str] = listing(
        ["USA"],
        "states",
        "states whose acts count as a lead, those of them that are senders",
        "one leading sender (Martin 1992)",
    )
    lead_weight: float = number(
        1.0,
        0.0,
        10.0,
        "1",
        "multiplies the pull of the leaders",
        "1 leaves the rule as it is",
        symbol="λ_L",
    )
    consultation: bool = switch(True, "governments meet, in institutions and otherwise")
    forums: list[str] = listing(
        ["all"],
        "forums",
        "forums that meet: institutions, ALLIES for other tables of three or more; [all] for "
        "every one, [] for none",
    )
    bilateral: bool = switch(True, "pairs of states meet beside the forums")
    interval_scale: float = number(
        1.0,
        0.1,
        50.0,
        "1",
        "multiplies the days between the meetings of every forum and pair: above 1 meetings are "
        "left out, below 1 further ones are put between them",
        "1 leaves the world's calendar as it is",
    )
    information_delay_days: int = number(
        0,
        0,
        365,
        "days",
        "days until an act is known to senders that its author has not met since",
        "acts of 2022 were published on the day",
        symbol="D",
    )
    council_rule: str = choice(
        "institution",
        ("institution", "unanimity", "majority", "leaders"),
        "how the union's council decides; 'institution' keeps the world's own rule",
        CHOICE,
    )
    council_leaders: list[str] = listing(
        ["DEU", "FRA"], "states", "members that decide where council_rule is 'leaders'", CHOICE
    )
    veto_players: list[str] = listing(
        [], "states", "members that object to every measure of the union", CHOICE
    )
    positions: bool = switch(True, "objections that members have stated count in councils")
    cost_tolerance: float = number(
        2.0,
        0.0,
        100.0,
        "percent of GDP",
        "largest own loss of the first year from one measure that a member accepts without having "
        "said so",
        symbol="c_max",
    )
    carve_out_days: int = number(
        30,
        0,
        5000,
        "days",
        "days from a blocked vote to a carve-out for objectors that have stated no position",
        "assumption; the oil embargo proposed on 4 May 2022 was still blocked on 20 May",
    )
    institution: bool = switch(
        True, "institutions hold their members to what was agreed; without, all may backslide"
    )
    scope_overlap: float = number(
        1.0,
        0.0,
        1.0,
        "1",
        "share of the covered products that all senders cover alike",
        "1: lists were aligned in the G7; Hausmann, Schetter and Yildirim (2024) on its value",
    )
    burden_sharing: float = number(
        0.0,
        0.0,
        1.0,
        "1",
        "strength of transfers that equalise losses among senders",
        "0: none were paid; Chowdhry, Hinz, Kamin and Wanner (2024)",
        symbol="s",
    )
    side_payments_bn: float = number(
        0.0,
        0.0,
        1000.0,
        "USD bn a year",
        "fund from which leaders compensate the losses of other senders",
        "0: none in the record; Martin (1992)",
    )
    enforcement_sharing: float = number(
        0.3, 0.0, 1.0, "1", "how far senders come up to the best enforcer among them", symbol="q"
    )
    aml_sharing: float = number(
        0.3,
        0.0,
        1.0,
        "1",
        "share of the crypto channel closed by joint anti-money-laundering work",
        symbol="a",
    )
    secondary_sanctions: float = number(
        0.2,
        0.0,
        1.0,
        "1",
        "credibility of the threat to punish third states that carry covered trade",
        "hardly used against third states before 2023",
        symbol="κ",
    )
    issue_linkage: float = number(
        1.0,
        0.0,
        10.0,
        "1",
        "multiplies the weight of the example set for another region",
        "1 leaves the rule as it is",
        symbol="λ_X",
    )
    tie_weights: dict[str, float] = listing(
        {"defence": 1.0, "membership": 1.0, "affinity": 1.0, "trade": 1.0, "consultation": 0.5},
        "1",
        "weight of each layer of the alliance network in the pull of a peer",
        low=0.0,
        high=100.0,
    )


@dataclass(slots=True)
class Rule(Checked):
    """The decision rule and its coefficients; in log hazard per week unless the unit says else."""

    name: str = word("hazard", "name of the rule", CHOICE)
    function: str = word(
        "",
        "where the rule stands: empty for a shipped one of that name, or FILE.py:FUNCTION",
        "docs/extend.md",
    )
    intercept: float = number(0.0, -30.0, 30.0, "log 1/week", "level", ESTIMATED, symbol="β0")
    severity: float = number(
        0.0, -10.0, 10.0, "1", "weight of the severity of the violation", ESTIMATED, symbol="β1"
    )
    involvement: float = number(
        0.0,
        -10.0,
        10.0,
        "1",
        "weight of the target's part in the violation",
        ESTIMATED,
        symbol="β2",
    )
    restraint: float = number(
        0.0,
        0.0,
        20.0,
        "1",
        "log hazard that a measure loses which would outrun the violation",
        ESTIMATED,
        symbol="β3",
    )
    shock: float = number(0.0, 0.0, 5.0, "1", "weight of log urgency", ESTIMATED, symbol="β4")
    meeting: float = number(
        0.0, -10.0, 10.0, "1", "weight of a meeting today or yesterday", ESTIMATED, symbol="β5"
    )
    peer: float = number(
        0.0, -10.0, 20.0, "1", "weight of peers' standing share", ESTIMATED, symbol="β6"
    )
    recent: float = number(
        0.0, -10.0, 20.0, "1", "weight of peers' recent acts", ESTIMATED, symbol="β7"
    )
    lead: float = number(
        0.0, -10.0, 10.0, "1", "weight of the leaders' acts", ESTIMATED, symbol="β8"
    )
    bloc: float = number(
        0.0, -10.0, 10.0, "1", "weight of fellow members' acts", ESTIMATED, symbol="β9"
    )
    frontline: float = number(
        0.0, -10.0, 10.0, "1", "weight of nearness to the war", ESTIMATED, symbol="β10"
    )
    cost: float = number(
        0.0,
        0.0,
        100.0,
        "1/percent of GDP",
        "weight of the own loss, energy apart",
        ESTIMATED,
        symbol="β11",
    )
    energy_cost: float = number(
        0.0,
        0.0,
        100.0,
        "1/percent of GDP",
        "weight of the own loss from measures on energy",
        ESTIMATED,
        symbol="β12",
    )
    retaliation: float = number(
        0.0, 0.0, 20.0, "1", "weight of expected retaliation", ESTIMATED, symbol="β13"
    )
    linkage: float = number(
        0.0, -10.0, 10.0, "1", "weight of the wider threat", ESTIMATED, symbol="β14"
    )
    support: float = number(
        0.0, -10.0, 20.0, "1", "weight of domestic support beyond one half", ESTIMATED, symbol="β15"
    )
    relation: float = number(
        0.0,
        -10.0,
        20.0,
        "1",
        "weight of a valued relation with the target",
        ESTIMATED,
        symbol="β16",
    )
    wave: float = number(
        0.0, -10.0, 20.0, "1", "log hazard that a further wave loses", ESTIMATED, symbol="β17"
    )
    measure_effects: dict[str, float] = listing(
        {}, "log 1/week", "log hazard of a measure beside the average one", ESTIMATED, symbol="u_k"
    )
    act_effects: dict[str, float] = listing(
        {},
        "log 1/week",
        "log hazard of a measure against one target, named 'measure target', beside its own",
        ESTIMATED,
        symbol="u_kt",
    )
    measure_pace: dict[str, float] = listing(
        {},
        "1",
        "what a measure's weight of log urgency differs from the average one's: above 0 it comes "
        "early or not at all, below 0 late",
        ESTIMATED,
        symbol="s_k",
    )
    sender_effects: dict[str, float] = listing(
        {},
        "log 1/week",
        "log hazard of a sender, or of a union for its members, beside the average one",
        ESTIMATED,
        symbol="v_i",
    )
    weekend: float = number(
        0.0,
        -10.0,
        10.0,
        "1",
        "what Saturdays and Sundays add to every log hazard",
        ESTIMATED,
        symbol="β18",
    )
    frailty_sd: float = number(
        0.0,
        0.0,
        3.0,
        "1",
        "spread of the common shock of a day, in the log hazard of all its decisions",
        ESTIMATED,
        symbol="τ",
    )
    package_sd: float = number(
        0.0,
        0.0,
        3.0,
        "1",
        "spread of what a table of leaders or ministers agrees on, in the log hazard of an act",
        ESTIMATED,
        symbol="τ_p",
    )
    agenda_sd: float = number(
        0.0,
        0.0,
        3.0,
        "1",
        "spread of what a government or council brings together on a day without such a table",
        ESTIMATED,
        symbol="τ_a",
    )
    memory_days: float = number(
        7.0,
        0.1,
        365.0,
        "days",
        "time in which a peer's act fades to 1/e",
        "a week: the first rough fit",
        symbol="T_m",
    )
    eager: float = number(
        0.0,
        -30.0,
        30.0,
        "log 1/week",
        "threshold rule: log hazard of a sender that follows",
        ESTIMATED,
        symbol="β19",
    )
    threshold_mean: float = number(
        0.3,
        -1.0,
        2.0,
        "1",
        "mean share of peers at which a sender follows",
        "0.1 to 0.5 swept",
        symbol="μ",
    )
    threshold_sd: float = number(
        0.15,
        0.0,
        2.0,
        "1",
        "its spread among senders",
        "0.05 to 0.2 swept; Granovetter (1978)",
        symbol="σ",
    )
    benefit: float = number(
        0.1,
        0.0,
        10.0,
        "USD own loss per USD of the target's",
        "expected utility: willingness to pay",
        "0.7 and more favours embargoes (de Souza, Hu, Li and Mei 2024)",
        symbol="b",
    )
    choice: float = number(
        10.0,
        0.0,
        100.0,
        "1/percent of GDP",
        "expected utility: weight of damage less cost",
        "0.1 percent of GDP counts as one unit; no value in the literature",
        symbol="χ",
    )
    conformity: float = number(
        1.0,
        0.0,
        20.0,
        "1",
        "expected utility: weight of peers beyond the own threshold",
        symbol="ψ",
    )
    free: dict[str, float] = listing(
        {}, "as the rule says", "coefficients of a rule of the user's own", CHOICE
    )

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
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

    name: str = choice(
        "exposure",
        ("exposure", "exact"),
        "how losses are priced: by exposure, or with an exact equilibrium at the end besides",
        CHOICE,
    )
    elasticity: str = choice(
        "long_run",
        ("long_run", "short_run"),
        "trade elasticities of the path of losses; governments weigh the short run in any case",
        "long run: Fontagne, Guimbard and Orefice (2022); short run: a quarter of it",
    )
    baseline: str = choice(
        "balanced",
        ("balanced", "observed"),
        "trade balances before the shock",
        "balanced, as in Chowdhry, Hinz, Kamin and Wanner (2024)",
    )


@dataclass(slots=True)
class Currency(Checked):
    """What moves the rate of a target's currency; in log points per unit of a driver in [0, 1]."""

    export_loss: float = number(
        0.8,
        0.3,
        1.5,
        "log points",
        "rise per share of exports lost",
        "as import_loss, by theory",
        symbol="a_x",
    )
    frozen: float = number(
        0.2, 0.0, 0.8, "log points", "rise per share of reserves frozen", symbol="a_f"
    )
    precaution: float = number(
        0.9,
        0.3,
        1.5,
        "log points",
        "rise at full alarm",
        "from 77 to 150 at the peak of 7 March",
        symbol="a_p",
    )
    import_loss: float = number(
        0.8, 0.3, 1.5, "log points", "fall per share of imports lost", symbol="a_m"
    )
    repression: float = number(
        0.2, 0.0, 0.5, "log points", "fall at the financial repression of March 2022", symbol="a_r"
    )
    exclusion: float = number(
        0.3, 0.0, 1.0, "1", "alarm if all banks lose payments messaging", symbol="a_s"
    )
    fade_days: float = number(
        60.0, 14.0, 120.0, "days", "time in which alarm fades to 1/e", symbol="fade"
    )
    delivery_days: float = number(
        30.0,
        7.0,
        90.0,
        "days",
        "time in which covered trade is felt but for 1/e",
        symbol="delivery",
    )


@dataclass(slots=True)
class Evasion(Checked):
    """How covered trade finds another way: third states, crypto, enforcement."""

    leak_max: float = number(
        0.4,
        0.0,
        1.0,
        "1",
        "share of covered trade that third states could replace in the long run",
        "below 10 percent through the Caucasus and Central Asia, more with China and Turkey",
        symbol="ℓ_max",
    )
    learning_days: float = number(
        150.0,
        1.0,
        3650.0,
        "days",
        "time in which traders learn new routes",
        "import trough in April 2022, recovery in the second half of the year",
        symbol="T_ℓ",
    )
    premium: float = number(
        0.3,
        0.0,
        5.0,
        "1",
        "price premium on goods that come through third states",
        "20 to 40 percent; 75 percent for controlled goods (Korhonen and Simola 2025)",
        symbol="p",
    )
    enforcement: float = number(
        0.2,
        0.0,
        1.0,
        "1",
        "share of the leak that enforcement stops at a support of one half",
        symbol="e",
    )
    willingness: float = number(
        0.8, 0.0, 1.0, "1", "readiness of third states to carry, unless they condemn", symbol="w"
    )
    backing: dict[str, float] = listing(
        {},
        "1",
        "readiness to carry of single third states, whatever their stance",
        CHOICE,
        low=0.0,
        high=1.0,
    )
    condemned_factor: float = number(
        0.6, 0.0, 1.0, "1", "what is left of that readiness in a state that condemns", symbol="f"
    )
    compliance: float = number(
        3.0,
        0.0,
        20.0,
        "1",
        "how strongly banks of third states heed secondary sanctions, per share of their trade",
        symbol="m",
    )
    crypto_use: float = number(
        0.1,
        0.0,
        1.0,
        "1",
        "share of covered exports to a target that crypto would pay, per adoption index of 1",
        symbol="u",
    )
    crypto_cap_bn: float = number(
        2.7,
        0.0,
        100.0,
        "USD bn a year",
        "most that cryptocurrencies carry for a target",
        "USD 7 mn a day; peak 40 mn a day or 15 bn a year (Chainalysis, Kaiko)",
        symbol="C",
    )


@dataclass(slots=True)
class Response(Checked):
    """How a target answers."""

    intercept: float = number(
        -1.0, -30.0, 30.0, "log 1/week", "level at a provocation of 1", HAND, symbol="ρ0"
    )
    thrift: float = number(0.5, 0.0, 10.0, "1", "weight of log(harm / own cost)", HAND, symbol="ρ1")
    listing_days: float = number(
        4.0, 0.1, 365.0, "days", "mean time until a new sender is put on an existing list", HAND
    )
    relation_step: float = number(
        0.05, 0.0, 1.0, "1", "what a protest, an answer or a listing costs a relation"
    )
    protest_days: float = number(
        7.0,
        0.1,
        3650.0,
        "days",
        "mean time until a state that was listed or cut off protests",
        "Japan protested within days of the list of 7 March 2022",
    )
    refusal: float = number(
        -0.79,
        -30.0,
        30.0,
        "log odds",
        "level of refusing to pay for gas in rubles",
        BUYERS,
        symbol="φ0",
    )
    refusal_nearness: float = number(
        6.54,
        -10.0,
        30.0,
        "1",
        "its rise with nearness to the war",
        f"{BUYERS}: -3 to 16",
        symbol="φ1",
    )
    refusal_volume: float = number(
        0.68,
        -1.0,
        5.0,
        "1",
        "its fall with the log of the gas bought, bn cubic metres a year",
        f"{BUYERS}: -0.1 to 1.5",
        symbol="φ2",
    )
    payment_days: float = number(
        30.0,
        0.0,
        120.0,
        "days",
        "time from the demand until payment in rubles is due",
        "assumption, 20 to 40: decree of 31 March 2022, first cut-offs on 27 April",
        symbol="T_d",
    )
    paying_factor: float = number(
        0.0005,
        0.0,
        1.0,
        "1",
        "what is left of the hazard of a cut-off for a buyer that pays",
        "assumption, 0 to 0.04: none of them was cut off by 20 May 2022",
        symbol="ω",
    )


@dataclass(slots=True)
class Third(Checked):
    """What third states think and do, and what they learn from the coalition."""

    condemn: float = number(
        -0.21, -30.0, 30.0, "log odds", "level of condemning the violation", VOTES, symbol="γ0"
    )
    condemn_distance: float = number(
        3.65,
        0.0,
        20.0,
        "1",
        "its rise with the ideal point in the UN beyond that of the target",
        f"{VOTES}: 1.6 to 5.7",
        symbol="γ1",
    )
    condemn_pact: float = number(
        3.45,
        0.0,
        20.0,
        "1",
        "its fall with a pledge to consult with the target",
        f"{VOTES}: 0.6 to 6.3",
        symbol="γ5",
    )
    condemn_days: float = number(
        6.0,
        0.1,
        365.0,
        "days",
        "mean time until a state that condemns the gravest violation says so",
        "the vote of 2 March 2022 came six days after the invasion; 2 to 14 days",
        symbol="T_c",
    )
    cooperation: float = number(
        -0.85,
        -30.0,
        30.0,
        "log 1/week",
        "level of deepening defence cooperation with the target, at capabilities of 1",
        "about two acts a year by China under full pressure: exercises and patrols of 2021 "
        "(recalled); one to four",
        symbol="γ2",
    )
    cooperation_relation: float = number(
        1.5, 0.0, 20.0, "1", "its rise with the relation", symbol="γ3"
    )
    cooperation_pressure: float = number(
        0.5, 0.0, 20.0, "1", "its rise with the log of the coalition's signals", symbol="γ4"
    )
    cooperation_step: float = number(
        0.05, 0.0, 1.0, "1", "what one act of cooperation adds to a relation"
    )
    belief: float = number(0.3, 0.0, 1.0, "1", "belief in the coalition's resolve at the start")
    patience_days: float = number(
        60.0,
        0.0,
        3650.0,
        "days",
        "time without a new act in which belief does not fall",
        "assumption, 30 to 120: the EU's packages to May 2022 lay up to six weeks apart",
        symbol="T_q",
    )
    belief_days: float = number(
        90.0,
        1.0,
        3650.0,
        "days",
        "time in which bystanders learn what the coalition does",
        symbol="T_b",
    )
    attempt: float = number(
        -4.0,
        -30.0,
        5.0,
        "log 1/year",
        "level of the hazard of an attempt in the theatre",
        symbol="α0",
    )
    attempt_resolve: float = number(
        2.0, 0.0, 20.0, "1", "its fall with the belief in the coalition's resolve", symbol="α1"
    )
    attempt_tie: float = number(
        1.0,
        0.0,
        20.0,
        "1",
        "its rise with the relation of the challenger with the target",
        symbol="α2",
    )
    challenger: str = word("CHN", "state whose attempt in the theatre is asked about")


@dataclass(slots=True)
class Society(Checked):
    """Domestic support, the course of the war, and talks."""

    support: float = number(0.6, 0.0, 1.0, "1", "support for sanctions at the start")
    rally: float = number(0.4, 0.0, 1.0, "1", "part of support that events alone carry", symbol="r")
    fatigue_days: float = number(
        120.0, 1.0, 3650.0, "days", "time in which a mood fades to 1/e", symbol="T_s"
    )
    cost_weight: float = number(
        0.5,
        0.0,
        100.0,
        "1/percent of GDP",
        "loss of support with the sender's own loss",
        symbol="k",
    )
    nearness: float = number(
        1.0,
        0.0,
        1.0,
        "1",
        "how far nearness to the war stands for its events and makes losses bearable",
        "assumption, 0.5 to 1: support in April 2022 was among the highest in Poland and Finland",
        symbol="ν",
    )
    escalation: float = number(
        0.0, 0.0, 10.0, "1/week", "rate of random events of escalation", "scripted events only"
    )
    escalation_severity: float = number(0.1, 0.0, 1.0, "1", "severity of a random event")
    talks: float = number(
        0.0, 0.0, 10.0, "1/week", "rate of rounds of talks beside the dated ones", "the record"
    )
    settlement: float = number(
        -6.0,
        -30.0,
        5.0,
        "log 1/round",
        "log hazard that a round settles the war without loss",
        symbol="σ0",
    )
    settlement_loss: float = number(
        0.2, 0.0, 10.0, "1/percent of GDP", "its rise with the target's loss", symbol="σ1"
    )
    settlement_doubt: float = number(
        0.5, 0.0, 10.0, "1", "its rise with doubt about the coalition's resolve", symbol="σ2"
    )
    backslide: float = number(
        0.03,
        0.0,
        10.0,
        "1/month",
        "rate at which a sender outside all institutions gives a measure up",
        "Drezner (2000) for the mechanism; 0.02 to 0.05 a month assumed",
        symbol="z",
    )
    easing_days: float = number(
        180.0,
        1.0,
        36500.0,
        "days",
        "mean time until a measure is lifted after a settlement",
        symbol="T_e",
    )


@dataclass(slots=True)
class WorldChoice(Checked):
    """Which world."""

    folder: str = word(
        "march_2022", "a shipped world by name, or the path of a folder with its tables", CHOICE
    )


@dataclass(slots=True)
class Config(Checked):
    """One run, whole."""

    scenario: Scenario = field(default_factory=Scenario)
    coordination: Coordination = field(default_factory=Coordination)
    rule: Rule = field(default_factory=shipped_rule)
    economy: Economy = field(default_factory=Economy)
    currency: Currency = field(default_factory=Currency)
    evasion: Evasion = field(default_factory=Evasion)
    world: WorldChoice = field(default_factory=WorldChoice)
    response: Response = field(default_factory=Response)
    third: Third = field(default_factory=Third)
    society: Society = field(default_factory=Society)
    seed: int = number(2022, 0, 2**63 - 1, "1", "seed of all draws", CHOICE)
    run: int = number(
        0, 0, 2**32 - 1, "1", "number of the run; its draws depend on seed and run", CHOICE
    )
    driver: str = choice("mesa", DRIVERS, "what runs the model; the result is the same", CHOICE)
    record: str = choice(
        "outcomes",
        RECORDS,
        "what an ensemble keeps of each run; each keeps all that stands before it",
        CHOICE,
    )
    name: str = word("baseline", "folder under results/", CHOICE)
    out: str | None = field(
        default=None,
        metadata={
            "unit": "text",
            "meaning": "results folder, new or empty; without it results/<name>/<time>",
            "source": CHOICE,
        },
    )
