"""EASI items for every total there can be."""

import numpy as np
import pytest

from adam.simulation.draws import Draws, apportion, knots, quantile
from adam.simulation.weighted_index import Index


@pytest.mark.parametrize("seed", range(5))
def test_items_add_up_to_every_total(seed, study):
    index = Index(study.simulation["assessments"]["index"])
    draws = Draws(seed, exact=False)
    total = np.tile(np.arange(0, 481), 12)
    size = len(total)
    spread = 20 + draws.below(220, (size, 4))
    bsa = np.minimum(total * (2 + draws.below(10, size)) // 6 + 2, 600)
    area, sign = index.items(total, bsa, spread, draws.happens(500, size), draws)
    assert (area * sign.sum(axis=2) @ index.weights == total).all()
    assert sign.min() >= 0 and sign.max() <= 3 and area.min() >= 0 and area.max() <= 6
    assert ((area == 0) == (sign.sum(axis=2) == 0)).all()


def test_shares_add_up():
    assert apportion([250, 500, 499], 1249).tolist() == [250, 500, 499]
    assert apportion([1, 1, 1], 2).tolist() == [1, 1, 0]
    assert apportion([0, 3], 5).tolist() == [0, 5]


def test_quantiles_in_whole_numbers():
    at, values = knots({"0": 1, "500": 2.5, "1000": 10}, 10)
    assert quantile(np.array([0, 250_000, 500_000, 750_000, 1_000_000]), at, values).tolist() == [10, 18, 25, 63, 100]


def test_a_quota_takes_the_highest_scores_of_those_that_may():
    draws = Draws(1, exact=True)
    taken = draws.share(np.array([7, 7, 7, 7, 8]), {7: (2, 4)}, np.array([1, 4, 3, 9, 9]), np.array([True, True, True, False, True]))
    assert taken.tolist() == [False, True, True, False, False]
