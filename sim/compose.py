"""From overrides to a checked configuration; the only module that knows Hydra."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim import config as schema
from sim.config import config_folder
from sim.errors import InputError

GROUPS = ("experiment", "scenario", "coordination", "rule", "economy", "world")


def options(group: str) -> list[str]:
    """Return the names that a config group offers."""
    return sorted(path.stem for path in (config_folder() / group).glob("*.yaml"))


def compose(overrides: Sequence[str], own_folder: Path | None = None) -> Any:
    """Return the composed configuration as an OmegaConf node, not yet checked for ranges.

    Parameters
    ----------
    overrides : sequence of str
        In Hydra's grammar.
    own_folder : Path, optional
        A folder of the user's with further files of the groups.

    Raises
    ------
    InputError
        An unknown group option, key or type, in one line.
    """
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir

    for override in overrides:
        if "=" not in override and not override.startswith("~"):
            raise InputError(f"override '{override}' must look like key=value, as in rule.recent=2")
    register()
    logging.getLogger("hydra").setLevel(logging.ERROR)
    folder = str(config_folder().resolve())
    with friendly_errors(), initialize_config_dir(folder, version_base="1.3"):
        return hydra_compose("config", overrides=[*_search(own_folder), *overrides])


def _search(own_folder: Path | None) -> list[str]:
    return [] if own_folder is None else [f"hydra.searchpath=['file://{own_folder.resolve()}']"]


def checked(node: Any) -> schema.Config:
    """Return the dataclasses of a composed configuration, every value within its range."""
    from omegaconf import OmegaConf

    with friendly_errors():
        result: schema.Config = OmegaConf.to_object(node)  # type: ignore[assignment]
        return result


def register() -> None:
    """Tell Hydra the schema."""
    from hydra.core.config_store import ConfigStore

    ConfigStore.instance().store(name="schema", node=schema.Config)


class friendly_errors:
    """Turn what Hydra and OmegaConf say of a mistake into one line for the user.

    Parameters
    ----------
    root : type, optional
        The dataclass whose keys are the known ones.
    """

    def __init__(self, root: type = schema.Config) -> None:
        self.root = root

    def __enter__(self) -> None:
        """Do nothing: only the way out matters."""

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        """Raise the user's version of a known error."""
        from hydra.errors import HydraException
        from omegaconf.errors import OmegaConfBaseException

        if isinstance(error, (HydraException, OmegaConfBaseException, AttributeError)):
            raise InputError(explain(error, self.root)) from error


def explain(error: Exception, root: type = schema.Config) -> str:
    """Return one line for an error of the configuration, with the nearest right name."""
    from hydra.errors import OverrideParseException

    for cause in _causes(error):
        if isinstance(cause, InputError):
            return str(cause)
    text = str(error)
    if isinstance(error, OverrideParseException):
        return f"override '{error.override}' cannot be read: {text.splitlines()[0]}"
    if isinstance(error, AttributeError):  # a key forced in with + where the schema has none
        owner, name = text.split("'")[1].lower(), text.split("'")[3]
        return _unknown_key(name if owner.endswith("config") else f"{owner}.{name}", root)
    for group in GROUPS:
        marker = f"'{group}/"
        if "Could not find" in text and marker in text:
            name = text.split(marker, 1)[1].split("'", 1)[0]
            return str(InputError.unknown(group, name, options(group)))
    for cause in _causes(error):
        if hasattr(cause, "full_key") and getattr(cause, "full_key", None):
            return _key_error(cause, root)
    return " ".join(text.split("\n")[0].split())


def _causes(error: BaseException | None) -> list[BaseException]:
    chain = []
    while error is not None:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def _key_error(cause: Any, root: type) -> str:
    key, text = str(cause.full_key), str(cause).split("\n")[0]
    if "not in" in text:
        return _unknown_key(key, root)
    return f"{key}: {text[0].lower()}{text[1:]}"


def _unknown_key(key: str, root: type) -> str:
    parent, _, name = key.rpartition(".")
    known = _known_keys(parent, root)
    if not known:
        return f"{parent} has no entry '{name}'; add it with +{key}=..."
    return str(InputError.unknown("key", key, [f"{parent}.{k}" if parent else k for k in known]))


def _known_keys(parent: str, root: type) -> list[str]:
    import dataclasses

    node: Any = root()
    for part in parent.split(".") if parent else []:
        node = getattr(node, part, None)
    return [f.name for f in dataclasses.fields(node)] if dataclasses.is_dataclass(node) else []
