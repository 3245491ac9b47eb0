"""The command line: `sanctionsim COMMAND ...`; each command is imported when it is called.

To add a command, write a module with a function `main` and give it a line in `COMMANDS`:

    @command()
    @setting("runs", "N", count, default=100, help="how many runs")
    @overrides()
    def main(runs: int, overrides: tuple[str, ...], config_dir: Path | None) -> None:
        '''Say what the command does; this text is its help, line by line.'''

The decorators are all that is said of a word: its name, type, default, range and meaning; `main`
gets values that were checked. It raises InputError for what else a user can get wrong, returns an
exit code or None for 0, and imports what is heavy inside, so that `--help` comes at once.
"""

import atexit
import gc
import importlib
import inspect
import io
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click
from click.shell_completion import CompletionItem

from sim import __version__
from sim.errors import InputError

COMMANDS = {
    "run": ("sim.run", "one run: who sanctions what and when, at what cost"),
    "compare": (
        "sim.analysis.compare.command",
        "settings over the same draws: what differs, beyond luck",
    ),
    "value": ("sim.analysis.value.command", "what each member is worth to the coalition"),
    "explain": ("sim.analysis.explain.command", "why a state or council did or did not"),
    "sweep": ("sim.sweep.command", "many runs over a design, resumable, on one machine or many"),
    "status": ("sim.sweep.status", "how far a sweep is"),
    "report": ("sim.report.again", "the page of what is stored: a run, a comparison, a sweep"),
    "levers": ("sim.levers_command", "every lever: default, range, unit, meaning, source"),
    "experiments": ("sim.experiments_command", "every experiment with its question"),
    "check": ("sim.lessons.command", "answers to a lesson's exercises, held against the model"),
    "explore": ("sim.explore.command", "a page in the browser: turn levers, play a run"),
    "estimate": ("sim.analysis.estimate_command", "the rules' coefficients from dated acts"),
    "score": (
        "sim.analysis.score_command",
        "the rules held against dates they were not shown",
    ),
    "embargo": (
        "sim.explore.embargo_command",
        "who loses what if a coalition stops trade with targets",
    ),
    "economy": ("sim.economy.command", "one counterfactual of a nine-table economy"),
    "facts": ("sim.analysis.facts.command", "stylised facts: what the record says, what we give"),
    "plausible": ("sim.analysis.plausible.command", "many runs beside the record, line by line"),
}


SHELLS = ("bash", "zsh", "fish")
COMPLETE = "_SANCTIONSIM_COMPLETE"  # the variable by which a shell asks for completions


