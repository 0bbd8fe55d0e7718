"""Trade dependence: spreadsheets made by hand, and planted dependencies found again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.risk import trade
from netcluster.tables.trade import TradeTable
from netcluster.tables.trade_query import open_trade
from tests.shared import shared_data


def table(folder: Path, frame: pd.DataFrame, **rest: Any) -> TradeTable:
    path = folder / "trade.parquet"
    duckdb.from_df(frame).write_parquet(str(path))
    return open_trade([path], **rest)


def rows(*flows: tuple[int, str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(flows, columns=["year", "exporter", "importer", "product", "value"])


# Magnets, made by hand: AA buys 80 from CC and 20 from DD, and sells 10; BB buys 30 from CC, 30 from DD.
HAND = rows(
    (2020, "CC", "AA", "magnets", 80.0),
    (2020, "DD", "AA", "magnets", 20.0),
    (2020, "BB", "AA", "magnets", 100.0),
    (2020, "AA", "BB", "magnets", 10.0),
    (2020, "CC", "BB", "magnets", 30.0),
    (2020, "DD", "BB", "magnets", 30.0),
)


def test_single_country_by_hand(tmp_path: Path) -> None:
    frame = trade(table(tmp_path, HAND)).frame.set_index("importer")
    aa = frame.loc["AA"]
    assert aa["imports"] == 200
    # Shares .5, .4, .1
    assert aa["hhi"] == pytest.approx(0.42)
    assert (aa["largest_partner"], aa["largest_share"]) == ("BB", 0.5)
    assert (aa["cdi1"], aa["cdi2"], aa["cdi3"]) == pytest.approx((0.42, 1.0, 20.0))
    assert aa["dependent"]
    # World exports: CC 110, BB 100, DD 50, AA 10 of 270.
    assert aa["world_hhi"] == pytest.approx((110**2 + 100**2 + 50**2 + 10**2) / 270**2)
    assert (aa["world_largest"], aa["world_largest_share"]) == ("CC", pytest.approx(110 / 270))
    # BB buys 70 and sells 100: CDI3 0.7, so it could help itself.
    assert frame.loc["BB", "cdi3"] == pytest.approx(0.7)
    assert not frame.loc["BB", "dependent"]


def test_union_by_hand(tmp_path: Path) -> None:
    frame = trade(table(tmp_path, HAND), regions={"UNION": ["AA", "BB"], "AA": ["AA"]}).frame.set_index("importer")
    union = frame.loc["UNION"]
    # From outside: CC 110, DD 50; inside 110; exports of the union are 110, all inside.
    assert union["cdi1"] == pytest.approx((110**2 + 50**2) / 160**2)
    assert union["cdi2"] == pytest.approx(160 / 270)
    assert union["cdi3"] == pytest.approx(160 / 110)
    assert union["largest_partner"] == "CC"
    assert union["dependent"]
    assert frame.loc["AA", "imports"] == 200


def test_trusted_partners_and_quantities(tmp_path: Path) -> None:
    frame = trade(table(tmp_path, HAND.assign(quantity=[1.0, 3.0, np.nan, 1.0, 2.0, 2.0])), trusted=["DD"]).frame
    assert frame["trusted_share"].tolist() == pytest.approx([0.1, 30 / 70])
    told = trade(table(tmp_path, HAND), trusted=["DD", "ZZ"]).notes
    assert [(note.text, note.count) for note in told if note.code == "unknown_partners"] == [
        ("Trusted partners that export nothing in this table: ZZ.", 1)
    ]
    # AA: one source has no quantity, so none; BB: 1, 2, 2 of 5.
    assert np.isnan(frame["hhi_quantity"][0])
    assert frame["hhi_quantity"][1] == pytest.approx(9 / 25)


def baci(seed: int = 1) -> pd.DataFrame:
    """Return three years among twelve countries in twenty products, with two dependencies planted."""
    rng = np.random.default_rng(seed)
    countries = [f"C{k:02d}" for k in range(12)]
    flows = [
        (year, exporter, importer, f"P{product:02d}", float(rng.lognormal(3)))
        for year in (2018, 2019, 2020)
        for product in range(20)
        for exporter in countries
        for importer in countries
        if exporter != importer
    ]
    frame = rows(*flows)
    # C03 gets nine tenths of P07 from C09 every year and sells none; the world gets P11 from C05.
    mine = (frame["product"] == "P07") & (frame["importer"] == "C03")
    frame.loc[mine & (frame["exporter"] == "C09"), "value"] = 20_000.0
    frame.loc[(frame["product"] == "P07") & (frame["exporter"] == "C03"), "value"] = 0.0
    frame.loc[(frame["product"] == "P11") & (frame["exporter"] == "C05"), "value"] *= 500.0
    return frame


def test_planted_dependencies_are_found_first(tmp_path: Path) -> None:
    result = trade(table(tmp_path, baci(), names={"C09": "Niner"}))
    planted = result.frame[(result.frame["importer"] == "C03") & (result.frame["product"] == "P07")]
    assert planted["dependent"].all()
    assert planted["years_flagged"].tolist() == [3, 3, 3]
    assert planted["largest_partner"].unique().tolist() == ["C09"]
    others = {f"C{k:02d} P11" for k in range(12) if k != 5}
    assert {finding.subject for finding in result.findings[:12]} == {"C03 P07", *others}
    (told,) = [finding for finding in result.findings if finding.subject == "C03 P07"]
    assert "from Niner" in told.sentence
    assert "in 3 of 3 years" in told.sentence
    # P11 depends on C05 the world over: GeoDep's marks hold for all others in all three years.
    p11 = result.frame[(result.frame["product"] == "P11") & (result.frame["importer"] != "C05")]
    assert (p11["geodep_years"] == 3).all()
    assert {f.code for f in result.findings if f.subject.endswith("P11")} == {"single_point_of_failure"}


def test_years_and_products_can_be_chosen(tmp_path: Path) -> None:
    result = trade(table(tmp_path, baci()), products=["P07"], years=[2020], regions=["C03"])
    assert result.frame[["importer", "product", "year"]].to_numpy().tolist() == [["C03", "P07", 2020]]
    assert result.frame["import_share"].tolist() == [1.0]


def test_two_exporters_are_refused(tmp_path: Path) -> None:
    whole = baci()
    few = whole[whole["exporter"].isin(["C01", "C02"])]
    with pytest.raises(NetclusterError, match=r"covers 2 exporters \(C01, C02\)") as caught:
        trade(table(tmp_path, few))
    assert "all exporters" in caught.value.hint


def test_real_extract_of_two_exporters_is_refused() -> None:
    folder = shared_data("baci_hs17_2020_extract")
    path = folder / "baci_hs17_2020_exporters_4_710.parquet"
    columns = ("year", "exporter", "importer", "product", "value")
    whole = TradeTable("SELECT * FROM flows", columns, lambda: _connected(path), (2020,))
    with pytest.raises(NetclusterError, match="covers 2 exporters"):
        trade(whole)


def _connected(path: Path) -> Any:
    connection = duckdb.connect()
    connection.execute(
        "CREATE VIEW flows AS SELECT t AS year, CAST(i AS VARCHAR) AS exporter, CAST(j AS VARCHAR) AS importer,"
        f" CAST(k AS VARCHAR) AS product, v AS value FROM '{path}'"
    )
    return connection


def test_countries_may_be_given_by_name(tmp_path: Path) -> None:
    named = table(tmp_path, HAND, names={"AA": "Aland", "BB": "Bland", "DD": "Deland"})
    by_code = trade(named, regions=["AA"], trusted=["DD"]).frame
    by_name = trade(named, regions=["aland"], trusted=["Deland"]).frame
    assert by_name["importer"].tolist() == ["aland"]
    pd.testing.assert_frame_equal(by_name.drop(columns="importer"), by_code.drop(columns="importer"))
    with pytest.raises(NetclusterError, match=r"^Nowhere does not trade") as caught:
        trade(named, regions=["Nowhere"])
    assert "AA (Aland), BB (Bland)" in caught.value.hint


def test_bad_requests(tmp_path: Path) -> None:
    whole = table(tmp_path, HAND)
    with pytest.raises(NetclusterError, match="XX does not trade"):
        trade(whole, regions={"U": ["AA", "XX"]})
    exports = table(tmp_path, HAND.drop(columns="importer"))
    with pytest.raises(NetclusterError, match="does not say who imports"):
        trade(exports)


def test_every_measure_is_explained(tmp_path: Path) -> None:
    result = trade(table(tmp_path, HAND))
    assert set(result.measures) <= set(all_measures())
    labels = {"importer", "product", "year", "largest_partner", "world_largest"}
    assert set(result.frame.columns) - set(result.measures) == labels
    first = ["importer", "product", "year", "imports", "hhi", "largest_share", "largest_partner", "cdi1", "cdi2"]
    assert result.frame.columns[:12].tolist() == [*first, "cdi3", "dependent", "years_flagged"]


def test_of_one_countrys_trade_its_own_imports_alone_are_told(tmp_path: Path) -> None:
    # By hand: of p AA gets 60, 30 and 10, and sells 7: CDI1 0.46, CDI3 100 ÷ 7. That BB buys from AA only is the table's
    # doing, and so is what the world seems to export.
    flows = rows(
        *((2020, seller, "AA", "p", value) for seller, value in (("BB", 60.0), ("CC", 30.0), ("DD", 10.0))),
        (2020, "AA", "BB", "p", 7.0),
    )
    result = trade(table(tmp_path, flows))
    assert result.frame[["importer", "cdi1"]].values.tolist() == [["AA", pytest.approx(0.46)]]
    assert result.frame["cdi3"].tolist() == [pytest.approx(100 / 7)]
    assert result.frame[["world_hhi", "world_largest_share"]].isna().all(axis=None)
    assert {note.code for note in result.notes} >= {"one_country"}
    assert "single_point_of_failure" not in {finding.code for finding in result.findings}
    with pytest.raises(NetclusterError, match="trade of AA alone: what BB gets"):
        trade(table(tmp_path, flows), regions=["BB"])
    bought = trade(table(tmp_path, flows[flows["importer"] == "AA"]))
    assert bought.frame["cdi3"].isna().all()
    assert not bought.frame["dependent"].any()
    assert {note.code for note in bought.notes} >= {"one_country", "exports_unknown"}
