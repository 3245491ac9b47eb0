"""The documentation says what the code does: tables, commands and snippets."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import sim
from experiments import draw_gallery, write_docs
from sim.analysis import episodes
from sim.cli import COMMANDS, front, main
from sim.compose import GROUPS, checked, compose
from sim.engine.day import PHASES
from sim.engine.log import KINDS
from sim.outcomes import OF_SECTOR, OF_STATE, OF_STEP, OUTCOMES, columns
from sim.parameters import parameters
from sim.rules.terms import Terms
from sim.sweep.plan import plan_of

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ALONE = ("extend.md", "sweeps.md")  # pages whose pieces build on one another: tests of their own
CHANGES = ROOT / "CHANGELOG.md"
EQUATIONS = ("model.md", "economy.md")
FENCE = re.compile(r"^```(\w*)(?: title=\"([^\"\n]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FEW = re.compile(r"\b(runs|design__replications)=\d+")  # in Python
DATES = 1000
# What no test of documentation can run, and who does; its words are read all the same.
NOT_RUN = {
    "estimate": "minutes; tests/analysis runs it small",
    "score": "minutes; tests/analysis runs it small",
    "explore": "a server; tests/explore starts it",
    "--from": "a folder of the reader's; tests/test_repeat.py has one",
    "COMMAND": "stands for any",
    "...": "goes on as the reader likes",
    "PATH": "the reader's",
    "DIR": "the reader's",
}


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of every `sanctionsim ...` in a text, without what is said beside it."""
    inline = re.findall(r"`(sanctionsim [^`\n]+(?:\n[^`\n]+)?)`", text)
    lines = re.findall(r"^(?:# )?(sanctionsim [^\n]+)$", text, flags=re.MULTILINE)
    for line in (*(re.sub(r"\n\s*", " ", broken) for broken in inline), *lines):
        yield shlex.split(re.split(r"\s{2,}|\s#", line)[0])[1:]


def shown(paths) -> dict[str, list[str]]:
    """Return the words of the commands of some files, by what stands there."""
    found = (words for path in paths for words in commands(path.read_text(encoding="utf-8")))
    return {shlex.join(words): words for words in found}


def small(words: list[str]) -> list[str]:
    """Return a command with few runs of few steps, no figures, and a place of its own."""
    command, *rest = words
    if {"--help", "--cfg", "--version"} & {*words}:
        return words
    few = {
        "run": {"scenario.steps": 2, "figures.draw": "none"},
        "compare": {"scenario.steps": 2, "runs": 2, "figures.draw": "none"},
        "value": {"scenario.steps": 2, "runs": 1, "figures.draw": "none", "players": "USA,EU,JPN"},
        "explain": {"scenario.steps": 4, "runs": 2},
        "sweep": {
            "scenario.steps": 1,
            "design.replications": 1,
            "design.samples": 4,
            "report": "false",
        },
        "report": {"outcomes": "loss_RUS"},
        "facts": {"runs": 1, "watched": 1},
        "plausible": {"runs": 1},
    }.get(command, {})
    kept = [word for word in rest if word.partition("=")[0] not in few]
    if command in ("run", "facts", "plausible"):
        kept = [word for word in kept if not word.startswith("out=")]
    if any(word.startswith("cluster=") for word in rest):
        kept.append("--dry-run")  # who takes part in it is known to tests/sweep/test_cluster.py
    return [command, *kept, *(f"{key}={value}" for key, value in few.items())]


def few_dates(history, all_dates=episodes.sample_of):
    """Return the first of the dates that rules are learnt from: of all, it takes seconds."""
    return tuple(table.head(DATES) for table in all_dates(history))


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """Return language, file name and text of each block of a page."""
    return FENCE.findall(page.read_text(encoding="utf-8"))


def is_run(words: list[str]) -> bool:
    """Whether a test can run a command; one that is named alone is no call of it."""
    return not {*words} & {*NOT_RUN} and words not in (["economy"], ["status"])


