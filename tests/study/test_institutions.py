"""The part of a study on institutions and brokers, and how firms come to their industry's cluster; counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.network.build import build
from netcluster.network.network import Network
from netcluster.study.groups import groups_of
from netcluster.study.institutions import broker_sections, institution_sections
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.iotable import IOTable
from netcluster.tables.links import LinkTable


def economy(*, institution: bool = True, table: bool = True) -> Network:
    """Firms a and b of industry A, c of B; u is a university; a works with u; a → b → c are supplies."""
    kinds = ["firm"] * 3 + ["institution" if institution else "firm"]
    frame = pd.DataFrame({"id": ["a", "b", "c", "u"], "kind": kinds, "industry": ["A", "A", "B", "B"]})
    frame["role"] = ["", "", "", "university" if institution else ""]
    texts = ("region", "label")
    blank = {column: "" if column in texts else np.nan for column in FIRM_COLUMNS if column not in frame}
    rows = [("a", "u", "project"), ("a", "b", "supply"), ("b", "c", "supply")]
    links = pd.DataFrame(rows, columns=["source", "target", "layer"]).assign(weight=1.0)
    io = IOTable.from_arrays([[1, 2], [3, 4]], x=[9, 9], sectors=["A", "B"])
    parts = (FirmTable(frame.assign(**blank)), LinkTable(links))
    return build(io, *parts) if table else build(*parts)


def test_a_firm_is_in_its_industrys_cluster_unless_it_has_its_own() -> None:
    net = economy()
    assert groups_of(net, {"A": "x", "B": "y"}).tolist() == ["x", "y", "x", "x", "y", "y"]
    assert groups_of(net, {"A": "x", "b": "z"}).tolist() == ["x", None, "x", "z", None, None]
    # Without a table the column of industries tells.
    assert groups_of(economy(table=False), {"A": "x"}).tolist() == ["x", "x", None, None]
    with pytest.raises(NetclusterError, match="No node of the network is in a cluster"):
        groups_of(net, {"C": "x"})


def test_sections_are_of_the_firms_by_clusters() -> None:
    sections = {section.file: section.result.frame for section in institution_sections(economy(), {"A": 1, "B": 2})}
    assert list(sections) == ["institutions.csv", "coverage.csv", "suggestions.csv"]
    assert sections["institutions.csv"][["node", "reach", "reach_two"]].to_numpy().tolist() == [["u", 1, 1]]
    cover = sections["coverage.csv"]
    # One of A's two firms works with u; project ties alone count, so c reaches none.
    assert cover[["group", "members", "covered", "unreached"]].to_numpy().tolist() == [[1, 2, 0.5, 1], [2, 1, 0.0, 1]]
    assert sections["suggestions.csv"]["gain"].tolist() == [1, 1]


def test_without_institutions_the_section_is_left_out() -> None:
    for network in (None, economy(institution=False)):
        with pytest.raises(NetclusterError, match="There are no institutions in the input"):
            institution_sections(network, None)


def test_brokers_are_listed_from_the_first_and_the_rest_is_counted() -> None:
    (section,) = broker_sections(economy(table=False), {"A": 1, "B": 2})
    frame = section.result.frame
    # Only b stands between two that have no link: a of its own group and c of another.
    assert frame[["node", "representative", "brokerage"]].to_numpy().tolist() == [["b", 1, 1]]
    assert section.result.notes[-1].count == 3
