"""Pages fit every screen, fetch nothing, and can be read, in any light, by who cannot see well."""

from __future__ import annotations

from itertools import pairwise

import pytest

WIDER = """[...document.querySelectorAll('body *')].filter(element => {
  const box = element.getBoundingClientRect()
  return box.right > innerWidth + 1 && !element.closest('.scroll, pre')
}).map(element => element.outerHTML.slice(0, 120))"""


def test_the_page_needs_no_sideways_scrolling(view):
    assert view.ask(WIDER) == []
    assert view.ask("document.documentElement.scrollWidth - innerWidth") <= 0


def test_every_picture_is_there_and_can_be_read(view):
    sizes = view.ask("[...document.images].map(i => [i.complete, i.naturalWidth, i.clientWidth])")
    assert sizes
    assert all(complete and natural > 0 and width > 300 for complete, natural, width in sizes)


def test_the_page_complains_of_nothing_and_fetches_nothing_by_day_and_night(dark):
    assert dark.complaints == []
    assert dark.requests == []


def test_who_sees_badly_can_read_it(light):
    assert faults(light) == []


def test_who_sees_badly_can_read_it_at_night(dark):
    assert faults(dark, runOnly=["color-contrast"]) == []


def faults(view, **options) -> list[tuple[str, str, str]]:
    """Return what axe finds. Of a table it gets the first rows: the others are alike."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    options["resultTypes"] = ["violations"]  # of all else it needs no list
    alike = {"exclude": [["tbody tr:nth-child(n + 5)"]]}
    found = axe.run(view.page, context=alike, options=options).response["violations"]
    return [
        (fault["id"], node["html"][:120], node["failureSummary"])
        for fault in found
        for node in fault["nodes"]
    ]


def test_who_cannot_see_a_figure_is_told_what_it_shows(laptop):
    told = laptop.ask("[...document.images].map(image => image.alt)")
    assert min(map(len, told)) > 30


def test_links_in_the_page_lead_somewhere(laptop):
    targets = laptop.ask("[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash)")
    assert targets
    assert [t for t in targets if laptop.ask(f"!document.querySelector({t!r})")] == []


def test_files_that_it_links_lie_beside_it(laptop):
    names = laptop.ask("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    files = [name for name in names if not name.startswith("#")]
    assert [name for name in files if not (laptop.path.parent / name).is_file()] == []


def test_every_table_has_a_caption_and_heads(laptop):
    tables = laptop.ask(
        """[...document.querySelectorAll('table')].map(table => [
          table.caption?.innerText.trim().length > 10,
          [...table.tHead.rows[0].cells].every(cell => cell.scope == 'col'),
          [...table.tBodies[0].rows].every(row => row.cells[0].scope.startsWith('row')),
          table.tBodies[0].rows.length > 0])"""
    )
    assert tables
    assert all(all(facts) for facts in tables)


def test_headings_descend_one_by_one_from_the_title(laptop):
    levels = laptop.ask(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(heading => Number(heading.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert laptop.ask("document.title == document.querySelector('h1').innerText")


def test_the_foot_says_where_the_numbers_come_from_and_what_repeats_them(laptop):
    assert laptop.ask("document.querySelector('footer code').innerText").startswith("sanctionsim ")
    assert "sanctionsim 0." in laptop.ask("document.querySelector('.provenance').innerText")


def test_lines_are_short_enough_to_read(laptop):
    """At most about eighty letters: wider lines lose who reads them."""
    longest = laptop.ask(
        """Math.max(...[...document.querySelectorAll('p, li, dd, figcaption, caption span')].map(
          text => text.clientWidth / parseFloat(getComputedStyle(text).fontSize)))"""
    )
    assert longest < 48  # widths of a letter m; a letter of a text is about 0.55 of it


def test_cards_side_by_side_stand_at_one_height(laptop):
    tops = laptop.ask(
        "[...document.querySelectorAll('.numbers li')].map(one => one.getBoundingClientRect().top)"
    )
    assert len(set(tops)) <= 1


def test_the_keyboard_shows_where_it_is(laptop):
    laptop.page.keyboard.press("Tab")
    assert laptop.ask("document.activeElement.tagName") == "A"
    assert laptop.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_page_says_the_same_without_script(without_script, laptop):
    words = laptop.ask("document.body.textContent")
    assert without_script.page.locator("body").text_content() == words
    assert without_script.page.locator("main section").first.is_visible()
    assert laptop.ask("document.scripts.length") == 0


def test_the_first_column_stays_while_a_table_scrolls(light):
    moved = light.ask(
        """[...document.querySelectorAll('.table')].filter(box => {
          box.scrollLeft = 1000
          return box.scrollLeft > 0
        }).map(box => [...box.querySelectorAll(
          'tr > :first-child:not([scope=rowgroup]), [scope=rowgroup] span, caption span')].map(
          cell => cell.getBoundingClientRect().left - box.getBoundingClientRect().left))"""
    )
    assert moved
    assert all(abs(left) < 1 for cells in moved for left in cells)


def test_nothing_is_cut_on_paper(light):
    light.of_width(690)  # what A4 leaves between its margins
    light.page.emulate_media(media="print")
    assert light.ask("document.documentElement.scrollWidth") <= 690
    cut = light.ask(
        """[...document.querySelectorAll('.scroll, pre')].filter(
          box => box.scrollWidth > box.clientWidth + 1
        ).map(box => box.innerText.slice(0, 50))"""
    )
    assert cut == []
    assert light.ask(
        "[...document.querySelectorAll('details td')].every(cell => cell.checkVisibility())"
    )
    light.page.emulate_media(media="screen")
