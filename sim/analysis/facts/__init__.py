"""Stylised facts as an executable ledger: what the record says, what the ensemble gives.

Each theme has a file with its facts and how each is measured; `evidence` simulates every
configuration once for all of them, `ledger` judges, `page` writes it down.
"""

from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.ledger import Claim, Fact, Row, verdict
from sim.analysis.facts.themes import THEMES, every_fact

__all__ = ["THEMES", "Claim", "Evidence", "Fact", "Row", "every_fact", "verdict"]
