"""The models: density-corrected gravity (DCGM), stripe-corrected (SCGM), and from an input–output table (IOGM).

In each, i sells to j with probability p = λ ÷ (1 + λ), λ = z · x_i · y_j. Suppliers fall into groups, buyers into
blocks; what a buyer of a block buys from a group is its own amount times what the block buys from the group. So the
n² probabilities come from n numbers for suppliers, n for buyers, and one small matrix:

* IOGM: groups and blocks are industries, the matrix is the table;
* SCGM: the same, but a firm whose inputs are known buys from each industry what it says;
* DCGM: one group, one block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.seeds import numpy_generator
from netcluster.reconstruction.fitness import Array, Economy, Integers

Method = Literal["iogm", "scgm", "dcgm"]
METHODS: tuple[str, ...] = get_args(Method)
#: How fast what sets firms of one size apart fades with size: a large firm is many small ones, whose luck evens out.
TAPER = 1.0


@dataclass(frozen=True, eq=False)
class Model:
    """Suppliers in groups, buyers' slots in blocks.

    `group` (n,) and `sales` (n,) are of suppliers; a slot is a buyer (`firm`) in a block, with its `amount` there
    (m,); `money` (groups, blocks) times a slot's amount is what it buys from the group in all. `typical` are the mean
    sales and purchases of all firms, where these are a sample of them.
    """

    group: Integers
    sales: Array
    firm: Integers
    block: Integers
    amount: Array
    money: Array
    typical: tuple[float, float] | None = None

    @property
    def n(self) -> int:
        """The number of suppliers (all firms)."""
        return len(self.group)

    @property
    def purchases(self) -> Array:
        """What each firm buys in all, (n,)."""
        amount = self.amount * self.money.sum(axis=0)[self.block]
        return np.asarray(np.bincount(self.firm, amount, self.n), dtype=np.float64)

    @property
    def group_sales(self) -> Array:
        """What each group sells in all, (groups,)."""
        return np.asarray(np.bincount(self.group, self.sales, len(self.money)), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Inputs:
    """What is known of firms' inputs by industry: row by row the firm, the industry it buys from, and how much."""

    firm: Integers
    industry: Integers
    value: Array


@dataclass(frozen=True)
class Exponents:
    """How fitness follows from money: x_i = sales_i^a · e^(σ_a ε_i), y_j = purchases_j^b · e^(σ_b η_j).

    ε and η are standard normal, their correlation is `together`. All of a plain gravity model is `Exponents()`.
    """

    sales: float = 1.0
    purchases: float = 1.0
    spread_out: float = 0.0
    spread_in: float = 0.0
    together: float = 0.0


@dataclass(frozen=True, eq=False)
class Fitness:
    """The logs of x (n,) and y (m,), and the factor (groups, blocks) that both are joined by."""

    log_x: Array
    log_y: Array
    factor: Array


def model(firms: Economy, method: Method, inputs: Inputs | None = None) -> tuple[Model, Economy, tuple[Note, ...]]:
    """Return the model of a method, the economy with the cells it holds to, and notes."""
    if method not in METHODS:
        raise NetclusterError(f"There is no method {method!r}.", f"Methods are {', '.join(METHODS)}.")
    if method == "scgm" and inputs is None:
        raise NetclusterError("Method scgm needs what firms buy by industry.", "Give --inputs, or take iogm.")
    if method != "scgm" and inputs is not None:
        raise NetclusterError("Known inputs are used by method scgm alone.", "Say --method scgm.")
    if method == "dcgm":
        buyers = np.flatnonzero(firms.purchases > 0)
        amount = firms.purchases[buyers]
        zeros = np.zeros(firms.n, dtype=np.int64)
        return Model(zeros, firms.sales, buyers, zeros[buyers], amount, np.ones((1, 1))), firms, ()
    group = np.maximum(firms.industry, 0)
    buyers = np.flatnonzero(firms.buy > 0)
    plain = Model(group, firms.sales, buyers, firms.industry[buyers], firms.buy[buyers], firms.cells)
    return (plain, firms, ()) if inputs is None else _with_inputs(plain, firms, inputs)


def _with_inputs(plain: Model, firms: Economy, inputs: Inputs) -> tuple[Model, Economy, tuple[Note, ...]]:
    """Give firms whose inputs are known a slot in a block of each industry they buy from, their own amounts in it."""
    k = len(firms.cells)
    usable = (inputs.value > 0) & (firms.cells.sum(axis=1)[inputs.industry] > 0) & (firms.buy[inputs.firm] > 0)
    firm, industry, value = inputs.firm[usable], inputs.industry[usable], inputs.value[usable]
    told = np.bincount(firm, value, firms.n)
    value = value / told[firm] * firms.purchases[firm]
    known = np.zeros((k, k))
    np.add.at(known, (industry, firms.industry[firm]), value)
    rest = (told[plain.firm] == 0).nonzero()[0]
    left = np.bincount(plain.block[rest], plain.amount[rest], k)
    gap = np.maximum(firms.cells - known, 0.0) * (left > 0)
    share = np.divide(1.0, left, out=np.zeros(k), where=left > 0)
    cells = known + gap
    money = np.hstack([gap * share, np.eye(k)])
    made = Economy(**{**vars(firms), "cells": cells})
    grown = Model(
        plain.group,
        made.sales,
        np.concatenate([plain.firm[rest], firm]),
        np.concatenate([plain.block[rest], k + industry]),
        np.concatenate([plain.amount[rest], value]),
        money,
    )
    count, moved = int(np.count_nonzero(told)), float(np.abs(cells - firms.cells).sum() / firms.cells.sum())
    text = f"{count:,} firms buy by industry what --inputs says, the others by their industry's column of the table."
    notes = [Note("known_inputs", text, count)]
    if moved > 1e-9:
        text = f"What these firms buy does not fit into the table's cells: {moved:.1%} of all flows were moved for it."
        notes.append(Note("cells_moved", text))
    return grown, made, tuple(notes)


def fitness(chosen: Model, exponents: Exponents, noise: tuple[Array, Array]) -> Fitness:
    """Return the fitness of suppliers and slots; what sells or buys nothing has fitness 0 (log −∞)."""
    first, second = noise
    mixed = exponents.together * first + np.sqrt(1 - exponents.together**2) * second
    mean_sales, mean_purchases = chosen.typical or (chosen.sales.mean(), chosen.purchases.mean())
    sales, bought = chosen.sales / max(mean_sales, 1e-300), chosen.purchases / max(mean_purchases, 1e-300)
    out, into = first * (1 + sales) ** -TAPER, (mixed * (1 + bought) ** -TAPER)[chosen.firm]
    with np.errstate(divide="ignore"):
        log_x = exponents.sales * np.log(sales) + exponents.spread_out * out
        log_y = exponents.purchases * np.log(chosen.amount) + exponents.spread_in * into
    scale = chosen.money / chosen.money.max()
    factor = np.where(scale > 0, np.maximum(scale, 1e-300) ** exponents.purchases, 0.0)
    return Fitness(np.asarray(log_x), np.asarray(log_y), factor)


def noise(n: int, seed: int) -> tuple[Array, Array]:
    """Return two standard normal numbers for each firm: what sets firms of one size apart."""
    draws = numpy_generator(seed, "reconstruction", "spread").standard_normal((2, n))
    return draws[0], draws[1]
