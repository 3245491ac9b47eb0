"""How fast it is, measured; the last line is one line of JSON.

python experiments/benchmark.py economy
python experiments/benchmark.py ensemble
python experiments/benchmark.py sweep
python experiments/benchmark.py report
python experiments/benchmark.py figures
python experiments/benchmark.py start

Question: does the economy fit inside a simulation? A subcommand is a function that returns a
dictionary of figures; it prints what a person reads before that.
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
WORLD = ROOT / "sim" / "world" / "march_2022" / "economy"
NAFTA = ROOT / "tests" / "cases" / "nafta_1993"


def economy() -> dict[str, Any]:
    """Time NAFTA from a cold start and random embargoes on the March 2022 world."""
    begun = time.process_time()
    import numba

    from sim.economy.equilibrium import solve
    from sim.economy.tables import Economy, read_new_tariff

    nafta = Economy.read(NAFTA)
    tariff = read_new_tariff(nafta, NAFTA)
    read = time.process_time() - begun
    after = solve(nafta, tariff=tariff)
    cold = time.process_time() - begun
    warm = _seconds(lambda: solve(nafta, tariff=tariff))
    figures: dict[str, Any] = {
        "threads": numba.get_num_threads(),
        "nafta_read_s": read,
        "nafta_cold_s": cold,
        "nafta_warm_s": warm,
        "nafta_iterations": after.iterations,
        "nafta_residual": after.residual,
    }
    print(
        f"NAFTA 31 x 40: {cold:.2f} s of processor time from nothing, {read:.2f} s of it imports "
        f"and reading; {1e3 * warm:.1f} ms again; {after.iterations} iterations, residual "
        f"{after.residual:.0e}. (Compiling anew after a change of code adds 10 to 15 s, once.)"
    )
    return figures | _march_2022()


def ensemble(n_runs: int = 1000) -> dict[str, Any]:
    """Time runs at once, one that is stepped, and this machine's limit over the same two years."""
    from sim.config import RECORDS, Config
    from sim.engine import simulate
    from sim.setting import prepare
    from sim.world import load

    world, config = load("march_2022"), Config()

    def rate(
        threads: int = 2, runs: int = n_runs, record: str = "outcomes", **changes: Any
    ) -> float:
        changed = _changed(config, changes)
        return runs / _seconds(lambda: simulate(world, changed, runs, threads, record))

    figures: dict[str, Any] = {"runs_per_second_1": rate(1), "runs_per_second_2": rate(2)}
    figures["stepped_runs_per_second"], figures["work"] = _stepped(world, config)
    figures["ratio_to_stepped"] = figures["runs_per_second_1"] / figures["stepped_runs_per_second"]
    figures["limit_per_second_1"] = _limit(prepare(world, config), figures["work"])
    figures["share_of_limit"] = figures["runs_per_second_1"] / figures["limit_per_second_1"]
    kept = {record: simulate(world, config, 100, record=record) for record in RECORDS}
    size = {record: _megabytes(runs) * 10.0 for record, runs in kept.items()}
    figures["mb_per_1000_runs"] = size["outcomes"]
    figures["exact_per_second_2"] = rate(runs=200, economy__name="exact")
    figures["start_s"] = _start()
    print(
        f"{config.scenario.steps} weeks, {len(world.states)} states, all measures: "
        f"{figures['runs_per_second_1']:.0f} runs a second on one thread, "
        f"{figures['runs_per_second_2']:.0f} on two; {figures['stepped_runs_per_second']:.1f} as a "
        f"model that is stepped, so one thread is {figures['ratio_to_stepped']:.1f} times as fast; "
        f"{figures['share_of_limit']:.0%} of this machine's "
        f"limit of {figures['limit_per_second_1']:.0f} a thread; with exact equilibria at the end "
        f"{figures['exact_per_second_2']:.0f} on two; a second start takes "
        f"{figures['start_s']:.2f} s"
    )
    print("work of a run: " + ", ".join(f"{n} {name}" for name, n in figures["work"].items()))
    print("\nrecord      runs a second   MB per 1,000 runs")
    for record in RECORDS:
        speed = rate(runs=100, record=record)
        print(f"{record:<12}{speed:>13.0f}{size[record]:>20.1f}")
    _print_costs(rate)
    return figures


