"""One run as a Mesa model: agents to look at, to ask, and to act for.

The engine runs it; the model is a thin wrapper that knows no process of its own.
"""

from __future__ import annotations  # the ODD protocol shows types by their names

from functools import partial
from numbers import Real
from typing import Any

import mesa
import numpy as np
import pandas as pd
from mesa.datacollection import DataCollector

from sim.agents import CouncilAgent, Sender, State, Target, ThirdState
from sim.agents.state import seen
from sim.arrays import Flags, Floats, Ints
from sim.codes import ANSWER, COUNCIL, NEVER, WITHDRAW
from sim.compose import checked, compose
from sim.engine.exact import covered_now
from sim.engine.run import Run
from sim.engine.tables import History
from sim.errors import InputError
from sim.setting import Setting, setting_of
from sim.setting.script import Cast
from sim.variants import overrides_of

__all__ = ["NEVER", "SanctionsModel"]


class SanctionsModel(mesa.Model):
    """One run.

    Parameters
    ----------
    setting : Setting, optional
        World and configuration; composed from the levers if not given.
    seed, run : int
        Key of all draws; Mesa's own generator is not used. No seed, which its batches give, is 0.
    **kwargs
        Levers: overrides by their names in a configuration, `__` for the point after the group, as
        in `coordination__peer_weight=2.0` or `scenario="spring_2022"`.

    Attributes
    ----------
    engine : Run
    states, senders, targets, third_parties, councils : list of agents
    datacollector : mesa.DataCollector
        Day, measures, belief and the targets' losses of each step; loss and support by agent.

    Raises
    ------
    InputError
        Levers beside a setting; whatever a configuration or `prepare` refuses.
    """

    def __init__(
        self, setting: Setting | None = None, seed: int | None = 0, run: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(rng=0)
        if not isinstance(setting, Setting | None):
            raise InputError(f"a model takes a setting, levers by their names; found {setting!r}")
        if not isinstance(kwargs.get("scenario", ""), str):
            del kwargs["scenario"]  # Mesa's own of that name, which its page gives to a new model
        if setting is not None and kwargs:
            raise InputError("a model takes a setting or levers, not both")
        if setting is None:
            setting = setting_of(checked(compose(overrides_of(kwargs))))
        self.setting = setting
        self.engine = Run(
            self.setting, _whole("seed", 0 if seed is None else seed), _whole("run", run)
        )
        self._by_hand: list[dict[str, Any]] = []
        self.states = [_agent_of(self, n) for n in range(len(self.setting.world.states))]
        self.senders = [state for state in self.states if isinstance(state, Sender)]
        self.targets = [state for state in self.states if isinstance(state, Target)]
        self.third_parties = [state for state in self.states if isinstance(state, ThirdState)]
        self.councils = [CouncilAgent(self, c) for c in range(len(self.setting.councils))]
        self.datacollector = DataCollector(
            {
                "day": "day",
                "measures": lambda model: int((model.announced[:, :, 0] != NEVER).sum()),
                "belief": "belief",
                **{f"loss_{target.code}": partial(_loss, target.number) for target in self.targets},
            },
            {
                name: lambda agent, name=name: getattr(agent, name, None)
                for name in ("code", "loss", "support")
            },
        )

    def __repr__(self) -> str:
        return f"<SanctionsModel: {self.engine!r}>"

    @property
    def agents(self) -> Any:
        """All agents, in a set of their own: whoever is taken out of it stays in the model."""
        return super().agents.select()

    @property
    def agents_by_type(self) -> dict[type, Any]:
        """Sets as of `agents`, by class."""
        return {kind: those.select() for kind, those in super().agents_by_type.items()}

    def deregister_agent(self, agent: Any) -> None:
        """Refuse to let an agent go (`remove`): it is a view, and its state would act on."""
        raise InputError(
            f"{agent.code} is looked at by its agent and acts on without it; a sender is left out "
            "by scenario.without, any other state by scenario.roles"
        )

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Refuse to be copied or pickled: a copy would advance what it is a copy of."""
        raise InputError(
            "a model cannot be copied or pickled, since compiled code holds its state; make "
            "another with the same setting, seed and run, and script() as its scenario.script"
        )

    # What it does.

    def step(self) -> None:
        """Let the days of a step pass, if the run has any left; price and record on its last."""
        if not self.running:
            return
        days = self.setting.config.scenario.step_days
        self.advance(days - (self.day + 1) % days)
        # Mesa counts the rows of a model from 0, those of agents by this; batch_run pairs them.
        self.steps -= 1
        self.datacollector.collect(self)
        self.steps += 1

    def advance(self, days: int = 1) -> None:
        """Let days pass, to the end of the run at most; InputError for no number of days."""
        self.engine.advance(_whole("days", days))
        self.running = self.day < self.setting.n_days - 1

    def carry_out(self, actor: str, act: str, against: str = "", undo: bool = False) -> None:
        """Let a state or council do something on the coming day, whatever it would decide.

        Parameters
        ----------
        actor, act, against, undo
            As in an entry of `scenario.script`, by which a configuration does the same.

        Raises
        ------
        InputError
            The run lacks it, the actor may not do it or has nothing left to do, or the run is over.
        """
        day, setting = self.day + 1, self.setting
        if day >= setting.n_days:
            raise InputError(f"the run ended on {setting.date_of(self.day)}; nobody acts after it")
        row = Cast(setting).row(day, actor, act, against, undo)
        self._check_left(*row[1:4], actor)
        self.engine.carry_out(row)
        entry = {"date": setting.date_of(day).isoformat(), "actor": actor, "act": act}
        more = {"against": against, "undo": undo}
        self._by_hand.append(entry | {name: said for name, said in more.items() if said})

    def _check_left(self, kind: int, who: int, act: int, actor: str) -> None:
        """Refuse to take what has been taken whole, and to give up what has not been taken."""
        adoption, setting = self.engine.state.adoption, self.setting
        if kind == ANSWER:
            return
        taken = adoption.passed[who, act] if kind == COUNCIL else adoption.level[act, who]
        if taken == (0 if kind == WITHDRAW else setting.menu.waves[act]):
            done = "has not taken" if kind == WITHDRAW else "has taken all waves of"
            raise InputError(f"{actor} {done} {setting.label(act)}; nothing is left to do")

    def script(self) -> list[dict[str, Any]]:
        """Return what actors were told to do, by the configuration and by hand.

        As `scenario.script` of the configuration it gives the same run once more.
        """
        return [dict(entry) for entry in (*self.setting.config.scenario.script, *self._by_hand)]

    # What it is at.

    def state(self, code: str) -> Any:
        """Return the agent of a state; InputError if there is none of that code."""
        return self.states[self.setting.world.index(code)]

    def council(self, code: str) -> CouncilAgent:
        """Return the council of an institution; InputError if this run has none."""
        codes = [council.code for council in self.councils]
        if code not in codes:
            raise InputError.unknown("council", code, codes)
        return self.councils[codes.index(code)]

    def events(self) -> pd.DataFrame:
        """Return the dated acts so far, and the dated events of the whole run."""
        return self.engine.so_far().history().events

    def history(self) -> History:
        """Return the history of the run up to the last step that has passed."""
        return self.engine.history()

    def outcomes(self) -> dict[str, float]:
        """Return what the run has come to, by the columns of `sim.outcomes.OUTCOMES`."""
        return self.engine.outcomes()

    @property
    def day(self) -> int:
        """Days since the start, -1 before the first."""
        return self.engine.day

    @property
    def severity(self) -> float:
        """How grave the violation has become, in [0, 1]."""
        return float(self.engine.state.clock.severity)

    @property
    def urgency(self) -> float:
        """How much the events of the war press today, >= 0."""
        return float(self.engine.state.clock.urgency)

    @property
    def settled_day(self) -> int:
        """Day on which talks settled the war, -1 for never."""
        return int(self.engine.state.course.settled_day)

    @property
    def announced(self) -> Ints:
        """Day of each wave, -1 for none, (n_senders, n_acts, n_waves)."""
        return seen(self.engine.state.adoption.announced)

    @property
    def effective(self) -> Ints:
        """Day on which each wave takes effect, as `announced`."""
        return seen(self.engine.state.adoption.effective)

    @property
    def exempt(self) -> Flags:
        """Carve-outs, (n_senders, n_acts)."""
        return seen(self.engine.state.adoption.exempt)

    @property
    def relation(self) -> Floats:
        """Relations with the targets, in [-1, 1], (n_states, n_targets)."""
        return seen(self.engine.state.third_party.relation)

    @property
    def covered(self) -> Floats:
        """Share of trade covered, (n_senders, n_targets, n_channels, n_sectors)."""
        effect = self.engine.state.effect
        return covered_now(self.setting, {"covered": effect.covered, "maturity": effect.maturity})

    @property
    def leak(self) -> Floats:
        """Share of covered trade that finds another way, (n_targets,)."""
        return seen(self.engine.state.effect.leak)

    @property
    def belief(self) -> float:
        """Bystanders' belief in the coalition's resolve, in [0, 1]."""
        return float(self.engine.state.third_party.belief)


def _whole(name: str, number: float) -> int:
    """Return a number of a page or a batch as a whole one."""
    is_number = isinstance(number, Real) and not isinstance(number, bool)
    if not is_number or not float(number).is_integer() or number < 0:
        raise InputError(f"{name} must be a whole number from 0 up; found {number!r}")
    return int(number)


def _loss(number: int, model: SanctionsModel) -> float:
    return model.targets[number].loss


def _agent_of(model: SanctionsModel, position: int) -> State:
    """Return the agent of a state by the part that it plays in a run."""
    setting = model.setting
    if position in setting.senders:
        return Sender(model, position, int(np.flatnonzero(setting.senders == position)[0]))
    if position in setting.targets:
        return Target(model, position, int(np.flatnonzero(setting.targets == position)[0]))
    return ThirdState(model, position)
