"""What can be read in each figure; that they draw at all, without a warning, comes with it."""

from __future__ import annotations

import copy
import importlib
import io
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from fabricated import make_sectors, run_of
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from PIL import Image

from sim.analysis.influence import influence_in, pooled
from sim.config import FIGURES, Config
from sim.report import compare, figures, style
from sim.report.figures import lines, sectors, tiles
from sim.report.figures.burden import shared_burdens
from sim.report.figures.calendar import _date_in, edge_of, fill_of, summary
from sim.report.figures.network import areas_of, ordered, strongest, units_of
from sim.report.figures.routes import carriers
from sim.report.figures.sheet import sheet
from sim.setting import prepare
from sim.world import load


def words(figure):
    """Return every text in a figure, once it has been drawn."""
    figure.savefig(io.BytesIO(), format="png", dpi=40)
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_the_network_shows_every_sender_and_no_other_state(setting, events):
    shown = words(figures.network(setting, events))
    assert set(shown) >= {"AAA", "BBB", "CCC", "DDD"}
    assert not set(shown) & {"TTT", "HHH", "PPP"}


def test_the_network_dates_the_first_measure_beyond_words(setting, events):
    shown = words(figures.network(setting, events))
    assert "Aland\n5 Mar" in shown  # whose words came on the 3rd
    assert "Union\n6 Mar" in shown  # CCC by itself, before its union
    opened = words(figures.network(setting, events, opened=True))
    assert "Dland\n7 Mar" in opened  # with its union


def test_who_never_acts_is_said_to_have_done_nothing(setting, events):
    shown = words(figures.network(setting, events.iloc[:0]))
    assert {"Aland\nnone", "Union\nnone"} <= set(shown)


def test_members_of_a_union_stand_in_one_cluster_unless_it_is_opened(setting):
    closed = units_of(setting)
    assert [(unit.code, unit.members) for unit in closed] == [
        ("UNI", (2, 3)), ("AAA", (0,)), ("BBB", (1,)),
    ]  # fmt: skip
    assert [unit.code for unit in units_of(setting, opened=True)] == ["AAA", "BBB", "CCC", "DDD"]


def test_an_arrow_runs_from_who_was_ahead_to_who_followed(setting, events):
    units = units_of(setting, opened=True)
    moved = pooled(influence_in(setting, events), [unit.members for unit in units])
    pairs = {(units[j].code, units[i].code) for j, i in strongest(moved)}
    assert ("AAA", "CCC") in pairs  # froze on the 5th, the union on the 7th
    assert ("CCC", "DDD") in pairs  # airspace
    assert ("DDD", "CCC") not in pairs
    assert ("CCC", "AAA") not in pairs
    figure = figures.network(setting, events, opened=True)
    assert len(figure.findobj(FancyArrowPatch)) == len(pairs)


@pytest.mark.parametrize("wide", [4.38, 7.2])
@pytest.mark.parametrize("opened", [False, True])
def test_no_arrow_passes_behind_a_state_that_it_does_not_belong_to(opened, wide, monkeypatch):
    module = importlib.import_module("sim.report.figures.network")
    monkeypatch.setattr(module, "N_ARROWS", 99)
    setting = prepare(load("march_2022"), Config())
    units = units_of(setting, opened)
    circle = module._circle(setting, units, areas_of(setting, units), wide, wide)
    page = sheet(wide, wide, "", "")
    axes = page.axes(0, 0, wide, wide)
    axes.set(xlim=(-wide / 2, wide / 2), ylim=(-wide / 2, wide / 2))
    n = len(units)
    module._draw_arrows(axes, circle, np.ones((n, n)) - np.eye(n))
    arrows = axes.findobj(FancyArrowPatch)
    assert len(arrows) == n * (n - 1)
    alone = [k for k, unit in enumerate(units) if not unit.is_cluster]
    for arrow in arrows:
        way = np.concatenate(arrow.get_path().to_polygons(closed_only=False))
        gaps = [np.hypot(*(way - circle.point(k, circle.radius)).T).min() for k in alone]
        assert all(gap > circle.disc[k] for k, gap in zip(alone, gaps, strict=True))


def test_the_order_around_the_circle_keeps_fellows_together_and_is_the_same_every_time():
    areas = [("X", [0, 2, 4]), ("Y", [1, 3, 5])]
    order = ordered(areas, np.arange(6.0))
    assert order == ordered(areas, np.arange(6.0))
    sides = [unit % 2 for unit in order]
    assert sum(sides[n] != sides[n - 1] for n in range(6)) == 2


