"""Merging firms by pairs, on lists small enough to be merged by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import all_measures
from netcluster.network.build import build
from netcluster.network.merge import apply_merges, suggest_merges
from netcluster.tables.bundle import Bundle
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.links import LinkTable


def firms(*rows: dict[str, object]) -> FirmTable:
    texts = ("id", "kind", "role", "industry", "region", "label")
    blank = {key: "" if key in texts else np.nan for key in (*FIRM_COLUMNS, "label")}
    return FirmTable(pd.DataFrame([{**blank, "kind": "firm", **row} for row in rows]))


def links(*rows: tuple[str, str, float]) -> LinkTable:
    frame = pd.DataFrame(rows, columns=["source", "target", "weight"])
    return LinkTable(frame.assign(layer="supply"))


def case() -> Bundle:
    return Bundle(
        firms=firms(
            {"id": "1", "label": "Weber AG", "size": 5.0},
            {"id": "2", "label": "WEBER A.G.", "size": 7.0, "region": "north", "revenue": 90.0},
            {"id": "3", "label": "Weber AG"},
            {"id": "4", "label": "Lonza"},
        ),
        links=links(("1", "4", 2.0), ("1", "Roche SA", 1.0), ("2", "4", 3.0), ("4", "Roche", 1.0), ("2", "1", 9.0)),
    )


def test_pairs_are_offered_by_label_and_by_id_where_there_is_none() -> None:
    result = suggest_merges(case())
    assert result.frame.to_dict("records") == [
        {"a": "2", "b": "1", "score": 1.0, "reason": "case, accents or marks"}
        | {"label_a": "WEBER A.G.", "label_b": "Weber AG"},
        {"a": "3", "b": "1", "score": 1.0, "reason": "same label", "label_a": "Weber AG", "label_b": "Weber AG"},
        {"a": "Roche SA", "b": "Roche", "score": 1.0, "reason": "legal form"}
        | {"label_a": "Roche SA", "label_b": "Roche"},
    ]
    assert set(result.measures) <= set(all_measures())


def test_merging_renames_links_and_fills_what_is_empty() -> None:
    merged = apply_merges(case(), {"2": "3", "3": "1", "Roche SA": "Roche"})
    assert merged.firms is not None
    assert merged.firms.frame["id"].tolist() == ["1", "4"]
    row = merged.firms.frame.iloc[0]
    # Its own size of 5 stays; region and revenue come from the row merged into it.
    assert (row["label"], row["size"], row["region"], row["revenue"]) == ("Weber AG", 5.0, "north", 90.0)
    assert merged.firms.changes[-1].count == 2
    net = build(merged)
    assert net.ids == ("1", "4", "Roche")
    # 1 → 4 is 2 + 3; what 2 sold to 1 stays within the firm.
    assert net.layer("supply").matrix.toarray().tolist() == [[9, 5, 1], [0, 0, 1], [0, 0, 0]]
    assert case().firms is not None
    before = build(case())
    assert before.n == 6


def test_circles_strangers_and_saved_networks_are_errors() -> None:
    with pytest.raises(NetclusterError, match="go in a circle"):
        apply_merges(case(), {"1": "2", "2": "1"})
    with pytest.raises(NetclusterError, match="1 ids to be merged are not in the input"):
        apply_merges(case(), {"9": "1"})
    with pytest.raises(NetclusterError, match="saved network"):
        apply_merges(Bundle(network=build(case())), {"1": "2"})
    with pytest.raises(NetclusterError, match="no firms in the input"):
        suggest_merges(Bundle())
