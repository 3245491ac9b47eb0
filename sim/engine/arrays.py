"""What is done to whole arrays without asking for memory."""

from __future__ import annotations

from sim.compiled import part


@part
def copy(source, target):  # type: ignore[no-untyped-def]
    """Copy an array into another of its shape; a slice would ask for memory lest they overlap."""
    numbers, places = source.reshape(source.size), target.reshape(target.size)
    for n in range(numbers.size):
        places[n] = numbers[n]
