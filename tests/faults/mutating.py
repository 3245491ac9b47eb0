"""Mutation testing of rules, engine and economy: small mistakes, and whether a test notices.

As a program: `python tests/faults/mutating.py 150 [--seed 7] ['sim/engine/*.py' ...]` draws mutants
from modules in proportion to what they hold, tries each in a process of its own, and prints a line
for each and a table: tried, killed, equivalent, survived. No file is changed: the process puts the
mutant's code in the place of the function's own. A mutant is killed by a test that fails, and by
one that does not end, if it passes on the unchanged function run in the same way. What only the
golden run notices is counted apart: it notices everything, and does not say what.

Own code, for what there is cannot hold compiled functions: mutmut passes over whatever is
decorated, and Cosmic Ray writes files, each of which would be compiled for minutes
(`interpreted.py`).
"""

from __future__ import annotations

import argparse
import functools
import glob
import hashlib
import importlib
import importlib.metadata
import io
import itertools
import os
import pickle
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import interpreted
import pytest
from mutants import ROOT, UNCHANGED, Mutant, changed_code, mutants_of

sys.path.insert(0, str(ROOT / "tests"))
import measure_slow

from sim.config import Config
from sim.engine import simulate
from sim.world import load

REFERENCE = "tests/reference/test_reference.py"
RUNS = f"{REFERENCE}::test_a_run_of_the_engine_is_that_of_the_reference"
MOST = [  # cases in which most of what a run can hold happens
    f"{RUNS}[{case}]"
    for case in ("strong pull", "a settlement", "majority", "much leaks", "buyers hold back too",
                 "random events and talks", "imposed", "utility", "cooperation", "a veto")
]  # fmt: skip
# Where tests are that are meant to hold the modules of a folder, but for the reference.
FOLDERS = {
    "sim/rules/": ("tests/rules", "tests/engine", "tests/behaviour", "tests/setting"),
    "sim/engine/": ("tests/engine", "tests/behaviour", "tests/setting"),
    "sim/economy/": ("tests/economy", "tests/engine", "tests/behaviour"),
}
ALSO = ["tests/test_levers.py", "tests/test_model.py", REFERENCE]
QUICK = 0.3  # seconds
LAST = ("tests/economy/test_nafta.py", "tests/economy/test_other_program.py")  # long in Python
GOLDEN = "tests/golden"
# What the parent has imported is there already, and cannot be rewritten.
IMPORTED = "ignore::pytest.PytestAssertRewriteWarning"
# Its workers are processes, in which nothing is changed: it notices everything, as the golden run.
APART = "tests/engine/test_own_rule.py::test_dask_workers_take_the_text_from_the_plan"
WORDS = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "-W", IMPORTED]
WORDS += [f"--deselect={APART}"]
LONGEST = 60.0  # seconds of a processor that a test may take
NO_END, CRASH = "no end of ", "crash in "
BEFORE = "not tried"  # and so not killed: the mutant could not be put in its place
ENDS = ("killed", "golden", "equivalent", "survived", "artefact")
OF_REFERENCE = ("sim/engine/shocks.py",)  # what `tests/reference/plain.py` takes from the package
EQUIVALENT = ROOT / "tests/faults/equivalent.txt"


class Found(NamedTuple):
    """How a mutant ended: the test that failed, '' if none did, and seconds that it took."""

    killed_by: str
    seconds: float


class _First:
    """Notes the first test that fails and the one at work, as a plugin of pytest."""

    def __init__(self, said: Path) -> None:
        self.name, self.said = "", said

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        _limit(nodeid, self.said)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.name = self.name or (report.nodeid if report.failed else "")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.name = self.name or (report.nodeid if report.failed else "")


class References:
    """Runs of `tests/reference`, lived once before processes part: a mutant changes none of them.

    A run is known by all that it is made from, so a mutant that changes the setting has its own.
    """

    def __init__(self) -> None:
        sys.path[:0] = [str(ROOT / "tests/reference"), str(ROOT / "tests/economy")]
        self._known: dict[tuple, Any] = {}
        self._plain = importlib.import_module("plain")
        self._live = self._plain.Run.live
        self._plain.Run.live = lambda run: self._lived(run)
        self._tests = importlib.import_module("test_reference")
        for name in MOST:
            self.hold(name)
        del sys.modules["test_reference"]  # it is to be read anew, by pytest

    def hold(self, name: str) -> None:
        """Run a case as its test does, but without pytest, which takes as long once more."""
        tests = self._tests
        tests.apart.cache_clear(), tests.engine_and_setting.cache_clear()
        tests.test_a_run_of_the_engine_is_that_of_the_reference(name[len(RUNS) + 1 : -1])

    def _lived(self, run: Any) -> Any:
        if type(run) is not self._plain.Run:  # one that leaves a phase out
            return self._live(run)
        key = (_content(run.setting), run.seed, run.run)
        if key not in self._known:
            self._known[key] = self._live(run)
        return self._known[key]

    def forget(self) -> None:
        """Let what the reference takes from the package be taken anew: it is to be changed."""
        for name in ("plain", "given", "prices"):
            sys.modules.pop(name, None)


