"""The page: whole in one file, well-formed, escaped, and with the numbers of the run."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from sim import report

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
    report.write(folder, *fabricated)
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


def test_write_leaves_three_pictures_and_the_page(tmp_path, fabricated):
    paths = report.write(tmp_path, *fabricated)
    names = ["network.png", "calendar.png", "costs.png", "index.html"]
    assert [path.name for path in paths] == names
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths[:3])


def test_the_page_fetches_nothing(html, page):
    assert "http:" not in html
    assert "https:" not in html
    assert not page.all("script")
    assert not page.all("link")
    assert "@import" not in html
    assert "url(" not in html
    assert all(image["src"].startswith("data:image/png;base64,") for image in page.all("img"))


def test_the_pictures_inside_are_the_pictures_beside(folder, page):
    inside = [base64.b64decode(image["src"].split(",", 1)[1]) for image in page.all("img")]
    names = ("network", "calendar", "costs")
    assert inside == [(folder / f"{name}.png").read_bytes() for name in names]


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
    assert "2.50 % of GDP is what Tland loses" in text
    assert "20 % of the covered trade with Tland finds another way" in text
    assert "0.19 % of GDP is what the senders lose on average" in text
    assert "By 20 Mar 2022: 3 measures both in the run and in the record" in text
    assert "sanctionsim run" in text
    assert "not a forecast" in text
    assert "Tland puts 1 of 4 senders on its list" in text


def test_the_first_act_stands_beside_its_real_date(page):
    text = "".join(page.text)
    assert "Asset freeze (record: 4 Mar 2022)" in text
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
    assert files == {"events.csv", "network.png", "calendar.png", "costs.png"}
    assert all((folder / name).is_file() for name in files)


def test_a_blocked_vote_is_told_with_its_objectors(page):
    assert "first blocked" in page.text
    assert "DDD" in page.text


def test_a_run_in_which_nobody_acts_has_a_page(tmp_path, setting, events, steps, states):
    report.write(tmp_path, setting, events.iloc[:0], steps, states, {})
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "No council was blocked in this run." in text
    assert "nothing" in text
