"""Builders of the world of 2014: one module per group of tables."""
