"""What the public face is called with, checked: one line for what cannot be."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from numbers import Integral
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sim.cli import MOST
from sim.config import Config
from sim.errors import InputError
from sim.variants import Variant, overrides_of, variant_of

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def in_one_line(function: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """Return a function whose mistakes of a user end a traceback at the function itself.

    What Hydra and others raised before, some hundred lines of it, helps nobody who calls it.
    """

    @wraps(function)
    def called(*args: Asked.args, **others: Asked.kwargs) -> Found:
        try:
            return function(*args, **others)
        except InputError as error:
            raise error.with_traceback(None) from None

    return called


def asked_variant(
    what: Sequence[str], levers: Mapping[str, Any], config_dir: str | Path | None
) -> Variant:
    """Return the setting that words and levers name, the default if there are none."""
    from sim.compose import checked, compose

    check_texts("experiments, scenarios and overrides", what, ": numbers of runs are runs=...")
    common, own = overrides_of(levers), folder_of(config_dir)
    if what:
        return variant_of(" ".join(what), common, own)
    config = checked(compose(common, own))
    return Variant(config.scenario.name, tuple(common), config)


def path_of(path: str | Path) -> Path:
    """Return a path; InputError for what is none."""
    if not isinstance(path, str | Path) or not str(path).strip():
        raise InputError(f"a folder must be a text or a path; found {path!r}")
    return Path(path)


def folder_of(path: str | Path | None) -> Path | None:
    """Return a folder that is there, None for none; InputError for what is no folder."""
    if path is not None and not path_of(path).is_dir():
        raise InputError(f"config_dir must be a folder; found {str(path)!r}")
    return None if path is None else Path(path)


def numbers_of(runs: int | Sequence[int], own: int) -> list[int]:
    """Return the numbers of the runs that are asked for; a single one is that of the setting."""
    import numpy as np

    found = np.asarray(runs)
    if found.dtype.kind not in "iu" or found.ndim > 1 or not found.size or found.min() < 0:
        raise InputError(
            f"runs must be a whole number from 1 up, or numbers of runs from 0 up; found {runs!r}"
        )
    if found.ndim:
        numbers = list(map(int, found))
        if len(set(numbers)) < len(numbers):
            raise InputError(f"runs must name every run once; found {runs!r}")
        Config(run=max(numbers))  # within the range of such a number
        return numbers
    check_count("runs", int(found))
    return [own] if found == 1 else list(range(int(found)))


def check_texts(name: str, texts: Sequence[object], hint: str = "") -> None:
    """Raise InputError for what is no text where a text is due."""
    for text in texts:
        if not isinstance(text, str):
            raise InputError(f"{name} must be text; found {text!r}{hint}")


def check_count(name: str, number: Any) -> None:
    """Raise InputError for what is no such number as a command takes."""
    is_whole = isinstance(number, Integral) and not isinstance(number, bool)
    if not is_whole or not 1 <= int(number) <= MOST:
        raise InputError(f"{name} must be a whole number from 1 to {MOST:,}; found {number!r}")


def design_of(what: str | Mapping[str, Any]) -> list[str]:
    """Return the overrides of a sweep that is named, or of factors."""
    if isinstance(what, str):
        from sim.sweep.compose import options

        names = options("experiment")
        if what not in names and "=" not in what:
            raise InputError.unknown("sweep or experiment", what, names)
        return [what if "=" in what else f"experiment={what}"]
    if not isinstance(what, Mapping) or not what:
        raise InputError(
            "a sweep takes the name of one, or factors by their path, as in "
            f"{{'coordination.peer_weight': [0, 1, 2]}}; found {what!r}"
        )
    return overrides_of({f"design.factors.{path}": values for path, values in what.items()})
