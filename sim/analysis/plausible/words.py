"""Days, shares and names as a reader of the news knows them."""

import math

from sim.analysis.facts.ledger import band
from sim.analysis.plausible.record import Cell
from sim.analysis.plausible.runs import Runs
from sim.arrays import Floats
from sim.setting import Setting
from sim.words import MONTHS

RARELY, MOSTLY = 0.2, 0.8


def short(setting: Setting, day: float) -> str:
    """Return a day of the run as a date without its year: 24 Feb."""
    when = setting.date_of(int(day))
    return f"{when.day} {MONTHS[when.month - 1][:3]}"


def moment(runs: Runs, day: float) -> str:
    """Return a day that the record reaches as a date; `later` for one after, `never` for none."""
    if math.isinf(day):
        return "never"
    return short(runs.setting, day) if day <= runs.last_day else "later"


def with_band(runs: Runs, days: Floats) -> str:
    """Return a median day with the band around it; `days` are its three quantiles."""
    low, median, high = (moment(runs, day) for day in days)
    return median if low == high else f"{median} ({low} to {high})"


def percent(share: float) -> str:
    """Return a share in percent; a rare thing is not called none, nor a frequent one all."""
    if 0.0 < share < 0.01:
        return "< 1 %"
    return f"{min(share, 0.99) if share < 1.0 else share:.0%}".replace("%", " %")


def name(setting: Setting, code: str) -> str:
    """Return the name of a state, or of the EU's Council, without its code."""
    if code in setting.world.states:
        return setting.world.names[setting.world.index(code)]
    return "EU (Council)" if code == "EU" else code


def label(setting: Setting, instrument: str) -> str:
    """Return what a measure or an answer is called."""
    return setting.world.labels.get(instrument, instrument.replace("_", " ").capitalize())


def recorded(setting: Setting, cell: Cell) -> str:
    """Return what the record says of a cell."""
    if cell.day is not None:
        return short(setting, cell.day)
    return f"not by {short(setting, cell.not_by or 0)}"


def mark(runs: Runs, cell: Cell, days: Floats) -> str:
    """Return how the runs stand to the record: inside the band, early, late, or not at all."""
    low, _, high = band(days)
    if cell.day is None:
        share = runs.by(days, cell.not_by)
        if share <= RARELY:
            return "not, as in the record"
        return f"**in {percent(share)} of runs, not in the record**"
    if cell.day < low:
        return "**late**"
    return "**early**" if cell.day > high else "inside"
