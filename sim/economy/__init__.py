"""What sanctions cost: nine tables, exact equilibria, exposure, transfers, currency."""
