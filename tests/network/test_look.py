"""What is said of a saved network before anything is done with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from netcluster.network.build import build
from netcluster.network.open import inspect_inputs
from netcluster.network.store import load_network, save
from netcluster.reconstruction import reconstruct
from netcluster.tables.links import LinkTable
from tests.reconstruction.economies import firms, table


def test_layers_and_pieces_by_hand(tmp_path: Path) -> None:
    # Two chains, one of three nodes and one of two, worth 4 + 2 + 1.
    rows = [("a", "b", 4.0, "supply"), ("b", "c", 2.0, "supply"), ("d", "e", 1.0, "supply")]
    links = LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"]), unit="EUR", year=2020)
    save(build(links), tmp_path / "net")
    seen = inspect_inputs(tmp_path / "net")
    assert seen.kind == "saved network"
    assert seen.size["nodes"] == 5
    assert seen.blocks[0] == "layer supply: 3 links, of 7 EUR, among 5 nodes, 3 of them in one piece"
    assert any("clusters" in line for line in seen.lines())


def test_the_validation_report_is_saved_with_the_network(tmp_path: Path) -> None:
    made = reconstruct(table(), firms(80), mean_degree=6)
    save(made.network, tmp_path / "net")
    back = load_network(tmp_path / "net")
    assert back is not None
    assert back.validation is not None
    pd.testing.assert_frame_equal(back.validation, made.frame, check_dtype=False)
    said = [line for line in inspect_inputs(tmp_path / "net").blocks if line.startswith("validation")]
    held = made.frame[made.frame["target"].ne("")]
    off = [row for row in held.itertuples() if not _within(row)]
    assert said[0] == (
        f"validation: reconstructed; {len(held) - len(off)} of {len(held)} targets met (validation.csv in the folder)"
    )
    assert len(said) == 1 + len(off)
    # What is cut out of a network is held to nothing.
    assert build(LinkTable(pd.DataFrame(columns=["source", "target", "weight", "layer"]))).validation is None


def _within(row: object) -> bool:
    low, high, reached = (getattr(row, name) for name in ("target_low", "target_high", "reached"))
    room = 0.02 * max(abs(low), abs(high)) or 0.01
    return bool(np.clip(reached, low - room, high + room) == reached)
