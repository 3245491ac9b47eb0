"""The start of a run: nothing done, every wait drawn."""

from __future__ import annotations

import numpy as np

from sim.compiled import part
from sim.draws import Stream, uniform, waiting
from sim.ensemble.state import NEVER
from sim.rules import support, terms

ADOPT, OF_COUNCIL, RESPOND, LIST = (
    int(Stream.ADOPT), int(Stream.COUNCIL), int(Stream.RESPOND), int(Stream.LIST),
)  # fmt: skip
THRESHOLD, CONDEMN, COOPERATE = int(Stream.THRESHOLD), int(Stream.CONDEMN), int(Stream.COOPERATE)
STANCE, REFUSE = int(Stream.STANCE), int(Stream.REFUSE)


@part
def begin(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Set a run to its start."""
    numbers, cells = inputs.numbers, inputs.cells
    _begin_course(state.course)
    _begin_deeds(state.deeds, inputs.menu)
    _begin_minds(state.minds, numbers, cells, inputs, seed, run)
    _begin_replies(state.replies, cells, inputs.answers.each, inputs.refusal, seed, run)
    _begin_others(state.others, inputs.thirds, inputs.rates.stances, cells, numbers, seed, run)
    _begin_effects(state.effects, inputs.thirds.carrier_share, numbers.premium)
    state.log.n_rows[0] = 0
    state.sums.covered[:] = 0.0
    state.sums.stopped[:] = 0.0
    state.sums.effect[:] = 0.0


@part
def _begin_course(course):  # type: ignore[no-untyped-def]
    course.settled_day[0] = NEVER
    course.n_escalations[0] = course.n_rounds[0] = 0
    course.escalation_pressure[0] = course.round_pressure[0] = course.talk_pressure[0] = 0.0


@part
def _begin_deeds(deeds, menu):  # type: ignore[no-untyped-def]
    deeds.announced[:] = NEVER
    deeds.effective[:] = NEVER
    for act in range(deeds.level.shape[0]):
        for i in range(deeds.level.shape[1]):
            closed = menu.on_menu[act] and not menu.is_open[i, act]
            deeds.level[act, i] = menu.waves[act] if closed else 0
    deeds.spell[:] = 0
    deeds.exempt[:] = False
    deeds.settled[:] = False
    deeds.met[:] = NEVER
    deeds.passed[:] = 0
    deeds.blocked[:] = NEVER
    deeds.withdrawals[0] = 0
    deeds.news[:] = NEVER
    deeds.old_news[:] = NEVER
    deeds.retracted[:] = NEVER


@part
def _begin_minds(minds, numbers, cells, inputs, seed, run):  # type: ignore[no-untyped-def]
    n_senders, n_acts = cells.adopt.shape
    deciders, council_cell = inputs.deciders, inputs.councils.cell
    minds.pressure[:] = 0.0
    minds.stale[:] = True
    minds.unseen[:] = False
    minds.tabled[:] = n_acts
    minds.ripe[:] = False
    minds.lift[:] = 1.0
    minds.growth[:] = 0.0
    minds.recent[:] = 0.0
    minds.live[:] = True
    minds.looked[:] = 0
    minds.peer[:] = 0.0
    minds.fresh[:] = 0.0
    minds.lead[:] = 0.0
    minds.bloc[:] = 0.0
    minds.mood[:] = numbers.support
    minds.accepted[:] = support.accepted(0.0, numbers.cost_weight, 0.0)
    minds.damage[:] = 0.0
    minds.daily[:] = 1.0
    minds.doubt[:] = 0.0
    minds.doubted[:] = np.inf
    minds.next_doubted[:] = np.inf
    for i in range(n_senders):
        luck = uniform(seed, run, THRESHOLD, 0, cells.threshold[i])
        minds.peer_threshold[i] = terms.threshold_of(
            luck, numbers.threshold_mean, numbers.threshold_sd
        )
        for act in range(n_acts):
            minds.due[act, deciders.alone[i]] = waiting(seed, run, ADOPT, 0, cells.adopt[i, act])
    for c in range(council_cell.shape[0]):
        for act in range(n_acts):
            due = waiting(seed, run, OF_COUNCIL, 0, council_cell[c, act])
            minds.due[act, deciders.council[c]] = due


@part
def _begin_replies(replies, cells, each, refusal, seed, run):  # type: ignore[no-untyped-def]
    replies.own_signals[:] = 0.0
    replies.provoked_by[:] = 0.0
    replies.acted[:] = False
    replies.signals[:] = 0.0
    replies.provoked[:] = 0.0
    replies.issued[:] = NEVER
    replies.cut_off[:] = NEVER
    replies.listed[:] = NEVER
    replies.refused[:] = NEVER
    replies.latest[:] = NEVER
    replies.grievance[:] = NEVER
    replies.pressure[:] = 0.0
    replies.single_pressure[:] = 0.0
    replies.listing_pressure[:] = 0.0
    replies.protests[:] = 0
    replies.n_grievances[0] = 0
    n_targets, n_answers, n_senders = cells.single.shape
    for t in range(n_targets):
        for c in range(n_answers):
            replies.due[t, c] = waiting(seed, run, RESPOND, 0, cells.answer[t, c])
            if each[c]:
                for i in range(n_senders):
                    replies.single_due[t, c, i] = waiting(
                        seed, run, RESPOND, 0, cells.single[t, c, i]
                    )
        for i in range(n_senders):
            replies.listing_due[t, i] = waiting(seed, run, LIST, 0, cells.listing[t, i])
            luck = uniform(seed, run, REFUSE, 0, cells.refuse[t, i])
            replies.refuses[t, i] = luck < refusal[i]


@part
def _begin_others(others, thirds, stances, cells, numbers, seed, run):  # type: ignore[no-untyped-def]
    _copy(thirds.relation, others.relation)
    others.cooperations[:] = 0
    others.condemned[:] = NEVER
    others.condemn_pressure[:] = 0.0
    others.cooperate_pressure[:] = 0.0
    for n in stances:
        luck = uniform(seed, run, STANCE, 0, cells.condemn[n])
        others.condemns[n] = luck < thirds.condemns[n]
        others.condemn_due[n] = waiting(seed, run, CONDEMN, 0, cells.condemn[n])
        for t in range(cells.cooperate.shape[1]):
            others.cooperate_due[n, t] = waiting(seed, run, COOPERATE, 0, cells.cooperate[n, t])
    others.strength[0] = 0.0
    others.belief[0] = numbers.belief
    others.attempt_hazard[0] = 0.0


@part
def _begin_effects(effects, carrier_share, premium):  # type: ignore[no-untyped-def]
    effects.starts[:] = False
    effects.bites[:] = False
    effects.starts_of[:] = False
    effects.started[0] = True
    effects.uncovered[:] = False
    effects.in_effect[:] = 0
    effects.breadth[:] = 0.0
    effects.first_day[:] = NEVER
    effects.answered[:] = False
    effects.covered[:] = 0.0
    effects.cut_of[:] = 0.0
    effects.cut[:] = 0.0
    effects.leak[:] = 0.0
    effects.goods[:] = 0.0
    _copy(carrier_share, effects.carrier_share)
    effects.premium[0] = premium
    effects.closed[0] = 0.0
    effects.crypto_bn[:] = 0.0
    effects.loss[:] = 0.0
    effects.transfer_bn[:] = 0.0
    effects.precaution[:] = 0.0
    effects.imports_lost[:] = 0.0
    effects.exports_lost[:] = 0.0
    effects.excluded[:] = 0.0
    effects.frozen[:] = 0.0
    effects.log_rate[:] = 0.0


@part
def _copy(source, copy):  # type: ignore[no-untyped-def]
    """Copy a matrix; a slice would ask for memory first, lest the two overlap."""
    for row in range(source.shape[0]):
        for column in range(source.shape[1]):
            copy[row, column] = source[row, column]
