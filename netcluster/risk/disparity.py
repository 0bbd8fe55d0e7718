"""How unequal regions (or industries, or firms) are, and how much of it lies between groups of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding, rank, severity
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result
from netcluster.risk._source import holds_jobs
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.firms import FirmTable
from netcluster.tables.iotable import IOTable

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
MEASURES = ("total", "within", "between")
#: The columns that stand for value and weight where nothing is said, the first found taken.
VALUES = ("value", "income", "gdp", "value_added", "output", "size", "employment")
WEIGHTS = ("population", "weight", "jobs")


def disparity(
    source: pd.DataFrame | IOTable | EmploymentTable | FirmTable | Network,
    *,
    by: str = "",
    value: str = "",
    weight: str = "",
    level_threshold: float | None = None,
) -> Result:
    """Return the inequality of amounts per head over rows, in all, within and between groups.

    Parameters
    ----------
    source : DataFrame or table
        One row a region (or other subject). Of an IOTable the rows are its sectors that have output,
        with value added and jobs; of an EmploymentTable its regions, with jobs; of firms the firms, with sizes.
    by : str
        The column that groups rows; left out, there is no within and between (regions, for an IOTable).
    value, weight : str
        The columns of amounts (income, value added) and of heads (population, jobs). Measures are of
        value ÷ weight, each row counting by its weight; without a weight each row counts alike.
    level_threshold : float, optional
        A row (or group) whose value per head is below this part of the mean makes a finding.

    Returns
    -------
    Result
        Rows gini, theil_t, theil_l, hoover, cv, williamson, p90_p10 with total, within, between (the
        last two for Theil's T and L, which add up exactly). Findings: `left_behind`.

    Examples
    --------
    Incomes 10, 10, 10, 20, 50 of two groups (Theil 1967, chapter 4: T adds up):

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"region": list("abcde"), "value": [10, 10, 10, 20, 50], "land": list("xxxyy")})
    >>> print(disparity(frame, by="land").frame.round(7).iloc[1].to_string())
    measure      theil_t
    total       0.250201
    within      0.066414
    between     0.183787
    """
    rows, notes, labels = _rows(source, by, value, weight)
    per_head, heads = rows["per_head"].to_numpy(), rows["heads"].to_numpy()
    groups = rows["group"].to_numpy() if labels["by"] else None
    limit = level_threshold if level_threshold is not None else explain("relative_level").threshold
    return Result(
        frame=_frame(per_head, heads, groups),
        measures=MEASURES,
        parameters={**labels, "level_threshold": limit},
        notes=tuple(notes),
        findings=tuple(_findings(rows, float(limit or 0), labels)) if labels["weight"] else (),
    )


def levels(
    source: pd.DataFrame | IOTable | EmploymentTable | FirmTable | Network,
    *,
    by: str = "",
    value: str = "",
    weight: str = "",
) -> Result:
    """Return what each row (or group of rows) has per head, beside the mean: the figures behind `disparity`.

    Parameters
    ----------
    source, by, value, weight
        As of `disparity`.

    Returns
    -------
    Result
        Rows region, per_head, relative_level (1 is the mean of all heads) and heads_share, the lowest first.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"region": ["x", "y"], "income": [100, 300], "population": [10, 10]})
    >>> print(levels(frame).frame.to_string(index=False))
    region  per_head  relative_level  heads_share
         x      10.0             0.5          0.5
         y      30.0             1.5          0.5
    """
    rows, notes, labels = _rows(source, by, value, weight)
    sums = rows.assign(amount=rows["per_head"] * rows["heads"]).groupby("group", sort=True)[["amount", "heads"]].sum()
    mean = float(sums["amount"].sum() / sums["heads"].sum())
    frame = sums.assign(per_head=sums["amount"] / sums["heads"], heads_share=sums["heads"] / sums["heads"].sum())
    frame["relative_level"] = frame["per_head"] / mean
    frame = frame.rename_axis("region").reset_index().sort_values(["relative_level", "region"], kind="stable")
    measures = ("per_head", "relative_level", "heads_share")
    return Result(frame[["region", *measures]].reset_index(drop=True), measures, labels, tuple(notes))


def _frame(per_head: Array, heads: Array, groups: Any) -> pd.DataFrame:
    import pandas as pd

    share = heads / heads.sum()
    mean = float((share * per_head).sum())
    empty = (float("nan"), float("nan"))
    parts = {"theil_t": empty, "theil_l": empty} if groups is None else _within_between(per_head, heads, groups)
    spread = float(np.sqrt((share * (per_head - mean) ** 2).sum())) / mean
    low, high = weighted_quantile(per_head, heads, 0.1), weighted_quantile(per_head, heads, 0.9)
    totals = {
        "gini": weighted_gini(per_head, heads),
        "theil_t": theil_t(per_head, heads),
        "theil_l": theil_l(per_head, heads),
        "hoover": 0.5 * float(np.abs(share * per_head / mean - share).sum()),
        "cv": float(per_head.std() / per_head.mean()),
        "williamson": spread,
        "p90_p10": high / low if low > 0 else float("nan"),
    }
    records = [(name, total, *parts.get(name, empty)) for name, total in totals.items()]
    return pd.DataFrame.from_records(records, columns=["measure", *MEASURES])


def theil_t(per_head: Array, heads: Array) -> float:
    """Return Theil's T, Σ Y_r ln(Y_r/N_r) over income shares Y and head shares N; zeros count as 0."""
    people = heads / heads.sum()
    income = people * per_head / (people * per_head).sum()
    ratio = np.divide(income, people, out=np.ones_like(income), where=(income > 0) & (people > 0))
    return float((income * np.log(ratio)).sum())


