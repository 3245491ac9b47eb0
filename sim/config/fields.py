"""Fields of the schema: a default with its range, unit, meaning and source."""

from __future__ import annotations

from dataclasses import field
from typing import Any

CHOICE = "a choice of the user's, no claim"
HAND = "set by hand with the dates of 2022 in view"  # hence no evidence for what it gives
LEARNT = "learnt on March to June 2022: docs/economy.md"
ESTIMATED = "estimated: docs/estimation.md"  # defaults are those of configs/rule/hazard.yaml
VOTES = "logit on the votes for ES-11/1"  # experiments/estimate_stances.py
GRAVITY = "recalled: Head and Mayer (2014), Handbook of International Economics 4, table 4"
BUYERS = "logit on the answers of eleven buyers"


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
