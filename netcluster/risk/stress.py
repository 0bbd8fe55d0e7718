"""Which industry's decline costs a region most: every industry in turn, with its suppliers at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding, rank, severity
from netcluster.core.measures import explain
from netcluster.core.result import Note, Result
from netcluster.core.solve import Leontief
from netcluster.risk._source import holds_jobs

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.iotable import IOTable

Array = npt.NDArray[np.float64]
MEASURES = ("stress_loss", "stress_direct", "stress_indirect", "activity_share")
#: Columns of L solved for at once.
BLOCK = 512


def stress(io: IOTable, *, account: str = "", loss_threshold: float | None = None) -> Result:
    """Return what each region loses of its jobs (or value added) where one of its industries closes.

    The industry's output is gone, and its suppliers lose what they sold to it, over the whole chain; the
    region counts its own losses only. For sector s the losses are L_·s x_s / L_ss (hypothetical extraction
    in closed form; Miller and Blair 2009, chapter 12), so that one factorisation serves all.

    Parameters
    ----------
    io : IOTable
        A table of one region or several.
    account : str
        What is counted: a satellite account, "value_added" or "output"; default jobs where the table has
        them, else value added.
    loss_threshold : float, optional
        Of stress_loss, for findings; the default stands in measures.toml.

    Returns
    -------
    Result
        One row a sector: region, industry, stress_loss (share of the region's amount), stress_direct (the
        industry's own share), stress_indirect, activity_share (the region's share of all), worst first
        within a region. Findings: `leading_industry`, the worst of each region.

    Examples
    --------
    The two-sector table (Miller and Blair 2009), in output: without agriculture its 1000 are lost, and
    factories lose 0.264/1.254 of 1000.

    >>> from netcluster.tables.iotable import IOTable
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> stress(io, account="output").frame[["industry", "stress_loss"]].round(4).values.tolist()
    [['factories', 0.8627], ['farms', 0.4035]]
    """
    name, amount = _amount(io, account)
    region = io.sectors["region"].to_numpy(dtype=object)
    lost, direct = _losses(io, amount, region)
    frame = _frame(io, amount, lost, direct)
    limit = explain("stress_loss").threshold if loss_threshold is None else loss_threshold
    empty = int(frame["stress_loss"].isna().sum())
    notes = (Note("zero_output", "Sectors without output have no loss to give.", empty),) if empty else ()
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={"account": name, "loss_threshold": limit},
        notes=notes,
        findings=tuple(_findings(frame, name, float(limit or 1.0))),
    )


def _amount(io: IOTable, account: str) -> tuple[str, Array]:
    """Return what is counted, by sector, none below zero, and its name."""
    if not account:
        account = next(filter(holds_jobs, io.accounts), "value_added")
    if account in io.accounts:
        return account, np.maximum(io.accounts[account].values, 0.0)
    if account in ("value_added", "output"):
        return account, np.maximum(io.value_added if account == "value_added" else io.x, 0.0)
    there = ", ".join([*io.accounts, "value_added", "output"])
    raise NetclusterError(f"The table has no account {account!r}.", f"There are {there}.")


def _losses(io: IOTable, amount: Array, region: npt.NDArray[np.object_]) -> tuple[Array, Array]:
    """Return what the region of each sector loses without it, in all and directly, in the account's unit."""
    model = Leontief(io.A)
    per_unit = np.divide(amount, io.x, out=np.zeros(io.n), where=io.x > 0)
    lost = np.full(io.n, np.nan)
    for start in range(0, io.n, BLOCK):
        block = np.arange(start, min(start + BLOCK, io.n))
        unit = np.zeros((io.n, block.size))
        unit[block, np.arange(block.size)] = 1.0
        columns = model.solve(unit)
        home = region[:, None] == region[block][None, :]
        kept = np.where(home, per_unit[:, None] * columns, 0.0).sum(axis=0)
        lost[block] = kept / columns[block, np.arange(block.size)] * io.x[block]
    return np.where(io.x > 0, lost, np.nan), np.where(io.x > 0, amount, np.nan)


def _frame(io: IOTable, amount: Array, lost: Array, direct: Array) -> pd.DataFrame:
    import pandas as pd

    total = pd.Series(amount).groupby(io.sectors["region"].to_numpy()).transform("sum").to_numpy(dtype=np.float64)
    total = np.where(total > 0, total, np.nan)
    frame = pd.DataFrame(
        {
            "region": io.sectors["region"],
            "industry": io.sectors["sector"],
            "stress_loss": lost / total,
            "stress_direct": direct / total,
            "stress_indirect": (lost - direct) / total,
            "activity_share": total / amount.sum(),
            "label": io.sectors["name"],
            "place": pd.factorize(io.sectors["region"])[0],
        }
    )
    order = frame.sort_values(["place", "stress_loss"], ascending=[True, False], kind="stable", ignore_index=True)
    return order.drop(columns="place")


def _findings(frame: pd.DataFrame, account: str, limit: float) -> list[Finding]:
    """Return the worst industry of each region, where it is past the threshold."""
    measure, found = explain("stress_loss"), []
    for key, part in frame.groupby("region", sort=False):
        region = str(key)
        worst = part.iloc[0]
        value = float(worst["stress_loss"])
        grade = severity(value, limit, float(worst["activity_share"])) if np.isfinite(value) else None
        if grade is None:
            continue
        where = f"region {region}" if region else "this economy"
        found.append(
            Finding(
                code="leading_industry",
                subject=region or str(worst["industry"]),
                subject_kind="region",
                measure="stress_loss",
                value=value,
                threshold=limit,
                severity=grade,
                share=float(worst["activity_share"]),
                sentence=(
                    f"Without {worst['label']}, {where} would lose {value:.0%} of its {account.replace('_', ' ')}:"
                    f" {worst['stress_direct']:.0%} in the industry itself, {worst['stress_indirect']:.0%} among its"
                    " suppliers."
                ),
                evidence=tuple(
                    {"industry": str(row["industry"]), "stress_loss": float(row["stress_loss"])}
                    for _, row in part.head(10).iterrows()
                ),
                reference=measure.threshold_source,
                lever=f"Growth of other industries, and buyers elsewhere for what {worst['label']} buys here.",
            )
        )
    return rank(found)
