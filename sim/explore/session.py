"""One page of one visitor: its settings, and the views that follow them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from sim.config import Config
from sim.errors import InputError
from sim.explore.settings import Settings

T = TypeVar("T")
View = Callable[[], Awaitable[None]]


class Session:
    """The settings of a page. Nothing of it is shared with another page.

    Parameters
    ----------
    shown : mapping of str to str, optional
        What a link says beside them: of the names in `BESIDE`.

    Attributes
    ----------
    settings : Settings
    config : Config
        Of these settings.
    shown : dict of str to str
    tell_link, refuse : callable
        Given the link that the page has come to, and what was wrong with the one it came by.
    """

    def __init__(self, settings: Settings, shown: Mapping[str, str] | None = None) -> None:
        self.settings = settings
        self.config: Config = settings.config()
        self.shown = dict(shown or {})
        self.tell_link: Callable[[str], object] = lambda link: None
        self.refuse: Callable[[str], object] = lambda wrong: None
        self._views: list[View] = []

    @property
    def link(self) -> str:
        """Path and query of a page with these settings, that shows the same view."""
        more = urlencode({name: text for name, text in self.shown.items() if text})
        link = self.settings.link
        return f"{link}{'&' if '?' in link else '?'}{more}" if more else link

    def show(self, **shown: object) -> None:
        """Let the link carry what a view shows; '' or None for what goes without saying."""
        self.shown.update((name, "" if of is None else str(of)) for name, of in shown.items())
        self.tell_link(self.link)

    def asked(self, name: str, read: Callable[[str], T], usual: T) -> T:
        """Return what the link asks a view to show, or the usual if that cannot be."""
        text = self.shown.get(name, "")
        if not text:
            return usual
        try:
            return read(text)
        except (ValueError, KeyError, TypeError) as error:
            said = error if isinstance(error, InputError) else f"{name} cannot be read"
            self.shown[name] = ""
            self.refuse(str(said))
            return usual

    def follow(self, view: View) -> None:
        """Let a view be told of every change."""
        self._views.append(view)

    def try_lever(self, key: str, value: Any) -> str:
        """Move a lever if that gives a configuration; return what is wrong with it, '' for none."""
        return self._turn_to(lambda: self.settings.with_lever(key, value))

    def _turn_to(self, asked: Callable[[], Settings]) -> str:
        try:
            settings = asked()
            config = settings.config()
        except InputError as error:
            return str(error)
        self.settings, self.config = settings, config
        return ""

    async def move(self, levers: Mapping[str, Any]) -> str:
        """Move levers together and tell the views; as `try_lever`."""
        before = self.settings, self.config
        wrong = next(filter(None, (self.try_lever(*lever) for lever in levers.items())), "")
        if wrong:
            self.settings, self.config = before
        else:
            await self.changed()
        return wrong

    def choose(self, base: str) -> str:
        """Turn to another experiment with its levers where they usually are; as `try_lever`."""
        return self._turn_to(lambda: Settings(base))

    async def changed(self) -> None:
        """Tell all views that the settings are others."""
        self.tell_link(self.link)
        for view in self._views:
            await view()
