"""The input-output network of 2022, gathered to the states and sectors of the world."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from world_build.origins import read_network
from world_build.states import CODES, state_of

SECTORS = (
    "agri_food",
    "coal",
    "oil_gas",
    "refined_petroleum",
    "chemicals",
    "metals",
    "machinery",
    "electronics",
    "other_manufacturing",
    "services",
)
GOODS = slice(0, 9)
ENERGY = slice(1, 4)
SECTOR_OF = {
    "agriculture": "agri_food",
    "food": "agri_food",
    "coal": "coal",
    "oil_gas": "oil_gas",
    "refined_petroleum": "refined_petroleum",
    "chemicals": "chemicals",
    "ores_minerals": "metals",
    "minerals_metals": "metals",
    "machinery": "machinery",
    "electronics_electrical": "electronics",
    "textiles_wood_paper": "other_manufacturing",
    "transport_equipment": "other_manufacturing",
    "other_manufacturing": "other_manufacturing",
    "utilities": "services",
    "transport_services": "services",
    "finance": "services",
    "other_services": "services",
}
# WIOD industries c1 to c35 that hold each industry of the network
WIOD_INDUSTRIES = {
    "agriculture": (1,),
    "coal": (2,),
    "oil_gas": (2,),
    "ores_minerals": (2,),
    "food": (3,),
    "textiles_wood_paper": (4, 5, 6, 7),
    "refined_petroleum": (8,),
    "chemicals": (9, 10),
    "minerals_metals": (11, 12),
    "machinery": (13,),
    "electronics_electrical": (14,),
    "transport_equipment": (15,),
    "other_manufacturing": (16,),
    "utilities": (17,),
    "transport_services": (23, 24, 25, 26),
    "finance": (28,),
    "other_services": (18, 19, 20, 21, 22, 27, *range(29, 36)),
}
# A pair's ratio of final to intermediate sales stays within this factor of the industry's mean
# over foreign sales: a ratio of 2011 far from it is the noise of a small cell (assumption).
RATIO_FACTOR = 3.0
CARVED = ("ARM", "GEO", "KGZ")  # states without a row in the network, carved out of ROW
IN_NETWORK = tuple(code for code in CODES if code not in CARVED)


@dataclass(frozen=True, slots=True)
class Network:
    """Values of one year in USD mn; i seller, n buyer, j input or sector, k output.

    Attributes
    ----------
    flow : array (i, n, j)
        Sales for any use; the diagonal i = n is domestic.
    final : array (n, j)
        Final demand.
    materials : array (n, j, k)
        Purchases of intermediates.
    output : array (i, k)
        Gross output; value added is output less materials.
    row_trade : array (j,)
        Share of ROW's sales to itself that crosses a border between its members.
    """

    flow: np.ndarray
    final: np.ndarray
    materials: np.ndarray
    output: np.ndarray
    row_trade: np.ndarray


def read_network_2022(folder: Path) -> Network:
    """Return the network of 2022 for the states that it holds (`IN_NETWORK`).

    Final sales come without their buyer. They are split in proportion to intermediate sales of
    the same seller and industry, times WIOD's ratio of final to intermediate sales for that
    pair of states and industry in 2011.
    """
    raw = read_network(folder, "icio_2022/icio_2022.npz")
    names = [str(name) for name in raw["sectors"]]
    states = _membership([state_of(str(code)) for code in raw["countries"]], IN_NETWORK)
    sectors = _membership([SECTOR_OF[name] for name in names], SECTORS)
    bought = np.einsum("asbt,ai,bn->isnt", raw["inter"], states, states, optimize=True)
    intermediate = bought.sum(axis=3)
    final = _split(
        np.einsum("as,ai->is", raw["final_sales"], states),
        intermediate,
        _final_ratio(folder, names),
    )
    output = np.einsum("as,ai->is", raw["output"], states)
    return Network(
        flow=np.einsum("isn,sj->inj", intermediate + final, sectors),
        final=np.einsum("isn,sj->nj", final, sectors),
        materials=np.einsum("isnt,sj,tk->njk", bought, sectors, sectors, optimize=True),
        output=output @ sectors,
        row_trade=_row_trade(raw, states[:, IN_NETWORK.index("ROW")] > 0.0, sectors),
    )


def carve_hubs(network: Network, share_of_row: dict[str, float]) -> Network:
    """Return the network of all states: the small hubs are scaled-down copies of ROW.

    A hub has ROW's technology and tastes. It trades with each partner what ROW does, and with
    the rest of ROW what ROW's members trade with one another, times its share of ROW's GDP;
    totals of goods, and what is known of fuels and sectors, are imposed afterwards (`hubs`).
    """
    source = [IN_NETWORK.index("ROW" if code in CARVED else code) for code in CODES]
    weight = np.array([share_of_row.get(code, 1.0) for code in CODES])
    weight[CODES.index("ROW")] = 1.0 - sum(share_of_row.values())
    flow = network.flow[np.ix_(source, source)] * weight[:, None, None] * weight[None, :, None]
    within = np.array([CODES.index(code) for code in (*CARVED, "ROW")])
    flow[np.ix_(within, within)] *= network.row_trade
    home = network.flow[source[within[0]], source[within[0]]]
    flow[within, within] = home * weight[within, None]
    return Network(
        flow=flow,
        final=network.final[source] * weight[:, None],
        materials=network.materials[source] * weight[:, None, None],
        output=network.output[source] * weight[:, None],
        row_trade=network.row_trade,
    )


def _row_trade(raw: dict[str, np.ndarray], members: np.ndarray, sectors: np.ndarray) -> np.ndarray:
    """Share of intermediate sales within ROW that crosses borders, by sector."""
    sales = raw["inter"].sum(axis=3)[members][:, :, members]
    home = np.einsum("asa->s", sales)
    return 1.0 - (home @ sectors) / (sales.sum(axis=(0, 2)) @ sectors)


def _membership(groups: list[str], order: tuple[str, ...]) -> np.ndarray:
    """Matrix (member, group) of ones that sums members to groups."""
    return np.array([[group == name for name in order] for group in groups], dtype=float)


def _split(sales: np.ndarray, intermediate: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """Split final sales (seller, industry) by buyer; without any clue they stay at home."""
    weight = intermediate * ratio
    total = weight.sum(axis=2, keepdims=True)
    home = np.eye(len(sales))[:, None, :]
    share = np.where(total > 0, weight / np.where(total > 0, total, 1.0), home)
    return sales[:, :, None] * share


def _final_ratio(folder: Path, names: list[str]) -> np.ndarray:
    """WIOD's ratio of final to intermediate sales, (seller, industry, buyer), in 2011.

    A state that WIOD lacks takes the ratios of its rest of world. Two such states, and cells
    without trade, take the mean over foreign sales of the industry.
    """
    raw = read_network(folder, "wiod_2011/wiod_2011.npz")
    codes = [state_of({"ROM": "ROU"}.get(str(code), str(code))) for code in raw["countries"]]
    known = tuple(code for code in IN_NETWORK if code in codes)
    states = _membership(codes, known)
    industries = np.array(
        [[number in WIOD_INDUSTRIES[name] for name in names] for number in range(1, 36)],
        dtype=float,
    )
    shape = (len(codes), 35)
    final = np.einsum(
        "asb,ai,bn,st->itn",
        raw["final"].reshape(*shape, -1).clip(min=0.0),
        states,
        states,
        industries,
        optimize=True,
    )
    inter = np.einsum(
        "asbu,ai,bn,st->itn",
        raw["inter"].reshape(*shape, *shape),
        states,
        states,
        industries,
        optimize=True,
    )
    foreign = ~np.eye(len(known), dtype=bool)[:, None, :]
    mean = (final * foreign).sum(axis=(0, 2)) / (inter * foreign).sum(axis=(0, 2))
    fallback = np.broadcast_to(mean[None, :, None], inter.shape)
    pair = np.where(inter > 1.0, final / np.maximum(inter, 1.0), fallback)
    near = pair.clip(fallback / RATIO_FACTOR, fallback * RATIO_FACTOR)
    pair = np.where(foreign, near, pair)
    index = [known.index(code if code in known else "ROW") for code in IN_NETWORK]
    ratio = pair[index][:, :, index]
    outside = np.array([code not in known for code in IN_NETWORK])
    unseen = outside[:, None] & (outside | (np.array(IN_NETWORK) == "ROW"))[None, :]
    unseen = (unseen | unseen.T) & ~np.eye(len(IN_NETWORK), dtype=bool)
    return np.where(unseen[:, None, :], mean[None, :, None], ratio)
