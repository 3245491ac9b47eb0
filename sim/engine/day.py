"""The order of a day: it stands here, nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import (
    commitment,
    consultation,
    council,
    decision,
    diversion,
    exchange,
    information,
    markets,
    pricing,
    recording,
    reluctance,
    reset,
    response,
    society,
    talks,
)
from sim.engine.compilation import addresses_of
from sim.record import Record


class Phase(NamedTuple):
    """A phase of the day: its name, what it does, and whether only on the last day of a step."""

    name: str
    function: Callable[..., Any]
    once_a_step: bool = False


PHASES = (
    Phase("information", information.learn),
    Phase("consultation", consultation.consult),
    Phase("decision", decision.decide),
    Phase("council", council.vote),
    Phase("commitment", commitment.commit),
    Phase("response", response.respond),
    Phase("effect", commitment.take_effect),
    Phase("answers", response.let_answers_bite),
    Phase("reluctance", reluctance.hold_back),
    Phase("diversion", diversion.divert, once_a_step=True),
    Phase("markets", markets.clear, once_a_step=True),
    Phase("pricing", pricing.price, once_a_step=True),
    Phase("transfers", pricing.transfer, once_a_step=True),
    Phase("consequences", pricing.suffer, once_a_step=True),
    Phase("exchange", exchange.exchange, once_a_step=True),
    Phase("talks", talks.talk),
    Phase("society", society.update),
    Phase("recording", recording.record, once_a_step=True),
)
BEFORE = Phase("reset", reset.reset)
AFTER = Phase("outcomes", recording.conclude)


def order_of(inputs: Record, state: Record) -> NDArray[np.int64]:
    """Return the phases as `sim.engine.loop` calls them, (n_phases + 2, 2): address, once a step.

    The start of a run comes first, its end last. Whatever is not on disk is compiled.
    """
    return _order(inputs._numba_type_, state._numba_type_)


@cache
def _order(inputs: Any, state: Any) -> NDArray[np.int64]:
    phases = (BEFORE, *PHASES, AFTER)
    functions = {phase.name: phase.function for phase in phases}
    found = addresses_of(functions, (inputs, state))
    return np.array([(found[phase.name], phase.once_a_step) for phase in phases], dtype=np.int64)
