"""The engine against a plain reference, in a small world in which everything happens once.

Dated acts must be the same, numbers equal to 1e-9 or to 2e-9 of themselves, as far as the series in
`sim.economy.losses` is right, USD billion to 1e-6. `SEEDS=200 EXAMPLES=300 python -m pytest
tests/reference` tries further runs of the baseline, further worlds, rules and step lengths.
"""

from __future__ import annotations

import copy
import dataclasses
import math
import os
import random
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from plain import PHASES, Run

from sim.config import Config
from sim.economy.sectors import sectors_of
from sim.engine.run import Run as Engine
from sim.run import simulate
from sim.setting import prepare
from sim.world import load
from sim.world.catalogue import Position

WORLD = str(Path(__file__).parent / "world")
SEEDS = int(os.environ.get("SEEDS", "10"))
NO_SHARED = {"rule": {"frailty_sd": 0.0, "package_sd": 0.0, "agenda_sd": 0.0, "weekend": 0.0}}
ALONE = ["condemnation", "elite_asset_freeze", "swift_exclusion", "dual_use_export_ban"]
CASES = {
    "the baseline": {},
    "nothing shared": NO_SHARED,
    "random events and talks": {"society": {"escalation": 0.6, "talks": 1.0}},
    "a settlement": {"society": {"settlement": -1.0, "talks": 0.5, "easing_days": 20.0}},
    "events of the scenario": {
        "scenario": {
            "world_events": False,
            "events": [
                {"date": "2022-03-01", "severity": 0.6},
                {"date": "2022-03-20", "severity": 0.2},
            ],
        },
        "society": {"escalation": 0.5},
        "rule": {"shock": 0.0, "restraint": 0.0},
    },
    "slow news": {
        "coordination": {"information_delay_days": 12},
        "rule": {"peer": 2.0, "recent": 2.0, "lead": 2.0, "bloc": 2.0},
    },
    "few meetings": {"coordination": {"meeting_spacing": 2.0, "bilateral": False}},
    "strong pull": {
        "rule": {
            "peer": 2.0, "recent": 2.0, "lead": 1.5, "bloc": 2.0, "meeting": 1.0, "linkage": 1.0,
            "support": 1.0, "relation": 1.0, "frontline": 1.0,
        },
        "coordination": {"peer_weight": 0.7, "lead_weight": 1.5, "issue_linkage": 2.0},
    },
    "fresh news pulls hard": {"rule": {"recent": 9.0}},
    "threshold": {"rule": {"name": "threshold", "intercept": -3.0, "threshold_mean": 0.2}},
    "utility": {
        "rule": {"name": "expected_utility", "intercept": -2.0, "utility_scale": 1.0},
        "economy": {"horizon": "short_run"},
    },
    "independent": {"rule": {"name": "independent"}},
    "no institution": {"coordination": {"institution": False}, "society": {"backslide": 1.0}},
    "hesitation and slow law": {
        "scenario": {"hesitation": {"LED": 1.0}, "extra_lag_days": {"UNA": 9}}
    },
    "majority": {
        "coordination": {
            "council_rule": "majority", "positions": False, "cost_tolerance": 0.01,
            "carve_out_days": 9,
        }
    },
    "leaders": {"coordination": {"council_rule": "leaders"}, "scenario": {"measures": ALONE}},
    "who takes over waits": {"coordination": {"takes_over": True}},
    "a veto": {"coordination": {"veto_players": ["UNB"], "carve_out_days": 12}},
    "imposed": {
        "scenario": {
            "step_days": 3,
            "steps": 24,
            "imposed": {
                "full_embargo": "2022-03-01",
                "gas_cutoff": "2022-03-12",
                "goods_export_ban": "2022-03-20",
            }
        }
    },
    "cooperation": {
        "third": {"cooperation": 5.0},
        "evasion": {"backing": {"BYS": 0.9}, "compliance": 6.0},
    },
    "much leaks": {
        "evasion": {
            "learning_days": 10.0, "leak_max": 0.9, "premium": 2.0, "crypto_cap_bn": 50.0,
            "hub_capacity": 0.02, "lag_days": 5.0,
        },
        "coordination": {"aml_sharing": 0.0, "enforcement_sharing": 0.9},
    },
    "transfers": {"coordination": {"burden_sharing": 0.5, "side_payments_bn": 3.0}},
    "a quick list": {"response": {"intercept": 2.0, "listing_days": 12.0}},
    "gas is throttled at once": {
        "response": {"throttling": 20.0, "trust": 0.4, "contract_years": 3.0},
        "scenario": {"imposed": {"gas_throttle": "2022-03-02"}},
    },
    "nothing is throttled": {"response": {"throttling": 0.0}},
    "products apart": {"coordination": {"scope_overlap": 0.4}, "evasion": {"premium": 0.005}},
    "impatience": {"third": {"patience_days": 3.0, "belief_days": 5.0}},
    "at once and from anywhere": {
        "evasion": {
            "lag_days": 0.0, "transit_loss": 0.0, "distance_elasticity": 0.0,
            "border_effect": 0.0, "language_effect": 0.0, "colony_effect": 0.0,
            "union_effect": 0.0,
        },
    },
    "steps of a day": {"scenario": {"step_days": 1, "steps": 60}},
    "the long run": {"economy": {"horizon": "long_run"}, "coordination": {"scope_overlap": 0.7}},
    "prices of 2021 that do not answer": {
        "economy": {"energy_prices": "flat", "price_response": False},
    },
    "a fleet of its own": {
        "economy": {"shadow_fleet": 0.9, "shadow_fleet_days": 30.0},
        "scenario": {"imposed": {"oil_price_cap": "2022-03-05"}},
    },
    "an early cap": {
        "economy": {"shadow_fleet": 0.0},
        "scenario": {"imposed": {"oil_price_cap": "2022-02-26", "oil_import_ban": "2022-03-20"}},
    },
    "nothing held back": {"reluctance": {"payment_risk": 0.0, "reputation": 0.0}},
    "buyers hold back too": {
        "reluctance": {
            "export_risk": 0.8, "third": 0.5, "controls": 1.0, "risk_days": 20.0,
            "exit_days": 14.0, "full_signals": 1.0,
        },
        "society": {"settlement": -1.0, "talks": 0.5, "easing_days": 20.0},
    },
    "one sender": {"scenario": {"only": ["LED"]}},
    "one target": {"scenario": {"targets": {"TAR": 0.8}}},
}  # fmt: skip
RECORDS = {  # kinds of events, and columns by how they begin, that a phase answers for
    "events": ("event", "severity", "urgency"),
    "consult": ("measure", "council"),
    "decide": ("measure", "withdrawal"),
    "council": ("council", "blocked", "carve_out"),
    "commit": ("effective", "measures_effective"),
    "respond": (
        "countermeasure", "listed", "refusal", "protest", "stance", "cooperation", "relation",
    ),
    "hold_back": ("withheld",),
    "divert": ("diverted_bn", "hub_purchases_bn"),
    "enforce": ("leak", "crypto_bn"),
    "sell": (
        "export_bn", "revenue_bn", "discount", "energy_price", "payment_bn", "windfall_bn",
    ),
    "price": ("loss", "mean_sender_loss", "sender_loss", "transfer"),
    "exchange": ("log_rate",),
    "talk": ("talks", "settlement", "settled"),
    "update": ("support", "mean_support", "belief", "attempt_risk"),
    "measure": ("rows", "measures_announced", "waves_announced"),
}  # fmt: skip
TURNED_ON_BY = {
    "events": ["the baseline", "random events and talks", "events of the scenario"],
    "consult": ["slow news", "few meetings"],
    "decide": [
        "strong pull",
        "threshold",
        "utility",
        "independent",
        "no institution",
        "who takes over waits",
        "a settlement",
        "events of the scenario",
    ],
    "council": ["the baseline", "majority", "leaders", "a veto"],
    "commit": ["the baseline", "hesitation and slow law", "imposed"],
    "respond": ["the baseline", "cooperation", "a quick list"],
    "hold_back": ["the baseline", "imposed", "steps of a day", "buyers hold back too"],
    "divert": ["the baseline", "much leaks", "cooperation"],
    "enforce": ["the baseline", "much leaks"],
    "sell": [
        "the baseline",
        "prices of 2021 that do not answer",
        "a fleet of its own",
        "an early cap",
        "imposed",
        "buyers hold back too",
    ],
    "price": [
        "the baseline",
        "transfers",
        "products apart",
        "much leaks",
        "steps of a day",
        "the long run",
        "utility",
        "nothing held back",
    ],
    "exchange": ["the baseline", "imposed", "steps of a day"],
    "talk": ["a settlement", "random events and talks"],
    "update": ["the baseline", "impatience"],
    "measure": ["the baseline", "steps of a day"],
}


