"""The tab Run: one run, played day by day, and the cards of those who act in it."""

import io
import shlex
from functools import lru_cache, partial
from typing import Any, NamedTuple

from nicegui import ui

from sim.errors import InputError
from sim.explore import drawing
from sim.explore.card import Card, actors, card_of, in_html, nobody
from sim.explore.charts import Line, over_time
from sim.explore.exports import Exports, save_drawing
from sim.explore.parts import MENU, chart_panel, panel, redraw, title
from sim.explore.player import Player
from sim.explore.session import Session
from sim.explore.settings import DAY, MEASURE, STATE, Settings, from_query
from sim.explore.story import Story, lead, payload, story_of
from sim.explore.work import QUICK, Desk
from sim.report.figures import drawn

PAPER_FIGURES = ("calendar", "network", "costs", "map", "paths")


class Shown(NamedTuple):
    """A run as a page shows it."""

    story: Story
    played: dict[str, Any]
    network: str
    calendar: str
    costs: dict[str, Any]
    leak: dict[str, Any]


def shown_of(settings: Settings) -> Shown:
    """Return the run of some settings as a page shows it; the latest ones are remembered."""
    return _shown_at(settings.query)


@lru_cache(maxsize=24)
def _shown_at(query: str) -> Shown:
    story = story_of(from_query(query).config())
    return Shown(
        story,
        payload(story),
        drawing.network(story),
        drawing.calendar(story),
        costs_of(story),
        leak_of(story),
    )


def costs_of(story: Story) -> dict[str, Any]:
    """Return the chart of what the targets and the senders lose."""
    senders = Line("Senders, mean", story.history.steps["mean_sender_loss"].to_numpy(float))
    return _chart(story, "What it costs", "% of GDP", [*_of_targets(story, "loss"), senders])


def leak_of(story: Story) -> dict[str, Any]:
    """Return the chart of what leaks of the covered trade with each target."""
    title = "Covered trade that finds another way"
    return _chart(story, title, "%", _of_targets(story, "leak", 100.0))


def _of_targets(story: Story, column: str, times: float = 1.0) -> list[Line]:
    setting, steps = story.setting, story.history.steps
    return [
        Line(setting.name_of(code), times * steps[f"{column}_{code}"].to_numpy(float))
        for code in setting.config.scenario.targets
    ]


def _chart(story: Story, title: str, unit: str, lines: list[Line]) -> dict[str, Any]:
    setting, days = story.setting, story.history.steps["day"].tolist()
    return over_time(title, unit, days, setting.start, lines, setting.n_days, plays=True)


def paper_figure(story: Story, name: str) -> bytes:
    """Return a figure of the run as on its page, as SVG; InputError if it has nothing to show."""
    kept = io.BytesIO()
    drawn(story.history, name).savefig(kept, format="svg")
    return kept.getvalue()


