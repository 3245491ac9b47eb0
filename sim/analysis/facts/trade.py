"""Russia's trade in the watched runs: what is missing, what still comes, and from whom.

Two views. At given prices: what measures cover, once acts let contracts run no longer, and what is
held back, less what leaks; the model's own lost trade, of goods alone. And in the exact equilibrium
of a step, at the elasticities of its day: there others sell more, so that it says from whom.
"""

from collections.abc import Iterable
from datetime import date

import numpy as np

from sim.analysis.facts.dates import INVASION
from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.watched import Watched, mean_of
from sim.arrays import Flags, Floats
from sim.economy.horizon import YEAR
from sim.economy.sectors import reluctance
from sim.economy.shocks import EXPORT
from sim.engine.exact import equilibrium_at_end, third_states
from sim.setting import Setting

MID_2022, END_2022 = date(2022, 6, 30), date(2022, 12, 31)
ROUTE = ("ARM", "KAZ", "KGZ")


def goods_of(setting: Setting) -> Flags:
    """Return which sectors are goods, (n_sectors,)."""
    return np.array([name != "services" for name in setting.exposure.sectors])


def goods_bought(watched: Watched) -> Floats:
    """Return Russia's goods imports before, (n_goods, n_states), USD billion a year."""
    setting = watched.setting
    russia = setting.targets[watched.russia]
    bought = setting.exposure.flow_bn[:, russia, :].T.copy()
    bought[:, russia] = 0.0
    return bought[goods_of(setting)]


def missing(watched: Watched, way: int) -> Floats:
    """Return what of each sender's trade with Russia is covered or held back, in [0, 1].

    Parameters
    ----------
    way : int
        `EXPORT` for what senders sell, `IMPORT` for what they buy.

    Returns
    -------
    (n_runs, n_steps, n_senders, n_sectors) float64
    """
    t = watched.russia
    held = watched.held[:, :, :, t, way] * watched.withheld[:, :, t, way, None, None]
    return watched.covered[:, :, :, t, way] + held


def undelivered(watched: Watched, way: int) -> Floats:
    """Return what of `missing` customs miss: running contracts are carried out as acts allow.

    A new contract is barred from the day of the act, which is what hubs and governments go by.
    """
    setting, t = watched.setting, watched.russia
    left = 1.0 - missing(watched, way)  # what is held back is in proportion to what is free
    for k, act in enumerate(setting.acts):
        late = act.measure.wind_down_days // setting.config.scenario.step_days
        if late > 0 and setting.menu.aimed_at[k] == t:
            level, free = watched.in_effect[..., k], 1.0 - setting.covers.trade[k, :, way]
            before = np.roll(level, late, axis=1)
            before[:, :late] = 0
            left *= free[np.minimum(before, level)] / free[level]
    return 1.0 - left


def missing_bn(watched: Watched) -> Floats:
    """Return what is missing of the senders' sales to Russia, USD bn a year; as `missing`."""
    setting = watched.setting
    flow = setting.exposure.flow_bn[setting.senders, setting.targets[watched.russia]]
    return missing(watched, EXPORT) * flow


def imports_lost(watched: Watched) -> Floats:
    """Return the share of Russia's goods imports that is lost, (n_runs, n_steps).

    Of senders what is undelivered and does not leak; of third states what they hold back; less
    that for which other suppliers have been found, as trade adjusts. `state.effect.imports_lost` is
    of all trade, services too, and of when it is paid.
    """
    setting, t = watched.setting, watched.russia
    goods = goods_of(setting)
    left = 1.0 - watched.maturity[:, :, t][..., goods]
    third = third_states(setting)
    held_bn = goods_bought(watched)[:, third] @ setting.exposure.withholding[third, t]
    held_bn *= reluctance(setting.world)[EXPORT][goods]
    flow = setting.exposure.flow_bn[setting.senders, setting.targets[t]]
    gone_bn = (undelivered(watched, EXPORT) * flow)[..., goods].sum(axis=2)
    gone_bn *= 1.0 - watched.leak[:, :, t, None]
    gone_bn += held_bn * watched.withheld_third[:, :, t, EXPORT, None]
    lost: Floats = (gone_bn * left).sum(axis=2) / goods_bought(watched).sum()
    return lost


