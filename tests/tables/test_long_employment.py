"""Jobs by region and industry: nested codes counted once, totals left out, by hand and against SOURCE.txt."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.years import read_years
from tests.long_files import open_long, write
from tests.shared import shared_data


def jobs(*paths: Path, **options: object) -> EmploymentTable:
    table = open_long(*paths, **options).employment
    assert table is not None
    return table


def notes(table: EmploymentTable) -> dict[str, str]:
    return {note.code: note.text for note in table.changes}


def test_county_business_patterns_level_by_level() -> None:
    # SOURCE.txt: 933 areas; level 2 and the three ranges 122.47 M of 122.49 M (code 00).
    file = shared_data("us_cbp_2019") / "cbp_cbsa_naics_emp.parquet"
    raw = pd.read_parquet(file)
    total = raw.loc[raw["naics_code"] == "00", "EMP"].sum()
    sectors = jobs(file, level="2").frame
    assert sectors["employment"].sum() == pytest.approx(122.47e6, rel=1e-4)
    assert (sectors["industry"].nunique(), sectors["region"].nunique()) == (20, 933)
    table = jobs(file)
    three = raw.loc[raw["naics_code"].str.fullmatch(r"\d{3}")]
    assert table.frame["employment"].sum() == three["EMP"].sum()
    assert "3: 0.8%" in notes(table)["nested_level"]
    assert 1 - three["EMP"].sum() / total == pytest.approx(0.008, abs=5e-4)
    assert table.frame["establishments"].sum() == three["ESTAB"].sum()


def test_german_states_without_totals_and_nested_sections() -> None:
    file = shared_data("german_regions_emp") / "G.regions.emp.csv"
    raw = pd.read_csv(file)
    table = jobs(file, year=2010)
    assert table.year == 2010
    assert (table.frame["region"].nunique(), table.frame["industry"].nunique()) == (16, 10)
    assert "Insgesamt" not in set(table.frame["region"]) | set(table.frame["industry"])
    whole = raw[(raw["year"] == 2010) & (raw["region"] == "Insgesamt") & (raw["industry"] == "Insgesamt")]["emp"].iloc[
        0
    ]
    assert table.frame["employment"].sum() == pytest.approx(whole, rel=2e-4)
    latest = jobs(file)
    assert latest.year == 2014
    assert "2008 to 2014" in notes(latest)["latest_year"]


def test_states_by_cluster() -> None:
    # SOURCE.txt and pandas: 3,350 rows of 50 states and 67 clusters.
    file = shared_data("us_states_clusters_2016") / "all_states_clusters.csv"
    raw = pd.read_csv(file)
    table = jobs(file)
    assert len(table.frame) == 3350
    assert table.frame["employment"].sum() == raw["emp_tl"].sum()
    assert table.year == 2016


def test_totals_are_left_out_and_the_gap_said(tmp_path: Path) -> None:
    text = "region,industry,employment\nN,farms,3\nN,mills,6\nN,Total,10\nS,farms,1\nS,mills,4\nS,Total,5\n"
    table = jobs(write(tmp_path / "e.csv", text))
    assert table.frame["employment"].sum() == 14.0
    assert "14, 6.7% less than the total 15" in notes(table)["parts_and_total"]


def test_subtotal_without_a_code_is_found_by_its_sums(tmp_path: Path) -> None:
    text = "region,industry,employment\n" + "".join(
        f"{region},{name},{n}\n"
        for region, numbers in (("N", (3, 6, 2, 3, 9)), ("S", (1, 4, 1, 2, 5)))
        for name, n in zip(("farms", "industry", "of which mills", "of which mines", "Total"), numbers, strict=True)
    )
    with pytest.raises(NetclusterError, match=r"add up to .* of their total 'Total'"):
        jobs(write(tmp_path / "two.csv", text))
    one = "\n".join(line for line in text.splitlines() if "mines" not in line)
    table = jobs(write(tmp_path / "one.csv", one + "\n"))
    # farms and industry make 9 and 5; with the mills there would be 11 and 6.
    assert sorted(table.frame["industry"].unique()) == ["farms", "industry"]
    assert "'of which mills'" in notes(table)["nested_codes"]


def test_column_of_levels_where_names_do_not_tell(tmp_path: Path) -> None:
    text = "region,industry,level,employment\nN,goods,1,9\nN,food,2,5\nN,steel,2,4\nN,services,1,6\nN,retail,2,6\n"
    table = jobs(write(tmp_path / "e.csv", text))
    assert sorted(table.frame["industry"]) == ["food", "retail", "steel"]
    assert sorted(jobs(tmp_path / "e.csv", level="1").frame["industry"]) == ["goods", "services"]
    with pytest.raises(NetclusterError, match="no level '7'"):
        jobs(tmp_path / "e.csv", level="7")


def test_missing_negative_and_repeated_rows_are_counted(tmp_path: Path) -> None:
    text = (
        "region,industry,employment\nN,farms,3\nN,farms,2\nN,mills,(D)\nS,mills,-1\nS,farms,x1\n,farms,4\nS,mines,8\n"
    )
    table = jobs(write(tmp_path / "e.csv", text))
    assert {note.code: note.count for note in table.changes} == {
        "missing_values": 1,
        "not_numbers": 1,
        "negative_values": 1,
        "nameless_rows": 1,
        "pairs_summed": 1,
    }
    assert table.frame.values.tolist()[0][:3] == ["N", "farms", 5.0]


def test_split_with_a_total_is_not_added_up(tmp_path: Path) -> None:
    text = "region,industry,sex,employment\n" + "".join(
        f"{r},{i},{s},{n}\n"
        for r in "NS"
        for i in ("farms", "mills")
        for s, n in (("Total", 5), ("women", 2), ("men", 3))
    )
    table = jobs(write(tmp_path / "e.csv", text))
    assert table.frame["employment"].sum() == 20.0
    assert "splits_left_out" in notes(table)


def test_nested_regions_are_counted_once(tmp_path: Path) -> None:
    text = "geo,nace_r2,employment\n" + "".join(
        f"{geo},{nace},{n}\n" for geo, n in (("DE1", 3), ("DE11", 1), ("DE12", 2)) for nace in ("C10", "C11")
    )
    assert sorted(jobs(write(tmp_path / "e.csv", text)).frame["region"].unique()) == ["DE11", "DE12"]


def test_thousands_of_persons(tmp_path: Path) -> None:
    text = "region,industry,emp_1000\nN,farms,3.5\nS,farms,2\n"
    table = jobs(write(tmp_path / "e.csv", text), columns={"employment": "emp_1000"})
    assert table.unit == "thousand persons"


def test_all_years_of_a_table_of_jobs_are_read_each(tmp_path: Path) -> None:
    # By hand: 2022 is a gap; a list of years takes those it names.
    file = tmp_path / "jobs.csv"
    rows = [(2020, "A", "x", 1), (2021, "A", "x", 2), (2023, "A", "x", 4)]
    file.write_text("year,region,industry,employment\n" + "".join(f"{y},{r},{i},{e}\n" for y, r, i, e in rows))
    every = read_years(file, years="all")
    assert [bundle.employment.frame["employment"].tolist() for bundle in every if bundle.employment] == [[1], [2], [4]]
    assert [bundle.employment.year for bundle in every if bundle.employment] == [2020, 2021, 2023]
    two = read_years(file, years="2020,2023")
    assert [bundle.employment.year for bundle in two if bundle.employment] == [2020, 2023]
    with pytest.raises(NetclusterError, match="no year 2022"):
        read_years(file, years="2022")


def test_rows_without_a_year_or_with_more_jobs_than_there_are_people_are_counted(tmp_path: Path) -> None:
    # By hand: of five rows one has no year that can be read and one 1e300 jobs; 2020 keeps 7 + 5.
    rows = "region , industry , year , jobs\nN , A , inf , 3\nN , A , 2020 , 7\nS , A , 2020 , 5\n"
    table = jobs(write(tmp_path / "jobs.csv", rows + "S , B , 2020 , 1e300\nS , B , 2019 , 4\n"))
    assert table.frame[["region", "employment"]].values.tolist() == [["N", 7.0], ["S", 5.0]]
    assert notes(table)["no_year"] == "1 rows tell no year; they are left out."
    assert notes(table)["not_numbers"] == "1 numbers of jobs are no numbers; they are left out."
