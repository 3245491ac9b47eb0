"""What part of Russia's oil price goes to the treasury, from the months before the war.

    python experiments/russian_oil_tax.py RAW_FOLDER

Regresses monthly oil and gas revenue of the federal budget on the price of Urals a month earlier,
2019-01 to 2021-12, in USD, and sets the slope beside the barrels exported. Quarterly taxes are
smoothed out by a mean over three months. Figures for the table `sectors.csv`, not a model input.
"""

from __future__ import annotations

import arguments
import numpy as np
import pandas as pd

FIRST, LAST = "2019-01", "2021-12"
MONTHS = 3
BARRELS_A_TONNE = 7.3
LIFTED_MT = 524.0  # oil and condensate in 2021 (recalled; 2019: 561, 2020: 513)
EXPORTED_MT = 230.0 + 144.0  # crude and products in 2021, customs (recalled)


def main() -> None:
    parser = arguments.parser(__doc__)
    parser.add_argument("raw", type=arguments.raw_data, help="folder of raw data")
    folder = parser.parse_args().raw / "econ_monthly"
    budget = pd.read_csv(folder / "russia_budget_monthly.csv").set_index("month")
    urals = pd.read_csv(folder / "urals_monthly.csv").set_index("month").urals_usd_bbl
    for lag in (0, 1, 2):
        fit(budget.oil_gas_bn_usd, urals, lag)


def fit(revenue: pd.Series, urals: pd.Series, lag: int) -> None:
    """Print the slope in USD bn a month per USD of a barrel, and what it means for a barrel."""
    table = pd.DataFrame({"revenue": revenue, "urals": urals.shift(lag)}).loc[FIRST:LAST]
    table = table.rolling(MONTHS).mean().dropna()
    design = np.column_stack([np.ones(len(table)), table.urals])
    (constant, slope), *_ = np.linalg.lstsq(design, table.revenue.to_numpy(), rcond=None)
    residual = table.revenue - design @ (constant, slope)
    explained = 1.0 - residual.var() / table.revenue.var()
    a_month = {name: mt * BARRELS_A_TONNE / 12e3 for name, mt in VOLUMES.items()}
    takes = ", ".join(f"{slope / bn:.2f} of a barrel {name}" for name, bn in a_month.items())
    print(
        f"lag {lag}: {len(table)} months, revenue = {constant:.2f} + {slope:.4f} x price (bn USD a "
        f"month, USD a barrel), R2 {explained:.2f}; free below {-constant / slope:.0f} USD; {takes}"
    )


VOLUMES = {"lifted": LIFTED_MT, "exported": EXPORTED_MT}

if __name__ == "__main__":
    main()