def _content(thing: Any) -> bytes:
    """Return a hash of what a thing holds, whichever of its parts are one in memory."""
    text = io.BytesIO()
    pickler = pickle.Pickler(text)
    pickler.fast = True
    pickler.dump(thing)
    return hashlib.sha256(text.getvalue()).digest()


def stages_of(file: str) -> list[list[str]]:
    """Return the tests that are meant to hold a module, the nearest and quickest first.

    What is quick and names the module; cases of the reference in which most happens; what else
    names it or lies in its folder's own; the rest. The reference goes first where the module loops
    over a world: its own is small, and Python goes through the shipped one in minutes.
    """
    folders = next(found for folder, found in FOLDERS.items() if file.startswith(folder))
    cost = _costs()
    files = {folder: _files(folder, cost) for folder in folders}
    everything = list(itertools.chain(*files.values()))
    named = [f for f in everything if _names(ROOT / f, file)]
    quick = [f for f in named if cost[f] < QUICK]
    near = [f for f in dict.fromkeys([*named, *files[folders[0]]]) if f not in quick]
    rest = [f for f in [*everything, *ALSO] if f not in named and f not in near]
    first = [quick, MOST] if folders[0] == "tests/rules" else [MOST, quick]
    return [*first, near, rest]


@functools.cache
def _costs() -> Counter[str]:
    """Return the seconds that slow tests of each file take."""
    cost = Counter(dict.fromkeys(LAST, 100.0))
    for name, seconds in measure_slow.read().items():
        cost[name.partition("::")[0]] += seconds
    return cost


def _files(folder: str, cost: Counter[str]) -> list[str]:
    """Return the files of tests of a folder, the quickest first."""
    found = [f.relative_to(ROOT).as_posix() for f in (ROOT / folder).glob("test_*.py")]
    return sorted(found, key=lambda f: (cost[f], f))


def _names(test: Path, file: str) -> bool:
    package, module = file.split("/")[1], Path(file).stem
    imported = rf"sim\.{package}\.{module}\b|from sim\.{package} import (\([^)]*|.*)\b{module}\b"
    return module in test.stem or bool(re.search(imported, test.read_text(encoding="utf-8")))


class Trial:
    """Tries mutants, each in a process of its own, in which it stands in its original's place."""

    def __init__(self) -> None:
        self._python = interpreted.Interpreter()
        warm_up()
        self._references = References()

    def found(self, mutants: list[Mutant], stages: list[list[str]]) -> Found:
        """Run tests until one fails."""
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder) / "killed"
            child = os.fork()
            if not child:
                self._run(mutants, stages, said)
            signalled = os.WTERMSIG(os.waitpid(child, 0)[1])
            killed_by = said.read_text() if said.exists() else "the process died"
            if signalled != signal.SIGPROF:
                killed_by = killed_by.replace(NO_END, CRASH, 1)
        return Found(killed_by, time.monotonic() - begin)

    def unsound(self, killed: list[tuple[Mutant, str]]) -> list[tuple[Mutant, str]]:
        """Return the mutants whose test fails on their function unchanged as well, with the test.

        All at once first: of them almost none does.
        """
        if not killed:
            return []
        functions = {(one.file, one.function): one._replace(number=UNCHANGED) for one, _ in killed}
        tests = sorted({test.removeprefix(NO_END).removeprefix(CRASH) for _, test in killed})
        if not self.found(list(functions.values()), [tests]).killed_by:
            return []
        if len(killed) == 1:
            return killed
        half = len(killed) // 2
        return self.unsound(killed[:half]) + self.unsound(killed[half:])

    def _run(self, mutants: list[Mutant], stages: list[list[str]], said: Path) -> None:
        """Run tests until one fails, write which, and end the process."""
        killed_by = ""
        try:
            with open(os.environ.get("MUTANT_LOG", os.devnull), "w") as nowhere:
                for stream in (1, 2):
                    os.dup2(nowhere.fileno(), stream)
            os.environ["TMPDIR"] = str(said.parent)
            self._python.interpret(*map(changed_code, mutants))
            of_reference = any(mutant.file in OF_REFERENCE for mutant in mutants)
            if of_reference:
                self._references.forget()
            for tests in filter(None, stages):
                direct = tests is MOST and not of_reference
                killed_by = self._held(said) if direct else _tested(tests, said)
                if killed_by:
                    break
            said.write_text(killed_by)
        except BaseException as error:  # whatever it is must not go on in the parent's place
            said.write_text(f"{BEFORE}: {error!r}")
        finally:
            os._exit(0)

    def _held(self, said: Path) -> str:
        """Return the first of the cases in which most happens that fails."""
        for name in MOST:
            _limit(name, said)
            try:
                self._references.hold(name)
            except Exception:
                return name
        return ""


