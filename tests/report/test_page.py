"""The page: whole in one file, well-formed, escaped, and with the numbers of the run."""

from __future__ import annotations

import base64
import copy
import io
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from fabricated import run_of
from PIL import Image, ImageChops, ImageStat

from sim import report
from sim.compose import checked, compose
from sim.config import FIGURES
from sim.report.labels import outcome_labels
from sim.run import simulate
from sim.setting import prepare
from sim.world import load

VOID = {"meta", "img", "br"}


class Reader(HTMLParser):
    """Collects tags, attributes and text, and insists on closed tags."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, fabricated):
    folder = tmp_path_factory.mktemp("run")
    (folder / "events.csv").write_text("day\n")
    report.write(folder, run_of(*fabricated))
    return folder


@pytest.fixture(scope="module")
def html(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


DRAWN = ("calendar", "network", "costs", "map", "routes", "paths")  # nothing is shared here


def test_write_leaves_the_pictures_and_the_page(tmp_path, fabricated):
    paths = report.write(tmp_path, run_of(*fabricated))
    assert [path.name for path in paths] == [*(f"{name}.png" for name in DRAWN), "index.html"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths[:-1])


def test_the_page_fetches_nothing(html, page):
    assert "http:" not in html
    assert "https:" not in html
    assert not page.all("script")
    assert not page.all("link")
    assert "@import" not in html
    assert "url(" not in html
    assert all(image["src"].startswith("data:image/png;base64,") for image in page.all("img"))


def test_the_pictures_inside_are_the_pictures_beside(folder, page):
    """In fewer colours, which nobody sees and which takes a third of the bytes."""
    inside = [base64.b64decode(image["src"].split(",", 1)[1]) for image in page.all("img")]
    assert len(inside) == len(DRAWN)
    for name, content in zip(DRAWN, inside, strict=True):
        file = folder / f"{name}.png"
        assert len(content) < file.stat().st_size
        with Image.open(file) as beside, Image.open(io.BytesIO(content)) as within:
            off = ImageChops.difference(beside.convert("RGB"), within.convert("RGB"))
        assert max(ImageStat.Stat(off).mean) < 2.0


def drawn_with(folder, fabricated, **options):
    """Write a report with options of `figures` and return its page."""
    setting = copy.deepcopy(fabricated[0])
    for name, value in options.items():
        setattr(setting.config.figures, name, value)
    return report.write(folder, run_of(setting, *fabricated[1:]))[-1].read_text(encoding="utf-8")


def test_only_the_figures_that_are_asked_for_are_drawn(tmp_path, fabricated):
    html = drawn_with(tmp_path, fabricated, draw=["map", "network"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "index.html", "map.png", "network.png",
    ]  # fmt: skip
    assert html.count("<img") == 2
    assert "The figure costs was not asked for; figures.draw=costs draws it." in html
    assert "The figure map was not asked" not in html


def test_a_page_without_figures_is_whole(tmp_path, fabricated):
    html = drawn_with(tmp_path, fabricated, draw="none")
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert "<img" not in html
    assert "</html>" in html
    assert html.count("was not asked for") == len(FIGURES) - 1
    assert html.count("was not recorded; record=sectors does.") == 1


def test_the_page_shows_what_looks_alike_everywhere_and_names_the_others(tmp_path, fabricated):
    html = drawn_with(tmp_path, fabricated, draw="map", format=["png", "svg", "pdf"])
    endings = {path.suffix for path in tmp_path.glob("map.*")}
    assert endings == {".png", ".svg", ".pdf"}
    assert "data:image/png;base64," in html
    assert "data:image/svg+xml;base64," not in html
    assert all(f'href="map{suffix}"' in html for suffix in endings)


def test_a_format_that_no_page_can_show_is_named_beside_it(tmp_path, fabricated):
    html = drawn_with(tmp_path, fabricated, draw="map", format="pdf")
    assert "<img" not in html
    assert 'href="map.pdf"' in html


def test_every_picture_has_words_for_who_cannot_see_it(page):
    assert all(len(image["alt"]) > 40 for image in page.all("img"))


def test_the_page_names_its_language_and_fits_a_phone(page):
    assert page.all("html")[0]["lang"] == "en"
    assert any(meta.get("name") == "viewport" for meta in page.all("meta"))


def test_headings_descend_one_by_one(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_what_comes_from_data_is_escaped(html):
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "Bank &lt;i&gt;" in html


def test_the_page_holds_the_numbers_of_the_run(page):
    text = " ".join("".join(page.text).split())
    assert "2.50 to 7.50 % of GDP a year is what Tland loses, long run to 56 days" in text
    assert "20 % of the covered trade with Tland finds another way" in text
    assert "0.19 to 0.50 % of their GDP together is what the senders lose a year" in text
    assert "A loss is not the fall of GDP" in text
    cells = " ".join(" ".join(page.text).split())
    assert "56 days Last day Third year Long run Tland 7.50 " in cells
    assert "By 20 Mar 2022: 3 measures both in the run and in the record" in text
    assert "sanctionsim run" in text
    assert "not a forecast" in text
    assert "Tland puts 1 of 4 senders on its list" in text


def test_the_answer_comes_first_and_says_who_did_what(page):
    text = " ".join("".join(page.text).split())
    answer = text[text.index("What came of it") : text.index("Above in each cell")]
    for sentence in (
        "All senders of this run acted; 8 measures in 9 waves stand at the end, with 12 "
        "designations of persons and entities. Measures were withdrawn 3 times.",
        "On the last day the senders together lose USD 12.5 bn a year; <script>alert(1)</script> "
        "loses most, 0.40 % of its GDP.",
        "Other states carry USD 1.2 bn a year of covered exports, Hland the most (1.2 bn).",
        "Tland answers in 2 ways and singles out 2 senders.",
        "1 of 1 third state condemns the violation; 1 deepens defence cooperation with a target.",
        "2.0 %: indicators for comparing runs, no forecasts.",
    ):
        assert sentence in answer


def test_single_cut_offs_stand_in_one_line_beside_the_record(page):
    text = [words.replace("\u00a0", " ") for words in page.text]
    assert "AAA 16 Mar 2022, CCC 21 Mar 2022" in text
    assert "DDD 12 Mar 2022" in text


def test_transfers_are_told_only_where_they_are_paid(tmp_path, fabricated, page):
    assert not {"Transfer received, USD bn a year", "Transfers move"} & set(page.text)
    setting, events, steps, states, result = fabricated
    paid = states.assign(transfer_bn=states["state"].map({"AAA": -2.0, "BBB": 2.0}).fillna(0.0))
    report.write(tmp_path, run_of(setting, events, steps, paid, {**result, "transfers_bn": 2.0}))
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Transfers move USD 2.0 bn a year, paid by Aland." in text
    assert "Transfer received, USD bn a year" in text


def test_every_outcome_of_a_run_has_words(tmp_path, undrawn):
    """And a short run of the real world, with one sender or with all, has a whole page."""
    everybody = "experiment=embargo_world"
    for words in (("experiment=alone_jpn",), (everybody,), ("coordination.burden_sharing=1",)):
        config = checked(compose([*words, "scenario.steps=2", "seed=1"]))
        setting = prepare(load(config.world.folder), config)
        run = simulate(setting)
        names = {code: code for code in config.scenario.targets}
        labels = outcome_labels(names)
        assert {key for key in labels if not key.startswith("exact")} == set(run.outcomes)
        assert all(labels.values())
        folder = tmp_path / str(len(setting.senders))
        folder.mkdir(exist_ok=True)
        report.write(folder, run_of(setting, run.events, run.steps, run.states, run.outcomes))
        reader = Reader()
        reader.feed((folder / "index.html").read_text(encoding="utf-8"))
        text = "".join(reader.text)
        assert reader.open == []
        assert "nan" not in re.findall(r"[\w.]+", text)
        assert ("could take a stance is a sender" in text) == (words[0] == everybody)


def test_the_first_act_of_a_sender_without_a_record_stands_alone(page):
    text = "".join(page.text)
    assert "Asset freeze" in text
    assert "no record" in text


def test_a_number_that_does_not_exist_is_left_out(page):
    text = "".join(page.text)
    assert "days until" not in text
    assert "talks settle" not in text


def test_links_lead_to_what_is_there(folder, page):
    targets = {link["href"] for link in page.all("a")}
    ids = {f"#{attrs['id']}" for _, attrs in page.tags if "id" in attrs}
    assert {t for t in targets if t.startswith("#")} <= ids
    files = {t for t in targets if not t.startswith("#")}
    assert files == {"events.csv", *(f"{name}.png" for name in DRAWN)}
    assert all((folder / name).is_file() for name in files)


def test_a_blocked_vote_is_told_with_its_objectors(page):
    assert "first blocked" in page.text
    assert "Dland" in page.text


def test_a_member_counts_what_it_took_by_itself_as_the_record_does(tmp_path, setting, fabricated):
    """CCC closed its airspace and condemned; the freeze is its union's, which closed it too."""
    setting.world.timeline.append({**setting.world.timeline[0], "sender": "CCC"})
    report.write(tmp_path, run_of(setting, *fabricated[1:]))
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    counts = {
        name: re.findall(r'class="n">(.*?)<', html.split(f'row">{name}</th>')[1].split("</tr>")[0])
        for name in ("Cland (CCC)", "Union (UNI)")
    }
    assert counts == {"Cland (CCC)": ["2", "1", "3"], "Union (UNI)": ["2", "2", "1"]}


def test_a_run_in_which_nobody_acts_has_a_page(tmp_path, setting, events, steps, states):
    report.write(tmp_path, run_of(setting, events.iloc[:0], steps, states, {}))
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "No council was blocked in this run." in text
    assert "nothing" in text
