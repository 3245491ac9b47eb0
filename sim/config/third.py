"""The group `third`: what third states do."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.checked import Checked
from sim.config.fields import VOTES, number, parameter, share


@dataclass(slots=True)
class Third(Checked):
    """What third states think and do, and what they learn from the coalition."""

    condemn: float = number(
        -0.21, (-30.0, 30.0), "level of condemning the violation", VOTES, "log odds", symbol="γ0"
    )
    condemn_distance: float = number(
        3.65,
        (0.0, 20.0),
        "its rise with the ideal point in the UN beyond that of the target",
        f"{VOTES}: 1.6 to 5.7",
        "log odds",
        symbol="γ1",
    )
    condemn_pact: float = number(
        3.45,
        (0.0, 20.0),
        "its fall with a pledge to consult with the target",
        f"{VOTES}: 0.6 to 6.3",
        "log odds",
        symbol="γ5",
    )
    condemn_days: float = number(
        6.0,
        (0.1, 365.0),
        "mean time until a state that condemns the gravest violation says so",
        "the vote of 2 March 2022 came six days after the invasion; 2 to 14 days",
        "days",
        symbol="T_c",
    )
    cooperation: float = number(
        -0.85,
        (-30.0, 30.0),
        "level of deepening defence cooperation with the target, at capabilities of 1",
        "about two acts a year by China under full pressure: exercises and patrols of 2021 "
        "(recalled); one to four",
        "log 1/week",
        symbol="γ2",
    )
    cooperation_relation: float = number(
        1.5, (0.0, 20.0), "its rise with the relation", unit="log hazard", symbol="γ3"
    )
    cooperation_pressure: float = number(
        0.5,
        (0.0, 20.0),
        "its rise with the log of the coalition's signals",
        unit="log hazard",
        symbol="γ4",
    )
    cooperation_step: float = share(0.05, "what one act of cooperation adds to a relation")
    belief: float = share(0.3, "belief in the coalition's resolve at the start")
    patience_days: float = number(
        60.0,
        (0.0, 3650.0),
        "time without a new act in which belief does not fall",
        "assumption, 30 to 120: the EU's packages to May 2022 lay up to six weeks apart",
        "days",
        symbol="T_q",
    )
    belief_days: float = number(
        90.0,
        (1.0, 3650.0),
        "time in which bystanders learn what the coalition does",
        unit="days",
        symbol="T_b",
    )
    attempt: float = number(
        -4.0,
        (-30.0, 5.0),
        "level of the hazard of an attempt in the theatre",
        unit="log 1/year",
        symbol="α0",
    )
    attempt_resolve: float = number(
        2.0,
        (0.0, 20.0),
        "its fall with the belief in the coalition's resolve",
        unit="log hazard",
        symbol="α1",
    )
    attempt_tie: float = number(
        1.0,
        (0.0, 20.0),
        "its rise with the relation of the challenger with the target",
        unit="log hazard",
        symbol="α2",
    )
    challenger: str = parameter("CHN", "state whose attempt in the theatre is asked about")
