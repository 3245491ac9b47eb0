"""Who holds a store: one process at a time, alive, and named."""

from __future__ import annotations

import os

import pytest
from small_sweeps import ELSEWHERE, crash_in

from sim.errors import InputError
from sim.sweep.lock import Lock, holder


def test_a_store_is_held_by_one_and_nothing_is_left_of_it(tmp_path):
    with Lock(tmp_path):
        me = f"process {os.getpid()} on {os.uname().nodename}"
        assert holder(tmp_path) == me
        with pytest.raises(InputError, match=f"{me} is writing this store; wait for it"):
            Lock(tmp_path).__enter__()
        assert holder(tmp_path) == me
    assert holder(tmp_path) == ""
    assert not list(tmp_path.iterdir())


def test_a_process_that_died_holds_nothing(tmp_path):
    crash_in(tmp_path)
    with Lock(tmp_path):
        assert holder(tmp_path) == f"process {os.getpid()} on {os.uname().nodename}"
    crash_in(tmp_path)
    assert holder(tmp_path) == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "who"),
    [(ELSEWHERE, "process 7 on elsewhere"), ("", "another process"), ("{}", "another process")],
)
def test_a_file_that_may_be_somebody_s_is_left_and_named(tmp_path, text, who):
    (tmp_path / "lock").write_text(text, encoding="utf-8")
    assert holder(tmp_path) == who
    with pytest.raises(InputError, match=f"{who} is writing .* if it has ended, delete .*lock"):
        Lock(tmp_path).__enter__()
    assert (tmp_path / "lock").read_text(encoding="utf-8") == text


def test_the_count_of_processes_of_a_container_is_not_its_name(tmp_path):
    text = ELSEWHERE.replace("host=elsewhere", "host=elsewhere?pidns-f0000123")
    (tmp_path / "lock").write_text(text, encoding="utf-8")
    assert holder(tmp_path) == "process 7 on elsewhere"


def test_a_store_that_cannot_be_held_is_told_in_one_line(tmp_path):
    (tmp_path / "lock").mkdir()
    with pytest.raises(InputError, match=r"lock: cannot be written \(.*\); choose another"):
        Lock(tmp_path).__enter__()
