"""Burden sharing: lump-sum transfers that even out what sanctions cost the members of a coalition.

Chowdhry, Hinz, Kamin and Wanner (2024) [1]_ ask which transfers would leave every member with
the same change of real income. `equalising` finds them in the exact equilibrium, where a transfer
also moves wages and prices; `shared_losses` is their arithmetic at given prices, for every step
of a million runs. Both take a strength from 0, nobody pays, to 1, all lose the same.

References
----------
.. [1] Chowdhry, Hinz, Kamin and Wanner (2024), Brothers in arms: the value of coalitions in
   sanctions regimes, Economic Policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.arrays import Flags, Floats, Ints
from sim.compiled import kernel
from sim.economy.equilibrium import Equilibrium, NotConverged, solve, solve_many
from sim.economy.tables import Economy
from sim.errors import InputError
from sim.rules.terms import relief, shared_cost

# The solver's own welfare is good to about 1e-12.
TOLERANCE = 1e-10
MAX_STEPS = 20
# Transfer, as a share of the receiver's value added, behind a derivative: small against 1, large
# against the solver's tolerance.
MARGIN = 1e-4


@dataclass(frozen=True, slots=True)
class Sharing:
    """A coalition's transfers and what they change."""

    members: tuple[str, ...]
    strength: float  # in [0, 1]
    # (n_countries,) Received, in the economy's money; paid if negative. Sums to 0, is 0 outside
    # the coalition.
    transfer: Floats
    # (n_countries,) Ratio of real income, new over old, without and with the transfers.
    welfare_before: Floats
    welfare_after: Floats
    common: float  # the ratio c towards which every member moves; see `equalising`
    iterations: int  # Newton steps made
    equilibrium: Equilibrium  # after the change and the transfers

    @property
    def volume(self) -> float:
        """Money that changes hands: what all who pay pay together."""
        return float(np.abs(self.transfer).sum() / 2.0)


def equalising(
    economy: Economy,
    members: Sequence[str],
    strength: float = 1.0,
    cost: ArrayLike | None = None,
    tariff: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
    max_steps: int = MAX_STEPS,
) -> Sharing:
    """Return the transfers that even out real-income changes over a coalition.

    With W_n the ratio of real income and T the transfers, sum_n T_n = 0, strength s solves

        W_n(T) = c + (1 - s) (W_n(0) - c)    for every member n

    for T and c together: each member's gap to c shrinks to (1 - s) of what it was. c is
    whatever makes the transfers sum to 0: at s = 1 the change all members share, at s = 0 the
    limit for small s, and in between they differ only as far as real income is not linear in
    transfers. It is near the mean of W_n(0) weighted by income, not equal to it, since a transfer
    also moves wages and prices.

    Parameters
    ----------
    members : sequence of str
        Countries that share, at least two.
    strength : float
        In [0, 1].
    cost, tariff
        The change, as in `sim.economy.equilibrium.solve`.
    tolerance : float
        Largest violation of the equation above; two members at strength 1 differ by twice this
        at most.
    max_steps : int
        Newton steps allowed.

    Returns
    -------
    Sharing

    Raises
    ------
    NotConverged
        No equilibrium, or no transfers within the tolerance.
    InputError
        An unknown country.
    ValueError
        Fewer than two members, one twice, or a strength outside [0, 1].
    """
    at = _positions(economy, members)
    if not 0.0 <= strength <= 1.0:
        raise ValueError(f"strength must be in [0, 1]; found {strength}")
    change = _Change(economy, cost, tariff, at, _directions(economy, at))
    nothing = np.zeros(len(economy.countries))
    before = after = change.solved(nothing, None)
    started = before.welfare[at]
    # The first step per unit of strength is the same for all, and defined for 0.
    towards, common = change.step(nothing, before, 1.0, started)
    transfer = strength * towards + 0.0  # no minus in front of a zero
    for iterations in range(1, max_steps + 1):
        after = change.solved(transfer, after)
        gap = after.welfare[at] - (1.0 - strength) * started - strength * common
        if np.abs(gap).max() <= tolerance:
            return Sharing(
                members=tuple(members),
                strength=strength,
                transfer=transfer,
                welfare_before=before.welfare,
                welfare_after=after.welfare,
                common=common,
                iterations=iterations,
                equilibrium=after,
            )
        more, rise = change.step(transfer, after, strength, gap)
        transfer, common = transfer + more, common + rise
    reason = "the transfers did not settle; allow more steps, or share at a smaller strength"
    raise NotConverged(float(np.abs(gap).max()), max_steps, reason)


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of an economy, to be solved under many transfers.

    `direction` holds n_members - 1 transfers that span all those within the coalition.
    """

    economy: Economy
    cost: ArrayLike | None
    tariff: ArrayLike | None
    at: Ints
    direction: Floats

    def solved(self, transfer: Floats, start: Equilibrium | None) -> Equilibrium:
        return solve(self.economy, self.cost, self.tariff, transfer, start)

    def step(
        self, transfer: Floats, here: Equilibrium, weight: float, gap: Floats
    ) -> tuple[Floats, float]:
        """Return by how much transfers and the common change move to close the gap.

        `weight` is what the common change counts for in the gap, with a minus.
        """
        system = np.column_stack([self._slope(transfer, here), np.full(self.at.size, -weight)])
        *along, rise = np.linalg.solve(system, -gap)
        return np.array(along) @ self.direction, float(rise)

    def _slope(self, transfer: Floats, here: Equilibrium) -> Floats:
        """Return members' welfare per unit of each direction, (n_members, n_members - 1)."""
        moved = solve_many(
            self.economy,
            None if self.cost is None else np.asarray(self.cost)[None],
            None if self.tariff is None else np.asarray(self.tariff)[None],
            transfer + MARGIN * self.direction,
            start=here,
        )
        rise: Floats = (moved.welfare - here.welfare)[:, self.at].T / MARGIN
        return rise


