"""Checks of the written tables: every state, every share, every identity."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from world_build.economy import SEED_SHARE
from world_build.fuels import DIVERTIBLE, SECTORS
from world_build.states import BYSTANDERS, CODES, HUBS, SENDERS, TARGETS
from world_build.ties import INSTITUTIONS

TOLERANCE = 1e-9


def check_world(folder: Path) -> None:
    """Raise AssertionError with the table and the first thing wrong in it."""
    _check_attributes(folder)
    _check_economy(folder)


def _check_attributes(folder: Path) -> None:
    states = pd.read_csv(folder / "states.csv")
    assert tuple(states.state) == CODES, "states.csv: states or their order"
    holes = states.drop(columns=["crypto_index", "un_vote"]).isna()
    assert not holes.to_numpy().any(), "states.csv: an empty cell"
    assert set(states.un_vote.dropna()) <= {"yes", "no", "abstain", "absent"}, "states.csv: un_vote"
    assert abs(states.capability.sum() - 1.0) < 1e-4, "states.csv: capability does not sum to one"
    energy = pd.read_csv(folder / "energy.csv")
    assert len(energy) == 3 * (len(CODES) - 1), "energy.csv: a state or fuel is missing"
    assert energy.share_from_russia.between(0.0, 1.0).all(), "energy.csv: share outside [0, 1]"
    memberships = pd.read_csv(folder / "memberships.csv")
    assert set(memberships.institution) == set(INSTITUTIONS), "memberships.csv: institutions"
    pacts = pd.read_csv(folder / "pacts.csv")
    assert {*pacts.state_a, *pacts.state_b} <= set(CODES), "pacts.csv: unknown state"
    assert pacts.weight.between(0.0, 1.0).all(), "pacts.csv: weight outside [0, 1]"
    assert pd.read_csv(folder / "unfriendly.csv").listed.sum() == 48, "unfriendly.csv: not 48"
    timeline = pd.read_csv(folder / "timeline.csv")
    assert (timeline.announced.isna() != timeline.not_by.isna()).all(), "timeline.csv: no day"
    dated = timeline.dropna(subset=["effective"])
    assert (dated.effective >= dated.announced).all(), "timeline.csv: effective too early"


def _check_economy(folder: Path) -> None:
    n_states, n_sectors = len(CODES), len(SECTORS)
    read = {path.stem: _values(path) for path in (folder / "economy").glob("*.csv")}
    share = read["trade_share"].reshape(n_states, n_states, n_sectors)
    beta = read["factor_share"].reshape(n_sectors, n_states).T
    gamma = read["intermediate_share"].reshape(n_sectors, n_sectors, n_states)
    alpha = read["consumption_share"].reshape(n_sectors, n_states).T
    spending = read["expenditure"].reshape(n_sectors, n_states).T
    value_added, balance = read["value_added"], read["trade_balance"]
    for name, values in read.items():
        assert np.isfinite(values).all(), f"{name}: not finite"
        assert name == "trade_balance" or (values >= 0.0).all(), f"{name}: negative"
    assert ((beta > 0.0) & (beta <= 1.0)).all(), "factor_share: outside (0, 1]"
    _close("trade_share sums to one", share.sum(axis=0), 1.0)
    _close("intermediate_share sums to one", gamma.sum(axis=0), 1.0)
    _close("consumption_share sums to one", alpha.sum(axis=1), 1.0)
    flow = share * spending
    output = flow.sum(axis=1)
    _close("value added = factor shares of output", (beta * output).sum(axis=1), value_added)
    gap = np.abs(output.sum(axis=1) - spending.sum(axis=1) - balance)
    assert (gap < TOLERANCE * value_added).all(), "trade balance is not exports less imports"
    assert abs(balance.sum()) < TOLERANCE * value_added.sum(), "trade balances do not cancel"
    materials = np.einsum("jkn,nk->nj", gamma, (1.0 - beta) * output)
    final = alpha * (value_added - balance)[:, None]
    _close("spending = materials + final demand", materials + final, spending)
    _check_seeds(share)
    trade = pd.read_csv(folder / "trade.csv")
    cells = (trade.exporter.map(CODES.index), trade.importer.map(CODES.index))
    written = flow[(*cells, trade.sector.map(SECTORS.index))]
    assert np.abs(written - trade.usd_mn).max() <= 0.051, "trade.csv differs from the economy"


def _check_seeds(share: np.ndarray) -> None:
    """Diversion routes are open for goods but gas, near the seed share or above it."""
    third, targets = [*HUBS, *BYSTANDERS], list(TARGETS)
    for sellers, buyers in ((third, targets), (targets, third), (SENDERS, HUBS)):
        at = np.ix_(_index(sellers), _index(buyers))
        least = share[at][:, :, list(DIVERTIBLE)].min()
        assert least > 0.01 * SEED_SHARE, f"trade_share: a closed diversion route ({least})"


def _index(codes: list[str] | tuple[str, ...]) -> list[int]:
    return [CODES.index(code) for code in codes]


def _values(path: Path) -> np.ndarray:
    return pd.read_csv(path).value.to_numpy()


def _close(what: str, found: np.ndarray, wanted: np.ndarray | float) -> None:
    error = float(np.abs(found / wanted - 1.0).max())
    assert error < TOLERANCE, f"{what}: relative error {error:.1e}"
