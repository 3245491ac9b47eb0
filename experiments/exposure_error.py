"""Print the error of the exposure approximation against exact equilibria over random coalitions.

    python experiments/exposure_error.py [WORLD] [N]

Each coalition draws its members, for each of them the acts it applies, what leaks, what firms of
senders and of third states hold back, and what the targets pay to whom. Both sides price the same
trade, tariffs and payments at the same balanced baseline, at four ages: on the first day, one year
and three years after, and in the long run. Errors are in percentage points of real income and
relative to the exact loss (floored at 0.02 percent).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import arguments
import numba as nb
import numpy as np

from sim.config import Config
from sim.economy.equilibrium import solve_many
from sim.economy.horizon import AGES, FRESH, MATURE, economy_at, maturity_after
from sim.economy.losses import Lost
from sim.engine.diversion import cover_payments, cover_trade
from sim.engine.exact import covered_now, exact_problem
from sim.engine.inputs import inputs_of
from sim.engine.run import Run
from sim.record import Record, record_of
from sim.setting import Setting, prepare
from sim.world import World

Floats = np.ndarray
SEED = 2022
SHOWN = ("RUS", "BLR", "DEU", "POL", "HUN", "LTU", "USA", "NOR", "CHN", "KAZ")
FLOOR = 0.02  # percent; below it a relative error says nothing
MOST_HELD = 0.5  # of what measures leave; third states hold back half as much
MOST_PAID = 0.01  # of a target's GDP, to those who buy from it


class Coalition(NamedTuple):
    """What the members of a random coalition do, and what else happens to the trade.

    Attributes
    ----------
    acts : (n_senders, n_acts) bool
    lost : Lost
    """

    acts: Floats
    lost: Lost


class Engine(NamedTuple):
    """What the engine works out coverage with."""

    inputs: Record
    effect: Record

    @classmethod
    def of(cls, setting: Setting) -> Engine:
        """Return what a setting is priced with."""
        return cls(record_of(inputs_of(setting)), Run(setting, SEED).state.effect)

    def covered(self, setting: Setting, coalition: Coalition) -> Floats:
        """Return what a coalition covers at both ends of the horizon, (2, n_senders, ...)."""
        self.effect.in_effect[:] = coalition.acts * setting.menu.waves
        covered = np.zeros((2, *setting.exposure.target_share.shape))
        for end, priced in enumerate((self.inputs.fresh, self.inputs.mature)):
            _cover_all(self.inputs, priced, self.effect, covered[end])
        return covered


@nb.njit(error_model="numpy")
def _cover_all(inputs, priced, effect, covered):  # type: ignore[no-untyped-def]
    for i in range(covered.shape[0]):
        for t in range(covered.shape[1]):
            cover_trade(t, i, inputs, priced, effect, covered[i, t])
            cover_payments(t, i, inputs, priced, effect, covered[i, t])


def main() -> None:
    words = arguments.parser(__doc__)
    words.add_argument("world", nargs="?", type=arguments.world, default="march_2022")
    words.add_argument("number", nargs="?", type=arguments.number, default=300)
    given = words.parse_args()
    world, number = given.world, given.number
    setting = prepare(world, Config())
    generator = np.random.default_rng(SEED)
    coalitions = [random_coalition(setting, generator) for _ in range(number)]
    print(f"{number} random coalitions; loss in percent of real income")
    print(f"{'':<22}{'exact':>20}{'median':>10}{'worst':>10}{'median':>10}{'worst':>10}")
    print(f"{'':<22}{'range':>20}{'points':>10}{'points':>10}{'relative':>10}{'relative':>10}")
    engine = Engine.of(setting)
    for age, maturity in ages(world).items():
        exact = exact_losses(setting, engine, maturity, coalitions)
        begin = time.perf_counter()
        fast = fast_losses(setting, engine, maturity, coalitions)
        seconds = time.perf_counter() - begin
        for name, positions in groups(setting).items():
            print(_line(f"{age}, {name}", exact[:, positions], fast[:, positions]))
        print(f"{'':<22}{1e6 * seconds / number:.0f} microseconds each, setting up included")
    show_full_coalition(setting, engine)


def ages(world: World) -> dict[str, Floats]:
    """Return the maturity of each sector by the age of a cut, (n_sectors,) each."""
    everywhere = np.ones_like(maturity_after(world, 1.0))
    between = {name.replace("_", " "): maturity_after(world, days) for name, days in AGES.items()}
    return {"first day": FRESH * everywhere, **between, "long run": MATURE * everywhere}


def show_full_coalition(setting: Setting, engine: Engine) -> None:
    """Print what all measures of all senders cost, and whether together is more."""
    everybody = full_coalition(setting)
    seats = np.arange(setting.senders.size)
    alone = [everybody._replace(acts=everybody.acts & (seats == seat)[:, None]) for seat in seats]
    print("\nall senders, all measures, nothing leaks; loss in percent: exact | exposure")
    for age, maturity in ages(setting.world).items():
        cases = [everybody, *alone]
        found = exact_losses(setting, engine, maturity, cases)
        fast = fast_losses(setting, engine, maturity, cases)
        cells = (
            f"{code} {found[0, n]:.2f} | {fast[0, n]:.2f}"
            for n, code in enumerate(setting.world.states)
            if code in SHOWN
        )
        print(f"{age}: " + ", ".join(cells))
        for name, losses in (("exact", found), ("exposure", fast)):
            print(f"  {name}: {_together(setting, losses)}")


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
    """Return a coalition with random members and acts; its firms, and others, hold back."""
    joining, acting = generator.uniform(0.1, 1.0, size=2)
    member = generator.random((setting.senders.size, 1)) < joining
    acts = member & (generator.random((setting.senders.size, len(setting.acts))) < acting)
    n_targets, ways = setting.targets.size, (setting.targets.size, 2)
    held_back = generator.uniform(0.0, MOST_HELD, size=ways)
    paid_bn = generator.uniform(0.0, MOST_PAID, n_targets) * setting.world.gdp_bn[setting.targets]
    nothing = setting.exposures.nothing_else()
    sold = setting.exposure.flow_bn[setting.targets].sum(axis=2)
    sold[:, setting.targets] = 0.0
    payment_bn = paid_bn @ (sold / sold.sum(axis=1, keepdims=True))
    payment_bn[setting.targets] -= paid_bn
    lost = nothing._replace(
        leak=generator.uniform(0.0, 0.4, size=n_targets),
        held=np.broadcast_to(member[:, :, None, None], nothing.held.shape) * 1.0,
        withheld=held_back,
        withheld_third=held_back / 2.0 * (np.arange(2) == 0),
        payment_bn=payment_bn,
    )
    return Coalition(acts, lost)


def full_coalition(setting: Setting) -> Coalition:
    """Return the coalition of all senders with all acts, to the letter and without leak."""
    acts = np.ones((setting.senders.size, len(setting.acts)), dtype=bool)
    return Coalition(acts, setting.exposures.nothing_else())


def what_happens(
    setting: Setting, engine: Engine, maturity: Floats, coalition: Coalition
) -> dict[str, Floats]:
    """Return what is covered, lost and paid under a coalition, as at the end of a run."""
    covered, lost = engine.covered(setting, coalition), coalition.lost
    shape = setting.exposures.by_sector()
    end = {"covered": covered, "maturity": np.broadcast_to(maturity, shape)}
    # What is covered cannot be held back: both ends of the horizon share the share of the day.
    free = 1.0 - covered_now(setting, end)[:, :, :2]
    touched = engine.inputs.horizon.touched
    return end | lost._asdict() | {"held": lost.held * touched * free}


def exact_losses(
    setting: Setting, engine: Engine, maturity: Floats, coalitions: list[Coalition]
) -> Floats:
    """Return exact losses in percent, (n_coalitions, n_states)."""
    economy = economy_at(setting.world, maturity)
    problems = [
        exact_problem(setting, economy, what_happens(setting, engine, maturity, coalition))
        for coalition in coalitions
    ]
    costs, tariffs, transfers = map(np.array, zip(*problems, strict=True))
    return 100.0 * (1.0 - solve_many(economy, costs, tariffs, transfers).welfare)


def fast_losses(
    setting: Setting, engine: Engine, maturity: Floats, coalitions: list[Coalition]
) -> Floats:
    """Return losses by exposure in percent, (n_coalitions, n_states)."""
    price: Callable[..., Floats] = setting.exposures.losses
    found = []
    for coalition in coalitions:
        end = what_happens(setting, engine, maturity, coalition)
        lost = Lost(**{name: end[name] for name in Lost._fields})
        found.append(price(end["covered"], end["maturity"], lost))
    return np.array(found)


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
