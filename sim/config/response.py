"""The group `response`: how targets answer."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.checked import Checked
from sim.config.fields import BUYERS, HAND, number, share


@dataclass(slots=True)
class Response(Checked):
    """How a target answers."""

    intercept: float = number(
        -1.0, (-30.0, 30.0), "level at a provocation of 1", HAND, "log 1/week", symbol="ρ0"
    )
    cost_elasticity: float = number(
        0.5, (0.0, 10.0), "weight of log(harm / own cost)", HAND, "log hazard", "ρ1"
    )
    listing_days: float = number(
        4.0, (0.1, 365.0), "mean time until a new sender is put on an existing list", HAND, "days"
    )
    relation_step: float = share(0.05, "what a protest, an answer or a listing costs a relation")
    protest_days: float = number(
        7.0,
        (0.1, 3650.0),
        "mean time until a state that was listed or cut off protests",
        "Japan protested within days of the list of 7 March 2022",
        "days",
    )
    refusal: float = number(
        -0.79,
        (-30.0, 30.0),
        "level of refusing to pay for gas in rubles",
        BUYERS,
        "log odds",
        symbol="φ0",
    )
    refusal_nearness: float = number(
        6.54,
        (-10.0, 30.0),
        "its rise with nearness to the war",
        f"{BUYERS}: -3 to 16",
        "log odds",
        "φ1",
    )
    refusal_volume: float = number(
        0.68,
        (-1.0, 5.0),
        "its fall with the log of the gas bought, bn cubic metres a year",
        f"{BUYERS}: -0.1 to 1.5",
        "log odds",
        symbol="φ2",
    )
    payment_days: float = number(
        30.0,
        (0.0, 120.0),
        "time from the demand until payment in rubles is due",
        "assumption, 20 to 40: decree of 31 March 2022, first cut-offs on 27 April",
        "days",
        symbol="T_d",
    )
    paying_factor: float = share(
        0.0005,
        "what is left of the hazard of a cut-off for a buyer that pays",
        "assumption, 0 to 0.04: none of them was cut off by 20 May 2022",
        symbol="ω",
    )
    throttling: float = number(
        1.0,
        (0.0, 100.0),
        "how readily a target holds back part of a fuel that it sells by pipe, 0 for never",
        "factor on a hazard from three acts of August 2021 to May 2022, 0.3 to 2.5",
        "1",
        "χ_T",
    )
    trust: float = share(
        0.15,
        "share of later sales to a buyer that a unit held back from it today costs",
        "assumption, 0 to 0.5: the value of a contract kept",
        symbol="φ",
    )
    contract_years: float = number(
        7.0,
        (0.0, 50.0),
        "years of sales, discounted, to a buyer that has not said that it will leave",
        "assumption, 5 to 10: contracts of ten to fifteen years to run (recalled), a tenth a year",
        "years",
        symbol="Y",
    )
