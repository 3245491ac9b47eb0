"""From overrides to a checked configuration; the only module that knows Hydra."""

import logging
import os
import pickle
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from numbers import Real
from pathlib import Path, PurePath
from threading import RLock
from typing import Any

from yaml import YAMLError

from sim import config as schema
from sim.config import config_folder
from sim.errors import InputError

# Experiments about one member, which can be part of their name: `without_jpn`.
ABOUT_ONE = ("alone", "without", "apart")
# Values that are paths: they are taken as they stand, whatever signs they hold.
PATHS = ("out", "world.folder", "rule.function")
# Settings of Hydra's own, and what to say in their place.
HYDRAS = {
    "hydra.run.dir": "write out=DIR",
    "hydra.sweep.dir": "write out=DIR; with --multirun each job gets a folder of its own there",
    "hydra.sweep.subdir": "jobs are numbered; write out=DIR for the folder above them",
    "hydra/launcher": "jobs of --multirun run one after the other; sanctionsim sweep uses all "
    "cores here, and with cluster=... other machines",
    "hydra/sweeper": "--multirun takes every combination; designs are those of sanctionsim sweep "
    "design=lhs, sobol, morris, grid or list",
    "hydra.searchpath": "write --config-dir DIR",
}
# What Hydra would read for itself, and nothing here uses: a fifth of its time.
_ITS_OWN = "output launcher sweeper help hydra_help hydra_logging job_logging env"
_LEFT_OUT = [f"~hydra/{part}" for part in _ITS_OWN.split()]
# What needs no quotation marks in Hydra's grammar, and words that have a meaning in it.
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_RESERVED = ("null", "true", "false", "nan", "inf")
# Interpolations that work something out, as of the environment; `${member}` names a value.
_WORKED_OUT = re.compile(r"(?<!\\)\$\{[^}]*[:$]")
# What YAML 1.1 takes for an octal number or one of base 60.
_MISREAD = re.compile(r"[-+]?(0[0-7_]*[0-7]|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)$")
LONGEST_KEY = 200
# What OmegaConf says of a value of another type; the rule in words.
_A_LIST = "must be a list in brackets, as in [A,B]"
_ENTRIES = "must be entries in braces, as in {A: 1, B: 2}"
_MERGED = "Cannot merge"
_RULES = {
    "converted to Integer": "must be a whole number",
    "converted to Float": "must be a number, a fraction with a point, as in 0.5",
    "not a valid bool": "must be true or false",
    "is not Optional": "must have a value",
    "NoneType": "must have a value",
    "value 'None' for field": "must have a value",
    "is incompatible with (str)": "has a key that is no text: put quotation marks around it",
    "no viable alternative": "holds ${, which stands for another value: write \\${",
    "type hint 'typing.Dict": _ENTRIES,
    "is not a ListConfig": _A_LIST,
    "to Dict[": _ENTRIES,
    "subclass of Dict[": _ENTRIES,
    "to string": "must be one word or text, no list",
}
SEVERAL = (
    " has several values; a list stands in brackets, as in [1,2], a fraction has a point, as in "
    "0.5, and sanctionsim run --multirun takes one value after the other"
)
# What Hydra says of several values, and of a sign before a key or in it, and what to write.
_SIGNS = {
    r"(?:Ambiguous value for argument|Sweep parameters) '(.*?)'.*": rf"\1{SEVERAL}",
    r"Could not append.* already at '(.+?)'.*": r"\1 is there already: write \1=... without the +",
    r"Could not delete.*'(.+?)' does not exist.*": r"\1 is not set: there is nothing to take away",
    r"Could not override '(.+?)@.*": r"\1@... names no place of its own: write \1=NAME",
    r".* sweep type : (\w+)_SWEEP.*": r"--multirun takes single values, as in 1,2 or range(1,4)",
}
DEEPEST, MOST_NODES, MOST_BYTES = 20, 100_000, 10_000_000  # of a YAML file
_ONE_BY_ONE = RLock()  # Hydra keeps what it composes in globals, which threads would share
GROUPS = ("experiment", "scenario", "coordination", "rule", "economy", "world")