def _print_costs(rate: Callable[..., float]) -> None:
    """Print how the cost of a run grows, by what is asked of it."""
    few = ["leader_asset_freeze", "swift_exclusion", "dual_use_export_ban", "oil_import_ban"]
    cases: dict[str, dict[str, Any]] = {
        "as it is": {},
        "52 steps": {"scenario__steps": 52},
        "208 steps": {"scenario__steps": 208},
        "8 senders": {"scenario__only": ["USA", "GBR", "CAN", "JPN", "DEU", "FRA", "ITA", "POL"]},
        "4 measures": {"scenario__measures": few},
        "one target": {"scenario__targets": {"RUS": 1.0}},
        "no meetings": {"coordination__consultation": False, "coordination__forums": []},
        "scope overlap 0.5": {"coordination__scope_overlap": 0.5},
        "rule threshold": {"rule__name": "threshold"},
        "rule expected_utility": {"rule__name": "expected_utility"},
    }
    print("\ncase                    ms a run, one thread")
    for name, changes in cases.items():
        print(f"{name:<24}{1e3 / rate(1, 100, **changes):>20.2f}")


def _changed(config: Any, changes: dict[str, Any]) -> Any:
    """Return a configuration with values at `group__name` changed."""
    changed = copy.deepcopy(config)
    for key, value in changes.items():
        group, name = key.split("__")
        assert hasattr(getattr(changed, group), name), key
        setattr(getattr(changed, group), name, value)
    return changed


def _stepped(world: Any, config: Any) -> tuple[float, dict[str, int]]:
    """Return runs a second of a model that is stepped to its end, and what one takes."""
    from sim.engine.state import Work
    from sim.model import SanctionsModel
    from sim.setting import prepare

    setting = prepare(world, config)

    def model_at_end() -> SanctionsModel:
        model = SanctionsModel(setting, seed=config.seed)
        for _ in range(config.scenario.steps):
            model.step()
        return model

    work = model_at_end().engine.state.work
    counted = {name: getattr(work, name) for name in Work.__annotations__}
    return 1.0 / _seconds(model_at_end), counted


def _limit(setting: Any, work: dict[str, int]) -> float:
    """Return how many runs a second this machine could do if only what is counted were done.

    A draw for each threshold, an exponential for each hazard that is weighed, a multiplication and
    an addition for each decider on each day that an act is summed up, and one pricing a step at
    both ends of the horizon: each timed by itself in a compiled loop, without looking for what is
    to be done.
    """
    from sim.economy.losses import Lost, add_losses, add_up, new_sums

    draw, hazard, day = _seconds_per_draw_hazard_and_day(setting.senders.size)
    margins = setting.exposure.margins
    n_senders, n_targets, n_channels, n_sectors = margins.target_share.shape
    ways, nothing = (n_targets, 2), np.zeros(len(setting.world.states))
    held = np.full((n_senders, *ways, n_sectors), 0.3)
    leak, withheld = np.full(n_targets, 0.2), np.full(ways, 0.3)
    nothing_bridged = np.zeros((n_targets, n_sectors))
    lost = Lost(leak, held, withheld, withheld, nothing, nothing_bridged)
    sums, weight = new_sums(margins), np.full((n_targets, n_channels, n_sectors), 0.5)
    add_up(np.full(margins.target_share.shape, 0.5), held, margins, sums)
    given = weight, lost, 1.0, sums, margins, nothing.copy()
    price = 2 * _seconds(lambda: [add_losses(*given) for _ in range(1000)]) / 1000  # both ends
    n_draws = setting.adoption_cell.size + setting.council_cell.size + work["announcements"]
    at_least = n_draws * draw + work["hazards"] * hazard + work["summed_days"] * day
    return float(1.0 / (at_least + setting.config.scenario.steps * price))


