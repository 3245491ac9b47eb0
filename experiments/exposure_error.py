"""Print the error of the exposure approximation against exact equilibria over random coalitions.

    python experiments/exposure_error.py [WORLD] [N]

Each coalition draws its members and, for each, the acts it applies; both sides price the same
covered shares, without leak. Errors are in percentage points of real income and relative to the
exact loss (floored at 0.02 percent).
"""

from __future__ import annotations

import sys
import time

import numpy as np

from sim.config import Config
from sim.economy.equilibrium import solve_many
from sim.economy.exposure import Floats, cost_of, losses, world_economy
from sim.rules.divert import covered_after
from sim.setting import Setting, prepare
from sim.world import load

SEED = 2022
FLOOR = 0.02  # percent; below it a relative error says nothing


def main() -> None:
    world = load(sys.argv[1] if len(sys.argv) > 1 else "march_2022")
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    setting = prepare(world, Config())
    generator = np.random.default_rng(SEED)
    coalitions = [random_coalition(setting, generator) for _ in range(number)]
    exact, seconds = exact_losses(setting, coalitions)
    begin = time.perf_counter()
    fast = np.array([exposure_losses(setting, covered) for covered in coalitions])
    fast_seconds = time.perf_counter() - begin
    print(f"{number} random coalitions; loss in percent of real income")
    print(
        f"{'states':<12}{'exact range':>20}{'median':>10}{'worst':>10}{'median':>10}{'worst':>10}"
    )
    print(f"{'':<32}{'points':>10}{'points':>10}{'relative':>10}{'relative':>10}")
    groups = {world.states[b]: [int(b)] for b in setting.targets}
    groups["senders"] = setting.senders.tolist()
    groups["others"] = [n for n in range(len(world.states)) if not _acts(setting, n)]
    for name, positions in groups.items():
        print(_line(name, exact[:, positions], fast[:, positions]))
    print(f"exact {1e3 * seconds / number:.2f} ms, exposure {1e3 * fast_seconds / number:.3f} ms")


def random_coalition(setting: Setting, generator: np.random.Generator) -> Floats:
    """Return the covered shares of a random coalition that applies random acts."""
    covered = np.zeros(setting.exposure.target_share.shape)
    joining, acting = generator.uniform(0.1, 1.0, size=2)
    for i in np.flatnonzero(generator.random(setting.senders.size) < joining):
        for act in np.flatnonzero(generator.random(len(setting.acts)) < acting):
            target = setting.aimed_at[act]
            for cell in np.ndindex(covered.shape[2:]):
                where = (i, target, *cell)
                covered[where] = covered_after(
                    covered[where], setting.exposure.coverage[(act, *cell)]
                )
    return covered


def exact_losses(setting: Setting, coalitions: list[Floats]) -> tuple[Floats, float]:
    """Return exact losses in percent, (n_coalitions, n_states), and the seconds they took."""
    economy = world_economy(setting.world)
    n_states = len(setting.world.states)
    costs = np.array(
        [cost_of(c, setting.senders, setting.targets, economy.theta, n_states) for c in coalitions]
    )
    solve_many(economy, costs[:2])  # compiled before the clock starts
    begin = time.perf_counter()
    welfare = solve_many(economy, costs).welfare
    return 100.0 * (1.0 - welfare), time.perf_counter() - begin


def exposure_losses(setting: Setting, covered: Floats) -> Floats:
    """Return the approximate losses of every state in percent."""
    exposure = setting.exposure
    result: Floats = losses(
        covered,
        np.zeros(setting.targets.size),
        setting.senders,
        exposure.marginal,
        exposure.target_share,
        exposure.sender_share,
    )
    return result


def _acts(setting: Setting, position: int) -> bool:
    return position in setting.senders or position in setting.targets


def _line(name: str, exact: Floats, fast: Floats) -> str:
    error = np.abs(fast - exact)
    relative = error / np.maximum(np.abs(exact), FLOOR)
    span = f"{exact.min():.3f} to {exact.max():.3f}"
    return (
        f"{name:<12}{span:>20}{np.median(error):>10.4f}{error.max():>10.4f}"
        f"{np.median(relative):>10.1%}{relative.max():>10.1%}"
    )


if __name__ == "__main__":
    main()
