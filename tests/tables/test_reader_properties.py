"""Properties: any dialect gives the same table, and no damage gives a traceback or a total that is silently wrong."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.tables.balance import TOLD, sides
from netcluster.tables.inspect import inspect
from netcluster.tables.iotable import IOTable
from netcluster.tables.read import read, read_table
from tests.io_texts import EUROSTAT, ICIO, LONG, MAKE, OECD, PLAIN, WIOD

TEXTS = [PLAIN, EUROSTAT, OECD, WIOD, ICIO, LONG, MAKE]
CELLS = [line.split(";") for line in EUROSTAT.strip().split("\n")]


def table_of(data: bytes, name: str = "table.csv") -> IOTable:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return read_table(path)


TRUTH = table_of(EUROSTAT.encode())


def number_text(value: float, decimal: str, group: str) -> str:
    text = f"{value:,.1f}" if decimal == "," or group else f"{value:.1f}"
    return text.replace(",", "G").replace(".", decimal).replace("G", group)


@st.composite
def dialects(draw: st.DrawFn) -> tuple[bytes, str]:
    """Write the Eurostat table in a dialect: separator, marks, encoding, titles, notes, blank and zero marks."""
    delimiter, decimal, group = draw(
        st.sampled_from(
            [
                (",", ".", ""),
                (";", ",", ""),
                (";", ",", "."),
                ("\t", ",", "."),
                ("\t", ".", ","),
                ("|", ".", "'"),
                (";", ".", " "),
            ]
        )
    )
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    void = draw(st.sampled_from(["", ":", "NA", "..", "n.a."]))
    titles = draw(
        st.lists(st.sampled_from(["Tabelle 1: Güter × Güter", "Werte in Mio. Euro, Stand 31.12.2023", ""]), max_size=3)
    )
    notes = draw(st.lists(st.sampled_from(["Quelle: Amt für Statistik", ": = secret", "____"]), max_size=3))
    quoted = draw(st.booleans()) or delimiter == ","
    lines = []
    for k, row in enumerate(CELLS):
        cells = row[:2] if k else row
        if k:
            cells = [*cells, *(number_text(float(c), decimal, group) if c else void for c in row[2:])]
        lines.append(delimiter.join(f'"{cell}"' if quoted else cell for cell in cells))
    text = newline.join([*titles, *lines, *notes]) + newline
    return text.encode(encoding), f"{delimiter!r} {decimal!r} {group!r} {encoding} {void!r}"


@given(dialects())
def test_any_dialect_gives_the_same_table(written: tuple[bytes, str]) -> None:
    io = table_of(written[0])
    np.testing.assert_array_equal(io.Z, TRUTH.Z)
    np.testing.assert_array_equal(io.Y, TRUTH.Y)
    np.testing.assert_array_equal(io.V, TRUTH.V)
    np.testing.assert_array_equal(io.x, TRUTH.x)
    assert io.ids == TRUTH.ids


@given(st.permutations(range(1, len(CELLS))), st.permutations(range(2, len(CELLS[0]))))
def test_rows_and_columns_may_stand_in_any_order(rows: list[int], columns: list[int]) -> None:
    kept = [[CELLS[i][j] for j in [0, 1, *columns]] for i in [0, *rows]]
    io = table_of("\n".join(";".join(row) for row in kept).encode())
    for i, seller in enumerate(io.ids):
        for j, buyer in enumerate(io.ids):
            assert io.Z[i, j] == TRUTH.Z[TRUTH.ids.index(seller), TRUTH.ids.index(buyer)]
    assert sorted(io.x) == sorted(TRUTH.x)
    assert io.V.sum() == TRUTH.V.sum()
    assert io.Y.sum() == TRUTH.Y.sum()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Break a good file: cells replaced, lines lost or doubled, characters and bytes lost or put in."""
    lines = draw(st.sampled_from(TEXTS)).strip("\n").split("\n")
    for _ in range(draw(st.integers(1, 4))):
        k = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["drop", "double", "cell", "cut", "swap", "mark"]))
        mark = ";" if ";" in lines[0] else ","
        cells = lines[k].split(mark)
        j = draw(st.integers(0, len(cells) - 1))
        if how == "drop" and len(lines) > 1:
            del lines[k]
        elif how == "double":
            lines.insert(k, lines[k])
        elif how == "cell":
            cells[j] = draw(
                st.sampled_from(
                    ["", "abc", "-5", "1e9", "NaN", "inf", "1,5", "1.234,5", '"', "=A1", "\x00", "π", "9" * 40]
                )
            )
            lines[k] = mark.join(cells)
        elif how == "cut":
            lines[k] = lines[k][: draw(st.integers(0, len(lines[k])))]
        elif how == "swap":
            lines[k], lines[0] = lines[0], lines[k]
        else:
            lines[k] = lines[k].replace(mark, draw(st.sampled_from([";", ",", "\t", "|", ""])), 1)
    return "\n".join(lines).encode(draw(st.sampled_from(["utf-8", "utf-16", "cp1252"])), errors="replace")


@settings(max_examples=60)
@given(damaged())
def test_damage_gives_an_error_or_a_table_whose_misses_are_told(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(data)
        try:
            bundle = read(path)
        except NetclusterError:
            inspect(path)
            return
        io = bundle.io
        if io is None:
            return
        codes = {note.code for note in io.changes}
        for side, name in zip(sides(io), ("unbalanced_rows", "unbalanced_columns"), strict=True):
            off = np.abs(side - io.x) > TOLD * np.maximum(np.abs(io.x), np.abs(io.x).mean() * 0.01)
            assert not off.any() or name in codes or "folded_regions" in codes
        assert np.isfinite(io.A).all()
        assert inspect(path).lines()


@given(st.binary(max_size=400))
def test_bytes_at_random_never_break_the_readers(data: bytes) -> None:
    for name in ("t.csv", "t.xlsx", "t.parquet", "t.zip", "t.gz"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(data)
            with contextlib.suppress(NetclusterError):
                read(path)


def test_a_changed_flow_is_never_lost() -> None:
    # Every flow of the table, one at a time, a hundred more: the reader gives it back and says rows do not add up.
    for i in (1, 2):
        for j in (2, 3):
            cells = [list(row) for row in CELLS]
            cells[i][j] = str(float(cells[i][j]) + 100)
            io = table_of("\n".join(";".join(row) for row in cells).encode())
            assert io.Z.sum() == TRUTH.Z.sum() + 100
            assert any(note.code == "unbalanced_rows" for note in io.changes)


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_the_same_table_from_every_container(tmp_path: Path, ending: str) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        [[*row[:2], *(float(c) if c else None for c in row[2:])] for row in CELLS[1:]], columns=CELLS[0]
    )
    path = tmp_path / f"table.{ending}"
    if ending == "csv":
        frame.to_csv(path, index=False)
    elif ending == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_excel(path, index=False)
    io = read_table(path)
    np.testing.assert_array_equal(io.Z, TRUTH.Z)
    np.testing.assert_array_equal(io.V, TRUTH.V)
