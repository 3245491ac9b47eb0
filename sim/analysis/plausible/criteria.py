"""What is asked of the ensemble before its numbers are used, and whether it holds.

Thresholds are declared here, not found: `rarely` is at most a fifth of the runs, `mainly` more
than half of the cases, `most` at least four fifths.
"""

import math
from collections import Counter
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.analysis.facts.ledger import band
from sim.analysis.plausible.record import Cell, first_day, measures_of
from sim.analysis.plausible.runs import ANSWER, COUNCIL, MEASURE, Runs
from sim.analysis.plausible.words import (
    MOSTLY,
    RARELY,
    label,
    moment,
    name,
    percent,
    with_band,
)  # fmt: skip
from sim.arrays import Floats

RUSSIA, BELARUS = "RUS", "BLR"
WEEK, THREE_WEEKS = 7, 21
AIRSPACE = "airspace_ban"
DATED = ("leader_asset_freeze", "swift_exclusion", "oil_refining_export_ban")  # of the EU
STAND_INS = 200  # runs that are put in the record's place
CUT_OFF, LIST = "gas_cutoff", "unfriendly_list"
# States of the model that lost their pipeline gas in 2022: REU holds Bulgaria, Finland, Denmark.
# The one thing here from after 20 May: it judges a row and sets nothing.
LOST_GAS = ("POL", "REU", "NLD", "DEU")
BUY_NO_PIPELINE_GAS = ("GBR", "JPN", "KOR")
FAR_AWAY = ("JPN", "KOR", "AUS")
EARLY = date(2022, 3, 10)  # two weeks from the invasion


class Criterion(NamedTuple):
    """One thing asked of the ensemble: what it gives, what the record says, whether it holds."""

    asked: str
    ours: str
    record: str
    holds: bool


def criteria(runs: Runs, cells: tuple[Cell, ...]) -> list[Criterion]:
    """Return everything that is asked of an ensemble, in the order of the page."""
    return [
        few_withdrawals(runs),
        *members_open(runs, cells),
        gas_hits_buyers(runs),
        gas_spares_others(runs),
        airspace_open(runs),
        cap_together(runs),
        answers_early(runs, cells),
        *dates(runs, cells),
    ]


def dates(runs: Runs, cells: tuple[Cell, ...]) -> list[Criterion]:
    """Return what is asked of days: that medians are near those of the record."""
    return [
        *(within_a_week(runs, cells, instrument) for instrument in DATED),
        belarus_first(runs, cells),
        belarus_in_time(runs, cells),
        list_in_time(runs, cells),
    ]


def by_luck(runs: Runs, cells: tuple[Cell, ...]) -> dict[str, float]:
    """Return by what is asked in how many runs it would hold, were the run the record.

    Luck alone then parts the record from the ensemble: so often a model that is right passes.
    Runs beyond the first `STAND_INS` are left out.
    """
    told = [dates(runs, lived) for lived in runs.lived(cells, STAND_INS)]
    held = np.mean([[row.holds for row in rows] for rows in told], axis=0)
    return dict(zip([row.asked for row in told[0]], held.tolist(), strict=True))


def few_withdrawals(runs: Runs) -> Criterion:
    """No sender takes back more than two measures, in the median run."""
    counts = {code: runs.count("withdrawal", code) for code in runs.setting.sender_codes}
    worst = max(counts, key=lambda code: (band(counts[code])[1], counts[code].mean()))
    median = band(counts[worst])[1]
    return Criterion(
        "No sender takes back more than two measures (median run, to its end).",
        f"at most {median:.0f} ({name(runs.setting, worst)})" if median else "none",
        "none known by 20 May",
        bool(median <= 2.0),
    )


def members_open(runs: Runs, cells: tuple[Cell, ...]) -> list[Criterion]:
    """Members of the EU begin with what they can do alone, and are ahead of the Council with it."""
    menu = {measure.code: measure for measure in runs.setting.world.measures}
    own = runs.events[(runs.events.kind == MEASURE) & runs.events.actor.isin(runs.members)]
    deeds = own[~own.instrument.isin([c for c, m in menu.items() if m.is_diplomacy])]
    opening = Counter(deeds.drop_duplicates(["run", "actor"]).instrument)
    able = sum(n for code, n in opening.items() if menu[code].competence in ("national", "shared"))
    total = max(opening.total(), 1)
    often = [f"{label(runs.setting, c)} {percent(n / total)}" for c, n in opening.most_common(2)]
    dates = (first_day(cells, code, AIRSPACE, RUSSIA) for code in runs.members)
    real = min(dates, default=math.inf)
    council = first_day(cells, "EU", AIRSPACE, RUSSIA)
    first = runs.earliest(runs.day(MEASURE, code, AIRSPACE, RUSSIA) for code in runs.members)
    ahead = float((first < runs.day(COUNCIL, "EU", AIRSPACE, RUSSIA)).mean())
    return [
        Criterion(
            "Members of the EU open with what members can do by themselves.",
            f"{percent(able / total)} of opening acts",
            "airspace",
            bool(opening) and able >= MOSTLY * total,
        ),
        Criterion(
            "The act they open with most often is the closure of airspace.",
            ", ".join(often) or "none",
            "airspace",
            opening.most_common(1) == [(AIRSPACE, opening[AIRSPACE])],
        ),
        Criterion(
            "Some member closes its airspace before the Council does (most runs).",
            f"in {percent(ahead)} of runs",
            f"first member {moment(runs, real)}, Council {moment(runs, council)}",
            ahead >= MOSTLY,
        ),
    ]


