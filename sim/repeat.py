"""A stored run again: from what its results folder holds, with further overrides or without."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from sim import __version__
from sim.compose import checked, compose, key_of, stored
from sim.config import Config
from sim.errors import InputError
from sim.folders import read_json
from sim.report.command import overrides as leading_to
from sim.world import load

RULE_FILE = "rule.py"  # a copy of the user's rule, in the results folder


def stored_config(folder: Path) -> Config:
    """Return the configuration of a stored run; InputError if its world has changed since."""
    config = stored(folder / "config.yaml")
    written = read_json(folder / "versions.json")
    if load(config.world.folder).fingerprint != written["world_fingerprint"]:
        raise InputError(
            f"{folder}: the world '{config.world.folder}' has changed since this run; take the "
            f"world of then, or run anew with sanctionsim run {' '.join(leading_to(config))}"
        )
    return config


def stored_run(folder: Path) -> Config:
    """Return the configuration of a stored run, its rule read from the folder's own copy.

    Parameters
    ----------
    folder : Path
        Results of `sanctionsim run`.

    Raises
    ------
    InputError
        It holds no run, or its world is no longer the same.
    """
    if not all((folder / name).is_file() for name in ("config.yaml", "versions.json")):
        raise InputError(
            f"--from {folder}: holds no run (no config.yaml and versions.json); name a results "
            "folder of sanctionsim run"
        )
    config = stored_config(folder)
    config.out = None
    if config.rule.function and (folder / RULE_FILE).is_file():
        name = config.rule.function.rpartition(":")[2]
        config.rule.function = f"{folder / RULE_FILE}:{name}"
    return config


def repeated(folder: Path, words: Sequence[str], own_folder: Path | None = None) -> Any:
    """Return the configuration of a stored run with overrides, as an OmegaConf node.

    Parameters
    ----------
    words : sequence of str
        Overrides of single values or groups, in Hydra's grammar.
    own_folder : Path, optional
        A folder of the user's with further files of the groups.

    Raises
    ------
    InputError
        As `stored_run`, or an experiment among the overrides.
    """
    config = stored_run(folder)
    if not words:
        return OmegaConf.structured(config)
    keys = {key_of(word) for word in words}
    if "experiment" in keys:
        raise InputError(
            "--from takes single values and groups, as in seed=7 or coordination=veto; an "
            "experiment starts from the default: sanctionsim run experiment=..."
        )
    before = [*leading_to(config), f"name={config.name}"]
    if checked(compose(before)) != config:
        raise InputError(
            f"--from {folder}: this run can be repeated only as it is; leave {' '.join(words)} out"
        )
    return compose([*(word for word in before if key_of(word) not in keys), *words], own_folder)


def said_of(folder: Path) -> list[str]:
    """Return what a user is told of a run that is repeated, in lines."""
    lines = [f"Repeats {folder}"]
    if (folder / RULE_FILE).is_file():
        lines.append(f"  its rule is the copy kept there, {folder / RULE_FILE}")
    written = read_json(folder / "versions.json")
    if written["sanctionsim"] != __version__:
        was = written["sanctionsim"]
        lines.append(f"  written by sanctionsim {was}; this is {__version__}: numbers may differ")
    return lines
