"""Settings compared over the same draws: what differs, and what of it is more than luck."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.analysis.compare.comparison import Comparison
    from sim.analysis.compare.making import compare
    from sim.analysis.compare.store import read, write

__all__ = ["Comparison", "compare", "read", "write"]


_PLACES = {"Comparison": "comparison", "compare": "making", "read": "store", "write": "store"}


def __getattr__(name: str) -> Any:
    """Import what is named when it is: the command's help needs nothing heavy."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
