"""Settings compared over the same draws: what differs, and what of it is more than luck."""

from sim.analysis.compare.comparison import Comparison, compare
from sim.analysis.compare.store import read, write

__all__ = ["Comparison", "compare", "read", "write"]