def theil_l(per_head: Array, heads: Array) -> float:
    """Return Theil's L, the mean log deviation Σ N_r ln(N_r/Y_r); NaN where someone has nothing."""
    people = heads / heads.sum()
    if (per_head <= 0).any():
        return float("nan")
    return float((people * np.log((people * per_head).sum() / per_head)).sum())


def weighted_gini(per_head: Array, heads: Array) -> float:
    """Return the Gini coefficient, half the mean difference between two heads over the mean."""
    order = np.argsort(per_head, kind="stable")
    people = heads[order] / heads.sum()
    income = people * per_head[order]
    income = income / income.sum()
    below = np.cumsum(income) - income / 2
    return float(1 - 2 * (people * below).sum())


def weighted_quantile(per_head: Array, heads: Array, q: float) -> float:
    """Return the level which a share q of the heads don't exceed, the lowest such one in the data."""
    order = np.argsort(per_head, kind="stable")
    reached = np.cumsum(heads[order]) / heads.sum()
    return float(per_head[order][min(int(np.searchsorted(reached, q - 1e-12)), len(order) - 1)])


def _within_between(per_head: Array, heads: Array, groups: Any) -> dict[str, tuple[float, float]]:
    """Return (within, between) of T and L over groups (Theil 1967; Shorrocks 1980)."""
    keys, codes = np.unique(groups.astype(str), return_inverse=True)
    people = np.bincount(codes, heads, len(keys)).astype(np.float64)
    income = np.bincount(codes, heads * per_head, len(keys)).astype(np.float64)
    means = income / people
    inside = [(per_head[codes == g], heads[codes == g]) for g in range(len(keys))]
    t = float(sum(s * theil_t(*part) for s, part in zip(income / income.sum(), inside, strict=True) if s > 0))
    low = float(sum(s * theil_l(*part) for s, part in zip(people / people.sum(), inside, strict=True)))
    return {"theil_t": (t, theil_t(means, people)), "theil_l": (low, theil_l(means, people))}