def test_an_area_holds_a_union_that_is_in_it_with_most_of_its_gdp(setting):
    most = replace(
        setting.world.institutions[0], code="PACT", kind="alliance", members=("AAA", "CCC")
    )
    less = replace(most, code="CLUB", members=("BBB", "DDD"))
    setting.world.institutions += (most, less)
    units = units_of(setting)
    assert areas_of(setting, units) == [("PACT", [0, 1])]


def test_the_calendar_sets_the_run_above_the_record(setting, events):
    shown = words(figures.calendar(setting, events))
    assert {"Aland", "Union", "Asset freeze", "Closure of airspace"} <= set(shown)
    assert {"●\u20094 Mar", "+1 d"} <= set(shown)  # AAA freezes a day late
    assert {"○\u20095 Mar", "+2 d"} <= set(shown)  # UNI, a recalled date
    assert {"8 Mar", "●\u20098 Mar", "0, 2/2"} <= set(shown)
    assert "blocked" in shown
    assert "1 of 2" in shown  # one of two members spoke


def test_the_calendar_of_an_opened_union_has_its_members_beside_it(setting, events):
    setting.world.timeline.append({**setting.world.timeline[0], "sender": "CCC"})
    assert "Cland" not in words(figures.calendar(setting, events))
    assert "Cland" in words(figures.calendar(setting, events, opened=True))


def test_names_stand_above_the_columns_where_there_is_room_else_codes_with_a_key(setting, events):
    wide, narrow = (figures.calendar(setting, events, inches) for inches in (7.2, 2.4))
    assert "Aland" in words(wide)
    assert "AAA" not in words(wide)
    assert "AAA" in words(narrow)
    assert "AAA Aland" in " ".join(words(narrow))


def test_what_all_senders_do_as_one_has_a_column_only_if_they_do_something(setting, events):
    setting.councils[0].competence = "joint"
    assert "Union" in words(figures.calendar(setting, events))
    alone = events[events["actor"] != "UNI"]
    setting.world.timeline = [row for row in setting.world.timeline if row["sender"] != "UNI"]
    shown = words(figures.calendar(setting, alone))
    assert "Union" not in shown
    assert {"Cland", "Dland"} <= set(shown)


def test_no_words_of_a_cell_are_wider_than_it(setting, events):
    """Not even of a measure that members took one by one and that the record lacks."""
    found = next(row for row in setting.world.timeline if row["instrument"] == "airspace")
    found["sender"] = "AAA"
    figure = figures.calendar(setting, events)
    assert {"2/2, not", "in record"} <= set(words(figure))
    figure.draw_without_rendering()
    cells = [text for text in figure.texts if text.get_transform() == figure.axes[0].transData]
    inside = [text for text in cells if text.get_position()[0] > 0]
    assert max(text.get_window_extent().width for text in inside) <= 0.53 * figure.dpi


def test_the_summary_names_who_is_early_and_who_is_late_against_the_record(setting, events):
    table = compare.compare(setting, events)
    text = summary(setting, table, table.actors)
    assert text == (
        "Early against the record: nobody; late: Aland (1 day) and Union (1 day) "
        "(median over measures)."
    )
    shown = words(figures.calendar(setting, events))
    assert text.split(".")[0] in " ".join(" ".join(shown).split())
    assert "+1" in shown


def test_without_a_record_the_summary_names_the_earliest_and_the_latest(setting, events):
    setting.config.scenario.imposed = {"ban": "2022-03-02"}
    table = compare.compare(setting, events)
    text = summary(setting, table, table.actors)
    assert text.startswith("Earliest with half of their measures: Aland (1 day); latest: ")
    shown = " ".join(words(figures.calendar(setting, events)))
    assert "The run alone: its measures are imposed." in " ".join(shown.split())
    assert not any(mark in shown for mark in ("●", "record below", "in the record"))


def test_a_narrow_calendar_counts_days_after_the_outbreak(setting, events):
    shown = words(figures.calendar(setting, events, wide=2.7))
    assert {"2", "●1", "⊘"} <= set(shown)


