"""What a comparison says, in sentences and numbers that a reader can say aloud."""

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.analysis.compare.comparison import (
    MOST_RUNS,
    SHARED_ACTS,
    SHARED_DAY,
    SHARED_LOSS,
    Comparison,
)
from sim.analysis.paired import CHANCE, Difference
from sim.codes import YEAR
from sim.csv_table import records
from sim.reasons import upper_first
from sim.templates import render
from sim.words import counted, listed, percent, the
from sim.words import first_year as time_of_first_year

MINUS = "−"
# The dozen outcomes that answer most questions, what a terminal has room to call them, and of which
# nothing can be told where others are senders: each sender that is missing lacks its own.
MAIN = records(Path(__file__).with_name("main.csv"))
HIGHER = {
    "undefined": "not defined",
    "same": "the same",
    "luck": "may be luck",
    "seldom": "the same in most draws",
    "higher": "higher",
    "lower": "lower",
}
LATER = HIGHER | {"higher": "later", "lower": "earlier"}
MOVES = ("higher", "lower")
FEW = 30  # runs below which little can be told from luck
N_MEASURES, MOST_ON_PAGE = 10, 40
NOTED = 0.01  # of a share that leaks
FEW_STATES = 3  # that are named one by one
MANY, MOST_LEVERS = 4, 8  # levers of a group that are told by its name, and of all
LONG = 60  # characters of a value that was turned


def main_outcomes(comparison: Comparison) -> dict[str, str]:
    """Return the outcomes that answer most questions with short words for each.

    Where not all settings have the same senders, only what is of the same states in all.
    """
    senders = [set(one.senders) for one in comparison.variants]
    all_alike = set.union(*senders) == set.intersection(*senders)
    shared = SHARED_DAY in comparison.described
    target, found = comparison.targets[0], {}
    time = time_of_first_year(comparison.n_days).replace("the first", "1st")
    for row in MAIN:
        of_shared = row["outcome"] in (SHARED_ACTS, SHARED_LOSS)
        of_others = bool(row["of_all_senders"]) and shared
        if not (of_shared if all_alike else of_others):
            words = row["words"].format(comparison.name(target)).replace("1st year", time)
            found[row["outcome"].format(target)] = words
    return {column: words for column, words in found.items() if column in comparison.described}


def turned(comparison: Comparison, variant: str) -> list[str]:
    """Return what differs from the first setting, one lever each: 'rule.peer = 2 (was 1)'.

    A group of which another file was picked, with many levers, is told by its name.
    """
    rows = comparison.turned(variant)
    configs = {one.label: one.config for one in comparison.variants}
    pairs = [(comparison.labels[0], "old"), (variant, "new")]
    told: dict[str, str] = {}
    for key, old, new in rows:
        group = key.partition(".")[0]
        names = {when: _name(configs[label], group) for label, when in pairs}
        many = sum(other.startswith(f"{group}.") for other, _, _ in rows) > MANY
        if many and names["old"] != names["new"]:
            told[group] = f"{group} = {names['new']} (was {names['old']})"
        else:
            told[key] = f"{key} = {_value(new)} (was {_value(old)})"
    found = [*told.values()]
    rest = [f"and {len(found) - MOST_LEVERS} more"] if len(found) > MOST_LEVERS else []
    return [*found[:MOST_LEVERS], *rest]


def _name(config: dict[str, Any], group: str) -> str:
    about = config[group]
    return str(about.get("name", "")) if isinstance(about, dict) else ""


def differing(comparison: Comparison, variant: str) -> str:
    """Return all that differs from the first setting in one line."""
    return "; ".join(turned(comparison, variant)) or "nothing but the length"


def nobody_moved(comparison: Comparison, variant: str) -> str:
    """Return that no measure comes earlier or later by more than luck, and of how many."""
    mine = comparison.measures["variant"] == variant
    n = int((comparison.measures.loc[mine, "verdict"] != "undefined").sum())
    if not n:
        return "No measure is on the menu of both, so none comes earlier or later."
    return (
        f"Of {counted(n, 'measure')}, one by one for each who takes it, none comes earlier or "
        "later by more than luck."
    )


