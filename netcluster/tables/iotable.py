"""The input–output table: intermediate flows, final demand, primary inputs and output, with their labels."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]
Origin = Literal["domestic", "total", "imports"]
InputKind = Literal["value_added", "imports", "taxes"]

#: Columns of the three label frames, in order.
SECTOR_COLUMNS = ("id", "region", "sector", "name")
DEMAND_COLUMNS = ("id", "region", "category", "name")
INPUT_COLUMNS = ("id", "name", "kind")


@dataclass(frozen=True)
class Account:
    """A satellite account: an amount for each sector (jobs, emissions, energy) and, where known, for final demand.

    `values` is (n,), `demand_values` (m,) or None, both in `unit`.
    """

    name: str
    values: Array
    unit: str = ""
    demand_values: Array | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _frozen(self.values))
        if self.demand_values is not None:
            object.__setattr__(self, "demand_values", _frozen(self.demand_values))


@dataclass(frozen=True)
class ImportBlock:
    """The imported part of a table that splits origin: `Z` (n, n) by using sector, `Y` (n, m) by demand category."""

    Z: Array
    Y: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "Z", _frozen(self.Z))
        object.__setattr__(self, "Y", _frozen(self.Y))


def _no_accounts() -> Mapping[str, Account]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class IOTable:
    """One input–output table of one year; n sectors, m categories of final demand, k primary inputs.

    Attributes
    ----------
    sectors : pandas.DataFrame
        n rows: id (unique: `REGION:SECTOR`, or `SECTOR` where there is one region), region, sector, name.
    Z : (n, n) array
        Intermediate flows, Z[i, j] what i sells to j, in `unit`. Read-only, as all arrays here.
    Y, demand : (n, m) array and pandas.DataFrame
        Final demand; `demand` has m rows: id (unique), region, category, name.
        In a table of origin "total" an "imports" category holds minus the imports of each product, so
        that rows add up to domestic output.
    V, inputs : (k, n) array and pandas.DataFrame
        Primary inputs; `inputs` has k rows: id (unique), name, kind ("value_added", "imports" or "taxes").
        Together with the columns of Z they add up to output.
    x : (n,) array
        Output.
    imports : ImportBlock or None
        The imported intermediate and final goods by product, where the table gives them.
    origin : {"domestic", "total", "imports"}
        Whose goods Z holds.
    accounts : mapping of str to Account
        Satellites: jobs, emissions, energy.
    unit, year, source : str, int or None, str
        "million USD"; the year of the figures; who published them.
    changes : tuple of Note
        What reading did: rows dropped, negatives kept, totals split off, accounts left unbalanced.

    Examples
    --------
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> io.Y.ravel()
    array([ 350., 1700.])
    >>> io.A
    array([[0.15, 0.25],
           [0.2 , 0.05]])
    """

    sectors: pd.DataFrame
    Z: Array
    Y: Array
    demand: pd.DataFrame
    V: Array
    inputs: pd.DataFrame
    x: Array
    imports: ImportBlock | None = None
    origin: Origin = "domestic"
    accounts: Mapping[str, Account] = field(default_factory=_no_accounts)
    unit: str = ""
    year: int | None = None
    source: str = ""
    changes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        for name in ("Z", "Y", "V", "x"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        object.__setattr__(self, "accounts", MappingProxyType(dict(self.accounts)))
        self._check()

    def _check(self) -> None:
        n, m, k = len(self.sectors), len(self.demand), len(self.inputs)
        wanted = {"Z": (n, n), "Y": (n, m), "V": (k, n), "x": (n,)}
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise NetclusterError(
                    f"{name} is {getattr(self, name).shape} where {shape} was expected"
                    f" ({n} sectors, {m} categories of final demand, {k} primary inputs)."
                )
            held: Any = getattr(self, name)
            # Flows may be sparse (`economy.sparse`): then only what is stored can be wrong.
            if not np.isfinite(held if isinstance(held, np.ndarray) else held.data).all():
                raise NetclusterError(
                    f"{name} holds a value that is not a finite number.",
                    "Say what stands for a missing value, or clean the cells: netcluster inspect names them.",
                )
        for name, labels in (("sectors", self.sectors), ("demand", self.demand), ("inputs", self.inputs)):
            ids = labels["id"].tolist()
            if len(set(ids)) < len(ids):
                twice = next(label for k, label in enumerate(ids) if label in ids[:k])
                raise NetclusterError(
                    f"The {name} hold the label {twice!r} twice.",
                    "Give each its own label, or add them up with --map.",
                )

    @classmethod
    def from_arrays(
        cls,
        Z: npt.ArrayLike,
        *,
        x: npt.ArrayLike | None = None,
        Y: npt.ArrayLike | None = None,
        V: npt.ArrayLike | None = None,
        sectors: pd.DataFrame | list[str] | None = None,
        demand: pd.DataFrame | list[str] | None = None,
        inputs: pd.DataFrame | list[str] | None = None,
        **rest: object,
    ) -> IOTable:
        """Build a table from plain arrays; what is left out follows from the accounts.

        Without `Y`, final demand is one category, x − Z1; without `V`, value added is one row, x − 1'Z;
        without `x`, output is the row sum of Z and Y. Labels may be lists of ids or the whole frames.
        `rest` goes to `IOTable` (unit, year, source, imports, origin, accounts, changes).
        """
        flows = np.array(Z, dtype=np.float64)
        n = len(flows)
        if flows.shape != (n, n):
            raise NetclusterError(f"Z is {flows.shape}: intermediate flows make a square table.")
        if x is None and Y is None:
            raise NetclusterError("Output can't be told from intermediate flows alone.", "Give x or Y.")
        final = None if Y is None else np.array(Y, dtype=np.float64).reshape(n, -1)
        output = flows.sum(axis=1) + final.sum(axis=1) if final is not None and x is None else x
        out = np.array(output, dtype=np.float64)
        final = (out - flows.sum(axis=1))[:, None] if final is None else final
        primary = (out - flows.sum(axis=0))[None, :] if V is None else np.array(V, dtype=np.float64)
        primary = primary.reshape(-1, n)
        return cls(
            sectors=sector_labels(sectors if sectors is not None else [str(i + 1) for i in range(n)]),
            Z=flows,
            Y=final,
            demand=demand_labels(demand if demand is not None else _numbered("final_demand", final.shape[1])),
            V=primary,
            inputs=input_labels(inputs if inputs is not None else _numbered("value_added", len(primary))),
            x=out,
            **rest,  # type: ignore[arg-type]
        )

    @property
    def n(self) -> int:
        """The number of sectors (region by sector, in a table of several regions)."""
        return len(self.x)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The sectors' ids, in order."""
        return tuple(self.sectors["id"].tolist())

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The regions' codes, in order of appearance."""
        return tuple(dict.fromkeys(self.sectors["region"].tolist()))

    @property
    def A(self) -> Array:
        """Input coefficients, (n, n): A[i, j] = Z[i, j] / x[j]; a column of a zero-output sector is 0."""
        return np.asarray(np.divide(self.Z, self.x, out=np.zeros_like(self.Z), where=self.x != 0))

    @property
    def B(self) -> Array:
        """Allocation coefficients, (n, n): B[i, j] = Z[i, j] / x[i]; a row of a zero-output sector is 0."""
        column = self.x[:, None]
        return np.asarray(np.divide(self.Z, column, out=np.zeros_like(self.Z), where=column != 0))

    @cached_property
    def value_added(self) -> Array:
        """Value added of each sector, (n,): the primary inputs of that kind."""
        return np.asarray(self.V[(self.inputs["kind"] == "value_added").to_numpy()].sum(axis=0))

    def position(self, sector: str) -> int:
        """Return the row of a sector by its id; an unknown one is an error that names the nearest."""
        try:
            return self.ids.index(sector)
        except ValueError:
            import difflib

            near = difflib.get_close_matches(sector, self.ids, n=3)
            hint = f"Did you mean {', '.join(near)}?" if near else f"Sectors are {', '.join(self.ids[:8])} …"
            raise NetclusterError(f"There is no sector {sector!r} in this table.", hint) from None

    def replace(self, **changes: object) -> IOTable:
        """Return a copy with some attributes changed; what is only said about the numbers needs no new check."""
        if not changes.keys() <= {"origin", "unit", "year", "source", "changes"}:
            return replace(self, **changes)  # type: ignore[arg-type]
        made = copy.copy(self)
        for name, value in changes.items():
            object.__setattr__(made, name, value)
        return made