def _tested(tests: list[str], said: Path) -> str:
    """Return the first of tests that fails."""
    first = _First(said)
    code = pytest.main([*WORDS, f"--basetemp={said.parent}/tests", *tests], plugins=[first])
    return (first.name or f"{tests}: {code!r}") if code else ""


def _limit(name: str, said: Path) -> None:
    """Let the process end if a test does not."""
    said.write_text(f"{NO_END}{name}")
    signal.setitimer(signal.ITIMER_PROF, LONGEST)


def sample(files: Iterable[str], n: int, seed: int) -> list[Mutant]:
    """Draw mutants of files, each as many as its share of all, and one at least."""
    chance, of_file = random.Random(seed), {f: mutants_of(ROOT / f) for f in sorted(files)}
    total, drawn = sum(map(len, of_file.values())), []
    for mutants in of_file.values():
        wanted = max(1, round(n * len(mutants) / total))
        drawn += chance.sample(mutants, min(wanted, len(mutants)))
    chance.shuffle(drawn)  # who stops early has seen a bit of all
    return drawn


def equivalent() -> dict[str, str]:
    """Return the mutants that are known to change nothing, and why."""
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines()
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return {mutant: why.strip() for mutant, why in pairs}


def main() -> int:
    """Try mutants, print what became of them; return 1 if less than nine in ten were killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, help="so many parts of the tests, not all four")
    parser.add_argument("--only", default="", help="mutants whose text holds this")
    parser.add_argument("globs", nargs="*", default=[f"{folder}**/*.py" for folder in FOLDERS])
    asked = parser.parse_intermixed_args()
    os.chdir(ROOT)
    trial, known = Trial(), equivalent()
    files = {name for pattern in asked.globs for name in glob.glob(pattern, recursive=True)}
    files = {name for name in files if mutants_of(ROOT / name)}
    ends: dict[Mutant, str] = {}
    killed = []
    for mutant in sample(files, asked.n, asked.seed):
        if asked.only not in str(mutant):
            continue
        ends[mutant], found = _ended(trial, mutant, known, asked.first)
        if ends[mutant] == "killed":
            killed.append((mutant, found.killed_by))
        said = f"{ends[mutant]:10} {found.seconds:5.1f} s  {mutant}  [{found.killed_by}]"
        print(said, flush=True)
    for mutant, test in trial.unsound(killed):
        ends[mutant] = "artefact"
        print(f"{mutant}: {test} fails on the unchanged function as well", file=sys.stderr)
    return _summed_up(ends)


def _ended(
    trial: Trial, mutant: Mutant, known: dict[str, str], first: int | None
) -> tuple[str, Found]:
    """Return what became of a mutant.

    Who is killed by the golden run alone is killed weakly: it notices what is not meant, and does
    not say what.
    """
    if str(mutant) in known:
        return "equivalent", Found("", 0.0)
    found = trial.found([mutant], stages_of(mutant.file)[:first])
    if found.killed_by.startswith(BEFORE):
        return "artefact", found
    if found.killed_by:
        return "killed", found
    golden = trial.found([mutant], [[GOLDEN]])
    return ("golden", golden) if golden.killed_by else ("survived", found)


def warm_up() -> None:
    """Read the engine's machine code from disk, or compile it, and what all tests import."""
    config = Config()
    config.scenario.steps = 1
    simulate(load("march_2022"), config, 1)
    for plugin in importlib.metadata.entry_points(group="pytest11"):
        plugin.load()
    importlib.import_module("sim.model")  # with Mesa, as tests/conftest.py does


def _summed_up(ends: dict[Mutant, str]) -> int:
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, end in ends.items():
        folder = mutant.file.rpartition("/")[0]
        for row in (mutant.file, f"{folder}/", "all"):
            table[row][end] += 1
    print(f"\n{'module':34} {'tried':>6} " + " ".join(f"{end:>10}" for end in ENDS))
    for file, counts in sorted(table.items()):
        row = " ".join(f"{counts[end]:10}" for end in ENDS)
        print(f"{file:34} {counts.total():6} {row}")
    killed = table["all"]["killed"]
    tried = table["all"].total() - table["all"]["equivalent"]
    print(f"killed of what is not equivalent: {killed} of {tried}")
    return int(killed < 0.9 * tried)


if __name__ == "__main__":
    sys.exit(main())
