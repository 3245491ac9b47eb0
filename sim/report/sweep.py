"""The page of a sweep: what moves what, how much, and whether the runs were enough to say so."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.sweep.answer import Answer, answer, chosen, undefined
from sim.analysis.sweep.boxes import Box, Found, discover
from sim.analysis.sweep.conditions import read_conditions, usual_conditions
from sim.analysis.sweep.data import Factor, Outcome, Runs, outcome_of, plain
from sim.analysis.sweep.effects import Effect, same_everywhere, strongest
from sim.analysis.sweep.indices import HALF_SECOND, SECOND
from sim.config import FORMATS
from sim.errors import InputError
from sim.report import sweep_figures as figures
from sim.report.command import literal, overrides
from sim.report.figures.saving import save
from sim.report.pictures import picture
from sim.report.provenance import provenance_of
from sim.report.tables import shown, write_table
from sim.sweep import store
from sim.templates import render
from sim.words import counted, listed, number, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST_WORDS = 12  # values of a factor that a command spells out
CLEAR = 0.5  # share of the variance between points that may be luck before it is said
VERDICTS = {
    "higher": "higher",
    "lower": "lower",
    "luck": "may be luck",
    "same": "same in every draw",
    "undefined": "not defined",
}
Content = dict[str, Any]


def write(
    folder: Path, outcomes: Sequence[str] = (), condition: str = "", out: Path | None = None
) -> Path:
    """Write figures, tables and the page of a sweep, and return the path of the page.

    Parameters
    ----------
    folder : Path
        Of the store, finished or not.
    outcomes : sequence of str
        To answer for; some that most will ask for if empty.
    condition : str
        Conditions to find boxes for, as `sim.analysis.sweep.conditions` reads them; some that
        most will ask for if empty.
    out : Path, optional
        Where to write; the folder `report` in that of the store if not given.

    Raises
    ------
    InputError
        The folder is no store or has no run, an outcome is unknown, the condition cannot be read.
    """
    runs = Runs(store.open(folder))
    names = chosen(runs, outcomes)
    known = runs.manifest["outcomes"]
    conditions = read_conditions(condition, known) if condition else usual_conditions(runs)
    states = _names(runs)
    answers = [answer(runs, outcome_of(name, states)) for name in names]
    place = _made(out or folder / store.PAGE)
    foot = _provenance(runs)
    page = _Page(place, foot)
    text = render(
        "report/sweep.html",
        name=runs.manifest["name"],
        provenance=foot,
        command=_command(runs),
        redraw=f"sanctionsim report {shlex.quote(str(folder))}",
        asked=_asked(runs, page),
        warnings=[*_warnings(runs), *_silent(runs), *_unclear(answers)],
        answers=[_said(runs, each) for each in answers],
        effects=_effects(runs, answers, page),
        maps=_maps(runs, answers, page),
        indices=_indices(runs, answers, page),
        boxes=_boxes([discover(runs, each) for each in conditions], page),
        enough=_enough(runs, answers, page),
        undefined=_undefined(runs, states, page),
    )
    path = place / "index.html"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


class _Page:
    """Where figures and tables of a page go, and what the template needs of them."""

    def __init__(self, folder: Path, foot: str) -> None:
        self.folder, self.foot = folder, foot

    def figure(self, name: str, figure: Figure) -> Content:
        """Write a figure in three formats and return it for the page."""
        paths = save(figure, self.folder / name, FORMATS, self.foot)
        files = [(path.name, path.suffix[1:].upper()) for path in paths]
        return {"picture": picture(self.folder / f"{name}.png"), "files": files}

    def table(self, name: str, frame: pd.DataFrame, caption: str, by: str = "") -> Content:
        """Write a table in three formats and return it for the page, in groups by a column."""
        write_table(self.folder, name, frame, f"{caption} {self.foot}")
        cells = frame.map(shown)
        groups = [("", cells)]
        if by:
            groups = [(str(key), part) for key, part in cells.groupby(by, sort=False)]
        columns = [column for column in frame if column != by]
        numeric = [frame[column].dtype.kind in "if" for column in columns]
        return {
            "caption": caption,
            "columns": [(c, "n" if n else "") for c, n in zip(columns, numeric, strict=True)],
            "groups": [(key, part[columns].to_numpy().tolist()) for key, part in groups],
            "files": [
                (f"{name}.{ending}", words)
                for ending, words in (("csv", "CSV"), ("md", "Markdown"), ("tex", "LaTeX"))
            ],
        }


def _made(place: Path) -> Path:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{place} cannot be written ({error.strerror}); choose another with out=DIR"
        ) from error
    return place


# What was asked.


def _names(runs: Runs) -> dict[str, str]:
    """Return the names of states by code; none where the world is not on this machine."""
    from sim.world import load

    for folder in runs.manifest.get("worlds", {}):
        try:
            world = load(folder)
        except InputError:
            continue
        return dict(zip(world.states, world.names, strict=True))
    return {}


def _configured(runs: Runs) -> Any:
    """Return the configuration beside the design; None for one of another version's schema."""
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    from sim.sweep.settings import SweepConfig

    try:
        node = OmegaConf.merge(OmegaConf.structured(SweepConfig), runs.manifest["config"])
        return OmegaConf.to_object(node)
    except (OmegaConfBaseException, InputError):
        return None


