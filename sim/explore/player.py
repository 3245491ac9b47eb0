"""The transport of a run: play, pause, step, rewind; it runs in the browser."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from sim.explore.drawing import LOOKS


class Player(ui.element, component="player.js"):
    """Plays a story over drawings that stand in an element of the page.

    Parameters
    ----------
    story : dict
        As of `sim.explore.story.payload`.
    day : int
        At which it stands at first.
    scope : str
        HTML id of the element that the drawings stand in.
    charts : sequence of int
        Ids of charts that have a series `now`, whose mark follows the day.
    on_day : callable
        Called with the day once the player stands still on it.
    on_state : callable
        Called with code and day when a state is chosen.
    """

    def __init__(
        self,
        story: dict[str, Any],
        day: int,
        scope: str,
        charts: Sequence[int],
        on_day: Callable[[int], Any],
        on_state: Callable[[str, int], Any],
    ) -> None:
        super().__init__()
        self._props.update(story=story, first=day, scope=scope, charts=list(charts), looks=LOOKS)
        self.on("day", lambda event: on_day(int(event.args)))
        self.on("state", lambda event: on_state(event.args["state"], int(event.args["day"])))

    def tell(self, story: dict[str, Any]) -> None:
        """Play another run from the day that the page is at."""
        self._props["story"] = story
        self.update()
