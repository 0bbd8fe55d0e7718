from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.solve import Array
from netcluster.economy.decomposition import compare, decomposition
from netcluster.tables.iotable import Account, IOTable
from tests.economy.textbook import beutel, inverse, miller_blair, random_table

EFFECTS = ["intensity_effect", "technology_effect", "mix_effect", "level_effect"]


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_effects_are_the_mean_of_the_polar_forms_and_add_up(seed: int) -> None:
    old, new = random_table(seed, 5), random_table(seed + 1, 5)
    frame = decomposition(old, new, of="jobs").frame
    np.testing.assert_allclose(frame[EFFECTS].sum(axis=1), frame["after"] - frame["before"], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(frame["after"], new.accounts["jobs"].values, rtol=1e-9, atol=1e-9)

    def factors(io: IOTable) -> list[Array]:
        f = io.Y.sum(axis=1)
        return [np.diag(io.accounts["jobs"].values / io.x), inverse(io), f / f.sum(), np.array(f.sum())]

    a, b = factors(old), factors(new)
    for k, effect in enumerate(EFFECTS):
        one = [*b[:k], b[k] - a[k], *a[k + 1 :]]
        two = [*a[:k], b[k] - a[k], *b[k + 1 :]]
        polar = sum(w @ L @ m * v for w, L, m, v in (one, two)) / 2
        np.testing.assert_allclose(frame[effect], polar, rtol=1e-9, atol=1e-9)


def test_more_jobs_per_output_is_intensity_alone() -> None:
    io = beutel()
    doubled = io.replace(accounts={"jobs": Account("jobs", 2 * io.accounts["jobs"].values)})
    frame = decomposition(io, doubled, of="jobs").frame
    np.testing.assert_allclose(frame["intensity_effect"], io.accounts["jobs"].values, rtol=1e-9)
    assert frame[EFFECTS[1:]].abs().to_numpy().max() == pytest.approx(0, abs=1e-9)


def test_tables_of_other_sectors_are_refused_by_decomposition_and_compared_by_compare() -> None:
    old, new = miller_blair(), beutel()
    with pytest.raises(NetclusterError, match="different sectors"):
        decomposition(old, new)
    result = compare(old, new)
    assert result.frame.columns[:4].tolist() == ["kind", "subject", "before", "after"]
    row = result.frame.query("kind == 'output' and subject == 'trade'").iloc[0]
    assert np.isnan(row["before"])
    assert row["after"] == 540063
    assert ("sectors_differ", 8) in [(note.code, note.count) for note in result.notes]


def test_compare_has_the_totals_first() -> None:
    frame = compare(miller_blair(), miller_blair()).frame
    totals = frame[frame["subject"] == ""].set_index("kind")["before"]
    assert totals["total_output"] == 3000
    assert totals["intermediate_share"] == pytest.approx(950 / 3000)
    assert totals["mean_output_multiplier"] == pytest.approx((1.518152 + 1.452145) / 2, abs=1e-6)
    assert (frame["change"] == 0).all()
