"""The same regression by statsmodels, without a prior: the check of our own likelihood."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.estimate import INTERCEPT, clusters, design, rows_of
from sim.errors import InputError
from sim.rules.clock import DAYS_PER_WEEK

if TYPE_CHECKING:
    import pandas as pd


def regression(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Return coefficients and standard errors clustered by measure, one row per term.

    A binomial model with a complementary log-log link and the length of the period as offset.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    names : tuple of str
        Terms that the dates identify: without a prior nothing else has an estimate.

    Raises
    ------
    InputError
        statsmodels is not installed.
    """
    import pandas as pd

    try:
        import statsmodels.api as sm
    except ImportError:
        raise InputError(
            "the regression needs statsmodels; install it with pip install 'sanctionsim[analysis]'"
        ) from None
    rows = rows_of(table)
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    offset = np.log(rows.days / DAYS_PER_WEEK)
    model = sm.GLM(
        rows.event, design(table, names), family=family, offset=offset, var_weights=rows.weight
    )
    _, group = np.unique(clusters(table, "measure"), return_inverse=True)
    with warnings.catch_warnings():
        # It warns of every weight; here only the members of a union have one other than 1.
        warnings.filterwarnings("ignore", message="cov_type not fully supported")
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": group})
    index = pd.Index((INTERCEPT, *names), name="term")
    return pd.DataFrame({"coefficient": fit.params, "se_measure": fit.bse}, index=index)