def _provenance(runs: Runs) -> str:
    config = _configured(runs)
    version = runs.manifest["versions"]["sanctionsim"]
    if config is None:
        seed = runs.manifest["seed"]
        return f"Seed {seed}, {runs.n_runs:,} runs; sanctionsim {version}"
    return provenance_of(config, runs.n_runs)._replace(version=version).line()


def _command(runs: Runs) -> str:
    """Return the command that computes the sweep once more."""
    config = _configured(runs)
    design = runs.manifest["config"]["design"]
    words = [f"design={design['method']}"]
    if design.get("table"):
        words.append(f"design.table={literal(design['table'])}")
    else:
        factors = runs.store.factors
        words += [f"design.factors.{path}={literal(runs.entry(path))}" for path in factors]
    usual = {"samples", "levels", "second_order", "replications", "seed", "common_random_numbers"}
    words += [f"design.{key}={literal(design[key])}" for key in design if key in usual]
    words += [] if config is None else [w for w in overrides(config) if not w.startswith("run=")]
    return " ".join(["sanctionsim sweep", *map(shlex.quote, words)])


def _asked(runs: Runs, page: _Page) -> Content:
    import pandas as pd

    rows = [
        {
            "Factor": factor.label,
            "Key": factor.path,
            "Values": _range(runs.entry(factor.path), factor),
            "Default": factor.default or "none",
            "Unit": factor.unit or "–",
            "Meaning": factor.meaning,
        }
        for factor in runs.factors
    ]
    frame = pd.DataFrame(rows, columns=["Factor", "Key", "Values", "Default", "Unit", "Meaning"])
    design, versions = runs.manifest["config"]["design"], runs.manifest["versions"]
    return {
        "table": page.table("factors", frame, "What varies, over which values."),
        "method": runs.method,
        "points": counted(runs.n_points, "point"),
        "replications": counted(runs.n_draws, "run"),
        "runs": counted(runs.n_points * runs.n_draws, "run"),
        "common": runs.common,
        "seed": runs.manifest["seed"],
        "sample_seed": design.get("seed") if runs.method in ("lhs", "sobol", "morris") else None,
        "version": versions["sanctionsim"],
        "python": versions.get("python", ""),
        "worlds": listed(Path(world).name for world in runs.manifest.get("worlds", {})),
        "n_factors": len(runs.factors),
    }


def _range(entry: Any, factor: Factor) -> str:
    if isinstance(entry, Mapping) and "low" in entry:
        kind = entry.get("distribution", "uniform")
        ends = f"{plain(entry['low'])} to {plain(entry['high'])}"
        levels = f", {len(factor.levels)} levels" if factor.edges is None else ""
        return ends + (f", {kind}" if kind != "uniform" else "") + levels
    few = factor.levels[:MOST_WORDS]
    return ", ".join(few) + (", ..." if len(factor.levels) > len(few) else "")


# What must not be overlooked.


def _warnings(runs: Runs) -> Iterator[tuple[str, str]]:
    """Yield heading and text of what limits the page as a whole."""
    failed = len(runs.store.failures())
    planned = runs.n_points * runs.n_draws
    missing = planned - runs.n_runs - failed
    if missing:
        yield (
            "The sweep is not finished.",
            f"{runs.n_runs:,} of {planned:,} runs are there ({percent(runs.n_runs / planned)}), at "
            f"{int(runs.stored.any(1).sum()):,} of {counted(runs.n_points, 'point')}; what is said "
            "here is said of these.",
        )
    if failed:
        reason = str(runs.store.failures()["reason"].iloc[0])
        yield (
            f"{counted(failed, 'run')} failed and {'counts' if failed == 1 else 'count'} nowhere.",
            f"The first: {reason}. The same command with --retry-failed computes them again.",
        )
    if not runs.factors:
        yield "Nothing varies.", "The design has one value of everything: there is no effect."
    if runs.still:
        yield "Not varied:", f"{listed(runs.still)} had one value at all points."
    if runs.n_draws == 1:
        yield (
            "One run of each point.",
            "What is luck and what is the mechanism cannot be told apart at a point; "
            "design.replications=20 or more can.",
        )
    if not runs.common:
        yield (
            "Each point had draws of its own.",
            "Bands hold the luck of both sides; with design.common_random_numbers=true, the "
            "default, fewer runs say as much.",
        )


