"""One page of one visitor: its settings, and the views that follow them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from sim.config import Config
from sim.errors import InputError
from sim.explore.settings import Settings

View = Callable[[], Awaitable[None]]


class Session:
    """The settings of a page. Nothing of it is shared with another page.

    Parameters
    ----------
    settings : Settings
    shown : mapping of str to str, optional
        What a link says beside them: of the names in `BESIDE`.

    Attributes
    ----------
    settings : Settings
    config : Config
        Of these settings.
    shown : dict of str to str
    """

    def __init__(self, settings: Settings, shown: Mapping[str, str] | None = None) -> None:
        self.settings = settings
        self.config: Config = settings.config()
        self.shown = dict(shown or {})
        self._views: list[View] = []

    @property
    def link(self) -> str:
        """Path and query of a page with these settings, that shows the same view."""
        more = urlencode({name: text for name, text in self.shown.items() if text})
        link = self.settings.link
        return f"{link}{'&' if '?' in link else '?'}{more}" if more else link

    def follow(self, view: View) -> None:
        """Let a view be told of every change."""
        self._views.append(view)

    def try_lever(self, key: str, value: Any) -> str:
        """Move a lever if that gives a configuration; return what is wrong with it, '' for none."""
        try:
            moved = self.settings.with_lever(key, value)
            config = moved.config()
        except InputError as error:
            return str(error)
        self.settings, self.config = moved, config
        return ""

    def choose(self, base: str) -> str:
        """Turn to another experiment with its levers where they usually are; as `try_lever`."""
        try:
            chosen = Settings(base)
            config = chosen.config()
        except InputError as error:
            return str(error)
        self.settings, self.config = chosen, config
        return ""

    async def changed(self) -> None:
        """Tell all views that the settings are others."""
        for view in self._views:
            await view()