def config_of(changes) -> Config:
    config = Config()
    config.world.folder = WORLD
    scenario = {"steps": 12, "targets": {"TAR": 1.0, "AID": 0.1}, "theatre": ["UNA"]}
    levers = {"leaders": ["LED"], "next_leaders": ["UNB"], "council_leaders": ["UNA"]}
    levers["takes_over"] = False  # the leader of the others would wait for the union
    small = {"scenario": scenario, "coordination": levers, "third": {"challenger": "HUB"}}
    for groups in (small, changes):
        for group, values in groups.items():
            for name, value in values.items():
                assert hasattr(getattr(config, group), name)
                setattr(getattr(config, group), name, copy.deepcopy(value))
    return config


@cache
def engine_and_setting(case, number):
    config = config_of(CASES[case])
    config.run = number
    setting = prepare(load(WORLD), config)
    return simulate(setting), setting


def differences(history, run) -> list[tuple]:
    """Return what the engine and the reference do not agree on: label, place, both values."""
    return [*_acts_apart(history.events.fillna(""), run), *_numbers_apart(history, run)]


def _acts_apart(events, run):
    mine, theirs, effective = set(run.log), set(), {}
    for row in events.itertuples():
        act = (row.day, row.kind, row.actor, row.instrument, row.target)
        theirs.add(act)
        if row.kind in ("measure", "council"):
            day = run.effective.get(act)
            known = day is None or run.setting.date_of(day).isoformat() == row.effective
            effective |= {} if known else {act: row.effective}
    for act in sorted(mine ^ theirs):
        yield act[1], act, act in theirs, act in mine
    for act, day in effective.items():
        yield "effective", act, day, run.effective[act]
    if len(run.log) != len(events):
        yield "rows", "events", len(events), len(run.log)


