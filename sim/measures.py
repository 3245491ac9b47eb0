"""From what happened to what it comes to: the outcomes of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.model import SanctionsModel, Sender

NEVER = -1


def outcomes(model: SanctionsModel) -> dict[str, float]:
    """Return the outcomes of a run that has been stepped to its end.

    Returns
    -------
    dict of str to float
        - loss_<target>: percent of GDP at the end;
        - leak_<target>: share of covered trade that finds another way, in [0, 1];
        - countermeasures_<target>: number issued;
        - sender_loss_bn: summed losses of the senders, USD billion a year;
        - sender_loss_mean, sender_loss_max: percent of GDP, unweighted;
        - coalition_size, coalition_gdp_share: senders with at least one act, and their share of
          the senders' GDP;
        - acts_announced: number of sender-act pairs;
        - days_to_half, days_to_90: days from the start until that share of all acts announced in
          the run had been announced; nan without acts;
        - diverted_bn: covered exports carried by third states, USD billion a year;
        - settled_day: day of a settlement, -1 for none.
    """
    world = model.setting.world
    losses = np.array([sender.loss for sender in model.senders])
    gdp = np.array([world.gdp_bn[sender.position] for sender in model.senders])
    acting = (model.announced != NEVER).any(axis=1)
    result = {
        "sender_loss_bn": float((losses * gdp).sum() / 100.0),
        "sender_loss_mean": float(losses.mean()),
        "sender_loss_max": float(losses.max()),
        "coalition_size": float(acting.sum()),
        "coalition_gdp_share": float(model.setting.gdp_share[acting].sum()),
        "acts_announced": float((model.announced != NEVER).sum()),
        "days_to_half": days_to_share(model.announced, 0.5),
        "days_to_90": days_to_share(model.announced, 0.9),
        "diverted_bn": float(sum(state.diverted_bn for state in model.states)),
        "settled_day": float(model.settled_day),
    }
    for target in model.targets:
        result[f"loss_{target.code}"] = target.loss
        result[f"leak_{target.code}"] = float(model.leak[target.number])
        result[f"countermeasures_{target.code}"] = float(len(target.issued))
    return result


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
    deeds = np.array([act.measure.scope != "diplomacy" for act in setting.acts])
    mine = np.where(deeds & (setting.aimed_at == target), sender.announced, NEVER)
    if (mine == NEVER).all():
        return NEVER, ""
    act = int(np.argmin(np.where(mine == NEVER, np.iinfo(np.int64).max, mine)))
    return int(mine[act]), setting.acts[act].measure.code
