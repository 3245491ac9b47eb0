"""A state of a run: its role, its numbers, what it suffers, and how one acts for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import mesa
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.model import SanctionsModel as SanctionsModel  # for its neighbours, too


Array = TypeVar("Array", bound=NDArray[Any])


class _Counters(WeakKeyDictionary["SanctionsModel", Iterator[int]]):
    """Counters of agents by model, which last as long as their models.

    Mesa 3 keeps every model for ever, as the key of such a counter: what asks many models, one
    after the other, would grow by two megabytes for each.
    """

    def __getitem__(self, model: SanctionsModel) -> Iterator[int]:
        return self.setdefault(model, count(1))


def seen(array: Array) -> Array:
    """Return a view of an array of the engine's through which nothing of it can be changed."""
    view = array.view()
    view.setflags(write=False)
    return view


class State(mesa.Agent):
    """A state: its role, its numbers, and what it suffers.

    Attributes
    ----------
    code, name, role : str
    position : int
        Among the states of the world.
    """

    model: SanctionsModel
    _ids = _Counters()

    def __init__(self, model: SanctionsModel, position: int) -> None:
        super().__init__(model)
        world = model.setting.world
        self.position = position
        self.code = world.states[position]
        self.name = world.names[position]
        self.role = model.setting.roles[position]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code} ({self.name}), {self.role}>"

    @property
    def loss(self) -> float:
        """Loss in percent of GDP as of the last pricing, after transfers."""
        return float(self.model.engine.state.effect.loss[self.position])

    @property
    def transfer_bn(self) -> float:
        """What it receives from the others, USD billion a year; below 0 what it pays."""
        return float(self.model.engine.state.effect.transfer_bn[self.position])

    @property
    def diverted_bn(self) -> float:
        """Covered trade that it carries in the others' stead, USD billion a year."""
        effect = self.model.engine.state.effect
        carried = effect.missing[:, 0] * effect.goods * effect.carrier_share[:, self.position]
        return float(carried.sum())

    @property
    def hub_purchases_bn(self) -> float:
        """What it buys of the senders for targets, USD billion a year."""
        return float(self.model.engine.state.effect.hub_bought_bn[:, self.position].sum())

    @property
    def relation(self) -> float:
        """Its relation with the first target, in [-1, 1]."""
        return float(self.model.relation[self.position, 0])

    def announce(self, instrument: str, target: str = "") -> None:
        """Take the next wave of a measure on the coming day, whatever the state would decide.

        Parameters
        ----------
        target : str
            The first that the measure is aimed at if not given.

        Raises
        ------
        InputError
            No such measure in this run, or the state may not take it alone.
        """
        self.model.carry_out(self.code, instrument, target)

    def withdraw(self, instrument: str, target: str = "") -> None:
        """Give a measure up on the coming day, all its waves; as `announce`."""
        self.model.carry_out(self.code, instrument, target, undo=True)

    def answer(self, countermeasure: str, against: str = "") -> None:
        """Give an answer on the coming day, whatever the state would decide.

        Parameters
        ----------
        against : str
            The sender that it singles out; all that it can hit if not given.

        Raises
        ------
        InputError
            No such countermeasure or sender in this run, or not one that the state can give.
        """
        self.model.carry_out(self.code, countermeasure, against)

    def explain(self) -> str:
        """Return in words why the state did what it did last."""
        part = "takes no part" if self.role == "passive" else f"is a {self.role}"
        return f"{self.name} {part} and decides nothing in this run."
