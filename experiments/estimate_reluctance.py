"""Learn what firms and banks hold back beyond the letter, on trade that nobody had banned.

    python experiments/estimate_reluctance.py [RAW_FOLDER]

Four numbers of `sim.config.Reluctance` are learnt on March to June 2022: EU exports of goods on no
list, China's exports, and what the EU went on buying from Russia, oil by sea and other goods. The
pace at which firms leave is learnt on counts of their announcements before July. Which senders had
what in force on which day is the record's own: the engine carries it out. What comes after June is
predicted and compared; nothing is fitted to it. With RAW_FOLDER it writes the two tables in
experiments/reluctance anew first.

All trade is measured against its level in January and February 2022, times the season of 2019, the
last calm year: 2021 was a year of recovery, so that its months are no base and no season. Values
of EU imports other than fuels are taken at the prices of four goods that Russia sells. Russia's
demand for imports fell too, with its ruble and its income: what is learnt includes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import arguments
import numpy as np
import pandas as pd
from scipy.optimize import brentq, least_squares
from scipy.stats import f as f_distribution

from sim.analysis.record import read_record
from sim.analysis.replay import script_rows
from sim.arrays import Floats
from sim.config import Config
from sim.economy.currency import felt_after
from sim.engine.run import Run
from sim.rules import reluctance as rules
from sim.setting import Setting, prepare
from sim.setting.script import Cast, script_from
from sim.world import load

FOLDER = Path(__file__).parent / "reluctance"
LEARNT_ON = ("2022-03", "2022-04", "2022-05", "2022-06")
BEFORE = ("2022-01", "2022-02")
JUDGED_ON = tuple(str(month) for month in pd.period_range("2022-07", "2023-06", freq="M"))
SERIES = {  # of the target's trade: way, and whether its partner is a sender
    "eu_exports_unlisted": (0, True),
    "china_exports": (0, False),
    "eu_imports_other": (1, True),
    "eu_oil_by_sea": (1, True),
}
FREE = ("payment_risk", "risk_days", "reputation", "third")
LIMITS = {
    "payment_risk": (0.0, 1.0),
    "risk_days": (7.0, 365.0),
    "reputation": (0.0, 1.0),
    "third": (0.0, 1.5),
    "exit_days": (5.0, 200.0),
}
LATE = "late"  # days after which trade follows what is held back but for 1/e; 0 as shipped
ALTERNATIVES = {
    "controls": (0.25, 0.75),
    "export_risk": (0.15, 0.3),
    "exit_days": (30.0, 60.0, 90.0),
    LATE: (7.0, 30.0),
}
CONTROLS = date(2022, 2, 28)  # decree 79, read: timeline.csv
SOLD = ("aluminium_usd_per_t", "nickel_usd_per_t", "urea_usd_per_t", "wheat_us_hrw_usd_per_t")
SENDERS = (
    "AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "GRC", "HUN",
    "IRL", "ITA", "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP",
    "SWE", "USA", "CAN", "GBR", "JPN", "KOR", "AUS", "CHE", "NOR",
)  # fmt: skip
IMPORTS_2021 = 293.5e3  # USD mn, customs, all partners: russia_trade_totals.csv


Values = dict[str, float]
Miss = Callable[[Values], Floats]


class Daily(NamedTuple):
    """What the record has in force against Russia day by day; each (n_days,).

    Attributes
    ----------
    month : like 2022-03
    banks, controls : bank assets newly cut off, and 1 where capital controls begin
    pressure : publicity of all senders' measures, weighted by GDP
    union : reluctance of the EU's members
    """

    month: np.ndarray
    banks: Floats
    controls: Floats
    pressure: Floats
    union: Floats


def replay() -> tuple[Setting, Run]:
    """Return a run in which senders do what the record says and Russia closes its capital account.

    It has not begun. Both of them do nothing else.
    """
    config = Config()
    config.response.intercept = -30.0
    setting = prepare(load("march_2022"), config)
    record = read_record(setting.world.folder / "timeline.csv", setting)
    closing = Cast(setting).row((CONTROLS - setting.start).days, "RUS", "capital_controls")
    rows = [*script_rows(setting, record), closing]
    script = script_from(rows, setting.n_days, setting.n_days)
    return setting, Run(replace(setting, script=script), seed=0)


def daily() -> Daily:
    """Return what the record has in force; after its last day all stays as it is."""
    setting, run = replay()
    seat = setting.sender_codes.index("DEU")
    months, rows = [], []
    for day in range(setting.n_days):
        run.advance(1)
        effect = run.state.effect
        months.append((setting.start + timedelta(days=day)).isoformat()[:7])
        rows.append([
            effect.banks_hit[0], effect.controls[0], effect.pressure[0], effect.reluctance[0, seat]
        ])  # fmt: skip
    banks, controls, pressure, union = np.array(rows).T
    return Daily(np.array(months), _newly(banks), _newly(controls), pressure, union)


def _newly(level: Floats) -> Floats:
    return np.maximum(np.diff(level, prepend=0.0), 0.0)


def stocks(record: Daily, values: Values) -> tuple[Floats, Floats]:
    """Return payment risk and reputation at the end of each day, by the engine's rules."""
    return_days, found, q, f = Config().reluctance.return_days, [], 0.0, 0.0
    for banks, controls, pressure in zip(
        record.banks, record.controls, record.pressure, strict=True
    ):
        jump = rules.alarm(banks, controls, values["controls"])
        q = rules.risk_after(rules.jumped(q, jump), 1.0, values["risk_days"])
        f = rules.reputation_after(f, pressure, 1.0, values["exit_days"], return_days)
        found.append((q, f))
    risk, reputation = np.array(found).T
    return risk, reputation


