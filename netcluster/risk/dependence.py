"""Who depends on a single industry, partner or country, directly and through the whole chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import threshold
from netcluster.core.result import Note, Result, of_largest
from netcluster.network.network import Network
from netcluster.risk._dependence_findings import MOST, dependence_findings
from netcluster.risk._extraction import extraction_losses
from netcluster.risk._profile import Profile, joined, profile
from netcluster.risk._source import Flows, Labels, flows_of
from netcluster.risk._subjects import Partner, Partners, Subject, Subjects, indicator, partners_of, subjects_of
from netcluster.risk.look_through import BLOCK, MOST_NODES, Chain
from netcluster.tables.iotable import IOTable

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.employment import EmploymentTable
    from netcluster.tables.trade import TradeTable

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MEASURES = (
    "hhi",
    "largest_share",
    "total_hhi",
    "own_share",
    "hhi_normalised",
    "effective_number",
    "entropy",
    "partners",
    "total_largest_share",
    "extraction_loss",
    "amount",
    "intensity",
    "output_share",
)


def dependence(
    source: IOTable | Network | EmploymentTable | TradeTable,
    *,
    of: Subject | None = None,
    on: Partner = "industry",
    groups: npt.ArrayLike | None = None,
    layer: str = "supply",
    total: bool | None = None,
    hhi_threshold: float | None = None,
    share_threshold: float | None = None,
    min_share: float = 0.0,
    min_intensity: float = 0.05,
) -> Result:
    """Return how concentrated each subject's inputs, sales or activities are, and on whom.

    Shares are of the amounts bought from (or sold to) others: what stays within the subject's own
    partner (itself, its industry or its country, as `on` says) is left out above and below the line and
    shown as `own_share`, own ÷ all. HHI = Σ share² (Hirschman 1964). `total_hhi` is the same index of
    the column of L − I (inputs) or the row of G − I (sales): what the subject needs, and feeds, over the
    whole chain (Miller and Blair 2009, chapters 2 and 12).

    Parameters
    ----------
    source : IOTable, Network, EmploymentTable or TradeTable
        Flows, supplier first. An employment table answers for regions on industries, in jobs; a trade table
        for exporters on products, in exports.
    of : {"node", "region", "cluster"}, optional
        The subjects: every node, or groups of nodes (by region, or by `groups`). Default "cluster" where
        groups are given, else "node"; of employment and trade, region.
    on : {"industry", "partner", "country"}
        What counts as one partner: an industry over all regions, a single node, or a region or country.
        Regions and clusters on industries also get shares of their output, jobs, value added and exports.
    groups : (n,) array, optional
        A label for each node, as `Partition.labels`.
    total : bool, optional
        Whether to look through the chain; default: where output is known and n is at most 10,000.
    hhi_threshold, share_threshold : float, optional
        Past which a finding is made; the defaults stand in measures.toml.
    min_share : float
        Subjects with a smaller share of output make no finding.
    min_intensity : float
        Nor do inputs, sales or exports worth less than this part of the subject's output; nor exports worth less of it
        than all exports are of all output: what one hardly exports can't be hit by much abroad.

    Returns
    -------
    Result
        One row a subject and side (inputs, sales, output, jobs, value_added, exports); of flows through the
        chain also extraction_loss, the share of its output the subject loses where the largest partner is
        gone (up to 4,000 nodes, 1,000 of a network). Subjects without
        such flows keep a row with empty measures. Findings: `single_partner`, `concentrated`,
        `hidden_concentration` (total past the threshold, direct not).

    Raises
    ------
    NetclusterError
        Where clusters are asked for without groups, or groups don't fit the nodes.

    Examples
    --------
    By hand: the factory buys 30 from farms and 10 from mines, 20 from itself; own left out, shares are
    3/4 and 1/4 and HHI = 0.625; own share is 20 of 60.

    >>> from netcluster.tables.iotable import IOTable
    >>> io = IOTable.from_arrays([[0, 0, 30], [0, 0, 10], [5, 5, 20]], x=[50, 50, 100],
    ...                          sectors=["farms", "mines", "factory"])
    >>> buyer = dependence(io).frame.iloc[4]
    >>> print(buyer["node"], buyer["side"], buyer["hhi"], buyer["largest_partner"], round(buyer["own_share"], 3))
    factory inputs 0.625 farms 0.333
    """
    flows = flows_of(source, layer)
    usual: Subject = "node" if isinstance(source, IOTable | Network) else "region"
    subject: Subject = of or ("cluster" if groups is not None else usual)
    subjects = subjects_of(flows, subject, groups)
    partners = partners_of(flows, on)
    chain, notes = _chain(flows, total)
    sides: list[Side] = []
    if flows.matrix.nnz if hasattr(flows.matrix, "nnz") else flows.matrix.any():
        sides += [_flow_side(flows, subjects, partners, side, chain) for side in ("inputs", "sales")]
    if subject != "node" and on == "industry":
        sides += [_made_of(flows, subjects, partners, side) for side in flows.outlays]
    if not sides:
        raise NetclusterError(
            "There is nothing to depend on here: no flows, and no output, jobs or exports by industry.",
            "Give flows (a table or links); jobs by region depend --of region --on industry.",
        )
    frame = _frame(subjects, partners, sides)
    limits = (
        threshold("hhi") if hhi_threshold is None else hhi_threshold,
        threshold("largest_share") if share_threshold is None else share_threshold,
    )
    findings, left = dependence_findings(frame, subjects, partners, sides, limits, (min_share, min_intensity))
    return Result(
        frame=frame.drop(columns=["position", "side_number"]),
        measures=MEASURES,
        parameters={
            "of": subject,
            "on": on,
            "layer": layer,
            "total": chain is not None,
            "hhi_threshold": limits[0],
            "share_threshold": limits[1],
            "min_share": min_share,
            "min_intensity": min_intensity,
        },
        notes=flows.notes + notes + _empty_note(frame) + of_largest(MOST, left),
        findings=tuple(findings),
    )


@dataclass(frozen=True, eq=False)
class Side:
    """One side of every subject: amounts by partner, (subjects, partners) and sparse, own left out.

    `possible` is how many partners each subject could have in this table.
    """

    name: str
    rows: Any
    direct: Profile
    own: Array
    total: Profile | None
    possible: Integers
    extraction: Array | None = None


def _chain(flows: Flows, total: bool | None) -> tuple[Chain | None, tuple[Note, ...]]:
    """Return the chain to look through, or None and why not."""
    if total is False:
        return None, ()
    if not flows.system or not np.isfinite(flows.output).all():
        text = "Output in the unit of the links is not known, so dependence is direct only."
        return None, (Note("no_look_through", text),)
    if total is None and flows.n > MOST_NODES:
        text = f"Dependence is direct only above {MOST_NODES:,} nodes; total=True asks for the whole chain."
        return None, (Note("no_look_through", text, flows.n),)
    try:
        return Chain(flows), ()
    except NetclusterError as error:
        if total:
            raise
        return None, (Note("no_look_through", f"Dependence is direct only. {error.message}"),)


def _flow_side(flows: Flows, subjects: Subjects, partners: Partners, side: str, chain: Chain | None) -> Side:
    import scipy.sparse as sp

    rows, own = [], []
    for start, block in _subject_rows(flows, subjects, side):
        others, inside = _without_own(block, start, subjects, partners)
        rows.append(others @ indicator(partners.codes, len(partners.keys)))
        own.append(inside)
    matrix = sp.vstack(rows, format="csr")
    direct = profile(matrix)
    inside = np.concatenate(own)
    everything = inside + direct.amount
    share = np.divide(inside, everything, out=np.full_like(inside, np.nan), where=everything > 0)
    total = _total(chain, subjects, partners, side) if chain else None
    lost = None
    if chain and chain.extractable:
        lost = extraction_losses(flows, subjects, partners, chain, direct.largest, side)
    return Side(side, matrix, direct, share, total, np.full(len(subjects.keys), len(partners.keys) - 1), lost)


def _subject_rows(flows: Flows, subjects: Subjects, side: str) -> Iterator[tuple[int, Any]]:
    """Yield blocks of (subjects, nodes): what each buys from, or sells to, every node."""
    import scipy.sparse as sp

    matrix = flows.matrix.T if side == "inputs" else flows.matrix
    if subjects.kind != "node":
        yield 0, sp.csr_array(indicator(subjects.codes, len(subjects.keys)).T @ matrix)
    elif sp.issparse(matrix):
        yield 0, matrix.tocsr()
    else:
        for start in range(0, flows.n, BLOCK):
            yield start, sp.csr_array(matrix[start : start + BLOCK])


def _without_own(block: Any, start: int, subjects: Subjects, partners: Partners) -> tuple[Any, Array]:
    """Return the block with own amounts taken out, and their sum by subject."""
    import scipy.sparse as sp

    rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
    if subjects.kind == "node":
        own = partners.codes[block.indices] == partners.codes[start + rows]
    else:
        own = subjects.codes[block.indices] == rows
    inside = np.asarray(np.bincount(rows[own], block.data[own], block.shape[0]), dtype=np.float64)
    data = np.where(own, 0.0, block.data)
    return sp.csr_array((data, block.indices, block.indptr), shape=block.shape), inside


def _total(chain: Chain, subjects: Subjects, partners: Partners, side: str) -> Profile:
    import scipy.sparse as sp

    members = indicator(subjects.codes, len(subjects.keys))
    parts = []
    for start, block in chain.rows(members, side):
        others, _ = _without_own(sp.csr_array(np.maximum(block, 0.0)), start, subjects, partners)
        parts.append(profile(others @ indicator(partners.codes, len(partners.keys))))
    return joined(parts)


def _made_of(flows: Flows, subjects: Subjects, partners: Partners, side: str) -> Side:
    """Return what each group's output, jobs, value added or exports are made of, by industry."""
    import scipy.sparse as sp

    shape, where = (len(subjects.keys), len(partners.keys)), (subjects.codes, partners.codes)
    amounts = sp.csr_array((flows.outlays[side], where), shape=shape)
    members = np.diff(sp.csr_array((np.ones(flows.n), where), shape=shape).indptr)
    return Side(side, amounts, profile(amounts), np.full(shape[0], np.nan), None, members)


