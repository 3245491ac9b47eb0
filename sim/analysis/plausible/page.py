"""The page: what is asked and whether it holds, then the record line by line."""

from sim.analysis.plausible import sections
from sim.analysis.plausible.criteria import BELARUS, RUSSIA, STAND_INS, by_luck, criteria
from sim.analysis.plausible.record import Cell, measures_of
from sim.analysis.plausible.runs import Runs
from sim.analysis.plausible.words import percent, short
from sim.templates import render
from sim.words import markdown


def page(runs: Runs, cells: tuple[Cell, ...], command: str) -> str:
    """Return the page in Markdown.

    Parameters
    ----------
    cells : tuple of Cell
        What the record knows, answers of the targets among them.
    command : str
        What wrote the page.
    """
    setting = runs.setting
    acts = measures_of(cells, setting)
    grid = [c for c in acts if c.sender not in runs.members]
    alone = [c for c in acts if c.sender in runs.members]
    targets = [t for t in setting.config.scenario.targets if any(c.target == t for c in grid)]
    return render(
        "analysis/plausible/page.md",
        command=command,
        runs=f"{runs.n_runs:,}",
        seed=setting.config.seed,
        start=short(setting, 0),
        end=short(setting, runs.last_day),
        stand_ins=min(runs.n_runs, STAND_INS),
        summary=summary(runs, cells),
        tally=sections.tally(runs, grid),
        first_movers=sections.first_movers(runs, acts),
        grids="\n\n".join(sections.grids(runs, grid, target) for target in targets),
        members=sections.members_alone(runs, alone),
        belarus=sections.belarus(runs, grid),
        answers_of_russia=sections.answers(runs, cells, RUSSIA),
        answers_by_country=sections.answers_by_country(runs, cells),
        answers_of_belarus=sections.answers(runs, cells, BELARUS),
        gas=sections.gas(runs, cells),
        withdrawals=sections.withdrawals(runs),
        objections=sections.objections(runs),
        third_states=sections.third_states(runs),
    )


def summary(runs: Runs, cells: tuple[Cell, ...]) -> str:
    """Return what is asked, what the ensemble gives, what the record says, whether it holds."""
    rows, luck = criteria(runs, cells), by_luck(runs, cells)
    body = [
        (
            row.asked,
            row.ours,
            row.record,
            "holds" if row.holds else "**fails**",
            percent(luck[row.asked]) if row.asked in luck else "",
        )
        for row in rows
    ]
    held = sum(row.holds for row in rows)
    return markdown(("asked", "ours", "record", "", "by luck"), body) + (
        f"\n\n{held} of {len(rows)} hold."
    )