def _numbers_apart(history, run):
    for name, rows in (("steps", run.steps), ("states", run.by_state)):
        table = getattr(history, name)
        if len(table) != len(rows):
            yield "rows", name, len(table), len(rows)
        for place, row in zip(table.to_dict("records"), rows, strict=False):
            for column, value in row.items():
                if not _is_equal(column, place[column], value):
                    yield column, (place["day"], row.get("state", "")), place[column], value
    for column, value in run.outcomes.items():
        if not _is_equal(column, history.outcomes[column], value):
            yield column, "outcomes", history.outcomes[column], value


def _is_equal(column, theirs, mine) -> bool:
    if isinstance(mine, str):
        return theirs == mine
    near = 1e-6 if "_bn" in column else 1e-9
    both = float(theirs), float(mine)
    return math.isclose(*both, rel_tol=2e-9, abs_tol=near) or all(map(math.isnan, both))


@cache
def apart(case, number):
    history, setting = engine_and_setting(case, number)
    return differences(history, Run(setting, setting.config.seed, number).live())


def of_phase(found, phase):
    return [row for row in found if row[0].startswith(RECORDS[phase])]


@pytest.mark.parametrize("phase", PHASES)
def test_a_phase_of_the_engine_is_that_of_the_reference(phase):
    for case in TURNED_ON_BY[phase]:
        for number in range(2):
            assert of_phase(apart(case, number), phase) == [], (case, number)


@pytest.mark.parametrize("case", CASES)
def test_a_run_of_the_engine_is_that_of_the_reference(case):
    for number in range(SEEDS if case == "the baseline" else 2):
        assert apart(case, number) == [], number


