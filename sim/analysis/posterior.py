"""The posterior of any rule on a person-period table.

The rule itself, compiled, gives the log hazard of every row; the likelihood averages over the
shocks that the decisions of a day share; priors and normal effects of measures, of measures against
one target, of their pace and of senders hold what the dates do not say.

References
----------
.. [1] Gelfand and Smith (1990), Sampling-based approaches to calculating marginal densities,
   Journal of the American Statistical Association 85.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from scipy.optimize import minimize

from sim.analysis.likelihood import Slopes, Spreads, slopes
from sim.analysis.panel import Panel
from sim.analysis.priors import EFFECTS, SPREADS, WEEKEND, WORTH, bounds_of, prior_of
from sim.analysis.rule_on_rows import RuleOnRows
from sim.arrays import Floats, Ints

NEAR = 1e-3  # step of a difference, in spreads of the priors
# The EM algorithm ends where no spread changes by so much, or after so many steps.
STILL, MOST_STEPS = 1e-4, 2000
SEED = 2022  # of draws of the posterior
TINY = 1e-9  # of a chi-square, which may underflow where a prior is worth nearly nothing
APART = 5  # steps of the sampler from one draw that is kept to the next


class Posterior:
    """The log posterior of a rule on a table, in units of the priors' spreads.

    A point is `(value - prior mean) / prior spread`: coefficients, the weekend, the spreads of the
    shocks, then the effects, kind by kind.
    """

    def __init__(self, panel: Panel, rule: RuleOnRows, free: tuple[str, ...]) -> None:
        self.panel, self.rule = panel, rule
        self.linear = (*free, WEEKEND)
        self.names = (*self.linear, *SPREADS)
        self.n_own, n_effects = len(self.names), panel.design.shape[1]
        prior = [prior_of(n) for n in self.names]
        self.ends = self.n_own + np.cumsum([len(names) for names in panel.effects.values()])[:-1]
        self.mean = np.array([p.mean for p in prior] + [0.0] * n_effects)
        self.own_spread = np.array([p.spread for p in prior])
        low, high = np.array([bounds_of(n) for n in self.names]).T
        wide = np.full(n_effects, np.inf)
        self.low, self.high = np.r_[low, -wide], np.r_[high, wide]
        none = np.zeros(len(panel.terms))
        self.design = np.column_stack(
            [rule.log_hazards(panel, {name: 1.0}, none) for name in self.linear]
        ) if rule.is_linear else None  # fmt: skip

    def spread(self, effect_sd: Mapping[str, float]) -> Floats:
        """Return the spreads of all priors, (n_point,)."""
        kinds = self.panel.effects.items()
        return np.r_[self.own_spread, *(np.full(len(of), effect_sd[kind]) for kind, of in kinds)]

    def begin(
        self, known: Mapping[str, float], effects: Mapping[str, Mapping[str, float]]
    ) -> Floats:
        """Return the values at which the search begins: what is known, else the priors' means.

        Parameters
        ----------
        known : mapping of str to float
            Coefficients by name.
        effects : mapping of str to mapping of str to float
            By kind and name.
        """
        value = self.mean.copy()
        value[self.n_own - len(SPREADS) : self.n_own] = 1.0
        begin = [known.get(name, own) for name, own in zip(self.names, value, strict=False)]
        for kind, names in self.panel.effects.items():
            begin += [effects.get(kind, {}).get(name, 0.0) for name in names]
        return np.clip(np.array(begin), self.low, self.high)

    def named(self, value: Floats) -> dict[str, dict[str, float]]:
        """Return the effects by kind and name."""
        kinds = zip(self.panel.effects.items(), self._parts(value), strict=True)
        return {kind: dict(zip(of, part.tolist(), strict=True)) for (kind, of), part in kinds}

    def _parts(self, value: Floats) -> list[Floats]:
        """Return the effects of each kind."""
        return np.split(value, [self.n_own, *self.ends])[1:]

    def mode(self, value: Floats, effect_sd: Mapping[str, float]) -> Floats:
        """Return the values at the mode of the posterior."""
        spread = self.spread(effect_sd)
        bounds = list(
            zip((self.low - self.mean) / spread, (self.high - self.mean) / spread, strict=True)
        )
        found = minimize(
            lambda u: self.loss(self.mean + spread * u, spread),
            (value - self.mean) / spread,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 500, "ftol": 1e-8, "gtol": 1e-3},
        )
        return self.mean + spread * np.asarray(found.x, dtype=np.float64)

    def loss(self, value: Floats, spread: Floats) -> tuple[float, Floats]:
        """Return minus the log posterior and its slope by the point."""
        found, slope = self.slopes(value)
        point = (value - self.mean) / spread
        return 0.5 * float(point @ point) - found.score, point - spread * slope

    def slopes(self, value: Floats) -> tuple[Slopes, Floats]:
        """Return the log likelihood and its slope by the values."""
        panel, own = self.panel, value[: len(self.linear)]
        effect = panel.design @ value[self.n_own :]
        if self.design is not None:
            eta, by_value = effect + self.design @ own, self.design
            by_effect = np.ones(eta.size)
        else:
            known = dict(zip(self.names, value.tolist(), strict=False))
            eta, by_value, by_effect = self.rule.with_slopes(panel, known, self.linear, effect)
        found = slopes(eta, panel.rows, Spreads(*value[own.size : self.n_own]))
        of_effects = panel.design.T @ (found.of_eta * by_effect)
        return found, np.r_[found.of_eta @ by_value, found.of_spread, of_effects]

    def drawn(
        self, value: Floats, inside: Ints, bend: Floats, effect_sd: Mapping[str, float], n: int
    ) -> Iterator[tuple[Floats, dict[str, float]]]:
        """Yield draws of the posterior within the bounds, and of how far effects spread.

        By Gibbs sampling [1]_, where the likelihood is taken to be a normal around a mode: values
        given the spreads, spreads given the effects.

        Parameters
        ----------
        value : (n_point,) float64
            The mode under the spreads given.
        inside, bend : (n_inside,) int64, (n_inside, n_inside) float64
            As `curvature` gives them.
        """
        draw, found, at = np.random.default_rng(SEED), dict(effect_sd), value.copy()
        slope = self.slopes(value)[1][inside]
        for step in range(n * APART):
            spread = self.spread(found)[inside]
            around = covariance(bend, spread)
            pull = (self.mean - value)[inside] / spread**2
            middle = value[inside] + around @ (slope + pull)
            at[inside] = draw.multivariate_normal(middle, around, method="cholesky")
            found = {
                kind: float(np.sqrt(squares / max(draw.chisquare(size), TINY)))
                for kind, squares, size in self._squares(at**2)
            }
            if step % APART == APART - 1:
                yield np.clip(at, self.low, self.high), found

    def spreads_of_effects(self, value: Floats, effect_sd: Mapping[str, float]) -> dict[str, float]:
        """Return the spreads at which the EM algorithm settles if the likelihood is a normal.

        A normal that has the slope and the curvature of the likelihood at the mode under the
        spreads given: one curvature takes the place of that of every step.
        """
        inside, bend = self.curvature(value, effect_sd)
        slope = self.slopes(value)[1][inside]
        at, variance, found = value.copy(), np.zeros(value.size), dict(effect_sd)
        for _ in range(MOST_STEPS):
            spread = self.spread(found)[inside]
            around = covariance(bend, spread)
            pull = (self.mean - value)[inside] / spread**2
            at[inside] = value[inside] + around @ (slope + pull)
            variance[inside] = np.diag(around)
            before, found = found, self.maximized(at, variance)
            if all(abs(found[kind] - before[kind]) < STILL for kind in found):
                break
        return found

    def curvature(self, value: Floats, effect_sd: Mapping[str, float]) -> tuple[Ints, Floats]:
        """Return which values are off their bounds, and how the log likelihood bends down there.

        That is minus its second derivatives, (n_inside, n_inside), and 0 where it bends up. A rule
        with kinks may have its mode on one, where only differences to both sides agree.
        """
        spread = self.spread(effect_sd)
        near = NEAR * spread
        inside = np.flatnonzero((value - near > self.low) & (value + near < self.high))
        base = self.slopes(value)[1]
        bend = np.empty((inside.size, inside.size))
        for row, k in enumerate(inside):
            step = np.where(np.arange(value.size) == k, near, 0.0)
            bend[row] = (base - self.slopes(value + step)[1])[inside] / NEAR
            if self.rule.has_kinks:
                below = (self.slopes(value - step)[1] - base)[inside] / NEAR
                bend[row] = (bend[row] + below) / 2.0
        bend *= spread[inside]
        size, along = np.linalg.eigh((bend + bend.T) / 2.0)
        along /= spread[inside, None]
        return inside, (along * np.maximum(size, 0.0)) @ along.T

    def maximized(self, value: Floats, variance: Floats) -> dict[str, float]:
        """Return the spreads of the effects given the effects and their variances."""
        parts = self._squares(value**2 + variance)
        return {kind: float(np.sqrt(squares / size)) for kind, squares, size in parts}

    def _squares(self, square: Floats) -> Iterator[tuple[str, float, float]]:
        """Yield the sum of the squares of each kind's effects and their number, with the prior."""
        for (kind, prior), part in zip(EFFECTS.items(), self._parts(square), strict=True):
            yield kind, float(part.sum() + WORTH * prior**2), part.size + WORTH


def covariance(bend: Floats, spread: Floats) -> Floats:
    """Return the covariance under a normal likelihood and independent normal priors, (n, n).

    Parameters
    ----------
    bend : (n, n) float64
        Minus the second derivatives of the log likelihood.
    spread : (n,) float64
        Standard deviations of the priors.
    """
    scaled = np.eye(spread.size) + spread[:, None] * bend * spread
    return spread[:, None] * np.linalg.inv(scaled) * spread
