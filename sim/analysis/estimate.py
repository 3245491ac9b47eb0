"""The coefficients of any rule from the person-period table: one estimator.

They are the mode of the posterior, found by L-BFGS-B within the bounds of the schema. How far
effects spread is estimated with them, by the EM algorithm [1]_: the variance is the mean of the
squared effects and of their own variances (Laplace).

References
----------
.. [1] Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM
   algorithm, Journal of the Royal Statistical Society B 39.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from threadpoolctl import threadpool_limits

from sim.analysis.likelihood import Spreads, nodes, slopes
from sim.analysis.panel import Panel, panel_of
from sim.analysis.posterior import SEED, Posterior, covariance
from sim.analysis.priors import (
    EFFECTS,
    FREE,
    PLACES,
    PRIORS,
    SPREADS,
    THRESHOLDS,
    WAVE,
    bounds_of,
    prior_of,
)  # fmt: skip
from sim.analysis.rule_on_rows import RuleOnRows
from sim.arrays import Floats
from sim.config import Rule

NORMAL_95 = 1.959963984540054
NO_SLOPE = 1e-9  # of a log hazard: below, a coefficient changes nothing
START = "independent"  # whose estimate rules that are not linear begin with
SETTLED = 0.02  # change of an effects' spread below which the search for it ends


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rule as the dates and the priors have it."""

    # What was estimated; coefficients that are not among the names stay as they are in it.
    given: Rule
    names: tuple[str, ...]  # its coefficients, the weekend and the spreads of the shocks
    # (n_names,) Mode and standard error from the curvature; nan where it was not asked for, or
    # where the mode lies on a bound of the schema.
    value: Floats
    error: Floats
    # In the log hazard, by kind and name; the kinds are those of `priors.EFFECTS`.
    effects: dict[str, dict[str, float]]
    effect_sd: dict[str, float]  # spread of the effects of each kind
    log_likelihood: float  # of the table that was learnt from
    # Numbers of announcements and of person-days.
    events: float
    n_rows: int
    draws: tuple[Rule, ...] = ()  # the rule at draws of the posterior, if they were asked for

    @property
    def rule(self) -> Rule:
        """The rule with these coefficients."""
        known, free = self.values(), self.given.free
        own: Any = {n: v for n, v in known.items() if n in Rule.__dataclass_fields__}
        own |= {PLACES[kind]: dict(effects) for kind, effects in self.effects.items()}
        return replace(self.given, **own, free={n: known.get(n, at) for n, at in free.items()})

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.given.name

    @property
    def unestimated(self) -> tuple[str, ...]:
        """What of a rule of the user's own changes nothing on these dates, and stays as it was."""
        own = tuple(name for name in self.given.free if name not in self.names)
        takes_effects = any(any(effects.values()) for effects in self.effects.values())
        return own if takes_effects else (*own, "effects of measures and senders")

    def values(self) -> dict[str, float]:
        """Return the coefficients by name."""
        return dict(zip(self.names, self.value.tolist(), strict=True))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per coefficient: 95 % interval, prior, and how much the dates said.

        `learnt` is the share of the prior's variance that the dates removed.
        """
        prior = [prior_of(name) for name in self.names]
        spread = np.array([p.spread for p in prior])
        return pd.DataFrame(
            {
                "value": self.value,
                "low": self.value - NORMAL_95 * self.error,
                "high": self.value + NORMAL_95 * self.error,
                "prior": [p.mean for p in prior],
                "spread": spread,
                "learnt": np.clip(1.0 - (self.error / spread) ** 2, 0.0, 1.0),
                "kind": [p.kind for p in prior],
            },
            index=pd.Index(self.names, name="coefficient"),
        )


def learn(
    table: pd.DataFrame,
    rule: str | Rule,
    free: tuple[str, ...] | None = None,
    start: Estimate | None = None,
    rounds: int = 10,
    errors: bool = False,
    draws: int = 0,
) -> Estimate:
    """Return a rule's coefficients as a table and the priors have them.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    rule : str or Rule
        One of `RULES`, whose coefficients are 0 if they are not estimated, or a rule of the user's
        own, where they stay as they are.
    free : tuple of str, optional
        Which coefficients are estimated, beside the weekend and the spreads of the shocks. All that
        the rule has where nothing is said.
    start : Estimate, optional
        Where the search begins; if not given, with the priors' means, for a shipped rule that is
        not linear with what `independent` learns: its posterior has more than one mode.
    rounds : int
        At most so many estimates of the spreads of the effects.
    errors : bool
        Whether to work out standard errors.
    draws : int
        How many draws of the posterior to make, effects of measures and senders and how far they
        spread among them.
    """
    panel, given = panel_of(table), Rule(name=rule) if isinstance(rule, str) else rule
    asked = RuleOnRows(given)
    if free is None:
        free = estimable(panel, asked) if given.function else FREE[given.name]
    posterior = Posterior(panel, asked, free)
    if start is None and not (asked.is_linear or given.function):
        start = learn(table, START, rounds=rounds)
    effect_sd = dict(EFFECTS if start is None else start.effect_sd)
    at = (
        posterior.begin({}, {}) if start is None else posterior.begin(start.values(), start.effects)
    )
    with threadpool_limits(1, user_api="blas"):  # its products are too small to share out
        for _ in range(rounds):
            at = posterior.mode(at, effect_sd)
            before, effect_sd = effect_sd, posterior.spreads_of_effects(at, effect_sd)
            if all(abs(effect_sd[kind] - before[kind]) < SETTLED for kind in effect_sd):
                break
        at = posterior.mode(at, effect_sd)
        error, points, n_own = np.full(at.size, np.nan), [], posterior.n_own
        if errors or draws:
            inside, bend = posterior.curvature(at, effect_sd)
            error[inside] = np.sqrt(np.diag(covariance(bend, posterior.spread(effect_sd)[inside])))
            points = list(posterior.drawn(at, inside, bend, effect_sd, draws))
    found = Estimate(
        given=given,
        names=posterior.names,
        value=at[:n_own],
        error=error[:n_own],
        effects=posterior.named(at),
        effect_sd=effect_sd,
        log_likelihood=posterior.slopes(at)[0].score,
        events=panel.events,
        n_rows=round(float(table["times"].sum())),
    )
    moved = (replace(found, value=p[:n_own], effects=posterior.named(p)) for p, _ in points)
    return replace(found, draws=tuple(each.rule for each in moved))


def estimated(table: pd.DataFrame, rounds: pd.DataFrame, rule: Rule, draws: int = 0) -> Estimate:
    """Return all that first announcements and later rounds say of a rule, with standard errors."""
    return with_wave(learn(table, rule, errors=True, draws=draws), rounds)


def estimable(panel: Panel, rule: RuleOnRows) -> tuple[str, ...]:
    """Return the coefficients of a user's rule that change the log hazard of any row.

    Those of the shipped rules that it takes, but for that of further waves, thresholds, and its
    own.
    """
    own = rule.rule.free
    shipped = [n for n in rule.weights._fields if n in PRIORS and n != WAVE]
    names = [*shipped, *THRESHOLDS, *own]
    # Away from 0, where a product of two coefficients has no slope.
    values = {name: prior_of(name).mean + 0.1 * prior_of(name).spread for name in names}
    slope = rule.with_slopes(panel, values, names, np.full(len(panel.terms), 0.1))[1]
    moves = np.abs(slope).max(axis=0, initial=0.0) > NO_SLOPE
    return tuple(name for name, has_slope in zip(names, moves, strict=True) if has_slope)


def with_wave(found: Estimate, rounds: pd.DataFrame) -> Estimate:
    """Return an estimate with what a further wave loses, all else as it is.

    Parameters
    ----------
    rounds : DataFrame
        Person-periods of the rounds after the first; where there are none the prior speaks.
    """
    prior, rule = PRIORS[WAVE], found.rule
    panel = panel_of(rounds) if len(rounds) else None

    def loss(wave: float) -> float:
        score = 0.0 if panel is None else _by_day(panel, replace(rule, wave=wave)).sum()
        return 0.5 * ((wave - prior.mean) / prior.spread) ** 2 - score

    value = float(minimize_scalar(loss, bounds=bounds_of(WAVE), method="bounded").x)
    bend = (loss(value + 0.1) + loss(value - 0.1) - 2.0 * loss(value)) / 0.01
    error = 1.0 / np.sqrt(bend)
    waves = np.random.default_rng((SEED, 1)).normal(value, error, len(found.draws))
    waves = np.clip(waves, *bounds_of(WAVE))
    return replace(
        found,
        names=(*found.names, WAVE),
        value=np.r_[found.value, value],
        error=np.r_[found.error, error],
        draws=tuple(replace(r, wave=w) for r, w in zip(found.draws, waves.tolist(), strict=True)),
    )


def log_score(table: pd.DataFrame, rule: Rule) -> float:
    """Return the log probability that a rule gives to what a table saw, summed.

    Parameters
    ----------
    rule : Rule
        Measures and senders that it has no effect of are average ones.
    """
    return float(_by_day(panel_of(table), rule).sum())


def _by_day(panel: Panel, rule: Rule) -> Floats:
    known = [
        getattr(rule, PLACES[kind]).get(name, 0.0)
        for kind, names in panel.effects.items()
        for name in names
    ]
    eta = RuleOnRows(rule).log_hazards(panel, {}, panel.design @ np.array(known))
    return slopes(eta, panel.rows, Spreads(*(getattr(rule, name) for name in SPREADS))).by_day


def predictive(table: pd.DataFrame, found: Estimate) -> float:
    """Return the log probability that an estimate gives to what a table saw, summed.

    Each day is averaged over the draws of the posterior, where there are any: no day tells of
    another. Where the table is of a measure or sender that was not learnt from, it is averaged over
    the normal of such effects, so that its first days tell of its later ones. The pace of such a
    measure, and what it is against one target, are taken to be average.
    """
    rule, known, panel = found.rule, found.effects, panel_of(table)
    new = [
        (kind, code)
        for kind in ("measure", "sender")
        for code in sorted(set(panel.effects[kind]) - set(known[kind]))
    ]
    if len(new) != 1:
        return float(_averaged([_by_day(panel, each) for each in found.draws or (rule,)]).sum())
    ((kind, code),) = new
    node, mass = nodes()
    scores = np.empty(node.size)
    for k, effect in enumerate(found.effect_sd[kind] * node):
        values: Any = {PLACES[kind]: known[kind] | {code: float(effect)}}
        scores[k] = _by_day(panel, replace(rule, **values)).sum()
    return float(_averaged(scores, mass))


def _averaged(scores: Any, mass: Floats | None = None) -> Any:
    """Return the log of the mean of what logs are given of, over the first axis."""
    top = np.max(scores, axis=0)
    return top + np.log(np.average(np.exp(scores - top), axis=0, weights=mass))
