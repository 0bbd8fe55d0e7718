"""Destroyed capital: what it takes to rebuild, who is asked to, and the capacity that comes back with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.risk._ario_engine import Setting

if TYPE_CHECKING:
    from netcluster.risk.ario import Behaviour

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Rebuilding:
    """Damage by node and what is still to be delivered for it, by building sector.

    `damage` lists (row, share of capital destroyed, last day on which nothing can be rebuilt).
    """

    def __init__(self, setting: Setting, behaviour: Behaviour, damage: list[tuple[int, float, int]]) -> None:
        rows = np.array([row for row, _, _ in damage], dtype=np.int64)
        self.rows, self.starts = rows, np.array([until for _, _, until in damage], dtype=np.int64)
        self.capital = behaviour.capital_ratio * setting.value_added[rows]
        self.lost = np.array([share for _, share, _ in damage]) * self.capital
        self.days = float(behaviour.rebuild_days)
        shares = _builders(behaviour.builders)
        self.left = self.lost[:, None] * np.array(list(shares.values()))[None, :] if rows.size else np.zeros((0, 0))
        self.asked = _asked(setting, list(shares), rows) if rows.size else np.zeros((setting.n, 0, 0))
        self._ordered = np.zeros_like(self.left)
        none = int((self.capital <= 0).sum())
        text = "Nodes without value added have no capital to rebuild: their capacity is back when the event ends."
        self.notes: tuple[Note, ...] = (Note("no_capital", text, none),) if none else ()

    def capacity(self, day: int, usual: Array) -> Array:
        """Return capacity after damage, (n,): what is not rebuilt yet does not produce."""
        if not self.rows.size:
            return usual
        ready = day > self.starts
        missing = self.left.sum(axis=1)
        part = np.divide(missing, self.capital, out=np.zeros_like(missing), where=(self.capital > 0) & ready)
        capacity = usual.copy()
        np.minimum.at(capacity, self.rows, 1.0 - part)
        return capacity

    def demand(self, day: int) -> Array:
        """Return what is ordered of each node this day for rebuilding, (n,)."""
        if not self.rows.size:
            return np.zeros(len(self.asked))
        self._ordered = np.where((day > self.starts)[:, None], self.left / self.days, 0.0)
        return np.asarray(np.einsum("neb,eb->n", self.asked, self._ordered))

    def deliver(self, served: Array) -> None:
        """Take off what the builders delivered."""
        if self.rows.size:
            self.left = np.maximum(self.left - self._ordered * np.einsum("neb,n->eb", self.asked, served), 0.0)


def _builders(builders: Mapping[str, float]) -> dict[str, float]:
    total = float(sum(builders.values()))
    if builders and (total <= 0 or min(builders.values()) < 0):
        raise NetclusterError("The shares of those who rebuild are not positive.", "Say for example F=0.8,C28=0.2.")
    return {name: share / total for name, share in builders.items()}


def _asked(setting: Setting, builders: list[str], rows: Integers) -> Array:
    """Return whom each damaged node asks for each building good, (n, damages, builders), each column adding to 1.

    Builders of the node's own region by their output; all builders where it has none.
    """
    if not builders:
        raise NetclusterError(
            "An event destroys capital, but nothing says who rebuilds.",
            "Name the sectors and their shares: --builders F=0.8,C28=0.2.",
        )
    asked = np.zeros((setting.n, rows.size, len(builders)))
    for b, name in enumerate(builders):
        makers = np.where(setting.sector == name, setting.output, 0.0)
        if makers.sum() <= 0:
            raise NetclusterError(f"There is no sector {name!r} to rebuild.", "Look at the sectors: --builders.")
        for e, row in enumerate(rows.tolist()):
            near = np.where(setting.region == setting.region[row], makers, 0.0)
            weight = near if near.sum() > 0 else makers
            asked[:, e, b] = weight / weight.sum()
    return asked
