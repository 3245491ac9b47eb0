"""The group `currency`: what moves the rate of a target's currency."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.checked import Checked
from sim.config.fields import number, share


@dataclass(slots=True)
class Currency(Checked):
    """At which rate a target's foreign exchange clears; a rise of the rate is a loss of value."""

    import_elasticity: float = number(
        0.76,
        (0.2, 1.5),
        "elasticity of imports to their price at home, the rate passed through in full",
        "Boehm, Levchenko and Pandalai-Nayar (2023), first year",
        "percent per percent",
        symbol="η_m",
    )
    export_elasticity: float = number(
        0.2,
        (0.0, 0.8),
        "elasticity of export income without fuels, in dollars, to the rate",
        "assumption: prices are set in dollars, so little in the first year (Gopinath et al. 2020)",
        "percent per percent",
        symbol="η_x",
    )
    leaning: float = number(
        0.2,
        (0.05, 0.6),
        "capital that flows against a rate off its base, with the account open",
        "1.85 percent per 1 percent of GDP bought (Adler, Lisack and Mano 2015), less what trade "
        "gives where imports are 35 percent of GDP (assumption)",
        "GDP a year per log point",
        symbol="k_e",
    )
    controls: float = number(
        0.54,
        (0.2, 0.8),
        "share of capital flows that full controls stop",
        "non-residents' share of positions: 1.18 of 1.18 + 1.62 less 0.61 in reserves, USD "
        "trillion, September 2021 (Brookings, 3 March 2022; reserves recalled)",
        "share",
        symbol="c",
    )
    precaution: float = number(
        0.58,
        (0.1, 0.8),
        "foreign assets sought at full alarm",
        "learnt on March 2022 alone; outflow of 130 bn in 2008 Q4 and 73 bn in 2014 Q4, 0.3 and "
        "0.15 of GDP a year (recalled)",
        "GDP a year",
        symbol="p_e",
    )
    support: float = number(
        0.3,
        (0.1, 0.7),
        "share of reserves that a central bank sells at full alarm",
        "assumption between 2008-09 (a third in half a year) and 2014 (a sixth in the year), "
        "recalled",
        "1 a year",
        symbol="s_e",
    )
    saved: float = share(
        0.5,
        "share of fuel income beyond the base year that the state puts abroad if it can",
        "assumption: fiscal rule on the tax share of the oil and gas price (recalled)",
        symbol="σ_e",
    )
    purchases: float = number(
        0.07,
        (0.0, 0.15),
        "reserves that the state bought in the base year, over their stock",
        "USD 46 bn of 630 in 2021, without drawing rights (recalled)",
        "1 a year",
        symbol="b_e",
    )
    exclusion: float = share(0.3, "alarm if all banks lose payments messaging", symbol="a_s")
    fade_days: float = number(
        30.0,
        (13.0, 120.0),
        "time in which alarm fades to 1/e",
        "households withdrew 1.2 trillion rubles in February and 0.2 in March 2022 and brought 1.3 "
        "back in April (Bank of Russia via Reuters, TASS): a tenth was left after 30 days, so 13 "
        "if fear alone brought it back; the policy rate did too; 13 to 60",
        "days",
        symbol="fade",
    )
    run_days: float = number(
        7.0,
        (1.0, 21.0),
        "time in which alarm turns into a run but for 1/e",
        "assumption: deposits are drawn over days; in Russia most in the two weeks after 24 "
        "February 2022 (recalled)",
        "days",
        symbol="run",
    )
    delivery_days: float = number(
        30.0,
        (7.0, 90.0),
        "time in which a change of trade is felt but for 1/e",
        unit="days",
        symbol="delivery",
    )
    rate_rise: float = number(
        0.105,
        (0.0, 0.3),
        "rise of the policy rate where it is an answer",
        "Bank of Russia: from 9.5 to 20 percent on 28 February 2022",
        "1 a year",
        symbol="i",
    )
    rate_days: float = number(
        90.0,
        (30.0, 365.0),
        "time in which that rise is undone but for 1/e",
        "20 percent to 17 on 11 April and 14 on 4 May 2022: 125 and 77 days",
        "days",
        symbol="T_i",
    )
