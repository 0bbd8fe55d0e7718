"""Structural paths: the single chains along which an account reaches final demand, every one above a cutoff.

A path that ends with final demand y_t for sector t and has come down to sector j with weight w = … a_kj … y_t
carries w s_j itself, and all paths that go on from there together carry exactly w (s'L)_j. Pruning on that sum,
not on the path's own part, loses no path above the cutoff: a clean sector with a dirty supplier is followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.solve import Array, Leontief
from netcluster.economy.accounts import amount
from netcluster.economy.model import Model, as_model
from netcluster.tables.iotable import IOTable

ARROW = " → "


@dataclass
class _Search:
    """The tree of chains above the cutoff, as parallel lists: sector, parent's place, steps, weight."""

    model: Model
    own: Array
    potential: Array
    least: float
    most: int
    sector: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    found: list[tuple[int, float]] = field(default_factory=list)
    suppliers: dict[int, tuple[float, npt.NDArray[np.intp], Array, Array]] = field(default_factory=dict)

    def run(self, starts: list[tuple[int, float]], longest: int | None) -> None:
        """Follow every chain whose subtree carries at least the cutoff."""
        waiting = [(self._place(sector, -1, 0), weight) for sector, weight in starts]
        own, least = self.own.tolist(), self.least
        # What lies behind a sector: where that is below the cutoff, its suppliers need no look.
        behind = (self.potential - np.abs(self.own)).tolist()
        while waiting:
            place, weight = waiting.pop()
            sector, depth = self.sector[place], self.depth[place]
            value = weight * own[sector]
            if abs(value) >= least:
                self._keep(place, value)
            if abs(weight) * behind[sector] < least or (longest is not None and depth >= longest):
                continue
            needed = least / abs(weight)
            who, coefficient, reach = self._suppliers(sector, needed)
            count = int(np.searchsorted(reach, -needed, side="right"))
            waiting.extend(
                (self._place(int(who[k]), place, depth + 1), weight * float(coefficient[k])) for k in range(count)
            )

    def _place(self, sector: int, parent: int, depth: int) -> int:
        self.sector.append(sector)
        self.parent.append(parent)
        self.depth.append(depth)
        return len(self.sector) - 1

    def _keep(self, place: int, value: float) -> None:
        if len(self.found) >= self.most:
            raise NetclusterError(
                f"More than {self.most:,} paths are above the cutoff.", "Raise --cutoff, or name --from and --to."
            )
        self.found.append((place, value))

    def _suppliers(self, sector: int, needed: float) -> tuple[npt.NDArray[np.intp], Array, Array]:
        """Return a sector's suppliers of at least that reach |a_ij| (s'L)_i, the largest first.

        With them come their coefficients and minus their reach. Only what chains so far had use for is sorted,
        with some to spare: a column is gone through again when a heavier chain comes by.
        """
        known = self.suppliers.get(sector)
        if known is None or needed < known[0]:
            floor = needed / 4
            column = self.model.io.Z[:, sector] * self.model.per_output[sector]
            reach = np.abs(column) * self.potential
            enough = np.flatnonzero((reach >= floor) & (reach > 0))
            order = enough[np.argsort(-reach[enough], kind="stable")]
            known = (floor, order, column[order], -reach[order])
            self.suppliers[sector] = known
        return known[1:]

    def path(self, place: int) -> list[int]:
        """Return the sectors of a path, first supplier first."""
        chain = []
        while place >= 0:
            chain.append(self.sector[place])
            place = self.parent[place]
        return chain


