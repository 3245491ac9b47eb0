"""The explorer: a page in the browser that turns levers, plays a run and shows what came of it.

What a page shows is worked out in modules that know nothing of the browser (`settings`, `story`,
`bands`, `embargo`, `grid`); those that end in `_tab` put it on the page.
"""