def _silent(runs: Runs) -> Iterator[tuple[str, str]]:
    """Yield, loudly, the factors that changed nothing in any run."""
    names = runs.manifest["outcomes"]
    for path, same in same_everywhere(runs, names).items():
        if same == len(names):
            label = next(f.label for f in runs.factors if f.path == path)
            yield (
                f"{label} changed nothing.",
                f"All {len(names)} outcomes are the same at every value of {path}, run by run on "
                "the same draws: something else that it needs is off, or nobody is concerned.",
            )


def _unclear(answers: list[Answer]) -> Iterator[tuple[str, str]]:
    luck = [each.outcome.label for each in answers if each.luck.between > CLEAR]
    if luck:
        yield (
            "More luck than mechanism.",
            f"{listed(luck)}: most of what points differ by is luck still. Shares, maps and "
            "indices of it say little; more replications would.",
        )


# The answer in words.


def _said(runs: Runs, found: Answer) -> Content:
    """Return what moves an outcome, in sentences."""
    unit = _units(runs, found)
    best = strongest(found.effects)
    sure = [e for e in best.values() if e.difference.verdict in ("higher", "lower")]
    same = [e for e in best.values() if _is_still(found, e.factor)]
    rest = [e for e in best.values() if e not in sure and e not in same]
    sentences = [
        f"{effect.factor.label} {'moves it most' if k == 0 else 'moves it too'}: "
        f"{_moved(effect, found.outcome)} ({_band(effect, unit)})."
        for k, effect in enumerate(sure[:4])
    ]
    if rest:
        sentences.append(
            f"No more than luck can be seen of {listed(e.factor.spoken for e in rest)}."
        )
    if same:
        does = "does" if len(same) == 1 else "do"
        names = listed(e.factor.spoken for e in same)
        sentences.append(f"{names[0].upper()}{names[1:]} {does} nothing to it at all.")
    return {"label": found.outcome.titled, "name": found.outcome.name, "sentences": sentences}


def _is_still(found: Answer, factor: Factor) -> bool:
    mine = [e for e in found.effects if e.factor is factor and not e.is_reference]
    return all(e.difference.verdict == "same" for e in mine)


def _moved(effect: Effect, outcome: Outcome) -> str:
    factor, difference = effect.factor, effect.difference
    size = number(abs(difference.middle))
    way = f"from {factor.levels[factor.reference]} to {factor.levels[effect.level]}"
    if outcome.never:
        if not math.isfinite(difference.middle):
            return f"{way} it {'no longer comes' if difference.middle > 0 else 'comes at all'}"
        days = "day" if size == "1" else "days"
        return f"{way} it comes {size} {days} {'later' if difference.middle > 0 else 'earlier'}"
    return f"{way} it {'rises' if difference.middle > 0 else 'falls'} by {size}"


def _band(effect: Effect, unit: str) -> str:
    difference = effect.difference
    ends = f"{number(difference.low)} to {number(difference.high)}"
    return f"{ends} in the middle 80 % of the {unit}"


def _units(runs: Runs, found: Answer) -> str:
    """Return what bands are of: draws where levels are matched, else points."""
    from sim.analysis.sweep.effects import cube

    return "points" if cube(runs, np.empty((runs.n_points, 0))) is None else "draws"


# Sections.


