"""Further terms, and other priors of the spreads of effects: what each gains, and where.

    python experiments/specifications.py [NAME ...]

A term was to foretell Belarus or Japan's airspace. It is one more column of the person-period
table of the default rule, with a weak prior, scored one step ahead as `sanctionsim score` does. In
the rule it takes the place of `frontline`, which the dates leave at its prior. What gains nothing
out of sample was not built into the engine. A prior is worth so many effects.

One after the other: ten minutes for all.
"""

from __future__ import annotations

from collections.abc import Callable

import arguments
import numpy as np
import pandas as pd

from sim.analysis import posterior, priors
from sim.analysis.candidates import candidate
from sim.analysis.cross_validation import DATE, EPISODE, SCHEMES, folds
from sim.analysis.episodes import OWN, sample_of
from sim.analysis.estimate import learn
from sim.analysis.history import counted, day_of, history_of
from sim.analysis.score_command import CUT
from sim.arrays import Floats
from sim.config import Config
from sim.world import load

PLACE, RULE = "frontline", "hazard"
OTHER_TARGET = {"RUS": "BLR", "BLR": "RUS"}


def extended(table: pd.DataFrame, target: str = "") -> Floats:
    """Return 1 where an actor, or its union, has taken the measure against the other target."""
    acted = table[table["event"] > 0].groupby([OWN, "body", "instrument", "target"])["day"].min()
    other = table["target"].map(OTHER_TARGET)
    cell = pd.MultiIndex.from_arrays([table[OWN], table["body"], table["instrument"], other])
    since = table["day"].to_numpy() - acted.reindex(cell).to_numpy()
    held = table["target"].to_numpy() == target if target else True
    return np.where((since > 0) & held, 1.0, 0.0)


def in_kind(table: pd.DataFrame) -> Floats:
    """Return retaliation in kind, for a closed airspace, and take it out of that through energy."""
    is_airspace = table["instrument"] == "airspace_ban"
    found = -table["retaliation"].where(is_airspace, 0.0).to_numpy()
    table["retaliation"] = table["retaliation"].mask(is_airspace, 0.0)
    return found


TERMS: dict[str, Callable[[pd.DataFrame], Floats] | None] = {
    "as it is": None,
    "own act against the other target": extended,
    "own act against Russia": lambda table: extended(table, "BLR"),
    "airspace apart from energy": in_kind,
}
WORTHS = {f"spreads worth {worth:g} effects": worth for worth in (0.01, 3.0, 4.0, 10.0, 20.0)}


def main() -> None:
    """Print the coefficient and the scores of each term, and what the prior of spreads changes."""
    words = arguments.parser(__doc__)
    words.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*TERMS, *WORTHS)))
    names = words.parse_args().names or (*TERMS, *WORTHS)
    for name in names:
        if name not in (*TERMS, *WORTHS):
            words.error(f"'{name}' is unknown (known: {', '.join((*TERMS, *WORTHS))})")
    world = load("march_2022")
    history = history_of(world, Config(), world.folder / "timeline.csv")
    until, weak = day_of(history.setting, CUT, "CUT"), priors.PRIORS["severity"]
    held = priors.PRIORS[PLACE]
    for name in names:
        term, table = TERMS.get(name), sample_of(history).table.copy()
        posterior.WORTH = WORTHS.get(name, priors.WORTH)
        if term is not None:
            table[PLACE] = term(table)
        priors.PRIORS[PLACE] = held if term is None else weak
        whole = learn(table, RULE, errors=True)
        at = whole.names.index(PLACE)
        print(f"{name}: {whole.value[at]:.2f}, standard error {whole.error[at]:.2f}")
        print(f"    spread of measures    {whole.effect_sd['measure']:8.3f}")
        for scheme in SCHEMES:
            start = None if scheme in (DATE, EPISODE) else whole
            found = [
                (candidate(RULE, train, start)(test), counted(test))
                for train, test, _ in folds(table, scheme, until)
            ]
            score, events = np.sum(found, axis=0)
            print(f"    {scheme:<22}{score / events:8.3f}", flush=True)


if __name__ == "__main__":
    main()
