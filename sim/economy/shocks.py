"""Shocks: what each measure and countermeasure changes in the economy.

An instrument of the catalogue bans a share of the trade in some sectors, taxes a share of it, puts
a wedge on what is paid through the banks it hits, or caps a price. Coverage and sectors come from
`scope.csv`; rates, wedges, bank shares, the discount and the share of shipping services from
`measures.csv`; status and source stand in each row.

Partial coverage. A sender's banned share b and taxed share s of a flow, at the rate t, leave the
trade factors (1 - b) ((1 - s) + s (1 + t)^(-theta)) of spending and (1 - b) ((1 - s) +
s (1 + t)^(-theta - 1)) of what the seller gets, at given prices [1]_. One cost factor and one
tariff give the same two, so partial tariffs are exact. What is banned is not taxed. A financing
wedge melts, as an iceberg cost; it stops the share 1 - (1 + wedge)^(-theta) of the trade through
the banks. A leak scales the shares banned and taxed down; a leak of 1 voids them.

A price cap is no cost but a transfer: the target's oil sells below its price to all who still buy.
So is the premium on goods that third states carry: the target pays it, the carrier keeps it.

Axis order: `(senders, targets, channels, sectors)`.

References
----------
.. [1] Caliendo and Parro (2015), Estimates of the trade and welfare effects of NAFTA, Review of
   Economic Studies 82, eq. 4 and 6, summed over the taxed and the untaxed part of a flow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.compiled import loop
from sim.economy.baseline import world_economy
from sim.economy.tables import Economy
from sim.errors import InputError
from sim.world import World
from sim.world.catalogue import Countermeasure, Measure

MN_PER_BN = 1000.0  # the tables of a world are in USD million


class Channel(IntEnum):
    """What of a sender's trade with a target a measure touches.

    Its exports to the target stopped, its imports from the target stopped, its imports from the
    target taxed.
    """

    EXPORT = 0
    IMPORT = 1
    TARIFF = 2


EXPORT, IMPORT, TARIFF = (int(channel) for channel in Channel)


@dataclass(frozen=True, slots=True)
class Shock:
    """What one instrument changes when all of it is in force."""

    instrument: str
    # (2, n_sectors) Share of the sender's exports to and imports from the target that is stopped,
    # in [0, 1].
    banned: Floats
    taxed: Floats  # (n_sectors,) share of the sender's imports to which `rate` applies, in [0, 1]
    rate: float  # ad-valorem tariff, >= 0
    # Ad-valorem cost of payments through the banks hit, and their share of the target's bank
    # assets; both directions of trade.
    wedge: float
    bank_share: float
    # (n_sectors,) Share of the target's exports that is oil under the price cap, in [0, 1].
    capped: Floats
    discount: float  # by how much the cap lowers its price, in [0, 1]
    # Share of the shipping services for it that all senders control together, in [0, 1].
    service_share: float


class Problem(NamedTuple):
    """The arguments of `sim.economy.equilibrium.solve` after the economy."""

    cost: Floats
    tariff: Floats
    transfer: Floats


def shock_of(world: World, instrument: str, target: str = "") -> Shock:
    """Return the shock of a measure or a countermeasure between its senders and one target.

    Directions are those of the sender of measures: what a target's countermeasure takes from its
    own exports is the sender's import channel.

    Parameters
    ----------
    instrument : str
        Its code in `measures.csv` or `countermeasures.csv`.
    target : str
        Whose rows of `scope.csv` hold, before those for all; '' for what holds for all alone.

    Raises
    ------
    InputError
        An unknown instrument; a scope in no sector; scope rows and `effect` that disagree.
    """
    entry = _entry(world, instrument)
    sectors = world_economy(world).sectors
    scope = _scope(world, entry, target, sectors)
    _check_effect(world, entry, bool(scope.any()))
    nothing = np.zeros(len(sectors))
    measure = entry if isinstance(entry, Measure) else None
    return Shock(
        instrument=instrument,
        banned=scope if "ban" in entry.effect else np.zeros_like(scope),
        taxed=scope[IMPORT] if "tariff" in entry.effect else nothing,
        rate=measure.tariff if measure else 0.0,
        wedge=measure.wedge if measure else 0.0,
        bank_share=measure.bank_share if measure else 0.0,
        capped=scope[IMPORT] if "cap" in entry.effect else nothing,
        discount=measure.discount if measure else 0.0,
        service_share=measure.service_share if measure else 0.0,
    )


def _entry(world: World, instrument: str) -> Measure | Countermeasure:
    catalogue: list[Measure | Countermeasure] = [*world.measures, *world.countermeasures]
    for entry in catalogue:
        if entry.code == instrument:
            return entry
    raise InputError.unknown("instrument", instrument, [entry.code for entry in catalogue])


def _scope(
    world: World, entry: Measure | Countermeasure, target: str, sectors: tuple[str, ...]
) -> Floats:
    """Return the share of trade in scope by the sender's direction and sector."""
    shares = np.zeros((2, len(sectors)))
    # Rows for all come first: those of the target replace them.
    for row in sorted(world.scopes, key=lambda row: row.target):
        if row.instrument == entry.code and row.target in ("", target):
            if row.sector not in sectors:
                raise InputError.unknown(f"{entry.code}: sector", row.sector, sectors)
            by_sender = isinstance(entry, Measure)
            channel = EXPORT if (row.direction == "export") == by_sender else IMPORT
            shares[channel, sectors.index(row.sector)] = row.coverage
    return shares


