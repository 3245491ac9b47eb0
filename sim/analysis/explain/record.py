"""When it was announced in reality, as far as the world's own timeline says."""

from sim.analysis.record import Cell, Record, read_record
from sim.errors import InputError
from sim.reasons import in_words
from sim.setting import Setting


def record_of(setting: Setting) -> Record | None:
    """Return the dated record of a world; None if it has none for this run."""
    path = setting.world.folder / "timeline.csv"
    if not path.is_file():
        return None
    try:
        return read_record(path, setting)
    except InputError:  # it names nobody of this run
        return None


def in_reality(setting: Setting, code: str, act: int, wave: int) -> tuple[int | None, str]:
    """Return day and sentence of what the record says of a wave of an act.

    Parameters
    ----------
    code : str
        Of a sender or a council.
    """
    record, cells = record_of(setting), _cells(setting, code, act)
    if record is None:
        return None, ""
    rows = sorted((row for row in record.dated if row[:3] in cells), key=lambda row: row.day)
    if wave <= len(rows):
        day = rows[wave - 1].day
        recalled = any(row.recalled for row in rows if row.day == day)
        note = " (recalled, not read in a source)" if recalled else ""
        return day, f"In reality: {in_words(setting.date_of(day))}{note}."
    if any(cell in record.before for cell in cells):
        return None, f"In reality: before {in_words(setting.date_of(0))}."
    silent_to = max(record.at_risk_to(cell) for cell in cells)
    if silent_to >= 0:
        return None, f"In reality: not by {in_words(setting.date_of(silent_to))}."
    return None, "In reality: the record does not say."


def _cells(setting: Setting, code: str, act: int) -> list[Cell]:
    """Return where the record can have the act of a sender, its own or its council's."""
    actors, aim = [code], setting.acts[act]
    if code in setting.sender_codes:
        council = setting.menu.council_of[setting.sender_codes.index(code), act]
        actors += [setting.councils[council].institution.code] if council >= 0 else []
    return [(actor, aim.target, aim.measure.code) for actor in actors]
