"""Which industries sit in the same places: co-agglomeration of groups and of all pairs at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.indices import correlation_of_rows
from netcluster.core.result import Note, Result
from netcluster.places.grid import Array, Definition, grid
from netcluster.tables.employment import EmploymentTable

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.places.grid import Grid

MEASURES = ("coagglomeration", "location_correlation", "location_correlation_establishments")


def pairwise_coagglomeration(amounts: npt.ArrayLike, reference: npt.ArrayLike | None = None) -> Array:
    """Return COI_ij = Σ_r (s_ir − x_r)(s_jr − x_r) / (1 − Σx²) of all pairs (Ellison, Glaeser and Kerr 2010).

    Parameters
    ----------
    amounts : (n, m)
        Jobs of n industries in m regions; a row of zeros gives NaN.
    reference : (m,), optional
        What x is the share of; all jobs where left out.

    Returns
    -------
    (n, n) array
        Above 0 for industries found in the same places; on the diagonal an industry's G over 1 − Σx².

    Examples
    --------
    Two industries, each all in one of two equal regions: (1/2)(−1/2)·2 / (1 − 1/2).

    >>> pairwise_coagglomeration([[5, 0], [0, 5]])
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    E = np.asarray(amounts, dtype=np.float64)
    if E.ndim != 2 or not (np.isfinite(E) & (E >= 0)).all():
        raise NetclusterError("Co-agglomeration needs a matrix of numbers, 0 or more.", "Fill missing cells with 0.")
    whole = E.sum(axis=0) if reference is None else np.asarray(reference, dtype=np.float64)
    x = whole / whole.sum()
    room = 1 - float((x**2).sum())
    if not room > 1e-12:
        raise NetclusterError("All jobs are in one region: nothing can be co-agglomerated.", "Give several regions.")
    sums = E.sum(axis=1, keepdims=True)
    away = np.divide(E, sums, out=np.full_like(E, np.nan), where=sums > 0) - x
    return np.asarray(away @ away.T / room)


