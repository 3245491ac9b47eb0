"""Who may ask the explorer for something, and what strangers may ask."""

from __future__ import annotations

import asyncio

import pytest

from sim.errors import InputError
from sim.explore.guard import Guard
from sim.explore.settings import MOST_CHARACTERS, from_query


def answer(host: str, given: dict[str, str], kind: str = "http", pages: int = 0) -> object:
    """Return the status of what a guard answers itself, None for what it lets through."""
    sent = []

    async def server(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message) -> None:
        sent.append(message)

    scope = {"type": kind, "path": "/",
             "headers": [(k.encode(), v.encode()) for k, v in given.items()]}  # fmt: skip
    asyncio.run(Guard(server, host, lambda: pages, 3, lambda query: None)(scope, None, send))
    first = sent[0]
    return None if first.get("status") == 200 else first.get("status", first.get("code"))


@pytest.mark.parametrize(
    ("host", "given", "status"),
    [
        ("127.0.0.1", {"host": "127.0.0.1:8642"}, None),
        ("127.0.0.1", {"host": "localhost:8642", "origin": "http://localhost:8642"}, None),
        ("127.0.0.1", {"host": "127.0.0.1:8642", "origin": "https://elsewhere.example"}, 403),
        ("127.0.0.1", {"host": "127.0.0.1:8642", "origin": "http://127.0.0.1:9000"}, 403),
        ("127.0.0.1", {"host": "127.0.0.1:8642", "origin": "null"}, 403),
        ("127.0.0.1", {"host": "elsewhere.example:8642"}, 403),
        ("127.0.0.1", {"host": "192.168.1.7:8642"}, 403),
        ("127.0.0.1", {}, 403),
        ("127.0.0.1", {"host": "[::1"}, 403),
        ("127.0.0.1", {"host": "localhost:8642", "origin": "http://[::1"}, 403),
        ("0.0.0.0", {"host": "192.168.1.7:8642"}, None),
        ("0.0.0.0", {"host": "elsewhere.example:8642"}, 403),
        ("lab.example", {"host": "lab.example:8642"}, None),
    ],
)
def test_only_its_own_pages_at_its_own_address_are_answered(host, given, status):
    assert answer(host, given) == status
    assert answer(host, given, "websocket") == (status and 1008)


def test_more_pages_than_it_serves_are_refused():
    assert answer("127.0.0.1", {"host": "localhost"}, pages=2) is None
    assert answer("127.0.0.1", {"host": "localhost"}, pages=3) == 503


@pytest.mark.parametrize(("code", "left"), [(1001, ["client_id=x"]), (1006, []), (1000, [])])
def test_a_page_that_says_that_it_goes_away_has_left(code, left):
    """One whose connection broke, or was ended by the page to begin another, comes back."""
    heard = []

    async def server(scope, receive, send) -> None:
        assert await receive() == {"type": "websocket.disconnect", "code": code}

    async def receive():
        return {"type": "websocket.disconnect", "code": code}

    scope = {"type": "websocket", "path": "/", "query_string": b"client_id=x",
             "headers": [(b"host", b"localhost")]}  # fmt: skip
    asyncio.run(Guard(server, "127.0.0.1", lambda: 0, 3, heard.append)(scope, receive, None))
    assert heard == left


def test_a_page_that_left_is_not_waited_for_and_others_are():
    from nicegui import Client, ui

    from sim.explore.app import _left

    pages = [type("Open", (), {"page": ui.page("/", reconnect_timeout=9.0)})() for _ in range(2)]
    pages[1].page = pages[0].page
    Client.instances |= {"a": pages[0], "b": pages[1]}
    try:
        for query in ("client_id=a", "client_id=c", ""):
            _left(query)
        assert [one.page.resolve_reconnect_timeout() for one in pages] == [0.0, 9.0]
    finally:
        del Client.instances["a"], Client.instances["b"]


def test_memory_is_given_back_once_for_all_pages_that_left_meanwhile(monkeypatch):
    from sim.explore import memory

    swept, broom = [], memory.Broom()
    monkeypatch.setattr(memory, "AFTER_S", 0.01)
    monkeypatch.setattr(memory.gc, "collect", lambda: swept.append(1))
    monkeypatch.setattr(memory.gc, "freeze", lambda: None)
    monkeypatch.setattr(memory.gc, "set_threshold", lambda *_: None)

    async def leave() -> None:
        broom.ask()  # nobody serves yet
        broom.begin(asyncio.get_running_loop())
        for pages in (2, 1):
            for _ in range(pages):
                broom.ask()
            await asyncio.sleep(0.05)

    asyncio.run(leave())
    assert len(swept) == 2


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("seed=" + "9" * MOST_CHARACTERS, "8,000 characters at most"),
        ("coordination.peer_weight=" + "[" * 5000, "cannot be read"),
        ("coordination.peer_weight=NaN", "cannot be read"),
        ("coordination.peer_weight=1e999", "between 0 and 10"),
        ("coordination.peer_weight=1" + "0" * 400, "cannot be read"),
        ("coordination.leaders=" + '["%5Cud800"]', "cannot be read"),
        ('coordination.leaders=["USA","USA"]', "USA is named twice; name it once"),
        ("coordination.peer_weight=[1]", "coordination.peer_weight"),
        ("coordination.peer_weight=null", "coordination.peer_weight"),
        ("coordination.peer_weight=", "cannot be read"),
        ("base=" + "x" * 500, "is unknown"),
        ("__class__=1", "is unknown"),
        ("scenario.steps=-1", "scenario.steps"),
    ],
)
def test_what_a_stranger_writes_into_a_link_is_refused_in_a_line(query, words):
    with pytest.raises(InputError, match=words) as caught:
        from_query(query)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("end", ["1" + "0" * 400, '"0"', "true", "[]", '"\\ud800"'])
def test_a_grid_of_a_link_has_numbers_for_its_ends(end):
    from sim.explore.session import Session
    from sim.explore.settings import GRID, Settings
    from sim.explore.sweep_tab import USUAL, asked_in

    text = f'[["coordination.peer_weight",{end},2,2],["coordination.lead_weight"],5,""]'
    session, refused = Session(Settings(), {GRID: text}), []
    session.refuse = refused.append
    assert session.asked(GRID, asked_in, USUAL) == USUAL
    assert "grid cannot be read" in refused[0]


@pytest.mark.parametrize("share", ["1" + "0" * 400, "[]", "NaN"])
def test_an_embargo_of_a_link_that_cannot_be_is_refused_in_a_line(share):
    from sim.explore.embargo import from_text

    for whom in ("DEU", "\\ud800"):
        with pytest.raises(InputError, match="the embargo cannot be read") as caught:
            from_text(f'[["{whom}"],["RUS"],"both",[],{share},"first_year","march_2022"]')
        assert len(str(caught.value)) < 150
