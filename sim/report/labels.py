"""Words for the outcomes of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# In the order in which a page lists them; {} stands for the name of a target.
TARGET_OUTCOMES = {
    "loss_{}_first_year": "{} loses in the first year, % of GDP",
    "loss_{}": "{} loses on the last day, % of GDP a year",
    "loss_{}_third_year": "{} loses by measures of the last day after three years, % of GDP a year",
    "loss_{}_long_run": "{} loses by measures of the last day in the long run, % of GDP a year",
    "leak_{}": "Share of the covered trade with {} that finds another way",
    "crypto_bn_{}": "Of it, paid in cryptocurrencies, USD bn a year ({})",
    "withheld_{}": "Share that firms hold back of what senders may still sell to {}",
    "export_bn_{}": "Exports of {} at prices of the last day, USD bn a year",
    "revenue_bn_{}": "Of them, taken by the treasury on fuels, USD bn a year ({})",
    "discount_{}": "Share by which {} sells its fuels below the world price",
    "log_rate_{}": "Log of the dollar's price in {}, before = 0; no measure of welfare",
    "countermeasures_{}": "Countermeasures of {}, single cut-offs counted one by one",
}
OUTCOMES = {
    "sender_loss_mean_first_year": "Mean loss of the senders in the first year, % of GDP",
    "sender_loss_mean": "Mean loss of the senders on the last day, % of GDP, after transfers",
    "sender_loss_mean_long_run": "Mean loss of the senders in the long run, % of GDP, before "
    "transfers",
    "sender_loss_max": "Largest loss of a sender, % of GDP",
    "sender_loss_bn": "Losses of the senders together, USD bn a year",
    "transfers_bn": "Transfers received, USD bn a year",
    "coalition_size": "Senders with a measure in force at the end",
    "coalition_gdp_share": "Their share of the GDP of all senders",
    "acts_announced": "Measures announced and not withdrawn, once per sender and target",
    "waves_announced": "Their waves",
    "designated": "Persons and entities designated, summed over senders",
    "withdrawals": "Measures withdrawn, each time counted",
    "protests": "Protests of senders that were listed or cut off",
    "cooperations": "Acts of defence cooperation between third states and targets",
    "days_to_half": "Days from the start until half of the measures were out",
    "days_to_90": "Days from the start until nine tenths of the measures were out",
    "energy_price": "World price of the fuels that the first target sells, mean of 2021 = 1",
    "diverted_bn": "Covered exports carried by other states, USD bn a year",
    "hub_purchases_bn": "What other states buy of senders for targets, USD bn a year",
    "belief": "Bystanders' belief in the coalition's resolve, 0 to 1; an indicator",
    "attempt_risk": "Risk of an attempt in another region by the end; an indicator, no forecast",
    "settled_day": "Day of a settlement, -1 for none",
}

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
    """Return the label of every outcome of a run, by key, in the order of the page.

    Parameters
    ----------
    targets : mapping of str to str
        Names by code.
    """
    labels = {
        key.format(code): label.format(name)
        for code, name in targets.items()
        for key, label in TARGET_OUTCOMES.items()
    }
    return {**labels, **OUTCOMES}


def listed(words: Iterable[str]) -> str:
    """Return words as an enumeration: 'a', 'a and b', 'a, b and c'."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
