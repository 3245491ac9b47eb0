"""What a sweep was asked, and what limits what can be said of it."""

import shlex
from collections.abc import Iterator, Mapping
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


def warnings(runs: Runs) -> Iterator[tuple[str, str]]:
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


def silent(runs: Runs) -> Iterator[tuple[str, str]]:
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


def unclear(answers: list[Answer]) -> Iterator[tuple[str, str]]:
    """Yield the outcomes of which most that points differ by is luck still."""
    luck = [each.outcome.label for each in answers if each.luck.between > CLEAR]
    if luck:
        yield (
            "More luck than mechanism.",
            f"{listed(luck)}: most of what points differ by is luck still. Shares, maps and "
            "indices of it say little; more replications would.",
        )