def _rows(source: Any, by: str, value: str, weight: str) -> tuple[pd.DataFrame, list[Note], dict[str, str]]:
    """Return name, group, per_head and heads of every usable row, notes, and the columns taken."""
    import pandas as pd

    frame, name, kind = _as_frame(source)
    value = value or _first(frame, VALUES, "value")
    weight = weight or next((column for column in WEIGHTS if column in frame and frame[column].notna().any()), "")
    by = by or ("region" if isinstance(source, IOTable) and frame["region"].nunique() > 1 else "")
    for column in filter(None, (value, weight, by)):
        if column not in frame:
            there = ", ".join(map(str, frame.columns))
            raise NetclusterError(f"There is no column {column!r} to measure disparity by.", f"Columns: {there}.")
    amount = pd.to_numeric(frame[value], errors="coerce").astype("float64").to_numpy()
    heads = np.ones(len(frame)) if not weight else pd.to_numeric(frame[weight], errors="coerce").to_numpy(dtype=float)
    good = np.isfinite(amount) & (amount >= 0) & np.isfinite(heads) & (heads > 0)
    notes = []
    if not good.all():
        text = (
            f"Rows without a {value} of at least 0" + (f" and a {weight} above 0" if weight else "") + " are left out."
        )
        notes.append(Note("left_out", text, int((~good).sum())))
    if good.sum() < 2 or amount[good].sum() <= 0:
        raise NetclusterError(
            "Disparity takes at least two rows with amounts.", "Look at the columns: --value, --weight."
        )
    rows = pd.DataFrame({"name": name[good], "per_head": amount[good] / heads[good], "heads": heads[good]})
    rows["group"] = frame[by].astype(str).to_numpy()[good] if by else rows["name"]
    what = f"{value} per {weight.removesuffix('s')}" if weight else value
    notes.append(Note("disparity_of", f"Disparity is of {what.replace('_', ' ')} over {len(rows):,} {kind}."))
    if by and rows["group"].nunique() == 1:
        notes.append(Note("one_group", f"All of them are of one group by {by}: nothing lies between groups."))
    return rows, notes, {"by": by, "value": value, "weight": weight}


def _first(frame: pd.DataFrame, names: tuple[str, ...], option: str) -> str:
    for column in names:
        if column in frame and frame[column].notna().any():
            return column
    raise NetclusterError(f"Which column holds the {option} can't be told.", f"Name it with --{option}.")


def _as_frame(source: Any) -> tuple[pd.DataFrame, Any, str]:
    """Return the rows to compare, their names, and what they are."""
    import pandas as pd

    if isinstance(source, IOTable):
        frame = source.sectors.assign(value_added=source.value_added, output=source.x)
        for key, account in source.accounts.items():
            frame["jobs" if holds_jobs(key) else key] = account.values
        frame = frame[source.x > 0]
        return frame, frame["id"].to_numpy(dtype=object), "sectors"
    if isinstance(source, EmploymentTable):
        jobs = source.frame.groupby("region", sort=True)["employment"].sum().reset_index()
        return jobs, jobs["region"].to_numpy(dtype=object), "regions"
    if isinstance(source, FirmTable):
        # A list of regions is read as one of firms; without industries it may be of anything.
        kind = "firms" if "industry" in source.frame and source.frame["industry"].fillna("").ne("").any() else "rows"
        return source.frame, source.frame["id"].to_numpy(dtype=object), kind
    if hasattr(source, "nodes"):
        return source.nodes, source.nodes["id"].to_numpy(dtype=object), "nodes"
    if not isinstance(source, pd.DataFrame):
        raise NetclusterError(f"Disparity needs a table with one row a region, not {type(source).__name__}.")
    labels = [column for column in ("region", "id", "name") if column in source]
    name = source[labels[0]] if labels else source.index.astype(str).to_series()
    return source, name.astype(str).to_numpy(dtype=object), "rows"


def _findings(rows: pd.DataFrame, limit: float, labels: dict[str, str]) -> list[Finding]:
    """Return the rows (or groups of them) whose level is far below the mean."""
    income = (rows["per_head"] * rows["heads"]).groupby(rows["group"]).sum()
    people = rows["heads"].groupby(rows["group"]).sum()
    mean = float(income.sum() / people.sum())
    found = []
    for name, level, share in zip(income.index, income / people / mean, people / people.sum(), strict=True):
        grade = severity(float(level), limit, float(share), above=False)
        if grade is None:
            continue
        per = f"{labels['value']} per {labels['weight'].removesuffix('s')}".replace("_", " ")
        missing = (1 - float(level)) * mean * float(people[name])
        found.append(
            Finding(
                code="left_behind",
                subject=str(name),
                subject_kind=labels["by"] or "region",
                measure="relative_level",
                value=float(level),
                threshold=limit,
                severity=grade,
                share=float(share),
                sentence=(f"{name} has {level:.0%} of the mean {per}, with {share:.1%} of all {labels['weight']}."),
                evidence=({"level": float(level) * mean, "mean": mean, "share_of_heads": float(share)},),
                reference=explain("relative_level").threshold_source,
                lever=f"It takes {missing:,.0f} more {labels['value'].replace('_', ' ')} to reach the mean.",
            )
        )
    return rank(found)
