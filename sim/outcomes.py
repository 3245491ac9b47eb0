"""What a run comes to: one schema of outcomes, and of what is recorded of steps and states.

Columns, tables and documentation come from it, and the engine writes by these names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

TARGET = "<target>"  # in a name: the code of each target


class Quantity(NamedTuple):
    """A number that is reported.

    Attributes
    ----------
    name : column, with `<target>` for the code of each target
    unit, meaning : for documentation
    dtype : of the column
    """

    name: str
    unit: str
    meaning: str
    dtype: type = float

    @property
    def field(self) -> str:
        """Its name in the engine, where targets are an axis."""
        return self.name.replace(f"_{TARGET}", "")

    @property
    def by_target(self) -> bool:
        """Whether there is one for each target."""
        return TARGET in self.name

    def columns(self, targets: Iterable[str]) -> list[str]:
        """Return its columns."""
        return [self.name.replace(TARGET, t) for t in targets] if self.by_target else [self.name]


_OF_TARGETS = (
    Quantity(
        "loss_<target>",
        "percent of GDP",
        "of real income against what it would have been, on that day, after transfers",
    ),
    Quantity("leak_<target>", "share", "of covered trade that finds another way"),
    Quantity(
        "withheld_<target>",
        "share",
        "of what senders sell to it and no measure covers that their firms and banks hold back",
    ),
    Quantity("crypto_bn_<target>", "USD bn a year", "of it, paid in cryptocurrencies"),
    Quantity(
        "log_rate_<target>",
        "log points",
        "currency's rate over what it was; a rise is a loss of value, no measure of welfare",
    ),
    Quantity("export_bn_<target>", "USD bn a year", "value of its exports at prices of the day"),
    Quantity("revenue_bn_<target>", "USD bn a year", "what of it the treasury takes on fuels"),
    Quantity("discount_<target>", "share", "by which it sells its fuels below the world price"),
    Quantity(
        "countermeasures_<target>", "number", "issued; single cut-offs are counted one by one", int
    ),
)
_ENERGY = Quantity(
    "energy_price", "1", "of the fuels that the first target exports, relative to 2021"
)
_OF_COALITION = (
    Quantity("transfers_bn", "USD bn a year", "received by those who receive"),
    Quantity("coalition_size", "number", "senders with at least one act", int),
    Quantity("coalition_gdp_share", "share", "of those in the senders' GDP"),
    Quantity("waves_announced", "number", "of their waves", int),
    Quantity("belief", "share", "bystanders' belief in the coalition's resolve"),
    Quantity(
        "attempt_risk",
        "probability",
        "of an attempt in the theatre: an indicator, no forecast",
    ),
)
_HUB_PURCHASES = Quantity(
    "hub_purchases_bn", "USD bn a year", "what third states buy of senders for targets"
)
OF_RUN = (
    *_OF_TARGETS,
    Quantity(
        "loss_<target>_first_year",
        "percent of GDP",
        "mean over the first year of the run (over all of it, if it is shorter)",
    ),
    Quantity(
        "loss_<target>_third_year",
        "percent of GDP",
        "of what stands at the end, three years after it began, before transfers",
    ),
    Quantity("loss_<target>_long_run", "percent of GDP", "the same, once all trade has adjusted"),
    Quantity("sender_loss_bn", "USD bn a year", "summed losses of the senders"),
    Quantity(
        "sender_loss_mean", "percent of GDP", "mean of the senders, unweighted, after transfers"
    ),
    Quantity("sender_loss_max", "percent of GDP", "largest loss of a sender"),
    Quantity("sender_loss_mean_first_year", "percent of GDP", "mean over the first year"),
    Quantity(
        "sender_loss_mean_long_run",
        "percent of GDP",
        "of what stands at the end, once all trade has adjusted, before transfers",
    ),
    *_OF_COALITION[:3],
    Quantity("acts_announced", "number", "pairs of sender and act, as of the end", int),
    _OF_COALITION[3],
    Quantity(
        "designated", "number", "individuals and entities, summed over senders: lists overlap", int
    ),
    Quantity("withdrawals", "number", "measures given up", int),
    Quantity("protests", "number", "of senders at being listed or cut off", int),
    Quantity("cooperations", "number", "acts of defence cooperation with a target", int),
    Quantity("days_to_half", "days", "until half of the acts had been announced; nan without acts"),
    Quantity("days_to_90", "days", "until nine tenths had been announced"),
    Quantity("diverted_bn", "USD bn a year", "covered exports that third states carry"),
    _ENERGY,
    _HUB_PURCHASES,
    *_OF_COALITION[4:],
    Quantity("settled_day", "day", "of a settlement, -1 for none", int),
)
EXACT = (
    Quantity(
        "exact_loss_<target>",
        "percent of GDP",
        "with economy=exact: on the last day, in an exact equilibrium, before transfers",
    ),
    Quantity("exact_sender_loss_mean", "percent of GDP", "with economy=exact: mean of the senders"),
)
OUTCOMES = {quantity.name: quantity for quantity in (*OF_RUN, *EXACT)}
OF_STEP = (
    Quantity("severity", "share", "how grave the violation has become"),
    Quantity("urgency", "1", "how much its events press"),
    Quantity("measures_announced", "number", "pairs of sender and act", int),
    _OF_COALITION[3],
    Quantity("measures_effective", "number", "of them in effect", int),
    *_OF_COALITION[1:3],
    Quantity("mean_sender_loss", "percent of GDP", "mean of the senders, after transfers"),
    Quantity("mean_support", "share", "mean domestic support of the senders"),
    _OF_COALITION[0],
    *_OF_COALITION[4:],
    _HUB_PURCHASES,
    Quantity("settled", "truth value", "talks have settled the war", bool),
    _ENERGY,
    *_OF_TARGETS,
)
OF_STATE = (
    Quantity("loss", "percent of GDP", "of real income on that day, after transfers"),
    Quantity("loss_bn", "USD bn a year", "the same"),
    Quantity("transfer_bn", "USD bn a year", "received, below 0 paid"),
    Quantity(
        "payment_bn",
        "USD bn a year",
        "received through premia, the price cap and prices of energy that answer to what is cut",
    ),
    Quantity("windfall_bn", "USD bn a year", "received by the dated prices of energy alone"),
    Quantity("diverted_bn", "USD bn a year", "covered exports that it carries"),
    Quantity("hub_purchases_bn", "USD bn a year", "what it buys of senders for targets"),
    Quantity("relation", "1", "with the first target, in [-1, 1]"),
    Quantity("support", "share", "domestic support of a sender, nan for others"),
    Quantity("measures", "number", "acts announced", int),
    Quantity("waves", "number", "of their waves", int),
    Quantity("listed", "truth value", "on the list of a target", bool),
)

OF_SECTOR = (
    Quantity(
        "loss",
        "percent of GDP",
        "what trade lost in the sector adds to the state's loss on the last day",
    ),
    Quantity("loss_bn", "USD bn a year", "the same"),
    Quantity("output", "percent", "change of the value of what the sector sells, home and abroad"),
    Quantity("output_bn", "USD bn a year", "the same"),
    Quantity("output_volume", "percent", "the same at constant cost"),
    Quantity("value_added_bn", "USD bn a year", "change of what the sector pays to its factors"),
    Quantity("exports", "percent", "change of the value of what is sold abroad, before tariffs"),
    Quantity("exports_bn", "USD bn a year", "the same"),
    Quantity("imports", "percent", "change of the value of what is bought abroad, before tariffs"),
    Quantity("imports_bn", "USD bn a year", "the same"),
    Quantity(
        "price", "percent", "change of the sector's price index for who buys there, over the wage"
    ),
)
BESIDE_SECTORS = ("payments", "closed_borders", "transfers")  # losses of no sector


def columns(quantities: Iterable[Quantity], targets: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of quantities, those of targets for each of them."""
    codes = tuple(targets)
    return tuple(column for quantity in quantities for column in quantity.columns(codes))
