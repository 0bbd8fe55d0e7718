"""Every measure tells what it is, and where it comes from."""

from __future__ import annotations

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import Measure, all_measures, explain, threshold

ROOMS = {"network", "economy", "centrality", "clusters", "places", "risk", "reconstruction", "study"}


@pytest.mark.parametrize("measure", all_measures().values(), ids=lambda measure: measure.key)
def test_a_measure_is_whole(measure: Measure) -> None:
    assert measure.room in ROOMS
    for text in (measure.name, measure.meaning, measure.formula, measure.unit, measure.source):
        assert text.strip() == text != ""
    assert (measure.threshold is None) == (measure.threshold_source == "")


def test_an_unknown_measure_names_the_nearest() -> None:
    with pytest.raises(NetclusterError) as caught:
        explain("hih")
    assert "hhi" in caught.value.hint


def test_a_measure_without_a_threshold_says_so() -> None:
    without = next(item.key for item in all_measures().values() if item.threshold is None)
    with pytest.raises(NetclusterError, match="no threshold"):
        threshold(without)
