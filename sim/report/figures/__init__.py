"""The figures of a run, one module each, and what they share."""

from sim.report.figures.lines import Line, bands, draw_lines

__all__ = ["Line", "bands", "draw_lines"]
