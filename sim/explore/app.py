"""The page: a head, the levers on the left, the tabs; and the server that it comes from."""

import asyncio
import copy
import logging
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import PlainTextResponse
from nicegui import Client, app, ui

from sim import __version__
from sim.errors import InputError
from sim.explore.colours import css
from sim.explore.compare_tab import CompareTab
from sim.explore.embargo_tab import EmbargoTab
from sim.explore.ensemble_tab import EnsembleTab
from sim.explore.guard import Guard
from sim.explore.levers_panel import Panel
from sim.explore.memory import Broom
from sim.explore.run_tab import RunTab, Shown, shown_of
from sim.explore.session import Session
from sim.explore.settings import BESIDE, MOST_DAYS, VIEW, Settings, from_query
from sim.explore.sweep_tab import SweepTab
from sim.explore.work import QUICK, SLOW, Desk

TITLE = "sanctionsim explorer"
CSS = Path(__file__).with_name("explore.css")
VIEWS: dict[str, Any] = {"Run": RunTab, "Ensemble": EnsembleTab, "Compare": CompareTab,
                         "Embargo": EmbargoTab, "Sweep": SweepTab}  # fmt: skip
WITHOUT_LEVERS = ("Embargo",)
BROOM = Broom()
log = logging.getLogger(__name__)
LONGEST = 400  # characters of what is wrong with a link
MOST_PAGES = 60
# That a page which lost its connection is kept; an answer may take 0.4 of it.
PATIENCE_S = 12.0
HISTORY = 10  # messages kept for a page that lost its connection; else it is loaded anew
NARROW = 900  # pixels; below it the levers are folded away at first


@ui.page("/", title=TITLE, response_timeout=60.0)
async def index(request: Request) -> None:
    """Build the page of one visitor."""
    ui.add_css(css() + CSS.read_text(encoding="utf-8"))
    ui.colors(
        primary="var(--primary)", negative="var(--negative)", dark="var(--panel)",
        on_primary="var(--on-primary)",
    )  # fmt: skip
    ui.on_exception(_say)
    desk = Desk()
    try:
        settings, wrong = from_query(request.url.query), ""
        shown = await desk.do(desk.begin(), QUICK, shown_of, settings)
    except Exception as error:  # whatever a stranger's link leads to
        wrong = f"The link was not followed: {_in_a_line(error).removeprefix('link: ')}"
        settings = Settings()
        shown = await desk.do(desk.begin(), QUICK, shown_of, settings)
    beside = {} if wrong else {name: request.query_params.get(name, "") for name in BESIDE}
    _page(Session(settings, beside), shown, wrong)


@app.exception_handler(404)
async def nothing(request: Request, error: Exception) -> PlainTextResponse:
    """Say that nothing is there; NiceGUI would keep a page for each time, for a minute."""
    return PlainTextResponse("There is nothing here: the explorer has one page, at /\n", 404)


def _in_a_line(error: Exception) -> str:
    """Return what went wrong, at a length that can be read; the server logs what is no input's."""
    if not isinstance(error, InputError):
        log.error("a link led to an error", exc_info=error)
        return "its settings make no run"
    words = str(error)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _say(error: Exception) -> None:
    """Say on the page that something went wrong which nobody foresaw; the server logs it whole."""
    ui.notify(f"Something went wrong here: {error}", type="negative", multi_line=True)


class Views:
    """The tabs of a page: each is drawn when it is first looked at, and follows the levers then.

    Parameters
    ----------
    shown : Shown
        The run that the page opens with.
    page, panel : ui.element
        The whole, and the panel of levers, which not every view takes.
    """

    def __init__(
        self, session: Session, shown: Shown, tabs: ui.tabs, page: ui.element, panel: ui.element
    ) -> None:
        self.session, self.page, self.panel = session, page, panel
        self.stale: set[str] = set()
        self.places = {
            name: ui.element("div").props(f"role=tabpanel aria-label={name}") for name in VIEWS
        }
        self.drawn: dict[str, Any] = {}
        with self.places["Run"]:
            self.drawn["Run"] = RunTab(session, shown)
        self.name = "Run"
        self._show()
        tabs.set_value("Run")
        tabs.on_value_change(lambda event: self.turn_to(event.value))
        self.tabs = tabs
        session.follow(self.follow)

    async def turn_to(self, name: str) -> None:
        """Show a view, and let it come to the settings of the page if it has not yet."""
        self.name = name
        self._show()
        if name not in self.drawn:
            with self.places[name]:
                self.drawn[name] = VIEWS[name](self.session)
            self.stale.add(name)
        self.session.show(view="" if name == "Run" else name)
        if name in self.stale:
            self.stale.discard(name)
            await self.drawn[name].follow()

    def leave(self) -> None:
        """Let whatever is still computed for the page come to nothing: its visitor is gone."""
        for view in self.drawn.values():
            view.desk.cancel()
        self.drawn.clear()

    async def follow(self) -> None:
        """Let the view that is looked at follow the levers, and the others later."""
        self.stale = set(self.drawn) - {self.name}
        await self.drawn[self.name].follow()

    def _show(self) -> None:
        for name, place in self.places.items():
            place.set_visibility(name == self.name)
        alone = self.name in WITHOUT_LEVERS
        self.panel.set_visibility(not alone)
        self.page.classes(**{"add" if alone else "remove": "x-alone"})


