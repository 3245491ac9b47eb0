"""What a visitor waits for, measured in the browser: python tests/explore/timings.py [address].

No test: it prints the median of several. Serve first: sanctionsim explore --no-browser.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8642"
TIMES = 5


def median(what: str, once: Callable[[], float], times: int = TIMES) -> None:
    """Print the median of so many measurements."""
    found = [once() for _ in range(times)]
    spread = f"{min(found):.2f} to {max(found):.2f}"
    print(f"{what}: {statistics.median(found):.2f} s ({spread}, {times} times)", flush=True)


def wait(page: Page, condition: str) -> float:
    """Return how long it takes until a condition holds on the page, at 60 looks a second."""
    began = time.perf_counter()
    page.wait_for_function(condition, timeout=120_000)
    return time.perf_counter() - began


def picture(page: Page) -> float:
    """Return the time until the network of a run stands on a fresh page."""
    began = time.perf_counter()
    page.goto(f"{ADDRESS}/", wait_until="commit")
    page.wait_for_selector(".x-node[data-stance]")
    return time.perf_counter() - began


def lever(page: Page) -> Callable[[], float]:
    """Return what moves a lever to where it has not been, and waits for the run's numbers."""
    at = iter(range(1, 100))

    def once() -> float:
        field = page.get_by_label("Pull of peers, value")
        field.fill(f"{next(at) / 7.0:.4f}")
        before = page.inner_text(".x-run-tab .x-exports .x-command")
        drawn = page.evaluate("document.querySelector('.x-network').outerHTML.length")
        began = time.perf_counter()
        field.press("Enter")
        page.wait_for_function(
            "([command, drawn]) => document.querySelector('.x-run-tab .x-exports .x-command')"
            ".innerText !== command && document.querySelector('.x-network').outerHTML.length",
            arg=[before, drawn],
        )
        return time.perf_counter() - began

    return once


def embargo(page: Page) -> float:
    """Return the time from one more step of the coverage to the headline that follows."""
    line = page.inner_text(".x-panel.x-line")
    slider = page.locator("[aria-label*='Share of that trade'] [tabindex]")
    slider.press("ArrowLeft")
    return wait(page, f"document.querySelector('.x-panel.x-line').innerText !== {line!r}")


def click_and_wait(page: Page, button: str, done: str) -> float:
    """Return the time from a click to a sentence."""
    page.get_by_role("button", name=button, exact=True).locator("visible=true").click()
    page.get_by_text("Cancel", exact=True).locator("visible=true").wait_for()
    return wait(page, f"[...document.querySelectorAll('.x-note')].some(e => /{done}/.test("
                "e.offsetParent && e.innerText))")  # fmt: skip


def main() -> None:
    """Measure and print."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
        median("useful picture after loading", lambda: picture(page))
        median("a lever's effect on one run", lever(page))
        page.goto(f"{ADDRESS}/?view=Embargo")
        page.get_by_text("Solved in").wait_for()
        median("an embargo", lambda: embargo(page))
        print("   the page says:", page.get_by_text("Solved in").inner_text())
        page.goto(f"{ADDRESS}/?view=Ensemble")
        done = "^100 runs.* in "
        wait(
            page, f"[...document.querySelectorAll('.x-note')].some(e => /{done}/.test(e.innerText))"
        )
        median("an ensemble of 1,000 runs",
               lambda: click_and_wait(page, "1,000 runs", "^1,000 runs.* in "), 3)  # fmt: skip
        page.goto(f"{ADDRESS}/?view=Compare&coordination.peer_weight=2")
        page.get_by_text("50 runs each in").wait_for()
        for number in (50, 200):
            median(f"a comparison of {number} runs each",
                   lambda: click_and_wait(page, f"{number} runs each",  # noqa: B023
                                          f"^{number} runs each in"), 3)  # noqa: B023  # fmt: skip
        page.goto(f"{ADDRESS}/?view=Sweep")
        page.get_by_text("125 runs in").wait_for()
        median("a grid of 25 points by 5 runs",
               lambda: click_and_wait(page, "Sweep", "^125 runs in"), 3)  # fmt: skip
        browser.close()


if __name__ == "__main__":
    main()
