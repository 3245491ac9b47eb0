"""Broken input of every kind, from a seed: each is read, or refused in one line.

As a program: `python tests/faults/fuzzing.py 10000 [seed] [kind]` tries so many and prints a table.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim import outcomes
from sim.analysis.record import read_record
from sim.compose import checked, compose, stored
from sim.config import Config
from sim.economy.equilibrium import NotConverged, solve
from sim.economy.tables import Economy, read_cost
from sim.engine import simulate_setting
from sim.errors import InputError
from sim.explore.embargo import Embargo, from_text
from sim.explore.settings import from_link, from_query
from sim.lessons.answers import files_in, read, template
from sim.lessons.catalogue import LESSONS
from sim.lessons.checking import marked, of_a_class
from sim.lessons.exercises import Exercise, Lesson, Number, Word
from sim.parameters import parameters
from sim.setting import prepare
from sim.setting.decision import decision_rule
from sim.sweep.plan import plan_of
from sim.sweep.status import status
from sim.sweep.store import read_manifest
from sim.world import load

ROOT = Path(__file__).parents[2]
WORLD = ROOT / "sim" / "world" / "march_2022"
ECONOMY = ROOT / "tests" / "cases" / "hat_algebra_small"
LONGEST_S = 5.0  # of computing: who else is at work here is no matter
LARGEST = 1e9  # no outcome of a run of two steps comes near it, in whatever unit
NUMBERS = (
    "inf", "-inf", "nan", "1e400", "1e300", "-1e300", "1e-300", "1e-10", "-1", "0", "-0.0", "1",
    "2", "99999999999999999999", "1" + "0" * 400, "0x10", "1_000", "1e3", "1,5", "true", "null",
    ".5", "", " ", "١٢",
)  # fmt: skip
WORDS = (
    "${oc.env:HOME}", "${seed}", "${", "!!python/object/apply:os.getcwd []", "*a", "&a [*a]", "[",
    "{", "'", '"', "$\\frac{a}{", "<b>&amp;_%", "../../etc/passwd", "/dev/null", "a\tb", "a\x00b",
    "é", "ß" * 300, "x" * 5000, "RUS", "USA", "EU", "XXX", "2022-02-31", "0001-01-01", "9999-12-31",
    "-", "=", ",", ";",
)  # fmt: skip
Try = Callable[[random.Random, Path], None]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few changes of kinds that files get from people, programs and disks."""
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        at = chance.randrange(len(content) + 1)
        until = min(len(content), at + chance.choice((1, 2, 10, 200)))
        token = chance.choice(NUMBERS + WORDS).encode()
        change = chance.randrange(10)
        if change == 0:
            content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        elif change == 1:
            content = content[:at] + content[until:]
        elif change == 2:
            content = content[:until] + content[at:until] + content[until:]
        elif change == 3:
            content = content[:at]
        elif change == 4:
            coded = chance.choice(("utf-16", "cp1252", "utf-8-sig", "latin-1"))
            content = content.decode("utf-8", "replace").encode(coded, "replace")
        elif change == 5:
            content = content.replace(b",", chance.choice((b";", b"\t", b",,")))
        elif change == 6:
            lines = content.split(b"\n")
            chance.shuffle(lines)
            content = b"\n".join(lines)
        else:
            content = content[:at] + token + content[at:]
    return content


def with_cell(content: bytes, chance: random.Random) -> bytes:
    """Return a table with another word in one cell or in a whole column."""
    lines = [line.split(",") for line in content.decode().splitlines()]
    if len(lines) < 2:
        return content
    place = chance.randrange(len(lines[0]))
    token = chance.choice(NUMBERS + WORDS)
    rows = lines[1:] if chance.random() < 0.2 else [chance.choice(lines)]
    for row in rows:
        if place < len(row):
            row[place] = token
    return ("\n".join(map(",".join, lines)) + "\n").encode("utf-8", "replace")


def broken(content: bytes, chance: random.Random) -> bytes:
    """Return a table with other bytes, or with other cells."""
    return (mutated if chance.random() < 0.5 else with_cell)(content, chance)


@contextlib.contextmanager
def with_broken(path: Path, chance: random.Random, change: Any = broken) -> Any:
    """Break a file, and mend it again."""
    content = path.read_bytes()
    path.write_bytes(change(content, chance))
    try:
        yield
    finally:
        path.write_bytes(content)


def world(chance: random.Random, folder: Path) -> None:
    """Run a world of which one table is broken."""
    there = folder / "world"
    if not there.is_dir():
        shutil.copytree(WORLD, there)
    with with_broken(chance.choice(sorted(there.rglob("*.csv"))), chance):
        config = Config()
        config.scenario.steps = 2
        setting = prepare(load(str(there)), config)
        look_at(simulate_setting(setting, [0]).to_frame().iloc[0].to_dict())


