"""How few firms stand between a region and an input: smallest sets whose loss cuts it off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import EVIDENCE_ROWS, Finding, rank, severity
from netcluster.core.measures import explain
from netcluster.core.progress import track
from netcluster.core.result import Note, Result
from netcluster.network.transform import without_loops

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Integers = npt.NDArray[np.int64]
MEASURES = ("buyers", "home_sellers", "sellers", "cut_set", "input_share", "activity_share")
#: Sets larger than this are not told apart: the region has that many ways and more.
MOST = 5


def cut_sets(net: Network, *, layer: str = "supply", most: int = MOST, cut_threshold: float | None = None) -> Result:
    """Return, for each region and each input its firms buy, the fewest firms whose loss cuts the region off.

    Chains begin at the sellers of the input outside the region and lead, over any firms outside, to the firms of
    the region. The smallest set that meets all of them has as many firms as there are chains without a common
    firm (Menger 1927), found by the largest flow with one chain a firm (Ford and Fulkerson 1956). A firm's use of what
    it makes itself is no purchase.

    Parameters
    ----------
    net : Network
        Who supplies whom, with a region and an industry for each firm.
    layer : str
        The layer of links.
    most : int
        Larger sets count as this size plus one.
    cut_threshold : float, optional
        A set of at most so many firms makes a finding where nobody sells the input at home; the default
        stands in measures.toml.

    Returns
    -------
    Result
        One row a region and input: region, input, buyers (firms of the region that buy it), home_sellers,
        sellers (outside that reach the region), cut_set (how many firms; 0 where none outside reaches it),
        firms (their ids; one such set of several), input_share (of all the region's firms buy),
        activity_share (the region's share of all purchases). Findings: `thin_supply`.

    Examples
    --------
    Two wells feed one pipeline, which serves the south: one firm cuts it off.

    >>> import pandas as pd
    >>> import scipy.sparse as sp
    >>> from netcluster.network.network import Layer, Network
    >>> made = ["gas", "gas", "gas", "glass", "steel"]
    >>> nodes = pd.DataFrame({"id": ["w1", "w2", "pipe", "s1", "s2"], "kind": "firm", "role": "", "label": "",
    ...                       "industry": made, "region": list("NNNSS"), "size": 1.0})
    >>> links = sp.csr_array(([1.0, 1, 1, 1], ([0, 1, 2, 2], [2, 2, 3, 4])), shape=(5, 5))
    >>> found = cut_sets(Network(nodes, {"supply": Layer(links, money=True)})).frame
    >>> found[["region", "cut_set", "firms"]].values.tolist()
    [['N', 0, ''], ['S', 1, 'pipe']]
    """
    import pandas as pd

    region = net.nodes["region"].fillna("").astype(str).to_numpy(dtype=object)
    industry = net.nodes["industry"].fillna("").astype(str).to_numpy(dtype=object)
    if (region == "").all() or (industry == "").all():
        raise NetclusterError("Cut sets need a region and an industry for each firm.", "Give --firms with both.")
    matrix = without_loops(net.layer(layer).matrix)
    flows = _Chains(matrix, most)
    rows: list[tuple[Any, ...]] = []
    bought = np.asarray(matrix.sum(axis=0)).ravel()
    sells = np.diff(matrix.indptr) > 0
    for name in track(sorted(set(region) - {""}), "Cut sets"):
        home = np.flatnonzero(region == name)
        amounts = pd.Series(np.asarray(matrix[:, home].sum(axis=1)).ravel()).groupby(industry).sum()
        wanted = [str(goods) for goods, amount in amounts.items() if amount > 0 and goods != ""]
        total = float(amounts.sum())
        base = flows.into(home)
        for goods in wanted:
            makers = sells & (industry == goods)
            buys = np.asarray(matrix[np.flatnonzero(makers)][:, home].sum(axis=0)).ravel() > 0
            cut, reached = flows.cut(base, np.flatnonzero(makers & (region != name)))
            ids = " ".join(net.ids[i] for i in cut[:EVIDENCE_ROWS]) if cut is not None else ""
            size = most + 1 if cut is None else len(cut)
            share = float(amounts[goods]) / total
            at_home = int((makers & (region == name)).sum())
            part = float(bought[home].sum() / bought.sum())
            rows.append((name, goods, int(buys.sum()), at_home, reached, size, ids, share, part))
    columns = [
        "region",
        "input",
        "buyers",
        "home_sellers",
        "sellers",
        "cut_set",
        "firms",
        "input_share",
        "activity_share",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    limit = explain("cut_set").threshold if cut_threshold is None else cut_threshold
    text = f"A cut set of {most + 1} stands for {most + 1} firms or more."
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={"layer": layer, "most": most, "cut_threshold": limit},
        notes=(Note("larger_sets", text, int((frame["cut_set"] > most).sum())),),
        findings=tuple(_findings(frame, net, float(limit or 0))),
    )


@dataclass(frozen=True, eq=False)
class _Into:
    """The network outside a region, each firm split in two, with the region as the sink."""

    outside: Any
    home: Integers
    rows: Any


class _Chains:
    """Largest flows from sellers to regions: firm i comes in at i and goes out at n + i, one chain each."""

    def __init__(self, matrix: Any, most: int) -> None:
        self._matrix, self._n, self._most = matrix, matrix.shape[0], most
        self._source = np.repeat(np.arange(self._n), np.diff(matrix.indptr))
        self._target = matrix.indices.astype(np.int64)

    def into(self, home: Integers) -> _Into:
        n, many = self._n, self._most + 1
        inside = np.zeros(n, dtype=bool)
        inside[home] = True
        keep = ~inside[self._source] & (self._source != self._target)
        source, target = self._source[keep], self._target[keep]
        begin = np.concatenate([np.flatnonzero(~inside), n + source])
        end = np.concatenate([n + np.flatnonzero(~inside), np.where(inside[target], 2 * n, target)])
        room = np.concatenate([np.ones(int((~inside).sum())), np.full(source.size, many)])
        return _Into(~inside, home, (begin, end, room))

    def cut(self, base: _Into, sellers: Integers) -> tuple[list[int] | None, int]:
        """Return the smallest set between sellers and the region, None where it is larger than `most`.

        Also how many of the sellers reach the region at all.
        """
        import scipy.sparse as sp
        from scipy.sparse.csgraph import breadth_first_order, maximum_flow

        n, many = self._n, self._most + 1
        begin, end, room = base.rows
        begin = np.concatenate([begin, [2 * n + 1], np.full(sellers.size, 2 * n + 2)])
        end = np.concatenate([end, [2 * n + 2], sellers])
        room = np.concatenate([room, [many], np.full(sellers.size, many)]).astype(np.int32)
        graph = sp.csr_array((room, (begin, end)), shape=(2 * n + 3, 2 * n + 3), dtype=np.int32)
        graph.data = np.minimum(graph.data, many).astype(np.int32)
        back = breadth_first_order(graph.T.tocsr(), 2 * n, return_predecessors=False)
        reached = int(np.isin(sellers, back).sum())
        if not reached:
            return [], 0
        found = maximum_flow(sp.csr_matrix(graph), 2 * n + 1, 2 * n)
        if found.flow_value > self._most:
            return None, reached
        left = sp.csr_array(graph - found.flow)
        left.data = np.maximum(left.data, 0)
        left.eliminate_zeros()
        free = np.zeros(2 * n + 3, dtype=bool)
        free[breadth_first_order(left, 2 * n + 1, return_predecessors=False)] = True
        return [i for i in np.flatnonzero(free[:n] & ~free[n : 2 * n]).tolist() if base.outside[i]], reached


def _findings(frame: pd.DataFrame, net: Network, limit: float) -> list[Finding]:
    """Return inputs that regions without a seller at home get through too few firms."""
    measure = explain("cut_set")
    labels = dict(zip(net.ids, net.nodes["label"].where(net.nodes["label"].ne(""), net.nodes["id"]), strict=True))
    thin = frame[(frame["cut_set"] >= 1) & (frame["cut_set"] <= limit) & (frame["home_sellers"] == 0)]
    found = []
    for values in thin.itertuples(index=False):
        row: Any = values
        grade = severity(float(row.cut_set), limit, float(row.input_share * row.activity_share), above=False)
        if grade is None:
            continue
        names = " and ".join(labels[one] for one in row.firms.split(" ") if one in labels)
        found.append(
            Finding(
                code="thin_supply",
                subject=f"{row.region} {row.input}",
                subject_kind="region",
                measure="cut_set",
                value=float(row.cut_set),
                threshold=limit,
                severity=grade,
                share=float(row.input_share * row.activity_share),
                sentence=(
                    f"All {row.input} that reaches region {row.region} passes through {names}: {row.buyers:,} of its"
                    f" firms buy it, {row.input_share:.1%} of the region's purchases, and nobody sells it at home."
                ),
                evidence=({"firms": row.firms, "sellers": int(row.sellers), "buyers": int(row.buyers)},),
                reference=measure.threshold_source,
                lever=f"One more chain past {names}, from any other seller, makes the smallest set {row.cut_set + 1}.",
            )
        )
    return rank(found)
