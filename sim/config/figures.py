"""The group `figures`: which a run draws, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

from sim.config.checked import Checked
from sim.config.fields import CHOICE, parameter
from sim.errors import InputError

# Figures that a run can draw, in the order of its page; files are named after them.
FIGURES = (
    "calendar", "network", "costs", "map", "burden", "routes", "paths", "sectors",
)  # fmt: skip
FORMATS = ("png", "svg", "pdf")
# Inches: of a page on a screen, of one column in print, of 420 pixels of a phone.
WIDTHS = {"screen": 7.2, "column": 89 / 25.4, "phone": 420 / 96}
NARROWEST_IN, WIDEST_IN = 89 / 25.4, 20.0


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
