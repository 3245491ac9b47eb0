"""What a run comes to: one schema of outcomes, and of what is recorded of steps and states.

Columns, tables, axes and documentation come from it, and the engine writes by these names.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

TARGET = "<target>"  # in a name: the code of each target
ACTS = (100, 200, 300)  # speed is counted in days to so many pairs of sender and act


class Quantity(NamedTuple):
    """A number that is reported.

    Attributes
    ----------
    name : column, with `<target>` for the code of each target
    unit, meaning : for documentation
    dtype : of the column
    label : words for a page or an axis, without the unit; `{}` stands for the name of a target
    never : nan means that it was not reached by the end, later than any day
    """

    name: str
    unit: str
    meaning: str
    dtype: type = float
    label: str = ""
    never: bool = False

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

    def titled(self, target: str = "") -> str:
        """Return label and unit, as a page and an axis show them."""
        unit = UNITS.get(self.unit, self.unit)
        return f"{self.label.format(target)}{unit and ', '}{unit}"


# Units as they are shown; what is counted, and a share, needs none.
UNITS = {
    "percent of GDP": "% of GDP",
    "percent": "%",
    "number": "",
    "share": "0 to 1",
    "probability": "0 to 1",
    "truth value": "",
    "1": "",
}

_OF_TARGETS = (
    Quantity(
        "loss_<target>",
        "percent of GDP",
        "of real income against what it would have been, on that day, after transfers",
        label="Loss of {}",
    ),
    Quantity(
        "leak_<target>",
        "share",
        "of the covered trade with it that finds another way",
        label="Share of the covered trade with {} that finds another way",
    ),
    Quantity(
        "crypto_bn_<target>",
        "USD bn a year",
        "covered trade with it that is paid in cryptocurrencies",
        label="Covered trade with {} paid in cryptocurrencies",
    ),
    Quantity(
        "withheld_<target>",
        "share",
        "of what senders sell to it and no measure covers that their firms and banks hold back",
        label="Share that firms hold back of what senders may still sell to {}",
    ),
    Quantity(
        "export_bn_<target>",
        "USD bn a year",
        "value of its exports at prices of the day",
        label="Exports of {}",
    ),
    Quantity(
        "revenue_bn_<target>",
        "USD bn a year",
        "what its treasury takes of its exports of fuels",
        label="Revenue of the treasury on the exports of fuels of {}",
    ),
    Quantity(
        "discount_<target>",
        "share",
        "by which it sells its fuels below the world price",
        label="Discount on the fuels of {}",
    ),
    Quantity(
        "log_rate_<target>",
        "log points",
        "currency's rate over what it was; a rise is a loss of value, no measure of welfare",
        label="Rise of the dollar's price in {}",
    ),
    Quantity(
        "countermeasures_<target>",
        "number",
        "countermeasures issued; single cut-offs are counted one by one",
        int,
        "Countermeasures of {}, single cut-offs counted one by one",
    ),
)
_ENERGY = Quantity(
    "energy_price",
    "1",
    "price of the fuels that the first target exports, relative to 2021",
    label="World price of the fuels that the first target sells, mean of 2021 = 1",
)
_TRANSFERS = Quantity(
    "transfers_bn",
    "USD bn a year",
    "transfers, summed over the states that receive",
    label="Transfers received",
)
_SIZE = (
    Quantity(
        "coalition_size",
        "number",
        "senders with at least one act",
        int,
        "Senders with a measure that stands",
    ),
    Quantity(
        "coalition_gdp_share",
        "share",
        "of the senders with at least one act in the GDP of all senders",
        label="Their share of the GDP of all senders",
    ),
)
_WAVES = Quantity(
    "waves_announced",
    "number",
    "waves of the acts that stand, summed over senders",
    int,
    "Waves of the measures that stand",
)
_INDICATORS = (
    Quantity(
        "belief",
        "share",
        "bystanders' belief in the coalition's resolve",
        label="Bystanders' belief in the coalition's resolve, an indicator",
    ),
    Quantity(
        "attempt_risk",
        "probability",
        "of an attempt in the theatre: an indicator, no forecast",
        label="Risk of an attempt in another region by then, an indicator and no forecast",
    ),
)
_HUB_PURCHASES = Quantity(
    "hub_purchases_bn",
    "USD bn a year",
    "what third states buy of senders for targets",
    label="What third states buy of senders for targets",
)


def _in_both(name: str, unit: str, meaning: str, label: str) -> tuple[Quantity, Quantity]:
    """Return a quantity as a share of something, and in money."""
    return (
        Quantity(name, unit, meaning, label=label),
        Quantity(f"{name}_bn", "USD bn a year", meaning, label=label),
    )


def _at_end(*quantities: Quantity) -> tuple[Quantity, ...]:
    """Return quantities of a day as outcomes: their labels say of which day."""
    when = {"number": "at the end", "1": "at the end"}
    return tuple(q._replace(label=f"{q.label}, {when.get(q.unit, 'last day')}") for q in quantities)


OF_RUN = (
    Quantity(
        "loss_<target>_first_year",
        "percent of GDP",
        "of real income, mean over the first year of the run (over all of it, if it is shorter)",
        label="Loss of {} in the first year",
    ),
    *_at_end(_OF_TARGETS[0]),
    Quantity(
        "loss_<target>_third_year",
        "percent of GDP",
        "of real income by what stands at the end, three years after it began, before transfers",
        label="Loss of {} by measures of the last day after three years",
    ),
    Quantity(
        "loss_<target>_long_run",
        "percent of GDP",
        "of real income by what stands at the end, once all trade has adjusted, before transfers",
        label="Loss of {} by measures of the last day in the long run",
    ),
    *_at_end(*_OF_TARGETS[1:]),
    Quantity(
        "sender_loss_mean_first_year",
        "percent of GDP",
        "summed losses of the senders over their summed GDP, mean over the first year",
        label="Mean loss of the senders in the first year, weighted by GDP",
    ),
    Quantity(
        "sender_loss_mean",
        "percent of GDP",
        "summed losses of the senders over their summed GDP, after transfers",
        label="Mean loss of the senders on the last day, weighted by GDP",
    ),
    Quantity(
        "sender_loss_mean_long_run",
        "percent of GDP",
        "summed losses of the senders over their summed GDP, by what stands at the end once all "
        "trade has adjusted, before transfers",
        label="Mean loss of the senders in the long run, weighted by GDP",
    ),
    Quantity(
        "sender_loss_max",
        "percent of GDP",
        "largest loss of a sender",
        label="Largest loss of a sender on the last day",
    ),
    Quantity(
        "sender_loss_bn",
        "USD bn a year",
        "summed losses of the senders",
        label="Losses of the senders together on the last day",
    ),
    *_at_end(_TRANSFERS, *_SIZE),
    Quantity(
        "acts_announced",
        "number",
        "pairs of sender and act, as of the end",
        int,
        "Measures that stand at the end, once per sender and target",
    ),
    *_at_end(_WAVES),
    Quantity(
        "designated",
        "number",
        "individuals and entities, summed over senders: lists overlap",
        int,
        "Persons and entities designated, summed over senders",
    ),
    Quantity(
        "withdrawals", "number", "measures given up", int, "Measures withdrawn, each time counted"
    ),
    Quantity(
        "days_to_withdrawal",
        "days",
        "from the start of the run until a measure was given up for the first time, by whom "
        "and of what sort ever; nan if none was",
        int,
        "Time until a measure is given up for the first time",
        never=True,
    ),
    Quantity(
        "protests",
        "number",
        "protests of senders at being listed or cut off",
        int,
        "Protests of senders that were listed or cut off",
    ),
    Quantity(
        "cooperations",
        "number",
        "acts of defence cooperation with a target",
        int,
        "Acts of defence cooperation between third states and targets",
    ),
    *(
        Quantity(
            f"days_to_{number}",
            "days",
            f"from the start of the run until {number} pairs of sender and act had been "
            "announced, withdrawn later or not; nan if never",
            label=f"Time until {number} measures were announced, once per sender and target",
            never=True,
        )
        for number in ACTS
    ),
    Quantity(
        "days_to_coalition",
        "days",
        "from the start of the run until four fifths of the senders had announced a measure "
        "beyond words, withdrawn later or not; nan if never",
        label="Time until four fifths of the senders had a measure beyond words",
        never=True,
    ),
    *_at_end(_ENERGY),
    Quantity(
        "diverted_bn",
        "USD bn a year",
        "covered exports that third states carry",
        label="Covered exports carried by third states, last day",
    ),
    *_at_end(_HUB_PURCHASES, *_INDICATORS),
    Quantity(
        "settled_day",
        "days",
        "from the start of the run until a settlement; nan if never",
        int,
        "Time until a settlement",
        never=True,
    ),
)
EXACT = (
    Quantity(
        "exact_loss_<target>",
        "percent of GDP",
        "with economy=exact: on the last day, in an exact equilibrium, before transfers",
        label="Loss of {} on the last day, exact",
    ),
    Quantity(
        "exact_sender_loss_mean",
        "percent of GDP",
        "with economy=exact: summed losses of the senders over their summed GDP",
        label="Mean loss of the senders on the last day, weighted by GDP, exact",
    ),
)
OUTCOMES = {quantity.name: quantity for quantity in (*OF_RUN, *EXACT)}
OF_STEP = (
    Quantity("severity", "share", "how grave the violation has become", label="Severity"),
    Quantity("urgency", "1", "how much its events press", label="Urgency"),
    Quantity(
        "measures_announced",
        "number",
        "pairs of sender and act that stand",
        int,
        "Measures that stand, once per sender and target",
    ),
    _WAVES,
    Quantity(
        "measures_effective",
        "number",
        "pairs of sender and act in effect",
        int,
        "Measures in effect",
    ),
    *_SIZE,
    Quantity(
        "mean_sender_loss",
        "percent of GDP",
        "summed losses of the senders over their summed GDP, after transfers",
        label="Mean loss of the senders, weighted by GDP",
    ),
    Quantity(
        "mean_support",
        "share",
        "mean domestic support of the senders",
        label="Mean support at home",
    ),
    _TRANSFERS,
    *_INDICATORS,
    _HUB_PURCHASES,
    Quantity("settled", "truth value", "talks have settled the war", bool, "The war is settled"),
    _ENERGY,
    *_OF_TARGETS,
)
OF_STATE = (
    *_in_both("loss", "percent of GDP", "of real income on that day, after transfers", "Loss"),
    Quantity(
        "transfer_bn",
        "USD bn a year",
        "transfers received, below 0 paid",
        label="Transfer received",
    ),
    Quantity(
        "payment_bn",
        "USD bn a year",
        "received through premia, the price cap and prices of energy that answer to what is cut",
        label="Received through premia and prices that answer to what is cut",
    ),
    Quantity(
        "windfall_bn",
        "USD bn a year",
        "received by the dated prices of energy alone",
        label="Received by the dated prices of energy",
    ),
    Quantity(
        "diverted_bn",
        "USD bn a year",
        "covered exports that it carries",
        label="Covered exports carried",
    ),
    Quantity(
        "hub_purchases_bn",
        "USD bn a year",
        "what it buys of senders for targets",
        label="Bought of senders for targets",
    ),
    Quantity(
        "relation",
        "1",
        "relation with the first target, in [-1, 1]",
        label="Relation with the first target, -1 to 1",
    ),
    Quantity(
        "support", "share", "domestic support of a sender, nan for others", label="Support at home"
    ),
    Quantity("measures", "number", "acts of a sender that stand", int, "Measures that stand"),
    Quantity(
        "waves", "number", "waves of the acts that stand", int, "Waves of the measures that stand"
    ),
    Quantity("listed", "truth value", "on the list of a target", bool, "On the list of a target"),
)

OF_SECTOR = (
    *_in_both(
        "loss",
        "percent of GDP",
        "what trade lost in the sector adds to the state's loss on the last day",
        "Loss by the sector",
    ),
    *_in_both(
        "output",
        "percent",
        "change of the value of what the sector sells, home and abroad",
        "Output",
    ),
    Quantity(
        "output_volume",
        "percent",
        "change of what the sector sells, home and abroad, at constant cost",
        label="Output at fixed cost",
    ),
    Quantity(
        "value_added_bn",
        "USD bn a year",
        "change of what the sector pays to its factors",
        label="Value added",
    ),
    *_in_both(
        "exports",
        "percent",
        "change of the value of what is sold abroad, before tariffs",
        "Exports",
    ),
    *_in_both(
        "imports",
        "percent",
        "change of the value of what is bought abroad, before tariffs",
        "Imports",
    ),
    Quantity(
        "price",
        "percent",
        "change of the sector's price index for who buys there, over the wage",
        label="Price over the wage",
    ),
)
BESIDE_SECTORS = ("payments", "closed_borders", "transfers")  # losses of no sector


def columns(quantities: Iterable[Quantity], targets: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of quantities, those of targets for each of them."""
    codes = tuple(targets)
    return tuple(column for quantity in quantities for column in quantity.columns(codes))


@cache
def quantity_of(column: str, among: tuple[Quantity, ...] = (*OF_RUN, *EXACT)) -> Quantity | None:
    """Return the quantity of a column, whatever the target; None if it is of none of them."""
    for quantity in among:
        before, by_target, after = quantity.name.partition(TARGET)
        code = column.removeprefix(before).removesuffix(after)
        of_target = by_target and column == f"{before}{code}{after}" and "_" not in code
        if column == quantity.name or of_target:
            return quantity
    return None


def never_comes(column: str) -> bool:
    """Return whether nan in a column of outcomes means that a day was not reached by the end."""
    quantity = quantity_of(column)
    return quantity is not None and quantity.never


def by_column(
    quantities: Iterable[Quantity], names: Mapping[str, str]
) -> dict[str, tuple[Quantity, str]]:
    """Return the quantity of every column and the target it is of, '' for none.

    Parameters
    ----------
    names : mapping of str to str
        Names of the targets by code.
    """
    return {
        column: (quantity, name)
        for quantity in quantities
        for column, name in zip(
            quantity.columns(names), names.values() if quantity.by_target else ("",), strict=True
        )
    }
