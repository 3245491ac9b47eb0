"""The group `evasion`: how covered trade finds other ways."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.checked import Checked
from sim.config.fields import CHOICE, GRAVITY, number, parameter, share


@dataclass(slots=True)
class Evasion(Checked):
    """How covered trade finds another way: third states, crypto, enforcement."""

    leak_max: float = share(
        0.4,
        "share of covered trade that third states could replace in the long run",
        "below 10 percent through the Caucasus and Central Asia, more with China and Turkey",
        symbol="ℓ_max",
    )
    learning_days: float = number(
        105.0,
        (1.0, 3650.0),
        "time in which traders learn new routes",
        "import trough in April 2022, recovery in the second half of the year: 150 days from a ban "
        "to arrival (120 to 180), less the 45 of T_o, which are counted apart",
        "days",
        symbol="T_ℓ",
    )
    premium: float = number(
        0.3,
        (0.0, 5.0),
        "price premium on goods that come through third states",
        "20 to 40 percent; 75 percent for controlled goods (Korhonen and Simola 2025)",
        "share of the price",
        symbol="p",
    )
    enforcement: float = share(
        0.2, "share of the leak that enforcement stops at a support of one half", symbol="e"
    )
    willingness: float = share(
        0.8, "readiness of third states to carry, unless they condemn", symbol="w"
    )
    backing: dict[str, float] = parameter(
        {},
        "readiness to carry of single third states, whatever their stance",
        CHOICE,
        "share",
        (0.0, 1.0),
    )
    condemned_factor: float = share(
        0.6, "what is left of that readiness in a state that condemns", symbol="f"
    )
    compliance: float = number(
        3.0,
        (0.0, 20.0),
        "how strongly banks of third states heed secondary sanctions, per share of their trade",
        unit="per share of trade",
        symbol="m",
    )
    distance_elasticity: float = number(
        0.93,
        (0.0, 2.0),
        "fall of a state's weight as a route with the log of its distance from the target",
        f"{GRAVITY}: mean -0.93 of 1,835 estimates, standard deviation 0.4",
        "percent per percent",
        symbol="ε",
    )
    border_effect: float = number(
        0.53,
        (0.0, 2.0),
        "log of what a border with the target multiplies that weight by",
        f"{GRAVITY}: mean 0.53, standard deviation 0.57",
        "log weight",
    )
    language_effect: float = number(
        0.54,
        (0.0, 2.0),
        "the same for a common language",
        f"{GRAVITY}: mean 0.54, standard deviation 0.44",
        "log weight",
    )
    colony_effect: float = number(
        0.92,
        (0.0, 2.0),
        "the same for a state that once was ruled from there, or the other way",
        f"{GRAVITY}: mean 0.92, standard deviation 0.61",
        "log weight",
    )
    union_effect: float = number(
        1.09,
        (0.0, 2.0),
        "the same for a union without a customs border",
        f"{GRAVITY}, trade agreements: mean 0.59; and log 1.65, by which the end of customs points "
        "raised trade within the Eurasian union (Gnutzmann-Mkrtchyan and Gnutzmann, abstract); "
        "range 0.69, a customs union doubles trade (Roy 2010, abstract), to 1.5",
        "log weight",
    )
    hub_capacity: float = number(
        0.25,
        (0.0, 10.0),
        "most that a state orders for targets, as a share of its own imports of goods",
        "assumption, 0.1 to 1: ports, roads, storage and credit are built for its own trade",
        "share of own imports",
        symbol="h_o",
    )
    lag_days: float = number(
        45.0,
        (0.0, 365.0),
        "mean time from a hub's order to arrival at the target",
        "assumption, 30 to 90: a sea leg of two to five weeks, new papers, a leg by land",
        "days",
        symbol="T_o",
    )
    transit_loss: float = share(
        0.05,
        "share of what a hub orders that it keeps, or that is lost on the way",
        "assumption, 0 to 0.2",
        symbol="λ_o",
    )
    crypto_use: float = share(
        0.1,
        "share of covered exports to a target that crypto would pay, per adoption index of 1",
        symbol="u",
    )
    crypto_cap_bn: float = number(
        2.7,
        (0.0, 100.0),
        "most that cryptocurrencies carry for a target",
        "USD 7 mn a day; peak 40 mn a day or 15 bn a year (Chainalysis, Kaiko)",
        "USD bn a year",
        symbol="C",
    )
