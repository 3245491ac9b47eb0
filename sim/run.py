"""The command `sanctionsim run`: one run, its tables, its pictures, its page."""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import tempfile
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import command, overrides, show
from sim.compose import GROUPS, checked, compose, options
from sim.config import Config
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.engine import History
    from sim.setting import Setting

PACKAGES = ("mesa", "numpy", "numba", "networkx", "pandas", "pyarrow", "hydra-core", "matplotlib")


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
def main(overrides: tuple[str, ...], config_dir: Path | None, show: bool, multirun: bool) -> None:
    """One run of the model: who sanctions what and when, what it costs, how much leaks.

    For example:
      sanctionsim run                                   the March 2022 baseline
      sanctionsim run scenario=spring_2022 seed=7       another scenario, another seed
      sanctionsim run coordination.peer_weight=0        one lever turned
      sanctionsim run --multirun seed=1,2,3             several runs, one after the other
    """
    from sim import multirun as several

    jobs = several.jobs(overrides) if multirun else [list(overrides)]
    nodes = [compose(words, config_dir) for words in jobs]
    configs = [checked(node) for node in nodes]
    if show:
        from omegaconf import OmegaConf

        print(*map(OmegaConf.to_yaml, nodes), sep="---\n", end="")
    elif multirun:
        several.run_all(jobs, configs, run_once)
    else:
        folder = run_once(configs[0])
        print(f"\nResults: {folder}")
        print(f"Page:    {folder / 'index.html'}")


def run_once(config: Config) -> Path:
    """Simulate one run, write its results folder, print its summary; return the folder.

    The folder appears whole or not at all: everything is written beside it under a temporary
    name, which then takes its place.
    """
    destination = _destination(config)
    partial = _make_partial(destination)
    try:
        from sim.setting import prepare
        from sim.world import load

        history = simulate(prepare(load(config.world.folder), config))
        _write(partial, history)
        if destination.exists():
            destination.rmdir()
        partial.rename(destination)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    from sim.summary import summary

    print(summary(history))
    return destination


def simulate(setting: Setting) -> History:
    """Return the run that a setting's configuration names; all but sectors is always recorded."""
    from sim.engine import simulate_setting
    from sim.engine.results import keeps

    asked = setting.config.record
    record = asked if keeps(asked, "states") else "states"
    return simulate_setting(setting, [setting.config.run], record=record).history()


def _destination(config: Config) -> Path:
    if config.out is not None:
        folder = Path(config.out)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(
                f"out={config.out}: the results folder must be new or empty; "
                "this one holds something: choose another"
            )
        return folder
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")[:-3]
    return Path("results") / config.name / stamp


def _make_partial(destination: Path) -> Path:
    """Return a new folder beside the destination, so that the last step is a rename."""
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        partial = tempfile.mkdtemp(prefix=f".{destination.name}-", dir=destination.parent)
    except OSError as error:
        raise InputError(
            f"results folder {destination}: cannot be written ({error.strerror}); "
            "choose another with out=DIR"
        ) from error
    os.chmod(partial, 0o755)
    return Path(partial)


def _write(folder: Path, history: History) -> None:
    from omegaconf import OmegaConf

    from sim import columns, report

    setting, events = history.setting, history.events
    steps, states = history.steps, history.states
    events.to_csv(folder / "events.csv", index=False, lineterminator="\n")
    names = dict(zip(setting.world.states, setting.world.names, strict=True))
    for name in ("steps", "states", "sectors"):
        table = getattr(history, name)
        if table is not None:
            columns.write(folder / f"{name}.parquet", table, name, names)
    resolved = OmegaConf.to_yaml(OmegaConf.structured(setting.config))
    (folder / "config.yaml").write_text(resolved, encoding="utf-8")
    _write_json(folder / "versions.json", versions(setting))
    # What is not defined is null: NaN is no JSON.
    known = {key: v if math.isfinite(v) else None for key, v in history.outcomes.items()}
    _write_json(folder / "outcomes.json", known)
    report.write(folder, setting, events, steps, states, history.outcomes, history.sectors)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def versions(setting: Setting) -> dict[str, Any]:
    """Return what a reader needs to get the same numbers: versions and the world's fingerprint."""
    from sim import __version__

    return {
        "sanctionsim": __version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "world": setting.config.world.folder,
        "world_fingerprint": setting.world.fingerprint,
        "seed": setting.config.seed,
        "run": setting.config.run,
    }
