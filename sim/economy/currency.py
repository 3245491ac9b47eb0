"""The currency of a target: what moves its rate against the dollar.

A reduced form after Itskhoki and Mukhin [1]_ and Lorenzoni and Werning [2]_. With the reserves
frozen and the financial account all but closed, the rate clears what foreign currency comes in
against what is asked for. Less supply (exports lost, reserves frozen) or more demand (precaution)
makes the dollar dearer; less demand (imports lost, households kept from buying dollars) makes it
cheaper. Signs are theory. Sizes are assumptions, set with the ruble of 2022 in view.

The rate is NOT a welfare measure: a ban on the target's exports and one on its imports move it in
opposite directions and can cost the target exactly the same [1]_.

Rates are in logs, relative to the rate before the first measure; a rise is a depreciation of the
target's currency. Days are days since the start.

References
----------
.. [1] Itskhoki and Mukhin (2022), Sanctions and the exchange rate, NBER Working Paper 30009;
   Review of Economic Studies, 2025.
.. [2] Lorenzoni and Werning (2022), A minimalist model for the ruble during the Russian invasion
   of Ukraine, NBER Working Paper.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.compiled import rule


class Drivers(NamedTuple):
    """What the rate responds to on one day, each in [0, 1]; all 0 before the first measure.

    Attributes
    ----------
    export_loss : share of the target's export revenue lost, after leak; negative for a windfall
    frozen : share of its reserves frozen
    precaution : of `precaution_after`
    import_loss : share of its imports lost, after leak
    repression : of `repression`
    """

    export_loss: float
    frozen: float
    precaution: float
    import_loss: float
    repression: float


class Weights(NamedTuple):
    """Coefficients of the rate; defaults, ranges and reasons stand in `sim.config.Currency`.

    Attributes
    ----------
    export_loss, frozen, precaution, import_loss, repression : float
        Log points per unit of the driver, >= 0; the signs are in `log_rate`.
    exclusion : float
        Precaution from excluding all banks from payments messaging, in [0, 1].
    fade_days : float
        Days after which 1/e of precaution is left, > 0.
    delivery_days : float
        Days after which all but 1/e of a change in covered trade is felt, > 0.
    """

    export_loss: float
    frozen: float
    precaution: float
    import_loss: float
    repression: float
    exclusion: float
    fade_days: float
    delivery_days: float


def weights_of(currency: object) -> Weights:
    """Return the coefficients that an object such as `Config.currency` has as its attributes."""
    return Weights(*[float(getattr(currency, name)) for name in Weights._fields])


@rule
def log_rate(drivers: Drivers, weights: Weights) -> float:
    """Return the log of the rate over what it was; above 0 the target's currency has lost value.

    Itskhoki and Mukhin's balance of currency supply and demand, made linear. It responds at once:
    whatever is slow is slow in the drivers.

    Parameters
    ----------
    drivers : Drivers
    weights : Weights
    """
    return (
        weights.export_loss * drivers.export_loss
        + weights.frozen * drivers.frozen
        + weights.precaution * drivers.precaution
        - weights.import_loss * drivers.import_loss
        - weights.repression * drivers.repression
    )


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
    squeeze of trade finance hits exports and imports alike, so it enters through the trade that
    measures cover and, with equal weights, leaves the rate where it is.
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
def felt_after(felt: float, covered: float, days: float, delivery_days: float) -> float:
    """Return the share of trade lost after `days` under a covered share held through the step.

    Contracts are delivered and stocks run down first: partial adjustment,
    covered + (felt - covered) exp(-days / delivery), so one step of 14 days equals two of 7.

    Parameters
    ----------
    felt, covered : float
        Share of exports or imports lost so far, and what measures take in the end: the share of
        the target's trade that they cover, after leak.
    days, delivery_days : float
        Length of the step, and days after which all but 1/e is felt, > 0.
    """
    return covered + (felt - covered) * math.exp(-days / delivery_days)


@rule
def repression(controls: float, surrender: float, policy_rate: float, gas_rubles: float) -> float:
    """Return how tightly residents are kept from foreign currency, in [0, 1].

    0.4 controls + 0.3 surrender + 0.2 policy rate + 0.1 gas for rubles, each the share in force,
    1 being Russia's of March 2022.

    Parameters
    ----------
    controls : float
        Limits on buying, withdrawing and sending foreign currency.
    surrender : float
        Obligation to sell export revenue; 1 is 80 percent of it.
    policy_rate : float
        Rise of the policy rate; 1 is from 9.5 to 20 percent.
    gas_rubles : float
        Gas payable in rubles; close to surrender at 100 percent for one good.

    Notes
    -----
    The sign is Itskhoki and Mukhin's; the shares are assumptions, in the order of how directly
    each keeps a buyer of dollars from the market.
    """
    return 0.4 * controls + 0.3 * surrender + 0.2 * policy_rate + 0.1 * gas_rubles


class Inputs(NamedTuple):
    """What happens to a currency step by step; each (n_steps,), held through a step.

    Attributes
    ----------
    severity, excluded : of events, and bank assets newly excluded, at the start of the step
    export_covered, import_covered : share of the target's trade that measures cover, after leak;
        below 0 for a windfall
    frozen : share of its reserves frozen
    repression : of `repression`
    """

    severity: Floats
    excluded: Floats
    export_covered: Floats
    import_covered: Floats
    frozen: Floats
    repression: Floats


def path(inputs: Inputs, step_days: float, weights: Weights) -> Floats:
    """Return the log rate at the end of every step, (n_steps,), from calm.

    Parameters
    ----------
    inputs : Inputs
    step_days : float
        > 0.
    weights : Weights
    """
    export_loss = import_loss = precaution = 0.0
    rates = np.empty(len(inputs.severity))
    for t, (severity, excluded, exports, imports, frozen, tight) in enumerate(
        zip(*inputs, strict=True)
    ):
        jump = alarm(severity, excluded, weights.exclusion)
        precaution = precaution_after(precaution, jump, step_days, weights.fade_days)
        export_loss = felt_after(export_loss, exports, step_days, weights.delivery_days)
        import_loss = felt_after(import_loss, imports, step_days, weights.delivery_days)
        drivers = Drivers(export_loss, frozen, precaution, import_loss, tight)
        rates[t] = log_rate(drivers, weights)
    return rates
