"""The panel of levers: choose an experiment, move what differs, put it back."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from sim.compose import ABOUT_ONE, about_one, options
from sim.experiments import experiments
from sim.explore.levers import facts_of, kind_of, name_of, offered, slider_end, slider_step
from sim.explore.parts import MENU
from sim.explore.session import Session
from sim.explore.settings import START, Settings, base_config
from sim.explore.settings import kind_of as kind_of_base
from sim.explore.story import world_of
from sim.parameters import Parameter
from sim.shown import brief
from sim.words import listed


class Panel:
    """The panel of levers of a page."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shows: dict[str, Callable[[], None]] = {}
        self.shown = session.settings
        self._draw()
        session.follow(self.follow)

    def _draw(self) -> None:
        with ui.element("details").classes("x-settings").props("open"):
            with ui.element("summary"):
                ui.label("Experiment and levers").classes("x-panel-title")
            self._draw_experiment()
            with ui.row().classes("items-center justify-between w-full no-wrap"):
                self.moved = ui.label().classes("x-note").props("aria-live=polite")
                self.reset = ui.button("Reset", icon="undo", on_click=self._reset)
                self.reset.props("flat dense no-caps aria-label='Put all levers back'")
            for name, levers in offered().items():
                self._draw_group(name, levers)
        self.show()

    def _draw_experiment(self) -> None:
        self.base = ui.select(bases(), label="Experiment or scenario", on_change=self._choose)
        self.member = ui.select({}, label="Which member", on_change=self._choose)
        for choice in (self.base, self.member):
            choice.props(MENU).classes("w-full")
        self.question = ui.label().classes("x-note")

    def _draw_group(self, name: str, levers: list[Parameter]) -> None:
        first = not self.shows
        group = ui.expansion(name, value=first).classes("w-full x-group").props("dense")
        drawn = False

        def draw() -> None:
            nonlocal drawn
            if drawn or not group.value:
                return
            drawn = True
            with group, ui.column().classes("w-full gap-3"):
                for lever in levers:
                    self._draw_lever(lever)
            self.show()

        if first:
            draw()
        group.on_value_change(draw)

    def _draw_lever(self, lever: Parameter) -> None:
        with ui.element("div").classes("x-lever").props(f"data-lever={lever.key}"):
            kind = kind_of(lever.key)
            draw = {"number": self._number, "switch": self._switch, "choice": self._choice,
                    "states": self._states}[kind]  # fmt: skip
            draw(lever)
            ui.label(lever.meaning[:1].upper() + lever.meaning[1:] + ".").classes("x-meaning")
            ui.label(facts_of(lever)).classes("x-source")

    def _number(self, lever: Parameter) -> None:
        usual = self.session.settings.usual(lever.key)
        end = slider_end(lever, usual)
        with ui.row().classes("w-full items-center no-wrap justify-between gap-2"):
            ui.label(name_of(lever)).classes("x-lever-name")
            field = ui.number(format="%g").props(
                f'dense outlined aria-label="{name_of(lever)}, value"'
            )
            field.classes("x-value")
        slider = ui.slider(min=lever.low or 0.0, max=end, step=slider_step(lever, end))
        slider.props(f'aria-label="{name_of(lever)}" dense')
        slider.on("change", lambda event: self._move(lever.key, event.args, field))
        field.on("change", lambda: self._move(lever.key, field.value, field))

        def show() -> None:
            value = self.session.settings.value(lever.key)
            field.error = None
            field.set_value(value)
            slider.set_value(min(max(float(value), lever.low or 0.0), end))

        self.shows[lever.key] = show

    def _switch(self, lever: Parameter) -> None:
        switch = ui.switch(name_of(lever), on_change=lambda e: self._move(lever.key, e.value))
        self._shows_in(switch, lever)

    def _choice(self, lever: Parameter) -> None:
        choice = ui.select(
            list(lever.among), label=name_of(lever),
            on_change=lambda e: self._move(lever.key, e.value),
        ).props(MENU).classes("w-full")  # fmt: skip
        self._shows_in(choice, lever)

    def _shows_in(self, control: Any, lever: Parameter) -> None:
        def show() -> None:
            control.set_value(self.session.settings.value(lever.key))

        self.shows[lever.key] = show

    def _states(self, lever: Parameter) -> None:
        choice = ui.select({}, label=name_of(lever), multiple=True).classes("w-full")
        choice.props("outlined dense options-dense use-chips behavior=menu")
        choice.on_value_change(lambda e: self._move(lever.key, list(e.value or []), choice))

        def show() -> None:
            value = list(self.session.settings.value(lever.key))
            names = world_of(self.session.config.world.folder).names_by_code
            known = {code: names.get(code, code) for code in value} | self._senders()
            choice.set_options(known, value=value)

        self.shows[lever.key] = show

    def _senders(self) -> dict[str, str]:
        """Return the states that could be senders in this world, by code."""
        world = world_of(self.session.config.world.folder)
        return {code: world.names_by_code[code] for code in world.of_role("sender")}

    async def _move(self, key: str, value: Any, field: Any = None) -> None:
        if value == self.session.settings.value(key):  # put there by `show`, or typed anew
            if field is not None:
                field.error = None
            return
        wrong = self.session.try_lever(key, value) if value is not None else "say a number"
        if field is not None:
            field.error = wrong or None
        elif wrong:
            ui.notify(wrong, type="warning")
        if not wrong:
            await self.session.changed()

    async def _choose(self) -> None:
        base = self.base.value
        if base in ABOUT_ONE:
            base = f"{base}_{self.member.value or 'usa'}".lower()
        if base == self.session.settings.base:  # put there by `show`
            return
        wrong = self.session.choose(base)
        if wrong:
            ui.notify(wrong, type="warning")
            return
        await self.session.changed()

    async def _reset(self) -> None:
        self.session.choose(self.session.settings.base)
        await self.session.changed()

    async def follow(self) -> None:
        """Put the controls of what was moved where the settings are; others may be in use."""
        self.show(self.shown)

    def show(self, before: Settings | None = None) -> None:
        """Put every control where the settings are, or those that stood elsewhere before."""
        settings = self.session.settings
        about = about_one(settings.base)
        self.base.set_value(about[0].lower() if about else settings.base)
        self.member.set_visibility(bool(about))
        if about:
            known = {"EU": "European Union"} | self._senders()
            self.member.set_options(known, value=about[1])
        self.question.set_text(_question(settings.base))
        n = len(settings.levers)
        self.moved.set_text(f"{n} lever{'' if n == 1 else 's'} moved" if n else "No lever moved")
        self.reset.set_enabled(bool(n))
        alike = before is not None and before.base == settings.base
        for key, show in self.shows.items():
            if not (alike and before and before.value(key) == settings.value(key)):
                show()
        self.shown = settings


