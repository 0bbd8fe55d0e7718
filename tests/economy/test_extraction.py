from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.solve import Array
from netcluster.economy.extraction import Keep, Kind, extraction, extraction_losses
from netcluster.tables.iotable import IOTable
from tests.economy.textbook import miller_blair, random_table

CASES: list[tuple[Kind, Keep, float]] = [
    ("complete", "nothing", 1.0),
    ("complete", "demand", 1.0),
    ("complete", "links", 1.0),
    ("backward", "nothing", 1.0),
    ("backward", "nothing", 0.3),
    ("forward", "nothing", 1.0),
    ("forward", "nothing", 0.3),
    ("ghosh", "nothing", 1.0),
    ("ghosh", "nothing", 0.3),
]


def brute_force(io: IOTable, group: list[int], kind: Kind, keep: Keep, share: float) -> Array:
    """Loss of output by sector: take the coefficients out of the table and solve it anew."""
    A, B, f, v = io.A, io.B, io.Y.sum(axis=1), io.V.sum(axis=0)
    if kind == "ghosh":
        B[group, :] *= 1 - share
        return np.asarray(io.x - np.linalg.solve((np.eye(io.n) - B).T, v))
    if kind == "complete":
        inside = A[np.ix_(group, group)].copy()
        A[group, :] = 0.0
        A[:, group] = 0.0
        if keep == "links":
            A[np.ix_(group, group)] = inside
        if keep == "nothing":
            f[group] = 0.0
    elif kind == "backward":
        A[:, group] *= 1 - share
    else:
        A[group, :] *= 1 - share
    return np.asarray(io.x - np.linalg.solve(np.eye(io.n) - A, f))


def test_miller_and_blair_by_brute_force_on_the_printed_table() -> None:
    io = miller_blair()
    loss = {
        kind: extraction(io, kind=kind).frame["extraction_output_loss"] for kind in ("complete", "backward", "ghosh")
    }
    np.testing.assert_allclose(loss["complete"], [1210.526, 2588.235], atol=5e-4)
    np.testing.assert_allclose(loss["backward"], [413.158, 805.882], atol=5e-4)
    np.testing.assert_allclose(loss["ghosh"], [728.947, 452.941], atol=5e-4)
    value_added = extraction(io).frame["extraction_value_added_loss"]
    np.testing.assert_allclose(value_added, [797.368, 1782.353], atol=5e-4)


@pytest.mark.parametrize(("kind", "keep", "share"), CASES)
@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_every_sector_agrees_with_brute_force(kind: Kind, keep: Keep, share: float, seed: int) -> None:
    io = random_table(seed, 6)
    frame = extraction(io, kind=kind, keep=keep, share=share, losses=("jobs",)).frame
    jobs = io.accounts["jobs"].values / io.x
    for j in range(io.n):
        loss = brute_force(io, [j], kind, keep, share)
        assert frame["extraction_output_loss"][j] == pytest.approx(loss.sum(), rel=1e-9)
        assert frame["extraction_jobs_loss"][j] == pytest.approx(jobs @ loss, rel=1e-9)


@pytest.mark.parametrize(("kind", "keep", "share"), CASES)
def test_groups_agree_with_brute_force(kind: Kind, keep: Keep, share: float) -> None:
    io = random_table(7, 12, regions=3)
    jobs = io.accounts["jobs"].values / io.x
    frame = extraction(io, kind=kind, keep=keep, share=share, groups="region", losses=("jobs",)).frame
    assert frame["group"].tolist() == ["R1", "R2", "R3"]
    for r in range(3):
        group = [4 * r, 4 * r + 1, 4 * r + 2, 4 * r + 3]
        loss = brute_force(io, group, kind, keep, share)
        assert frame["extraction_output_loss"][r] == pytest.approx(loss.sum(), rel=1e-9)
        assert frame["extraction_jobs_loss"][r] == pytest.approx(jobs @ loss, rel=1e-9)
        where = extraction_losses(io, [io.ids[i] for i in group], kind=kind, keep=keep, share=share).frame
        np.testing.assert_allclose(where["extraction_output_loss"], loss, rtol=1e-9, atol=1e-12)


def test_groups_by_labels_leave_the_empty_label_out() -> None:
    io = random_table(1, 6)
    frame = extraction(io, groups=np.array(["a", "a", "", "b", "", ""])).frame
    assert frame["group"].tolist() == ["a", "b"]
    assert frame["extraction_output_loss"][1] == pytest.approx(brute_force(io, [3], "complete", "nothing", 1).sum())


def test_a_sector_without_output_is_empty_and_changes_nothing_else() -> None:
    frame = extraction(random_table(2, 6, empty=1)).frame
    assert np.isnan(frame["extraction_output_loss"][5])
    assert frame["extraction_output_loss"][:5].notna().all()


@pytest.mark.parametrize(
    "options",
    [{"kind": "sideways"}, {"keep": "all"}, {"share": 0}, {"share": 0.5}, {"kind": "backward", "keep": "demand"}],
)
def test_a_request_that_makes_no_sense_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(NetclusterError):
        extraction(miller_blair(), **options)  # type: ignore[arg-type]


def test_groups_on_several_threads_give_the_same_digits() -> None:
    rng = np.random.default_rng(0)
    flows = rng.random((600, 600))  # large enough for the last digits of a product to hang on its threads
    io = IOTable.from_arrays(flows, x=flows.sum(axis=1) + flows.sum(axis=0))
    one, four = (extraction(io, groups=np.arange(600) % 7, jobs=jobs).frame for jobs in (1, 4))
    assert one.equals(four)
