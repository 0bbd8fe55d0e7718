"""Links that are known: they stay as they are, and the rest is drawn around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.reconstruction.fitness import Array, Economy, Integers, codes_of
from netcluster.reconstruction.model import Model
from netcluster.reconstruction.sample import Drawn, inserted, kept, keys_of

if TYPE_CHECKING:
    from netcluster.tables.links import LinkTable


@dataclass(frozen=True, eq=False)
class Known:
    """Known supply links as rows of firms, each pair once, in order; `weight` is NaN where no amount is known."""

    source: Integers
    target: Integers
    weight: Array

    @property
    def links(self) -> int:
        """The number of links."""
        return len(self.source)

    def keys(self, n: int) -> Integers:
        """Return supplier · n + buyer of each link, n firms there being; they rise."""
        return self.source * n + self.target

    def part(self, which: npt.NDArray[np.bool_]) -> Known:
        """Return some of the links."""
        return Known(self.source[which], self.target[which], self.weight[which])


def known_links(table: LinkTable, firms: Economy) -> tuple[Known, tuple[Note, ...]]:
    """Return the supply links of a list between firms of the economy, and notes on those left out.

    Where every link weighs 1 the list has no amounts: the links are kept and their amounts estimated.
    """
    frame = table.frame[table.frame["layer"] == "supply"]
    if frame.empty:
        raise NetclusterError("The known links have none of layer supply.", "Give links source,target[,weight].")
    source, target = (codes_of(frame[end], firms.nodes["id"]) for end in ("source", "target"))
    weight = frame["weight"].to_numpy(dtype=np.float64)
    inside = (source >= 0) & (target >= 0) & (firms.industry[source] >= 0) & (firms.industry[target] >= 0)
    usable = inside & (source != target) & ~(weight <= 0) & ~np.isinf(weight)
    notes = []
    if lost := int((~usable).sum()):
        text = f"{lost:,} known links were left out: an end is no firm here, it is a loop, or it weighs nothing."
        notes.append(Note("known_links_left_out", text, lost))
    if not usable.any():
        raise NetclusterError("No known link joins two firms of the list.", "Use the ids of the list of firms.")
    source, target, weight = source[usable], target[usable], weight[usable]
    if (weight == 1).all():
        notes.append(Note("known_without_amounts", "The known links tell no amounts: they are estimated.", len(weight)))
        weight = np.full(len(weight), np.nan)
    pairs, codes = np.unique(source * firms.n + target, return_inverse=True)
    unknown = np.bincount(codes, np.isnan(weight)) > 0
    total = np.where(unknown, np.nan, np.bincount(codes, np.nan_to_num(weight)))
    return Known(pairs // firms.n, pairs % firms.n, total), tuple(notes)


def slots_of(model: Model, known: Known) -> tuple[Integers, Integers]:
    """Return the known pairs the model might draw itself: which of `known`, and the buyer's slot."""
    order = np.argsort(model.firm, kind="stable")
    first = np.searchsorted(model.firm[order], known.target, side="left")
    last = np.searchsorted(model.firm[order], known.target, side="right")
    count = last - first
    which = np.repeat(np.arange(known.links), count)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    slot = order[first[which] + step]
    joined = model.money[model.group[known.source[which]], model.block[slot]] > 0
    return which[joined], slot[joined]


def gravity(model: Model, known: Known) -> Array:
    """Return what the model takes each known pair to trade, if it trades; where it has no such cell, by size alone."""
    plain = model.sales[known.source] * model.purchases[known.target] / model.sales.sum()
    which, slot = slots_of(model, known)
    group = model.group[known.source[which]]
    amount = model.amount[slot] * model.money[group, model.block[slot]]
    plain[which] = model.sales[known.source[which]] * amount / model.group_sales[group]
    return np.asarray(np.maximum(plain, 1e-12 * model.sales.max()))


def without(drawn: Drawn, known: Known) -> Drawn:
    """Return the drawn links that are not known ones."""
    return kept(drawn, ~np.isin(keys_of(drawn), known.keys(drawn.n), assume_unique=True))


def joined(drawn: Drawn, known: Known, weight: Array) -> Drawn:
    """Return drawn and known links together; none may be both."""
    return inserted(drawn, known.keys(drawn.n), weight)
