"""The engine: one run or thousands, the same functions, the same draws.

from sim.engine import simulate

runs = simulate(load("march_2022"), Config(), runs=100)
runs.to_frame()
"""

from sim.engine.ensemble import Ensemble, simulate, simulate_setting
from sim.engine.tables import History

__all__ = ["Ensemble", "History", "simulate", "simulate_setting"]
