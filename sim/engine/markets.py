"""World prices of energy, and what the targets earn by it."""

from __future__ import annotations

from sim.compiled import phase


@phase
def clear(inputs, state):  # type: ignore[no-untyped-def]
    """Let world prices answer to what is cut."""
