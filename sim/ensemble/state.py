"""What a run of the ensemble remembers from day to day.

The names are those of the Mesa model and its agents; axis order is theirs, less the axis of runs.
Arrays by decider (`sim.ensemble.deciders`) put acts first, so that one act's deciders lie side by
side.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from sim.economy.losses import Sums, new_sums
from sim.ensemble.inputs import Inputs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
DTYPES: dict[Any, type] = {Floats: np.float64, Ints: np.int64, Flags: np.bool_}
NEVER = -1
LOG_COLUMNS = 7
MAX_RANDOM = 512  # random events, and rounds of talks, of one run


class Course(NamedTuple):
    """The course of the war and of the talks; arrays of one element are numbers that change.

    Attributes
    ----------
    settled_day : (1,) NEVER before
    escalations : (MAX_RANDOM,) days, the first `n_escalations` of them
    """

    settled_day: Annotated[Ints, "one"]
    escalations: Annotated[Ints, "randoms"]
    n_escalations: Annotated[Ints, "one"]
    escalation_pressure: Annotated[Floats, "one"]
    n_rounds: Annotated[Ints, "one"]
    round_pressure: Annotated[Floats, "one"]
    talk_pressure: Annotated[Floats, "one"]


class Deeds(NamedTuple):
    """What has been done.

    Attributes
    ----------
    announced, effective : (n_senders, n_acts, n_waves) days
    level : (n_acts, n_senders) waves announced
    spell : (n_senders, n_acts) draws of waiting used up
    exempt, settled : (n_senders, n_acts)
    met : (n_senders, n_senders) day on which two last met; kept only if news is slow
    passed, blocked : (n_councils, n_acts) waves passed; day of the first objection
    withdrawals : (1,)
    news, old_news, retracted : (n_senders,)
        Day on which others learn of its latest act, that of the one before, and day on which it
        last gave one up.
    """

    announced: Annotated[Ints, "senders acts waves"]
    effective: Annotated[Ints, "senders acts waves"]
    level: Annotated[Ints, "acts senders"]
    spell: Annotated[Ints, "senders acts"]
    exempt: Annotated[Flags, "senders acts"]
    settled: Annotated[Flags, "senders acts"]
    met: Annotated[Ints, "senders senders"]
    passed: Annotated[Ints, "councils acts"]
    blocked: Annotated[Ints, "councils acts"]
    withdrawals: Annotated[Ints, "one"]
    news: Annotated[Ints, "senders"]
    old_news: Annotated[Ints, "senders"]
    retracted: Annotated[Ints, "senders"]


class Minds(NamedTuple):
    """What senders and councils weigh.

    Attributes
    ----------
    growth : (n_acts, n_deciders)
        A day's growth of the pressure, less what `daily` and `recent` add; 0 if nothing is open.
    recent : (n_acts, n_deciders)
        Log of what fresh acts of peers add on the day they were looked at; it fades.
    pressure, due : (n_acts, n_deciders)
    daily : (n_deciders,)
        The day's urgency, mood, meetings and shocks, a factor on all growth.
    looked : (n_acts,) day on which peers were last looked at
    warm : (n_acts,) largest of `recent`
    unseen, stale, live : (n_acts,)
        Peers have to be looked at; growth has to be worked out; somebody has to decide on it.
    tabled : (n_acts,)
        Row of `lift` that holds today: the act's own, or the last, of a day without a table.
    lift : (n_acts + 1, n_deciders) by which factor what a table agrees on makes pressure grow
    ripe : (n_acts,) somebody's decision on it is due
    peer, fresh, lead, bloc : (n_senders, n_acts) as `sim.observe.peers` gives them
    seen, pull : (n_senders,) room to work in
    wish, wish_fresh, voices : (n_councils,) room to work in
    mood, accepted, peer_threshold : (n_senders,)
    damage : (n_senders, n_acts)
    doubt : (n_senders,) summed doubt about a measure that is easily undone
    doubted : (n_senders, n_acts) the sum at which an act is given up
    next_doubted : (n_senders,) the least of them
    """

    growth: Annotated[Floats, "acts deciders"]
    recent: Annotated[Floats, "acts deciders"]
    pressure: Annotated[Floats, "acts deciders"]
    due: Annotated[Floats, "acts deciders"]
    daily: Annotated[Floats, "deciders"]
    looked: Annotated[Ints, "acts"]
    warm: Annotated[Floats, "acts"]
    unseen: Annotated[Flags, "acts"]
    stale: Annotated[Flags, "acts"]
    live: Annotated[Flags, "acts"]
    tabled: Annotated[Ints, "acts"]
    lift: Annotated[Floats, "tables deciders"]
    ripe: Annotated[Flags, "acts"]
    peer: Annotated[Floats, "senders acts"]
    fresh: Annotated[Floats, "senders acts"]
    lead: Annotated[Floats, "senders acts"]
    bloc: Annotated[Floats, "senders acts"]
    seen: Annotated[Ints, "senders"]
    pull: Annotated[Floats, "senders"]
    wish: Annotated[Floats, "councils"]
    wish_fresh: Annotated[Floats, "councils"]
    voices: Annotated[Floats, "councils"]
    mood: Annotated[Floats, "senders"]
    accepted: Annotated[Floats, "senders"]
    peer_threshold: Annotated[Floats, "senders"]
    damage: Annotated[Floats, "senders acts"]
    doubt: Annotated[Floats, "senders"]
    doubted: Annotated[Floats, "senders acts"]
    next_doubted: Annotated[Floats, "senders"]


class Replies(NamedTuple):
    """What the targets know and answer.

    Attributes
    ----------
    own_signals, provoked_by, acted : (n_targets, n_senders)
    latest : (n_senders,) day of the latest announcement that stands
    signals, provoked : (n_targets,)
    issued : (n_targets, n_answers), cut_off : (n_targets, n_answers, n_senders) days
    listed, grievance, refused : (n_targets, n_senders) days
    refuses : (n_targets, n_senders) it would not pay for gas in rubles
    pressure, due : (n_targets, n_answers), and of single senders and listings
    protests : (n_senders,) number
    n_grievances : (1,)
    """

    own_signals: Annotated[Floats, "targets senders"]
    provoked_by: Annotated[Floats, "targets senders"]
    acted: Annotated[Flags, "targets senders"]
    signals: Annotated[Floats, "targets"]
    provoked: Annotated[Floats, "targets"]
    issued: Annotated[Ints, "targets answers"]
    cut_off: Annotated[Ints, "targets answers senders"]
    latest: Annotated[Ints, "senders"]
    listed: Annotated[Ints, "targets senders"]
    grievance: Annotated[Ints, "targets senders"]
    refused: Annotated[Ints, "targets senders"]
    refuses: Annotated[Flags, "targets senders"]
    pressure: Annotated[Floats, "targets answers"]
    due: Annotated[Floats, "targets answers"]
    single_pressure: Annotated[Floats, "targets answers senders"]
    single_due: Annotated[Floats, "targets answers senders"]
    listing_pressure: Annotated[Floats, "targets senders"]
    listing_due: Annotated[Floats, "targets senders"]
    protests: Annotated[Ints, "senders"]
    n_grievances: Annotated[Ints, "one"]


class Others(NamedTuple):
    """What third states think and do.

    Attributes
    ----------
    relation, cooperations : (n_states, n_targets)
    condemned : (n_states,) day
    condemns : (n_states,) it is a state that does
    cooperate_rate : as the pressure
        A day's growth, worked out anew when what it hangs on changes.
    strength, belief, attempt_hazard : (1,)
    """

    relation: Annotated[Floats, "states targets"]
    cooperations: Annotated[Ints, "states targets"]
    condemned: Annotated[Ints, "states"]
    condemns: Annotated[Flags, "states"]
    condemn_pressure: Annotated[Floats, "states"]
    condemn_due: Annotated[Floats, "states"]
    cooperate_rate: Annotated[Floats, "states targets"]
    cooperate_pressure: Annotated[Floats, "states targets"]
    cooperate_due: Annotated[Floats, "states targets"]
    strength: Annotated[Floats, "one"]
    belief: Annotated[Floats, "one"]
    attempt_hazard: Annotated[Floats, "one"]


class Effects(NamedTuple):
    """What is in effect and what it comes to.

    Attributes
    ----------
    starts, bites : (n_days,) acts take effect or end; answers do
    starts_of : (n_days, n_senders) acts of that sender
    started : (1,) acts have begun or ended since trade was last looked at
    uncovered : (n_senders,) what it covers has to be worked out anew
    in_effect : (n_senders, n_acts) waves
    breadth : (n_senders,) share of the menu in effect
    answered : (n_targets, n_answers, n_senders)
    covered : (n_senders, n_targets, n_channels, n_sectors)
    covers : (n_targets, n_channels, n_sectors) room to work out those of one sender
    cut_of : (n_targets, 2, n_sectors), cut : (n_targets, 2)
        Covered imports and exports of the target, USD bn a year.
    unpaid : (n_targets, n_sectors), before : (n_acts,) room to work in
    rent : (n_targets, n_states) paid to each, USD bn a year
    first_day : (n_targets,) on which an act took or takes effect
    leak, goods, crypto_bn, log_rate, excluded, frozen : (n_targets,)
    carried, carrier_share : (n_targets, n_states)
    ready, loss, transfer_bn : (n_states,)
    cap : (n_senders, n_targets)
    closed : (1,) 1 once a border with the targets is closed, else 0
    """

    starts: Annotated[Flags, "days"]
    bites: Annotated[Flags, "days"]
    starts_of: Annotated[Flags, "days senders"]
    started: Annotated[Flags, "one"]
    uncovered: Annotated[Flags, "senders"]
    in_effect: Annotated[Ints, "senders acts"]
    breadth: Annotated[Floats, "senders"]
    answered: Annotated[Flags, "targets answers senders"]
    covered: Annotated[Floats, "senders targets channels sectors"]
    covers: Annotated[Floats, "targets channels sectors"]
    cut_of: Annotated[Floats, "targets ways sectors"]
    cut: Annotated[Floats, "targets ways"]
    unpaid: Annotated[Floats, "targets sectors"]
    before: Annotated[Ints, "acts"]
    rent: Annotated[Floats, "targets states"]
    first_day: Annotated[Ints, "targets"]
    leak: Annotated[Floats, "targets"]
    goods: Annotated[Floats, "targets"]
    carried: Annotated[Floats, "targets states"]
    carrier_share: Annotated[Floats, "targets states"]
    ready: Annotated[Floats, "states"]
    premium: Annotated[Floats, "one"]
    closed: Annotated[Floats, "one"]
    crypto_bn: Annotated[Floats, "targets"]
    loss: Annotated[Floats, "states"]
    transfer_bn: Annotated[Floats, "states"]
    cap: Annotated[Floats, "senders targets"]
    precaution: Annotated[Floats, "targets"]
    imports_lost: Annotated[Floats, "targets"]
    exports_lost: Annotated[Floats, "targets"]
    excluded: Annotated[Floats, "targets"]
    excluded_now: Annotated[Floats, "targets"]
    frozen: Annotated[Floats, "targets"]
    log_rate: Annotated[Floats, "targets"]


class Log(NamedTuple):
    """Dated acts of a run, as numbers; columns are those of `sim.ensemble.log`.

    Attributes
    ----------
    rows : (capacity, n_columns)
    n_rows : (1,) rows that there were, beyond the capacity too
    """

    rows: Annotated[Ints, "capacity columns"]
    n_rows: Annotated[Ints, "one"]


class State(NamedTuple):
    """One run. `sim.ensemble.begin` sets it to a start."""

    course: Course
    deeds: Deeds
    minds: Minds
    replies: Replies
    others: Others
    effects: Effects
    log: Log
    sums: Sums


PARTS = (Course, Deeds, Minds, Replies, Others, Effects, Log)


def new_state(inputs: Inputs, log_capacity: int) -> State:
    """Return room for one run.

    Parameters
    ----------
    inputs : Inputs
    log_capacity : int
        Dated acts that it can hold, >= 0.
    """
    n_senders, n_acts = inputs.cells.adopt.shape
    n_targets, n_answers = inputs.cells.answer.shape
    n_councils, n_deciders = inputs.councils.blocking.size, inputs.deciders.decides_for.shape[1]
    _, _, n_channels, n_sectors = inputs.priced.margins.target_share.shape
    n_levels = inputs.priced.trade.shape[1]
    sizes = {
        "one": 1, "ways": 2, "randoms": MAX_RANDOM, "capacity": log_capacity,
        "columns": LOG_COLUMNS, "senders": n_senders, "acts": n_acts, "councils": n_councils,
        "deciders": n_deciders, "waves": n_levels - 1, "levels": n_levels, "tables": n_acts + 1,
        "targets": n_targets, "answers": n_answers, "states": inputs.gdp_bn.size,
        "channels": n_channels, "sectors": n_sectors, "days": inputs.calendar.turns.size,
    }  # fmt: skip
    sums = new_sums(inputs.priced.margins)
    return State._make([*(_room(part, sizes) for part in PARTS), sums])


def _room(part: Any, sizes: dict[str, int]) -> Any:
    """Return one part of the state, every array in the shape that its annotation names."""
    return part._make(
        np.zeros([sizes[axis] for axis in axes], dtype) for axes, dtype in _arrays(part)
    )


@cache
def _arrays(part: Any) -> list[tuple[list[str], type]]:
    """Return axes and type of each array of a part."""
    arrays = []
    for annotation in get_type_hints(part, include_extras=True).values():
        kind, axes = annotation.__origin__, annotation.__metadata__[0]
        arrays.append((axes.split(), DTYPES[kind]))
    return arrays
