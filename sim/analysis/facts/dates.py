"""Facts on dates: who acted when, and when Russia answered."""

from datetime import date

import numpy as np

from sim.analysis.facts.evidence import G7, Evidence
from sim.analysis.facts.watched import RUSSIA
from sim.arrays import Floats

INVASION = date(2022, 2, 24)
TWO_WEEKS_ON = date(2022, 3, 10)
FUELS = ("coal_import_ban", "oil_import_ban", "gas_import_ban")
GAS = 2  # on the axis of `World.energy_share`: coal, oil, gas
ANNOUNCED = ("measure", "council")


def day_of(evidence: Evidence, when: date) -> int:
    """Return a date as a day of the run."""
    return (when - evidence.setting.start).days


def g7_has_acted(evidence: Evidence) -> Floats:
    """Return the days from the invasion to the first deed of the last of the G7."""
    setting = evidence.setting
    deeds = [act for act in setting.acts if not act.measure.is_diplomacy]
    against = {act.measure.code for act in deeds if act.target == RUSSIA}
    days = np.stack([evidence.announced(code, *against) for code in G7])
    return days.max(axis=0) - day_of(evidence, INVASION)


def leaders_frozen(evidence: Evidence) -> Floats:
    """Return the days from the invasion to the last of the G7 that freezes leaders' assets."""
    days = np.stack([evidence.announced(code, "leader_asset_freeze") for code in G7])
    return days.max(axis=0) - day_of(evidence, INVASION)


def swift_lag(evidence: Evidence) -> Floats:
    """Return the days from the EU's first exclusion from SWIFT to its effect."""
    watched = evidence.watched
    lags = np.full(len(watched.events), np.inf)
    for run in range(lags.size):
        rows = watched.matching(run, ANNOUNCED, "EU", "swift_exclusion")
        for row in [row for row in rows if row["target"] == RUSSIA][:1]:
            day, effective = (date.fromisoformat(row[name]) for name in ("date", "effective"))
            lags[run] = (effective - day).days
    return lags


def refining_order(evidence: Evidence) -> Floats:
    """Return where the EU banned oil-refining equipment before the USA, and it before Japan."""
    eu, usa, japan = (
        evidence.announced(code, "oil_refining_export_ban") for code in ("DEU", "USA", "JPN")
    )
    return ((eu < usa) & (usa < japan)).astype(np.float64)


def energy_delay(evidence: Evidence) -> Floats:
    """Return the days by which the EU's first energy ban followed the last of CAN, GBR and USA."""
    others = [evidence.announced(code, *FUELS) for code in ("CAN", "GBR", "USA")]
    council = evidence.announced("DEU", "coal_import_ban", "oil_import_ban")
    with np.errstate(invalid="ignore"):  # never less never
        return council - np.max(others, axis=0)


def gas_dependence(evidence: Evidence) -> Floats:
    """Return the Russian share in the gas imports of those who banned gas, less the others'."""
    codes = evidence.setting.sender_codes
    share = evidence.world.energy_share[evidence.setting.senders, GAS]
    banned = np.isfinite(np.stack([evidence.announced(code, "gas_import_ban") for code in codes]))
    return np.array(
        [
            share[acted].mean() - share[~acted].mean() if 0 < acted.sum() < acted.size else np.nan
            for acted in banned.T
        ]
    )


def list_delay(evidence: Evidence) -> Floats:
    """Return the days from the first deed against Russia to its list of unfriendly states."""
    runs, menu = evidence.ensemble(), evidence.setting.menu
    against = menu.beyond_words & (menu.aimed_at == evidence.watched.russia)
    days = runs.announced[: evidence.number_watched][:, :, against]
    first = np.where(days < 0, np.inf, days).min(axis=(1, 2))
    return evidence.watched.first(("countermeasure",), RUSSIA, "unfriendly_list") - first


def early_answers(evidence: Evidence) -> Floats:
    """Return how many kinds of countermeasures Russia took within two weeks of the invasion."""
    watched, last = evidence.watched, day_of(evidence, TWO_WEEKS_ON)
    kinds = []
    for run in range(len(watched.events)):
        rows = watched.matching(run, ("countermeasure",), RUSSIA)
        kinds.append(len({row["instrument"] for row in rows if row["day"] <= last}))
    return np.array(kinds, dtype=np.float64)
