"""Facts on what a coalition costs its target and itself, and what each member is worth."""

import numpy as np

from sim.analysis.facts.coalitions import embargo
from sim.analysis.facts.evidence import BASELINE, G7, Evidence
from sim.arrays import Floats
from sim.economy.shocks import IMPORT
from sim.economy.transfers import shared_losses

LOSS = "loss_RUS_long_run"
STOPPED = {
    "fuels": ("coal", "oil", "pipeline_gas", "lng", "refined_petroleum"),
    "gas": ("pipeline_gas", "lng"),
}


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
    loss = embargo(evidence.setting, members)
    return np.array([loss[evidence.world.index("RUS")]])


def allied_embargo(evidence: Evidence) -> Floats:
    """Return Russia's loss if all senders stop all trade, first year, percent."""
    first_year = evidence.setting.exposures.first_year
    loss = embargo(evidence.setting, evidence.setting.sender_codes, first_year)
    return np.array([loss[evidence.world.index("RUS")]])


def russia_over_eu(evidence: Evidence, members: tuple[str, ...]) -> float:
    """Return Russia's loss over the EU's, weighted by GDP, if some states stop all trade."""
    world = evidence.world
    union = [world.index(code) for code in world.institution("EU").members]
    loss = embargo(evidence.setting, members)
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
    """Return Russia's loss over the mean of the senders' losses, weighted by GDP."""
    return evidence.outcome(LOSS) / evidence.outcome("sender_loss_mean_long_run")


def lithuania_pays_most(evidence: Evidence) -> Floats:
    """Return where Lithuania, the one Baltic state, has the largest loss of all senders."""
    senders = evidence.setting.senders
    most = evidence.priced.together[:, senders].argmax(axis=1)
    return (senders[most] == evidence.world.index("LTU")).astype(np.float64)


def energy_stop(code: str, what: str, evidence: Evidence) -> Floats:
    """Return a state's loss, or that of the EU, if it stops Russian fuels, first year, percent.

    Parameters
    ----------
    code : str
        Of a state, or EU; the EU stops them as a whole.
    what : str
        Of `STOPPED`.
    """
    world, setting = evidence.world, evidence.setting
    members = world.institution("EU").members
    first_year = setting.exposures.first_year
    loss = embargo(setting, members, first_year, (int(IMPORT),), STOPPED[what])
    states = [world.index(n) for n in (members if code == "EU" else (code,))]
    return np.array([np.average(loss[states], weights=world.gdp_bn[states])])


def allies_in_embargo(evidence: Evidence) -> Floats:
    """Return the senders' loss by GDP if all of them stop all trade, first year, percent."""
    setting, gdp_bn = evidence.setting, evidence.world.gdp_bn[evidence.setting.senders]
    loss = embargo(setting, setting.sender_codes, setting.exposures.first_year)
    return np.array([np.average(loss[setting.senders], weights=gdp_bn)])


def transfers(evidence: Evidence) -> Floats:
    """Return what equal losses of the senders take, USD billion a year; long run, exact."""
    setting, world = evidence.setting, evidence.world
    member = np.isin(np.arange(len(world.states)), setting.senders)
    paid = [shared_losses(loss, world.gdp_bn, member, 1.0)[1] for loss in evidence.priced.together]
    return np.abs(np.array(paid)).sum(axis=1) / 2.0


def first_year_loss(code: str, evidence: Evidence) -> Floats:
    """Return a target's loss of real income in the first year, percent."""
    return evidence.outcome(f"loss_{code}_first_year")


def backsliding(evidence: Evidence) -> Floats:
    """Return how many more measures are given up where no institution holds the members."""
    held = evidence.outcome("withdrawals", BASELINE)
    return evidence.outcome("withdrawals", "no_institution") - held