# Each once, however it is said and on however many pages.
TOLD = shown((*(page for page in PAGES if page.name not in ALONE), CHANGES))
RUN = {shlex.join(few): few for few in map(small, filter(is_run, TOLD.values()))}
# What the tests of pages with a test of their own run; experiments have tests/test_experiments.py.
ELSEWHERE = {
    shlex.join(words)
    for page in PAGES
    if page.name in ALONE
    for kind, name, text in blocks(page)
    if not kind
    for words in commands(text)
}
OTHERS = sorted(
    set((ROOT / "configs").rglob("*.yaml")) - set((ROOT / "configs/experiment").iterdir())
)
READ = {
    key: words
    for key, words in shown((*PAGES, CHANGES, *OTHERS)).items()
    if key not in ELSEWHERE and shlex.join(small(words)) not in RUN
}


@pytest.mark.parametrize("parameter", parameters(), ids=lambda parameter: parameter.key)
def test_a_parameter_has_a_meaning_a_unit_and_a_source(parameter):
    for fact in ("meaning", "unit", "source"):
        assert getattr(parameter, fact), f"{parameter.key} has no {fact} in sim/config/"


def test_no_two_parameters_share_a_symbol_and_each_stands_in_an_equation():
    symbols = [parameter.symbol for parameter in parameters() if parameter.symbol]
    assert len(symbols) == len(set(symbols))
    pages = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in EQUATIONS]
    equations = [text for page in pages for kind, _, text in FENCE.findall(page) if not kind]
    words = set(re.findall(r"[^\W\d]\w*", " ".join(equations)))
    assert set(symbols) <= words, set(symbols) - words


def test_a_phase_a_rule_and_a_kind_of_record_is_documented():
    for phase in PHASES:
        assert write_docs.first_line(phase.function), f"phase {phase.name} has no docstring"
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


def furnish(folder: Path) -> None:
    """Let what commands and snippets name of the checkout be found in a folder."""
    for name in ("sim", "tests"):
        (folder / name).symlink_to(ROOT / name)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Return a folder with what commands of the pages name: files, cases, the store of a sweep."""
    folder = tmp_path_factory.mktemp("desk")
    write_files(ROOT / "docs" / "extend.md", folder)
    furnish(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(small(["sweep", "experiment=quick"])) == 0
    return folder


@pytest.mark.parametrize("words", RUN.values(), ids=RUN)
def test_a_command_of_a_page_runs(words, desk, undrawn, monkeypatch, capsys):
    monkeypatch.chdir(desk)
    monkeypatch.setattr("sim.sweep.probe.SECONDS", 0.1)  # a dry run need not be right about them
    monkeypatch.setattr(episodes, "sample_of", few_dates)
    assert main(words) == 0, capsys.readouterr().err


@pytest.mark.parametrize("words", READ.values(), ids=READ)
def test_a_command_that_is_shown_is_one_that_exists(words, tmp_path, monkeypatch):
    command, *rest = words
    if command in ("COMMAND", "--version"):
        return
    assert command in COMMANDS, f"unknown command '{command}'"
    if command in ("economy", "status") and not rest:
        return  # it is named, not called
    if "..." in rest or ("--from" in rest and command == "run"):
        return  # of the reader's own
    write_files(ROOT / "docs" / "extend.md", tmp_path)
    monkeypatch.chdir(tmp_path if "--config-dir" in rest else ROOT)
    called = [word for word in rest if word != "--help"]
    asked = front.get_command(None, command).make_context(command, called).params
    if command == "sweep" and not ({*words} & {"--dry-run"}):
        plan_of(asked["overrides"], asked["config_dir"])
    if command in ("estimate", "score"):
        timelines = [word for word in rest if word.endswith(".csv") and "/" in word]
        assert all((ROOT / timeline).is_file() for timeline in timelines)
    if command not in ("run", "estimate", "score"):
        return
    overrides = [word for word in asked["overrides"] if "=" in word]
    for variant in variants(overrides):
        checked(compose(variant, asked["config_dir"]))


def test_a_script_or_a_target_of_make_that_a_page_names_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE):
            assert target in targets, f"{page.name}: make {target}"
        for script in re.findall(r"python (experiments/\w+\.py)", text):
            assert (ROOT / script).is_file(), f"{page.name}: {script}"


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
    for _, name, text in blocks(page):
        if name:
            write_file(folder / name, text)


def write_file(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def snippets(page: Path) -> list[str]:
    """Return the blocks of Python of a page, with few runs."""
    return [
        FEW.sub(r"\1=3", text) for kind, name, text in blocks(page) if kind == "python" and not name
    ]


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.name not in ALONE and snippets(page)],
    ids=lambda p: p.name,
)
def test_the_snippets_of_a_page_run(page, undrawn, monkeypatch, tmp_path):
    furnish(tmp_path)
    monkeypatch.chdir(tmp_path)
    for text in snippets(page):
        exec(compile(text, page, "exec"), {"__name__": page.stem})


def test_everything_on_the_page_on_extending_runs(tmp_path, monkeypatch, capsys):
    page = ROOT / "docs" / "extend.md"
    monkeypatch.chdir(tmp_path)
    ran = 0
    for kind, name, text in blocks(page):
        if name:
            write_file(tmp_path / name, text)
        elif kind == "python":
            exec(compile(text, str(page), "exec"), {"__name__": "extend"})
        else:
            for words in commands(text):
                ran += 1
                shown = capsys.readouterr()
                plain = "figures.draw=none" if words[0] == "run" else "report=false"
                out = f"out={tmp_path / 'out' / str(ran)}"
                assert main([*words, plain, out]) == 0, shown.err
    assert ran >= 5
    assert "my_rule.py" in (tmp_path / "out" / "1" / "config.yaml").read_text(encoding="utf-8")


def test_the_page_on_sweeps_runs_small(tmp_path, undrawn, monkeypatch, capsys):
    found = [(kind, text) for kind, _, text in blocks(ROOT / "docs" / "sweeps.md")]
    monkeypatch.chdir(tmp_path)
    for words in (words for kind, text in found if not kind for words in commands(text)):
        assert main(small(words)) == 0, capsys.readouterr().err
    for kind, text in found:
        if kind == "python":
            exec(compile(text, "sweeps.md", "exec"), {"__name__": "sweeps"})
    assert "ST_conf" in capsys.readouterr().out


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of the site, built without a warning."""
    pytest.importorskip("mkdocs")
    folder = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(words, cwd=ROOT, env=quiet, capture_output=True, text=True)
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    return folder


