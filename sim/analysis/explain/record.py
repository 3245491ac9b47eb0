"""When it was announced in reality, as far as the world's own timeline says."""

from sim.analysis.record import Record, read_record
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


def actors_for(setting: Setting, code: str, act: int) -> list[str]:
    """Return under which names the record can have the act of a sender or council."""
    if code not in setting.sender_codes:
        return [code]
    council = setting.menu.council_of[setting.sender_codes.index(code), act]
    return [code, *([setting.councils[council].institution.code] if council >= 0 else [])]


def recorded_day(setting: Setting, record: Record, code: str, act: int, wave: int) -> int | None:
    """Return the day of the run on which a wave of an act was announced in reality, if it was."""
    cells = {(actor, *_aim(setting, act)) for actor in actors_for(setting, code, act)}
    days = sorted(row.day for row in record.dated if row[:3] in cells)
    return days[wave - 1] if wave <= len(days) else None


def in_reality(setting: Setting, code: str, act: int, wave: int) -> tuple[int | None, str]:
    """Return day and sentence of what the record says of a wave of an act.

    Parameters
    ----------
    code : str
        Of a sender or a council.
    """
    record = record_of(setting)
    if record is None:
        return None, ""
    day = recorded_day(setting, record, code, act, wave)
    if day is not None:
        recalled = any(
            row.recalled and row.day == day and row[1:3] == _aim(setting, act)
            for row in record.dated
            if row.actor in actors_for(setting, code, act)
        )
        note = " (recalled, not read in a source)" if recalled else ""
        return day, f"In reality: {in_words(setting.date_of(day))}{note}."
    cells = [(actor, *_aim(setting, act)) for actor in actors_for(setting, code, act)]
    if any(cell in record.before for cell in cells):
        return None, f"In reality: before {in_words(setting.date_of(0))}."
    silent_to = max(record.at_risk_to(cell) for cell in cells)
    if silent_to >= 0:
        return None, f"In reality: not by {in_words(setting.date_of(silent_to))}."
    return None, "In reality: the record does not say."


def _aim(setting: Setting, act: int) -> tuple[str, str]:
    """Return target and instrument of an act, as a cell of the record has them."""
    return setting.acts[act].target, setting.acts[act].measure.code