def _frame(subjects: Subjects, partners: Partners, sides: list[Side]) -> pd.DataFrame:
    """Return the rows, subject by subject, each with its sides in order."""
    import pandas as pd

    frame = pd.concat([_side_frame(subjects, partners, number, side) for number, side in enumerate(sides)])
    return frame.sort_values(["position", "side_number"], kind="stable", ignore_index=True)


def _side_frame(subjects: Subjects, partners: Partners, number: int, side: Side) -> pd.DataFrame:
    import pandas as pd

    direct, k = side.direct, len(subjects.keys)
    empty = np.full(k, np.nan)
    output = np.where(subjects.output > 0, subjects.output, np.nan)
    flowing = side.name in ("inputs", "sales", "exports")
    return pd.DataFrame(
        {
            "node": subjects.keys,
            "side": side.name,
            "hhi": direct.hhi,
            "largest_share": direct.largest_share,
            "largest_partner": _named(partners.keys, direct.largest),
            "total_hhi": empty if side.total is None else side.total.hhi,
            "own_share": side.own,
            "hhi_normalised": direct.hhi_normalised,
            "effective_number": direct.effective_number,
            "entropy": direct.entropy,
            "partners": direct.partners,
            "total_largest_share": empty if side.total is None else side.total.largest_share,
            "total_largest_partner": "" if side.total is None else _named(partners.keys, side.total.largest),
            "extraction_loss": empty if side.extraction is None else side.extraction,
            "amount": direct.amount,
            "intensity": direct.amount / output if flowing else empty,
            "output_share": subjects.share,
            "label": subjects.names,
            "position": np.arange(k),
            "side_number": number,
        }
    )


def _named(keys: Labels, largest: Integers) -> Labels:
    return np.where(largest >= 0, keys[np.maximum(largest, 0)], "")


def _empty_note(frame: pd.DataFrame) -> tuple[Note, ...]:
    count = int(frame["hhi"].isna().sum())
    if not count:
        return ()
    return (Note("no_flows", "Rows without any such amount have empty measures and stay out of every mean.", count),)
