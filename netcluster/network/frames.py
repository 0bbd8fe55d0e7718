"""What a bundle holds, as one tidy frame."""

from __future__ import annotations

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Result
from netcluster.tables.bundle import Bundle


def cells(bundle: Bundle) -> Result:
    """Return the cells of the bundle's table, one row each; of several parts the first in order.

    The order is input–output (see `tables.tidy`), trade, employment, links, firms.
    """
    if bundle.io is not None or bundle.supply_use is not None:
        from netcluster.tables.tidy import tidy

        return Result(tidy(bundle.table()), ("value",))
    if bundle.trade is not None:
        keys = [column for column in bundle.trade.columns if column not in ("value", "quantity")]
        return Result(bundle.trade.frame(by=keys), ("value",))
    for part in (bundle.employment, bundle.links, bundle.firms):
        if part is not None:
            return Result(part.frame)
    raise NetclusterError("There is no table in this input.", "netcluster inspect says what there is.")
