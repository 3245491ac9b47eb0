"""What the small hubs sell and buy, as far as it is known.

The network has no row for them. Their totals by partner are Comtrade's; of sectors three things
are known, each a row below: fuels between them and anybody, some goods with one partner, and some
goods with all partners together. What is left of a partner's total has the composition of ROW's
trade with it, fitted so that sums over partners hold too (Deming and Stephan 1940).

Values are USD mn of 2021. Status is read, derived, recalled or assumption; low and high bound what
was not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from world_build import goods
from world_build.network import CARVED, ENERGY, GOODS, SECTORS
from world_build.states import CODES

ALL = ""  # every partner
GEOSTAT = "Geostat, 2021, via Civil Georgia, 20 January 2022"
NOT_FITTED = 1e-9  # largest relative error of a fitted sum
FUELS = ("coal", "oil_gas", "refined_petroleum")  # those of `ENERGY`
OTHER_GOODS = tuple(name for name in SECTORS[GOODS] if name not in FUELS)


class Known(NamedTuple):
    """Goods of one sector that a state sells another, or all together, or itself."""

    seller: str
    buyer: str
    sector: str
    usd_mn: float
    low: float
    high: float
    status: str
    source: str


# Beside Russia's (CREA) and what the EU sells and buys of mineral fuels (Eurostat; booked as
# refined products). Other fuels cross no border of theirs: no crude is sold to them (Armenia and
# Georgia have no refinery; Kazakhstan sent Kyrgyzstan none from 2018 to 2025, says Forbes
# Kazakhstan), and the 40,000 tonnes that Georgia lifts a year, some USD 20 mn, are among what the
# EU buys (recalled).
OTHER_FUELS = (
    Known("ROW", "ARM", "oil_gas", 77, 50, 110, "derived",
          "gas of Iran: Russia has 0.85 (energy.csv)"),
    Known("ROW", "ARM", "refined_petroleum", 83, 40, 130, "derived",
          "of Iran and by way of Georgia: Russia has 0.75 (energy.csv), the EU 11 mn"),
    Known("ROW", "GEO", "oil_gas", 278, 278, 278, "read",
          f"gas, all but Russia's 76: 354.6 ({GEOSTAT}); Azerbaijan's"),
    Known("ROW", "GEO", "refined_petroleum", 278, 278, 278, "read",
          f"all but Russia's 145 and the EU's 400: 822.6 ({GEOSTAT}); Azerbaijan, Turkmenistan"),
    Known("KAZ", "KGZ", "coal", 40, 20, 60, "assumption",
          "a million tonnes at USD 40; Uzbekistan paid Kyrgyzstan 29 in 2021 (via Azernews)"),
    Known("KAZ", "KGZ", "refined_petroleum", 71, 0, 110, "derived",
          "Russia has 0.90 (energy.csv)"),
    Known("ROW", "KGZ", "oil_gas", 6, 0, 12, "derived",
          "gas of Uzbekistan: Russia has 0.90 (energy.csv)"),
    Known("KGZ", "ROW", "coal", 30, 27, 33, "read",
          "Uzbekistan bought 27.3 mn in eleven months of 2021 (its statistics, via Azernews)"),
)  # fmt: skip
# Fuels made and sold at home; where no row stands, none.
HOME_FUELS = (
    Known("GEO", "GEO", "coal", 10, 0, 20, "assumption", "some 200,000 tonnes (recalled)"),
    Known("GEO", "GEO", "oil_gas", 5, 0, 10, "assumption", "some ten million m3 (recalled)"),
    Known("KGZ", "KGZ", "coal", 60, 30, 100, "assumption",
          "two million tonnes at the USD 30 at which it is exported"),
    Known("KGZ", "KGZ", "oil_gas", 90, 40, 140, "assumption",
          "crude of its own for its refineries, at USD 450 a tonne"),
    Known("KGZ", "KGZ", "refined_petroleum", 112, 80, 140, "derived",
          "200,000 tonnes (24.kg, June 2021) at what Russia's cost (CREA)"),
)  # fmt: skip
_HETQ = "of 2019 (customs, via Hetq), times 1.13 as all exports"
NAMED = (
    Known("GEO", ALL, "metals", 1357, 1357, 1357, "read",
          f"copper ores, ferroalloys, gold: {GEOSTAT}"),
    Known("GEO", ALL, "agri_food", 655, 655, 655, "read",
          f"wine, spirits, mineral water, nuts: {GEOSTAT}"),
    Known("GEO", ALL, "other_manufacturing", 457, 457, 457, "read", f"cars: {GEOSTAT}"),
    Known("GEO", ALL, "chemicals", 219, 219, 219, "read", f"fertilisers, medicines: {GEOSTAT}"),
    Known("GEO", "CHN", "metals", 497, 497, 497, "read",
          "copper ores: Geostat via Messenger, 21 January 2022"),
    Known("GEO", "RUS", "metals", 172, 172, 172, "read", "ferroalloys: the same"),
    Known("GEO", "RUS", "agri_food", 131, 131, 131, "read", "wine: the same"),
    Known("GEO", "ROW", "other_manufacturing", 248, 248, 248, "read",
          "cars to Azerbaijan: the same"),
    Known(ALL, "GEO", "other_manufacturing", 899, 899, 899, "read", f"cars: {GEOSTAT}"),
    Known(ALL, "GEO", "metals", 736, 736, 736, "read", f"copper ores: {GEOSTAT}"),
    Known(ALL, "GEO", "chemicals", 382, 382, 382, "read", f"medicines: {GEOSTAT}"),
    Known(ALL, "GEO", "electronics", 370, 370, 370, "read", f"telephones, computers: {GEOSTAT}"),
    Known("ROW", "GEO", "metals", 641, 300, 736, "assumption",
          "copper ores: all that Brazil and Indonesia sell it (Comtrade)"),
    Known("USA", "GEO", "other_manufacturing", 400, 300, 550, "recalled", "used cars"),
    Known("ARM", ALL, "metals", 708, 627, 850, "derived", f"copper concentrate {_HETQ}"),
    Known("ARM", ALL, "agri_food", 594, 526, 680, "derived", f"cigarettes, brandy {_HETQ}"),
    Known("ARM", "CHE", "metals", 216, 191, 330, "derived", f"copper concentrate {_HETQ}"),
    Known("ARM", "CHN", "metals", 197, 174, 390, "derived", f"copper concentrate {_HETQ}"),
    Known("ARM", "REU", "metals", 190, 150, 198, "derived",
          "copper concentrate: two fifths by weight to Bulgaria (Hetq), 198 in all (Comtrade)"),
    Known("ARM", "ROW", "agri_food", 200, 150, 220, "derived",
          "cigarettes: three quarters to Iraq and Syria in 2018 (Tobacco Reporter), 221 in all"),
    Known("ARM", "ARE", "agri_food", 39, 30, 45, "derived",
          "cigarettes: an eighth of them in 2018 (Tobacco Reporter)"),
    Known("KGZ", ALL, "metals", 1451, 308, 1451, "assumption",
          "gold: 308 (statistics committee, via Sputnik, 17 February 2022), and what follows"),
    Known("KGZ", "ROW", "metals", 1143, 0, 1143, "assumption",
          "sold to nobody named, by which Comtrade exceeds the committee's total: Kumtor's gold"),
    Known("KGZ", "GBR", "metals", 234, 200, 234, "derived", "gold until June 2021: the same"),
    Known("KGZ", "CHE", "metals", 54, 40, 55, "derived", "gold from September 2021: the same"),
    Known("CHN", "KGZ", "other_manufacturing", 1025, 730, 1240, "assumption",
          "clothing, shoes and cloth are 0.7 of it (0.5 to 0.85)"),
)  # fmt: skip


def with_known_goods(composition: np.ndarray, totals: np.ndarray, folder: Path) -> np.ndarray:
    """Return shares of sectors in each pair's goods (i, n, j) in which the hubs' are as known.

    Exports come first: what hubs sell one another then stands.

    Parameters
    ----------
    composition : array (i, n, j)
        Shares of goods sectors before, those of ROW.
    totals : array (i, n)
        Goods of every pair, USD mn.

    Raises
    ------
    ValueError
        More is named of a pair than it trades, or the sums of a hub cannot all be met.
    """
    fuels = known_fuels(folder)
    shares = composition.copy()
    others = np.delete(composition, range(ENERGY.start, ENERGY.stop), axis=2)
    others /= others.sum(axis=2, keepdims=True)
    for selling in (True, False):
        for code in CARVED:
            n = CODES.index(code)
            pairs = (n, slice(None)) if selling else (slice(None), n)
            done = np.isin(CODES, code if selling else CARVED)
            total = np.where(done, 0.0, totals[pairs])
            energy = np.minimum(fuels[pairs], total[:, None])
            fixed, sums = _named(code, selling)
            free = total - energy.sum(axis=1) - fixed.sum(axis=1)
            if free.min() < 0.0:
                raise ValueError(f"{code} and {CODES[free.argmin()]}: more is named than is traded")
            rest = _rest(others[pairs] * free[:, None], fixed, sums)
            value = np.insert(fixed + rest, [ENERGY.start] * len(FUELS), 0.0, axis=1)
            value[:, ENERGY] = energy
            known = total > 0.0
            shares[pairs][known] = value[known] / total[known, None]
    return shares


def known_fuels(folder: Path) -> np.ndarray:
    """Return fuels between the hubs and all states (i, n, fuel), USD mn; where none is known, 0."""
    value = _table(OTHER_FUELS, FUELS)
    russian = goods.russian_fuels(folder)
    for code in CARVED:
        value[CODES.index("RUS"), CODES.index(code)] = russian[code]
    refined = FUELS.index("refined_petroleum")
    for (hub, member), (sold, bought) in goods.eurostat_fuels(folder, CARVED).items():
        value[CODES.index(member), CODES.index(hub), refined] = sold
        value[CODES.index(hub), CODES.index(member), refined] = bought
    return value


def home_fuels() -> np.ndarray:
    """Return the fuels that states sell at home (i, fuel), USD mn; known of the hubs alone."""
    return np.einsum("nnj->nj", _table(HOME_FUELS, FUELS))


def compared(flow: np.ndarray) -> list[tuple[str, str, str, float, float]]:
    """Return sums over partners that are known, beside those of the flows (i, n, j)."""
    abroad = flow * (1.0 - np.eye(len(CODES)))[:, :, None]
    rows = []
    for row in NAMED:
        if ALL in (row.seller, row.buyer):
            i = slice(None) if row.seller == ALL else CODES.index(row.seller)
            n = slice(None) if row.buyer == ALL else CODES.index(row.buyer)
            result = float(abroad[i, n, SECTORS.index(row.sector)].sum())
            rows.append((f"{row.sector}, at least", row.seller, row.buyer, row.usd_mn, result))
    return rows


def _table(rows: Iterable[Known], sectors: tuple[str, ...]) -> np.ndarray:
    value = np.zeros((len(CODES), len(CODES), len(sectors)))
    for row in rows:
        at = CODES.index(row.seller), CODES.index(row.buyer), sectors.index(row.sector)
        value[at] = row.usd_mn
    return value


def _named(code: str, selling: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the goods other than fuels named with a partner (n, j) and with all together (j,)."""
    own, partner = ("seller", "buyer") if selling else ("buyer", "seller")
    mine = [row for row in NAMED if getattr(row, own) == code]
    pairs = [row for row in mine if getattr(row, partner) not in (ALL, *CARVED)]
    table = _table(pairs, OTHER_GOODS)
    n = CODES.index(code)
    fixed = table[n] if selling else table[:, n]
    sums = np.zeros(len(OTHER_GOODS))
    for row in mine:
        if getattr(row, partner) == ALL:
            sums[OTHER_GOODS.index(row.sector)] = row.usd_mn
    return fixed, sums


def _rest(prior: np.ndarray, fixed: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Return what is named with no partner (n, j), fitted to both sums.

    Sums by partner are those of the prior. Those by sector are the goods named with all partners
    less those named with one, and of the others as much as in the prior.
    """
    if not sums.any():
        return prior
    named = np.maximum(sums - fixed.sum(axis=0), 0.0)
    left = prior.sum() - named.sum()
    wanted = named + left * prior.sum(axis=0) / prior.sum()
    by_partner = prior.sum(axis=1)
    rest = prior.copy()
    for _ in range(1000):
        rest *= wanted / np.maximum(rest.sum(axis=0), 1e-12)
        error = np.abs(rest.sum(axis=1) - by_partner).max() / by_partner.sum()
        if error < NOT_FITTED:
            return rest
        rest *= (by_partner / np.maximum(rest.sum(axis=1), 1e-12))[:, None]
    raise ValueError(f"goods of a hub fit no sums: off by {error:.1e} of all")
