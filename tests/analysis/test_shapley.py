"""Games whose values are known, by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from sim.analysis.value.shapley import (
    alone_weights,
    last_weights,
    members,
    shapley_weights,
    spared,
    surplus,
    total,
    worth,
)


def game(n_players, value):
    """Return the table of one run: coalition by coalition, the value of a set of players."""
    sets = [{int(i) for i in np.flatnonzero(row)} for row in members(n_players)]
    return np.array([[float(value(inside))] for inside in sets])


def shapley(table):
    n_players = table.shape[0].bit_length() - 1
    return worth(shapley_weights(n_players), table)[:, 0]


GLOVES = game(3, lambda s: 0 in s and len(s) > 1)  # one left glove, two right ones
NOISE = np.random.default_rng(7).normal(size=(16, 50))


def test_nobody_comes_first_and_everybody_last():
    assert members(2).tolist() == [[False, False], [True, False], [False, True], [True, True]]


def test_who_has_the_only_left_glove_is_worth_two_thirds_of_the_pair():
    assert shapley(GLOVES) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_gloves_alone_are_worth_nothing_and_a_spare_one_is_worth_nothing_last_in():
    assert worth(alone_weights(3), GLOVES)[:, 0].tolist() == [0.0, 0.0, 0.0]
    assert worth(last_weights(3), GLOVES)[:, 0].tolist() == [1.0, 0.0, 0.0]
    assert surplus(GLOVES).tolist() == [1.0]


def test_where_values_add_up_everybody_is_worth_the_own_part_in_any_order():
    parts = (1.0, -2.0, 0.5, 4.0)
    table = game(4, lambda s: 10.0 + sum(parts[i] for i in s))
    for weights in (shapley_weights(4), alone_weights(4), last_weights(4)):
        assert worth(weights, table)[:, 0] == pytest.approx(parts)
    assert surplus(table) == pytest.approx([0.0])


def test_a_dictator_is_worth_all_and_who_adds_nothing_nothing():
    assert shapley(game(4, lambda s: 2 in s)) == pytest.approx([0.0, 0.0, 1.0, 0.0])


def test_equal_players_are_worth_the_same():
    assert shapley(game(5, lambda s: len(s) ** 2)) == pytest.approx([5.0] * 5)


def test_the_only_player_is_worth_the_same_whichever_way():
    table = np.array([[1.0, 2.0], [4.0, 6.0]])
    for weights in (shapley_weights(1), alone_weights(1), last_weights(1)):
        assert worth(weights, table).tolist() == [[3.0, 4.0]]
    assert surplus(table).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("n_players", [1, 2, 5, 8])
def test_values_sum_to_what_everybody_does_beyond_what_nobody_does(n_players):
    table = np.random.default_rng(1).normal(size=(2**n_players, 20))
    found = worth(shapley_weights(n_players), table).sum(axis=0)
    assert found == pytest.approx(total(table), abs=1e-12)


def test_a_value_is_the_mean_over_all_orders_of_joining():
    by_hand = np.zeros((4, 50))
    orders = list(permutations(range(4)))
    for order in orders:
        inside = 0
        for player in order:
            by_hand[player] += NOISE[inside | 1 << player] - NOISE[inside]
            inside |= 1 << player
    assert worth(shapley_weights(4), NOISE) == pytest.approx(by_hand / len(orders))


def test_shared_draws_spare_what_coalitions_have_in_common():
    luck = np.linspace(-1.0, 1.0, 101)
    parts = game(2, lambda s: 2.0 * (0 in s) + 3.0 * (1 in s))
    common = parts + luck
    assert np.isnan(spared(last_weights(2), common)).all()  # nothing is left to vary
    own = common + np.array([0.0, 0.0, 0.0, 0.1])[:, None] * luck
    # Variances 1 and 1.21 of a coalition with and without it, 0.01 of their difference.
    assert spared(last_weights(2), own) == pytest.approx([2.21 / 0.01] * 2)
    assert np.isnan(spared(last_weights(2), parts)).all()


def test_draws_of_their_own_spare_nothing():
    table = np.random.default_rng(3).normal(size=(8, 20_000))
    assert spared(shapley_weights(3), table) == pytest.approx([1.0] * 3, abs=0.05)
