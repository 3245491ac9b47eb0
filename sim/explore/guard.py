"""Who may ask the server for something: pages that came from it, and not too many of them.

A server on the loopback address is within reach of every page that its user has open elsewhere.
So a request must name this machine as its host (a name that was made to point here does not), and
one that a page makes must come from a page of this server.
"""

import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

Scope = dict[str, Any]
HERE = ("localhost", "127.0.0.1", "::1")
ANYWHERE = ("0.0.0.0", "::")
GOING_AWAY = 1001  # how a browser ends the connection of a page that is closed or loaded anew
# The browser itself keeps a page from asking anybody else, or from being framed by another.
POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; frame-ancestors 'none'; "
    "base-uri 'self'; form-action 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)


class Guard:
    """What stands before the server.

    Parameters
    ----------
    app : callable
        The server, as ASGI has it.
    host : str
        Address that it is served at.
    pages, most : callable, int
        How many pages are open, and how many may be.
    left : callable
        Given the query of a page's connection that ends because its visitor leaves.
    """

    def __init__(
        self, app: Any, host: str, pages: Callable[[], int], most: int, left: Callable[[str], None]
    ) -> None:
        self.app, self.pages, self.most, self.left = app, pages, most, left
        self.anywhere = host in ANYWHERE
        self.names = {*HERE, host}
        if self.anywhere:
            self.names |= {socket.gethostname().lower(), socket.getfqdn().lower()}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, or refuse it in a line."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        status, wrong = self._wrong(scope)
        if not wrong and scope["type"] == "websocket":
            await self.app(scope, self._heard(scope, receive), send)
        elif not wrong:
            await self.app(scope, receive, _kept(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": wrong})
        else:
            kind = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
            await send({"type": "http.response.start", "status": status, "headers": kind})
            await send({"type": "http.response.body", "body": f"{wrong}\n".encode()})

    def _heard(self, scope: Scope, receive: Any) -> Any:
        """Return what receives messages, and notices one that says that its page goes away."""

        async def received() -> Scope:
            message: Scope = await receive()
            if message["type"] == "websocket.disconnect" and message.get("code") == GOING_AWAY:
                self.left(scope["query_string"].decode("latin-1"))
            return message

        return received

    def _wrong(self, scope: Scope) -> tuple[int, str]:
        """Return the status and the words of a refusal, '' for none."""
        said = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = said.get(b"host", ""), said.get(b"origin")
        if not self._is_here(_name(host)):
            return 403, "The explorer answers to the address that it is served at, to no other."
        if origin is not None and origin.partition("://")[2] != host:
            return 403, "The explorer answers to its own pages only."
        if scope["type"] == "http" and scope["path"] == "/" and self.pages() >= self.most:
            return 503, (
                f"{self.most} pages are open, as many as one explorer serves: close some, wait a "
                "minute, or start another with sanctionsim explore port=N"
            )
        return 200, ""

    def _is_here(self, name: str) -> bool:
        if name in self.names:
            return True
        try:
            return bool(ip_address(name)) and self.anywhere
        except ValueError:
            return False


def _name(host: str) -> str:
    """Return the name in a header, '' where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:  # such as of brackets that do not close
        return ""


def _kept(send: Any) -> Any:
    """Return what sends an answer with the headers that keep a page to itself."""

    async def sent(message: Scope) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *HEADERS]}
        await send(message)

    return sent
