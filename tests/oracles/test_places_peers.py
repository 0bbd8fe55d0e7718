"""Places beside econcomplex, ecomplexity and inequality, up to the faults of theirs that the tests show."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from netcluster.core.indices import gini, hhi, theil
from netcluster.places import (
    advantages,
    complexity_indices,
    density,
    fitness,
    hachman,
    hoover,
    krugman,
    location_quotient,
    locational_gini,
    proximity,
)


def peer(name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(name)


def quiet(function: Any, *arguments: Any, **options: Any) -> Any:
    """Call a peer, which warns of its own."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*arguments, **options)


def exports(seed: int = 0, n: int = 25, m: int = 60, noise: float = 0.8) -> Any:
    """Exports that are roughly nested, no row or column without an advantage."""
    rng = np.random.default_rng(seed)
    score = np.linspace(0, 3, n)[:, None] - np.linspace(0, 3, m) + rng.normal(0, noise, (n, m))
    return np.exp(score)


X = exports()


def test_quotients_proximity_density_and_indices_as_econcomplex_has_them() -> None:
    theirs = peer("econcomplex")
    M = advantages(location_quotient(X.T).T).toarray()
    quotients = np.asarray(quiet(theirs.location_quotient, X))
    assert quotients == pytest.approx(location_quotient(X.T).T, rel=1e-12)
    phi = quiet(theirs.proximity, X, compute="product")["product"]
    ours = proximity(M)
    np.fill_diagonal(ours, 0.0)
    assert ours == pytest.approx(np.asarray(phi), abs=1e-12)
    # Theirs in percent, the product itself left out.
    percent = np.asarray(quiet(theirs.relatedness_density, X))
    assert 100 * density(M, proximity(M)) == pytest.approx(percent, rel=1e-9)
    whole = X.sum(axis=0)
    assert [krugman(row, whole) for row in X] == pytest.approx(np.asarray(quiet(theirs.krugman_index, X)), abs=1e-12)
    assert [hachman(row, whole) for row in X] == pytest.approx(np.asarray(quiet(theirs.hachman_index, X)), abs=1e-12)
    assert hhi(X) == pytest.approx(np.asarray(quiet(theirs.herfindahl, X, normalize=False)), abs=1e-12)
    regions = X.sum(axis=1)
    shown = np.asarray(quiet(theirs.hoover_index, X, pop=regions)) / 100
    assert [hoover(column, regions) for column in X.T] == pytest.approx(shown, abs=1e-12)


def test_the_locational_gini_of_econcomplex_is_half_of_ours() -> None:
    # Theirs is the area between curve and diagonal, at most 1/2; ours twice that, at most 1.
    found = np.asarray(quiet(peer("econcomplex").locational_gini, X))
    regions = X.sum(axis=1)
    assert [locational_gini(column, regions) for column in X.T] == pytest.approx(2 * found, abs=1e-9)


def test_herfindahl_of_econcomplex_is_the_normalised_one_unless_asked() -> None:
    found = float(np.asarray(quiet(peer("econcomplex").herfindahl, np.array([[4.0, 3, 2, 1], [1, 1, 1, 1]])))[0])
    assert float(hhi([4, 3, 2, 1])) == pytest.approx(0.3)
    assert found == pytest.approx(0.0666667, abs=1e-6)


def test_complexity_as_econcomplex_has_it() -> None:
    theirs = peer("econcomplex")
    M = advantages(location_quotient(X.T).T).toarray()
    eci, pci = (np.asarray(values) for values in quiet(theirs.eci_pci, X))
    ours = complexity_indices(M)
    for found, mine in ((eci, ours.eci), (pci, ours.pci)):
        known = (found - found.mean()) / found.std()
        assert abs(known @ mine) / len(mine) == pytest.approx(1, abs=1e-9)
    assert eci @ ours.eci > 0