def _value(value: Any) -> str:
    if value is None or value in ([], {}, ""):
        return "none"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"


def others_sanction(comparison: Comparison) -> str:
    """Return a sentence where not all settings have the same senders; '' where they do."""
    sets = [set(one.senders) for one in comparison.variants]
    everybody, common = set.union(*sets), set.intersection(*sets)
    if everybody == common:
        return ""
    if not common:
        return "No state is a sender in all settings: what is of senders is of others in each."
    some = sorted(everybody - common)
    who, of = (
        _states(comparison, codes) if len(codes) <= FEW_STATES else f"{len(codes)} states"
        for codes in (some, sorted(common))
    )
    verb, what = ("is", "a sender") if len(some) == 1 else ("are", "senders")
    return (
        f"{upper_first(who)} {verb} {what} in some of the settings only. So measures and costs are "
        f"compared of those who are senders in all ({of}); other rows on senders are of others in "
        "each."
    )


def _states(comparison: Comparison, codes: list[str]) -> str:
    return listed(the(comparison.name(code)) for code in codes)


def phrase(comparison: Comparison, variant: str) -> str:
    """Return what a variant is, against the first, to begin a sentence: 'Without Japan'."""
    turned = {key: (a, b) for key, a, b in comparison.turned(variant)}
    keys = set(turned)

    without, only = (turned.get(f"scenario.{key}", ([], []))[1] for key in ("without", "only"))
    if without and keys == {"scenario.without"}:
        return f"Without {_states(comparison, without)}"
    if only and keys <= {"scenario.only", "coordination.leaders"}:
        return f"With {_states(comparison, only)} alone"
    joined = [key.rpartition(".")[2] for key in keys if key.startswith("scenario.roles.")]
    if joined and len(joined) == len(keys) and {b for _, b in turned.values()} == {"sender"}:
        return f"With {_states(comparison, joined)} among the senders"
    return f"Under {variant}"


def headline(comparison: Comparison, variant: str) -> list[str]:
    """Return two or three sentences: speed, what the target loses, what the senders lose."""
    rows = comparison.differences()
    rows = rows[rows["variant"] == variant]
    if set(rows["verdict"]) <= {"same", "undefined"}:
        return [
            f"{phrase(comparison, variant)} nothing differs from {comparison.labels[0]}: every "
            f"outcome is the same in each of the {comparison.runs:,} draws. What was turned has no "
            "effect here."
        ]
    same = set(_senders(comparison, 0)) == set(_senders(comparison, variant))
    target = comparison.targets[0]
    said = render(
        "analysis/compare/headline.txt",
        described=comparison.described,
        difference=partial(comparison.difference, variant),
        typical=partial(comparison.typical, variant),
        target=target,
        name=comparison.name(target),
        same_senders=same,
        who="the coalition" if same else _both(comparison, variant),
        both=_both(comparison, variant),
        first_year=first_year(comparison),
        has_year=comparison.n_days >= YEAR,
        held=_holding(comparison, variant) if same else (),
        moves=MOVES,
        noted=NOTED,
        days=days,
        decimals=decimals,
        in_draws=in_draws,
        number=number,
        reached=reached,
    )
    lines = [line for line in said.splitlines() if line]
    sentences = [f"{phrase(comparison, variant)} {line}" for line in lines[:1]]
    sentences += map(upper_first, lines[1:])
    if comparison.runs < FEW:
        sentences.append(
            f"With {counted(comparison.runs, 'draw')} little can be told from luck; ask for more."
        )
    return sentences


def first_year(comparison: Comparison) -> str:
    """Return the time over which losses are averaged: a year, or all of a shorter run."""
    return f"in {time_of_first_year(comparison.n_days)}"


