"""Coordination of sanctions among allies, simulated."""

__version__ = "0.1.0"
