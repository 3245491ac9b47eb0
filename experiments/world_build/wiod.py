"""The economy of 2011 from the World Input-Output Table of that year.

Unlike the network of 2022, WIOD says who buys final goods, so nothing has to be split or
balanced: flows, materials and final demand are the table's own, and the identities follow.
Three repairs, all small: negative final demand (falls of stocks, USD 11 bn of 71 tn) counts as
zero; output is what the table's sales add up to; an industry that buys more than
`MOST_MATERIALS` of its output (water transport of Luxembourg) has the rest of its purchases
counted as final use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.economy.tables import Economy, Floats
from world_build.origins import read_network

FILE = "wiod_2011/wiod_2011.npz"
ISO3 = {"ROM": "ROU", "RoW": "ROW"}  # WIOD's own codes
MOST_MATERIALS = 0.95  # of output, per country and industry (assumption)

INDUSTRIES = {
    "c1": "agriculture",
    "c2": "mining",
    "c3": "food",
    "c4": "textiles",
    "c5": "leather",
    "c6": "wood",
    "c7": "paper",
    "c8": "refined petroleum",
    "c9": "chemicals",
    "c10": "rubber and plastics",
    "c11": "non-metallic minerals",
    "c12": "metals",
    "c13": "machinery",
    "c14": "electrical and optical",
    "c15": "transport equipment",
    "c16": "other manufacturing",
    "c17": "electricity, gas, water",
} | {f"c{number}": "services" for number in range(18, 36)}
# Trade elasticities of Fontagne, Guimbard, Orefice (2022) by GTAP sector: the median over the
# sectors that make up a WIOD industry.
FGO = {
    "c1": (2.61, 2.05, 4.02, 6.39, 2.87, 6.65, 2.53, 12.04, 7.63, 7.28, 4.27, 2.33),
    "c2": (10.89,),  # oil; gas and coal are missing there
    "c3": (4.70, 2.73, 4.77, 2.75, 4.04, 5.17, 3.76, 6.46),
    "c4": (6.04, 3.84),
    "c5": (5.99,),
    "c6": (8.69,),
    "c7": (8.18,),
    "c8": (3.64,),
    "c9": (7.83, 7.92),
    "c10": (7.04,),
    "c11": (4.83,),
    "c12": (3.45, 13.39, 4.25),
    "c13": (4.23,),
    "c14": (5.26, 4.62),
    "c15": (8.98, 7.98),
    "c16": (4.91,),
    "c17": (9.48,),  # electricity
}
THETA_SERVICES = 5.0  # assumption; the set has no services


@dataclass(frozen=True, slots=True)
class InputOutput:
    """A world input-output table in USD mn; i seller, s its sector, n buyer, t its sector.

    Attributes
    ----------
    countries, sectors : tuple of str
    inter : (i, s, n, t) float64
        Sales to industries.
    final : (i, s, n) float64
        Sales to final buyers, at least 0.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    inter: Floats
    final: Floats

    @property
    def flow(self) -> Floats:
        """Sales for any use (i, s, n)."""
        total: Floats = self.inter.sum(axis=3) + self.final
        return total


def read_wiod(folder: Path) -> InputOutput:
    """Return the table of 2011: 40 countries and the rest of the world, 35 industries."""
    raw = read_network(folder, FILE)
    countries = tuple(ISO3.get(str(code), str(code)) for code in raw["countries"])
    sectors = tuple(str(code) for code in raw["industries"])
    shape = (len(countries), len(sectors))
    inter = raw["inter"].reshape(*shape, *shape)
    final = raw["final"].reshape(*shape, len(countries)).clip(min=0.0)
    return _with_value_added(InputOutput(countries, sectors, inter, final))


def elasticities(services: float = THETA_SERVICES) -> dict[str, float]:
    """Return the trade elasticity of each WIOD industry."""
    return {code: float(np.median(FGO.get(code, services))) for code in INDUSTRIES}