@pytest.mark.parametrize("phase", PHASES)
def test_an_engine_without_a_phase_would_be_told_apart(phase):
    """Told apart by the records of that very phase, so that its test above can fail."""
    case = TURNED_ON_BY[phase][0]

    class Without(Run):
        pass

    setattr(Without, phase, lambda self, day: None)
    history, setting = engine_and_setting(case, 0)
    run = Without(setting, setting.config.seed, 0).live()
    assert of_phase(differences(history, run), phase)


def test_what_acts_would_add_to_the_loss_of_their_target_is_that_of_the_reference():
    for case in ("the baseline", "much leaks", "steps of a day"):
        _, setting = engine_and_setting(case, 0)
        engine = Engine(setting, setting.config.seed, 0)
        engine.advance(setting.n_days)
        run = Run(setting, setting.config.seed, 0).live()
        expected = [[run.damage[i, act] for act in run.acts] for i in run.senders]
        assert engine.state.decision.damage == pytest.approx(np.array(expected), rel=1e-9)


def test_everything_that_the_docs_describe_happens():
    kinds = set()
    for case in CASES:
        for number in range(2):
            kinds |= set(engine_and_setting(case, number)[0].events["kind"])
    assert kinds == {
        "event", "talks", "measure", "council", "withdrawal", "blocked", "carve_out",
        "countermeasure", "refusal", "listed", "protest", "stance", "cooperation", "settlement",
    }  # fmt: skip


