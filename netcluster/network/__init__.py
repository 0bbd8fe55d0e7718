"""Networks: nodes of several kinds, links in layers; building, transforming, storing and exporting them."""

from __future__ import annotations

from netcluster.network.build import build
from netcluster.network.export import export
from netcluster.network.levels import aggregate, coverage, select
from netcluster.network.network import Layer, Network
from netcluster.network.open import open_inputs, open_years
from netcluster.network.project import project
from netcluster.network.proxies import tag_proxies
from netcluster.network.store import load, save

__all__ = [
    "Layer",
    "Network",
    "aggregate",
    "build",
    "coverage",
    "export",
    "load",
    "open_inputs",
    "open_years",
    "project",
    "save",
    "select",
    "tag_proxies",
]