def sector_labels(labels: pd.DataFrame | list[str]) -> pd.DataFrame:
    """Return the frame of sector labels for ids, or the given frame with what is missing filled in.

    A frame needs `sector` (or `id`); `region` is empty where not given, `name` the sector's code. The id is
    `REGION:SECTOR` where there is more than one region, else `SECTOR`.
    """
    return _ordered(_placed(labels, "sector"), SECTOR_COLUMNS)


def demand_labels(labels: pd.DataFrame | list[str]) -> pd.DataFrame:
    """Return the frame of final-demand labels for ids, or the given frame with what is missing filled in."""
    return _ordered(_placed(labels, "category"), DEMAND_COLUMNS)


def _placed(labels: pd.DataFrame | list[str], what: str) -> pd.DataFrame:
    """Return labels with their id, region, name and `what` they are of: sector or category."""
    frame = _frame(labels)
    if what not in frame:
        frame[what] = frame["id"]
    if "region" not in frame:
        frame["region"] = ""
    if "name" not in frame:
        frame["name"] = frame[what]
    if "id" not in frame:
        several = frame["region"].nunique() > 1
        frame["id"] = frame["region"] + ":" + frame[what] if several else frame[what]
    return frame


def input_labels(labels: pd.DataFrame | list[str]) -> pd.DataFrame:
    """Return the frame of primary-input labels for ids, or the given frame with what is missing filled in."""
    frame = _frame(labels)
    if "name" not in frame:
        frame["name"] = frame["id"]
    if "kind" not in frame:
        frame["kind"] = "value_added"
    return _ordered(frame, INPUT_COLUMNS)


def _ordered(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    return frame if tuple(frame.columns) == columns else frame[list(columns)]


def _frame(labels: pd.DataFrame | list[str]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame({"id": labels}) if isinstance(labels, list) else labels.reset_index(drop=True)
    words = all(isinstance(kind, pd.StringDtype) for kind in frame.dtypes)
    return frame if words else frame.astype(str)


def _numbered(word: str, count: int) -> list[str]:
    return [word] if count == 1 else [f"{word}_{i + 1}" for i in range(count)]


def _frozen(values: npt.ArrayLike) -> Array:
    array = np.ascontiguousarray(values, dtype=np.float64)
    if array.flags.writeable:
        array = array.view()
        array.flags.writeable = False
    return array
