"""Lessons for students: exercises whose answers are computed from the model when checked.

    from sim.lessons import check

    check(2)                                the exercises of lesson 2
    check(2, {"a": 20, "b": "more"})        what is right, and hints
    check(2, solutions=True)                the model's answers, and why

The lessons themselves are the pages and notebooks of docs/lessons/.
"""

from typing import Any

__all__ = ["check"]


def __getattr__(name: str) -> Any:
    """Return what is asked for; the catalogue, which imports a great deal, only then."""
    if name not in __all__:
        raise AttributeError(f"module 'sim.lessons' has no attribute '{name}'")
    from sim.lessons.checking import check

    return check
