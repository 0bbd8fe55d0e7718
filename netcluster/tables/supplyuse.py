"""Supply and use tables: products by industries, and the four ways to a symmetric table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.iotable import Account, IOTable, Origin

Array = npt.NDArray[np.float64]
Model = Literal["A", "B", "C", "D"]


def _no_accounts() -> Mapping[str, Account]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class SupplyUse:
    """A supply table and a use table of one year, p products by n industries.

    Attributes
    ----------
    products, industries : pandas.DataFrame
        Labels as in `IOTable.sectors`: id, region, sector, name.
    supply : (p, n) array
        Output of each product by each industry (the make table transposed).
    use : (p, n) array
        Products used by each industry.
    Y, demand : (p, m) array and pandas.DataFrame
        Final demand by product, labelled as in `IOTable.demand`; imports by product are a negative
        category "imports" where `origin` is "total".
    V, inputs : (k, n) array and pandas.DataFrame
        Primary inputs by industry, labelled as in `IOTable.inputs`.
    accounts : mapping of str to Account
        Satellites by industry (jobs, emissions), as in `IOTable.accounts`.
    """

    products: pd.DataFrame
    industries: pd.DataFrame
    supply: Array
    use: Array
    Y: Array
    demand: pd.DataFrame
    V: Array
    inputs: pd.DataFrame
    origin: Origin = "domestic"
    unit: str = ""
    year: int | None = None
    source: str = ""
    changes: tuple[Note, ...] = ()
    accounts: Mapping[str, Account] = field(default_factory=_no_accounts)

    def symmetric(self, model: Model = "D") -> IOTable:
        """Return the symmetric table by one of the four models of the Eurostat manual (2008, ch. 11).

        A and B give product-by-product tables (product and industry technology), C and D
        industry-by-industry tables (fixed industry and fixed product sales structure). D, the default, has
        no negatives that are not in the data and needs no square tables.
        """
        from netcluster.tables.supply_use.models import symmetric

        return symmetric(self, model)
