"""Stylised facts as an executable ledger: what the record says, what the ensemble gives.

Each theme has a file with its facts and how each is measured; `evidence` simulates every
configuration once for all of them, `ledger` judges, `page` writes it down. Nothing is imported
here, so that the command answers `--help` at once.
"""
