"""What rules are learnt from: the dates of one episode, and of others of the same senders."""

from typing import NamedTuple

import pandas as pd

from sim.analysis.history import History, history_of
from sim.compose import checked, compose
from sim.world import load

EVERY = 4  # of the days without an announcement, in other episodes
OWN = "own"  # column: the row is of the episode that is told, not of another


class Sample(NamedTuple):
    """Person-periods of one episode and of others, as `sim.analysis.history.person_periods`."""

    # First announcements and further rounds, with the column `OWN`. Days count from the first of
    # the own episode: an earlier one's are negative, so that what lies before a date is what
    # anybody could have learnt by then. Other episodes are `thinned`.
    table: pd.DataFrame
    rounds: pd.DataFrame


def sample_of(history: History, alone: bool = False, recalled: bool = True) -> Sample:
    """Return what a history tells, and the other episodes that its world names.

    Parameters
    ----------
    history : History
        Its rule's `memory_days` shapes what senders saw in the others too.
    alone : bool
        Leave the others out.
    recalled : bool
        Whether acts of the others whose date was not read are in.

    Raises
    ------
    InputError
        An experiment that the world names is none, or whatever `history_of` refuses.
    """
    told = [history]
    if not alone:
        told += [_told(name, history, recalled) for name in history.setting.world.episodes]
    tables: list[pd.DataFrame] = []
    rounds: list[pd.DataFrame] = []
    for other in told:
        since = (other.setting.start - history.setting.start).days
        for rows, found in ((other.table, tables), (other.rounds, rounds)):
            kept = rows if other is history else thinned(rows)
            found.append(kept.assign(**{OWN: other is history}, day=kept["day"] + since))
    return Sample(
        pd.concat(tables, ignore_index=True),
        pd.concat([part for part in rounds if len(part)] or rounds[:1], ignore_index=True),
    )


def thinned(table: pd.DataFrame) -> pd.DataFrame:
    """Return the days with an announcement, and of the others every fourth, which counts for all.

    A year in which little happens would otherwise take most of the time of learning. Days share no
    shocks, so a day counts as often as the days that it stands for; the fourth, not the seventh,
    so that each weekday has its turn.
    """
    seen = table.loc[table["event"] > 0, "day"].unique()
    quiet = sorted(set(table["day"]) - set(seen))
    kept = quiet[::EVERY]
    found = table[table["day"].isin([*seen, *kept])]
    times = found["times"].mask(found["day"].isin(kept), len(quiet) / max(len(kept), 1))
    return found.assign(times=times)


def own(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the episode itself."""
    return table[table[OWN]] if OWN in table else table


def _told(experiment: str, history: History, recalled: bool) -> History:
    """Return the history of another episode, told by its own world's timeline."""
    config = checked(compose([f"experiment={experiment}"]))
    config.rule = history.setting.config.rule
    world = load(config.world.folder)
    return history_of(world, config, world.folder / "timeline.csv", recalled)
