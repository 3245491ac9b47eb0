"""Words for the outcomes of a run and for sectors."""

from collections.abc import Mapping

from sim.outcomes import OUTCOMES, by_column

SECTORS = {
    "agri_food": "farming and food",
    "lng": "LNG",
    "oil_gas": "oil and gas",
    "other_manufacturing": "other goods",
}


def sector_label(code: str) -> str:
    """Return the name of a sector, or of what is no sector's, in words."""
    return SECTORS.get(code, code.replace("_", " "))


def outcome_labels(targets: Mapping[str, str]) -> dict[str, str]:
    """Return label and unit of every outcome of a run, by key, those of targets first.

    Parameters
    ----------
    targets : mapping of str to str
        Names by code.
    """
    columns = by_column(OUTCOMES.values(), targets)
    order = [*targets.values(), ""]
    found = sorted(columns.items(), key=lambda entry: order.index(entry[1][1]))
    return {key: quantity.worded(name).titled for key, (quantity, name) in found}
