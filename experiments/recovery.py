"""Count how often the intervals of the regression cover the coefficients that made the data.

    python experiments/recovery.py [RUNS] [FOLDER]

Each run is simulated with known coefficients and written down as a person-period table, which is
what `sanctionsim estimate` gets from the dates. Once with all that the senders saw (exact), once
from the announced days alone, as for a real timeline: replayed, drafts unknown. Prints one row per
coefficient and draws FOLDER/recovery.png (without FOLDER results/recovery).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from sim.analysis.estimate import (
    FRAILTY,
    INTERCEPT,
    LINEAR,
    NORMAL_95,
    WEEKEND,
    design,
    rows_of,
    rule_with,
    shipped,
)
from sim.analysis.history import observed_setting, person_periods
from sim.analysis.likelihood import Floats, Prior, mode
from sim.analysis.record import Dated, Record
from sim.analysis.replay import Replay, Watched
from sim.config import Config
from sim.setting import Setting
from sim.world import load

TRUTH = {
    INTERCEPT: -5.0, "readiness": 1.0, "norm": 3.0, "shock": 0.5, "peer": 0.5, "recent": 2.0,
    "joint": 1.0, "lead": 0.5, "bloc": 0.5, WEEKEND: -1.0, FRAILTY: 1.0,
}  # fmt: skip
TERMS = (*LINEAR, WEEKEND)
WEEKS = 13
SEED = 2022


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "results/recovery")
    setting, exact, replayed, adoptions = sample(), [], [], []
    for run in range(runs):
        model = watched(setting, run)
        table = person_periods(model.decisions, setting)
        adoptions.append(table["event"].sum())
        exact.append(recovered(table))
        replayed.append(recovered(replayed_table(setting, model)))
        model.decisions.clear()  # Mesa holds on to every model
    print(f"{runs} runs of {WEEKS} weeks, {np.mean(adoptions):.0f} adoptions in the mean; share of")
    print("95 % intervals that hold the truth")
    print(f"{'':<12}{'truth':>7}{'exact: mean':>13}{'covers':>8}{'dates: mean':>13}{'covers':>8}")
    for position, name in enumerate(TRUTH):
        cells = [f"{name:<12}{TRUTH[name]:>7.2f}"]
        for found in (exact, replayed):
            mean = np.mean([value[position] for value, _ in found])
            cells.append(f"{mean:>13.2f}{coverage(found)[position]:>8.0%}")
        print("".join(cells))
    folder.mkdir(parents=True, exist_ok=True)
    draw(exact, replayed, folder / "recovery.png")


def sample() -> Setting:
    """Return the setting with the senders that the shipped timeline knows: a sample of its size."""
    world = load("march_2022")
    return observed_setting(world, truth(), world.folder / "timeline.csv")[0]


def truth() -> Config:
    """Return the configuration that makes the data."""
    config = Config(rule=rule_with("hazard", TRUTH))
    config.scenario.steps = WEEKS
    config.society.settlement = -30.0  # a settled war is no experiment
    return config


def watched(setting: Setting, run: int) -> Watched:
    """Return a run whose decisions are written down, at its end."""
    model = Watched(setting, SEED, run)
    for _ in range(setting.config.scenario.steps):
        model.step()
    return model


def replayed_table(setting: Setting, model: Watched):  # type: ignore[no-untyped-def]
    """Return the table that the announced days of a run give, as if they were a timeline."""
    replay = Replay(setting, announced(setting, model))
    for _ in range(setting.config.scenario.steps):
        replay.step()
    table = person_periods(replay.decisions, setting)
    replay.decisions.clear()
    return table


def announced(setting: Setting, model: Watched) -> Record:
    """Return what a run announced, as a record."""
    rows = []
    for decision in model.decisions:
        if decision.adopted:
            act = setting.acts[decision.act]
            rows.append(Dated(decision.actor, act.target, act.measure.code, decision.day, False))
    return Record(tuple(rows), frozenset(), (), setting.n_days - 1)


def recovered(table) -> tuple[Floats, Floats]:  # type: ignore[no-untyped-def]
    """Return the estimates of `TRUTH` and their standard errors; the others are held."""
    free = np.array([name in TRUTH for name in (INTERCEPT, *TERMS)])
    held = np.where(free, 0.0, shipped(TERMS))
    prior = Prior(held, np.where(free, 100.0, 0.0), frailty=True)
    found = mode(design(table, TERMS), rows_of(table), prior)
    chosen = np.r_[free, True]
    value = np.r_[found.value, found.frailty_sd]
    return value[chosen], np.sqrt(np.diag(found.covariance))[chosen]


def coverage(found: list[tuple[Floats, Floats]]) -> Floats:
    """Return the share of 95 % intervals that hold the truth, (n_coefficients,)."""
    true = np.array(list(TRUTH.values()))
    covers = [np.abs(value - true) <= NORMAL_95 * error for value, error in found]
    share: Floats = np.mean(covers, axis=0)
    return share


def draw(
    exact: list[tuple[Floats, Floats]], replayed: list[tuple[Floats, Floats]], path: Path
) -> None:
    """Draw the estimates of every run about the truth, and the coverage."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained", sharey=True)
    for axis, found, title in (
        (axes[0], exact, "with all that senders saw"),
        (axes[1], replayed, "from the announced days alone"),
    ):
        for position, name in enumerate(TRUTH):
            error = np.array([value[position] for value, _ in found]) - TRUTH[name]
            height = np.linspace(position - 0.3, position + 0.3, error.size)
            axis.plot(error, height, ".", color="tab:blue", markersize=3, alpha=0.6)
            axis.plot(error.mean(), position, "|", color="black", markersize=18)
            axis.text(
                1.02, position, f"{coverage(found)[position]:.0%}", va="center",
                transform=axis.get_yaxis_transform(),
            )  # fmt: skip
        axis.axvline(0.0, color="grey", linewidth=0.8)
        axis.set_yticks(range(len(TRUTH)), list(TRUTH))
        axis.set_xlim(-2.0, 2.0)
        axis.set_xlabel("estimate less truth, log hazard")
        axis.set_title(f"{title}; right: coverage of 95 % intervals", fontsize=10)
    axes[0].invert_yaxis()
    figure.savefig(path, dpi=150)
    plt.close(figure)
    print(f"drawn: {path}")


if __name__ == "__main__":
    main()
