"""Whether neighbouring regions are alike: Moran's I and Geary's c of every industry, and where its hot spots are.

The indices are computed by esda (PySAL), the extra `netcluster[spatial]`; here stands of what, and how sure they are.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.seeds import numpy_generator
from netcluster.places.grid import Array, Definition, grid
from netcluster.places.neighbours import Neighbours
from netcluster.places.quotient import location_quotient, ratio
from netcluster.tables.employment import EmploymentTable

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.places.grid import Grid

Value = Literal["location_quotient", "share_of_region", "employment"]
MEASURES = ("employment", "morans_i", "morans_i_expected", "morans_i_z", "morans_i_p", "gearys_c", "gearys_c_p")
LOCAL_MEASURES = ("observed", "neighbours_value", "local_moran", "local_moran_p")
#: Quadrants of the Moran scatter plot in esda's order: a region beside its neighbours.
_QUADRANTS = {1: "high among high", 2: "low among high", 3: "low among low", 4: "high among low"}
#: The fewest regions for which a spread over regions says anything (ours).
_FEWEST = 4


def autocorrelation(
    table: EmploymentTable,
    neighbours: Neighbours,
    definition: Definition | Mapping[str, str] | None = None,
    *,
    of: Value = "location_quotient",
) -> Result:
    """Return global Moran's I and Geary's c of each industry over regions, the most clustered first.

    Parameters
    ----------
    table : EmploymentTable
        Jobs by region and industry.
    neighbours : Neighbours
        Who is whose neighbour; weights of a region are scaled to add up to 1.
    definition : Definition or mapping of industry to cluster, optional
        Sum industries into clusters first.
    of : {"location_quotient", "share_of_region", "employment"}
        What is compared. Jobs themselves mostly tell where large regions lie.

    Returns
    -------
    Result
        `morans_i` above its expectation and `gearys_c` below 1: neighbours are alike. Both p are two-sided, under
        random assignment of the values to regions (Cliff and Ord 1981). Industries with the same value everywhere
        are empty.

    Raises
    ------
    NetclusterError
        Where esda is not installed, or fewer than four regions have neighbours.
    """
    import pandas as pd

    esda, weights, values, G, notes = _prepared(table, neighbours, definition, of)
    rows = []
    for k, name in enumerate(G.industries):
        if G.jobs[k].sum() <= 0:
            continue
        y = values[k]
        known = y.max() - y.min() > 1e-12
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            moran: Any = esda.Moran(y, weights, permutations=0) if known else None
            geary: Any = esda.Geary(y, weights, permutations=0) if known else None
        record = (moran.I, moran.EI, moran.z_rand, moran.p_rand) if known else (np.nan,) * 4
        other = (geary.C, min(1.0, 2 * float(geary.p_rand))) if known else (np.nan,) * 2
        rows.append((name, float(G.jobs[k].sum()), *record, *other))
    frame = pd.DataFrame(rows, columns=["industry", *MEASURES])
    frame = frame.sort_values(["morans_i_z", "industry"], ascending=[False, True], ignore_index=True)
    parameters = {"of": of, "clusters": definition is not None, **neighbours.parameters}
    return Result(frame, MEASURES, parameters, tuple(notes))


def local_autocorrelation(
    table: EmploymentTable,
    neighbours: Neighbours,
    industry: str,
    definition: Definition | Mapping[str, str] | None = None,
    *,
    of: Value = "location_quotient",
    permutations: int = 999,
    seed: int = 0,
) -> Result:
    """Return the local Moran statistic of each region for one industry: hot spots, cold spots and islands of either.

    `quadrant` sets the region beside its neighbours (high among high is a hot spot); `local_moran_p` is two-sided,
    from permutations of the other regions' values (Anselin 1995). Regions are many tests at once: at .05 one in twenty
    stands out by chance.

    Raises NetclusterError where esda is not installed, or the industry is not there.
    """
    import pandas as pd

    esda, weights, values, G, notes = _prepared(table, neighbours, definition, of)
    if industry not in G.industries:
        some = ", ".join(G.industries[:8])
        raise NetclusterError(f"There is no industry {industry!r} in the table.", f"It has {some} …")
    y = values[G.industries.index(industry)]
    if y.max() - y.min() <= 1e-12:
        raise NetclusterError(
            f"{industry} is the same in all regions.", "There is no spread to look for neighbours in."
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: Any = esda.Moran_Local(y, weights, permutations=0)
    frame = pd.DataFrame(
        {
            "region": np.array(G.regions, dtype=object),
            "observed": y,
            "neighbours_value": np.asarray(weights.sparse @ y),
            "local_moran": found.Is,
            "local_moran_p": _by_permutation(y, weights, np.asarray(found.Is), permutations, seed),
            "quadrant": [_QUADRANTS[int(q)] for q in found.q],
        }
    )
    frame = frame.sort_values(["local_moran_p", "region"], ignore_index=True, kind="stable")
    parameters = {
        "of": of, "industry": industry, "permutations": permutations, "seed": seed, **neighbours.parameters,
    }  # fmt: skip
    return Result(frame, LOCAL_MEASURES, parameters, tuple(notes))


def _by_permutation(y: Array, weights: Any, observed: Array, permutations: int, seed: int) -> Array:
    """Return two-sided p of local statistics: each region's neighbours are drawn among all the others.

    esda has this too, but compiles for a quarter of a minute in every process before it starts.
    """
    z = y - y.mean()
    scale = z / (z @ z / len(z))
    p = np.empty(len(z))
    for i, region in enumerate(weights.id_order):
        near = np.array(weights.weights[region])
        others = np.delete(z, i)
        rng = numpy_generator(seed, "local_moran", region)
        order = rng.random((permutations, len(others))).argpartition(len(near) - 1, axis=1)[:, : len(near)]
        # The nearest few of a partition come in an order of their own: weights are dealt out by chance as well.
        drawn = scale[i] * (others[rng.permuted(order, axis=1)] @ near)
        extreme = min(int((drawn >= observed[i]).sum()), int((drawn <= observed[i]).sum()))
        p[i] = min(1.0, 2 * (extreme + 1) / (permutations + 1))
    return p


def _prepared(
    table: EmploymentTable, neighbours: Neighbours, definition: Definition | Mapping[str, str] | None, of: Value
) -> tuple[Any, Any, Array, Grid, list[Note]]:
    """Return esda, its weights, and each industry's values over the regions that have neighbours."""
    esda, weights_of = _esda()
    G = grid(table, definition)
    values = _values(G, of)
    links = _links(G.regions, neighbours)
    near = set(links["region"])
    kept = [region for region in G.regions if region in near]
    if len(kept) < _FEWEST:
        raise NetclusterError(
            f"{len(kept)} of {len(G.regions)} regions have neighbours among the regions of the table.",
            "Names of regions must be those of the table; four regions at least are needed.",
        )
    notes = [*table.changes, *G.notes, *neighbours.notes]
    alone = [region for region in G.regions if region not in near]
    if alone:
        text = f"{len(alone)} regions have no neighbours and are left out: {', '.join(alone[:5])}"
        notes.append(Note("islands", f"{text}{' …' if len(alone) > 5 else ''}.", len(alone)))
    place = [G.regions.index(region) for region in kept]
    small = replace(G, regions=kept, jobs=G.jobs[:, place], totals=G.totals[place])
    return esda, weights_of(links, kept), values[:, place], small, notes


