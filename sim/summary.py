"""The short table that a run prints: who did what when, and what it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.measures import first_act

if TYPE_CHECKING:
    from sim.model import SanctionsModel


def summary(model: SanctionsModel, outcomes: dict[str, float]) -> str:
    """Return the summary of a finished run as text for a terminal."""
    return "\n".join([*_head(model), "", *_senders(model), "", *_targets(model, outcomes)])


def _head(model: SanctionsModel) -> list[str]:
    setting = model.setting
    config = setting.config
    first, last = setting.date_of(0), setting.date_of(model.day)
    return [
        f"{config.scenario.name}, {config.coordination.name}, rule {config.rule.name}: "
        f"{first} to {last}, seed {config.seed}, run {config.run}"
    ]


def _senders(model: SanctionsModel) -> list[str]:
    date = model.setting.date_of
    main = model.targets[0]
    lines = [
        f"{'sender':<8}{'first measure against ' + main.code:<32}{'on':<12}{'acts':>5}"
        f"{'half by':>12}{'loss % GDP':>12}{'on its list':>13}"
    ]
    for sender in model.senders:
        day, instrument = first_act(sender, main.number)
        acts = sorted(int(d) for d in sender.announced[:, 0] if d >= 0)
        half = str(date(acts[(len(acts) - 1) // 2])) if acts else "-"
        listed = str(date(main.listed[sender.code])) if sender.code in main.listed else "-"
        lines.append(
            f"{sender.code:<8}{instrument or '-':<32}{str(date(day)) if day >= 0 else '-':<12}"
            f"{len(acts):>5}{half:>12}{sender.loss:>12.3f}{listed:>13}"
        )
    return lines


def _targets(model: SanctionsModel, outcomes: dict[str, float]) -> list[str]:
    date = model.setting.date_of
    lines = [
        f"Senders lose {outcomes['sender_loss_bn']:.1f} bn USD a year, "
        f"{outcomes['sender_loss_mean']:.2f} % of GDP on average."
    ]
    if outcomes["transfers_bn"]:
        lines.append(f"Transfers move {outcomes['transfers_bn']:.1f} bn USD a year.")
    for target in model.targets:
        issued = [*target.issued.items()]
        issued += [(f"{code} {who}", day) for (code, who), day in target.cut_off.items()]
        answers = ", ".join(
            f"{code} {date(day)}" for code, day in sorted(issued, key=lambda x: x[1])
        )
        long_run, short_run = (
            outcomes[f"loss_{target.code}_{elasticity}"] for elasticity in ("long_run", "short_run")
        )
        lines.append(
            f"{target.code} loses {target.loss:.2f} % of GDP ({long_run:.2f} in the long run, "
            f"{short_run:.2f} in the short); "
            f"{model.leak[target.number]:.0%} of the covered trade finds another way."
        )
        lines.append(f"  answers: {answers or 'none'}")
    condemned = [third.code for third in model.thirds if third.condemned >= 0]
    lines.append(
        f"Condemned by {' '.join(condemned) or 'no third state'}; belief in the coalition's "
        f"resolve {outcomes['belief']:.2f}; risk of an attempt elsewhere "
        f"{outcomes['attempt_risk']:.1%} (an indicator)."
    )
    return lines
