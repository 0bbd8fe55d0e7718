"""The bars of risk and place: what few firms hold, what fails, who is left behind, what comes from one source.

Each shows the worst fifteen beside the threshold of the measure, and says how many there are past it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from netcluster.core.measures import all_measures
from netcluster.report.charts import MOST_BARS
from netcluster.report.names import short
from netcluster.report.scene import Scene

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.report.view import View


def risk_scenes(view: View) -> Iterator[Scene]:
    """Yield the figures of dominance, failures, single sources, disparity, trade and places that the run allows."""
    for make in (_dominance, _failures, _single_sources, _levels, _trade, _places):
        scene = make(view)
        if scene is not None:
            yield scene


def _dominance(view: View) -> Scene | None:
    frame = view.frame("dominance", "group", "firms", "hhi", "largest")
    if frame is None:
        return None
    several = frame[frame["hhi"].notna() & (frame["firms"] > 1)]
    marks = several.sort_values("hhi", ascending=False, kind="stable").head(MOST_BARS).copy()
    marks["largest_partner"] = marks.get("label", marks["largest"])
    marks["label"] = _named(marks["group"], view)
    return _bars(
        marks,
        several,
        "dominance",
        "What few firms hold",
        "hhi",
        f"The {len(marks)} most concentrated of {len(several):,} industries with two or more firms.",
        columns=["label", "firms", "cr1", "cr4", "hhi", "largest_partner"],
        partner="Largest firm",
    )


def _failures(view: View) -> Scene | None:
    frame = view.frame("cascade", "firm", "esri", "sales_share")
    if frame is None:
        return None
    marks = frame.sort_values("esri", ascending=False, kind="stable").head(MOST_BARS).copy()
    marks["label"] = marks.get("label", marks["firm"])
    return _bars(
        marks,
        frame,
        "cascade",
        "What fails when a firm fails",
        "esri",
        f"The {len(marks)} firms of {len(frame):,} whose closing costs most. Bars are the share of all output lost,"
        " diamonds the firm's own share of sales: the farther apart, the more is lost at others.",
        columns=["label", "esri", "esri_downstream", "esri_upstream", "firms_hit", "sales_share"],
        dot="sales_share",
    )


def _single_sources(view: View) -> Scene | None:
    frame = view.frame("suppliers", "buyer", "input", "suppliers", "buyer_share")
    if frame is None:
        return None
    single = frame[frame["suppliers"] == 1]
    if single.empty:
        return None
    sums = single.groupby("input", sort=True).agg(leaning=("buyer_share", "sum"), buyers=("buyer", "nunique"))
    marks = sums.reset_index().sort_values(["leaning", "input"], ascending=[False, True], kind="stable")
    count = len(marks)
    marks = marks.head(MOST_BARS)
    marks["label"] = _named(marks["input"], view)
    return _bars(
        marks,
        marks,
        "suppliers",
        "Inputs bought from one supplier",
        "leaning",
        f"The {len(marks)} inputs of {count:,} that most output leans on through buyers with one supplier for them.",
        columns=["label", "buyers", "leaning"],
        axis="Share of all output, of buyers with one supplier",
    )


def _levels(view: View) -> Scene | None:
    frame = view.frame("region_levels", "region", "per_head", "relative_level")
    if frame is None or len(frame) < 2:
        return None
    marks = frame.sort_values("relative_level", kind="stable").head(MOST_BARS).copy()
    marks["label"] = marks["region"]
    settings = view.tables["region_levels"].parameters
    of = f"{settings.get('value')} per {str(settings.get('weight')).removesuffix('s')}".replace("_", " ")
    return _bars(
        marks,
        frame,
        "region-levels",
        "What regions have, beside the mean",
        "relative_level",
        f"The {len(marks)} regions of {len(frame):,} with the least {of}; 1 is the mean.",
        columns=["label", "per_head", "relative_level", "heads_share"],
        below=True,
    )


def _trade(view: View) -> Scene | None:
    frame = view.frame("trade", "importer", "product", "imports", "cdi1", "dependent")
    if frame is None:
        return None
    known = frame[frame["cdi1"].notna()]
    dependent = known[known["dependent"].astype(bool)]
    chosen = dependent if len(dependent) else known
    marks = chosen.sort_values("imports", ascending=False, kind="stable").head(MOST_BARS).copy()
    if marks.empty:
        return None
    single = frame["product"].nunique() == 1
    marks["label"] = [
        buyer if single else f"{buyer}: {good}" for buyer, good in zip(marks["importer"], marks["product"], strict=True)
    ]
    which = "that pass all three thresholds" if len(dependent) else "none passes all three thresholds;"
    said = f"{len(dependent):,} imports {which}, the largest {len(marks)} shown." if len(dependent) else (
        f"Of {len(known):,} imports {which} the largest {len(marks)} are shown."
    )  # fmt: skip
    return _bars(
        marks,
        known,
        "trade",
        "Imports from few countries",
        "cdi1",
        said,
        columns=["label", "imports", "cdi1", "cdi2", "cdi3", "largest_partner", "largest_share"],
        partner="Largest source",
    )


def _places(view: View) -> Scene | None:
    frame = view.frame("regions", "region", "industry", "location_quotient", "share_of_region", "strong_cluster")
    if frame is None:
        return None
    strong = frame[frame["strong_cluster"].astype(bool) & frame["location_quotient"].notna()]
    large = strong[strong["share_of_region"] >= 0.01]
    if large.empty:
        return None
    marks = large.sort_values("location_quotient", ascending=False, kind="stable").head(MOST_BARS).copy()
    names = _named(marks["industry"], view)
    marks["label"] = [f"{place}: {name}" for place, name in zip(marks["region"], names, strict=True)]
    return _bars(
        marks,
        large,
        "strong",
        "What regions are strong in",
        "location_quotient",
        f"The {len(marks)} most concentrated of {len(large):,} strong clusters that hold 1 % of their region's jobs.",
        columns=["label", "employment", "location_quotient", "share_of_region"],
        limit=None,
    )


def _bars(
    marks: pd.DataFrame,
    rows: pd.DataFrame,
    key: str,
    title: str,
    value: str,
    said: str,
    *,
    columns: list[str],
    dot: str = "",
    partner: str = "",
    axis: str = "",
    below: bool = False,
    limit: float | None = -1.0,
) -> Scene | None:
    """Return a figure of bars; the limit is the measure's own where none is said."""
    if marks.empty:
        return None
    known = all_measures().get(value)
    line = (known.threshold if known else None) if limit == -1.0 else limit
    marks = marks.assign(label=[short(str(text), 60) for text in marks["label"]])
    past = "" if not line else _past(rows, value, line, below)
    first = marks.iloc[0]
    return Scene(
        key=key,
        kind="bars",
        title=title,
        caption=f"{said} The line is the threshold of {line:g}." if line else said,
        alternative=f"{first['label']} stands first with {first[value]:.2f}{past}.",
        marks=marks.reset_index(drop=True),
        table=marks[[column for column in columns if column in marks]].head(20).reset_index(drop=True),
        extras={
            "value": value,
            "dot": dot,
            "limit": line,
            "below": below,
            "axis": axis or (known.name if known else value),
            "partner": partner,
        },
    )


def _past(rows: pd.DataFrame, value: str, line: float, below: bool) -> str:
    count = int((rows[value] < line).sum() if below else (rows[value] >= line).sum())
    return f"; {count:,} of {len(rows):,} {'are below' if below else 'reach'} {line:g}"


def _named(codes: pd.Series, view: View) -> list[str]:
    return [view.names.get(str(code), str(code)) for code in codes]
