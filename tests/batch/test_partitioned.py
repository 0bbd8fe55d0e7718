"""Algorithms over parts of a network: the answer of one machine, whatever the parts and the engine."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from netcluster.batch.partitioned import components, label_propagation, pagerank, split
from netcluster.centrality.spectral import pagerank as on_one_machine
from netcluster.core.engine import Serial
from netcluster.core.errors import NetclusterError
from netcluster.core.processes import Processes


def network(n: int, links: int, seed: int, ceiling: int = 5) -> Any:
    """A random directed network with loops, nodes alone, and weights that tie."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(0, n, links), rng.integers(0, n, links)
    matrix = sp.csr_array(sp.coo_array((rng.integers(1, ceiling, links).astype(float), (rows, columns)), shape=(n, n)))
    matrix.sum_duplicates()
    return matrix


@pytest.mark.parametrize("parts", [1, 2, 7])
@pytest.mark.parametrize("seed", range(5))
def test_pagerank_is_that_of_one_machine(tmp_path: Path, parts: int, seed: int) -> None:
    matrix = network(60, 150, seed)
    found = pagerank(split(matrix, tmp_path, parts), Serial())
    np.testing.assert_allclose(found, on_one_machine(matrix), rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_components_are_scipys(tmp_path: Path, seed: int) -> None:
    matrix = network(200, 160, seed)
    found = components(split(matrix, tmp_path, 3), Serial())
    _, expected = sp.csgraph.connected_components(matrix, directed=True, connection="weak")
    lowest = [int(np.flatnonzero(expected == label)[0]) for label in expected]
    assert found.tolist() == lowest


def test_components_of_a_long_chain(tmp_path: Path) -> None:
    """By hand: a chain of 300 and another of 200 are two components, 0 and 300."""
    order = np.random.default_rng(0).permutation(300)
    chain = [(order[k], order[k + 1]) for k in range(299)] + [(k, k + 1) for k in range(300, 499)]
    rows, columns = zip(*chain, strict=True)
    matrix = sp.csr_array(sp.coo_array((np.ones(len(chain)), (rows, columns)), shape=(500, 500)))
    assert components(split(matrix, tmp_path, 4), Serial()).tolist() == [0] * 300 + [300] * 200


@pytest.mark.parametrize("seed", range(5))
def test_label_propagation_is_that_written_out(tmp_path: Path, seed: int) -> None:
    matrix = network(40, 80, seed)
    found, sweeps = label_propagation(split(matrix, tmp_path, 5), Serial(), sweeps=20)
    assert found.tolist() == written_out(matrix, 20)
    assert sweeps <= 20


def written_out(matrix: Any, sweeps: int) -> list[int]:
    """Brute force: even nodes, then odd ones; heaviest label, a tie to the own one, then the lowest."""
    ties = (matrix + matrix.T).toarray()
    labels = list(range(len(ties)))
    for _ in range(sweeps):
        before = list(labels)
        for odd in (0, 1):
            now = list(labels)
            for node in range(odd, len(ties), 2):
                heard: dict[int, float] = defaultdict(float)
                for other in np.flatnonzero(ties[node]):
                    heard[labels[other]] += ties[node, other]
                if heard:
                    now[node] = max(heard, key=lambda label: (heard[label], label == labels[node], -label))
            labels = now
        if labels == before:
            break
    return labels


def test_processes_give_the_same_bytes(tmp_path: Path) -> None:
    matrix = network(300, 900, 1)
    parts = split(matrix, tmp_path, 3)
    with Processes(2) as engine:
        assert pagerank(parts, engine).tobytes() == pagerank(parts, Serial()).tobytes()
        assert components(parts, engine).tobytes() == components(parts, Serial()).tobytes()
        assert label_propagation(parts, engine)[0].tobytes() == label_propagation(parts, Serial())[0].tobytes()


@pytest.mark.slow
def test_dask_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from netcluster.core.dask_engine import Dask

    matrix = network(100, 300, 2)
    parts = split(matrix, tmp_path, 3)
    with Dask(2) as engine:
        assert pagerank(parts, engine, tolerance=1e-6).tobytes() == pagerank(parts, Serial(), tolerance=1e-6).tobytes()
        assert label_propagation(parts, engine)[0].tobytes() == label_propagation(parts, Serial())[0].tobytes()


def test_a_network_without_links_and_parts_that_are_none(tmp_path: Path) -> None:
    parts = split(sp.csr_array((3, 3)), tmp_path, 2)
    assert pagerank(parts, Serial()).tolist() == pytest.approx([1 / 3] * 3)
    assert components(parts, Serial()).tolist() == [0, 1, 2]
    assert label_propagation(parts, Serial())[0].tolist() == [0, 1, 2]
    with pytest.raises(NetclusterError, match="can't be split into 4 parts"):
        split(sp.csr_array((3, 3)), tmp_path, 4)
    with pytest.raises(NetclusterError, match="damping"):
        pagerank(parts, Serial(), damping=1.0)
