"""Many runs of one setting at once: compiled, on all cores, the same run for run as the Mesa model.

from sim.ensemble import simulate

runs = simulate(load("march_2022"), Config(), runs=100)
runs.to_frame()
"""

from sim.ensemble.results import Ensemble, simulate, simulate_setting

__all__ = ["Ensemble", "simulate", "simulate_setting"]
