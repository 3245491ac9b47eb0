"""The tab Embargo: put one together, and see who loses what in the equilibrium that follows."""

import time
from collections.abc import Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any

import pandas as pd
from nicegui import ui
from nicegui.events import GenericEventArguments

from sim.economy.equilibrium import NotConverged
from sim.errors import InputError
from sim.explore.embargo import (
    DIRECTIONS,
    HORIZONS,
    KINDS,
    Embargo,
    Solved,
    from_text,
    named,
    sectors_of,
    solved,
)
from sim.explore.exports import Exports, save_drawing
from sim.explore.parts import MENU, panel, table, title
from sim.explore.session import Session
from sim.explore.settings import EMBARGO, SECTORS
from sim.explore.story import world_of
from sim.explore.work import QUICK, Desk, Superseded
from sim.report.figures.sectors import fill_of, number_of
from sim.report.figures.tiles import LOSS, places
from sim.report.style import ink_on
from sim.templates import render
from sim.words import amount, signed

OWN = "own"
OWN_KIND = {OWN: "Put together by hand"}
OF_STATE = ("State", "Side", "Loss, % of GDP", "Loss, USD bn", "Trade, %")
OF_SECTOR = ("Sector", "Sales, %", "Exports, %", "Imports, %", "Exports, USD bn",
             "Imports, USD bn")  # fmt: skip
SIDES = {"targets": "The targets", "coalition": "The coalition"}
SIDES_OF = attrgetter(*SIDES)
KIND_NAMES = {kind: name for kind, (name, *_) in KINDS.items()}
CHOSEN = """event => {
  const tile = event.target.closest('[data-state]');
  if (tile) emit(tile.dataset.state);
}"""


class EmbargoTab:
    """The tab of a page; the levers of a run have no part in it."""

    def __init__(self, session: Session) -> None:
        self.session, self.desk = session, Desk()
        self.kind = ("coalition", "RUS", "USA")  # which, against whom, who acts alone
        self.embargo = session.asked(EMBARGO, from_text, named(*self.kind))
        if session.shown.get(EMBARGO):
            self.kind = (OWN, *self.kind[1:])
        self.found: Solved | None = None
        self._draw()

    def _draw(self) -> None:
        states = world_of(self.embargo.world).names_by_code
        with ui.column().classes("w-full gap-3") as self.root:
            with panel("Embargo"):
                title("Who stops which trade with whom")
                with ui.element("div").classes("x-choices"):
                    self.named = self._select(KIND_NAMES | OWN_KIND, "Kind", self._by_kind)
                    self.other = self._select(states, "Who acts alone", self._by_kind)
                    self.one = self._select(states, "Against whom", self._by_kind)
                with ui.element("div").classes("x-choices"):
                    self.coalition = self._select(states, "Coalition", self._composed, many=True)
                    self.targets = self._select(states, "Targets", self._composed, many=True)
                with ui.element("div").classes("x-choices"):
                    self.direction = self._select(DIRECTIONS, "Direction", self._composed)
                    self.sectors = self._select(
                        sectors_of(), "Sectors (none: all)", self._composed, many=True
                    )
                    self.horizon = self._select(HORIZONS, "After how long", self._composed)
                with ui.row().classes("w-full items-center no-wrap gap-3"):
                    self.share = ui.label().classes("x-lever-name")
                    self.coverage = ui.slider(min=0, max=100, step=5)
                    self.coverage.props("aria-label='Share of that trade that is stopped, percent'")
                    self.coverage.on("change", self._composed)
                    self.coverage.on_value_change(self._say_share)
                self.said = ui.label().classes("x-note").props("aria-live=polite")
                ui.label(
                    "An exact general equilibrium of the trade of 28 states in 12 sectors. Nobody "
                    "decides, nothing leaks, nothing is lifted."
                ).classes("x-note")
            self.headline = ui.label().classes("x-panel w-full x-line")
            with ui.element("div").classes("x-two"):
                with ui.element("div").classes("x-stack"):
                    with panel("Map"):
                        title("Who loses")
                        self.map = ui.html(sanitize=False)
                        self.map.on("click", self._on_tile, js_handler=CHOSEN)
                    with panel("By sector"):
                        self.group = self._select(SIDES | states, "By sector: of", self._show_group)
                        self.group.set_value(self.session.asked(SECTORS, self._group_in, "targets"))
                        self.of_group = ui.html(sanitize=False)
                self.by_state = ui.html(sanitize=False).classes("x-panel")
            data = {
                "By state": "embargo_by_state",
                "By side and sector": "embargo_by_sector",
                "By state and sector": "embargo_by_state_and_sector",
            }
            self.exports = Exports(
                {"Map": lambda: save_drawing(self.map, "embargo")}, data, self._table
            )
        self._show_controls()

    def _select(self, options: Any, label: str, then: Any, many: bool = False) -> ui.select:
        chips = " use-chips" if many else ""
        found = ui.select(dict(options), label=label, multiple=many).props(MENU + chips)
        found.on_value_change(then)
        return found

    def _table(self, name: str) -> pd.DataFrame | None:
        return getattr(self.found, name.removeprefix("embargo_"))() if self.found else None

    def _group_in(self, text: str) -> str:
        if text not in self.group.options:
            raise InputError.unknown("group of states", text, self.group.options)
        return text

    def _on_tile(self, event: GenericEventArguments) -> None:
        self.group.set_value(str(event.args))

    def _show_group(self) -> None:
        """Show the sectors of one side, or of one state."""
        found, chosen = self.found, self.group.value
        if found is None or chosen is None:
            return
        codes = getattr(found.embargo, chosen) if chosen in SIDES else (chosen,)
        rows = [_of_sector(row) for row in found.of_group(codes).to_dict("records")]
        self.of_group.set_content(
            table(OF_SECTOR, rows, "New against old; trade inside of a group is no export")
        )
        self.session.show(sectors="" if chosen == "targets" else chosen)

    def _say_share(self) -> None:
        self.share.set_text(f"Stopped: {self.coverage.value:.0f} %")

    def _show_controls(self) -> None:
        """Put every control where the embargo is."""
        e = self.embargo
        kind, one, other = self.kind
        self.named.set_value(kind)
        self.one.set_value(one)
        self.other.set_value(other)
        self.one.set_visibility(kind in ("all_against_one", "pair"))
        self.other.set_visibility(kind in ("ego_based", "pair"))
        self.coalition.set_value(list(e.coalition))
        self.targets.set_value(list(e.targets))
        self.direction.set_value(e.direction)
        self.sectors.set_value(list(e.sectors))
        self.horizon.set_value(e.horizon)
        self.coverage.set_value(100.0 * e.coverage)
        self._say_share()

    async def _by_kind(self) -> None:
        kind = (self.named.value, self.one.value, self.other.value)
        if None in kind or kind == self.kind or kind[0] == OWN:  # put there by `_show_controls`
            return
        try:
            chosen = named(*kind)
        except InputError as error:
            self.said.set_text(str(error))
            return
        self.kind = kind
        self.embargo = replace(self.embargo, coalition=chosen.coalition, targets=chosen.targets)
        self._show_controls()
        await self.follow()

    async def _composed(self) -> None:
        try:
            embargo = Embargo(
                tuple(self.coalition.value), tuple(self.targets.value), self.direction.value,
                tuple(self.sectors.value), self.coverage.value / 100.0, self.horizon.value,
            )  # fmt: skip
        except InputError as error:
            self.said.set_text(f"{error}. Below is the embargo before.")
            return
        if embargo != self.embargo:
            if SIDES_OF(embargo) != SIDES_OF(self.embargo):
                self.kind = (OWN, *self.kind[1:])
            self.embargo = embargo
            self._show_controls()
            await self.follow()

    async def follow(self) -> None:
        """Show the equilibrium of what has been put together."""
        ticket, began = self.desk.begin(), time.perf_counter()
        try:
            found = await self.desk.do(ticket, QUICK, solved, self.embargo)
        except NotConverged as error:
            self.said.set_text(f"There is no equilibrium: {error}. Below is the embargo before.")
        except Superseded:
            return
        else:
            took = 1000.0 * (time.perf_counter() - began)
            self.said.set_text(f"Solved in {took:.0f} ms.")
            self._show(found)
        self.desk.end(ticket)

    def _show(self, found: Solved) -> None:
        self.found = found
        self.headline.set_text(found.headline())
        self.map.set_content(tiles(found))
        self.by_state.set_content(
            table(OF_STATE, [_of_state(row) for row in found.by_state().to_dict("records")],
                  "Those that lose most first; exports and imports of a state change alike")
        )  # fmt: skip
        self._show_group()
        self.exports.tell(found.embargo.command)
        usual = found.embargo == named("coalition")
        self.session.show(embargo="" if usual else found.embargo.text)


