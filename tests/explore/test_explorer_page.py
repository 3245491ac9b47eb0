"""The explorer as a visitor meets it, in headless Chromium."""

from __future__ import annotations

import re

import pytest

WIDTHS = (420, 800, 1400)


MARKED = """() => [...document.querySelectorAll('.x-run-tab .x-chart')].every(
    e => e.innerHTML.includes('rgb(255,255,255)') && e.innerHTML.includes('fill-opacity="0.78"'))"""


def test_a_run_is_played_stepped_and_rewound_without_another_computation(visit):
    one = visit()
    page = one.page
    date = lambda: page.inner_text(".x-date").split("\n")[0]  # noqa: E731
    assert "20 May 2022" in date()
    page.wait_for_function(MARKED)  # what is still to come lies behind a veil, on every chart
    page.get_by_role("button", name="Rewind to the first day").click()
    assert "21 Feb 2022" in date()
    germany = page.locator("[data-state=DEU]")
    assert germany.get_attribute("data-stance") == "waits"
    alight = "document.querySelectorAll('path[data-ahead][stroke=\"#c44f00\"]').length"
    assert page.evaluate(alight) == 0
    early = page.locator(".x-run.on").count()
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.wait_for_function("document.querySelector('input[type=range]').value >= 8")
    page.get_by_role("button", name="Pause").click()
    stood = date()
    assert page.locator(".x-run.on").count() > early
    assert germany.get_attribute("data-stance") in ("speaks", "acts")
    assert "measures taken" in germany.get_attribute("aria-label")
    assert page.evaluate(alight) > 5
    page.get_by_role("button", name="One day on").click()
    assert date() != stood
    page.get_by_role("button", name="One day back").click()
    assert date() == stood


def test_a_state_is_chosen_by_mouse_or_keyboard_and_its_card_says_why_and_follows_the_day(visit):
    one = visit()
    one.page.locator("[data-state=JPN]").click()
    one.page.wait_for_selector(".x-card-name:has-text('Japan')")
    assert "20 May 2022" in one.text(".x-card-head")
    assert one.page.locator(".x-bars tr").count() > 3
    one.page.locator("[data-state=CHN]").press("Enter")
    one.page.wait_for_selector(".x-card-name:has-text('China')")
    assert "condemned" in one.text(".x-card")
    one.choose("State or council", "European Union (council)")
    one.page.wait_for_selector(".x-card-name:has-text('Council')")
    one.choose("Measure", "Import ban on gold against Russia")
    one.page.wait_for_selector(".x-card h4:has-text('Import ban on gold')")
    one.page.get_by_role("button", name="Rewind to the first day").click()
    one.page.wait_for_selector(".x-card-head:has-text('21 February 2022')")
    command = one.text(".x-card .x-command")
    assert command == "sanctionsim explain EU gold_import_ban day=2022-02-21 target=RUS"


def test_a_lever_changes_the_run_the_link_and_the_command_and_is_put_back(visit):
    one = visit()
    before = one.reading("Measures that stand")
    field = one.page.get_by_label("Pull of peers, value")
    field.fill("0")
    field.press("Enter")
    one.page.wait_for_function(
        f"document.querySelector('.x-readings dd').innerText !== '{before}'", timeout=10_000
    )
    one.page.wait_for_url(re.compile(r"coordination\.peer_weight=0"))
    assert "coordination.peer_weight=0" in one.text(".x-command")
    one.page.wait_for_function(MARKED)
    one.page.get_by_role("button", name="Put all levers back").click()
    one.page.wait_for_function(f"document.querySelector('.x-readings dd').innerText === '{before}'")
    one.page.wait_for_url(f"{one.address}/")


def test_an_input_out_of_its_range_is_refused_beside_it_and_the_run_stays(visit):
    one = visit()
    before = one.reading("Measures that stand")
    field = one.page.get_by_label("Pull of peers, value")
    field.fill("99")
    field.press("Enter")
    one.wait_for("must lie between 0 and 10")
    assert one.reading("Measures that stand") == before
    one.page.wait_for_url(f"{one.address}/")


def test_a_shared_link_is_followed_and_two_visitors_do_not_disturb_each_other(visit):
    theirs = visit("/?base=without_jpn&coordination.peer_weight=2")
    mine = visit()
    assert theirs.text(".x-command") == (
        "sanctionsim run experiment=without_jpn coordination.peer_weight=2"
    )
    assert theirs.page.get_by_label("Pull of peers, value").input_value() == "2"
    assert mine.text(".x-command") == "sanctionsim run"
    assert theirs.page.locator("[data-state=JPN]").get_attribute("data-role") == "bystander"


def test_a_link_that_cannot_be_followed_says_why(visit):
    one = visit("/?base=without_jpn&coordination.peer_wait=2")
    assert "did you mean 'coordination.peer_weight'" in one.text(".x-error")
    assert one.text(".x-command") == "sanctionsim run"


def test_settings_that_make_no_run_are_said_and_the_run_before_stays(visit):
    one = visit("/?scenario.only=[%22JPN%22]")
    one.choose("Without", "Japan")
    one.page.keyboard.press("Escape")
    one.wait_for("Below is the run before")
    assert one.page.locator("[data-state=JPN]").get_attribute("data-role") == "sender"