def _effects(runs: Runs, answers: list[Answer], page: _Page) -> Content | None:
    import pandas as pd

    if not runs.factors:
        return None
    drawn, rows = [], []
    for each in answers:
        unit = _units(runs, each)
        figure = figures.effects_figure(each.effects, each.factors, each.outcome, unit)
        drawn.append(
            page.figure(f"effects_{each.outcome.name}", figure)
            | {"alt": _in_words(each, unit), "label": each.outcome.titled}
        )
        rows += [_effect_row(each.outcome, e, unit) for e in each.effects]
    frame = pd.DataFrame(rows)
    if (frame["Defined in"] == "100 %").all():
        frame = frame.drop(columns="Defined in")
    unit = _units(runs, answers[0])
    balanced = unit == "draws"
    how = (
        "each level against the reference at the same values of the other factors and, where "
        "draws are common, on the same draws"
        if balanced
        else "points of each level or range against those of the reference; the other factors "
        "differ between them, so the interval is that of points"
    )
    caption = (
        f"Effects: {how}. The mean of a level (the median of days that may never come), its "
        f"difference, what the middle 80 % of the {unit} lie between, half the 95 % interval of "
        "the mean difference, and whether that is more than luck (chance below 0.3 %)."
    )
    return {"figures": drawn, "table": page.table("effects", frame, caption, "Outcome"), "how": how,
            "binned": any(factor.edges is not None for factor in runs.factors),
            "more": max(0, len(runs.factors) - figures.MOST_PANELS)}  # fmt: skip


def _in_words(found: Answer, unit: str) -> str:
    parts = [
        f"{e.factor.label} {_moved(e, found.outcome)} ({_band(e, unit)})"
        for e in strongest(found.effects).values()
    ]
    return f"Differences from the reference in {found.outcome.label}: {'; '.join(parts)}."


def _effect_row(outcome: Outcome, effect: Effect, unit: str) -> Content:
    difference, is_reference = effect.difference, effect.is_reference
    nothing = np.nan
    word = "Reached in" if outcome.never else "Defined in"
    return {
        "Outcome": outcome.titled,
        "Factor": effect.factor.label,
        "Level": effect.factor.levels[effect.level],
        "Mean or median": difference.second,
        "Difference": nothing if is_reference else difference.middle,
        "10 %": nothing if is_reference else difference.low,
        "90 %": nothing if is_reference else difference.high,
        "± 95 %": nothing if is_reference else figures.NORMAL * difference.error,
        "Verdict": "reference" if is_reference else VERDICTS[difference.verdict],
        "Defined in": f"{100 * effect.reached:.{0 if effect.reached in (0, 1) else 1}f} %"
        + (" (reached)" if word == "Reached in" and effect.reached < 1 else ""),
    }


def _maps(runs: Runs, answers: list[Answer], page: _Page) -> Content | None:
    if len(runs.factors) < 2:
        return None
    drawn = []
    for each in answers:
        figure = figures.maps_figure(each.surfaces, each.outcome)
        pairs = [f"{s.across.label} by {s.up.label}" for s in each.surfaces]
        alt = f"Heat maps of {each.outcome.label} over {listed(pairs)}."
        drawn.append(
            page.figure(f"map_{each.outcome.name}", figure)
            | {"alt": alt, "label": each.outcome.titled, "never": each.outcome.never}
        )
        _write_cells(page.folder, each)
    stands = [f for f in runs.factors if not math.isnan(f.place)]
    apart = [f for f in runs.factors if math.isnan(f.place) and f.default]
    return {
        "figures": drawn,
        "binned": any(s.binned for each in answers for s in each.surfaces),
        "flat": [
            f"{each.outcome.label} over {s.across.spoken} and {s.up.spoken}"
            for each in answers
            for s in each.surfaces
            if s.is_flat
        ],
        "stands": listed(f"{f.spoken} {f.default}" for f in stands),
        "apart": listed(f"{f.spoken} {f.default}" for f in apart),
    }


def _write_cells(folder: Path, found: Answer) -> None:
    import pandas as pd

    rows = [
        (s.across.path, s.across.levels[column], s.up.path, s.up.levels[row],
         s.cells[row, column], s.runs[row, column])
        for s in found.surfaces
        for row, column in np.ndindex(s.cells.shape)
    ]  # fmt: skip
    names = ["across", "level across", "up", "level up", found.outcome.name, "runs"]
    frame = pd.DataFrame(rows, columns=names)
    frame.to_csv(folder / f"map_{found.outcome.name}.csv", index=False, lineterminator="\n")


