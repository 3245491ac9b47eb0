"""The command `sanctionsim plausible`: many runs beside the record, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.analysis.written import count, page_file, write_page
from sim.errors import InputError

RUNS = 1000
USAGE = f"""Usage: sanctionsim plausible [runs=N] [overrides] [out=PATH]

Who acted when in N runs, beside what was done by 20 May 2022; what is asked of the ensemble, and
whether it holds.

  runs=N      how many runs (default {RUNS})
  overrides   those of sanctionsim run, as in rule=threshold
  out=PATH    write the page there in Markdown
  --debug     show the traceback of an error
"""


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str
        What follows `sanctionsim plausible`.

    Returns
    -------
    int
        Exit code, 0: a row that fails is a result.

    Raises
    ------
    InputError
        An unknown or unreadable argument, a scenario that the record does not cover, a page that
        cannot be written.
    """
    if {"-h", "--help"} & set(arguments):
        print(USAGE, end="")
        return 0
    own = {"runs": str(RUNS)}
    overrides = []
    for word in arguments:
        key, _, value = word.partition("=")
        if key in ("runs", "out"):
            own[key] = value
        else:
            overrides.append(word)
    out = page_file(own["out"]) if "out" in own else None
    write(count("runs", own["runs"]), overrides, out, " ".join(["plausible", *arguments]))
    return 0


def write(n_runs: int, overrides: Sequence[str], out: Path | None, command: str) -> None:
    """Simulate, print what is asked and whether it holds, and write the page if one is asked for.

    Parameters
    ----------
    n_runs : int
    overrides : sequence of str
    out : Path, optional
    command : str
        What the page says it was written by.
    """
    from sim.analysis.plausible.criteria import criteria
    from sim.analysis.plausible.page import page, summary
    from sim.analysis.plausible.record import RECORD_END, cells_of, measures_of, read_rows
    from sim.analysis.plausible.runs import Runs
    from sim.compose import checked, compose
    from sim.ensemble.results import simulate_setting
    from sim.setting import prepare
    from sim.world import load

    config = checked(compose(overrides))
    setting = prepare(load(config.world.folder), config)
    last_day = (RECORD_END - setting.start).days
    cells = cells_of(read_rows(setting.world.folder / "timeline.csv"), setting)
    if not 0 <= last_day < setting.n_days or not measures_of(cells, setting):
        raise InputError(
            f"plausible: the record to {RECORD_END} knows nothing of this run; it must contain "
            f"that day, and senders, measures and targets of 2022"
        )
    events = simulate_setting(setting, n_runs, record="events").events()
    runs = Runs.of(setting, events, n_runs, last_day)
    print(summary(criteria(runs, cells)))
    if out is not None:
        write_page(out, page(runs, cells, f"sanctionsim {command}"))
