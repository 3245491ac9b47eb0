"""The command `sanctionsim facts`: the ledger of stylised facts, printed and written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.analysis.written import count, page_file, write_page
from sim.errors import InputError

KEYS = ("runs", "watched", "out")
RUNS, WATCHED = 100, 20
USAGE = f"""Usage: sanctionsim facts [runs=N] [watched=M] [out=PATH]

What the record says, what the ensemble gives, and whether it holds.

  runs=N      runs of each configuration (default {RUNS})
  watched=M   how many of the baseline's to follow step by step (default {WATCHED}, at most runs)
  out=PATH    write the ledger there as a page in Markdown
  --debug     show the traceback of an error
"""


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str
        What follows `sanctionsim facts`.

    Returns
    -------
    int
        Exit code, 0: a fact that fails is a result.

    Raises
    ------
    InputError
        An unknown or unreadable argument; a page that cannot be written.
    """
    if {"-h", "--help"} & set(arguments):
        print(USAGE, end="")
        return 0
    given = _given(arguments)
    runs = count("runs", given.get("runs", str(RUNS)))
    watched = count("watched", given.get("watched", str(min(WATCHED, runs))))
    out = page_file(given["out"]) if "out" in given else None
    write(runs, watched, out)
    return 0


def _given(arguments: Sequence[str]) -> dict[str, str]:
    given = {}
    for word in arguments:
        key, equals, value = word.partition("=")
        if key not in KEYS:
            raise InputError.unknown("facts: argument", key, KEYS)
        if not equals or not value:
            raise InputError(f"facts: '{word}' must look like {key}=value")
        given[key] = value
    return given


def write(runs: int, watched: int, out: Path | None) -> None:
    """Judge every fact, print the ledger and write the page, if one is asked for."""
    from sim.analysis.facts.evidence import CONFIGURATIONS, Evidence
    from sim.analysis.facts.ledger import Row
    from sim.analysis.facts.page import page, terminal
    from sim.analysis.facts.themes import THEMES

    evidence = Evidence(runs, watched)
    with evidence.progress:
        themes = {
            name: [Row.of(fact, evidence) for fact in facts] for name, facts in THEMES.items()
        }
    print(terminal([row for rows in themes.values() for row in rows]))
    if out is not None:
        write_page(out, page(themes, runs, watched, len(CONFIGURATIONS)))
