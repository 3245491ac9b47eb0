"""Machine code of the phases: read from disk, or compiled side by side, and said so.

As a program it compiles the functions that it is told of on standard input, for another process.
"""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from sim.record import RecordType, address_of

FEWEST = 4  # functions worth a second process


def addresses_of(
    functions: Mapping[str, Callable[..., Any]], kinds: tuple[RecordType, RecordType]
) -> dict[str, int]:
    """Return the address of each function of two records, compiled if it is not on disk."""
    missing = {name: f for name, f in functions.items() if not _is_known(f, kinds)}
    if missing:
        _compile(missing, kinds)
    return {name: address_of(function, *kinds) for name, function in functions.items()}


def _is_known(function: Any, kinds: tuple[Any, ...]) -> bool:
    """Return whether a function is compiled for these types already, or on disk."""
    if kinds in function.overloads:
        return True
    loaded = function._cache.load_overload(kinds, function.targetctx)
    if loaded is not None:
        function.add_overload(loaded)
    return loaded is not None


def _compile(functions: Mapping[str, Any], kinds: tuple[Any, ...]) -> None:
    """Compile functions, on every core where their code can be kept; say how far it is."""
    names, begin = list(functions), time.monotonic()
    keeps = all(hasattr(function._cache, "_impl") for function in functions.values())
    n_cores = (os.cpu_count() or 1) if keeps and len(names) >= FEWEST else 1
    shares = [names[k::n_cores] for k in range(n_cores)]
    helpers = [_helper([functions[name] for name in share], kinds) for share in shares[1:]]
    try:
        for n, name in enumerate(shares[0]):
            _say(n * n_cores, len(names), begin)
            functions[name].compile(kinds)
        for helper in helpers:
            helper.wait()
    finally:
        for helper in helpers:
            helper.kill()
    _say(len(names), len(names), begin)


def _helper(functions: list[Any], kinds: tuple[Any, ...]) -> subprocess.Popen[bytes]:
    """Return a process that compiles functions, whose code is then on disk."""
    places = [(f.py_func.__module__, f.py_func.__name__) for f in functions]
    helper = subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert helper.stdin is not None
    helper.stdin.write(pickle.dumps((places, kinds)))
    helper.stdin.close()
    return helper


def _say(done: int, total: int, begin: float) -> None:
    """Say how far compiling is; `sim.compiled` names what is compiled on a terminal."""
    line = f"sanctionsim: compiling the model, once on this machine: {done} of {total} parts"
    took = f" in {time.monotonic() - begin:.0f} s" if done else ""
    if sys.stderr.isatty() or done in (0, total):
        print(line + took, file=sys.stderr, flush=True)


if __name__ == "__main__":
    places, kinds = pickle.load(sys.stdin.buffer)
    for module, name in places:
        getattr(importlib.import_module(module), name).compile(kinds)