def test_the_site_has_all_pages_and_asks_nothing_of_other_addresses(site):
    names = {page.stem for page in PAGES[1:]} - {"odd.template"}
    assert names <= {page.stem for page in site.glob("*.html")}
    fetched = re.compile(
        r"(?:<(?:script|img|iframe|source)[^>]* src=|<link[^>]* href=|url\(|@import )[\"']?"
        r"((?:https?:)?//[^\"') >]+)"
    )
    for file in [*site.rglob("*.html"), *site.rglob("*.css")]:
        text = file.read_text(encoding="utf-8")
        assert not fetched.findall(text), file.relative_to(site)
        for picture in re.findall(r'<img[^>]* src="([^":]+)"', text):
            assert (file.parent / picture).is_file(), f"{file.relative_to(site)}: {picture}"


def test_the_site_is_searched_without_a_server(site):
    page = (site / "index.html").read_text(encoding="utf-8")
    assert '<script src="site/iframe-worker.js">' in page
    assert "Shapley" in (site / "search" / "search_index.js").read_text(encoding="utf-8")


def test_the_page_on_the_api_has_the_whole_face_and_nothing_that_is_gone():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    names = re.findall(r"^::: (\S+)$", page, re.MULTILINE)
    assert {name.rpartition(".")[2] for name in names} >= set(sim.FACE)
    for name in names:
        module, _, thing = name.rpartition(".")
        assert hasattr(importlib.import_module(module), thing), name


def test_each_picture_of_the_gallery_is_small_and_has_its_command():
    asked = draw_gallery.asked()
    assert "" not in asked
    pictures = [picture for group in asked.values() for picture in group]
    assert sorted(pictures) == sorted((ROOT / "docs" / "gallery").iterdir())
    assert len(pictures) <= 12
    assert all(picture.stat().st_size <= 64_000 for picture in pictures)


def test_the_readme_links_to_what_is_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)", text):
        assert (ROOT / link).exists(), link


def test_the_pages_name_every_group_of_configurations_and_every_room():
    runs = (ROOT / "docs" / "runs.md").read_text(encoding="utf-8")
    for group in GROUPS:
        assert f"{group}=" in runs or f"{group}." in runs, group
    inside = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [p for p in (ROOT / "sim").iterdir() if p.is_dir() and (p / "__init__.py").is_file()]
    for room in rooms:
        assert f"`{room.name}/`" in inside, room.name