def group_coagglomeration(amounts: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Return Ellison and Glaeser's γᶜ (1997): how far a group's industries share places beyond their own clustering.

    γᶜ = (G − Σ w_j² G_j) / ((1 − Σx²)(1 − Σw²)), w_j the industries' shares of the group. Their formula has plant
    Herfindahls, which cancel: γ_j (1 − H_j) + H_j = G_j / (1 − Σx²). Of two industries it is their COI.

    Parameters
    ----------
    amounts : (n, m)
        Jobs of the group's n industries in m regions.
    reference : (m,)
        All jobs by region.

    Examples
    --------
    >>> round(group_coagglomeration([[5, 0], [0, 5]], [1, 1]), 6)
    -1.0
    """
    E, whole = np.asarray(amounts, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if E.ndim != 2 or E.shape[0] < 2 or (E.sum(axis=1) <= 0).any() or E.shape[1:] != whole.shape:
        raise NetclusterError("A group needs two industries or more, each with jobs in the reference's regions.")
    x, w = whole / whole.sum(), E.sum(axis=1) / E.sum()
    s = E / E.sum(axis=1, keepdims=True)
    G = float(((w @ s - x) ** 2).sum())
    own = float((w**2 * ((s - x) ** 2).sum(axis=1)).sum())
    return float((G - own) / ((1 - (x**2).sum()) * (1 - (w**2).sum())))


def location_correlation(amounts: npt.ArrayLike) -> Array:
    """Return the correlation over regions of all pairs of rows, (n, n): LC-Emp of jobs, LC-Est of establishments.

    0 for a row that is the same everywhere (Delgado, Porter and Stern 2016).

    >>> location_correlation([[1, 2, 3], [3, 2, 1], [5, 5, 5]]).round(6).tolist()
    [[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    """
    return correlation_of_rows(amounts)


def occupation_correlation(occupations: pd.DataFrame, industries: Sequence[str]) -> Array:
    """Return the correlation of all pairs of industries' shares of occupations, (n, n): Occ.

    Parameters
    ----------
    occupations : frame
        industry, occupation, value (jobs or shares); several rows of a pair are added up.
    industries : n strings
        The rows wanted; 0 for an industry the frame does not name (Delgado, Porter and Stern 2016).

    Raises NetclusterError where the frame names none of the industries, or a value is below 0.

    >>> import pandas as pd
    >>> rows = [("a", "smith", 3), ("a", "clerk", 1), ("b", "smith", 6), ("b", "clerk", 2), ("c", "clerk", 5)]
    >>> occupation_correlation(pd.DataFrame(rows, columns=["industry", "occupation", "value"]), ["a", "b", "c"])
    array([[ 1.,  1., -1.],
           [ 1.,  1., -1.],
           [-1., -1.,  1.]])
    """
    if not (occupations["value"] >= 0).all():
        raise NetclusterError("A number of jobs of an occupation is below 0, or none.", "Mend the occupations.")
    wide = occupations.pivot_table(index="industry", columns="occupation", values="value", aggfunc="sum", fill_value=0)
    if not wide.index.astype(str).isin(list(industries)).any():
        raise NetclusterError(
            f"The occupations name none of the industries ({', '.join(industries[:4])} …).",
            f"Theirs are {', '.join(map(str, wide.index[:4]))} …",
        )
    wide.index = wide.index.astype(str)
    rows = wide.reindex(list(industries), fill_value=0).to_numpy(dtype=np.float64)
    total = rows.sum(axis=1, keepdims=True)
    return correlation_of_rows(np.divide(rows, total, out=np.zeros_like(rows), where=total > 0))


def similarities(
    table: EmploymentTable,
    definition: Definition | Mapping[str, str] | None = None,
    *,
    occupations: pd.DataFrame | None = None,
) -> tuple[list[str], dict[str, Array]]:
    """Return the industries and their similarities: LC-Emp, LC-Est (where it is known), COI, and Occ of occupations.

    They go as they are to `netcluster.clusters.families(matrices, industries)`.
    """
    return _similarities(_present(grid(table, definition)), occupations)


def _present(G: Grid) -> Grid:
    from dataclasses import replace

    some = G.jobs.sum(axis=1) > 0
    if some.all():
        return G
    names = [name for name, kept in zip(G.industries, some, strict=True) if kept]
    plants = None if G.establishments is None else G.establishments[some]
    return replace(G, industries=names, jobs=G.jobs[some], whole=G.whole[some], establishments=plants)


def _similarities(G: Grid, occupations: pd.DataFrame | None) -> tuple[list[str], dict[str, Array]]:
    found = {"LC-Emp": location_correlation(G.jobs)}
    if G.establishments is not None:
        found["LC-Est"] = location_correlation(G.establishments)
    found["COI"] = pairwise_coagglomeration(G.jobs, G.totals)
    if occupations is not None:
        found["Occ"] = occupation_correlation(occupations, G.industries)
    return G.industries, found


def coagglomeration(
    table: EmploymentTable,
    definition: Definition | Mapping[str, str] | None = None,
    *,
    occupations: pd.DataFrame | None = None,
) -> Result:
    """Return how far each pair of industries (or clusters) is found in the same places, closest pairs first.

    With `occupations` (industry, occupation, value) also how alike their occupations are: labour they could share.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"region": list("NS"), "industry": list("ab"), "employment": [5, 5]})
    >>> coagglomeration(EmploymentTable(frame.assign(establishments=1))).frame.values.tolist()
    [['a', 'b', -1.0, -1.0, -1.0]]
    """
    import pandas as pd

    G = _present(grid(table, definition))
    names, found = _similarities(G, occupations)
    first, second = np.triu_indices(len(names), 1)
    labels = np.array(names, dtype=object)
    empty = np.full((len(names), len(names)), np.nan)
    frame = pd.DataFrame(
        {
            "industry": labels[first],
            "other": labels[second],
            "coagglomeration": found["COI"][first, second],
            "location_correlation": found["LC-Emp"][first, second],
            "location_correlation_establishments": found.get("LC-Est", empty)[first, second],
        }
    )
    if "Occ" in found:
        frame["occupation_correlation"] = found["Occ"][first, second]
    order = ["coagglomeration", "industry", "other"]
    frame = frame.sort_values(order, ascending=[False, True, True], ignore_index=True, kind="stable")
    notes = [*table.changes, *G.notes]
    if "LC-Est" not in found:
        notes.append(Note("no_establishments", "Establishments are not given: no correlation of them."))
    measures = (*MEASURES, "occupation_correlation") if "Occ" in found else MEASURES
    return Result(frame, measures, {"clusters": definition is not None}, tuple(notes))
