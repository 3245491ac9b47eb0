"""Builders of the March 2022 world: one module per group of tables."""
