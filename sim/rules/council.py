"""Phase 4, council: how a union whose members can act only together decides."""

from __future__ import annotations

from sim.compiled import rule


@rule
def objects(
    cost: float, tolerance: float, is_stated: bool, is_veto_player: bool, is_settled: bool
) -> bool:
    """Return whether a member objects to a measure.

    Parameters
    ----------
    cost : float
        Its loss of the first year from the measure in percent of GDP, after burden sharing.
    tolerance : float
        The largest loss it accepts, in percent of GDP, >= 0.
    is_stated : bool
        It has said that it objects to this measure.
    is_veto_player : bool
        It objects whatever the measure.
    is_settled : bool
        Its objection has been settled, by a carve-out or because it gave way.
    """
    return (is_stated or is_veto_player or cost > tolerance) and not is_settled


@rule
def passes(objecting: float, blocking: float) -> bool:
    """Return whether the objections stay below what blocks.

    Parameters
    ----------
    objecting : float
        Voting weight of the members that object, in [0, 1].
    blocking : float
        Weight that blocks: any positive weight under unanimity (0), more than 0.35 of the
        population under qualified majority (Treaty on European Union, Article 16(4): adoption
        needs 65 %).
    """
    return objecting <= blocking
