"""What the senders of March 2022 would pay one another to lose the same.

    python experiments/share_burden.py [WORLD]

Question: how much money evens out the cost of sanctions among those who impose them? Trade is
balanced first, as the sanctions papers do. Three experiments, of all senders against all targets:
every measure of the catalogue; 45 percent of all trade; an embargo. Each at strength 0, 0.5 and 1,
with the arithmetic at given prices beside the exact transfers.
A few seconds, half a minute if the code must be compiled.
"""

from __future__ import annotations

import arguments
import numpy as np

from sim.economy.baseline import world_economy
from sim.economy.shocks import TARIFF, Channel, coverage, problem, shock_of, tariff_rates
from sim.economy.tables import Economy, Floats
from sim.economy.transfers import Sharing, equalising, shared_losses
from sim.rules.divert import covered_after
from sim.world import World

STRENGTHS = (0.0, 0.5, 1.0)
MILLION_PER_BILLION = 1000.0
PARTIAL = 0.45  # a trade factor of 0.55
# Chowdhry, Hinz, Kamin and Wanner (2024), measures against Iran and Russia as they then stood.
LITERATURE_BN = 5.4


def main() -> None:
    words = arguments.parser(__doc__)
    words.add_argument("world", nargs="?", type=arguments.world, default="march_2022")
    world = words.parse_args().world
    economy = world_economy(world)
    senders, targets = _with_role(world, "sender"), _with_role(world, "target")
    shape = (senders.size, targets.size, len(Channel), len(economy.sectors))
    experiments = {
        "every measure of the catalogue": np.broadcast_to(_catalogue(world, economy), shape),
        f"{PARTIAL:.0%} of all trade": _all_trade(shape, PARTIAL),
        "embargo": _all_trade(shape, 1.0),
    }
    nothing = np.zeros(len(world.states))
    for name, covered in experiments.items():
        inputs = problem(economy, covered, nothing, senders, targets, tariff_rates(world))
        members = [world.states[n] for n in senders]
        shared = [
            equalising(economy, members, strength, inputs.cost, inputs.tariff)
            for strength in STRENGTHS
        ]
        _show(name, economy, shared)
    print(f"literature, other years and data: about {LITERATURE_BN} bn for Iran and Russia")


def _with_role(world: World, role: str) -> np.ndarray:
    return np.array([n for n, found in enumerate(world.roles) if found == role])


def _all_trade(shape: tuple[int, ...], share: float) -> Floats:
    covered = np.full(shape, share)
    covered[:, :, TARIFF] = 0.0
    return covered


def _catalogue(world: World, economy: Economy) -> Floats:
    """Return the share of trade covered with all measures at once, (n_targets, 3, n_sectors)."""
    targets = [world.states[n] for n in _with_role(world, "target")]
    covered = np.zeros((len(targets), len(Channel), len(economy.sectors)))
    for measure in world.measures:
        if measure.on_menu:
            for b, target in enumerate(targets):
                if target in measure.targets:
                    shock = shock_of(world, measure.code, target)
                    covers = coverage(shock, 1.0, shock.bank_share, economy.theta)
                    for cell in np.ndindex(covers.shape):
                        covered[(b, *cell)] = covered_after(covered[(b, *cell)], covers[cell])
    return covered


def _show(name: str, economy: Economy, shared: list[Sharing]) -> None:
    at = [economy.countries.index(member) for member in shared[0].members]
    transfers = np.array([s.transfer[at] for s in shared]) / MILLION_PER_BILLION
    losses = 100.0 * (1.0 - np.array([s.welfare_after[at] for s in shared]))
    print(f"{name}: loss in percent, transfer received in bn a year, by strength")
    print(f"{'':8}{'before':>9}" + _cells("bn ", STRENGTHS) + _cells("loss ", STRENGTHS))
    for k, member in enumerate(shared[0].members):
        before = 100.0 * (1.0 - shared[0].welfare_before[at[k]])
        numbers = [*transfers[:, k], *losses[:, k]]
        print(f"{member:8}{before:9.3f}" + "".join(f"{x:10.3f}" for x in numbers))
    volumes = [s.volume / MILLION_PER_BILLION for s in shared]
    print(f"{'moved':8}{'':9}" + "".join(f"{x:10.3f}" for x in volumes))
    fast = [_volume_at_given_prices(economy, at, shared[0], s.strength) for s in shared]
    print(f"{'fast':8}{'':9}" + "".join(f"{x:10.3f}" for x in fast))
    full = shared[-1]
    spread = float(np.ptp(full.welfare_after[at]))
    print(f"common loss {100.0 * (1.0 - full.common):.4f} %, spread at full strength {spread:.0e}")
    print(f"transfers sum to {abs(full.transfer.sum()):.0e}; {full.iterations} steps\n")


def _cells(prefix: str, strengths: tuple[float, ...]) -> str:
    return "".join(f"{f'{prefix}{s:g}':>10}" for s in strengths)


def _volume_at_given_prices(
    economy: Economy, at: list[int], sharing: Sharing, strength: float
) -> float:
    member = np.isin(np.arange(len(economy.countries)), at)
    gdp_bn = economy.value_added / MILLION_PER_BILLION
    loss = 100.0 * (1.0 - sharing.welfare_before)
    _, transfer_bn = shared_losses(loss, gdp_bn, member, strength)
    return float(np.abs(transfer_bn).sum() / 2.0)


if __name__ == "__main__":
    main()
