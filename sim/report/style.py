"""The house style of every figure: one palette, one reading of time, one way to write a date.

Safe for colour-blind readers: roles are told apart by the palette of Okabe and Ito [1]_, time by
lightness (dark is early), and no meaning hangs on a colour alone.

References
----------
.. [1] Okabe and Ito (2008), Color Universal Design, jfly.uni-koeln.de/color.
"""

from contextlib import AbstractContextManager
from datetime import date

from sim.words import MONTHS

DPI = 120
INK, MUTED, FAINT, PAPER = "#1a1a1a", "#595959", "#e4e4e4", "#ffffff"
ALARM = "#d55e00"
ROLE_COLOURS = {
    "sender": "#cfe6f5",
    "defender": "#f0e442",
    "target": "#e8905a",
    "bystander": "#dba5c4",
    "hub": "#f2c566",
    "passive": "#d0d0d0",
}
LINES = ("#c44f00", "#0072b2", "#00805d", "#a8457f", "#8f6500", "#5a5aa8")

# Days since the outbreak up to which a period lasts, its name and its colour.
PERIODS = (
    (3, "first three days", "#081d58"),
    (7, "to day 7", "#225ea8"),
    (14, "to day 14", "#1d91c0"),
    (28, "to day 28", "#7fcdbb"),
)
LATE = "#e3f0a3"
BEYOND = "#d4d4d4"

_RC = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # names are a stranger's: a dollar sign is one
    # Two thirds of the time goes into letters, and at this size hints do not show.
    "text.hinting": "none",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    # Letters stay letters, to be searched and edited, and the same figure has the same bytes.
    "svg.fonttype": "none",
    "svg.hashsalt": "sanctionsim",
    "pdf.fonttype": 42,
}


def house() -> AbstractContextManager[None]:
    """Return a context in which matplotlib draws in the house style, whatever the user's own."""
    import matplotlib.style

    return matplotlib.style.context(["default", _RC])


def period_colour(day: date, outbreak: date, horizon: date) -> str:
    """Return the colour of a day: dark soon after the outbreak, grey beyond the horizon."""
    if day > horizon:
        return BEYOND
    since = (day - outbreak).days
    return next((colour for last, _, colour in PERIODS if since <= last), LATE)


def period_legend(horizon: date) -> list[tuple[str, str]]:
    """Return (colour, label) of every period in the order of time."""
    return [
        *((colour, label) for _, label, colour in PERIODS),
        (LATE, f"to {short_date(horizon)} {horizon.year}"),
        (BEYOND, "later"),
    ]


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour (WCAG relative luminance).

    Pure black, not `INK`: with it every colour leaves a contrast of 4.5.
    """
    channels = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else PAPER


def short_date(day: date) -> str:
    """Return a date as '25 Feb', in English wherever the program runs."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def full_date(day: date) -> str:
    """Return a date as '25 Feb 2022'."""
    return f"{short_date(day)} {day.year}"


def shortened(words: str, letters: int) -> str:
    """Return words cut to a number of letters, the last of them a mark that they go on."""
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"