def _links(regions: list[str], neighbours: Neighbours) -> pd.DataFrame:
    """Return the links between regions of the table, of those that have neighbours and are some themselves."""
    links = neighbours.frame[neighbours.frame["weight"] > 0]
    known = set(regions)
    while True:
        inside = links[links["region"].isin(known) & links["neighbour"].isin(known)]
        if set(inside["region"]) >= set(inside["neighbour"]):
            return inside
        # A region that is only ever a neighbour has no row of weights: it counts as one without neighbours.
        known &= set(inside["region"])


def _values(G: Grid, of: Value) -> Array:
    if of == "location_quotient":
        return np.nan_to_num(location_quotient(G.jobs, G.whole), nan=0.0)
    if of == "share_of_region":
        return np.nan_to_num(ratio(G.jobs, G.totals), nan=0.0)
    if of == "employment":
        return G.jobs
    raise NetclusterError(f"There is no value {of!r} to compare.", "location_quotient, share_of_region or employment.")


def _esda() -> tuple[Any, Any]:
    """Return esda and a maker of its weights, rows adding up to 1; say what to install where it is not there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import esda
            from libpysal import weights as made_by
    except ImportError:
        raise NetclusterError(
            "Spatial autocorrelation is computed by esda, which is not installed.",
            'Install it: pip install "netcluster[spatial]"',
        ) from None

    build: Any = made_by.W

    def weights(links: pd.DataFrame, order: list[str]) -> Any:
        groups = {str(key): part for key, part in links.groupby("region", sort=False)}
        near = {region: groups[region]["neighbour"].tolist() for region in order}
        sizes = {region: groups[region]["weight"].tolist() for region in order}
        made = build(near, sizes, id_order=order, silence_warnings=True)
        made.transform = "r"
        return made

    return esda, weights
