"""Where a page's work is done: three threads for all pages, so that no page holds up another.

What is quick, a run or an equilibrium, waits only for what is quick; ensembles and the like come in
chunks, so that those of several pages take turns, and a comparison holds up one of two threads. Of
what one page asks for only the latest counts: a lever that is moved while a run is under way makes
the earlier answer void.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from sim.errors import InputError

T = TypeVar("T")
QUICK = ThreadPoolExecutor(1, thread_name_prefix="quick")
SLOW = ThreadPoolExecutor(2, thread_name_prefix="slow")


class Superseded(Exception):
    """Somebody asked for something else meanwhile, or for nothing any more."""


class Desk:
    """The work of one view of one page: whatever is asked for last is what counts.

    Attributes
    ----------
    busy : bool
        Something that was asked for has not come yet.
    """

    def __init__(self) -> None:
        self._asked = 0
        self.busy = False

    @contextmanager
    def turn(self, refused: Callable[[str], object]) -> Iterator[int]:
        """Give a ticket; what cannot be is said, and nothing comes of what is void meanwhile."""
        ticket = self.begin()
        try:
            yield ticket
        except InputError as error:
            refused(str(error))
        except Superseded:
            return
        self.end(ticket)

    def begin(self) -> int:
        """Void what is under way, and return the number of what comes now."""
        self._asked += 1
        self.busy = True
        return self._asked

    def cancel(self) -> None:
        """Void what is under way."""
        self._asked += 1
        self.busy = False

    def end(self, ticket: int) -> None:
        """Say that what a ticket is for has come, if it still counts."""
        if ticket == self._asked:
            self.busy = False

    async def do(
        self, ticket: int, pool: ThreadPoolExecutor, work: Callable[..., T], *given: Any
    ) -> T:
        """Return what work comes to; Superseded if its ticket does not count any more."""

        def unless_void() -> T:
            self.check(ticket)
            return work(*given)

        found = await asyncio.get_running_loop().run_in_executor(pool, unless_void)
        self.check(ticket)
        return found

    def check(self, ticket: int) -> None:
        """Raise Superseded if a ticket does not count any more."""
        if ticket != self._asked:
            raise Superseded
