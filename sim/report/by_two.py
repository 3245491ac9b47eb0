"""Pieces of work done by two processes at once, where one can be forked off without harm."""

import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
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

    def share(pipe: Connection) -> None:
        pipe.send(work())

    with _second(share) as pipe:
        mine = work()
        with suppress(EOFError):
            return mine | (pipe.recv() if pipe.poll(PATIENCE) else {})
        return mine


@contextmanager
def begun(prepare: Callable[[], object], do: Callable[..., Done]) -> Iterator[Callable[..., Done]]:
    """Give what does some work, by a second process if there can be one, which prepares meanwhile.

    What that process does not bring to its end is done here, so that what is wrong is said here.

    Parameters
    ----------
    prepare : callable
        What can be done before it is known what `do` is given.
    do : callable
        What it is given and its result must be such as can be pickled.
    """
    if not can_fork():
        yield do
        return

    def serve(pipe: Connection) -> None:
        os.setpgrp()  # so that whoever helps it goes with it
        prepare()
        pipe.send(do(*pipe.recv()))

    with _second(serve) as pipe:

        def done(*given: object) -> Done:
            with suppress(Exception):
                pipe.send(given)
                if pipe.poll(PATIENCE):
                    found: Done = pipe.recv()
                    return found
            return do(*given)

        yield done


@contextmanager
def _second(work: Callable[[Connection], None]) -> Iterator[Connection]:
    """Let a second process work, and give the end of a pipe to it; at the end it is gone."""
    fork = multiprocessing.get_context("fork")
    mine, theirs = fork.Pipe()

    def alone() -> None:
        mine.close()  # or it would wait for ever for a first process that was killed
        with suppress(BaseException):  # what it leaves undone is done by the first
            work(theirs)

    second = fork.Process(target=alone)
    with warnings.catch_warnings():  # of threads of libraries, which are idle
        warnings.simplefilter("ignore", DeprecationWarning)
        second.start()
    theirs.close()
    try:
        yield mine
    finally:
        assert second.pid, "it has been started"
        with suppress(OSError):  # it leads no group
            os.killpg(second.pid, signal.SIGKILL)
        second.kill()
        second.join()
        mine.close()
