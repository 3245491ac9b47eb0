"""The value of a sanctions coalition: the figures of Chowdhry et al. (2024) beside ours.

    python experiments/replicate_coalitions.py RAW_FOLDER

Question: do an economy built from free data and this solver give what the paper finds for the
measures of 2014 against Russia? The paper uses GTAP (141 regions, 65 sectors) and trade effects
estimated sector by sector; neither is free. About ten seconds,
half a minute more after a change of the solver's code.

Assumptions, each from a source or said to have none, none chosen by its result:

- Economy: WIOD of 2011, 40 countries and the rest of the world, 35 industries, trade balanced
  (RAW_FOLDER/wiod_2011/wiod_2011.npz). European members stay apart, since means over members
  are unweighted.
- Coalition: the paper's 38 members less HRV NZL NOR UKR GEO ALB MNE, which sit in WIOD's rest
  of the world and so stay outside: 31.
- Measures: the published aggregate effect, Russia's exports to members -36 %, imports from them
  -30 % ("more than 30 %"), read as the direct effect of a gravity equation, at given prices and
  incomes, the same in every industry: d = (1 - fall)^(-1/theta).
- Elasticities: Fontagne, Guimbard, Orefice (2022), the median over the GTAP sectors of an
  industry; mining takes that of oil, services 5 (no source).
- Embargo: d = 10 in both directions, as in the paper. No tariffs.

Nothing is fitted to the paper's results. The variants below show what drives the gaps; they are
not there to choose the best line from.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from world_build import wiod

from sim.economy.equilibrium import balanced, solve, solve_many
from sim.economy.tables import Economy, Floats
from sim.errors import InputError

TARGET, JOINER, REST = "RUS", "CHN", "ROW"
EU = (
    "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GRC",
    "HUN", "IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN",
    "SWE",
)  # fmt: skip
MERGED_EU = "EU"
COALITION = (*EU, MERGED_EU, "USA", "JPN", "CAN", "AUS")
PROHIBITIVE = 10.0
EXPORTS, IMPORTS = 0.36, 0.30  # fall of what Russia sells to and buys from a member
# The members that sit in the rest of the world, as parts of what it buys from and sells to
# Russia: about USD 31 of 141 bn and 22 of 77 bn in 2011, Ukraine above all (recalled).
HIDDEN = "part of ROW"
HIDDEN_PART = (0.22, 0.28)
SPREAD, DRAWS = 0.5, 8  # of log effects over sectors in the uneven variant (assumption)
SECTORS = {
    "c1": "agri_food", "c2": "mining", "c3": "agri_food", "c8": "refined_petroleum",
    "c9": "chemicals", "c10": "chemicals", "c11": "metals", "c12": "metals", "c13": "machinery",
    "c14": "electronics", "c15": "transport_equipment", "c17": "utilities",
} | dict.fromkeys(("c4", "c5", "c6", "c7", "c16"), "other_manufacturing")  # fmt: skip

PAPER = {
    "loss of Russia, %": "1.4",
    "as a share of the loss if all imposed the measures, %": "57.9",
    "more loss if China joins, %": "+22",
    "loss imposed per member, together against alone, %": "+9.3",
    "own loss per member, together against alone, %": "-9.6",
    "as a share of an embargo by the same coalition, %": "32 to 37",
    "loss of Russia, embargo by the coalition, %": "4 to 4.5",
    "loss of Russia, embargo by all, %": "15",
}
SHORT = ("loss", "of all", "China", "imposed", "own", "of ban", "ban", "all ban")

Loss = dict[str, float]
Losses = Callable[[Sequence[frozenset[str]]], Sequence[Loss]]


def coalition_values(
    measures: Losses, embargo: Losses, coalition: frozenset[str], everyone: frozenset[str]
) -> list[float]:
    """Return the figures in the order of `PAPER`, in percent, by the paper's definitions.

    What a member imposes in the coalition is what would be missing without it; alone, what it
    imposes by itself. Means over members are unweighted, and ratios are ratios of means.

    Parameters
    ----------
    measures, embargo : callable
        Losses by country, in percent, for each of several sets of sanctioning countries.
    coalition, everyone : set of str
        Those who sanctioned; all who could.
    """
    members = sorted(coalition - {HIDDEN})
    alone = measures([frozenset({c}) for c in members])
    without = measures([coalition - {c} for c in members])
    full, joined, world = measures([coalition, coalition | {JOINER}, everyone])
    ban, world_ban = embargo([coalition, everyone])
    loss = full[TARGET]
    imposed = sum(loss - left[TARGET] for left in without)
    imposed_alone = sum(own[TARGET] for own in alone)
    borne = sum(full[c] for c in members)
    borne_alone = sum(own[c] for c, own in zip(members, alone, strict=True))
    return [
        loss,
        100.0 * loss / world[TARGET],
        100.0 * (joined[TARGET] / loss - 1.0),
        100.0 * (imposed / imposed_alone - 1.0),
        100.0 * (borne / borne_alone - 1.0),
        100.0 * loss / ban[TARGET],
        ban[TARGET],
        world_ban[TARGET],
    ]


@dataclass(frozen=True, slots=True)
class Variant:
    """One set of assumptions.

    Attributes
    ----------
    economy : Economy
        Balanced.
    kept : (2, n_sectors) float64
        Under the measures, what is left at given prices of the target's sales to and
        purchases from a member.
    hidden : bool
        The members that sit in the rest of the world sanction too.
    """

    economy: Economy
    kept: Floats
    hidden: bool = False

    @property
    def coalition(self) -> frozenset[str]:
        """The members that the economy has."""
        known = frozenset(COALITION) & frozenset(self.economy.countries)
        return known | {HIDDEN} if self.hidden else known

    def values(self) -> list[float]:
        """Return the figures in the order of `PAPER`."""
        ban = PROHIBITIVE ** -np.tile(self.economy.theta, (2, 1))
        everyone = frozenset(self.economy.countries) - {TARGET}
        return coalition_values(self.losses(self.kept), self.losses(ban), self.coalition, everyone)

    def losses(self, kept: Floats) -> Losses:
        """Return the function that solves for the losses under many coalitions at once."""

        def of(coalitions: Sequence[frozenset[str]]) -> list[Loss]:
            costs = np.stack([cost_of(self.economy, members, kept) for members in coalitions])
            losses = 100.0 * (1.0 - solve_many(self.economy, costs).welfare)
            return [
                dict(zip(self.economy.countries, map(float, row), strict=True)) for row in losses
            ]

        return of


def cost_of(economy: Economy, members: frozenset[str], kept: Floats) -> Floats:
    """Return the cost factors, (n_sectors, n_countries, n_countries), when members sanction."""
    cost = np.ones(economy.tariff.shape)
    target = economy.countries.index(TARGET)
    for member in members:
        at = economy.countries.index(REST if member == HIDDEN else member)
        part = np.array(HIDDEN_PART if member == HIDDEN else (1.0, 1.0))[:, None]
        factor = (1.0 - part * (1.0 - kept)) ** (-1.0 / economy.theta)
        cost[:, at, target], cost[:, target, at] = factor
    return cost


def evenly(economy: Economy, exports: float = EXPORTS, imports: float = IMPORTS) -> Floats:
    """Return what is left if exports and imports fall by these shares in every sector."""
    left = np.array([[1.0 - exports], [1.0 - imports]])
    return np.repeat(left, len(economy.sectors), axis=1)


def unevenly(economy: Economy, seed: int) -> Floats:
    """Return what is left if effects differ by sector and, as in the paper, none is positive.

    The log effect of a sector is normal around the even one.
    """
    draw = np.random.default_rng(seed).normal(0.0, SPREAD, (2, len(economy.sectors)))
    return np.minimum(evenly(economy) * np.exp(draw), 1.0)


def in_equilibrium(economy: Economy, exports: float = EXPORTS, imports: float = IMPORTS) -> Floats:
    """Return what must be left at given prices for trade with members to fall by these shares."""
    members = frozenset(COALITION) & frozenset(economy.countries)
    at = [economy.countries.index(c) for c in sorted(members)]
    target = economy.countries.index(TARGET)
    before = _trade_with(economy.flows(), at, target)
    wanted = np.array([1.0 - exports, 1.0 - imports])
    kept = wanted.copy()
    for _ in range(20):
        after = solve(economy, cost_of(economy, members, _even(economy, kept)))
        kept *= wanted / (_trade_with(after.flows(), at, target) / before)
    return _even(economy, kept)


def of_all_trade(economy: Economy, fall: float = (EXPORTS + IMPORTS) / 2) -> Floats:
    """Return what must be left for the target's whole foreign trade to fall by this share."""
    members = frozenset(COALITION) & frozenset(economy.countries)
    target = economy.countries.index(TARGET)
    low, high = 0.01, 1.0
    while high - low > 1e-6:
        kept = (low + high) / 2
        after = solve(economy, cost_of(economy, members, _even(economy, np.array([kept, kept]))))
        low, high = (kept, high) if after.exports[target] < 1.0 - fall else (low, kept)
    return _even(economy, np.array([low, low]))


