"""The command line: `sanctionsim COMMAND ...`; each command is imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from sim import __version__
from sim.errors import InputError

COMMANDS = {
    "run": ("sim.run", "one run: who sanctions what and when, at what cost"),
    "sweep": ("sim.sweep.command", "many runs over a design, resumable, on one machine or many"),
    "status": ("sim.sweep.status", "how far a sweep is"),
    "estimate": ("sim.analysis.estimate_command", "the rules' coefficients from dated acts"),
    "score": (
        "sim.analysis.score_command",
        "the rules held against dates they were not shown",
    ),
    "economy": ("sim.economy.command", "one counterfactual of a nine-table economy"),
    "facts": ("sim.analysis.facts.command", "stylised facts: what the record says, what we give"),
    "plausible": ("sim.analysis.plausible.command", "many runs beside the record, line by line"),
}

USAGE = """Usage: sanctionsim COMMAND [...]

How allies coordinate sanctions, and what the target, the bystanders and the evaders do about it.

Commands:
{commands}

  sanctionsim COMMAND --help   what a command takes
  sanctionsim --version        the version
"""


def usage() -> str:
    """Return the help text."""
    return USAGE.format(
        commands="\n".join(f"  {name:<10}{about}" for name, (_, about) in COMMANDS.items())
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 2 for a mistake of the user, 130 when stopped."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage(), end="")
        return 0
    if words[0] == "--version":
        print(f"sanctionsim {__version__}")
        return 0
    try:
        if words[0] not in COMMANDS:
            raise InputError.unknown("command", words[0], COMMANDS)
        module = importlib.import_module(COMMANDS[words[0]][0])
        return int(module.main(words[1:]))
    except InputError as error:
        if debug:
            raise
        print(f"sanctionsim: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("sanctionsim: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong, nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
