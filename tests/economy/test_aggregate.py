from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcluster.core.errors import NetclusterError
from netcluster.economy.aggregate import aggregate
from netcluster.tables.iotable import Account, ImportBlock, IOTable
from tests.economy.textbook import beutel, miller_blair, random_table


def test_six_sectors_of_germany_to_three_by_hand() -> None:
    table = aggregate(
        beutel(),
        {
            "agriculture": "goods",
            "manufacturing": "goods",
            "construction": "building",
            "trade": "services",
            "business_services": "services",
            "other_services": "services",
        },
    )
    assert table.ids == ("goods", "building", "services")
    assert table.Z[0, 0] == 1131 + 25480 + 7930 + 304584
    assert table.Z[1, 2] == 5296 + 23457 + 9155
    assert table.x.tolist() == [43910 + 1079446, 245606, 540063 + 692487 + 508918]
    assert table.accounts["jobs"].values.tolist() == [9477, 3236, 9251 + 4258 + 10206]


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_no_total_changes_whatever_the_weights(seed: int) -> None:
    rng = np.random.default_rng(seed)
    io = random_table(seed, 6, categories=2)
    io = io.replace(imports=ImportBlock(io.Z / 2, io.Y / 3))
    rows = []
    for code in io.ids:
        weights = rng.random(rng.integers(1, 4))
        rows += [(code, f"T{rng.integers(0, 4)}", w / weights.sum()) for w in weights]
    table = aggregate(io, pd.DataFrame(rows, columns=["from", "to", "weight"]))
    assert table.Z.sum() == pytest.approx(io.Z.sum())
    np.testing.assert_allclose(table.Y.sum(axis=0), io.Y.sum(axis=0))
    np.testing.assert_allclose(table.V.sum(axis=1), io.V.sum(axis=1))
    assert table.x.sum() == pytest.approx(io.x.sum())
    assert table.imports is not None
    assert table.imports.Z.sum() == pytest.approx(io.Z.sum() / 2)
    assert table.accounts["jobs"].values.sum() == pytest.approx(io.accounts["jobs"].values.sum())
    np.testing.assert_allclose(table.Z.sum(axis=1) + table.Y.sum(axis=1), table.x)


def test_one_to_one_changes_labels_only_and_keeps_the_names_that_stay() -> None:
    io = random_table(2, 4)
    named = io.sectors.assign(name=["Wheat", "Steel", "Trade", "Care"])
    table = aggregate(io.replace(sectors=named), {"S1": "S1", "S2": "basic", "S3": "S3", "S4": "S4"})
    assert table.sectors["name"].tolist() == ["Wheat", "basic", "Trade", "Care"]
    np.testing.assert_array_equal(table.Z, io.Z)


def test_regions_are_added_up_and_sector_codes_hold_in_each() -> None:
    io = random_table(5, 6, regions=3, categories=3)
    table = aggregate(io, {"S1": "S1", "S2": "S2"}, regions={"R1": "EU", "R2": "EU"})
    assert table.ids == ("EU:S1", "EU:S2", "R3:S1", "R3:S2")
    assert table.Z[0, 3] == pytest.approx(io.Z[0, 5] + io.Z[2, 5])
    assert table.demand["region"].tolist() == ["EU", "EU", "R3"]
    by_id = aggregate(io, {"S1": "S1", "S2": "S2", "R3:S2": "odd"})
    assert by_id.ids == ("R1:S1", "R1:S2", "R2:S1", "R2:S2", "R3:S1", "R3:odd")


def mapped(rows: list[tuple[str, str, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["from", "to", "weight"])


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"1": "a"}, "no target"),
        ({"1": "a", "2": "a", "9": "a"}, "doesn't have"),
        (mapped([("1", "a", 0.5), ("2", "a", 1)]), "not 1"),
        (mapped([("1", "a", -1), ("1", "b", 2), ("2", "a", 1)]), "negative"),
        (mapped([("1", "a", np.nan), ("2", "a", 1)]), "no number"),
        (pd.DataFrame({"from": ["1", "2"]}), "column 'to'"),
    ],
)
def test_a_mapping_that_would_lose_or_make_up_a_share_is_refused(mapping: object, words: str) -> None:
    with pytest.raises(NetclusterError, match=words):
        aggregate(miller_blair(), mapping)  # type: ignore[arg-type]


def test_accounts_of_final_demand_are_kept() -> None:
    io: IOTable = miller_blair().replace(accounts={"co2": Account("co2", np.ones(2), "t", np.array([7.0]))})
    kept = aggregate(io, {"1": "all", "2": "all"}).accounts["co2"]
    assert kept.values.tolist() == [2]
    assert kept.demand_values is not None
    assert kept.demand_values.tolist() == [7]