def _even(economy: Economy, kept: Floats) -> Floats:
    return np.repeat(kept[:, None], len(economy.sectors), axis=1)


def _trade_with(flows: Floats, members: list[int], target: int) -> Floats:
    """Return sales to and purchases from members, (2,)."""
    return np.array([flows[:, members, target].sum(), flows[:, target, members].sum()])


def variants(table: wiod.InputOutput) -> dict[str, list[Variant]]:
    """Return the sets of assumptions, the base first; draws of one are averaged over."""
    theta = wiod.elasticities()
    economy = balanced(wiod.economy_of(table, theta))
    services = np.array([int(name[1:]) > 17 for name in economy.sectors])
    kept = evenly(economy)

    def with_theta(theta: Floats) -> Variant:
        return Variant(replace(economy, theta=theta), kept)

    groups = SECTORS | {name: "services" for name in table.sectors if name not in SECTORS}
    few = wiod.grouped(table, sectors=groups)
    few_economy = balanced(wiod.economy_of(few, wiod.grouped_theta(table, theta, groups)))
    one = wiod.grouped(table, countries=dict.fromkeys(EU, MERGED_EU))
    one_economy = balanced(wiod.economy_of(one, theta))
    mining = economy.theta.copy()
    mining[economy.sectors.index("c2")] = 5.0
    return {
        "base": [Variant(economy, kept)],
        "hidden members in ROW take part (recalled)": [Variant(economy, kept, hidden=True)],
        "trade with members -45 % in each sector": [Variant(economy, evenly(economy, 0.45, 0.45))],
        "-36, -30 % with members, in equilibrium": [Variant(economy, in_equilibrium(economy))],
        "-33 % of all foreign trade, in equilibrium": [Variant(economy, of_all_trade(economy))],
        "uneven by sector, none positive (8 draws)": [
            Variant(economy, unevenly(economy, seed)) for seed in range(DRAWS)
        ],
        "services not covered": [Variant(economy, np.where(services, 1.0, kept))],
        "theta of services 3": [with_theta(np.where(services, 3.0, economy.theta))],
        "theta of services 8": [with_theta(np.where(services, 8.0, economy.theta))],
        "theta of mining 5, not 10.9": [with_theta(mining)],
        "all theta halved": [with_theta(economy.theta / 2.0)],
        f"{len(few.sectors)} sectors": [Variant(few_economy, evenly(few_economy))],
        "EU as one member": [Variant(one_economy, kept)],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="The value of a coalition: paper and ours.")
    parser.add_argument("raw", type=Path, help="folder of raw data")
    args = parser.parse_args()
    try:
        table = wiod.read_wiod(args.raw)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print((__doc__ or "").split("\n\n", 3)[3])
    rows = {
        name: np.mean([draw.values() for draw in draws], axis=0)
        for name, draws in variants(table).items()
    }
    print(f"{'measures of 2014 against Russia':56}{'paper':>10}{'ours':>8}")
    for (name, paper), ours in zip(PAPER.items(), rows["base"], strict=True):
        sign = "+" if paper[0] in "+-" else ""
        print(f"{name:56}{paper:>10}{ours:>{sign}8.1f}")
    print("\nThe same figures in the same order under other assumptions")
    print(f"{'':44}" + "".join(f"{name:>9}" for name in SHORT))
    for name, values in rows.items():
        print(f"{name:44}" + "".join(f"{value:9.2f}" for value in values))
    return 0


if __name__ == "__main__":
    sys.exit(main())
