"""How the project compiles: one decorator for rules, one for kernels, two for parts of kernels.

A rule is a small function of scalars that a Mesa agent calls with its own numbers and a kernel
calls in its loops; a kernel is a loop over arrays. All are cached on disk, so the second start
is short; where no folder can be written, they are compiled in every process.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numba as nb


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    try:
        return nb.njit(cache=True, error_model="numpy", **options)(function)
    except RuntimeError:  # no folder to keep the machine code in
        return nb.njit(error_model="numpy", **options)(function)


Decorator = Callable[[Callable[..., Any]], Any]
rule: Decorator = _compiled
kernel: Decorator = functools.partial(_compiled, nogil=True)

# Parts of kernels have no door for the interpreter, which takes long to compile, and count no
# owners of arrays, which in loops this short takes longer than the work: they allocate nothing,
# so there is nothing to count.
_PART: dict[str, Any] = {
    "nogil": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "_nrt": False,
}
part: Decorator = functools.partial(_compiled, **_PART)

# A part that runs every day of a run: put in its place, not called.
inlined: Decorator = functools.partial(_compiled, **_PART, forceinline=True)
