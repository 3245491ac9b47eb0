"""A third state: whether it condemns, what it carries, and what it fears."""

from __future__ import annotations  # the ODD protocol shows types by their names

import math

from sim.agents.state import State
from sim.codes import NEVER
from sim.reasons import in_percent, in_words, wrapped
from sim.rules import third


class ThirdState(State):
    """A state that takes no measures: it condemns or not, carries trade, and draws its lessons."""

    @property
    def condemns(self) -> bool:
        """Whether it condemns a violation like this, sooner or later."""
        return bool(self.model.engine.state.third_party.condemns[self.position])

    @property
    def condemned(self) -> int:
        """Day on which it condemned the violation, -1 for never."""
        return int(self.model.engine.state.third_party.condemned[self.position])

    @property
    def cooperations(self) -> dict[str, int]:
        """Number of acts of defence cooperation with each target."""
        number = self.model.engine.state.third_party.cooperations[self.position]
        return {target.code: int(number[target.number]) for target in self.model.targets}

    @property
    def readiness(self) -> float:
        """How ready it is to carry covered trade, in [0, 1], before fear."""
        evasion = self.model.setting.config.evasion
        backing = float(self.model.setting.third_parties.backing[self.position])
        if not math.isnan(backing):
            return backing
        has_condemned = self.condemned != NEVER
        return float(
            third.readiness_to_carry(evasion.willingness, has_condemned, evasion.condemned_factor)
        )

    @property
    def compliance(self) -> float:
        """Share of covered trade that its banks and traders refuse, in [0, 1]."""
        setting = self.model.setting
        return float(
            third.compliance(
                setting.config.coordination.secondary_sanctions,
                setting.third_parties.trade_with_senders[self.position],
                setting.config.evasion.compliance,
            )
        )

    def explain(self) -> str:
        """Return in words the state's stance, what it carries and what it fears."""
        setting, ties = self.model.setting, []
        if not setting.third_parties.takes_stance[self.position]:
            return super().explain()
        stance = f"has not condemned the violation by {in_words(setting.date_of(self.model.day))}"
        if self.condemned != NEVER:
            stance = f"condemned the violation on {in_words(setting.date_of(self.condemned))}"
        chance = setting.third_parties.condemns[self.position]
        for target in self.model.targets:
            acts = self.cooperations[target.code]
            ties.append(
                f"  relation with {target.name}: "
                f"{self.model.relation[self.position, target.number]:.2f}, "
                f"-1 being hostile and 1 close; {acts} act{'' if acts == 1 else 's'} of defence "
                "cooperation"
            )
        return "\n".join(
            [
                f"{self.name}, a {self.role}, {stance}.",
                f"  chance that a state with its votes and pacts ever does: {in_percent(chance)}",
                wrapped(
                    f"ready to carry {100.0 * self.readiness:.0f} % of the covered trade that it "
                    f"could; its banks and traders refuse {100.0 * self.compliance:.0f} % of that "
                    "for fear of the senders"
                ),
                f"  it carries USD {self.diverted_bn:.1f} bn a year of the others' covered trade",
                *ties,
            ]
        )
