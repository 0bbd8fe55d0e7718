"""The demo economy: firms and tables add up, what was planted is in the files, and the files are reproducible.

All expected values are counted here by brute force, with csv and plain dictionaries or NumPy, from the shipped files.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netcluster_datasets as datasets
from netcluster_datasets.valley.generate import generate

FOLDER = datasets.path("valley")
YEARS = ("2021", "2022", "2023")
FINAL = ("P3_S14", "P3_S13", "P51G", "P6")
Row = dict[str, str]


@cache
def rows(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def table(year: str) -> dict[str, dict[str, int]]:
    def whole(row: Row) -> dict[str, int]:
        return {column: int(cell) for column, cell in row.items() if column not in ("code", "name", "unit") and cell}

    return {row["code"]: whole(row) for row in rows(f"io_{year}.csv")}


@cache
def codes() -> tuple[str, ...]:
    names = [row["code"] for row in rows("io_2023.csv")]
    return tuple(names[: names.index("TOTAL")])


@cache
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
    return found


@cache
def units() -> dict[str, Row]:
    return {row["id"]: row for row in rows("firms.csv")}


@cache
def layer(name: str) -> list[tuple[str, str, int]]:
    return [(row["source"], row["target"], int(row["weight"])) for row in rows("links.csv") if row["layer"] == name]


def summed(keys: Callable[[Row], str], column: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in units().values():
        total[keys(row)] += int(row[column])
    return total


def jobs_of(year: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows("employment.csv"):
        if row["year"] == year:
            found[row["region"]][row["industry"]] = int(row["employment"])
    return found


def hhi(values: Any) -> float:
    amounts = np.array(list(values), dtype=np.float64)
    return float(((amounts / amounts.sum()) ** 2).sum())


def test_the_generator_writes_the_shipped_files_byte_for_byte() -> None:
    files = generate()
    assert sorted(files) == sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".json"))
    for name, text in files.items():
        assert (FOLDER / name).read_bytes() == text.encode("utf-8"), name


def test_another_seed_makes_another_economy_that_still_adds_up(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "netcluster_datasets.valley", str(tmp_path / "other"), "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == len(list((tmp_path / "other").iterdir()))
    other = {name: list(csv.DictReader((tmp_path / "other" / name).read_text("utf-8").splitlines()))
             for name in ("firms.csv", "links.csv", "io_2023.csv")}  # fmt: skip
    assert other["firms.csv"] != rows("firms.csv")
    home = {row["id"]: row["industry"] for row in other["firms.csv"]}
    flows: Counter[tuple[str, str]] = Counter()
    for link in other["links.csv"]:
        if link["layer"] == "supply":
            flows[home[link["source"]], home[link["target"]]] += int(link["weight"])
    cells = {row["code"]: row for row in other["io_2023.csv"]}
    assert all(int(cells[i][j]) == flows[i, j] for i in codes() for j in codes())


def test_files_are_small() -> None:
    sizes = [path.stat().st_size for path in FOLDER.iterdir() if path.is_file()]
    assert max(sizes) < 1_500_000
    assert sum(sizes) < 6_000_000


def test_it_has_the_promised_extent() -> None:
    kinds = Counter(row["kind"] for row in units().values())
    roles = Counter(row["role"] for row in units().values())
    assert kinds == {"firm": 3000, "institution": 43}
    assert (roles["university"], roles["association"], roles["bank"]) == (8, 12, 6)
    assert {"supplier", "manufacturer", "service_provider", "research", "government"} < set(roles)
    assert len(codes()) == 60
    assert len(rows("regions.csv")) == len({row["region"] for row in units().values()}) == 12
    assert {row["layer"] for row in rows("links.csv")} == {"supply", "membership", "project", "labour", "finance"}
    assert len({row["label"] for row in units().values()}) == len(units())


def test_supply_between_industries_is_the_table_of_flows() -> None:
    flows: Counter[tuple[str, str]] = Counter()
    for source, target, weight in layer("supply"):
        flows[units()[source]["industry"], units()[target]["industry"]] += weight
    assert all(table("2023")[i][j] == flows[i, j] for i in codes() for j in codes())


def test_firms_add_up_to_output_costs_and_value_added() -> None:
    last = table("2023")
    revenue, costs = (summed(lambda row: row["industry"], column) for column in ("revenue", "costs"))
    assert {i: last["P1"][i] for i in codes()} == revenue
    assert {i: last["P2"][i] for i in codes()} == costs
    assert all(last["B1G"][i] == revenue[i] - costs[i] for i in codes())


def test_no_firm_sells_more_than_its_revenue_or_buys_more_than_its_costs() -> None:
    sold: Counter[str] = Counter()
    bought: Counter[str] = Counter()
    for source, target, weight in layer("supply"):
        assert source != target
        assert weight > 0
        sold[source] += weight
        bought[target] += weight
    assert all(sold[key] <= int(row["revenue"]) for key, row in units().items())
    assert all(0 < bought[key] <= int(row["costs"]) for key, row in units().items())


def test_jobs_of_firms_are_those_of_regions_and_industries() -> None:
    jobs = summed(lambda row: f"{row['region']} {row['industry']}", "size")
    places = Counter(f"{row['region']} {row['industry']}" for row in units().values())
    last = [row for row in rows("employment.csv") if row["year"] == "2023"]
    assert {f"{row['region']} {row['industry']}": int(row["employment"]) for row in last} == jobs
    assert {f"{row['region']} {row['industry']}": int(row["establishments"]) for row in last} == places
    regions = summed(lambda row: row["region"], "size")
    assert {row["region"]: int(row["jobs"]) for row in rows("regions.csv")} == regions


@pytest.mark.parametrize("year", YEARS)
def test_accounts_balance_exactly(year: str) -> None:
    io = table(year)
    for i in (*codes(), "TOTAL", "P7", "D21X31", "P2"):
        row = io[i]
        assert row["TOTAL"] == sum(row[j] for j in codes())
        assert row["TFU"] == sum(row[j] for j in FINAL)
        assert row["TU"] == row["TOTAL"] + row["TFU"]
    for j in (*codes(), "TOTAL", *FINAL, "TFU", "TU"):
        assert io["TOTAL"][j] == sum(io[i][j] for i in codes())
        assert io["P2"][j] == io["TOTAL"][j] + io["P7"][j] + io["D21X31"][j]
    for j in codes():
        assert io["B1G"][j] == io["D1"][j] + io["D29X39"][j] + io["B2A3G"][j]
        assert io["P1"][j] == io["P2"][j] + io["B1G"][j] == io[j]["TU"]
        assert min(io[j][f] for f in FINAL) >= 0
        assert min(io[r][j] for r in ("P7", "D21X31", "D1", "D29X39", "B2A3G", "EMP")) >= 0


@pytest.mark.parametrize("year", YEARS)
def test_satellites_and_employment_agree_with_the_table(year: str) -> None:
    name = "satellites.csv" if year == "2023" else f"satellites_{year}.csv"
    jobs = {row["node"]: int(row["value"]) for row in rows(name) if row["account"] == "jobs"}
    assert jobs == {i: table(year)["EMP"][i] for i in codes()}
    by_industry: Counter[str] = Counter()
    for industries in jobs_of(year).values():
        by_industry.update(industries)
    assert jobs == by_industry
    assert {row["account"]: row["unit"] for row in rows(name)} == {
        "jobs": "persons",
        "emissions": "t CO2",
        "energy": "TJ",
    }


def test_degrees_and_sizes_are_like_those_of_real_firm_networks() -> None:
    # Published ranges (Bacilieri et al., 2023; Axtell, 2001), loosened for three thousand firms.
    suppliers = Counter(target for _, target, _ in layer("supply"))
    customers = Counter(source for source, _, _ in layer("supply"))
    sold: Counter[str] = Counter()
    bought: Counter[str] = Counter()
    for source, target, weight in layer("supply"):
        sold[source] += weight
        bought[target] += weight
    both = [key for key in units() if customers[key] and suppliers[key]]
    log = {name: np.log([counter[key] for key in both]) for name, counter in
           (("out", customers), ("in", suppliers), ("sold", sold), ("bought", bought))}  # fmt: skip
    assert 5 <= np.median([customers[key] for key in both]) <= 12
    assert 6 <= np.median([suppliers[key] for key in both]) <= 27
    assert 0.30 <= np.polyfit(log["sold"], log["out"], 1)[0] <= 0.50
    assert 0.35 <= np.polyfit(log["bought"], log["in"], 1)[0] <= 0.45
    assert 0.4 <= np.corrcoef(log["out"], log["in"])[0, 1] <= 0.65
    assert 0.5 <= np.corrcoef(log["sold"], log["bought"])[0, 1] <= 0.8
    sizes = np.sort([int(row["size"]) for row in units().values()])[::-1].astype(np.float64)
    hill = 1 / np.mean(np.log(sizes[:300] / sizes[300]))
    assert 0.9 <= hill <= 1.4


def test_planted_region_lives_on_one_industry() -> None:
    planted = truth()["one_industry_region"]
    concentration = {region: hhi(industries.values()) for region, industries in jobs_of("2023").items()}
    first, second = sorted(concentration, key=lambda region: -concentration[region])[:2]
    jobs = jobs_of("2023")[first]
    assert first == planted["region"]
    assert max(jobs, key=lambda i: jobs[i]) == planted["industry"]
    assert concentration[first] == pytest.approx(planted["hhi"], abs=1e-6)
    assert concentration[second] == pytest.approx(planted["next_hhi"], abs=1e-6)
    assert max(jobs.values()) / sum(jobs.values()) == pytest.approx(planted["share_of_jobs"], abs=1e-6)
    assert planted["hhi"] > 0.4
    assert planted["next_hhi"] < 0.15


def test_planted_firm_dominates_its_industry() -> None:
    planted = truth()["dominated_industry"]
    revenue: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for key, row in units().items():
        revenue[row["industry"]].append((int(row["revenue"]), key))
    share = {i: max(firms)[0] / sum(amount for amount, _ in firms) for i, firms in revenue.items() if len(firms) > 1}
    first, second = sorted(share, key=lambda i: -share[i])[:2]
    assert first == planted["industry"]
    assert max(revenue[first])[1] == planted["firm"]
    assert share[first] == pytest.approx(planted["cr1"], abs=1e-6)
    assert hhi(amount for amount, _ in revenue[first]) == pytest.approx(planted["hhi"], abs=1e-6)
    assert planted["cr1"] > 0.6
    assert share[second] < 0.4


def test_planted_region_is_left_behind_and_falls_further() -> None:
    planted = truth()["region_left_behind"]
    regions = {row["region"]: int(row["value_added"]) / int(row["jobs"]) for row in rows("regions.csv")}
    heads = {row["region"]: int(row["value_added"]) / int(row["population"]) for row in rows("regions.csv")}
    before, after = (
        {region: sum(jobs.values()) for region, jobs in jobs_of(year).items()} for year in ("2021", "2023")
    )
    change = {region: after[region] / before[region] - 1 for region in before}
    for measure in (regions, heads, change):
        assert min(measure, key=lambda region: measure[region]) == planted["region"]
    assert regions[planted["region"]] == pytest.approx(planted["value_added_per_job"], abs=1e-6)
    assert change[planted["region"]] == pytest.approx(planted["change_of_jobs"], abs=1e-6)
    country = sum(after.values()) / sum(before.values()) - 1
    assert country == pytest.approx(planted["change_of_jobs_of_country"], abs=1e-6)
    assert planted["value_added_per_job"] < 0.6 * planted["value_added_per_job_of_country"]
    assert planted["change_of_jobs"] < -0.05 < 0 < country


def test_planted_input_has_a_single_supplier_with_important_buyers() -> None:
    planted = truth()["single_supplier_input"]
    firms = Counter(row["industry"] for row in units().values())
    assert [i for i, count in firms.items() if count == 1] == [planted["input"]]
    assert units()[planted["supplier"]]["industry"] == planted["input"]
    buyers = {target: weight for source, target, weight in layer("supply") if source == planted["supplier"]}
    assert len(buyers) == planted["buyers"]
    assert sum(buyers.values()) == planted["sales_to_buyers"]
    assert sorted(buyers, key=lambda key: -buyers[key])[:10] == planted["largest_buyers"]
    output = sum(int(units()[key]["revenue"]) for key in buyers) / truth()["totals"]["output"]
    assert output == pytest.approx(planted["output_of_buyers"], abs=1e-6)
    assert output > 0.1


def test_technology_valley_is_dense_and_has_institutions_at_its_heart() -> None:
    planted = truth()["technology_valley"]
    technology = truth()["clusters"]["technology"]
    inside = {
        key
        for key, row in units().items()
        if row["industry"] in technology and row["region"] == planted["region"] and row["kind"] == "firm"
    }
    links = sum(source in inside and target in inside for source, target, _ in layer("supply"))
    assert len(inside) == planted["firms"]
    assert links / (len(inside) * (len(inside) - 1)) == pytest.approx(planted["density"], abs=1e-6)
    country = len(layer("supply")) / (len(units()) * (len(units()) - 1))
    assert country == pytest.approx(planted["density_of_country"], abs=1e-6)
    assert planted["density"] > 5 * planted["density_of_country"]
    projects: Counter[str] = Counter()
    for source, target, weight in layer("project"):
        projects[source] += weight
        projects[target] += weight
    assert [key for key, _ in projects.most_common(len(planted["heart"]))] == planted["heart"]
    assert all(units()[key]["region"] == planted["region"] for key in planted["heart"])
    members = Counter(target for _, target, _ in layer("membership"))
    assert members.most_common(1)[0][0] == planted["association"]


def test_planted_clusters_trade_more_inside_than_their_size_explains() -> None:
    io = table("2023")
    total = sum(io[i][j] for i in codes() for j in codes())
    for name, members in truth()["clusters"].items():
        inside = sum(io[i][j] for i in members for j in members)
        sold = sum(io[i][j] for i in members for j in codes())
        bought = sum(io[i][j] for i in codes() for j in members)
        assert inside * total > 2 * sold * bought, name


def test_totals_of_the_truth() -> None:
    totals = truth()["totals"]
    assert totals["jobs"] == sum(int(row["size"]) for row in units().values())
    assert totals["output"] == sum(int(row["revenue"]) for row in units().values())
    assert totals["supply_links"] == len(layer("supply"))
    assert totals["supply"] == sum(weight for _, _, weight in layer("supply"))
