"""How the project compiles: decorators for rules, kernels and parts of kernels, and their cache.

A rule is a small function of scalars, a kernel a loop over arrays, a phase a kernel that the
engine calls by its address: so none is compiled into another, and a change of one leaves the
others as they are. Machine code is kept on disk, under a name that holds a hash of all sources
that it can have come from: wherever it is kept, it is never that of other sources. Where no folder
can be written, every process compiles for itself.
"""

import contextlib
import functools
import hashlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba as nb
from numba.core import caching, event
from numba.core.runtime import rtsys

# Phases are called by the address of their machine code: without a compiler there is no engine.
nb.config.DISABLE_JIT = 0  # type: ignore[attr-defined]

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


@functools.cache
def fingerprint(file: Path) -> str:
    """Return a hash of all sources that a file's machine code can have come from."""
    texts = [_content(path) for path in sorted(sources_of(file))]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


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


class _Cache(caching.FunctionCache):
    """Machine code on disk under names with a hash of all sources that it can have come from.

    The compiler's own asks only whether the file of a function has changed, not those of whom it
    calls: a rule that changed would go on as it was in every kernel that calls it.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        sources = fingerprint(Path(function.__code__.co_filename))
        name = f"{self._impl.filename_base}.{sources[:16]}"
        self._cache_file = caching.IndexDataCacheFile(self._cache_path, name, sources)
        _forget_others(self._cache_path, Path(function.__code__.co_filename).stem, sources[:16])

    def load_overload(self, kinds: Any, context: Any) -> Any:
        """Read machine code, without all that compiling would need: that takes half a second."""
        rtsys.initialize(context)  # memory for arrays
        return self._load_overload(kinds, context)

    def save_overload(self, kinds: Any, code: Any) -> None:
        """Keep machine code if it can be written: on a full disk it is good for this process."""
        with contextlib.suppress(OSError):
            super().save_overload(kinds, code)


@functools.cache
def _forget_others(folder: str, module: str, sources: str) -> None:
    """Delete the machine code of a module that came from other sources."""
    with contextlib.suppress(OSError):
        for kept in Path(folder).glob(f"{module}.*.nb[ci]"):
            if f".{sources}." not in kept.name:
                kept.unlink()


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    found = nb.njit(error_model="numpy", **options)(function)
    if PACKAGE in Path(function.__code__.co_filename).parents:  # a user's rule is compiled anew
        with contextlib.suppress(RuntimeError):  # no folder to keep the machine code in
            found._cache = _Cache(function)
    return found


Decorator = Callable[[Callable[..., Any]], Any]
rule: Decorator = _compiled
kernel: Decorator = functools.partial(_compiled, nogil=True)
allocating_phase: Decorator = functools.partial(_compiled, nogil=True, no_cpython_wrapper=True)

# Phases and parts of kernels have no door for the interpreter, which takes long to compile, and
# count no owners of arrays, which in loops this short takes longer than the work: they allocate
# nothing, so there is nothing to count.
# A product may be added unrounded, which is one instruction in place of two.
_FUSED: Any = {"fastmath": {"contract"}}
_BARE: dict[str, Any] = {"nogil": True, "no_cpython_wrapper": True, "_nrt": False, **_FUSED}
# A part with that door.
loop: Decorator = functools.partial(_compiled, nogil=True, _nrt=False, **_FUSED)
part: Decorator = functools.partial(_compiled, **_BARE, no_cfunc_wrapper=True)


def phase(function: Callable[..., Any]) -> Any:
    """Compile what is called by its address alone."""
    return _compiled(function, **_BARE)


# A part that runs every day of a run: put in its place, not called.
inlined: Decorator = functools.partial(_compiled, **_BARE, no_cfunc_wrapper=True, forceinline=True)
