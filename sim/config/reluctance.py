"""The group `reluctance`: what firms and banks hold back beyond the letter."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.checked import Checked
from sim.config.fields import LEARNT, number, share


@dataclass(slots=True)
class Reluctance(Checked):
    """What firms and banks hold back beyond the letter; payment_risk=0 reputation=0 for nothing."""

    payment_risk: float = share(
        0.86,
        "share of trade that nobody banned which is held back at full payment risk",
        f"{LEARNT}, 0.65 to 0.99",
        symbol="h_Q",
    )
    risk_days: float = number(
        88.0,
        (7.0, 365.0),
        "time in which payment risk fades to 1/e",
        f"{LEARNT}, 65 to 145",
        "days",
        symbol="T_Q",
    )
    controls: float = share(
        0.5,
        "jump of payment risk when a target keeps money from leaving and all senders act",
        "assumption, 0.25 to 0.75: all accounts, against the banks that are cut off",
        symbol="a_c",
    )
    export_risk: float = share(
        0.0,
        "payment risk of who buys from a target, per that of who sells to it",
        "the seller bears it (Schmidt-Eisenlohr 2013): 0 to 0.3",
        symbol="ξ",
    )
    third: float = share(
        0.95,
        "what third states hold back at the same payment risk, per what senders do",
        f"{LEARNT}, 0.78 to 1",
        symbol="κ_Q",
    )
    union: float = share(
        0.37,
        "what third states in one union with a target hold back, per what other third states do",
        "its currency is no foreign one: in 2021 rubles were 72 percent of payments in the "
        "Eurasian union, own currencies 25 of those with China, which is learnt on; 0.3 to 1",
        symbol="κ_U",
    )
    reputation: float = share(
        0.28,
        "share of trade that nobody banned which is held back once all firms have reacted",
        f"{LEARNT}, 0.24 to 0.32",
        symbol="h_F",
    )
    exit_days: float = number(
        44.0,
        (14.0, 120.0),
        "time in which all firms but 1/e react to measures",
        f"{LEARNT}, 30 and more",
        "days",
        symbol="T_F",
    )
    return_days: float = number(
        1000.0,
        (180.0, 36500.0),
        "time in which they come back but for 1/e once measures are lifted",
        "assumption, 365 to 3000: a factory that was sold is not bought back",
        "days",
        symbol="T_R",
    )
    full_signals: float = number(
        2.5,
        (0.1, 20.0),
        "summed signals of a sender's measures in effect at which its firms need no more to leave",
        "assumption, 1 to 5: Korea's in April 2022, when its exports had fallen by 71 percent",
        "signals",
        symbol="S_F",
    )
