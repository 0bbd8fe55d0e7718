"""A shock day by day: inventories, rationing, overproduction and recovery (the ARIO model)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.risk.shocks import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.iotable import IOTable

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
YEAR = 365.0
#: A sector is back where it makes this part of its daily output again.
BACK = 0.99
MEASURES = ("loss", "loss_amount", "lowest", "lowest_day", "back_day", "unmet_demand", "output_share")


@dataclass(frozen=True)
class Event:
    """`node` (a sector or a region) keeps `remaining` of its capacity from `day` to `until`, then recovers.

    Capacity comes back in a straight line over `recovery` days, at once where that is 0.
    """

    node: str
    remaining: float
    day: int = 1
    until: int = 30
    recovery: int = 0


@dataclass(frozen=True)
class Behaviour:
    """How sectors act (Hallegatte 2008, 2013).

    Attributes
    ----------
    inventory_days : float
        Stock of each input, in days of use, that a sector wants to hold.
    restore_days : float
        Days over which a gap in stocks is ordered back (τ).
    psi : float
        Part of the wanted stock below which production is cut in proportion.
    overproduction : float
        The most that capacity can be stretched to.
    stretch_days : float
        Days over which capacity is stretched, and relaxes again.
    """

    inventory_days: float = 90.0
    restore_days: float = 60.0
    psi: float = 0.8
    overproduction: float = 1.25
    stretch_days: float = 365.0


@dataclass(frozen=True, eq=False)
class Trajectory(Result):
    """A shock over time; `values` (days + 1, n) is production relative to the day before the shock, day 0 first."""

    values: Array = None  # type: ignore[assignment]
    by_day: pd.DataFrame = None  # type: ignore[assignment]


def ario(io: IOTable, events: Sequence[Event], *, days: int = 365, behaviour: Behaviour | None = None) -> Trajectory:
    """Follow a loss of capacity day by day through stocks, orders and rationed deliveries.

    Each day a sector meets demand up to its capacity, stretched where goods were scarce; the scarcest
    input cuts that where its stock is below ψ of what the sector wants to hold. What is made is shared
    among buyers and final users in proportion to what they ordered. Buyers order what they used and a part
    of what their stocks lack, from the regions they bought from before (Hallegatte 2008, 2013; Guan et
    al. 2020). Prices and new suppliers are not in it.

    Parameters
    ----------
    io : IOTable
        A year's flows, taken for daily ones in balance; goods are told apart by `sector`, so that stocks
        hold the same good of several regions together.
    events : sequence of Event
        What happens to whose capacity, and when.
    days : int
        How long to follow.
    behaviour : Behaviour, optional
        Inventories, adjustment and overproduction.

    Returns
    -------
    Trajectory
        One row a sector: loss (share of its output over the days), loss_amount (the output lost),
        lowest (the worst day's production, relative), lowest_day, back_day (the first day from which it
        makes 99 % again, −1 where it doesn't), unmet_demand (of final users, in the table's unit). `by_day`
        has day, production, loss, unmet_demand of all.

    Examples
    --------
    >>> from netcluster.tables.iotable import IOTable
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> path = ario(io, [Event("farms", 0.5, day=1, until=10)], days=30)
    >>> path.values[[0, 1], 0]
    array([1. , 0.5])
    """
    settings = behaviour or Behaviour()
    capacity = _capacity(io, events, days)
    economy = _Economy(io, settings)
    production, unmet = np.empty((days + 1, io.n)), np.zeros((days + 1, io.n))
    production[0] = economy.output
    for day in range(1, days + 1):
        production[day], unmet[day] = economy.step(capacity[day])
    made = np.divide(production, economy.output, out=np.ones_like(production), where=economy.output > 0)
    return Trajectory(
        frame=_frame(io, made, unmet),
        measures=MEASURES,
        parameters={
            "days": days,
            "events": [vars(event) for event in events],
            **vars(settings),
            "total_loss": float((economy.output - production[1:]).sum()),
        },
        notes=economy.notes,
        values=made,
        by_day=_by_day(production, unmet),
    )


class _Economy:
    """Stocks, orders and stretch of one day; amounts are of a day, in the table's unit."""

    def __init__(self, io: IOTable, behaviour: Behaviour) -> None:
        import pandas as pd

        self.behaviour = behaviour
        self.flows = np.maximum(io.Z, 0.0) / YEAR
        final = np.maximum(io.Y.sum(axis=1), 0.0) / YEAR
        self.output = self.flows.sum(axis=1) + final
        self.final = final
        codes, _ = pd.factorize(io.sectors["sector"])
        self.goods = [np.flatnonzero(codes == g) for g in range(int(codes.max()) + 1)]
        self.need = np.stack([self.flows[rows].sum(axis=0) for rows in self.goods])
        self.per_unit = np.divide(self.need, self.output, out=np.zeros_like(self.need), where=self.output > 0)
        self.stock = self.need * behaviour.inventory_days
        self.ratio = np.ones_like(self.need)
        self.stretch = np.ones(io.n)
        off = np.abs(self.output * YEAR - io.x) > 1e-6 * np.maximum(io.x, 1.0)
        text = "Sectors whose output differs from their sales (negative flows set to zero): their sales are taken."
        self.notes: tuple[Note, ...] = (Note("output_is_sales", text, int(off.sum())),) if off.any() else ()
        if behaviour.restore_days > behaviour.inventory_days:
            text = "Stocks are ordered back more slowly than they are used up: production may not come back."
            self.notes += (Note("slow_restoring", text),)

    def step(self, capacity: Array) -> tuple[Array, Array]:
        """Return the day's production and the final demand left unmet, and move stocks, orders and stretch on."""
        rules = self.behaviour
        ordered = np.empty_like(self.output)
        for g, rows in enumerate(self.goods):
            ordered[rows] = self.flows[rows] @ self.ratio[g]
        demand = ordered + self.final
        wanted = np.minimum(demand, self.output * capacity * self.stretch)
        target = self.per_unit * wanted * rules.inventory_days
        floor = rules.psi * target
        enough = np.divide(self.stock, floor, out=np.ones_like(floor), where=self.stock < floor)
        made = wanted * enough.min(axis=0)
        made = np.minimum(made, self._usable(made))
        served = np.divide(made, demand, out=np.ones_like(made), where=demand > 0)
        arriving = np.stack([self.ratio[g] * (served[rows] @ self.flows[rows]) for g, rows in enumerate(self.goods)])
        used = self.per_unit * made
        self.stock = np.maximum(self.stock - used + arriving, 0.0)
        orders = np.maximum(used + (target - self.stock) / rules.restore_days, 0.0)
        self.ratio = np.divide(orders, self.need, out=np.zeros_like(orders), where=self.need > 0)
        scarce = np.where(served < 1.0 - 1e-12, 1.0 - served, 0.0)
        goal = np.where(scarce > 0, (rules.overproduction - self.stretch) * scarce, 1.0 - self.stretch)
        self.stretch = np.maximum(self.stretch + goal / rules.stretch_days, 1.0)
        return made, self.final * (1.0 - served)

    def _usable(self, made: Array) -> Array:
        """Return what the stocks of one day allow: nobody uses more than there is."""
        used = self.per_unit * made
        part = np.divide(self.stock, used, out=np.ones_like(used), where=used > self.stock)
        return np.asarray(made * part.min(axis=0))