def bases(spelt_out: bool = False) -> dict[str, str]:
    """Return what can be chosen, in words; those about one member once for each if spelt out."""
    found = {
        name: f"Scenario: {name.replace('_', ' ').capitalize()}" for name in options("scenario")
    }
    found = {START: found[START]} | found
    names = [e.name for e in experiments() if e.kind == "run" and e.name not in found]
    if spelt_out:
        senders = world_of(base_config(START).world.folder).of_role("sender")
        members = ["eu", *(code.lower() for code in senders)]
        names = [n for n in names if n not in ABOUT_ONE] + [
            f"{about}_{member}" for about in ABOUT_ONE for member in members
        ]
    return found | {name: _in_words(name) for name in names}


def in_words(settings: Settings) -> str:
    """Return settings as they are read: an experiment, and the levers that were moved."""
    known = {p.key: name_of(p) for levers in offered().values() for p in levers}
    moved = [f"{known.get(key, key)} {brief(value)}" for key, value in settings.levers.items()]
    base = bases(spelt_out=True).get(settings.base, settings.base)
    return f"{base}{' with ' if moved else ''}{listed(moved)}"


def _in_words(name: str) -> str:
    about = about_one(name)
    return f"{about[0].capitalize()} {about[1]}" if about else name.replace("_", " ").capitalize()


def _question(base: str) -> str:
    """Return the question that an experiment asks."""
    about = about_one(base)
    name = about[0] if about else base
    if kind_of_base(base) == "scenario":
        return "The record's course of events, with the levers where the model has them."
    return next((e.question for e in experiments() if e.kind == "run" and e.name == name), "")
