"""How disparity moves over the years, and whether it widens within groups or between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding, severity
from netcluster.core.measures import explain
from netcluster.core.result import Result
from netcluster.risk.disparity import disparity

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("total", "within", "between", "disparity_change", "within_change", "between_change")


def disparity_change(
    sources: Mapping[int, Any],
    *,
    by: str = "",
    value: str = "",
    weight: str = "",
    level_threshold: float | None = None,
    change_threshold: float | None = None,
) -> Result:
    """Return the measures of `disparity` year by year, with their change since the first.

    Parameters
    ----------
    sources : mapping of year to table
        What `disparity` takes, one a year.
    by, value, weight, level_threshold
        As in `disparity`.
    change_threshold : float, optional
        Growth of Theil's T since the first year, from which a finding is made; the default stands in
        measures.toml.

    Returns
    -------
    Result
        One row a year and measure: year, measure, total, within, between, disparity_change (total ÷ that of
        the first year − 1), within_change and between_change (what each part added to T or L, which add up to the
        change of the total). Findings: `widening`, and `left_behind` of the last year.

    Examples
    --------
    Two regions at 1 and 3, then at 1 and 5: the Gini coefficient is 1/4, then 1/3, a third more.

    >>> import pandas as pd
    >>> years = {y: pd.DataFrame({"region": ["a", "b"], "value": [1.0, top]}) for y, top in ((2001, 3.0), (2002, 5.0))}
    >>> found = disparity_change(years).frame.query("measure == 'gini'")
    >>> found[["year", "total", "disparity_change"]].round(4).values.tolist()
    [[2001.0, 0.25, 0.0], [2002.0, 0.3333, 0.3333]]
    """
    import pandas as pd

    if len(sources) < 2:
        raise NetclusterError(
            f"There {'is one year' if sources else 'are no years'}: change needs two.", "Give --year 2014-2020, or all."
        )
    years = sorted(sources)
    options: dict[str, Any] = {"by": by, "value": value, "weight": weight, "level_threshold": level_threshold}
    results = {year: disparity(sources[year], **options) for year in years}
    first = results[years[0]].frame
    frames = []
    for year, result in results.items():
        one = result.frame.copy()
        one.insert(0, "year", year)
        one["disparity_change"] = one["total"] / first["total"] - 1
        one["within_change"] = one["within"] - first["within"]
        one["between_change"] = one["between"] - first["between"]
        frames.append(one)
    limit = explain("disparity_change").threshold if change_threshold is None else change_threshold
    frame, last = pd.concat(frames, ignore_index=True), results[years[-1]]
    return Result(
        frame=frame,
        measures=MEASURES,
        parameters={**last.parameters, "years": years, "change_threshold": limit},
        notes=tuple(dict.fromkeys(note for result in results.values() for note in result.notes)),
        findings=(*_widening(frame, years, float(limit or 0), str(last.parameters["by"])), *last.findings),
    )


def _widening(frame: pd.DataFrame, years: list[int], limit: float, by: str) -> list[Finding]:
    """Return a finding where Theil's T has grown past the threshold."""
    part = frame[frame["measure"] == "theil_t"].set_index("year")
    value = float(part["disparity_change"][years[-1]])
    grade = severity(value, limit, 1.0) if np.isfinite(value) else None
    if grade is None:
        return []
    measure, inner, outer = explain("disparity_change"), *(part[name][years[-1]] for name in MEASURES[4:])
    where = ""
    if by:
        wider = "between" if outer >= inner else "within"
        where = f"; {outer:+.4f} of it between the groups by {by} and {inner:+.4f} within, so look {wider} them first"
    before, after = part["total"][years[0]], part["total"][years[-1]]
    return [
        Finding(
            code="widening",
            subject=f"{years[0]}-{years[-1]}",
            subject_kind="years",
            measure="disparity_change",
            value=value,
            threshold=limit,
            severity=grade,
            share=1.0,
            sentence=(
                f"Disparity has grown by {value:.0%} from {years[0]} to {years[-1]}, by Theil's T from"
                f" {before:.4f} to {after:.4f}{where}."
            ),
            evidence=tuple({"year": int(year), "theil_t": float(part["total"][year])} for year in years[-10:]),
            reference=measure.threshold_source,
            lever="Growth above the mean in the regions that lie below it, the ones left behind first.",
        )
    ]