def _page(session: Session, shown: Shown, wrong: str) -> None:
    ui.link("Skip the levers", "#view").classes("x-skip")
    with ui.header().classes("x-head"):
        ui.label(TITLE).classes("x-name").props("role=heading aria-level=1")
        ui.space()
        dark = ui.button(icon="contrast").props("flat round color=white")
        dark.props("aria-label='Light or dark'").tooltip("Light or dark")
        dark.on("click", js_handler="() => Quasar.Dark.toggle()")
        share = ui.button("Copy link", icon="link", on_click=_copy_link)
        share.props("flat no-caps color=white aria-label='Copy a link to what this page shows'")
    with (
        ui.tabs().classes("x-tabs").props("align=left no-caps outside-arrows mobile-arrows") as tabs
    ):
        for name in VIEWS:
            ui.tab(name)
    with ui.element("div").classes("x-page") as page:
        error = ui.label(wrong).classes("x-error x-wide").props("role=alert")
        session.refuse = lambda said: error.set_text(f"The link was not followed in all: {said}")
        session.tell_link = ui.navigate.history.replace
        panel_place = ui.element("aside").props("aria-label=Settings")
        with panel_place:
            Panel(session)
        with ui.element("div").classes("x-views").props("id=view tabindex=-1"):
            views = Views(session, shown, tabs, page, panel_place)
        ui.label(
            f"sanctionsim {__version__}. Everything is computed on the machine that serves this "
            f"page; runs have up to {MOST_DAYS:,} days here. The command below a view repeats it."
        ).classes("x-foot x-note")
    ui.context.client.on_delete(views.leave)
    ui.context.client.on_delete(BROOM.ask)
    if session.shown.get(VIEW) in VIEWS:
        ui.timer(0, lambda: tabs.set_value(session.shown[VIEW]), once=True)
    ui.run_javascript(
        f"if (innerWidth < {NARROW}) document.querySelector('.x-settings').open = false;"
        "document.documentElement.dataset.folds = ''"
    )


def _copy_link() -> None:
    ui.run_javascript("navigator.clipboard?.writeText(location.href)")
    ui.notify("Link copied: it leads to what this page shows")


def _open() -> int:
    """Return how many places are taken: two that lost their connection share one."""
    there = Client.instances.values()
    lost = sum(bool(one.environ) and not one.has_socket_connection for one in there)
    return len(there) - lost // 2


def _left(query: str) -> None:
    """Let NiceGUI wait for no page that said that it goes away."""
    client = Client.instances.get(parse_qs(query).get("client_id", [""])[0])
    if client:
        client.page = copy.copy(client.page)
        client.page.reconnect_timeout = 0.0


def serve(host: str, port: int, show: bool) -> None:
    """Serve pages until the process is stopped."""

    app.add_middleware(Guard, host=host, pages=_open, most=MOST_PAGES, left=_left)

    @app.on_startup
    def warm() -> None:
        loop = asyncio.get_running_loop()
        QUICK.submit(shown_of, Settings()).add_done_callback(lambda _: BROOM.begin(loop))

    @app.on_shutdown
    def stop() -> None:
        for pool in (QUICK, SLOW):
            pool.shutdown(wait=False, cancel_futures=True)

    # A server that computes for others is late to answer: nobody's connection is given up for it.
    ui.run(
        host=host, port=port, show=show, reload=False, tailwind=False, title=TITLE, favicon="⚖️",
        show_welcome_message=False, language="en-US", dark=None,
        message_history_length=HISTORY, reconnect_timeout=PATIENCE_S,
    )  # fmt: skip
