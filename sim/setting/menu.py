"""What senders can do: acts, their waves, what each covers, costs and takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.config import Config
from sim.economy.shocks import EXPORT, TARIFF, Channel, coverage, shock_of
from sim.errors import InputError
from sim.rules import commit, terms
from sim.setting.alliance import Council, leaders_of
from sim.setting.memory import of_world
from sim.world import World
from sim.world.catalogue import FUELS, Entity, Measure


@dataclass(frozen=True, slots=True)
class Act:
    """A measure aimed at a target."""

    measure: Measure
    target: str
    named: tuple[Entity, ...] = ()  # whom it designates by name, in the order of its waves

    def __hash__(self) -> int:
        """Return a hash of its names: acts are keys of what is remembered of a world."""
        return hash((self.measure.code, self.target))


class Menu(NamedTuple):
    """The acts as numbers. Acts come in the order of `Setting.acts`."""

    aimed_at: Ints  # (n_acts,) position of the act's target among the targets
    designates: Ints  # (n_acts,) individuals and entities in each wave
    on_menu: Flags  # (n_acts,) senders may choose it
    # (n_senders, n_acts) The sender has something to decide: it was not in force before the run,
    # is not empty, and the sender, if it decides alone, has not stated that it objects.
    is_open: Flags
    beyond_words: Flags  # (n_acts,) it is more than words
    targeted: Flags  # (n_acts,) it hits named persons, firms and banks
    waves: Ints  # (n_acts,) in how many waves it comes
    # (n_acts,) in [0, 1]
    signal: Floats
    reversibility: Floats
    # (n_acts,) Sender in whose jurisdiction it must be in effect first; -1 for none, -2 if that is
    # nobody in this run.
    host: Ints
    notice: Ints  # (n_senders, n_acts) days from the legal act to the effect
    legal_lag: Ints  # (n_senders,) days; extra days of the scenario included
    # (n_senders, n_acts) days that an act of parliament takes, 0 where none is needed
    law_days: Ints
    # (n_senders, n_acts) Council without which the sender cannot act, -1 for none.
    council_of: Ints
    # (n_senders, n_acts) Council whose waves of the act are those that the sender may take, -1 for
    # none.
    takes_over: Ints
    agenda: Flags  # (n_councils, n_acts) the council decides on it
    # (n_senders, n_acts) Log hazard of measure and sender beside the average, less the sender's
    # hesitation.
    effect: Floats
    pace: Floats  # (n_acts,) weight of log urgency beside the average one
    # (n_senders, n_acts) Loss of the first year in percent of GDP, after burden sharing and side
    # payments: of measures on other things than energy, and on energy; 0 elsewhere.
    cost: Floats
    energy_cost: Floats
    # (n_senders, n_acts) Days until an objection falls that the sender has stated, -1 where it has
    # stated none.
    objection_days: Ints
    exempts: Flags  # (n_senders, n_acts) an objector is then freed of the act
    # (n_senders, n_acts) terms of that name
    retaliation: Floats
    linkage: Floats
    relief: float  # share of the followers' losses that side payments make good, in [0, 1]
    # (n_acts,) It caps the price of oil, freezes reserves, excludes banks from SWIFT.
    caps: Flags
    freezes: Flags
    excludes: Flags
    # (n_acts, n_waves + 1) share of the target's bank assets hit by waves in effect
    hit_share: Floats


def acts_of(world: World, config: Config) -> tuple[Act, ...]:
    """Return the acts of a run: measures on its menu and imposed ones, by target.

    Raises
    ------
    InputError
        A measure that the world lacks, or none that is aimed at a target of the run.
    """
    scenario = config.scenario
    scripted = (str(entry["act"]) for entry in scenario.script)
    imposed = tuple(dict.fromkeys((*scenario.imposed, *scripted)))
    return _acts(world, tuple(scenario.measures), imposed, tuple(scenario.targets))


@of_world
def _acts(
    world: World, measures: tuple[str, ...], imposed: tuple[str, ...], targets: tuple[str, ...]
) -> tuple[Act, ...]:
    known = [measure.code for measure in world.measures]
    for code in measures:
        if code not in known:
            raise InputError.unknown("scenario.measures: measure", code, known)
    chosen = [m for m in world.measures if _is_wanted(m, measures, imposed)]
    if not chosen:
        raise InputError("scenario.measures leaves no measure; name at least one")
    acts = tuple(
        Act(measure, target, _named(world, measure, target))
        for measure in chosen
        for target in targets
        if target in measure.targets
    )
    if not acts:
        aims = sorted({target for measure in world.measures for target in measure.targets})
        raise InputError(
            f"scenario.targets: no measure on the menu is aimed at {' or '.join(targets)}; "
            f"this world has measures against {', '.join(aims)}"
        )
    return acts


def _is_wanted(measure: Measure, measures: tuple[str, ...], imposed: tuple[str, ...]) -> bool:
    if measure.code in imposed or measure.code in measures:
        return True
    return measure.on_menu and not measures


def _named(world: World, measure: Measure, target: str) -> tuple[Entity, ...]:
    named = [e for e in world.entities if (e.instrument, e.target) == (measure.code, target)]
    return tuple(sorted(named, key=lambda entity: entity.wave))


def aims_of(acts: tuple[Act, ...], config: Config) -> Ints:
    """Return the position of each act's target among the targets, (n_acts,)."""
    return np.array([list(config.scenario.targets).index(act.target) for act in acts])


