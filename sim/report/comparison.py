"""The page of a comparison, drawn from what is stored alone: what differs, and what is luck."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.compare import words
from sim.analysis.compare.comparison import Comparison
from sim.analysis.compare.store import read
from sim.config import inches_of, words_of
from sim.report.figures.compared import differences_over_time, losses_compared, paths_compared
from sim.report.figures.saving import layout_width, save
from sim.report.pictures import shown
from sim.report.provenance import APART, Provenance
from sim.report.tables import files_of, write_table
from sim.templates import write_page
from sim.words import counted, listed

FIGURES: dict[str, Callable[[Comparison, float], Figure]] = {
    "over_time": paths_compared,
    "differences_over_time": differences_over_time,
    "losses_by_state": losses_compared,
}


def write(folder: Path) -> Path:
    """Write the figures, the tables and `index.html` of a comparison; return the page.

    Parameters
    ----------
    folder : Path
        Holds what `sim.analysis.compare.write` wrote; nothing is simulated.

    Raises
    ------
    InputError
        It holds no comparison.
    """
    comparison = read(folder)
    provenance = provenance_of(comparison).line()
    return write_page(
        folder,
        "report/comparison.html",
        provenance=provenance,
        command=comparison.command,
        comparison=comparison,
        draws=counted(comparison.runs, "draw"),
        sanctioners=words.others_sanction(comparison),
        pictures=_pictures(folder, comparison, provenance),
        files=_tables(folder, comparison, provenance),
        answers=[_answer(comparison, label) for label in comparison.labels[1:]],
        first_year=words.first_year(comparison),
        targets=listed(map(comparison.name, comparison.targets)),
    )


def provenance_of(comparison: Comparison) -> Provenance:
    """Return what made the numbers of a comparison."""
    return Provenance(
        " against ".join([", ".join(comparison.labels[1:]), comparison.labels[0]]),
        " ".join(word for word in comparison.common if not word.startswith(APART)),
        f"seed {comparison.seed}, {counted(comparison.runs, 'run')} of each",
        comparison.versions["sanctionsim"],
        f"world {Path(comparison.world).name}",
    )


def _pictures(folder: Path, comparison: Comparison, provenance: str) -> dict[str, dict[str, Any]]:
    """Draw the figures; return of each its files and, if one fits a page, a picture."""
    options = comparison.variants[0].config["figures"]
    inches = inches_of(options["width"]) or 0.0
    found = {}
    for name, draw in FIGURES.items():
        figure = draw(comparison, layout_width(inches))
        paths = save(figure, folder / name, words_of(options["format"]), provenance, inches)
        found[name] = shown(paths)
    return found


def _tables(folder: Path, comparison: Comparison, provenance: str) -> dict[str, list[Any]]:
    """Write the tables for a paper; return their files by name."""
    first = comparison.labels[0]
    means = "for times that may never come the median, of others the mean"
    made = {
        "table_main": (
            outcomes_table(comparison, main=True),
            f"What differs from {first} over the same draws; {means}",
        ),
        "table_outcomes": (
            outcomes_table(comparison),
            f"All outcomes, and how they differ from {first} over the same draws; {means}",
        ),
        "table_measures": (
            _measures_table(comparison),
            "Measures that come earlier, later, more or less often by more than luck",
        ),
        "table_losses": (_losses_table(comparison), f"Loss of each state against {first}"),
    }
    for name, (frame, caption) in made.items():
        write_table(folder, name, _of_two(frame, comparison), f"{caption}. {provenance}")
    return {name: files_of(name) for name in made}


def _of_two(frame: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """Return a table without a column for the setting, where there is only one beside the first."""
    if len(comparison.labels) > 2:
        return frame
    frame, label = frame.drop(columns="Setting"), comparison.labels[1]
    return frame.rename(
        columns=lambda name: name.replace("This setting", label).replace("this setting", label)
    )


def outcomes_table(comparison: Comparison, main: bool = False) -> pd.DataFrame:
    """Return one row per variant but the first and outcome, all or the main ones.

    Parameters
    ----------
    main : bool
        Only the dozen outcomes that answer most questions.
    """
    names = words.main_outcomes(comparison) if main else comparison.described
    rows = []
    for variant in comparison.labels[1:]:
        for name in names:
            found = comparison.difference(variant, name)
            cells = words.cells(comparison, variant, name)
            rows.append(
                {
                    "Setting": variant,
                    "Outcome": cells["label"],
                    comparison.labels[0]: found.first,
                    "This setting": found.second,
                    "Difference": found.middle,
                    "10 %": found.low,
                    "90 %": found.high,
                    "Same sign": found.share,
                    "Verdict": cells["verdict"],
                    "Draws": found.defined,
                }
            )
    return pd.DataFrame(rows)


def _measures_table(comparison: Comparison) -> pd.DataFrame:
    """Return one row per variant but the first and measure that moves."""
    names = {
        "variant": "Setting",
        "who": "Who",
        "label": "Measure",
        "against": "Against",
        "first_median": f"Median day, {comparison.labels[0]}",
        "median_day": "Median day, this setting",
        "difference": "Days apart",
        "first_share": f"Share of draws, {comparison.labels[0]}",
        "share_of_draws": "Share of draws, this setting",
        "verdict": "Verdict",
    }
    rows = comparison.measures
    rows = rows[rows["verdict"].isin(words.MOVES) & (rows["variant"] != comparison.labels[0])]
    return rows.assign(
        who=rows["sender"].map(comparison.name),
        against=rows["target"].map(comparison.name),
        verdict=rows["verdict"].map(words.LATER),
    )[list(names)].rename(columns=names)


def _losses_table(comparison: Comparison) -> pd.DataFrame:
    rows = comparison.states[comparison.states["variant"] != comparison.labels[0]]
    names = {
        "variant": "Setting",
        "name": "State",
        "role": "Role",
        "first": f"{comparison.labels[0]}, % of GDP",
        "second": "This setting, % of GDP",
        "middle": "Difference, percentage points",
        "low": "10 %",
        "high": "90 %",
        "verdict": "Verdict",
    }
    told = rows["verdict"].map(words.HIGHER)
    return rows.assign(verdict=told)[list(names)].rename(columns=names)


def _answer(comparison: Comparison, variant: str) -> dict[str, Any]:
    """Return what the page says of a variant: sentences, rows, and whether the runs do."""
    main = words.main_outcomes(comparison)

    def cells(outcomes: Iterable[str]) -> list[dict[str, str]]:
        return [
            words.cells(comparison, variant, name)
            | {"short": main.get(name, ""), "meaning": comparison.described[name].meaning}
            for name in outcomes
        ]

    moved = words.moved(comparison, variant)
    return {
        "label": variant,
        "turned": words.turned(comparison, variant),
        "said": words.headline(comparison, variant),
        "main": cells(main),
        "others": cells(name for name in comparison.described if name not in main),
        "moved": moved[: words.MOST_ON_PAGE],
        "more_moved": max(len(moved) - words.MOST_ON_PAGE, 0),
        "nobody_moved": words.nobody_moved(comparison, variant),
        "enough": words.enough(comparison, variant),
    }
