"""Firms that are short of partners draw more; the others' links, known ones and the density stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from netcluster.network.network import Network
from netcluster.reconstruction import reconstruct
from netcluster.reconstruction.balance import balance, margins
from netcluster.reconstruction.model import model
from netcluster.reconstruction.partners import SPARE, more_partners
from netcluster.reconstruction.sample import Drawn, row_sums
from netcluster.tables.links import LinkTable
from tests.reconstruction.economies import firms, small, table


def chain(n: int) -> Drawn:
    """Return n firms, each selling 1 to the next."""
    buyers = np.r_[np.arange(1, n), 0].astype(np.int32)
    return Drawn(np.arange(n + 1), buyers, np.ones(n))


def test_a_chain_of_unequal_firms_is_brought_to_its_sales() -> None:
    # A firm of a chain can sell no more than the next one buys. With Pareto sizes that leaves much unsold, by any
    # weights; further partners of the large firms sell the better half of it, small firms draw none.
    economy = small(60, 3)
    chosen, held, _ = model(economy, "dcgm")
    asked, before = margins(held, cells=False), chain(held.n)
    weights, _, _ = balance(before, asked)
    rough = Drawn(before.starts, before.buyers, np.maximum(weights, 1e-300))
    after, added = more_partners(rough, chosen, asked, np.random.default_rng(1))
    assert added == after.links - before.links > 0
    # Nobody has five partners on each side, so nothing is taken out.
    assert np.isin(_keys(before), _keys(after)).all()
    assert np.unique(_keys(after)).size == after.links
    fitted, _, _ = balance(after, asked)
    missed = [
        np.abs(row_sums(Drawn(one.starts, one.buyers, w)) - held.sales).sum()
        for one, w in ((before, weights), (after, fitted))
    ]
    assert missed[1] < 0.6 * missed[0]


def _keys(drawn: Drawn) -> Any:
    n = drawn.starts.size - 1
    return np.repeat(np.arange(n), np.diff(drawn.starts)) * n + drawn.buyers


def _supply(network: Network) -> set[tuple[str, str]]:
    matrix = network.layer("supply").matrix.tocoo()
    ids = network.ids
    return {(ids[i], ids[j]) for i, j in zip(matrix.row, matrix.col, strict=True)}


def test_known_links_are_neither_taken_out_nor_doubled() -> None:
    io, listed = table(3), firms(200, 3)
    rng = np.random.default_rng(4)
    pairs = {(f"f{a}", f"f{b}") for a, b in rng.integers(0, 200, (300, 2)) if a != b}
    rows = pd.DataFrame(sorted(pairs), columns=["source", "target"]).assign(weight=1.0, layer="supply")
    made = reconstruct(io, listed, mean_degree=12, known=LinkTable(rows))
    assert pairs <= _supply(made.network)
    assert any(note.code == "more_partners" and note.count for note in made.notes)


def test_the_density_stays() -> None:
    made = reconstruct(table(5), firms(2000, 5), mean_degree=12)
    figures: Any = made.frame.set_index("measure")
    # Drawn links are Poisson at the most, and so are those taken out: five standard deviations of both.
    assert abs(figures.loc["links", "reached"] - 24_000) < 5 * np.sqrt(2 * 24_000)
    degrees = np.diff(made.network.layer("supply").matrix.indptr)
    assert degrees.max() > SPARE


def test_the_published_model_stands_as_it_is() -> None:
    from netcluster.reconstruction import Exponents

    made = reconstruct(table(3), firms(100, 3), mean_degree=5, exponents=Exponents())
    assert "more_partners" not in {note.code for note in made.notes}


@pytest.mark.parametrize("method", ["dcgm", "iogm"])
def test_sales_are_nearly_met(method: str) -> None:
    # The claim of docs/methods/reconstruction.md for networks of some thousand firms.
    made = reconstruct(table(5), firms(3000, 5), mean_degree=15, method=method)  # type: ignore[arg-type]
    figures: Any = made.frame.set_index("measure")["reached"]
    assert figures["sales_deviation"] < 0.1
    assert figures["purchases_deviation"] < 0.1
