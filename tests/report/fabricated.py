"""A fabricated run in a world of seven states, small enough to check by eye."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pandas as pd

from sim.config import Config
from sim.engine.tables import EVENT_COLUMNS, History
from sim.setting import Setting
from sim.world.catalogue import Countermeasure, Event, Institution, Measure

STATES = ("AAA", "BBB", "CCC", "DDD", "TTT", "HHH", "PPP")
NAMES = ("Aland", "<script>alert(1)</script>", "Cland", "Dland", "Tland", "Hland", "Rest & others")
ROLES = ("sender", "sender", "sender", "sender", "target", "hub", "passive")


class Made(SimpleNamespace):
    """A setting of what it is given, with the names of a prepared one."""

    main_target, names, name_of = Setting.main_target, Setting.names, Setting.name_of


def measure(code, label, competence="eu", scope="trade", waves=1):
    return Measure(
        code,
        label,
        scope,
        ("TTT",),
        competence,
        lag_days=0,
        effect=("none",),
        bank_share=0.0,
        wedge=0.0,
        tariff=0.0,
        discount=0.0,
        service_share=0.0,
        waves=waves,
        signal=0.5,
    )


def counter(code, label, aim):
    numbers = {"lag_days": 0, "harm": 0.1, "own_cost": 0.1, "readiness": 0.0}
    return Countermeasure(code, label, aim, **numbers, issuers=("TTT",))


MEASURES = (
    measure("freeze", "Asset freeze", waves=3),
    measure("ban", "Export ban"),
    measure("airspace", "Closure of airspace", "national"),
    measure("words", "Condemnation", "national", "diplomacy"),
)
ANSWERS = (counter("list", "List of foes", "senders"), counter("cut", "Gas cut-off", "each"))


def real(sender, instrument, day, status="read", target="TTT"):
    return {
        "sender": sender,
        "target": target,
        "instrument": instrument,
        "announced": date(2022, 3, day),
        "announced_status": status,
    }


def make_setting(folder):
    """AAA and the union UNI of CCC and DDD are in the record, BBB is not."""
    union = Institution("UNI", "Union", "union", "unanimity", 7, ("CCC", "DDD"))
    council = SimpleNamespace(
        institution=union, competence="eu", rule="unanimity", members=np.array([2, 3])
    )
    config = Config()
    config.scenario.targets = {"TTT": 1.0}
    config.scenario.steps = 8
    network = nx.MultiDiGraph()
    for i, j, layer, weight in (
        ("AAA", "BBB", "defence", 1.0),
        ("CCC", "DDD", "membership", 0.5),
        ("TTT", "HHH", "trade", 0.4),
        ("TTT", "AAA", "trade", 0.1),
        ("AAA", "PPP", "trade", 0.9),
    ):
        network.add_edge(i, j, key=layer, weight=weight)
        if layer != "trade":
            network.add_edge(j, i, key=layer, weight=weight)
    start = date(2022, 3, 1)
    events = (
        Event(date(2022, 3, 3), "trigger", 0.9, "Invasion", ""),
        Event(date(2022, 3, 4), "trigger", 0.2, "Shelling", ""),
        Event(date(2022, 4, 1), "trigger", 0.2, "Killings", ""),
    )
    return Made(
        world=SimpleNamespace(
            folder=Path(folder),
            states=STATES,
            names=NAMES,
            names_by_code=dict(zip(STATES, NAMES, strict=True)),
            roles=ROLES,
            events=events,
            gdp_bn=np.array([100.0, 50.0, 20.0, 10.0, 30.0, 5.0, 400.0]),
            measures=MEASURES,
            countermeasures=ANSWERS,
            labels={one.code: one.label for one in (*MEASURES, *ANSWERS)},
            institutions=(union,),
            timeline=[
                real("AAA", "freeze", 4),
                real("AAA", "freeze", 9),
                real("AAA", "ban", 6),
                real("UNI", "freeze", 5, "recalled"),
                real("UNI", "airspace", 8),
                real("TTT", "list", 7, target="foes"),
                real("TTT", "cut", 12, target="DDD"),
                real("AAA", "ban", 20, target="XXX"),
            ],
            unfriendly=("AAA", "CCC"),
            fingerprint="0123456789abcdef",
            index=STATES.index,
        ),
        config=config,
        start=start,
        n_days=56,
        network=network,
        roles=ROLES,
        senders=np.arange(4),
        sender_codes=STATES[:4],
        acts=tuple(SimpleNamespace(measure=m, target="TTT") for m in MEASURES),
        councils=(council,),
        events=events,
        war=SimpleNamespace(first_meeting=2),
        alliance=SimpleNamespace(ties=(np.ones((4, 4)) - np.eye(4)) / 3.0),
        third_parties=SimpleNamespace(takes_stance=np.array([role == "hub" for role in ROLES])),
        date_of=lambda day: start + timedelta(days=int(day)),
    )


def event(day, actor, kind, instrument, target="TTT", detail=""):
    when = (date(2022, 3, 1) + timedelta(days=day)).isoformat()
    return (day, when, actor, kind, instrument, target, when, detail)


def make_events():
    rows = [
        event(2, "AAA", "measure", "words"),
        event(4, "AAA", "measure", "freeze"),
        event(3, "BBB", "measure", "ban"),
        event(40, "BBB", "measure", "freeze"),
        event(2, "UNI", "blocked", "ban", detail="DDD"),
        event(6, "UNI", "council", "freeze"),
        event(5, "CCC", "measure", "airspace"),
        event(7, "DDD", "measure", "airspace"),
        event(7, "CCC", "measure", "words"),
        event(8, "TTT", "countermeasure", "list", ""),
        event(8, "TTT", "listed", "list", "AAA"),
        event(10, "AAA", "protest", "protest"),
        event(20, "TTT", "countermeasure", "cut", "CCC"),
        event(15, "TTT", "countermeasure", "cut", "AAA"),
        event(9, "AAA", "measure", "freeze", detail="wave 2 of 3; 12 entities; First Bank"),
        event(30, "AAA", "measure", "freeze", detail="wave 3 of 3"),
        event(20, "BBB", "withdrawal", "ban"),
        event(25, "BBB", "measure", "ban"),
        event(26, "BBB", "withdrawal", "ban"),
        event(45, "BBB", "withdrawal", "freeze"),
        event(50, "BBB", "measure", "freeze", detail="wave 1 of 3"),
        event(12, "HHH", "stance", "condemn"),
        event(14, "HHH", "cooperation", "defence_cooperation"),
        event(2, "world", "event", "trigger", "", "Invasion"),
        event(3, "world", "event", "trigger", "", "Shelling"),
        event(31, "world", "event", "trigger", "", "Killings"),
    ]
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS))


def make_steps():
    dates = [(date(2022, 3, 7) + timedelta(days=7 * t)).isoformat() for t in range(8)]
    grow = np.linspace(0.0, 1.0, 8)
    return pd.DataFrame(
        {
            "step": range(8),
            "date": dates,
            "mean_sender_loss": 0.1 * grow,
            "mean_support": 0.6 - 0.1 * grow,
            "waves_announced": range(8),
            "belief": 0.3 + 0.2 * grow,
            "attempt_risk": 0.02 * grow,
            "loss_TTT": 2.5 * grow,
            "leak_TTT": 0.2 * grow,
            "log_rate_TTT": 0.5 - 0.5 * grow,
        }
    )


def make_states():
    loss = {"AAA": 0.1, "BBB": 0.4, "CCC": 0.2, "DDD": 0.05, "TTT": 2.5, "HHH": 0.0, "PPP": 0.0}
    rows = [
        {
            "step": t,
            "state": code,
            "role": role,
            "loss": loss[code] * t / 7,
            "loss_bn": loss[code] * t / 70,
            "transfer_bn": 0.0,
            "relation": 0.25,
            "diverted_bn": 1.25 * t / 7 if code == "HHH" else 0.0,
            "hub_purchases_bn": 2.0 * t / 7 if code == "HHH" else 0.0,
            "support": 0.6 if role == "sender" else float("nan"),
        }
        for t in range(8)
        for code, role in zip(STATES, ROLES, strict=True)
    ]
    return pd.DataFrame(rows)


def make_outcomes():
    return {
        "loss_TTT": 2.5,
        "loss_TTT_first_year": 7.5,
        "loss_TTT_third_year": 3.5,
        "loss_TTT_long_run": 2.5,
        "log_rate_TTT": 0.0,
        "sender_loss_mean_long_run": 0.1875,
        "sender_loss_mean_first_year": 0.5,
        "sender_loss_bn": 12.5,
        "waves_announced": 9.0,
        "designated": 12.0,
        "coalition_size": 4.0,
        "transfers_bn": 0.0,
        "belief": 0.5,
        "attempt_risk": 0.02,
        "leak_TTT": 0.2,
        "sender_loss_mean": 0.1875,
        "acts_announced": 8.0,
        "days_to_100": float("nan"),
        "settled_day": float("nan"),
        "note": "<b>bold</b>",
        "flag": True,
    }


def make_sectors():
    """Return losses and output in three sectors; a fifth of each loss is no sector's."""
    rows = []
    for state, role in zip(STATES, ROLES, strict=True):
        loss = {"AAA": 0.1, "BBB": 0.4, "CCC": 0.2, "DDD": 0.05, "TTT": 2.5, "HHH": -0.3}.get(state)
        for sector, part in (("coal", 0.5), ("oil_gas", 0.3), ("services", 0.0), ("payments", 0.2)):
            moves = sector != "payments"
            rows.append(
                {
                    "state": state,
                    "role": role,
                    "sector": sector,
                    "loss": part * (loss or 0.0),
                    "loss_bn": part * (loss or 0.0) / 10.0,
                    "output_volume": -20.0 * part * (loss or 0.0) if moves else np.nan,
                    "exports": np.nan if sector == "coal" or not moves else -1.25,
                    "imports": 0.5 if moves else np.nan,
                    "price": 3.0 if moves else np.nan,
                }
            )
        rows += [
            {"state": state, "role": role, "sector": sector, "loss": 0.0, "loss_bn": 0.0}
            for sector in ("closed_borders", "transfers")
        ]
    return pd.DataFrame(rows)


def run_of(setting, events, steps, states, outcomes, sectors=None):
    """Return tables as a run; who announced what when stands in its events alone."""
    return History(setting, np.empty((0, 0)), events, steps, states, outcomes, sectors)
