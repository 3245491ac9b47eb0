"""The explorer without a browser, for the fuzzer: its pages, and its server, in this process."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import re
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import quote, unquote, urlencode

from nicegui import Client, core
from nicegui.testing.general import prepare_simulation
from starlette.requests import Request

from sim.config import Config, parameters_of
from sim.explore import app as served
from sim.explore.embargo import Embargo
from sim.explore.guard import Guard
from sim.parameters import parameters

VIEWS = (*served.VIEWS, "Run", "Embargo")  # those twice that take least
GRID = ('[["coordination.peer_weight",0,2,2],["coordination.secondary_sanctions",0,1,2],5,""]',
        '[["coordination.peer_weight"],["coordination.peer_weight"],5,"x"]')  # fmt: skip
NO_NUMBER = re.compile(r"\b(nan|inf|NaT)\b")
ODD = (10**400, 1e308, -1, 0.5, True, None, "1", "\ud800", "x" * 3000, "RUS", [], {}, [[]])


class Explorer(logging.Handler):
    """The server of the explorer, on a loop of its own; hears what it complains of.

    Attributes
    ----------
    complaints : list of str
    views : list of Views
        Of the pages that were opened.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.complaints: list[BaseException | str] = []
        self.views: list[Any] = []
        self.runner = asyncio.Runner()
        self.run(self._start())
        logging.getLogger().addHandler(self)
        for name in ("nicegui", "sim.explore.app"):
            logging.getLogger(name).addHandler(self)
        made = served.Views.__init__

        def noted(views: Any, *given: Any) -> None:
            made(views, *given)
            self.views.append(views)

        served.Views.__init__ = noted  # type: ignore[method-assign]

    def run(self, work: Any) -> Any:
        """Return what a coroutine comes to."""
        return self.runner.run(work)

    async def _start(self) -> None:
        prepare_simulation()
        await core.app.router.lifespan_context(core.app).__aenter__()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what was logged as an error: not that the server refused a request, which is right.

        The library of its sockets logs that as an error without an exception.
        """
        error = record.exc_info[1] if record.exc_info else None
        ours = record.name.partition(".")[0] in ("nicegui", "sim")
        if record.levelno >= logging.ERROR and (error or ours):
            self.complaints.append(error or record.getMessage())

    def check(self) -> None:
        """Raise what was logged."""
        heard, self.complaints = self.complaints, []
        for one in heard:
            raise one if isinstance(one, BaseException) else AssertionError(one)


explorer = cache(Explorer)
DEFAULTS = {key: json.dumps(of) for key, (of, _) in parameters_of(Config()).items()}


def looked_at(query: str, view: str) -> None:
    """Open a page by a link and turn to a view, as its visitor would; raise what goes wrong."""
    server = explorer()
    try:
        server.run(_looked_at(server, query, view))
    finally:
        server.views.clear()
        for client in list(Client.instances.values()):
            client.delete()
    server.check()


async def _looked_at(server: Explorer, query: str, view: str) -> None:
    raw = quote(query, safe="=&+%/:;,[]{}\"'?@!$()*~").encode()
    request = Request({
        "type": "http", "method": "GET", "path": "/", "query_string": raw, "headers": [],
        "server": ("127.0.0.1", 8642), "scheme": "http",
    })  # fmt: skip
    with Client(served.ui.page("/"), request=request) as client:
        await served.index(request)
        views = server.views[-1]
        await views.turn_to(view)
        run = views.drawn["Run"]
        if run.chosen:
            await run._ask()
        client.build_response(request)
        for element in client.elements.values():
            wrong = no_number_in(element)
            assert not wrong, f"{view} shows {wrong!r}"


def no_number_in(element: Any) -> str:
    """Return a word of an element that is no number, with what stands before it; '' for none.

    An alert or a live region, which is read out, refuses: it may quote what the link says.
    """
    if element.props.get("role") == "alert" or "aria-live" in element.props:
        return ""
    shown = str(getattr(element, "text", "") or getattr(element, "content", ""))
    shown = re.sub(r"<[^>]*>|'[^']*'", " ", shown)
    found = NO_NUMBER.search(shown)
    return shown[max(found.start() - 40, 0) : found.end()] if found else ""


def oddly(text: str, chance: random.Random) -> str:
    """Return JSON with something odd in one place of it, at whatever depth."""
    root = [json.loads(text)]
    at: Any = root
    where: Any = 0
    while at[where] and isinstance(at[where], list | dict) and chance.random() < 0.8:
        at = at[where]
        where = chance.choice([*at] if isinstance(at, dict) else range(len(at)))
    at[where] = chance.choice(ODD)
    return json.dumps(root[0])


def text_of(
    chance: random.Random, words: tuple[str, ...], mutated: Callable[[bytes, random.Random], bytes]
) -> str:
    """Return a query of a link: what a page would write there, with a few of it changed."""
    known = [one for one in parameters() if one.low is not None]
    lever, other = chance.choice(known), chance.choice(list(DEFAULTS))
    ends = [one for one in (lever.low, lever.high, lever.default) if one not in (None, "none")]
    embargo = Embargo(("DEU", "USA"), ("RUS",)).text
    usual: dict[str, tuple[str, ...]] = {
        "base": ("status_quo", "without_jpn", "alone_bra", "crimea_2014", "eu_veto", "isolate_rus"),
        "view": (*served.VIEWS, "x"),
        "day": ("0", "9", "27", "28", "-1", "²", "1e3"),
        "state": ("EU", "DEU", "RUS", "CHN", "XXX", "eu"),
        "measure": ("oil_import_ban RUS", "oil_import_ban", " RUS", "x y", "swift_ban RUS BLR"),
        "runs": ("100", "50", "1_00", "١٠٠", "-1", "1e2"),
        "a": ("", "base=status_quo", "base=without_bra", "base=alone_tur", "a=b&a=c", "base=x",
              "coordination.peer_weight=2", "seed=" + "9" * 5000),
        "grid": (*GRID, mutated(GRID[0].encode(), chance).decode("utf-8", "replace"),
                 oddly(GRID[0], chance)),
        "embargo": (embargo, mutated(embargo.encode(), chance).decode("utf-8", "replace"),
                    oddly(embargo, chance)),
        "sectors": ("targets", "DEU", "coalition", "x"),
        lever.key: tuple(json.dumps(end) for end in ends),
        other: ("[]", "{}", '["XXX"]', '["RUS"]', '{"RUS": 1}', "true", DEFAULTS[other],
                oddly(DEFAULTS[other], chance)),
    }  # fmt: skip
    query = {"scenario.steps": "2"}
    for name in chance.sample(list(usual), chance.choice((1, 2, 3, 5))):
        query[name] = chance.choice(usual[name] if chance.random() < 0.8 else words)
    text = urlencode(query, errors="replace")
    if chance.random() < 0.2:
        text = mutated(text.encode(), chance).decode("utf-8", "replace")
    return text


HEADERS = ("host", "origin", "x-forwarded-prefix", "accept", "accept-language", "sec-purpose",
           "cookie", "range", "content-type", "nicegui-check", "x-forwarded-for")  # fmt: skip
PATHS = (
    "/", "/x", "/favicon.ico", "/_nicegui/x", "/_nicegui/3.18.0/static/../../../../etc/passwd",
    "/_nicegui/3.18.0/libraries/x", "/_nicegui/3.18.0/resources/x/../../y", "/docs", "//", "/%ff",
    "/openapi.json", "/%00", "/_nicegui_ws/socket.io/", "/_nicegui/client/x",
)  # fmt: skip
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE")


def request_of(
    chance: random.Random, words: tuple[str, ...]
) -> tuple[str, str, list[tuple[bytes, bytes]], bytes]:
    """Return method, path with query, headers and body of a request."""
    host = chance.choice(("127.0.0.1:8642", "localhost", *words))
    headers = [("host", host)] if chance.random() < 0.95 else []
    for _ in range(chance.choice((0, 0, 1, 3))):
        value = chance.choice((*words, "http://localhost", "null", "*/*;q=x", "bytes=9-1"))
        headers.append((chance.choice(HEADERS), value))
    coded = [(name.encode(), value.encode("utf-8")) for name, value in headers]
    path = chance.choice(PATHS) + (
        "?" + quote(chance.choice(words)) if chance.random() < 0.5 else ""
    )
    return chance.choice(METHODS), path, coded, chance.choice(words).encode()


def asked(method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Ask the server for something; raise what goes wrong, and if a page is kept that none saw."""
    server = explorer()
    before = len(Client.instances)
    try:
        status = server.run(_asked(method, path, headers, body))
        assert status < 500, f"{method} {path}: status {status}"
        pages = len(Client.instances) - before
        assert not pages or path.partition("?")[0] == "/", f"{path}: a page is kept for it"
    finally:
        server.views.clear()
        for client in list(Client.instances.values()):
            client.delete()
    server.check()


async def _asked(method: str, path: str, headers: Any, body: bytes) -> int:
    guard = Guard(
        core.app, "127.0.0.1", lambda: len(Client.instances), served.MOST_PAGES, lambda query: None
    )
    place, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": unquote(place), "raw_path": place.encode(),
        "query_string": query.encode(), "headers": headers, "root_path": "",
        "server": ("127.0.0.1", 8642), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await guard(scope, receive, send)
    return int(sent[0]["status"])
