"""Estimate who condemns the invasion, and who refuses to pay for gas in rubles.

    python experiments/estimate_stances.py [RAW_FOLDER]

Two small logits whose modes are the defaults of `sim.config`: votes of states on resolution ES-11/1
of 2 March 2022 (yes, or any other answer), and answers of buyers of pipeline gas to the decree of
31 March, as far as they were known on 20 May 2022. With RAW_FOLDER it writes the two tables in
experiments/stances anew first. Prints coefficients with intervals and how well each rule forecasts
the state that it has not seen.
"""

from __future__ import annotations

from pathlib import Path

import arguments
import numpy as np
import pandas as pd

from sim.config import Config

FOLDER = Path(__file__).parent / "stances"
# Spread of the prior of a coefficient per standard deviation of its variable: weak for the votes
# (Gelman et al. 2008), tighter for the eleven buyers, of whom a weak one makes certainties.
VOTES_SD, BUYERS_SD = 2.5, 1.0
NORMAL_95 = 1.96
PACT = ("distance", "pact")
STANCES = ((), ("distance",), ("distance", "defence"), PACT)
REFUSALS = ((), ("nearness",), ("log_bcm",), ("nearness", "log_bcm"))
# Billion cubic metres a year by pipeline from Russia where BP 2021 does not name the state;
# recalled, to one digit.
RECALLED_BCM = {
    "BGR": 2.9, "DNK": 1.6, "EST": 0.4, "HUN": 8.0, "LTU": 0.8, "LVA": 1.1, "POL": 9.6, "SWE": 0.2,
}  # fmt: skip
BP_BCM = {"DEU": 56.3, "FRA": 2.6, "ITA": 19.7}  # BP 2021, trade by pipeline in 2020


