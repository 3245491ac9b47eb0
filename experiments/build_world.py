"""Build the tables of the March 2022 world from a folder of raw data.

    python experiments/build_world.py RAW_FOLDER [--out DIR]

The folder holds the files that `world_build.origins` names, each with the publisher, data set
and release it can be fetched from. The same folder gives the same bytes. The catalogues of
measures, countermeasures, their scope, institutions and events, and the reserves, are written by
hand and stay.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd
from world_build import energy, states, ties, timeline
from world_build.checks import check_world
from world_build.economy import build_economy, economy_tables, trade_table
from world_build.provenance import build_sources

from sim.errors import InputError

OUT = Path(__file__).parents[1] / "sim" / "world" / "march_2022"
WORST = 12  # comparisons printed; all stand in balancing.csv


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the tables of the March 2022 world.")
    parser.add_argument("raw", type=Path, help="folder of raw data")
    parser.add_argument("--out", type=Path, default=OUT, help="where the tables go")
    args = parser.parse_args()
    try:
        build(args.raw, args.out)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def build(raw: Path, out: Path) -> None:
    economy, balancing = build_economy(raw)
    tables = {
        "states": states.build_states(raw),
        "memberships": ties.build_memberships(raw),
        "pacts": ties.build_pacts(raw),
        "unfriendly": ties.build_unfriendly(raw),
        "timeline": timeline.build_timeline(raw),
        "energy": energy.build_energy(raw),
        "trade": trade_table(economy),
        "balancing": balancing,
        "sources": build_sources(),
    }
    tables |= {f"economy/{name}": table for name, table in economy_tables(economy).items()}
    for name, table in tables.items():
        write(table, out / f"{name}.csv")
    check_world(out)
    for name, table in tables.items():
        print(f"{name + '.csv':32}{len(table):6} rows")
    show(balancing)
    print("all identities hold")


def write(table: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, float_format="%.12g", lineterminator="\n")


def show(balancing: pd.DataFrame) -> None:
    """Print, per quantity compared, the rows that miss their target by the largest factor."""
    for quantity, rows in balancing.groupby("quantity", sort=False):
        distance = rows.ratio.where(rows.ratio > 1.0, 1.0 / rows.ratio)
        worst = rows.loc[distance.sort_values(ascending=False, kind="stable").index[:WORST]]
        print(f"\n{quantity} (largest of {len(rows)} differences, USD mn)")
        print(worst.drop(columns="quantity").to_string(index=False))


if __name__ == "__main__":
    sys.exit(main())
