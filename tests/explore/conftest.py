"""A server of the explorer and a browser for all tests of its pages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from functools import partial
from importlib.util import find_spec

import pytest
from chromium import browser as browser


@pytest.fixture(scope="package")
def started():
    """Return where an explorer comes to be served, and the process that will; started once."""
    if find_spec("nicegui") is None:
        pytest.skip("no explorer: NiceGUI is not installed (pip install 'sanctionsim[explore]')")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # NiceGUI serves another way where it believes itself under test.
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "NICEGUI"))}
    words = [sys.executable, "-m", "sim", "explore", f"port={port}", "--no-browser"]
    # What runs in the background inherits that Ctrl-C is ignored.
    server = subprocess.Popen(
        words, env=clean, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    yield f"http://127.0.0.1:{port}", server
    server.send_signal(signal.SIGINT)
    _, complaints = server.communicate(timeout=20)
    assert complaints.decode() == "sanctionsim: stopped\n"
    assert server.returncode == 130


@pytest.fixture(scope="package")
def address(started):
    """Return where an explorer is served."""
    found, server = started
    for _ in range(600):
        assert server.poll() is None, server.stderr.read().decode()
        try:
            urllib.request.urlopen(found, timeout=60).close()
            return found
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail("the explorer did not start within a minute")


@pytest.fixture(scope="module")
def window(started, browser):
    """Return a window whose pages read what is the same in all of them once.

    The server starts before the browser, which then opens meanwhile.
    """
    return browser.new_context()


class Visit:
    """A page that is looked at, what it complained of, and what it asked of other addresses."""

    def __init__(self, window, address: str, path: str = "/", width: int = 1400) -> None:
        self.address, self.complaints, self.strangers = address, [], []
        self.page = window.new_page()
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.set_default_timeout(30_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        self.page.goto(address + path)
        self.page.wait_for_selector(".x-node[data-stance]")

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, "ws", "data:", "blob:")):
            self.strangers.append(request.url)

    def turn_to(self, tab: str) -> None:
        self.page.get_by_role("tab", name=tab).click()

    def text(self, selector: str) -> str:
        return self.page.inner_text(f"{selector} >> visible=true")

    def wait_for(self, words: str):
        found = self.page.get_by_text(words).locator("visible=true").first
        found.wait_for()
        return found

    def reading(self, name: str) -> str:
        return self.page.inner_text(f".x-readings div:has(dt:text-is('{name}')) dd")

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).locator("visible=true").first.click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def keep_quiet(self) -> None:
        """Fail if the page complained, or asked another address for something."""
        assert self.complaints == []
        assert self.strangers == []


@pytest.fixture
def visit(window, address):
    """Return a function that opens a page; at the end none may have complained."""
    open_ones = []

    def opened(path: str = "/", width: int = 1400) -> Visit:
        open_ones.append(Visit(window, address, path, width))
        return open_ones[-1]

    yield opened
    for one in open_ones:
        one.page.close()
        one.keep_quiet()


@pytest.fixture(scope="module")
def long_open(window, address):
    """Return a page of a short run that all tests of a file look at, one after the other."""
    one = Visit(window, address, "/?base=without_jpn&scenario.steps=13")
    yield one
    one.page.close()


@pytest.fixture
def page(long_open):
    """Return that page, at the view Run, with all levers where they were but for two."""
    long_open.turn_to("Run")
    yield long_open
    long_open.keep_quiet()
