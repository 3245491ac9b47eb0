"""A setting: one world under one configuration, as the arrays that a run starts from."""

from sim.setting.alliance import Council
from sim.setting.menu import Act
from sim.setting.setting import Setting, prepare, setting_of

__all__ = ["Act", "Council", "Setting", "prepare", "setting_of"]