def trough_day(evidence: Evidence) -> Floats:
    """Return the days from the invasion to the step in which most imports are lost."""
    watched = evidence.watched
    lost = imports_lost(watched)[:, : watched.step_by(END_2022) + 1].argmax(axis=1)
    days = np.array([(end - INVASION).days for end in watched.dates])
    return days[lost].astype(np.float64)


def trough_depth(evidence: Evidence) -> Floats:
    """Return the largest share of imports lost in spring 2022, percent."""
    watched = evidence.watched
    return 100.0 * imports_lost(watched)[:, : watched.step_by(MID_2022) + 1].max(axis=1)


def recovery(evidence: Evidence) -> Floats:
    """Return the share of what was lost at the worst that is back by the end of 2022, percent."""
    watched = evidence.watched
    lost = imports_lost(watched)[:, : watched.step_by(END_2022) + 1]
    return 100.0 * (1.0 - lost[:, -1] / lost.max(axis=1))


def unbanned_share(evidence: Evidence) -> Floats:
    """Return what no ban covers of the senders' goods missing at the end of 2022, percent.

    Held back, or stopped because a bank is cut off.
    """
    watched, setting = evidence.watched, evidence.setting
    step, goods = watched.step_by(END_2022), goods_of(setting)
    flow = setting.exposure.flow_bn[setting.senders, setting.targets[watched.russia]]
    gone_bn = (missing(watched, EXPORT)[:, step] * flow)[..., goods].sum(axis=(1, 2))
    banned_bn = (banned(watched, step) * flow)[..., goods].sum(axis=(1, 2))
    return 100.0 * (1.0 - banned_bn / gone_bn)


def banned(watched: Watched, step: int) -> Floats:
    """Return what bans cover of the senders' sales to Russia, those of its own too.

    Returns
    -------
    (n_runs, n_senders, n_sectors) float64
    """
    setting, t = watched.setting, watched.russia
    against = setting.menu.aimed_at == t
    levels = watched.in_effect[:, step][..., against]
    trade = setting.covers.trade[against, :, EXPORT]
    bans = trade[np.arange(against.sum()), levels]  # of runs, senders, acts and sectors
    answered = watched.answered[:, step, t].swapaxes(1, 2)[..., None]
    answers = answered * setting.answers.coverage[t, :, EXPORT]
    free: Floats = (1.0 - bans).prod(axis=2) * (1.0 - answers).prod(axis=2)
    return 1.0 - free


def share_change(code: str, evidence: Evidence) -> Floats:
    """Return the change of a state's share in Russia's goods imports from 2021 to 2022, points.

    Of the imports of the year, those of 2021 until the first day.
    """
    watched, state = evidence.watched, evidence.world.index(code)
    steps, days = watched.inside("2022-01", "2022-12"), watched.setting.config.scenario.step_days
    before = goods_bought(watched).sum(axis=0)
    of_year = np.tile(before * (YEAR - days * len(steps)), (len(watched.events), 1))
    for run, of_run in enumerate(of_year):
        for step in steps:
            of_run += days * np.sum(import_values(watched, run, step), axis=0)
    after: Floats = of_year[:, state] / of_year.sum(axis=1)
    return 100.0 * (after - before[state] / before.sum())


def sales_change(code: str, first: str, last: str, evidence: Evidence) -> Floats:
    """Return the change of a state's goods sales to Russia in some months, percent.

    Its own in the exact equilibrium and what it carries for the senders, in the mean over the
    steps that end in the months from one to another; nan if the run has none of them.
    """
    watched, state = evidence.watched, evidence.world.index(code)
    steps = watched.inside(first, last)
    sold = np.full((len(watched.events), len(steps)), np.nan)
    for at in np.ndindex(sold.shape):
        own, carried = import_values(watched, at[0], steps[at[1]])
        sold[at] = own[state] + carried[state]
    before = goods_bought(watched).sum(axis=0)[state]
    return mean_of(100.0 * (sold / before - 1.0))


