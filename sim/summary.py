"""The short table that a run prints: who did what when, and what it came to."""

from __future__ import annotations

import numpy as np

from sim.codes import NEVER
from sim.engine import History


def summary(history: History) -> str:
    """Return the summary of a finished run as text for a terminal."""
    return "\n".join([*_head(history), "", *_senders(history), "", *_targets(history)])


def _head(history: History) -> list[str]:
    setting = history.setting
    config = setting.config
    first, last = setting.date_of(0), setting.date_of(setting.n_days - 1)
    return [
        f"{config.scenario.name}, {config.coordination.name}, rule {config.rule.name}: "
        f"{first} to {last}, seed {config.seed}, run {config.run}"
    ]


def _senders(history: History) -> list[str]:
    setting, events = history.setting, history.events
    main = next(iter(setting.config.scenario.targets))
    listed = events[(events["kind"] == "listed") & (events["actor"] == main)]
    listed_on = dict(zip(listed["target"], listed["date"], strict=True))
    last = history.states[history.states["day"] == setting.n_days - 1].set_index("state")
    lines = [
        f"{'sender':<8}{'first measure against ' + main:<32}{'on':<12}{'acts':>5}"
        f"{'waves':>7}{'half by':>12}{'loss % GDP':>12}{'on its list':>13}"
    ]
    for code, announced in zip(setting.sender_codes, history.announced, strict=True):
        day, instrument = _first_deed(history, code, main)
        days = np.sort(announced[announced != NEVER])
        half = _date(history, days[(days.size - 1) // 2] if days.size else NEVER)
        lines.append(
            f"{code:<8}{instrument or '-':<32}{_date(history, day):<12}"
            f"{days.size:>5}{last['waves'][code]:>7}{half:>12}{last['loss'][code]:>12.3f}"
            f"{listed_on.get(code, '-'):>13}"
        )
    return lines


def _date(history: History, day: int) -> str:
    return "-" if day == NEVER else str(history.setting.date_of(day))


def _first_deed(history: History, sender: str, target: str) -> tuple[int, str]:
    """Return day and instrument of the first measure beyond words, withdrawn since or not.

    A union's measure is its members'; (-1, '') for none.
    """
    setting, events = history.setting, history.events
    words = {act.measure.code for act in setting.acts if act.measure.is_diplomacy}
    seat = setting.sender_codes.index(sender)
    unions = [body.institution.code for body in setting.councils if seat in body.members]
    deeds = events[
        events["kind"].isin(("measure", "council"))
        & (events["target"] == target)
        & events["actor"].isin((sender, *unions))
        & ~events["instrument"].isin(words)
    ]
    if deeds.empty:
        return NEVER, ""
    first = deeds.iloc[0]  # events are sorted by day
    return int(first["day"]), str(first["instrument"])


def _targets(history: History) -> list[str]:
    outcomes, events = history.outcomes, history.events
    lines = [
        f"Senders lose {outcomes['sender_loss_bn']:.1f} bn USD a year, "
        f"{outcomes['sender_loss_mean']:.2f} % of GDP on average."
    ]
    if outcomes["transfers_bn"]:
        lines.append(f"Transfers move {outcomes['transfers_bn']:.1f} bn USD a year.")
    for target in history.setting.config.scenario.targets:
        first, later = (outcomes[f"loss_{target}_{age}"] for age in ("first_year", "long_run"))
        lines.append(
            f"{target} loses {first:.2f} % of real income in the first year ({later:.2f} in the "
            "long run); "
            f"{outcomes[f'leak_{target}']:.0%} of the covered trade finds another way."
        )
        lines.append(f"  answers: {_answers(history, target) or 'none'}")
    lines.append(
        f"{int(outcomes['waves_announced'])} waves of {int(outcomes['acts_announced'])} measures "
        f"stand at the end; {int(outcomes['withdrawals'])} times a measure was withdrawn."
    )
    condemned = events.loc[events["kind"] == "stance", "actor"]
    lines.append(
        f"Condemned by {' '.join(sorted(condemned)) or 'no third state'}; belief in the "
        f"coalition's resolve {outcomes['belief']:.2f}; risk of an attempt elsewhere "
        f"{outcomes['attempt_risk']:.1%} (an indicator)."
    )
    return lines


def _answers(history: History, target: str) -> str:
    events = history.events
    given = events[(events["kind"] == "countermeasure") & (events["actor"] == target)]
    return ", ".join(
        f"{instrument} {against} {day}" if against else f"{instrument} {day}"
        for instrument, against, day in zip(
            given["instrument"], given["target"], given["date"], strict=True
        )
    )
