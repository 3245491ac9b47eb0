"""The group `society`: support at home, talks and settlement."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.checked import Checked
from sim.config.fields import number, share


@dataclass(slots=True)
class Society(Checked):
    """Domestic support, the course of the war, and talks."""

    support: float = share(0.6, "support for sanctions at the start")
    rally: float = share(0.4, "part of support that events alone carry", symbol="r")
    fatigue_days: float = number(
        120.0, (1.0, 3650.0), "time in which a mood fades to 1/e", unit="days", symbol="T_s"
    )
    cost_weight: float = number(
        0.5,
        (0.0, 100.0),
        "loss of support with the sender's own loss",
        unit="1/percent of GDP",
        symbol="k",
    )
    nearness: float = share(
        1.0,
        "how far nearness to the war stands for its events and makes losses bearable",
        "assumption, 0.5 to 1: support in April 2022 was among the highest in Poland and Finland",
        symbol="ν",
    )
    escalation: float = number(
        0.0, (0.0, 10.0), "rate of random events of escalation", "scripted events only", "1/week"
    )
    escalation_severity: float = share(0.1, "severity of a random event")
    talks: float = number(
        0.0, (0.0, 10.0), "rate of rounds of talks beside the dated ones", "the record", "1/week"
    )
    settlement: float = number(
        -6.0,
        (-30.0, 5.0),
        "log hazard that a round settles the war without loss",
        unit="log 1/round",
        symbol="σ0",
    )
    settlement_loss: float = number(
        0.2, (0.0, 10.0), "its rise with the target's loss", unit="1/percent of GDP", symbol="σ1"
    )
    settlement_doubt: float = number(
        0.5,
        (0.0, 10.0),
        "its rise with doubt about the coalition's resolve",
        unit="log hazard",
        symbol="σ2",
    )
    backslide: float = number(
        0.03,
        (0.0, 10.0),
        "rate at which a sender outside all institutions gives a measure up",
        "Drezner (2000) for the mechanism; 0.02 to 0.05 a month assumed",
        "1/month",
        symbol="z",
    )
    easing_days: float = number(
        180.0,
        (1.0, 36500.0),
        "mean time until a measure is lifted after a settlement",
        unit="days",
        symbol="T_e",
    )
