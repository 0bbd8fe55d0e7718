"""The centralities of every node of a layer, side by side."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.centrality.shortest import Betweenness, Closeness, betweenness, closeness
from netcluster.centrality.spectral import pagerank
from netcluster.centrality.strength import degrees, strengths
from netcluster.centrality.walk import katz, shells
from netcluster.core.errors import NetclusterError
from netcluster.core.finding import DESCRIPTIVE, Finding, rank
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

MEASURES = (
    "strength_in",
    "strength_out",
    "pagerank",
    "betweenness",
    "degree_in",
    "degree_out",
    "pagerank_upstream",
    "betweenness_error",
)
MORE = ("katz", "eigenvector", "hub", "authority", "closeness", "closeness_error", "core_number")


def node_centrality(
    net: Network,
    *,
    layer: str = "supply",
    sample: int | None = None,
    damping: float = 0.85,
    seed: int = 0,
    more: bool = False,
) -> Result:
    """Return strengths, PageRank and betweenness of every node in one layer.

    Parameters
    ----------
    net : Network
        Weighted links, supplier first.
    layer : str
        Which links.
    sample : int, optional
        Start nodes for betweenness, and ends for closeness; default all, above 3·10⁹ nodes × links a sample, either
        with its error.
    damping : float
        Of PageRank.
    seed : int
        For the sample.
    more : bool
        Also katz, eigenvector, hub, authority, closeness (and its error), core_number and shell.

    Returns
    -------
    Result
        One row a node, in the network's order: strengths with own deliveries, in the layer's unit;
        degrees without; `pagerank` along the flow of goods (whom they reach), `pagerank_upstream`
        against it (whom buyers lean on); betweenness. Nodes without a link have empty measures.

    Examples
    --------
    Three in a chain: the one in the middle stands on the only way between the others, one of the
    2 ordered pairs of others, so its betweenness is 1/2.

    >>> import pandas as pd
    >>> from netcluster.network.build import build
    >>> from netcluster.tables.links import LinkTable
    >>> rows = [("a", "b", 4.0, "supply"), ("b", "c", 2.0, "supply")]
    >>> net = build(LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"])))
    >>> node_centrality(net).frame[["node", "strength_in", "strength_out", "betweenness"]].values.tolist()
    [['a', 0.0, 4.0, 0.0], ['b', 4.0, 2.0, 0.5], ['c', 2.0, 0.0, 0.0]]
    """
    matrix = net.layer(layer).matrix
    if net.n == 0:
        raise NetclusterError("The network has no nodes.", "Look at the input: netcluster inspect.")
    between = betweenness(matrix, starts=sample, seed=seed)
    frame = _frame(net, layer, between, damping)
    near = closeness(matrix, ends=sample, seed=seed) if more else None
    if near is not None:
        frame = _with_more(frame, matrix, near)
    return Result(
        frame=frame,
        measures=(*MEASURES, *MORE) if more else MEASURES,
        parameters={
            "layer": layer,
            "sample": between.starts if between.starts < net.n else None,
            "damping": damping,
            "seed": seed,
            "more": more,
        },
        notes=_notes(frame, between, near),
        findings=tuple(_findings(frame)),
    )


def _frame(net: Network, layer: str, between: Betweenness, damping: float) -> pd.DataFrame:
    import pandas as pd

    matrix = net.layer(layer).matrix
    into, out = strengths(matrix)
    degree_in, degree_out = degrees(matrix)
    linked = (into > 0) | (out > 0)
    return pd.DataFrame(
        {
            "node": list(net.ids),
            "strength_in": into,
            "strength_out": out,
            "pagerank": np.where(linked, pagerank(matrix, damping=damping), np.nan),
            "betweenness": np.where(linked, between.values, np.nan),
            "degree_in": degree_in,
            "degree_out": degree_out,
            "pagerank_upstream": np.where(linked, pagerank(matrix.T.tocsr(), damping=damping), np.nan),
            "betweenness_error": np.where(linked, between.error, np.nan),
            "label": net.nodes["label"].to_numpy(),
        }
    )


def _with_more(frame: pd.DataFrame, matrix: Any, near: Closeness) -> pd.DataFrame:
    """Return the frame with further centralities before the label, and the shell after it."""
    import netcluster.network.graph as graph

    built = graph.graph_of(matrix)
    with warnings.catch_warnings():
        # igraph warns where the network is not strongly connected; the measure's caveat says so.
        warnings.simplefilter("ignore", RuntimeWarning)
        eigenvector = graph.eigenvector(built)
    hub, authority = graph.hits(built)
    linked = frame["pagerank"].notna()
    columns = {
        "katz": katz(matrix),
        "eigenvector": eigenvector,
        "hub": hub,
        "authority": authority,
        "closeness": near.values,
        "closeness_error": near.error,
    }
    wider = frame.drop(columns="label").assign(**{name: np.where(linked, v, np.nan) for name, v in columns.items()})
    return wider.assign(core_number=graph.coreness(built), label=frame["label"], shell=shells(matrix))


def _notes(frame: pd.DataFrame, between: Betweenness, near: Closeness | None) -> tuple[Note, ...]:
    notes = [Note("own_deliveries", "Own deliveries count in strengths and PageRank, not in degrees and betweenness.")]
    n = len(frame)
    if between.starts < n:
        worst = float(between.error.max())
        notes.append(
            Note(
                "betweenness_sampled",
                f"Betweenness stands on {between.starts:,} of {n:,} start nodes;"
                f" its standard error is {worst:.2g} at most (column betweenness_error).",
                between.starts,
            )
        )
    if near is not None and near.ends < n:
        text = f"Closeness stands on the ways to {near.ends:,} of {n:,} nodes; closeness_error is its standard error."
        notes.append(Note("closeness_sampled", text, near.ends))
    lone = int(frame["pagerank"].isna().sum())
    if lone:
        notes.append(Note("no_links", "Nodes without a link have empty measures.", lone))
    return tuple(notes)


def _findings(frame: pd.DataFrame) -> list[Finding]:
    """Return the nodes that stand between a large share of all pairs."""
    measure = explain("betweenness")
    limit = measure.threshold or 1.0
    strength = frame["strength_in"] + frame["strength_out"]
    shares = strength / strength.sum() if strength.sum() > 0 else strength
    found = []
    near = frame["betweenness"] >= limit
    rows: list[Any] = list(frame[near].itertuples(index=False))
    for row, share in zip(rows, shares[near], strict=True):
        name = str(row.label or row.node)
        found.append(
            Finding(
                code="between",
                subject=str(row.node),
                subject_kind="node",
                measure="betweenness",
                value=float(row.betweenness),
                threshold=limit,
                severity=DESCRIPTIVE,
                share=float(share),
                sentence=(
                    f"{name} stands on {row.betweenness:.0%} of the strongest ways between all other pairs;"
                    f" it buys from {row.degree_in:,} and sells to {row.degree_out:,}."
                ),
                evidence=(
                    {
                        "strength_in": float(row.strength_in),
                        "strength_out": float(row.strength_out),
                        "pagerank": float(row.pagerank),
                        "pagerank_upstream": float(row.pagerank_upstream),
                    },
                ),
                reference=measure.threshold_source,
                lever="Links between its largest suppliers and buyers would take traffic off it.",
            )
        )
    return rank(found)
