"""From overrides to a composed sweep: the groups of a run, with a design and its factors."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from sim import compose as of_run
from sim.errors import InputError
from sim.sweep.settings import SweepConfig

FACTOR = re.compile(r"^(~|\+{0,2})design\.factors\.([^=]+)(?:=(.*))?$", re.DOTALL)


def folder() -> Path:
    """Return the folder of the files that only sweeps have."""
    return of_run.config_folder() / "sweep"


def options(group: str, own_folder: Path | None = None) -> list[str]:
    """Return the names that a config group offers to a sweep; those of sweeps alone come first."""
    places = [folder(), of_run.config_folder(), *([own_folder] if own_folder else [])]
    return list(dict.fromkeys(of_run.files_of(group, places)))


def compose(overrides: Sequence[str], own_folder: Path | None = None) -> Any:
    """Return the composed sweep as an OmegaConf node, not yet checked for ranges.

    Parameters
    ----------
    overrides : sequence of str
        In Hydra's grammar; `design.factors.PATH=...` adds a factor or replaces one.
    own_folder : Path, optional
        A folder of the user's with further files of the groups.

    Raises
    ------
    InputError
        An unknown group option, key or type, in one line.
    """
    _register()
    factors = [override for override in overrides if FACTOR.match(override)]
    rest = [override for override in overrides if override not in factors]
    search = [of_run.config_folder(), *([own_folder] if own_folder else [])]
    node = of_run.composed(folder(), search, rest, "design.replications=100")
    with of_run.friendly_errors():
        for override in factors:
            _set_factor(node, override)
    return node


@cache
def _register() -> None:
    """Tell Hydra the schema, once: it copies it."""
    from hydra.core.config_store import ConfigStore

    ConfigStore.instance().store(name="sweep_schema", node=SweepConfig)


def _set_factor(node: Any, override: str) -> None:
    """Add, replace or take away a factor, or a part of one."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException
    from omegaconf import OmegaConf

    from sim.sweep.factors import FACTS, leaves  # not above: help and completion need no numpy

    sign, path, value = FACTOR.match(override).groups()  # type: ignore[union-attr]
    # By whole paths, so that a config group and a value in it stand side by side.
    entries = dict(leaves(OmegaConf.to_container(node.design.factors)))  # type: ignore[arg-type]
    if sign == "~":
        gone = [name for name in entries if name == path or name.startswith(f"{path}.")]
        if not gone:
            raise InputError(f"{override}: there is no such factor to take away")
        for name in gone:
            del entries[name]
    elif value is None:
        raise InputError(f"override '{override}' must look like design.factors.{path}=[0,1,2]")
    else:
        try:
            parsed = OverridesParser.create().parse_override(f"++{path}={value}")
        except HydraException as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"override '{override}' cannot be read: {reason}") from error
        if parsed.is_sweep_override():
            raise InputError(override + of_run.SEVERAL)
        owner, _, fact = path.rpartition(".")
        found = parsed.value()
        if fact in FACTS and isinstance(entries.get(owner), dict):
            entries[owner] = {**entries[owner], fact: found}
        else:
            entries |= dict(leaves({path: found}))
    OmegaConf.update(node, "design.factors", entries, merge=False, force_add=True)


def checked(node: Any) -> SweepConfig:
    """Return the dataclasses of a composed sweep, every value within its range."""
    return cast(SweepConfig, of_run.checked(node))
