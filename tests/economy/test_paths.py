from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.core.solve import Array
from netcluster.economy.paths import ARROW, paths
from netcluster.tables.iotable import Account, IOTable
from tests.economy.textbook import miller_blair, random_table


def brute_force(io: IOTable, own: Array, demand: Array, least: float, deepest: int) -> dict[str, float]:
    """Every path up to a depth, one by one, and those of them above the cutoff."""
    found = {}
    for steps in range(deepest + 1):
        for chain in itertools.product(range(io.n), repeat=steps + 1):
            value = own[chain[0]] * demand[chain[-1]]
            for a, b in itertools.pairwise(chain):
                value *= io.A[a, b]
            if abs(value) >= least:
                found[ARROW.join(io.ids[i] for i in chain)] = value
    return found


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_every_path_above_the_cutoff_is_found_and_no_other(seed: int) -> None:
    io = random_table(seed, 4)
    jobs = io.accounts["jobs"].values.copy()
    jobs[:2] = 0.0  # clean sectors in front of dirty suppliers: where pruning on own parts loses paths
    io = io.replace(accounts={"jobs": Account("jobs", jobs)})
    own, demand = jobs / io.x, io.Y.sum(axis=1)
    total = float(jobs.sum())
    result = paths(io, of="jobs", cutoff=0.01, longest=5)
    expected = brute_force(io, own, demand, 0.01 * total, 5)
    assert dict(zip(result.frame["path"], result.frame["path_value"], strict=True)) == pytest.approx(expected)
    assert result.parameters["total"] == pytest.approx(total)


def test_the_paths_of_one_link_add_up_to_its_entry_of_the_inverse() -> None:
    io = miller_blair()
    result = paths(io, source="1", target="2", cutoff=1e-9)
    # L_12 f_2 = 0.330033 × 1700.
    assert result.parameters["total"] == pytest.approx(0.330033 * 1700, rel=1e-5)
    assert result.frame["share"].sum() == pytest.approx(1, abs=1e-5)
    assert result.frame["path"][0] == f"1{ARROW}2"
    assert result.frame["share"].is_monotonic_decreasing


def test_without_a_limit_the_cutoff_alone_ends_the_search() -> None:
    io = random_table(3, 6)
    frame = paths(io, cutoff=1e-4).frame
    limited = paths(io, cutoff=1e-4, longest=int(frame["length"].max())).frame
    assert frame.equals(limited)
    assert frame["share"].min() >= 1e-4
    assert paths(io, cutoff=1e-4, longest=0).frame["length"].max() == 0


def test_negative_flows_are_followed_by_their_size() -> None:
    io = random_table(8, 4)
    flows = io.Z.copy()
    flows[0, 1] = -flows[0, 1]
    io = io.replace(Z=flows)
    frame = paths(io, cutoff=0.01, longest=4).frame
    own, demand = np.ones(4), io.Y.sum(axis=1)
    bound = np.linalg.inv(np.eye(4) - np.abs(io.A)).sum(axis=0) @ np.abs(demand)
    expected = brute_force(io, own, demand, 0.01 * bound, 4)
    assert dict(zip(frame["path"], frame["path_value"], strict=True)) == pytest.approx(expected)


def test_too_many_paths_or_a_cutoff_of_nothing_are_refused() -> None:
    with pytest.raises(NetclusterError, match="More than 10 paths"):
        paths(miller_blair(), cutoff=1e-6, most=10)
    with pytest.raises(NetclusterError, match="cutoff"):
        paths(miller_blair(), cutoff=0)
