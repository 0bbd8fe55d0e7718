"""A shock day by day: inventories, rationing, overproduction, recovery and rebuilding (the ARIO model)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding, Plain
from netcluster.core.result import Note, Result
from netcluster.risk._ario_engine import Economy, Setting
from netcluster.risk._ario_events import Event, capacity_of, checked, damage_of
from netcluster.risk._ario_settings import FirmSetting, TableSetting
from netcluster.risk._firm_network import Production
from netcluster.risk._loss_findings import called, loss_findings
from netcluster.risk._rebuild import Rebuilding
from netcluster.risk._where import Where
from netcluster.tables.iotable import IOTable

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
#: A producer is back where it makes this part of its daily output again.
BACK = 0.99
MEASURES = ("loss", "loss_amount", "lowest", "lowest_day", "back_day", "unmet_demand", "output_share")


def _none() -> Mapping[str, float]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Behaviour:
    """How producers act (Hallegatte 2008, 2013).

    Attributes
    ----------
    inventory_days : float
        Stock of each input, in days of use, that a producer wants to hold.
    restore_days : float
        Days over which a gap in stocks is ordered back (τ).
    psi : float
        Part of the wanted stock below which production is cut in proportion.
    overproduction : float
        The most that capacity can be stretched to.
    stretch_days : float
        Days over which capacity is stretched, and relaxes again.
    stocks : mapping of good to days
        Goods held for another time than `inventory_days`.
    keep_surplus : bool
        Whether stocks above what is wanted are kept (Guan et al. 2020) instead of being used up by ordering less,
        which makes a fall in demand grow from tier to tier.
    rationing : {"orders_first", "proportional"}
        Who gets what is too little for all: other producers first, as firms favour firms (Hallegatte 2008), or all
        in proportion to what they ordered, rebuilding too (Guan et al. 2020).
    rebuild_days : float
        Days over which what is destroyed is ordered.
    capital_ratio : float
        Capital per unit of yearly value added (Hallegatte 2008: 4).
    builders : mapping of sector to share
        Who delivers what rebuilding takes.
    """

    inventory_days: float = 90.0
    restore_days: float = 60.0
    psi: float = 0.8
    overproduction: float = 1.25
    stretch_days: float = 365.0
    stocks: Mapping[str, float] = field(default_factory=_none)
    keep_surplus: bool = True
    rationing: Literal["orders_first", "proportional"] = "orders_first"
    rebuild_days: float = 60.0
    capital_ratio: float = 4.0
    builders: Mapping[str, float] = field(default_factory=_none)

    def __post_init__(self) -> None:
        for name in ("inventory_days", "restore_days", "stretch_days", "rebuild_days"):
            if not getattr(self, name) > 0:
                raise NetclusterError(f"{name} is {getattr(self, name):g}.", "Days are above zero.")
        if self.rationing not in ("orders_first", "proportional"):
            raise NetclusterError(f"There is no rationing {self.rationing!r}.", "Say orders_first or proportional.")
        if not 0 <= self.psi <= 1 or self.overproduction < 1 or self.capital_ratio <= 0:
            raise NetclusterError(
                f"psi is {self.psi:g}, overproduction {self.overproduction:g}, capital_ratio {self.capital_ratio:g}.",
                "psi lies between 0 and 1, overproduction is at least 1, capital_ratio above 0.",
            )


@dataclass(frozen=True, eq=False)
class Trajectory(Result):
    """A shock over time; `values` (days + 1, n) is production relative to the day before the shock, day 0 first."""

    values: Array = None  # type: ignore[assignment]
    by_day: pd.DataFrame = None  # type: ignore[assignment]


def ario(
    source: IOTable | Network,
    events: Sequence[Event],
    *,
    days: int = 365,
    behaviour: Behaviour | None = None,
    layer: str = "supply",
    production: Production = "generalised",
    essential: pd.DataFrame | None = None,
    loss_threshold: float | None = None,
) -> Trajectory:
    """Follow a loss of capacity day by day through stocks, orders and rationed deliveries.

    Each day a producer meets demand up to its capacity, stretched where goods were scarce; the scarcest
    input cuts that where its stock is below ψ of what the producer wants to hold. What is made goes to other
    producers first, then to final users, or to all in proportion (`Behaviour.rationing`). Buyers order what
    they used and a part of what their stocks lack, from the suppliers they bought from before (Hallegatte
    2008, 2013; Guan et al. 2020). Prices and new suppliers are not in it.

    Parameters
    ----------
    source : IOTable or Network
        A year's flows, taken for daily ones in balance. In a table goods are told apart by `sector`, so
        that stocks hold the same good of several regions together; in a firm network by the supplier's
        industry (Henriet, Hallegatte and Tabourier 2012; Inoue and Todo 2019).
    events : sequence of Event
        What happens to whose capacity, and when.
    days : int
        How long to follow.
    behaviour : Behaviour, optional
        Inventories, adjustment, overproduction and rebuilding.
    layer, production, essential
        Of a firm network, as in `cascade`: generalised lets essential inputs limit production alone,
        leontief all. In a table every input limits.
    loss_threshold : float, optional
        Of loss over the days, for findings; the default stands in measures.toml.

    Returns
    -------
    Trajectory
        One row a producer: loss (share of its output over the days), loss_amount (the output lost),
        lowest (the worst day's production, relative), lowest_day, back_day (the first day from which it
        makes 99 % again, −1 where it doesn't), unmet_demand (of final users, in the source's unit). `by_day`
        has day, production, loss_amount, unmet_demand, rebuilding (what is left to rebuild) of all.

    Examples
    --------
    >>> from netcluster.tables.iotable import IOTable
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> path = ario(io, [Event("farms", 0.5, day=1, until=10)], days=30)
    >>> path.values[[0, 1], 0]
    array([1. , 0.5])
    """
    settings = behaviour or Behaviour()
    ready = TableSetting(source) if isinstance(source, IOTable) else FirmSetting(source, layer, production, essential)
    setting = ready.setting
    checked(events, days)
    where = Where(setting.ids, setting.region, setting.sector)
    rebuilding = Rebuilding(setting, settings, damage_of(events, where))
    made, unmet, left = _followed(ready, events, where, days, settings, rebuilding)
    relative = np.divide(made, setting.output, out=np.ones_like(made), where=setting.output > 0)
    notes = (*setting.notes, *rebuilding.notes, *_slow(settings))
    return Trajectory(
        frame=_frame(setting, relative, unmet),
        measures=MEASURES,
        parameters={
            "days": days,
            "events": [vars(event) for event in events],
            **{name: dict(v) if isinstance(v, Mapping) else v for name, v in vars(settings).items()},
            "total_loss": float((setting.output - made[1:]).sum()),
            "total_loss_share": float(1.0 - made[1:].sum() / (days * setting.output.sum())),
            "lowest": float(made.sum(axis=1).min() / made[0].sum()),
        },
        notes=notes,
        findings=tuple(_findings(setting, relative, unmet, events, where, loss_threshold)),
        values=relative,
        by_day=_by_day(made, unmet, left),
    )


def _followed(
    ready: TableSetting | FirmSetting,
    events: Sequence[Event],
    where: Where,
    days: int,
    settings: Behaviour,
    rebuilding: Rebuilding,
) -> tuple[Array, Array, Array]:
    """Return production and unmet final demand by day and producer, and what is left to rebuild by day."""
    setting = ready.setting
    economy = Economy(setting, settings)
    capacity = capacity_of(events, where, days, setting.n)
    flows = [event for event in events if where.is_flow(event.node)]
    cut: dict[tuple[int, ...], Any] = {(): (setting.products, setting.final)}
    made, unmet, left = np.empty((days + 1, setting.n)), np.zeros((days + 1, setting.n)), np.zeros(days + 1)
    made[0] = setting.output
    for day in range(1, days + 1):
        active = tuple(k for k, event in enumerate(flows) if event.day <= day <= event.until)
        if active not in cut:
            cut[active] = ready.without([(*where.ends(flows[k].node), flows[k].remaining) for k in active])
        products, final = cut[active]
        extra = rebuilding.demand(day)
        made[day], served = economy.step(rebuilding.capacity(day, capacity[day]), products, final, extra)
        rebuilding.deliver(served)
        short = setting.final - final * served
        # Below this it is what rounding leaves of a demand that is met.
        unmet[day], left[day] = np.where(short > 1e-9 * setting.final, short, 0.0), float(rebuilding.left.sum())
    return made, unmet, left


def _slow(behaviour: Behaviour) -> tuple[Note, ...]:
    if behaviour.restore_days <= behaviour.inventory_days:
        return ()
    text = "Stocks are ordered back more slowly than they are used up: production may not come back."
    return (Note("slow_restoring", text),)


def _findings(
    setting: Setting, made: Array, unmet: Array, events: Sequence[Event], where: Where, limit: float | None
) -> list[Finding]:
    """Return producers that lose much over the days without being named by an event."""
    named = np.zeros(setting.n, dtype=bool)
    for event in events:
        if not where.is_flow(event.node):
            named[where.rows(event.node)] = True
    loss, days = 1.0 - made[1:].mean(axis=0), len(made) - 1
    few = ", ".join(event.node for event in events[:3]) + (" …" if len(events) > 3 else "")

    def sentence(i: int) -> str:
        worst = int(made[:, i].argmin())
        return (
            f"{called(setting.labels[i], setting.ids[i])} loses {loss[i]:.0%} of {days} days' output by what hits"
            f" {few}: on day {worst}, the worst, it makes {made[worst, i]:.0%} of the usual."
        )

    def evidence(i: int) -> tuple[dict[str, Plain], ...]:
        return ({"lowest": float(made[:, i].min()), "unmet_demand": float(unmet[:, i].sum())},)

    lever = "Stocks that last as long as the failure, and suppliers and buyers outside what is hit, would soften it."
    share = setting.output / setting.output.sum()
    return loss_findings(setting.ids, loss, share, named, limit, sentence, evidence, lever)


def _frame(setting: Setting, made: Array, unmet: Array) -> pd.DataFrame:
    import pandas as pd

    days, output = len(made) - 1, setting.output
    short = 1.0 - made[1:]
    return pd.DataFrame(
        {
            "node": list(setting.ids),
            "loss": np.where(output > 0, short.mean(axis=0), np.nan),
            "loss_amount": short.sum(axis=0) * output,
            "lowest": np.where(output > 0, made.min(axis=0), np.nan),
            "lowest_day": made.argmin(axis=0),
            "back_day": _back_days(made, days),
            "unmet_demand": unmet.sum(axis=0),
            "output_share": output / output.sum(),
            "label": setting.labels,
        }
    )


def _back_days(made: Array, days: int) -> Integers:
    """Return the first day from which production stays at BACK or above; −1 where it never does."""
    below = made < BACK
    last = days - np.argmax(below[::-1], axis=0)
    return np.where(below.any(axis=0), np.where(last == days, -1, last + 1), 0).astype(np.int64)


def _by_day(production: Array, unmet: Array, left: Array) -> pd.DataFrame:
    import pandas as pd

    total: Any = production.sum(axis=1)
    return pd.DataFrame(
        {
            "day": np.arange(len(total)),
            "production": total / total[0],
            "loss_amount": total[0] - total,
            "unmet_demand": unmet.sum(axis=1),
            "rebuilding": left,
        }
    )
