"""Whole reconstructions: money, known links, institutions, spread, and the same bytes whatever the threads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.core.result import Result
from netcluster.network.network import Network
from netcluster.reconstruction import Exponents, ensemble, over, reconstruct, with_spread
from netcluster.reconstruction.sample import row_sums
from netcluster.tables.links import LinkTable
from tests.reconstruction.economies import firms, table


def flows(network: Network, k: int = 4) -> np.ndarray:
    matrix = network.layer("supply").matrix.tocoo()
    industry = network.nodes["industry"].str[1:].astype(int).to_numpy()
    found = np.zeros((k, k))
    np.add.at(found, (industry[matrix.row], industry[matrix.col]), matrix.data)
    return found


def test_money_is_the_tables_cell_by_cell() -> None:
    # By hand: with 40 firms an industry and 15 customers each, no cell stays without a link, so that all are met.
    io = table()
    made = reconstruct(io, firms(160), mean_degree=15)
    np.testing.assert_allclose(flows(made.network), io.Z, rtol=1e-9)
    assert set(made.measures) <= set(all_measures())
    assert set(made.frame["measure"]) <= {*all_measures(), "links"}


def test_equal_firms_of_one_industry_sell_alike() -> None:
    # By hand: one industry, equal sizes: everybody sells and buys the same, up to the tolerance of the fit.
    io, equal = table(1), firms(100, 1, size=1.0)
    made = reconstruct(io, equal, mean_degree=20, exponents=Exponents())
    matrix = made.network.layer("supply").matrix
    np.testing.assert_allclose(matrix.sum(axis=1), io.Z.sum() / 100, rtol=0.02)
    np.testing.assert_allclose(matrix.sum(axis=0), io.Z.sum() / 100, rtol=0.02)


def test_without_balancing_weights_are_gravity_over_p() -> None:
    # By hand: equal firms, p = degree ÷ 99, gravity = Z ÷ 100².
    io = table(1)
    made = reconstruct(io, firms(100, 1, size=1.0), mean_degree=20, exponents=Exponents(), balanced=False)
    np.testing.assert_allclose(made.network.layer("supply").matrix.data, io.Z.sum() / 1e4 / (20 / 99), rtol=1e-9)


def test_threads_change_nothing() -> None:
    some = Exponents(0.5, 0.6, 1.0, 1.0, 0.5)
    inputs = table(6), firms(20_000, 6)
    one, four = (reconstruct(*inputs, mean_degree=4, exponents=some, jobs=jobs) for jobs in (1, 4))
    first, second = (made.network.layer("supply").matrix for made in (one, four))
    assert first.data.tobytes() == second.data.tobytes()
    assert first.indices.tobytes() == second.indices.tobytes()
    pd.testing.assert_frame_equal(one.frame, four.frame, check_exact=True)


def test_known_links_stay_and_count() -> None:
    known = LinkTable(
        pd.DataFrame({"source": ["f0", "f1", "f9"], "target": ["f5", "f6", "gone"], "weight": [0.7, 0.2, 3.0]}).assign(
            layer="supply"
        )
    )
    made = reconstruct(table(), firms(160), mean_degree=10, known=known)
    matrix = made.network.layer("supply").matrix
    assert matrix[0, 5] == 0.7
    assert matrix[1, 6] == 0.2
    assert any(note.code == "known_links_left_out" and note.count == 1 for note in made.notes)
    # Five standard deviations of a Poisson number of links: one false alarm in 1.7 million.
    assert abs(matrix.nnz - 1600) < 5 * 40
    np.testing.assert_allclose(flows(made.network), table().Z, rtol=1e-9)


def test_known_links_without_amounts_get_one() -> None:
    known = LinkTable(pd.DataFrame({"source": ["f0"], "target": ["f5"], "weight": [1.0], "layer": ["supply"]}))
    made = reconstruct(table(), firms(160), mean_degree=10, known=known)
    assert made.network.layer("supply").matrix[0, 5] > 0
    assert any(note.code == "known_without_amounts" for note in made.notes)


def test_firms_of_other_industries_are_dropped_named_and_counted() -> None:
    listed = firms(160)
    strange = listed.frame.assign(industry=listed.frame["industry"].where(listed.frame.index > 2, "X9"))
    made = reconstruct(table(), type(listed)(strange), mean_degree=10)
    assert made.network.n == 157
    (note,) = (note for note in made.notes if note.code == "industry_not_in_table")
    assert note.count == 3
    assert "X9 (3)" in note.text
    with pytest.raises(NetclusterError, match="No firm has an industry of the table"):
        reconstruct(table(), type(listed)(strange.assign(industry="X9")), mean_degree=10)


def test_industries_without_firms_are_named_with_their_share() -> None:
    io = table()
    made = reconstruct(io, firms(120, 3), mean_degree=10)
    (note,) = (note for note in made.notes if note.code == "industries_without_firms")
    lost = 1 - io.Z[:3, :3].sum() / io.Z.sum()
    assert f"(S3): {lost:.1%}" in note.text


def test_institutions_reach_what_their_rules_say(tmp_path: Path) -> None:
    rules = tmp_path / "rules.csv"
    rules.write_text(
        "id,role,firms,industry,reach,region,size,lat,lon\n"
        "TU,university,5,S0;S1,region,R1,,,\nBANK,bank,10%,,,,1000,,\nCLUB,association,8,,50 km,,,50,10\n"
    )
    listed = firms(160, region=["R1", "R2"] * 80, lat=[50.0, 51.0] * 80, lon=10.0)
    made = reconstruct(table(), listed, mean_degree=5, institutions=rules)
    net = made.network
    assert net.n == 163
    at = {name: row for row, name in enumerate(net.ids)}
    project = net.layer("project").matrix
    partners = net.nodes.iloc[project[[at["TU"]]].indices]
    assert len(partners) == 5
    assert set(partners["region"]) == {"R1"}
    assert set(partners["industry"]) <= {"S0", "S1"}
    assert (project != project.T).nnz == 0
    finance = net.layer("finance").matrix
    assert finance.nnz == 16
    assert finance[[at["BANK"]]].sum() == pytest.approx(1000)
    members = net.nodes.iloc[np.unique(net.layer("membership").matrix.tocoo().row)]
    # By hand: a degree of latitude is 111 km, so that only firms at 50° are within 50 km.
    assert len(members) == 8
    assert set(members["lat"]) == {50.0}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("TU,wizard,5", "no role"),
        ("TU,university,many", "no firms"),
        ("B,bank,5", "size"),
    ],
)
def test_bad_rules_name_their_line(tmp_path: Path, row: str, words: str) -> None:
    rules = tmp_path / "rules.csv"
    rules.write_text(f"id,role,firms\n{row}\n")
    with pytest.raises(NetclusterError, match=words) as caught:
        reconstruct(table(), firms(160), mean_degree=5, institutions=rules)
    assert "line 2" in caught.value.message


def test_any_analysis_runs_over_an_ensemble() -> None:
    networks = ensemble(table(), firms(160), mean_degree=10, members=4, exponents=Exponents())

    def customers(network: Network) -> Result:
        degree = np.diff(network.layer("supply").matrix.indptr).astype(float)
        return Result(pd.DataFrame({"node": network.nodes["id"], "degree": degree}), ("degree",))

    found = over(networks, customers)
    assert list(found.frame.columns) == ["node", "measure", "mean", "sd", "low", "median", "high", "members"]
    # By hand: the mean over members of each firm's customers.
    each = np.array([np.diff(made.network.layer("supply").matrix.indptr) for made in networks])
    np.testing.assert_allclose(found.frame["mean"], each.mean(axis=0))
    np.testing.assert_allclose(found.frame["sd"], each.std(axis=0, ddof=1))
    first, report = with_spread(networks)
    assert report.frame["mean"].iloc[0] == pytest.approx(each.sum(axis=1).mean())
    alone = reconstruct(table(), firms(160), mean_degree=10, exponents=Exponents())
    pd.testing.assert_frame_equal(first.frame, alone.frame)


def test_ensembles_of_one_are_refused() -> None:
    with pytest.raises(NetclusterError, match="no spread"):
        ensemble(table(), firms(160), mean_degree=10, members=1)


def test_sums_by_row_skip_empty_rows() -> None:
    from netcluster.reconstruction.sample import Drawn

    drawn = Drawn(np.array([0, 2, 2, 3, 3]), np.array([1, 2, 0], dtype=np.int32), np.array([1.0, 2.0, 4.0]))
    assert row_sums(drawn).tolist() == [3.0, 0.0, 4.0, 0.0]