def test_the_sign_of_pci_in_econcomplex_is_set_apart_from_that_of_eci() -> None:
    # A product's PCI is the mean ECI of its exporters, scaled. On noisy tables theirs may point the other way.
    theirs, opposite, tables = peer("econcomplex"), 0, 20
    for seed in range(tables):
        M = advantages(location_quotient(exports(seed, noise=2.5).T).T).toarray()
        M = M[:, M.sum(axis=0) > 0]
        ours = complexity_indices(M)
        means = (M.T @ ours.eci) / M.sum(axis=0)
        assert np.corrcoef(means, ours.pci)[0, 1] == pytest.approx(1)
        eci, pci = (np.asarray(values) for values in quiet(theirs.eci_pci, M, use_rca=False))
        opposite += np.corrcoef((M.T @ eci) / M.sum(axis=0), pci)[0, 1] < 0
    assert opposite > 0


def test_fitness_as_econcomplex_has_it() -> None:
    M = advantages(location_quotient(X.T).T).toarray()
    found = [np.asarray(v) for v in quiet(peer("econcomplex").fitness_complexity, X, iterations=1000)]
    ours = fitness(M, iterations=1000)
    for theirs, mine in zip(found, (ours.exporters, ours.products), strict=True):
        assert mine / mine.mean() == pytest.approx(theirs / theirs.mean(), rel=1e-4, abs=1e-6)


def long(values: Any) -> pd.DataFrame:
    rows, columns = values.shape
    frame = pd.DataFrame({"loc": np.repeat(np.arange(rows), columns), "prod": np.tile(np.arange(columns), rows)})
    return frame.assign(time=2000, val=values.ravel())


NAMES = {"time": "time", "loc": "loc", "prod": "prod", "val": "val"}


def test_complexity_as_ecomplexity_has_it() -> None:
    # Its ECI has mean 0 and deviation 1 (ddof 0) as ours; its PCI is scaled by ECI's mean and deviation.
    found = quiet(peer("ecomplexity").ecomplexity, long(X), NAMES, verbose=False)
    ours = complexity_indices(advantages(location_quotient(X.T).T))
    eci, pci = found.groupby("loc")["eci"].first().to_numpy(), found.groupby("prod")["pci"].first().to_numpy()
    assert eci == pytest.approx(ours.eci, abs=1e-6)
    assert (pci - pci.mean()) / pci.std() == pytest.approx(ours.pci, abs=1e-6)
    assert pci.std() != pytest.approx(1, abs=0.01)


def test_an_exporter_of_nothing_has_no_complexity_here_or_there() -> None:
    # Users of ecomplexity reported that one such row made every ECI NaN; in 0.5.3 it does not.
    values = X.copy()
    values[3] = 0
    found = quiet(peer("ecomplexity").ecomplexity, long(values), NAMES, verbose=False)
    eci = found.groupby("loc")["eci"].first().to_numpy()
    ours = complexity_indices(advantages(location_quotient(values.T).T)).eci
    assert np.flatnonzero(np.isnan(ours)).tolist() == [3] == np.flatnonzero(np.isnan(eci)).tolist()
    assert np.nan_to_num(eci) == pytest.approx(np.nan_to_num(ours), abs=1e-6)


def test_density_of_the_nearest_few_in_ecomplexity_leaves_weights_out() -> None:
    # A density is a share of what is near, so at most 1; with knn theirs is a count of neighbours.
    found = quiet(peer("ecomplexity").ecomplexity, long(X), NAMES, knn=3, verbose=False)
    assert float(found["density"].max()) > 1
    M = advantages(location_quotient(X.T).T)
    assert np.nanmax(density(M, proximity(M))) <= 1


def test_inequality_as_pysal_has_it() -> None:
    peer("inequality")
    from inequality.gini import Gini
    from inequality.theil import Theil

    x = np.array([10.0, 10, 10, 20, 50])
    assert gini(x) == pytest.approx(quiet(Gini, x).g)
    assert theil(x) == pytest.approx(quiet(Theil, x).T)