def look_at(found: dict[str, Any]) -> None:
    """Refuse outcomes that are no numbers without being days that never came, or are absurd."""
    for name, value in found.items():
        if math.isnan(value) and outcomes.never_comes(name):
            continue
        assert abs(value) < LARGEST, f"{name} is {value}"


def economy(chance: random.Random, folder: Path) -> None:
    """Solve a counterfactual of nine tables, one of which is broken."""
    there = folder / "economy"
    if not there.is_dir():
        shutil.copytree(ECONOMY, there)
    tables = [path for path in sorted(there.glob("*.csv")) if path.stem[:4] != "kite"]
    with with_broken(chance.choice(tables), chance):
        known = Economy.read(there)
        with contextlib.suppress(NotConverged):
            found = solve(known, read_cost(known, there, "usa_deu_1.5"))
            assert (abs(found.welfare) < 1e3).all(), "welfare is absurd"


def timeline(chance: random.Random, folder: Path) -> None:
    """Read a record of dated acts, broken."""
    path = folder / "timeline.csv"
    lines = (WORLD / "timeline.csv").read_bytes().splitlines(keepends=True)
    few = [lines[0], *chance.sample(lines[1:], chance.choice((0, 1, 2, 40)))]
    path.write_bytes(broken(b"".join(few), chance))
    if not hasattr(timeline, "setting"):
        timeline.setting = prepare(load("march_2022"), Config())
    read_record(path, timeline.setting)


def configuration(chance: random.Random, folder: Path) -> None:
    """Compose a file of a config group, or read a stored configuration, broken."""
    files = sorted((ROOT / "configs").glob("[!s]*/*.yaml"))
    source = chance.choice(files)
    own = folder / "own" / source.parent.name / "broken.yaml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(mutated(source.read_bytes(), chance))
    try:
        checked(compose([f"{source.parent.name}=broken"], folder / "own"))
        stored(own)
    finally:
        own.unlink()


def overrides(chance: random.Random, folder: Path) -> None:
    """Run what words of a command say, with values of all kinds."""
    keys = [*(one.key for one in parameters()), "experiment", "rule", "scenario", "world", "x.y"]
    words = []
    for _ in range(chance.choice((1, 1, 2, 4))):
        one = chance.choice(parameters())
        if chance.random() < 0.5 and one.key not in ("out", "name"):  # a number that may be right
            ends = (one.low, one.high, one.default, 1.0) if one.low is not None else (one.default,)
            words.append(f"{one.key}={chance.choice(ends)}")
            continue
        value = chance.choice(NUMBERS + WORDS)
        shape = chance.choice(("{}", "{}", "{}", "[{}]", "{{RUS: {}}}", "[[{}]]", "'{}'"))
        key = chance.choice(keys) + chance.choice(("", "", "", ".RUS", ".x"))
        words.append(f"{chance.choice(('', '', '+', '++', '~'))}{key}={shape.format(value)}")
    if chance.random() < 0.2:
        words = [mutated(word.encode(), chance).decode("utf-8", "replace") for word in words]
    config = checked(compose(words))
    config.scenario.steps, config.out = min(config.scenario.steps, 3), None
    setting = prepare(load(config.world.folder), config)
    look_at(simulate_setting(setting, [0]).to_frame().iloc[0].to_dict())


def design(chance: random.Random, folder: Path) -> None:
    """Plan a design, from words or from a table."""
    keys = [one.key for one in parameters()]
    common = ["scenario.steps=2", "design.replications=1", f"design={chance.choice(METHODS)}"]
    if chance.random() < 0.4:
        path = folder / "design.csv"
        table = f"{chance.choice(keys)},{chance.choice(keys)}\n" + "".join(
            f"{chance.choice(NUMBERS + WORDS)},{chance.choice(NUMBERS)}\n" for _ in range(3)
        )
        path.write_bytes(mutated(table.encode(), chance))
        plan_of([common[0], common[1], "design=list", f"design.table={path}"])
        return
    one, two, low, high = (chance.choice(NUMBERS + WORDS[:12]) for _ in range(4))
    value = chance.choice(
        (
            f"[{one},{two}]",
            f"{{low: {low}, high: {high}}}",
            f"{{low: 0, high: 1, levels: {one}}}",
            f"{{low: 0, high: 1, distribution: {one}}}",
            f"{{low: 0, high: 1, distribution: normal, mean: {one}, sd: {two}}}",
            f"{{values: [{one}], low: {two}}}",
            one,
        )
    )
    plan_of([*common, f"design.factors.{chance.choice(keys)}={value}", "design.samples=4"])


