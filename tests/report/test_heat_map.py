"""Who loses what in which sector, on the page: the picture, the table, and neither unasked."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from fabricated import make_sectors, run_of
from matplotlib.text import Text

from sim import report
from sim.report import page, style
from sim.report.figures import sectors as shown


@pytest.fixture
def table():
    return make_sectors()


def words(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_targets_senders_that_lose_most_and_others_that_gain_are_shown(table):
    assert shown.shown_states(table) == [
        ("Targets", ["TTT"]),
        ("Senders", ["BBB", "CCC", "AAA", "DDD"]),
        ("Others", ["HHH"]),
    ]


def test_no_more_senders_are_shown_than_can_be_read(table):
    assert dict(shown.shown_states(table, (2, 5)))["Senders"] == ["BBB", "CCC"]


def test_without_anybody_who_gains_there_are_no_others(table):
    table = table[table["state"] != "HHH"]
    assert [name for name, _ in shown.shown_states(table)] == ["Targets", "Senders"]


@pytest.mark.parametrize("wide", [7.2, 4.38])
def test_the_picture_holds_every_number_and_the_sum_of_each_row(setting, table, wide):
    found = words(shown.heat_map(setting, table, wide))
    assert {"Tland", "Cland", "Aland", "Hland", "coal", "oil and gas", "all"} <= set(found)
    assert {"1.25", "0.75", "0.50", "2.50", "−0.30"} <= set(found)  # the last: what the hub gains
    assert {"−25", "−15"} <= set(found)


@pytest.mark.parametrize("wide", [7.2, 4.38])
def test_no_words_of_the_picture_overlap_or_leave_it(setting, table, wide):
    figure = shown.heat_map(setting, table, wide)
    figure.canvas.draw()
    texts = [text for axes in figure.axes for text in axes.texts if text.get_text()]
    texts += [text for text in figure.texts if text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    inside = figure.bbox.padded(1)
    assert [name for name, box in boxes if box.x0 < inside.x0 or box.x1 > inside.x1] == []
    overlaps = [
        (a, b)
        for n, (a, first) in enumerate(boxes)
        for b, second in boxes[n + 1 :]
        if first.padded(-1).overlaps(second.padded(-1))
    ]
    assert overlaps == []


def test_a_run_without_an_equilibrium_shows_losses_alone(setting, table):
    table[["output_volume", "exports", "imports", "price"]] = np.nan
    figure = shown.heat_map(setting, table)
    assert len(figure.axes) == 1
    assert "1.25" in words(figure)


@pytest.mark.parametrize(
    ("value", "scale", "text", "fill"),
    [
        (0.0049, shown.LOSS, "0", "#ffffff"),
        (0.0051, shown.LOSS, "0.01", shown.HARM[1]),
        (-0.6, shown.LOSS, "−0.60", shown.GAIN[4]),
        (-13.4, shown.OUTPUT, "−13", shown.HARM[3]),
        (4.06, shown.OUTPUT, "4.1", shown.GAIN[2]),
    ],
)
def test_a_cell_tells_size_by_darkness_and_harm_by_hue_and_sign(value, scale, text, fill):
    assert shown.number_of(value, scale) == text
    assert shown.fill_of(value, scale) == fill


@pytest.mark.parametrize("ramp", [shown.HARM, shown.GAIN])
def test_more_is_darker_in_grey_and_ink_reads_on_it(ramp):
    def luminance(code):
        channels = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    greys = [luminance(colour) for colour in ramp]
    assert all(a > 1.2 * b for a, b in pairwise(greys))
    for colour in ramp:
        low, high = sorted([luminance(colour), luminance(style.ink_on(colour))])
        assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG 2.1, level AA


def test_the_largest_losses_are_those_of_sectors_in_money(table):
    losses = page.largest_losses(table)
    assert len(losses) == page.TOP_LOSSES
    assert [(row["state"], row["sector"]) for row in losses[:3]] == [
        ("TTT", "coal"),
        ("TTT", "oil_gas"),
        ("BBB", "coal"),
    ]
    assert min(row["loss_bn"] for row in losses) > 0.0


def test_the_page_has_picture_and_table_if_sectors_were_recorded(tmp_path, fabricated, table):
    paths = report.write(tmp_path, run_of(*fabricated, table))
    assert [path.name for path in paths[-2:]] == ["sectors.png", "index.html"]
    html = " ".join(paths[-1].read_text(encoding="utf-8").split())
    assert "10 largest losses by state and sector" in html
    assert 'Tland (TTT)</th> <td>coal</td> <td class="n">0.12</td>' in html
    assert html.count("data:image/png;base64,") == 7


def test_the_page_says_nothing_of_sectors_that_nobody_recorded(tmp_path, fabricated):
    paths = report.write(tmp_path, run_of(*fabricated))
    html = paths[-1].read_text(encoding="utf-8")
    assert "sectors.p" not in html
    assert "By sector" not in html
