"""How the project compiles: one decorator for rules, one for kernels, two for parts of kernels.

A rule is a small function of scalars that a Mesa agent calls with its own numbers and a kernel
calls in its loops; a kernel is a loop over arrays. All are cached on disk, so the second start
is short; where no folder can be written, they are compiled in every process.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba as nb

PACKAGE = Path(__file__).parent


def forget_stale(package: Path = PACKAGE) -> None:
    """Delete machine code that was kept from other sources than those of today.

    The compiler asks only whether the file of a function has changed, not those of whom it calls:
    a rule that changed would go on as it was in every kernel that calls it.

    Parameters
    ----------
    package : Path
        Folder of the sources; the code is in its `__pycache__` folders.
    """
    texts = [path.read_bytes() for path in sorted(package.rglob("*.py"))]
    compiled = [text for text in texts if b"sim.compiled" in text or b"NamedTuple" in text]
    today = hashlib.sha256(b"\0".join(compiled)).hexdigest()
    stamp = package / "__pycache__" / "compiled.sha256"
    try:
        if stamp.exists() and stamp.read_text() == today:
            return
        for kept in package.rglob("__pycache__/*.nb[ci]"):
            kept.unlink(missing_ok=True)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(today)
    except OSError:  # nothing can be written, so nothing was kept here
        pass


forget_stale()


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
