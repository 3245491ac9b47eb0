"""The currency of a target: the rate at which its foreign exchange clears.

What comes in by exports, and what is asked for by importers, by those who run from the currency and
by the state, must be equal at some rate. After Itskhoki and Mukhin [1]_ and Lorenzoni and
Werning [2]_: less supply (exports lost, reserves that can no longer be sold) makes the dollar
dearer; less demand (imports lost, residents and the state kept from buying foreign assets) makes
it cheaper. Every term is an amount in USD billion a year, and so is its answer to the rate: what
trade gives by the elasticities of the first year, and what capital gives by as much as it leans
against the rate. The sizes are those of the literature; one, the run at full alarm, is learnt on
March 2022 alone (`experiments/ruble_2022.py`).

The rate is NOT a welfare measure: a ban on the target's exports and one on its imports move it in
opposite directions and can cost the target exactly the same [1]_.

Rates are in logs, relative to the rate before the first measure; a rise is a depreciation of the
target's currency. Days are days since the start.

References
----------
.. [1] Itskhoki and Mukhin (2022), Sanctions and the exchange rate, NBER Working Paper 30009;
   Review of Economic Studies, 2025.
.. [2] Lorenzoni and Werning (2022), A minimalist model for the ruble during the Russian invasion
   of Ukraine, NBER Working Paper 29929.
.. [3] Adler, Lisack and Mano (2015), Unveiling the effects of foreign exchange intervention, IMF
   Working Paper 15/130: buying foreign currency for 1 percent of GDP costs 1.7 to 2.0 percent.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.compiled import rule

DAYS_A_YEAR = 365.0


class Base(NamedTuple):
    """A target's foreign exchange in the base year, USD billion a year."""

    # What it buys abroad, and what it earns there by all but fuels.
    imports: float
    others: float
    gdp: float
    reserves: float  # USD billion; 0 where not known


class Drivers(NamedTuple):
    """What the rate responds to on one day; all 0 in the base year."""

    # Change of export income at an unchanged rate, USD billion a year.
    fuels: float
    others: float
    # Share of imports that does not come through at given prices, at most 1; below 0 if more is
    # asked for than in the base year.
    imports_lost: float
    frozen: float  # share of the reserves frozen, in [0, 1]
    precaution: float  # of `precaution_after`, in [0, 1]
    # Capital controls and the duty to sell export revenue, in [0, 1]; 1 is Russia's of 2022.
    controls: float
    differential: float  # of `differential`


class Weights(NamedTuple):
    """Coefficients of the rate; defaults, ranges, units and sources in `sim.config.Currency`."""

    import_elasticity: float
    export_elasticity: float
    leaning: float
    controls: float
    precaution: float
    support: float
    saved: float
    purchases: float
    exclusion: float
    fade_days: float
    run_days: float
    delivery_days: float
    rate_rise: float
    rate_days: float


def weights_of(currency: object) -> Weights:
    """Return the coefficients that an object such as `Config.currency` has as its attributes."""
    return Weights(*[float(getattr(currency, name)) for name in Weights._fields])


@rule
def log_rate(drivers: Drivers, base: Base, weights: Weights) -> float:
    """Return the log of the rate at which foreign exchange clears, 0 in the base year.

    What is asked for less what comes in, at an unchanged rate, over what one log point brings
    forth. It responds at once: whatever is slow is slow in the drivers.

    Notes
    -----
    Linear in the rate. Fuels are sold at world prices in dollars, so they do not answer to it;
    nor does trade that is cut off.
    """
    leaning = weights.leaning * base.gdp * (1.0 - weights.controls * drivers.controls)
    by_trade = (
        weights.import_elasticity * base.imports * (1.0 - drivers.imports_lost)
        + weights.export_elasticity * (base.others + drivers.others)
    )  # fmt: skip
    asked = (
        run(drivers, base, weights)
        + state_demand(drivers, base, weights)
        - base.imports * drivers.imports_lost
        - leaning * drivers.differential
    )
    return (asked - drivers.fuels - drivers.others) / (by_trade + leaning)


