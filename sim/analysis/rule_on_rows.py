"""A decision rule, shipped or the user's own, asked for all rows of a person-period table at once.

A sender's threshold is drawn once for all its acts. Here the hazard of each row is averaged over
the thresholds, row by row, as if it were drawn anew: what a sender's past says about its own
threshold is not used.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from sim.analysis.panel import Panel
from sim.analysis.priors import COSTS, INTERCEPT, OWN_REASONS, THRESHOLDS, WEEKEND, bounds_of
from sim.analysis.rule_loop import EFFECT, log_hazards
from sim.arrays import Floats
from sim.config import Config, Rule
from sim.engine.inputs import terms_record
from sim.record import record_of
from sim.rules.terms import SUBTRACTED, Terms
from sim.setting.decision import LINEAR, check_defined, decision_rule, weights_of

QUANTILES = (np.arange(5) + 0.5) / 5  # of the thresholds that are averaged over
STEP = 1e-5


class RuleOnRows:
    """A rule that is asked for the log hazards of many rows, and for their slopes.

    Parameters
    ----------
    rule : Rule
        Its coefficients hold where nothing else is said.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.is_linear = not rule.function and rule.name in LINEAR
        self.has_kinks = bool(rule.function) or rule.name == "threshold"
        self.weights = weights_of(Config(rule=rule))
        self.decide = decision_rule(rule)  # which keeps its code in memory
        self.address = self.decide.address(terms_record(), record_of(self.weights))

    def log_hazards(self, panel: Panel, values: Mapping[str, float], effect: Floats) -> Floats:
        """Return the log hazard per week of each row without shocks, over thresholds averaged.

        Parameters
        ----------
        values : mapping of str to float
            Coefficients other than the rule's own.
        effect : (n_rows,) float64
            Of all kinds together.
        """
        return self._asked(panel, values, effect, {})[0]

    def with_slopes(
        self, panel: Panel, values: Mapping[str, float], names: Iterable[str], effect: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return the log hazards and their slopes by some coefficients and by the effect.

        Returns
        -------
        (n_rows,), (n_rows, n_names), (n_rows,) float64
        """
        sums = {} if self.rule.function else _BY_SUM[self.rule.name]
        asked = [n for n in names if n in self.weights._fields and n not in sums]
        known = {INTERCEPT: self.rule.intercept, **values}  # no rule must ask for it
        steps = {name: _step(name, known[name]) for name in dict.fromkeys([*asked, INTERCEPT])}
        eta, slope = self._asked(panel, values, effect, steps)
        check_defined(int(np.isnan(eta).sum()))
        by = dict(zip((*steps, "effect"), slope.T, strict=True)) | {WEEKEND: panel.weekend}
        for name in THRESHOLDS:
            if name in names:
                step = _step(name, values[name])
                moved = self.log_hazards(panel, {**values, name: values[name] + step}, effect)
                by[name] = (moved - eta) / step
        for name, other in sums.items():
            sign = -1.0 if name in SUBTRACTED else 1.0
            by[name] = sign * panel.terms[:, Terms._fields.index(name)] * by[other]
        return eta, np.column_stack([by[name] for name in names]), by["effect"]

    def _asked(
        self, panel: Panel, values: Mapping[str, float], effect: Floats, steps: Mapping[str, float]
    ) -> tuple[Floats, Floats]:
        """Return log hazards, and slopes by coefficients moved by a step each and by the effect."""
        known = {name: values.get(name, at) for name, at in self.weights._asdict().items()}
        moved = [known, *({**known, name: known[name] + step} for name, step in steps.items())]
        weights = np.array([list(each.values()) for each in moved])
        terms = panel.terms.copy()
        terms[:, EFFECT] = effect
        threshold, mass = self._thresholds(panel, values)
        size = np.array([*steps.values(), STEP] if steps else [])
        eta, slope = log_hazards(self.address, terms, weights, size, threshold, mass)
        return eta + values.get(WEEKEND, self.rule.weekend) * panel.weekend, slope

    def _thresholds(self, panel: Panel, values: Mapping[str, float]) -> tuple[Floats, Floats]:
        """Return thresholds (n,) and their chances for each row, (n_rows, n).

        The threshold rule jumps where the share of peers reaches the threshold, so that following
        and not following are all there is to average.
        """
        mean, spread = (values.get(name, getattr(self.rule, name)) for name in THRESHOLDS)
        scale = spread * np.sqrt(3.0) / np.pi
        n_rows = len(panel.terms)
        if self.is_linear:
            return np.zeros(1), np.ones((n_rows, 1))
        if self.rule.name == "threshold" and not self.rule.function:
            share = panel.terms[:, [Terms._fields.index(n) for n in ("peer", "lead")]].mean(axis=1)
            follows = 1.0 / (1.0 + np.exp(-np.clip((share - mean) / scale, -500.0, 500.0)))
            return np.array([-1.0, 2.0]), np.column_stack([follows, 1.0 - follows])
        threshold = mean + scale * np.log(QUANTILES / (1.0 - QUANTILES))
        return threshold, np.full((n_rows, threshold.size), 1.0 / threshold.size)


# Own reasons enter the rules by their sum, which has one slope: that by the intercept, or, for what
# holds back those who follow too, that by the effect.
_BY_SUM = {
    "threshold": {n: "effect" if n in COSTS else INTERCEPT for n in OWN_REASONS},
    "expected_utility": {n: INTERCEPT for n in OWN_REASONS if n not in COSTS},
}


def _step(name: str, at: float) -> float:
    return -STEP if at + STEP > bounds_of(name)[1] else STEP
