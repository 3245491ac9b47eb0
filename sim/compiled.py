"""How the project compiles: one decorator for rules, one for kernels.

A rule is a small function of scalars that a Mesa agent calls with its own numbers and a kernel
calls in its loops; a kernel is a loop over arrays. Both are cached on disk, so the second start
is short.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba as nb

rule: Callable[[Callable[..., Any]], Any] = nb.njit(cache=True, error_model="numpy")
kernel: Callable[[Callable[..., Any]], Any] = nb.njit(cache=True, nogil=True, error_model="numpy")

# A kernel that only kernels call: no door for the interpreter, which takes long to compile.
inner: Callable[[Callable[..., Any]], Any] = nb.njit(  # type: ignore[call-overload]
    cache=True, nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True
)

# A few lines that stand in the loops of kernels: put in their place, not called.
inlined: Callable[[Callable[..., Any]], Any] = nb.njit(
    inline="always", cache=True, error_model="numpy"
)
