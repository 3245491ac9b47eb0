"""Estimate how often, and by how much, a seller of gas by pipe throttles, from before 20 May 2022.

    python experiments/estimate_throttling.py RAW_FOLDER

Three acts are known by then, all of them by Russia towards its buyers in Europe. Their number sets
the readiness of `gas_throttle`, flows at the border what one of them holds back. Nothing after
20 May 2022 is read. Two of the acts came before the war, so how the hazard rises with provocation
is not in them: that it does as for any answer is an assumption, and the level is set at what Russia
was provoked to by then.
"""

from __future__ import annotations

from datetime import date

import arguments
import numpy as np
import pandas as pd
from scipy.stats import gamma

from sim.config import Config
from sim.rules import respond, throttle
from sim.setting import Setting, prepare
from sim.world import load

FIRST, WAR, LAST = date(2021, 8, 1), date(2022, 2, 24), date(2022, 5, 20)
ACTS = {
    date(2021, 8, 16): "sells no more gas beyond contracts (UAWire, 2022: in August; day assumed)",
    date(2021, 12, 21): "sends nothing west through Yamal (flows of January; day recalled)",
    date(2022, 5, 11): "lets the Yamal pipe rest by sanctions on its owner (record)",
}
BEFORE, WINTER = ("2021-01", "2021-07"), ("2022-01", "2022-02")
LAST_MONTH = "2022-04"
ROUTE, ALL = "yamal_belarus_to_poland_twh", "russia_pipeline_total_twh"


def size(flows: pd.DataFrame) -> tuple[float, float]:
    """Return what an act holds back: mean of two acts by the winter, and with the third one."""
    total, route = flows[ALL], flows[ROUTE]
    two = float(total[slice(*WINTER)].mean()) / float(total[slice(*BEFORE)].mean())
    third = 1.0 - float(route.iloc[-1]) / float(total.iloc[-1])  # of the last month that is read
    return 1.0 - two**0.5, 1.0 - (two * third) ** (1.0 / 3.0)


def provocation(setting: Setting, day: date) -> float:
    """Return how the acts of the record provoke Russia by a day."""
    world, menu, total = setting.world, setting.menu, 0.0
    share = dict(zip(setting.sender_codes, setting.alliance.gdp_share, strict=True))
    members = {union.code: union.members for union in world.institutions}
    signal = {(act.measure.code, act.target): menu.signal[k] for k, act in enumerate(setting.acts)}
    for row in {
        (r["sender"], r["instrument"], r["target"], r["announced"]) for r in world.timeline
    }:
        sender, instrument, target, announced = row
        if target == "RUS" and announced is not None and announced < day:
            of = members.get(sender, (sender,))
            total += sum(share.get(i, 0.0) for i in of) * signal.get((instrument, target), 0.0)
    return respond.provocation.py_func(total)


def pull(setting: Setting, day: date) -> float:
    """Return the factor of what a cut is worth, at the price of a day and with nothing cut."""
    energy, response, markets = setting.energy, setting.config.response, setting.energy.markets
    j = list(setting.exposure.sectors).index("pipeline_gas")
    buyers, elasticity = setting.senders, energy.sectors.supply_elasticity[j]
    elasticity += energy.sectors.demand_elasticity[j]
    paid = throttle.paid_in_a_year.py_func(energy.contracted[j], energy.sectors.contract_days[j])
    sold = np.where(
        setting.world.pipeline_bcm > 0, setting.exposure.flow_bn[setting.targets[0]][:, j], 0
    )
    now = (day - setting.start).days
    years = [
        throttle.years_left.py_func(now, energy.told[n], energy.leaves[n], response.contract_years)
        for n in buyers
    ]
    price, share = energy.price[now, j], markets.supplied_bn[0, j] / markets.size_bn[j]
    felt = price * throttle.felt.py_func(markets.bought[j, buyers].sum(), elasticity, paid)
    own = price * throttle.forgone.py_func(share, elasticity, paid)
    own += response.trust * np.average(years, weights=sold[buyers])
    return throttle.pull.py_func(felt, own, response.cost_elasticity)


def main() -> None:
    words = arguments.parser(__doc__)
    words.add_argument("raw", type=arguments.raw_data, help="folder of raw data")
    flows = pd.read_csv(
        words.parse_args().raw / "econ_monthly" / "eu_gas_flows_by_route_monthly.csv",
        index_col="month",
    )
    flows = flows.loc[:LAST_MONTH]
    print("an act holds back {:.3f} of what flows; {:.3f} with the third one".format(*size(flows)))
    weeks = (LAST - FIRST).days / 7.0
    low, high = gamma.ppf((0.05, 0.95), len(ACTS) + 0.5) / weeks
    level = len(ACTS) / weeks
    print(f"{len(ACTS)} acts in {weeks:.1f} weeks: {level:.3f} a week ({low:.3f} to {high:.3f})")
    setting = prepare(load("march_2022"), Config())
    days = [day.date() for day in pd.date_range(WAR, LAST)]
    provoked = np.mean([provocation(setting, day) for day in days])
    worth = np.mean([pull(setting, day) for day in days])
    for name, rate in (("mode", level), ("low", low), ("high", high)):
        readiness = np.log(rate / (provoked * worth)) - setting.config.response.intercept
        print(f"readiness, {name}: {readiness:.2f}")
    print(f"at a mean provocation of {provoked:.2f} and a pull of {worth:.2f}")


if __name__ == "__main__":
    main()
