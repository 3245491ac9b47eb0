"""The schema of a run: dataclasses whose fields carry default, range, unit, meaning and source.

Each group has a file. Values are checked here and nowhere else, whenever they are set. Defaults
live here; the YAML files hold only what differs; below this package nobody knows Hydra.
"""

from sim.config.checked import Checked, differing, parameters_of, unknown_key
from sim.config.coordination import Coordination
from sim.config.currency import Currency
from sim.config.economy import Economy
from sim.config.evasion import Evasion
from sim.config.fields import CHOICE, number, parameter
from sim.config.figures import FIGURES, FORMATS, Figures, inches_of, words_of
from sim.config.folder import config_folder
from sim.config.reluctance import Reluctance
from sim.config.response import Response
from sim.config.rule import RULES, Rule, shipped_rule
from sim.config.run import RECORDS, Config, WorldChoice
from sim.config.scenario import Scenario
from sim.config.society import Society
from sim.config.third import Third

__all__ = [
    "CHOICE", "FIGURES", "FORMATS", "RECORDS", "RULES", "Checked", "Config", "Coordination",
    "Currency", "Economy", "Evasion", "Figures", "Reluctance", "Response", "Rule", "Scenario",
    "Society", "Third", "WorldChoice", "config_folder", "differing", "inches_of", "number",
    "parameter", "parameters_of", "shipped_rule", "unknown_key", "words_of",
]  # fmt: skip
