"""The command that repeats a run, from its configuration alone."""

import dataclasses
import shlex
from typing import Any

from omegaconf import OmegaConf

from sim.compose import config_folder, literal, options
from sim.config import Config

# Where results go says nothing about what they are.
PLACES = ("out", "name")
# Written out even where they are the default: a reader who cites a run cites them.
ALWAYS = ("seed", "run")


def command(config: Config) -> str:
    """Return the shell command that repeats a run: groups by name, then what differs from them."""
    words = [shlex.quote(word) for word in overrides(config)]
    return " ".join(["sanctionsim run", *words])


def overrides(config: Config) -> list[str]:
    """Return the overrides that compose to a configuration, shortest form first.

    Parameters
    ----------
    config : Config
        Of a run, whichever way it was composed.
    """
    groups: list[str] = []
    values: list[str] = []
    default = Config()
    for field in dataclasses.fields(Config):
        base, value = getattr(default, field.name), getattr(config, field.name)
        if field.name in ALWAYS:
            values.append(f"{field.name}={literal(value)}")
        elif not dataclasses.is_dataclass(value):
            values += [] if field.name in PLACES else _changed(field.name, base, value)
        else:
            name = getattr(value, "name", None)
            if name != getattr(base, "name", None) and name in options(field.name):
                groups.append(f"{field.name}={name}")
                base = _as_named(field.name, str(name), base)
            for inner in dataclasses.fields(value):
                key = f"{field.name}.{inner.name}"
                values += _changed(key, getattr(base, inner.name), getattr(value, inner.name))
    return [*groups, *values]


def _as_named(group: str, name: str, default: Any) -> Any:
    """Return a group as one of its files sets it."""
    file: Any = OmegaConf.to_container(OmegaConf.load(config_folder() / group / f"{name}.yaml"))
    return dataclasses.replace(default, **file)


def _changed(key: str, base: Any, value: Any) -> list[str]:
    """Return the overrides of one key; entries of a mapping are merged, so each has its own."""
    if value == base:
        return []
    if isinstance(value, dict):
        gone = [f"~{key}.{name}" for name in base if name not in value]
        kept = [
            f"{'' if name in base else '+'}{key}.{name}={literal(entry)}"
            for name, entry in value.items()
            if name not in base or base[name] != entry
        ]
        return [*gone, *kept]
    return [f"{key}={literal(value)}"]
