"""Pages from templates: HTML or Markdown around plain data."""

import os
from functools import cache
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    PackageLoader,
    StrictUndefined,
    select_autoescape,
)

from sim.words import amount, counted, listed, percent, signed, the, times

COMPILED = Path(__file__).parent / "__pycache__"  # as what Python itself has compiled


@cache
def environment() -> Environment:
    """Return where templates are found: in this package, beside the code that fills them.

    What enters HTML is escaped, and a name that nobody gave is an error instead of a gap; functions
    of `sim.words` that say numbers and names need not be given. Templates are compiled once, where
    the package's folder can be written.
    """
    keeps = os.access(COMPILED, os.W_OK)
    found = Environment(
        loader=PackageLoader("sim", ""),
        autoescape=select_autoescape(),
        bytecode_cache=FileSystemBytecodeCache(str(COMPILED)) if keeps else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.globals |= {f.__name__: f for f in (amount, counted, listed, percent, signed, the, times)}
    return found


def write_page(folder: Path, template: str, **content: object) -> Path:
    """Write the page of a folder, `index.html`, as `render` returns it; return its path."""
    path = folder / "index.html"
    path.write_text(render(template, **content), encoding="utf-8", newline="\n")
    return path


def render(template: str, /, **content: object) -> str:
    """Return a page.

    Parameters
    ----------
    template : str
        Its path inside the package, as in 'report/page.html'.
    **content : object
        What the template speaks of, by the name it has there.
    """
    return environment().get_template(template).render(content)
