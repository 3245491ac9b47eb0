"""What each player of a game is worth, from the values of all coalitions.

Coalition c has player i if bit i of the number c is set: 0 is nobody, the last is everybody. Every
worth is a sum of coalitions' values with fixed weights, (n_players, n_coalitions).

References
----------
.. [1] Shapley (1953), A value for n-person games, in Kuhn and Tucker (eds), Contributions to the
   Theory of Games II, Princeton University Press, 307-317.
"""

from math import factorial

import numpy as np

from sim.arrays import Flags, Floats, Ints


def members(n_players: int) -> Flags:
    """Return who is in which coalition, (n_coalitions, n_players)."""
    coalitions = np.arange(2**n_players)[:, None]
    return np.asarray(coalitions >> np.arange(n_players) & 1, dtype=np.bool_)


def shapley_weights(n_players: int) -> Floats:
    """Return the weights of Shapley's value [1]_: what a player adds, mean over all orders.

    Before a player stand s others in a share s! (n - s - 1)! / n! of the orders, for each set of s.
    """
    inside = members(n_players)
    size, n = inside.sum(axis=1), n_players
    joins = np.array([factorial(s - 1) * factorial(n - s) if s else 0 for s in size])
    stays = np.array([factorial(s) * factorial(n - s - 1) if s < n else 0 for s in size])
    return np.where(inside.T, joins, -stays) / factorial(n)


def alone_weights(n_players: int) -> Floats:
    """Return the weights of what a player does alone, beyond what nobody does: first in."""
    return _added(n_players, np.zeros(n_players, np.int64))


def last_weights(n_players: int) -> Floats:
    """Return the weights of what everybody does less what all others do: last in, or left out."""
    everybody = 2**n_players - 1
    return _added(n_players, everybody - (1 << np.arange(n_players)))


def _added(n_players: int, before: Ints) -> Floats:
    """Return the weights of what each player adds to a coalition without it."""
    weights, player = np.zeros((n_players, 2**n_players)), np.arange(n_players)
    weights[player, before] = -1.0
    weights[player, before + (1 << player)] = 1.0
    return weights


def worth(weights: Floats, table: Floats) -> Floats:
    """Return what each player is worth in each run, (n_players, n_runs).

    Parameters
    ----------
    weights : (n_players, n_coalitions)
    table : (n_coalitions, n_runs)
        Values of the coalitions.
    """
    return np.asarray(weights @ table)


def total(table: Floats) -> Floats:
    """Return what everybody does beyond what nobody does, (n_runs,)."""
    return np.asarray(table[-1] - table[0])


def surplus(table: Floats) -> Floats:
    """Return by how much the whole is more than the sum of its parts, (n_runs,).

    That is what all do together less the sum of what each would do alone.
    """
    n_players = table.shape[0].bit_length() - 1
    return np.asarray(total(table) - worth(alone_weights(n_players), table).sum(axis=0))


def spared(weights: Floats, table: Floats) -> Floats:
    """Return by how much shared draws divide the variance of each worth, (n_players,).

    With draws of its own for every coalition the variances of the values would add up; that many
    times as many runs would be needed for the same error. nan where nothing varies.
    """
    table = table[:, ~np.isnan(table).any(axis=0)]
    if table.shape[1] < 2:
        return np.full(weights.shape[0], np.nan)
    apart = weights**2 @ table.var(axis=1, ddof=1)
    shared = worth(weights, table).var(axis=1, ddof=1)
    nothing = shared <= 1e-24 * np.abs(table).max() ** 2
    return np.divide(apart, shared, out=np.full_like(apart, np.nan), where=~nothing)
