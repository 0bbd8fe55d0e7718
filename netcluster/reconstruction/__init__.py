"""Reconstruction: firm networks that agree with an input–output table, with a report of how far they do."""

from netcluster.reconstruction.ensemble import Ensemble, ensemble, over, with_spread
from netcluster.reconstruction.inputs import read_inputs
from netcluster.reconstruction.model import Exponents
from netcluster.reconstruction.reconstruct import Reconstruction, reconstruct

__all__ = [
    "Ensemble",
    "Exponents",
    "Reconstruction",
    "ensemble",
    "over",
    "read_inputs",
    "reconstruct",
    "with_spread",
]
