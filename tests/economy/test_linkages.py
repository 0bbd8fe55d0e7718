from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.economy.linkages import dispersion, linkages, net_backward_linkage, pure_linkages
from netcluster.economy.model import Model
from tests.economy.textbook import beutel, inverse, miller_blair, random_table


def test_linkages_of_miller_and_blair_chapter_2() -> None:
    frame = linkages(miller_blair()).frame
    # Miller and Blair (2009) tables, linkages worked out from the printed inverse.
    np.testing.assert_allclose(frame["output_multiplier"], [1.518152, 1.452145], atol=5e-7)
    np.testing.assert_allclose(frame["backward_linkage"], [1.022222, 0.977778], atol=5e-7)
    np.testing.assert_allclose(frame["forward_linkage"], [1.208333, 0.791667], atol=5e-7)
    assert frame["key_sector"].tolist() == ["key", "weak"]


def test_linkages_of_germany_1995_as_the_eurostat_manual_prints_them() -> None:
    model = Model(beutel())
    # Eurostat Manual of Supply, Use and Input-Output Tables (2008), chapter 15.
    np.testing.assert_allclose(model.output_multipliers, [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782], atol=6e-5)
    np.testing.assert_allclose(model.supply_multipliers, [2.1126, 1.6910, 1.3558, 1.5848, 2.1037, 1.2106], atol=6e-5)


def test_sectors_without_output_stay_empty_and_outside_the_mean() -> None:
    with_empty, without = random_table(3, 8, empty=0), random_table(3, 8, empty=2)
    frame = linkages(without).frame
    assert frame.loc[6:, ["output_multiplier", "backward_linkage", "forward_linkage"]].isna().all(axis=None)
    assert frame.loc[6:, "key_sector"].tolist() == ["", ""]
    assert np.nanmean(frame["backward_linkage"]) == pytest.approx(1)
    assert np.nanmean(frame["forward_linkage"]) == pytest.approx(1)
    assert [note.code for note in linkages(without).notes] == ["zero_output"]
    assert linkages(with_empty).notes == ()


def test_one_finding_at_most_and_it_names_the_largest_key_sector() -> None:
    result = linkages(beutel())
    assert [finding.code for finding in result.findings] == ["key_sector"]
    finding = result.findings[0]
    # Both linkages of manufacturing lie above the means 1.656 and 1.676 of the printed figures.
    assert finding.subject == "manufacturing"
    assert finding.measure == "forward_linkage"
    assert finding.value == pytest.approx(1.6910 / 1.67643, abs=1e-4)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_sums_agree_with_the_whole_inverse(seed: int) -> None:
    io = random_table(seed)
    L = inverse(io)
    G = L * io.x / io.x[:, None]
    frame = linkages(io).frame
    np.testing.assert_allclose(frame["output_multiplier"], L.sum(axis=0), rtol=1e-10)
    np.testing.assert_allclose(frame["forward_linkage"], G.sum(axis=1) / G.sum(axis=1).mean(), rtol=1e-10)


def test_large_tables_by_the_power_series_agree_with_the_whole_inverse() -> None:
    io = random_table(5, 820, empty=3)
    model = Model(io)
    L = inverse(io)
    np.testing.assert_allclose(model.output_multipliers, L.sum(axis=0), rtol=1e-11)
    on = model.active
    ghosh = (L @ io.x)[on] / io.x[on]
    np.testing.assert_allclose(model.supply_multipliers[on], ghosh, rtol=1e-11)
    assert "factor" not in model.__dict__


def test_dispersion_has_the_textbook_indices_and_rasmussens_variation() -> None:
    frame = dispersion(miller_blair()).frame
    np.testing.assert_allclose(frame["power_of_dispersion"], [1.022222, 0.977778], atol=5e-7)
    np.testing.assert_allclose(frame["sensitivity_of_dispersion"], [1.066667, 0.933333], atol=5e-7)
    # Two entries a and b: standard deviation |a − b|/√2, over their mean.
    a, b = 1.25412541, 0.2640264
    assert frame["power_variation"][0] == pytest.approx(abs(a - b) / np.sqrt(2) / ((a + b) / 2), abs=1e-6)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_pure_linkages_agree_with_the_partitioned_inverses(seed: int) -> None:
    io = random_table(seed, 7)
    A, f = io.A, io.Y.sum(axis=1)
    frame = pure_linkages(io).frame
    for j in range(io.n):
        rest = [i for i in range(io.n) if i != j]
        rest_inverse = np.linalg.inv(np.eye(io.n - 1) - A[np.ix_(rest, rest)])
        alone = 1 / (1 - A[j, j])
        assert frame["pure_backward_linkage"][j] == pytest.approx(rest_inverse.sum(axis=0) @ A[rest, j] * alone * f[j])
        assert frame["pure_forward_linkage"][j] == pytest.approx(alone * A[j, rest] @ rest_inverse @ f[rest])


def test_net_backward_linkage_and_its_invariant_mean() -> None:
    io = miller_blair()
    values = net_backward_linkage(Model(io))
    # By hand from the textbook inverse: (i'L)_j f_j / x_j; its output-weighted mean is 1 by construction.
    np.testing.assert_allclose(values, [0.531353, 1.234323], atol=5e-7)
    assert np.average(values, weights=io.x) == pytest.approx(1)
