"""Lists of firms and institutions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

FIRM_COLUMNS = ("id", "kind", "role", "industry", "region", "size", "revenue", "costs", "lat", "lon")

ROLES = (
    "supplier",
    "manufacturer",
    "service_provider",
    "university",
    "research",
    "association",
    "government",
    "bank",
)
#: Roles of institutions; everything else is a firm.
INSTITUTION_ROLES = ("university", "research", "association", "government", "bank")


@dataclass(frozen=True, eq=False)
class FirmTable:
    """Firms and institutions, one row each.

    `frame` has `id` (unique) and the rest of `FIRM_COLUMNS`, empty or NaN where the file says nothing: kind
    ("firm" or "institution"), role (one of `ROLES`, or empty), industry, region, size (jobs or turnover, as
    the file gives it), revenue, costs (money), lat, lon (degrees); `label` and further columns are kept.
    """

    frame: pd.DataFrame
    unit: str = ""
    year: int | None = None
    source: str = ""
    changes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        missing = [column for column in FIRM_COLUMNS if column not in self.frame]
        if missing:
            raise NetclusterError(f"A list of firms needs the column {missing[0]!r}.")
        double = self.frame["id"][self.frame["id"].duplicated()]
        if len(double):
            raise NetclusterError(
                f"The firm {double.iloc[0]!r} stands in the list twice ({len(double)} such rows).",
                "Give each firm one row.",
            )
