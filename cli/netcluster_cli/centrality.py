"""`netcluster centrality`: who is central, who stands between groups, and what institutions reach."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.core.result import Result
    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle

SHOWN = ("nodes", "brokers", "institutions", "coverage", "suggestions")


@click.command()
@opt.inputs
@click.option(
    "--show",
    type=click.Choice(SHOWN),
    default="nodes",
    show_default=True,
    help="A row a node; its brokerage; a row an institution; how institutions cover groups; ties that are missing.",
)
@click.option(
    "--layer",
    type=opt.Names(),
    default=(),
    help="The layer of the network; supply where left out. For institutions several, laid over one another; where"
    " left out membership, project, patent and labour.",
)
@click.option("--more", is_flag=True, help="Also Katz, eigenvector, HITS, closeness, k-core and bow tie of nodes.")
@click.option(
    "--sample", type=click.IntRange(min=2), default=None, help="Nodes to measure ways from; all where that is feasible."
)
@click.option(
    "--partition",
    type=click.Path(path_type=Path),
    default=None,
    help="Groups from a CSV file (node, cluster) instead of regions; industries name their firms too.",
)
@click.option("--roles", type=opt.Names(), default=(), help="Count institutions of these roles only.")
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.common
@click.pass_context
def centrality(ctx: click.Context, /, **flags: Any) -> None:
    """Who is central, who stands between groups, and what institutions reach.

    \b
    netcluster centrality table.xlsx --sort=-pagerank --top 10
    netcluster centrality links.csv -o centrality.csv
    netcluster centrality net --show brokers --partition clusters.csv --sort=-brokerage
    netcluster centrality net --show coverage --roles university,research
    netcluster centrality net --show suggestions --top 5
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.centrality import node_centrality
        from netcluster.network.build import build

        network = build(bundle)
        if flags["show"] != "nodes":
            return _between(network, flags)
        return node_centrality(
            network, layer=_one_layer(flags), sample=flags["sample"], seed=flags["seed"], more=flags["more"]
        )

    ctx.exit(runner.rows("centrality", flags, work))


def _one_layer(flags: dict[str, Any]) -> str:
    if len(flags["layer"]) > 1:
        raise click.BadParameter("Layers are never added up: name one.", param_hint="--layer")
    return flags["layer"][0] if flags["layer"] else "supply"


def _between(network: Network, flags: dict[str, Any]) -> Result:
    from netcluster import centrality as room
    from netcluster.study.levels import firm_level

    level = firm_level(network)
    groups = _groups(level, flags["partition"])
    if flags["show"] == "brokers":
        return room.brokers(level, groups, layer=_one_layer(flags))
    tagged = _with_institutions(level)
    layer = flags["layer"] or None
    if flags["show"] == "institutions":
        result = room.institutions(tagged, groups, layer=layer)
    elif flags["show"] == "coverage":
        result = room.coverage(tagged, groups, layer=layer, roles=flags["roles"])
    else:
        result = room.suggestions(tagged, groups, top=flags["top"] or 10, layer=layer, roles=flags["roles"])
    return replace(result, notes=(*tagged.changes[len(level.changes) :], *result.notes))


def _groups(network: Network, partition: Path | None) -> Any:
    if partition is None:
        return None
    from netcluster.study.groups import groups_of
    from netcluster.tables.side import read_partition

    return groups_of(network, read_partition(partition, "node"))


def _with_institutions(network: Network) -> Network:
    """Return the network, the industries of a table alone tagged that stand for institutions."""
    kinds = set(network.nodes["kind"])
    if "industry" in kinds and "institution" not in kinds and "proxy" not in network.nodes:
        from netcluster.network.proxies import tag_proxies

        return tag_proxies(network)
    return network
