"""How the project compiles: one decorator for rules, one for kernels, two for parts of kernels.

A rule is a small function of scalars that a Mesa agent calls with its own numbers and a kernel
calls in its loops; a kernel is a loop over arrays. All are cached on disk, so the second start
is short.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba as nb

rule: Callable[[Callable[..., Any]], Any] = nb.njit(cache=True, error_model="numpy")
kernel: Callable[[Callable[..., Any]], Any] = nb.njit(cache=True, nogil=True, error_model="numpy")

# Parts of kernels have no door for the interpreter, which takes long to compile, and count no
# owners of arrays, which in loops this short takes longer than the work: they allocate nothing,
# so there is nothing to count.
_PART: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "_nrt": False,
}
part: Callable[[Callable[..., Any]], Any] = nb.njit(**_PART)

# A part that runs every day of a run: put in its place, not called.
inlined: Callable[[Callable[..., Any]], Any] = nb.njit(**_PART, forceinline=True)
