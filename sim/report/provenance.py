"""Where a figure or a page comes from: the line at its foot."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sim import __version__
from sim.config import Config
from sim.csv_table import records
from sim.errors import InputError
from sim.report.command import overrides
from sim.words import counted, listed
from sim.world.world import world_folder

NAMED = 3  # publishers

# What a provenance names by itself, and what changes no number.
APART = ("seed=", "run=", "scenario.name=", "member=", "record=", "figures.")


class Provenance(NamedTuple):
    """What made a figure or a page."""

    scenario: str  # name of the scenario, or of the settings that are compared
    differs: str  # overrides that lead from the default there; '' for none
    draws: str  # which draws, as in 'seed 2022, run 0' or 'seed 2022, 500 runs'
    version: str  # of this program
    source: str  # where the data come from

    def line(self) -> str:
        """Return it in one line."""
        differs = f" ({self.differs})" if self.differs else ""
        return f"{self.scenario}{differs}; {self.draws}; {self.source}; sanctionsim {self.version}"


def provenance_of(config: Config, runs: int | None = None) -> Provenance:
    """Return the provenance of one run, or of a number of runs, of a configuration.

    Parameters
    ----------
    runs : int, optional
        How many runs; that of the configuration alone if not given.
    """
    differs = [word for word in overrides(config) if not word.startswith(APART)]
    draws = f"run {config.run}" if runs is None else counted(runs, "run")
    return Provenance(
        config.scenario.name,
        " ".join(differs),
        f"seed {config.seed}, {draws}",
        __version__,
        sources_of(config.world.folder),
    )


@cache
def sources_of(world: str) -> str:
    """Return a world with the publishers that most of its trade and economy rests on.

    All of them stand in the world's own `sources.csv`, and in the page of a run.
    """
    named = f"data: world {Path(world).name}"
    try:
        path = world_folder(world) / "sources.csv"
    except InputError:  # gone since, where a page is drawn once more
        return named
    if not path.is_file():
        return named
    rows = [(row.get("file", ""), row.get("publisher", "")) for row in records(path)]
    found = [(file, who.split(" (")[0]) for file, who in rows if who not in ("", "this project")]
    trade = Counter(who for file, who in found if "trade" in file or "economy" in file)
    first = [who for who, _ in trade.most_common(NAMED)]
    others = len({who for _, who in found} - set(first))
    more = [counted(others, "other publisher")] if others else []
    return f"{named} ({listed([*first, *more])})" if first else named
