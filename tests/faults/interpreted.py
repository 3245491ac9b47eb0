"""The engine as Python runs it: what is compiled is a function of its own source again.

A mutant of a compiled function would have to be compiled, for a minute or two, with all phases that
call it. Here functions that reach the mutant are run by the interpreter, and phases that do not as
machine code: a run takes a second at most. An index beyond an array is an error here, as is a
division of Python's own numbers by 0.
"""

from __future__ import annotations

import functools
import gc
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from mutants import ROOT
from numba.core.dispatcher import Dispatcher

import sim.engine.compilation
import sim.engine.loop
import sim.record
import sim.setting.decision

LOOP = ("advance", "begin", "conclude", "simulate")
RULES = "sim.rules.decide."
DRAWS = "sim.draws"  # counts in words of 32 bits, which Python's numbers are not


class Interpreter:
    """Python's own functions of those that are compiled, with all that they call.

    It learns at which address each compiled function is, so it must be there before any is asked
    for.
    """

    def __init__(self) -> None:
        self.reaching: set[Any] = set()
        self._at: dict[int, Any] = {}
        self._begin = sim.engine.loop.begin
        self._known: dict[int, Any] = {}
        sim.record.RecordType.find = functools.cache(sim.record.RecordType.find)
        for module in (sim.engine.compilation, sim.setting.decision):
            module.address_of = self._remember(module.address_of)

    def interpret(self, *codes: CodeType) -> None:
        """Put codes in the places of functions' own, and let Python run all that reach them."""
        for code in codes:
            _put(code)
        compiled = [one for one in self._dispatchers() if one.py_func.__module__ != DRAWS]
        self.reaching = {one for one in compiled if one.py_func.__code__ in codes}
        calls = {one: set(self._called_by(one)) for one in compiled}
        while True:
            more = {one for one in compiled if calls[one] & self.reaching} - self.reaching
            if not more:
                break
            self.reaching |= more
        if self.reaching:
            self.reaching |= {getattr(sim.engine.loop, name) for name in LOOP}
        for module in _modules():
            for name, thing in list(vars(module).items()):
                if isinstance(thing, Dispatcher) and thing in self.reaching:
                    setattr(module, name, self.of(thing))
        _forget()
        np.seterr(all="ignore")  # as machine code does

    def of(self, thing: Any) -> Any:
        """Return what Python runs in the place of a global name of a compiled function."""
        if isinstance(thing, Dispatcher) and thing.py_func.__module__ != DRAWS:
            return self._twin(thing.py_func)
        if isinstance(thing, ModuleType) and thing.__name__.startswith("sim."):
            return SimpleNamespace(**self._globals_of(vars(thing)))
        if thing is sim.record.flat:
            return np.ravel
        if thing is sim.record.on_stack:
            return functools.partial(np.full, fill_value=np.nan)  # whatever was there before
        if thing is sim.record.call_phase:
            return self._call_phase
        return self._call_rule if thing is sim.record.call_rule else thing

    def _twin(self, function: FunctionType) -> Any:
        if id(function) not in self._known:
            names = self._globals_of(function.__globals__)
            twin = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
            twin.py_func = twin  # type: ignore[attr-defined]
            self._known[id(function)] = twin
        return self._known[id(function)]

    def _globals_of(self, names: dict[str, Any]) -> dict[str, Any]:
        if id(names) not in self._known:
            self._known[id(names)] = own = dict(names)
            own |= {name: self.of(thing) for name, thing in names.items()}
            return own
        return self._known[id(names)]

    def _remember(self, address_of: Any) -> Any:
        def remembered(function: Any, *kinds: Any) -> int:
            compiled = isinstance(function, Dispatcher)
            address = address_of(function, *kinds) if compiled else id(function)
            self._at[address] = function
            return address

        return remembered

    def _call_phase(self, address: int, inputs: Any, state: Any) -> None:
        function = self._at[int(address)]
        if function in self.reaching:
            self.of(function)(inputs, state)
        else:
            self._begin(np.array([[address, 0]], dtype=np.int64), inputs, state)

    def _call_rule(self, address: int, terms: Any, weights: Any) -> float:
        return float(self.of(self._at[int(address)])(terms, weights))

    def _dispatchers(self) -> set[Any]:
        return {
            thing
            for module in _modules()
            for thing in vars(module).values()
            if isinstance(thing, Dispatcher)
        }

    def _called_by(self, compiled: Any) -> Iterator[Any]:
        """Yield the compiled functions that one names, by itself or as part of a module."""
        names, known = compiled.py_func.__code__.co_names, compiled.py_func.__globals__
        for thing in (known.get(name) for name in names):
            if isinstance(thing, Dispatcher):
                yield thing
            elif isinstance(thing, ModuleType) and thing.__name__.startswith("sim."):
                yield from (
                    part
                    for part in (getattr(thing, name, None) for name in names)
                    if isinstance(part, Dispatcher)
                )
            elif thing is sim.record.call_rule:
                yield from (
                    module.log_hazard
                    for name, module in sys.modules.items()
                    if name.startswith(RULES)
                )


def _put(code: CodeType) -> None:
    file = Path(code.co_filename).relative_to(ROOT).with_suffix("")
    importlib.import_module(".".join(file.parts))  # a decision rule is not, until it is asked
    gc.unfreeze()
    functions = [thing for thing in gc.get_objects() if isinstance(thing, FunctionType)]
    found = [one for one in functions if _is_of(one.__code__, code)]
    if not found:
        raise LookupError(f"{code.co_qualname} of {file} is not there to be changed")
    for function in found:
        function.__code__ = code


def _is_of(code: CodeType, other: CodeType) -> bool:
    place = ("co_filename", "co_qualname", "co_firstlineno")
    return all(getattr(code, name) == getattr(other, name) for name in place)


def _modules() -> list[ModuleType]:
    found = sys.modules.items()
    return [m for name, m in found if isinstance(m, ModuleType) and name.split(".")[0] == "sim"]


def _forget() -> None:
    """Forget what the package remembers of earlier calls, but for types and addresses."""
    for thing in gc.get_objects():
        if isinstance(thing, functools._lru_cache_wrapper):
            name = thing.__wrapped__.__module__
            if name.startswith("sim.") and name not in ("sim.record", "sim.engine.day"):
                thing.cache_clear()