def _of_state(row: dict[Any, Any]) -> tuple[str, ...]:
    digits = {"loss_percent": 2, "loss_bn": 1, "exports_percent": 1}
    return row["name"], row["side"], *(signed(row[name], n) for name, n in digits.items())


def _of_sector(row: dict[Any, Any]) -> tuple[str, ...]:
    names = ("sales_percent", "exports_percent", "imports_percent", "exports_bn", "imports_bn")
    return row["name"], *(signed(row[name], 1) for name in names)


TILE, GAP = 46, 4


def tiles(found: Solved) -> str:
    """Return the loss of every state as a map of equal tiles, as SVG."""
    world = found.world
    placed, rest = places(world.states)
    columns = 1 + max((x for x, _ in placed.values()), default=7)
    rows = 1 + max((y for _, y in placed.values()), default=-1)
    at = dict(placed)
    for n, code in enumerate(rest):
        at[code] = n % columns, rows + n // columns
    deep = 1 + max(y for _, y in at.values())
    gap = 22 if rest and placed else 0
    loss = dict(zip(world.states, found.loss, strict=True))
    drawn = [
        _tile(found, code, float(loss[code]), x * TILE, y * TILE + (gap if y >= rows else 0))
        for code, (x, y) in at.items()
    ]
    return render(
        "explore/tiles.html",
        tiles=drawn,
        wide=columns * TILE,
        high=deep * TILE + gap,
        size=TILE - GAP,
        elsewhere=rows * TILE + gap - 8 if gap else 0,
    )


def _tile(found: Solved, code: str, loss: float, x: float, y: float) -> Mapping[str, Any]:
    fill, side = fill_of(loss, LOSS), found.side_of(code)
    name = found.world.names[found.world.index(code)]
    return {
        "code": code, "x": x, "y": y, "fill": fill, "ink": ink_on(fill),
        "number": number_of(loss, LOSS), "words": f"{name}, {side}: {amount(loss, 2)} % of GDP",
        "border": {"target": 3.0, "coalition": 1.5}.get(side, 0.0),
    }  # fmt: skip