def paths(
    io: IOTable | Model,
    *,
    source: Sequence[str] | str | None = None,
    target: Sequence[str] | str | None = None,
    of: str = "output",
    cutoff: float = 0.001,
    longest: int | None = None,
    most: int = 200_000,
) -> Result:
    """Return every structural path that carries at least `cutoff` of the total, the largest first.

    Parameters
    ----------
    source, target : id, or sequence of ids, optional
        Sectors the account arises in, and whose final demand calls for it; all where left out.
    of : str
        The account followed: "output", "value_added", "jobs", an account or a primary input.
    cutoff : float
        Share of the total from sources to targets a path has to carry, above 0.
    longest : int, optional
        The most steps a path may have; none by default, the cutoff ends the search.
    most : int
        More paths than this are an error that asks for a higher cutoff.

    Returns
    -------
    Result
        path ("ore → steel → cars": supplier first, the sector final demand buys from last), length (steps),
        share (of the total), cumulative_share, path_value (in the account's unit), source, target.

    Notes
    -----
    Crama, Defourny and Gazon (1984); Defourny and Thorbecke (1984); Treloar (1997). Sectors may come back in a path.

    Examples
    --------
    >>> table = IOTable.from_arrays([[0, 1, 0], [0, 0, 1], [0, 0, 0]], x=[1, 1, 1], sectors=["ore", "steel", "cars"])
    >>> paths(table, source="ore").frame[["path", "length", "share"]]
                     path  length  share
    0  ore → steel → cars       2    1.0
    """
    model = as_model(io)
    if not 0 < cutoff <= 1:
        raise NetclusterError(f"The cutoff is {cutoff:g}; it is a share of the total, above 0 and up to 1.")
    followed = amount(model.io, of)
    own = np.where(_chosen(model, source), model.coefficients(followed.values), 0.0)
    if of == "output":
        own = np.where(_chosen(model, source) & model.active, 1.0, 0.0)
    demand = np.where(_chosen(model, target), model.io.Y.sum(axis=1), 0.0)
    signed = bool((model.io.Z < 0).any() or (own < 0).any())
    total = float(model.totals(own) @ demand)
    potential = _bound(model, own) if signed else model.totals(own)
    scale = float(potential @ np.abs(demand)) if signed or (demand < 0).any() else total
    search = _Search(model, own, potential, cutoff * scale, most)
    reach = np.abs(demand) * potential
    starts = [int(j) for j in np.argsort(-reach, kind="stable") if reach[j] >= search.least and reach[j] > 0]
    search.run([(j, float(demand[j])) for j in starts], longest)
    frame = _frame(search, total)
    carried = float(frame["share"].sum())
    text = f"The {len(frame)} paths shown carry {carried:.1%} of the total; the rest runs along smaller ones."
    return Result(
        frame=frame,
        measures=("length", "share", "cumulative_share", "path_value"),
        parameters={
            "source": source,
            "target": target,
            "of": of,
            "cutoff": cutoff,
            "longest": longest,
            "total": total,
            "unit": followed.unit,
            "origin": model.io.origin,
        },
        notes=(*model.notes, Note("paths_cut", text, len(frame))),
    )


def _chosen(model: Model, sectors: Sequence[str] | str | None) -> npt.NDArray[np.bool_]:
    if sectors is None:
        return np.ones(model.n, dtype=bool)
    chosen = np.zeros(model.n, dtype=bool)
    for sector in [sectors] if isinstance(sectors, str) else sectors:
        chosen[model.io.position(sector)] = True
    return chosen


def _bound(model: Model, own: Array) -> Array:
    """Return what a subtree can carry at most where flows or accounts have both signs."""
    return Leontief(np.abs(model.A)).solve(np.abs(own), transpose=True)


def _frame(search: _Search, total: float) -> pd.DataFrame:
    ids = search.model.io.ids
    chains = [search.path(place) for place, _ in search.found]
    values = np.array([value for _, value in search.found])
    frame = pd.DataFrame(
        {
            "path": [ARROW.join(ids[sector] for sector in chain) for chain in chains],
            "length": np.array([len(chain) - 1 for chain in chains], dtype=np.int64),
            "share": values / total if total else np.full(len(values), np.nan),
            "cumulative_share": np.nan,
            "path_value": values,
            "source": [ids[chain[0]] for chain in chains],
            "target": [ids[chain[-1]] for chain in chains],
        }
    )
    order = np.lexsort((frame["path"].to_numpy(dtype=str), frame["length"], -np.abs(values)))
    frame = frame.iloc[order].reset_index(drop=True)
    frame["cumulative_share"] = frame["share"].cumsum()
    return frame
