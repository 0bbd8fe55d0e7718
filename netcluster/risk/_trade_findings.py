"""Findings of trade dependence: what is said of a product, with its sources and who else sells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from netcluster.core.finding import EVIDENCE_ROWS, Finding, Plain, rank, severity
from netcluster.core.measures import threshold

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.trade import TradeTable


#: Of the products that are marked those with the largest imports make findings, so many at the most.
MOST = 500

_SOURCES = {
    "eu": "European Commission, SWD(2021) 352: CDI1 > 0.4, CDI2 > 0.5, CDI3 > 1",
    "geodep": "CEPII, GeoDep: import HHI > 0.4, world export HHI > 0.4, imports > exports, in two of three years",
}


def trade_findings(
    frame: pd.DataFrame,
    flows: pd.DataFrame,
    who: Mapping[str, tuple[str, ...]],
    table: TradeTable,
    limit: float,
    min_share: float,
) -> tuple[list[Finding], int]:
    """Return the dependent products of the latest year, ranked, each with its sources, and how many make none.

    Of more than `MOST` those with the largest imports make a finding.
    """
    latest = frame[(frame["year"] == frame["year"].max()) & (frame["import_share"] >= min_share)]
    wanted = latest["dependent"] | latest["geodep_persistent"]
    if latest["trusted_share"].notna().any():
        wanted &= ~(latest["trusted_share"] > 0.5)
    flagged: Any = latest[wanted]
    years, all_imports = frame["year"].nunique(), float(latest["imports"].sum())
    found = []
    spof = threshold("world_largest_share")
    large = flagged.sort_values("imports", ascending=False).head(MOST)
    looked_at = flows[(flows["year"] == frame["year"].max()) & flows["product"].isin(large["product"].unique())]
    flows_of = {str(product): part for product, part in looked_at.groupby("product")}
    for row in large.itertuples(index=False):
        share = float(row.imports) / all_imports
        grade = severity(row.cdi1, limit, share)
        if grade is None:
            continue
        names, sold = table.names, flows_of[str(row.product)]
        what = f"{names.get(str(row.product), row.product)}" if row.product != "" else "All goods"
        buyer, source = names.get(row.importer, row.importer), names.get(str(row.largest_partner), row.largest_partner)
        often = f", in {row.years_flagged} of {years} years" if years > 1 else ""
        world = names.get(str(row.world_largest), row.world_largest)
        alone = row.world_largest_share >= spof and row.world_largest not in who[row.importer]
        code = "single_point_of_failure" if alone else "dependent_import"
        if not row.dependent:
            code, often = "persistent_dependence", f", GeoDep's three marks in {row.geodep_years} of the last 3 years"
        if row.trusted_share == row.trusted_share:
            often += f", {row.trusted_share:.0%} from trusted partners"
        tail = f"; {world} makes {row.world_largest_share:.0%} of what the world exports" if alone else ""
        found.append(
            Finding(
                code=code,
                subject=f"{row.importer} {row.product}".strip(),
                subject_kind="product",
                measure="cdi1",
                value=float(row.cdi1),
                threshold=limit,
                severity=grade,
                share=share,
                sentence=(
                    f"{buyer} gets {row.largest_share:.0%} of its {what} from {source}"
                    f" (HHI {row.cdi1:.2f}{often}){tail}."
                ),
                evidence=_sources(sold, who[row.importer]),
                reference=_SOURCES["eu" if row.dependent else "geodep"],
                lever=_lever(row, sold, source, who[row.importer], table),
            )
        )
    return rank(found), len(flagged) - len(large)


def _sources(sold: pd.DataFrame, members: tuple[str, ...]) -> tuple[dict[str, Plain], ...]:
    """Return what the importer's members get from each exporter, of the flows of one product."""
    part = sold[sold["importer"].isin(members) & ~sold["exporter"].isin(members)].groupby("exporter")["value"].sum()
    part = part.sort_values(ascending=False, kind="stable").head(EVIDENCE_ROWS)
    return tuple({"exporter": str(code), "value": float(value)} for code, value in part.items())


def _lever(row: Any, sold: pd.DataFrame, source: str, members: tuple[str, ...], table: TradeTable) -> str:
    """Return the largest other exporter in the world, and what moving a tenth of the imports there does."""
    elsewhere = sold[~sold["exporter"].isin([row.largest_partner, *members])]
    others = elsewhere.groupby("exporter")["value"].sum()
    if others.empty:
        return "Nobody else exports it: stocks, recycling or production at home are what is left."
    moved = 0.1 * row.largest_share
    following = table.names.get(str(others.idxmax()), others.idxmax())
    change = -2 * moved * row.largest_share + 2 * moved**2
    return (
        f"Moving a tenth of it from {source} to a new source (the world's next is {following}) would lower the"
        f" HHI from {row.cdi1:.2f} to {row.cdi1 + change:.2f}."
    )
