"""An exercise of a lesson, its right answer as the model gives it, and how an answer is judged.

No right answer is written down anywhere: each is computed from the model when it is asked for, and
how near a number must come follows from how far the model's own draws lie apart.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.paired import BAND, CHANCE, paired
from sim.arrays import Floats
from sim.words import number as shown

FEWEST = 20  # runs of the smallest ensemble that a lesson asks for
ERRORS = 3.0  # standard errors that luck may take an answer off: CHANCE for a normal
RESAMPLES = 200
RIGHT, NEARLY, WRONG, MISSING = "right", "nearly", "wrong", "missing"
VERDICTS = (RIGHT, NEARLY, WRONG, MISSING)
Given = float | str


@dataclass(frozen=True, slots=True)
class Number:
    """A number that the model gives."""

    value: float
    # How far off it an answer is right: `ERRORS` standard errors of a mean over `FEWEST` draws, and
    # never less than what rounding to two digits that count moves.
    tolerance: float
    # A tenth of single draws lies below, a tenth above.
    low: float
    high: float
    over: str = "of the draws"  # what that is a tenth of

    def judged(self, given: Given) -> str:
        """Return whether a number is right, nearly so (a draw may give it) or wrong."""
        off = abs(float(given) - self.value)
        if off <= self.tolerance:
            return RIGHT
        near = self.low <= float(given) <= self.high or off <= 2.0 * self.tolerance
        return NEARLY if near else WRONG

    def told(self, unit: str) -> str:
        """Return it in words, with its band."""
        band = f"80 % {self.over}: {shown(self.low)} to {shown(self.high)}"
        return f"{shown(self.value)} {unit} ({band}; right to within {shown(self.tolerance, 2)})"


@dataclass(frozen=True, slots=True)
class Word:
    """A word among some that the model gives."""

    value: str
    near: frozenset[str] = frozenset()  # others that cannot be told from it by more than luck

    def judged(self, given: Given) -> str:
        """Return whether a word is right, nearly so or wrong."""
        return RIGHT if given == self.value else NEARLY if given in self.near else WRONG


Answer = Number | Word


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question whose answer the model gives."""

    question: str
    hint: str
    why: str  # why it comes out so in the model; holds no number that the model gives
    answer: Callable[[], Answer]  # computes the right answer; seconds at most
    unit: str = ""  # of a number; empty if the answer is a word
    # Returns the words that can be answered, with what each stands for: codes and names.
    options: Callable[[], Mapping[str, str]] = dict

    @property
    def asked(self) -> str:
        """What is to be answered, in words."""
        if self.unit:
            return f"a number: {self.unit}"
        options = self.options()
        if list(options) == list(options.values()):
            return f"one of: {', '.join(options)}"
        return f"code or name, one of: {', '.join(options)}"

    def told(self, answer: Answer) -> str:
        """Return the right answer in words."""
        if isinstance(answer, Number):
            return answer.told(self.unit)
        near = f" (luck could not tell it from {', '.join(sorted(answer.near))})"
        return self.named(answer.value) + (near if answer.near else "")

    def named(self, word: str) -> str:
        """Return an option by its code and name, where it has both."""
        name = self.options()[word]
        return word if name == word else f"{name} ({word})"


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: what it asks, and its exercises by letter."""

    number: int
    title: str
    question: str
    exercises: Mapping[str, Exercise]

    @property
    def name(self) -> str:
        """As the command line calls it."""
        return f"lesson-{self.number}"


def mean_of(draws: Floats) -> Number:
    """Return the mean over draws, right to within what luck moves a mean over `FEWEST`.

    Parameters
    ----------
    draws : (n_draws,) float64
    """
    error = float(np.std(draws, ddof=1)) / math.sqrt(FEWEST)
    return _number(float(np.mean(draws)), error, draws)


def median_of(draws: Floats) -> Number:
    """Return the median draw; its error is that of a normal with the draws' middle 80 %.

    Parameters
    ----------
    draws : (n_draws,) float64
    """
    low, high = np.quantile(draws, BAND)
    spread = (high - low) / 2.563  # of a normal, between its first and its last tenth
    return _number(float(np.median(draws)), 1.2533 * spread / math.sqrt(FEWEST), draws)


def resampled(statistic: Callable[[Floats], float], draws: Floats) -> Number:
    """Return a statistic of all draws; its error is its spread over `FEWEST` of them, drawn anew.

    Parameters
    ----------
    statistic : callable
        Takes (..., n_draws), the draws last.
    draws : (..., n_draws) float64
    """
    generator = np.random.default_rng(0)
    picks = generator.integers(draws.shape[-1], size=(RESAMPLES, FEWEST))
    values = np.array([statistic(draws[..., pick]) for pick in picks])
    found = _number(float(statistic(draws)), float(values.std(ddof=1)), values)
    return replace(found, over=f"of sets of {FEWEST} draws")


def _number(value: float, error: float, draws: Floats) -> Number:
    rounding = 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - 1) if value else 0.0
    low, high = (float(end) for end in np.quantile(draws, BAND))
    return Number(value, max(ERRORS * error, rounding), low, high)


def more_or_less(first: Floats, second: Floats) -> Word:
    """Return whether the second of two outcomes over the same draws is more, less, or luck.

    Parameters
    ----------
    first, second : (n_draws,) float64
    """
    found = paired(first, second).verdict
    return Word({"higher": "more", "lower": "less"}.get(found, "may be luck"))


def largest(draws: Mapping[str, Floats]) -> Word:
    """Return whose mean is largest; near are those that luck cannot tell from it.

    Parameters
    ----------
    draws : mapping of str to (n_draws,) float64
        The same draws for all.
    """
    best = max(draws, key=lambda name: float(np.mean(draws[name])))
    close = {n for n in draws if n != best and not paired(draws[n], draws[best]).chance < CHANCE}
    return Word(best, frozenset(close))
