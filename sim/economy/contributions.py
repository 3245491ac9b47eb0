"""Which sector a loss comes from: the exposure of a state, split by the trade that is lost.

Log losses add up over sectors and payments but for two effects of goods that measures make cheaper:
what a sender forgoes, and by how much more a target pays (`sim.economy.exposure`). They are
products of two sectors, or of one and payments. Half of each is counted with either, which is the
Shapley value [1]_ of a sum of pairs: a sector's part is the mean of what it costs alone and of what
it adds to all others.

References
----------
.. [1] Shapley (1953), A value for n-person games, Contributions to the Theory of Games 2.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats, writeable
from sim.economy.exposure import Exposures
from sim.economy.losses import Lost, Margins, losses


def contributions(
    exposures: Exposures,
    covered: Floats,
    maturity: float | Floats,
    lost: Lost | None = None,
    overlap: float = 1.0,
) -> tuple[Floats, Floats]:
    """Return what each sector, and what payments, add to the loss of every state.

    Together they are `Exposures.losses`, which has the same parameters.

    Parameters
    ----------
    covered : (2, n_senders, n_targets, 3, n_sectors) float64
    maturity : float, (n_sectors,) or (n_targets, n_sectors) float64

    Returns
    -------
    by_sector : (n_sectors, n_states) float64
        Percent of real income; gains are negative.
    by_payments : (n_states,) float64
    """
    lost = writeable(lost or exposures.nothing_else())
    margins = exposures.fresh.margins, exposures.mature.margins
    old, old_income = exposures.old(maturity), exposures.old_income(maturity)
    n_sectors = covered.shape[-1]

    def logs(chosen: Floats, given: Lost) -> Floats:
        """Return the log losses of every state if trade is lost in chosen sectors alone."""
        ends = (_only(end, chosen) for end in margins)
        given = given._replace(held=given.held * chosen)
        loss = losses(covered * chosen, old, old_income, given, overlap, *ends)
        return -100.0 * np.log1p(-loss / 100.0)

    trade = lost._replace(payment_bn=np.zeros_like(lost.payment_bn))
    everything = np.ones(n_sectors)
    of_all = logs(everything, lost)
    paid = (logs(0.0 * everything, lost) + of_all - logs(everything, trade)) / 2.0
    parts = np.empty((n_sectors, paid.size))
    for j, chosen in enumerate(np.eye(n_sectors)):
        parts[j] = (logs(chosen, trade) + of_all - logs(1.0 - chosen, lost)) / 2.0
    scale = _percent_per_log(of_all)
    return parts * scale, paid * scale


def _only(margins: Margins, chosen: Floats) -> Margins:
    """Return margins with the trade of third states in chosen sectors alone."""
    return margins._replace(
        third_marginal=margins.third_marginal * chosen[:, None],
        third_share=margins.third_share * chosen,
    )


def _percent_per_log(logs: Floats) -> Floats:
    """Return 100 (1 - exp(-x / 100)) over x, which is 1 where nothing is lost."""
    some = logs != 0.0
    x = np.where(some, logs, 1.0)
    ratio: Floats = np.where(some, -100.0 * np.expm1(-x / 100.0) / x, 1.0)
    return ratio
