"""A stranger's words and configuration files: read as text, refused in one line, never run."""

from __future__ import annotations

import os
import shutil
import time

import pytest

import sim.compose
from sim.cli import main
from sim.compose import checked, compose, stored
from sim.config import Config, config_folder
from sim.errors import InputError
from sim.setting import prepare

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def own(tmp_path):
    """Return a function that writes a scenario file of the user's and returns its folder."""

    def write(content: bytes):
        for group in ("scenario", "other"):
            (tmp_path / group).mkdir(exist_ok=True)
        (tmp_path / "other" / "odd.yaml").write_bytes(b"steps: 010")
        (tmp_path / "scenario" / "own.yaml").write_bytes(content)
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name: ${oc.env:HOME}", "'${oc.env:HOME}' is not worked out here"),
        (b"theatre: [JPN, '${oc.env:HOME}']", r"theatre\[1\]: '${oc.env:HOME}' is not worked"),
        (b"name: ${oc.decode:'x'}", "is not worked out here"),
        (b"defaults:\n  - /rule: ${oc.env:HOME}\n", "unsupported interpolation type oc.env"),
        (b"name: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
        ("name: résumé".encode("cp1252"), "cannot be read as YAML in UTF-8"),
        (b"steps: 010", "own.yaml: YAML reads 010 as another number"),
        (b"steps: 1:30", "YAML reads 1:30 as another number"),
        (b"name: a\nname: b", "found duplicate key name"),
        (b"name: null", "scenario.name must have a value"),
        (b"theatre: [JPN, null]", r"theatre\[1\] must have a value"),
        (b"targets: {NO: 1}", "scenario.targets.False has a key that is no text"),
        (b"script: [[1]]", r"scenario.script\[0\] must be entries in braces"),
        (b"name: ${a", "holds ${, which stands for another value"),
        (b"defaults: [own]", "scenario/own.yaml lead back to it"),
        (b"defaults: [{override /scenario@x: [own]}]", "scenario/own.yaml lead back to it"),
        (
            b"defaults:\n  - /other: ../other/odd.yaml\n",
            "odd.yaml: YAML reads 010 as another number",
        ),
        (b"- a\n- b\n", "must hold a mapping of settings"),
        (b"5\n", "must hold a mapping of settings"),
        (b"name: " + b"[" * 3000, "is no plain list of settings"),
        (LAUGHS.encode(), "no aliases"),
    ],
)
def test_a_file_that_is_no_plain_list_of_settings_is_refused(own, content, words, monkeypatch):
    monkeypatch.setenv("HOME", "/nobody/knows")
    begin = time.monotonic()
    with pytest.raises(InputError) as raised:
        checked(compose(["scenario=own"], own(content)))
    assert time.monotonic() - begin < 5
    message = str(raised.value)
    assert words.replace("\\", "") in message
    assert "/nobody/knows" not in message
    assert "\n" not in message


@pytest.mark.parametrize("of", ["pipe", "size"])
def test_a_file_that_does_not_end_is_refused(tmp_path, monkeypatch, of):
    path = tmp_path / "scenario" / "mine.yaml"
    path.parent.mkdir()
    if of == "pipe":
        os.mkfifo(path)
    else:
        monkeypatch.setattr("sim.compose.MOST_BYTES", 1000)
        path.write_text("name: " + "x" * 1000, encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml is no file of up to .* kB"):
        compose([], tmp_path)


def test_a_file_does_not_say_where_results_go(own):
    folder = own(b"# @package _global_\nout: /elsewhere\n")
    with pytest.raises(InputError, match="out=/elsewhere stands in a file"):
        compose(["scenario=own"], folder)
    assert compose(["scenario=own", "out=here"], folder).out == "here"


def test_what_is_composed_is_remembered_until_a_file_changes(tmp_path, monkeypatch):
    shutil.copytree(config_folder(), tmp_path / "configs")
    monkeypatch.setattr("sim.compose.config_folder", lambda: tmp_path / "configs")
    read = []
    of_files = sim.compose._of_files
    monkeypatch.setattr(
        "sim.compose._of_files", lambda *given: [read.append(given), of_files(*given)][1]
    )
    first = compose(["rule=threshold", "seed=3"])
    first.rule.peer = 9.0  # what somebody does with it is no matter to others
    again = compose(["seed=4", "rule=threshold"])
    assert (first.seed, again.seed, len(read)) == (3, 4, 1)
    assert again.rule.peer == compose(["rule=threshold"]).rule.peer != 9.0
    file = tmp_path / "configs" / "rule" / "threshold.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\npeer: 7.5\n", encoding="utf-8")
    assert compose(["rule=threshold"]).rule.peer == 7.5
    assert compose(["rule=hazard"]).rule.name == "hazard"


def test_the_environment_is_read_again_by_whoever_wants_to(monkeypatch):
    from omegaconf import OmegaConf

    monkeypatch.setenv("COLOUR", "red")
    compose([])
    assert OmegaConf.create({"a": "${oc.env:COLOUR}"}).a == "red"


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("experiment=null", "experiment must be the name of one of its files"),
        ("experiment=1", "experiment must be the name of one of its files"),
        ("rule=[hazard]", "rule must be the name of one of its files"),
        ("experiment=" + "x" * 5000, "is too long"),
        ("x" * 5000 + "=1", "is too long"),
        ("name=" + "x" * 5000, "name must have at most 1,000 characters; found 5,000"),
        ("name=../x", "name must be the name of one folder"),
        ("name=/tmp/x", "name must be the name of one folder"),
        ("seed=1\n2", "must be one line"),
        ("out=\0", "must be one line"),
        ("scenario.start=9999-12-31", "must lie between 1000-01-01 and 9000-01-01"),
        ("scenario.theatre=${oc.env:HOME}", "is not worked out here"),
        ("scenario.theatre=${seed}", "must be a list; found 2022"),
        ("+rule.free.x=nan", "must be a number; found nan"),
        ("+rule.free.x=1e400", "must lie between"),
    ],
)
def test_odd_words_get_one_short_line(capsys, word, words):
    assert main(["run", "scenario.steps=2", word]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert len(error) < 1200


def test_a_folder_of_configurations_may_have_any_name(tmp_path):
    folder = tmp_path / "it's, odd"
    (folder / "scenario").mkdir(parents=True)
    (folder / "scenario" / "own.yaml").write_text("name: own\nsteps: 3\n", encoding="utf-8")
    assert checked(compose(["scenario=own"], folder)).scenario.steps == 3


def test_a_stored_configuration_is_a_stranger_s_too(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("name: ${oc.env:HOME}\n", encoding="utf-8")
    with pytest.raises(InputError, match="is not worked out here"):
        stored(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.scenario.targets.__setitem__("RUS", 5.0),
        lambda c: c.scenario.hesitation.__setitem__("JPN", 1e9),
        lambda c: c.rule.free.__setitem__("x", float("nan")),
        lambda c: c.scenario.events.append({"date": "x"}),
        lambda c: object.__setattr__(c.coordination, "peer_weight", -5.0),
        lambda c: setattr(c, "scenario", 5),
        lambda c: setattr(c, "scenario", c.coordination),
        lambda c: setattr(c.society, "escalation", 10.0),  # more events than a run has room for
    ],
)
def test_ranges_hold_again_where_a_setting_is_built(world, change):
    def build():
        config = Config()
        change(config)
        return prepare(world, config)

    with pytest.raises(InputError):
        build()


def test_a_number_beyond_all_numbers_is_refused_in_one_line():
    with pytest.raises(InputError, match=r"currency\.export_elasticity"):
        checked(compose([f"currency.export_elasticity={10**400}"]))
