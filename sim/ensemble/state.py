"""What a run of the ensemble remembers from day to day.

The names are those of the Mesa model and its agents; axis order is theirs, less the axis of runs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import inner
from sim.ensemble.inputs import Inputs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
NEVER = -1
MAX_RANDOM = 512  # random events, and rounds of talks, of one run


class State(NamedTuple):
    """One run. Arrays of one element are single numbers that change.

    Attributes
    ----------
    severity_of, urgency_of : (n_days,)
        Of the war as this run has it, random events included.
    hazard_of_answer, hazard_of_single : as `answer_pressure`, `single_pressure`
        A day's growth of the pressure, worked out anew when signals change.
    dirty : (n_acts,) bool
        What senders see of the act has to be worked out anew.
    stale : (1,) bool
        What is in effect has to be worked out anew.
    """

    day: Ints
    severity: Floats
    urgency: Floats
    announced: Ints
    effective: Ints
    level: Ints
    exempt: Flags
    met: Ints
    spell: Ints
    pressure: Floats
    threshold: Floats
    doubt: Floats
    giving_up: Floats
    on_table: Flags
    decided: Flags
    given_up: Flags
    peer_threshold: Floats
    support: Floats
    grievance: Ints
    protests: Ints
    peer: Floats
    recent: Floats
    lead: Floats
    bloc: Floats
    ahead: Flags
    dirty: Flags
    council_level: Ints
    council_pressure: Floats
    council_threshold: Floats
    blocked: Ints
    passing: Flags
    wish: Floats
    signals: Floats
    own_signals: Floats
    signals_stale: Flags
    issued: Ints
    listed: Ints
    cut_off: Ints
    answer_pressure: Floats
    answer_due: Floats
    hazard_of_answer: Floats
    single_pressure: Floats
    single_due: Floats
    hazard_of_single: Floats
    listing_pressure: Floats
    listing_due: Floats
    relation: Floats
    condemned: Ints
    condemn_pressure: Floats
    condemn_due: Floats
    cooperations: Ints
    cooperate_pressure: Floats
    cooperate_due: Floats
    escalations: Ints
    n_escalations: Ints
    escalation_pressure: Floats
    n_rounds: Ints
    round_pressure: Floats
    talk_pressure: Floats
    settled_day: Ints
    withdrawals: Ints
    stale: Flags
    in_effect: Ints
    covered: Floats
    answered: Flags
    leak: Floats
    goods: Floats
    carried: Floats
    carrier_share: Floats
    premium: Floats
    crypto_bn: Floats
    diverted_bn: Floats
    damage: Floats
    loss: Floats
    transfer_bn: Floats
    strength: Floats
    belief: Floats
    attempt_hazard: Floats
    precaution: Floats
    imports_lost: Floats
    exports_lost: Floats
    excluded: Floats
    log_rate: Floats


@inner
def new_state(inputs: Inputs) -> State:
    """Return room for one run; `sim.ensemble.phases.begin` fills it."""
    n_senders, n_acts = inputs.cells.adopt.shape
    n_waves = inputs.priced.trade.shape[1] - 1
    n_targets, n_answers = inputs.cells.answer.shape
    n_states, n_councils = inputs.gdp_bn.size, inputs.councils.blocking.size
    pair, act = (n_senders, n_acts), (n_senders, n_acts, n_waves)
    council, answer = (n_councils, n_acts), (n_targets, n_answers)
    single, listing = (n_targets, n_answers, n_senders), (n_targets, n_senders)
    state, carried = (n_states, n_targets), (n_targets, n_states)
    return State(
        day=np.zeros(1, np.int64),
        severity=np.zeros(1),
        urgency=np.zeros(1),
        announced=np.zeros(act, np.int64),
        effective=np.zeros(act, np.int64),
        level=np.zeros(pair, np.int64),
        exempt=np.zeros(pair, np.bool_),
        met=np.zeros((n_senders, n_senders), np.int64),
        spell=np.zeros(pair, np.int64),
        pressure=np.zeros(pair),
        threshold=np.zeros(pair),
        doubt=np.zeros(pair),
        giving_up=np.zeros(pair),
        on_table=np.zeros(pair, np.bool_),
        decided=np.zeros(pair, np.bool_),
        given_up=np.zeros(pair, np.bool_),
        peer_threshold=np.zeros(n_senders),
        support=np.zeros(n_senders),
        grievance=np.zeros((n_senders, n_targets), np.int64),
        protests=np.zeros(n_senders, np.int64),
        peer=np.zeros(pair),
        recent=np.zeros(pair),
        lead=np.zeros(pair),
        bloc=np.zeros(pair),
        ahead=np.zeros(n_senders, np.bool_),
        dirty=np.zeros(n_acts, np.bool_),
        council_level=np.zeros(council, np.int64),
        council_pressure=np.zeros(council),
        council_threshold=np.zeros(council),
        blocked=np.zeros(council, np.int64),
        passing=np.zeros(council, np.bool_),
        wish=np.zeros(council),
        signals=np.zeros(n_targets),
        own_signals=np.zeros(listing),
        signals_stale=np.zeros(1, np.bool_),
        issued=np.zeros(answer, np.int64),
        listed=np.zeros(listing, np.int64),
        cut_off=np.zeros(single, np.int64),
        answer_pressure=np.zeros(answer),
        answer_due=np.zeros(answer),
        hazard_of_answer=np.zeros(answer),
        single_pressure=np.zeros(single),
        single_due=np.zeros(single),
        hazard_of_single=np.zeros(single),
        listing_pressure=np.zeros(listing),
        listing_due=np.zeros(listing),
        relation=np.zeros(state),
        condemned=np.zeros(n_states, np.int64),
        condemn_pressure=np.zeros(n_states),
        condemn_due=np.zeros(n_states),
        cooperations=np.zeros(state, np.int64),
        cooperate_pressure=np.zeros(state),
        cooperate_due=np.zeros(state),
        escalations=np.zeros(MAX_RANDOM, np.int64),
        n_escalations=np.zeros(1, np.int64),
        escalation_pressure=np.zeros(1),
        n_rounds=np.zeros(1, np.int64),
        round_pressure=np.zeros(1),
        talk_pressure=np.zeros(1),
        settled_day=np.zeros(1, np.int64),
        withdrawals=np.zeros(1, np.int64),
        stale=np.zeros(1, np.bool_),
        in_effect=np.zeros(pair, np.int64),
        covered=np.zeros(inputs.priced.target_share.shape),
        answered=np.zeros(single, np.bool_),
        leak=np.zeros(n_targets),
        goods=np.zeros(n_targets),
        carried=np.zeros(carried),
        carrier_share=np.zeros(carried),
        premium=np.zeros(1),
        crypto_bn=np.zeros(n_targets),
        diverted_bn=np.zeros(n_states),
        damage=np.zeros(pair),
        loss=np.zeros(n_states),
        transfer_bn=np.zeros(n_states),
        strength=np.zeros(1),
        belief=np.zeros(1),
        attempt_hazard=np.zeros(1),
        precaution=np.zeros(n_targets),
        imports_lost=np.zeros(n_targets),
        exports_lost=np.zeros(n_targets),
        excluded=np.zeros(n_targets),
        log_rate=np.zeros(n_targets),
    )
