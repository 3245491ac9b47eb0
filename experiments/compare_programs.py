"""Another program's ranking of losses beside ours: a G7 and EU embargo on Russia.

    pip install --no-deps sanction-simulator
    python experiments/compare_programs.py

Question: do two models built on the same input-output tables of 2022, but on different
economics, agree on who loses most? sanction-simulator (Bhattathiripad and Veetil) reroutes flows
with a friction, lets inputs be complements (elasticity 0.5) and capacity bind, and reports gross
output in the short run, at fixed prices. Ours clears all markets in the long run and reports real
income, in which a state that sells to those cut off can gain. Only ranks are compared.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import arguments
import numpy as np
from scipy.stats import spearmanr
from world_build.network import IN_NETWORK
from world_build.states import state_of

from sim.economy.baseline import world_economy
from sim.economy.equilibrium import solve
from sim.world import World, load

TARGET = "RUS"
PROHIBITIVE = 10.0
PACKAGE = "sanction_simulator"
# States that both have; the rest of the world is another set of countries in each.
STATES = tuple(state for state in IN_NETWORK if state != "ROW")


def coalition(world: World) -> tuple[str, ...]:
    """Return the states of the G7 and the EU."""
    members = {*world.institution("G7").members, *world.institution("EU").members}
    return tuple(state for state in world.states if state in members)


def our_losses(world: World, members: tuple[str, ...]) -> dict[str, float]:
    """Return losses of real income in percent under an embargo, from balanced trade."""
    economy = world_economy(world)
    cost = np.ones(economy.tariff.shape)
    target, at = world.index(TARGET), [world.index(state) for state in members]
    cost[:, target, at] = cost[:, at, target] = PROHIBITIVE
    losses = 100.0 * (1.0 - solve(economy, cost).welfare)
    return dict(zip(world.states, map(float, losses), strict=True))


def their_losses(members: tuple[str, ...]) -> dict[str, float]:
    """Return losses of gross output in percent under the same embargo, at its base parameters.

    Raises
    ------
    ImportError
        The package is not installed.
    """
    package = importlib.import_module(PACKAGE)
    folder = str(Path(str(package.__file__)).parent)
    if folder not in sys.path:  # its own way: the module imports by its bare name
        sys.path.append(folder)
    program = importlib.import_module("power_trade_estimation")
    network = program.Benchmark(package.data_dir(), cache=package.bench_cache())
    state = [state_of(code) for code in network.countries]
    target = network.cidx[TARGET]
    legs = [
        leg
        for country, own in enumerate(state)
        if own in members
        for leg in program.bilateral_legs(target, country)
    ]
    batch = program.ScenarioBatch(network, [legs], program.TAU_BASE, program.DELTA_BASE)
    batch.balance()
    after = batch.solve(program.RHO_BASE)["s_omega"][0]
    before, lost = (
        values.reshape(network.S, network.C).sum(axis=0)
        for values in (network.s, network.s - after)
    )
    total: dict[str, list[float]] = {}
    for own, output, loss in zip(state, before, lost, strict=True):
        sums = total.setdefault(own, [0.0, 0.0])
        sums[0] += float(output)
        sums[1] += float(loss)
    return {own: 100.0 * loss / output for own, (output, loss) in total.items()}


def rank_correlation(ours: dict[str, float], theirs: dict[str, float], among: list[str]) -> float:
    """Return Spearman's rank correlation of losses among some states."""
    return float(spearmanr([ours[s] for s in among], [theirs[s] for s in among]).statistic)


def groups(members: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the states over which ranks are compared."""
    others = [state for state in STATES if state not in (TARGET, *members)]
    return {
        "all states": list(STATES),
        "all but Russia": [state for state in STATES if state != TARGET],
        "the coalition": list(members),
        "third states": others,
    }


def main() -> None:
    words = arguments.parser(__doc__)
    words.parse_args()
    world = load("march_2022")
    members = coalition(world)
    try:
        theirs = their_losses(members)
    except ImportError as error:
        words.error(f"{error}; pip install --no-deps sanction-simulator")
    ours = our_losses(world, members)
    print(f"{'embargo by G7 and EU on Russia':32}{'ours':>10}{'theirs':>10}")
    print(f"{'loss in percent of':32}{'income':>10}{'output':>10}")
    for state in sorted(STATES, key=lambda state: -ours[state]):
        part = " (coalition)" if state in members else ""
        print(f"{state + part:32}{ours[state]:10.3f}{theirs[state]:10.3f}")
    print("\nSpearman's rank correlation")
    for name, among in groups(members).items():
        print(f"{name:24}{len(among):4} states{rank_correlation(ours, theirs, among):8.2f}")


if __name__ == "__main__":
    main()
