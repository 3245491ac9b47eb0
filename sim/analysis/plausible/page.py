"""The page: what is asked and whether it holds, then the record line by line."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.facts.page import table
from sim.analysis.plausible import sections
from sim.analysis.plausible.criteria import BELARUS, RUSSIA, Criterion, criteria
from sim.analysis.plausible.record import Cell, measures_of
from sim.analysis.plausible.runs import Runs
from sim.analysis.plausible.words import short

INTRO = """# Is it plausible? The ensemble beside the record

What {runs} runs of the model do from {start} to {end} 2022, line by line beside what was done.
Written by

```
{command}
```

(seed {seed}; the same command writes the same page).

**How to read it.** A *record* day is that of the first announcement by a government; for the EU
the day on which its members' agreement became public. *Not by {end}* says that nobody announced it
by then. *Ours* is the day by which half of the runs have it and, in brackets, the band without the
earliest and the latest tenth; *later* is a day after {end}, *never* is not within the whole run. A
date is *inside* the band, or the runs are *early* or *late*. What the record does not know has no
row, nor has what was in force before {start}. Rows that fail stay.

**What it is worth.** These dates are the sample: coefficients were estimated on them or set with
them in view. Agreement shows that the model can tell what happened, and tests nothing. What came
after {end} was kept back; [estimation.md](estimation.md) has the scores on what a rule was not
shown. Bands are luck alone: parameters stay put.
"""
SUMMARY = """What is asked of the ensemble before its numbers are used. *Rarely* is at most a fifth
of the runs, *mainly* more than half of the cases, *most* at least four fifths. Withdrawals and
cut-offs count to the end of the run, and the row on who lost gas is the only one that looks beyond
{end}."""
TALLY = """A band of 80 % should hold eight dates in ten: fewer mean that the model is surer than it
may be, more that it says little. What was not adopted is inside the band if at least a tenth of the
runs do not have it either."""
FIRST = """Who moved first with each measure; who acts on the same day is first together. *As in the
record* counts the runs in which one of those who were first is first."""
GRID = "One row per measure and sender. Members of the EU appear in the next section."
MEMBERS = """What members may do without the Council. *Ours* is the day on which a member is in, by
its own act or the Council's; *before the Council* counts runs in which it is in by {end} and went
ahead. What it is known not to have done alone is held against its own acts."""
BELARUS_TEXT = "The first deed (more than words) of each sender against either target."
ANSWERS = "The first of its kind counts, whomever it is aimed at."
BY_COUNTRY = """Being put on the list of unfriendly states, and what is aimed at one state alone.
Kinds that the model does not have (seizures, expulsions) stand in the record only."""
GAS = """Who refuses to pay for gas in rubles, and whose gas Russia cuts off. Bulgaria, Finland and
Denmark are part of the rest of the EU."""
WITHDRAWALS = "Measures taken back, all rounds at once. The record knows of none by {end}."
OBJECTIONS = """Who stands in the way of what in a council, and is exempted, in how many runs.
*Stand* is what the world's table of positions says, with what that rests on."""
THIRD = "Those who took no measures: what they say, and to whom they draw nearer."


def page(runs: Runs, cells: tuple[Cell, ...], command: str) -> str:
    """Return the page in Markdown.

    Parameters
    ----------
    runs : Runs
    cells : tuple of Cell
        What the record knows, answers of the targets among them.
    command : str
        What wrote the page.
    """
    setting = runs.setting
    acts = measures_of(cells, setting)
    grid = [c for c in acts if c.sender not in runs.members]
    alone = [c for c in acts if c.sender in runs.members]
    words = {
        "runs": f"{runs.n_runs:,}",
        "start": short(setting, 0),
        "end": short(setting, runs.last_day),
        "command": command,
        "seed": setting.config.seed,
    }
    targets = [t for t in setting.config.scenario.targets if any(c.target == t for c in grid)]
    parts = [
        INTRO.format(**words),
        section("Summary", SUMMARY.format(**words), summary(criteria(runs, cells))),
        section("How much of the record lies inside", TALLY, sections.tally(runs, grid)),
        section("Who moved first", FIRST, sections.first_movers(runs, acts)),
        section("Who adopted what when", GRID,
                "\n\n".join(sections.grids(runs, grid, target) for target in targets)),
        section("Members of the EU before the Council", MEMBERS.format(**words),
                sections.members_alone(runs, alone)),
        section("Belarus", BELARUS_TEXT, sections.belarus(runs, grid)),
        section("Answers of Russia by kind", ANSWERS, sections.answers(runs, cells, RUSSIA)),
        section("Answers of Russia by country", BY_COUNTRY,
                sections.answers_by_country(runs, cells)),
        section("Answers of Belarus", "By kind, as above.",
                sections.answers(runs, cells, BELARUS)),
        section("Gas", GAS, sections.gas(runs, cells)),
        section("Who withdrew", WITHDRAWALS.format(**words), sections.withdrawals(runs)),
        section("Who objected to what", OBJECTIONS, sections.objections(runs)),
        section("Third states", THIRD, sections.third_states(runs)),
    ]  # fmt: skip
    return "\n".join(parts)


def section(title: str, text: str, body: str) -> str:
    """Return a section of the page."""
    return "\n\n".join(part for part in (f"## {title}", text, body) if part) + "\n"


def summary(rows: Sequence[Criterion]) -> str:
    """Return what is asked, what the ensemble gives, what the record says, whether it holds."""
    body = [(r.asked, r.ours, r.record, "holds" if r.holds else "**fails**") for r in rows]
    held = sum(row.holds for row in rows)
    return table(("asked", "ours", "record", ""), body) + f"\n\n{held} of {len(rows)} hold."
