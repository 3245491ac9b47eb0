"""Numbers in words, alike in the terminal, on pages and in figures."""

import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

DASH = "–"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def amount(value: object, digits: int) -> str:
    """Return a number with so many decimals, never -0.00; a dash for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return DASH
    return f"{round(value, digits) + 0.0:.{digits}f}"


def signed(value: object, digits: int) -> str:
    """Return a number as pages and figures set it: with a true minus in place of a hyphen."""
    return amount(value, digits).replace("-", "−")


def number(value: float, digits: int = 3) -> str:
    """Return a number with so many digits that count, never -0; 'never' for a day at infinity."""
    if math.isnan(value):
        return DASH
    if math.isinf(value):
        return "never" if value > 0.0 else "−∞"
    text = f"{value:,.0f}" if abs(value) >= 10.0 ** (digits - 1) else f"{value:.{digits}g}"
    if "e" in text and abs(value) > 1e-6:
        text = f"{Decimal(text):f}"
    return "0" if not text.strip("-0.,") else text.replace("-", "−")


def decimals_of(values: Iterable[float], digits: int = 3) -> int:
    """Return the decimals that show so many digits of the largest of some numbers."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return max(digits - 1 - math.floor(math.log10(largest)), 0) if largest else 0


def alike(values: Sequence[float], digits: int = 3) -> list[str]:
    """Return numbers that stand together, all to the decimals that the largest is worth."""
    finite = [value for value in values if math.isfinite(value)]
    decimals = decimals_of(finite, digits)
    while decimals and all(round(v, decimals) == round(v, decimals - 1) for v in finite):
        decimals -= 1
    return [
        f"{round(v, decimals) + 0.0:,.{decimals}f}".replace("-", "−")
        if math.isfinite(v)
        else number(v)
        for v in values
    ]


def counted(number: float, thing: str, things: str = "") -> str:
    """Return a number of things: '1 measure', '2 measures', '1 loss', '2 losses'."""
    return f"{number:,.0f} {thing if number == 1 else things or f'{thing}s'}"


def first_year(n_days: int) -> str:
    """Return the time over which a loss of the first year is a mean: all of less than 52 weeks."""
    return "the first year" if n_days >= 52 * 7 else counted(n_days, "day")


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet that opens a table would work a text out."""
    return re.match(r"[=+@]|-(?![\d.]*$)", text) is not None


def is_error(text: str) -> bool:
    """Return whether a text is what a spreadsheet puts in place of a value that it lacks."""
    return re.fullmatch(r"#(N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|DIV/0!|#+)", text) is not None


def percent(share: float) -> str:
    """Return a share in percent, '15 %'; all and none only where it is all and none."""
    if not math.isfinite(share):
        return DASH
    rounded = min(max(round(100 * share), 1 if share > 0 else 0), 99 if share < 1 else 100)
    return f"{rounded} %"


def times(number: float) -> str:
    """Return how often: '1 time', '2 times'."""
    return counted(number, "time")


def the(name: str) -> str:
    """Return the name of a state or institution with its article, as a sentence has it."""
    if name.startswith("Rest of "):
        return f"the r{name[1:]}"
    needs = ("United ", "European Union", "Netherlands")
    return f"the {name}" if name.startswith(needs) else name


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of words as lines with columns of one width, each word at the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = ([c.ljust(w) for c, w in zip(row, widths, strict=True)] for row in rows)
    return ["  ".join(row).rstrip() for row in cells]


def markdown(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown."""
    lines = (header, ("---",) * len(header), *rows)
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def listed(words: Iterable[str]) -> str:
    """Return words as an enumeration: 'a', 'a and b', 'a, b and c'."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
