"""Print the error of the exposure approximation against exact equilibria over random coalitions.

    python experiments/exposure_error.py [WORLD] [N]

Each coalition draws its members, for each of them the acts it applies and whether the price cap is
among them, and how much leaks. Both sides price the same covered shares, tariffs, leaks and rents
at the same balanced baseline, once with long-run and once with short-run elasticities. Errors are
in percentage points of real income and relative to the exact loss (floored at 0.02 percent).
"""

from __future__ import annotations

import sys
import time
from typing import NamedTuple

import numba as nb
import numpy as np

from sim.config import Config
from sim.economy.baseline import ELASTICITIES, world_economy
from sim.economy.equilibrium import solve_many
from sim.economy.exposure import Exposure, Floats
from sim.economy.shocks import problem, rents
from sim.engine.diversion import cover_of
from sim.engine.inputs import inputs_of
from sim.engine.run import Run
from sim.record import Record, record_of
from sim.setting import Setting, prepare
from sim.world import load

SEED = 2022
SHOWN = ("RUS", "BLR", "DEU", "POL", "HUN", "LTU", "USA", "NOR", "CHN", "KAZ")
FLOOR = 0.02  # percent; below it a relative error says nothing


class Coalition(NamedTuple):
    """What the members of a random coalition do.

    Attributes
    ----------
    acts : (n_senders, n_acts) bool
    leak : (n_targets,) in [0, 1]
    """

    acts: np.ndarray
    leak: Floats


class Side(NamedTuple):
    """What the engine prices with at one elasticity.

    Attributes
    ----------
    exposure : Exposure
    inputs, priced, effect : Record
        Of the engine: what it reads, of it what hangs on the elasticity, and what is in effect.
    """

    exposure: Exposure
    inputs: Record
    priced: Record
    effect: Record

    @classmethod
    def of(cls, setting: Setting, elasticity: str) -> Side:
        """Return what a setting is priced with at an elasticity."""
        exposure = Exposure.of(setting.world, setting.senders, setting.targets, elasticity)
        inputs = record_of(inputs_of(setting))
        in_use = elasticity == setting.config.economy.elasticity
        effect = Run(setting, SEED).state.effect
        return cls(exposure, inputs, inputs.priced if in_use else inputs.other, effect)

    def covered(self, level: np.ndarray) -> Floats:
        """Return what waves in effect, (n_senders, n_acts), cover."""
        self.effect.in_effect[:] = level
        covered = np.zeros(self.exposure.target_share.shape)
        _cover_all(self.inputs, self.priced, self.effect, covered)
        return covered


@nb.njit(error_model="numpy")
def _cover_all(inputs, priced, effect, covered):  # type: ignore[no-untyped-def]
    for i in range(covered.shape[0]):
        cover_of(i, inputs, priced, effect, covered[i])


def main() -> None:
    world = load(sys.argv[1] if len(sys.argv) > 1 else "march_2022")
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    setting = prepare(world, Config())
    generator = np.random.default_rng(SEED)
    coalitions = [random_coalition(setting, generator) for _ in range(number)]
    print(f"{number} random coalitions; loss in percent of real income")
    print(f"{'':<22}{'exact':>20}{'median':>10}{'worst':>10}{'median':>10}{'worst':>10}")
    print(f"{'':<22}{'range':>20}{'points':>10}{'points':>10}{'relative':>10}{'relative':>10}")
    for elasticity in ELASTICITIES:
        side = Side.of(setting, elasticity)
        exact = exact_losses(setting, side, elasticity, coalitions)
        begin = time.perf_counter()
        fast = np.array([side.exposure.losses(*state(setting, side, c)) for c in coalitions])
        seconds = time.perf_counter() - begin
        for name, positions in groups(setting).items():
            print(_line(f"{elasticity}, {name}", exact[:, positions], fast[:, positions]))
        print(f"{'':<22}{1e6 * seconds / number:.0f} microseconds each, setting up included")
    show_full_coalition(setting)