def _indices(runs: Runs, answers: list[Answer], page: _Page) -> Content | None:
    """Return indices where the design gives them, and shares of variance elsewhere."""
    import pandas as pd

    labels = {factor.path: factor.label for factor in runs.factors}
    content: Content = {
        "figure": None, "wide": [], "why": next((each.why for each in answers if each.why), "")
    }  # fmt: skip
    panels, frames, wide = [], [], []
    for each in (a for a in answers if a.indices is not None):
        known = each.indices
        assert known is not None
        frame = known.frame.assign(path=[labels.get(p, p) for p in known.frame["path"]])
        series = {
            name: (frame[at].to_numpy(), *_ends(frame[at], frame[half]))
            for name, (at, half) in known.drawn.items()
        }
        panels.append((each.outcome.titled, list(frame["path"]), series))
        frame = frame.rename(columns={"path": "Factor"})
        frame.insert(0, "Outcome", each.outcome.titled)
        frames.append(frame)
        wide += [(each.outcome.label, labels.get(path, path)) for path in known.wide]
        content |= {"method": known.method, "note": known.note}
    if panels:
        content["figure"] = page.figure(
            "indices",
            figures.bars_figure(panels, f"{content['method']} indices", "index"),
        )
        content["table"] = page.table(
            "indices",
            pd.concat(frames),
            f"{content['method']} indices. {content['note']}",
            "Outcome",
        )
        content["wide"] = wide
    return content | _second_order(runs, answers, page) | _shares(runs, answers, page)


def _second_order(runs: Runs, answers: list[Answer], page: _Page) -> Content:
    """Return what pairs of factors make together, or what it would cost to know."""
    import pandas as pd

    labels = {factor.path: factor.label for factor in runs.factors}
    shown = [each for each in answers if each.indices and each.indices.pairs is not None]
    if not shown:
        return {"pairs": None, "pairs_cost": _cost_of_second_order(runs)}
    frames, panels, wide = [], [], []
    for each in shown:
        known = each.indices
        assert known is not None
        assert known.pairs is not None
        names = [labels.get(path, path) for path in known.frame["path"]]
        frame = known.pairs.assign(**{at: [labels.get(p, p) for p in known.pairs[at]]
                                      for at in ("path", "other")})  # fmt: skip
        numbers = known.pairs[[SECOND, HALF_SECOND]].to_numpy().T
        panels.append((each.outcome.titled, names, *numbers))
        wide += [
            (each.outcome.label, f"{labels.get(a, a)} with {labels.get(b, b)}")
            for a, b in known.wide_pairs
        ]
        frame = frame.rename(columns={"path": "Factor", "other": "With"})
        frame.insert(0, "Outcome", each.outcome.titled)
        frames.append(frame)
    note = (
        "Second order: the share of the variance between points that two factors make together, "
        "beyond what each makes by itself; ± is half the 95 % interval by bootstrap."
    )
    figure = figures.pairs_figure(panels)
    return {
        "pairs": page.figure("second_order", figure) | {"note": note},
        "pairs_table": page.table("second_order", pd.concat(frames), note, "Outcome"),
        "pairs_wide": wide,
        "pairs_cost": "",
    }


def _cost_of_second_order(runs: Runs) -> str:
    """Return what would tell which factors work together, of a design that could."""
    if runs.method != "sobol" or len(runs.factors) < 2:
        return ""
    k = len(runs.store.factors)
    points = runs.n_points // (k + 2) * (2 * k + 2)
    return (
        "Which two factors work together was not sampled: design.second_order=true does, with "
        f"{points:,} points in place of {runs.n_points:,}."
    )


