"""Where the YAML files lie."""

from __future__ import annotations

from pathlib import Path


def config_folder() -> Path:
    """Return the folder of the YAML files: in the package if installed, else in the checkout."""
    package = Path(__file__).parents[1]
    installed = package / "configs"
    return installed if installed.is_dir() else package.parent / "configs"