def grouped(
    table: InputOutput,
    countries: Mapping[str, str] | None = None,
    sectors: Mapping[str, str] | None = None,
) -> InputOutput:
    """Return the table with countries and sectors summed to groups.

    Parameters
    ----------
    table : InputOutput
    countries, sectors : mapping, optional
        Group of each name; names it lacks stay alone. Groups come in the order in which their
        first members do.
    """
    states, state = _membership(table.countries, countries or {})
    goods, good = _membership(table.sectors, sectors or {})
    return InputOutput(
        countries=states,
        sectors=goods,
        inter=np.einsum(
            "isnt,ia,sj,nb,tk->ajbk", table.inter, state, good, state, good, optimize=True
        ),
        final=np.einsum("isn,ia,sj,nb->ajb", table.final, state, good, state, optimize=True),
    )


def grouped_theta(
    table: InputOutput, theta: Mapping[str, float], sectors: Mapping[str, str]
) -> dict[str, float]:
    """Return the elasticity of each group: the mean over its members, weighted by world trade."""
    home = np.einsum("isi->s", table.flow)
    trade = dict(zip(table.sectors, table.flow.sum(axis=(0, 2)) - home, strict=True))
    members: dict[str, list[str]] = {}
    for name in table.sectors:
        members.setdefault(sectors.get(name, name), []).append(name)
    return {
        group: float(
            np.average([theta[name] for name in names], weights=[trade[name] for name in names])
        )
        for group, names in members.items()
    }


def economy_of(table: InputOutput, theta: Mapping[str, float]) -> Economy:
    """Return the nine tables of an input-output table, without tariffs.

    Every purchase is kept, so value added, balances and spending follow from one another to
    the last digits.

    Parameters
    ----------
    table : InputOutput
        Materials at most output in every country and sector.
    theta : mapping
        Trade elasticity by sector.

    Raises
    ------
    ValueError
        A sector without value added.
    """
    flow = table.flow.transpose(1, 2, 0)  # sector, destination, origin
    spending = flow.sum(axis=2)
    output = flow.sum(axis=1)
    materials = table.inter.sum(axis=0).transpose(0, 2, 1)  # input, output, country
    bought = materials.sum(axis=0)
    if (bought > MOST_MATERIALS * output * (1.0 + 1e-9)).any():
        sector, country = np.argwhere(bought > MOST_MATERIALS * output * (1.0 + 1e-9))[0]
        raise ValueError(
            f"{table.sectors[sector]} of {table.countries[country]} buys materials for "
            f"{bought[sector, country]:.0f} and sells {output[sector, country]:.0f}"
        )
    final = table.final.sum(axis=0)
    home = np.broadcast_to(np.eye(len(table.countries)), flow.shape)
    return Economy(
        countries=table.countries,
        sectors=table.sectors,
        trade_share=_share(flow, spending[:, :, None], home),
        tariff=np.ones(flow.shape),
        theta=np.array([theta[name] for name in table.sectors]),
        factor_share=1.0 - _share(bought, output, np.zeros(bought.shape)),
        intermediate_share=_share(materials, bought, np.zeros(materials.shape)),
        consumption_share=final / final.sum(axis=0),
        value_added=(output - bought).sum(axis=0),
        trade_balance=(output - spending).sum(axis=0),
        expenditure=spending,
    )


def _with_value_added(table: InputOutput) -> InputOutput:
    """Return the table with no industry buying more than `MOST_MATERIALS` of its output."""
    bought = table.inter.sum(axis=(0, 1))
    most = MOST_MATERIALS * table.flow.sum(axis=2)
    kept = np.divide(most, bought, out=np.ones(bought.shape), where=bought > most)
    inter = table.inter * kept
    final = table.final + (table.inter - inter).sum(axis=3)
    return InputOutput(table.countries, table.sectors, inter, final)


def _membership(
    names: tuple[str, ...], groups: Mapping[str, str]
) -> tuple[tuple[str, ...], Floats]:
    """Return the groups in order and the matrix of ones that sums names to them."""
    group = [groups.get(name, name) for name in names]
    order = tuple(dict.fromkeys(group))
    return order, np.array([[own == name for name in order] for own in group], dtype=float)


def _share(part: Floats, whole: Floats, otherwise: Floats) -> Floats:
    """Return part over whole, and `otherwise` where the whole is 0."""
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=otherwise.astype(float), where=whole > 0.0)
