from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.chains import chains, propagation
from netcluster.economy.model import Model
from netcluster.tables.iotable import IOTable
from tests.economy.textbook import inverse, miller_blair, random_table


def stages(n: int) -> IOTable:
    flows = np.diag(np.ones(n - 1), k=1)
    return IOTable.from_arrays(flows, x=np.ones(n), sectors=[f"stage{i + 1}" for i in range(n)])


def test_a_chain_of_n_stages_has_positions_and_lengths_that_can_be_counted() -> None:
    frame = chains(stages(5)).frame
    np.testing.assert_allclose(frame["upstreamness"], [5, 4, 3, 2, 1])
    np.testing.assert_allclose(frame["downstreamness"], [1, 2, 3, 4, 5])
    np.testing.assert_allclose(frame["chain_length"], 5)
    np.testing.assert_allclose(frame["chain_position"], [0.2, 0.4, 0.6, 0.8, 1.0])
    lengths = propagation(stages(5), target="stage5").frame
    assert lengths["source"].tolist() == ["stage1", "stage2", "stage3", "stage4"]
    np.testing.assert_allclose(lengths["propagation_length"], [4, 3, 2, 1])


def test_propagation_lengths_of_miller_and_blair() -> None:
    frame = propagation(miller_blair()).frame
    # Derived from the printed inverse by (L(L − I))_ij ÷ (L − I)_ij.
    np.testing.assert_allclose(frame["propagation_length"], [1.5970, 1.3762, 1.3762, 1.8357], atol=6e-5)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_lengths_agree_with_the_sum_over_powers_and_with_ghosh(seed: int) -> None:
    io = random_table(seed, 5)
    total, steps, power = np.zeros((5, 5)), np.zeros((5, 5)), np.eye(5)
    for k in range(1, 300):
        power = power @ io.A
        total += power
        steps += k * power
    frame = propagation(io).frame
    pairs = [(io.position(s), io.position(t)) for s, t in zip(frame["source"], frame["target"], strict=True)]
    expected = [steps[p] / total[p] for p in pairs]
    np.testing.assert_allclose(frame["propagation_length"], expected, rtol=1e-7)
    G = Model(io).G
    ghosh = G @ (G - np.eye(5)) / np.where(G - np.eye(5) > 0, G - np.eye(5), np.nan)
    np.testing.assert_allclose(frame["propagation_length"], [ghosh[p] for p in pairs], rtol=1e-7)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_one_source_or_one_target_gives_the_row_or_column_of_all_pairs(seed: int) -> None:
    io = random_table(seed, 5)
    every = propagation(io).frame.set_index(["source", "target"])["propagation_length"]
    for frame in (propagation(io, source="S2").frame, propagation(io, target="S3").frame):
        for source, target, length in zip(frame["source"], frame["target"], frame["propagation_length"], strict=True):
            assert length == pytest.approx(every[source, target])
    one = propagation(io, source="S2", target="S3").frame
    assert one["total_requirement"].sum() == pytest.approx(inverse(io)[1, 2])
    assert len(one) == (("S2", "S3") in every.index)


def test_all_pairs_of_a_large_table_are_refused() -> None:
    with pytest.raises(NetclusterError, match="all pairs"):
        propagation(stages(501))
