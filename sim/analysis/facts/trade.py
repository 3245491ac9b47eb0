"""Facts on Russia's imports: how far they fell, from whom they come, what way they take."""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.analysis.facts.dates import INVASION
from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.watched import Watched
from sim.arrays import Floats
from sim.economy.baseline import world_economy
from sim.economy.currency import felt_after
from sim.economy.equilibrium import solve
from sim.economy.shocks import EXPORT, problem, stopped_after
from sim.setting import Setting

MID_2022, END_2022 = date(2022, 6, 30), date(2022, 12, 31)
ROUTE = ("ARM", "KAZ", "KGZ")


def trough_day(evidence: Evidence) -> Floats:
    """Return the days from the invasion to the step in which most imports are lost."""
    watched = evidence.watched
    year = watched.step_by(END_2022) + 1
    lost = imports_lost(watched)[:, :year].argmax(axis=1)
    days = np.array([(end - INVASION).days for end in watched.dates])
    return days[lost].astype(np.float64)


def trough_depth(evidence: Evidence) -> Floats:
    """Return the largest share of imports lost in spring 2022, percent."""
    watched = evidence.watched
    spring = slice(0, watched.step_by(MID_2022) + 1)
    return 100.0 * imports_lost(watched)[:, spring].max(axis=1)


def recovery(evidence: Evidence) -> Floats:
    """Return the share of what was lost at the worst that is back by the end of 2022, percent."""
    watched = evidence.watched
    lost = imports_lost(watched)[:, : watched.step_by(END_2022) + 1]
    return 100.0 * (1.0 - lost[:, -1] / lost.max(axis=1))


def imports_lost(watched: Watched) -> Floats:
    """Return the share of Russia's goods imports felt to be lost, (n_runs, n_steps).

    What is covered and does not leak, at given prices, as contracts run out. The model's own share
    is not used: it is one of services too.
    """
    setting, t = watched.setting, watched.russia
    flow = goods_bought(watched)[:, setting.senders]
    covered = watched.covered[:, :, :, t, EXPORT][..., _goods(setting)]
    stopped = np.einsum("rsij,ji->rs", covered, flow) * (1.0 - watched.leak[:, :, t])
    stopped /= goods_bought(watched).sum()
    days, fade = setting.config.scenario.step_days, setting.config.currency.delivery_days
    felt = np.zeros((stopped.shape[0], stopped.shape[1] + 1))
    for step, lost in enumerate(stopped.T):
        felt[:, step + 1] = felt_after.py_func(felt[:, step], lost, days, fade)
    return felt[:, 1:]


def share_change(code: str, evidence: Evidence) -> Floats:
    """Return the change of a state's share in Russia's goods imports by the end of 2022, points."""
    watched, state = evidence.watched, evidence.world.index(code)
    step = watched.step_by(END_2022)
    runs = range(len(watched.events))
    after = np.array([import_shares(watched, run, step)[state] for run in runs])
    before = goods_bought(watched).sum(axis=0)
    return 100.0 * (after - before[state] / before.sum())


def goods_bought(watched: Watched) -> Floats:
    """Return Russia's goods imports before, (n_goods, n_states), USD billion a year."""
    setting = watched.setting
    russia = setting.targets[watched.russia]
    bought = setting.exposure.flow_bn[:, russia, :].T.copy()
    bought[:, russia] = 0.0
    return bought[_goods(setting)]


def _goods(setting: Setting) -> list[bool]:
    return [name != "services" for name in setting.exposure.sectors]


def import_shares(watched: Watched, run: int, step: int) -> Floats:
    """Return the share of each state in Russia's goods imports at the end of a step, (n_states,).

    What comes through a carrier counts as its own sales, as at customs.
    """
    own, carried = import_values(watched, run, step)
    by_state = own + carried
    return by_state / by_state.sum()


def import_values(watched: Watched, run: int, step: int) -> tuple[Floats, Floats]:
    """Return each state's own goods that Russia imports, and the senders' that come through it.

    Flows of the start times their change in the exact long-run equilibrium of what is covered and
    leaks. What of the senders' goods leaks comes from those through whom it arrives; what
    cryptocurrencies pay for is counted with them. Both at the prices of the start, without the
    carriers' margins.

    Returns
    -------
    own, carried : (n_states,) float64
        USD billion a year.
    """
    setting, t = watched.setting, watched.russia
    bought = goods_bought(watched) * _change(watched, run, step)
    stopped = watched.covered[run, step, :, t, EXPORT][:, _goods(setting)].T
    leaking = stopped * watched.leak[run, step, t]
    coming = 1.0 - stopped + leaking
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
    economy = world_economy(setting.world)
    stopped = stopped_after(watched.covered[run, step], watched.leak[run, step])
    paid, rate = np.zeros(len(setting.world.states)), setting.exposure.rate
    seats = setting.senders, setting.targets
    after = solve(economy, *problem(economy, stopped, paid, *seats, rate))
    at = np.ix_(np.flatnonzero(_goods(setting)), [setting.targets[watched.russia]])
    before, now = economy.flows()[at][:, 0], after.flows()[at][:, 0]
    return np.divide(now, before, out=np.zeros_like(now), where=before > 0.0)


def route_share(evidence: Evidence) -> Floats:
    """Return the share of covered trade that comes through the three, end of 2022, percent."""
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
    """Return what the three buy of the EU for Russia in June 2022, USD million a month.

    Of what they buy of all senders, the part that the EU's goods have in what is covered.
    """
    watched, world = evidence.watched, evidence.world
    step, states = watched.step_by(MID_2022), [world.index(code) for code in ROUTE]
    bought = watched.hub_bought_bn[:, step, watched.russia][:, states].sum(axis=1)
    covered = covered_bn(watched)[:, step]
    members = [world.index(code) for code in world.institution("EU").members]
    seats = np.isin(watched.setting.senders, members)
    of_union = covered[:, seats][:, :, _goods(watched.setting)].sum(axis=(1, 2))
    return bought * of_union / np.maximum(covered.sum(axis=(1, 2)), 1e-300) * 1e3 / 12.0


def covered_bn(watched: Watched) -> Floats:
    """Return what is covered of the senders' sales to Russia, USD billion a year.

    Returns
    -------
    (n_runs, n_steps, n_senders, n_sectors) float64
    """
    setting = watched.setting
    flow = setting.exposure.flow_bn[setting.senders, setting.targets[watched.russia]]
    return watched.covered[:, :, :, watched.russia, EXPORT] * flow
