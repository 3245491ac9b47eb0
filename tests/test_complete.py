"""A shell gets the words that can come next, and nothing of an unfinished line's mistakes."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time

import pytest

from sim.cli import COMPLETE, front, main
from sim.complete import Bash, answer


def completed(line, monkeypatch, capsys):
    monkeypatch.setenv("COMP_LINE", line)
    monkeypatch.setenv("COMP_POINT", str(len(line)))
    answer(front, COMPLETE, "bash_complete")
    return capsys.readouterr().out.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sanctionsim expl", ["explain", "explore"]),
        ("sanctionsim run coordination=v", ["veto"]),
        ("sanctionsim run coordination.peer_w", ["coordination.peer_weight="]),
        ("sanctionsim run coord", ["coordination=", "coordination."]),
        ("sanctionsim run seed=3 coordination.council_rule=m", ["majority"]),
        ("sanctionsim run +experiment=without_j", ["without_jpn"]),
        ("sanctionsim explain jp", ["JPN"]),
        ("sanctionsim explain JPN oil_r", ["oil_refining_export_ban"]),
        ("sanctionsim explain RUS gas_c", ["gas_cutoff"]),
        ("sanctionsim explain JPN target=BL", ["BLR"]),
        ("sanctionsim compare g7", ["g7_only"]),
        ("sanctionsim sweep design=mor", ["morris"]),
        ("sanctionsim levers curr", ["currency"]),
        ("sanctionsim experiments qui", ["quick"]),
        ("sanctionsim run --mul", ["--multirun"]),
        ("sanctionsim rum x", []),
        ("sanctionsim run --bad ", None),
    ],
)
def test_the_words_that_can_come_next(line, expected, monkeypatch, capsys):
    found = completed(line, monkeypatch, capsys)
    assert expected is None or found == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_says_how_to_switch_it_on(shell, capsys):
    assert main(["--completion", shell]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# To switch it on: ")
    assert f"{COMPLETE}={shell}_complete" in text


def test_another_shell_is_refused(capsys):
    assert main(["--completion", "tcsh"]) == 2
    assert "must be bash, zsh or fish; found 'tcsh'" in capsys.readouterr().err


@pytest.fixture
def path(tmp_path):
    """Return a search path on which the command lies."""
    command = tmp_path / "sanctionsim"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m sim "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return f"{tmp_path}:{os.environ['PATH']}"


def test_bash_itself_takes_the_answer(path):
    line = "sanctionsim run coordination=v"
    script = (
        f'eval "$(sanctionsim --completion bash)"; COMP_LINE="{line}"; COMP_POINT={len(line)}; '
        f"{Bash(front, {}, 'sanctionsim', COMPLETE).func_name} sanctionsim; "
        'echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": path},
    )
    assert done.stdout == "veto\n"


def test_zsh_itself_takes_the_answer(path, tmp_path):
    """As somebody sees it who types in a terminal; it is asked until it has answered."""
    if shutil.which("zsh") is None:
        pytest.skip("no zsh on the path")
    (tmp_path / ".zshrc").write_text("autoload -Uz compinit; compinit -u\nPS1='> '\n")
    home = {"HOME": str(tmp_path), "ZDOTDIR": str(tmp_path), "TERM": "dumb", "PATH": path}
    terminal, screen = pty.openpty()
    zsh = subprocess.Popen(
        ["zsh", "-i"], stdin=screen, stdout=screen, stderr=screen, start_new_session=True,
        env={**os.environ, **home},
    )  # fmt: skip
    try:
        heard(terminal, "> ")
        os.write(terminal, b'eval "$(sanctionsim --completion zsh)"; echo rea""dy\n')
        heard(terminal, "ready")
        os.write(terminal, b"sanctionsim run coordination=v\t")
        assert "coordination=veto" in heard(terminal, "veto")
    finally:
        zsh.kill()
        zsh.wait()
        os.close(terminal)
        os.close(screen)


def heard(terminal, wanted, seconds=60):
    """Return what a terminal shows until it shows what is wanted."""
    shown, end = "", time.monotonic() + seconds
    while wanted not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            shown += os.read(terminal, 4096).decode(errors="replace")
    return shown
