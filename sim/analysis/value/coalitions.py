"""Who plays, and the setting in which a coalition sanctions and everybody else looks on."""

import copy
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.analysis.value import MOST
from sim.codes import ANSWER, KIND
from sim.config import Config
from sim.errors import InputError
from sim.setting import Setting, prepare
from sim.setting.script import script_from
from sim.world.catalogue import Institution

FORUM = "G7"  # whose members play where nobody is named


@dataclass(frozen=True, slots=True)
class Player:
    """Who joins or stays out as one."""

    key: str  # as it is asked for: a state, a union, or several of them joined by +
    name: str  # in words
    # Senders that come with it, and their names.
    states: tuple[str, ...]
    names: tuple[str, ...]


def players_of(setting: Setting, text: str | None, others: str) -> tuple[Player, ...]:
    """Return the players of a setting, those who are not named as `others` says.

    Parameters
    ----------
    setting : Setting
        Of the coalition of everybody.
    text : str, optional
        Players with commas between; the members of the G7, those of a union as one, if not given.
    others : {'one', 'in', 'out'}
        What becomes of the senders that are not named.

    Raises
    ------
    InputError
        A player that is no sender, twice the same, two with a state in common, or too many.
    """
    keys = _named(text) if text is not None else _usual(setting)
    players = [_player(setting, key) for key in keys]
    _check_apart(players)
    rest = [
        code
        for code in setting.sender_codes
        if not any(code in player.states for player in players)
    ]
    if rest and others == "one":
        players.append(_rest(setting, rest, bool(players)))
    if len(players) > MOST:
        beside = f", the {len(rest)} that are not named as one of them" if rest else ""
        more = "; others=in or others=out spares one" if rest else ""
        raise InputError(
            f"players: at most {MOST} can play, which makes {2**MOST} coalitions; found "
            f"{len(players)}{beside}, which would make {2 ** len(players)}: name fewer, or join "
            f"some as in {players[0].key}+{players[1].key}{more}"
        )
    return tuple(players)


def _named(text: str) -> list[str]:
    keys = [key.strip() for key in text.split(",")]
    if not all(keys):
        raise InputError(
            f"players must be senders with commas between, as in players=USA,EU,JPN; found '{text}'"
        )
    return keys


def _usual(setting: Setting) -> list[str]:
    """Return the members of the G7 that are senders, a union in the place of its first member.

    Without any, whoever is a sender.
    """
    unions = [council.institution for council in setting.councils if council.competence == "eu"]
    forum = next((i.members for i in setting.world.institutions if i.code == FORUM), ())
    senders = setting.sender_codes
    codes = [code for code in senders if code in forum] or list(senders)
    union_of = {state: union.code for union in unions for state in union.members}
    return list(dict.fromkeys(union_of.get(code, code) for code in codes))


def _player(setting: Setting, key: str) -> Player:
    parts = [_part(setting, code.strip()) for code in key.split("+")]
    _check_apart(parts)
    states = tuple(code for part in parts for code in part.states)
    key = "+".join(part.key for part in parts)
    names = tuple(name for part in parts for name in part.names)
    return Player(key, " + ".join(part.name for part in parts), states, names)


def _part(setting: Setting, code: str) -> Player:
    """Return a state, or those members of an institution that are senders, as a player."""
    world, senders = setting.world, setting.sender_codes
    institutions = {institution.code: institution for institution in world.institutions}
    if code in world.states:
        position = world.index(code)
        if code not in senders:
            raise InputError(
                f"players: {code} is no sender in this run but a {setting.roles[position]}; name "
                f"senders alone, or make it one with +scenario.roles.{code}=sender"
            )
        return Player(code, world.names[position], (code,), (world.names[position],))
    if code not in institutions:
        known = (*senders, *(c for c, found in institutions.items() if _senders(setting, found)))
        raise InputError.unknown("player", code, known)
    found = _senders(setting, institutions[code])
    if not found:
        raise InputError(f"players: no member of {code} is a sender in this run; name senders")
    return Player(code, institutions[code].name, found, tuple(map(setting.name_of, found)))


def _senders(setting: Setting, institution: Institution) -> tuple[str, ...]:
    return tuple(code for code in setting.sender_codes if code in institution.members)


def _check_apart(players: Sequence[Player]) -> None:
    """Refuse two players that have a state in common."""
    for later, player in enumerate(players):
        for earlier in players[:later]:
            both = [state for state in player.states if state in earlier.states]
            if player.key == earlier.key:
                raise InputError(f"players: {player.key} is named twice; name it once")
            if both:
                raise InputError(
                    f"players: {both[0]} would play twice, in {earlier.key} and in {player.key}; "
                    "leave one of the two out"
                )


def _rest(setting: Setting, codes: list[str], beside: bool) -> Player:
    """Return the senders that nobody named as one player; a single one under its own name."""
    if len(codes) == 1:
        return _part(setting, codes[0])
    name = f"the {len(codes)} {'others' if beside else 'senders'}"
    return Player("+".join(codes), name, tuple(codes), tuple(map(setting.name_of, codes)))


def setting_of(whole: Setting, states: Collection[str]) -> Setting:
    """Return the setting in which these states alone can sanction; everybody else looks on.

    Parameters
    ----------
    whole : Setting
        Of everybody.
    states : collection of str
        Senders of it; with none, nobody decides on anything, and the war goes its way.
    """
    codes = whole.sender_codes
    inside = tuple(code for code in codes if code in states)
    # A run cannot do without senders: the first stands there with its hands tied.
    config = _config_of(whole, inside or codes[:1], inside)
    setting = prepare(whole.world, config)
    if inside:
        return setting
    rows = [row for row in map(tuple, setting.script.rows.tolist()) if row[KIND] == ANSWER]
    return replace(setting, script=script_from(rows, setting.n_days, setting.n_days))


def _config_of(whole: Setting, senders: tuple[str, ...], inside: tuple[str, ...]) -> Config:
    """Return a configuration that names nobody who looks on where a sender is due."""
    config = copy.deepcopy(whole.config)
    scenario, levers = config.scenario, config.coordination
    councils = {
        council.institution.code for council in whole.councils if _meets(whole, council, inside)
    }
    scenario.only = list(senders)
    scenario.hesitation = _of(scenario.hesitation, senders)
    scenario.extra_lag_days = _of(scenario.extra_lag_days, senders)
    present = {*inside, *councils, *scenario.targets}
    scenario.script = [
        row
        for row in scenario.script
        if row["actor"] in present and row.get("against") in (None, "", *present)
    ]
    unions = [i for i in whole.world.institutions if i.code in councils]
    seats = {state for union in unions for state in union.members if state in inside}
    levers.veto_players = [state for state in levers.veto_players if state in seats]
    return config


def _of(entries: dict[str, Any], senders: Collection[str]) -> dict[str, Any]:
    return {code: entry for code, entry in entries.items() if code in senders}


def _meets(whole: Setting, council: Any, inside: tuple[str, ...]) -> bool:
    """Return whether a council has members in a coalition; that of all senders needs two."""
    seats = {whole.sender_codes[seat] for seat in council.members} & set(inside)
    return len(seats) > (1 if council.competence == "joint" else 0)
