"""netcluster: supply-chain networks, their industrial clusters, and what they depend on.

    import netcluster as nc
    io = nc.read_table("wiot_deu.xlsx", year=2014)
    key = nc.economy.linkages(io)
    net = nc.build(io)
    part = nc.clusters.detect(net, seed=0)

Nothing heavy is loaded before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "Account",
    "Bundle",
    "EmploymentTable",
    "Finding",
    "FirmTable",
    "IOTable",
    "ImportBlock",
    "Layer",
    "LinkTable",
    "NetclusterError",
    "Network",
    "Note",
    "ReadOptions",
    "Result",
    "SupplyUse",
    "TradeTable",
    "analyze",
    "batch",
    "build",
    "centrality",
    "clusters",
    "economy",
    "explain",
    "export",
    "inspect",
    "load",
    "network",
    "open_inputs",
    "open_years",
    "places",
    "read_table",
    "reconstruction",
    "report",
    "risk",
    "save",
    "tables",
]

if TYPE_CHECKING:
    from netcluster import batch, centrality, clusters, economy, network, places, reconstruction, report, risk, tables
    from netcluster.core.errors import NetclusterError
    from netcluster.core.finding import Finding
    from netcluster.core.measures import explain
    from netcluster.core.result import Note, Result
    from netcluster.network.build import build
    from netcluster.network.export import export
    from netcluster.network.network import Layer, Network
    from netcluster.network.open import open_inputs, open_years
    from netcluster.network.store import load, save
    from netcluster.report.run import analyze
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.employment import EmploymentTable
    from netcluster.tables.firms import FirmTable
    from netcluster.tables.inspect import inspect
    from netcluster.tables.iotable import Account, ImportBlock, IOTable
    from netcluster.tables.links import LinkTable
    from netcluster.tables.options import ReadOptions
    from netcluster.tables.read import read_table
    from netcluster.tables.supplyuse import SupplyUse
    from netcluster.tables.trade import TradeTable
else:
    _HOMES = {
        "Account": "tables.iotable",
        "Bundle": "tables.bundle",
        "EmploymentTable": "tables.employment",
        "Finding": "core.finding",
        "FirmTable": "tables.firms",
        "ImportBlock": "tables.iotable",
        "IOTable": "tables.iotable",
        "Layer": "network.network",
        "LinkTable": "tables.links",
        "NetclusterError": "core.errors",
        "Network": "network.network",
        "Note": "core.result",
        "ReadOptions": "tables.options",
        "Result": "core.result",
        "SupplyUse": "tables.supplyuse",
        "TradeTable": "tables.trade",
        "analyze": "report.run",
        "build": "network.build",
        "explain": "core.measures",
        "export": "network.export",
        "inspect": "tables.inspect",
        "load": "network.store",
        "open_inputs": "network.open",
        "open_years": "network.open",
        "read_table": "tables.read",
        "save": "network.store",
    }
    _ROOMS = frozenset(
        {
            "batch",
            "centrality",
            "clusters",
            "economy",
            "network",
            "places",
            "reconstruction",
            "report",
            "risk",
            "tables",
        }
    )

    def __getattr__(name):
        from importlib import import_module

        if name in _ROOMS:
            return import_module(f"netcluster.{name}")
        if name in _HOMES:
            value = getattr(import_module(f"netcluster.{_HOMES[name]}"), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module 'netcluster' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"], key=str.casefold)
