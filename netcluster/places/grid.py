"""Jobs as a matrix of industries by regions, grouped into clusters where a definition says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.employment import EmploymentTable

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Definition:
    """Which industries make which cluster; `types` tells each cluster's type (traded, local), "" where it is not told.

    Quotients are then taken among the clusters of one type, as the US Cluster Mapping does.
    """

    clusters: Mapping[str, str]
    types: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Grid:
    """Jobs and establishments as (industries, regions) matrices, in the order of the sorted codes.

    `whole` holds the jobs of each industry's comparison set by region, (industries, regions): all jobs of the region,
    or those of its type; `whole_establishments` likewise. `totals` holds all jobs of each region. `establishments` are
    None where they are not known throughout.
    """

    industries: list[str]
    regions: list[str]
    jobs: Array
    whole: Array
    totals: Array
    establishments: Array | None = None
    whole_establishments: Array | None = None
    notes: tuple[Note, ...] = ()


def read_definition(path: Path) -> Definition:
    """Return a cluster definition from a file industry,cluster with, optionally, type (traded, local).

    Raises NetclusterError where an industry stands in two clusters, or a cluster has two types.
    """
    from netcluster.tables.side import one_each, read_side

    frame = read_side(path, ("industry", "cluster"), ("type",))
    one_each(frame, "industry", "cluster", path)
    if "type" in frame:
        one_each(frame, "cluster", "type", path)
    types = dict(zip(frame["cluster"], frame["type"], strict=True)) if "type" in frame else {}
    return Definition(dict(zip(frame["industry"], frame["cluster"], strict=True)), types)


def mapped(table: EmploymentTable, path: Path) -> EmploymentTable:
    """Return a table in another classification, by a file from,to with, optionally, weight.

    The weights of a code add up to 1; without them a code that goes to several is split evenly, which a note says.
    Industries the file does not name are left out, and counted.
    """
    from dataclasses import replace

    frame, notes = moved(table.frame, "industry", ("employment", "establishments"), path)
    summed = frame.groupby(["region", "industry"], sort=True, as_index=False)[["employment", "establishments"]].sum(
        min_count=1
    )
    return replace(table, frame=summed, changes=(*table.changes, *notes))


def moved(frame: pd.DataFrame, column: str, values: Sequence[str], path: Path) -> tuple[pd.DataFrame, list[Note]]:
    """Return rows with the codes of a column replaced by those of a file from,to[,weight], and their values shared out.

    A row whose code goes to several becomes as many rows; the first of `values` tells what part is not in the file.
    """
    links, notes = _links(path)
    joined = frame.merge(links, left_on=column, right_on="from", how="left")
    lost = joined["to"].isna()
    if lost.all():
        raise NetclusterError(f"{path} names none of the table's codes.", f"Its column `from` holds those of {column}.")
    if lost.any():
        part = joined.loc[lost, values[0]].sum() / frame[values[0]].sum()
        codes = int(joined.loc[lost, column].nunique())
        text = f"{codes} codes of {column} ({part:.1%} of {values[0]}) are not in {path.name}."
        notes.append(Note("not_mapped", text, codes))
    kept = joined[~lost]
    shared = {value: kept[value] * kept["weight"] for value in values}
    return kept.assign(**{column: kept["to"]}, **shared)[[*frame.columns]], notes


def _links(path: Path) -> tuple[pd.DataFrame, list[Note]]:
    """Return the rows of a file from,to with weights that add up to 1 a code, split evenly where it has none."""
    from netcluster.tables.side import read_side

    links = read_side(path, ("from", "to"), ("weight",), numbers=("weight",)).drop_duplicates()
    if "weight" in links:
        sums = links.groupby("from")["weight"].sum()
        wrong = sums[(sums - 1).abs() > 1e-6]
        if len(wrong) or (links["weight"] < 0).any():
            code = wrong.index[0] if len(wrong) else links.loc[links["weight"] < 0, "from"].iloc[0]
            raise NetclusterError(f"{path}: the weights of {code!r} do not add up to 1.", "Give shares of the code.")
        return links, []
    links["weight"] = 1 / links.groupby("from")["to"].transform("size")
    split = int((links.groupby("from").size() > 1).sum())
    text = f"{split} codes that go to several were split evenly."
    return links, [Note("split_evenly", text, split)] if split else []


def grid(table: EmploymentTable, definition: Definition | Mapping[str, str] | None = None) -> Grid:
    """Return the jobs of a table as a matrix, summed by cluster where a definition is given.

    Jobs of industries that the definition does not name stay in the regions' totals (where it tells no types).

    Raises NetclusterError on negative or missing jobs, or where the definition names none of the industries.
    """
    frame = table.frame
    jobs = frame["employment"].to_numpy(dtype=np.float64)
    if not (np.isfinite(jobs) & (jobs >= 0)).all() or not jobs.sum() > 0:
        raise NetclusterError(
            f"{table.source or 'The table'} holds jobs that are missing or negative, or none at all.",
            "Every row needs a number of jobs, 0 or more, and some of them more.",
        )
    chosen = Definition(definition, {}) if isinstance(definition, Mapping) else definition
    row, industries = _codes(frame["industry"])
    column, regions = _codes(frame["region"])
    plants = frame["establishments"].to_numpy(dtype=np.float64)
    known = bool((np.isfinite(plants) & ((plants > 0) | (jobs == 0))).all())
    matrix = _sum(row, column, jobs, len(industries), len(regions))
    counts = _sum(row, column, plants, len(industries), len(regions)) if known else None
    fine = Grid(industries, regions, matrix, _all(matrix), matrix.sum(axis=0), counts, _all(counts))
    return fine if chosen is None else _grouped(fine, chosen)


@overload
def _all(matrix: Array) -> Array: ...
@overload
def _all(matrix: None) -> None: ...
def _all(matrix: Array | None) -> Array | None:
    return None if matrix is None else np.broadcast_to(matrix.sum(axis=0), matrix.shape)


def aligned(tables: Sequence[EmploymentTable], definition: Definition | Mapping[str, str] | None = None) -> list[Grid]:
    """Return the grids of several tables with the same industries and regions; what is missing in one has no jobs."""
    grids = [grid(table, definition) for table in tables]
    industries = sorted({name for G in grids for name in G.industries})
    regions = sorted({name for G in grids for name in G.regions})
    row, column = ({name: k for k, name in enumerate(names)} for names in (industries, regions))
    return [_spread(G, industries, regions, row, column) for G in grids]


def _spread(G: Grid, industries: list[str], regions: list[str], row: dict[str, int], column: dict[str, int]) -> Grid:
    rows, columns = [row[name] for name in G.industries], [column[name] for name in G.regions]

    def wide(matrix: Array) -> Array:
        out = np.zeros((len(industries), len(regions)))
        out[np.ix_(rows, columns)] = matrix
        return out

    totals = np.zeros(len(regions))
    totals[columns] = G.totals
    # An industry that is absent this year is compared with all jobs, as it has no type of its own here.
    whole = np.tile(totals, (len(industries), 1))
    whole[np.ix_(rows, columns)] = G.whole
    counts = None if G.establishments is None else wide(G.establishments)
    return Grid(industries, regions, wide(G.jobs), whole, totals, counts, notes=G.notes)


def _codes(labels: pd.Series[str]) -> tuple[npt.NDArray[np.int64], list[str]]:
    import pandas as pd

    codes, names = pd.factorize(labels.astype(str), sort=True)
    return np.asarray(codes, dtype=np.int64), [str(name) for name in names]


def _sum(row: npt.NDArray[np.int64], column: npt.NDArray[np.int64], values: Array, n: int, m: int) -> Array:
    return np.asarray(np.bincount(row * m + column, weights=values, minlength=n * m), dtype=np.float64).reshape(n, m)


def _grouped(fine: Grid, definition: Definition) -> Grid:
    named = [definition.clusters.get(industry, "") for industry in fine.industries]
    clusters = sorted({name for name in named if name})
    if not clusters:
        raise NetclusterError(
            f"The definition names none of the table's industries ({', '.join(fine.industries[:4])} …).",
            f"Its own are {', '.join(list(definition.clusters)[:4])} …: another --level, or a --map, may join them.",
        )
    place = {name: k for k, name in enumerate(clusters)}
    member = np.array([[place.get(name, -1)] for name in named]) == np.arange(len(clusters))[None, :]
    types = np.array([definition.types.get(name, "") for name in clusters])
    jobs, whole = _summed(fine.jobs, member, types)
    counts, whole_counts = (None, None) if fine.establishments is None else _summed(fine.establishments, member, types)
    lost = np.array([not name for name in named])
    notes: tuple[Note, ...] = ()
    if lost.any():
        part = fine.jobs[lost].sum() / fine.jobs.sum()
        text = f"{int(lost.sum())} industries ({part:.1%} of jobs) stand in no cluster of the definition."
        notes = (Note("not_defined", text, int(lost.sum())),)
    return Grid(clusters, fine.regions, jobs, whole, fine.totals, counts, whole_counts, notes)


def _summed(matrix: Array, member: npt.NDArray[np.bool_], types: npt.NDArray[np.str_]) -> tuple[Array, Array]:
    """Return a matrix summed by cluster, and what each cluster is compared with."""
    sums = member.T.astype(np.float64) @ matrix
    total = matrix.sum(axis=0)
    return sums, np.array([sums[types == kind].sum(axis=0) if kind else total for kind in types])
