"""Keyed draws: every draw of a run is a function of its key alone.

One draw is named by `(seed, run, stream, step, cell)`. Run 17 is therefore run 17 alone, in any
batch, thread count or machine, and two scenarios share their draws, so that a difference between
them is the mechanism and not luck. The generator is Philox4x32-10 of Salmon et al. [1]_, checked
against their known-answer vectors.

References
----------
.. [1] Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC '11.
"""

import math
import zlib
from enum import IntEnum

import numpy as np

from sim.compiled import rule

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)


STRATUM_BITS = 12  # of the 16 that each day has
N_STRATA = 2**STRATUM_BITS
PER_KEY = 8  # days


class Stream(IntEnum):
    """What a draw is for; each purpose has a stream of its own."""

    purpose: str

    def __new__(cls, number: int, purpose: str) -> "Stream":
        """Return the stream of a number, which tells what is drawn, and for whom."""
        stream = int.__new__(cls, number)
        stream._value_, stream.purpose = number, purpose
        return stream

    ADOPT = 1, "waiting for the next wave of an act, by sender, instrument and target"
    COUNCIL = 2, "waiting for a vote on the next wave, by council, instrument and target"
    RESPOND = 3, "waiting for a countermeasure, by target and, where it singles out, sender"
    LIST = 4, "waiting to be put on an existing list, by target and sender"
    SETTLE = 5, "waiting for a settlement, one for the run"
    WITHDRAW = 6, "waiting to give an act up, by sender, instrument and target"
    THRESHOLD = 7, "share of peers at which a sender follows, by sender"
    PROTEST = 8, "waiting to protest, by sender, target and number of protests so far"
    CONDEMN = 9, "waiting to condemn the violation, by third state that does"
    COOPERATE = 10, "waiting for the next act of cooperation, by third state and target"
    ESCALATE = 11, "waiting for the next random escalation, one for the run"
    TALK = 12, "waiting for the next random round of talks, one for the run"
    FRAILTY = 13, "common shock of a day, a stratum, one for each day of the run"
    PACKAGE = 14, "what a table of leaders agrees on, a stratum, by day, instrument and target"
    AGENDA = 15, "what a government or council brings together, a stratum, by day and decider"
    STANCE = 16, "whether a third state condemns the violation, by third state"
    REFUSE = 17, "whether a buyer of gas refuses to pay in rubles, by target and sender"


def cell(*names: str) -> int:
    """Return the 32-bit cell of a decision from the names that identify it.

    Names, not positions: adding a state or a measure leaves every other cell's draws alone.

    Parameters
    ----------
    *names : str
        For instance sender, instrument, target.

    Returns
    -------
    int
        In [0, 2**32).
    """
    return zlib.crc32("|".join(names).encode())


@rule
def philox(
    counter_0: np.uint64,
    counter_1: np.uint64,
    counter_2: np.uint64,
    counter_3: np.uint64,
    key_0: np.uint64,
    key_1: np.uint64,
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words of Philox4x32-10, as uint64.

    Parameters
    ----------
    counter_0, counter_1, counter_2, counter_3, key_0, key_1 : uint64
        Words below 2**32.
    """
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * counter_0
        product_1 = _MULTIPLIER_1 * counter_2
        counter_0, counter_1, counter_2, counter_3 = (
            (product_1 >> _SHIFT) ^ counter_1 ^ key_0,
            product_1 & _MASK,
            (product_0 >> _SHIFT) ^ counter_3 ^ key_1,
            product_0 & _MASK,
        )
        key_0 = (key_0 + _WEYL_0) & _MASK
        key_1 = (key_1 + _WEYL_1) & _MASK
    return counter_0, counter_1, counter_2, counter_3


@rule
def _words(
    seed: int, run: int, stream: int, step: int, cell: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four words of a key."""
    key = np.uint64(seed)
    return philox(
        np.uint64(cell),
        np.uint64(step),
        np.uint64(stream),
        np.uint64(run),
        key & _MASK,
        key >> _SHIFT,
    )


@rule
def _fraction(high: np.uint64, low: np.uint64) -> float:
    """Return two words as an odd multiple of 2**-53 in (0, 1)."""
    bits = (high >> np.uint64(6)) * np.uint64(67108864) + (low >> np.uint64(6))
    return (np.float64(bits) + 0.5) * (1.0 / 4503599627370496.0)


@rule
def uniform(seed: int, run: int, stream: int, step: int, cell: int) -> float:
    """Return the uniform of one decision.

    Parameters
    ----------
    seed : int
        In [0, 2**64).
    run, stream, step, cell : int
        Each in [0, 2**32).

    Returns
    -------
    float
        In (0, 1): an odd multiple of 2**-53, so never 0 and never 1.
    """
    high, low, _, _ = _words(seed, run, stream, step, cell)
    return _fraction(high, low)


@rule
def strata(
    seed: int, run: int, stream: int, span: int, cell: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return what `stratum` reads the strata of `PER_KEY` days from."""
    return _words(seed, run, stream, span, cell)


@rule
def stratum(word: np.uint64, place: int) -> int:
    """Return the stratum of a day: which of `N_STRATA` equally probable ones it falls into.

    Shocks that many decisions share are drawn by the ten thousand in a run. One key serves
    `PER_KEY` days, and what a stratum comes to is read off a table.

    Parameters
    ----------
    word : uint64
        Entry `day % PER_KEY // 2` of `strata` at `day // PER_KEY`.
    place : int
        `day % 2`.
    """
    bits = (word >> np.uint64(16 * place + 16 - STRATUM_BITS)) & np.uint64(N_STRATA - 1)
    at: int = np.int64(bits)  # type: ignore[assignment]
    return at


def stratum_of_day(seed: int, run: int, stream: int, day: int, cell: int) -> int:
    """Return the stratum of one day, for who asks for one alone."""
    words = strata(seed, run, stream, day // PER_KEY, cell)
    return int(stratum(words[day % PER_KEY // 2], day % 2))


@rule
def waiting(seed: int, run: int, stream: int, spell: int, cell: int) -> float:
    """Return the integrated hazard at which a waiting decision is taken.

    A unit exponential. Acting when the summed hazard first reaches it is the same process as
    one Bernoulli draw per day with probability 1 - exp(-hazard), for any step length; but here
    the luck of a decision is a single number, so that a slightly higher hazard can only bring
    the act forward.

    Parameters
    ----------
    spell : int
        0 for the first time at risk, 1 for the next (a further wave, or after a withdrawal).
    """
    return -math.log(uniform(seed, run, stream, spell, cell))