def _seconds_per_draw_hazard_and_day(
    n_deciders: int, n: int = 1_000_000
) -> tuple[float, float, float]:
    import numba as nb

    from sim.draws import waiting
    from sim.rules.clock import hazard

    @nb.njit(error_model="numpy")
    def draws(n: int) -> float:
        total = 0.0
        for cell in range(n):
            total += waiting(1, 2, 3, 4, cell)
        return total

    @nb.njit(error_model="numpy")
    def hazards(eta: Any) -> float:
        total = 0.0
        for k in range(eta.size):
            total += hazard(eta[k], 1.0)
        return total

    @nb.njit(error_model="numpy")
    def days(factor: Any, rate: Any, summed: Any) -> None:
        for day in range(factor.shape[0]):
            for k in range(rate.size):
                summed[k] += factor[day, k] * rate[k]

    eta = np.random.default_rng(1).normal(-4.0, 1.0, n)
    factor, rate = np.ones((1000, n_deciders)), np.ones(n_deciders)
    return (
        _seconds(lambda: draws(n)) / n,
        _seconds(lambda: hazards(eta)) / n,
        _seconds(lambda: days(factor, rate, np.zeros(n_deciders))) / len(factor),
    )


def _megabytes(runs: Any) -> float:
    tables = [column.nbytes for table in runs.results.values() for column in table.values()]
    return float(sum(tables) + runs.log.nbytes) / 1e6


def _start() -> float:
    """Return how long the first call takes in a process of its own, imports aside."""
    words = (
        "import time; from sim.config import Config; from sim.engine import simulate; "
        "from sim.setting import prepare; from sim.world import load; config = Config(); "
        "config.scenario.steps = 1; world = load('march_2022'); prepare(world, config); "
        "begun = time.perf_counter(); simulate(world, config, 1); "
        "print(time.perf_counter() - begun)"
    )
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return float(done.stdout)


