"""The page of a valuation, drawn from what is stored alone: what each member is worth."""

from pathlib import Path

import numpy as np

from sim.analysis.value.outcomes import Outcome
from sim.analysis.value.store import Asked, read
from sim.analysis.value.valuation import KINDS, Valuation
from sim.report import value_words as words
from sim.report.figures.saving import layout_width, save
from sim.report.pictures import shown
from sim.report.provenance import Provenance
from sim.report.tables import files_of, write_table
from sim.report.value_figure import worth_figure
from sim.templates import write_page
from sim.words import first_year, signed


def write(folder: Path) -> Path:
    """Write the figure, the tables and `index.html` of a valuation; return the page.

    Parameters
    ----------
    folder : Path
        Holds what `sim.analysis.value.store.save` wrote; nothing is simulated.

    Raises
    ------
    InputError
        It holds no valuation.
    """
    valuation, asked = read(folder)
    provenance = Provenance(**asked.provenance).line()
    figure = worth_figure(valuation, asked, layout_width(asked.inches))
    drawn = save(figure, folder / "worth", asked.formats, provenance, asked.inches)
    for outcome in asked.outcomes:
        caption = (
            f"{outcome.label}, {outcome.unit}: what each member is worth, mean and 10 to 90 % of "
            f"the draws. {provenance}"
        )
        write_table(folder, f"value_{outcome.key}", words.table(valuation, outcome), caption)
    return write_page(
        folder,
        "report/value.html",
        provenance=provenance,
        command=asked.command,
        asked=asked,
        drawn=shown(drawn),
        players=[player.name for player in valuation.players],
        who=words.who(valuation, asked),
        n_coalitions=2 ** len(valuation.players),
        n_runs=valuation.n_runs,
        cards=_cards(valuation, asked),
        answers=[_answer(valuation, asked, outcome) for outcome in asked.outcomes],
        leak=_leak_share(valuation),
        draws=words.draws(valuation, asked),
        nobody=words.nobody(asked),
    )


def _cards(valuation: Valuation, asked: Asked) -> list[tuple[str, str]]:
    """Return the numbers at the top with their words."""
    loss = asked.outcomes[0]
    order, digits = words.lines(valuation, loss), words.DIGITS[loss.key]
    total, surplus = valuation.total("loss"), valuation.surplus("loss")
    cards = [
        (
            f"{signed(total.middle, digits)} %",
            f"of GDP is what {asked.target} loses by the measures of all in "
            f"{first_year(asked.n_days)}",
        ),
        (words.percent(order[0].share), f"of it is owed to {words.the(order[0].name)}"),
    ]
    if surplus.verdict in ("higher", "lower"):
        more = "more" if surplus.middle > 0.0 else "less"
        cards.append(
            (
                f"{signed(abs(surplus.middle), digits)} %",
                f"of GDP is what the whole is {more} than the sum of what each does alone",
            )
        )
    return cards


def _answer(valuation: Valuation, asked: Asked, outcome: Outcome) -> dict[str, object]:
    """Return what the page says of an outcome: sentences, rows, and what shared draws spare."""
    digits, rows = words.DIGITS[outcome.key], []
    for line in words.lines(valuation, outcome):
        cells = [signed(line.worth["shapley"].middle, digits)]
        cells += [words.band(line.worth["shapley"], digits)]
        cells += [signed(line.worth["shapley"].error, digits + 1), words.percent(line.share)]
        for kind in ("alone", "last"):
            cells += [
                signed(line.worth[kind].middle, digits),
                words.band(line.worth[kind], digits),
            ]
        rows.append((line.name, cells))
    return {
        "outcome": outcome,
        "said": words.sentences(valuation, asked, outcome),
        "rows": rows,
        "sums": words.sums(valuation, outcome),
        "spared": [words.spared(valuation, outcome, kind) for kind in KINDS],
        "files": files_of(f"value_{outcome.key}"),
    }


def _leak_share(valuation: Valuation) -> dict[str, str] | None:
    """Return the share of the covered trade that leaks: with all, and over single members.

    None where all cover nothing. It is not defined for a coalition that covers nothing, nor for
    the draws in which it does not.
    """
    shares = valuation.of("leak_share")
    singles = [shares[1 << i] for i in range(len(valuation.players))]
    if not np.isfinite(shares[-1]).any():
        return None
    defined = [found[np.isfinite(found)] for found in singles]
    means = [float(found.mean()) for found in defined if found.size]
    lacking = int(sum(np.isnan(found).sum() for found in (shares[-1], *singles)))
    return {
        "all": words.percent(float(np.nanmean(shares[-1]))),
        "least": words.percent(min(means, default=np.nan)),
        "most": words.percent(max(means, default=np.nan)),
        "lacking": f"{lacking:,} of {shares[0].size * (1 + len(singles)):,}" if lacking else "",
    }
