"""The path to an equilibrium: what makes it short, and what is said when it was too short."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_economies import embargo, random_economy

import sim
from sim.economy import kernels
from sim.economy.equilibrium import NotConverged, solve, solve_many
from sim.economy.tables import Economy

MARCH_2022 = Path(sim.__file__).parent / "world" / "march_2022" / "economy"


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_symmetric_system_is_solved(size):
    draw = np.random.default_rng(size)
    root = draw.normal(size=(size, size))
    matrix, right = root @ root.T + np.eye(size), draw.normal(size=size)
    found = kernels._solve_symmetric(matrix.copy(), right.copy())
    assert found == pytest.approx(np.linalg.solve(matrix, right), rel=1e-10)


def test_a_linear_map_of_n_numbers_is_at_its_fixed_point_after_n_steps_more():
    draw, n = np.random.default_rng(4), 3
    slope, shift = 0.9 * np.linalg.qr(draw.normal(size=(n, n)))[0], draw.normal(size=n)
    points = [draw.normal(size=n)]
    for _ in range(n):
        points.append(slope @ points[-1] + shift)
    images = [slope @ point + shift for point in points]
    steps = [image - point for image, point in zip(images, points, strict=True)]
    past_steps, past_images = np.diff(steps, axis=0), np.diff(images, axis=0)
    found = images[-1].copy()
    gram = past_steps @ past_steps.T
    kernels._accelerate(found, steps[-1], past_steps, past_images, gram, n)
    fixed = np.linalg.solve(np.eye(n) - slope, shift)
    assert np.abs(images[-1] - fixed).max() > 0.1
    assert found == pytest.approx(fixed, abs=1e-6)


def test_an_embargo_of_most_is_solved_in_a_few_dozen_sweeps():
    """40 today; without what past steps say of the way it takes 83."""
    economy = Economy.read(MARCH_2022)
    found = solve(economy, embargo(economy, 13, [0, 1, 2, 3, 4, 5, 6], 2.0))
    assert found.iterations <= 50
    assert found.residual <= 1e-12


def test_a_batch_that_stops_early_is_not_converged_and_has_no_numbers():
    economy = random_economy(7)
    cost = embargo(economy, 0, [1, 2], 1.5)[None]
    early = solve_many(economy, cost, max_iterations=3, strict=False)
    assert early.converged.tolist() == [False]
    assert early.residual[0] > 1e-9
    for values in (early.welfare, early.real_wage, early.wage, early.income):
        assert np.isnan(values).all()
    with pytest.raises(NotConverged, match="after 3 iterations"):
        solve_many(economy, cost, max_iterations=3)
