"""Every kind of page, as Chromium shows it: on a phone, a tablet and a laptop, light and dark."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from chromium import browser as browser

from sim.cli import main

WIDTHS = (420, 800, 1400)
# What a stranger may call things: markup, mathematics, and nothing at which a line can be broken.
ODD = "<script>alert(1)</script> & $x_1$ 50% \\\\alpha " + "no_blank_in_it_" * 8
FOLDER = "<img src=x onerror=alert(1)> & $x_1$ 50% " + "no_blank_in_it_" * 3  # has no slash


def command(*words: str):
    """Return what makes a page in a folder by a command that writes into `out`."""

    def make(folder: Path) -> Path:
        assert main([*words, f"out={folder}"]) == 0
        return folder / "index.html"

    return make


def sweep(*words: str):
    """Return what makes the page of a small sweep in a folder, for one outcome."""

    def make(folder: Path) -> Path:
        store = folder.with_name("store")
        few = ("experiment=quick", SHORT, "design.chunk_runs=60", "report=false")
        assert main(["sweep", *few, *words, f"out={store}"]) == 0
        assert main(["report", str(store), "outcomes=loss_RUS_first_year", f"out={folder}"]) == 0
        return folder / "index.html"

    return make


def quoted(key: str, text: str) -> str:
    return f"{key}='{text}'"


SHORT = "scenario.steps=4"
# One line a kind of page: its name, and what returns the path of such a page in a new folder.
KINDS = {
    "run_and_record": command("run", SHORT),
    "run_of_another_world_with_odd_name": command(
        "run",
        "experiment=crimea_2014",
        SHORT,
        "record=sectors",
        "coordination.burden_sharing=0.5",
        quoted("scenario.name", ODD),
    ),
    "comparison": command("compare", "status_quo", "without_jpn", "runs=10", SHORT),
    "comparison_with_odd_names": command(
        "compare",
        SHORT,
        shlex.join([SHORT, quoted("scenario.name", ODD)]),
        f"{SHORT} coordination.peer_weight=2 coordination.next_leaders=[GBR,CAN,JPN]",
        "runs=10",
    ),
    "value": command("value", "runs=3", SHORT, "players=USA,EU,JPN", quoted("scenario.name", ODD)),
    "explanation": command(
        "explain",
        "EU",
        "oil_import_ban",
        "runs=4",
        "coordination=veto",
        SHORT,
        quoted("scenario.name", ODD),
    ),
    "sweep": sweep("design.replications=10"),
    "sweep_with_indices": sweep(
        "design=sobol",
        "design.samples=8",
        "design.second_order=true",
        "design.replications=2",
        quoted("name", FOLDER),
    ),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return a function that returns the path of a kind's page, made when first asked for."""
    made: dict[str, Path] = {}

    def path(kind: str) -> Path:
        if kind not in made:
            made[kind] = KINDS[kind](tmp_path_factory.mktemp("pages") / kind)
        return made[kind]

    return path


@dataclass(slots=True)
class View:
    """A page in the browser, what it complained of, and what it asked for beyond its own file."""

    page: object
    path: Path
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def ask(self, script: str) -> object:
        return self.page.evaluate(script)

    def of_width(self, width: int) -> View:
        self.page.set_viewport_size({"width": width, "height": 900})
        return self


@contextmanager
def shown(window, path: Path) -> Iterator[View]:
    """Show a page, narrow and light, which can fetch nothing but itself."""
    view = View(window.new_page(), path)

    def admit(route) -> None:
        if route.request.url == path.as_uri():
            route.continue_()
        else:
            view.requests.append(route.request.url)
            route.abort()

    view.page.route("**/*", admit)
    view.page.on("console", lambda message: view.complaints.append(message.text))
    view.page.on("pageerror", lambda error: view.complaints.append(str(error)))
    view.of_width(WIDTHS[0]).page.goto(path.as_uri())
    yield view
    view.page.close()


@pytest.fixture(scope="module")
def window(browser):
    """Return a window for all pages: its frame takes longer than they do."""
    return window_of(browser)


@pytest.fixture(scope="module")
def scriptless(browser):
    """Return a window in which no script runs."""
    return window_of(browser, java_script_enabled=False)


def window_of(browser, **options):
    """Return a window that is kept by an empty page when others are closed."""
    context = browser.new_context(color_scheme="light", **options)
    context.new_page()
    return context


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def opened(window, pages, kind):
    """Return a kind of page, which tests leave at any width, but light."""
    with shown(window, pages(kind)) as view:
        yield view


@pytest.fixture
def without_script(scriptless, pages, kind):
    """Return a kind of page where no script runs."""
    with shown(scriptless, pages(kind)) as view:
        yield view


@pytest.fixture
def light(opened):
    """Return a kind of page, narrow."""
    return opened.of_width(WIDTHS[0])


@pytest.fixture
def dark(light):
    """Return a kind of page, narrow, at night."""
    light.page.emulate_media(color_scheme="dark")
    yield light
    light.page.emulate_media(color_scheme="light")


@pytest.fixture(params=WIDTHS)
def view(light, request):
    """Return a kind of page at one width."""
    return light.of_width(request.param)


@pytest.fixture
def laptop(opened):
    """Return a kind of page on a laptop, with every fold open."""
    folds = "document.querySelectorAll('details{}').forEach(fold => {{ fold.open = {}; {} }})"
    opened.ask(folds.format(":not([open])", "true", "fold.dataset.was = 'shut'"))
    yield opened.of_width(WIDTHS[-1])
    opened.ask(folds.format("[data-was]", "false", "delete fold.dataset.was"))
