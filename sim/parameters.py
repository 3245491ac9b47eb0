"""Every parameter of a run with what is known of it, read off the schema: one list for all."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from operator import attrgetter
from typing import Any

from sim.config import Config, unknown_key

RUN = "run"  # the group of what is named without one


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a run, in words."""

    key: str  # as an override names it
    group: str  # that it belongs to; 'run' for those that are named without a group
    default: str  # value where nothing is said
    within: str  # range of a number, or the words that it takes one of; '' for anything
    unit: str
    meaning: str
    source: str
    symbol: str  # its name in equations, '' for none
    # Of the range.
    low: float | None
    high: float | None
    among: tuple[str, ...]  # words that it takes one of
    whole: bool  # a number without a fraction


def parameters() -> list[Parameter]:
    """Return every parameter, in the order of the schema."""
    start = Config()
    return [_parameter(key, field, attrgetter(key)(start)) for key, field in _fields()]


def groups(all_of_them: list[Parameter]) -> dict[str, list[Parameter]]:
    """Return parameters by group, in the order in which groups come first."""
    found: dict[str, list[Parameter]] = {}
    for parameter in all_of_them:
        found.setdefault(parameter.group, []).append(parameter)
    return found


def about(group: str) -> str:
    """Return in words what a group of parameters is about: the head of its class's docstring."""
    if group == RUN:
        return "Which draws, what is kept, and where it goes; named without a group."
    return (type(getattr(Config(), group)).__doc__ or "").partition("\n")[0]


def chosen(name: str) -> list[Parameter]:
    """Return the parameters of a group or a key, all for no name; InputError for an unknown one."""
    known = parameters()
    found = [p for p in known if name in ("", p.group, p.key)]
    if not found:
        group = name.partition(".")[0]
        inside = {p.key for p in known if "." in name and p.group == group}
        wanted = inside or {*groups(known), *(p.key for p in known if name.casefold() in p.key)}
        raise unknown_key(name, wanted, "lever or group of levers")
    own = [p for p in found if p.key == name]  # 'run' is a key and a group: the group is asked for
    return own if own and name != RUN else found


def _fields() -> Iterator[tuple[str, Field[Any]]]:
    """Yield key and dataclass field of every parameter."""
    for group in fields(Config):
        default = group.default_factory() if group.default_factory is not MISSING else None
        if is_dataclass(default):
            yield from ((f"{group.name}.{field.name}", field) for field in fields(default))
        else:
            yield group.name, group


def _parameter(key: str, field: Field[Any], default: Any) -> Parameter:
    facts = field.metadata
    group, dot, _ = key.partition(".")
    return Parameter(
        key=key,
        group=group if dot else RUN,
        default=_default(default),
        within=_range(facts),
        unit=facts["unit"],
        meaning=facts["meaning"],
        source=facts["source"],
        symbol=facts.get("symbol", ""),
        low=facts.get("low"),
        high=facts.get("high"),
        among=tuple(facts.get("among", ())),
        whole=facts["kind"] is int,
    )


def _default(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {entry:g}" for name, entry in value.items()) or "none"
    if isinstance(value, list):
        return " ".join(value) or "none"
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _range(facts: Any) -> str:
    if "among" in facts:
        return ", ".join(facts["among"])
    if "low" not in facts:
        return ""
    low, high = facts["low"], facts["high"]
    bits = (int(high) + 1).bit_length() - 1
    return f"{low:g} to 2^{bits} - 1" if bits > 30 else f"{low:g} to {high:g}"
