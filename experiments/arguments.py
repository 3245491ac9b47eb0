"""What the words of a command in this folder may be; `--help` of each says what it does."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.errors import InputError
from sim.world import World, load

PARTS = ("econ_monthly", "unga")  # of the raw data that commands read


def parser(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser of a command's words, which tells with `--help` what its file tells."""
    shape = argparse.RawDescriptionHelpFormatter
    return argparse.ArgumentParser(description=doc, formatter_class=shape, allow_abbrev=False)


def number(word: str) -> int:
    """Return how many runs or the like."""
    if not word.isdecimal() or not int(word):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1; found '{word}'")
    return int(word)


def world(word: str) -> World:
    """Return a world by its name or folder."""
    try:
        return load(word)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def raw_data(word: str) -> Path:
    """Return the folder of raw data."""
    for part in PARTS:
        if not (Path(word) / part).is_dir():
            raise argparse.ArgumentTypeError(f"{word} is no folder of raw data: it has no {part}/")
    return Path(word)
