"""Arrays by what they hold, and what keeps them and other data from being changed."""

import copyreg
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Key = TypeVar("Key")
Thing = TypeVar("Thing")


def fixed(mapping: Mapping[Key, Thing]) -> MappingProxyType[Key, Thing]:
    """Return a copy of a mapping that cannot be changed."""
    return MappingProxyType(dict(mapping))


copyreg.pickle(MappingProxyType, lambda shown: (fixed, (dict(shown),)))  # to other processes too


def read_only(thing: Thing) -> Thing:
    """Return the thing itself, after making every array in it read-only.

    Parameters
    ----------
    thing
        An array, or tuples, mappings and dataclasses that hold arrays at any depth.
    """
    if isinstance(thing, np.ndarray):
        thing.setflags(write=False)
    elif isinstance(thing, tuple | Mapping) or is_dataclass(thing):
        for part in _parts(thing):
            read_only(part)
    return thing


def _parts(thing: Any) -> Any:
    if isinstance(thing, Mapping):
        return thing.values()
    return thing if isinstance(thing, tuple) else [getattr(thing, f.name) for f in fields(thing)]


def writeable(thing: Thing) -> Thing:
    """Return the thing with a copy in place of every array in it that is read-only.

    The compiler takes a read-only array for another type, and would compile anew what it knows.

    Parameters
    ----------
    thing
        An array, or tuples that hold arrays at any depth; all else comes back as it is.
    """
    copied: Any = thing
    if isinstance(thing, np.ndarray):
        copied = thing if thing.flags.writeable else thing.copy()
    elif isinstance(thing, tuple):
        parts = map(writeable, thing)
        copied = thing._make(parts) if hasattr(thing, "_make") else tuple(parts)
    return copied
