"""The density-corrected gravity model beside NEMtropy's directed configuration model, which is its general form."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from netcluster.reconstruction.calibrate import density
from netcluster.reconstruction.expected import Sums
from netcluster.reconstruction.model import Exponents, fitness, model, noise
from tests.reconstruction.economies import pairs, small


@pytest.mark.slow
def test_nemtropy_finds_our_probabilities_from_our_expected_degrees() -> None:
    # p = x y ÷ (1 + x y) is determined by its expected degrees: what NEMtropy solves for must be what we have.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nemtropy = pytest.importorskip("NEMtropy")
        chosen, firms, _ = model(small(60), "dcgm")
        made = fitness(chosen, Exponents(), noise(firms.n, 0))
        sums = Sums(chosen, made)
        z = density(sums, 480.0)
        graph = nemtropy.DirectedGraph(degree_sequence=np.concatenate(sums.degrees(z)))
        graph.solve_tool(model="dcm", method="newton", initial_guess="degrees", max_steps=500)
    theirs = np.outer(graph.x, graph.y) / (1 + np.outer(graph.x, graph.y))
    np.fill_diagonal(theirs, 0)
    p, _ = pairs(chosen, made, z)
    np.testing.assert_allclose(theirs, p, rtol=1e-5)
