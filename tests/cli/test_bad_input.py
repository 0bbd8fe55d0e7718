"""Bad input from the first day: a clear error in two lines or a stated decision, never a traceback, nothing half-written."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from netcluster_cli.main import run

GOOD = "sector,farms,factories,final_demand\nfarms,150,500,350\nfactories,200,100,1700\nvalue_added,650,1400,\n"

REFUSED = {
    "empty": b"",
    "blank lines": b"\n\n\n",
    "binary": bytes(range(256)) * 40,
    "ragged": b"sector,a,b,final_demand\na,1,2,3\nb,4\nvalue_added,1,1,\n",
    "not square": b"sector,a,b,c,final_demand\na,1,2,3,9\nb,4,5,6,9\nvalue_added,5,5,5,\n",
    "text among numbers": b"sector,a,b,final_demand\na,1,two,3\nb,4,5,6\nvalue_added,5,5,\n",
    "infinite": b"sector,a,b,final_demand\na,1,inf,3\nb,4,5,6\nvalue_added,5,5,\n",
    "the same label twice": b"sector,a,a,final_demand\na,1,2,3\na,4,5,6\nvalue_added,5,5,\n",
    "all zero": b"sector,a,b,final_demand\na,0,0,0\nb,0,0,0\nvalue_added,0,0,\n",
    "a header alone": b"sector,a,b,final_demand\n",
    "prose": b"Dear Sir or Madam,\nplease find the table attached.\nYours\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_two_lines(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(REFUSED[name])
    out = tmp_path / "run"
    assert run(["analyze", str(table), "-o", str(out)]) == 1
    error = capsys.readouterr().err
    lines = [line for line in error.splitlines() if not line.startswith("Note: ")]
    assert lines[0].startswith("Error: "), error
    assert "fault of netcluster" not in error
    assert len(lines) <= 2, error
    assert list(tmp_path.iterdir()) == [table]


@pytest.mark.parametrize("arguments", [["--sheet", "nope"], ["--encoding", "utf-99"], ["--kind", "poem"]])
def test_options_that_fit_nothing_are_said(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(io.StringIO(GOOD)):
        sheet.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in row])
    path = tmp_path / "table.xlsx"
    book.save(path)
    if arguments[0] == "--encoding":
        path = tmp_path / "table.csv"
        path.write_text(GOOD)
    assert run(["sectors", str(path), *arguments]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Error: ")
    assert "fault of netcluster" not in "".join(lines)


def sectors(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, str]], str]:
    table = tmp_path / "table.csv"
    table.write_text(text, encoding="utf-8")
    assert run(["sectors", str(table)]) == 0
    printed = capsys.readouterr()
    return list(csv.DictReader(io.StringIO(printed.out))), printed.err


def test_the_good_table_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, _ = sectors(GOOD, tmp_path, capsys)
    assert [row["sector"] for row in rows] == ["farms", "factories"]
    # Miller and Blair (2009), chapter 2: column sums of L are 1.5182 and 1.4521.
    assert [float(row["output_multiplier"]) for row in rows] == pytest.approx([1.5182, 1.4521], abs=5e-5)


def test_negative_flows_are_kept_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, error = sectors(GOOD.replace("farms,150,500,350", "farms,150,-50,900"), tmp_path, capsys)
    assert "negative" in error


def test_a_sector_without_output_stays_and_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "sector,farms,factories,idle,final_demand\nfarms,150,500,0,350\nfactories,200,100,0,1700\nidle,0,0,0,0\n"
        "value_added,650,1400,0,\n"
    )
    rows, error = sectors(text, tmp_path, capsys)
    assert rows[2]["output_multiplier"] == ""
    assert "idle" in error
    # The mean leaves it out: backward linkages are those of the two-sector table.
    assert [float(row["backward_linkage"]) for row in rows[:2]] == pytest.approx([1.0222, 0.9778], abs=5e-5)


def test_one_sector_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, _ = sectors("sector,all,final_demand\nall,50,50\nvalue_added,50,\n", tmp_path, capsys)
    # By hand: A = 0.5, so the multiplier is 2.
    assert [float(row["output_multiplier"]) for row in rows] == [2.0]


def test_a_missing_value_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, error = sectors(GOOD.replace("200,100", ":,100").replace("650", "850"), tmp_path, capsys)
    assert len(rows) == 2
    assert "empty" in error or "missing" in error


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_the_output_is_said(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(GOOD)
    command = [sys.executable, "-c", "import sys; from netcluster_cli.main import main; sys.exit(main())"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command, "sectors", str(table)], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert "Error: The output can't be written" in done.stderr
    assert "fault of netcluster" not in done.stderr


def test_a_place_that_may_not_be_looked_into_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = tmp_path / "closed"

    def refuse(self: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(self))

    # What Path.is_dir does under a folder without rights; as root no folder is without.
    monkeypatch.setattr(Path, "is_dir", refuse)
    assert run(["sectors", str(closed / "table.csv")]) == 1
    error = capsys.readouterr().err
    assert "permission denied" in error
    assert "fault of netcluster" not in error
