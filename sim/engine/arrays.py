"""What is done to whole arrays, without asking for memory."""

from __future__ import annotations

import math

from sim.compiled import inlined, part
from sim.record import flat

MODERATE = 4.0  # largest power of `exponential`
WIDE = 64.0  # and of `wide_exponentials`


@part
def copy(source, target):  # type: ignore[no-untyped-def]
    """Copy an array into another of its shape; a slice would ask for memory lest they overlap."""
    numbers, places = flat(source), flat(target)
    for n in range(numbers.size):
        places[n] = numbers[n]


@inlined
def any_of(flags):  # type: ignore[no-untyped-def]
    """Return whether any flag is set; all are looked at, which takes less than to stop early."""
    total = 0
    for n in range(flags.size):
        total += flags[n]
    return total > 0


@inlined
def exponential(x):  # type: ignore[no-untyped-def]
    """Return exp(x) as exp(x / 64)^64, right to 1e-13 between -3 and 3, to 4e-13 to 4.

    It is spelt out because then a vector of numbers takes as long as one.
    """
    x *= 1.0 / 64.0
    tail = 1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040)))
    y = 1.0 + x * (1.0 + x * (1 / 2 + x * (1 / 6 + x * tail)))
    for _ in range(6):
        y *= y
    return y


@inlined
def exponential_of(x):  # type: ignore[no-untyped-def]
    """Return exp(x) of a power that is seldom large, right to 4e-13."""
    return exponential(x) if abs(x) <= MODERATE else math.exp(x)


@inlined
def wide_exponentials(powers, results):  # type: ignore[no-untyped-def]
    """Write exp of an array as exp(x / 1024)^1024, right to 1e-11 between -64 and 64.

    Beyond, where nobody is expected, one by one.
    """
    n_beyond = 0
    for n in range(powers.size):
        n_beyond += abs(powers[n]) > WIDE
        y = exponential(powers[n] * (1.0 / 16.0))
        for _ in range(4):
            y *= y
        results[n] = y
    if n_beyond > 0:
        for n in range(powers.size):
            results[n] = math.exp(powers[n])


@inlined
def exponentials(powers, largest):  # type: ignore[no-untyped-def]
    """Put exp of an array in its place; `largest` is at least the largest absolute power."""
    if largest > MODERATE:
        for n in range(powers.size):
            powers[n] = math.exp(powers[n])
    else:
        for n in range(powers.size):
            powers[n] = exponential(powers[n])
