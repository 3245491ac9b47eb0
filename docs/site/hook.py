"""What MkDocs leaves to us: pages that stand elsewhere in the checkout, and links to them.

The pages of docs/ are read on a forge as well as on the site, so their links are those of the
checkout. A link to a page of the site that stands outside docs/ is turned into one to that page; a
link to any other file of the checkout is no link on the site, but says where the file is. What is
not there is left as it is, and MkDocs stops at it.
"""

from __future__ import annotations

import os.path
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
# Pages of the site that stand outside docs/, and where the site has them.
ELSEWHERE = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "README.md": "index.md",
    "sim/world/march_2022/README.md": "worlds/march_2022.md",
    "sim/world/crimea_2014/README.md": "worlds/crimea_2014.md",
}
# What a search should find first, and last.
BOOST = {"glossary.md": 4.0, "quickstart.md": 2.0, "answers.md": 2.0}
BOOST |= {"plausible.md": 0.5, "odd.md": 0.5}
MADE = {page: path for path, page in ELSEWHERE.items() if path != "README.md"}
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)#\s:]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the lessons that there are into the navigation, in the order of their names."""
    lessons = sorted((ROOT / "docs" / "lessons").glob("*.md"), key=lambda page: page.name)
    first = [page for page in lessons if page.stem == "index"]
    order = [*first, *(page for page in lessons if page not in first)]
    if order and config.nav:
        config.nav.insert(1, {"Lessons": [f"lessons/{page.name}" for page in order]})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand outside docs/."""
    for page, path in MADE.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn the links of a page that leave docs/ into those of the site, and say how to rank it."""
    name = page.file.src_uri
    page.meta.setdefault("search", {"boost": BOOST.get(name, 1.0)})
    at = os.path.dirname(MADE.get(name, f"docs/{name}"))

    def linked(link: re.Match[str]) -> str:
        words, path, anchor = link[1], link[2], link[3] or ""
        there = os.path.normpath(os.path.join(at, path))
        if there in ELSEWHERE:
            target = ELSEWHERE[there]
        elif there.startswith("docs/") and (ROOT / there).is_file():
            target = there.removeprefix("docs/")
        elif (ROOT / there).exists():
            return words if there in words else f"{words} (`{there}`)"
        else:
            return link[0]
        return f"[{words}]({os.path.relpath(target, os.path.dirname(name) or '.')}{anchor})"

    return LINK.sub(linked, markdown)
