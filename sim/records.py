"""What a run leaves behind: events, steps and states as plain rows, and as tables on demand."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.measures import losses_by_elasticity, outcomes
from sim.setting import Setting
from sim.setting.menu import Act

if TYPE_CHECKING:
    import pandas as pd

    from sim.agents import State
    from sim.model import SanctionsModel

EVENT_COLUMNS = (
    "day", "date", "actor", "kind", "instrument", "target", "effective", "detail",
)  # fmt: skip
KINDS = {
    "event": "dated or random event of the war, or an involvement",
    "talks": "round of talks",
    "measure": "wave of a measure, announced by a sender",
    "council": "wave of a measure, announced by a council for its members",
    "withdrawal": "measure given up, all waves at once",
    "blocked": "first objection to a measure in a council; `detail` names the objectors",
    "carve_out": "objectors exempted from a measure; `detail` names them",
    "countermeasure": "answer of a target",
    "refusal": "sender refuses to pay for gas in rubles",
    "listed": "sender put on the list of unfriendly states",
    "protest": "sender protests at being listed or cut off",
    "stance": "third state condemns the violation",
    "cooperation": "third state deepens defence cooperation with a target",
    "settlement": "talks settle the war",
}


@dataclass(frozen=True, slots=True)
class History:
    """One finished run, whatever ran it.

    Attributes
    ----------
    setting : Setting
    announced : (n_senders, n_acts) int
        Day of each first wave that stands at the end, -1 for none.
    events, steps, states : pandas.DataFrame
        As `Records` makes them.
    outcomes : dict of str to float
        As `sim.measures.outcomes` returns.
    """

    setting: Setting
    announced: np.ndarray
    events: pd.DataFrame
    steps: pd.DataFrame
    states: pd.DataFrame
    outcomes: dict[str, float]


@dataclass(slots=True)
class Records:
    """The history of one run.

    Attributes
    ----------
    events : list of dict
        One row per dated act, columns `EVENT_COLUMNS`; `effective` is a date.
    steps : list of dict
        One row per step: the war, the coalition, each target's loss and leak.
    states : list of dict
        One row per step and state.
    """

    setting: Setting
    events: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)

    def event(
        self,
        day: int,
        actor: str,
        kind: str,
        instrument: str,
        target: str = "",
        effective: int | None = None,
        detail: str = "",
    ) -> None:
        """Add one dated act.

        Parameters
        ----------
        day, effective : int
            Days of the run; `effective` is the day itself if not given.
        actor : str
            State or institution that acts.
        kind : str
            One of `KINDS`.
        instrument, target, detail : str
            What, at whom, and what else there is to say.
        """
        self.events.append(
            {
                "day": int(day),
                "date": self.setting.date_of(day).isoformat(),
                "actor": actor,
                "kind": kind,
                "instrument": instrument,
                "target": target,
                "effective": self.setting.date_of(
                    day if effective is None else effective
                ).isoformat(),
                "detail": detail,
            }
        )

    def step(self, model: SanctionsModel) -> None:
        """Add the state of the world at the end of a step.

        Parameters
        ----------
        model : SanctionsModel
            After its phase 'price'.
        """
        setting = self.setting
        when = {
            "step": len(self.steps),
            "day": model.day,
            "date": setting.date_of(model.day).isoformat(),
        }
        announced = model.announced[:, :, 0] >= 0
        acting = announced.any(axis=1)
        senders = model.senders
        row = {
            **when,
            "severity": model.severity,
            "urgency": model.urgency,
            "measures_announced": int(announced.sum()),
            "waves_announced": int((model.announced >= 0).sum()),
            "measures_effective": int((model.level > 0).sum()),
            "coalition_size": int(acting.sum()),
            "coalition_gdp_share": float(setting.alliance.gdp_share[acting].sum()),
            "mean_sender_loss": sum(s.loss for s in senders) / len(senders),
            "mean_support": sum(s.support for s in senders) / len(senders),
            "transfers_bn": sum(max(state.transfer_bn, 0.0) for state in model.states),
            "belief": float(model.belief),
            "attempt_risk": -math.expm1(-model.attempt_hazard),
            "settled": model.settled_day >= 0,
        }
        by_elasticity = losses_by_elasticity(model)
        for target in model.targets:
            row[f"loss_{target.code}"] = target.loss
            for elasticity, loss in by_elasticity.items():
                row[f"loss_{target.code}_{elasticity}"] = float(loss[target.position])
            row[f"leak_{target.code}"] = float(model.leak[target.number])
            row[f"crypto_bn_{target.code}"] = float(model.crypto_bn[target.number])
            row[f"log_rate_{target.code}"] = target.log_rate
            row[f"countermeasures_{target.code}"] = len(target.issued) + len(target.cut_off)
        self.steps.append(row)
        listing = {code for target in model.targets for code in target.listed}
        self.states.extend(self._state_row(when, state, model, listing) for state in model.states)

    def _state_row(
        self, when: dict[str, Any], state: State, model: SanctionsModel, listed: set[str]
    ) -> dict[str, Any]:
        seat = getattr(state, "seat", None)
        return {
            **when,
            "state": state.code,
            "role": state.role,
            "loss": state.loss,
            "loss_bn": state.loss / 100.0 * float(self.setting.world.gdp_bn[state.position]),
            "transfer_bn": state.transfer_bn,
            "diverted_bn": state.diverted_bn,
            "relation": float(model.relation[state.position, 0]),
            "support": getattr(state, "support", float("nan")),
            "measures": 0 if seat is None else int((model.announced[seat, :, 0] >= 0).sum()),
            "waves": 0 if seat is None else int((model.announced[seat] >= 0).sum()),
            "listed": state.code in listed,
        }

    def event_table(self) -> pd.DataFrame:
        """Return the events, sorted by day, kind, actor, instrument and target."""
        import pandas as pd

        table = pd.DataFrame(self.events, columns=list(EVENT_COLUMNS))
        order = ["day", "kind", "actor", "instrument", "target", "detail"]
        return table.sort_values(order, kind="stable", ignore_index=True)

    def step_table(self) -> pd.DataFrame:
        """Return one row per step."""
        import pandas as pd

        return pd.DataFrame(self.steps)

    def state_table(self) -> pd.DataFrame:
        """Return one row per step and state."""
        import pandas as pd

        return pd.DataFrame(self.states)


def outside_events(records: Records) -> None:
    """Write down the dated events that come from outside the model."""
    setting = records.setting
    for event in setting.events:
        day = (event.date - setting.start).days
        if 0 <= day < setting.n_days:
            kind = "talks" if event.kind == "talks" else "event"
            records.event(day, "world", kind, event.kind, event.state, detail=event.label)


def wave_in_words(aim: Act, wave: int) -> str:
    """Return which wave of an act it is, how many it designates and whom by name."""
    measure = aim.measure
    parts = [f"wave {wave} of {measure.waves}"] if measure.waves > 1 else []
    counts = ((measure.individuals, "individuals"), (measure.entities, "entities"))
    parts += [f"{number} {what}" for number, what in counts if number]
    names = [entity.name for entity in aim.named if entity.wave == wave]
    if names:
        parts.append(", ".join(names))
    return "; ".join(parts)


def history_of(model: SanctionsModel) -> History:
    """Return the history of a Mesa model that has been stepped to its end."""
    records = model.records
    return History(
        model.setting,
        model.announced[:, :, 0],
        records.event_table(),
        records.step_table(),
        records.state_table(),
        outcomes(model),
    )
