"""Lists of contracts and of firms under the heads of public sources; made up, the right answers by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.tables.read import read
from tests.io_texts import written

#: Three contracts: Acme is paid 100 and 70 by two offices, Beta 50 by the first.
CONTRACTS = {
    "usaspending": (
        "award_id_piid,federal_action_obligation,total_dollars_obligated,action_date,awarding_agency_name,"
        "awarding_sub_agency_name,recipient_uei,recipient_name,naics_code\n"
        "A1,100,100,2019-01-01,Defense,First,U1,Acme,541330\nA2,50,50,2019-02-01,Defense,First,U2,Beta,541330\n"
        "A3,70,170,2019-03-01,Defense,Second,U1,Acme,541330\n"
    ),
    "open contracting": (
        "ocid,id,buyer/id,buyer/name,awards/0/suppliers/0/id,awards/0/suppliers/0/name,awards/0/value/amount\n"
        "o1,1,B1,First,S1,Acme,100\no2,2,B1,First,S2,Beta,50\no3,3,B2,Second,S1,Acme,70\n"
    ),
}


@pytest.mark.parametrize("name", CONTRACTS)
def test_contracts(name: str, tmp_path: Path) -> None:
    links = read(written(tmp_path, "c.csv", CONTRACTS[name])).links
    assert links is not None
    found = {(row.source, row.target): row.weight for row in links.frame.itertuples()}
    assert found == {("Acme", "First"): 100, ("Beta", "First"): 50, ("Acme", "Second"): 70}


def test_a_list_of_firms_of_a_data_provider(tmp_path: Path) -> None:
    """Heads with the year of the figure and its unit behind them; n.a. is missing."""
    text = (
        "Company name Latin alphabet;BvD ID number;City;NACE Rev. 2, core code (4 digits);NUTS3;"
        "Number of employees 2019;Operating revenue (Turnover) th EUR 2019\n"
        "ACME GMBH;DE001;Berlin;2511;DE300;120;15000\nBETA AG;DE002;Bonn;2932;DEA22;n.a.;2000\n"
    )
    firms = read(written(tmp_path, "firms.csv", text)).firms
    assert firms is not None
    first = firms.frame.iloc[0]
    assert (first["id"], first["label"], first["industry"], first["region"]) == ("DE001", "ACME GMBH", "2511", "DE300")
    assert (first["size"], first["revenue"]) == (120.0, 15000.0)
    assert firms.frame["size"].isna().tolist() == [False, True]