def menu_of(
    world: World,
    config: Config,
    acts: tuple[Act, ...],
    senders: Ints,
    councils: tuple[Council, ...],
    own_loss: Floats,
) -> Menu:
    """Return the numbers of the acts for these senders.

    Parameters
    ----------
    own_loss : (n_senders, n_acts) float64
        Percent of GDP that a sender loses in the first year which alone applies an act.
    """
    codes = [world.states[s] for s in senders]
    signal = np.array([act.measure.signal for act in acts])
    cost, relief = _cost(world, config, own_loss, senders)
    on_energy = np.array([act.measure.scope == "energy" for act in acts])
    objection_days, exempts = _positions(world, config, codes, acts)
    needs_law = np.array([act.measure.needs_law for act in acts])
    extra = np.array([config.scenario.extra_lag_days.get(code, 0) for code in codes])
    council_of, agenda = _council_of(councils, senders, acts), _agenda(councils, acts)
    is_open = (
        _has_object(world, senders, acts)
        & ~_in_force_before(world, codes, councils, acts)
        & ~((objection_days >= 0) & (council_of < 0) & ~agenda.any(axis=0))
    )
    return Menu(
        aimed_at=aims_of(acts, config),
        designates=np.array([act.measure.individuals + act.measure.entities for act in acts]),
        on_menu=np.array([_is_chosen(act.measure, config, senders.size) for act in acts]),
        beyond_words=np.array([not act.measure.is_diplomacy for act in acts]),
        is_open=is_open,
        targeted=np.array([act.measure.targeted for act in acts]),
        waves=np.array([act.measure.waves for act in acts], dtype=np.int64),
        signal=signal,
        reversibility=np.array([act.measure.reversibility for act in acts]),
        host=np.array([_host(world, codes, act.measure) for act in acts], dtype=np.int64),
        notice=_notice(world, config, senders, councils, acts),
        legal_lag=world.legal_lag_days[senders].astype(np.int64) + extra,
        law_days=np.outer(world.legislation_days[senders], needs_law).astype(np.int64),
        council_of=council_of,
        takes_over=_takes_over(world, config, codes, councils, council_of, is_open),
        agenda=agenda,
        effect=_effect(config, codes, councils, acts),
        pace=np.array([config.rule.measure_pace.get(act.measure.code, 0.0) for act in acts]),
        cost=np.where(on_energy, 0.0, cost),
        energy_cost=np.where(on_energy, cost, 0.0),
        objection_days=objection_days,
        exempts=exempts,
        retaliation=_retaliation(world, senders, acts),
        linkage=terms.linkage.py_func(
            np.array([[float(c in config.scenario.theatre)] for c in codes]), signal
        ),
        relief=relief,
        caps=np.array(["cap" in act.measure.effect for act in acts]),
        freezes=np.array(["reserves" in act.measure.effect for act in acts]),
        excludes=np.array(["swift" in act.measure.effect for act in acts]),
        hit_share=_hit_share(acts),
    )


def _is_chosen(measure: Measure, config: Config, n_senders: int) -> bool:
    """Return whether senders decide on it themselves.

    They do not on what is imposed on them, nor on what a script alone brings into the run.
    """
    scenario, alone = config.scenario, measure.competence == "joint" and n_senders == 1
    offered = _is_wanted(measure, tuple(scenario.measures), ())
    return offered and measure.code not in scenario.imposed and not alone


def _has_object(world: World, senders: Ints, acts: tuple[Act, ...]) -> Flags:
    """Return where a sender has what the measure acts upon: flights to stop, gas to do without."""
    has = {
        "": np.ones(senders.size, dtype=np.bool_),
        "flights": world.flights[senders],
        "gas": world.pipeline_bcm[senders] > 0.0,
    }
    return np.column_stack([has[act.measure.needs] for act in acts])