@given(st.integers(0, 2**32 - 1))
@settings(
    max_examples=int(os.environ.get("EXAMPLES", "8")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
def test_random_worlds_rules_scenarios_and_step_lengths_give_the_same_run(seed):
    draw = random.Random(seed)
    config = random_config(draw)
    setting = prepare(random_world(draw), config)
    assert differences(simulate(setting), Run(setting, config.seed, config.run).live()) == []


def random_config(draw) -> Config:
    """Draw a configuration: every second number of these groups anywhere near its default."""
    config = config_of({})
    for group in (
        "coordination", "rule", "economy", "reluctance", "evasion", "response", "third", "society",
        "currency",
    ):  # fmt: skip
        part = getattr(config, group)
        for parameter in dataclasses.fields(part):
            value = getattr(part, parameter.name)
            if (
                "low" in parameter.metadata
                and isinstance(value, int | float)
                and draw.random() < 0.5
            ):
                low, high, reach = *_range(parameter), max(abs(value), 1.0)
                found = draw.uniform(max(low, value - reach), min(high, value + reach))
                setattr(part, parameter.name, round(found) if isinstance(value, int) else found)
    levers, scenario = config.coordination, config.scenario
    config.rule.name = draw.choice(("hazard", "threshold", "expected_utility", "independent"))
    config.economy.horizon = draw.choice(("path", "path", "long_run", "short_run"))
    config.economy.energy_prices = draw.choice(("record", "record", "flat"))
    config.economy.price_response = draw.random() < 0.8
    config.economy.goods_prices = draw.random() < 0.8
    config.economy.contracts, config.economy.stocks = draw.random() < 0.8, draw.random() < 0.8
    levers.institution, levers.consultation = draw.random() < 0.5, draw.random() < 0.7
    levers.positions, levers.leaders = draw.random() < 0.7, draw.choice((["LED"], ["UNA"], []))
    levers.takes_over = draw.random() < 0.3
    levers.council_rule = draw.choice(("unanimity", "majority"))
    scenario.only = draw.choice(([], [], [], ["LED"], ["LED", "UNB"], ["UNA", "UNB"]))
    levers.veto_players = [] if scenario.only else draw.choice(([], ["UNA"], ["UNB"]))
    scenario.targets = draw.choice(({"TAR": 1.0}, {"TAR": 1.0, "AID": 0.2}))
    scenario.step_days = draw.choice((1, 5, 7, 14))
    scenario.steps = draw.randint(30, 90) // scenario.step_days + 1
    scenario.imposed = draw.choice(({}, {}, {"full_embargo": "2022-02-25"}))
    config.seed = draw.randrange(2**40)
    return config


def _range(parameter):
    return parameter.metadata["low"], parameter.metadata["high"]


def random_world(draw):
    """Return a world whose states differ at random from ours, and whose trade stays."""
    world, generator = load(WORLD), np.random.default_rng(draw.randrange(2**32))
    n = len(world.states)
    return dataclasses.replace(
        world,
        ideal_point=generator.normal(size=n),
        crypto_index=generator.random(n),
        flights=generator.random(n) < 0.8,
        overflight=generator.random(n),
        sector_facts=tuple(
            dataclasses.replace(f, value=_fact(f, draw)) for f in world.sector_facts
        ),
        positions=tuple(
            Position(
                draw.choice(("LED", "UNA", "UNB")), m.code, draw.randint(0, 30), draw.random() < 0.5
            )
            for m in world.measures
        ),
    )


def _fact(fact, draw):
    """Return another number that a sector's property may have."""
    if fact.property in ("adjustment_days", "rerouting_days", "contract_days", "stock_days"):
        return draw.uniform(10.0, 400.0)
    if fact.property == "piped":
        return float(draw.random() < 0.5)
    if fact.property in ("short_run", "others_elasticity"):
        return draw.uniform(0.1, 1.0)
    if fact.property in ("supply_elasticity", "demand_elasticity"):
        return draw.choice((0.0, draw.uniform(0.3, 1.0)))
    return draw.choice((0.0, draw.random()))


# What the engine once did otherwise than the docs say.


def test_a_member_of_the_union_looks_at_senders_outside_it():
    alliance = prepare(load(WORLD), config_of({})).alliance
    assert alliance.ties_outside[1:, 0].tolist() == [1.0, 1.0]


def test_a_council_decides_for_members_that_have_not_yet_acted_alone():
    world = load(WORLD)
    measures = tuple(
        dataclasses.replace(m, waves=2) if m.code == "goods_import_ban" else m
        for m in world.measures
    )
    config = config_of({})
    config.run = 1
    setting = prepare(dataclasses.replace(world, measures=measures), config)
    assert differences(simulate(setting), Run(setting, config.seed, 1).live()) == []


def test_where_no_leader_has_a_wave_left_nobody_speaks():
    setting = prepare(load(WORLD), config_of({"coordination": {"council_rule": "leaders"}}))
    assert differences(simulate(setting), Run(setting, setting.config.seed, 0).live()) == []


def test_firms_leave_after_measures_that_touch_no_trade():
    config = config_of({"scenario": {"measures": ["central_bank_freeze", "elite_asset_freeze"]}})
    setting = prepare(load(WORLD), config)
    history = simulate(setting)
    assert history.steps["withheld_TAR"].iloc[-1] > 0.0
    assert differences(history, Run(setting, config.seed, 0).live()) == []


def test_three_years_after_a_border_closed_all_sectors_count_alike():
    """Goods come first in the tables and adjust faster than the mean of the sectors."""
    config = config_of(
        {
            "scenario": {"measures": ["condemnation"]},
            "economy": {"price_response": False},
            "reluctance": {"payment_risk": 0.0, "reputation": 0.0},
            "response": {"intercept": -20.0},
        }
    )
    setting = prepare(load(WORLD), config)
    time = sectors_of(setting.world).adjustment_days.mean()
    old = -np.expm1(-3.0 * 365.0 / time)
    fresh, mature = setting.closure[:, setting.targets[0]]
    found = simulate(setting).outcomes["loss_TAR_third_year"]
    assert found == pytest.approx((1.0 - old) * fresh + old * mature, rel=1e-12)


def test_what_is_forgone_does_not_turn_with_age_where_both_ends_are_alike():
    exposures = prepare(load(WORLD), config_of({})).exposures
    alike = dataclasses.replace(exposures, fresh=exposures.mature)
    covered = np.full(exposures.mature.target_share.shape, 0.5)
    ends = [alike.losses(covered, maturity) for maturity in (0.0, 0.5, 1.0)]
    assert ends[1] == pytest.approx(ends[0], rel=1e-12)
    assert ends[2] == pytest.approx(ends[0], rel=1e-12)
