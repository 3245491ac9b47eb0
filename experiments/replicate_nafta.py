"""NAFTA again: the table of Caliendo and Parro (2015) and KITE's results beside ours.

    python experiments/replicate_nafta.py

Question: does the solver give the published numbers? Two experiments on the data of 1993, 31
countries and 40 sectors, both the tariff cuts of NAFTA: with trade balances set to zero first,
as in the paper, and with the observed ones held fixed, as in the results of KITE, an independent
implementation. About two seconds.
"""

from __future__ import annotations

import csv
from pathlib import Path

import arguments
import numpy as np

from sim.economy.equilibrium import Equilibrium, balanced, solve, terms_of_trade, volume_of_trade
from sim.economy.tables import Economy, Floats, read_new_tariff

CASE = Path(__file__).parents[1] / "tests" / "cases" / "nafta_1993"
MEMBERS = ("mex", "can", "usa")
# Caliendo and Parro (2015), as printed, in percent; imports of the United States as in the
# abstract.
PAPER = {
    "welfare, first-order": (1.31, -0.06, 0.08),
    "terms of trade": (-0.41, -0.11, 0.04),
    "volume of trade": (1.72, 0.04, 0.04),
    "real wage": (1.72, 0.32, 0.11),
    "imports from the bloc": (118, 11, 41),
}


def published_table(economy: Economy, tariff: Floats) -> dict[str, Floats]:
    """Return our numbers for the lines of `PAPER`, and exact welfare, in percent."""
    economy = balanced(economy)
    after = solve(economy, tariff=tariff)
    terms, volume = terms_of_trade(economy, after), volume_of_trade(economy, after)
    members = [economy.countries.index(country) for country in MEMBERS]
    lines = {
        "welfare, first-order": terms + volume,
        "terms of trade": terms,
        "volume of trade": volume,
        "real wage": 100.0 * (after.real_wage - 1.0),
        "welfare, exact": 100.0 * (after.welfare - 1.0),
    }
    table = {name: line[members] for name, line in lines.items()}
    bought, buys = (_within(members, flows) for flows in (economy.flows(), after.flows()))
    table["imports from the bloc"] = 100.0 * (buys / bought - 1.0)
    return table


def _within(members: list[int], flows: Floats) -> Floats:
    """Return the members' imports from one another."""
    bloc = flows[:, members][:, :, members].sum(axis=0)
    return bloc.sum(axis=1) - bloc.diagonal()


def kite_gaps(economy: Economy, after: Equilibrium) -> dict[str, float]:
    """Return the largest difference over countries from each of KITE's columns."""
    index = np.prod(after.price**economy.consumption_share, axis=0)
    ours = {
        "welfare_change": after.welfare,
        "wage_change_real": after.real_wage,
        "wage_change": after.wage,
        "price_index_change": index,
        "imports_change": after.purchases,
        "exports_change": after.sales,
    }
    return {
        name: float(np.abs(values - _kite(name, economy)).max()) for name, values in ours.items()
    }


def _kite(name: str, economy: Economy) -> Floats:
    with (CASE / f"kite_{name}.csv").open(encoding="utf-8") as stream:
        values = {row["country"]: float(row["value"]) for row in csv.DictReader(stream)}
    return np.array([values[country] for country in economy.countries])


def main() -> None:
    arguments.parser(__doc__).parse_args()
    economy = Economy.read(CASE)
    tariff = read_new_tariff(economy, CASE)

    ours = published_table(economy, tariff)
    print("NAFTA with balanced trade, percent: paper | ours")
    print(f"{'':24}" + "".join(f"{country.upper():>20}" for country in MEMBERS))
    for name, published in PAPER.items():
        digits = 0 if name == "imports from the bloc" else 2
        pairs = zip(published, ours[name], strict=True)
        cells = (f"{paper:.{digits}f} | {value:.4f}" for paper, value in pairs)
        print(f"{name:24}" + "".join(f"{cell:>20}" for cell in cells))
    exact = "".join(f"{f'- | {value:.4f}':>20}" for value in ours["welfare, exact"])
    print(f"{'welfare, exact':24}{exact}")

    after = solve(economy, tariff=tariff)
    print("\nNAFTA with observed trade balances: largest gap to KITE over 31 countries")
    for name, gap in kite_gaps(economy, after).items():
        print(f"{name:24}{gap:.1e}")
    print(f"\n{after.iterations} iterations, residual {after.residual:.1e}")


if __name__ == "__main__":
    main()
