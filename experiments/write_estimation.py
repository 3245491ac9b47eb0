"""Write the tables of docs/estimation.md anew from the commands that are named above each of them.

    python experiments/write_estimation.py [FOLDER]

With a FOLDER, outputs that are kept there are used again; delete one to have its command run.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path

import arguments

PAGE = Path(__file__).parents[1] / "docs" / "estimation.md"
BLOCK = re.compile(
    r"(?P<head><!-- (?P<command>[^|\n]+) \| (?P<first>[^|\n]+) \| (?P<after>[^|\n]+) -->\n"
    r"```text\n)"
    r"(?P<body>.*?)(?P<foot>^```$)",
    re.MULTILINE | re.DOTALL,
)


def main() -> None:
    words = arguments.parser(__doc__)
    words.add_argument("folder", nargs="?", type=Path, help="of outputs that are kept")
    kept = words.parse_args().folder
    outputs: dict[str, str] = {}

    def fresh(block: re.Match[str]) -> str:
        command = block["command"]
        if command not in outputs:
            outputs[command] = output(command, kept)
        return block["head"] + cut(outputs[command], block["first"], block["after"]) + block["foot"]

    PAGE.write_text(BLOCK.sub(fresh, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"written: {PAGE}")


def output(command: str, kept: Path | None) -> str:
    """Return what a command prints."""
    path = None if kept is None else kept / f"{re.sub(r'[^a-z0-9]+', '_', command.lower())}.txt"
    if path is not None and path.is_file():
        return path.read_text(encoding="utf-8")
    print(f"running: {command}", flush=True)
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        run(shlex.split(command))
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown.getvalue(), encoding="utf-8")
    return shown.getvalue()


def run(words: list[str]) -> None:
    """Run `sanctionsim ...` or `python experiments/NAME.py ...` here."""
    if words[0] == "sanctionsim":
        from sim.cli import main as command

        code = command(words[1:])
        if code:
            raise SystemExit(code)
        return
    import runpy

    sys.argv = words[1:]
    runpy.run_path(words[1], run_name="__main__")


def cut(text: str, first: str, after: str) -> str:
    """Return the lines from the one that begins with `first` to before the one with `after`."""
    lines = text.splitlines()
    begin = next(k for k, line in enumerate(lines) if line.startswith(first))
    rest = (k for k in range(begin + 1, len(lines)) if lines[k].startswith(after))
    end = next(rest, len(lines))
    return "\n".join(line.rstrip() for line in lines[begin:end]).rstrip() + "\n"


if __name__ == "__main__":
    main()
