"""The page: a head, the levers on the left, the tabs; and the server that it comes from."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from nicegui import app, ui

from sim import __version__
from sim.errors import InputError
from sim.explore.levers_panel import Panel
from sim.explore.run_tab import RunTab, Shown, shown_of
from sim.explore.session import Session
from sim.explore.settings import MOST_DAYS, Settings, from_link
from sim.explore.work import QUICK, Desk

TITLE = "sanctionsim explorer"
CSS = Path(__file__).with_name("explore.css")
NARROW = 900  # pixels; below it the levers are folded away at first


@ui.page("/", title=TITLE, response_timeout=60.0)
async def index(request: Request) -> None:
    """Build the page of one visitor."""
    ui.add_css(CSS.read_text(encoding="utf-8"))
    ui.query("html").props("lang=en")
    settings, wrong = _asked_for(request)
    desk = Desk()
    shown = await desk.do(desk.begin(), QUICK, _shown, settings)
    if isinstance(shown, str):
        settings, wrong = Settings(), shown
        shown = await desk.do(desk.begin(), QUICK, shown_of, settings)
    _page(Session(settings), shown, wrong)


def _asked_for(request: Request) -> tuple[Settings, str]:
    """Return the settings of a link, and what is wrong with it."""
    try:
        return from_link(request.query_params.multi_items()), ""
    except InputError as error:
        return Settings(), str(error)


def _shown(settings: Settings) -> Shown | str:
    try:
        return shown_of(settings)
    except InputError as error:
        return str(error)


def _page(session: Session, shown: Shown, wrong: str) -> None:
    with ui.header().classes("x-head"):
        ui.label(TITLE).classes("x-name").props("role=heading aria-level=1")
        ui.space()
        share = ui.button("Copy link", icon="link", on_click=_copy_link)
        share.props("flat no-caps color=white aria-label='Copy a link with these settings'")
    with ui.element("main").classes("x-page"):
        if wrong:
            ui.label(f"The link was not followed: {wrong}").classes("x-error x-wide").props(
                "role=alert"
            )
        panel_place = ui.element("aside").props("aria-label=Settings")
        with ui.element("div").classes("x-views"):
            RunTab(session, shown)
        with panel_place:
            Panel(session)
        ui.label(
            f"sanctionsim {__version__}. Everything is computed on the machine that serves this page; "
            "a page shows runs of up to "
            f"{MOST_DAYS} days. The command below a view repeats it."
        ).classes("x-foot x-note")

    async def link() -> None:
        ui.navigate.history.replace(session.settings.link)

    session.follow(link)
    ui.run_javascript(
        f"if (innerWidth < {NARROW}) document.querySelector('.x-settings').open = false"
    )


def _copy_link() -> None:
    ui.run_javascript("navigator.clipboard?.writeText(location.href)")
    ui.notify("Link copied: it carries these settings")


def serve(host: str, port: int, show: bool) -> None:
    """Serve pages until the process is stopped."""

    @app.on_startup
    def warm() -> None:
        QUICK.submit(_shown, Settings())

    ui.run(
        host=host, port=port, show=show, reload=False, title=TITLE, favicon="⚖️",
        show_welcome_message=False, language="en-US", dark=False,
    )  # fmt: skip
