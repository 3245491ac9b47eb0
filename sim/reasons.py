"""Why a sender or a council did what it did: what it weighed, as data and in words.

A reason multiplies the pace of a decision: what it adds to the log hazard, as a factor of the
hazard. The factors of a rule that adds up multiply, from the pace of a start to that of the day.
"""

import math
import textwrap
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sim.csv_table import records
from sim.rules import clock
from sim.words import MONTHS, the

HARDLY = 0.05  # of log hazard: five percent of the pace
FOLLOWING = ("peer", "lead", "threshold")  # what a sender that follows compares
WIDTH = 100  # of a line in a terminal
# What was weighed, by its name in the rule: in a few words, and in a line with its value, where
# `share` is the value in percent.
_TABLE = records(Path(__file__).with_suffix(".csv"))
SHORT = {row["name"]: row["short"] for row in _TABLE}
WORDS = {row["name"]: row["words"] for row in _TABLE}


class Reason(NamedTuple):
    """One thing that was weighed."""

    name: str  # of the term in the rule, or of what the decision shares with others
    words: str  # what it was, with its value and unit
    # As it was weighed, in the unit of `sim.rules.terms.Terms`; nan for what is no term.
    value: float
    # To the log hazard per week. Under a rule that does not add up: by how much the log hazard
    # would fall if the term were 0, all else as it is.
    added: float

    @property
    def factor(self) -> float:
        """By what it multiplies the pace; above 1 it hastens, below 1 it holds back."""
        return math.exp(self.added)


