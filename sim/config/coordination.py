"""The group `coordination`: the levers of how allies act together."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.checked import Checked
from sim.config.fields import CHOICE, number, parameter, share


@dataclass(slots=True)
class Coordination(Checked):
    """How allies coordinate: the levers that sweeps vary."""

    name: str = parameter("status_quo", "name in results", CHOICE)
    peer_weight: float = number(
        1.0,
        (0.0, 10.0),
        "multiplies the pull of peers, standing and recent, and of fellow members",
        "1 leaves the rule's coefficients as they are",
        "times the rule's",
        symbol="λ",
    )
    leaders: list[str] = parameter(
        ["USA"],
        "states whose acts count as a lead, those of them that are senders",
        "one leading sender (Martin 1992)",
        "states",
    )
    next_leaders: list[str] = parameter(
        ["GBR", "DEU", "JPN"],
        "who leads where none of the leaders is a sender: the first of these that is",
        CHOICE,
        "states",
    )
    lead_weight: float = number(
        1.0,
        (0.0, 10.0),
        "multiplies the pull of the leaders",
        "1 leaves the rule as it is",
        "times the rule's",
        symbol="λ_L",
    )
    consultation: bool = parameter(True, "governments meet, in institutions and otherwise")
    forums: list[str] = parameter(
        ["all"],
        "forums that meet: institutions, ALLIES for other tables of three or more; [all] for "
        "every one, [] for none",
        unit="forums",
    )
    bilateral: bool = parameter(True, "pairs of states meet beside the forums")
    meeting_spacing: float = number(
        1.0,
        (0.1, 50.0),
        "days between the meetings of every forum and pair, over those of the record: above 1 "
        "meetings are left out, below 1 further ones are put between them",
        "1 leaves the world's calendar as it is",
        "times the record's",
    )
    information_delay_days: int = number(
        0,
        (0, 365),
        "days until an act is known to senders that its author has not met since",
        "acts of 2022 were published on the day",
        "days",
        symbol="D",
    )
    council_rule: str = parameter(
        "institution",
        "how the union's council decides; 'institution' keeps the world's own rule",
        CHOICE,
        among=("institution", "unanimity", "majority", "leaders"),
    )
    council_leaders: list[str] = parameter(
        ["DEU", "FRA"], "members that decide where council_rule is 'leaders'", CHOICE, "states"
    )
    veto_players: list[str] = parameter(
        [], "members that object to every measure of the union", CHOICE, "states"
    )
    positions: bool = parameter(True, "objections that members have stated count in councils")
    takes_over: bool = parameter(
        True,
        "who takes over a union's measures by its law takes none that the union has not",
        "Swiss Embargo Act, SR 946.231, art. 1; CMS, sanctions guide: Norway (Sanctions Act, 2021)",
    )
    cost_tolerance: float = number(
        2.0,
        (0.0, 100.0),
        "largest own loss of the first year from one measure that a member accepts without having "
        "said so",
        unit="percent of GDP",
        symbol="c_max",
    )
    carve_out_days: int = number(
        30,
        (0, 5000),
        "days from a blocked vote to a carve-out for objectors that have stated no position",
        "assumption; the oil embargo proposed on 4 May 2022 was still blocked on 20 May",
        "days",
    )
    institution: bool = parameter(
        True, "institutions hold their members to what was agreed; without, all may backslide"
    )
    scope_overlap: float = share(
        1.0,
        "share of the covered products that all senders cover alike",
        "1: lists were aligned in the G7; Hausmann, Schetter and Yildirim (2024) on its value",
    )
    burden_sharing: float = share(
        0.0,
        "strength of transfers that equalise losses among senders",
        "0: none were paid; Chowdhry, Hinz, Kamin and Wanner (2024)",
        symbol="s",
    )
    side_payments_bn: float = number(
        0.0,
        (0.0, 1000.0),
        "fund from which leaders compensate the losses of other senders",
        "0: none in the record; Martin (1992)",
        "USD bn a year",
    )
    enforcement_sharing: float = share(
        0.3, "how far senders come up to the best enforcer among them", symbol="q"
    )
    aml_sharing: float = share(
        0.3, "share of the crypto channel closed by joint anti-money-laundering work", symbol="a"
    )
    secondary_sanctions: float = share(
        0.2,
        "credibility of the threat to punish third states that carry covered trade",
        "hardly used against third states before 2023",
        symbol="κ",
    )
    issue_linkage: float = number(
        1.0,
        (0.0, 10.0),
        "multiplies the weight of the example set for another region",
        "1 leaves the rule as it is",
        "times the rule's",
        symbol="λ_X",
    )
    tie_weights: dict[str, float] = parameter(
        {"defence": 1.0, "membership": 1.0, "affinity": 1.0, "trade": 1.0, "consultation": 0.5},
        "weight of each layer of the alliance network in the pull of a peer",
        unit="relative weight",
        within=(0.0, 100.0),
    )
