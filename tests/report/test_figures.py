"""What can be read in each figure; that they draw at all, without a warning, comes with it."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim.report import compare, figures, style


def words(figure):
    """Return every text in a figure, once it has been drawn."""
    figure.savefig(io.BytesIO(), format="png", dpi=40)
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_the_network_shows_every_state_but_the_passive(setting, events):
    shown = words(figures.network(setting, events))
    assert set(shown) >= {"AAA", "BBB", "CCC", "DDD", "TTT", "HHH"}
    assert "PPP" not in shown


def test_the_network_dates_the_first_measure_beyond_words(setting, events):
    shown = words(figures.network(setting, events))
    assert shown.count("5 Mar") == 1  # AAA, whose words came on the 3rd
    assert shown.count("4 Mar") == 1  # BBB
    assert shown.count("6 Mar") == 1  # CCC by itself, before its union
    assert shown.count("7 Mar") == 1  # DDD with its union


def test_who_never_acts_is_said_to_have_done_nothing(setting, events):
    shown = words(figures.network(setting, events.iloc[:0]))
    assert shown.count("none") == 4


def test_only_the_strongest_ties_are_drawn(setting):
    ties = set(figures.visible_ties(setting).edges(keys=True))
    assert ties == {
        ("AAA", "BBB", "defence"),
        ("CCC", "DDD", "membership"),
        ("TTT", "HHH", "trade"),  # and not to AAA, the smaller partner, nor to the passive PPP
    }


def test_the_layout_is_the_same_every_time_and_targets_stand_right(setting):
    ties = figures.visible_ties(setting)
    one, other = figures._layout(setting, ties), figures._layout(setting, ties)
    assert one == other
    assert one["TTT"][0] > 0


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=2, max_size=9, unique=True))
def test_discs_pushed_apart_stay_finite_and_do_not_touch(points):
    place = np.array(points) + 1e-3 * np.arange(len(points))[:, None]
    radius = np.full(len(points), 0.05)
    spread = figures._spread(place, radius)
    gap = spread[:, None] - spread[None]
    distance = np.hypot(gap[..., 0], gap[..., 1]) + 10.0 * np.eye(len(points))
    assert np.isfinite(spread).all()
    assert distance.min() > 0.1


def test_the_calendar_sets_the_run_above_the_record(setting, events):
    shown = words(figures.calendar(setting, events))
    assert {"AAA", "UNI", "BBB", "Asset freeze", "Closure of airspace"} <= set(shown)
    assert {"● 4 Mar", "+1 d"} <= set(shown)  # AAA freezes a day late
    assert {"○ 5 Mar", "+2 d"} <= set(shown)  # UNI, a recalled date
    assert {"8 Mar", "● 8 Mar", "same day, 2/2"} <= set(shown)
    assert "blocked" in shown
    assert "1 of 2" in shown  # one of two members spoke


def test_the_calendar_ticks_each_further_wave_and_crosses_what_was_given_up(setting, events):
    axes = figures.calendar(setting, events).axes[0]
    (ticks,) = axes.findobj(LineCollection)
    cells = [tuple(segment[0] // 1) for segment in ticks.get_segments()]
    assert cells == [(0, 0), (0, 0)]  # the second and third wave of AAA's freeze
    (crosses,) = axes.findobj(PathCollection)
    assert (crosses.get_offsets() // 1).tolist() == [[2, 1]]  # BBB's ban, but not its freeze


def cell_at(figure, column, row):
    axes = figure.axes[0]
    (cell,) = (
        patch
        for patch in axes.findobj(Rectangle)
        if patch is not axes.patch
        and (round(patch.get_x() - 0.03, 6), round(patch.get_y() - 0.06, 6)) == (column, row)
    )
    return cell


def test_what_only_reality_did_has_a_border_and_what_both_did_has_none(setting, events):
    figure = figures.calendar(setting, events)
    alarm = tuple(int(style.ALARM[i : i + 2], 16) / 255 for i in (1, 3, 5))
    missed, shared = cell_at(figure, 0, 1), cell_at(figure, 0, 0)
    assert missed.get_edgecolor()[:3] == pytest.approx(alarm)
    assert missed.get_linestyle() in ("-", "solid")
    assert shared.get_edgecolor()[3] == 0.0


def test_what_only_the_run_did_has_a_dashed_border(setting, events):
    setting.world.timeline.append({**setting.world.timeline[0], "instrument": "words"})
    setting.world.timeline[-1]["sender"] = "UNI"
    figure = figures.calendar(setting, events)
    assert {"not in", "record"} <= set(words(figure))
    assert cell_at(figure, 0, 3).get_linestyle() not in ("-", "solid")


def test_a_day_after_the_horizon_is_grey(setting, events):
    figure = figures.calendar(setting, events)
    late = cell_at(figure, 2, 0)  # BBB freezes on 10 April, the record ends on 20 March
    assert late.get_facecolor()[:3] == pytest.approx((0xD4 / 255,) * 3)


def test_the_costs_show_each_target_top_senders_and_mean(setting, steps, states):
    figure = figures.costs(setting, steps, states)
    loss, own = figure.axes
    names = [line.get_label() for line in loss.lines[:2]]
    assert names == ["TTT", "mean of senders"]
    assert loss.lines[0].get_ydata() == pytest.approx(steps["loss_TTT"].tolist())
    assert (
        len({str(line._unscaled_dash_pattern) for line in loss.lines[:2]}) == 2
    )  # told apart in grey
    names = [line.get_label() for line in own.lines[:5]]
    assert names == ["BBB", "CCC", "AAA", "DDD", "mean of senders"]
    assert "TTT 2.50" in words(figure)


def test_the_paths_show_what_moves_beside_the_losses(setting, steps, events):
    figure = figures.paths(setting, steps, events)
    waves, leak, dollar, support, belief, risk = figure.axes
    assert waves.lines[0].get_ydata()[-1] == 7
    assert leak.lines[0].get_ydata()[-1] == 20.0
    assert dollar.lines[0].get_ydata()[[0, -1]] == pytest.approx([np.exp(0.5), 1.0])
    assert support.get_ylim() == belief.get_ylim() == (0.0, 1.0)
    assert risk.lines[0].get_ydata()[-1] == 2.0
    shown = " ".join(words(figure))
    assert "no measure of welfare" in shown
    assert "A  3 Mar 2022: Invasion" in shown


def test_marks_keep_the_gravest_events_and_a_settlement_and_stand_apart(setting, events):
    last = setting.date_of(55)
    marks = figures.marked_events(setting, events, last)
    assert [(letter, words) for letter, _, words in marks] == [("A", "Invasion"), ("B", "Killings")]
    row = events[events["detail"] == "Killings"].assign(kind="settlement", date="2022-04-02")
    marks = figures.marked_events(setting, pd.concat([events, row]), last)
    assert [words for _, _, words in marks] == ["Invasion", "talks settle the war"]
    assert figures.marked_events(setting, events, setting.date_of(1)) == []


def set_words(figure):
    """Return words and box of every text but the labels of ticks, once the figure is drawn."""
    figure.savefig(io.BytesIO(), format="png", dpi=100)
    texts = [*figure.texts, *(t for axes in figure.axes for t in axes.texts)]
    texts += [title for axes in figure.axes for title in (axes.title, axes._left_title)]
    return [
        (t.get_text(), Text.get_window_extent(t).shrunk(0.96, 0.8))
        for t in texts
        if t.get_text().strip()
    ]


def test_no_words_of_a_chart_overlap_or_leave_the_picture(setting, steps, states, events):
    for figure in (figures.costs(setting, steps, states), figures.paths(setting, steps, events)):
        shown = set_words(figure)
        overlaps = [
            (one, other)
            for n, (one, box) in enumerate(shown)
            for other, second in shown[n + 1 :]
            if box.overlaps(second)
        ]
        assert overlaps == []
        assert [words for words, box in shown if box.x1 > figure.bbox.x1] == []


def test_a_run_of_one_step_without_losses_can_be_drawn(setting, steps, states, events):
    first = states[states["step"] == 0]
    figure = figures.costs(setting, steps.iloc[:1], first)
    assert "TTT 0" in words(figure)
    assert figure.axes[0].get_ylim() == (0.0, 1.0)
    assert words(figures.paths(setting, steps.iloc[:1], events))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (52.0, "52"),
        (0.0, "0"),
        (-0.0001, "0"),
        (0.0043, "0.004"),
        (-1.237, "−1.24"),
        (17.72, "17.7"),
        (668.4, "668"),
    ],
)
def test_a_number_is_as_long_as_it_must_be(value, text):
    assert figures._short(value) == text


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_labels_keep_their_order_and_their_distance(heights):
    placed = figures.spread_labels(heights, 0.1)
    order = sorted(range(len(heights)), key=lambda n: heights[n])
    moved = [placed[n] for n in order]
    assert all(b - a >= 0.1 - 1e-12 for a, b in pairwise(moved))
    assert min(placed) >= 0.0


@pytest.mark.parametrize("colour", [*(c for _, _, c in style.PERIODS), style.LATE, style.BEYOND])
def test_ink_reads_on_every_period_colour(colour):
    def luminance(code):
        channels = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(colour), luminance(style.ink_on(colour))])
    assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG 2.1, level AA


def test_figures_leave_matplotlib_as_they_found_it(setting, events):
    import matplotlib

    before = dict(matplotlib.rcParams)
    figures.calendar(setting, events)
    assert dict(matplotlib.rcParams) == before


def test_the_outbreak_is_the_day_of_the_first_meeting(setting):
    assert style.full_date(compare.outbreak(setting)) == "3 Mar 2022"