METHODS = ("grid", "list", "lhs", "sobol", "morris")
RULE = b"""import math


def log_hazard(terms, weights):
    return weights.intercept + 2.0 * terms.peer - math.sqrt(terms.severity)
"""


def rule(chance: random.Random, folder: Path) -> None:
    """Load a decision rule of the user's own; what it does when it is run is its own."""
    path = folder / "rule.py"
    tokens = (b"import helper\n", b"raise", b"1/0", b"\t", b"open('x')\n", b"(", b"terms.x", b"''")
    content = RULE
    for _ in range(chance.choice((1, 2))):
        at = chance.randrange(len(content))
        content = content[:at] + chance.choice(tokens) + content[at + chance.choice((0, 3)) :]
    path.write_bytes(content if chance.random() < 0.7 else mutated(content, chance))
    config = Config()
    config.rule.function = f"{path}:log_hazard"
    decision_rule(config.rule)


SCALARS = (
    *NUMBERS, *WORDS, "010", "12:30", "1:2:3.5", "0b11", "-.inf", ".nan", "~", "no", "yes", "? 1",
    "!!int 7", "!!float x", "!!binary aGk=", "!x y", "2022-03-01", '"\\ud800"', '"\\x00"',
    "|\n  12", ">-\n  more", "&a 12", "*a", "<<", "{<<: *a}", "[*a, *a]", "1e3", "+5", "5.",
    "1 000", "12 days", "12,5", "may be  luck", "MORE", "HUN", "Hungary", "9" * 400,
)  # fmt: skip
NAMES = (b"anna", b"\xe9", b"a\nb", b"a\x1b[2Jb", "ß".encode() * 60, b"-x", b"a=b", b" ", b"%s{}",
         b"solutions=true", b"<b>")  # fmt: skip


def answers(chance: random.Random, folder: Path) -> None:
    """Check what a student wrote: one file, or that of a class, of any name."""
    lesson = of_known_answers(chance.choice(LESSONS))
    there = folder / "class"
    there.mkdir(exist_ok=True)
    path = Path(os.fsdecode(os.fsencode(there) + b"/" + chance.choice(NAMES) + b".yaml"))
    lines = template(lesson).splitlines()
    for n, line in enumerate(lines):
        if line and line[0] != "#" and chance.random() < 0.9:
            exercise = lesson.exercises[line[0]]
            right = [*exercise.options().values()] or ["12", "0.5", "-3"]
            lines[n] += " " + chance.choice(right if chance.random() < 0.6 else SCALARS)
    text = "\n".join(lines)
    if chance.random() < 0.1:  # of lines that refer to one another
        text += "\nx0: &x0 {k: 1}\n" + "".join(
            f"x{n + 1}: &x{n + 1} {{<<: [{', '.join([f'*x{n}'] * 9)}]}}\n" for n in range(9)
        )
    content = text.encode("utf-8", "replace")
    path.write_bytes(mutated(content, chance) if chance.random() < 0.6 else content)
    try:
        told = of_a_class(lesson, files_in([there]))
    finally:
        own = path.rename(folder / "answers.yaml")
    assert told.count("\n") == 2 + len(lesson.exercises), f"a class of one is told in {told!r}"
    told.encode("utf-8")
    written = {float(word) for word in NUMERAL.findall(own.read_text("utf-8-sig", "replace"))}
    found = read(own, lesson)
    for letter, given in found.items():
        known = lesson.exercises[letter].options() or written
        assert given in known, f"{letter} was read as {given}, which nobody wrote"
    assert marked(lesson, found).text()


NUMERAL = re.compile(r"(?<![\w.:])[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w:])", re.ASCII)


def of_known_answers(lesson: Lesson) -> Lesson:
    """Return a lesson whose right answers need not be computed."""

    def known(one: Exercise) -> Exercise:
        words = list(one.options())
        answer = Word(words[0]) if words else Number(12.0, 1.0, 9.0, 15.0)
        return replace(one, answer=lambda: answer)

    return replace(lesson, exercises={name: known(one) for name, one in lesson.exercises.items()})


def link(chance: random.Random, folder: Path) -> None:
    """Read the query of a link of the explorer, or the embargo in it."""
    if chance.random() < 0.4:
        text = Embargo(("DEU", "USA"), ("RUS",)).text.encode()
        from_text(mutated(text, chance).decode("utf-8", "replace"))
    keys = [*(one.key for one in parameters()), "base", "view", "x"]
    if chance.random() < 0.7:
        from looking import text_of

        from_query(text_of(chance, NUMBERS + WORDS, mutated))
        return
    from_link([(chance.choice(keys), chance.choice(NUMBERS + WORDS)) for _ in range(3)])