def _in_force_before(
    world: World, codes: list[str], councils: tuple[Council, ...], acts: tuple[Act, ...]
) -> Flags:
    """Return what was announced before the war: nothing is left to decide about it."""
    before = np.zeros((len(codes), len(acts)), dtype=np.bool_)
    triggers = [event.date for event in world.events if event.kind == "trigger"]
    seats = {code: [seat] for seat, code in enumerate(codes)}
    seats |= {council.institution.code: council.members.tolist() for council in councils}
    place = {(act.measure.code, act.target): k for k, act in enumerate(acts)}
    for row in world.timeline:
        k = place.get((row["instrument"], row["target"]))
        if k is not None and triggers and row["announced"] < min(triggers):
            before[seats.get(row["sender"], []), k] = True
    return before


def _notice(
    world: World,
    config: Config,
    senders: Ints,
    councils: tuple[Council, ...],
    acts: tuple[Act, ...],
) -> Ints:
    """Return the days from a sender's legal act to its effect, (n_senders, n_acts).

    Contracts on a fuel run on for longer, the more of it comes from the run's first target;
    members of a union let them end together.
    """
    share = world.energy_share[senders].copy()
    for council in councils:
        if council.competence == "eu":
            share[council.members] = council.voice @ share[council.members]
    seller = next(iter(config.scenario.targets))
    days = np.empty((senders.size, len(acts)))
    for k, act in enumerate(acts):
        measure = act.measure
        ends = measure.phase_out_fuel if act.target == seller else ""
        of_fuel = share[:, FUELS.index(ends)] if ends else np.zeros(senders.size)
        days[:, k] = commit.notice_days.py_func(measure.lag_days, measure.phase_out_days, of_fuel)
    return np.rint(days).astype(np.int64)


def _retaliation(world: World, senders: Ints, acts: tuple[Act, ...]) -> Floats:
    """Return expected retaliation: in kind for a closed airspace, else through energy."""
    energy = world.energy_share[senders].mean(axis=1)
    by_act = [
        terms.retaliation.py_func(world.overflight[senders], 1.0)
        if act.measure.scope == "transport"
        else terms.retaliation.py_func(energy, act.measure.signal)
        for act in acts
    ]
    return np.column_stack(by_act)


def _effect(
    config: Config, codes: list[str], councils: tuple[Council, ...], acts: tuple[Act, ...]
) -> Floats:
    """Return the effects of measures and senders; members of a union have the union's."""
    rule = config.rule
    of_sender = np.array([rule.sender_effects.get(code, 0.0) for code in codes])
    of_sender -= [config.scenario.hesitation.get(code, 0.0) for code in codes]
    for council in councils:
        of_sender[council.members] += rule.sender_effects.get(council.institution.code, 0.0)
    of_act = [
        rule.measure_effects.get(act.measure.code, 0.0)
        + rule.act_effects.get(f"{act.measure.code} {act.target}", 0.0)
        for act in acts
    ]
    return of_sender[:, None] + np.array(of_act)[None, :]


def _positions(
    world: World, config: Config, codes: list[str], acts: tuple[Act, ...]
) -> tuple[Ints, Flags]:
    """Return days until stated objections fall, -1 for none, and whom that frees of the act.

    A veto player objects to everything, whatever it has said to single measures.
    """
    levers = config.coordination
    days = np.full((len(codes), len(acts)), -1, dtype=np.int64)
    exempts = np.ones(days.shape, dtype=np.bool_)
    for position in world.positions if levers.positions else ():
        for k, act in enumerate(acts):
            speaks = position.state in codes and position.state not in levers.veto_players
            meant = position.target in ("", act.target)
            if speaks and meant and act.measure.code == position.instrument:
                seat = codes.index(position.state)
                days[seat, k], exempts[seat, k] = position.days, position.exempt
    return days, exempts


def _host(world: World, codes: list[str], measure: Measure) -> int:
    if not measure.host:
        return -1
    members = [seat for seat, c in enumerate(codes) if c in world.institution(measure.host).members]
    return members[0] if members else -2


def _council_of(councils: tuple[Council, ...], senders: Ints, acts: tuple[Act, ...]) -> Ints:
    council_of = np.full((senders.size, len(acts)), -1, dtype=np.int64)
    for position, council in enumerate(councils):
        only = np.array([act.measure.competence == council.competence for act in acts])
        council_of[np.ix_(council.members, only)] = position
    return council_of


