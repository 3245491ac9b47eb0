from sim.api import compare as compare
from sim.api import experiments as experiments
from sim.api import explain as explain
from sim.api import levers as levers
from sim.api import load_world as load_world
from sim.api import open as open
from sim.api import run as run
from sim.api import save as save
from sim.api import sweep as sweep
from sim.api import value as value
from sim.errors import InputError as InputError
from sim.model import SanctionsModel as SanctionsModel
from sim.world import alliance_network as alliance_network

__version__: str
FACE: dict[str, str]