def _both(comparison: Comparison, variant: str) -> str:
    """Return who sanctions in a variant and in the first: by name, if they are few."""
    senders = set(comparison.variants[0].senders) & set(_senders(comparison, variant))
    if len(comparison.variants) == 2 and len(senders) <= FEW_STATES:
        return _states(comparison, sorted(senders))
    return f"those who sanction in {'both' if len(comparison.variants) == 2 else 'all'}"


def _holding(comparison: Comparison, variant: str) -> tuple[float, ...]:
    """Return in which share of the draws the first and a variant hold for a year, if they differ.

    None where that is not told, or is luck.
    """
    outcome = "days_to_withdrawal"
    if outcome not in comparison.described or comparison.n_days < YEAR:
        return ()
    if comparison.difference(variant, outcome).verdict not in MOVES:
        return ()
    days_of = (comparison.values(label, outcome) for label in (comparison.labels[0], variant))
    return tuple(float((np.isnan(days) | (days >= YEAR)).mean()) for days in days_of)


def _senders(comparison: Comparison, variant: str | int) -> tuple[str, ...]:
    at = variant if isinstance(variant, int) else comparison.labels.index(variant)
    return comparison.variants[at].senders


def in_draws(found: Difference, what: str) -> str:
    """Return the share of draws with the sign of the middle: ' (later in 71 % of draws)'."""
    return f" ({what} in {percent(found.share)} of draws)"


def days(value: float) -> str:
    """Return a time in days: '3 days', '0.4 days', '1 day'."""
    digits = 0 if value >= 10 or value == round(value) else 1 if value >= 0.095 else 2
    text = number(value, digits).removesuffix(".0")
    return f"{text} {'day' if text == '1' else 'days'}"


def reached(day: float) -> str:
    """Return when something comes: 'after 31 days', or 'in most draws not at all'."""
    return f"after {days(day)}" if math.isfinite(day) else "in most draws not at all"


