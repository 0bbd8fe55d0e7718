"""`netcluster clusters`: communities of industries or firms, with how far they can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    from netcluster.core.result import Result
    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle

METHODS = ("leiden", "cpm", "louvain", "infomap", "label_propagation")
TRANSFORMS = (
    "flows", "input_shares", "output_shares", "max_shares", "log", "unweighted", "undirected", "without_loops",
    "within", "across", "pair_normalised",
)  # fmt: skip
BACKBONES = ("disparity", "noise_corrected", "strongest")


@click.command()
@opt.inputs
@click.option(
    "--show",
    type=click.Choice(["members", "clusters", "profile"]),
    default="members",
    show_default=True,
    help="A row a node, a row a cluster, or a row a resolution.",
)
@click.option(
    "--resolution", type=float, default=1.0, show_default=True, help="Above 1 smaller clusters, below larger."
)
@click.option("--layer", default="supply", show_default=True, help="The layer of the network.")
@click.option("--method", type=click.Choice(METHODS), default="leiden", show_default=True, help="How to search.")
@click.option(
    "--transform",
    type=click.Choice(TRANSFORMS),
    default="flows",
    show_default=True,
    help="What a link weighs; across and pair_normalised look past borders.",
)
@click.option("--backbone", type=click.Choice(BACKBONES), default=None, help="Keep only the links that stand out.")
@click.option(
    "--partition",
    type=click.Path(path_type=Path),
    default=None,
    help="Score the clusters of a CSV file (node, cluster) instead of searching.",
)
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.effort
@opt.common
@click.pass_context
def clusters(ctx: click.Context, /, **flags: Any) -> None:
    """Group industries or firms that trade densely with each other.

    \b
    netcluster clusters table.xlsx
    netcluster clusters table.xlsx --show clusters --resolution 1.5
    netcluster clusters world.csv --transform pair_normalised
    netcluster clusters table.xlsx --partition divisions.csv --show clusters
    """

    def work(bundle: Bundle) -> Result:
        from netcluster.clusters import describe
        from netcluster.network.build import build

        network = build(bundle)
        if flags["show"] == "profile":
            return _profile(network, flags)
        partition = _partition(network, flags)
        return partition if flags["show"] == "members" else describe(network, partition)

    ctx.exit(runner.rows("clusters", flags, work))


def _partition(network: Network, flags: dict[str, Any]) -> Any:
    from netcluster.clusters import detect, score
    from netcluster.clusters.score import labels_of

    common = {key: flags[key] for key in ("layer", "resolution", "seed", "transform", "backbone", "effort")}
    if flags["partition"] is None:
        return detect(network, method=flags["method"], **common)
    from netcluster.tables.side import read_side

    given = read_side(flags["partition"], ("node", "cluster"))
    labels = labels_of(network, dict(zip(given["node"], given["cluster"], strict=True)))
    return score(network, labels, **common)


def _profile(network: Network, flags: dict[str, Any]) -> Result:
    from netcluster.clusters import profile

    keys = ("layer", "seed", "method", "transform", "backbone", "effort")
    return profile(network, **{key: flags[key] for key in keys})
