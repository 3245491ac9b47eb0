"""Names of the columns that kernels write, in the order in which they write them."""

from __future__ import annotations

from sim.setting import Setting

OF_RUN = (
    "sender_loss_bn", "sender_loss_mean", "sender_loss_max", "transfers_bn", "coalition_size",
    "coalition_gdp_share", "acts_announced", "waves_announced", "designated", "withdrawals",
    "protests", "cooperations", "days_to_half", "days_to_90", "diverted_bn", "belief",
    "attempt_risk", "settled_day",
)  # fmt: skip
OF_STEP = (
    "severity", "urgency", "measures_announced", "waves_announced", "measures_effective",
    "coalition_size", "coalition_gdp_share", "mean_sender_loss", "mean_support", "transfers_bn",
    "belief", "attempt_risk", "settled",
)  # fmt: skip
OF_TARGET = (
    "loss_{}", "loss_{}_{first}", "loss_{}_{second}", "leak_{}", "crypto_bn_{}", "log_rate_{}",
    "countermeasures_{}",
)  # fmt: skip
OF_STATE = (
    "loss", "loss_bn", "transfer_bn", "diverted_bn", "relation", "support", "measures", "waves",
    "listed",
)  # fmt: skip


def outcome_names(setting: Setting) -> tuple[str, ...]:
    """Return the names of the outcomes of a run, those of `sim.measures.OUTCOMES`."""
    means = [f"sender_loss_mean_{elasticity}" for elasticity in setting.exposures]
    return (*OF_RUN, *_of_targets(setting), *means)


def step_names(setting: Setting) -> tuple[str, ...]:
    """Return the names of what is recorded of a step."""
    return (*OF_STEP, *_of_targets(setting))


def _of_targets(setting: Setting) -> list[str]:
    first, second = setting.exposures
    return [
        name.format(target, first=first, second=second)
        for target in setting.config.scenario.targets
        for name in OF_TARGET
    ]
