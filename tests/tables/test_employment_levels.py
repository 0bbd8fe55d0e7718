"""Jobs counted once: ownership, counties in states, sums without a name, and cross tables. All by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.options import ReadOptions
from netcluster.tables.read import read
from tests.long_files import write

#: Jobs by region (rows) and industry A, C, G.
JOBS = {"AT11": [10, 40, 30], "AT12": [5, 60, 20], "AT21": [7, 15, 50]}
SUMS = [22, 115, 100]


def jobs(path: Path, **options: object) -> EmploymentTable:
    table = read(path, ReadOptions(**options)).employment  # type: ignore[arg-type]
    assert table is not None
    return table


def cells(table: EmploymentTable) -> dict[tuple[str, str], float]:
    frame = table.frame
    return {(r, i): float(e) for r, i, e in zip(frame["region"], frame["industry"], frame["employment"], strict=True)}


def truth(names: tuple[str, ...] = ("A", "C", "G")) -> dict[tuple[str, str], float]:
    return {(region, name): float(v) for region, row in JOBS.items() for name, v in zip(names, row, strict=True)}


def cross(separator: str = ",", corner: str = "region", *, turned: bool = False, totals: bool = True) -> str:
    frame = pd.DataFrame(JOBS, index=["A", "C", "G"]).T
    if totals:
        frame.loc["Total"] = frame.sum()
        frame["Total"] = frame.sum(axis=1)
    return (frame.T if turned else frame).rename_axis(corner).to_csv(sep=separator)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("totals", [False, True])
def test_cross_tables_either_way_round(tmp_path: Path, separator: str, turned: bool, totals: bool) -> None:
    corner = "industry" if turned else "region"
    table = jobs(write(tmp_path / "jobs.csv", cross(separator, corner, turned=turned, totals=totals)))
    assert cells(table) == truth()


def test_a_cross_table_on_a_sheet_under_a_title(tmp_path: Path) -> None:
    frame = pd.DataFrame(JOBS, index=["01 : Crops", "10 : Food", "47 : Retail"]).T
    with pd.ExcelWriter(tmp_path / "bres.xlsx") as book:
        frame.rename_axis("Area").reset_index().to_excel(book, sheet_name="BRES 2019", startrow=2, index=False)
    table = jobs(tmp_path / "bres.xlsx")
    assert cells(table) == truth(("01 : Crops", "10 : Food", "47 : Retail"))
    assert table.year == 2019


def test_a_cross_table_whose_sides_can_not_be_told_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "x,foo,bar,baz\none,1,2,3\ntwo,4,5,6\n")
    with pytest.raises(NetclusterError, match="rows or columns are industries"):
        jobs(path, kind="employment")
    with pytest.raises(NetclusterError):
        read(path)


def eurostat(*, sex: str = "") -> str:
    """Return jobs by NUTS region in Eurostat's SDMX layout, nested regions and totals in it."""
    rows = []
    for geo, row in {**JOBS, "AT1": [15, 100, 50], "AT2": [7, 15, 50], "AT": SUMS}.items():
        for code, value in [*zip("ACG", row, strict=True), ("TOTAL", sum(row))]:
            for mark, share in (("F", 0.5), ("M", 0.5), ("T", 1.0)) if sex else (("T", 1.0),):
                rows.append(f"ESTAT:X(1.0),A,{mark},{code},{geo},2019,{value * share}")
    return "DATAFLOW,freq,sex,nace_r2,geo,TIME_PERIOD,OBS_VALUE\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize("sex", ["", "split"])
def test_eurostat_heads(tmp_path: Path, sex: str) -> None:
    table = jobs(write(tmp_path / "lfst.csv", eurostat(sex=sex)))
    assert cells(table) == truth()
    assert "taken_as_jobs" in [note.code for note in table.changes]


def test_qcew_counts_each_job_once(tmp_path: Path) -> None:
    # A county with 90 private and 10 public jobs, another of twice the size, and the state that holds both.
    private = [("10", 90), ("101", 40), ("102", 50), ("31-33", 40), ("44-45", 50), ("311", 40), ("441", 50)]
    public = [("10", 10), ("92", 10), ("921", 10)]
    rows = []
    for area, scale, level in (("01000", 3, 50), ("01001", 1, 70), ("01003", 2, 70)):
        rows.append(f"{area},0,10,{level},2019,{100 * scale}")
        rows += [f"{area},5,{code},{level + 1},2019,{value * scale}" for code, value in private]
        rows += [f"{area},3,{code},{level + 1},2019,{value * scale}" for code, value in public]
    head = "area_fips,own_code,industry_code,agglvl_code,year,annual_avg_emplvl\n"
    table = jobs(write(tmp_path / "qcew.csv", head + "\n".join(rows) + "\n"))
    assert cells(table) == {
        ("01001", "311"): 40.0,
        ("01001", "441"): 50.0,
        ("01001", "921"): 10.0,
        ("01003", "311"): 80.0,
        ("01003", "441"): 100.0,
        ("01003", "921"): 20.0,
    }


