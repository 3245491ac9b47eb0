"""A small coalition for the tests: Canada, Japan and the United States, four measures."""

from __future__ import annotations

from sim.config import Config, Rule

SENDERS = ["USA", "CAN", "JPN"]
MEASURES = ["leader_asset_freeze", "dual_use_export_ban", "luxury_export_ban", "airspace_ban"]
TIMELINE = """\
sender,target,instrument,measure,date_announced,announced_verified
USA,RUS,leader_asset_freeze,President,2022-02-25,yes
CAN,RUS,leader_asset_freeze,President,2022-02-27,recalled
JPN,RUS,export_control_dualuse,Chips,2022-03-02,yes
USA,RUS,export_control_dualuse,Chips,2022-02-24,yes
USA,RUS,airspace_ban,Day not known,,yes
CAN,RUS,airspace_ban,Closed,2022-03-05,yes
RUS,all,export_ban,Wheat,2022-03-05,yes
USA,RUS,energy_import_ban,"Oil, LNG, coal",2022-03-08,yes
"""

OWN = """
import math

def log_hazard(terms, weights):
    '''Peers count by a power, which no shipped rule has.'''
    pull = weights.zeal * math.pow(terms.recent + 0.1, weights.bend)
    return weights.intercept + {effect} + weights.shock * terms.shock + pull{more}
"""


def small(**levers) -> Config:
    """Return a configuration of three senders, four measures and three weeks."""
    config = Config()
    config.scenario.only = list(SENDERS)
    config.scenario.measures = list(MEASURES)
    config.scenario.targets = {"RUS": 1.0}
    config.scenario.steps = 4
    for key, value in levers.items():
        group, _, name = key.partition("__")
        assert hasattr(getattr(config, group), name), key
        setattr(getattr(config, group), name, value)
    return config


def own_rule(folder, effect="terms.effect", more="", **free):
    """Write a rule of a user's own and return it: peers count by a power of their recent acts."""
    path = folder / "my_rule.py"
    path.write_text(OWN.format(effect=effect, more=more), encoding="utf-8")
    free = {"zeal": 1.0, "bend": 1.0, **free}
    return Rule(name="mine", function=f"{path}:log_hazard", free=free)
