"""Count how often the intervals of the estimate cover the coefficients that made the data.

    python experiments/recovery.py [RUNS] [FOLDER]

Each run is simulated with known coefficients and its announced days are read as a timeline would
be: replayed, with what every sender would have seen. Prints one row per coefficient and draws
FOLDER/recovery.png (without FOLDER results/recovery).
"""

from __future__ import annotations

from pathlib import Path

import arguments
import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimate import NORMAL_95, learn
from sim.analysis.history import person_periods, replayed
from sim.analysis.record import Known, Record
from sim.config import Config, Rule
from sim.model import SanctionsModel
from sim.setting import Setting, prepare
from sim.world import load

TRUTH = {
    "intercept": -3.0, "severity": -1.0, "involvement": 3.0, "restraint": 3.0, "shock": 1.5,
    "meeting": 0.7, "recent": 1.5, "peer": 0.5, "lead": 0.0, "bloc": 0.5, "weekend": -1.0,
    "frailty_sd": 0.9, "package_sd": 1.5, "agenda_sd": 1.8,
}  # fmt: skip
WEEKS = 13
SEED = 2022
Floats = NDArray[np.float64]


def main() -> None:
    words = arguments.parser(__doc__)
    words.add_argument("runs", nargs="?", type=arguments.number, default=20)
    words.add_argument("folder", nargs="?", type=Path, default=Path("results/recovery"))
    given = words.parse_args()
    runs, folder = given.runs, given.folder
    setting = prepare(load("march_2022"), truth())
    found = [recovered(setting, run) for run in range(runs)]
    print(f"{runs} runs of {WEEKS} weeks; mean of the estimates, their spread over runs, and the")
    print("share of 95 % intervals that hold the truth")
    print(f"{'':<12}{'truth':>7}{'mean':>8}{'spread':>8}{'covers':>8}")
    for k, (name, true) in enumerate(TRUTH.items()):
        value = np.array([values[k] for values, _ in found])
        print(f"{name:<12}{true:>7.2f}{value.mean():>8.2f}{value.std():>8.2f}", end="")
        print(f"{coverage(found)[k]:>8.0%}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    draw(found, folder / "recovery.png")


def truth() -> Config:
    """Return the configuration that makes the data: no effects of measures or senders."""
    config = Config(rule=Rule(name="hazard", **TRUTH))  # type: ignore[arg-type]
    config.scenario.steps = WEEKS
    config.society.settlement = -30.0  # a settled war is no experiment
    return config


def recovered(setting: Setting, run: int) -> tuple[Floats, Floats]:
    """Return the estimates of `TRUTH` from one run, and their standard errors."""
    model = SanctionsModel(setting, SEED, run)
    for _ in range(setting.config.scenario.steps):
        model.step()
    record = announced(setting, model)
    table = person_periods(replayed(setting, record), setting, record)
    frame = learn(table[table["wave"] == 0], "hazard", errors=True).to_frame().loc[list(TRUTH)]
    return frame["value"].to_numpy(), ((frame["high"] - frame["low"]) / 2 / NORMAL_95).to_numpy()


def announced(setting: Setting, model: SanctionsModel) -> Record:
    """Return what a run announced as a complete grid."""
    last, rows = setting.n_days - 1, []
    deciders = [(body.code, body.agenda, body.seat.members[0]) for body in model.councils]
    deciders += [
        (sender.code, np.flatnonzero(~sender.by_council).tolist(), sender.seat)
        for sender in model.senders
    ]
    for code, acts, seat in deciders:
        for k in acts:
            act = setting.acts[k]
            if setting.menu.is_open[seat, k]:
                day = int(model.announced[seat, k, 0])
                known = Known(code, act.target, act.measure.code, None, last, recalled=False)
                rows.append(known._replace(day=day, not_by=None) if day >= 0 else known)
    return Record.of(rows)


def coverage(found: list[tuple[Floats, Floats]]) -> Floats:
    """Return the share of 95 % intervals that hold the truth, (n_coefficients,)."""
    true = np.array(list(TRUTH.values()))
    covers = [np.abs(value - true) <= NORMAL_95 * error for value, error in found]
    share: Floats = np.mean(covers, axis=0)
    return share


def draw(found: list[tuple[Floats, Floats]], path: Path) -> None:
    """Draw the estimates of every run about the truth."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for position, name in enumerate(TRUTH):
        error = np.array([value[position] for value, _ in found]) - TRUTH[name]
        axis.plot(error, np.linspace(position - 0.3, position + 0.3, error.size), ".", markersize=3)
        axis.plot(error.mean(), position, "|", color="black", markersize=18)
    axis.axvline(0.0, color="grey", linewidth=0.8)
    axis.set_yticks(range(len(TRUTH)), list(TRUTH))
    axis.set_xlim(-3.0, 3.0)
    axis.set_xlabel("estimate less truth, log hazard")
    axis.invert_yaxis()
    figure.savefig(path, dpi=150)
    plt.close(figure)
    print(f"drawn: {path}")


if __name__ == "__main__":
    main()
