"""Input–output tables whose flows are mostly zero: firms that trade, regions that hardly do.

The flows stay sparse from the table to the factor. Sums over L and G (multipliers, linkages, extraction, exposure,
impact) need nothing more; what needs every entry of L (dispersion, fields of influence) builds it, dense.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.solve import Array
from netcluster.network.network import Network
from netcluster.tables.iotable import IOTable, demand_labels, input_labels, sector_labels


class SparseTable(IOTable):
    """An `IOTable` whose `Z` is a SciPy sparse array; the economic functions take it as they take a dense one."""

    def __post_init__(self) -> None:
        """Freeze what is dense, and check all as every table is checked."""
        for name in ("Y", "V", "x"):
            values = np.array(getattr(self, name), dtype=np.float64)
            values.flags.writeable = False
            object.__setattr__(self, name, values)
        object.__setattr__(self, "accounts", MappingProxyType(dict(self.accounts)))
        self._check()


def sparse_table(
    flows: Any,
    x: npt.ArrayLike | None = None,
    *,
    sectors: pd.DataFrame | list[str] | None = None,
    unit: str = "",
) -> SparseTable:
    """Return a table of sparse flows; final demand and value added are what output leaves.

    Parameters
    ----------
    flows : (n, n) sparse array, or Network
        Z[i, j] is what i sells to j; of a network its supply layer, whose nodes are the sectors.
    x : (n,), optional
        Output; where left out the larger of what each sells and buys, the least that both can be.
    sectors : frame or list of ids
        Labels; numbers where left out.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from netcluster.economy.model import Model
    >>> table = sparse_table(csr_array([[150.0, 500.0], [200.0, 100.0]]), [1000, 2000])
    >>> Model(table).output_multipliers.round(4)
    array([1.5182, 1.4521])
    """
    from scipy.sparse import csr_array

    if isinstance(flows, Network):
        nodes = flows.nodes
        sectors = (
            nodes[["id", "region"]].assign(sector=nodes["id"], name=nodes["label"]) if sectors is None else sectors
        )
        flows = flows.layers["supply"].matrix
    Z = csr_array(flows, dtype=np.float64)
    n = Z.shape[0]
    sold, bought = np.asarray(Z.sum(axis=1)), np.asarray(Z.sum(axis=0))
    output: Array = np.maximum(sold, bought) if x is None else np.asarray(x, dtype=np.float64)
    if output.shape != (n,):
        raise NetclusterError(f"Output is {output.shape} where {n} sectors have flows.")
    return SparseTable(
        sectors=sector_labels(sectors if sectors is not None else [str(i + 1) for i in range(n)]),
        Z=Z,
        Y=(output - sold)[:, None],
        demand=demand_labels(["final_demand"]),
        V=(output - bought)[None, :],
        inputs=input_labels(["value_added"]),
        x=output,
        unit=unit,
    )