def _ends(size: pd.Series, half: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    return (size - half).to_numpy(), (size + half).to_numpy()


def _shares(runs: Runs, answers: list[Answer], page: _Page) -> Content:
    import pandas as pd

    panels, rows = [], []
    for each in (a for a in answers if a.shares):
        names = [share.factor.label for share in each.shares]
        series = {"by itself": _series(each, "first")}
        if not np.isnan(each.shares[0].total[0]):
            series["with interactions"] = _series(each, "total")
        panels.append((each.outcome.titled, names, series))
        rows += [
            {
                "Outcome": each.outcome.titled,
                "Factor": share.factor.label,
                "By itself, %": 100 * share.first[0],
                "from": 100 * share.first[1],
                "to": 100 * share.first[2],
                "With interactions, %": 100 * share.total[0],
                "from ": 100 * share.total[1],
                "to ": 100 * share.total[2],
                "Luck between points, %": 100 * each.luck.between,
                "Luck within points, % of all": 100 * each.luck.within,
            }
            for share in each.shares
        ]
    if not panels:
        return {"shares": None}
    balanced = _units(runs, answers[0]) == "draws"
    how = (
        "a decomposition of the variance of the points' means (ANOVA), intervals by bootstrap "
        "over draws"
        if balanced
        else "variance between the levels or ranges of a factor (epsilon squared), intervals by "
        "bootstrap over points"
    )
    figure = figures.bars_figure(
        panels, "Share of the variance between points", "share of the variance"
    )
    frame = pd.DataFrame(rows).dropna(axis=1, how="all")
    return {
        "shares": page.figure("shares", figure) | {"alt": f"Shares of variance: {how}."},
        "shares_table": page.table("shares", frame, f"Shares of variance: {how}.", "Outcome"),
        "how": how,
    }


def _series(found: Answer, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    numbers = np.array([getattr(share, kind) for share in found.shares])
    return numbers[:, 0], numbers[:, 1], numbers[:, 2]


def _boxes(found: list[Found], page: _Page) -> Content:
    import pandas as pd

    rows = [
        {"Condition": each.condition.text, "By": by, "Part": _limits(box),
         "Holds in, %": 100 * box.density, "of these, %": 100 * box.coverage,
         "Runs in it, %": 100 * box.mass}
        for each in found
        for by, boxes in (("PRIM", [each.box] if each.box else []), ("CART", each.leaves))
        for box in boxes
    ]  # fmt: skip
    caption = (
        "Parts of the space of factors by condition: in how many of a part's runs it holds, how "
        "many of all runs in which it holds lie there, how many of all runs do."
    )
    table = page.table("boxes", pd.DataFrame(rows), caption, "Condition") if rows else None
    return {"conditions": [_condition(each) for each in found], "table": table}


def _condition(found: Found) -> Content:
    share = 100 * found.held / found.told if found.told else 0.0
    often = f"It holds in {share:.1f} % of {found.told:,} runs."
    often = "" if found.held in (0, found.told) else often
    return {
        "words": found.condition.words,
        "often": often,
        "box": found.box,
        "limits": _limits(found.box) if found.box else "",
        "why": f"{found.why[0].upper()}{found.why[1:]}." if found.why else "",
        "sampled": found.sampled if found.sampled < found.told else 0,
    }


def _limits(box: Box) -> str:
    return "; ".join(box.limits) or "everywhere"


def _enough(runs: Runs, answers: list[Answer], page: _Page) -> Content | None:
    import pandas as pd

    unit = "replications" if _units(runs, answers[0]) == "draws" else "points of a level"
    rows = [
        {
            "Outcome": each.outcome.titled,
            "Factor": row.effect.factor.label,
            "Largest effect": row.size,
            "± 95 %": row.half,
            "± of the effect, %": 100 * row.half / abs(row.size) if row.size else np.nan,
            f"{unit.capitalize()} used": row.units,
            "Enough": _verdict(row.half, row.size, row.enough),
            f"{unit.capitalize()} to be enough": _needed(row.needed),
        }
        for each in answers
        for row in each.precision
    ]
    if not rows:
        return None
    caption = (
        "Enough runs are those with which half the 95 % interval of the largest effect of a factor "
        "is at most a quarter of it; the last column says how many would be, were the effect as "
        "large as it looks. Days that do not come count as the last of the run here."
    )
    short = [row["Factor"] for row in rows if row["Enough"] == "no"]
    return {
        "table": page.table("enough", pd.DataFrame(rows), caption, "Outcome"),
        "n": len(rows),
        "short": len(short),
        "unit": unit,
    }


def _verdict(half: float, size: float, enough: bool) -> str:
    if math.isnan(half):
        return "cannot be told"
    return "no effect" if half == size == 0.0 else "yes" if enough else "no"


def _needed(needed: float) -> str:
    if math.isnan(needed) or needed == 0.0:
        return "–"
    return "over a million" if needed > 1e6 else f"{needed:,.0f}"


def _undefined(runs: Runs, states: dict[str, str], page: _Page) -> Content | None:
    import pandas as pd

    rows, nowhere = [], []
    for each in undefined(runs):
        outcome = outcome_of(each.name, states)
        if each.runs == runs.n_runs and not outcome.never:
            nowhere.append(each.name)
            continue
        rows.append(
            {
                "Outcome": outcome.titled,
                "Column": each.name,
                "What it means": "not reached by the end" if outcome.never else "not defined",
                "Runs": each.runs,
                "% of all": 100 * each.runs / runs.n_runs,
                "Points without any": each.points,
            }
        )
    if not rows and not nowhere:
        return None
    caption = (
        f"Outcomes that some of {runs.n_runs:,} runs do not have. What is not reached is later "
        "than any day, in medians and conditions; what is not defined counts in no mean."
    )
    table = page.table("undefined", pd.DataFrame(rows), caption) if rows else None
    return {"table": table, "nowhere": listed(nowhere) if nowhere else ""}