def _capacity(io: IOTable, events: Sequence[Event], days: int) -> Array:
    """Return the capacity of each sector on each day, (days + 1, n), 1 as usual; the worst event counts."""
    if not events:
        raise NetclusterError("There is no event to follow.", "Give a scenario: node,remaining,day,until.")
    if days < 1:
        raise NetclusterError(f"{days} days can't be followed.", "Give at least one.")
    capacity = np.ones((days + 1, io.n))
    for event in events:
        if not 0 <= event.remaining <= 1 or event.day < 1 or event.until < event.day or event.recovery < 0:
            raise NetclusterError(
                f"The event at {event.node} keeps {event.remaining:g} from day {event.day} to {event.until}.",
                "remaining is between 0 and 1, day at least 1, until not before day, recovery at least 0.",
            )
        rows = list(rows_of(io, event.node))
        for day in range(event.day, min(days, event.until + event.recovery) + 1):
            back = (day - event.until) / (event.recovery + 1) if day > event.until else 0.0
            left = event.remaining + (1.0 - event.remaining) * back
            capacity[day, rows] = np.minimum(capacity[day, rows], left)
    return capacity


def _frame(io: IOTable, made: Array, unmet: Array) -> pd.DataFrame:
    import pandas as pd

    days, output = len(made) - 1, np.maximum(io.x, 0.0)
    short = 1.0 - made[1:]
    return pd.DataFrame(
        {
            "node": list(io.ids),
            "loss": np.where(output > 0, short.mean(axis=0), np.nan),
            "loss_amount": short.sum(axis=0) * output / YEAR,
            "lowest": np.where(output > 0, made.min(axis=0), np.nan),
            "lowest_day": made.argmin(axis=0),
            "back_day": _back_days(made, days),
            "unmet_demand": unmet.sum(axis=0),
            "output_share": output / output.sum(),
            "label": io.sectors["name"].to_numpy(),
        }
    )


def _back_days(made: Array, days: int) -> Integers:
    """Return the first day from which production stays at BACK or above; −1 where it never does."""
    below = made < BACK
    last = days - np.argmax(below[::-1], axis=0)
    return np.where(below.any(axis=0), np.where(last == days, -1, last + 1), 0).astype(np.int64)


def _by_day(production: Array, unmet: Array) -> pd.DataFrame:
    import pandas as pd

    total: Any = production.sum(axis=1)
    return pd.DataFrame(
        {
            "day": np.arange(len(total)),
            "production": total / total[0],
            "loss_amount": total[0] - total,
            "unmet_demand": unmet.sum(axis=1),
        }
    )
