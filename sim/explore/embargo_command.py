"""The command `sanctionsim embargo`: who loses what if a coalition stops trade with targets."""

import sys
from pathlib import Path

import click

from sim.cli import command, number, one_of, setting
from sim.errors import InputError

HORIZONS = ("first_days", "first_year", "long_run")
DIRECTIONS = ("both", "exports", "imports")
TABLES = ("state", "sector", "state_and_sector")


share = number(float, 0.0, 1.0, "must lie between 0 and 1")


@command()
@setting("coalition", "A,B,...", click.STRING, default="senders", help="who stops trade")
@setting("targets", "A,B,...", click.STRING, default="targets", help="with whom")
@setting("direction", "WORD", one_of(DIRECTIONS), default="both", help="of trade: both, what the "
         "coalition sells (exports), what it buys (imports)")  # fmt: skip
@setting("sectors", "A,B,...", click.STRING, default="", help="those that it is about; none: all")
@setting("coverage", "SHARE", share, default=1.0, help="share of that trade that is stopped")
@setting("horizon", "WORD", one_of(HORIZONS), default="first_year", help="how long others have had "
         "to find another way: first_days, first_year, long_run")  # fmt: skip
@setting("by", "WORD", one_of(TABLES), default="state", help="rows: state, sector (of each side), "
         "state_and_sector")  # fmt: skip
@setting("out", "FILE.csv", click.Path(path_type=Path), help="write there instead of printing")
def main(
    coalition: str,
    targets: str,
    direction: str,
    sectors: str,
    coverage: float,
    horizon: str,
    by: str,
    out: Path | None,
) -> int:
    """Solve for the equilibrium after an embargo; print as CSV who loses what.

    Nobody decides anything here and nothing leaks: a coalition stops a share of its trade with the
    targets, and all trade of the world adjusts. A side is named by codes of states or institutions
    with commas between, by senders or targets, or by all, for whoever is not on the other side.

    For example:
      sanctionsim embargo                                 the senders against Russia and Belarus
      sanctionsim embargo coalition=all targets=CHN       all against one
      sanctionsim embargo coalition=USA targets=all       one against all others (ego-based)
      sanctionsim embargo coalition=EU sectors=oil,coal direction=imports coverage=0.5

    Exit code: 0, or 1 if there is no equilibrium.
    """
    from sim.economy.equilibrium import NotConverged
    from sim.explore.embargo import WORLD, Embargo, sides, solved
    from sim.explore.story import world_of

    chosen = tuple(filter(None, sectors.split(",")))
    both = sides(coalition, targets, world_of(WORLD))
    embargo = Embargo(*both, direction, chosen, coverage, horizon)
    try:
        found = solved(embargo)
    except NotConverged as error:
        print(f"sanctionsim: {error}", file=sys.stderr)
        return 1
    text = getattr(found, f"by_{by}")().to_csv(index=False, lineterminator="\n")
    if out is None:
        print(text, end="")
        print(found.headline(), file=sys.stderr)
        return 0
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from None
    print(found.headline())
    return 0