def number(value: float, digits: int) -> str:
    """Return a number as it is read: a true minus, no minus before zero, 'never' for infinite."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "never" if value > 0 else "from never"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0.0 else text.replace("-", MINUS)


def signed(value: float, digits: int) -> str:
    """Return a difference with its sign."""
    text = number(value, digits)
    return (
        f"+{text}" if math.isfinite(value) and value > 0 and float(text.replace(",", "")) else text
    )


def decimals(found: Difference) -> int:
    """Return how many decimals show a difference in two digits and its levels in three."""
    sizes = [abs(x) for x in (found.middle, found.high - found.low) if math.isfinite(x) and x]
    levels = [abs(x) for x in (found.first, found.second) if math.isfinite(x) and x]
    by_size = 1 - math.floor(math.log10(max(sizes))) if sizes else 0
    by_level = 2 - math.floor(math.log10(max(levels))) if levels else 0
    return int(np.clip(max(by_size, min(by_level, 2)), 0, 5))


def judged(comparison: Comparison, variant: str, outcome: str) -> str:
    """Return in words whether an outcome differs, on average and in most draws."""
    about, found = comparison.described[outcome], comparison.difference(variant, outcome)
    words = LATER if about.unit == "days" else HIGHER
    mean = found.verdict
    if about.never or mean in ("same", "undefined"):
        return words[mean]
    typical = comparison.typical(variant, outcome)
    most = typical.verdict
    if mean == "luck":
        return f"{words[most]} in most, not on average" if most in MOVES else words[mean]
    if most in MOVES and most != mean:
        return f"{words[mean]} on average, {words[most]} in most"
    return words[mean] if found.share >= 0.5 else f"{words[mean]} on average, in few draws"


def cells(comparison: Comparison, variant: str, outcome: str) -> dict[str, str]:
    """Return one outcome as a row of text: label, both levels, difference, band, share, verdict."""
    about, found = comparison.described[outcome], comparison.difference(variant, outcome)
    whole = about.never
    digits = 0 if whole else decimals(found)
    band = f"{signed(found.low, digits)} to {signed(found.high, digits)}"
    nothing = found.verdict in ("undefined", "same")
    part = 0 < found.defined < found.pairs
    return {
        "label": about.titled,
        "first": number(found.first, digits),
        "second": number(found.second, digits),
        "difference": "–" if nothing else signed(found.middle, digits),
        "band": "–" if nothing else band,
        "share": "–" if nothing else percent(found.share),
        "verdict": judged(comparison, variant, outcome),
        "defined": f"in {found.defined:,} of {found.pairs:,} draws" if part else "",
    }


def enough(comparison: Comparison, variant: str) -> str:
    """Return whether the runs were enough, and how many would be for what is not told from luck."""
    names = main_outcomes(comparison)
    if comparison.runs == 1:
        return "One draw tells nothing from luck; ask for more, as in runs=500."
    found = {name: comparison.difference(variant, name) for name in names}
    told = [name for name, d in found.items() if d.verdict in MOVES]
    unsure = {name: runs_needed(d) for name, d in found.items() if d.verdict == "luck"}
    differ = len(told) + len(unsure)
    if not differ:
        return f"{counted(comparison.runs, 'run')} of each: no main outcome differs in any of them."
    first = (
        f"{counted(comparison.runs, 'run')} of each were enough to tell {len(told)} of "
        f"{counted(differ, 'main outcome')} from luck."
    )
    target = comparison.targets[0]
    key = next((n for n in (f"loss_{target}_first_year", SHARED_DAY) if n in unsure), None)
    key = key or next(iter(unsure), None)
    if key is None:
        return first
    time = time_of_first_year(comparison.n_days)
    label = comparison.described[key].label.replace("the first year", time)
    return f"{first} {label}: {_needed_in_words(unsure[key], comparison.runs)}."


def _needed_in_words(needed: float, runs: int) -> str:
    if not math.isfinite(needed) or needed > MOST_RUNS:
        return "no number of runs that is worth the wait would tell it from luck"
    digits = 10 ** max(math.floor(math.log10(needed)) - 1, 0)
    rounded = math.ceil(needed / digits) * digits
    return f"if what is seen is true, about {max(rounded, runs + 1):,} runs would tell it from luck"


def runs_needed(found: Difference) -> float:
    """Return how many runs would tell a difference from luck, were it as large as it seems."""
    if not 0.0 < found.chance < 1.0 or found.middle == 0.0:
        return math.inf
    seen, asked = ndtri(found.chance / 2), ndtri(CHANCE / 2)
    return float(found.pairs * (asked / seen) ** 2)


def moved(comparison: Comparison, variant: str) -> list[dict[str, Any]]:
    """Return the measures that come earlier, later or not at all, those that move most first."""
    rows = comparison.measures
    rows = rows[(rows["variant"] == variant) & rows["verdict"].isin(MOVES)]
    order = rows.assign(size=rows["difference"].abs().clip(upper=comparison.n_days))
    order = order.sort_values(["size", "share"], ascending=False, kind="stable")
    return [_moved(comparison, row) for row in order.to_dict("records")]


def _moved(comparison: Comparison, row: Mapping[Any, Any]) -> dict[str, Any]:
    later = row["verdict"] == "higher"
    never = math.isinf(row["difference"])
    target = comparison.name(row["target"])
    return {
        "who": comparison.name(row["sender"]),
        "measure": row["label"] if len(comparison.targets) == 1 else f"{row['label']} ({target})",
        "first": number(row["first_median"], 0),
        "second": number(row["median_day"], 0),
        "difference": "–" if never else signed(row["difference"], 0),
        "shares": f"{percent(row['first_share'])}, {percent(row['share_of_draws'])}",
        "verdict": ("less often" if later else "more often")
        if never
        else ("later" if later else "earlier"),
        "later": later,
    }
