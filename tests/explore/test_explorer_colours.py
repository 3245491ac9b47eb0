"""Colours of a page can be told from what is behind them, light and dark, and by name alone."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import LinearSegmentedColormap, to_hex

from sim import explore
from sim.explore.colours import DARK, LIGHT, css
from sim.explore.grid import SCALE, ink_at

FOLDER = Path(explore.__file__).parent


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255.0 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_lines_stand_out(colours):
    for text in ("ink", "muted", "link", "primary", "negative"):
        for behind in ("panel", "page"):
            assert contrast(colours[text], colours[behind]) >= 4.5, (text, behind)
    for text, behind in (("ink", "warned"), ("muted", "cell"), ("on-primary", "primary")):
        assert contrast(colours[text], colours[behind]) >= 4.5, (text, behind)
    for line in [name for name in colours if name.startswith("line-")] + ["edge", "alight"]:
        assert contrast(colours[line], colours["panel"]) >= 3.0, line


def test_light_and_dark_have_the_same_names_and_no_other_is_used():
    assert set(LIGHT) == set(DARK)
    used = set()
    for path in FOLDER.iterdir():
        if path.suffix in (".py", ".css", ".html", ".js"):
            used |= set(re.findall(r"var\(--([a-z0-9-]+)\)", path.read_text(encoding="utf-8")))
    assert used - {"name", "fill"} <= set(LIGHT)
    assert "body.body--dark { --ink: #eceef1;" in css()


def test_numbers_in_a_heat_map_stand_out_from_every_colour_of_its_scale():
    colours = LinearSegmentedColormap.from_list("scale", SCALE)
    for part in np.linspace(0.0, 1.0, 101):
        assert contrast(ink_at(float(part)), to_hex(colours(part))) >= 4.5, part
