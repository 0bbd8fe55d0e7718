"""Mutated tables: refused in words or read, never a traceback, and never another total without a word.

A sample of what `python -m benchmarks.fuzz` tries on every table there is. A mutation that touches no number (another
encoding, a title, a zip around it) must leave every account as it was, or be refused.
"""

from __future__ import annotations

import contextlib
import random
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.fuzz import _differs, totals
from benchmarks.mutations import HOSTILE, Mutated, mutate
from netcluster.core.errors import NetclusterError
from netcluster.network.open import open_inputs
from netcluster.tables import rowkinds
from netcluster_datasets import path
from tests.io_texts import PLAIN, written
from tests.shared import shared_data

VALLEY = Path(path("valley"))
TABLES = [Path(path("miller-blair")), Path(path("germany-1995")), VALLEY / "employment.csv", VALLEY / "regions.csv"]
CASES = 60


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return small tables of every kind: the first lines of those that are long."""
    folder = tmp_path_factory.mktemp("tables")
    found = []
    for name, lines in (("links.csv", 200), ("firms.csv", 100), ("satellites.csv", 60)):
        text = (VALLEY / name).read_text(encoding="utf-8").splitlines(keepends=True)[:lines]
        found.append(written(folder, name, "".join(text)))
    trade = (Path(path("trade")) / "trade.csv").read_text(encoding="utf-8").splitlines(keepends=True)[:300]
    return [*TABLES, *found, written(folder, "trade.csv", "".join(trade)), _workbook(folder / "book.xlsx")]


def _workbook(target: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in PLAIN.strip().splitlines():
        sheet.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in line.split(",")])
    book.save(target)
    return target


def fate(mutated: Mutated, folder: Path, before: dict[str, float] | None) -> str:
    """Return "read" or "refused"; a wrong total, and any error but ours, fails the test."""
    target = folder / mutated.name
    target.write_bytes(mutated.content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = totals(target)
        except NetclusterError:
            return "refused"
    if mutated.neutral:
        assert not _differs(before, found), mutated.mutation
    return "read"


def plain(table: Path) -> dict[str, float] | None:
    try:
        return totals(table)
    except NetclusterError:
        return None


def test_a_sample_of_mutations(tables: list[Path], tmp_path: Path) -> None:
    before = {table: plain(table) for table in tables}
    assert sum(found is not None for found in before.values()) >= 7
    fates = Counter(
        fate(mutate(table, random.Random(number)), tmp_path, before[table])
        for number, table in ((number, tables[number % len(tables)]) for number in range(CASES))
    )
    assert fates["read"] > 10
    assert fates["refused"] > 10


#: Cells that stand for a number, or for none: what is counted is said to leave the table unbalanced.
UNDERSTOOD = {"NaN": 0.0, "-": 0.0, "..": 0.0, ":": 0.0, "١٢٣": 123.0, "€ 5": 5.0}


@pytest.mark.parametrize("cell", [cell for cell in HOSTILE if len(cell) < 100], ids=ascii)
def test_a_hostile_cell_is_refused_or_is_the_number_it_says(cell: str, tmp_path: Path) -> None:
    text = TABLES[0].read_text(encoding="utf-8")
    assert text.count("150") == 1  # the first flow of the textbook's table: 150 of 950
    target = tmp_path / "t.csv"
    target.write_text(text.replace("150", cell), encoding="utf-8", newline="")
    if cell not in UNDERSTOOD:
        with pytest.raises(NetclusterError):
            open_inputs([target])
        return
    io = open_inputs([target]).table()
    assert io.Z.sum() == 950 - 150 + UNDERSTOOD[cell]
    assert "unbalanced_rows" in {note.code for note in io.changes}


def _all_on_one_line(table: Path) -> tuple[str, bytes]:
    return table.name, table.read_bytes().replace(b"\n", b",") * 300


def _header_alone(table: Path) -> tuple[str, bytes]:
    return table.name, table.read_bytes().splitlines(keepends=True)[0]


def _named_as_packed(table: Path) -> tuple[str, bytes]:
    return f"{table.stem}.csv.gz", table.read_bytes()


def _named_a_workbook(table: Path) -> tuple[str, bytes]:
    return f"{table.stem}.xls", table.read_bytes()[: table.stat().st_size // 2]


#: What a run of the fuzzer once found: an error that was none of ours, or a read of more than 30 seconds.
FOUND = {
    "line ends gone": _all_on_one_line,
    "no rows under the header": _header_alone,
    "not packed as its name says": _named_as_packed,
    "half a table named a workbook": _named_a_workbook,
}


@pytest.mark.parametrize("change", FOUND.values(), ids=FOUND.keys())
def test_what_was_found_and_mended(
    change: Callable[[Path], tuple[str, bytes]], tables: list[Path], tmp_path: Path
) -> None:
    for table in tables:
        name, content = change(table)
        (tmp_path / name).write_bytes(content)
        with contextlib.suppress(NetclusterError):
            assert _differs(plain(table), totals(tmp_path / name)) == "" or change in (_header_alone, _named_a_workbook)


def test_an_old_workbook_cut_short_is_refused_where_the_parser_panics(tmp_path: Path) -> None:
    book = sorted(shared_data("brazil_ibge_2019").rglob("*.xls"), key=lambda path: path.stat().st_size)[0].read_bytes()
    for part in range(1, 20):
        (tmp_path / "t.xls").write_bytes(book[: len(book) * part // 20])
        with contextlib.suppress(NetclusterError):
            open_inputs([tmp_path / "t.xls"])


def test_a_row_far_below_the_others_does_not_keep_the_reader_busy(tmp_path: Path) -> None:
    """A flipped byte once put a row at 21,517: each empty line was compared with all above it, for a minute."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    lines: list[list[Any]] = [["sector", "a", "b"], ["a", 1, 2], ["b", 3, 4], ["note", "x", "y"]]
    for number, line in enumerate(lines, start=1):
        for place, cell in enumerate(line, start=1):
            sheet.cell(number if number < 4 else 20_000, place, cell)
    book.save(tmp_path / "t.xlsx")
    compared = 0

    def counted(kinds: Sequence[str], i: int) -> int:
        nonlocal compared
        compared += 1
        return block_start(kinds, i)

    block_start = rowkinds._block_start
    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(NetclusterError):
        patch.setattr(rowkinds, "_block_start", counted)
        open_inputs([tmp_path / "t.xlsx"])
    assert compared < 100
