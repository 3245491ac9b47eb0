"""The default ensemble beside the record, line by line: a page that a reader of the news can judge.

`record` reads what is known, `runs` holds what happened first in every run, `criteria` says what is
asked and whether it holds, `sections` puts the rest into tables, `page` writes it down. Nothing is
imported here, so that the command answers `--help` at once.
"""
