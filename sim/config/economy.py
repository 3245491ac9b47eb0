"""The group `economy`: how losses are priced."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.checked import Checked
from sim.config.fields import CHOICE, number, parameter, share


@dataclass(slots=True)
class Economy(Checked):
    """How losses are priced."""

    name: str = parameter(
        "exposure",
        "how losses are priced: by exposure, or with an exact equilibrium at the end besides",
        CHOICE,
        among=("exposure", "exact"),
    )
    horizon: str = parameter(
        "path",
        "trade elasticities of losses: those of the age of each cut, or of one end throughout; "
        "governments weigh the first year in any case",
        "long run: Fontagne, Guimbard and Orefice (2022); path: Boehm, Levchenko and "
        "Pandalai-Nayar (2023)",
        among=("path", "short_run", "long_run"),
    )
    baseline: str = parameter(
        "balanced",
        "trade balances before the shock",
        "balanced, as in Chowdhry, Hinz, Kamin and Wanner (2024)",
        among=("balanced", "observed"),
    )
    energy_prices: str = parameter(
        "record",
        "world prices of energy from outside: the world's dated path ('record'), those of 2021 "
        "throughout ('flat'), or a CSV file with the columns of energy_prices.csv",
        "World Bank, monthly",
    )
    goods_prices: bool = parameter(
        True,
        "what of those prices is no fuel's moves too: grain and fertilisers",
        "World Bank, monthly; parts of Russia's exports: energy_prices.csv",
    )
    price_response: bool = parameter(
        True,
        "the world's prices of energy, and what a target gets for its exports, answer to what is "
        "cut",
        "elasticities: sectors.csv",
    )
    contracts: bool = parameter(
        True,
        "a share of gas in pipes is paid at prices that follow the price of the day late",
        "share and time: sectors.csv",
    )
    stocks: bool = parameter(
        True,
        "stocks bridge the first months of what gas a buyer misses, and are refilled",
        "share and time: sectors.csv",
    )
    shadow_fleet: float = share(
        0.5,
        "share of a target's oil that sails in the end without services of those who cap its price",
        "assumption, 0.3 to 0.8: Iran sold about a third of its former exports by such ships three "
        "years after 2018 (recalled); its and Venezuela's supertankers trebled from 2019 to "
        "February 2022 (Financial Times, 20 February 2022)",
        symbol="v",
    )
    shadow_fleet_days: float = number(
        540.0,
        (30.0, 3650.0),
        "time in which that share is reached but for 1/e, from the first announcement of a cap or "
        "a ban on oil",
        "assumption, 180 to 1080: ships that trebled in under three years, as above",
        "days",
        symbol="T_v",
    )
