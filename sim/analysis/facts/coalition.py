"""Facts on what a coalition costs its target and itself, and what each member is worth."""

from __future__ import annotations

import numpy as np

from sim.analysis.facts.coalitions import embargo
from sim.analysis.facts.evidence import BASELINE, G7, Evidence
from sim.analysis.facts.ledger import TRUE, YES_OR_NO, Claim, Fact
from sim.arrays import Floats
from sim.economy.shocks import IMPORT

BROTHERS = "Chowdhry, Hinz, Kamin and Wanner (2024), Brothers in arms, Economic Policy"
LOSS = "loss_RUS_long_run"
ENERGY = ("coal", "oil_gas", "refined_petroleum")
CARRIED = "trade tables and published elasticities; coverage assumed, not from this figure"


def together_over_best(evidence: Evidence) -> Floats:
    """Return Russia's loss with all senders over the largest that one of the G7 alone imposes."""
    alone = np.max([evidence.outcome(LOSS, f"alone_{code}") for code in G7], axis=0)
    return evidence.outcome(LOSS) / alone


def imposed_together(evidence: Evidence) -> Floats:
    """Return by how much more a member imposes last in than alone, percent."""
    priced, russia = evidence.priced, evidence.world.index("RUS")
    last = priced.together[:, None, russia] - priced.without[:, :, russia]
    return 100.0 * (last.mean(axis=1) / priced.alone[:, :, russia].mean(axis=1) - 1.0)


def own_together(evidence: Evidence) -> Floats:
    """Return by how much more a member itself loses in the coalition than alone, percent."""
    priced, senders = evidence.priced, evidence.setting.senders
    own = priced.alone[:, np.arange(senders.size), senders]
    return 100.0 * (priced.together[:, senders].mean(axis=1) / own.mean(axis=1) - 1.0)


def china_increment(evidence: Evidence) -> Floats:
    """Return by how much Russia's loss rises if China does what senders do, percent."""
    priced, russia = evidence.priced, evidence.world.index("RUS")
    return 100.0 * (priced.with_china[:, russia] / priced.together[:, russia] - 1.0)


def china_decides(evidence: Evidence) -> Floats:
    """Return by how much Russia's loss rises if China decides as a sender, percent."""
    return 100.0 * (evidence.outcome(LOSS, "china_joins") / evidence.outcome(LOSS) - 1.0)


def share_of_all(evidence: Evidence) -> Floats:
    """Return Russia's loss as a share of that if all states did the same, percent."""
    russia = evidence.world.index("RUS")
    return 100.0 * evidence.priced.together[:, russia] / evidence.priced.everyone[:, russia]


def worth_most(evidence: Evidence) -> Floats:
    """Return where Germany or the United States is worth most to the coalition, of the G7."""
    left = np.array([evidence.outcome(LOSS, f"without_{code}") for code in G7])
    least = np.array(G7)[left.argmin(axis=0)]
    return np.isin(least, ("DEU", "USA")).astype(np.float64)


def world_embargo(evidence: Evidence) -> Floats:
    """Return Russia's loss if all states but the targets stop all trade, long run, percent."""
    targets = evidence.setting.config.scenario.targets
    members = tuple(code for code in evidence.world.states if code not in targets)
    loss = embargo(evidence.setting, members, "long_run")
    return np.array([loss[evidence.world.index("RUS")]])


def allied_embargo(evidence: Evidence) -> Floats:
    """Return Russia's loss if all senders stop all trade, short run, percent."""
    loss = embargo(evidence.setting, evidence.setting.sender_codes, "short_run")
    return np.array([loss[evidence.world.index("RUS")]])


def russia_over_eu(evidence: Evidence, members: tuple[str, ...]) -> float:
    """Return Russia's loss over the EU's, weighted by GDP, if some states stop all trade."""
    world = evidence.world
    union = [world.index(code) for code in world.institution("EU").members]
    loss = embargo(evidence.setting, members, "long_run")
    return float(loss[world.index("RUS")] / np.average(loss[union], weights=world.gdp_bn[union]))


def eu_ratio(evidence: Evidence) -> Floats:
    """Return the ratio of losses if the EU alone stops all trade."""
    return np.array([russia_over_eu(evidence, evidence.world.institution("EU").members)])


def allied_ratio(evidence: Evidence) -> Floats:
    """Return the ratio of losses if all senders do."""
    return np.array([russia_over_eu(evidence, evidence.setting.sender_codes)])


def ratio_gain(evidence: Evidence) -> Floats:
    """Return how many times larger the ratio is with all senders."""
    return allied_ratio(evidence) / eu_ratio(evidence)


def target_over_senders(evidence: Evidence) -> Floats:
    """Return Russia's loss over the unweighted mean of the senders' losses."""
    return evidence.outcome(LOSS) / evidence.outcome("sender_loss_mean_long_run")


def lithuania_pays_most(evidence: Evidence) -> Floats:
    """Return where Lithuania, the one Baltic state, has the largest loss of all senders."""
    senders = evidence.setting.senders
    most = evidence.priced.together[:, senders].argmax(axis=1)
    return (senders[most] == evidence.world.index("LTU")).astype(np.float64)