def test_an_ensemble_fills_up_and_is_cancelled(visit):
    one = visit("/?scenario.steps=26")
    one.turn_to("Ensemble")
    one.wait_for(re.compile(r"100 runs in [\d.]+ s"))
    assert one.page.locator(".x-chart svg >> visible=true").count() == 4
    one.page.get_by_role("button", name="1,000 runs").click()
    one.page.get_by_role("button", name="Cancel").locator("visible=true").click()
    said = one.wait_for(re.compile("Cancelled: what is drawn is of")).inner_text()
    assert int(re.search(r"(\d+) runs", said)[1]) < 1000
    assert "design.replications=1000" in one.text(".x-command")


def test_two_settings_are_compared_on_the_same_draws(visit):
    one = visit("/?base=without_jpn&scenario.steps=13")
    one.turn_to("Compare")
    one.choose("A: what it is compared with", "Scenario: crimea 2014")
    one.wait_for("of different worlds")
    one.page.get_by_role("button", name="Keep the present levers as A").click()
    one.wait_for("A and B are the same")
    field = one.page.get_by_label("Pull of peers, value")
    field.fill("0")
    field.press("Enter")
    one.wait_for(re.compile(r"50 runs each in [\d.]+ s"))
    assert one.page.locator(".x-answer .x-line").count() >= 2
    assert one.text(".x-command").startswith("sanctionsim compare")


def test_an_embargo_is_put_together(visit):
    one = visit()
    one.turn_to("Embargo")
    one.wait_for(re.compile(r"Solved in \d+ ms"))
    one.choose("Kind", "All against one")
    one.page.wait_for_function("document.querySelectorAll('.x-figure rect').length === 28")
    one.wait_for("Against whom")
    one.choose("Against whom", "China")
    one.page.wait_for_selector(".x-table tr:has-text('China'):has-text('target')")
    first = one.text(".x-line")
    one.choose("After how long", "long run")
    one.page.wait_for_function(f"document.querySelector('.x-line').innerText !== {first!r}")
    one.choose("Targets", "India")
    one.page.keyboard.press("Escape")
    one.wait_for("IND cannot be on both sides")
    assert "view=Embargo" in one.page.url
    theirs = visit(one.page.url.removeprefix(one.address))
    theirs.wait_for(re.compile(r"Solved in \d+ ms"))
    assert theirs.text(".x-line") == one.text(".x-line")


def test_two_levers_are_swept_to_a_heat_map(visit):
    one = visit("/?scenario.steps=4")
    one.turn_to("Sweep")
    one.wait_for(re.compile(r"80 runs in [\d.]+ s"))
    assert one.page.locator(".x-tall svg").count() == 1
    assert "design.factors.coordination.peer_weight=" in one.text(".x-command")
    one.choose("Outcome", next(
        text for text in _options(one, "Outcome") if text.startswith("Measures that stand")
    ))  # fmt: skip
    one.wait_for("Measures that stand at the end")


def _options(one, label: str) -> list[str]:
    one.page.get_by_label(label, exact=True).locator("visible=true").first.click()
    found = one.page.get_by_role("option").all_inner_texts()
    one.page.keyboard.press("Escape")
    return found


def test_figures_and_data_are_given_away(visit):
    one = visit()
    for menu, entry, name, holds in (
        ("Data (CSV)", "Dated acts", "events.csv", b"day,date,actor"),
        ("Figure", "Network as shown", "network_88.svg", b"data-state"),
        ("Figure", "Costs", "costs.svg", b"<svg"),
        ("Figure", "For print: calendar", "calendar.svg", b"<svg"),
    ):
        one.page.get_by_role("button", name=menu).click()
        with one.page.expect_download() as caught:
            one.page.get_by_text(entry, exact=True).click()
        assert caught.value.suggested_filename == name
        with open(caught.value.path(), "rb") as file:
            assert holds in file.read()


TABS = ("Run", "Ensemble", "Compare", "Embargo", "Sweep")


def test_no_view_is_wider_than_its_window(visit):
    one = visit("/?scenario.steps=4", WIDTHS[0])
    for tab in TABS:
        one.turn_to(tab)
        one.page.wait_for_timeout(200)
        for width in WIDTHS:
            one.page.set_viewport_size({"width": width, "height": 900})
            fits = one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert fits, (tab, width)


def test_every_view_can_be_heard_and_told_apart(visit):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    one = visit("/?base=without_jpn&scenario.steps=13")
    one.page.locator("[data-state=HUN]").click()
    one.page.wait_for_selector(".x-card-name")
    seen: list[list[str]] = []
    for tab in TABS:
        one.turn_to(tab)
        one.page.wait_for_timeout(600)
        # The line on top while something is fetched is the framework's, and gone in a moment.
        found = axe.Axe().run(one.page, context={"exclude": [["#q-loading-bar"], *seen]},
                              options={"resultTypes": ["violations"]})  # fmt: skip
        found = found.response["violations"]
        told = [(v["id"], [node["html"][:160] for node in v["nodes"]][:4]) for v in found]
        assert told == [], tab
        seen = [[".x-settings"]]  # the same in all views