def _check_effect(world: World, entry: Measure | Countermeasure, in_scope: bool) -> None:
    """Refuse an instrument whose effect and numbers disagree: one of them would be ignored."""
    effect, measure = set(entry.effect), entry if isinstance(entry, Measure) else None
    for what, stated, found in (
        ("an effect", True, bool(effect)),
        ("rows in scope.csv", bool(effect & {"ban", "tariff", "cap"}), in_scope),
        ("a wedge", "wedge" in effect, measure is not None and measure.wedge > 0.0),
        ("a tariff", "tariff" in effect, measure is not None and measure.tariff > 0.0),
        ("a discount", "cap" in effect, measure is not None and measure.discount > 0.0),
    ):
        if stated != found:
            raise InputError(
                f"{world.folder}: '{entry.code}' with the effect '{' '.join(entry.effect)}' must "
                f"{'' if stated else 'not '}have {what}; change the one or the other"
            )


def tariff_rates(world: World) -> Floats:
    """Return the sanction tariff of each sector, (n_sectors,), 0 where none is in the catalogue.

    Raises
    ------
    InputError
        Two instruments tax one sector at different rates.
    """
    rates = np.zeros(len(world_economy(world).sectors))
    for measure, target in _aimed(world):
        shock = shock_of(world, measure.code, target)
        taxed = shock.taxed > 0.0
        other = rates[taxed & (rates > 0.0) & (rates != shock.rate)]
        if other.size:
            raise InputError(
                f"{world.folder / 'measures.csv'}: '{measure.code}' taxes at {shock.rate:g} a "
                f"sector that is taxed at {other[0]:g} already; give both one rate and let "
                "scope.csv tell the share it applies to"
            )
        rates[taxed] = shock.rate
    return rates


def _aimed(world: World) -> list[tuple[Measure, str]]:
    """Return each measure with each of its targets."""
    return [(measure, target) for measure in world.measures for target in measure.targets]


def price_cap(world: World) -> Shock | None:
    """Return the shock of the world's price cap, if its catalogue has one.

    Raises
    ------
    InputError
        It has two: what they would do to one barrel is not known. It covers different trade of
        different targets: the cap is one on the oil of all.
    """
    caps = [measure for measure in world.measures if "cap" in measure.effect]
    if len(caps) > 1:
        names = " and ".join(cap.code for cap in caps)
        raise InputError(f"{world.folder / 'measures.csv'}: {names} both cap a price; keep one")
    if not caps:
        return None
    first, *others = (shock_of(world, caps[0].code, target) for target in caps[0].targets)
    if any((other.capped != first.capped).any() for other in others):
        raise InputError(
            f"{world.folder / 'scope.csv'}: '{caps[0].code}' must cover the same trade of "
            f"{' and '.join(caps[0].targets)}; leave their column 'target' empty"
        )
    return first