def options(group: str) -> list[str]:
    """Return the names that a config group offers."""
    return sorted(files_of(group, [config_folder()]))


def files_of(group: str, places: Sequence[Path]) -> list[str]:
    """Return the names of the files of a group in some folders, folder by folder."""
    return [path.stem for place in places for path in sorted((place / group).glob("*.yaml"))]


def about_one(name: str) -> tuple[str, str] | None:
    """Return experiment and member of a short form, ('without', 'JPN') for 'without_jpn'."""
    experiment, _, member = str(name).partition("_")
    return (experiment, member.upper()) if experiment in ABOUT_ONE and member else None


def spelt_out(overrides: Sequence[str], search: Sequence[Path]) -> list[str]:
    """Return overrides as Hydra takes them: groups, paths, and experiments about one member.

    `experiment=without_jpn` is `experiment=without member=JPN`; a group is there already, so that
    + before it says nothing; paths are taken as they stand.

    Raises
    ------
    InputError
        A setting of Hydra's own, which nothing here would obey.
    """
    words = []
    for word in literal_paths(overrides):
        key, _, name = word.partition("=")
        _refuse_hydras(word)
        if key.lstrip("+") in GROUPS:
            key = key.lstrip("+")
            word = f"{key}={name}"
        short = about_one(name) if key == "experiment" else None
        if short and not any((place / key / f"{name}.yaml").is_file() for place in search):
            words += [f"{key}={short[0]}", f"member={short[1]}"]
        else:
            words.append(word)
    members = list(dict.fromkeys(word for word in words if word.startswith("member=")))
    if len(members) > 1:
        raise InputError(f"{' and '.join(members)}: an experiment is about one of them; name one")
    return words


def key_of(override: str) -> str:
    """Return the key of an override without the sign before it."""
    return override.partition("=")[0].lstrip("+~")


def dated(day: date) -> str:
    """Return a date as configurations have it; so is midnight, as pandas says a day."""
    return day.isoformat().removesuffix("T00:00:00")