def page(chance: random.Random, folder: Path) -> None:
    """Open a page of the explorer by a link, and turn to a view."""
    from looking import VIEWS, looked_at, text_of

    looked_at(text_of(chance, NUMBERS + WORDS, mutated), chance.choice(VIEWS))


def request(chance: random.Random, folder: Path) -> None:
    """Ask the explorer for something else than a page, or as somebody else."""
    from looking import asked, request_of

    asked(*request_of(chance, NUMBERS + WORDS))


def manifest(chance: random.Random, folder: Path) -> None:
    """Read the manifest of a store, broken or edited."""
    there = folder / "store"
    there.mkdir(exist_ok=True)
    content: dict[str, Any] = {
        "name": "x", "config": {"scenario": {"targets": {"RUS": 1}}}, "seed": 1, "replications": 2,
        "design": {"method": "grid", "factors": ["seed"], "points": 2}, "runs": 4, "chunk_runs": 2,
        "chunks": 2, "record": "outcomes", "outcomes": ["loss_RUS"], "worlds": {},
    }  # fmt: skip
    if chance.random() < 0.5:
        owner = chance.choice((content, content["design"]))
        owner[chance.choice(list(owner))] = chance.choice((None, [], {}, "x", -1, 0, 1e9, True))
    text = json.dumps(content).encode()
    (there / "manifest.json").write_bytes(mutated(text, chance) if chance.random() < 0.7 else text)
    read_manifest(there)
    status(there)


KINDS: dict[str, tuple[int, Try]] = {  # how often, in a thousand
    "world table": (250, world),
    "economy table": (80, economy),
    "timeline": (80, timeline),
    "configuration": (120, configuration),
    "overrides": (130, overrides),
    "design": (70, design),
    "rule file": (20, rule),
    "manifest": (50, manifest),
    "lesson answers": (60, answers),
    "link": (50, link),
    "page": (30, page),
    "request": (60, request),
}


class Hang(BaseException):
    """Longer than `LONGEST_S`."""


def _stop(*_: Any) -> None:
    raise Hang


def outcome_of(kind: str, seed: int, folder: Path) -> str:
    """Return what one broken input comes to: 'read', 'refused', or what went wrong."""
    chance = random.Random(f"{kind} {seed}")
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    here, before = Path.cwd(), set(os.listdir(folder / "here"))
    os.chdir(folder / "here")
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            KINDS[kind][1](chance, folder)
        found = "read"
    except InputError as error:
        found = "refused" if "\n" not in str(error) else f"two lines: {str(error)[:100]!r}"
    except OSError as error:  # a path that the system refuses: the command says so in a line
        found = "refused" if error.filename else f"{type(error).__name__}: {error}"
    except Hang:
        found = "hang: " + _place(sys.exc_info()[2])
    except AssertionError as error:
        found = f"absurd: {error}"
    except BaseException as error:
        found = f"{type(error).__name__}: {str(error)[:80]} at {_place(error.__traceback__)}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        os.chdir(here)
    left = set(os.listdir(folder / "here")) - before
    return f"left behind: {', '.join(left)}" if left else found


def _place(trace: Any) -> str:
    ours = [frame for frame in traceback.extract_tb(trace) if f"{ROOT}/sim/" in frame.filename]
    last = ours[-1] if ours else traceback.extract_tb(trace)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def fuzzed(n: int, first: int = 0, only: str = "") -> tuple[Counter[tuple[str, str]], list[str]]:
    """Try so many inputs; return how many came to what, by kind, and what went wrong."""
    counts: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        (folder / "here").mkdir()
        first_run = Config()
        first_run.scenario.steps = 2
        simulate_setting(prepare(load("march_2022"), first_run), [0])  # nobody waits for a compiler
        for kind, (weight, _) in KINDS.items():
            if only and kind != only:
                continue
            for seed in range(first, first + max(1, n if only else n * weight // 1000)):
                found = outcome_of(kind, seed, folder)
                right = found in ("read", "refused")
                counts[kind, found if right else "wrong"] += 1
                if not right:
                    wrong.append(f"{kind} {seed}: {found}")
    return counts, wrong


def main(words: list[str]) -> int:
    """Print the table and what went wrong; return 1 if anything did."""
    begin = time.monotonic()
    n, first = (int(word) for word in [*words[:2], *["1000", "0"][len(words[:2]) :]])
    counts, wrong = fuzzed(n, first, " ".join(words[2:]))
    print(f"{'kind':<16}{'read':>8}{'refused':>9}{'wrong':>7}")
    for kind in KINDS:
        row = [counts[kind, what] for what in ("read", "refused", "wrong")]
        print(f"{kind:<16}{row[0]:>8}{row[1]:>9}{row[2]:>7}")
    print(f"{sum(counts.values())} inputs, {len(wrong)} wrong, {time.monotonic() - begin:.0f} s")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
