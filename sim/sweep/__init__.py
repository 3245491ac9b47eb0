"""Sweeps: many runs over a design, planned, stored chunk by chunk, resumable, on many machines."""