def _takes_over(
    world: World,
    config: Config,
    codes: list[str],
    councils: tuple[Council, ...],
    council_of: Ints,
    is_open: Flags,
) -> Ints:
    """Return where the law lets a sender take only what a union that it is no member of has taken.

    Not what the union's members decide alone, nor what the union had taken before the run.
    """
    found = np.full(council_of.shape, -1, dtype=np.int64)
    place = {council.institution.code: n for n, council in enumerate(councils)}
    for institution in world.institutions if config.coordination.takes_over else ():
        if institution.takes_over not in place:
            continue
        n = place[institution.takes_over]
        members = councils[n].members
        left = (council_of[members] == n).any(axis=0) & is_open[members].any(axis=0)
        bound = [seat for seat, code in enumerate(codes)
                 if code in institution.members and seat not in members]  # fmt: skip
        found[np.ix_(bound, left)] = n
    return found


def _agenda(councils: tuple[Council, ...], acts: tuple[Act, ...]) -> Flags:
    """Return what councils decide on: a union's also on what its members may do before it."""
    decides = {"eu": ("eu", "shared"), "joint": ("joint",)}
    agenda = [
        [act.measure.competence in decides[council.competence] for act in acts]
        for council in councils
    ]
    return np.array(agenda, dtype=np.bool_).reshape(len(councils), len(acts))


class Covers(NamedTuple):
    """What acts cover of a sender's trade with their target."""

    # (n_acts, n_waves + 1, n_channels, n_sectors) By bans and tariffs, by waves in effect.
    trade: Floats
    # (2, n_acts, n_waves + 1, n_sectors) By measures on payments, either way, at the elasticities
    # of the short and the long run.
    payments: Floats

    def whole(self) -> Floats:
        """Return what each act covers alone and whole, (2, n_acts, n_channels, n_sectors)."""
        whole = np.stack([self.trade[:, -1]] * 2)
        unpaid = self.payments[:, :, -1, None]
        whole[:, :, :TARIFF] = 1.0 - (1.0 - whole[:, :, :TARIFF]) * (1.0 - unpaid)
        return whole


def covers_of(world: World, acts: tuple[Act, ...], thetas: Sequence[Floats]) -> Covers:
    """Return what each act covers after each of its waves.

    Waves take equal parts of the scope, an assumption; named banks add up by name.

    Parameters
    ----------
    thetas : two (n_sectors,) float64
        Trade elasticities of the short and the long run.
    """
    n_waves, n_sectors = _most_waves(acts), thetas[0].size
    trade = np.zeros((len(acts), n_waves + 1, len(Channel), n_sectors))
    payments = np.zeros((len(thetas), len(acts), n_waves + 1, n_sectors))
    for position, act in enumerate(acts):
        shock = shock_of(world, act.measure.code, act.target)
        for wave in range(1, n_waves + 1):
            share, banks = min(wave / act.measure.waves, 1.0), bank_share(act, wave)
            trade[position, wave] = coverage(shock, share, 0.0, thetas[0])
            for node, theta in enumerate(thetas):
                payments[node, position, wave] = coverage(shock, 0.0, banks, theta)[EXPORT]
    return Covers(trade, payments)


@lru_cache(maxsize=32)
def _hit_share(acts: tuple[Act, ...]) -> Floats:
    levels = range(_most_waves(acts) + 1)
    return np.array([[bank_share(act, wave) for wave in levels] for act in acts])


def _most_waves(acts: tuple[Act, ...]) -> int:
    return max(act.measure.waves for act in acts)


def bank_share(act: Act, waves: int) -> float:
    """Return the share of the target's bank assets that an act hits after some of its waves."""
    banks = [entity for entity in act.named if entity.kind == "bank"]
    if banks:
        return sum(bank.bank_share for bank in banks if bank.wave <= waves)
    return act.measure.bank_share * min(waves / act.measure.waves, 1.0)


def _cost(world: World, config: Config, own: Floats, senders: Ints) -> tuple[Floats, float]:
    """Return the loss each sender expects from each act alone, and the relief by side payments."""
    levers = config.coordination
    codes = [world.states[s] for s in senders]
    gdp = world.gdp_bn[senders]
    average = gdp @ own / gdp.sum()
    shared = terms.shared_cost.py_func(own, average[None, :], levers.burden_sharing)
    leaders = leaders_of(config, codes)
    follows = np.array([code not in leaders for code in codes])
    burden = np.maximum(shared[follows], 0.0) * gdp[follows, None] / 100.0
    # Without a leader among the senders nobody pays.
    fund = 0.0 if follows.all() else levers.side_payments_bn
    relief = terms.relief(fund, float(burden.sum()))
    gains = np.minimum(shared, 0.0)
    losing = np.maximum(shared, 0.0) * np.where(follows, 1.0 - relief, 1.0)[:, None]
    return gains + losing, relief
