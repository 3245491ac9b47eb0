"""How the project compiles: one decorator for rules, one for kernels.

A rule is a small function of scalars that a Mesa agent calls with its own numbers and a kernel
inlines; a kernel is a loop over arrays. Both are cached on disk, so the second start is short.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba as nb

rule: Callable[[Callable[..., Any]], Any] = nb.njit(
    inline="always", cache=True, error_model="numpy"
)
kernel: Callable[[Callable[..., Any]], Any] = nb.njit(cache=True, nogil=True, error_model="numpy")