def kept(record: Daily, values: Values, way: int, sender: bool) -> pd.Series:
    """Return the share of trade nobody banned that goes on, means of the months."""
    risk, reputation = stocks(record, values)
    risk = risk if way == 0 else values["export_risk"] * risk
    third = values["third"] * values["payment_risk"] * risk
    own = 1.0 - (1.0 - values["payment_risk"] * risk) * (1.0 - values["reputation"] * reputation)
    withheld = followed(record.union * own if sender else third, values.get(LATE, 0.0))
    return pd.Series(1.0 - withheld).groupby(record.month).mean()


def followed(daily: Floats, days: float) -> Floats:
    """Return daily values as trade follows them that is late by some days in the mean."""
    if days == 0.0:
        return daily
    late = partial(felt_after.py_func, days=1.0, delivery_days=days)
    return np.array(list(accumulate(daily, late, initial=0.0))[1:])


def residuals(record: Daily, values: Values, observed: pd.DataFrame) -> Floats:
    """Return predicted less observed shares on what is learnt from."""
    parts = []
    for name, (way, sender) in SERIES.items():
        told = observed.loc[name].loc[list(LEARNT_ON), "kept"]
        parts.append(kept(record, values, way, sender)[told.index] - told)
    return np.concatenate(parts)


def exit_residuals(record: Daily, values: Values, exits: pd.DataFrame) -> Floats:
    """Return the stock of reputation less firms that announced to leave, over the best number."""
    _, reputation = stocks(record, values)
    start = date.fromisoformat(Config().scenario.start)
    stock = reputation[[(date.fromisoformat(day) - start).days for day in exits["date"]]]
    counts = exits["firms"].to_numpy(dtype=float)
    return stock - counts * (stock @ stock) / (stock @ counts)


def fit(miss: Miss, start: Values, free: tuple[str, ...]) -> Values:
    """Return `start` with the free ones at their least-squares values."""
    if not free:
        return start
    low, high = zip(*(LIMITS[name] for name in free), strict=True)
    first = np.clip([start[name] for name in free], np.add(low, 1e-6), np.subtract(high, 1e-6))
    found = least_squares(
        lambda x: miss(start | dict(zip(free, x, strict=True))),
        first,
        bounds=(low, high),
        x_scale=np.maximum(np.abs(first), 1e-3),
    )
    return start | dict(zip(free, found.x.tolist(), strict=True))


def profile(miss: Miss, best: Values, name: str, free: tuple[str, ...]) -> tuple[float, float]:
    """Return where one number, the others fitted anew, leaves its 90 percent interval.

    Residuals are taken as independent, which months of one series are not: rough.
    """
    others, least = tuple(other for other in free if other not in (name, "number")), miss(best)
    degrees = least.size - len(free)
    allowed = least @ least * (1.0 + f_distribution.ppf(0.9, 1, degrees) / degrees)

    def beyond(value: float) -> float:
        there = miss(fit(miss, best | {name: value}, others))
        return float(there @ there - allowed)

    low, high = LIMITS[name]
    ends = (low + 1e-6, high - 1e-6)
    found = [end if beyond(end) <= 0.0 else brentq(beyond, best[name], end) for end in ends]
    return found[0], found[1]


def defaults() -> Values:
    """Return the numbers of the configuration as they are shipped."""
    return {name: float(value) for name, value in asdict(Config().reluctance).items()}


def learn(
    record: Daily, observed: pd.DataFrame, exits: pd.DataFrame, start: Values, pace: bool = True
) -> Values:
    """Return the numbers with those learnt; the pace of exits from counts, or as it is."""
    if pace:
        start = fit(lambda v: exit_residuals(record, v, exits), start, ("exit_days",))
    return fit(lambda v: residuals(record, v, observed), start, FREE)


