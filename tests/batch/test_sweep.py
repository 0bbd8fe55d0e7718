"""The index of every firm by ranges of firms is that of all firms at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netcluster.batch import sweep
from netcluster.core.engine import Serial
from netcluster.core.errors import NetclusterError
from netcluster.core.processes import Processes
from netcluster.network.build import build
from netcluster.network.store import save
from netcluster.risk import cascade
from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
from netcluster.tables.links import LinkTable


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    n, links = 60, 240
    pairs = {(int(i), int(j)) for i, j in rng.integers(0, n, (links, 2)) if i != j}
    rows = [(f"f{i:02d}", f"f{j:02d}", float(rng.integers(1, 90)), "supply") for i, j in sorted(pairs)]
    industries = [f"I{k % 5}" for k in range(n)]
    frame = pd.DataFrame({"id": [f"f{k:02d}" for k in range(n)], "industry": industries})
    frame = frame.assign(kind="firm", role="", region="", **dict.fromkeys(FIRM_COLUMNS[5:], np.nan))
    firms = FirmTable(frame)
    net = build(LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"])), firms)
    save(net, tmp_path / "net")
    return tmp_path / "net"


def test_ranges_of_firms_make_the_whole(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "FIRMS", 7)
    found = sweep.cascade_sweep(saved, Serial(), production="linear")
    whole = cascade(sweep._network(str(saved)), production="linear", fast=False).frame
    pd.testing.assert_frame_equal(found, whole)


def test_processes_give_the_same(saved: Path) -> None:
    with Processes(1) as engine:
        found = sweep.cascade_sweep(saved, engine)
    pd.testing.assert_frame_equal(found, sweep.cascade_sweep(saved, Serial()))


def test_a_layer_that_is_not_there(saved: Path) -> None:
    with pytest.raises(NetclusterError, match="no layer 'labour'"):
        sweep.cascade_sweep(saved, Serial(), layer="labour")
