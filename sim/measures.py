"""From what happened to what it comes to: the outcomes of a run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.exact import exact_names, exact_outcomes

if TYPE_CHECKING:
    from sim.model import SanctionsModel

NEVER = -1
OUTCOMES = {  # unit, meaning; <target> is the code of each target
    "loss_<target>": ("percent of GDP", "at the end, at the elasticities in use, after transfers"),
    "loss_<target>_long_run": ("percent of GDP", "at long-run elasticities, before transfers"),
    "loss_<target>_short_run": (
        "percent of GDP",
        "at short-run elasticities; the spread is what the literature disagrees on",
    ),
    "leak_<target>": ("share", "of covered trade that finds another way"),
    "crypto_bn_<target>": ("USD bn a year", "of it, paid in cryptocurrencies"),
    "log_rate_<target>": (
        "log points",
        "currency's rate over what it was; a rise is a loss of value, no measure of welfare",
    ),
    "countermeasures_<target>": ("number", "issued; single cut-offs are counted one by one"),
    "sender_loss_bn": ("USD bn a year", "summed losses of the senders"),
    "sender_loss_mean": ("percent of GDP", "mean of the senders, unweighted, after transfers"),
    "sender_loss_max": ("percent of GDP", "largest loss of a sender"),
    "sender_loss_mean_long_run": ("percent of GDP", "long-run elasticities, before transfers"),
    "sender_loss_mean_short_run": ("percent of GDP", "short-run elasticities, before transfers"),
    "transfers_bn": ("USD bn a year", "received by those who receive"),
    "coalition_size": ("number", "senders with at least one act"),
    "coalition_gdp_share": ("share", "of those in the senders' GDP"),
    "acts_announced": ("number", "pairs of sender and act, as of the end"),
    "waves_announced": ("number", "of their waves"),
    "designated": ("number", "individuals and entities, summed over senders: lists overlap"),
    "withdrawals": ("number", "measures given up"),
    "protests": ("number", "of senders at being listed or cut off"),
    "cooperations": ("number", "acts of defence cooperation with a target"),
    "days_to_half": ("days", "until half of the acts had been announced; nan without acts"),
    "days_to_90": ("days", "until nine tenths had been announced"),
    "diverted_bn": ("USD bn a year", "covered exports that third states carry"),
    "belief": ("share", "bystanders' belief in the coalition's resolve"),
    "attempt_risk": ("probability", "of an attempt in the theatre: an indicator, no forecast"),
    "settled_day": ("day", "of a settlement, -1 for none"),
    "exact_loss_<target>": (
        "percent of GDP",
        "with economy=exact: in an exact equilibrium, at the elasticities in use, before transfers",
    ),
    "exact_sender_loss_mean": ("percent of GDP", "with economy=exact: mean of the senders"),
}


def outcomes(model: SanctionsModel) -> dict[str, float]:
    """Return the outcomes of a run that has been stepped to its end.

    Returns
    -------
    dict of str to float
        Keys, units and meanings are those of `OUTCOMES`, `<target>` being each target's code.
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
    return result | _exact(model)


def _exact(model: SanctionsModel) -> dict[str, float]:
    names = exact_names(model.setting)
    if not names:
        return {}
    rent = model.rents(model.setting.exposure)
    exact = exact_outcomes(model.setting, model.covered[None], model.leak[None], rent[None])
    return dict(zip(names, exact[0].tolist(), strict=True))


def losses_by_elasticity(model: SanctionsModel) -> dict[str, np.ndarray]:
    """Return every state's loss in percent before transfers, (n_states,), by elasticity."""
    overlap = model.setting.config.coordination.scope_overlap
    return {
        elasticity: exposure.losses(
            model.covered_at(elasticity), model.leak, model.rents(exposure), overlap
        )
        + model.setting.war.closed[model.day] * model.setting.closure[elasticity]
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
