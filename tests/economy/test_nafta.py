"""The published NAFTA table and an independent program's columns."""

import importlib.util
from pathlib import Path

import pytest

from sim.economy.equilibrium import solve
from sim.economy.tables import Economy, read_new_tariff

SCRIPT = Path(__file__).parents[2] / "experiments" / "replicate_nafta.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("replicate_nafta", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def nafta(script):
    economy = Economy.read(script.CASE)
    return economy, read_new_tariff(economy, script.CASE)


def test_the_published_table_comes_out_to_every_printed_digit(script, nafta):
    ours = script.published_table(*nafta)
    for line, published in script.PAPER.items():
        digits = 0 if line == "imports from the bloc" else 2
        assert [round(value, digits) for value in ours[line]] == list(published), line


def test_exact_welfare_is_not_the_published_first_order_sum(script, nafta):
    """Exact values to four digits, from an independent solver of the same experiment."""
    exact = script.published_table(*nafta)["welfare, exact"]
    assert [round(value, 4) for value in exact] == [0.0073, -0.1101, 0.0741]


def test_every_column_of_kite_is_met_with_observed_balances(script, nafta):
    economy, tariff = nafta
    gaps = script.kite_gaps(economy, solve(economy, tariff=tariff))
    assert len(gaps) == 6
    assert max(gaps.values()) < 1e-8