def intervals(
    record: Daily, observed: pd.DataFrame, exits: pd.DataFrame, best: Values
) -> dict[str, tuple[float, float]]:
    """Return the 90 percent interval of every number learnt."""
    found = {
        name: profile(lambda v: residuals(record, v, observed), best, name, FREE) for name in FREE
    }
    of_exits = profile(
        lambda v: exit_residuals(record, v, exits), best, "exit_days", ("exit_days", "number")
    )
    return found | {"exit_days": of_exits}


def observe(raw: Path) -> pd.DataFrame:
    """Return trade with Russia by month as a share of what it would have been, and its source."""
    monthly = raw / "econ_monthly"
    series = _of_union(raw, monthly) | _of_others(monthly)
    rows = [
        {"series": name, "month": month, "kept": round(value, 4), "status": "derived", "source": by}
        for name, (values, by) in series.items()
        for month, value in values.items()
    ]
    return pd.DataFrame(rows)


def _of_union(raw: Path, monthly: Path) -> dict[str, tuple[pd.Series, str]]:
    totals = pd.read_csv(monthly / "eu27_trade_totals_monthly.csv")
    totals = totals[totals["partner"] == "RUS"].drop_duplicates("month").set_index("month")
    listed = pd.read_csv(raw / "trade" / "eu_exports_of_sanctioned_goods_monthly.csv")
    listed = listed[listed["partner"] == "Russian Federation"]
    of_listed = listed.groupby("month")["sanctioned_export_eur"].sum() / 1e6
    exports = totals["eu_exports_mn_eur"]
    other = totals["eu_imports_mn_eur"] - totals["of_which_fuels_imports_mn_eur"]
    prices = pd.read_csv(monthly / "commodity_prices_monthly.csv", index_col="month")[list(SOLD)]
    level = (prices / prices.loc[list(BEFORE)].mean()).mean(axis=1)
    oil = pd.read_csv(monthly / "russia_seaborne_oil_by_destination_monthly.csv")
    by_sea = oil[oil["destination"] == "EU"].groupby("month")["mb_per_day"].sum()
    share = of_listed[list(BEFORE)].sum() / exports[list(BEFORE)].sum()
    return {
        "eu_exports_unlisted": (_ratio(exports - of_listed, exports), "Eurostat"),
        "eu_exports_listed": (_ratio(of_listed, exports), "Eurostat"),
        "eu_exports": (_ratio(exports, exports), "Eurostat"),
        "eu_imports_other": (_ratio(other / level), "Eurostat; prices: World Bank"),
        "eu_oil_by_sea": (_ratio(by_sea), "CREA ship tracking"),
        "listed_share": (pd.Series({"before": share}), "Eurostat"),
    }


def _of_others(monthly: Path) -> dict[str, tuple[pd.Series, str]]:
    customs = pd.read_csv(monthly / "russia_customs_by_partner_2019_2021.csv")
    bought = customs.pivot_table("russian_imports_mn_usd", "month", "partner", aggfunc="sum")
    by_partner = bought[bought.index.str.startswith("2021")].sum()
    share = by_partner[by_partner.index.isin(SENDERS)].sum() / IMPORTS_2021
    proxies = pd.read_csv(monthly / "russia_import_proxies_index.csv", index_col="month")
    vat = proxies["import_vat_usd_index"]
    china = _ratio(_china(monthly), bought["CHN"])
    return {
        "china_exports": (china, "China's customs, quoted in press"),
        "import_vat": (_ratio(vat, bought.sum(axis=1)), "Ministry of Finance of Russia"),
        "sender_share": (pd.Series({"before": share}), "Federal Customs Service, 2021"),
    }


def _china(monthly: Path) -> pd.Series:
    """Return China's exports by month, USD bn; January and February are known together."""
    table = pd.read_csv(monthly / "exports_to_russia_by_partner.csv")
    known = table[table["exporter"] == "CHN"].set_index("period")["value"]
    pairs = {f"{y}-{m:02}": known[f"{y}-01..02"] / 2.0 for y in (2022, 2023) for m in (1, 2)}
    return pd.Series(pairs | {p: v for p, v in known.items() if len(str(p)) == len("2022-03")})


def _ratio(flow: pd.Series, season: pd.Series | None = None) -> pd.Series:
    """Return a flow from March 2022 to June 2023 over its level before the war.

    With a `season`, a series that holds 2019, that level goes with its months over January and
    February.
    """
    wanted = [month for month in (*LEARNT_ON, *JUDGED_ON) if month in flow.index]
    level = flow[list(BEFORE)].mean()
    if season is None:
        return flow[wanted] / level
    start = season[["2019-01", "2019-02"]].mean()
    by_month = [season[f"2019-{month[5:]}"] / start for month in wanted]
    return flow[wanted] / (level * np.array(by_month))


