"""A bundle saved and loaded is the same bundle; the same bundle saved twice is the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.files import sha256
from netcluster.core.result import Note
from netcluster.network.build import build
from netcluster.network.store import is_saved, load, save
from netcluster.tables.bundle import Bundle
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.firms import FirmTable
from netcluster.tables.iotable import Account, ImportBlock, IOTable
from netcluster.tables.links import LinkTable
from netcluster.tables.supplyuse import SupplyUse
from netcluster.tables.trade import TradeTable


def io_table() -> IOTable:
    Z = np.array([[150.0, 500.0], [200.0, 0.0]])
    return IOTable.from_arrays(
        Z,
        x=[1000, 2000],
        sectors=["farms", 'factories "and" mills\n'],
        imports=ImportBlock(Z / 10, np.ones((2, 1))),
        accounts={"jobs": Account("jobs", np.array([1.0, np.nan]), "persons", np.array([3.0]))},
        unit="million EUR",
        year=2014,
        source="Büro",
        changes=(Note("zero_output", "None.", 2),),
    )


def firm_table() -> FirmTable:
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "u"],
            "kind": ["firm", "firm", "institution"],
            "role": ["supplier", "", "university"],
            "industry": ["farms", "mines", ""],
            "region": ["", "", ""],
            "size": [5.0, np.nan, 100.0],
            "revenue": [400.0, 50.0, np.nan],
            "costs": [300.0, np.nan, np.nan],
            "lat": [47.0, np.nan, 46.5],
            "lon": [8.0, np.nan, 7.5],
            "founded": [1990, 2001, 1855],
            "listed": [True, False, False],
        }
    )
    return FirmTable(frame, unit="jobs", year=2014, source="register")


def link_table() -> LinkTable:
    frame = pd.DataFrame(
        {
            "source": ["a", "a", "b", "u", "b"],
            "target": ["b", "u", "c", "a", "a"],
            "weight": [2.0, 1.0, 3.0, 1.0, 4.0],
            "layer": ["supply", "membership", "supply", "project", "project"],
        }
    )
    return LinkTable(frame, unit="EUR", year=2014)


def whole_bundle() -> Bundle:
    io, firms, links = io_table(), firm_table(), link_table()
    jobs = EmploymentTable(
        pd.DataFrame({"region": ["r"], "industry": ["i"], "employment": [3.0], "establishments": [np.nan]}), year=2014
    )
    network = build(io, firms, links, name="all")
    return Bundle(
        io=io, firms=firms, links=links, employment=jobs, network=network, name="all", notes=(Note("x", "Y.", 3),)
    )


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def test_all_comes_back_as_it_was(tmp_path: Path) -> None:
    before = whole_bundle()
    save(before, tmp_path / "net")
    after = load(tmp_path / "net")
    assert after.parts == before.parts
    assert (after.name, after.notes) == (before.name, before.notes)
    assert before.io is not None
    assert after.io is not None
    for key in ("Z", "Y", "V", "x"):
        np.testing.assert_array_equal(getattr(after.io, key), getattr(before.io, key))
    for key in ("sectors", "demand", "inputs"):
        pd.testing.assert_frame_equal(getattr(after.io, key), getattr(before.io, key))
    assert (after.io.unit, after.io.year, after.io.source, after.io.origin, after.io.changes) == (
        before.io.unit,
        2014,
        "Büro",
        "domestic",
        before.io.changes,
    )
    assert after.io.imports is not None
    assert before.io.imports is not None
    np.testing.assert_array_equal(after.io.imports.Z, before.io.imports.Z)
    np.testing.assert_array_equal(after.io.accounts["jobs"].values, [1.0, np.nan])
    np.testing.assert_array_equal(after.io.accounts["jobs"].demand_values, [3.0])
    for part in ("firms", "links", "employment"):
        pd.testing.assert_frame_equal(getattr(after, part).frame, getattr(before, part).frame)
    assert before.network is not None
    assert after.network is not None
    pd.testing.assert_frame_equal(after.network.nodes, before.network.nodes)
    assert after.network.changes == before.network.changes
    assert list(after.network.layers) == list(before.network.layers)
    for key, layer in before.network.layers.items():
        again = after.network.layers[key]
        assert (again.unit, again.directed, again.money) == (layer.unit, layer.directed, layer.money)
        np.testing.assert_array_equal(again.matrix.toarray(), layer.matrix.toarray())


def test_the_same_bundle_is_the_same_bytes(tmp_path: Path) -> None:
    save(whole_bundle(), tmp_path / "one")
    save(load(tmp_path / "one"), tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_no_pandas_metadata_and_a_fixed_schema(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    save(whole_bundle(), tmp_path / "net")
    schema = pq.read_schema(tmp_path / "net" / "layers" / "supply.parquet")
    assert [(field.name, str(field.type)) for field in schema] == [
        ("source", "int32"),
        ("target", "int32"),
        ("weight", "double"),
    ]
    assert schema.metadata is None


def test_a_trade_table_is_written_out_and_read_back(tmp_path: Path) -> None:
    rows = "SELECT * FROM (VALUES (2020, 'DE', 'FR', '84', 3.0), (2020, 'FR', 'DE', '84', 5.5)) t"
    columns = ("year", "exporter", "importer", "product", "value")
    query = f"SELECT {', '.join(f'col{k} AS {name}' for k, name in enumerate(columns))} FROM ({rows})"
    trade = TradeTable(query, columns, duckdb.connect, years=(2020,), names={"DE": "Germany"}, unit="thousand USD")
    save(Bundle(trade=trade), tmp_path / "trade's net")
    again = load(tmp_path / "trade's net").trade
    assert again is not None
    assert (again.columns, again.years, again.unit, dict(again.names)) == (
        columns,
        (2020,),
        "thousand USD",
        {"DE": "Germany"},
    )
    connection = again.connect()
    assert connection.sql(again.query).fetchall() == [  # type: ignore[attr-defined]
        (2020, "DE", "FR", "84", 3.0),
        (2020, "FR", "DE", "84", 5.5),
    ]


def test_a_supply_use_table_comes_back(tmp_path: Path) -> None:
    labels = io_table().sectors
    before = SupplyUse(
        labels,
        labels,
        np.eye(2) * 9,
        np.ones((2, 2)),
        np.ones((2, 1)),
        io_table().demand,
        np.ones((1, 2)),
        io_table().inputs,
    )
    save(Bundle(supply_use=before), tmp_path / "sut")
    after = load(tmp_path / "sut").supply_use
    assert after is not None
    np.testing.assert_array_equal(after.supply, before.supply)
    pd.testing.assert_frame_equal(after.products, before.products)


def test_nothing_is_overwritten_without_force_and_no_stranger_with_it(tmp_path: Path) -> None:
    network = build(io_table())
    save(network, tmp_path / "net")
    with pytest.raises(NetclusterError, match="there already"):
        save(network, tmp_path / "net")
    save(build(link_table()), tmp_path / "net", force=True)
    kept = load(tmp_path / "net").network
    assert kept is not None
    assert list(kept.ids) == ["a", "b", "c", "u"]
    stranger = tmp_path / "photos"
    stranger.mkdir()
    (stranger / "cat.png").write_bytes(b"x")
    with pytest.raises(NetclusterError, match="no saved network"):
        save(network, stranger, force=True)
    assert (stranger / "cat.png").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net", "photos"]


def test_a_save_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(build(io_table()), tmp_path / "net")
    before = files(tmp_path / "net")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("netcluster.network.store.write_columns", full)
    with pytest.raises(NetclusterError, match="No space left"):
        save(build(link_table()), tmp_path / "net", force=True)
    assert files(tmp_path / "net") == before
    assert [path.name for path in tmp_path.iterdir()] == ["net"]


def test_a_damaged_folder_is_an_error(tmp_path: Path) -> None:
    save(build(io_table()), tmp_path / "net")
    layer = tmp_path / "net" / "layers" / "supply.parquet"
    layer.write_bytes(b"PAR1 nonsense")
    with pytest.raises(NetclusterError, match=r"supply.parquet can't be read"):
        load(tmp_path / "net")
    layer.unlink()
    with pytest.raises(NetclusterError, match="missing"):
        load(tmp_path / "net")
    (tmp_path / "net" / "network.json").write_text('{"schema": 99}')
    with pytest.raises(NetclusterError, match="later netcluster"):
        load(tmp_path / "net")
    with pytest.raises(NetclusterError, match="no saved network"):
        load(tmp_path)
    assert not is_saved(tmp_path)


def test_an_empty_network_comes_back(tmp_path: Path) -> None:
    network = build(LinkTable(link_table().frame.iloc[:0]))
    save(network, tmp_path / "net")
    again = load(tmp_path / "net").network
    assert again is not None
    assert again.n == 0


def test_a_move_that_fails_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(build(io_table()), tmp_path / "net")
    before = files(tmp_path / "net")
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "made":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(NetclusterError, match="Permission denied"):
        save(build(link_table()), tmp_path / "net", force=True)
    assert files(tmp_path / "net") == before


def test_links_in_several_row_groups_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Groups of three rows: a node's links stand across the edge of two groups, and some nodes have none.
    monkeypatch.setattr("netcluster.network.parquet.GROUP", 3)
    ends = [("a", "b"), ("a", "c"), ("a", "d"), ("a", "e"), ("c", "a"), ("c", "b"), ("e", "a")]
    frame = pd.DataFrame(ends, columns=["source", "target"]).assign(weight=np.arange(1.0, 8.0), layer="supply")
    network = build(LinkTable(frame))
    save(network, tmp_path / "net")
    found = load(tmp_path / "net").network
    assert found is not None
    assert (found.layer().matrix.toarray() == network.layer().matrix.toarray()).all()
    assert found.layer().matrix.indptr.tolist() == network.layer().matrix.indptr.tolist()


def test_links_out_of_order_are_an_error(tmp_path: Path) -> None:
    frame = pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"], "weight": [1.0, 2.0], "layer": "supply"})
    save(build(LinkTable(frame)), tmp_path / "net")
    place = tmp_path / "net" / "layers" / "supply.parquet"
    pd.read_parquet(place).iloc[::-1].to_parquet(place, index=False)
    with pytest.raises(NetclusterError, match="out of order"):
        load(tmp_path / "net")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("network", {"order": 5}),
        ("network", {"order": ["../../secret"]}),
        ("notes", [{"x": 1}]),
        ("tables", {"../../io": {}}),
        ("tables", None),
        ("name", None),
    ],
)
def test_a_head_that_was_meddled_with_is_an_error(tmp_path: Path, part: str, value: object) -> None:
    save(build(link_table()), tmp_path / "net")
    head = json.loads((tmp_path / "net/network.json").read_text(encoding="utf-8"))
    if value is None:
        del head[part]
    else:
        head[part] = {**head[part], **value} if isinstance(value, dict) and part == "network" else value
    (tmp_path / "net/network.json").write_text(json.dumps(head), encoding="utf-8")
    with pytest.raises(NetclusterError, match="is damaged"):
        load(tmp_path / "net")
