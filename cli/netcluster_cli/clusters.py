"""`netcluster clusters`: communities of industries or firms, with how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.clusters import Partition
    from netcluster.core.result import Note, Result
    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle

SHOWN = ("members", "clusters", "claims", "profile", "levels")
METHODS = ("leiden", "cpm", "louvain", "infomap", "label_propagation", "mapequation", "leidenalg")
TRANSFORMS = (
    "flows", "input_shares", "output_shares", "max_shares", "leontief", "value_added", "log", "unweighted",
    "undirected", "without_loops", "within", "across", "pair_normalised",
)  # fmt: skip
BACKBONES = ("disparity", "noise_corrected", "strongest")

searching = (
    click.option(
        "--resolution",
        type=opt.Number(0, min_open=True),
        default=1.0,
        show_default=True,
        help="Above 1 smaller clusters, below larger.",
    ),
    click.option(
        "--layer",
        default="supply",
        show_default=True,
        help="The layer of the network; several together as supply,project or supply=2,project=1.",
    ),
    click.option(
        "--method",
        type=click.Choice(METHODS),
        default="leiden",
        show_default=True,
        help="How to search; mapequation and leidenalg are the extras [infomap] and [leidenalg].",
    ),
    click.option(
        "--transform",
        type=click.Choice(TRANSFORMS),
        default="flows",
        show_default=True,
        help="What a link weighs: within keeps flows inside regions, across and pair_normalised look past borders,"
        " leontief and value_added see the whole chain.",
    ),
    click.option("--backbone", type=click.Choice(BACKBONES), default=None, help="Keep only the links that stand out."),
)


@click.command()
@opt.inputs
@click.option(
    "--show",
    type=click.Choice(SHOWN),
    default="members",
    show_default=True,
    help="A row a node; a cluster, its scorecard; a cluster and claim; a resolution; or nested clusters.",
)
@opt.group(*searching)
@click.option(
    "--partition",
    metavar="FILE|COLUMN",
    default="",
    help="Score given clusters instead of searching: a file (node,cluster; or industry,cluster, codes or what they"
    " begin with, also as published: NAICS, Cluster) or a column of the nodes, such as region.",
)
@click.option(
    "--since", metavar="YEAR", type=int, default=None, help="An earlier year of the same input, for growth in --show."
)
@click.option(
    "--occupations",
    type=click.Path(path_type=Path),
    default=None,
    help="Jobs by occupation, for --show: a CSV file industry,occupation,value.",
)
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.effort
@opt.jobs("Processes that share the searches and null draws.", "1")
@opt.common
@click.pass_context
def clusters(ctx: click.Context, /, **flags: Any) -> None:
    """Group industries or firms that trade densely with each other.

    \b
    netcluster clusters table.xlsx
    netcluster clusters table.xlsx --show clusters --resolution 1.5
    netcluster clusters table.xlsx jobs.csv --show claims --since 2010
    netcluster clusters world.csv --transform pair_normalised
    netcluster clusters table.xlsx --partition divisions.csv --show clusters
    """
    before = _earlier(flags)
    years: list[Year] = []

    def work(bundle: Bundle) -> Result:
        from netcluster.network.build import build

        _linked(bundle)
        full = build(bundle)
        network, layers = _on_level(full, flags["layer"])
        chosen = {**flags, "layer": _names(layers)[0], "layers": layers}
        if flags["show"] == "profile":
            return _profile(network, chosen)
        if flags["show"] == "levels":
            return _levels(network, chosen)
        partition = find(network, chosen, years[-1].partition if years else None)
        years.append(_year(network, partition, years))
        shown: Result = partition
        if flags["show"] != "members":
            shown = _scored(bundle, full, network, partition, flags, before)
        return _with_lines(shown, years[-1].lines) if runner.several_years(flags) else shown

    ctx.exit(runner.rows("clusters", flags, work))


def _linked(bundle: Bundle) -> None:
    """Refuse jobs alone: they have no links to search, but given clusters are scored from them elsewhere."""
    from netcluster.core.errors import NetclusterError

    if bundle.parts == ("employment",):
        raise NetclusterError(
            "Jobs by region and industry have no links between industries to make clusters of.",
            "Score given clusters on them with: netcluster regions FILE --definition CLUSTERS; group the industries by"
            " where they are with --show families; or add an input–output table beside them.",
        )


@dataclass(frozen=True)
class Year:
    """The clusters of one year, and the line that each carries through the years."""

    network: Network
    partition: Partition
    lines: dict[int, int]


def _year(network: Network, partition: Partition, years: list[Year]) -> Year:
    from netcluster.clusters import lineage

    if not years:
        return Year(network, partition, {int(cluster): int(cluster) for cluster in partition.labels})
    last = years[-1]
    used = max(max(year.lines.values()) for year in years)
    lines = lineage(last.partition, partition, last.network, network, lines=last.lines, used=used)
    return Year(network, partition, lines)


def _with_lines(result: Result, lines: dict[int, int]) -> Result:
    """Add the line of each cluster as the last column."""
    return replace(result, frame=result.frame.assign(lineage=result.frame["cluster"].map(lines)))


def find(network: Network, flags: dict[str, Any], before: Partition | None = None) -> Partition:
    """Return the clusters the flags ask for: found, of several layers, or given; from those of the year before on."""
    from netcluster.clusters import detect, multilayer, score

    common = {key: flags[key] for key in ("layer", "resolution", "seed", "transform", "backbone", "effort")}
    common["jobs"] = flags.get("jobs") or 1
    if flags.get("partition"):
        labels, notes = _given(network, flags["partition"])
        scored = score(network, labels, **common)
        return replace(scored, notes=(*scored.notes, *notes))
    weights = _weights(flags)
    if weights:
        search: Any = "leidenalg" if flags["method"] == "leidenalg" else "consensus"
        return multilayer(
            network, weights, search=search, **{key: flags[key] for key in ("resolution", "seed", "effort")}
        )
    return detect(network, method=flags["method"], before=before, **common)


def _given(network: Network, text: str) -> tuple[list[str | None], tuple[Note, ...]]:
    """Return the label of each node from a file of nodes, a file of industries, or a column of the nodes, and notes."""
    from netcluster.clusters.score import labels_by_industry, labels_of
    from netcluster.core.errors import NetclusterError
    from netcluster.tables.side import read_partition, read_side

    path = Path(text)
    if not path.is_file():
        if text in network.nodes:
            return [str(value) or None for value in network.nodes[text].fillna("")], ()
        columns = ", ".join(map(str, network.nodes.columns))
        raise NetclusterError(
            f"--partition {text} is neither a file nor a column of the nodes.",
            f"Give a file node,cluster or industry,cluster (CSV or workbook), or one of {columns}.",
        )
    key = "node" if "node" in read_side(path, ("cluster",), ("node",)) else "industry"
    labels = read_partition(path, key)
    return (labels_of(network, labels), ()) if key == "node" else labels_by_industry(network, labels)


def _scored(
    bundle: Bundle, full: Network, network: Network, partition: Partition, flags: dict[str, Any], before: Bundle | None
) -> Result:
    from netcluster.study.scorecard import scorecard

    occupations = None if flags["occupations"] is None else _occupations(flags["occupations"])
    card = scorecard(bundle, network, partition, full=full, before=before, occupations=occupations)
    return card if flags["show"] == "clusters" else replace(card.claims, notes=card.notes, findings=card.findings)


def _occupations(path: Path) -> pd.DataFrame:
    from netcluster.tables.side import read_numbers

    return read_numbers(path, ("value",), ("industry", "occupation"))


def _earlier(flags: dict[str, Any]) -> Bundle | None:
    """Open the year that growth is told from."""
    if flags["since"] is None:
        return None
    return runner.open_bundles(flags["paths"], {**flags, "year": str(flags["since"])})[-1]


def _names(layers: str) -> list[str]:
    return [part.split("=")[0].strip() for part in layers.split(",")]


def _on_level(full: Network, layers: str) -> tuple[Network, str]:
    """Return the level that the layers live on, and the layers as they are called there.

    Beside layers that only firms have, supply is that between firms.
    """
    from netcluster.network.levels import FIRM_SUPPLY
    from netcluster.study.levels import of_layer

    network, _ = of_layer(full, next((name for name in _names(layers) if name != "supply"), "supply"))
    return network, layers if FIRM_SUPPLY in network.layers else layers.replace(FIRM_SUPPLY, "supply")


def _weights(flags: dict[str, Any]) -> dict[str, float]:
    """Return the layers and their weights where several are asked for."""
    given = str(flags.get("layers", flags["layer"]))
    parts = given.split(",")
    if len(parts) < 2 and "=" not in given:
        return {}
    try:
        return {part.split("=")[0].strip(): float(part.split("=")[1]) if "=" in part else 1.0 for part in parts}
    except ValueError as error:
        text = f"{given!r} is not of the form supply=2,project=1."
        raise click.BadParameter(text, param_hint="--layer") from error


def _profile(network: Network, flags: dict[str, Any]) -> Result:
    from netcluster.clusters import profile

    keys = ("layer", "seed", "method", "transform", "backbone", "effort")
    return profile(network, **{key: flags[key] for key in keys}, jobs=flags["jobs"] or 1)


def _levels(network: Network, flags: dict[str, Any]) -> Result:
    from netcluster.clusters import hierarchy

    return hierarchy(network, **{key: flags[key] for key in ("layer", "seed", "transform", "effort")})
