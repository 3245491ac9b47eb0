"""Write the golden run anew: `make golden`.

Do so when the model is meant to change, look at the difference, and say in the commit what moved.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.config import Config
from sim.engine import simulate
from sim.folders import write_json
from sim.world import load

FOLDER = Path(__file__).parent
EVENTS, OUTCOMES = FOLDER / "events.csv", FOLDER / "outcomes.json"
WEEKS, SEED = 13, 2022


def golden_run() -> tuple[pd.DataFrame, dict[str, float]]:
    """Return the events and outcomes of the baseline's first quarter."""
    config = Config()
    config.scenario.steps, config.seed = WEEKS, SEED
    history = simulate(load("march_2022"), config, 1, record="states").history()
    return history.events, history.outcomes


def main() -> None:
    """Write both files."""
    events, result = golden_run()
    columns = ["date", "actor", "kind", "instrument", "target", "effective"]
    events[columns].to_csv(EVENTS, index=False, lineterminator="\n")
    rounded = {name: float(f"{value:.12g}") for name, value in result.items()}
    write_json(OUTCOMES, rounded)


if __name__ == "__main__":
    main()