def coverage(shock: Shock, scope_share: float, bank_share: float, theta: Floats) -> Floats:
    """Return what a shock covers of a sender's trade with the target, (3, n_sectors) in [0, 1].

    Parameters
    ----------
    scope_share : float
        Share of its scope in force, in [0, 1]; measures come in waves.
    bank_share : float
        Share of the target's bank assets held by the banks it hits, in [0, 1].
    theta : (n_sectors,) float64
        Trade elasticities.
    """
    covered = np.empty((len(Channel), theta.size))
    stopped = bank_share * (1.0 - (1.0 + shock.wedge) ** -theta)
    # Bans and payments overlap as if drawn independently.
    covered[:TARIFF] = 1.0 - (1.0 - scope_share * shock.banned) * (1.0 - stopped)
    covered[TARIFF] = scope_share * shock.taxed
    return covered


def problem(
    economy: Economy,
    stopped: Floats,
    payment_bn: Floats,
    senders: Ints,
    targets: Ints,
    rate: Floats,
) -> Problem:
    """Return the exact counterpart of a configuration: `solve(economy, *problem(...))`.

    Parameters
    ----------
    economy : Economy
        Money in USD million.
    stopped : (n_senders, n_targets, 3, n_sectors) float64
        Share of each sender's trade with each target stopped and taxed, by channel, in [0, 1]:
        what measures cover and does not leak, and what is held back (`stopped_after`). A complete
        ban cuts the flow: the literature's factor of 10 would leave a fifth of it in the short
        run.
    payment_bn : (n_states,) float64
        Money received, USD billion a year; sums to 0.
    senders, targets : (n_senders,), (n_targets,) int64
        Positions among the countries; whoever stops trade is a sender here.
    rate : (n_sectors,) float64
        Sanction tariff, on top of the economy's own.
    """
    free = 1.0 - stopped[:, :, :TARIFF]
    spent = 1.0 - stopped[:, :, TARIFF] * (1.0 - (1.0 + rate) ** -economy.theta)
    paid = 1.0 - stopped[:, :, TARIFF] * (1.0 - (1.0 + rate) ** (-economy.theta - 1.0))
    with np.errstate(divide="ignore"):
        stops = free ** (-1.0 / economy.theta)
    taxed = spent / paid
    # What the price index pays for the taxed part beyond its average tariff; at most 1.
    rest = spent ** (-1.0 / economy.theta) / taxed

    cost, tariff = np.ones(economy.tariff.shape), economy.tariff.copy()
    for i, b in np.ndindex(senders.size, targets.size):
        cost[:, targets[b], senders[i]] = stops[i, b, EXPORT]
        cost[:, senders[i], targets[b]] = stops[i, b, IMPORT] * rest[i, b]
        tariff[:, senders[i], targets[b]] *= taxed[i, b]
    return Problem(cost, tariff, MN_PER_BN * payment_bn)


def stopped_after(
    covered: Floats, leak: Floats, held: Floats | None = None, withheld: Floats | None = None
) -> Floats:
    """Return the share of each flow that is stopped or taxed, as `problem` takes it.

    Parameters
    ----------
    covered : (..., n_senders, n_targets, 3, n_sectors) float64
    leak : (..., n_targets) float64
    held, withheld : (..., n_senders, n_targets, 2, n_sectors), (..., n_targets, 2), optional
        As in `sim.economy.losses.Lost`.
    """
    stopped: Floats = covered.copy()
    if held is not None and withheld is not None:
        stopped[..., :TARIFF, :] += held * withheld[..., None, :, :, None]
    stopped *= (1.0 - leak)[..., None, :, None, None]
    return stopped


