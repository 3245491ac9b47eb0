"""Settings compared over the same draws: what differs, and what of it is more than luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.analysis.compare.comparison import Comparison, compare
    from sim.analysis.compare.store import read, write

__all__ = ["Comparison", "compare", "read", "write"]


def __getattr__(name: str) -> Any:
    """Import what is named when it is: the command's help needs nothing heavy."""
    from sim.analysis.compare import comparison, store

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(comparison if name in ("Comparison", "compare") else store, name)
