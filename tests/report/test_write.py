"""Files: what went in comes out, in every form, and the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcluster.core.csv_text import to_csv
from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding
from netcluster.report.forms import to_json, to_markdown
from netcluster.report.write import ENDINGS, save_frame

HOSTILE = [
    "=1+1",
    "<script>alert(1)</script>",
    'a "b", c',
    "x\r\ny",
    "محرك",
    "k" * 10_000,
    "|pipe|",
    "-2+3",
    "@SUM(A1)",
]
FRAME = pd.DataFrame(
    {
        "node": HOSTILE,
        "hhi": [0.1, 1 / 3, float("nan"), 1e-12, 1e300, 0.0, -0.5, 2.0, 0.25],
        "members": np.arange(9, dtype=np.int64),
        "dependent": [True, False] * 4 + [True],
    }
)
PROVENANCE = {"command": "risk dependence", "seed": 0, "inputs": [{"name": "a.csv", "sha256": "00", "bytes": 3}]}
FINDING = Finding(
    "D", "Cars", "industry", "hhi", 0.3, 0.25, "high", 0.02, "Cars buy from one.", ({"partner": "Steel"},)
)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_rows_give_the_same_bytes_on_another_day(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    first = save_frame(FRAME, tmp_path / f"a{ending}", PROVENANCE, [FINDING]).read_bytes()
    later = time.time() + 40 * 86400
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    time_dependent = save_frame(FRAME, tmp_path / f"b{ending}", PROVENANCE, [FINDING]).read_bytes()
    assert first == time_dependent


def test_xlsx_bears_no_date_of_today(tmp_path: Path) -> None:
    import zipfile

    path = save_frame(FRAME, tmp_path / "a.xlsx", PROVENANCE)
    with zipfile.ZipFile(path) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b">1980-01-01T00:00:00Z<" in book.read("docProps/core.xml")


def test_xlsx_holds_labels_as_text_and_opens_with_every_sheet(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(save_frame(FRAME, tmp_path / "a.xlsx", PROVENANCE, [FINDING]))
    assert book.sheetnames == ["data", "findings", "provenance"]
    column = book["data"]["A"][1:]
    assert {cell.data_type for cell in column} == {"s"}
    # XML readers give every line end as one line feed (XML 1.0, §2.11).
    assert [cell.value.replace("\r\n", "\n").replace("_x000D_", "") for cell in column] == [
        label.replace("\r\n", "\n") for label in HOSTILE
    ]
    assert book["data"]["B4"].value is None
    assert book["data"]["B3"].value == 1 / 3
    assert [[cell.value for cell in row] for row in book["provenance"].iter_rows(min_row=2)][2] == [
        "inputs.1.name",
        "a.csv",
    ]


def test_xlsx_says_what_excel_cannot_hold(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="longer than an Excel cell"):
        save_frame(pd.DataFrame({"node": ["k" * 32_768]}), tmp_path / "a.xlsx")
    with pytest.raises(NetclusterError, match="more than an Excel sheet holds"):
        save_frame(pd.DataFrame({"node": np.zeros(1_048_576)}), tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_csv_is_verbatim_and_complete() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(FRAME), newline="")))
    assert rows[0] == ["node", "hhi", "members", "dependent"]
    assert [row[0] for row in rows[1:]] == HOSTILE
    # Every digit: the text reads back as the same double.
    assert [float(row[1]) if row[1] else None for row in rows[1:]] == [
        None if math.isnan(value) else value for value in FRAME["hhi"]
    ]


@given(st.lists(st.tuples(st.text(), st.floats() | st.none()), max_size=6))
def test_csv_reads_back_as_it_was(rows: list[tuple[str, float | None]]) -> None:
    frame = pd.DataFrame({"label": [row[0] for row in rows], "value": pd.Series([row[1] for row in rows], dtype=float)})
    back = list(csv.reader(io.StringIO(to_csv(frame), newline="")))[1:]
    assert [row[0] for row in back] == [row[0] for row in rows]
    values = [row[1] for row in rows]
    assert [row[1] for row in back] == [
        "" if value is None or math.isnan(value) else str(float(value)) for value in values
    ]


def test_json_has_provenance_records_and_findings_and_no_nan() -> None:
    frame = pd.concat([FRAME, pd.DataFrame({"node": ["inf"], "hhi": [math.inf], "members": [9], "dependent": [False]})])
    text = to_json(frame, {**PROVENANCE, "bad": math.nan}, [FINDING], {"partition": {"modularity": 0.4}})
    data = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert list(data) == ["provenance", "records", "findings", "partition"]
    assert data["provenance"]["bad"] is None
    assert [record["node"] for record in data["records"]] == [*HOSTILE, "inf"]
    assert data["records"][2]["hhi"] is None
    assert data["records"][9]["hhi"] is None
    assert data["records"][0]["dependent"] is True
    assert data["findings"][0]["evidence"] == [{"partner": "Steel"}]


def test_json_of_no_rows() -> None:
    assert json.loads(to_json(FRAME.head(0))) == {"provenance": {}, "records": [], "findings": []}


def test_parquet_keeps_types_and_provenance_but_nothing_of_pandas(tmp_path: Path) -> None:
    table = pq.read_table(save_frame(FRAME, tmp_path / "a.parquet", PROVENANCE))
    assert json.loads(table.schema.metadata[b"netcluster"]) == PROVENANCE
    assert b"pandas" not in table.schema.metadata
    assert table.column("node").to_pylist() == HOSTILE
    assert str(table.schema.field("hhi").type) == "double"


def test_markdown_breaks_on_no_label() -> None:
    lines = to_markdown(FRAME, [FINDING]).splitlines()
    unescaped = [line.replace("\\|", "") for line in lines[:11]]
    assert {line.count("|") for line in unescaped} == {5}
    assert not any("<script" in line for line in lines)
    assert lines[-1] == "- **high** Cars buy from one."


def test_a_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = save_frame(FRAME, tmp_path / "a.csv")
    with pytest.raises(NetclusterError, match="there already"):
        save_frame(FRAME.head(1), path)
    assert len(save_frame(FRAME.head(1), path, force=True).read_text(encoding="utf-8").splitlines()) == 2


def test_an_unknown_ending_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match=r"\.doc") as caught:
        save_frame(FRAME, tmp_path / "a.doc")
    assert ".parquet" in caught.value.hint
