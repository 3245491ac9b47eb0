"""What every state has: a place, a role, and what it suffers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim import draws
from sim.draws import Stream

if TYPE_CHECKING:
    from sim.model import SanctionsModel

NEVER = -1


class State(mesa.Agent):
    """A state: its role, its numbers, and what it suffers.

    Attributes
    ----------
    code, name, role : str
    position : int
        Among the states of the world.
    loss : float
        Percent of GDP, as of the last pricing, after transfers.
    transfer_bn : float
        Received from the others as of the last pricing, USD billion a year.
    diverted_bn : float
        Covered trade that this state carries in the others' stead, USD billion a year.
    """

    model: SanctionsModel

    def __init__(self, model: SanctionsModel, position: int) -> None:
        super().__init__(model)
        world = model.setting.world
        self.position = position
        self.code = world.states[position]
        self.name = world.names[position]
        self.role = model.setting.roles[position]
        self.loss = 0.0
        self.transfer_bn = 0.0
        self.diverted_bn = 0.0

    def decide(self) -> None:
        """Make up one's mind; most states have nothing to decide."""

    def commit(self) -> None:
        """Announce what was decided."""

    def respond(self) -> None:
        """Answer those who acted."""

    def update(self) -> None:
        """Let the mood at home follow."""

    def explain(self) -> str:
        """Return in words why the state did what it did last."""
        return f"{self.code} ({self.name}) is a {self.role} and decides nothing in this run."

    def waiting(self, stream: Stream, *names: str, spell: int = 0) -> float:
        """Return the summed hazard at which a waiting decision of this state is taken, > 0."""
        return self.model.waiting(stream, draws.cell(self.code, *names), spell)

    def uniform(self, stream: Stream, *names: str) -> float:
        """Return the luck of this state in a matter that is decided once, in (0, 1)."""
        seed, run = self.model.run_seed, self.model.run
        luck: float = draws.uniform(seed, run, int(stream), 0, draws.cell(self.code, *names))
        return luck
