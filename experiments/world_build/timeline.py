"""The dated timeline, with instruments named as in the catalogues."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from world_build.origins import read_raw

INSTRUMENTS = {
    "export_control_dualuse": "dual_use_export_ban",
    "import_ban": "goods_import_ban",
}
COUNTERMEASURES = {
    "airspace_ban": "airspace_closure",
    "capital_control": "capital_controls",
    "export_ban": "goods_export_ban",
    "ruble_gas": "gas_for_rubles",
}
STATUS = {"yes": "read", "recalled": "recalled"}

# What each row of the raw timeline says, in few words; the key is sender, target, instrument as
# in the raw file and the day announced. A row that holds several instruments of the catalogue
# becomes several rows.
DESCRIPTIONS = {
    ("EU", "BLR", "leader_asset_freeze", "2020-11-06"): "Lukashenko, listed before the war",
    ("CHN", "RUS", "cooperation", "2022-02-04"): "Joint statement: friendship without limits",
    ("USA", "RUS", "territorial_embargo", "2022-02-21"): "Embargo of the two Donbas entities",
    ("CAN", "RUS", "elite_asset_freeze", "2022-02-22"): "Duma members, two banks, state debt",
    ("GBR", "RUS", "bank_asset_freeze", "2022-02-22"): "Five smaller banks",
    ("USA", "RUS", "bank_asset_freeze", "2022-02-22"): "VEB and Promsvyazbank; trade in state debt",
    ("EU", "RUS", "elite_asset_freeze", "2022-02-23"): "First package: Duma members, 27 others",
    ("CAN", "RUS", "export_control_dualuse", "2022-02-24"): "Export permits stopped",
    ("GBR", "RUS", "bank_asset_freeze", "2022-02-24"): "VTB",
    ("GBR", "RUS", "airspace_ban", "2022-02-24"): "Closed to Russian aircraft",
    ("USA", "RUS", "export_control_dualuse", "2022-02-24"): "Broad controls on technology",
    ("USA", "RUS", "bank_asset_freeze", "2022-02-24"): "VTB blocked; Sberbank loses correspondents",
    ("USA", "BLR", "bank_asset_freeze", "2022-02-24"): "Two state banks among 24 designations",
    ("CAN", "RUS", "leader_asset_freeze", "2022-02-25"): "Putin, Lavrov, Shoigu",
    ("EU", "RUS", "leader_asset_freeze", "2022-02-25"): "Second package: Putin, Lavrov",
    ("EU", "RUS", "oil_refining_export_ban", "2022-02-25"): "Second package: refining equipment",
    ("EU", "RUS", "export_control_dualuse", "2022-02-25"): (
        "Second package: dual use, advanced technology, aviation, space"
    ),
    ("GBR", "RUS", "leader_asset_freeze", "2022-02-25"): "Putin, Lavrov",
    ("USA", "RUS", "leader_asset_freeze", "2022-02-25"): "Putin, Lavrov",
    ("CAN", "RUS", "swift_exclusion", "2022-02-26"): "Joint statement: selected banks",
    ("GBR", "RUS", "swift_exclusion", "2022-02-26"): "Joint statement: selected banks",
    ("USA", "RUS", "swift_exclusion", "2022-02-26"): "Joint statement: selected banks",
    ("JPN", "RUS", "swift_exclusion", "2022-02-27"): "Joins the statement of the day before",
    ("CAN", "RUS", "central_bank_freeze", "2022-02-28"): "Central bank, wealth fund, ministry",
    ("CAN", "RUS", "energy_import_ban", "2022-02-28"): "Crude oil and oil products",
    ("CHN", "RUS", "no_sanctions", "2022-02-28"): "Foreign ministry rejects sanctions",
    ("EU", "RUS", "central_bank_freeze", "2022-02-28"): "No transactions with the central bank",
    ("EU", "RUS", "airspace_ban", "2022-02-28"): "Closed to Russian aircraft",
    ("GBR", "RUS", "central_bank_freeze", "2022-02-28"): "Central bank, wealth fund, ministry",
    ("GBR", "RUS", "bank_asset_freeze", "2022-02-28"): "VEB, Otkritie, Sovcombank",
    ("JPN", "BLR", "leader_asset_freeze", "2022-02-28"): "Lukashenko; measures against Belarus",
    ("RUS", "unfriendly", "capital_control", "2022-02-28"): (
        "Decree 79: surrender of 80 % of export revenue, no foreign-currency loans abroad"
    ),
    ("RUS", "domestic", "policy_rate", "2022-02-28"): "Key rate to 20 %",
    ("RUS", "unfriendly", "airspace_ban", "2022-02-28"): "Closed to carriers of 36 states",
    ("USA", "RUS", "central_bank_freeze", "2022-02-28"): "Central bank, wealth fund, ministry",
    ("GBR", "RUS", "export_control_dualuse", "2022-03-01"): "Dual use and critical industries",
    ("GBR", "BLR", "elite_asset_freeze", "2022-03-01"): "Officials and defence firms",
    ("JPN", "RUS", "leader_asset_freeze", "2022-03-01"): "Putin and five others",
    ("JPN", "RUS", "central_bank_freeze", "2022-03-01"): "Central bank, with three state banks",
    ("JPN", "RUS", "export_control_dualuse", "2022-03-01"): "49 entities with military ties",
    ("RUS", "unfriendly", "capital_control", "2022-03-01"): "Decree 81: deals need a permit",
    ("CHN", "RUS", "no_sanctions", "2022-03-02"): "Bank regulator: no financial sanctions",
    ("EU", "RUS", "swift_exclusion", "2022-03-02"): "Seven banks",
    ("EU", "RUS", "euro_banknote_ban", "2022-03-02"): "No euro banknotes; no projects of RDIF",
    ("EU", "BLR", "import_ban", "2022-03-02"): "Potash, wood, steel, cement, rubber and others",
    ("EU", "BLR", "export_control_dualuse", "2022-03-02"): "As for Russia",
    ("USA", "BLR", "export_control_dualuse", "2022-03-02"): "As for Russia",
    ("USA", "RUS", "oil_refining_export_ban", "2022-03-02"): "Refining and extraction equipment",
    ("USA", "RUS", "airspace_ban", "2022-03-02"): "Closed to Russian airlines",
    ("CAN", "RUS", "mfn_withdrawal", "2022-03-03"): "Duty of 35 %",
    ("CAN", "BLR", "mfn_withdrawal", "2022-03-03"): "Duty of 35 %",
    ("USA", "RUS", "elite_asset_freeze", "2022-03-03"): "Oligarchs and their families",
    ("RUS", "unfriendly", "ruble_debt", "2022-03-05"): (
        "Decree 95: debts above 10 mn rubles a month payable in rubles"
    ),
    ("RUS", "unfriendly", "unfriendly_list", "2022-03-05"): "48 states; published on 7 March",
    ("RUS", "all", "export_ban", "2022-03-06"): "Foreign-made medical goods",
    ("GBR", "RUS", "energy_import_ban", "2022-03-08"): "Oil phased out by the end of the year",
    ("JPN", "RUS", "oil_refining_export_ban", "2022-03-08"): "Refining equipment",
    ("JPN", "BLR", "export_control_dualuse", "2022-03-08"): "Dual use; ministry of defence",
    ("RUS", "all", "export_ban", "2022-03-08"): "Decree 100: power to ban exports and imports",
    ("USA", "RUS", "energy_import_ban", "2022-03-08"): "Oil, gas, coal; new energy investment",
    ("EU", "BLR", "swift_exclusion", "2022-03-09"): "Three banks",
    ("EU", "BLR", "central_bank_freeze", "2022-03-09"): "No transactions on reserves",
    ("EU", "RUS", "elite_asset_freeze", "2022-03-09"): "160 persons; maritime goods",
    ("RUS", "all_but_EAEU", "export_ban", "2022-03-10"): "Over 200 foreign-made goods",
    ("RUS", "unfriendly", "export_ban", "2022-03-10"): "Some timber",
    ("GBR", "RUS", "elite_asset_freeze", "2022-03-11"): "Duma members",
    ("JPN", "BLR", "bank_asset_freeze", "2022-03-11"): "Three banks",
    ("USA", "RUS", "luxury_export_ban", "2022-03-11"): "Luxury goods",
    ("USA", "RUS", "mfn_withdrawal", "2022-03-11"): "Announced with the G7; law in April",
    ("RUS", "EAEU", "export_ban", "2022-03-14"): "Grain and sugar, until summer",
    ("EU", "RUS", "luxury_export_ban", "2022-03-15"): "Fourth package: luxury goods",
    ("EU", "RUS", "mfn_withdrawal", "2022-03-15"): "Joins the statement of the G7",
    ("GBR", "RUS", "luxury_export_ban", "2022-03-15"): "Luxury goods",
    ("GBR", "RUS", "mfn_withdrawal", "2022-03-15"): "Extra duty of 35 % on goods of GBP 900 mn",
    ("GBR", "BLR", "mfn_withdrawal", "2022-03-15"): "Extra duty of 35 %",
    ("USA", "BLR", "leader_asset_freeze", "2022-03-15"): "Lukashenko",
    ("JPN", "RUS", "mfn_withdrawal", "2022-03-16"): "Law in April",
    ("RUS", "unfriendly", "capital_control", "2022-03-18"): (
        "Decree 126: central bank rules payments and purchases of shares"
    ),
    ("GBR", "RUS", "bank_asset_freeze", "2022-03-24"): "Alfa-Bank and others",
    ("USA", "RUS", "elite_asset_freeze", "2022-03-24"): "Duma members, defence firms",
    ("JPN", "RUS", "luxury_export_ban", "2022-03-29"): "19 kinds of goods, costly cars among them",
    ("RUS", "domestic", "parallel_imports", "2022-03-29"): "Resolution 506: no consent needed",
    ("RUS", "unfriendly", "ruble_gas", "2022-03-31"): "Decree 172: through Gazprombank accounts",
    ("BLR", "unfriendly", "unfriendly_list", "2022-04-06"): "Belarus's own list",
    ("GBR", "RUS", "bank_asset_freeze", "2022-04-06"): "Sberbank, Credit Bank of Moscow",
    ("USA", "RUS", "investment_ban", "2022-04-06"): "All new investment; Sberbank blocked",
    ("EU", "RUS", "energy_import_ban", "2022-04-08"): "Fifth package: coal, from August",
    ("JPN", "RUS", "energy_import_ban", "2022-04-08"): "Coal phased down, without a date",
    ("JPN", "RUS", "import_ban", "2022-04-08"): "38 goods: machinery, wood, spirits",
    ("JPN", "RUS", "bank_asset_freeze", "2022-04-08"): "Sberbank, Alfa-Bank",
    ("GBR", "RUS", "import_ban", "2022-04-21"): "Silver, wood, caviar; further duties",
    ("RUS", "POL", "gas_cutoff", "2022-04-27"): "Poland, and Bulgaria the same day",
    ("GBR", "RUS", "services_ban", "2022-05-04"): "Accountancy, consulting, public relations",
    ("USA", "RUS", "services_ban", "2022-05-08"): "Accounting, trusts, consulting",
    ("JPN", "RUS", "export_control_dualuse", "2022-05-10"): "71 entities, cutting-edge goods",
    ("CAN", "RUS", "luxury_export_ban", "2022-05-20"): "Luxury goods, both directions",
}
FUELS = {
    ("CAN", "2022-02-28"): ("oil",),
    ("GBR", "2022-03-08"): ("oil",),
    ("USA", "2022-03-08"): ("coal", "oil", "gas"),
    ("EU", "2022-04-08"): ("coal",),
    ("JPN", "2022-04-08"): ("coal",),
}
PERMITS = ("RUS", "unfriendly", "capital_control", "2022-03-01")
# Packages that carry a second instrument of the catalogue: (instrument, description, status).
SECOND = {
    ("EU", "BLR", "import_ban", "2022-03-02"): (
        "machinery_export_ban", "Industrial machinery", "read"
    ),
    ("EU", "RUS", "luxury_export_ban", "2022-03-15"): (
        "goods_import_ban", "Fourth package: iron and steel", "recalled"
    ),
}  # fmt: skip


def build_timeline(folder: Path) -> pd.DataFrame:
    """Return dated measures, one instrument a row, in order of announcement.

    Dates are `read` where a page was read that gives them and `recalled` otherwise; an empty
    effective day is unknown.
    """
    raw = read_raw(folder, "timeline/sanctions_timeline.csv").fillna("")
    columns = [str(name) for name in raw.columns]
    records = [dict(zip(columns, cells, strict=True)) for cells in raw.to_numpy()]
    rows = [row for record in records for row in _rows(record)]
    table = pd.DataFrame(rows)
    return table.sort_values(["announced", "sender", "target"], kind="stable")


def _rows(record: dict[str, str]) -> list[dict[str, str]]:
    key = tuple(record[name] for name in ("sender", "target", "instrument", "date_announced"))
    if key not in DESCRIPTIONS:
        raise ValueError(f"no description for the row {key} of the raw timeline")
    row = {
        "sender": record["sender"],
        "target": record["target"],
        "instrument": "",
        "announced": record["date_announced"],
        "effective": _effective(record),
        "announced_status": STATUS[record["announced_verified"]],
        "effective_status": STATUS.get(record["effective_verified"], ""),
        "description": DESCRIPTIONS[key],
        "source": _public(record["source_title"]),
    }
    rows = [row | {"instrument": name} for name in _instruments(key)]
    if key in SECOND:
        name, description, status = SECOND[key]
        rows.append(
            row | {"instrument": name, "description": description, "announced_status": status}
        )
    return rows


def _effective(record: dict[str, str]) -> str:
    """Effective day; an act made public after it entered into force counts from that day."""
    day = record["date_effective"]
    return max(day, record["date_announced"]) if day else ""


def _instruments(key: tuple[str, ...]) -> list[str]:
    """Names in the catalogue; a ban of energy imports becomes one row per fuel."""
    sender, _, name, announced = key
    if name == "energy_import_ban":
        return [f"{fuel}_import_ban" for fuel in FUELS[sender, announced]]
    if key == PERMITS:
        return ["deal_permits"]
    names = COUNTERMEASURES if sender in ("RUS", "BLR") else INSTRUMENTS
    return [names.get(name, name)]


def _public(title: str) -> str:
    """Name pages by publisher and title rather than by the copy that was read."""
    if title.startswith("memory"):
        return "recalled"
    title = re.sub(r"White House release, repo \S+ @\w+: ", "White House, ", title)
    title = title.replace("presidential-actions/2022-02-21 executive order", "EO 14065")
    title = re.sub(
        r"EU Council timeline text in \S+ \(repo [^)]*\)", "Council of the EU, timeline", title
    )
    return title
