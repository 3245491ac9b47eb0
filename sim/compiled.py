"""How the project compiles: decorators for rules, kernels and parts of kernels, and their cache.

A rule is a small function of scalars, a kernel a loop over arrays, a phase a kernel that the
engine calls by its address: so none is compiled into another, and a change of one leaves the
others as they are. Machine code is kept on disk; where no folder can be written, every process
compiles for itself.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba as nb
from numba.core import event

PACKAGE = Path(__file__).parent
_IMPORT = re.compile(r"^ *from +(sim[.\w]*) +import +(?:\(([^)]*)\)|(.*))$", re.M)


def sources_of(file: Path) -> frozenset[Path]:
    """Return a source of the package and all that it imports of the package, however far."""
    found, to_follow = {file}, [file]
    while to_follow:
        new = _imported_by(to_follow.pop()) - found
        found |= new
        to_follow += new
    return frozenset(found)


@functools.cache
def _content(file: Path) -> bytes:
    """Return a source, read once: most are imported by many."""
    return file.read_bytes()


@functools.cache
def _imported_by(file: Path) -> frozenset[Path]:
    """Return the sources of the package that one of them names in its imports."""
    found = {
        _source(module, name.split("#")[0].split(" as ")[0].strip())
        for module, several, one in _IMPORT.findall(_content(file).decode("utf-8"))
        for name in (several or one).split(",")
    }
    return frozenset(path for path in found if path is not None)


def _source(module: str, name: str) -> Path | None:
    """Return the file that a name comes from: a module of a package, or what is in a module."""
    folder = PACKAGE.parent.joinpath(*module.split("."))
    places = (folder / f"{name}.py", folder.with_suffix(".py"), folder / "__init__.py")
    return next((path for path in places if path.is_file()), None)


def fingerprint(file: Path) -> str:
    """Return a hash of all sources that a file's machine code can have come from."""
    texts = [_content(path) for path in sorted(sources_of(file))]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def forget_stale(package: Path = PACKAGE) -> None:
    """Delete the machine code of every file that has changed, or that uses one that has.

    The compiler asks only whether the file of a function has changed, not those of whom it calls:
    a rule that changed would go on as it was in every kernel that calls it.

    Parameters
    ----------
    package : Path
        Folder of the sources; the code is in its `__pycache__` folders.
    """
    stamps = package / "__pycache__" / "compiled.json"
    try:
        known = json.loads(stamps.read_text()) if stamps.exists() else {}
        sources = [path for path in package.rglob("*.py") if b"sim.compiled" in _content(path)]
        today = {str(path.relative_to(package)): fingerprint(path) for path in sources}
        if today == known:
            return
        for name in {n for n in today | known if today.get(n) != known.get(n)}:
            for kept in (package / name).parent.glob(f"__pycache__/{Path(name).stem}.*.nb[ci]"):
                kept.unlink(missing_ok=True)
        stamps.parent.mkdir(exist_ok=True)
        stamps.write_text(json.dumps(today))
    except OSError:  # nothing can be written, so nothing was kept here
        pass


forget_stale()


class _Told(event.Listener):
    """Says on a terminal what is being compiled, on one line that is wiped when it is done."""

    def __init__(self) -> None:
        self.depth, self.begin = 0, 0.0

    def on_start(self, event: Any) -> None:
        """Name the function that is compiled with all that it calls."""
        self.depth += 1
        if self.depth == 1:
            function = event.data["dispatcher"].py_func
            name = f"{function.__module__}.{function.__name__}"
            print(f"\rsanctionsim: compiling {name:<60}", end="", file=sys.stderr, flush=True)

    def on_end(self, event: Any) -> None:
        """Wipe the line."""
        self.depth -= 1
        if self.depth == 0:
            print(f"\r{'':<90}\r", end="", file=sys.stderr, flush=True)


if sys.stderr is not None and sys.stderr.isatty():
    event.register("numba:compile", _Told())


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    try:
        return nb.njit(cache=True, error_model="numpy", **options)(function)
    except RuntimeError:  # no folder to keep the machine code in
        return nb.njit(error_model="numpy", **options)(function)


Decorator = Callable[[Callable[..., Any]], Any]
rule: Decorator = _compiled
kernel: Decorator = functools.partial(_compiled, nogil=True)
allocating_phase: Decorator = functools.partial(_compiled, nogil=True, no_cpython_wrapper=True)

# Phases and parts of kernels have no door for the interpreter, which takes long to compile, and
# count no owners of arrays, which in loops this short takes longer than the work: they allocate
# nothing, so there is nothing to count.
_BARE: dict[str, Any] = {"nogil": True, "no_cpython_wrapper": True, "_nrt": False}
phase: Decorator = functools.partial(_compiled, **_BARE)  # called by its address alone
loop: Decorator = functools.partial(_compiled, nogil=True, _nrt=False)  # a part with that door
part: Decorator = functools.partial(_compiled, **_BARE, no_cfunc_wrapper=True)

# A part that runs every day of a run: put in its place, not called.
inlined: Decorator = functools.partial(_compiled, **_BARE, no_cfunc_wrapper=True, forceinline=True)
