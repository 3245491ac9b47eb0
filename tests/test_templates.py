"""Templates: found in the package, strict about names, and safe where they make HTML."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from sim import templates
from sim.templates import environment, render


def test_every_page_is_found_and_can_be_read():
    names = environment().list_templates(["html", "md", "css"])
    pages = {name for name in names if name.rpartition("/")[2].startswith("page.")}
    expected = {"report/page.html", "report/page.css", "analysis/facts/page.md"}
    assert expected | {"analysis/plausible/page.md"} == pages
    for name in pages:
        environment().get_template(name)


def test_a_name_that_nobody_gave_is_an_error():
    with pytest.raises(UndefinedError, match="'runs' is undefined"):
        render("analysis/facts/page.md")


def test_html_is_escaped_and_markdown_is_not():
    title = "A & B <script>"
    html = environment().get_template("report/pieces.html").module.term(title, caller=lambda: "x")
    assert "<dt>A &amp; B &lt;script&gt;</dt><dd>x</dd>" in html
    words = dict.fromkeys(("runs", "watched", "configurations", "most", "few"), 1)
    text = render("analysis/facts/page.md", **words, tally=title, by_theme="", tables={}, amiss=[])
    assert f"## Tally\n\n{title}\n" in text


@pytest.mark.parametrize(("folder", "n_kept"), [("there", 1), ("gone", 0)])
def test_a_template_is_compiled_once_where_a_folder_can_be_written(
    tmp_path, monkeypatch, folder, n_kept
):
    (tmp_path / "there").mkdir()
    monkeypatch.setattr(templates, "COMPILED", tmp_path / folder)
    for _ in range(2):
        fresh = environment.__wrapped__()
        assert fresh.get_template("report/pieces.html").module.term("x", caller=lambda: "y")
        assert len(list(tmp_path.glob("*/*"))) == n_kept


@pytest.mark.parametrize(
    ("label", "member", "said"),
    [
        ("without_JPN", "JPN", "without Japan"),
        ("without_usa rule.peer=2", "USA", "without the United States rule.peer=2"),
        ("alone_eu", "EU", "alone: the European Union"),
        ("without_JPN", "", "without_JPN"),  # about nobody
    ],
)
def test_a_setting_about_a_member_is_called_by_its_name(label, member, said):
    names = {"JPN": "Japan", "USA": "United States", "EU": "European Union"}
    pieces = environment().get_template("report/pieces.html").module
    assert pieces.named(label, member, names.get) == said
