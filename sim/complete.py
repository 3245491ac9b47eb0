"""What a shell completes: commands, settings, overrides, config groups, experiments, states.

It reads names off the same files as the commands do, and imports nothing heavy: a key is waited
for. What cannot be told is left to the user, or to the shell, which knows files.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    split_arg_string,
)

from sim.compose import ABOUT_ONE, GROUPS, options
from sim.config import Config
from sim.csv_table import records
from sim.errors import InputError
from sim.world.world import world_folder

COUNCILS = ("EU", "ALLIES")
BREAKS = "=:"  # at which bash breaks a word in two


def words(ctx: click.Context, typed: str) -> list[str]:
    """Return the words of a command that begin as typed: names that it takes, settings, overrides.

    Parameters
    ----------
    ctx : Context
        Of the command, with the words before this one.
    typed : str
        As far as it stands: 'coord', 'coordination=', '+scenario.st'.
    """
    command, before = ctx.info_name or "", ctx.params.get("overrides") or ()
    named = [word for word in before if "=" not in word]
    found = [] if "=" in typed else _names(command, named, typed)
    if found and not typed:  # what it must have comes before what it can have
        return found
    return list(dict.fromkeys([*found, *settings(ctx.command, typed), *overrides(command, typed)]))


def settings(command: click.Command, typed: str) -> list[str]:
    """Return what a command can be told as key=value, as far as it is typed."""
    key, equals, value = typed.partition("=")
    names = {
        max(o.opts, key=len).lstrip("-"): o for o in command.params if getattr(o, "by_key", False)
    }
    if not equals:
        return [f"{name}=" for name in names if name.startswith(typed)]
    known = states(value) if key in names and names[key].metavar == "STATE" else []
    return [f"{key}={one}" for one in known]


def overrides(command: str, typed: str) -> list[str]:
    """Return overrides in Hydra's grammar: groups, then keys, then what they can be set to."""
    from sim.parameters import parameters

    sign = typed[: len(typed) - len(typed.lstrip("+~"))]
    key, equals, value = typed[len(sign) :].partition("=")
    if equals:
        return [f"{sign}{key}={one}" for one in _beginning(value, _values(command, key))]
    groups = [f"{group}=" for group in (*GROUPS, *(["design"] if command == "sweep" else []))]
    keys = [f"{p.key}=" for p in parameters()]
    if "." not in key:
        keys = [f"{one.partition('.')[0]}." if "." in one else one for one in keys]
    return [f"{sign}{one}" for one in _beginning(key, dict.fromkeys([*groups, *keys]))]


def levers(typed: str) -> list[str]:
    """Return groups and keys of levers that begin as typed."""
    from sim.parameters import groups, parameters

    known = parameters()
    keys = [p.key for p in known if "." in typed or "." not in p.key]
    return _beginning(typed, dict.fromkeys([*groups(known), *keys]))


def experiments(typed: str, kinds: Iterable[str] = ("run", "sweep")) -> list[str]:
    """Return names of experiments that begin as typed, those about each member among them."""
    from sim.experiments import experiments as every

    names = sorted({e.name for e in every() if e.kind in kinds})
    about = [f"{name}_{code.lower()}" for name in ABOUT_ONE for code in _senders()]
    return _beginning(typed, [*names, *about])


def states(typed: str) -> list[str]:
    """Return codes of states and councils that begin as typed, in small letters or in capitals."""
    return _beginning(typed.upper(), [*_column("states", "state"), *COUNCILS])


def _names(command: str, before: list[str], typed: str) -> list[str]:
    """Return what a command takes by its name alone."""
    if command == "compare":
        return [*experiments(typed, ("run",)), *_beginning(typed, options("scenario"))]
    if command == "explain" and not before:
        return states(typed)
    if command == "explain" and len(before) == 1:
        answers = _column("countermeasures", "countermeasure", issuers=before[0].upper())
        return _beginning(typed, answers or _column("measures", "instrument", on_menu="1"))
    return []


def _values(command: str, key: str) -> list[str]:
    """Return what a key can be set to, where that is one of some words."""
    from sim.parameters import parameters

    if key == "experiment":
        return experiments("", ("run", "sweep") if command == "sweep" else ("run",))
    if key in GROUPS or key == "design":
        return options("sweep/design" if key == "design" else key)
    if key == "member":
        return _senders()
    parameter = next((p for p in parameters() if p.key == key), None)
    if parameter is None:
        return []
    return ["true", "false"] if parameter.default in ("on", "off") else list(parameter.among)


def _senders() -> list[str]:
    return [*_column("states", "state", role="sender"), "EU"]


def _column(table: str, name: str, **where: str) -> list[str]:
    """Return a column of a table of the default world, of rows that have a word in another one."""
    path = world_folder(Config().world.folder) / f"{table}.csv"
    return [
        row[name]
        for row in records(path)
        if all(word in row[column].split() for column, word in where.items())
    ]


def _beginning(typed: str, known: Iterable[str]) -> list[str]:
    return [name for name in known if name.startswith(typed)]


class Bash(BashComplete):
    """Completion in bash, which takes key=value for three words and replaces only the last."""

    source_template = Path(__file__).with_suffix(".bash").read_text(encoding="utf-8")

    def source(self) -> str:
        """Return the script; whether this bash is new enough is not asked in another one."""
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words before the cursor, and what stands of the one that it is in."""
        line = os.environ["COMP_LINE"][: int(os.environ["COMP_POINT"])]
        before = split_arg_string(line)[1:]
        if not before or line[-1].isspace():
            return before, ""
        return before[:-1], before[-1]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return what comes after the last break in the word, which is all that bash replaces."""
        typed = self.get_completion_args()[1]
        return item.value[1 + max(typed.rfind(mark) for mark in BREAKS) :]


class Zsh(ZshComplete):
    """Completion in zsh, without a blank after a group or a key."""

    source_template = ZshComplete.source_template.replace(
        "compadd -U -V unsorted -a completions",
        "compadd -U -V unsorted -S '' -- ${(M)completions:#*[=.]}\n"
        "        compadd -U -V unsorted -- ${completions:#*[=.]}",
    )


COMPLETERS = {"bash": Bash, "zsh": Zsh, "fish": FishComplete}
SWITCH_ON = {
    "bash": 'eval "$(sanctionsim --completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(sanctionsim --completion zsh)"   in ~/.zshrc, after compinit',
    "fish": "sanctionsim --completion fish | source   in ~/.config/fish/config.fish",
}


def script(front: click.Command, variable: str, shell: str) -> str:
    """Return what a shell has to run so that it completes the words of sanctionsim."""
    text = COMPLETERS[shell](front, {}, "sanctionsim", variable).source()
    return f"# To switch it on: {SWITCH_ON[shell]}\n{text}"


def answer(front: click.Command, variable: str, asked: str) -> int:
    """Print what a shell asks for, as in 'bash_complete', and return the exit code.

    A mistake in the words so far is no time to say so: nothing is printed.
    """
    shell, _, what = asked.partition("_")
    if shell not in COMPLETERS or what != "complete":
        return 2
    try:
        print(COMPLETERS[shell](front, {}, "sanctionsim", variable).complete())
    except (InputError, click.ClickException):
        return 1
    return 0
