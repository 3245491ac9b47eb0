"""The command `sanctionsim run`: one run, its tables, its pictures, its page."""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.compose import GROUPS, checked, compose, options
from sim.config import Config
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.records import History
    from sim.setting import Setting

PACKAGES = ("mesa", "numpy", "numba", "networkx", "pandas", "pyarrow", "hydra-core", "matplotlib")

USAGE = """Usage: sanctionsim run [overrides]

One run of the model: who sanctions what and when, what it costs, how much leaks.

  sanctionsim run                                   the March 2022 baseline
  sanctionsim run scenario=spring_2022 seed=7       another scenario, another seed
  sanctionsim run coordination.peer_weight=0        one lever turned
  sanctionsim run --multirun seed=1,2,3             several runs, one after the other

Overrides (key=value):
{groups}
  seed=N run=N       draws depend on these two alone
  out=DIR            results folder, new or empty (default results/<name>/<time>)
  name=WORD          name under results/
  driver=ensemble    the same run from the compiled model: mesa (agents) or ensemble

Options:
  --cfg job          print the composed configuration and stop
  --config-dir DIR   look for files of the groups there too: DIR/rule/NAME.yaml, ...
  -m, --multirun     comma-separated values make several runs
  --debug            show the traceback of an error
  -h, --help         this text
"""


def usage() -> str:
    """Return the help text, with the config groups and what each offers."""
    lines = [f"  {group + '=NAME':<19}{' | '.join(options(group))}" for group in GROUPS]
    return USAGE.format(groups="\n".join(lines))


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str
        Overrides and options, without the command's own name.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    InputError
        Anything wrong with what the user gave.
    """
    if {"-h", "--help"} & set(arguments):
        print(usage(), end="")
        return 0
    if {"-m", "--multirun"} & set(arguments):
        from sim.multirun import main as multirun

        return multirun([a for a in arguments if a not in ("-m", "--multirun")], run_once)
    overrides, show, folder_of_own = _split(arguments)
    node = compose(overrides, folder_of_own)
    config = checked(node)
    if show:
        from omegaconf import OmegaConf

        print(OmegaConf.to_yaml(node), end="")
        return 0
    folder = run_once(config)
    print(f"\nResults: {folder}")
    print(f"Page:    {folder / 'index.html'}")
    return 0


def _split(arguments: Sequence[str]) -> tuple[list[str], bool, Path | None]:
    """Return the overrides, whether only to show the configuration, and the user's own configs."""
    overrides, show, folder = [], False, None
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word in ("--cfg", "-c"):
            kind = rest.pop(0) if rest else ""
            if kind != "job":
                raise InputError(f"--cfg must be followed by 'job'; found '{kind}'")
            show = True
        elif word == "--cfg=job":
            show = True
        elif word.split("=")[0] == "--config-dir":
            folder = _folder(word.partition("=")[2] or (rest.pop(0) if rest else ""))
        elif word.startswith("-"):
            raise InputError.unknown(
                "option", word, ["--cfg job", "--config-dir", "--multirun", "--debug", "--help"]
            )
        else:
            overrides.append(word)
    return overrides, show, folder


def _folder(name: str) -> Path:
    if not name or not Path(name).is_dir():
        raise InputError(f"--config-dir must be followed by a folder; found '{name}'")
    return Path(name)


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
    """Return the run of a setting, by the driver that its configuration names."""
    config = setting.config
    if config.driver == "ensemble":
        from sim.ensemble import simulate_setting

        return simulate_setting(setting, [config.run], record="states").history()
    from sim.model import SanctionsModel
    from sim.records import history_of

    model = SanctionsModel(setting, seed=config.seed, run=config.run)
    for _ in range(config.scenario.steps):
        model.step()
    return history_of(model)


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

    from sim import report

    setting, events = history.setting, history.events
    steps, states = history.steps, history.states
    events.to_csv(folder / "events.csv", index=False, lineterminator="\n")
    steps.to_parquet(folder / "steps.parquet", index=False)
    states.to_parquet(folder / "states.parquet", index=False)
    resolved = OmegaConf.to_yaml(OmegaConf.structured(setting.config))
    (folder / "config.yaml").write_text(resolved, encoding="utf-8")
    _write_json(folder / "versions.json", versions(setting))
    _write_json(folder / "outcomes.json", history.outcomes)
    report.write(folder, setting, events, steps, states, history.outcomes)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


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
