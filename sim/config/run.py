"""One run, whole: its groups, its draws, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.config.checked import Checked
from sim.config.coordination import Coordination
from sim.config.currency import Currency
from sim.config.economy import Economy
from sim.config.evasion import Evasion
from sim.config.fields import CHOICE, number, parameter
from sim.config.figures import Figures, words_of
from sim.config.reluctance import Reluctance
from sim.config.response import Response
from sim.config.rule import Rule, shipped_rule
from sim.config.scenario import Scenario
from sim.config.society import Society
from sim.config.third import Third
from sim.errors import InputError

RECORDS = ("outcomes", "events", "steps", "states", "sectors")


def _check_name(key: str, name: str) -> None:
    if not name.strip() or name.startswith(".") or len(name) > 100 or set(name) & set("/\\"):
        raise InputError(
            f"{key} must be the name of one folder: 1 to 100 characters, none of them / or \\, and "
            f"no . before them; found {name!r}; out=DIR takes any path"
        )


@dataclass(slots=True)
class WorldChoice(Checked):
    """Which world."""

    folder: str = parameter(
        "march_2022", "a shipped world by name, or the path of a folder with its tables", CHOICE
    )


@dataclass(slots=True)
class Config(Checked):
    """One run, whole."""

    scenario: Scenario = field(default_factory=Scenario)
    coordination: Coordination = field(default_factory=Coordination)
    rule: Rule = field(default_factory=shipped_rule)
    economy: Economy = field(default_factory=Economy)
    currency: Currency = field(default_factory=Currency)
    reluctance: Reluctance = field(default_factory=Reluctance)
    evasion: Evasion = field(default_factory=Evasion)
    world: WorldChoice = field(default_factory=WorldChoice)
    response: Response = field(default_factory=Response)
    third: Third = field(default_factory=Third)
    society: Society = field(default_factory=Society)
    figures: Figures = field(default_factory=Figures)
    seed: int = number(2022, (0, 2**63 - 1), "seed of all draws", CHOICE)
    run: int = number(
        0, (0, 2**32 - 1), "number of the run; its draws depend on seed and run", CHOICE
    )
    record: str = parameter(
        "outcomes",
        "what an ensemble keeps of each run; each keeps all that stands before it",
        CHOICE,
        among=RECORDS,
    )
    member: str = parameter(
        "",
        "sender, or institution of senders, that the experiments alone, without, apart are about",
        CHOICE,
        "state",
    )
    name: str = parameter("baseline", "folder under results/", CHOICE, check=_check_name)
    out: str | None = parameter(
        None, "results folder, new or empty; without it results/<name>/<time>", CHOICE
    )

    @classmethod
    def key(cls, name: str) -> str:
        """Return how an override names a field: without a group before it."""
        return name

    def __post_init__(self) -> None:
        if "sectors" in words_of(self.figures.draw) and self.record != "sectors":
            raise InputError("figures.draw=sectors needs what is recorded by record=sectors")
        about = {*self.scenario.only, *self.scenario.without}
        if self.member and self.member not in about:
            raise InputError(
                f"member={self.member} says whom an experiment is about; it changes nothing here: "
                "take one of experiment=alone, without, apart"
            )