def gas_hits_buyers(runs: Runs) -> Criterion:
    """Gas is cut off mainly where it was."""
    events = runs.events
    cut = Counter(events[events.instrument == CUT_OFF].target)
    share = sum(cut[code] for code in LOST_GAS) / max(cut.total(), 1)
    return Criterion(
        "Gas cut-offs hit mainly those that lost their gas in 2022.",
        f"{percent(share)} of {cut.total() / runs.n_runs:.1f} cut-offs a run",
        "Poland, Bulgaria; later Finland, Netherlands, Denmark, Germany",
        share > 0.5,
    )


def gas_spares_others(runs: Runs) -> Criterion:
    """Nobody is cut off who buys no pipeline gas."""
    share = {c: runs.ever(runs.day(ANSWER, "", CUT_OFF, c)) for c in BUY_NO_PIPELINE_GAS}
    words = ", ".join(f"{name(runs.setting, code)} {percent(n)}" for code, n in share.items())
    asked = "Gas cut-offs spare those that buy no pipeline gas."
    return Criterion(asked, f"{words} of runs", "none", not any(share.values()))


def within_a_week(runs: Runs, cells: tuple[Cell, ...], instrument: str) -> Criterion:
    """Return whether the Council's median day lies within a week of its date."""
    real = first_day(cells, "EU", instrument, RUSSIA)
    days = runs.adopted("EU", instrument, RUSSIA)
    return _in_time(runs, f"EU, {label(runs.setting, instrument)}", days, real)


def _in_time(runs: Runs, what: str, days: Floats, real: float) -> Criterion:
    found, asked = band(days), f"{what}: median within a week of its date."
    holds = near(found[1], real, WEEK)
    return Criterion(asked, with_band(runs, found), moment(runs, real), holds)


def belarus_first(runs: Runs, cells: tuple[Cell, ...]) -> Criterion:
    """Every sender first acts against Belarus within three weeks of the day on which it did."""
    deeds = {m.code for m in runs.setting.world.measures if not m.is_diplomacy}
    dated = [
        c for c in cells if c.target == BELARUS and c.instrument in deeds and c.day is not None
    ]
    real = {c.sender: float(min(d.day or 0 for d in dated if d.sender == c.sender)) for c in dated}
    close = [
        near(
            band(runs.earliest(runs.adopted(who, code, BELARUS) for code in deeds))[1],
            day,
            THREE_WEEKS,
        )
        for who, day in real.items()
    ]
    return Criterion(
        "Every sender's first deed against Belarus: median within three weeks of its date.",
        f"{sum(close)} of {len(close)}",
        f"{len(close)} senders acted",
        bool(close) and all(close),
    )


def belarus_in_time(runs: Runs, cells: tuple[Cell, ...]) -> Criterion:
    """Most dated acts against Belarus come within three weeks of their dates."""
    deeds = {m.code for m in runs.setting.world.measures if not m.is_diplomacy}
    against = [c for c in measures_of(cells, runs.setting) if c.target == BELARUS]
    dated = [c for c in against if c.day is not None and c.instrument in deeds]
    medians = [band(runs.days_of(c))[1] for c in dated]
    close = sum(near(m, c.day or 0, THREE_WEEKS) for m, c in zip(medians, dated, strict=True))
    return Criterion(
        "Measures against Belarus: medians within three weeks of their dates (most of them).",
        f"{close} of {len(dated)}",
        f"{len(dated)} dated measures",
        bool(dated) and close >= MOSTLY * len(dated),
    )


def airspace_open(runs: Runs) -> Criterion:
    """Japan, Korea and Australia rarely close their airspace."""
    share = {code: runs.by(runs.adopted(code, AIRSPACE, RUSSIA)) for code in FAR_AWAY}
    words = ", ".join(f"{name(runs.setting, code)} {percent(n)}" for code, n in share.items())
    return Criterion(
        "Japan, Korea and Australia rarely close their airspace.",
        f"{words} of runs",
        "none did",
        max(share.values()) <= RARELY,
    )


def cap_together(runs: Runs) -> Criterion:
    """Senders cap the price of oil in one joint act, or do not."""
    alone = runs.by(runs.day(MEASURE, "", "oil_price_cap"))
    joint = runs.by(runs.day(COUNCIL, "", "oil_price_cap"))
    return Criterion(
        "The oil price cap comes as one joint act or not at all.",
        f"alone in {percent(alone)}, by a council in {percent(joint)} of runs",
        "not by 20 May",
        alone == 0.0,
    )


def answers_early(runs: Runs, cells: tuple[Cell, ...]) -> Criterion:
    """Russia answers early and in several ways."""
    by = (EARLY - runs.setting.start).days
    known = {answer.code for answer in runs.setting.world.countermeasures}
    days = [runs.day(ANSWER, RUSSIA, code) for code in sorted(known)]
    low, kinds, high = band(np.sum([day <= by for day in days], axis=0))
    real = sum(first_day(cells, RUSSIA, code) <= by for code in known)
    return Criterion(
        "Russia answers in five to nine ways by 10 March (median).",
        f"{kinds:.0f} ({low:.0f} to {high:.0f})",
        str(real),
        bool(5 <= kinds <= 9),
    )


def list_in_time(runs: Runs, cells: tuple[Cell, ...]) -> Criterion:
    """Russia lists unfriendly states at its time."""
    listed, real = runs.day(ANSWER, RUSSIA, LIST), first_day(cells, RUSSIA, LIST)
    return _in_time(runs, "Russia's list of unfriendly states", listed, real)


def near(one: float, other: float, days: int) -> bool:
    """Return whether two days lie that near; never is near nothing."""
    return bool(math.isfinite(one) and math.isfinite(other) and abs(one - other) <= days)
