"""What is written is read back by networkx, igraph, csv, pyarrow and openpyxl, and must be what was there."""

from __future__ import annotations

import csv
import html
import json
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.network.build import build
from netcluster.network.export import FORMATS, export
from netcluster.network.network import Network
from netcluster.tables.links import LinkTable

NASTY = [
    "plain",
    "ü → 漢字",
    'say "hi"',
    "two\nlines",
    "=SUM(A1)",
    "tab\there",
    "cr\rhere",
    "<&>'",
    " spaces ",
    "back\\slash",
    "-1",
    "emoji 🏭",
    "3",
    "a,b;c",
    "&#65;",
]
PAJEK = [text for text in NASTY if not set('\n\r\t"') & set(text)]


def network(names: list[str], **layers: list[tuple[str, str, float]]) -> Network:
    ring = [(a, b, w) for a, b, w in zip(names, names[1:] + names[:1], np.arange(1, 99) / 7, strict=False)]
    chosen = layers or {"supply": [*ring, (names[0], names[0], 1e-20), (names[1], names[0], 3e22)]}
    rows = [(a, b, w, layer) for layer, links in chosen.items() for a, b, w in links]
    made = build(LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"])))
    nodes = made.nodes.copy()
    nodes["label"] = nodes["id"] + "!"
    nodes["size"] = np.where(nodes.index % 2, 1.5e-7, np.nan)
    nodes["founded"] = 1990 + nodes.index
    nodes["listed"] = nodes.index % 2 == 0
    return made.replace(nodes=nodes)


def links_of(net: Network, layer: str = "supply") -> dict[tuple[str, str], float]:
    coo = net.layer(layer).matrix.tocoo()
    return {(net.ids[i], net.ids[j]): w for i, j, w in zip(*coo.coords, coo.data.tolist(), strict=True)}


def links_of_networkx(graph: Any) -> dict[tuple[str, str], float]:
    return {(str(a), str(b)): float(data["weight"]) for a, b, data in graph.edges(data=True)}


def links_of_igraph(graph: Any, key: str, read: Callable[[str], str] = str) -> dict[tuple[str, str], float]:
    names = [read(text) for text in graph.vs[key]]
    return {(names[e.source], names[e.target]): e["weight"] for e in graph.es}


@pytest.mark.parametrize(
    ("ending", "read", "names"),
    [
        (".graphml", nx.read_graphml, NASTY),
        (".gexf", nx.read_gexf, NASTY),
        (".gml", nx.read_gml, NASTY),
        (".net", nx.read_pajek, PAJEK),
        (".json", lambda path: nx.node_link_graph(json.loads(path.read_text("utf-8")), edges="edges"), NASTY),
    ],
)
def test_networkx_reads_it_back(tmp_path: Path, ending: str, read: Callable[[Path], Any], names: list[str]) -> None:
    net = network(names)
    export(net, tmp_path / f"net{ending}")
    graph = read(tmp_path / f"net{ending}")
    assert graph.is_directed()
    assert [str(node) for node in graph] == list(net.ids)
    assert links_of_networkx(graph) == pytest.approx(links_of(net), rel=1e-15)
    if ending in (".graphml", ".json"):
        for node, row in zip(graph.nodes.values(), net.nodes.to_dict("records"), strict=True):
            assert (node["label"], node["founded"], node["listed"]) == (row["label"], row["founded"], row["listed"])
            assert (node.get("size") or math.nan) == pytest.approx(row["size"], nan_ok=True)
    if ending == ".gml":
        assert [node["name"] for node in graph.nodes.values()] == net.nodes["label"].tolist()
    if ending == ".gexf":
        assert [node["label"] for node in graph.nodes.values()] == net.nodes["label"].tolist()


@pytest.mark.parametrize(
    ("ending", "key", "names", "read"),
    [
        (".graphml", "name", NASTY, str),
        # igraph leaves GML's numbered characters as they stand in the file.
        (".gml", "label", [name for name in NASTY if name != "&#65;"], html.unescape),
        (".net", "name", PAJEK, str),
    ],
)
def test_igraph_reads_it_back(
    tmp_path: Path, ending: str, key: str, names: list[str], read: Callable[[str], str]
) -> None:
    net = network(names)
    path = tmp_path / f"net{ending}"
    export(net, path)
    with warnings.catch_warnings():
        # It warns of numbered characters in GML, and a warning made an error inside igraph ends the process.
        warnings.simplefilter("ignore")
        graph = igraph.Graph.Read(str(path), format={".net": "pajek"}.get(ending, ending[1:]))
    assert graph.is_directed()
    assert [read(text) for text in graph.vs[key]] == list(net.ids)
    assert links_of_igraph(graph, key, read) == pytest.approx(links_of(net), rel=1e-15)


def test_csv_holds_every_text_verbatim(tmp_path: Path) -> None:
    net = network(NASTY)
    export(net, tmp_path / "net.csv")
    export(net, tmp_path / "net.tsv")
    for ending, mark in ((".csv", ","), (".tsv", "\t")):
        with (tmp_path / f"net{ending}").open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, delimiter=mark)
        assert header == ["source", "target", "weight"]
        assert {(a, b): float(w) for a, b, w in rows} == links_of(net)


