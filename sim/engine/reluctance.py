"""What firms and banks hold back beyond the letter of the measures."""

from __future__ import annotations

from sim.compiled import phase


@phase
def hold_back(inputs, state):  # type: ignore[no-untyped-def]
    """Hold back trade that nobody has banned."""
