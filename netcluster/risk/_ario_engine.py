"""The economy of the daily model: stocks, orders, stretch and rebuilding, moved on day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.result import Note
from netcluster.risk._ario_flows import Products

if TYPE_CHECKING:
    from netcluster.risk.ario import Behaviour

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Setting:
    """An economy in balance on a usual day: n producers, their slots, and what is known of them.

    `final` (n,) is final demand, `output` (n,) all sales; `need` (slots,) is each slot's use; `goods` names the
    goods, `good` (slots,) numbers the slot's; `limiting` (slots,) says whether its lack stops production. `region`
    and `sector` (n,) are labels; `value_added` is of a year.
    """

    ids: tuple[str, ...]
    labels: Any
    region: Any
    sector: Any
    output: Array
    final: Array
    value_added: Array
    products: Products
    need: Array
    buyer: Integers
    good: Integers
    goods: tuple[str, ...]
    limiting: Any
    notes: tuple[Note, ...]

    @property
    def n(self) -> int:
        """The number of producers."""
        return len(self.ids)


class Economy:
    """Stocks, orders and stretch; amounts are of a day, in the source's unit."""

    def __init__(self, setting: Setting, behaviour: Behaviour) -> None:
        self.setting, self.behaviour = setting, behaviour
        output, need = setting.output, setting.need
        whose = output[setting.buyer]
        self.per_unit = np.divide(need, whose, out=np.zeros_like(need), where=whose > 0)
        own = np.array([float(behaviour.stocks.get(name, behaviour.inventory_days)) for name in setting.goods])
        self.days = own[setting.good]
        self.stock = need * self.days
        self.ratio = np.ones_like(need)
        self.stretch = np.ones(setting.n)
        self.few = bool((self.days * behaviour.psi < 1.0).any())

    def step(self, capacity: Array, products: Products, final: Array, extra: Array) -> tuple[Array, Array]:
        """Return production, and the part served of final demand and rebuilding; move stocks, orders, stretch on.

        `final` is the final demand that can be served, `extra` what is ordered for rebuilding.
        """
        from netcluster.risk._ario_kernels import restock

        rules, setting = self.behaviour, self.setting
        ordered = products.ordered(self.ratio)
        demand = ordered + final + extra
        wanted = np.minimum(demand, setting.output * capacity * self.stretch)
        made = self._allowed(wanted)
        served = np.divide(made, demand, out=np.ones_like(made), where=demand > 0)
        to_buyers, to_users = served, served
        if rules.rationing == "orders_first":
            to_buyers = np.minimum(np.divide(made, ordered, out=np.ones_like(made), where=ordered > 0), 1.0)
            rest, others = made - to_buyers * ordered, final + extra
            to_users = np.divide(rest, others, out=np.ones_like(made), where=others > 0)
        arriving = products.arriving(to_buyers)
        restock(
            self.stock,
            self.per_unit,
            setting.buyer,
            setting.need,
            made,
            wanted,
            self.days,
            float(rules.restore_days),
            rules.keep_surplus,
            arriving,
            self.ratio,
        )
        scarce = np.where(served < 1.0 - 1e-12, 1.0 - served, 0.0)
        goal = np.where(scarce > 0, (rules.overproduction - self.stretch) * scarce, 1.0 - self.stretch)
        self.stretch = np.maximum(self.stretch + goal / rules.stretch_days, 1.0)
        return made, to_users

    def _allowed(self, wanted: Array) -> Array:
        """Return what stocks allow: in proportion below ψ of those wanted, and never more than there is."""
        from netcluster.risk._ario_kernels import limits

        setting, least = self.setting, np.ones_like(wanted)
        floor = self.days * self.behaviour.psi
        limits(self.stock, self.per_unit, setting.buyer, wanted, floor, setting.limiting, least)
        made = wanted * least
        if self.few:
            least[:] = 1.0
            limits(self.stock, self.per_unit, setting.buyer, made, np.ones_like(floor), setting.limiting, least)
            made *= least
        return np.asarray(made)
