"""The shipped reluctance is what its tables teach, by the rules that the engine runs."""

from __future__ import annotations

import pandas as pd
import pytest
from estimate_reluctance import (
    FREE,
    JUDGED_ON,
    LEARNT_ON,
    SERIES,
    _ratio,
    daily,
    defaults,
    learn,
    read,
    replay,
    residuals,
    stocks,
)


@pytest.fixture(scope="module")
def record():
    return daily()


def test_the_shipped_numbers_are_those_learnt(record):
    observed, exits = read()
    best = learn(record, observed, exits, defaults())
    for name in ("payment_risk", "reputation", "third"):
        assert best[name] == pytest.approx(defaults()[name], abs=0.005)
    for name in ("risk_days", "exit_days"):
        assert best[name] == pytest.approx(defaults()[name], abs=0.5)


def test_nothing_after_june_teaches(record):
    observed, exits = read()
    later = observed.index.get_level_values("month") > LEARNT_ON[-1]
    blind = observed.assign(kept=observed["kept"].where(~later, 9.0))
    assert exits["date"].max() <= "2022-06-30"
    assert later.any()
    assert (residuals(record, defaults(), blind) == residuals(record, defaults(), observed)).all()


def test_all_months_of_what_teaches_and_of_what_judges_are_there():
    observed, _ = read()
    for name in SERIES:
        assert observed.loc[name].loc[list(LEARNT_ON), "kept"].between(0.0, 1.1).all()
    for name in ("eu_exports", "china_exports", "import_vat"):
        assert set(JUDGED_ON) <= set(observed.loc[name].index)
    assert set(FREE) < set(defaults())


def test_the_stocks_are_those_of_the_engine(record):
    _, run = replay()
    risk, reputation = stocks(record, defaults())
    for end in (34, 90, 300):
        run.advance(end - run.day)
        assert run.state.effect.payment_risk[0] == pytest.approx(risk[end], rel=1e-12)
        assert run.state.effect.reputation[0] == pytest.approx(reputation[end], rel=1e-12)


def test_a_flow_that_keeps_its_level_and_season_has_lost_nothing():
    months = [str(month) for month in pd.period_range("2019-01", "2023-06", freq="M")]
    season = pd.Series([100.0 + int(month[5:]) for month in months], index=months)
    flow = 3.0 * season
    assert _ratio(flow, season).tolist() == pytest.approx([1.0] * 16)