def mode(
    table: pd.DataFrame, names: tuple[str, ...], prior_sd: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients (constant first) and their covariance at the posterior mode.

    Parameters
    ----------
    table : DataFrame
        Column `yes`, 0 or 1, and the named columns.
    prior_sd : float
        Of each coefficient, per standard deviation of its variable; the constant has none.
    """
    x = np.column_stack([np.ones(len(table)), *(table[name] for name in names)])
    y = table["yes"].to_numpy(dtype=float)
    spread = np.array([table[name].std() for name in names])
    precision = np.diag([0.0, *(spread / prior_sd) ** 2])
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-x @ beta))
        curvature = (x * (p * (1.0 - p))[:, None]).T @ x + precision
        beta = beta + np.linalg.solve(curvature, x.T @ (y - p) - precision @ beta)
    return beta, np.linalg.inv(curvature)


def score(table: pd.DataFrame, names: tuple[str, ...], prior_sd: float) -> float:
    """Return the mean log probability of each answer, forecast from all the others."""
    return float(
        np.mean(
            [
                log_probability(
                    table.iloc[[i]], names, mode(table.drop(table.index[i]), names, prior_sd)[0]
                )
                for i in range(len(table))
            ]
        )
    )


def log_probability(table: pd.DataFrame, names: tuple[str, ...], beta: np.ndarray) -> float:
    """Return the mean log probability that coefficients give to the answers of a table."""
    x = np.column_stack([np.ones(len(table)), *(table[name] for name in names)])
    eta = x @ beta
    return float(np.mean(table["yes"] * eta - np.logaddexp(0.0, eta)))


def stances(raw: Path, vote: str, year: int, pact_year: int) -> pd.DataFrame:
    """Return the votes on a resolution with what goes with them, one row for each state.

    `distance` is the ideal point of the state less that of Russia, first dimension; `defence` and
    `pact` are 1 for a pledge of defence or of consultation with Russia (ATOP v5).
    """
    votes = pd.read_csv(raw / "unga" / vote).rename(columns={"iso3": "state"})
    points = pd.read_csv(raw / "unga" / "ideal_points_2010_2024.csv")
    ideal = points[points["year"] == year].set_index("iso3")["idealpointall"]
    dyads = pd.read_csv(raw / "alliances" / "atop5_dyads_2014_2016_2018.csv")
    dyads = dyads[dyads["year"] == pact_year]
    both = pd.concat([dyads, dyads.rename(columns={"iso3_1": "iso3_2", "iso3_2": "iso3_1"})])
    pacts = both[both["iso3_2"] == "RUS"].set_index("iso3_1")
    table = votes[votes["state"].isin(ideal.index) & (votes["state"] != "RUS")]
    return pd.DataFrame(
        {
            "state": table["state"],
            "yes": table["vote"].str.lower().eq("approve").astype(int),
            "distance": (table["state"].map(ideal) - ideal["RUS"]).round(4),
            "defence": table["state"].map(pacts["atop_defense"]).fillna(0).astype(int),
            "pact": table["state"].map(pacts["atop_consul"]).fillna(0).astype(int),
        }
    ).sort_values("state", ignore_index=True)


def refusals(raw: Path) -> pd.DataFrame:
    """Return the buyers that had answered by 20 May 2022: `yes` for a refusal."""
    gas = pd.read_csv(raw / "record" / "gas.csv")
    bcm = BP_BCM | RECALLED_BCM
    decided = gas[gas["decision"].isin(["refused", "accepted"]) & gas["state"].isin(bcm)]
    far = pd.read_csv(raw / "distance" / "cepii_geodist_cut.csv")
    km = far[far["iso_d"] == "UKR"].set_index("iso_o")["distcap"]
    return pd.DataFrame(
        {
            "state": decided["state"],
            "yes": decided["decision"].eq("refused").astype(int),
            "nearness": np.exp(-decided["state"].map(km) / 1000.0).round(4),
            "bcm": decided["state"].map(bcm),
        }
    ).sort_values("state", ignore_index=True)


def read(name: str) -> pd.DataFrame:
    """Return one of the two tables."""
    table = pd.read_csv(FOLDER / f"{name}.csv")
    return table.assign(log_bcm=np.log(table["bcm"])) if "bcm" in table else table


def report(
    title: str, table: pd.DataFrame, candidates: tuple[tuple[str, ...], ...], prior_sd: float
) -> None:
    """Print one row for each candidate."""
    print(f"{title}: {len(table)} states, {table['yes'].sum()} yes")
    for names in candidates:
        beta, covariance = mode(table, names, prior_sd)
        half = NORMAL_95 * np.sqrt(np.diag(covariance))
        cells = [
            f"{name} {b:.2f} [{b - h:.2f}, {b + h:.2f}]"
            for name, b, h in zip(("constant", *names), beta, half, strict=True)
        ]
        print(f"  {score(table, names, prior_sd):7.3f} a state left out | {', '.join(cells)}")


def main() -> None:
    """Write the tables if there is raw data; estimate; compare with what is shipped."""
    words = arguments.parser(__doc__)
    words.add_argument("raw", nargs="?", type=arguments.raw_data, help="folder of raw data")
    raw = words.parse_args().raw
    if raw:
        FOLDER.mkdir(exist_ok=True)
        now = stances(raw, "es11_1_vote_all193.csv", 2021, 2018)
        then = stances(raw, "res_68_262_crimea_2014_vote.csv", 2013, 2014)
        now.to_csv(FOLDER / "es11_1.csv", index=False)
        then.to_csv(FOLDER / "res_68_262.csv", index=False)
        refusals(raw).to_csv(FOLDER / "refusals.csv", index=False)
    third, response = Config().third, Config().response
    votes = read("es11_1")
    report("Votes for ES-11/1", votes, STANCES, VOTES_SD)
    shipped = np.array([third.condemn, third.condemn_distance, -third.condemn_pact])
    earlier = read("res_68_262")
    print(f"  {log_probability(earlier, PACT, shipped):7.3f} a state, the same on 68/262 of 2014")
    print(f"  {score(earlier, (), VOTES_SD):7.3f} there for a constant")
    report("Refusals to pay for gas in rubles", read("refusals"), REFUSALS, BUYERS_SD)
    print(f"shipped: {shipped.tolist()}")
    print(f"shipped: {[response.refusal, response.refusal_nearness, -response.refusal_volume]}")


if __name__ == "__main__":
    main()
