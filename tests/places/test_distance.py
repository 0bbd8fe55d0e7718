"""Distances between firms: the tiny check of methods/clusters.md, brute force, and planted heaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.core.sphere import chord, great_circle, unit_sphere
from netcluster.places import duranton_overman, kernel_density, localisation
from netcluster.places._kernels import pairs_by_chord
from netcluster.places.distance import global_band
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable


def firms(heap: float, seed: int = 0) -> FirmTable:
    """400 firms in a square of two degrees; the 40 of industry T within `heap` degrees of its middle."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(-1, 1, (400, 2))
    place[:40] *= heap
    frame = pd.DataFrame(columns=list(FIRM_COLUMNS), index=range(400)).assign(
        id=[f"f{k}" for k in range(400)],
        kind="firm",
        industry=["T"] * 40 + ["other"] * 360,
        size=rng.integers(1, 50, 400).astype(float),
        lat=50 + place[:, 0],
        lon=10 + place[:, 1],
    )
    return FirmTable(frame)


def test_density_of_three_distances() -> None:
    # The study's check, reflected at 0: d = 1, 2, 3 with bandwidth 1.
    found = kernel_density([1, 2, 3], [0, 1, 2, 3], 1.0)
    assert found == pytest.approx([0.200262, 0.251154, 0.295817, 0.231680], abs=5e-7)


def test_bins_hold_all_pairs_by_brute_force() -> None:
    rng = np.random.default_rng(0)
    degrees = rng.uniform([40, 0], [60, 20], (70, 2))
    angle = np.radians(degrees)
    x, y, z = (np.ascontiguousarray(axis) for axis in unit_sphere(degrees[:, 0], degrees[:, 1]).T)
    size = rng.integers(1, 9, 70).astype(float)
    edge = chord(4000.0)
    counts = pairs_by_chord(x, y, z, size, edge, 2000)
    middle = great_circle((np.arange(2000) + 0.5) * edge / 2000)
    slow = np.zeros(2000)
    for i in range(70):
        for j in range(i):
            # Haversine, another formula of the same distance.
            half = np.sin((angle[i] - angle[j]) / 2) ** 2
            d = 2 * 6371.0088 * np.arcsin(np.sqrt(half[0] + np.cos(angle[i, 0]) * np.cos(angle[j, 0]) * half[1]))
            if d < 4000:
                slow[np.abs(middle - d).argmin()] += size[i] * size[j]
    assert counts.cumsum() == pytest.approx(slow.cumsum(), rel=0.005)
    assert counts.sum() == slow.sum()


@pytest.mark.parametrize("weighted", [False, True])
def test_a_heap_is_localised_and_scatter_is_not(weighted: bool) -> None:
    heap = duranton_overman(firms(0.2), "T", weighted=weighted, draws=99, points=30)
    assert heap.frame["localised"].head(5).gt(0).all()
    assert (heap.frame["dispersed"] == 0).all()
    scatter = duranton_overman(firms(1.0), "T", weighted=weighted, draws=99, points=30)
    assert (scatter.frame[["localised", "dispersed"]] == 0).all().all()
    assert set(heap.measures) == set(heap.frame) <= set(all_measures())


def test_one_seed_gives_one_answer_on_any_number_of_threads() -> None:
    one, two = (duranton_overman(firms(0.5), "T", draws=39, points=10, seed=4, jobs=k).frame for k in (1, 3))
    pd.testing.assert_frame_equal(one, two)


def test_the_band_holds_what_it_says() -> None:
    rng = np.random.default_rng(0)
    drawn: Any = rng.normal(size=(400, 20)).cumsum(axis=1)
    low, high = global_band(drawn)
    inside = ((drawn >= low) & (drawn <= high)).all(axis=1).mean()
    assert 0.95 <= inside < 0.97


def test_what_cannot_be_told_is_an_error() -> None:
    with pytest.raises(NetclusterError, match="of the industry"):
        duranton_overman(firms(1.0), "nothing")
    with pytest.raises(NetclusterError, match="too few"):
        duranton_overman(firms(1.0), "T", draws=19)


def test_industries_are_ranked_by_how_localised_they_are() -> None:
    table = firms(0.2)
    table.frame.loc[40:79, "industry"] = "S"
    table.frame.loc[80:83, "industry"] = "few"
    result = localisation(table, draws=99)
    assert result.frame["industry"].tolist()[0] == "T"
    found = result.frame.set_index("industry")
    curve = duranton_overman(table, "T", draws=99).frame
    # The index by hand: the area of its curve above the band.
    assert found.loc["T", "localisation_index"] == pytest.approx(curve["localised"].sum() * curve["distance"][1])
    assert found.loc["T", "localised_up_to"] == curve.loc[curve["localised"] > 0, "distance"].max()
    assert [note.count for note in result.notes if note.code == "few_firms"] == [1]
