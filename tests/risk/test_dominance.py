"""Dominance: the published figures of concentration for shares .4, .3, .2, .1, and sums by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.network import Layer, Network
from netcluster.risk import dominance
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable


def firms(**columns: object) -> FirmTable:
    count = len(columns["id"])  # type: ignore[arg-type]
    blank = pd.DataFrame("", columns=list(FIRM_COLUMNS), index=range(count)).astype(object)
    return FirmTable(blank.assign(**columns))  # type: ignore[arg-type]


FOUR = firms(id=list("abcd"), industry="C10", size=[40.0, 30.0, 20.0, 10.0])


def test_published_family_of_indices() -> None:
    # HHI .30, normalised .0666667, CR2 .70, exp(H) 3.5961155, Hannah–Kay ½ 3.7776566 and 2 3.3333333.
    row = dominance(FOUR).frame.iloc[0]
    assert row["hhi"] == pytest.approx(0.30)
    assert row["hhi_normalised"] == pytest.approx(0.0666667, abs=1e-7)
    assert row["hannah_kay_half"] == pytest.approx(3.7776566, abs=1e-7)
    assert row["hannah_kay_1"] == pytest.approx(3.5961155, abs=1e-7)
    assert row["hannah_kay_2"] == pytest.approx(3.3333333, abs=1e-7)
    # Gini by hand: (−3·10 − 1·20 + 1·30 + 3·40)/(4·100) = 0.25; √0.3.
    assert row["gini"] == pytest.approx(0.25)
    assert row["granularity"] == pytest.approx(0.3**0.5)
    assert row[["cr1", "cr4", "cr8", "volatility_cr4"]].tolist() == pytest.approx([0.4, 1.0, 1.0, 1.0])


def test_groups_largest_first_and_several_columns() -> None:
    table = firms(
        id=list("abcd"), industry=["x", "y", "y", "x"], region=["N", "N", "S", "S"], size=[1.0, 5.0, 5.0, 2.0]
    )
    frame = dominance(table).frame
    assert frame["group"].tolist() == ["y", "x"]
    assert frame["largest"].tolist() == ["b", "d"]
    assert frame["size_share"].tolist() == pytest.approx([10 / 13, 3 / 13])
    assert dominance(table, by=["industry", "region"]).frame["firms"].tolist() == [1, 1, 1, 1]
    assert dominance(table, groups=[1, 1, 2, 2]).frame["group"].tolist() == ["2", "1"]


def test_dominant_firm_is_named() -> None:
    table = firms(id=list("abc"), label=["Anna", "Ben", "Cem"], industry="C10", size=[60.0, 30.0, 10.0])
    (finding,) = dominance(table).findings
    assert finding.code == "dominant_firm"
    assert finding.sentence == "Anna makes 60% of C10, which has 3 firms (HHI 0.46)."
    # d HHI by growth g of all others: −2·0.6·(0.6 − 0.46) = −0.168; a tenth of it.
    assert "0.017" in finding.lever
    (only,) = dominance(firms(id=["a"], industry="C10", size=[1.0])).findings
    assert only.sentence == "a is the only firm in C10."


def test_who_is_left_out_is_said() -> None:
    table = firms(
        id=list("abcd"),
        kind=["firm", "institution", "firm", "firm"],
        industry=["x", "x", "", "x"],
        size=[1, 5, 1, None],
    )
    result = dominance(table)
    assert result.frame["firms"].tolist() == [1]
    assert {note.code: note.count for note in result.notes} == {"not_firms": 1, "no_size": 1, "no_group": 1}


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (FOUR, {"by": "sector"}, "no column 'sector'"),
        (FOUR, {"groups": [1, 2]}, "2 group labels for 4 firms"),
        (firms(id=["a"], industry="x", size=[-1.0]), {}, "below zero"),
        (firms(id=["a"], industry="x", size=[None]), {}, "No firm has both"),
        (firms(id=["a"], kind="industry", industry="x", size=[1.0]), {}, "no firms here"),
    ],
)
def test_bad_requests(table: FirmTable, options: dict[str, object], message: str) -> None:
    with pytest.raises(NetclusterError, match=message):
        dominance(table, **options)  # type: ignore[arg-type]


def test_every_measure_is_explained() -> None:
    result = dominance(FOUR)
    assert set(result.measures) <= set(all_measures())
    assert set(result.frame.columns) - set(result.measures) == {"group", "largest", "label"}
    assert result.frame.columns[:6].tolist() == ["group", "firms", "cr1", "cr4", "hhi", "largest"]


def test_sales_stand_in_for_sizes_of_a_network() -> None:
    # a sells 3, b sells 1 in the same industry: three quarters.
    nodes = pd.DataFrame({"id": list("abc"), "kind": "firm", "role": "", "label": "", "industry": ["x", "x", "y"]})
    nodes = nodes.assign(region="", size=np.nan)
    links = sp.csr_array(np.array([[0.0, 0, 3], [0, 0, 1], [0, 0, 0]]))
    frame = dominance(Network(nodes, {"supply": Layer(links, money=True)})).frame
    assert frame[["group", "firms", "cr1", "largest"]].values.tolist() == [["x", 2, 0.75, "a"]]
