"""Lists of links: who supplies, belongs to, works with or pays whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

LINK_COLUMNS = ("source", "target", "weight", "layer")

#: The layers a network may have; only the first, `finance` and `ownership` hold money.
LAYERS = ("supply", "membership", "project", "patent", "labour", "finance", "ownership", "colocation")


@dataclass(frozen=True, eq=False)
class LinkTable:
    """Links with a weight and a layer; in layer supply the source is the supplier, the target the buyer.

    `frame` has source and target (str), weight (float, 1 where the file gives none) and layer (one of
    `LAYERS`), in the order of the file: nothing is summed or dropped before `build`. `groups` names the layers whose
    targets are no nodes but what the sources share (projects, patents): `build` links those who share one.
    """

    frame: pd.DataFrame
    unit: str = ""
    year: int | None = None
    source: str = ""
    changes: tuple[Note, ...] = ()
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        missing = [column for column in LINK_COLUMNS if column not in self.frame]
        if missing:
            raise NetclusterError(
                f"A list of links needs the columns {', '.join(LINK_COLUMNS)}; {', '.join(missing)} is missing."
            )
        unknown = sorted(set(self.frame["layer"].unique()) - set(LAYERS))
        if unknown:
            raise NetclusterError(
                f"There is no layer {unknown[0]!r}.", f"Layers are {', '.join(LAYERS)}; rename yours."
            )
