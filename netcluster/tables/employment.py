"""Jobs and establishments by region and industry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

EMPLOYMENT_COLUMNS = ("region", "industry", "employment", "establishments")


@dataclass(frozen=True, eq=False)
class EmploymentTable:
    """Employment of one year, one row a region and industry, on one level of the classification.

    `frame` has region, industry (str), employment (persons), establishments (count, NaN where not given);
    no totals, no nested codes, no pair twice.
    """

    frame: pd.DataFrame
    unit: str = "persons"
    year: int | None = None
    source: str = ""
    changes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        missing = [column for column in EMPLOYMENT_COLUMNS if column not in self.frame]
        if missing:
            raise NetclusterError(f"An employment table needs the column {missing[0]!r}.")