def test_counties_are_numbered_within_their_state(tmp_path: Path) -> None:
    # County Business Patterns since 2017: fillers in the codes, 001 in each state.
    rows = "".join(
        f"{state},001,{code},{value}\n"
        for state in ("01", "02")
        for code, value in (("------", 90), ("31----", 40), ("44----", 50), ("311///", 40), ("441///", 50))
    )
    table = jobs(write(tmp_path / "cbp.csv", "fipstate,fipscty,naics,emp\n" + rows))
    assert set(table.frame["region"]) == {"01001", "02001"}
    assert table.frame["employment"].sum() == 180.0


def test_a_country_beside_its_provinces_without_a_word_that_says_so(tmp_path: Path) -> None:
    rows = [
        f"{year},{geo},{name},thousands,{value}"
        for year in (2019, 2020)
        for geo, values in (("Canada", (30, 12)), ("Ontario", (20, 5)), ("Quebec", (10, 7)))
        for name, value in zip(("Farming [11]", "Making [31-33]"), values, strict=True)
    ]
    head = "REF_DATE,GEO,North American Industry Classification System (NAICS),SCALAR_FACTOR,VALUE\n"
    table = jobs(write(tmp_path / "statcan.csv", head + "\n".join(rows) + "\n"))
    assert (table.year, set(table.frame["region"])) == (2020, {"Ontario", "Quebec"})
    assert table.frame["employment"].sum() == 42.0


def test_jobs_of_several_quarters_are_never_added_up(tmp_path: Path) -> None:
    text = "region,industry,quarter,employment\nN,A,1,10\nN,A,2,11\nS,A,1,4\nS,A,2,5\n"
    with pytest.raises(NetclusterError, match="several periods"):
        jobs(write(tmp_path / "q.csv", text))


def test_values_nobody_calls_jobs_are_never_added_up(tmp_path: Path) -> None:
    text = "region;industry;size;value\nN;A;small;10\nN;A;large;11\nS;A;small;4\nS;A;large;5\n"
    path = write(tmp_path / "v.csv", text)
    with pytest.raises(NetclusterError, match="no column is named as jobs"):
        jobs(path)
    assert jobs(path, columns={"employment": "value"}).frame["employment"].sum() == 30.0


def test_values_by_region_product_and_industry_are_no_jobs(tmp_path: Path) -> None:
    text = "REG;COM;IND;value\n" + "".join(f"{r};{c};{i};1,5\n" for r in "NS" for c in "xy" for i in "ab")
    with pytest.raises(NetclusterError, match="half a pair"):
        read(write(tmp_path / "supply.csv", text))


def test_german_heads_and_thousands_with_dots(tmp_path: Path) -> None:
    text = "Regionalschlüssel;Region;WZ 2008;SvB insgesamt\n09162;München;A;1.250\n09162;München;C;41.000\n"
    text += "09163;Rosenheim;A;150\n09163;Rosenheim;C;1.000\n"
    table = jobs(write(tmp_path / "ba.csv", text, "cp1252"))
    assert table.frame["employment"].sum() == 43400.0


def test_a_region_that_happens_to_be_the_sum_of_two_others_is_kept_and_said(tmp_path: Path) -> None:
    """By hand: West has the jobs of North and South, in two industries, and stands last under a name of its own."""
    rows = "North,A,10\nNorth,B,20\nSouth,A,30\nSouth,B,5\nWest,A,40\nWest,B,25\n"
    table = jobs(write(tmp_path / "j.csv", "region,industry,employment\n" + rows))
    assert table.frame["employment"].sum() == 130.0
    assert any(note.code == "may_be_total" and "West" in note.text for note in table.changes)


def test_households_as_employers_are_section_t_and_no_total(tmp_path: Path) -> None:
    """NACE's sections run to U; T is a section beside others, and the total where it stands for a sex."""
    text = "region,industry,sex,employment\n" + "".join(
        f"{region},{section},{sex},{value * share}\n"
        for region, value in (("North", 10), ("South", 6))
        for section in "RSTU"
        for sex, share in (("T", 2), ("F", 1), ("M", 1))
    )
    table = jobs(write(tmp_path / "j.csv", text))
    assert sorted(table.frame["industry"].unique()) == ["R", "S", "T", "U"]
    assert table.frame["employment"].sum() == 4 * 2 * 16.0


def test_codes_padded_with_dashes_and_slashes(tmp_path: Path) -> None:
    """The County Business Patterns write 31---- and 311///; `-` in lfo stands for all legal forms."""
    text = "fipstate,naics,lfo,emp,est\n" + "".join(
        f"01,{code},{form},{value},1\n"
        for code, value in (("------", 100), ("31----", 60), ("311///", 60), ("44----", 40), ("441///", 40))
        for form, value in (("-", value), ("C", value - 9), ("S", 9))
    )
    table = jobs(write(tmp_path / "cbp19st.txt", text))
    assert dict(zip(table.frame["industry"], table.frame["employment"], strict=True)) == {"311": 60.0, "441": 40.0}


def test_years_across_under_a_name(tmp_path: Path) -> None:
    table = jobs(write(tmp_path / "j.csv", "region,industry,emp_2018,emp_2019\nN,A,1,10\nN,B,2,20\nS,A,3,7\nS,B,3,9\n"))
    assert (table.year, table.frame["employment"].sum()) == (2019, 46.0)
