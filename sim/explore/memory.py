"""Memory of a server whose pages come and go: what those that are gone held is given back soon."""

import asyncio
import contextlib
import ctypes
import gc
import sys

AFTER_S = 5.0  # those that go meanwhile are swept up together: it holds the others up for a moment


class Broom:
    """Sweeps up after pages that are gone.

    A page is garbage in cycles, of megabytes. Python looks for such only when it has made as much
    again, and the allocator of C keeps what it is given back: twenty visitors at once then hold
    twice what they need.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = False

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Never look again through what stays, all that was imported; sweep in a loop from now."""
        gc.freeze()
        gc.set_threshold(20_000, 10, 4)
        self._loop = loop

    def ask(self) -> None:
        """Let it be swept soon."""
        if self._loop and not self._asked:
            self._asked = True
            self._loop.call_later(AFTER_S, self._sweep)

    def _sweep(self) -> None:
        self._asked = False
        gc.collect()
        if sys.platform == "linux":
            with contextlib.suppress(AttributeError):  # another C library than GNU's
                ctypes.CDLL(None).malloc_trim(0)