def literal(value: Any) -> str:
    """Return a value in Hydra's grammar; InputError for what is none of a configuration."""
    if hasattr(value, "tolist"):  # of numpy or pandas
        value = value.tolist()
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ",".join(f"{name}:{literal(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, (list, tuple, range)):
        return f"[{','.join(literal(entry) for entry in value)}]"
    if isinstance(value, PurePath | date):
        value = str(value) if isinstance(value, PurePath) else dated(value)
    if not isinstance(value, str | Real | Decimal):
        raise InputError(
            "a lever must be a text, a number, true or false, a date, a list or a mapping; found "
            f"{value!r}"
        )
    if isinstance(value, str) and (not _WORD.fullmatch(value) or value.lower() in _RESERVED):
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{quoted}'"
    return str(float(value) if isinstance(value, Fraction) else value)


def literal_paths(overrides: Sequence[str]) -> list[str]:
    """Return overrides in which paths are quoted: a path may hold what Hydra's grammar may not."""
    return [_quoted(word) if key_of(word) in PATHS else word for word in overrides]


def _quoted(word: str) -> str:
    key, equals, path = word.partition("=")
    if not path or path == "null" or (path[0] == path[-1] and path[0] in "'\""):
        return word
    return f"{key}{equals}{_literally(path)}"


def _literally(path: str) -> str:
    """Return a path in quotation marks, so that Hydra replaces nothing in it."""

    def escaped(found: re.Match[str]) -> str:
        return 2 * found[1] + ("\\'" if found[2] else "")

    return "'" + re.sub(r"(\\*)('|\Z)", escaped, path).replace("${", "\\${") + "'"


def _searched(places: Sequence[Path]) -> str:
    """Return the override that names further folders of configuration files."""
    return f"hydra.searchpath=[{','.join(_literally(f'file://{p.resolve()}') for p in places)}]"


def _refuse_hydras(word: str) -> None:
    """Raise for a setting of Hydra's own, with what to say in its place."""
    key = key_of(word)
    if key.partition(".")[0].partition("/")[0] != "hydra":
        return
    if word in ("hydra/launcher=basic", "hydra/sweeper=basic"):
        raise InputError(f"'{word}' is what happens anyway: leave it out")
    instead = HYDRAS.get(key, "nothing here obeys Hydra's own settings: leave it out")
    raise InputError(f"'{word}' is not taken: {instead}")


def described(overrides: Sequence[str], own_folder: Path | None = None) -> str:
    """Return in lines where a configuration comes from: its files in order, and where they lie.

    Raises
    ------
    InputError
        As `compose`.
    """
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.types import RunMode

    compose(overrides, own_folder)  # its refusals are the clearer ones
    places = [config_folder(), *([own_folder] if own_folder else [])]
    words = [_searched(places[1:]), *spelt_out(overrides, places[1:])]
    with friendly_errors(), initialize_config_dir(str(places[0].resolve()), version_base="1.3"):
        loader = GlobalHydra.instance().config_loader()
        chain = loader.compute_defaults_list("config", words, RunMode.RUN).defaults
    names = [one.config_path for one in chain if one.config_path]
    files = [place / f"{name}.yaml" for name in names for place in places]
    used = dict.fromkeys(str(file) for file in files if file.is_file())
    return "\n".join(
        [
            "Files, in this order; what comes later wins:",
            *(f"  {file}" for file in used),
            f"Then the words: {' '.join(overrides) or 'none'}",
            "Looked for in, the first that has one:",
            *(f"  {place}" for place in places),
        ]
    )


def compose(overrides: Sequence[str], own_folder: Path | None = None) -> Any:
    """Return the composed configuration as an OmegaConf node, not yet checked for ranges.

    Parameters
    ----------
    overrides : sequence of str
        In Hydra's grammar.
    own_folder : Path, optional
        A folder of the user's with further files of the groups.

    Raises
    ------
    InputError
        An unknown group option, key or type, in one line.
    """
    register()
    return composed(config_folder(), [own_folder] if own_folder else [], overrides, "rule.recent=2")


def composed(home: Path, search: Sequence[Path], overrides: Sequence[str], example: str) -> Any:
    """Return what Hydra composes from the `config.yaml` of a folder, as an OmegaConf node.

    Parameters
    ----------
    search : sequence of Path
        Further folders with files of the groups.
    overrides : sequence of str
        In Hydra's grammar.
    example : str
        An override as it should look.

    Raises
    ------
    InputError
        An unknown group option, key or type, in one line.
    """
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    for override in overrides:
        _check_override(override, example, (home, *search))
    logging.getLogger("hydra").setLevel(logging.ERROR)
    words = spelt_out(overrides, search)
    with friendly_errors():
        for place in {*search} - {config_folder()}:
            _check_files(place)
        try:
            node = _node_of((home, *search), words)
        except (HydraException, OmegaConfBaseException, YAMLError, MemoryError, OSError):
            raise
        except Exception as error:  # a list of defaults that is none, and the like
            raise InputError(f"{' '.join(overrides)}: {_first_line(error)}") from error
    _refuse_worked_out(node)
    if node.get("out") and not any(word.lstrip("+").startswith("out=") for word in words):
        raise InputError(f"out={node.out} stands in a file; only a command says where results go")
    return node


def _node_of(places: Sequence[Path], words: Sequence[str]) -> Any:
    """Return what the files of some folders say, and overrides that win over it.

    Hydra takes a tenth of a second each time, so what shipped files say is read once for a choice
    of them.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser

    choices = tuple(word for word in words if _is_choice(word, places))
    values = [word for word in words if word not in choices]
    if {*places[1:]} <= {config_folder()}:
        node = pickle.loads(_remembered(places, choices, _stamp(places)))
    else:
        node = _of_files(places, choices)
    for override in OverridesParser.create().parse_overrides(values):
        _put_in(node, override)
    return node


def _put_in(node: Any, override: Any) -> None:
    """Put an override into a node as Hydra does, but for `key={...}`.

    It sets a mapping, whole, as it does in a design: else no word would take an entry away.
    `+key={...}` adds entries.
    """
    # Of its inner parts, hence the upper bound of its version in pyproject.toml.
    from hydra._internal.config_loader_impl import ConfigLoaderImpl
    from hydra.errors import ConfigCompositionException
    from omegaconf import OmegaConf

    key, is_add = override.key_or_group, override.is_add() and not override.is_force_add()
    if override.is_sweep_override():
        raise ConfigCompositionException(f"Sweep parameters '{override.input_line}'")
    is_whole = isinstance(override.value(), dict) and not is_add
    if is_whole and OmegaConf.get_type(OmegaConf.select(node, key)) is dict:
        OmegaConf.update(node, key, override.value(), merge=False, force_add=True)
    else:
        ConfigLoaderImpl._apply_overrides_to_config([override], node)


def _is_choice(word: str, places: Sequence[Path]) -> bool:
    """Return whether an override says which files are read."""
    key = key_of(word)
    return "@" in key or any((place / key).is_dir() for place in places)


def _of_files(places: Sequence[Path], words: Sequence[str]) -> Any:
    """Return what Hydra makes of files in some folders, and of overrides."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir

    with initialize_config_dir(str(places[0].resolve()), version_base="1.3"):
        return hydra_compose("config", overrides=[_searched(places[1:]), *_LEFT_OUT, *words])


@lru_cache(maxsize=64)
def _remembered(places: Sequence[Path], choices: tuple[str, ...], stamp: tuple[Any, ...]) -> bytes:
    """Return what Hydra makes of files as they are, by their stamp: pickled, to be copied fast."""
    return pickle.dumps(_of_files(places, choices))


def _stamp(places: Sequence[Path]) -> tuple[Any, ...]:
    """Return what tells whether the files of some folders are as they were."""
    files = sorted({file for place in places for file in place.rglob("*.yaml")})
    return tuple((str(file), (at := file.stat()).st_mtime_ns, at.st_size) for file in files)


def _check_override(override: str, example: str, places: Sequence[Path]) -> None:
    """Refuse what Hydra would not, or not in words that say what is wrong."""
    key, equals, value = override.partition("=")
    if not key.strip("+~") or not (equals or key.startswith("~")):
        example = naming(override, places) or example
        raise InputError(f"override '{override}' must look like key=value, as in {example}")
    if key.startswith("~") and key.count(".") < 2:
        raise InputError(
            f"{override}: what has a default cannot be taken away: write {key[1:]}=... or "
            "leave it out; entries can, as in ~scenario.targets.BLR"
        )
    if not override.isprintable():
        raise InputError(f"override {override!r} must be one line of printable characters")
    group = key.lstrip("+~")
    if len(key) > LONGEST_KEY or (group in GROUPS and len(value) > LONGEST_KEY):
        raise InputError(f"override '{override[:40]}...' is too long: no such name has as many")
    named = re.fullmatch(r"[\w./' -]*[A-Za-z_][\w./' -]*", value) or not equals
    if group in GROUPS and (not named or value in ("null", "true", "false")):
        raise InputError(
            f"{override}: {group} must be the name of one of its files: {', '.join(options(group))}"
        )


def naming(name: str, places: Sequence[Path], groups: Sequence[str] = GROUPS) -> str:
    """Return the override that picks an experiment or the like by its name; '' for none."""
    for group in groups:
        if name in files_of(group, places) or (group == "experiment" and about_one(name)):
            return f"{group}={name}"
    return ""


def _check_files(folder: Path) -> None:
    """Refuse a stranger's configuration files that are no plain YAML, before Hydra reads them.

    Raises
    ------
    InputError
        Another encoding, more than a mapping, an alias (a few lines of them stand for millions),
        what is nested too deeply, or defaults that lead back to their file.
    """
    from graphlib import CycleError, TopologicalSorter

    due = [
        path for group in (*GROUPS, "design") for path in sorted((folder / group).rglob("*.yaml"))
    ]
    leads: dict[Path, list[Path]] = {}
    for path in due:  # and whatever their defaults lead to
        if path not in leads:
            check_yaml(path)
            leads[path] = _defaults_of(path, folder)
            due += leads[path]
    try:
        TopologicalSorter(leads).prepare()
    except CycleError as error:
        raise InputError(f"the defaults of {error.args[1][0]} lead back to it") from None


def _defaults_of(path: Path, folder: Path) -> list[Path]:
    """Return the files of a folder that the list of defaults of one of them names."""
    from yaml import BaseLoader, load

    listed = (load(path.read_text(encoding="utf-8-sig"), BaseLoader) or {}).get("defaults")
    named: list[str] = []
    for entry in listed if isinstance(listed, list) else ():
        for group, names in entry.items() if isinstance(entry, dict) else [("", entry)]:
            several = names if isinstance(names, list) else [names]
            named += [f"{group}/{name}" if group else str(name) for name in several]
    plain = [re.sub(r"^\w+ |@[^/]*|\.yaml$", "", name) for name in named]
    beside = os.path.join("/", path.parent.relative_to(folder))
    files = [Path(f"{folder}{os.path.normpath(os.path.join(beside, n))}.yaml") for n in plain]
    return [file for file in files if file.is_file()]


def check_yaml(path: Path) -> None:
    """Raise what `_check_files` says of one file."""
    from yaml import (
        AliasEvent,
        CollectionEndEvent,
        CollectionStartEvent,
        MappingStartEvent,
        ScalarEvent,
        parse,
    )  # fmt: skip

    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:  # a pipe or device never ends
            raise InputError(f"{path} is no file of up to {MOST_BYTES // 1000:,} kB; take it away")
        text, depth = path.read_text(encoding="utf-8-sig"), 0
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as YAML in UTF-8: {_first_line(error)}") from error
    try:
        for number, event in enumerate(parse(text)):
            if number == 2 and not isinstance(event, MappingStartEvent):
                raise InputError(f"{path} must hold a mapping of settings, as in seed: 7")
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            if isinstance(event, ScalarEvent) and event.implicit[0] and _MISREAD.match(event.value):
                raise InputError(
                    f"{path}: YAML reads {event.value} as another number (010 as 8, 12:30 as 750); "
                    "write it plainly, or in quotation marks if it is a text"
                )
            if isinstance(event, AliasEvent) or depth > DEEPEST or number > MOST_NODES:
                raise InputError(
                    f"{path} is no plain list of settings: no aliases (*name), at most {DEEPEST} "
                    f"levels and {MOST_NODES:,} entries; write it out"
                )
    except YAMLError as error:
        raise InputError(f"{path}: {explain(error)}") from error


def _refuse_worked_out(node: Any) -> None:
    """Raise for a value that would be worked out, from the environment or a program's state."""
    from omegaconf import OmegaConf

    def look(key: str, value: Any) -> None:
        if isinstance(value, dict):
            for name, entry in value.items():
                look(f"{key}.{name}" if key else str(name), entry)
        elif isinstance(value, list):
            for position, entry in enumerate(value):
                look(f"{key}[{position}]", entry)
        elif isinstance(value, str) and _WORKED_OUT.search(value):
            raise InputError(f"{key}: '{value}' is not worked out here; write the value itself")

    look("", OmegaConf.to_container(node, resolve=False))


def checked(node: Any) -> schema.Config:
    """Return the dataclasses of a composed configuration, every value within its range."""
    from omegaconf import OmegaConf

    with friendly_errors():
        result: schema.Config = OmegaConf.to_object(node)  # type: ignore[assignment]
        return result


def stored(path: Path) -> schema.Config:
    """Return the configuration that a run has written into its folder.

    Raises
    ------
    InputError
        There is none, or one that this version does not understand.
    """
    from omegaconf import OmegaConf

    check_yaml(path)
    with friendly_errors():
        node = OmegaConf.structured(schema.Config)
        given = OmegaConf.load(path)
        _refuse_worked_out(given)
        _put(node, given)
        return checked(node)


def _put(node: Any, given: Any) -> None:
    """Put what is given into a node; a mapping, as of targets, replaces the default's, whole."""
    from omegaconf import OmegaConf

    for key, value in given.items():
        if OmegaConf.is_dict(value) and OmegaConf.get_type(node, key) is not dict:
            _put(node[key], value)
        else:
            node[key] = value


@cache
def register() -> None:
    """Tell Hydra the schema, once: it copies it."""
    from hydra.core.config_store import ConfigStore

    ConfigStore.instance().store(name="schema", node=schema.Config)


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Turn what Hydra and OmegaConf say of a mistake into one line for the user."""
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from omegaconf.resolvers import oc

    # Nothing that is composed reads the environment, not even to say which file it wants.
    with _ONE_BY_ONE:
        OmegaConf.clear_resolver("oc.env")
        try:
            yield
        except (HydraException, OmegaConfBaseException, YAMLError, OverflowError) as error:
            raise InputError(explain(error)) from error
        finally:
            OmegaConf.register_new_resolver("oc.env", oc.env, replace=True)


def explain(error: BaseException) -> str:
    """Return one line for an error of the configuration, with the nearest right name."""
    from hydra.errors import MissingConfigException, OverrideParseException
    from omegaconf.errors import ConfigAttributeError, ConfigKeyError, OmegaConfBaseException

    if isinstance(error, YAMLError):  # its lines are one sentence
        return " ".join(str(error).split())
    if isinstance(error, OverrideParseException):
        said = str(error).removeprefix(f"Error parsing override '{error.override}'\n")
        why = re.sub(r"LexerNoViableAltException.*| expecting .*|\n.*", "", said, flags=re.DOTALL)
        why = why or "quotation marks are due, as in key=\"'a value'\", or no blank before ="
        return f"override '{error.override}' cannot be read: {why}"
    if isinstance(error, MissingConfigException) and error.options and error.missing_cfg_file:
        group, _, name = error.missing_cfg_file.rpartition("/")
        if (config_folder() / "sweep" / group / f"{name}.yaml").is_file():
            return f"{group}={name} is of a sweep: sanctionsim sweep {group}={name}"
        return str(InputError.unknown(group, name, error.options))
    for said, ours in _SIGNS.items():
        if found := re.fullmatch(said, _first_line(error)):
            return found.expand(ours)
    cause: Any = error
    while cause and not isinstance(cause, OmegaConfBaseException):  # Hydra wraps what it says
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return _first_line(error)
    key = cause.full_key if isinstance(cause.full_key, str) else ""
    if isinstance(cause, (ConfigAttributeError, ConfigKeyError)):
        return _unknown_key(key, cause.object_type)
    text = _first_line(cause)
    what = key or _first_line(error).removeprefix("Error merging override ").rstrip(":")
    what = re.sub(r"In '(.+?)':.*", r"\1: a value", what)  # of which file it says, and no more
    rule = next((rule for sign, rule in _RULES.items() if sign in text), "")
    if _MERGED in text:
        rule = _A_LIST if str(cause.ref_type).startswith("typing.List") else _ENTRIES
    if not rule:
        return f"{what}: {text[0].lower()}{text[1:]}"
    return f"{what} {rule}" + (f"; found {cause.value!r}" if cause.value is not None else "")


def lever_named(name: str) -> str:
    """Return the key of the first lever that has a name within its group; '' if none has."""
    from sim.parameters import parameters

    keys = (one.key for one in parameters())
    return next((key for key in keys if key.endswith(f".{name}")), "")


def _first_line(error: BaseException) -> str:
    return " ".join(str(error).split("\n")[0].split())


def _unknown_key(key: str, owner: Any) -> str:
    parent, dot, name = key.rpartition(".")
    if is_dataclass(owner):
        known = [f"{parent}{dot}{field.name}" for field in fields(owner)]
        if not parent and name in ("design", "cluster", "workers", "slurm", "report"):
            return f"key '{key}' is of a sweep, as in sanctionsim sweep experiment=quick {key}=..."
        if not parent and (whole := lever_named(name)):
            return f"key '{name}' is unknown; did you mean '{whole}'?"
        return str(schema.unknown_key(key, known))
    return f"{parent} has no entry '{name}'; add it with +{key}=..."
