"""Mutation testing of rules, engine and economy: small mistakes, and whether a test notices.

As a program: `python tests/faults/mutating.py 150 [--seed 7] ['sim/engine/*.py' ...]` draws mutants
from modules in proportion to what they hold, tries each in a process of its own, and prints a line
for each and a table: tried, killed, equivalent, survived. No file is changed: the process puts the
mutant's code in the place of the function's own. A mutant is killed by a test that fails, and by
one that does not end. The golden run is left out: it notices everything, and does not say what.

Own code, for what there is cannot hold compiled functions: mutmut passes over whatever is
decorated, and Cosmic Ray writes files, each of which would be compiled for minutes
(`interpreted.py`).
"""

from __future__ import annotations

import argparse
import glob
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import interpreted
import pytest
from mutants import ROOT, Mutant, changed_code, mutants_of

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
ENGINE = [
    "tests/engine/test_what_is_weighed.py", "tests/engine/test_losses_in_money.py",
    "tests/engine/test_ages_in_a_run.py", "tests/engine/test_views.py",
    "tests/engine/test_playing.py", "tests/engine/test_exchange.py",
    "tests/engine/test_sectors_at_end.py", "tests/engine/test_ensemble.py",
    "tests/engine/test_common_draws.py", "tests/setting", "tests/test_levers.py",
]  # fmt: skip
ECONOMY = [
    "tests/economy/test_exposure.py", "tests/economy/test_shocks.py",
    "tests/economy/test_transfers.py", "tests/economy/test_currency.py",
    "tests/economy/test_horizon.py", "tests/economy/test_energy_prices.py",
    "tests/economy/test_sectors.py", "tests/economy/test_economy_tables.py",
    "tests/economy/test_contributions.py", "tests/economy/test_equilibrium.py",
]  # fmt: skip
# What is meant to hold the modules of a folder, in the order in which it is tried.
SUITES: dict[str, list[str | list[str]]] = {
    "sim/rules/": ["tests/rules", MOST, RUNS, "tests/behaviour", "tests/setting"],
    "sim/engine/": [
        MOST,
        "tests/engine/test_reset.py",
        RUNS,
        *ENGINE,
        "tests/behaviour",
        REFERENCE,
        "tests/test_model.py",
    ],
    "sim/economy/": [ECONOMY, MOST, RUNS, "tests/economy", *ENGINE, "tests/behaviour"],
}
LONGEST = 900.0  # seconds that all tests of a mutant may take
BEFORE = "not tried"  # and so not killed: the mutant could not be put in its place
EQUIVALENT = ROOT / "tests/faults/equivalent.txt"


class Found(NamedTuple):
    """How a mutant ended: the test that failed, '' if none did, and seconds that it took."""

    killed_by: str
    seconds: float


class _First:
    """Notes the first test that fails, as a plugin of pytest."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.name = self.name or (report.nodeid if report.failed else "")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.name = self.name or (report.nodeid if report.failed else "")


def suite_of(file: str) -> list[str | list[str]]:
    """Return the tests that are meant to hold a module."""
    return next(suite for folder, suite in SUITES.items() if file.startswith(folder))


def tried(
    mutant: Mutant | None, suite: list[str | list[str]], python: interpreted.Interpreter
) -> Found:
    """Run tests in a process of its own, in which the mutant stands in place of its original."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "killed"
        child = os.fork()
        if not child:
            _run(mutant, suite, python, said)
        while not os.waitpid(child, os.WNOHANG)[0]:
            if time.monotonic() - begin > LONGEST:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return Found("no end", LONGEST)
            time.sleep(0.02)
        killed_by = said.read_text() if said.exists() else "the process died"
    return Found(killed_by, time.monotonic() - begin)


def _run(
    mutant: Mutant | None, suite: list[str | list[str]], python: interpreted.Interpreter, said: Path
):
    """Run tests until one fails, write which, and end the process."""
    killed_by = ""
    try:
        with open(os.environ.get("MUTANT_LOG", os.devnull), "w") as nowhere:
            for stream in (1, 2):
                os.dup2(nowhere.fileno(), stream)
        os.environ["TMPDIR"] = str(said.parent)
        if mutant is not None:
            python.interpret(changed_code(mutant))
        for tests in suite:
            first = _First()
            words = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
            words += [tests] if isinstance(tests, str) else tests
            code = pytest.main([*words, f"--basetemp={said.parent}/tests"], plugins=[first])
            if code:
                killed_by = first.name or f"{tests}: {code!r}"
                break
        said.write_text(killed_by)
    except BaseException as error:  # whatever it is must not go on in the parent's place
        said.write_text(f"{BEFORE}: {error!r}")
    finally:
        os._exit(0)


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
    parser.add_argument("--first", type=int, help="so many parts of each suite, not all")
    parser.add_argument("--only", default="", help="mutants whose text holds this")
    parser.add_argument("globs", nargs="*", default=[f"{folder}**/*.py" for folder in SUITES])
    asked = parser.parse_intermixed_args()
    os.chdir(ROOT)
    python = interpreted.Interpreter()
    warm_up()
    files = {name for pattern in asked.globs for name in glob.glob(pattern, recursive=True)}
    files = {name for name in files if mutants_of(ROOT / name)}
    for folder in {folder for folder in SUITES if any(f.startswith(folder) for f in files)}:
        found = tried(None, SUITES[folder][: asked.first], python)
        if found.killed_by:
            print(f"{found.killed_by} fails without any mutant", file=sys.stderr)
            return 2
    known, table = equivalent(), defaultdict(Counter)
    for mutant in sample(files, asked.n, asked.seed):
        if asked.only not in str(mutant):
            continue
        same = str(mutant) in known
        found = (
            Found("", 0.0) if same else tried(mutant, suite_of(mutant.file)[: asked.first], python)
        )
        if found.killed_by.startswith(BEFORE):
            print(f"{mutant}: {found.killed_by}", file=sys.stderr)
            return 2
        end = "equivalent" if same else "killed" if found.killed_by else "survived"
        table[mutant.file][end] += 1
        print(f"{end:10} {found.seconds:5.1f} s  {mutant}  [{found.killed_by}]", flush=True)
    return _summed_up(table)


def warm_up() -> None:
    """Read the engine's machine code from disk, or compile it, before processes part."""
    config = Config()
    config.scenario.steps = 1
    simulate(load("march_2022"), config, 1)


def _summed_up(table: dict[str, Counter]) -> int:
    ends = ("killed", "equivalent", "survived")
    print(f"\n{'module':34} {'tried':>6} " + " ".join(f"{end:>10}" for end in ends))
    table = {**table, "all": sum(table.values(), Counter())}
    for file, counts in table.items():
        row = " ".join(f"{counts[end]:10}" for end in ends)
        print(f"{file:34} {counts.total():6} {row}")
    killed, survived = table["all"]["killed"], table["all"]["survived"]
    print(f"killed of what is not equivalent: {killed} of {killed + survived}")
    return int(killed < 0.9 * (killed + survived))


if __name__ == "__main__":
    sys.exit(main())
