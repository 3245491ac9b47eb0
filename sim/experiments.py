"""The shipped experiments, read off the files that set them: the words above are their question."""

from pathlib import Path
from typing import NamedTuple

from sim.compose import about_one, config_folder
from sim.errors import InputError


class Experiment(NamedTuple):
    """A file of settings that asks a question."""

    name: str
    kind: str  # 'run', 'sweep': which command takes it
    question: str
    command: str  # that answers it
    notes: tuple[str, ...]  # what else its file says of it
    path: Path
    member: str = ""  # that its short form names, as in 'without_jpn'; '' for that of its file


def experiments() -> list[Experiment]:
    """Return all experiments, those of one run first, by name."""
    folders = (("run", config_folder() / "experiment"),
               ("sweep", config_folder() / "sweep" / "experiment"))  # fmt: skip
    return [_read(kind, path) for kind, folder in folders for path in sorted(folder.glob("*.yaml"))]


def named(name: str) -> list[Experiment]:
    """Return the experiments of a name, one of a run and one of a sweep at most.

    Parameters
    ----------
    name : str
        The short form of one about a member, as in 'without_jpn', is that experiment.

    Raises
    ------
    InputError
        No experiment has that name.
    """
    known = experiments()
    found = [e for e in known if e.name == name]
    short = about_one(name)
    if not found and short:
        found = [
            e._replace(command=e.command.replace(f"={e.name}", f"={name}"), member=short[1])
            for e in known
            if e.name == short[0]
        ]
    if not found:
        raise InputError.unknown("experiment", name, {e.name for e in known})
    return found


def _read(kind: str, path: Path) -> Experiment:
    """Return what the words at the head of a file say: a question, its command, and more."""
    head: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# @package"):
            head.append(line.removeprefix("#").strip())
    at = next((n for n, line in enumerate(head) if line.startswith("sanctionsim ")), len(head))
    command = head[at] if at < len(head) else f"sanctionsim {kind} experiment={path.stem}"
    return Experiment(path.stem, kind, " ".join(head[:at]), command, tuple(head[at + 1 :]), path)
