"""Person-period tables that are drawn with known coefficients."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.rules.terms import Terms

ACTORS, MEASURES = 12, 16


def drawn_table(truth, spreads, effects, seed=1, days=60):
    """Return a table in which every actor is at risk of every measure until it acts.

    Parameters
    ----------
    truth : dict of str to float
        Coefficients, the intercept among them.
    spreads : (day, package, agenda) standard deviations
    effects : float
        Spread of the measures' effects.
    """
    rng = np.random.default_rng(seed)
    names = [name for name in truth if name not in ("intercept", "weekend")]
    effect = rng.normal(0.0, effects, MEASURES)
    done = np.zeros((ACTORS, MEASURES), dtype=bool)
    rows = []

    def luck(spread):
        return spread * rng.normal() - spread**2 / 2

    for day in range(days):
        of_day, table = luck(spreads[0]), day % 3 == 0
        weekend = float(day % 7 >= 5)
        package = [luck(spreads[1]) for _ in range(MEASURES)]
        agenda = [luck(spreads[2]) for _ in range(ACTORS)]
        for actor in range(ACTORS):
            sits = table and actor < ACTORS // 2
            for measure in range(MEASURES):
                if done[actor, measure]:
                    continue
                terms = {name: rng.random() for name in names}
                terms["shock"] = terms["shock"] - 0.5  # or a pace would be a level
                eta = truth["intercept"] + truth["weekend"] * weekend + effect[measure] + of_day
                eta += sum(truth[name] * value for name, value in terms.items())
                eta += package[measure] if sits else agenda[actor]
                done[actor, measure] = rng.random() < -np.expm1(-np.exp(eta) / 7)
                rows.append(
                    {
                        "actor": f"A{actor:02}", "body": f"A{actor:02}",
                        "instrument": f"m{measure:02}", "target": "RUS", "day": day,
                        "event": int(done[actor, measure]), "weight": 1.0, "table": sits,
                        "weekend": weekend, "recalled": False, "since_lead": np.inf, "times": 1.0,
                        **dict.fromkeys(Terms._fields, 0.0), **terms,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)
