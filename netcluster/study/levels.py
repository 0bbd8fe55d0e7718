"""Which part of a mixed network an analysis is of: its industries, or its firms and institutions.

A network of one level comes back as it is.
"""

from __future__ import annotations

from netcluster.network.levels import FIRM_SUPPLY, select
from netcluster.network.network import Network

_FIRMS = frozenset({"firm", "institution"})


def firm_level(network: Network) -> Network:
    """Return the firms and institutions of a network that holds industries too, with their links as "supply"."""
    return select(network, kinds=tuple(sorted(_FIRMS))) if _mixed(network) else network


def table_level(network: Network) -> Network:
    """Return the industries of a network that holds firms too, with the flows between them as "supply"."""
    return select(network, kinds=("industry",)) if _mixed(network) else network


def of_layer(network: Network, layer: str) -> tuple[Network, str]:
    """Return the level a layer lives on, and the layer's name there.

    Of a table and firms together, "supply" are the flows between industries, "firm_supply" those between firms; every
    other layer is of firms and institutions.
    """
    if not _mixed(network):
        return network, layer
    if layer == "supply":
        return table_level(network), layer
    return firm_level(network), "supply" if layer == FIRM_SUPPLY else layer


def _mixed(network: Network) -> bool:
    kinds = set(network.nodes["kind"])
    return "industry" in kinds and bool(kinds & _FIRMS)
