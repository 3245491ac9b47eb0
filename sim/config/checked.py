"""Groups of parameters that check every value whenever it is set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from numbers import Integral, Real
from typing import Any

from sim.errors import InputError
from sim.shown import Shown, Summary, brief

LONGEST_TEXT = 1000  # characters of a name or a path
ANY_NUMBER = {"meaning": "a number", "unit": "1", "low": -1e9, "high": 1e9}  # where no range is
RENAMED = {"coordination.interval_scale": "coordination.meeting_spacing"}
# What a value must be, by the kind of its field's default.
KINDS: dict[type, tuple[Any, str]] = {
    int: (int, "a whole number"),
    float: (int | float, "a number"),
    bool: (bool, "true or false"),
    str: (str, "a text"),
    list: (list | tuple, "a list"),
    dict: (dict, "a mapping"),
    type(None): (str | None, "a text or null"),
    object: (object, "a value"),  # of several kinds: a check of its own says which
}


class _Fixable(Shown):
    """What `fix` closes: a setting's configuration, which says what the setting is."""

    __slots__ = ("is_fixed",)


@dataclass(slots=True, repr=False)
class Checked(_Fixable):
    """A group of parameters, each checked against its metadata whenever it is set.

    Construction sets every field, so one check serves it and assignment. Entries put into a list
    or a mapping later are not seen.
    """

    def __init_subclass__(cls) -> None:
        cls.__repr__ = Checked.__repr__  # type: ignore[method-assign]  # else dataclass has its own

    def __repr__(self) -> str:
        """Return the call that makes it: what differs from the defaults, lists cut short."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        usual = type(self)()
        said = [f"{n}={_cut(value)}" for n, value in values.items() if value != getattr(usual, n)]
        return f"{type(self).__name__}({', '.join(said)})"

    def __getstate__(self) -> Any:
        return None, {f.name: getattr(self, f.name) for f in fields(self)}  # a copy is not fixed

    def __delattr__(self, name: str) -> None:
        raise InputError(f"{self.key(name)} cannot be taken away; set it to its default")

    def _summary(self) -> Summary:
        usual, rows = parameters_of(type(self)()), []
        for key, value in differing(self).items():
            default, facts = usual[key]
            rows.append((key, brief(value), brief(default), facts["unit"], facts["meaning"]))
        head = ("parameter", "value", "default", "unit", "meaning")
        note = "all else is as by default" if rows else "all is as by default"
        return Summary(type(self).__name__, (), head, tuple(rows), note)

    @classmethod
    def key(cls, name: str) -> str:
        """Return how an override names a field."""
        return f"{cls.__name__.removesuffix('Choice').lower()}.{name}"

    def __setattr__(self, name: str, value: Any) -> None:
        parameters = self.__dataclass_fields__
        if name not in parameters:
            raise unknown_key(self.key(name), map(self.key, parameters))
        if not parameters[name].metadata:  # a group
            _check_group(self.key(name), value, str(parameters[name].type))
        if hasattr(self, "is_fixed"):
            _refuse_change()
        value = value.item() if getattr(value, "ndim", 1) == 0 else value  # of numpy
        value = value + 0.0 if type(value) is float else value  # zero has no sign
        if parameters[name].type == "list[str]" and isinstance(value, list | tuple):
            for entry in value:
                if isinstance(entry, list | tuple | dict):
                    raise InputError(f"{self.key(name)} must list names alone; found {entry!r}")
        check(self.key(name), value, parameters[name].metadata)
        object.__setattr__(self, name, value)


def fix(config: Any) -> Any:
    """Return a configuration, or a value in it, that nobody changes any more; copies can be."""
    if isinstance(config, Checked):
        for one in fields(config):
            object.__setattr__(config, one.name, fix(getattr(config, one.name)))
        object.__setattr__(config, "is_fixed", True)
    elif isinstance(config, list | tuple):
        return _FIXED[list](map(fix, config))
    elif isinstance(config, dict):
        return _FIXED[dict]({name: fix(entry) for name, entry in config.items()})
    return config


def _refuse_change(*_: Any, **__: Any) -> None:
    raise InputError(
        "a setting's configuration says what was prepared and cannot be changed; change "
        "copy.deepcopy(setting.config) and prepare that"
    )


_CHANGES = (
    "append clear extend insert pop popitem remove reverse setdefault sort update "
    "__delitem__ __iadd__ __imul__ __ior__ __setitem__"
)
_FIXED = {
    kind: type(
        kind.__name__,
        (kind,),
        {name: _refuse_change for name in _CHANGES.split() if hasattr(kind, name)}
        | {"__reduce_ex__": lambda self, _, kind=kind: (kind, (kind(self),))},
    )
    for kind in (list, dict)
}


def _check_group(key: str, value: Any, kind: str) -> None:
    if kind not in (its.__name__ for its in type(value).__mro__):
        raise InputError(f"{key} must be a group of parameters, sim.config.{kind}; found {value!r}")


def _cut(value: Any) -> str:
    text = repr(value)
    return text if isinstance(value, Checked) or len(text) <= 60 else f"{text[:57]}..."


def parameters_of(group: Checked) -> dict[str, tuple[Any, Mapping[str, Any]]]:
    """Return value and metadata of every parameter of a group and the groups in it, by its key."""
    found: dict[str, tuple[Any, Mapping[str, Any]]] = {}
    for one in fields(group):
        value = getattr(group, one.name)
        if isinstance(value, Checked):
            found |= parameters_of(value)
        else:
            found[group.key(one.name)] = (value, one.metadata)
    return found


def differing(config: Checked) -> dict[str, Any]:
    """Return the values that differ from the defaults, by key."""
    usual = parameters_of(type(config)())
    return {k: value for k, (value, _) in parameters_of(config).items() if value != usual[k][0]}


def unknown_key(key: str, known: Iterable[str], kind: str = "key") -> InputError:
    """Return the error for a key that is none, with its new name where it has one."""
    if key in RENAMED:
        return InputError(f"{kind} '{key}' is now called '{RENAMED[key]}'")
    return InputError.unknown(kind, key, known)


def check(key: str, value: Any, facts: Mapping[str, Any]) -> None:
    """Refuse a value that is not what the metadata of its field say, in one line."""
    if "kind" in facts:
        kind, words = KINDS[facts["kind"]]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise InputError(f"{key} ({facts['meaning']}) must be {words}; found {value!r}")
    for text in (value, *(value if isinstance(value, dict | list | tuple) else ())):
        _check_text(key, text)
    if isinstance(value, list | tuple):
        _check_once(key, value)
    if "among" in facts and value not in facts["among"]:
        raise InputError.unknown(key, value, facts["among"])
    if isinstance(value, dict):
        for name, entry in value.items():
            if "low" in facts or isinstance(entry, Real):
                _check_range(f"{key}.{name}", entry, {**ANY_NUMBER, **facts})
    elif "low" in facts:
        _check_range(key, value, facts)
    if "check" in facts:
        facts["check"](key, value)


def _check_text(key: str, text: Any) -> None:
    """Refuse a text that no name, path or word is: it would go into pages, paths and terminals."""
    if not isinstance(text, str):
        return
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"{key} must have at most {LONGEST_TEXT:,} characters; found {len(text):,}, beginning "
            f"with {text[:20]!r}"
        )
    if not text.isprintable():
        raise InputError(f"{key} must be one line of printable characters; found {text!r}")


def _check_once(key: str, entries: Sequence[Any]) -> None:
    """Refuse a list that names something twice: once it means the same, or another was meant."""
    names = Counter(entry for entry in entries if isinstance(entry, str))
    for name, times in names.most_common(1):
        if times > 1:
            raise InputError(f"{key}: {name} is named twice; name it once")


def _check_range(key: str, value: Any, facts: Mapping[str, Any]) -> None:
    low, high, unit = facts["low"], facts["high"], facts["unit"]
    if not isinstance(value, Real) or isinstance(value, bool) or value != value:
        raise InputError(f"{key} ({facts['meaning']}) must be a number; found {value}")
    if not low <= value <= high:
        raise InputError(
            f"{key} ({facts['meaning']}) must lie between {_plain(low)} and {_plain(high)}"
            f"{'' if unit in ('1', 'share') else f' {unit}'}; found {_plain(value)}; "
            f"write for instance {key}={_plain(min(max(value, low), high))}"
        )


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, Integral) else f"{value:g}"