def _positions(economy: Economy, members: Sequence[str]) -> Ints:
    for member in members:
        if member not in economy.countries:
            raise InputError.unknown("country", member, economy.countries)
    if len(set(members)) != len(members) or len(members) < 2:
        raise ValueError(f"sharing takes two or more members, each once; found {tuple(members)}")
    return np.array([economy.countries.index(member) for member in members])


def _directions(economy: Economy, at: Ints) -> Floats:
    """Return one transfer per member but the largest, which pays each its value added."""
    largest = at[np.argmax(economy.value_added[at])]
    others = at[at != largest]
    direction = np.zeros((others.size, len(economy.countries)))
    direction[np.arange(others.size), others] = economy.value_added[others]
    direction[:, largest] = -economy.value_added[others]
    return direction


@kernel
def shared_losses(
    loss: Floats, gdp_bn: Floats, member: Flags, strength: float
) -> tuple[Floats, Floats]:
    """Return losses after burden sharing at given prices, and the transfers behind them.

    A member's loss moves to loss + strength (mean - loss), the mean weighted by GDP. Lost income
    is loss x GDP, so the transfers sum to 0. What a transfer does to wages and prices is left
    out; `equalising` has it.

    Parameters
    ----------
    loss : (n_states,) float64
        Percent of real income; gains are negative.
    gdp_bn : (n_states,) float64
        Billion, > 0.
    member : (n_states,) bool
        Who shares; nobody else pays or receives.
    strength : float
        In [0, 1].

    Returns
    -------
    loss_after : (n_states,) float64
        Percent.
    transfer_bn : (n_states,) float64
        Received, billion a year; paid if negative.
    """
    lost, gdp = 0.0, 0.0
    for n in range(loss.shape[0]):
        if member[n]:
            lost += loss[n] * gdp_bn[n]
            gdp += gdp_bn[n]
    after, transfer_bn = loss.copy(), np.zeros(loss.shape[0])
    for n in range(loss.shape[0]):
        if member[n]:
            after[n] = shared_cost(loss[n], lost / gdp, strength)
            transfer_bn[n] = (loss[n] - after[n]) * gdp_bn[n] / 100.0
    return after, transfer_bn


@kernel
def compensated(
    loss: Floats,
    gdp_bn: Floats,
    member: Flags,
    lead_share: Floats,
    fund_bn: float,
) -> tuple[Floats, Floats]:
    """Return losses after side payments at given prices, and the payments behind them.

    Leaders compensate the losses of the other members in proportion, up to the fund (Martin
    1992); they pay by their share of the lead. Without leaders nothing is paid.

    Parameters
    ----------
    loss : (n_states,) float64
        Percent of real income; gains are negative and neither paid for nor taxed.
    gdp_bn : (n_states,) float64
        Billion, > 0.
    member : (n_states,) bool
    lead_share : (n_states,) float64
        Weight among the leaders, sums to 1 or 0.
    fund_bn : float
        Billion a year, >= 0.

    Returns
    -------
    loss_after : (n_states,) float64
        Percent.
    payment_bn : (n_states,) float64
        Received, billion a year; paid if negative.
    """
    after, payment = loss.copy(), np.zeros(loss.shape[0])
    burden, lead = 0.0, 0.0
    for n in range(loss.shape[0]):
        lead += lead_share[n]
        if member[n] and lead_share[n] == 0.0:
            burden += max(loss[n], 0.0) * gdp_bn[n] / 100.0
    share = relief(fund_bn, burden)
    if share == 0.0 or lead == 0.0:
        return after, payment
    for n in range(loss.shape[0]):
        if lead_share[n] > 0.0:
            payment[n] = -share * burden * lead_share[n] / lead
        elif member[n]:
            payment[n] = share * max(loss[n], 0.0) * gdp_bn[n] / 100.0
        after[n] = loss[n] - 100.0 * payment[n] / gdp_bn[n]
    return after, payment
