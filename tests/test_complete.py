"""A shell gets the words that can come next, and nothing of an unfinished line's mistakes."""

from __future__ import annotations

import os
import subprocess
import sys

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


def test_bash_itself_takes_the_answer(tmp_path):
    command = tmp_path / "sanctionsim"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m sim "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    line = "sanctionsim run coordination=v"
    script = (
        f'eval "$(sanctionsim --completion bash)"; COMP_LINE="{line}"; COMP_POINT={len(line)}; '
        f"{Bash(front, {}, 'sanctionsim', COMPLETE).func_name} sanctionsim; "
        'echo "${COMPREPLY[@]}"'
    )
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": path},
    )
    assert done.stdout == "veto\n"