@rule
def run(drivers: Drivers, base: Base, weights: Weights) -> float:
    """Return what the run from the currency asks for, USD billion a year.

    What households and firms seek to hold abroad, as far as controls let them, and what a central
    bank sells in such times and cannot sell if its reserves are frozen: to buy foreign assets and
    to lose them are alike [1]_.

    References
    ----------
    .. [1] Itskhoki and Mukhin (2022).
    """
    sought = weights.precaution * base.gdp * (1.0 - weights.controls * drivers.controls)
    unsold = weights.support * base.reserves * drivers.frozen
    return drivers.precaution * (sought + unsold)


@rule
def state_demand(drivers: Drivers, base: Base, weights: Weights) -> float:
    """Return the change of what the state buys abroad for its funds, USD billion a year.

    It saves a part of what fuels bring beyond the base year and draws on its funds when they bring
    less (a fiscal rule); with reserves frozen it can do neither, nor go on buying as before.
    """
    saves = weights.saved * drivers.fuels * (1.0 - drivers.frozen)
    return saves - weights.purchases * base.reserves * drivers.frozen


@rule
def differential(since: float, rise: float, days: float) -> float:
    """Return by how many log points a rise of the policy rate rewards holding the currency.

    The rise wears off, rise exp(-since / days); what is still to come of it, added up, is what a
    holder gains over one abroad: open interest parity with a known way back.

    Parameters
    ----------
    since : float
        Days since the rise, >= 0.
    rise : float
        In shares a year: 0.1 is ten percentage points.
    days : float
        After which 1/e of it is left, > 0.
    """
    return rise * math.exp(-since / days) * days / DAYS_A_YEAR


@rule
def alarm(severity: float, excluded: float, exclusion: float) -> float:
    """Return the jump of precaution on one day, in [0, 1]: 1 - (1 - severity)(1 - e x).

    Parameters
    ----------
    severity : float
        Of the day's events, in [0, 1].
    excluded : float
        Share of the target's bank assets newly cut off from payments messaging, in [0, 1].
    exclusion : float
        Weight e, in [0, 1].

    Notes
    -----
    Exclusion from SWIFT depreciates: who cannot pay abroad tomorrow wants dollars today. The
    squeeze of trade finance hits exports and imports alike and enters through the trade lost.
    """
    return 1.0 - (1.0 - severity) * (1.0 - exclusion * excluded)


@rule
def precaution_after(precaution: float, jump: float, days: float, fade_days: float) -> float:
    """Return the precautionary demand for foreign currency after `days`, in [0, 1].

    It jumps at the start of the step and fades through it,
    (1 - (1 - precaution)(1 - jump)) exp(-days / fade), so one step of 14 days equals two of 7.

    Parameters
    ----------
    precaution, jump : float
        In [0, 1]; before the step, and of `alarm` for what it starts with.
    days, fade_days : float
        Length of the step, and days after which 1/e is left, > 0.
    """
    return (1.0 - (1.0 - precaution) * (1.0 - jump)) * math.exp(-days / fade_days)


@rule
def sought_after(
    sought: float, precaution: float, days: float, fade_days: float, run_days: float
) -> float:
    """Return how far precaution has turned into a run after `days`, in [0, 1].

    Deposits and stocks are turned into foreign currency over days, not at once: partial adjustment
    towards a precaution that fades meanwhile, so one step of 14 days equals two of 7.

    Parameters
    ----------
    sought : float
        So far, in [0, 1].
    precaution : float
        At the start of the step, its jump included, in [0, 1].
    days, fade_days, run_days : float
        Length of the step; of `precaution_after`; days in which a run is on its way but for 1/e,
        > 0 and not `fade_days`.
    """
    faded, begun = math.exp(-days / fade_days), math.exp(-days / run_days)
    return sought * begun + precaution * fade_days / (fade_days - run_days) * (faded - begun)


@rule
def felt_after(felt: float, to_come: float, days: float, delivery_days: float) -> float:
    """Return what is felt of a change of trade after `days` of it, held through the step.

    Contracts are delivered and paid and stocks run down first: partial adjustment,
    to_come + (felt - to_come) exp(-days / delivery), so one step of 14 days equals two of 7.

    Parameters
    ----------
    felt, to_come : float
        Felt so far, and felt in the end: a share lost, or an amount.
    days, delivery_days : float
        Length of the step, and days after which all but 1/e is felt, > 0.
    """
    return to_come + (felt - to_come) * math.exp(-days / delivery_days)