class Checked(click.ParamType):
    """A type of values, with the rule that they keep.

    Parameters
    ----------
    read : callable
        Value of a text; ValueError for a text that breaks the rule.
    rule : str
        The rule, to be said after the name: `must be a whole number from 1 up`.
    """

    name = "value"

    def __init__(self, read: Callable[[str], Any], rule: str) -> None:
        self.read, self.rule = read, rule

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value of a text; InputError if it breaks the rule."""
        try:
            return self.read(value)
        except InputError:  # which says more than the rule
            raise
        except (ValueError, KeyError):
            raise InputError(f"{_name(param)} {self.rule}; found '{value}'") from None


def one_of(words: Iterable[str], rule: str = "must be") -> Checked:
    """Return the type of one of some words."""
    known = {word: word for word in words}
    return Checked(known.__getitem__, f"{rule} {', '.join(known)}")


def number(kind: type, low: float, high: float, rule: str) -> Checked:
    """Return the type of a number from one end to the other."""

    def read(text: str) -> Any:
        if not low <= kind(text) <= high:
            raise ValueError
        return kind(text)

    return Checked(read, rule)


def _some(text: str) -> str:
    if not text:
        raise ValueError
    return text


def folder_of(text: str) -> Path:
    """Return a folder that is there; ValueError for none."""
    if not text or not Path(text).is_dir():
        raise ValueError
    return Path(text)


MOST = 1_000_000  # runs that a command holds in memory
count = number(int, 1, MOST, f"must be a whole number from 1 to {MOST:,}")
anything = Checked(_some, "must have a value")


class Setting(click.Option):
    """An option that the help shows as key=value."""

    by_key = True  # for completion, which does not know this class

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the line of the help: what to type, and what it does."""
        _, text = super().get_help_record(ctx) or ("", "")
        return self._shown(), text

    def get_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the setting as the line of usage has it."""
        return [f"[{self._shown()}]"]

    def _shown(self) -> str:
        return f"{_name(self)}={self.metavar}"


class Command(click.Command):
    """A command whose options with a value may be written key=value too.

    Parameters
    ----------
    keys : callable, optional
        Rows of the help for its overrides: what to type, and what it does.
    """

    allow_extra_args = True  # to refuse them in our own words

    def __init__(
        self, *args: Any, keys: Callable[[], list[tuple[str, str]]] = list, **others: Any
    ) -> None:
        super().__init__(*args, **others)
        self.keys = keys
        # `main` below takes --debug out of the words: this is for the help alone.
        click.option(
            "--debug", is_flag=True, expose_value=False, help="show the traceback of an error"
        )(self)
        help_option(self)

    @property
    def options(self) -> list[click.Option]:
        """What is not told by its place among the words."""
        return [param for param in self.params if isinstance(param, click.Option)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let click read the words, but for those that set an option as key=value."""
        if {"-h", "--help"} & set(args):
            return super().parse_args(ctx, ["--help"])
        if ctx.resilient_parsing:  # a shell completes them: they are not yet whole
            return super().parse_args(ctx, args)
        self._refuse(ctx, args)
        keys = {_name(o).lstrip("-"): o.name for o in self.options if not o.is_flag}
        given = [word for word in args if "=" in word and word.partition("=")[0] in keys]
        pairs = [word.split("=", 1) for word in given]
        ctx.default_map = {keys[key]: value for key, value in pairs}
        for word in super().parse_args(ctx, [word for word in args if word not in given]):
            if "=" in word and keys:
                raise InputError.unknown(f"{ctx.info_name}: setting", word.split("=")[0], keys)
            ctx.fail(f"'{word}' is one word too many")
        return []

    def _refuse(self, ctx: click.Context, args: list[str]) -> None:
        """Raise for an unknown option, an option without its value, a setting without one."""
        named = {name: option for option in self.options for name in option.opts}
        settings = [_name(option) for option in self.options if isinstance(option, Setting)]
        for word, following in zip(args, [*args[1:], "-"], strict=False):
            name = word.partition("=")[0]
            if word.startswith("-") and name not in named:
                known = [_name(option) for option in self.options if not option.hidden]
                raise InputError.unknown("option", name, known)
            if word in named and not named[word].is_flag and following.startswith("-"):
                ctx.fail(f"{word} must be followed by {named[word].metavar}")
            if word.startswith("="):
                ctx.fail(f"'{word}' must have a key before its =")
            if word in settings:
                ctx.fail(f"'{word}' must look like {word}=value")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """Return what can come next, the settings first."""
        from sim import complete

        items = [CompletionItem(word) for word in complete.settings(self, incomplete)]
        return [*items, *super().shell_complete(ctx, incomplete)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the text as it stands."""
        formatter.write(f"\n{inspect.cleandoc(self.help or '')}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what can be set as key=value, then the options."""
        rows = [(option, option.get_help_record(ctx)) for option in self.options]
        settings = [row for option, row in rows if row and isinstance(option, Setting)]
        options = [row for option, row in rows if row and not isinstance(option, Setting)]
        for title, shown in (
            ("Settings (key=value)", [*settings, *self.keys()]),
            ("Options", options),
        ):
            if shown:
                with formatter.section(title):
                    formatter.write_dl(shown)


command = partial(click.command, cls=Command)
help_option = click.help_option("-h", "--help", help="this text")


def setting(key: str, metavar: str, type: click.ParamType, **others: Any) -> Any:
    """Let a command take a setting, key=value; `others` are those of click.option."""
    shown = "default" in others
    return click.option(
        f"--{key}", cls=Setting, metavar=metavar, type=type, show_default=shown, **others
    )


def completed(by: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return what completes a word: a function of `sim.complete`, imported when it is asked."""
    return lambda ctx, param, typed: getattr(importlib.import_module("sim.complete"), by)(typed)


def _complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[Any]:
    from sim import complete

    return complete.words(ctx, typed)


def overrides(metavar: str = "KEY=VALUE") -> Callable[[Any], Any]:
    """Let a command take overrides in Hydra's grammar, and a folder of further configurations."""
    words = click.argument(
        "overrides", nargs=-1, metavar=f"[{metavar}]...", shell_complete=_complete
    )
    folder = click.option(
        "--config-dir",
        metavar="DIR",
        type=Checked(folder_of, "must be followed by a folder"),
        help="look for files of the groups there too: DIR/rule/NAME.yaml, ...",
    )
    return lambda function: words(folder(function))


show = click.option(
    "-c",
    "--cfg",
    "show",
    metavar="job",
    type=Checked({"job": True}.__getitem__, "must be followed by 'job'"),
    help="print the composed configuration and stop",
)


class Front(click.Group):
    """All commands; what comes before a command's name is --help, --version or a mistake."""

    ignore_unknown_options = True

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        """Return a command, imported now; InputError for an unknown one."""
        if name not in COMMANDS:
            raise InputError.unknown("command", name, COMMANDS)
        return importlib.import_module(COMMANDS[name][0]).main

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """Return commands and options that begin as typed, without importing any command."""
        found = [CompletionItem(name, help=about) for name, (_, about) in COMMANDS.items()]
        begun = [item for item in found if item.value.startswith(incomplete)]
        return [*begun, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line for each command without importing it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


def _completion(ctx: click.Context, param: click.Parameter, shell: str | None) -> None:
    if shell and not ctx.resilient_parsing:
        from sim.complete import script

        print(script(front, COMPLETE, shell), end="")
        ctx.exit()


@click.group(
    cls=Front,
    help="How allies coordinate sanctions, and what the target, the bystanders and the evaders do "
    "about it.",
    epilog="sanctionsim COMMAND --help says what a command takes.",
    context_settings={"max_content_width": 100},
)
@click.option(
    "--completion",
    metavar="SHELL",
    type=Checked({name: name for name in SHELLS}.__getitem__, "must be bash, zsh or fish"),
    expose_value=False,
    is_eager=True,
    callback=_completion,
    help="what bash, zsh or fish must run to complete words; it says how to switch that on",
)
@click.version_option(__version__, message="%(prog)s %(version)s", help="the version")
@help_option
def front() -> None:
    """Do what is common to all commands: nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 2 for a mistake of the user, 130 when stopped."""
    if arguments is None:
        _waste_no_time_on_garbage()
        _stop_when_told()
    if arguments is None and (asked := os.environ.get(COMPLETE)):
        from sim.complete import answer

        return answer(front, COMPLETE, asked)
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [_at_home(word) for word in words if word != "--debug"]
    if words[:1] in ([], ["help"]):
        words = [*words[1:], "--help"]
    # What a command draws goes into files: a notebook's way of showing figures is not for it.
    os.environ["MPLBACKEND"] = "agg"
    with redirect_stdout(Outlasting(sys.stdout)), redirect_stderr(Outlasting(sys.stderr, OSError)):
        try:
            _check_threads()
            code = _call(words)
            sys.stdout.flush()
            return code
        except (InputError, OSError, MemoryError) as error:
            if debug:
                raise
            print(f"sanctionsim: {_one_line(error)}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("sanctionsim: stopped", file=sys.stderr)
            return 130


def _at_home(word: str) -> str:
    """Return a word in which a path begins at home where the shell has not put that: `out=~/x`."""
    return re.sub(r"(?<==)~(?=/)", lambda _: os.path.expanduser("~"), word, count=1)


def _check_threads() -> None:
    """Raise InputError if the compiler would not start with what the environment says."""
    asked = os.environ.get("NUMBA_NUM_THREADS", "1")
    if not asked.isdecimal() or int(asked) < 1:
        raise InputError(
            "NUMBA_NUM_THREADS, of the environment, must be a whole number from 1; found "
            f"'{asked}'; unset it"
        )


def _one_line(error: Exception) -> str:
    """Return what is wrong in one line, whatever it quotes: names can be of any length."""
    text = str(error) or "the memory is full"
    if isinstance(error, OSError):  # of the disk, the network or a path
        here = "the folder where you are" if isinstance(error, FileNotFoundError) else ""
        text = ": ".join(filter(None, (str(error.filename or here), error.strerror or text)))
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return re.sub(r"(\S{100})\S{50,}", r"\1...", " ".join(text.split()))


def _waste_no_time_on_garbage() -> None:
    """Look for garbage seldom, and leave what there is at the end to the system.

    Most objects are those of imports and stay as long as the process: to look through them again
    and again, and at the end one by one, takes a quarter of the time of a short command.
    """
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)


def _stop_when_told() -> None:
    """Take what ends a process, a terminal that is closed too, for Ctrl-C: nothing is left then."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_DFL:  # else nohup, or another's
            signal.signal(number, signal.default_int_handler)


class Outlasting:
    """What is printed into, whose reader may go away (`| head`) while a command has more to do.

    Nothing is wrong then, and nobody hears what follows; what was asked for is still written. Nor
    is anything wrong where a name has letters that the reader's encoding does not know. No stream
    is none that the command was given; `harmless` errors are those that end the listening alone.
    """

    def __init__(self, stream: TextIO | None, harmless: type[OSError] = BrokenPipeError) -> None:
        self.stream, self.harmless = stream or io.StringIO(), harmless

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Write a text, to nobody once the reader is gone."""
        try:
            return self.stream.write(text)
        except self.harmless:
            self._hush()
        except UnicodeEncodeError as error:
            known = text.encode(error.encoding, "backslashreplace").decode(error.encoding)
            self.stream.write(known)
        return len(text)

    def flush(self) -> None:
        """Write what was kept back, to nobody once the reader is gone."""
        try:
            self.stream.flush()
        except self.harmless:
            self._hush()

    def _hush(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.stream.fileno())
        os.close(nowhere)


def _call(words: list[str]) -> int:
    """Run a command; what click says of a mistake leaves as one line."""
    try:
        with front.make_context("sanctionsim", words) as context:
            return front.invoke(context) or 0
    except click.exceptions.Exit as done:  # after --help or --version
        return done.exit_code
    except click.UsageError as error:
        said = error.format_message().rstrip(".")
        said = f"{words[0]}: {said[0].lower()}{said[1:]}"
        raise InputError(f"{said}; see sanctionsim {words[0]} --help") from error


def _name(param: click.Parameter) -> str:
    """Return how a user calls a parameter."""
    name = max(param.opts, key=len)
    return name.lstrip("-") if isinstance(param, Setting) else name
