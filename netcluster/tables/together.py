"""Lists that belong together: links of different layers, firms of several lists, one under the other."""

from __future__ import annotations

from dataclasses import replace

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.bundle import Bundle
from netcluster.tables.firms import FirmTable
from netcluster.tables.links import LinkTable


def lists_together(bundle: Bundle, other: Bundle, what: str) -> tuple[Bundle, Bundle]:
    """Return two bundles of which only the second has lists of links and firms, those of both in one."""
    if bundle.links is not None and other.links is not None:
        other = other.replace(links=joined_links(bundle.links, other.links, what))
        bundle = bundle.replace(links=None)
    if bundle.firms is not None and other.firms is not None:
        other = other.replace(firms=joined_firms(bundle.firms, other.firms))
        bundle = bundle.replace(firms=None)
    return bundle, other


def joined_links(one: LinkTable, other: LinkTable, what: str) -> LinkTable:
    """Return two lists of links as one; the same layer in both is an error, as it might be twice the same links."""
    import pandas as pd

    shared = sorted(set(one.frame["layer"]) & set(other.frame["layer"]))
    if shared:
        raise NetclusterError(
            f"{what} is a second list of links of layer {shared[0]} among the files given.",
            "Put them into one file, or name the layer of each link in a column layer.",
        )
    return replace(
        one,
        frame=pd.concat([one.frame, other.frame], ignore_index=True),
        unit=one.unit or other.unit,
        year=one.year if one.year is not None else other.year,
        changes=(*one.changes, *other.changes),
        groups=(*one.groups, *other.groups),
    )


def joined_firms(one: FirmTable, other: FirmTable) -> FirmTable:
    """Return two lists of firms as one: of a firm in both, the first list's row, filled from the other's."""
    import pandas as pd

    again = int(other.frame["id"].isin(one.frame["id"]).sum())
    rows = pd.concat([one.frame, other.frame], ignore_index=True)
    filled = rows.mask(rows == "").groupby("id", sort=False).first().reset_index()
    for column in rows:
        if not pd.api.types.is_numeric_dtype(rows[column].dtype):
            filled[column] = filled[column].astype("object").where(filled[column].notna(), "").astype("str")
    notes = [Note("listed_twice", f"{again:,} firms are in two lists; the first one counts.", again)] if again else []
    return replace(one, frame=filled[list(rows)], changes=(*one.changes, *other.changes, *notes))