def test_for_excel_no_cell_is_a_formula(tmp_path: Path) -> None:
    net = network(NASTY)
    notes = export(net, tmp_path / "net.csv", for_excel=True)
    text = (tmp_path / "net.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "net.csv").open(encoding="utf-8-sig", newline="") as stream:
        _, *rows = csv.reader(stream)
    assert not [cell for row in rows for cell in row[:2] if cell[:1] in "=+-@\t\r"]
    assert any(row[0] == "'=SUM(A1)" for row in rows)
    assert {note.code: note.count for note in notes} == {"guarded": 2}


def test_parquet_and_workbook_hold_the_links(tmp_path: Path) -> None:
    net = network(NASTY)
    export(net, tmp_path / "net.parquet")
    table = pq.read_table(tmp_path / "net.parquet")
    assert [str(field.type) for field in table.schema] == ["string", "string", "double"]
    found = {(row["source"], row["target"]): row["weight"] for row in table.to_pylist()}
    assert found == links_of(net)
    export(net, tmp_path / "net.xlsx")
    book = openpyxl.load_workbook(tmp_path / "net.xlsx")
    rows = list(book["links"].iter_rows(min_row=2))
    assert all(cell.data_type == "s" for row in rows for cell in row[:2])
    # A workbook's XML takes a lone carriage return for a line end.
    expected = {tuple(part.replace("\r", "\n") for part in pair): w for pair, w in links_of(net).items()}
    assert {(row[0].value, row[1].value): row[2].value for row in rows} == pytest.approx(expected)
    assert [cell.value for cell in book["nodes"][1]] == list(net.nodes.columns)


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_network_is_the_same_bytes(tmp_path: Path, ending: str) -> None:
    net = network(NASTY)
    export(net, tmp_path / f"one{ending}")
    export(net, tmp_path / f"two{ending}")
    assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()


@pytest.mark.parametrize("ending", [".graphml", ".gexf", ".xlsx", ".net"])
def test_characters_a_format_can_not_hold_are_written_out_and_said(tmp_path: Path, ending: str) -> None:
    net = network(["a\x01", "a\\x01", "b"])
    notes = export(net, tmp_path / f"net{ending}")
    assert [note.code for note in notes] == ["texts_changed"]
    if ending == ".graphml":
        # The written-out id meets one that is there, so it gets a number; two networks never become one node.
        assert list(nx.read_graphml(tmp_path / "net.graphml")) == ["a\\x01 (2)", "a\\x01", "b"]


def several() -> Network:
    return network(
        ["a", "b", "c"],
        supply=[("a", "b", 1.0), ("b", "c", 2.0)],
        project=[("a", "b", 5.0), ("c", "c", 1.0)],
    )


@pytest.mark.parametrize(
    ("ending", "read"),
    [
        (".graphml", nx.read_graphml),
        (".gexf", nx.read_gexf),
        (".gml", nx.read_gml),
        (".json", lambda path: nx.node_link_graph(json.loads(path.read_text("utf-8")), edges="edges")),
    ],
)
def test_all_layers_stand_side_by_side_and_are_never_summed(
    tmp_path: Path, ending: str, read: Callable[[Path], Any]
) -> None:
    export(several(), tmp_path / f"net{ending}", layer="all")
    graph = read(tmp_path / f"net{ending}")
    found = sorted((a, b, data["layer"], data["weight"]) for a, b, data in graph.edges(data=True))
    assert found == [
        ("a", "b", "project", 5.0),
        ("a", "b", "supply", 1.0),
        ("b", "a", "project", 5.0),
        ("b", "c", "supply", 2.0),
        ("c", "c", "project", 1.0),
    ]


def test_all_layers_in_csv_and_pajek(tmp_path: Path) -> None:
    export(several(), tmp_path / "net.csv", layer="all")
    assert (tmp_path / "net.csv").read_text().splitlines()[:2] == ["source,target,weight,layer", "a,b,1.0,supply"]
    export(several(), tmp_path / "net.net", layer="all")
    assert (tmp_path / "net.net").read_text().splitlines()[4:6] == ['*Arcs :1 "supply"', "1 2 1.0"]


def test_an_undirected_layer_is_written_once_and_undirected(tmp_path: Path) -> None:
    for ending, read in ((".graphml", nx.read_graphml), (".gexf", nx.read_gexf), (".gml", nx.read_gml)):
        export(several(), tmp_path / f"net{ending}", layer="project")
        graph: Any = read(tmp_path / f"net{ending}")
        assert not graph.is_directed()
        assert links_of_networkx(graph) == {("a", "b"): 5.0, ("c", "c"): 1.0}
    notes = export(several(), tmp_path / "net.csv", layer="project")
    assert notes == ()
    assert (tmp_path / "net.csv").read_text() == "source,target,weight\na,b,5.0\nc,c,1.0\n"


def test_nodes_a_list_of_links_can_not_hold_are_counted(tmp_path: Path) -> None:
    notes = export(several(), tmp_path / "net.csv")
    assert notes == ()
    lonely = network(["a", "b", "c"], supply=[("a", "b", 1.0)], project=[("a", "c", 1.0)])
    assert [(note.code, note.count) for note in export(lonely, tmp_path / "net.parquet")] == [("isolated_nodes", 1)]


def test_what_can_not_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    net = several()
    with pytest.raises(NetclusterError, match="no ending netcluster writes"):
        export(net, tmp_path / "net.docx")
    with pytest.raises(NetclusterError, match="no layer 'finance'"):
        export(net, tmp_path / "net.gml", layer="finance")
    export(net, tmp_path / "net.gml")
    with pytest.raises(NetclusterError, match="there already"):
        export(net, tmp_path / "net.gml")
    export(net, tmp_path / "net.gml", force=True)
    long = network(["x" * 40_000, "b"])
    with pytest.raises(NetclusterError, match="40,001 characters"):
        export(long, tmp_path / "net.xlsx")
    empty = Network(net.nodes)
    with pytest.raises(NetclusterError, match="no links to export"):
        export(empty, tmp_path / "empty.gml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net.gml"]


@given(st.lists(st.text(min_size=1), min_size=2, max_size=5, unique=True))
@settings(max_examples=20)
def test_any_text_survives_graphml_and_json(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    net = network(names)
    notes = export(net, folder / "net.graphml")
    read = list(nx.read_graphml(folder / "net.graphml"))
    assert len(read) == net.n
    if not notes:
        assert read == list(net.ids)
    export(net, folder / "net.json")
    assert [node["id"] for node in json.loads((folder / "net.json").read_text("utf-8"))["nodes"]] == list(net.ids)
