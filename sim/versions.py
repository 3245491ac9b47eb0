"""What a reader needs to get the same numbers: versions and the world's fingerprint."""

import platform
from importlib import metadata
from typing import Any

from sim import __version__
from sim.setting import Setting

PACKAGES = ("mesa", "numpy", "numba", "networkx", "pandas", "pyarrow", "hydra-core", "matplotlib")


def versions(setting: Setting) -> dict[str, Any]:
    """Return the versions of program, packages and world, and the seed."""
    return {
        "sanctionsim": __version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "world": setting.config.world.folder,
        "world_fingerprint": setting.world.fingerprint,
        "seed": setting.config.seed,
    }
