"""A sender: what it has announced, what it weighed, and why, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from sim.agents.state import State
from sim.agents.weighing import name_of, target_of, weighed_up, words_of
from sim.arrays import Ints
from sim.codes import NEVER
from sim.errors import InputError
from sim.reasons import Reasons, in_words
from sim.rules import enforce
from sim.rules.terms import Terms
from sim.words import the

if TYPE_CHECKING:
    from sim.agents.state import SanctionsModel


class Sender(State):
    """A state that adopts measures in waves, alone or through the council of its union.

    Attributes
    ----------
    seat : int
        Among the senders.
    by_council : (n_acts,) bool
        A council decides for it.
    """

    def __init__(self, model: SanctionsModel, position: int, seat: int) -> None:
        super().__init__(model, position)
        self.seat = seat
        self.by_council = model.setting.menu.council_of[seat] >= 0

    @property
    def announced(self) -> Ints:
        """Day of each wave of each act, -1 for none, (n_acts, n_waves)."""
        return self.model.announced[self.seat]

    @property
    def level(self) -> Ints:
        """Waves announced of each act, (n_acts,)."""
        return (self.announced != NEVER).sum(axis=1)

    @property
    def measures(self) -> dict[tuple[str, str], date]:
        """Date of the first wave of each measure in force, by instrument and target."""
        acts, date_of = self.model.setting.acts, self.model.setting.date_of
        return {
            (acts[act].measure.code, acts[act].target): date_of(self.announced[act, 0])
            for act in np.flatnonzero(self.announced[:, 0] != NEVER)
        }

    @property
    def support(self) -> float:
        """Domestic support for sanctions, in [0, 1]."""
        return float(self.model.engine.state.decision.support[self.seat])

    @property
    def protests(self) -> int:
        """How often it has protested."""
        return int(self.model.engine.state.target.protests[self.seat])

    @property
    def enforcement(self) -> float:
        """Share of the leak that it stops by itself."""
        own = self.model.setting.config.evasion.enforcement
        return float(enforce.effort(own, self.support))

    def weighed(self, act: int) -> Terms | None:
        """Return what the state weighed last on an act, None if nothing."""
        trace = self.model.engine.state.trace
        if trace.day[self.seat, act] == NEVER:
            return None
        return Terms(*trace.terms[self.seat, act].tolist())

    def explain(self, instrument: str = "", target: str = "") -> str:
        """Return in words why the state did or did not take a measure; as `reasons`."""
        if not instrument and not self._has_weighed_anything():
            return f"{self.name} has weighed nothing yet."
        return self.reasons(instrument, target).text()

    def reasons(self, instrument: str = "", target: str = "") -> Reasons:
        """Return what the state weighed last on an act, term by term.

        Parameters
        ----------
        instrument, target : str
            Which act; without them the latest announcement or, if there is none, the act that
            was closest to one.

        Raises
        ------
        InputError
            No such measure in this run; without one, nothing has been weighed yet.
        """
        setting = self.model.setting
        if not instrument and not self._has_weighed_anything():
            raise InputError(f"{self.code} has weighed nothing yet; name a measure")
        act = setting.find_act(instrument, target) if instrument else self._latest()
        found = Reasons(self.code, self.name, words_of(setting, act), act, self._outcome(act))
        weighed, day = self.weighed(act), int(self.model.engine.state.trace.day[self.seat, act])
        if weighed is None:
            return replace(found, notes=(self._why_nothing(act),))
        shared, council = self._shared(act, day), setting.menu.council_of[self.seat, act]
        return replace(
            found,
            day=setting.date_of(day),
            wave=1 + int(((self.announced[act] != NEVER) & (self.announced[act] < day)).sum()),
            **weighed_up(setting, act, [(1.0, weighed)], shared),
            wishes_of=name_of(setting.councils[council]) if self.by_council[act] else "",
            notes=(*self._in_council(act), *self._refusals()),
        )

    def _has_weighed_anything(self) -> bool:
        return bool((self.model.engine.state.trace.day[self.seat] != NEVER).any())

    def _why_nothing(self, act: int) -> str:
        """Return why a state has not weighed an act."""
        setting, target = self.model.setting, target_of(self.model.setting, act)
        if self.level[act]:
            return "It was imposed by the scenario, not decided."
        if not setting.menu.on_menu[act]:
            return "Nobody can choose this measure in this run; a scenario can impose it."
        union = setting.menu.takes_over[self.seat, act]
        if union >= 0:
            name = the(setting.councils[union].institution.name)
            return f"It has not weighed it: it takes over what {name} takes, and that has not."
        return f"It has not weighed it: so far {target} had no part in a violation."

    def _shared(self, act: int, day: int) -> list[tuple[str, float]]:
        """Return what the decision shared with others, if the state decides for itself."""
        if self.by_council[act]:
            return []
        run = self.model.engine
        return run.shared_by(run.decider_of(self.seat), act, day)

    def _in_council(self, act: int) -> list[str]:
        """Return what became of it in the council that decides on an act, in sentences."""
        if not self.by_council[act]:
            return []
        council = self.model.councils[self.model.setting.menu.council_of[self.seat, act]]
        return council.said_of(self, act)

    def _refusals(self) -> list[str]:
        date_of = self.model.setting.date_of
        return [
            f"{self.name} refuses to pay {seller.name} for gas in rubles since "
            f"{in_words(date_of(seller.refused[self.code]))}."
            for seller in self.model.targets
            if self.code in seller.refused
        ]

    def _latest(self) -> int:
        if (self.announced != NEVER).any():
            return int(np.argmax(self.announced.max(axis=1)))
        acts = np.flatnonzero(self.model.engine.state.trace.day[self.seat] != NEVER).tolist()
        return int(max(acts, key=lambda act: self.model.engine.log_hazard(self.seat, act)))

    def _outcome(self, act: int) -> str:
        setting, level = self.model.setting, int(self.level[act])
        waves, date_of = int(setting.menu.waves[act]), setting.date_of
        if level == 0:
            return f"not announced by {in_words(date_of(self.model.day))}"
        how = "on its own"
        if self.by_council[act]:
            how = f"through {name_of(setting.councils[setting.menu.council_of[self.seat, act]])}"
        last = int(np.argmax(self.announced[act]))
        which = f"wave {level} of {waves} " if waves > 1 else ""
        effect = in_words(date_of(self.model.effective[self.seat, act, last]))
        day = in_words(date_of(self.announced[act, last]))
        return f"{which}announced {how} on {day}, in force from {effect}"
