"""The scorecard against figures by hand: four industries in two clusters and two regions, with firms and a university."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import netcluster as nc
from netcluster.clusters import score
from netcluster.core.errors import NetclusterError
from netcluster.core.measures import explain
from netcluster.network.build import build
from netcluster.study.claims.register import CHECKS, NEEDS, TEXTS
from netcluster.study.levels import of_layer, table_level
from netcluster.study.scorecard import Scorecard, scorecard
from netcluster.tables.bundle import Bundle
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.iotable import Account, IOTable
from netcluster.tables.links import LinkTable

Z = [[10, 20, 0, 0], [20, 10, 5, 0], [0, 5, 10, 20], [0, 0, 20, 10]]
OUTPUT = np.array([100.0, 100, 100, 100])


def table(output: Any = OUTPUT, year: int = 2023) -> IOTable:
    flows = np.array(Z) * np.array(output)[None, :] / 100
    pay = np.array([35.0, 35, 13, 14])
    rest = output - flows.sum(axis=0) - pay
    home = output - flows.sum(axis=1) - [50, 10, 0, 0]
    return IOTable.from_arrays(
        flows,
        x=output,
        Y=np.column_stack([home, [50, 10, 0, 0]]),
        V=[pay, rest],
        sectors=pd.DataFrame({"id": ["A01", "C10", "C29", "H49"]}),
        demand=["households", "exports"],
        inputs=pd.DataFrame({"id": ["compensation of employees", "surplus"]}),
        accounts={
            "jobs": Account("jobs", np.array([10.0, 10, 20, 20]), "persons"),
            "co2": Account("co2", np.array([5.0, 5, 0, 0]), "t"),
            "jobs_women": Account("jobs_women", np.array([2.0, 3, 5, 5]), "persons"),
        },
        unit="million",
        year=year,
    )


def employment(year: int = 2023, **changed: float) -> EmploymentTable:
    cells = {"A01 N": 10.0, "C10 N": 8.0, "C10 S": 2.0, "C29 S": 20.0, "H49 N": 5.0, "H49 S": 15.0} | changed
    rows = [(*key.split()[::-1], jobs, 1.0) for key, jobs in cells.items()]
    return EmploymentTable(
        pd.DataFrame(rows, columns=["region", "industry", "employment", "establishments"]), year=year
    )


def firms() -> FirmTable:
    rows = [
        ("f1", "firm", "", "A01", "N", 10.0, 30.0, 10.0),
        ("f2", "firm", "", "C10", "N", 8.0, 20.0, 4.0),
        ("f3", "firm", "", "C10", "S", 2.0, 10.0, 2.0),
        ("f4", "firm", "service_provider", "H49", "S", 15.0, 20.0, 5.0),
        ("u", "institution", "university", "", "N", 100.0, np.nan, np.nan),
    ]
    frame = pd.DataFrame(rows, columns=["id", "kind", "role", "industry", "region", "size", "revenue", "costs"])
    return FirmTable(frame.reindex(columns=list(FIRM_COLUMNS)).assign(lat=np.nan, lon=np.nan))


def links() -> LinkTable:
    rows = [("f1", "f2", 3.0, "labour"), ("f2", "f4", 1.0, "labour"), ("f1", "u", 1.0, "project")]
    return LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"]))


def occupations() -> pd.DataFrame:
    rows = [("A01", "engineer", 50), ("A01", "clerk", 50), ("C10", "engineer", 50), ("C10", "clerk", 50)]
    rows += [("C29", "clerk", 100), ("H49", "driver", 100)]
    return pd.DataFrame(rows, columns=["industry", "occupation", "value"])


def card_of(bundle: Bundle, **more: Any) -> Scorecard:
    full = build(bundle)
    net = table_level(full)
    return scorecard(bundle, net, score(net, [1, 1, 2, 2], null_draws=0), full=full, **more)


@pytest.fixture(scope="module")
def whole() -> Scorecard:
    bundle = Bundle(io=table(), employment=employment(), firms=firms(), links=links())
    # Output of the first cluster was smaller by a fifth in two years: 1.1² = 1.21. Farms had 5 jobs, not 10.
    before = Bundle(io=table(OUTPUT / [1.21, 1.21, 1, 1], 2021), employment=employment(2021, **{"A01 N": 5.0}))
    return card_of(bundle, before=before, occupations=occupations())


ROOM = 1 - (23**2 + 37**2) / 60**2
BY_HAND: dict[str, tuple[object, object]] = {
    # (18 of 23 jobs in the north) over (20 of 60); (35 of 37 in the south) over (40 of 60).
    "main_region": ("N", "S"),
    "location_quotient": ((18 / 23) / (20 / 60), (35 / 37) / (40 / 60)),
    # γ of plants 10, 8, 2: G = 2(0.9 − 23/60)², H = 0.42, 1 − Σx² = 1 − (23² + 37²)/60². Of the second cluster's
    # 40 jobs only 15 are in known firms, so its establishments count: 20, 5 and 15 jobs, s = (1/8, 7/8).
    "ellison_glaeser": ((2 * (0.9 - 23 / 60) ** 2 - ROOM * 0.42) / (ROOM * 0.58), None),
    # Outside itself the first cluster buys of C29 alone, which sells 35 of the 65 sold there.
    "supplier_quotient": (65 / 35, 65 / 35),
    # H49 is infrastructure: 20 + 10 of the 35 + 30 the second cluster buys.
    "infrastructure_share": (0.0, 30 / 65),
    # Moves: both ends of 3 inside, one end of 1 outside.
    "labour_inside": (6 / 7, 0.0),
    # One university for one of the three firms, and the second by the first.
    "institutions_linked": (1, 0),
    "covered": (1 / 3, 0.0),
    "jobs": (20, 40),
    "value_added": (135, 135),
    "value_added_per_job": (6.75, 3.375),
    "export_share": (0.3, 0.0),
    "emissions_intensity": (10 / 135, 0.0),
    "labour_share": (70 / 135, 27 / 135),
    # 70 for 20 jobs, beside 97 for 60.
    "relative_pay": (3.5 / (97 / 60), (27 / 40) / (97 / 60)),
    "women_share": (0.25, 0.25),
    "industry_share": (0.5, 0.5),
    "industry_hhi": (0.5, 0.5),
    "firms": (3, 1),
    "cr4": (1.0, 1.0),
    # 10, 8, 2 of 20.
    "firm_hhi": (0.42, 1.0),
    # Value added 36 for 18 jobs and 8 for 2: income shares 9/11 and 2/11 beside 0.9 and 0.1 of jobs.
    "regional_disparity": (9 / 11 * np.log(9 / 11 / 0.9) + 2 / 11 * np.log(2 / 11 / 0.1), np.nan),
    "output_growth": (0.1, 0.0),
    # 15 jobs before, 20 after, in two years.
    "jobs_growth": ((20 / 15) ** 0.5 - 1, 0.0),
    # Shares (½, ½, 0) twice; (0, 1, 0) and (0, 0, 1), whose deviations from a third correlate by −½.
    "occupation_similarity": (1.0, -0.5),
    # Engineers: 100 of 200 in the first, 100 of 400 in all.
    "main_occupation": ("engineer", "driver"),
    "occupation_quotient": (2.0, 2.0),
    # All of the second cluster's industries are where it is: the south has 20 of 20 and 15 of 20 jobs.
    "largest_industry": ("A01", "C29"),
}


@pytest.mark.parametrize("column", BY_HAND)
def test_a_column_by_hand(whole: Scorecard, column: str) -> None:
    for found, wanted in zip(whole.frame[column], BY_HAND[column], strict=True):
        if wanted is not None:
            assert found == (wanted if isinstance(wanted, str) else pytest.approx(wanted, abs=1e-6, nan_ok=True))


def test_the_multiplier_is_the_mean_of_the_members_weighted_by_output(whole: Scorecard) -> None:
    sums = np.linalg.inv(np.eye(4) - np.array(Z) / 100).sum(axis=0)
    np.testing.assert_allclose(whole.frame["output_multiplier"], [sums[:2].mean(), sums[2:].mean()])


def test_the_overlap_of_suppliers_is_the_mean_cosine_of_purchases(whole: Scorecard) -> None:
    def cosine(one: Any, other: Any) -> float:
        return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

    flows = np.array(Z, dtype=float)
    wanted = [cosine(flows[:, 0], flows[:, 1]), cosine(flows[:, 2], flows[:, 3])]
    np.testing.assert_allclose(whole.frame["supplier_overlap"], wanted)


def test_local_supply_by_quotients(whole: Scorecard) -> None:
    # North: LQ of A01 = 60/23, of C10 (8/23)/(10/60), of C29 0; supply is capped at 1. The first cluster buys 30 of
    # A01, 30 of C10 and 5 of C29 (all columns of the table), so 60 of 65.
    assert whole.frame["local_supply"].iloc[0] == pytest.approx(60 / 65)


def test_the_regional_shift_is_growth_beyond_the_industries_everywhere(whole: Scorecard) -> None:
    # Farms grew in the north alone, where all of them are: just as the industry. Nothing else changed.
    np.testing.assert_allclose(whole.frame["regional_shift"], [0.0, 0.0], atol=1e-12)


def test_figures_of_all_together_stand_beside(whole: Scorecard) -> None:
    rows = whole.claims.frame.set_index(["cluster", "measure"])["whole"]
    assert rows[1, "export_share"] == pytest.approx(60 / 400)
    assert rows[1, "value_added_per_job"] == pytest.approx(270 / 60)
    assert rows[1, "institutions_linked"] == 1
    assert np.isnan(rows[1, "location_quotient"])


def test_what_is_missing_is_empty_and_a_note_says_what_fills_it() -> None:
    card = card_of(Bundle(io=table()))
    texts = [note.text for note in card.notes]
    assert any("Labour pooling and skills" in text and "--occupations FILE" in text for text in texts)
    assert any("Geographic concentration" in text and "region,industry,employment" in text for text in texts)
    assert any("Growth" in text and "--since YEAR" in text for text in texts)
    assert not any("Productivity" in text for text in texts)
    empty = ["location_quotient", "ellison_glaeser", "covered", "jobs_growth", "occupation_similarity", "cr4"]
    assert card.frame[empty].isna().all().all()
    assert (card.frame["main_region"] == "").all()
    rows = card.claims.frame
    assert (rows.loc[rows["measure"] == "cr4", "needs"] == str(NEEDS["firms"])).all()
    assert (rows.loc[rows["measure"] == "export_share", "needs"] == "").all()


def test_every_claim_has_a_row_for_each_cluster_and_every_measure_its_entry(whole: Scorecard) -> None:
    measures = [name for check in CHECKS for name in check.columns if name not in TEXTS]
    assert len(measures) == len(set(measures))
    for name in measures:
        assert explain(name).source
    rows = whole.claims.frame
    assert len(rows) == 2 * (len(measures) + 4)
    assert set(measures) <= set(whole.frame.columns)
    # Every reason for which a column can be empty says what would fill it.
    assert all(NEEDS.values())


def test_firms_alone_and_countries_are_scored_by_what_they_have() -> None:
    frame = pd.DataFrame({"source": list("abcab"), "target": list("bcdda"), "weight": 1.0, "layer": "supply"})
    bundle = Bundle(links=LinkTable(frame))
    net = build(bundle)
    card = scorecard(bundle, net, score(net, [1, 1, 2, 2], null_draws=0))
    assert card.frame["supplier_quotient"].notna().any()
    assert card.frame["value_added"].isna().all()
    world = IOTable.from_arrays(
        [[5, 1, 1, 0], [1, 5, 0, 1], [1, 0, 5, 1], [0, 1, 1, 5]],
        x=[20, 20, 20, 20],
        sectors=pd.DataFrame({"region": ["AAA", "AAA", "BBB", "BBB"], "sector": ["A01", "C10", "A01", "C10"]}),
    )
    made = nc.build(world)
    row = scorecard(Bundle(io=world), made, score(made, [1, 1, 2, 2], null_draws=0)).frame.iloc[0]
    # Each country sells 2 of its 40 to the other, as much of one sector as of the other.
    assert (row["main_region"], row["export_share"], row["rca"]) == ("AAA", pytest.approx(2 / 40), pytest.approx(1))
    assert row["location_quotient"] == pytest.approx(2)


def test_occupations_of_other_industries_are_an_error() -> None:
    strange = pd.DataFrame({"industry": ["X1"], "occupation": ["clerk"], "value": [1.0]})
    with pytest.raises(NetclusterError, match="name none of the 4 nodes"):
        card_of(Bundle(io=table()), occupations=strange)


def test_a_layer_is_searched_on_its_own_level() -> None:
    full = build(Bundle(io=table(), firms=firms(), links=links()))
    industries, _ = of_layer(full, "supply")
    assert set(industries.nodes["kind"]) == {"industry"}
    people, name = of_layer(full, "labour")
    assert (set(people.nodes["kind"]), name) == ({"firm", "institution"}, "labour")


def test_a_table_with_a_list_of_firms_and_no_links_is_a_table() -> None:
    net = table_level(build(Bundle(io=table(), firms=firms())))
    assert net.n == 4
