"""The command `sanctionsim run`: one run, its tables, its pictures, its page."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import Checked, command, folder_of, overrides, show
from sim.compose import GROUPS, checked, compose, options
from sim.config import RECORDS, Config
from sim.folders import drawn, results_folder, write_json, written_whole

if TYPE_CHECKING:
    from sim.engine import History
    from sim.setting import Setting


def _keys() -> list[tuple[str, str]]:
    return [
        *((f"{group}=NAME", " | ".join(options(group))) for group in GROUPS),
        ("seed=N run=N", "draws depend on these two alone"),
        ("out=DIR", "results folder, new or empty (default results/<name>/<time>)"),
        ("name=WORD", "name under results/"),
        ("record=sectors", "also who loses what in which sector: a table and a figure"),
    ]


@command(keys=_keys)
@overrides()
@show
@click.option("-m", "--multirun", is_flag=True, help="comma-separated values make several runs")
@click.option(
    "--from",
    "source",
    metavar="DIR",
    type=Checked(folder_of, "must be followed by the folder of a run"),
    help="repeat the run stored there, its own rule file included; overrides change it",
)
@click.option("--info", is_flag=True, help="say which files the configuration comes from and stop")
def main(
    overrides: tuple[str, ...],
    config_dir: Path | None,
    show: bool,
    multirun: bool,
    source: Path | None,
    info: bool,
) -> None:
    """One run of the model: who sanctions what and when, what it costs, how much leaks.

    For example:
      sanctionsim run                                   the March 2022 baseline
      sanctionsim run scenario=spring_2022 seed=7       another scenario, another seed
      sanctionsim run coordination.peer_weight=0        one lever turned
      sanctionsim run --multirun seed=1,2,3             several runs, one after the other
      sanctionsim run --from results/baseline/DATE seed=7    a stored run with another seed
    """
    from sim import multirun as several

    jobs = several.jobs(overrides) if multirun else [list(overrides)]
    if info and source:
        raise click.UsageError(f"a stored run has {source}/config.yaml: leave --info out")
    if info:
        from sim.compose import described

        print(*(described(words, config_dir) for words in jobs), sep="\n\n")
        return
    if source:
        from sim import repeat

        nodes = [repeat.repeated(source, words, config_dir) for words in jobs]
    else:
        nodes = [compose(words, config_dir) for words in jobs]
    configs = [checked(node) for node in nodes]
    if source and not show:
        print(*repeat.said_of(source), "", sep="\n")
    if show:
        from omegaconf import OmegaConf

        print(*map(OmegaConf.to_yaml, nodes), sep="---\n", end="")
    elif multirun:
        several.run_all(jobs, configs, run_once)
    else:
        folder = run_once(configs[0])
        print(f"\nResults: {folder}")
        if (folder / "index.html").is_file():
            print(f"Page:    {folder / 'index.html'}")


def run_once(config: Config) -> Path:
    """Simulate one run, write its results folder, print its summary; return the folder."""
    from sim.report import drawing
    from sim.setting import setting_of
    from sim.summary import summary

    destination = results_folder(config.out, config.name)
    with written_whole(destination) as folder, drawing(config) as draw:
        history = simulate(setting_of(config))
        write_data(folder, history)
        lacking = drawn(lambda: draw(folder, history), folder / "index.html")

    print(summary(history))
    if lacking:
        print(f"\nNo page, since {lacking}; the data stand: sanctionsim report tries again")
    return destination


def simulate(setting: Setting) -> History:
    """Return the run that a setting's configuration names; all but sectors is always recorded."""
    from sim.engine import simulate_setting

    record = max(setting.config.record, "states", key=RECORDS.index)
    return simulate_setting(setting, [setting.config.run], record=record).history()


def write(folder: Path, history: History) -> None:
    """Write tables, configuration, figures and page of a run into a folder that exists."""
    from sim import report

    write_data(folder, history)
    report.write(folder, history)


def write_data(folder: Path, history: History) -> None:
    """Write tables, outcomes and configuration of a run into a folder that exists."""
    from omegaconf import OmegaConf

    from sim import columns
    from sim.versions import versions

    setting = history.setting
    history.events.to_csv(folder / "events.csv", index=False, lineterminator="\n")
    names = setting.world.names_by_code
    for name in ("steps", "states", "sectors"):
        table = getattr(history, name)
        if table is not None:
            columns.write(folder / f"{name}.parquet", table, name, names)
    # Where the folder lies is no part of the run, and its path may name people.
    config = replace(deepcopy(setting.config), out=None)
    resolved = OmegaConf.to_yaml(OmegaConf.structured(config))
    (folder / "config.yaml").write_text(resolved, encoding="utf-8")
    if setting.config.rule.function:
        from sim.setting.decision import rule_text

        kept = rule_text(setting.config.rule.function)
        (folder / "rule.py").write_text(kept, encoding="utf-8")
    write_json(folder / "versions.json", versions(setting) | {"run": setting.config.run})
    write_json(folder / "outcomes.json", history.outcomes)
