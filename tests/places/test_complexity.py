"""Complexity: the nested oracle of methods/clusters.md §1.8, brute force, and world trade 1998–2000 as published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.open import open_inputs
from netcluster.places import advantages, complexity, complexity_indices, fitness, location_quotient, proximity
from netcluster.places.complexity import _SMALL
from netcluster.tables.employment import EmploymentTable
from tests.shared import shared_data

NESTED = [[1, 1, 1], [1, 1, 0], [1, 0, 0]]


def nested(n: int, m: int, noise: float, seed: int) -> Any:
    """A roughly nested matrix: exporters with a higher rank make more products."""
    rng = np.random.default_rng(seed)
    score = np.linspace(0, 3, n)[:, None] - np.linspace(0, 3, m)[None, :] + noise * rng.normal(size=(n, m))
    M = (score > 0).astype(float)
    M[0, 0] = M[-1, :] = 1
    M[:, 0] = 1
    return M


def test_the_nested_matrix_by_hand() -> None:
    found = complexity_indices(NESTED)
    assert found.eci == pytest.approx([1.5**0.5, 0, -(1.5**0.5)], abs=1e-12)
    assert found.pci == pytest.approx([-(1.5**0.5), 0, 1.5**0.5], abs=1e-12)
    assert found.second == pytest.approx(0.25)
    assert found.parts == 1


@pytest.mark.parametrize("shape", [(20, 35), (60, 12)])
@pytest.mark.parametrize("noise", [0.3, 0.8, 1.5, 2.5])
def test_beside_all_eigenvectors_of_the_unsymmetric_form(shape: tuple[int, int], noise: float) -> None:
    # Brute force; at these levels of noise the study found a library whose PCI points against its ECI.
    M = nested(*shape, noise, 1)
    d, u = M.sum(axis=1), M.sum(axis=0)
    values, vectors = np.linalg.eig(M / d[:, None] @ (M / u).T)
    k = np.argsort(values.real)[-2]
    eci = vectors[:, k].real
    eci = (eci - eci.mean()) / eci.std()
    eci *= np.sign(np.corrcoef(eci, d)[0, 1])
    found = complexity_indices(M)
    assert found.eci == pytest.approx(eci, abs=1e-7)
    means = M.T @ found.eci / u
    assert found.pci == pytest.approx((means - means.mean()) / means.std(), abs=1e-9)
    own = M @ found.pci / d
    assert np.corrcoef(own, found.eci)[0, 1] == pytest.approx(1)


def test_many_exporters_take_the_sparse_way_to_the_same_answer() -> None:
    M = nested(_SMALL + 40, 30, 0.8, 2)
    sparse = complexity_indices(M)
    d, u = M.sum(axis=1), M.sum(axis=0)
    S = (M / np.sqrt(d)[:, None] / np.sqrt(u)) @ (M / np.sqrt(d)[:, None] / np.sqrt(u)).T
    eci = np.linalg.eigh(S)[1][:, -2] / np.sqrt(d)
    eci = (eci - eci.mean()) / eci.std()
    assert np.abs(sparse.eci) == pytest.approx(np.abs(eci), abs=1e-6)
    assert np.corrcoef(sparse.eci, d)[0, 1] > 0


def test_a_matrix_in_two_parts_is_noticed() -> None:
    M = np.zeros((6, 7))
    M[:4, :4] = nested(4, 4, 0.0, 0)
    M[4:, 4:6] = 1
    found = complexity_indices(M)
    alone = complexity_indices(nested(4, 4, 0.0, 0))
    assert found.parts == 2
    assert found.eci[:4] == pytest.approx(alone.eci)
    assert np.isnan(found.eci[4:]).all()
    assert np.isnan(found.pci[4:]).all()


@pytest.mark.parametrize("M", [np.zeros((3, 3)), np.ones((4, 4)), np.eye(3), np.ones((2, 5))])
def test_what_has_no_complexity_has_none(M: Any) -> None:
    found = complexity_indices(M)
    assert np.isnan(found.eci).all()
    assert np.isnan(found.pci).all()


def jobs(matrix: Any) -> EmploymentTable:
    n, m = matrix.shape
    frame = pd.DataFrame({"region": np.repeat([f"r{k}" for k in range(n)], m), "employment": matrix.ravel()})
    return EmploymentTable(frame.assign(industry=np.tile([f"i{k}" for k in range(m)], n), establishments=np.nan))


def test_zero_rows_and_columns_are_tolerated_and_counted() -> None:
    matrix = np.zeros((5, 6))
    matrix[:4, :5] = nested(4, 5, 0.0, 0) * [[1, 2, 3, 4, 5]]
    result = complexity(jobs(matrix))
    assert "no_advantage" in [note.code for note in result.notes]
    assert result.frame[result.frame["exporter"] == "r4"]["eci"].isna().all()
    assert set(result.measures) <= set(all_measures())
    assert len(result.frame) == 30


def test_the_nearest_options_are_kept_beside_what_is_there() -> None:
    rng = np.random.default_rng(0)
    table = jobs(nested(12, 20, 0.8, 3) * rng.integers(1, 9, (12, 20)))
    whole, few = complexity(table).frame, complexity(table, nearest=3).frame
    for exporter, rows in few.groupby("exporter"):
        good = whole[(whole["exporter"] == exporter) & (whole["rca"] >= 1)]
        rest = whole[(whole["exporter"] == exporter) & ~(whole["rca"] >= 1)]
        assert len(rows) == len(good) + min(3, int(rest["density"].notna().sum()))
        lowest = rows[~(rows["rca"] >= 1)]["density"].min()
        assert (rest["density"] > lowest).sum() < 3


def test_regions_without_jobs_are_an_error() -> None:
    with pytest.raises(NetclusterError, match="no exports"):
        complexity(jobs(np.zeros((2, 2))))


def world() -> pd.DataFrame:
    folder = shared_data("world_trade_1998_2000")
    trade = open_inputs([folder / "world_trade_avg_1998_to_2000.csv"]).trade
    assert trade is not None
    return trade.frame(by=("exporter", "product"))


def test_world_trade_1998_to_2000_as_published() -> None:
    # The documentation of the R package economiccomplexity prints these for the same table, with ddof 1.
    wide = world().pivot_table(index="exporter", columns="product", values="value", fill_value=0.0)
    assert wide.shape == (226, 785)
    rca = location_quotient(wide.to_numpy(dtype=float).T).T
    assert rca[:2, 0] == pytest.approx([0.2312238, 0.1777917], abs=5e-8)
    M = advantages(rca)
    found = complexity_indices(M)
    countries = ["afg", "ago", "aia", "alb", "and"]
    eci = pd.Series(found.eci, index=wide.index)[countries] * np.sqrt(225 / 226)
    assert eci.tolist() == pytest.approx([-0.5764283, -1.7770752, 1.4090414, -0.1732606, 1.0772452], abs=5e-8)
    pci = pd.Series(found.pci, index=wide.columns)[["0011", "0012", "0013", "0014", "0015"]] * np.sqrt(784 / 785)
    assert pci.tolist() == pytest.approx([-0.66657613, -1.62657599, -0.08149436, 0.19917280, 0.14935653], abs=5e-9)
    phi = proximity(M)
    assert phi[0, 1:5] == pytest.approx([0.3658537, 0.1707317, 0.2439024, 0.2682927], abs=5e-8)
    fit = pd.Series(fitness(M, iterations=20).exporters, index=wide.index)[countries]
    assert fit.tolist() == pytest.approx([0.78605655, 0.03999516, 1.05645538, 1.24261128, 1.37321261], abs=5e-4)


def test_world_trade_reads_as_an_economist_expects() -> None:
    wide = world().pivot_table(index="exporter", columns="product", values="value", fill_value=0.0)
    M = advantages(location_quotient(wide.to_numpy(dtype=float).T).T)
    found = complexity_indices(M)
    eci = pd.Series(found.eci, index=wide.index)
    large = eci[wide.sum(axis=1) > wide.to_numpy().sum() * 0.01].sort_values()
    assert {"jpn", "deu"} <= set(large.index[-4:])
    assert eci.rank().loc[["nga", "ago", "dza"]].max() < 25
    # ECI is the mean of the PCI of what an exporter is good at, up to scale.
    d = np.asarray(M.sum(axis=1))
    assert np.corrcoef((M @ found.pci) / d, found.eci)[0, 1] == pytest.approx(1)


def test_products_in_another_classification_keep_their_sum(tmp_path: Path) -> None:
    rows = [("A", "p", 8.0), ("A", "q", 2.0), ("B", "q", 5.0), ("B", "r", 5.0), ("C", "p", 1.0), ("C", "r", 9.0)]
    frame = pd.DataFrame(rows, columns=["region", "industry", "employment"]).assign(establishments=1.0)
    file = tmp_path / "map.csv"
    file.write_text("from,to,weight\np,x,0.25\np,y,0.75\nq,y,1\nr,z,1\n")
    found = complexity(EmploymentTable(frame), mapping=file).frame.set_index(["exporter", "product"])["value"]
    # By hand: of A's 8 in p, 2 go to x and 6 to y, where its 2 of q join them.
    assert found.loc[("A", "x")] == 2
    assert found.loc[("A", "y")] == 8
    assert found.sum() == 30
