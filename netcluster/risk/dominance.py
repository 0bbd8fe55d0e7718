"""How far a few firms make up an industry, a region or a cluster, and which they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import EVIDENCE_ROWS, Finding, Plain, rank, severity
from netcluster.core.indices import concentration_ratio, gini, hhi, hill_number
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result
from netcluster.network.network import Network
from netcluster.tables.firms import FirmTable

if TYPE_CHECKING:
    import pandas as pd

MEASURES = (
    "firms",
    "cr1",
    "cr4",
    "hhi",
    "cr8",
    "hhi_normalised",
    "hannah_kay_half",
    "hannah_kay_1",
    "hannah_kay_2",
    "gini",
    "granularity",
    "volatility_cr4",
    "size_share",
)
#: The k whose share of aggregate variance is shown as volatility_cr4.
LARGEST = 4


def dominance(
    firms: FirmTable | Network,
    *,
    by: str | Sequence[str] = "industry",
    size: str = "size",
    groups: npt.ArrayLike | None = None,
    share_threshold: float | None = None,
    hhi_threshold: float | None = None,
) -> Result:
    """Return how concentrated firm size is in each group of firms.

    Parameters
    ----------
    firms : FirmTable or Network
        Firms with a size; institutions are left out. Of a network without sizes, sales in it are taken.
    by : str or sequence of str
        The column (or columns) that make the groups: industry, region, or any other.
    size : str
        The column of sizes: size, revenue, or any other amount that is not negative.
    groups : (rows,) array, optional
        Labels to group by instead, as `Partition.labels`.
    share_threshold, hhi_threshold : float, optional
        Of CR1 and HHI; the defaults stand in measures.toml.

    Returns
    -------
    Result
        One row a group, largest first. `granularity` is √HHI, the volatility of the group's sum per
        unit of its firms' own, independent volatility (Gabaix 2011), `volatility_cr4` the share of that
        variance which the four largest firms make. Findings: `dominant_firm`, `dominated_by_few`.

    Examples
    --------
    By hand: 40 + 30 + 20 + 10, so CR1 = 0.4 and HHI = 0.16 + 0.09 + 0.04 + 0.01 = 0.3.

    >>> import pandas as pd
    >>> from netcluster.tables.firms import FIRM_COLUMNS
    >>> frame = pd.DataFrame(columns=list(FIRM_COLUMNS), index=range(4)).assign(
    ...     id=list("abcd"), industry="C10", size=[40.0, 30.0, 20.0, 10.0])
    >>> dominance(FirmTable(frame)).frame[["group", "firms", "cr1", "cr4", "largest"]].values.tolist()
    [['C10', 4, 0.4, 1.0, 'a']]
    """
    columns = [by] if isinstance(by, str) else list(by)
    rows, notes = _sized(firms, columns if groups is None else [], size, groups)
    parts = {str(key): part for key, part in rows.groupby("group", sort=True)}
    frame = _ranked([_record(key, part) for key, part in parts.items()], float(rows["size"].sum()))
    limits = (
        explain("cr1").threshold if share_threshold is None else share_threshold,
        explain("hhi").threshold if hhi_threshold is None else hhi_threshold,
    )
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={
            "by": "groups" if groups is not None else ",".join(columns),
            "size": size,
            "share_threshold": limits[0],
            "hhi_threshold": limits[1],
        },
        notes=tuple(notes),
        findings=tuple(_findings(frame, parts, float(limits[0] or 0), float(limits[1] or 0))),
    )


def _sized(
    firms: FirmTable | Network, by: list[str], size: str, groups: npt.ArrayLike | None
) -> tuple[pd.DataFrame, list[Note]]:
    """Return id, label, size and group of every firm that has a size, largest first, and what was left out."""
    import pandas as pd

    if not isinstance(firms, FirmTable | Network):
        raise NetclusterError(f"Dominance needs a list of firms, not {type(firms).__name__}.", "Give --firms FILE.")
    frame = firms.frame if isinstance(firms, FirmTable) else _with_sales(firms, size)
    if frame["kind"].isin(["industry", "region", "country", "product"]).all():
        raise NetclusterError("There are no firms here.", "Dominance needs a list of firms: id, industry, size.")
    for column in (size, *by):
        if column not in frame:
            there = ", ".join(map(str, frame.columns))
            raise NetclusterError(f"The firms have no column {column!r}.", f"Their columns: {there}.")
    if groups is not None and len(np.asarray(groups)) != len(frame):
        raise NetclusterError(f"There are {len(np.asarray(groups))} group labels for {len(frame)} firms.")
    amounts = pd.to_numeric(frame[size], errors="coerce").astype("float64")
    if (amounts < 0).any():
        where = frame.loc[amounts < 0, "id"].iloc[0]
        raise NetclusterError(f"The firm {where!r} has a {size} below zero.", "Sizes are not negative: mend it.")
    rows = pd.DataFrame({"id": frame["id"].astype(str), "label": _labels(frame), "size": amounts})
    keys = pd.Series(np.asarray(groups), index=frame.index) if groups is not None else _joined(frame, by)
    rows["group"] = keys.astype(str)
    firm = frame["kind"].eq("firm")
    outside = ~firm if firm.any() else frame["kind"].eq("institution")
    unsized, ungrouped = ~outside & ~(amounts > 0), ~outside & rows["group"].eq("")
    notes = [
        Note(code, text, int(mask.sum()))
        for code, text, mask in (
            ("not_firms", "Institutions and other nodes that are no firms are left out.", outside),
            ("no_size", f"Firms without a {size} are left out.", unsized),
            ("no_group", f"Firms without {' and '.join(by)} are left out.", ungrouped),
        )
        if mask.any()
    ]
    kept = rows[~outside & ~unsized & ~ungrouped].sort_values(["size", "id"], ascending=[False, True])
    if kept.empty:
        raise NetclusterError(f"No firm has both a {size} and a group.", "Say which columns hold them: --size, --by.")
    return kept, notes


def _with_sales(net: Network, size: str) -> pd.DataFrame:
    """Return the nodes, with their sales in the network for a size where none has one."""
    if size != "size" or net.nodes["size"].notna().any() or "supply" not in net.layers:
        return net.nodes
    import numpy as np

    return net.nodes.assign(size=np.asarray(net.layer("supply").matrix.sum(axis=1)).ravel())


def _labels(frame: pd.DataFrame) -> pd.Series[Any]:
    if "label" not in frame:
        return frame["id"].astype(str)
    return frame["label"].where(frame["label"].fillna("").ne(""), frame["id"]).astype(str)


def _joined(frame: pd.DataFrame, by: list[str]) -> pd.Series[Any]:
    parts = frame[by].fillna("").astype(str)
    joined = parts[by[0]].str.cat(parts[by[1:]], sep=" · ")
    return joined.where((parts != "").all(axis=1), "")


def _record(group: str, part: pd.DataFrame) -> dict[str, object]:
    sizes = part["size"].to_numpy(dtype=np.float64)
    n, index = sizes.size, float(hhi(sizes))
    squares = sizes**2
    return {
        "group": group,
        "firms": n,
        "cr1": float(concentration_ratio(sizes, 1)),
        "cr4": float(concentration_ratio(sizes, 4)),
        "hhi": index,
        "largest": part["id"].iloc[0],
        "cr8": float(concentration_ratio(sizes, 8)),
        "hhi_normalised": (index - 1 / n) / (1 - 1 / n) if n > 1 else np.nan,
        "hannah_kay_half": float(hill_number(sizes, 0.5)),
        "hannah_kay_1": float(hill_number(sizes, 1.0)),
        "hannah_kay_2": float(hill_number(sizes, 2.0)),
        "gini": gini(sizes),
        "granularity": float(np.sqrt(index)),
        "volatility_cr4": float(squares[:LARGEST].sum() / squares.sum()),
        "size_share": float(sizes.sum()),
        "label": part["label"].iloc[0],
    }


def _ranked(records: list[dict[str, object]], total: float) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame.from_records(records)
    frame["size_share"] = frame["size_share"] / total
    return frame.sort_values(["size_share", "group"], ascending=[False, True], ignore_index=True)


def _findings(
    frame: pd.DataFrame, parts: dict[str, pd.DataFrame], share_limit: float, hhi_limit: float
) -> list[Finding]:
    found: list[Finding] = []
    rows: list[Any] = list(frame.itertuples(index=False))
    for row in rows:
        cases = (("dominant_firm", "cr1", row.cr1, share_limit), ("dominated_by_few", "hhi", row.hhi, hhi_limit))
        for code, measure, value, limit in cases:
            grade = severity(value, limit, row.size_share)
            if grade is None:
                continue
            found.append(_finding(code, measure, value, limit, grade, row, parts[row.group]))
            break
    return rank(found)


def _finding(code: str, measure: str, value: float, limit: float, grade: Any, row: Any, part: pd.DataFrame) -> Finding:
    top = part.head(EVIDENCE_ROWS)
    total = part["size"].sum()
    evidence: tuple[dict[str, Plain], ...] = tuple(
        {"firm": str(firm), "name": str(label), "size": float(amount), "share": float(amount / total)}
        for firm, label, amount in zip(top["id"], top["label"], top["size"], strict=True)
    )
    if row.firms == 1:
        sentence = f"{row.label} is the only firm in {row.group}."
    elif code == "dominant_firm":
        sentence = f"{row.label} makes {row.cr1:.0%} of {row.group}, which has {row.firms:,} firms (HHI {row.hhi:.2f})."
    else:
        sentence = (
            f"Four of {row.firms:,} firms make {row.cr4:.0%} of {row.group} (HHI {row.hhi:.2f}),"
            f" led by {row.label} with {row.cr1:.0%}."
        )
    lever = f"If all firms but {row.label} grew by a tenth, the HHI would fall by about {0.1 * _relief(row):.3f}."
    return Finding(
        code=code,
        subject=row.group,
        subject_kind="group",
        measure=measure,
        value=float(value),
        threshold=limit,
        severity=grade,
        share=float(row.size_share),
        sentence=sentence,
        evidence=evidence,
        reference=explain(measure).threshold_source,
        lever=lever if row.firms > 1 else "A second firm would lower every index.",
    )


def _relief(row: Any) -> float:
    """Return −dHHI per unit of growth of all firms but the largest: 2·s₁·(s₁ − HHI) with s₁ the largest share."""
    return float(2 * row.cr1 * (row.cr1 - row.hhi))