def closing_cost(economy: Economy, closers: Ints, targets: Ints) -> Floats:
    """Return the trade costs of an economy once no trade crosses some borders; `Problem.cost`.

    Parameters
    ----------
    closers, targets : (n_closers,), (n_targets,) int64
        Positions of the countries on either side.
    """
    n_sectors, n_countries = economy.theta.size, len(economy.countries)
    stopped = np.zeros((closers.size, targets.size, 3, n_sectors))
    stopped[:, :, :TARIFF] = 1.0
    nothing = np.zeros(n_countries)
    return problem(economy, stopped, nothing, closers, targets, np.zeros(n_sectors)).cost


def shipping_services(economy: Economy, coalition: Ints, service_share: float) -> Floats:
    """Return the share of the shipping services for oil that each country controls, (n_countries,).

    The coalition's joint share is split among its members by their exports of services, an
    assumption, and so is what is left among all others.

    Parameters
    ----------
    coalition : (n_members,) int64
        Positions of the members among the countries, whoever of them acts.
    service_share : float
        Of the members together, in [0, 1].

    Raises
    ------
    InputError
        The economy has no sector 'services'.
    """
    if "services" not in economy.sectors:
        raise InputError.unknown("sector of shipping", "services", economy.sectors)
    sold = economy.flows()[economy.sectors.index("services")]
    exports = sold.sum(axis=0) - np.diag(sold)
    member = np.zeros(exports.size, dtype=np.bool_)
    member[coalition] = True
    share: Floats = np.where(
        member,
        service_share * exports / max(exports[member].sum(), 1e-300),
        (1.0 - service_share) * exports / max(exports[~member].sum(), 1e-300),
    )
    return share


@loop
def dearer_by(stopped: float, premium: float, theta: float) -> float:
    """Return the share by which goods are dearer where a share of the market is stopped.

    (1 - x)^(-1/theta) - 1, and at most the premium.

    Parameters
    ----------
    stopped : float
        x in [0, 1]; taken as 1 - 1e-6 at most.
    """
    x = min(stopped, 1.0 - 1e-6)
    # A power takes long: it is not asked for where it is surely beyond the premium.
    if x >= theta * math.log1p(premium):
        return premium
    return min(premium, (1.0 - x) ** (-1.0 / theta) - 1.0)


@loop
def add_cap(
    t: int,
    j: int,
    margin: float,
    rerouted: float,
    covered: Floats,
    kept: float,
    senders: Ints,
    targets: Ints,
    sold_bn: Floats,
    capped: float,
    rent: Floats,
) -> float:
    """Return what a price cap moves from a target to those who still buy, and add it to `rent`.

    Parameters
    ----------
    t, j : int
        Target and sector.
    margin : float
        What the cap takes of a unit sold, in the money of `sold_bn`.
    rerouted : float
        Share of what is banned that goes to those who still buy, in proportion to what they buy.
    kept : float
        1 less the target's leak.
    covered : (n_senders, n_targets, 3, n_sectors) float64
    senders, targets : (n_senders,), (n_targets,) int64
    sold_bn : (n_targets, n_states, n_sectors) float64
        The targets' sales.
    capped : float
        Share of the sector under the cap.
    rent : (n_targets, n_states) float64
        Result.
    """
    sold, banned = 0.0, 0.0
    for n in range(rent.shape[1]):
        if not _is_among(n, targets):
            sold += capped * sold_bn[t, n, j]
    for i in range(senders.size):
        banned += min(covered[i, t, IMPORT, j] * kept, capped) * sold_bn[t, senders[i], j]
    left = sold - banned
    if left <= 1e-9 * sold:
        return 0.0
    by_unit = margin * (1.0 + rerouted * banned / left)
    for n in range(rent.shape[1]):
        if not _is_among(n, targets):
            rent[t, n] += by_unit * capped * sold_bn[t, n, j]
    for i in range(senders.size):
        gone = min(covered[i, t, IMPORT, j] * kept, capped)
        rent[t, senders[i]] -= by_unit * gone * sold_bn[t, senders[i], j]
    return by_unit * left


@loop
def _is_among(n: int, positions: Ints) -> bool:
    for position in positions:  # noqa: SIM110 (a compiled loop)
        if position == n:
            return True
    return False