def exits_of(raw: Path) -> pd.DataFrame:
    """Return how many firms had announced to leave or to curtail, before July; read ones only."""
    table = pd.read_csv(raw / "econ_monthly" / "firms_leaving_russia.csv")
    counts = (table["list"] == "Yale CELI") & (table["measure"] == "announced exit or curtailment")
    guessed = table["note"].str.contains("placeholder", na=False) | (table["status"] != "read")
    told = table[counts & ~guessed & (table["date"] <= f"{LEARNT_ON[-1]}-30")]
    return told[["date", "value", "status", "source"]].rename(columns={"value": "firms"})


def forecasts(record: Daily, values: Values, observed: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what is predicted for months from July on; listed goods stay as they were in June."""
    listed = observed["kept"]["listed_share", "before"]
    left = observed["kept"]["eu_exports_listed", LEARNT_ON[-1]]
    share = observed["kept"]["sender_share", "before"]
    union = (1.0 - listed) * kept(record, values, 0, True) + listed * left
    third = kept(record, values, 0, False)
    return {
        "eu_exports": union,
        "china_exports": third,
        "import_vat": share * union + (1.0 - share) * third,
    }


def show_fit(record: Daily, values: Values, observed: pd.DataFrame) -> None:
    """Print what is learnt from, month by month, with what the numbers give."""
    print("\nin sample: share kept, record and model")
    print(f"{'':<22}" + "".join(f"{month:>16}" for month in LEARNT_ON))
    for name, (way, sender) in SERIES.items():
        model = kept(record, values, way, sender)
        told = observed.loc[name]["kept"]
        pairs = [(told[month], model[month]) for month in LEARNT_ON]
        print(f"{name:<22}" + "".join(f"{seen:>8.2f}{given:>8.2f}" for seen, given in pairs))
    miss = residuals(record, values, observed)
    print(f"root mean square error {np.sqrt(np.mean(miss**2)):.3f} of {miss.size} points")


def show_forecasts(record: Daily, values: Values, observed: pd.DataFrame) -> None:
    """Print what comes after June against the record and against June's value held."""
    print("\nout of sample: share kept, record, model and June's value held")
    for name, model in forecasts(record, values, observed).items():
        told = observed.loc[name]["kept"]
        months = [month for month in JUDGED_ON if month in told.index]
        june = float(told[LEARNT_ON[-1]])
        print(f"{name:<16}{'record':>9}" + "".join(f"{told[m]:>6.2f}" for m in months))
        print(f"{'':<16}{'model':>9}" + "".join(f"{model[m]:>6.2f}" for m in months))
        own = float(np.mean([abs(model[m] - told[m]) for m in months]))
        null = float(np.mean([abs(june - told[m]) for m in months]))
        print(f"{'':<16}mean absolute error {own:.3f}, of June's {june:.2f} held {null:.3f}")


def show_alternatives(
    record: Daily, best: Values, observed: pd.DataFrame, exits: pd.DataFrame
) -> None:
    """Print what is learnt if a number that is not learnt were another."""
    print("\nlearnt if")
    for name, values in ALTERNATIVES.items():
        for value in values:
            found = learn(record, observed, exits, best | {name: value}, pace=name != "exit_days")
            error = np.sqrt(np.mean(residuals(record, found, observed) ** 2))
            numbers = ", ".join(f"{free} {found[free]:.2f}" for free in FREE)
            print(f"  {name}={value:<6g} {numbers}; error {error:.3f}")


def main() -> None:
    """Write the tables if there is raw data; learn; print how it fits and how it forecasts."""
    words = arguments.parser(__doc__)
    words.add_argument("raw", nargs="?", type=arguments.raw_data, help="folder of raw data")
    raw = words.parse_args().raw
    if raw:
        FOLDER.mkdir(exist_ok=True)
        observe(raw).to_csv(FOLDER / "observed.csv", index=False)
        exits_of(raw).to_csv(FOLDER / "exits.csv", index=False)
    observed, exits = read()
    record, shipped = daily(), defaults()
    best = learn(record, observed, exits, shipped)
    print(f"{'':<14}{'shipped':>9}{'learnt':>9}{'90 percent':>18}")
    for name, (low, high) in intervals(record, observed, exits, best).items():
        print(f"{name:<14}{shipped[name]:>9.2f}{best[name]:>9.2f}{low:>9.2f} to{high:>7.2f}")
    show_fit(record, shipped, observed)
    show_alternatives(record, best, observed, exits)
    show_forecasts(record, shipped, observed)


def read() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return shares kept by series and month, and counts of firms."""
    observed = pd.read_csv(FOLDER / "observed.csv").set_index(["series", "month"]).sort_index()
    return observed, pd.read_csv(FOLDER / "exits.csv")


if __name__ == "__main__":
    main()
