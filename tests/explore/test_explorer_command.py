"""`sanctionsim explore`: what stops it comes in a line, and Ctrl-C ends it."""

from __future__ import annotations

import socket

import pytest

from sim.cli import main
from sim.explore import command


def test_a_port_that_is_taken_is_named(capsys):
    pytest.importorskip("nicegui", reason="NiceGUI is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["explore", f"port={port}", "--no-browser"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"sanctionsim: port {port} is taken; choose another")
    assert said.count("\n") == 1


def test_without_nicegui_it_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert main(["explore"]) == 2
    assert "pip install 'sanctionsim[explore]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("port=0", "port must be a whole number from 1 to 65535; found '0'"),
        ("port=http", "port must be a whole number"),
        ("host=nowhere.invalid", "host must be an address of this machine"),
        ("prot=1", "did you mean 'port'"),
    ],
)
def test_words_that_cannot_be_are_refused_in_a_line(word, said, capsys):
    if word.startswith("host"):
        pytest.importorskip("nicegui", reason="NiceGUI is not installed")
    assert main(["explore", word]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_work_that_is_void_never_comes_back():
    import asyncio

    from sim.explore.work import QUICK, Desk, Superseded

    async def ask() -> str:
        desk = Desk()
        first = desk.begin()
        second = desk.begin()
        with pytest.raises(Superseded):
            await desk.do(first, QUICK, str, "first")
        found = await desk.do(second, QUICK, str, "second")
        desk.cancel()
        with pytest.raises(Superseded):
            await desk.do(second, QUICK, str, "late")
        return found

    assert asyncio.run(ask()) == "second"
