"""The command `sanctionsim plausible`: many runs beside the record, line by line."""

from pathlib import Path

from sim.analysis.written import page_file, write_page
from sim.cli import command, count, overrides, setting
from sim.errors import InputError


@command()
@setting("runs", "N", count, default=1000, help="how many runs")
@setting("out", "PATH", page_file, help="write the page there in Markdown")
@overrides()
def main(runs: int, out: Path | None, overrides: tuple[str, ...], config_dir: Path | None) -> None:
    """Show who acted when in N runs, and beside it what was done by 20 May 2022.

    Said too is what is asked of the ensemble, and whether it holds: a row that fails is a result,
    so that the exit code is 0. Overrides are those of sanctionsim run, as in rule=threshold.
    """
    from sim.analysis.plausible.page import page, summary
    from sim.analysis.plausible.record import RECORD_END, cells_of, measures_of
    from sim.analysis.plausible.runs import Runs
    from sim.analysis.record import timeline_rows
    from sim.compose import checked, compose
    from sim.engine import simulate_setting
    from sim.setting import setting_of

    setting = setting_of(checked(compose(overrides, config_dir)))
    last_day = (RECORD_END - setting.start).days
    cells = cells_of(timeline_rows(setting.world.folder / "timeline.csv"), setting)
    if not 0 <= last_day < setting.n_days or not measures_of(cells, setting):
        raise InputError(
            f"plausible: the record to {RECORD_END} knows nothing of this run; it must contain "
            f"that day, and senders, measures and targets of 2022"
        )
    events = simulate_setting(setting, runs, record="events").events()
    told = Runs.of(setting, events, runs, last_day)
    print(summary(told, cells))
    if out is not None:
        own = [] if config_dir is None else [f"--config-dir {config_dir}"]
        words = ["sanctionsim plausible", f"runs={runs}", *own, *overrides, f"out={out}"]
        write_page(out, page(told, cells, " ".join(words)))