def import_values(watched: Watched, run: int, step: int) -> tuple[Floats, Floats]:
    """Return each state's own goods that Russia imports, and the senders' that come through it.

    Flows of the start times their change in the exact equilibrium of what is stopped in a step.
    What of the senders' goods leaks comes from those through whom it arrives by the hubs' books;
    what cryptocurrencies pay for is counted with them. Both at the prices of the start, without
    the carriers' margins.

    Returns
    -------
    own, carried : (n_states,) float64
        USD billion a year.
    """
    if (run, step) not in watched.solved:
        watched.solved[run, step] = _import_values(watched, run, step)
    return watched.solved[run, step]


def _import_values(watched: Watched, run: int, step: int) -> tuple[Floats, Floats]:
    setting, t = watched.setting, watched.russia
    bought = goods_bought(watched) * _change(watched, run, step)
    gone = watched.covered[run, step, :, t, EXPORT] + (
        watched.held[run, step, :, t, EXPORT] * watched.withheld[run, step, t, EXPORT]
    )
    gone = gone[:, goods_of(setting)].T
    leaking = gone * watched.leak[run, step, t]
    coming = 1.0 - gone + leaking
    part = np.divide(leaking, coming, out=np.zeros_like(coming), where=coming > 0.0)
    around = bought[:, setting.senders] * part
    bought[:, setting.senders] -= around
    carried = watched.carried[run, step, t]
    own: Floats = bought.sum(axis=0)
    return own, around.sum() * carried / max(carried.sum(), 1e-300)


def _change(watched: Watched, run: int, step: int) -> Floats:
    """Return the ratio of Russia's imports in the equilibrium of a step to those before.

    Returns
    -------
    (n_goods, n_states) float64
    """
    setting = watched.setting
    economy, after = equilibrium_at_end(setting, watched.standing(run, step))
    at = np.ix_(np.flatnonzero(goods_of(setting)), [setting.targets[watched.russia]])
    before, now = economy.flows()[at][:, 0], after.flows()[at][:, 0]
    return np.divide(now, before, out=np.zeros_like(now), where=before > 0.0)


def route_share(evidence: Evidence) -> Floats:
    """Return the share of missing trade that comes through the three, end of 2022, percent."""
    return 100.0 * _through(evidence, END_2022)


def route_growth(evidence: Evidence) -> Floats:
    """Return what comes through the three at the end of 2022 over what came at mid-year."""
    return _through(evidence, END_2022) / _through(evidence, MID_2022)


def _through(evidence: Evidence, day: date) -> Floats:
    watched = evidence.watched
    states = [evidence.world.index(code) for code in ROUTE]
    step = watched.step_by(day)
    return watched.carried[:, step, watched.russia][:, states].sum(axis=1)


def hub_purchases(evidence: Evidence) -> Floats:
    """Return what the three buy of the EU for Russia in June 2022, USD million a month."""
    watched = evidence.watched
    return union_sales_bn(watched, ROUTE)[:, watched.step_by(MID_2022)] * 1e3 / 12.0


def hub_orders(hubs: list[str], evidence: Evidence) -> Floats:
    """Return what some hubs buy of the EU for Russia in 2022, USD billion."""
    return evidence.watched.of_2022(union_sales_bn(evidence.watched, hubs))


def union_sales_bn(watched: Watched, hubs: Iterable[str]) -> Floats:
    """Return what the EU sells to some states for Russia, (n_runs, n_steps), USD billion a year.

    Of what they buy of all senders, the part that the EU's goods have in what is missing.
    """
    setting = watched.setting
    states = [setting.world.index(code) for code in hubs]
    bought = watched.hub_bought_bn[:, :, watched.russia][:, :, states].sum(axis=2)
    gone = missing_bn(watched)
    of_union = gone[:, :, union_seats(setting)][..., goods_of(setting)].sum(axis=(2, 3))
    return bought * of_union / np.maximum(gone.sum(axis=(2, 3)), 1e-300)


def union_seats(setting: Setting) -> Flags:
    """Return which senders are members of the EU, (n_senders,)."""
    world = setting.world
    return np.isin(setting.senders, [world.index(n) for n in world.institution("EU").members])