def sweep(n_runs: int = 100_000) -> dict[str, Any]:
    """Time a sweep, and the same runs by the engine alone in one call for each point."""
    import resource
    import tempfile

    from sim.engine import simulate
    from sim.sweep.plan import plan_of
    from sim.sweep.runner import here
    from sim.sweep.runner import sweep as run
    from sim.world import load

    per_point = -(-n_runs // len(plan_of(["experiment=coordination"]).points))
    plan = plan_of(["experiment=coordination", f"design.replications={per_point}"])
    world, configs = load("march_2022"), [plan_config(plan, k) for k in range(len(plan.points))]
    simulate(world, configs[0], 1)
    begun = time.perf_counter()
    for config in configs:
        simulate(world, config, per_point)
    engine = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        run(plan, Path(folder), here())
        whole = time.perf_counter() - begun
        stored = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet"))
    figures = {
        "runs": plan.n_runs,
        "points": len(plan.points),
        "engine_s": engine,
        "sweep_s": whole,
        "overhead": whole / engine - 1.0,
        "bytes_per_run": stored / plan.n_runs,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(
        f"{plan.n_runs:,} runs of {len(plan.points)} points: {whole:.1f} s planned, run and "
        f"stored, {engine:.1f} s by the engine alone, {100 * figures['overhead']:.1f} % more; "
        f"{figures['bytes_per_run']:.0f} bytes a run, {figures['peak_mb']:.0f} MB at the peak"
    )
    return figures


def plan_config(plan: Any, point: int) -> Any:
    return plan.chunk(point * plan.replications // plan.chunk_runs).config(point)


def report(n_runs: int = 1_000_000) -> dict[str, Any]:
    """Time the page of a sweep, from stores laid out as a sweep's but with made-up outcomes."""
    import tempfile

    figures: dict[str, Any] = {"runs": n_runs}
    for design, words in (
        ("grid", [f"design.replications={-(-n_runs // 84)}"]),
        ("lhs", ["design=lhs", f"design.samples={n_runs // 10}", "design.replications=10"]),
    ):
        with tempfile.TemporaryDirectory() as folder:
            _make_up(Path(folder), ["experiment=coordination", *words])
            code = (
                "import resource, sys; from sim.cli import main; main(sys.argv[1:]); "
                "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
            )
            begun = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", code, "report", folder],
                capture_output=True, text=True, check=True, cwd=ROOT,
            )  # fmt: skip
            figures[f"{design}_s"] = time.perf_counter() - begun
            figures[f"{design}_peak_mb"] = float(done.stdout.split()[-1])
        print(
            f"{design}: the page of {n_runs:,} runs in {figures[f'{design}_s']:.1f} s from start "
            f"to end, {figures[f'{design}_peak_mb']:.0f} MB at the peak"
        )
    return figures


def figures() -> dict[str, Any]:
    """Time the figures of a run and its page, drawn again in one process that has drawn before."""
    import tempfile

    from sim import report
    from sim.compose import checked, compose
    from sim.config import FIGURES
    from sim.engine import History
    from sim.report import figures as drawing
    from sim.run import simulate
    from sim.setting import prepare
    from sim.world import load

    def run(*words: str) -> History:
        config = checked(compose(list(words)))
        return simulate(prepare(load(config.world.folder), config))

    default, whole = run(), run("record=sectors", "coordination.burden_sharing=0.5")
    seconds = partial(_seconds, clock=time.process_time)
    found: dict[str, Any] = {"figures": {}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def draw(run: History, *asked: str) -> int:
            run.setting.config.figures.draw = list(asked)
            with report.uncollected():
                return len([drawing.save(figure, folder / name, ["png"], "")
                            for name, figure in drawing.draw(run)])  # fmt: skip

        for figure in FIGURES:
            found["figures"][figure] = seconds(partial(draw, whole, figure))
        found["n"] = draw(default, "all")
        found["all_s"] = seconds(lambda: draw(default, "all"))
        found["with_page_s"] = seconds(lambda: report.write(folder, default))
    each = ", ".join(f"{name} {seconds:.2f}" for name, seconds in found["figures"].items())
    print(
        f"the {found['n']} figures of a run in {found['all_s']:.2f} s of one processor, with its "
        f"page in {found['with_page_s']:.2f} s; each by itself: {each}"
    )
    return found


def start() -> dict[str, Any]:
    """Time the command `run` from start to end, in turns with imports that it cannot do without.

    Both as processes of their own, once machine code is on disk; their ratio says what is ours.
    """
    import tempfile

    imports = "numpy, numba.np.arraymath, pandas, pyarrow.parquet, hydra, matplotlib.figure"
    reference = [sys.executable, "-c", f"import {imports}"]
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(6):
            run = [sys.executable, "-m", "sim", "run", f"out={folder}/{number}"]
            begun = time.perf_counter()
            of_run = _of_process(run)
            clock = time.perf_counter() - begun
            of_imports = _of_process(reference)
            taken.append((of_run, clock, of_imports, of_run / of_imports))
    medians = map(statistics.median, zip(*taken[1:], strict=True))  # the first may compile
    names = ("run_cpu_s", "run_clock_s", "imports_cpu_s", "ratio_to_imports")
    figures = dict(zip(names, medians, strict=True))
    print(
        f"a run with its page takes {figures['run_cpu_s']:.2f} s of processor time, "
        f"{figures['run_clock_s']:.2f} s on the clock, {figures['ratio_to_imports']:.2f} times the "
        f"{figures['imports_cpu_s']:.2f} s of importing {imports}"
    )
    return figures


def _of_process(words: list[str]) -> float:
    """Return the processor time of a process, its own and the system's for it."""
    import resource

    def so_far() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    begun = so_far()
    subprocess.run(words, check=True, capture_output=True, cwd=ROOT)
    return so_far() - begun


def _make_up(folder: Path, words: list[str]) -> None:
    """Write a store whose outcomes are the factors, luck of the draw and luck of the run."""
    import pandas as pd

    from sim.sweep.chunk import Done, parameters
    from sim.sweep.plan import plan_of
    from sim.sweep.store import Store
    from sim.sweep.tables import encoded, tables_of

    plan = plan_of([*words, "scenario.steps=52"])
    store, generator = Store(folder), np.random.default_rng(1)
    store.begin(plan)
    for number in range(plan.n_chunks):
        chunk = plan.chunk(number)
        known = parameters(chunk, chunk.runs)
        base = sum(np.asarray(known[path], dtype=float) for path in chunk.columns)
        base = base + np.sin(known["draws"])
        frame = pd.DataFrame({"run": chunk.runs})
        for name in chunk.outcomes:
            frame[name] = base + generator.normal(size=len(frame))
        frame["days_to_coalition"] = np.where(base > 3.0, np.nan, 30.0 + 10.0 * base)
        tables = tables_of(chunk, [Done(chunk.runs, {"runs": frame}, {})])
        store.write(number, {name: encoded(table) for name, table in tables.items()})


def _march_2022(n_problems: int = 1000) -> dict[str, Any]:
    from sim.economy.equilibrium import balanced, solve, solve_many
    from sim.economy.tables import Economy

    world = balanced(Economy.read(WORLD))
    costs = _embargoes(world.countries.index("RUS"), len(world.sectors), len(world.countries))
    start = solve(world, costs[0])
    alone = _seconds(lambda: [solve(world, cost) for cost in costs[:50]]) / 50
    started = _seconds(lambda: [solve(world, cost, start=start) for cost in costs[:50]]) / 50
    batch = np.concatenate([costs] * (n_problems // len(costs)))
    solved = solve_many(world, batch)
    rate = len(batch) / _seconds(lambda: solve_many(world, batch))
    figures = {
        "world": f"{len(world.countries)} x {len(world.sectors)}",
        "world_cold_ms": 1e3 * alone,
        "world_started_ms": 1e3 * started,
        "world_per_second": rate,
        "world_iterations_mean": float(solved.iterations.mean()),
        "world_iterations_max": int(solved.iterations.max()),
        "world_residual_max": float(solved.residual.max()),
    }
    print(
        f"March 2022, {figures['world']}: {1e3 * alone:.2f} ms an equilibrium from no change, "
        f"{1e3 * started:.2f} ms from a similar one, {rate:.0f} a second over {len(batch)} random "
        f"coalitions; {solved.iterations.mean():.0f} iterations (at most "
        f"{solved.iterations.max()}), residual at most {solved.residual.max():.0e}"
    )
    return figures


def _embargoes(target: int, n_sectors: int, n_countries: int) -> Any:
    """Return 200 coalitions' trade costs: random members, sectors and factors from 1.1 to 1000."""
    generator = np.random.default_rng(2022)
    costs = np.ones((200, n_sectors, n_countries, n_countries))
    others = np.delete(np.arange(n_countries), target)
    for cost in costs:
        members = generator.choice(others, generator.integers(1, 20), replace=False)
        sectors = np.flatnonzero(generator.random(n_sectors) < 0.7)
        factor = generator.choice([1.1, 1.5, 3.0, 10.0, 1000.0])
        cost[np.ix_(sectors, np.array([target]), members)] = factor
        cost[np.ix_(sectors, members, np.array([target]))] = factor
    return costs


def _seconds(
    act: Callable[[], object], repeats: int = 5, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the median of several times, after a first one that does not count."""
    act()
    times = []
    for _ in range(repeats):
        begun = clock()
        act()
        times.append(clock() - begun)
    return statistics.median(times)


BENCHMARKS: dict[str, Callable[..., dict[str, Any]]] = {
    "economy": economy,
    "ensemble": ensemble,
    "sweep": sweep,
    "report": report,
    "figures": figures,
    "start": start,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=BENCHMARKS)
    parser.add_argument(
        "--runs", type=int, help="of ensemble, sweep and report, if not the usual number"
    )
    given = parser.parse_args()
    sized = {} if given.runs is None else {"n_runs": given.runs}
    print(json.dumps({"benchmark": given.what} | BENCHMARKS[given.what](**sized)))


if __name__ == "__main__":
    main()
