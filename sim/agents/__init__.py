"""The agents of a run: states and councils, as views of what the engine holds of them."""

from sim.agents.council import CouncilAgent
from sim.agents.sender import Sender
from sim.agents.state import State
from sim.agents.target import Target
from sim.agents.third_state import ThirdState

__all__ = ["CouncilAgent", "Sender", "State", "Target", "ThirdState"]
