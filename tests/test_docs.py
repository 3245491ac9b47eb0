"""The documentation says what the code does: tables, commands and snippets."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from experiments import write_docs
from sim.cli import COMMANDS, front, main
from sim.compose import GROUPS, checked, compose, config_folder, options
from sim.draws import PURPOSES, Stream
from sim.engine.day import PHASES
from sim.engine.log import KINDS
from sim.outcomes import OF_SECTOR, OF_STATE, OF_STEP, OUTCOMES, columns
from sim.parameters import parameters
from sim.rules.terms import Terms
from sim.sweep.plan import plan_of

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CHANGES = ROOT / "CHANGELOG.md"  # names what is gone, too
EQUATIONS = ("model.md", "economy.md")
FENCE = re.compile(r"^```(\S*) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of every `sanctionsim ...` in a text, without what is said beside it."""
    inline = re.findall(r"`(sanctionsim [^`\n]+)`", text)
    lines = re.findall(r"^(?:# )?(sanctionsim [^\n]+)$", text, flags=re.MULTILINE)
    for line in (*inline, *lines):
        yield shlex.split(re.split(r"\s{2,}|\s#", line)[0])[1:]


SHOWN = {
    f"{path.relative_to(ROOT)}: {' '.join(words)}": words
    for path in (*PAGES, CHANGES, *sorted((ROOT / "configs").rglob("*.yaml")))
    for words in commands(path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("parameter", parameters(), ids=lambda parameter: parameter.key)
def test_a_parameter_has_a_meaning_a_unit_and_a_source(parameter):
    for fact in ("meaning", "unit", "source"):
        assert getattr(parameter, fact), f"{parameter.key} has no {fact} in sim/config.py"


def test_no_two_parameters_share_a_symbol_and_each_stands_in_an_equation():
    symbols = [parameter.symbol for parameter in parameters() if parameter.symbol]
    assert len(symbols) == len(set(symbols))
    pages = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in EQUATIONS]
    equations = [text for page in pages for kind, _, text in FENCE.findall(page) if not kind]
    words = set(re.findall(r"[^\W\d]\w*", " ".join(equations)))
    assert set(symbols) <= words, set(symbols) - words


def test_a_phase_a_stream_a_rule_and_a_kind_of_record_is_documented():
    for phase in PHASES:
        assert write_docs.first_line(phase.function), f"phase {phase.name} has no docstring"
    assert set(PURPOSES) == set(Stream)
    modules = write_docs.rule_modules()
    assert all(module.__doc__ for module in modules)
    for module in modules:
        assert write_docs.rules_of(module), f"{module.__name__} has no rule"
        for rule in write_docs.rules_of(module):
            line = write_docs.first_line(rule)
            assert line.startswith(("Return ", "Write ")), (
                f"{module.__name__}.{rule.__name__}: {line!r}"
            )
    assert all(KINDS.values())


def test_a_compiled_function_of_the_engine_that_others_use_is_documented():
    modules = write_docs.engine_modules()
    names = [module.__name__ for module in modules]
    assert names[:6] == [
        f"sim.engine.{name}"
        for name in (
            "information", "consultation", "decision", "council", "commitment", "response",
        )
    ]  # fmt: skip
    assert {"sim.engine.log", "sim.engine.loop", "sim.engine.reset"} <= set(names)
    for module in modules:
        for function in write_docs.rules_of(module):
            line = write_docs.first_line(function)
            assert line.endswith("."), f"{module.__name__}.{function.__name__}: {line!r}"


def test_a_module_of_rules_or_a_phase_goes_by_the_number_and_name_of_the_phase():
    """In the order of the day; what a module does later on the day has its number too."""
    order = dict.fromkeys(phase.function.__module__ for phase in PHASES)
    number = {name.rpartition(".")[2]: n for n, name in enumerate(order, start=1)}
    for module in [*write_docs.engine_modules(), *write_docs.rule_modules()]:
        line = write_docs.first_line(module)
        if found := re.match(r"Phase (\d+), (\w+):", line):
            assert number[found[2]] == int(found[1]), line
        elif found := re.match(r"Phase (\d+):", line):
            assert number[module.__name__.rpartition(".")[2]] == int(found[1]), line
        else:
            assert module.__name__ not in order, line


def test_the_page_on_the_model_names_the_phases_in_their_order():
    text = " ".join((ROOT / "docs" / "model.md").read_text(encoding="utf-8").split())
    assert ", ".join(phase.name for phase in PHASES) in text
    *others, last = (phase.name for phase in PHASES if phase.once_a_step)
    assert f"{', '.join(others)} and {last} only on the last day of a step" in text


def test_every_class_of_agents_and_every_part_of_the_state_documents_its_variables():
    for owner in write_docs.AGENTS:
        shown = write_docs.attributes(owner) + write_docs.properties(owner)
        assert shown, f"{owner.__name__} documents nothing"
        for name, _, meaning in write_docs.properties(owner):
            assert meaning, f"{owner.__name__}.{name} has no docstring"
    for name, part in write_docs.PARTS.items():
        assert write_docs.attributes(part), f"{name} has no section Attributes"


def test_every_kind_of_event_of_a_run_and_every_outcome_is_documented(simulate):
    model = simulate(
        days=28,
        step_days=7,
        coordination__veto_players=["HUN"],
        economy__name="exact",
        record="sectors",
    )
    history, codes = model.history(), [target.code for target in model.targets]
    assert set(history.events["kind"]) <= set(KINDS)
    assert set(history.outcomes) == set(columns(OUTCOMES.values(), codes))
    dated = {"step", "day", "date"}
    assert set(history.steps.columns) - dated == set(columns(OF_STEP, codes))
    assert set(history.states.columns) - dated - {"state", "role"} == set(columns(OF_STATE, codes))
    assert set(history.sectors.columns) - {"state", "role", "sector"} == {q.name for q in OF_SECTOR}


def test_the_odd_protocol_is_not_older_than_what_it_is_made_of():
    page = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    assert page == write_docs.odd(), "docs/odd.md is stale: run `make docs`"


def test_the_equation_and_the_page_on_extending_name_every_term():
    for page in ("model.md", "extend.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        named = set(re.findall(r"\w+", text))
        assert set(Terms._fields) <= named, f"{page} lacks {set(Terms._fields) - named}"


@pytest.mark.parametrize("words", SHOWN.values(), ids=SHOWN)
def test_a_command_that_is_shown_is_one_that_exists(words, tmp_path, monkeypatch):
    command, *rest = words
    if command in ("COMMAND", "--version"):
        return
    assert command in COMMANDS, f"unknown command '{command}'"
    if command in ("economy", "status") and not rest:
        return  # it is named, not called
    if "--from" in rest:
        return  # of a folder of the reader's
    write_files(ROOT / "docs" / "extend.md", tmp_path)
    monkeypatch.chdir(tmp_path if "--config-dir" in rest else ROOT)
    called = [word for word in rest if word != "--help"]
    asked = front.get_command(None, command).make_context(command, called).params
    if command == "economy":
        folders = [word for word in rest if "/" in word]
        assert all((ROOT / folder).is_dir() for folder in folders)
    if command == "sweep":
        plan_of(asked["overrides"], asked["config_dir"])
    if command in ("estimate", "score"):
        timelines = [word for word in rest if word.endswith(".csv") and "/" in word]
        assert all((ROOT / timeline).is_file() for timeline in timelines)
    if command not in ("run", "estimate", "score"):
        return
    overrides = [word for word in asked["overrides"] if "=" in word]
    for variant in variants(overrides):
        checked(compose(variant, asked["config_dir"]))


def test_a_key_that_is_named_is_one_that_exists():
    keys = {parameter.key for parameter in parameters()}
    groups = {key.partition(".")[0] for key in keys if "." in key}
    pattern = re.compile(rf"`((?:{'|'.join(groups)})\.(\w+))")
    for page in PAGES:
        for key, name in pattern.findall(page.read_text(encoding="utf-8")):
            assert key in keys or name == "csv", f"{page.name} names {key}"


PLACES = {  # rows of tables whose last column names files and what is in them
    ("model.md", "The news of March 2022 in the model"): 15,
    ("architecture.md", "The parts"): 7,
    ("architecture.md", "A command followed: `sanctionsim run`"): 9,
    ("architecture.md", "A lever followed: `coordination.peer_weight`"): 10,
    ("architecture.md", "A measure followed: from the catalogue to the loss"): 13,
}


@pytest.mark.parametrize(("page", "chapter"), PLACES)
def test_what_a_table_of_places_names_is_where_it_says(page, chapter):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    table = text.split(f"## {chapter}\n")[1].split("\n## ")[0]
    places = [line.split("|")[-2] for line in table.splitlines() if line.startswith("|")][2:]
    assert len(places) >= PLACES[page, chapter]
    for place in places:
        source = ""
        for name in re.findall(r"`([^`]+)`", place):
            if name.endswith((".py", ".csv")):
                folder = ROOT / "sim" / ("world/march_2022" if name.endswith(".csv") else "")
                source = (folder / name).read_text(encoding="utf-8")
            else:
                assert re.search(rf"\b{name.rpartition('.')[2]}\b", source), f"{name} in {place}"


def test_the_page_on_architecture_names_every_phase_in_its_order():
    picture = (ROOT / "docs" / "architecture.svg").read_text(encoding="utf-8")
    chapter = (ROOT / "docs" / "model.md").read_text(encoding="utf-8").split("\n## ")[1]
    for shown in (
        re.findall(r">(\w+) [ *]*\w+\.py<", picture),
        re.findall(r"^\| (\w+) \|", chapter, re.MULTILINE)[1:],
    ):
        assert shown == [phase.name for phase in PHASES]


def variants(overrides: list[str]) -> Iterator[list[str]]:
    """Yield what --multirun makes of comma-separated values."""
    choices = []
    for override in overrides:
        key, _, value = override.partition("=")
        values = [value] if value[:1] in "[{'" else value.split(",")
        choices.append([f"{key}={each}" for each in values])
    yield from (list(variant) for variant in product(*choices))


def write_files(page: Path, folder: Path) -> None:
    """Write the blocks of a page that have a file name into a folder."""
    for _, name, text in FENCE.findall(page.read_text(encoding="utf-8")):
        if name:
            write_file(folder / name, text)


def write_file(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "page", ["README.md", "docs/economy.md", "docs/engine.md", "docs/python.md"]
)
def test_the_snippets_of_a_page_run(page, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path if page.endswith("python.md") else ROOT)  # which writes results
    fences = FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    snippets = [text for kind, _, text in fences if kind == "python"]
    assert snippets
    for text in snippets:
        exec(compile(text, page, "exec"), {"__name__": page})


def test_everything_on_the_page_on_extending_runs(tmp_path, monkeypatch, capsys):
    page = ROOT / "docs" / "extend.md"
    monkeypatch.chdir(tmp_path)
    runs = 0
    for kind, name, text in FENCE.findall(page.read_text(encoding="utf-8")):
        if name:
            write_file(tmp_path / name, text)
        elif kind == "python":
            exec(compile(text, str(page), "exec"), {"__name__": "extend"})
        else:
            for words in commands(text):
                runs += 1
                shown = capsys.readouterr()
                assert main([*words, f"out={tmp_path / 'out' / str(runs)}"]) == 0, shown.err
    assert runs >= 5
    assert "my_rule.py" in (tmp_path / "out" / "1" / "config.yaml").read_text(encoding="utf-8")


def test_the_page_on_sweeps_runs_small(tmp_path, monkeypatch, capsys):
    page = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    small = ["scenario.steps=1", "design.replications=1", "design.samples=4", "report=false"]
    blocks = [(kind, text) for kind, _, text in FENCE.findall(page)]
    for words in (words for kind, text in blocks if not kind for words in commands(text)):
        extra = small if words[0] == "sweep" else []
        assert main([*words, *extra]) == 0, capsys.readouterr().err
    for kind, text in blocks:
        if kind == "python":
            exec(compile(text, "sweeps.md", "exec"), {"__name__": "sweeps"})
    assert "ST_conf" in capsys.readouterr().out


@pytest.mark.parametrize("name", options("experiment"))
def test_an_experiment_opens_with_its_question_and_its_command(name):
    path = config_folder() / "experiment" / f"{name}.yaml"
    package, question, command = path.read_text(encoding="utf-8").splitlines()[:3]
    assert package == "# @package _global_"
    assert question.startswith("# ")
    assert "?" in question
    assert command == f"# sanctionsim run experiment={name}"


def test_the_readme_names_every_group_of_configurations_and_every_room():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for group in GROUPS:
        assert f"{group}=" in text or f"{group}." in text, group
    rooms = [p for p in (ROOT / "sim").iterdir() if p.is_dir() and (p / "__init__.py").is_file()]
    for room in rooms:
        assert f"sim/{room.name}/" in text, room.name
