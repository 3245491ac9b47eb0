"""Facts on Russia's imports: how far they fell, from whom they come, what way they take."""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.analysis.facts.dates import INVASION
from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.ledger import TRUE, Claim, Fact
from sim.analysis.facts.watched import Watched
from sim.arrays import Floats
from sim.economy.baseline import world_economy
from sim.economy.currency import felt_after
from sim.economy.equilibrium import solve
from sim.economy.shocks import EXPORT, problem
from sim.setting import Setting

MID_2022, END_2022 = date(2022, 6, 30), date(2022, 12, 31)
ROUTE = ("ARM", "KAZ", "KGZ")
SHARES = "IMF, International Trade in Goods by partner country, Russia's imports 2021 and 2022 "
SHARES += "(read, 2022 from partners); totals 293.5 (recalled) and 255.3 bn (customs, via Agenzia "
SHARES += "Nova)"
CARRIES = "trade tables and elasticities; who carries is data, how much is ℓ_max and T_ℓ"
LEAK_SET = "source of ℓ_max and T_ℓ in sim/config.py names this fact"


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

    Flows of the start times their change in the exact long-run equilibrium of what is covered and
    leaks; what of the senders' goods leaks comes from those who carry it. What cryptocurrencies
    pay for is counted with them.
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
    by_state = bought.sum(axis=0) + around.sum() * carried / max(carried.sum(), 1e-300)
    return by_state / by_state.sum()


def _change(watched: Watched, run: int, step: int) -> Floats:
    """Return the ratio of Russia's imports in the equilibrium of a step to those before.

    Returns
    -------
    (n_goods, n_states) float64
    """
    setting = watched.setting
    economy = world_economy(setting.world)
    paid = np.zeros((setting.targets.size, len(setting.world.states)))
    acts = watched.covered[run, step], watched.leak[run, step], paid
    rate = setting.exposure.rate
    after = solve(economy, *problem(economy, *acts, setting.senders, setting.targets, rate))
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


FACTS = (
    Fact(
        code="trough_in_spring",
        statement="Russia's imports are lowest in spring 2022, in April by most accounts.",
        source="Brooks, exports of the 20 largest partners to Russia, as reported in 2022; BOFIT "
        "blog, 17 economies to June 2022",
        status="read",
        outcome="days from the invasion to the worst week of 2022 (April to June: 36 to 126)",
        unit="days",
        claim=Claim(36.0, 126.0),
        fitted=True,
        basis="T_ℓ and delivery: sim/config.py and docs/economy.md name this fact",
        why="The worst week is the last or nearly so: measures pile up through 2022, and new "
        "routes make good less. What fell at once in 2022 and came back, payments, freight, "
        "firms, is not in the model (firms_leave).",
        measure=trough_day,
    ),
    Fact(
        code="trough_depth",
        statement="At the trough imports from the large partners are down by 40 to 50 %.",
        source="Brooks: -50 % in April 2022; BOFIT blog: -40 % in June against before the war",
        status="read",
        outcome="largest share of Russia's imports lost by the end of June 2022",
        unit="percent",
        claim=Claim(35.0, 55.0),
        fitted=False,
        basis="coverage sized to 28 % of EU exports (BOFIT), not to the trough",
        why="A third of it. Only what measures cover is lost; most of what was missing in spring "
        "nobody had banned (firms_leave).",
        measure=trough_depth,
    ),
    Fact(
        code="partial_recovery",
        statement="Imports recover in part by the end of the year: down by 13 % over 2022 as a "
        "whole.",
        source="customs, 255.3 bn in 2022 (via Agenzia Nova) after 293.5 bn (recalled)",
        status="derived",
        outcome="share of the worst loss of 2022 that is made good by its end",
        unit="percent",
        claim=Claim(30.0, 95.0),
        fitted=True,
        basis=LEAK_SET,
        why="There is no early trough to recover from (trough_in_spring).",
        measure=recovery,
    ),
    Fact(
        code="china_share",
        statement="China's share in Russia's imports rises, 24.8 to 32.1 % (73 to 82 bn).",
        source=SHARES,
        status="derived",
        outcome="change of its share in goods imports by the end of 2022; half to twice +7.4",
        unit="points",
        claim=Claim(3.7, 14.8, sign=1),
        fitted=False,
        basis=CARRIES,
        why="",
        measure=lambda evidence: share_change("CHN", evidence),
    ),
    Fact(
        code="turkey_share",
        statement="Turkey's share in Russia's imports rises, 2.2 to 4.1 % (6.5 to 10.5 bn).",
        source=SHARES,
        status="derived",
        outcome="change of its share in goods imports by the end of 2022; half to twice +1.9",
        unit="points",
        claim=Claim(0.9, 3.8, sign=1),
        fitted=False,
        basis=CARRIES,
        why="Sign right, a quarter of the size. Carriers are weighed by their sales of 2021, and "
        "Turkey condemns and heeds threats: nobody becomes a hub that was none.",
        measure=lambda evidence: share_change("TUR", evidence),
    ),
    Fact(
        code="germany_share",
        statement="Germany's share in Russia's imports falls, 9.3 to 5.2 % (27 to 13 bn).",
        source=SHARES,
        status="derived",
        outcome="change of its share in goods imports by the end of 2022; half to twice -4.1",
        unit="points",
        claim=Claim(-8.2, -2.0, sign=-1),
        fitted=False,
        basis=CARRIES,
        why="",
        measure=lambda evidence: share_change("DEU", evidence),
    ),
    Fact(
        code="route_small",
        statement="Re-export through Armenia, Kazakhstan and Kyrgyzstan replaces less than a tenth "
        "of lost trade, about 5 %.",
        source="Chupilkin, Javorcik and Plekhanov (2023), EBRD working paper; final version CEPR "
        "DP 20097 (2025)",
        status="read",
        outcome="share of covered exports to Russia that the three carry, end of 2022",
        unit="percent",
        claim=Claim(1.0, 10.0),
        fitted=True,
        basis="source of ℓ_max in sim/config.py names this fact; the three's part of it is data",
        why="",
        measure=route_share,
    ),
    Fact(
        code="route_grows",
        statement="That re-export still grows in the second half of 2022.",
        source="Russia's imports from the three in 2022 against 2021, 11.7 after 8.2 bn (IMF); "
        "EU exports of listed goods to them in June 2022 twice those of winter (Eurostat); second "
        "half recalled",
        status="recalled",
        outcome="share carried at the end of 2022 over that of mid-2022",
        unit="",
        claim=Claim(1.05, 3.0),
        fitted=True,
        basis=LEAK_SET,
        why="",
        measure=route_growth,
    ),
    Fact(
        code="hubs_buy_more",
        statement="EU exports of listed goods to the three rise with what they sell on: 170 mn a "
        "month in winter, 370 mn in June 2022.",
        source="Eurostat, monthly exports of listed goods by partner, cut by V. Zemlys-Balevicius",
        status="read",
        outcome="none",
        unit="",
        claim=TRUE,
        fitted=False,
        basis="",
        why="What leaks is counted where it arrives: hubs buy no more for it. It would take flows "
        "from senders to hubs by product, with a lag and a loss on the way.",
        measure=None,
    ),
)
