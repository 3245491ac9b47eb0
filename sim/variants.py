"""What a user names to be compared: an experiment, a scenario, or a quoted list of overrides."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.compose import checked, compose, config_folder, files_of, literal, naming
from sim.config import Config
from sim.errors import InputError


@dataclass(frozen=True, slots=True)
class Variant:
    """A configuration with the name that it was asked for by."""

    label: str  # as it was asked for: 'without_jpn', 'coordination.peer_weight=2'
    words: tuple[str, ...]  # overrides that compose to it, those that all variants share first
    config: Config


def variant_of(text: str, common: Sequence[str] = (), own_folder: Path | None = None) -> Variant:
    """Return the configuration that a text names.

    Parameters
    ----------
    text : str
        The name of an experiment or, if there is none, of a scenario; overrides in Hydra's
        grammar, with blanks between; or a name and then overrides.
    common : sequence of str
        Overrides of all variants; those of the text go before them.
    own_folder : Path, optional
        A folder of the user's with further files of the groups.

    Raises
    ------
    InputError
        Nothing is named, the name is unknown, or whatever composing refuses.
    """
    try:
        words = _whole(shlex.split(text))
    except ValueError as error:  # a quotation that does not end
        raise InputError(f"variant {text!r} cannot be read: {str(error).lower()}") from error
    if not words:
        raise InputError(
            "a variant must name an experiment, a scenario or overrides, as in status_quo or "
            "coordination.peer_weight=2; found nothing"
        )
    if "=" not in words[0] and not words[0].startswith("~"):
        words[0] = _named(words[0], own_folder)
    both = (*common, *words)
    # It goes into terminals, titles and file names, where a line's end would do harm.
    label = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    return Variant(label, both, checked(compose(both, own_folder)))


def _whole(words: Sequence[str]) -> list[str]:
    """Return words of which those are one again that stand in one pair of brackets."""
    whole: list[str] = []
    for word in words:
        is_open = whole and any(whole[-1].count(a) > whole[-1].count(b) for a, b in ("{}", "[]"))
        if is_open:
            whole[-1] += f" {word}"
        else:
            whole.append(word)
    return whole


def _named(name: str, own_folder: Path | None) -> str:
    """Return the override that picks an experiment or a scenario by its name."""
    groups = ("experiment", "scenario")
    places = [config_folder(), *([own_folder] if own_folder else [])]
    if found := naming(name, places, groups):
        return found
    known = [name for group in groups for name in files_of(group, places)]
    raise InputError.unknown("experiment or scenario", name, known)


def overrides_of(levers: Mapping[str, Any]) -> list[str]:
    """Return levers that are said in Python as overrides.

    Parameters
    ----------
    levers : mapping of str to object
        Values by their names in a configuration, `__` for the point after the group, as in
        `coordination__peer_weight=2.0` or `scenario="spring_2022"`.
    """
    return [f"{name.replace('__', '.')}={literal(value)}" for name, value in levers.items()]