def show_full_coalition(setting: Setting) -> None:
    """Print what all measures of all senders cost, without leak, and whether together is more."""
    everybody = full_coalition(setting)
    alone = [
        everybody._replace(acts=everybody.acts & (np.arange(setting.senders.size) == seat)[:, None])
        for seat in range(setting.senders.size)
    ]
    uncapped = [c._replace(acts=c.acts & ~setting.menu.caps) for c in (everybody, *alone)]
    print("\nall senders, all measures, no leak; loss in percent: exact | exposure")
    for elasticity in ELASTICITIES:
        side = Side.of(setting, elasticity)
        found = exact_losses(setting, side, elasticity, [everybody])[0]
        fast = side.exposure.losses(*state(setting, side, everybody))
        cells = (
            f"{code} {found[n]:.2f} | {fast[n]:.2f}"
            for n, code in enumerate(setting.world.states)
            if code in SHOWN
        )
        print(f"{elasticity}: " + ", ".join(cells))
        exact = exact_losses(setting, side, elasticity, uncapped)
        approximate = np.array([side.exposure.losses(*state(setting, side, c)) for c in uncapped])
        for name, losses in (("exact", exact), ("exposure", approximate)):
            print(f"  {name}, without the price cap: {_together(setting, losses)}")


def _together(setting: Setting, losses: Floats) -> str:
    """Return how all together compare with each alone; the first row is all, then one each."""
    target, senders = setting.targets[0], setting.senders
    imposed = losses[0, target] / losses[1:, target].sum() - 1.0
    own = losses[0, senders].mean() / losses[1:][np.arange(senders.size), senders].mean() - 1.0
    return f"target {imposed:+.0%} on the sum of each alone, own losses {own:+.0%} on alone"


def groups(setting: Setting) -> dict[str, list[int]]:
    """Return the states whose errors are told together."""
    names = setting.world.states
    acting = {*setting.senders.tolist(), *setting.targets.tolist()}
    result = {names[b]: [int(b)] for b in setting.targets}
    result["senders"] = setting.senders.tolist()
    result["others"] = [n for n in range(len(names)) if n not in acting]
    return result


def random_coalition(setting: Setting, generator: np.random.Generator) -> Coalition:
    """Return a coalition with random members, acts and leaks."""
    joining, acting = generator.uniform(0.1, 1.0, size=2)
    member = generator.random((setting.senders.size, 1)) < joining
    acts = member & (generator.random((setting.senders.size, len(setting.acts))) < acting)
    return Coalition(acts, generator.uniform(0.0, 0.4, size=setting.targets.size))


def full_coalition(setting: Setting) -> Coalition:
    """Return the coalition of all senders with all acts and without leak."""
    acts = np.ones((setting.senders.size, len(setting.acts)), dtype=bool)
    return Coalition(acts, np.zeros(setting.targets.size))


def state(setting: Setting, side: Side, coalition: Coalition) -> tuple[Floats, Floats, Floats]:
    """Return covered shares, leaks and rents in USD billion of a coalition."""
    menu, exposure = setting.menu, side.exposure
    covered = side.covered(coalition.acts * menu.waves)
    capping = np.zeros((setting.senders.size, setting.targets.size))
    for act in np.flatnonzero(menu.caps):
        capping[:, menu.aimed_at[act]] = coalition.acts[:, act]
    cap = setting.cap
    rent = rents(
        capping,
        covered,
        coalition.leak,
        setting.senders,
        setting.targets,
        exposure.flow_bn,
        np.zeros(len(exposure.sectors)) if cap is None else cap.capped,
        0.0 if cap is None else cap.discount,
        setting.services,
        setting.third_parties.carrier_share,
        setting.config.evasion.premium,
        exposure.target_share,
        exposure.theta,
    )
    return covered, coalition.leak, rent


def exact_losses(
    setting: Setting, side: Side, elasticity: str, coalitions: list[Coalition]
) -> Floats:
    """Return exact losses in percent, (n_coalitions, n_states)."""
    economy = world_economy(setting.world, elasticity)
    problems = [
        problem(
            economy,
            *state(setting, side, coalition),
            setting.senders,
            setting.targets,
            side.exposure.rate,
        )
        for coalition in coalitions
    ]
    costs, tariffs, transfers = map(np.array, zip(*problems, strict=True))
    return 100.0 * (1.0 - solve_many(economy, costs, tariffs, transfers).welfare)


def _line(name: str, exact: Floats, fast: Floats) -> str:
    error = np.abs(fast - exact)
    relative = error / np.maximum(np.abs(exact), FLOOR)
    span = f"{exact.min():.3f} to {exact.max():.3f}"
    return (
        f"{name:<22}{span:>20}{np.median(error):>10.4f}{error.max():>10.4f}"
        f"{np.median(relative):>10.1%}{relative.max():>10.1%}"
    )


if __name__ == "__main__":
    main()
