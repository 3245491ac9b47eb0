"""Bars in a terminal: what hastened a decision to the right, what held it back to the left."""

from sim.reasons import Reasons, in_times, in_words

HALF = 14  # cells on each side


def show(reasons: Reasons) -> None:
    """Print what was weighed as bars of the logarithm of the pace."""
    from rich.bar import Bar
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    console.print(reasons.head, style="bold")
    console.print(f"  {reasons.outcome}\n")
    assert reasons.day is not None
    console.print(f"Weighed on {in_words(reasons.day)}: {reasons.reading}")
    most = max((abs(reason.added) for reason in reasons.telling), default=1.0)
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column("÷ slows        hastens ×", width=2 * HALF)
    table.add_column("", justify="right", no_wrap=True)
    for reason in reasons.telling:
        length = HALF * reason.added / most
        begin, end = sorted((HALF, HALF + length))
        colour = "blue" if reason.added > 0.0 else "red"
        table.add_row(reason.words, Bar(2 * HALF, begin, end, color=colour), in_times(reason.added))
    console.print(table)
    for line in reasons.after_terms():
        console.print(line)
