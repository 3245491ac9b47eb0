"""The explorer as a visitor meets it, in headless Chromium."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest

WIDTHS = (420, 800, 1400)
TABS = ("Run", "Ensemble", "Compare", "Embargo", "Sweep")
HOME = "base=without_jpn&scenario.steps=13"
MARKED = """() => [...document.querySelectorAll('.x-run-tab .x-chart')].every(
    e => e.innerHTML.includes('var(--panel)') && e.innerHTML.includes('fill-opacity="0.78"'))"""
ALIGHT = "document.querySelectorAll('path.alight').length"


def day_of(one) -> int:
    return int(one.page.input_value("input[type=range]"))


def wait_for_day(one, day: int) -> None:
    one.page.wait_for_function(f"document.querySelector('input[type=range]').value === '{day}'")


def asked(one) -> dict[str, list[str]]:
    return parse_qs(urlsplit(one.page.url).query)


def move(one, lever: str, value: str) -> None:
    field = one.page.get_by_label(f"{lever}, value")
    field.fill(value)
    field.press("Enter")


def put_back(one, value: str) -> None:
    """Put the lever that a test moved back, by hand."""
    move(one, "Pull of peers", value)
    one.page.wait_for_function("!/[?&]coordination.peer_weight=/.test(location.search)")


def test_a_run_is_played_stepped_and_rewound_without_another_computation(page):
    one, page = page, page.page
    opening = day_of(one)
    page.wait_for_function(MARKED)  # what is still to come lies behind a veil, on every chart
    page.get_by_role("button", name="Play").click()  # from the beginning, where nobody chose a day
    page.get_by_role("button", name="Pause").click()
    assert day_of(one) < opening
    page.get_by_role("button", name="Rewind to the first day").click()
    assert "21 Feb 2022" in one.text(".x-date")
    germany = page.locator(".x-node[data-state=DEU]")
    assert germany.get_attribute("data-stance") == "waits"
    assert page.evaluate(ALIGHT) == 0
    early = page.locator(".x-run.on").count()
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.wait_for_function("document.querySelector('input[type=range]').value >= 4")
    page.get_by_role("button", name="Pause").click()
    stood = day_of(one)
    assert 4 <= stood < opening
    assert page.locator(".x-run.on").count() > early
    assert germany.get_attribute("data-stance") in ("speaks", "acts")
    assert "measures taken" in germany.get_attribute("aria-label")
    assert page.evaluate(ALIGHT) > 5
    page.get_by_role("button", name="One day on").click()
    assert day_of(one) == stood + 1
    page.get_by_role("button", name="One day back").click()
    assert day_of(one) == stood


def test_keys_play_step_and_rewind_and_mean_what_they_do_elsewhere(page):
    one, page = page, page.page
    page.locator(".x-lead").click()  # away from the tabs, whose keys these are too
    page.locator("body").press("Home")
    wait_for_day(one, 0)
    for key, day in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        page.locator("body").press(key)
        wait_for_day(one, day)
    page.locator("body").press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    page.locator("body").press("Space")
    stood = day_of(one)
    page.get_by_label("Pull of peers, value").press("ArrowLeft")
    assert day_of(one) == stood
    page.locator(".x-lead").click()
    page.locator("body").press("End")
    wait_for_day(one, 90)
    page.get_by_role("link", name="Skip the levers").press("Enter")
    assert page.evaluate("document.activeElement.id") == "view"
    page.keyboard.press("Tab")  # from there to what plays
    assert page.evaluate("document.activeElement.ariaLabel") == "Rewind to the first day"


def test_a_state_is_chosen_by_mouse_or_keyboard_and_its_card_says_why_and_follows_the_day(page):
    one, page = page, page.page
    page.locator(".x-node[data-state=KOR]").click()
    page.wait_for_selector(".x-card-name:has-text('South Korea')")
    assert page.locator(".x-bars tr").count() > 3
    page.locator(".x-node[data-state=CHN]").press("Enter")
    page.wait_for_selector(".x-card-name:has-text('China')")
    assert "condemned" in one.text(".x-card")
    one.choose("State or council", "European Union (council)")
    page.wait_for_selector(".x-card-name:has-text('Council')")
    one.choose("Measure", "Import ban on gold against Russia")
    page.wait_for_selector(".x-card h4:has-text('Import ban on gold')")
    page.get_by_role("button", name="Rewind to the first day").click()
    page.wait_for_selector(".x-card-head:has-text('21 February 2022')")
    assert one.text(".x-card .x-command") == (
        "sanctionsim explain EU gold_import_ban day=2022-02-21 target=RUS "
        "experiment=without_jpn scenario.steps=13"
    )
    page.wait_for_url(re.compile("day=0&state=EU&measure=gold_import_ban"))


def test_a_link_leads_to_the_same_day_and_card(page, visit):
    theirs = visit(f"/?{HOME}&day=20&state=EU&measure=gold_import_ban+RUS")
    assert day_of(theirs) == 20
    theirs.page.wait_for_selector(".x-card h4:has-text('Import ban on gold')")
    assert "13 March 2022" in theirs.text(".x-card-head")


def test_a_lever_changes_the_run_the_link_and_the_command_and_is_put_back(page):
    one, page = page, page.page
    page.get_by_role("button", name="To the last day").click()
    before = one.reading("Measures that stand")
    move(one, "Pull of peers", "0")
    page.wait_for_function(f"document.querySelector('.x-readings dd').innerText !== '{before}'")
    page.wait_for_url(re.compile(r"coordination\.peer_weight=0"))
    assert "coordination.peer_weight=0" in one.text(".x-exports .x-command")
    page.wait_for_function(MARKED)
    put_back(one, "1")
    page.wait_for_function(f"document.querySelector('.x-readings dd').innerText === '{before}'")


def test_all_levers_are_put_back_at_once_and_two_visitors_do_not_disturb_each_other(page, visit):
    theirs = visit("/?base=without_jpn&coordination.peer_weight=2&scenario.steps=4")
    assert theirs.page.get_by_label("Pull of peers, value").input_value() == "2"
    assert theirs.page.locator(".x-node[data-state=JPN]").get_attribute("data-role") == "bystander"
    theirs.page.get_by_role("button", name="Put all levers back").click()
    theirs.page.wait_for_url(f"{theirs.address}/?base=without_jpn")
    assert page.page.get_by_label("Pull of peers, value").input_value() == "1"
    assert "scenario.steps=13" in page.text(".x-exports .x-command")


def test_an_input_out_of_its_range_is_refused_beside_it_and_the_run_stays(page):
    one, before = page, page.reading("Measures that stand")
    move(one, "Pull of peers", "99")
    one.wait_for("must lie between 0 and 10")
    assert one.reading("Measures that stand") == before
    assert "coordination.peer_weight" not in asked(one)
    lever = page.page.locator("[data-lever='coordination.peer_weight']")
    said = lever.locator(".q-field__messages").bounding_box()
    below = lever.locator(".q-slider").bounding_box()
    assert said["y"] + said["height"] <= below["y"] + 1  # it covers nothing
    put_back(one, "1")


def test_settings_that_make_no_run_are_said_and_the_run_before_stays(visit):
    one = visit("/?scenario.only=[%22JPN%22]")
    one.choose("Without", "Japan")
    one.page.keyboard.press("Escape")
    one.wait_for("Below is the run before")
    assert one.page.locator(".x-node[data-state=JPN]").get_attribute("data-role") == "sender"


def test_a_link_of_a_stranger_is_refused_in_a_line_and_runs_nothing(visit):
    one = visit("/?base=%3Cscript%3Ealert(1)%3C/script%3E&coordination.peer_wait=2")
    assert one.text(".x-error").startswith(
        "The link was not followed: experiment or scenario '<script>alert(1)</script>' is unknown"
    )
    assert one.text(".x-exports .x-command") == "sanctionsim run"


def test_an_ensemble_fills_up_and_is_cancelled(page):
    one, page = page, page.page
    one.turn_to("Ensemble")
    one.wait_for(re.compile(r"100 runs, draws 0 to 99, in [\d.]+ s"))
    assert page.locator(".x-chart svg >> visible=true").count() == 4
    page.get_by_role("button", name="1,000 runs").click()
    page.get_by_role("button", name="Cancel").locator("visible=true").click()
    said = one.wait_for(re.compile("Cancelled: what is drawn is of")).inner_text()
    assert int(re.search(r"(\d+) runs", said)[1]) < 1000
    assert "design.replications=1000" in one.text(".x-exports .x-command")
    assert asked(one)["runs"] == ["1000"]


def test_two_settings_are_compared_on_the_same_draws_and_a_link_carries_both(page, visit):
    one = page
    one.turn_to("Compare")
    one.choose("A: what it is compared with", "Scenario: Crimea 2014")
    one.wait_for("of different worlds")
    one.page.get_by_role("button", name="Keep the present levers as A").click()
    one.wait_for("A and B are the same")
    move(one, "Pull of peers", "0")
    one.wait_for(re.compile(r"50 runs each in [\d.]+ s"))
    assert one.page.locator(".x-answer .x-line").count() >= 2
    assert one.text(".x-exports .x-command").startswith("sanctionsim compare")
    said = one.text(".x-answer")
    theirs = visit(one.page.url.removeprefix(one.address))
    theirs.wait_for(re.compile(r"50 runs each in [\d.]+ s"))
    assert theirs.text(".x-answer") == said
    put_back(one, "1")


def test_an_embargo_is_put_together_and_a_link_carries_it(page, visit):
    one = page
    one.turn_to("Embargo")
    one.wait_for(re.compile(r"Solved in \d+ ms"))
    one.choose("Kind", "All against one")
    one.page.wait_for_function("document.querySelectorAll('.x-figure rect').length === 28")
    one.wait_for("Against whom")
    one.choose("Against whom", "China")
    one.page.wait_for_selector(".x-table tr:has-text('China'):has-text('target')")
    first = one.text(".x-line")
    one.choose("After how long", "long run")
    one.page.wait_for_function(f"document.querySelector('.x-panel.x-line').innerText !== {first!r}")
    share = one.page.get_by_label("Share of that trade that is stopped, percent")
    share.locator("[tabindex]").press("ArrowLeft")
    one.wait_for("Stopped: 95 %")
    one.page.locator(".x-tile[data-state=DEU]").click()
    one.page.wait_for_url(re.compile("sectors=DEU"))
    command = "targets=CHN coverage=0.95 horizon=long_run"
    one.page.wait_for_selector(f".x-exports .x-command:has-text('{command}')")
    one.choose("Targets", "India")
    one.page.keyboard.press("Escape")
    one.wait_for("IND cannot be on both sides")
    theirs = visit(one.page.url.removeprefix(one.address))
    theirs.page.wait_for_selector(f".x-exports .x-command:has-text('{command}')")
    for what in (".x-panel.x-line", ".x-stack .x-table", ".x-exports .x-command"):
        assert theirs.text(what) == one.text(what)


def test_two_levers_are_swept_and_a_cell_sets_the_levers_of_the_run(page, visit):
    one = page
    one.turn_to("Sweep")
    one.wait_for(re.compile(r"125 runs in [\d.]+ s"))
    assert one.page.locator(".x-tall svg").count() == 1
    one.choose("Outcome", next(
        text for text in _options(one, "Outcome") if text.startswith("Measures that stand")
    ))  # fmt: skip
    one.page.wait_for_selector(".x-note:has-text('Measures that stand at the end')")
    one.page.get_by_label("Across: values").locator("visible=true").first.click()
    one.page.get_by_role("option", name="2", exact=True).click()
    one.page.get_by_role("button", name="Sweep", exact=True).click()
    one.wait_for(re.compile(r"50 runs in [\d.]+ s"))
    assert "design.factors.coordination.peer_weight=[0,4]" in one.text(".x-exports .x-command")
    cell = one.page.locator(".x-point[data-x='1'][data-y='4']")
    cell.click()
    one.wait_for("turn to Run to see one of these runs")
    one.page.wait_for_selector(".x-point[aria-current]")
    assert asked(one)["coordination.peer_weight"] == ["4.0"]
    assert asked(one)["coordination.secondary_sanctions"] == ["1.0"]
    theirs = visit(one.page.url.removeprefix(one.address))
    theirs.wait_for(re.compile(r"50 runs in [\d.]+ s"))
    assert theirs.text(".x-table") == one.text(".x-table")
    one.turn_to("Run")
    one.page.wait_for_selector(".x-run-tab .x-command:has-text('coordination.peer_weight=4.0')")
    assert one.page.get_by_label("Pull of peers, value").input_value() == "4"
    put_back(one, "1")
    move(one, "Threat of secondary sanctions", "0.2")
    one.page.wait_for_function("!/[?&]coordination/.test(location.search)")


def _options(one, label: str) -> list[str]:
    one.page.get_by_label(label, exact=True).locator("visible=true").first.click()
    one.page.get_by_role("option").first.wait_for()
    found = one.page.get_by_role("option").all_inner_texts()
    one.page.keyboard.press("Escape")
    return found


@pytest.mark.parametrize(
    ("tab", "menu", "entry", "name", "holds"),
    [
        ("Run", "Data (CSV)", "Dated acts", "events.csv", "day,date,actor"),
        ("Run", "Figure", "Network as shown", "network_", "data-state"),
        ("Run", "Figure", "Costs", "costs.svg", "<svg"),
        ("Run", "Figure", "For print: calendar", "calendar.svg", "<svg"),
        ("Embargo", "Figure", "Map", "embargo.svg", "<svg"),
        ("Embargo", "Data (CSV)", "By state and sector", "embargo_by_state", "state,sector,name"),
        ("Sweep", "Figure", "Heat map", "heat_map.svg", "<svg"),
        ("Sweep", "Data (CSV)", "Outcomes by run", "sweep.csv", "coordination.peer_weight"),
    ],
)
def test_figures_and_data_are_given_away(page, tab, menu, entry, name, holds):
    page.turn_to(tab)
    panel = page.page.get_by_role("tabpanel", name=tab).locator(".x-exports")
    panel.get_by_role("button", name=menu).click()
    with page.page.expect_download() as caught:
        page.page.get_by_text(entry, exact=True).locator("visible=true").click()
    assert caught.value.suggested_filename.startswith(name)
    with open(caught.value.path(), encoding="utf-8") as file:
        text = file.read()
    assert holds in text
    assert "var(--" not in text  # a figure of its own has colours of its own


def test_no_view_is_wider_than_its_window(page):
    for tab in TABS:
        page.turn_to(tab)
        page.page.get_by_role("tabpanel", name=tab).wait_for()
        for width in WIDTHS:
            page.page.set_viewport_size({"width": width, "height": 900})
            page.page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")


def test_every_view_can_be_heard_and_told_apart_light_and_dark(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    one, page = page, page.page
    page.locator(".x-node[data-state=HUN]").click()
    page.wait_for_selector(".x-card-name:has-text('Hungary')")
    # The line on top while something is fetched is the framework's, and gone in a moment; rows of
    # a table are alike.
    seen = [["#q-loading-bar"], ["tbody tr:nth-child(n + 3)"]]
    page.add_style_tag(content="* { transition: none !important }")  # colours change at once
    for tab in TABS:
        one.turn_to(tab)
        for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            if scheme == "dark" and tab not in ("Run", "Sweep"):  # between them they have all parts
                continue
            page.emulate_media(color_scheme=scheme)
            found = axe.Axe().run(page, context={"exclude": seen},
                                  options={"resultTypes": ["violations"], **rules})  # fmt: skip
            found = found.response["violations"]
            told = [(v["id"], [node["html"][:160] for node in v["nodes"]][:4]) for v in found]
            assert told == [], (tab, scheme)
        page.emulate_media(color_scheme="light")
        seen = [*seen[:2], [".x-settings"]]  # the same in all views
    page.get_by_role("button", name="Light or dark").click()
    assert "body--dark" in page.evaluate("document.body.className")


def test_a_page_is_told_to_ask_nobody_else(address):
    with urllib.request.urlopen(address) as page:
        policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_nothing_is_kept_for_an_address_that_is_none(address):
    for path in ("/x", "/_nicegui/x", "//"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(address + path)
        assert caught.value.code == 404
        assert caught.value.read().decode() == (
            "There is nothing here: the explorer has one page, at /\n"
        )
