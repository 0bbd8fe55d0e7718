"""The Leontief and Ghosh models of one table, from one factorisation.

Every measure of this room asks a `Model` for sums over L = (I − A)⁻¹ or G = (I − B)⁻¹. None of them needs
a factor of its own: G = x̂⁻¹ L x̂, so a row sum of G is one solve with x, and the diagonals are the same.
A sector without output has no coefficients: its column of A and its row of B are 0, and measures leave it
empty (NaN) and outside every mean.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.solve import Array, Leontief, series_sum
from netcluster.tables.iotable import IOTable

#: What publishers call imports among the categories of final demand.
IMPORTS = re.compile(r"^(m|im|imp|impo|imports?|f050|p\.?7(_.*)?|imports of goods.*)$", re.IGNORECASE)
#: Tables at least this large get single sums by the power series, which is faster there than a factor.
SERIES_FROM = 400


class Model:
    """The Leontief and Ghosh models of a table, computed once and shared by the measures that need them.

    Every public function of this room takes a `Model` in place of the table; hand the same one to several
    functions and the table is factored once.

    Examples
    --------
    >>> model = Model(IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000]))
    >>> model.L.round(4)
    array([[1.2541, 0.33  ],
           [0.264 , 1.1221]])
    >>> model.G.round(4)
    array([[1.2541, 0.6601],
           [0.132 , 1.1221]])
    >>> model.output_multipliers.round(4), model.supply_multipliers.round(4)
    (array([1.5182, 1.4521]), array([1.9142, 1.2541]))
    """

    def __init__(self, io: IOTable) -> None:
        if io.n == 0:
            raise NetclusterError("The table has no sectors.")
        self.io = io
        self.n = io.n
        self.x: Array = io.x
        #: Whether the flows are a sparse array (`economy.sparse`); nothing dense is then built of them.
        self.sparse: bool = not isinstance(io.Z, np.ndarray)
        #: Which sectors have output; the others have no coefficients.
        self.active: npt.NDArray[np.bool_] = io.x > 0
        if not self.active.any():
            raise NetclusterError(
                "No sector of the table has any output.", "Look at the output column: netcluster inspect."
            )
        self.per_output: Array = np.divide(1.0, io.x, out=np.zeros(io.n), where=self.active)

    @cached_property
    def A(self) -> Any:
        """Input coefficients A, (n, n); sparse where the flows are."""
        return self.scaled(self.per_output)

    @cached_property
    def B(self) -> Any:
        """Allocation coefficients B, (n, n); sparse where the flows are."""
        return self.scaled(self.per_output[:, None])

    def scaled(self, factors: Array) -> Any:
        """Return the flows times one number a column (n,) or a row (n, 1), as sparse as they are."""
        if not self.sparse:
            return np.asarray(self.io.Z * factors)
        from scipy.sparse import csr_array

        flows: Any = self.io.Z
        return csr_array(flows.multiply(factors))

    @cached_property
    def factor(self) -> Leontief:
        """The factored I − A, in one matrix of memory beside the table's own."""
        if self.sparse:
            return Leontief(self.A.tocsc())
        coefficients = np.empty((self.n, self.n), order="F")
        np.multiply(self.io.Z, self.per_output, out=coefficients)
        return Leontief(coefficients, overwrite=True)

    @cached_property
    def L(self) -> Array:
        """The Leontief inverse (I − A)⁻¹, (n, n): output of i per unit of final demand for j."""
        return self.factor.inverse

    @cached_property
    def G(self) -> Array:
        """The Ghosh inverse (I − B)⁻¹ = x̂⁻¹ L x̂, (n, n); for a sector without output a unit row and column."""
        ghosh = self.L * self.x
        ghosh *= self.per_output[:, None]
        idle = np.flatnonzero(~self.active)
        ghosh[idle, :] = 0.0
        ghosh[:, idle] = 0.0
        ghosh[idle, idle] = 1.0
        return ghosh

    @cached_property
    def diagonal(self) -> Array:
        """The diagonal of L, which is also that of G, (n,)."""
        if "L" in self.__dict__:
            return np.asarray(self.L.diagonal())
        return self.factor.inverse_diagonal()

    def totals(self, weights: Array) -> Array:
        """Return w'L: the total w per unit of final demand for each sector; `weights` is (n,) or (k, n)."""
        return self.factor.solve(np.asarray(weights, dtype=np.float64).T, transpose=True).T

    def outputs(self, demand: Array) -> Array:
        """Return L f: the output that a final demand calls for; `demand` is (n,) or (n, k)."""
        return self.factor.solve(np.asarray(demand, dtype=np.float64))

    @cached_property
    def output_multipliers(self) -> Array:
        """Column sums of L, (n,): output of all sectors per unit of final demand for each."""
        return self._sum(np.ones(self.n), transpose=True)

    @cached_property
    def supply(self) -> Array:
        """What there is of each product to share out, (n,): output, and the imports too where the flows hold them.

        In a table of origin "total" sales are a share of that: beside output alone they may be more than all of it.
        """
        if self.io.origin != "total":
            return self.x
        return np.asarray(self.x + imported(self.io)[1])

    @cached_property
    def supply_multipliers(self) -> Array:
        """Row sums of (I − ŝ⁻¹Z)⁻¹, s the supply, (n,): the row sums of G where that is output alone."""
        if self.supply is self.x:
            sums = self._sum(self.x * self.active, transpose=False) * self.per_output
        else:
            sums = Leontief(self.scaled(self._per_supply[:, None])).row_sums()
        return np.where(self.active, sums, 1.0)

    @property
    def direct_sales(self) -> Array:
        """The share of each product's supply that sectors buy, (n,)."""
        return np.asarray(self.io.Z.sum(axis=1) * self._per_supply)

    @property
    def _per_supply(self) -> Array:
        return np.divide(1.0, self.supply, out=np.zeros(self.n), where=self.supply > 0)

    def _sum(self, start: Array, *, transpose: bool) -> Array:
        if (self.sparse or self.n >= SERIES_FROM) and "factor" not in self.__dict__:
            flows, per_output = self.io.Z, self.per_output
            total = series_sum(
                (lambda term: (term @ flows) * per_output) if transpose else (lambda term: flows @ (term * per_output)),
                start,
            )
            if total is not None:
                return total
        return self.factor.solve(start, transpose=transpose)

    def coefficients(self, amounts: Array) -> Array:
        """Return amounts per unit of output, (n,) or (k, n); 0 for a sector without output."""
        return np.asarray(np.asarray(amounts, dtype=np.float64) * self.per_output)

    def measured(self, values: Array) -> Array:
        """Return the values with NaN for the sectors without output."""
        return np.where(self.active, values, np.nan)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What has to be said of every result: sectors without output, and whose goods the flows are."""
        idle = int((~self.active).sum())
        found = []
        if idle:
            # In the words of the readers, so that it is said once.
            names = ", ".join(np.asarray(self.io.ids)[~self.active][:6])
            text = f"Sectors without output stay, without measures: {names}."
            found.append(Note("zero_output", text, idle))
        if self.io.origin == "total":
            text = (
                "Flows hold imported goods too: multipliers count output made abroad as if it were made at home;"
                " forward linkages and upstreamness share out all supply, imports and all."
            )
            found.append(Note("origin_total", text))
        return tuple(found)


def imported(io: IOTable) -> tuple[npt.NDArray[np.bool_], Array]:
    """Return which categories of final demand take imports off, (m,), and the imports of each product, (n,).

    They bear the name, or hold nothing above 0 (a name may hold duties, which publishers add there).
    """
    labels = io.demand[["id", "category", "name"]].astype(str).to_numpy()
    named = np.array([any(IMPORTS.match(label) for label in row) for row in labels], dtype=bool)
    total = io.Y.sum(axis=0)
    columns = (total < 0) & (named | (io.Y <= 0).all(axis=0))
    return columns, np.maximum(-io.Y[:, columns].sum(axis=1), 0.0)


def as_model(io: IOTable | Model) -> Model:
    """Return the model of a table, or the model itself."""
    return io if isinstance(io, Model) else Model(io)