def german_energy_stop(evidence: Evidence) -> Floats:
    """Return Germany's loss if the EU stops all Russian fuels, short run, percent."""
    members = evidence.world.institution("EU").members
    loss = embargo(evidence.setting, members, "short_run", (int(IMPORT),), ENERGY)
    return np.array([loss[evidence.world.index("DEU")]])


def transfers(evidence: Evidence) -> Floats:
    """Return what equal losses take, USD billion a year."""
    return evidence.outcome("transfers_bn", "shared_burden")


def backsliding(evidence: Evidence) -> Floats:
    """Return how many more measures are given up where no institution holds the members."""
    given_up = (evidence.outcome("withdrawals", name) for name in ("no_institution", BASELINE))
    without, held = given_up
    return without - held


FACTS = (
    Fact(
        code="together_over_alone",
        statement="A coalition hurts the target more than any of its members alone.",
        source=f"{BROTHERS}; Bapat and Morgan (2009), International Studies Quarterly, on success",
        status="read",
        outcome="Russia's loss over the largest under one of the G7 alone, long run",
        unit="",
        claim=Claim(1.0, np.inf),
        fitted=False,
        basis=f"{CARRIED}; alone a member also takes fewer acts, by a rule set with 2022 in view",
        why="",
        measure=together_over_best,
    ),
    Fact(
        code="imposed_together",
        statement="In the coalition a member adds more to Russia's loss than it imposes alone: "
        "+9.3 % on average.",
        source=f"{BROTHERS}; figure as quoted by the Berlin School of Economics; definition from "
        "the authors' code",
        status="read",
        outcome="the same, exact, last in against alone, acts that runs end with, no leak",
        unit="percent",
        claim=Claim(0.0, 20.0, sign=1),
        fitted=False,
        basis=CARRIED,
        why="",
        measure=imposed_together,
    ),
    Fact(
        code="own_together",
        statement="In the coalition a member itself loses less than alone: -9.6 % on average.",
        source=f"{BROTHERS}; figure as quoted by the Berlin School of Economics; the abstract says "
        "that the sign depends on the design",
        status="read",
        outcome="the same, exact, in the coalition against alone",
        unit="percent",
        claim=Claim(-20.0, 0.0, sign=-1),
        fitted=False,
        basis=CARRIED,
        why="",
        measure=own_together,
    ),
    Fact(
        code="china_increment",
        statement="If China took the same measures, Russia would lose 22 % more.",
        source=f"{BROTHERS}, abstract; measures of 2014",
        status="read",
        outcome="the same, exact; China does what senders do on average",
        unit="percent",
        claim=Claim(15.0, 30.0, sign=1),
        fitted=False,
        basis=CARRIED,
        why="Sign right, size twice the source's. China's trade with Russia is that of 2021, a far "
        "larger part than in the source's data; with data of 2011 it is 30 "
        "(docs/economy.md).",
        measure=china_increment,
    ),
    Fact(
        code="china_decides",
        statement="The same where China decides for itself, as a sender among senders.",
        source=f"{BROTHERS}, abstract; measures of 2014",
        status="read",
        outcome="rise of Russia's loss if China is a sender, long run, same luck",
        unit="percent",
        claim=Claim(15.0, 30.0, sign=1),
        fitted=False,
        basis="what China takes of the menu is the rule's, as for an average sender; " + CARRIED,
        why="Priced like the others China would add twice as much as the source says "
        "(china_increment); as an average sender it takes a part of the measures, and often late.",
        measure=china_decides,
    ),
    Fact(
        code="share_of_all",
        statement="The coalition imposes 57.9 % of what the whole world would with the same "
        "measures.",
        source=f"{BROTHERS}; figure as quoted by the Berlin School of Economics; measures of 2014",
        status="read",
        outcome="the same, exact; the others do what senders do on average",
        unit="percent",
        claim=Claim(50.0, 65.0),
        fitted=False,
        basis=CARRIED,
        why="",
        measure=share_of_all,
    ),
    Fact(
        code="worth_most",
        statement="Germany and the United States add most to Russia's loss.",
        source=f"{BROTHERS}, as reported by Berliner Zeitung; DIW, release of 21 February 2024",
        status="read",
        outcome="of the G7, leaving out Germany or the United States lowers the loss most",
        unit=YES_OR_NO,
        claim=TRUE,
        fitted=False,
        basis=CARRIED,
        why="",
        measure=worth_most,
    ),
    Fact(
        code="world_embargo",
        statement="An embargo by the whole world costs Russia about 15 %, ten times what the "
        "measures of 2014 did.",
        source=f"{BROTHERS}, as reported by DIW, release of 21 February 2024",
        status="read",
        outcome="Russia's loss, exact, all states but the targets, long run",
        unit="percent",
        claim=Claim(10.0, 20.0),
        fitted=False,
        basis="trade tables and published elasticities",
        why="A third of it. Ten sectors at long-run elasticities make most suppliers "
        "replaceable: half the elasticities give twice the loss, 35 sectors for 11 a "
        "quarter more (docs/economy.md). Long-run losses are lower bounds.",
        measure=world_embargo,
    ),
    Fact(
        code="allied_embargo",
        statement="An embargo by the allies costs Russia upwards of 14 % of real GDP in the short "
        "to medium term.",
        source="Potential economic effects of sanctions on Russia: an allied trade embargo, VoxEU "
        "2022 (authors recalled: Mahlstein, McDaniel, Schropp and Tsigas)",
        status="read",
        outcome="Russia's loss, exact, all senders, short run",
        unit="percent",
        claim=Claim(8.0, 16.0),
        fitted=False,
        basis="trade tables; a quarter of published elasticities, an assumption",
        why="",
        measure=allied_embargo,
    ),
    Fact(
        code="eu_ratio",
        statement="An embargo by the EU alone costs Russia 3 times (one study) to 15 times "
        "(another) as much as the EU.",
        source="Langot, Malherbet, Norbiato and Tripier (2022), Strength in unity, VoxEU; Imbs and "
        "Pauwels (2024), Economic Policy",
        status="read",
        outcome="Russia's loss over the EU's by GDP, exact, long run",
        unit="",
        claim=Claim(3.0, 15.0),
        fitted=False,
        basis="trade tables and published elasticities",
        why="",
        measure=eu_ratio,
    ),
    Fact(
        code="allied_ratio",
        statement="If the other states that Russia calls unfriendly join, it costs Russia 13 times "
        "as much as the EU.",
        source="Langot, Malherbet, Norbiato and Tripier (2022), Strength in unity, VoxEU",
        status="read",
        outcome="Russia's loss over the EU's by GDP; embargo of all senders, exact, long run",
        unit="",
        claim=Claim(8.0, 20.0),
        fitted=False,
        basis="trade tables and published elasticities",
        why="",
        measure=allied_ratio,
    ),
    Fact(
        code="ratio_gain",
        statement="So allies raise the relative cost from 3 to 13, more than twofold.",
        source="Langot, Malherbet, Norbiato and Tripier (2022), Strength in unity, VoxEU",
        status="read",
        outcome="the second ratio over the first",
        unit="",
        claim=Claim(2.0, 6.0),
        fitted=False,
        basis="trade tables and published elasticities",
        why="We start from 9, not 3: beside Russia's loss the EU's is small here even when it acts "
        "alone. Allies add two fifths to Russia's loss and leave the EU's as it is.",
        measure=ratio_gain,
    ),
    Fact(
        code="target_over_senders",
        statement="With the measures taken senders lose far less than the target; no study named "
        "here puts the ratio below 3.",
        source="Langot et al. (2022), Imbs and Pauwels (2024), Hausmann, Schetter and Yildirim "
        "(2024)",
        status="read",
        outcome="Russia's loss over the unweighted mean of the senders', long run",
        unit="",
        claim=Claim(3.0, np.inf),
        fitted=False,
        basis=CARRIED,
        why="",
        measure=target_over_senders,
    ),
    Fact(
        code="baltic_pays_most",
        statement="The Baltic states pay most for sanctions against Russia, in percent.",
        source=f"{BROTHERS}, as reported by DIW; on energy Baqaee, Landais, Martin and Moll (2022)",
        status="read",
        outcome="Lithuania has the largest loss of all senders, exact",
        unit=YES_OR_NO,
        claim=TRUE,
        fitted=False,
        basis=CARRIED,
        why="",
        measure=lithuania_pays_most,
    ),
    Fact(
        code="german_energy_stop",
        statement="A stop of Russian energy costs Germany 0.3 to 3 % within a year.",
        source="Baqaee, Landais, Martin and Moll (4 April 2022), CAE; Bachmann et al. (7 March "
        "2022), ECONtribute",
        status="read",
        outcome="Germany's loss if the EU buys no Russian coal, oil and gas; exact, short run",
        unit="percent",
        claim=Claim(0.3, 3.0),
        fitted=True,
        basis="short-run elasticities, a quarter of published ones, were set beside this range",
        why="",
        measure=german_energy_stop,
    ),
    Fact(
        code="equal_burdens",
        statement="Transfers that equalise the members' losses would move about USD 5.4 bn a year "
        "(Iran and Russia).",
        source=f"{BROTHERS}, as reported by the University of Wuerzburg",
        status="read",
        outcome="transfers at full burden sharing; order of magnitude, a third to three times",
        unit="USD bn a year",
        claim=Claim(1.8, 16.2),
        fitted=False,
        basis=CARRIED,
        why="",
        measure=transfers,
    ),
    Fact(
        code="institution_holds",
        statement="Without an institution members backslide and an initial burst decays.",
        source="Drezner (2000), Bargaining, enforcement, and multilateral sanctions, International "
        "Organization 54",
        status="read",
        outcome="measures given up without an institution less those with one",
        unit="measures",
        claim=Claim(1.0, np.inf, sign=1),
        fitted=True,
        basis="built in: the rate z applies to whom no institution holds",
        why="",
        measure=backsliding,
    ),
)
