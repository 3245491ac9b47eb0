"""The group `rule`: how senders decide, with the coefficients of every rule."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from sim.config.checked import ANY_NUMBER, Checked, check
from sim.config.fields import CHOICE, ESTIMATED, coefficient, number, parameter
from sim.config.folder import config_folder
from sim.errors import InputError

RULES = ("hazard", "threshold", "expected_utility", "independent")


def _check_numbers(key: str, entries: dict[str, Any]) -> None:
    for name, entry in entries.items():
        check(f"{key}.{name}", entry, ANY_NUMBER)


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
        {},
        "log hazard of a measure beside the average one",
        ESTIMATED,
        "log 1/week",
        symbol="u_k",
        check=_check_numbers,
    )
    act_effects: dict[str, float] = parameter(
        {},
        "log hazard of a measure against one target, named 'measure target', beside its own",
        ESTIMATED,
        "log 1/week",
        symbol="u_kt",
        check=_check_numbers,
    )
    measure_pace: dict[str, float] = parameter(
        {},
        "what a measure's weight of log urgency differs from the average one's: above 0 it comes "
        "early or not at all, below 0 late",
        ESTIMATED,
        "log hazard per log urgency",
        symbol="s_k",
        check=_check_numbers,
    )
    sender_effects: dict[str, float] = parameter(
        {},
        "log hazard of a sender, or of a union for its members, beside the average one",
        ESTIMATED,
        "log 1/week",
        symbol="v_i",
        check=_check_numbers,
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
        {},
        "coefficients of a rule of the user's own",
        CHOICE,
        "as the rule says",
        check=_check_numbers,
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
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def shipped_rule() -> Rule:
    """Return the default rule, as estimated: that of `configs/rule/hazard.yaml`."""
    return Rule(**copy.deepcopy(_shipped_rule()))
