"""Coordination of sanctions among allies, simulated.

Everything of the public face is an attribute of this package and imported when it is asked for:

    import sim

    alone = sim.run("without_jpn", runs=100)         runs of an experiment, or of your own levers
    sim.compare("status_quo", "without_jpn")         two settings over the same draws
    sim.value()                                      what each member is worth to the coalition
    sim.sweep({"coordination.peer_weight": [0, 1]})  a design of many points
    sim.explain("JPN", "oil_refining_export_ban")    why a state did or did not
    sim.open("results/run/...")                      what a command has written; sim.save writes it
    sim.levers("coordination")                       what can be turned
    sim.experiments()                                what is shipped, and the question of each

`sim.load_world`, `sim.alliance_network`, `sim.SanctionsModel` and `sim.InputError` are for those
who edit a network, step through a run in Mesa, or catch a mistake.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

# The public face: where each name is kept. `__init__.pyi` says the same to type checkers.
FACE = {
    "run": "sim.api",
    "compare": "sim.api",
    "value": "sim.api",
    "explain": "sim.api",
    "sweep": "sim.api",
    "open": "sim.api",
    "save": "sim.api",
    "load_world": "sim.api",
    "levers": "sim.api",
    "experiments": "sim.api",
    "alliance_network": "sim.world",
    "SanctionsModel": "sim.model",
    "InputError": "sim.errors",
}
__all__ = [*FACE, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in FACE:
        raise AttributeError(f"module 'sim' has no attribute '{name}' (it has: {', '.join(FACE)})")
    return getattr(import_module(FACE[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *FACE})


class _Package(ModuleType):
    """The package, in which a module with the name of a function of the face can be called.

    `sim.run` is the function at first, and the module once somebody has imported that.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name in FACE and isinstance(value, ModuleType):
            value.__class__ = _Callable
        super().__setattr__(name, value)


class _Callable(ModuleType):
    """A module that is called as the function of the face that has its name."""

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        return str(_namesake(self).__doc__)

    @property
    def __signature__(self) -> Any:
        from inspect import signature

        return signature(_namesake(self))

    def __call__(self, *args: Any, **others: Any) -> Any:
        return _namesake(self)(*args, **others)


def _namesake(module: ModuleType) -> Any:
    return __getattr__(module.__name__.rpartition(".")[2])


sys.modules[__name__].__class__ = _Package