def test_the_calendar_ticks_each_further_wave_and_crosses_what_was_given_up(setting, events):
    axes = figures.calendar(setting, events).axes[0]
    (ticks,) = axes.findobj(LineCollection)
    cells = [tuple(segment[0] // 1) for segment in ticks.get_segments()]
    assert cells == [(0, 0), (0, 0)]  # the second and third wave of AAA's freeze
    (crosses,) = axes.findobj(PathCollection)
    assert (crosses.get_offsets() // 1).tolist() == [[2, 1]]  # BBB's ban, but not its freeze


def cell_of(setting, events, actor, measure):
    table = compare.compare(setting, events)
    return table, table.cells[actor, measure]


def test_what_only_reality_did_has_a_border_and_what_both_did_has_none(setting, events):
    assert edge_of(*cell_of(setting, events, "AAA", "ban")) == (style.ALARM, 1.8, "solid")
    assert edge_of(*cell_of(setting, events, "AAA", "freeze"))[0] == "none"


def test_what_only_the_run_did_has_a_dashed_border(setting, events):
    setting.world.timeline.append({**setting.world.timeline[0], "instrument": "words"})
    setting.world.timeline[-1]["sender"] = "UNI"
    figure = figures.calendar(setting, events)
    assert "not in" in words(figure)
    colour, _, dashes = edge_of(*cell_of(setting, events, "AAA", "words"))
    assert colour == style.ALARM
    assert dashes != "solid"


def test_a_day_after_the_horizon_is_grey(setting, events):
    # BBB freezes on 10 April, the record ends on 20 March.
    assert fill_of(*cell_of(setting, events, "BBB", "freeze")) == style.BEYOND


def test_the_costs_show_each_target_top_senders_and_mean(setting, steps, states):
    figure = figures.costs(setting, steps, states)
    loss, own = figure.axes
    names = [line.get_label() for line in loss.lines[:2]]
    assert names == ["Tland", "senders, mean"]
    assert loss.lines[0].get_ydata() == pytest.approx(steps["loss_TTT"].tolist())
    assert (
        len({str(line._unscaled_dash_pattern) for line in loss.lines[:2]}) == 2
    )  # told apart in grey
    names = [line.get_label() for line in own.lines[:5]]
    assert names == ["<script>alert(…", "Cland", "Aland", "Dland", "senders, mean"]
    assert "Tland 2.50" in words(figure)


def test_elasticities_are_points_of_their_own_and_no_band(setting, steps, states, fabricated):
    figure = figures.costs(setting, steps, states, fabricated[4])
    ages = figure.axes[2]
    found = {
        line.get_marker(): line.get_xdata()[0] for line in ages.lines if len(line.get_xdata()) == 1
    }
    shown = words(figure)
    assert {"first year, mean", "third year", "long run", "Senders, mean"} <= set(shown)
    assert "no margin of error" in " ".join(" ".join(shown).split())
    assert not any(axes.collections for axes in figure.axes)
    assert set(found) == {"o", "D", "^"}


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
    assert "A 3 Mar 2022: Invasion" in " ".join(shown.split())


def test_marks_keep_the_gravest_events_and_a_settlement_and_stand_apart(setting, events):
    last = setting.date_of(55)
    marks = lines.marked_events(setting, events, last)
    assert [(letter, words) for letter, _, words in marks] == [("A", "Invasion"), ("B", "Killings")]
    row = events[events["detail"] == "Killings"].assign(kind="settlement", date="2022-04-02")
    marks = lines.marked_events(setting, pd.concat([events, row]), last)
    assert [words for _, _, words in marks] == ["Invasion", "talks settle the war"]
    assert lines.marked_events(setting, events, setting.date_of(1)) == []


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


@pytest.mark.parametrize("wide", [4.38, 7.2, 12.0])
def test_no_words_of_a_chart_overlap_or_leave_the_picture(fabricated, wide):
    setting, events, steps, states, outcomes = fabricated
    for figure in (
        figures.costs(setting, steps, states, outcomes, wide),
        figures.paths(setting, steps, events, wide),
        figures.routes(setting, steps, states, wide),
        figures.burden(setting, shared(states), wide),
        figures.cost_map(setting, states, wide),
    ):
        shown = set_words(figure)
        overlaps = [
            (one, other)
            for n, (one, box) in enumerate(shown)
            for other, second in shown[n + 1 :]
            if box.overlaps(second)
        ]
        assert overlaps == []
        assert [words for words, box in shown if box.x1 > figure.bbox.x1] == []
        assert [words for words, box in shown if box.x0 < 0 or box.y0 < 0] == []


def test_a_run_of_one_step_without_losses_can_be_drawn(setting, steps, states, events):
    first = states[states["step"] == 0]
    figure = figures.costs(setting, steps.iloc[:1], first)
    assert "Tland 0" in words(figure)
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
    assert lines.short_number(value) == text


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_labels_keep_their_order_and_their_distance(heights):
    placed = lines.spread_labels(heights, 0.1)
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


def shared(states):
    """Return the states with BBB paid 0.05 bn a year by AAA at the end, of GDPs of 50 and 100."""
    moved = states["state"].map({"AAA": -0.05, "BBB": 0.05}).fillna(0.0)
    return states.assign(transfer_bn=moved)


def test_burdens_before_sharing_are_those_after_it_and_what_was_received(setting, states):
    table = shared_burdens(setting, shared(states)).set_index("state")
    assert table.index.tolist() == ["BBB", "CCC", "AAA", "DDD"]
    assert table["before"].tolist() == pytest.approx([0.5, 0.2, 0.05, 0.05])
    assert table["after"].tolist() == pytest.approx([0.4, 0.2, 0.1, 0.05])
    found = words(figures.burden(setting, shared(states)))
    assert {"gets 0.050", "pays 0.050", "–"} <= set(found)


def test_burdens_are_drawn_only_where_sharing_moves_something(fabricated):
    setting, events, steps, states, outcomes = fabricated
    alone = dict(figures.draw(run_of(setting, events, steps, states, outcomes)))
    assert "burden" not in alone
    assert "burden" in dict(figures.draw(run_of(setting, events, steps, shared(states), outcomes)))


def test_the_calendar_names_a_later_year_in_few_letters(setting, events):
    table = compare.compare(setting, events)
    assert _date_in(table, date(2022, 3, 4)) == "4 Mar"
    assert _date_in(table, date(2023, 3, 4)) == "Mar ’23"


def test_a_target_that_carries_has_the_colour_of_its_other_lines(setting, steps, states):
    carried = states.assign(diverted_bn=states["diverted_bn"].where(states["state"] != "TTT", 0.1))
    drawn = figures.routes(setting, steps, carried).axes[0].get_lines()
    colours = {line.get_label(): line.get_color() for line in drawn}
    assert colours["Tland"] == style.LINES[0]
    assert len(set(colours.values())) == len(colours) > 1


def test_routes_show_what_each_orders_and_what_of_it_arrives(setting, steps, states):
    assert carriers(states).to_numpy().tolist() == [["HHH", "hub", 1.25, 2.0]]
    assert "1.25 of 2" in words(figures.routes(setting, steps, states))


def test_routes_are_drawn_only_where_somebody_carries_something(fabricated):
    setting, events, steps, states, outcomes = fabricated
    none = states.assign(diverted_bn=0.0, hub_purchases_bn=0.0)
    assert "routes" not in dict(figures.draw(run_of(setting, events, steps, none, outcomes)))


@pytest.mark.parametrize("world", ["march_2022", "crimea_2014"])
def test_every_state_of_a_world_has_one_tile(world):
    states = load(world).states
    placed, rest = tiles.places(states)
    assert sorted([*placed, *rest]) == sorted(states)
    assert len(set(placed.values())) == len(placed)
    assert {"USA", "JPN", "ROW"} <= set(rest)
    assert placed["NLD"][0] < placed["POL"][0] < placed["RUS"][0]  # from west to east
    assert placed["ITA"][1] > placed["DEU"][1]  # from north to south


def test_of_two_states_with_one_place_the_second_stands_beside():
    placed, rest = tiles.places(["REU", "AUT", "XXX"])
    assert list(placed) == ["REU"]
    assert rest == ["AUT", "XXX"]


def test_no_two_states_of_the_layout_share_a_place_but_an_aggregate_and_one_in_it():
    places = Counter(place for state, place in tiles.layout().items() if state != "REU")
    assert max(places.values()) == 1


def test_the_map_has_a_number_in_each_tile_and_says_what_the_codes_mean(setting, states):
    found = words(figures.cost_map(setting, states))
    assert {"2.50", "0.40", "0"} <= set(found)
    key = " ".join(found)
    assert "TTT Tland" in key
    assert "<script>alert(1)</script>" in key


def test_colours_of_the_map_are_centred_at_nothing():
    fills = [sectors.fill_of(value, tiles.LOSS) for value in (-3.0, -0.2, 0.0, 0.2, 3.0)]
    assert fills == [sectors.GAIN[4], sectors.GAIN[2], "#ffffff", sectors.HARM[2], sectors.HARM[4]]


def test_a_band_is_drawn_around_its_line_and_named_with_the_last_value(setting):
    page = sheet(7.2, 3.0, "Bands", "of two")
    axes = page.axes(0.5, 0.2, 4.0, 2.5)
    days = [date(2022, 3, 1), date(2022, 3, 8), date(2022, 3, 15)]
    curves = {"one": ([0, 1, 2], [1, 2, 3], [2, 3, 5]), "gone": ([0, 0, np.nan],) * 3}
    figures.bands(axes, days, curves)
    assert len(axes.collections) == 2
    assert axes.get_ylim()[1] >= 5
    assert {"one 3", "gone 0"} <= set(words(page.figure))


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_saved_figure_has_the_same_bytes_every_time_and_its_source_at_the_foot(
    tmp_path, fabricated, form
):
    setting, _, _, states, _ = fabricated
    foot = "march_2022 (a_b=$1$); seed 2022, run 0; sanctionsim 0.1.0"
    one, other = (
        figures.save(figures.cost_map(setting, states), tmp_path / name, [form], foot)[0]
        for name in ("one", "other")
    )
    assert one.name == f"one.{form}"
    assert one.read_bytes() == other.read_bytes()
    if form == "svg":
        text = one.read_text(encoding="utf-8")
        assert foot in text
        assert "<text" in text
        assert "Tland" in text


@pytest.mark.parametrize(("width", "inches"), [("column", 89 / 25.4), ("phone", 4.375), (9.0, 9.0)])
def test_a_figure_is_as_wide_as_asked_and_its_letters_can_be_read(
    tmp_path, fabricated, width, inches
):
    setting, events, steps, states, outcomes = copy.deepcopy(fabricated)
    setting.config.figures.width = width
    for name, figure in figures.draw(
        run_of(setting, events, steps, shared(states), outcomes, make_sectors())
    ):
        png, svg = figures.save(figure, tmp_path / name, ["png", "svg"], "where from", inches)
        with Image.open(png) as image:
            assert image.width / image.info["dpi"][0] == pytest.approx(inches, abs=0.02)
        head = re.search(r'<svg[^>]* width="([\d.]+)pt"', svg.read_text(encoding="utf-8"))
        assert float(head[1]) / 72 == pytest.approx(inches, abs=0.01)
        sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text().strip()]
        assert min(sizes) >= 6.0 - 0.01, name


def test_every_figure_of_the_configuration_can_be_drawn(fabricated):
    setting, events, steps, states, outcomes = fabricated
    drawn = dict(
        figures.draw(run_of(setting, events, steps, shared(states), outcomes, make_sectors()))
    )
    assert tuple(drawn) == FIGURES


@pytest.mark.parametrize("opened", [False, True])
def test_no_arc_of_an_alliance_crosses_a_name(opened):
    module = importlib.import_module("sim.report.figures.network")
    setting = prepare(load("march_2022"), Config())
    units = units_of(setting, opened)
    areas = areas_of(setting, units)[: module.N_AREAS]
    circle = module._circle(setting, units, areas, 7.2, 6.2)
    radii = [module.name_radius(circle, n, (0.9, 0.26)) for n in range(len(units))]
    assert all(circle.outside - 0.03 < radius <= circle.rim for radius in radii)
    for n, radius in enumerate(radii):
        held = [ring for ring, (_, members) in enumerate(areas) if n in members]
        beyond = circle.outside + (max(held) + 1) * (module.AREA + module.GAP) if held else 0.0
        assert radius >= beyond - module.GAP - 0.02
    assert min(radii) < circle.rim  # who is in nothing has its name close by


def test_codes_on_the_circle_are_explained(setting, events):
    shown = " ".join(" ".join(words(figures.network(setting, events))).split())
    assert "CCC Cland; DDD Dland" in shown
    narrow = " ".join(" ".join(words(figures.network(setting, events, 4.38))).split())
    assert "AAA Aland" in narrow
