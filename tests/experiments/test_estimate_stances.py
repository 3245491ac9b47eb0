"""The shipped logits of stances and refusals are those of their tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from estimate_stances import BUYERS_SD, PACT, VOTES_SD, mode, read, score

from sim.config import Config


def test_the_shipped_stances_are_the_mode_of_the_votes_and_forecast_best():
    third, votes = Config().third, read("es11_1")
    shipped = [third.condemn, third.condemn_distance, -third.condemn_pact]
    assert mode(votes, PACT, VOTES_SD)[0] == pytest.approx(shipped, abs=0.005)
    others = ((), ("distance",), ("distance", "defence"))
    assert score(votes, PACT, VOTES_SD) > max(score(votes, names, VOTES_SD) for names in others)
    assert score(votes, PACT, VOTES_SD) > -0.23


def test_the_shipped_refusals_are_the_mode_of_the_answers():
    response, names = Config().response, ("nearness", "log_bcm")
    shipped = [response.refusal, response.refusal_nearness, -response.refusal_volume]
    assert mode(read("refusals"), names, BUYERS_SD)[0] == pytest.approx(shipped, abs=0.005)


def test_a_constant_has_its_closed_form():
    beta, covariance = mode(pd.DataFrame({"yes": [1, 1, 1, 0]}), (), 1.0)
    assert beta == pytest.approx([np.log(3.0)])
    assert covariance == pytest.approx(np.array([[1.0 / (4 * 0.75 * 0.25)]]))
