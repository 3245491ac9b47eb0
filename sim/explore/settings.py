"""What a page is set to: an experiment and the levers that were moved, as link, words and config.

A page names an experiment or a scenario and the levers that differ from it. The same pair is a link
that carries the settings, the overrides of a command, and a configuration. Hydra composes the
experiment once; levers are then set on a copy of it, which takes a thousandth of the time.
"""

from __future__ import annotations

import copy
import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sim.compose import ABOUT_ONE, about_one, options
from sim.config import Config, parameters_of
from sim.errors import InputError
from sim.variants import overrides_of, variant_of

START = "march_2022"  # the scenario that a page opens with
BASE = "base"  # the name of the experiment in a link
# Names in a link that are no levers: what the views of a page show.
BESIDE = VIEW, DAY, STATE, MEASURE, RUNS, OTHER, GRID, EMBARGO, SECTORS = (
    "view", "day", "state", "measure", "runs", "a", "grid", "embargo", "sectors",
)  # fmt: skip
MOST_DAYS, MOST_LEVERS = 1460, 60
SHOWN = 60  # characters of what cannot be read
MOST_DIGITS = 40  # of a whole number: such as can be told as a float
MOST_CHARACTERS = 8000  # of a link; all levers of the schema at once take fewer
# A page may not name files of the machine that it is served from, nor where results go.
CLOSED = ("world.folder", "rule.function", "rule.name", "out", "name", "record", "member")
NESTED = ("scenario.imposed", "scenario.script", "scenario.events")


@dataclass(frozen=True, slots=True)
class Settings:
    """An experiment or scenario, and the levers that differ from it."""

    # Name of an experiment or a scenario; those about one member in short, as 'without_jpn'.
    base: str = START
    # Values by key, as an override names them.
    levers: Mapping[str, Any] = field(default_factory=dict)

    def with_lever(self, key: str, value: Any) -> Settings:
        """Return settings with one lever moved; one that is back at its place is left out."""
        levers = {**self.levers, key: value}
        if value == self.usual(key):
            del levers[key]
        return replace(self, levers=levers)

    def usual(self, key: str) -> Any:
        """Return the value that a lever has in the experiment itself."""
        return value_of(base_config(self.base), key)

    def value(self, key: str) -> Any:
        """Return the value of a lever."""
        return self.levers[key] if key in self.levers else self.usual(key)

    @property
    def words(self) -> tuple[str, ...]:
        """Overrides that compose to these settings."""
        return (*base_words(self.base), *overrides_of(self.levers))

    @property
    def kind(self) -> str:
        """Config group of the base."""
        return kind_of(self.base)

    @property
    def link(self) -> str:
        """Path and query of a page with these settings."""
        return f"/?{self.query}" if self.query else "/"

    @property
    def query(self) -> str:
        """The same as the query of a link alone, which `from_query` reads."""
        pairs = [] if self.base == START else [(BASE, self.base)]
        return urlencode(pairs + [(key, json.dumps(value)) for key, value in self.levers.items()])

    def command(self, name: str = "run", *more: str) -> str:
        """Return the command line that repeats what a page shows."""
        return shlex.join(["sanctionsim", name, *self.words, *more])

    def config(self) -> Config:
        """Return the configuration.

        Raises
        ------
        InputError
            A lever is unknown or closed, a value is out of its range, or the run is too long for
            a page.
        """
        config = copy.deepcopy(base_config(self.base))
        if len(self.levers) > MOST_LEVERS:
            raise InputError(f"a page moves {MOST_LEVERS} levers at most; found {len(self.levers)}")
        for key, value in self.levers.items():
            _set(config, key, value)
        days = config.scenario.steps * config.scenario.step_days
        if days > MOST_DAYS:
            raise InputError(
                f"a page shows runs of up to {MOST_DAYS} days; found {days}: lower "
                "scenario.steps, or use sanctionsim run"
            )
        return config


def from_link(query: Iterable[tuple[str, str]]) -> Settings:
    """Return the settings that a link carries.

    Parameters
    ----------
    query : iterable of (str, str)
        Names and values of the query, decoded.

    Raises
    ------
    InputError
        An experiment, a lever or a value that there is not.
    """
    base, levers = START, {}
    for key, text in query:
        if key == BASE:
            base = text
        elif key in levers:
            raise InputError(f"link: {key} stands there twice; say it once")
        elif key not in BESIDE:
            levers[key] = _read(key, text)
    settings = Settings(base, levers)
    settings.config()
    return settings


def from_query(query: str) -> Settings:
    """Return the settings that a query carries, as `from_link`."""
    if len(query) > MOST_CHARACTERS:
        raise InputError(f"a link has {MOST_CHARACTERS:,} characters at most; found {len(query):,}")
    return from_link(parse_qsl(query, keep_blank_values=True))


def read_json(text: str) -> Any:
    """Return what a part of a link says; ValueError for what cannot be read, or shown on a page."""
    try:
        found = json.loads(text, parse_constant=_no_number, parse_int=_whole)
    except RecursionError:
        raise ValueError("brackets within brackets") from None
    json.dumps(found, ensure_ascii=False).encode()  # no half of a letter
    return found


def _read(key: str, text: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        found = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
        raise InputError(
            f"link: the value of {key[:SHOWN]} cannot be read; found {found!r}"
        ) from None


def _no_number(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity, which Python's reader would let pass


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(digits[:SHOWN])
    return int(digits)


def base_words(base: str) -> tuple[str, ...]:
    """Return the override that chooses an experiment or scenario, none for the usual one."""
    return () if base == START else (f"{kind_of(base)}={base}",)


def kind_of(base: str) -> str:
    """Return the config group of a name: 'experiment' or 'scenario'."""
    is_scenario = base in options("scenario") and base not in options("experiment")
    return "scenario" if is_scenario else "experiment"


def base_config(base: str) -> Config:
    """Return the configuration of a base, which nobody may change; InputError if there is none."""
    about = about_one(base)
    known = {*options("scenario"), *options("experiment")} - set(ABOUT_ONE)
    if base not in known and not (about and about[1].isalpha()):  # no grammar enters by a link
        raise InputError.unknown("experiment or scenario", base, known)
    return _composed(base)


@lru_cache(maxsize=128)
def _composed(base: str) -> Config:
    return variant_of(base).config


def value_of(config: Config, key: str) -> Any:
    """Return the value of a key; InputError for one that there is not."""
    known = parameters_of(config)
    if key not in known:
        raise InputError.unknown("lever", key, known)
    return known[key][0]


def _set(config: Config, key: str, value: Any) -> None:
    """Set a key; a whole number is one too if a page says 2.0."""
    usual, facts = value_of(config, key), parameters_of(config)[key][1]
    if key in CLOSED or key.startswith("figures."):
        raise InputError(f"{key} cannot be set on a page; use sanctionsim run {key}=...")
    if facts["kind"] is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    if facts["kind"] is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if isinstance(usual, dict | list) and not isinstance(value, type(usual)):
        raise InputError(f"{key} must be a {type(usual).__name__}; found {value!r}")
    of = list(value.values()) if isinstance(value, dict) else value
    if isinstance(of, list) and key not in NESTED:
        kind = (int, float) if isinstance(value, dict) and key != "scenario.roles" else (str,)
        if not all(isinstance(one, kind) for one in of):
            words = "numbers" if float in kind else "words"
            raise InputError(f"{key} must hold {words}; found {str(value)[:SHOWN]!r}")
    group, _, name = key.rpartition(".")
    setattr(getattr(config, group) if group else config, name, value)
