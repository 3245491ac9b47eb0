"""Where a figure or a page comes from: the line at its foot."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sim.config import Config
from sim.report.command import overrides

# What a provenance names by itself, and what changes no number.
APART = ("seed=", "run=", "scenario.name=", "member=", "record=", "figures.")


class Provenance(NamedTuple):
    """What made a figure or a page.

    Attributes
    ----------
    scenario : str
        Name of the scenario, or of the settings that are compared.
    differs : str
        Overrides that lead from the default there; '' for none.
    draws : str
        Which draws, as in 'seed 2022, run 0' or 'seed 2022, 500 runs'.
    version : str
        Of this program.
    source : str
        Where the data come from.
    """

    scenario: str
    differs: str
    draws: str
    version: str
    source: str

    def line(self) -> str:
        """Return it in one line."""
        differs = f" ({self.differs})" if self.differs else ""
        return f"{self.scenario}{differs}; {self.draws}; {self.source}; sanctionsim {self.version}"


def provenance_of(config: Config, runs: int | None = None, scenario: str = "") -> Provenance:
    """Return the provenance of one run, or of a number of runs, of a configuration.

    Parameters
    ----------
    config : Config
    runs : int, optional
        How many runs; that of the configuration alone if not given.
    scenario : str
        Name to say in place of the scenario's own.
    """
    from sim import __version__

    differs = [word for word in overrides(config) if not word.startswith(APART)]
    draws = f"run {config.run}" if runs is None else f"{runs} run{'s' if runs != 1 else ''}"
    return Provenance(
        scenario or config.scenario.name,
        " ".join(differs),
        f"seed {config.seed}, {draws}",
        __version__,
        f"world {Path(config.world.folder).name}",
    )
