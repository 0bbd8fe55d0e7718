"""Which part of a mixed network an analysis is of: the firms where there are firms, else the whole."""

from __future__ import annotations

from netcluster.network.network import Network


def firm_level(network: Network) -> Network:
    """Return the firms and institutions of a network that holds industries too, with their links as "supply".

    A network of one level comes back as it is.
    """
    from netcluster.network.levels import FIRM_SUPPLY, select

    if FIRM_SUPPLY not in network.layers:
        return network
    return select(network, kinds=("firm", "institution"))


def table_level(network: Network) -> Network:
    """Return the industries of a network that holds firms too; a network of one level comes back as it is."""
    from netcluster.network.levels import FIRM_SUPPLY, select

    if FIRM_SUPPLY not in network.layers:
        return network
    return select(network, kinds=("industry",))
