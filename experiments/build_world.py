"""Build the tables of a shipped world from a folder of raw data.

    python experiments/build_world.py RAW_FOLDER [--world crimea_2014] [--out DIR]

The folder holds the files that `world_build.origins` names, each with the publisher, data set
and release it can be fetched from. The same folder gives the same bytes. The catalogues of
measures, countermeasures, their scope, institutions and events, what is said of sectors, the
reserves, who objects in a council and who is designated by name are written by hand and stay; for
2014 so are the timeline, the shares of energy and the list of states Russia answered.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd
from world_build import distances, energy, meetings, states, ties, timeline
from world_build.checks import check_world
from world_build.crimea_2014 import checks as checks_2014
from world_build.crimea_2014 import economy as economy_2014
from world_build.crimea_2014 import provenance as provenance_2014
from world_build.crimea_2014 import states as states_2014
from world_build.crimea_2014 import ties as ties_2014
from world_build.economy import build_economy, economy_tables, trade_table
from world_build.provenance import build_sources

from sim.errors import InputError

WORLDS = Path(__file__).parents[1] / "sim" / "world"
WORST = 12  # comparisons printed; all stand in balancing.csv


def main() -> int:
    builders = {"march_2022": build, "crimea_2014": build_2014}
    parser = argparse.ArgumentParser(description="Build the tables of a shipped world.")
    parser.add_argument("raw", type=Path, help="folder of raw data")
    parser.add_argument("--world", choices=builders, default="march_2022")
    parser.add_argument("--out", type=Path, help="where the tables go, if not into the package")
    args = parser.parse_args()
    try:
        builders[args.world](args.raw, args.out or WORLDS / args.world)
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
        "distances": distances.build_distances(
            raw, states.CODES, states.state_of, states.gdp_by_country(raw)
        ),
        "unfriendly": ties.build_unfriendly(raw),
        "timeline": timeline.build_timeline(raw),
        "meetings": meetings.build_meetings(raw),
        "energy": energy.build_energy(raw),
        "energy_prices": energy.build_energy_prices(raw),
        "trade": trade_table(economy),
        "balancing": balancing,
        "sources": build_sources(),
    }
    tables |= {f"economy/{name}": table for name, table in economy_tables(economy).items()}
    write(tables, out)
    check_world(out)
    show(balancing)
    print("all identities hold")


def build_2014(raw: Path, out: Path) -> None:
    economy = economy_2014.build_economy(raw)
    tables = {
        "states": states_2014.build_states(raw, economy),
        "memberships": ties_2014.build_memberships(raw),
        "pacts": ties_2014.build_pacts(raw),
        "distances": distances.build_distances(
            raw,
            states_2014.CODES,
            states_2014.state_of,
            states_2014.gdp_weights(raw),
            (states_2014.TARGET,),
        ),
        "trade": economy_2014.trade_table(economy),
        "sources": provenance_2014.build_sources(),
    }
    economy.write(out / "economy")
    # Written again, ones become shorter than 1.0; they are a fifth of the folder.
    tables["economy/tariff"] = pd.read_csv(out / "economy" / "tariff.csv")
    write(tables, out)
    checks_2014.check_world(out)
    print("all identities hold")


def write(tables: dict[str, pd.DataFrame], out: Path) -> None:
    for name, table in tables.items():
        path = out / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(path, index=False, float_format="%.12g", lineterminator="\n")
        print(f"{path.relative_to(out).as_posix():32}{len(table):6} rows")


def show(balancing: pd.DataFrame) -> None:
    """Print, per quantity compared, the rows that miss their target by the largest factor."""
    for quantity, rows in balancing.groupby("quantity", sort=False):
        distance = rows.ratio.where(rows.ratio > 1.0, 1.0 / rows.ratio)
        worst = rows.loc[distance.sort_values(ascending=False, kind="stable").index[:WORST]]
        print(f"\n{quantity} (largest of {len(rows)} differences, USD mn)")
        print(worst.drop(columns="quantity").to_string(index=False))


if __name__ == "__main__":
    sys.exit(main())
