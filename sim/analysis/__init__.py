"""What the dates say about the model: person-period table, estimation, scoring."""
