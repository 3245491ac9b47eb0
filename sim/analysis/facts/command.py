"""The command `sanctionsim facts`: the ledger of stylised facts, printed and written."""

from pathlib import Path

from sim.analysis.written import page_file, write_page
from sim.cli import command, count, setting

RUNS, WATCHED = 100, 20


@command()
@setting("runs", "N", count, default=RUNS, help="runs of each configuration")
@setting(
    "watched",
    "M",
    count,
    help=f"how many of the baseline's to follow step by step (default {WATCHED}, at most runs)",
)
@setting("out", "PATH", page_file, help="write the ledger there as a page in Markdown")
def main(runs: int, watched: int | None, out: Path | None) -> None:
    """Say what the record says, what the ensemble gives, and whether it holds.

    A fact that fails is a result: the exit code is 0.
    """
    from sim.analysis.facts.evidence import CONFIGURATIONS, Evidence
    from sim.analysis.facts.ledger import Row
    from sim.analysis.facts.page import page, terminal
    from sim.analysis.facts.themes import THEMES

    watched = min(WATCHED, runs) if watched is None else watched
    evidence = Evidence(runs, watched)
    with evidence.progress:
        themes = {
            name: [Row.of(fact, evidence) for fact in facts] for name, facts in THEMES.items()
        }
    print(terminal([row for rows in themes.values() for row in rows]))
    if out is not None:
        write_page(out, page(themes, runs, watched, len(CONFIGURATIONS)))
