"""From what happened to what it comes to: the outcomes of a run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.agents import Sender
    from sim.model import SanctionsModel

NEVER = -1


def outcomes(model: SanctionsModel) -> dict[str, float]:
    """Return the outcomes of a run that has been stepped to its end.

    Returns
    -------
    dict of str to float
        - loss_<target>: percent of GDP at the end, at the elasticities in use, after transfers;
        - loss_<target>_long_run, loss_<target>_short_run: the same at either elasticity; their
          spread is what the literature disagrees on;
        - leak_<target>: share of covered trade that finds another way, in [0, 1];
        - crypto_bn_<target>: of it, paid in cryptocurrencies, USD billion a year;
        - log_rate_<target>: log of its currency's rate over what it was, a rise being a loss of
          value; no measure of welfare;
        - countermeasures_<target>: number issued, single cut-offs counted one by one;
        - sender_loss_bn: summed losses of the senders, USD billion a year;
        - sender_loss_mean, sender_loss_max: percent of GDP, unweighted;
        - sender_loss_mean_long_run, sender_loss_mean_short_run: before transfers;
        - transfers_bn: received by those who receive, USD billion a year;
        - coalition_size, coalition_gdp_share: senders with at least one act, and their share of
          the senders' GDP;
        - acts_announced, waves_announced: number of sender-act pairs, and of their waves;
        - designated: individuals and entities designated, summed over senders;
        - withdrawals, protests, cooperations: number of each;
        - days_to_half, days_to_90: days from the start until that share of all acts announced in
          the run had been announced; nan without acts;
        - diverted_bn: covered exports carried by third states, USD billion a year;
        - belief: bystanders' belief in the coalition's resolve, in [0, 1];
        - attempt_risk: probability of an attempt in the theatre; an indicator, no forecast;
        - settled_day: day of a settlement, -1 for none.
    """
    first = model.announced[:, :, 0]
    acting = (first != NEVER).any(axis=1)
    kinds = [row["kind"] for row in model.records.events]
    result = {
        **_sender_losses(model),
        "transfers_bn": float(sum(max(state.transfer_bn, 0.0) for state in model.states)),
        "coalition_size": float(acting.sum()),
        "coalition_gdp_share": float(model.setting.alliance.gdp_share[acting].sum()),
        "acts_announced": float((first != NEVER).sum()),
        "waves_announced": float((model.announced != NEVER).sum()),
        "designated": _designated(model),
        "withdrawals": float(kinds.count("withdrawal")),
        "protests": float(kinds.count("protest")),
        "cooperations": float(kinds.count("cooperation")),
        "days_to_half": days_to_share(first, 0.5),
        "days_to_90": days_to_share(first, 0.9),
        "diverted_bn": float(sum(state.diverted_bn for state in model.states)),
        "belief": float(model.belief),
        "attempt_risk": -math.expm1(-model.attempt_hazard),
        "settled_day": float(model.settled_day),
    }
    losses = losses_by_elasticity(model)
    for target in model.targets:
        result[f"loss_{target.code}"] = target.loss
        for elasticity, loss in losses.items():
            result[f"loss_{target.code}_{elasticity}"] = float(loss[target.position])
        result[f"leak_{target.code}"] = float(model.leak[target.number])
        result[f"crypto_bn_{target.code}"] = float(model.crypto_bn[target.number])
        result[f"log_rate_{target.code}"] = target.log_rate
        result[f"countermeasures_{target.code}"] = float(len(target.issued) + len(target.cut_off))
    for elasticity, loss in losses.items():
        result[f"sender_loss_mean_{elasticity}"] = float(loss[model.setting.senders].mean())
    return result


def losses_by_elasticity(model: SanctionsModel) -> dict[str, np.ndarray]:
    """Return every state's loss in percent before transfers, (n_states,), by elasticity."""
    overlap = model.setting.config.coordination.scope_overlap
    return {
        elasticity: exposure.losses(
            model.covered_at(elasticity), model.leak, model.rents(), overlap
        )
        for elasticity, exposure in model.setting.exposures.items()
    }


def _sender_losses(model: SanctionsModel) -> dict[str, float]:
    losses = np.array([sender.loss for sender in model.senders])
    gdp = model.setting.world.gdp_bn[model.setting.senders]
    return {
        "sender_loss_bn": float((losses * gdp).sum() / 100.0),
        "sender_loss_mean": float(losses.mean()),
        "sender_loss_max": float(losses.max()),
    }


def _designated(model: SanctionsModel) -> float:
    waves = (model.announced != NEVER).sum(axis=(0, 2))
    return float(waves @ model.setting.menu.designates)


def days_to_share(announced: np.ndarray, share: float) -> float:
    """Return the first day by which a share of all acts announced had been announced.

    Parameters
    ----------
    announced : int64 array of any shape
        Days, -1 for never.
    share : float
        In (0, 1].
    """
    days = np.sort(announced[announced != NEVER])
    if not days.size:
        return float("nan")
    return float(days[int(np.ceil(share * days.size)) - 1])


def first_act(sender: Sender, target: int) -> tuple[int, str]:
    """Return day and instrument of a sender's first act beyond words; (-1, '') for none.

    Parameters
    ----------
    target : int
        Position among the targets.
    """
    setting = sender.model.setting
    mine = np.where(
        setting.menu.deeds & (setting.menu.aimed_at == target), sender.announced[:, 0], NEVER
    )
    if (mine == NEVER).all():
        return NEVER, ""
    act = int(np.argmin(np.where(mine == NEVER, np.iinfo(np.int64).max, mine)))
    return int(mine[act]), setting.acts[act].measure.code
