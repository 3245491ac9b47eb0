"""The model held against the record: event history, estimation, scores, stylised facts."""
