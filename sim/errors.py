"""What a user is told when something they gave cannot be used."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from os import PathLike


class InputError(ValueError):
    """A mistake in what the user gave: one line, shown without a traceback.

    The message names the thing, the rule it breaks, the value found and the way out.
    """

    def __str__(self) -> str:
        return " ".join(super().__str__().splitlines())  # what it quotes may have several

    @classmethod
    def in_table(
        cls, file: str | PathLike[str], row: int | str, column: str, rule: str, value: object
    ) -> InputError:
        """Error for one cell of a table.

        Parameters
        ----------
        file : path
            The table, as the user would find it.
        row : int or str
            Line in the file, the header being line 1, or the key of the row.
        column, rule : str
            The column, and what must hold there.
        value : object
            What was found.
        """
        return cls(f"{file}, row {row}, column '{column}': {rule}; found {value!r}")

    @classmethod
    def unknown(cls, kind: str, name: object, known: Iterable[str]) -> InputError:
        """Error for a name that is not among the known ones, with the nearest of them."""
        known = sorted(known)
        near = nearest(str(name), known)
        hint = f"; did you mean '{near}'?" if near else ""
        return cls(f"{kind} '{name}' is unknown{hint} (known: {', '.join(known)})")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like another, or holds it, capitals or not; '' if none."""
    folded = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    found = found or [one for one in folded if len(name) > 2 and name.casefold() in one]
    return folded[found[0]] if found else ""
