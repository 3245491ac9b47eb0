"""Words for what a run leaves: its outcomes, its files, and what its numbers cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# In the order in which a page lists them; {} stands for the name of a target.
TARGET_OUTCOMES = {
    "loss_{}_long_run": "{} loses in the long run, % of GDP a year",
    "loss_{}_short_run": "{} loses in the short run, % of GDP a year",
    "loss_{}": "{} loses at the elasticities of this run, % of GDP a year",
    "leak_{}": "Share of the covered trade with {} that finds another way",
    "crypto_bn_{}": "Of it, paid in cryptocurrencies, USD bn a year ({})",
    "log_rate_{}": "Log of the dollar's price in {}, before = 0; no measure of welfare",
    "countermeasures_{}": "Countermeasures of {}, single cut-offs counted one by one",
}
OUTCOMES = {
    "sender_loss_mean_long_run": "Mean loss of the senders in the long run, % of GDP, before "
    "transfers",
    "sender_loss_mean_short_run": "Mean loss of the senders in the short run, % of GDP, before "
    "transfers",
    "sender_loss_mean": "Mean loss of the senders in this run, % of GDP, after transfers",
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
    "diverted_bn": "Covered exports carried by other states, USD bn a year",
    "belief": "Bystanders' belief in the coalition's resolve, 0 to 1; an indicator",
    "attempt_risk": "Risk of an attempt in another region by the end; an indicator, no forecast",
    "settled_day": "Day of a settlement, -1 for none",
}

FILES = {
    "events.csv": "every dated act: day, date, actor, kind, instrument, target, effective date, "
    "detail (wave, whom it designates)",
    "steps.parquet": "one row per step: the war, the coalition, and each target's losses at "
    "either elasticity, leak and currency",
    "states.parquet": "one row per step and state: loss, transfers, carried trade, relation, "
    "support",
    "outcomes.json": "the outcomes listed above",
    "config.yaml": "the whole configuration, defaults included",
    "versions.json": "versions of the program and its packages, fingerprint of the world",
    "calendar.png": "who announces what when",
    "network.png": "who is tied to whom",
    "costs.png": "what it costs",
    "paths.png": "what else moves",
}

LIMITS = (
    "It is a stylised model. It is built to compare mechanisms under equal luck, not to forecast "
    "what any state will do or lose.",
    "One run is one draw. What a lever does shows only in many runs, with and without it, under "
    "the same seeds.",
    "The coefficients of the shipped decision rules are estimated on what was done from 21 "
    "February to 20 May 2022; the readiness of each answer of the targets is set by hand with "
    "these dates in view. That a run looks like the record is no evidence that states decide so.",
    "The record holds dated acts of the senders, and what they are known not to have done by 20 "
    "May 2022. It has gaps: a measure on which it is silent may have been taken. Dates marked as "
    "recalled are written from memory.",
    "Meetings are those that took place. They come in every run on their days, whatever the run "
    "makes of the war.",
    "Scope, lag, waves and signal of the measures are assumptions in large part; each says so in "
    "its table. The waves of a measure take equal parts of its scope.",
    "War damage, the value of frozen assets and the world price of oil are outside the losses. "
    "Answers that stop trade (gas cut-offs, export bans) cost both sides what the trade model "
    "says; lists, permits, entry bans and the like cost nobody anything here.",
    "A sender may give a measure up where no institution holds it to what was agreed, and after "
    "a settlement. How readily is an assumption.",
    "The currency is a reduced form with sizes set with the ruble of 2022 in view. It is no "
    "measure of welfare: a ban on the target's exports and one on its imports move it in opposite "
    "directions and can cost the target the same.",
    "Belief in the coalition and the risk of an attempt elsewhere are indicators for comparing "
    "runs. Their level means nothing by itself.",
)
PRICING = {
    "exposure": "Losses are exposures: what each covered flow costs every state in the "
    "equilibrium of a many-sector trade model with full employment, solved at the margin and "
    "extended by the share of the market covered. The long run takes elasticities of Fontagne, "
    "Guimbard and Orefice (2022), the short run a quarter of them. Read the order of magnitude; "
    "measured GDP moved for many other reasons. A negative loss is a gain.",
}


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
