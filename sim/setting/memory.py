"""What depends on a world and a few names alone is worked out once, not for every setting.

A sweep prepares thousands of settings of one world; most of a setting is the same in all of them.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from sim.arrays import read_only
from sim.world import World

Result = TypeVar("Result")
KEPT = 32  # results of each function; a sweep over whole scenarios needs about one for each


def of_world(function: Callable[..., Result]) -> Callable[..., Result]:
    """Remember what a function returns for a world and further arguments, hashable or arrays.

    The world is told apart by identity: a changed copy has the fingerprint of its original.
    What is returned is shared, so its arrays are read-only.
    """
    known: OrderedDict[tuple[Hashable, ...], tuple[World, Any]] = OrderedDict()
    lock = Lock()

    def remembered(world: World, *rest: Any) -> Result:
        key = (id(world), *(r.tobytes() if isinstance(r, np.ndarray) else r for r in rest))
        with lock:
            if key in known:
                known.move_to_end(key)
                return known[key][1]
        result = read_only(function(world, *rest))
        with lock:
            known[key] = (world, result)  # holding the world keeps its id from another
            while len(known) > KEPT:
                known.popitem(last=False)
        return result

    remembered.__doc__ = function.__doc__
    return remembered
