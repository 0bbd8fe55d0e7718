"""Folders, archives of several tables, and copies of a table in two formats, made up by hand."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.network.open import open_inputs, open_years
from netcluster.tables.inputs import files_of
from netcluster.tables.inspect import inspect
from netcluster.tables.read import read, read_table
from tests.io_texts import FLOWS, PLAIN, written

TRADE = "exporter,importer,value\nA,B,1\nB,C,2\nC,A,{}\n"


def packed(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def test_an_archive_of_years_is_read_as_a_folder_of_years(tmp_path: Path) -> None:
    path = packed(tmp_path / "flows.zip", {f"flows_{year}.csv": TRADE.format(year - 2015) for year in (2018, 2019)})
    latest = open_inputs(path).trade
    assert latest is not None
    assert latest.frame()["value"].iloc[0] == 7.0
    years = [bundle.trade.frame()["value"].iloc[0] for bundle in open_years(path) if bundle.trade is not None]
    assert years == [6.0, 7.0]


def test_an_archive_with_a_table_and_its_codes(tmp_path: Path) -> None:
    members = {
        "BACI_HS17_Y2020.csv": "t,i,j,k,v,q\n2020,4,24,010121,0.5,1\n2020,24,4,010121,3.5,NA\n",
        "country_codes.csv": "country_code,country_name\n4,Afghanistan\n24,Angola\n",
        "Readme.txt": "BACI",
    }
    trade = read(packed(tmp_path / "baci.zip", members)).trade
    assert trade is not None
    assert trade.frame()["value"].iloc[0] == 4.0
    assert trade.names["4"] == "Afghanistan"


def mrio() -> tuple[dict[str, str], np.ndarray, np.ndarray]:
    """Return the parts of a two-region table as pymrio saves them, with an extension in a folder of its own."""
    rng = np.random.default_rng(0)
    Z, Y = rng.integers(1, 50, (4, 4)).astype(float), rng.integers(1, 50, (4, 2)).astype(float)
    sides = [(region, sector) for region in ("AT", "BE") for sector in ("wheat", "steel")]

    def part(values: np.ndarray, columns: list[tuple[str, str]], level: str) -> str:
        head = "region\t\t" + "\t".join(r for r, _ in columns) + f"\n{level}\t\t" + "\t".join(c for _, c in columns)
        body = ["\t".join([r, s, *map(str, values[k])]) for k, (r, s) in enumerate(sides)]
        return "\n".join([head, "region\tsector" + "\t" * len(columns), *body]) + "\n"

    heads = "region\t" + "\t".join(r for r, _ in sides) + "\nsector\t" + "\t".join(s for _, s in sides)
    members = {
        "IOT/Z.txt": part(Z, sides, "sector"),
        "IOT/Y.txt": part(Y, [("AT", "households"), ("BE", "households")], "category"),
        "IOT/file_parameters.json": "{}",
        "IOT/satellite/F.txt": f"{heads}\nstressor\t\t\t\t\nCO2\t1\t2\t3\t4\n",
        "IOT/satellite/unit.txt": "\tunit\nCO2\tkg\n",
    }
    return members, Z, Y


def test_a_multi_regional_table_in_an_archive_with_its_extension(tmp_path: Path) -> None:
    members, Z, Y = mrio()
    io = read_table(packed(tmp_path / "IOT_2019.zip", members))
    assert io.ids == ("AT:wheat", "AT:steel", "BE:wheat", "BE:steel")
    assert io.Z.tolist() == Z.tolist()
    assert io.Y.tolist() == Y.tolist()
    assert io.accounts["CO2"].values.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_a_name_that_leads_out_of_an_archive_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "bad.zip", {"../../etc/a.csv": PLAIN, "b.csv": PLAIN})
    with pytest.raises(NetclusterError, match="leads out of the archive"):
        files_of(path)


def test_what_is_no_table_in_a_folder_is_passed_by_and_said(tmp_path: Path) -> None:
    written(tmp_path, "table.csv", PLAIN)
    written(tmp_path, "series.csv", "code,name,1990,1991\nTOT,Everybody,1.5,2.5\nA,Farmers,1.5,2.5\n")
    bundle = read(tmp_path)
    assert bundle.io is not None
    assert bundle.io.Z.tolist() == FLOWS
    assert "series.csv" in next(note.text for note in bundle.notes if note.code == "passed_by")
    with pytest.raises(NetclusterError, match="series"):
        read([tmp_path / "table.csv", tmp_path / "series.csv"])


def test_one_table_in_two_formats_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path, "table.csv", PLAIN)
    pd.read_csv(path).to_excel(tmp_path / "table.xlsx", index=False)
    bundle = read(tmp_path)
    assert bundle.io is not None
    assert "copies" in [note.code for note in bundle.notes]


def test_inspect_names_the_archive_and_not_what_was_taken_out(tmp_path: Path) -> None:
    path = packed(tmp_path / "flows.zip", {"a_2018.csv": TRADE.format(3), "a_2019.csv": TRADE.format(4)})
    seen = inspect(path)
    assert seen.files == (str(path),)
    assert str(path) in seen.command


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "zip", "tsv.gz"])
def test_standard_input_takes_what_files_take(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"exporter": ["A", "B"], "importer": ["B", "A"], "value": [1.5, 2.0]})
    path = tmp_path / f"flows.{ending}"
    if ending == "xlsx":
        frame.to_excel(path, index=False)
    elif ending == "parquet":
        frame.to_parquet(path)
    elif ending == "zip":
        packed(path, {"flows_2019.csv": TRADE.format(0.5), "flows_2018.csv": TRADE.format(9)})
    else:
        frame.to_csv(path, index=False, sep="\t" if "tsv" in ending else ",")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    trade = read("-").trade
    assert trade is not None
    if ending == "zip":
        assert trade.years == (2018, 2019)
    else:
        assert trade.frame(by=["exporter"])["value"].tolist() == [1.5, 2.0]


def test_standard_input_is_called_by_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    # The source goes into results, which are the same bytes each time: no random file name may stand in it.
    for _ in range(2):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PLAIN.encode())))
        table = read("-").io
        assert table is not None
        assert table.source == "standard input"


def test_an_archive_that_unfolds_to_too_much_altogether(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "large.zip", {"a.csv": PLAIN, "b.csv": PLAIN})
    monkeypatch.setattr("netcluster.tables.archive.LARGEST", len(PLAIN) + 1)
    with pytest.raises(NetclusterError, match="zip bomb"):
        files_of(path)


def test_a_full_disk_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    path = packed(tmp_path / "two.zip", {"c.csv": PLAIN, "d.csv": PLAIN})
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(NetclusterError, match="No space left on device") as error:
        files_of(path)
    assert "TMPDIR" in error.value.hint


def test_a_workbook_alone_in_an_archive(tmp_path: Path) -> None:
    book = tmp_path / "table.xlsx"
    pd.read_csv(written(tmp_path, "table.csv", PLAIN)).to_excel(book, index=False)
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.write(book, "release/table.xlsx")
    assert read_table(tmp_path / "packed.zip").Z.tolist() == FLOWS


def test_an_encoding_nobody_knows_is_said(tmp_path: Path) -> None:
    with pytest.raises(NetclusterError, match="no encoding 'utf-99'"):
        read_table(written(tmp_path, "table.csv", PLAIN), encoding="utf-99")