class RunTab:
    """The tab of a page, for its session.

    Parameters
    ----------
    shown : Shown
        The run that it opens with.
    """

    def __init__(self, session: Session, shown: Shown) -> None:
        self.session, self.shown, self.desk, self.card_desk = session, shown, Desk(), Desk()
        self.day = session.asked(DAY, self._day_in, shown.played["opening"])
        self.chosen = session.asked(STATE, self._actor_in, "")
        # The measure that the card is about, and the one that was asked for by hand, if any.
        self.measure, self.asked = "", session.shown.get(MEASURE, "")
        self._draw()
        self._tell()
        if self.chosen:
            ui.timer(0, self._ask, once=True)

    def _day_in(self, text: str) -> int:
        days = self.shown.played["days"]
        if not text.isdecimal() or int(text) >= days:
            raise InputError(f"day must be a whole number from 0 to {days - 1}; found {text!r}")
        return int(text)

    def _actor_in(self, text: str) -> str:
        known = actors(self.shown.story.setting)
        if text not in known:
            raise InputError.unknown("state or council", text, known)
        return text

    def _draw(self) -> None:
        with ui.column().classes("w-full gap-3 x-run-tab") as self.root:
            self.lead = ui.label().classes("x-lead")
            self.said = ui.label().classes("x-error").props("role=alert")
            self.player_place = ui.element("div").classes("w-full")
            with ui.element("div").classes("x-two"):
                with panel("Alliance network"):
                    title("Who stands where, and who pulls whom")
                    self.network = ui.html(self.shown.network, sanitize=False)
                with panel("Card"):
                    self._draw_card()
            with ui.element("div").classes("x-two"):
                self.costs = chart_panel(self.shown.costs)
                self.leak = chart_panel(self.shown.leak)
            with panel("Calendar"):
                title("The calendar of measures")
                self.calendar = ui.html(self.shown.calendar, sanitize=False)
            data = {
                "Dated acts": "events",
                "Numbers by step": "steps",
                "Numbers by step and state": "states",
            }
            self.exports = Exports(
                self._figures(), data, lambda name: getattr(self.shown.story.history, name)
            )
        with self.player_place:
            self.player = Player(
                self.shown.played, self.day, self.root.html_id, (self.costs.id, self.leak.id),
                self._on_day, self._on_state,
            )  # fmt: skip

    def _draw_card(self) -> None:
        title("Why it did or did not act")
        with ui.element("div").classes("x-choices"):
            self.who = ui.select(
                actors(self.shown.story.setting), label="State or council", on_change=self._on_who
            ).props(MENU)
            self.what = ui.select({}, label="Measure", on_change=self._on_what)
            self.what.props(MENU)
            self.what.set_visibility(False)
        self.card = ui.html(nobody(), sanitize=False).classes("x-card").props("aria-live=polite")

    def _figures(self) -> dict[str, Any]:
        figures: dict[str, Any] = {
            "Network as shown": lambda: save_drawing(self.network, f"network_{self.day}"),
            "Costs": lambda: save_drawing(self.costs, "costs"),
            "Leak": lambda: save_drawing(self.leak, "leak"),
        }
        for name in PAPER_FIGURES:
            figures[f"For print: {name}"] = partial(self._print, name)
        return figures

    async def _print(self, name: str) -> None:
        with self.desk.turn(partial(ui.notify, type="warning")) as ticket:
            picture = await self.desk.do(ticket, QUICK, paper_figure, self.shown.story, name)
            ui.download.content(picture, f"{name}.svg", "image/svg+xml")

    async def follow(self) -> None:
        """Show the run of the settings that the page has come to."""

        def refused(why: str) -> None:
            self.said.set_text(f"{why}. Below is the run before.")

        with self.desk.turn(refused) as ticket:
            shown = await self.desk.do(ticket, QUICK, shown_of, self.session.settings)
            self.said.set_text("")
            self._show(shown)

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.network.set_content(shown.network)
        self.calendar.set_content(shown.calendar)
        for chart, options in ((self.costs, shown.costs), (self.leak, shown.leak)):
            redraw(chart, options)
        self.player.tell(shown.played)
        self.day = min(self.day, shown.played["days"] - 1)
        self._tell()
        if self.chosen:
            ui.timer(0, self._ask, once=True)

    def _tell(self) -> None:
        self.exports.tell(self.session.settings.command("run"))
        self.lead.set_text(lead(self.shown.story.setting))
        known = actors(self.shown.story.setting)
        if self.chosen not in known:
            self.chosen, self.asked = "", ""
            self.card.set_content(nobody())
            self.what.set_visibility(False)
        self.who.set_options(known, value=self.chosen or None)

    # The card.

    async def _on_day(self, day: int) -> None:
        self.day = day
        self._link()
        if self.chosen:
            await self._ask()

    async def _on_state(self, code: str, day: int) -> None:
        self.day = day
        await self._choose(code)
        ui.run_javascript(
            f"document.getElementById('{self.card.html_id}')"
            ".scrollIntoView({block: 'nearest', behavior: 'smooth'})"
        )

    async def _on_who(self) -> None:
        if self.who.value and self.who.value != self.chosen:
            await self._choose(self.who.value)

    async def _on_what(self) -> None:
        if self.what.value and self.what.value != self.measure:
            self.asked = self.what.value
            await self._ask()

    async def _choose(self, code: str) -> None:
        self.chosen, self.asked = code, ""
        self.who.set_value(code)
        await self._ask()

    def _explain(self, card: Card) -> str:
        """Return the command that explains what a card is about, over many draws too."""
        day = self.shown.story.setting.date_of(self.day).isoformat()
        measure, _, target = card.chosen.partition(" ")
        words = [card.code, measure, f"day={day}", f"target={target}" if target else ""]
        settings = self.session.settings
        return shlex.join(["sanctionsim", "explain", *filter(None, words), *settings.words])

    def _link(self) -> None:
        opening = self.shown.played["opening"]
        self.session.show(
            day="" if self.day == opening else self.day, state=self.chosen, measure=self.asked
        )

    async def _ask(self) -> None:
        """Show the card of whom was chosen, on the day that the page stands at."""

        def refused(why: str) -> None:  # other settings may lack the measure
            self.asked = ""
            self.card.set_content(nobody())
            ui.notify(why, type="warning")

        with self.card_desk.turn(refused) as ticket:
            asked = self.shown.story.setting, self.chosen, self.day, self.asked
            card = await self.card_desk.do(ticket, QUICK, card_of, *asked)
            self.card.set_content(in_html(card, self._explain(card)))
            self.measure = card.chosen
            self._link()
            self.what.set_visibility(bool(card.choices))
            self.what.set_options(card.choices, value=card.chosen or None)
