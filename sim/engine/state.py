"""What a run remembers from day to day, as records of arrays and numbers.

Axis order is `(acts, deciders)` and `(acts, senders)` where all deciders of an act are gone through
at once, `(senders, acts, waves)` for dates. Days count from the start of the run.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Annotated, Any, get_type_hints

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.codes import MAX_RANDOM
from sim.economy.losses import new_sums
from sim.engine.inputs import Inputs, sizes_of, terms_record
from sim.record import VECTOR, Record, record_of
from sim.rules.terms import Terms


class Clock:
    """Whose day it is.

    Attributes
    ----------
    seed, run : int
        Key of all draws.
    row : int
        Of the run among the results of its thread.
    day : int
    severity, urgency, shock : float
        Of the war today, random events included; see `sim.rules.events`, `sim.rules.terms`.
    closed : float
        1 once a border with the targets is closed, else 0.
    is_settled : int
        1 once talks have settled the war.
    """

    seed: int
    run: int
    row: int
    day: int
    severity: float
    urgency: float
    shock: float
    closed: float
    is_settled: int


class Work:
    """What runs have taken so far: it is counted on, not reset.

    Attributes
    ----------
    weighed, hazards : acts weighed, and log hazards worked out for it
    sums, summed_days : times that an act was summed up, and its days
    announcements, prices : int
    undefined : log hazards that a rule of the user's own gave as no number
    """

    weighed: int
    hazards: int
    undefined: int
    sums: int
    summed_days: int
    announcements: int
    prices: int


class Course:
    """Random events of the war, and the talks.

    Attributes
    ----------
    settled_day : NEVER before
    escalations : (MAX_RANDOM,) days, the first `n_escalations` of them
    """

    settled_day: int
    n_escalations: int
    n_rounds: int
    escalation_pressure: float
    round_pressure: float
    talk_pressure: float
    escalations: Annotated[Ints, "randoms"]


class Adoption:
    """Which measures have been adopted.

    Attributes
    ----------
    announced, effective : (n_senders, n_acts, n_waves) days
    first_announced : (n_senders, n_acts) day, of what was given up since too
    level : (n_acts, n_senders) waves announced
    spell : (n_senders, n_acts) draws of waiting used up
    exempt, objection_settled : (n_senders, n_acts)
    met : (n_senders, n_senders) day on which two last met
    passed, blocked : (n_councils, n_acts) waves passed; day of the first objection
    passing : (n_councils, n_acts) a wave passes today
    withdrawals : int
    first_withdrawal : day, NEVER before
    news : (n_days, n_senders) others learn today of an act, or that it was given up
    has_news : (n_days,) of any
    """

    withdrawals: int
    first_withdrawal: int
    announced: Annotated[Ints, "senders acts waves"]
    effective: Annotated[Ints, "senders acts waves"]
    first_announced: Annotated[Ints, "senders acts"]
    level: Annotated[Ints, "acts senders"]
    spell: Annotated[Ints, "senders acts"]
    exempt: Annotated[Flags, "senders acts"]
    objection_settled: Annotated[Flags, "senders acts"]
    met: Annotated[Ints, "senders senders"]
    passed: Annotated[Ints, "councils acts"]
    blocked: Annotated[Ints, "councils acts"]
    passing: Annotated[Flags, "councils acts"]
    news: Annotated[Flags, "days senders"]
    has_news: Annotated[Flags, "days"]


class Exposure:
    """What each sender knows of those who are ahead of it, as `sim.rules.terms.Terms` has it.

    Attributes
    ----------
    peer, recent, lead, bloc : (n_acts, n_senders)
        `recent` as of the day on which the act was last looked at; it fades.
    updated : (n_acts,) that day
    has_news : (n_acts,) somebody acted since
    ahead : (n_institutions, n_senders), seen : (n_senders,), pull : (n_senders,) room to work in
    """

    peer: Annotated[Floats, "acts senders"]
    recent: Annotated[Floats, "acts senders"]
    lead: Annotated[Floats, "acts senders"]
    bloc: Annotated[Floats, "acts senders"]
    updated: Annotated[Ints, "acts"]
    has_news: Annotated[Flags, "acts"]
    ahead: Annotated[Floats, "institutions senders"]
    seen: Annotated[Ints, "senders"]
    pull: Annotated[Floats, "senders"]


class Decision:
    """How the hazards of deciding add up, by act and decider (`sim.engine.deciders`).

    A hazard is the product of a part that stays until there is news, of the fading pull of peers,
    and of factors of the day. Of these there is a history, so that an act which cannot be due yet
    need not be summed up day by day.

    Attributes
    ----------
    hazard : (n_acts, n_deciders) a day, less what the factors below add; 0 if nothing is open
    recent : (n_acts, n_deciders) log of what fresh acts of peers add on the day of the update
    summed, threshold : (n_acts, n_deciders)
        The hazard summed up, and the sum at which the decision is due.
    factor : (n_drawn, n_deciders)
        Of the day: urgency, support, meetings, shocks; drawn ahead for the days of one key.
    pace : (n_days, n_acts)
        Of the day's urgency on early and late measures, where events are random.
    text : (n_drawn, n_acts)
        Of what the day's table agrees on, for those who sit at it; only on days with a table.
    summed_to : (n_acts,) last day that is in `summed`
    room : (n_acts, n_deciders) of what is left to its threshold, in days of a factor of 1
    bound, slack : (n_acts,)
        Sum of upper bounds of the factors since; the sum up to which nothing can be due.
    factors_to : (n_days + 1, n_deciders)
        Sum of `factor` over the days before, but for days at a table.
    of_tables, largest_pace : (n_acts,)
        Since the last sum: bound of the factors at tables; largest of `pace`.
    is_stale : (n_acts,) hazards have to be worked out
    is_due : (n_acts,) somebody's decision on it is due, today or since it was
    any_due : int
    largest_at_table, largest_elsewhere : float
        Factor of today among deciders at a table, and among all others.
    common : (n_drawn,) factor of what a day shares
    recent_since, largest_recent : (n_acts,)
        Day from which `recent` fades, and its largest entry.
    log_hazard, weekly : (n_senders,) room to work in
    decides : (n_senders,) room to work in
    support, accepted, peer_threshold : (n_senders,)
    damage : (n_senders, n_acts)
    doubt : (n_senders,) summed hazard of giving up a measure that is easily undone
    doubt_threshold : (n_senders, n_acts) the sum at which an act is given up
    next_doubt : (n_senders,) the least of them
    """

    any_due: int
    largest_at_table: float
    largest_elsewhere: float
    hazard: Annotated[Floats, "acts deciders"]
    recent: Annotated[Floats, "acts deciders"]
    summed: Annotated[Floats, "acts deciders"]
    threshold: Annotated[Floats, "acts deciders"]
    factor: Annotated[Floats, "drawn deciders"]
    pace: Annotated[Floats, "days acts"]
    text: Annotated[Floats, "drawn acts"]
    common: Annotated[Floats, "drawn"]
    recent_since: Annotated[Ints, "acts"]
    largest_recent: Annotated[Floats, "acts"]
    log_hazard: Annotated[Floats, "senders"]
    weekly: Annotated[Floats, "senders"]
    summed_to: Annotated[Ints, "acts"]
    bound: Annotated[Floats, "acts"]
    room: Annotated[Floats, "acts deciders"]
    slack: Annotated[Floats, "acts"]
    factors_to: Annotated[Floats, "ends deciders"]
    of_tables: Annotated[Floats, "acts"]
    largest_pace: Annotated[Floats, "acts"]
    is_stale: Annotated[Flags, "acts"]
    is_due: Annotated[Flags, "acts"]
    decides: Annotated[Flags, "senders"]
    support: Annotated[Floats, "senders"]
    accepted: Annotated[Floats, "senders"]
    peer_threshold: Annotated[Floats, "senders"]
    damage: Annotated[Floats, "senders acts"]
    doubt: Annotated[Floats, "senders"]
    doubt_threshold: Annotated[Floats, "senders acts"]
    next_doubt: Annotated[Floats, "senders"]


class Target:
    """What the targets know and how they answer.

    Attributes
    ----------
    own_signals, provoked_by, has_acted : (n_targets, n_senders)
    latest : (n_senders,) day of the latest announcement that stands
    signals, provoked : (n_targets,)
    issued : (n_targets, n_answers), cut_off : (n_targets, n_answers, n_senders) days
    listed, grievance, refused : (n_targets, n_senders) days
    refuses : (n_targets, n_senders) it would not pay for gas in rubles
    summed, threshold : (n_targets, n_answers), and of listings
    left : (n_targets, n_answers)
        Hazard a day, at a provocation of 1, of an answer to all; 0 once given.
    armed, single_summed, single_threshold : (n_singled,)
        By pair of `Rates.singled`: hazard a day of singling out, -1 without cause; its sum.
    look_again : (n_targets,) day on which that may change
    parts, part_day, pull : (n_targets, n_answers)
        Of an answer given part by part: how many, the day of the latest, and the factor on the
        hazard of the next.
    protests : (n_senders,) number
    n_grievances : int
    n_unlisted : (n_targets,) senders that have acted and are not on the target's list
    """

    n_grievances: int
    n_unlisted: Annotated[Ints, "targets"]
    own_signals: Annotated[Floats, "targets senders"]
    provoked_by: Annotated[Floats, "targets senders"]
    has_acted: Annotated[Flags, "targets senders"]
    signals: Annotated[Floats, "targets"]
    provoked: Annotated[Floats, "targets"]
    issued: Annotated[Ints, "targets answers"]
    cut_off: Annotated[Ints, "targets answers senders"]
    latest: Annotated[Ints, "senders"]
    listed: Annotated[Ints, "targets senders"]
    grievance: Annotated[Ints, "targets senders"]
    refused: Annotated[Ints, "targets senders"]
    refuses: Annotated[Flags, "targets senders"]
    left: Annotated[Floats, "targets answers"]
    summed: Annotated[Floats, "targets answers"]
    threshold: Annotated[Floats, "targets answers"]
    parts: Annotated[Ints, "targets answers"]
    part_day: Annotated[Ints, "targets answers"]
    pull: Annotated[Floats, "targets answers"]
    armed: Annotated[Floats, "singled"]
    single_summed: Annotated[Floats, "singled"]
    single_threshold: Annotated[Floats, "singled"]
    look_again: Annotated[Ints, "targets"]
    listing_summed: Annotated[Floats, "targets senders"]
    listing_threshold: Annotated[Floats, "targets senders"]
    protests: Annotated[Ints, "senders"]


class ThirdParty:
    """What third states think and do, and bystanders believe.

    Attributes
    ----------
    relation, cooperations : (n_states, n_targets)
    condemned : (n_states,) day
    condemns : (n_states,) it is a state that does
    n_silent : int, of these that have not done so yet
    cooperate_rate, cooperate_summed, cooperate_threshold : (n_allied,)
        By pair of `Rates.allied`: hazard a day, and its sum.
    strength, belief, attempt_hazard : float
    """

    n_silent: int
    strength: float
    belief: float
    attempt_hazard: float
    relation: Annotated[Floats, "states targets"]
    cooperations: Annotated[Ints, "states targets"]
    condemned: Annotated[Ints, "states"]
    condemns: Annotated[Flags, "states"]
    condemn_summed: Annotated[Floats, "states"]
    condemn_threshold: Annotated[Floats, "states"]
    cooperate_rate: Annotated[Floats, "allied"]
    cooperate_summed: Annotated[Floats, "allied"]
    cooperate_threshold: Annotated[Floats, "allied"]


class Effect:
    """What is in effect and what it comes to.

    Attributes
    ----------
    starts, bites : (n_days,) acts take effect or end; answers do
    starts_of : (n_days, n_senders) acts of that sender
    finance_is_stale : int
        Acts have begun or ended since finance was last looked at.
    cover_is_stale : (n_targets, n_senders) what it covers has to be worked out anew
    in_effect, before : (n_senders, n_acts), (n_acts,) waves
    breadth : (n_senders,) share of the menu in effect
    answered : (n_targets, n_answers, n_senders) how many times an answer bites
    covered : (2, n_senders, n_targets, n_channels, n_sectors)
        At both ends of the horizon: payments stop more trade in the long run.
    held : (n_senders, n_targets, 2, n_sectors) as in `sim.economy.losses.Lost`
    unpaid : (n_targets, n_sectors),
    scarcity : (n_targets, 2, n_sectors) room to work in
    cut_of : (n_targets, 2, n_sectors), cut : (n_targets, 2)
        Covered imports and exports of the target, USD bn a year.
    cut_at : (2, n_targets, 2, n_sectors) the same at both ends of the horizon
    missing_of : (n_targets, 2, n_sectors), missing : (n_targets, 2)
        What of it is covered or held back by senders, before it finds another way.
    held_bn : (n_targets, 2, n_sectors) trade that would be lost if all were held back
    adjusted_bn : (n_targets, n_sectors) of what is lost, that to which trade has adjusted
    young, old : (n_targets, n_channels, n_sectors) weights of both ends of the horizon
    closure : float
        How far trade has adjusted to the closure of borders, in [0, 1].
    rent : (n_targets, n_states) paid to each, USD bn a year
    first_day : (n_targets,) on which an act took or takes effect
    leak, goods, crypto_bn, log_rate, excluded, frozen : (n_targets,)
    precaution, sought : (n_targets,) alarm, and how far it has become a run, in [0, 1]
    imports_lost : (n_targets,) share of imports felt to be lost at given prices
    fuels_change, others_change : (n_targets,)
        Change felt of export income since the base year at an unchanged rate, USD bn a year.
    carried, carrier_share : (n_targets, n_states)
        Share of covered trade that arrives through each, and its part in what does.
    hub_bought_bn, under_way_bn : (n_targets, n_states)
        What it orders of the senders for a target, and what of that has reached the last leg, at
        the senders' prices, USD bn a year.
    ready, loss, transfer_bn : (n_states,)
    loss_by_horizon : (2, n_states)
        Percent, before transfers: of what is in effect, in its third year and in the long run.
    year_loss : (n_states,) sum over the days of the first year, year_days : their number
    cap : (n_senders, n_targets)
    withheld, withheld_third : (n_targets, 2)
        Share of trade that no measure covers which firms and banks hold back: of senders whose
        measures are as broad as can be, and of third states; by way, the target's imports and
        its exports.
    publicity, reluctance : (n_targets, n_senders)
        Of a sender's own measures, in [0, 1]; how far its firms and banks hold back.
    payment_risk, reputation : (n_targets,) the two stocks behind it, in [0, 1]
    banks_of, banks_cut : (n_targets, n_senders)
        Share of a target's bank assets that a sender's measures hit, and of it by exclusions.
    pressure, banks_hit, controls : (n_targets,)
        Publicity of all senders' measures; share of bank assets that cannot be paid through;
        1 once capital controls are in force.
    felt_until : int
        Start of the day up to which the two stocks are known.
    lost : (n_targets, 2)
        Share of the target's imports and exports that does not come through, at given prices.
    unreplaced : (n_targets,) of imports, what nobody else sells yet either
    maturity : (n_targets, n_sectors) how far trade has adjusted to what is cut, in [0, 1]
    payment_bn : (n_states,) received through prices and rents, USD bn a year; sums to 0
    price_log : (n_sectors,) log of the world price beyond its dated path
    rise, rise_lagged : (n_sectors,) what of that is paid, and what contracts say, over 2021
    bridged : (n_targets, n_sectors) share of what buyers miss that comes out of stocks, in [0, 1]
    discount : (n_targets, n_sectors) by which the target sells below the world price
    export_bn : (n_targets, n_sectors) value of its exports, USD bn a year
    revenue_bn : (n_targets,) what of it goes to the treasury, oil and gas only
    windfall_bn : (n_states,) received by the dated path of prices alone; sums to 0
    rerouted_bn, export_lost : (n_targets, n_sectors)
        Of its exports that are cut, at prices of 2021, what goes to others; share of its exports
        that is not sold at all.
    is_hunted : (n_targets,) a cap or ban on its oil has been announced
    shadow : (n_targets,) share of its oil that sails without services of those who cap its price
    """

    finance_is_stale: int
    felt_until: int
    premium: float
    closure: float
    year_days: int
    starts: Annotated[Flags, "days"]
    bites: Annotated[Flags, "days"]
    starts_of: Annotated[Flags, "days senders"]
    cover_is_stale: Annotated[Flags, "targets senders"]
    in_effect: Annotated[Ints, "senders acts"]
    before: Annotated[Ints, "acts"]
    breadth: Annotated[Floats, "senders"]
    answered: Annotated[Ints, "targets answers senders"]
    covered: Annotated[Floats, "ends_of_horizon senders targets channels sectors"]
    held: Annotated[Floats, "senders targets ways sectors"]
    unpaid: Annotated[Floats, "targets sectors"]
    scarcity: Annotated[Floats, "targets ways sectors"]
    cut_of: Annotated[Floats, "targets ways sectors"]
    cut: Annotated[Floats, "targets ways"]
    missing_of: Annotated[Floats, "targets ways sectors"]
    missing: Annotated[Floats, "targets ways"]
    cut_at: Annotated[Floats, "ends_of_horizon targets ways sectors"]
    held_bn: Annotated[Floats, "targets ways sectors"]
    adjusted_bn: Annotated[Floats, "targets sectors"]
    young: Annotated[Floats, "targets channels sectors"]
    old: Annotated[Floats, "targets channels sectors"]
    rent: Annotated[Floats, "targets states"]
    first_day: Annotated[Ints, "targets"]
    leak: Annotated[Floats, "targets"]
    goods: Annotated[Floats, "targets"]
    carried: Annotated[Floats, "targets states"]
    carrier_share: Annotated[Floats, "targets states"]
    hub_bought_bn: Annotated[Floats, "targets states"]
    under_way_bn: Annotated[Floats, "targets states"]
    ready: Annotated[Floats, "states"]
    crypto_bn: Annotated[Floats, "targets"]
    loss: Annotated[Floats, "states"]
    loss_by_horizon: Annotated[Floats, "ends_of_horizon states"]
    year_loss: Annotated[Floats, "states"]
    transfer_bn: Annotated[Floats, "states"]
    cap: Annotated[Floats, "senders targets"]
    withheld: Annotated[Floats, "targets ways"]
    withheld_third: Annotated[Floats, "targets ways"]
    publicity: Annotated[Floats, "targets senders"]
    reluctance: Annotated[Floats, "targets senders"]
    banks_of: Annotated[Floats, "targets senders"]
    banks_cut: Annotated[Floats, "targets senders"]
    payment_risk: Annotated[Floats, "targets"]
    reputation: Annotated[Floats, "targets"]
    pressure: Annotated[Floats, "targets"]
    banks_hit: Annotated[Floats, "targets"]
    controls: Annotated[Floats, "targets"]
    lost: Annotated[Floats, "targets ways"]
    unreplaced: Annotated[Floats, "targets"]
    maturity: Annotated[Floats, "targets sectors"]
    payment_bn: Annotated[Floats, "states"]
    price_log: Annotated[Floats, "sectors"]
    rise: Annotated[Floats, "sectors"]
    rise_lagged: Annotated[Floats, "sectors"]
    bridged: Annotated[Floats, "targets sectors"]
    discount: Annotated[Floats, "targets sectors"]
    export_bn: Annotated[Floats, "targets sectors"]
    revenue_bn: Annotated[Floats, "targets"]
    windfall_bn: Annotated[Floats, "states"]
    rerouted_bn: Annotated[Floats, "targets sectors"]
    export_lost: Annotated[Floats, "targets sectors"]
    is_hunted: Annotated[Flags, "targets"]
    shadow: Annotated[Floats, "targets"]
    precaution: Annotated[Floats, "targets"]
    sought: Annotated[Floats, "targets"]
    imports_lost: Annotated[Floats, "targets"]
    fuels_change: Annotated[Floats, "targets"]
    others_change: Annotated[Floats, "targets"]
    excluded: Annotated[Floats, "targets"]
    excluded_now: Annotated[Floats, "targets"]
    frozen: Annotated[Floats, "targets"]
    log_rate: Annotated[Floats, "targets"]


class Trace:
    """What senders weighed last, kept where somebody looks on.

    Attributes
    ----------
    terms : (n_senders, n_acts, n_terms) as `sim.rules.terms.Terms`; no senders if not kept
    day : (n_senders, n_acts) NEVER before
    """

    terms: Annotated[Floats, "traced acts terms"]
    day: Annotated[Ints, "traced acts"]


PARTS = {
    "clock": Clock, "work": Work, "course": Course, "adoption": Adoption, "exposure": Exposure,
    "decision": Decision, "target": Target, "third_party": ThirdParty, "effect": Effect,
    "trace": Trace,
}  # fmt: skip


def new_state(inputs: Inputs, results: Record, log: Record, traces: bool = False) -> Record:
    """Return room for one run: the records of `PARTS`, its log and where its results go.

    Parameters
    ----------
    inputs : Inputs
    results, log : Record
        Of `sim.engine.recording` and `sim.engine.log`.
    traces : bool
        Keep what senders weighed.
    """
    sizes = sizes_of(inputs) | {
        "ways": 2, "ends_of_horizon": 2, "randoms": MAX_RANDOM, "terms": len(Terms._fields),
    }  # fmt: skip
    sizes["ends"], sizes["drawn"] = sizes["days"] + 1, inputs.calendar.has_table.size
    sizes["traced"] = sizes["senders"] if traces else 0
    parts = {name: _room(part, sizes) for name, part in PARTS.items()}
    terms = terms_record()
    weighed = {"terms": terms, "weighed": terms.numbers()}  # the same memory
    sums = {
        "fresh_sums": record_of(new_sums(inputs.fresh.margins)),
        "mature_sums": record_of(new_sums(inputs.mature.margins)),
    }
    return Record("State", parts | sums | weighed | {"results": results, "log": log})


def _room(part: Any, sizes: dict[str, int]) -> Record:
    """Return one part of the state, every array in the shape that its annotation names.

    Those of floats lie in one row, `all_floats`, and those of flags in another, `all_flags`, so
    that a run clears them at once.
    """
    fields: dict[str, Any] = {}
    arrays: dict[Any, dict[str, list[int]]] = {np.float64: {}, np.bool_: {}}
    for name, kind, axes in _fields(part):
        shape = [sizes[axis] for axis in axes or ()]
        if axes is None:
            fields[name] = kind(0)
        elif kind in arrays:
            arrays[kind][name] = shape
        else:
            fields[name] = np.zeros(shape, kind)
    for (kind, shapes), whole in zip(arrays.items(), ("all_floats", "all_flags"), strict=True):
        starts = np.cumsum([0, *(-(-math.prod(s) // VECTOR) * VECTOR for s in shapes.values())])
        fields[whole] = np.zeros(starts[-1], kind)
        for (name, shape), start in zip(shapes.items(), starts[:-1], strict=True):
            fields[name] = fields[whole][start : start + math.prod(shape)].reshape(shape)
    return Record(part.__name__, fields)


@cache
def _fields(part: Any) -> list[tuple[str, Any, list[str] | None]]:
    """Return name, type and axes of each field of a part; a number has no axes."""
    dtypes: dict[Any, type] = {Floats: np.float64, Ints: np.int64, Flags: np.bool_}
    found: list[tuple[str, Any, list[str] | None]] = []
    for name, kind in get_type_hints(part, include_extras=True).items():
        if kind in (int, float):
            found.append((name, kind, None))
        else:
            found.append((name, dtypes[kind.__origin__], kind.__metadata__[0].split()))
    return found