class Stance(NamedTuple):
    """Where a member of a council stands on a measure."""

    code: str
    name: str
    voice: float  # its weight in the common wish, in [0, 1]
    log_hazard: float  # of what it wanted, per week; nan if it has no wave left to take
    objection: str  # until when it objects, in words, '' if it does not
    exempt: bool  # a carve-out frees it of the measure


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a sender or a council did what it did on a day."""

    # Of who weighed it.
    code: str
    name: str
    measure: str  # in words, with its target
    act: int  # its position in the setting
    outcome: str  # what had become of it, in words
    wave: int = 1  # which of its waves was weighed, from 1 up
    day: date | None = None  # on which it was weighed last; None if nobody has weighed it
    start: float = math.nan  # log hazard per week where nothing else counts
    terms: tuple[Reason, ...] = ()
    log_hazard: float = math.nan  # per week, of that day; nan if nothing was weighed
    adds_up: bool = True  # start and terms sum to the log hazard
    # Name of the council that decides, whose members only say what they want; '' otherwise.
    wishes_of: str = ""
    waiting: str = ""  # the day since which a vote of a council is due, as objections hold it up
    members: tuple[Stance, ...] = ()  # of a council
    notes: tuple[str, ...] = ()  # further sentences

    @property
    def chance(self) -> float:
        """Probability of acting on the day, or of a vote on it."""
        return float(clock.probability(self.log_hazard, 1.0))

    @property
    def telling(self) -> tuple[Reason, ...]:
        """The terms that made a difference, what hastened most first.

        Under a rule with a threshold also those that are held against each other there.
        """
        always = () if self.adds_up else FOLLOWING
        some = [r for r in self.terms if abs(r.added) >= HARDLY or r.name in always]
        return tuple(sorted(some, key=lambda reason: -reason.added))

    @property
    def head(self) -> str:
        """Who, on what."""
        return f"{upper_first(self.name)}: {self.measure}"

    @property
    def result(self) -> str:
        """What all that was weighed came to, in a sentence."""
        pace = f"{in_percent(self.chance)}, a pace of {once_in(self.log_hazard)}"
        if self.wishes_of:
            return (
                f"So, by itself, {the(self.name)} would announce it that day with a chance "
                f"of {pace}; but that is only the wish it brings: {self.wishes_of} must agree."
            )
        if self.waiting:
            return (
                f"Objections had held it up since {self.waiting}; such a vote stays due until it "
                "passes, so that the pace of that day no longer counted."
            )
        what = f"{the(self.name)} would {'vote on' if self.members else 'announce'} it"
        return f"So the chance that {what} that day was {pace}."

    def text(self) -> str:
        """Return all of it in words, for a terminal."""
        return "\n".join([self.head, wrapped(self.outcome), *self.weighed()])

    def weighed(self) -> list[str]:
        """Return the lines on what was weighed and where members stand."""
        if self.day is None:
            return [wrapped(note) for note in self.notes]
        return [
            "",
            f"What {'its members' if self.members else 'it'} weighed on {in_words(self.day)}",
            wrapped(f"({self.reading})"),
            *(f"  {in_times(reason.added):<8}{reason.words}" for reason in self.telling),
            *self.after_terms(),
        ]

    def after_terms(self) -> list[str]:
        """Return the lines below the terms: what they came to, and where members stand."""
        return [
            *self.hardly,
            wrapped(self.result),
            *self._stances(),
            *(wrapped(note) for note in self.notes),
        ]

    @property
    def reading(self) -> str:
        """How the factors are to be read."""
        if self.adds_up:
            return f"pace at the start {once_in(self.start)}; × hastens, ÷ slows, all multiply"
        return "× and ÷: how the pace differs from one without it; these do not multiply"

    @property
    def hardly(self) -> list[str]:
        """A line on what made hardly any difference, if there is any."""
        few = [SHORT[reason.name] for reason in self.terms if reason not in self.telling]
        return [wrapped(f"hardly any difference: {', '.join(few)}")] if few else []

    def _stances(self) -> list[str]:
        if not self.members:
            return []
        rows = [
            f"  {member.name:<18}{100.0 * member.voice:>4.0f} %  {wish_of(member):<18}"
            f"{objection_of(member)}"
            for member in self.members
        ]
        head = f"  {'member':<18}{'voice':>6}  {'would act':<18}"
        return ["", head.rstrip(), *(row.rstrip() for row in rows)]


def wish_of(member: Stance) -> str:
    """Return how soon a member would act by itself, in words."""
    return "has all of it" if math.isnan(member.log_hazard) else once_in(member.log_hazard)


def objection_of(member: Stance) -> str:
    """Return until when a member objects, and whether it is exempt, in words; '' for neither."""
    said = ["exempt from it"] if member.exempt else []
    return "  ".join([*([f"objects {member.objection}"] if member.objection else []), *said])


def reason(name: str, value: float, added: float, target: str) -> Reason:
    """Return a reason with its words.

    Parameters
    ----------
    name : str
        One of `WORDS`.
    target : str
        Name of the state that the measure is aimed at.
    """
    urgency = math.exp(value) if name == "shock" else math.nan
    words = WORDS[name].format(
        value=value + 0.0,  # no -0
        share=100.0 * value,
        support=100.0 * (value + 0.5),
        urgency=urgency,
        target=target,
    )
    return Reason(name, words, value, added)


def wrapped(text: str, indent: str = "  ") -> str:
    """Return a text as lines of a terminal, indented, those after the first one by more."""
    return textwrap.fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ",
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


def upper_first(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]


def in_words(day: date) -> str:
    """Return a date as '8 April 2022', in English wherever the program runs."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def in_times(added: float) -> str:
    """Return the factor of a pace in words: '× 30', '÷ 2.3'."""
    return f"{'×' if added >= 0.0 else '÷'} {two_digits(math.exp(min(abs(added), 300.0)))}"


def in_percent(share: float) -> str:
    """Return a share as '1.4 %'."""
    percent = 100.0 * share
    return "under 0.001 %" if percent < 0.001 else f"{two_digits(percent)} %"


def once_in(log_hazard: float) -> str:
    """Return a log hazard per week as 'once in 73 days', or years."""
    days = clock.DAYS_PER_WEEK * math.exp(min(-log_hazard, 300.0))
    if days < 1.5:
        return "once a day" if days > 0.75 else f"{two_digits(1.0 / days)} times a day"
    if days < 1000.0:
        return f"once in {two_digits(days)} days"
    years = days / clock.DAYS_PER_YEAR
    return f"once in {two_digits(years)} years" if years < 1e6 else "never"


def two_digits(number: float) -> str:
    """Return a positive number with two digits that count, and no exponent."""
    if number >= 99.5:
        return f"{number:,.0f}" if number < 1e6 else f"{number:.0e}"
    return f"{number:.2g}" if number >= 1e-4 else f"{number:.0e}"
