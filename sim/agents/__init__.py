"""The agents of a run: states that decide, answer, carry and watch, and councils of unions.

They hold what a person wants to look at and call the rules of `sim.rules` with their own numbers;
`explain()` says why they did what they did last. Beside `sim.model` the only files that import
Mesa.
"""

from sim.agents.council import CouncilAgent
from sim.agents.sender import Sender
from sim.agents.state import NEVER, State
from sim.agents.target import Target
from sim.agents.third import ThirdState

__all__ = ["NEVER", "CouncilAgent", "Sender", "State", "Target", "ThirdState"]
