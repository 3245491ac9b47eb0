"""Pieces of work done by two processes at once, where one can be forked off without harm."""

import multiprocessing
import os
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

Done = TypeVar("Done")
PATIENCE = 60.0  # seconds for the other process to end, which began no earlier than this one


def can_fork() -> bool:
    """Return whether a copy of this process works: on Linux, with no thread that it would lack."""
    alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    return sys.platform == "linux" and alone and (os.cpu_count() or 1) > 1


def done_by_two(names: Sequence[str], do: Callable[[str], Done]) -> dict[str, Done]:
    """Return what is done for each name, a part of it by a second process if there can be one.

    Each takes the next name whenever it is free. What the second process does not bring to its
    end is done here, so that what is wrong with it is said here too.

    Parameters
    ----------
    names : sequence of str
        Fewer than 256, the longest work first.
    do : callable
        Its result must be one that can be pickled.
    """
    found: dict[str, Done] = {}
    if len(names) > 1 and can_fork():
        turns, order = os.pipe()
        os.write(order, bytes(range(len(names))))
        os.close(order)

        def in_turn() -> dict[str, Done]:
            done = {}
            while turn := os.read(turns, 1):
                name = names[turn[0]]
                done[name] = do(name)
            return done

        try:
            found = _beside(in_turn)
        finally:
            os.close(turns)
    return {name: found[name] if name in found else do(name) for name in names}


def _beside(work: Callable[[], dict[str, Done]]) -> dict[str, Done]:
    """Return what work comes to here and in a second process."""
    fork = multiprocessing.get_context("fork")
    theirs, sender = fork.Pipe(duplex=False)

    def send() -> None:
        with suppress(BaseException):  # what it leaves undone is done by the first
            sender.send(work())

    second = fork.Process(target=send, daemon=True)
    with warnings.catch_warnings():  # of threads of libraries, which are idle
        warnings.simplefilter("ignore", DeprecationWarning)
        second.start()
    sender.close()
    try:
        mine = work()
        with suppress(EOFError):
            return mine | (theirs.recv() if theirs.poll(PATIENCE) else {})
        return mine
    finally:
        second.kill()
        second.join()
        theirs.close()
