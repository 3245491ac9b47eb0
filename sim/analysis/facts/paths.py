"""Paths of 2022 and 2023: series of the watched runs, and their means over months.

Each series is (n_runs, n_steps), in the unit that its docstring names; facts ask for one by the
name of its function, from one month to another.
"""

from collections.abc import Callable

import numpy as np

from sim.analysis.facts import trade
from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.watched import Watched
from sim.arrays import Flags, Floats
from sim.economy.shocks import EXPORT, IMPORT
from sim.rules.energy import price_rise

Series = Callable[[Watched], Floats]
FUELS = ("coal", "oil", "pipeline_gas", "lng", "refined_petroleum")
MONTHS = 12.0


def imports(watched: Watched) -> Floats:
    """Return Russia's goods imports at given prices over those of 2021, percent change."""
    return -100.0 * trade.imports_lost(watched)


def union_exports(watched: Watched) -> Floats:
    """Return the EU's direct goods exports to Russia over those of 2021, percent change."""
    return -_of_union(watched, EXPORT, trade.goods_of(watched.setting))


def union_imports(watched: Watched) -> Floats:
    """Return the EU's imports from Russia other than fuels and services, percent change."""
    return -_of_union(watched, IMPORT, trade.goods_of(watched.setting) & ~_fuels(watched))


def union_gas(watched: Watched) -> Floats:
    """Return the EU's gas in pipes from Russia over that of 2021, percent change."""
    return -_of_union(watched, IMPORT, _fuels(watched, ("pipeline_gas",)))


def discount(watched: Watched) -> Floats:
    """Return by which Russia's oil sells below the world price, percent; caps included."""
    setting, t = watched.setting, watched.russia
    j = setting.exposure.sectors.index("oil")
    days = (1 + np.arange(watched.price_log.shape[1])) * setting.config.scenario.step_days - 1
    world = setting.energy.price[days, j] * np.exp(watched.price_log[:, :, j])
    world = 1.0 + setting.energy.markets.follows[t, j] * (world - 1.0)
    sold = setting.energy.markets.exported_bn[t, j] * (1.0 - watched.export_lost[:, :, t, j])
    return 100.0 * (1.0 - watched.export_bn[:, :, t, j] / (sold * world))


def revenue(watched: Watched) -> Floats:
    """Return Russia's revenue from oil and gas, USD billion a month."""
    return watched.revenue_bn[:, :, watched.russia] / MONTHS


def fuel_exports(watched: Watched) -> Floats:
    """Return the value of Russia's exports of fuels, USD billion a month."""
    return watched.export_bn[:, :, watched.russia][..., _fuels(watched)].sum(axis=2) / MONTHS


def goods_exports(watched: Watched) -> Floats:
    """Return the value of Russia's goods exports over that of 2021, percent change."""
    goods, t = trade.goods_of(watched.setting), watched.russia
    before = watched.setting.energy.markets.exported_bn[t, goods].sum()
    change: Floats = watched.export_bn[:, :, t][..., goods].sum(axis=2) / before - 1.0
    return 100.0 * change


def balance(watched: Watched) -> Floats:
    """Return what Russia's trade earns beyond 2021 at the rate of then, USD billion a year."""
    t, flow = watched.russia, watched.setting.exposure.flow_bn
    russia = watched.setting.targets[t]
    bought = flow[:, russia].sum() - flow[russia, russia].sum()
    gain: Floats = watched.fuels_change + watched.others_change + bought * watched.imports_lost
    return gain[:, :, t]


def log_rate(watched: Watched) -> Floats:
    """Return the log of rubles per dollar over what it was, log points."""
    return 100.0 * watched.log_rate


def mean(series: str, first: str, last: str, evidence: Evidence) -> Floats:
    """Return the mean of a series from one month to another, as in 2022-04, (n_runs,)."""
    return evidence.watched.months(SERIES[series](evidence.watched), first, last)


def rise(series: str, months: list[str], then: list[str], evidence: Evidence) -> Floats:
    """Return by how much a series is larger in later months than in earlier ones, percent."""
    early, late = (mean(series, span[0], span[1], evidence) for span in (months, then))
    return 100.0 * (late / early - 1.0)


def change(series: str, months: list[str], then: list[str], evidence: Evidence) -> Floats:
    """Return a series in later months less that in earlier ones, in its own unit."""
    early, late = (mean(series, span[0], span[1], evidence) for span in (months, then))
    return late - early


def of_year(series: str, evidence: Evidence) -> Floats:
    """Return the mean of a series over 2022, (n_runs,); before the first day it is nothing."""
    return evidence.watched.of_2022(SERIES[series](evidence.watched))


def loss_of_2022(code: str, evidence: Evidence) -> Floats:
    """Return a state's mean loss of real income over 2022, percent."""
    return evidence.watched.of_2022(evidence.watched.loss[:, :, evidence.world.index(code)])


def no_russian_crude(evidence: Evidence) -> Floats:
    """Return the rise of the world's oil price if all of Russia's crude is lost, percent."""
    energy, j = evidence.setting.energy, evidence.setting.exposure.sectors.index("oil")
    share = energy.markets.exported_bn[evidence.watched.russia, j] / energy.markets.size_bn[j]
    of_world = energy.sectors.supply_elasticity[j], energy.sectors.demand_elasticity[j]
    return np.array([100.0 * np.expm1(price_rise(share, *of_world))])


def _of_union(watched: Watched, way: int, sectors: Flags) -> Floats:
    """Return what the EU no longer trades with Russia in some sectors, percent."""
    setting = watched.setting
    russia, seats = setting.targets[watched.russia], trade.union_seats(setting)
    members, flow = setting.senders[seats], setting.exposure.flow_bn
    flow = flow[members, russia] if way == EXPORT else flow[russia, members]
    gone = trade.undelivered(watched, way)[:, :, seats][..., sectors]
    lost: Floats = np.einsum("rsij,ij->rs", gone, flow[:, sectors])
    return 100.0 * lost / flow[:, sectors].sum()


def _fuels(watched: Watched, names: tuple[str, ...] = FUELS) -> Flags:
    return np.isin(watched.setting.exposure.sectors, names)


SERIES: dict[str, Series] = {
    series.__name__: series
    for series in (
        imports, union_exports, union_imports, union_gas, discount, revenue, fuel_exports,
        goods_exports, balance, log_rate,
    )
}  # fmt: skip
