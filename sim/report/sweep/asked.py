"""What a sweep was asked, and what limits what can be said of it."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.analysis.sweep.answer import Answer
from sim.analysis.sweep.data import Factor, Runs, plain
from sim.analysis.sweep.effects import same_everywhere
from sim.compose import literal
from sim.errors import InputError
from sim.report.command import overrides
from sim.report.provenance import provenance_of
from sim.report.sweep.page import Content, Page
from sim.sweep.settings import SweepConfig
from sim.words import counted, listed, percent
from sim.world import load

MOST_WORDS = 12  # values of a factor that a command spells out
CLEAR = 0.5  # share of the variance between points that may be luck before it is said


def names_of(runs: Runs) -> dict[str, str]:
    """Return the names of states by code; none where the world is not on this machine."""
    for folder in runs.manifest.get("worlds", {}):
        try:
            world = load(folder)
        except InputError:
            continue
        return world.names_by_code
    return {}


def _configured(runs: Runs) -> Any:
    """Return the configuration beside the design; None for one of another version's schema."""
    try:
        node = OmegaConf.merge(OmegaConf.structured(SweepConfig), runs.manifest["config"])
        return OmegaConf.to_object(node)
    except (OmegaConfBaseException, InputError):
        return None


def provenance_line(runs: Runs) -> str:
    """Return the line of where a sweep comes from."""
    config = _configured(runs)
    version = runs.manifest["versions"]["sanctionsim"]
    if config is None:
        seed = runs.manifest["seed"]
        return f"Seed {seed}, {runs.n_runs:,} runs; sanctionsim {version}"
    return provenance_of(config, runs.n_runs)._replace(version=version).line()


def command_of(runs: Runs) -> str:
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


def design_of(runs: Runs, page: Page) -> Content:
    """Return what was asked: the design, and what varies over which values."""
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
    config = _configured(runs)
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
        "held": provenance_of(config).differs if config else "",
    }


def _range(entry: Any, factor: Factor) -> str:
    if isinstance(entry, Mapping) and "low" in entry:
        kind = entry.get("distribution", "uniform")
        ends = f"{plain(entry['low'])} to {plain(entry['high'])}"
        levels = f", {len(factor.levels)} levels" if factor.edges is None else ""
        return ends + (f", {kind}" if kind != "uniform" else "") + levels
    few = factor.levels[:MOST_WORDS]
    return ", ".join(few) + (", ..." if len(factor.levels) > len(few) else "")


def limits_of(runs: Runs, answers: list[Answer]) -> Content:
    """Return what limits what can be said: of the page as a whole, of factors, of outcomes."""
    failures, planned = runs.store.failures(), runs.n_points * runs.n_draws
    names, labels = runs.manifest["outcomes"], {f.path: f.label for f in runs.factors}
    still = same_everywhere(runs, names)
    return {
        "missing": planned - runs.n_runs - len(failures),
        "there": f"{runs.n_runs:,} of {planned:,} runs",
        "share": percent(runs.n_runs / planned),
        "points": f"{int(runs.stored.any(1).sum()):,} of {counted(runs.n_points, 'point')}",
        "failed": len(failures),
        "lost": counted(len(failures), "run"),
        "reason": str(failures["reason"].iloc[0]) if len(failures) else "",
        "factors": len(runs.factors),
        "still": listed(runs.still) if runs.still else "",
        "draws": runs.n_draws,
        "common": runs.common,
        "silent": [(labels[path], path) for path, same in still.items() if same == len(names)],
        "outcomes": len(names),
        "unclear": listed(each.outcome.label for each in answers if each.luck.between > CLEAR),
    }
