"""The figures drawn from tables: the map of key sectors, bars beside their thresholds, and the map of places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.measures import all_measures
from netcluster.report.condense import node_sizes
from netcluster.report.names import clusters_of, colour, short
from netcluster.report.numbers import column_texts
from netcluster.report.scene import Scene

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.report.view import View

#: Bars in one figure.
MOST_BARS = 15
#: Places drawn on one map.
MOST_PLACES = 5_000
#: Sectors drawn on one map.
MOST_SECTORS = 2_000
#: Subjects with at least this share of output come first where enough of them are there.
LARGE = 0.01

QUADRANTS = {
    "key": ("#d06a13", "Key: pulls on suppliers and carries to users"),
    "backward": ("#2f74d0", "Backward: pulls on suppliers"),
    "forward": ("#0b9467", "Forward: carries to users"),
    "weak": ("#7d8590", "Weak: neither above the average"),
}
_TABLES = {
    "dependence": "sectors",
    "region_dependence": "regions",
    "cluster_dependence": "clusters",
}
#: The sides that are drawn, where there are several the first two of them.
_SIDES = {
    "inputs": "What they buy: how concentrated on single {on}",
    "sales": "What they sell: how concentrated on single {on}",
    "output": "What they make: how concentrated on single industries",
    "jobs": "Jobs: how concentrated on single industries",
    "value_added": "Value added: how concentrated on single industries",
    "exports": "Exports: how concentrated on single industries",
}
_ON = {"industry": "industries", "partner": "partners", "country": "countries"}


def key_sector_scene(view: View) -> Scene | None:
    """Return the map of backward and forward linkages, or None where they were not computed."""
    frame = view.frame("sectors", "sector", "output", "backward_linkage", "forward_linkage", "key_sector")
    if frame is None:
        return None
    marks = frame[frame["backward_linkage"].notna() & frame["forward_linkage"].notna()].copy()
    if marks.empty:
        return None
    marks["label"] = _sector_labels(marks)
    key = marks[marks["key_sector"] == "key"].sort_values("output", ascending=False, kind="stable")
    count = len(marks)
    only = f"The {MOST_SECTORS:,} largest of {count:,} sectors. " if count > MOST_SECTORS else ""
    marks = marks.sort_values("output", ascending=False, kind="stable").head(MOST_SECTORS).sort_index()
    largest = marks["output"].max()
    root = np.sqrt(np.clip(marks["output"] / largest, 0, None)) if largest > 0 else 0.0
    marks["diameter"] = np.round(7 + 30 * root, 1)
    marks["colour"] = [QUADRANTS.get(key, QUADRANTS["weak"])[0] for key in marks["key_sector"]]
    marks["output_text"] = column_texts(marks["output"])
    named = "; ".join(key["label"].head(5)) or "none"
    return Scene(
        key="key-sectors",
        kind="quadrants",
        title="Key sectors",
        caption=f"{only}To the right, a sector pulls on its suppliers more than the average (1); upwards, its supply"
        " carries further to its users. Size is output.",
        alternative=f"{count:,} sectors by backward and forward linkage. Key sectors: {len(key):,}"
        f" ({named}{', …' if len(key) > 5 else ''}).",
        marks=marks.reset_index(drop=True),
        table=_plain_rows(key, ["label", "output", "backward_linkage", "forward_linkage"]),
        extras={"legend": QUADRANTS},
    )


def dependence_scenes(view: View) -> Iterator[Scene]:
    """Yield a figure of bars for each table of dependence and each of its sides, thresholds with them."""
    for name, subjects in _TABLES.items():
        frame = view.frame(name, "node", "side", "hhi")
        if frame is None:
            continue
        on = _ON.get(str(view.tables[name].parameters.get("on", "industry")), "industries")
        there = frame.loc[frame["hhi"].notna(), "side"].unique()
        order = _SIDES if name == "dependence" else ("jobs", "output", "value_added", "exports", "inputs", "sales")
        for side in [side for side in order if side in there][:2]:
            rows, title = frame[(frame["side"] == side) & frame["hhi"].notna()], _SIDES[side]
            if len(rows):
                yield _dependence(rows, f"{name.replace('_', '-')}-{side}", title.format(on=on), subjects)


def _dependence(rows: pd.DataFrame, key: str, title: str, subjects: str) -> Scene:
    chosen, said = _most(rows, subjects, "jobs" if key.endswith("-jobs") else "output")
    marks = chosen.copy()
    marks["label"] = [short(str(text), 60) for text in marks.get("label", marks["node"])]
    limit = all_measures()["hhi"].threshold
    columns = ["label", "hhi", "total_hhi", "largest_share", "largest_partner"]
    first = marks.iloc[0]
    chain = "total_hhi" in marks and bool(marks["total_hhi"].notna().any())
    dots = " Bars are direct, diamonds over the whole chain." if chain else ""
    return Scene(
        key=key,
        kind="bars",
        title=title,
        caption=f"{said}{dots} The line is the threshold of {limit:g}." if limit else f"{said}{dots}",
        alternative=f"The most concentrated: {first['label']}, HHI {first['hhi']:.2f}"
        + (f"; {int((rows['hhi'] >= limit).sum()):,} of {len(rows):,} {subjects} reach {limit:g}." if limit else "."),
        marks=marks,
        table=_plain_rows(marks, columns),
        extras={"value": "hhi", "dot": "total_hhi" if chain else "", "limit": limit, "axis": "HHI (0 to 1)"},
    )


def _most(rows: pd.DataFrame, subjects: str, of: str) -> tuple[pd.DataFrame, str]:
    """Return the most concentrated rows, of the large ones where there are enough, and say which they are."""
    ranked = rows.sort_values("hhi", ascending=False, kind="stable")
    if "output_share" in rows:
        large = ranked[ranked["output_share"] >= LARGE]
        if len(large) >= 8:
            shown = large.head(MOST_BARS)
            return shown, f"The {len(shown)} most concentrated of the {subjects} with at least 1 % of {of}."
    shown = ranked.head(MOST_BARS)
    return shown, f"The {len(shown)} most concentrated of {len(rows):,} {subjects}."


def centrality_scene(view: View) -> Scene | None:
    """Return the bars of the most central nodes, or None where centrality was not computed."""
    measure = "pagerank_upstream" if view.frame("centrality", "node", "pagerank_upstream") is not None else "pagerank"
    frame = view.frame("centrality", "node", measure)
    if frame is None or not frame[measure].notna().any():
        return None
    marks = frame.sort_values(measure, ascending=False, kind="stable").head(MOST_BARS).copy()
    marks["label"] = [short(str(text), 60) for text in marks.get("label", marks["node"])]
    known = all_measures().get(measure)
    return Scene(
        key="centrality",
        kind="bars",
        title="Whom the network leans on" if measure == "pagerank_upstream" else "Who stands in the middle",
        caption=f"The {len(marks)} most central of {len(frame):,} nodes."
        + (f" {known.name}: {known.meaning}" if known else ""),
        alternative=f"The most central: {'; '.join(marks['label'].head(3))}.",
        marks=marks,
        table=_plain_rows(
            marks, ["label", "pagerank", "pagerank_upstream", "betweenness", "strength_in", "strength_out"]
        ),
        extras={"value": measure, "dot": "", "limit": None, "axis": known.name if known else measure},
    )


def place_scene(view: View) -> Scene | None:
    """Return the map of nodes that have coordinates, or None where none has."""
    flows = view.sites or view.flows
    if flows is None or not np.isfinite(flows.places).all(axis=1).any():
        return None
    import pandas as pd

    sizes, clusters = node_sizes(flows), clusters_of(view, flows.above or flows.ids)
    there = np.flatnonzero(np.isfinite(flows.places).all(axis=1))
    chosen = np.sort(there[np.lexsort((there, -sizes[there]))][:MOST_PLACES])
    largest = sizes.max() or 1.0
    marks = pd.DataFrame(
        {
            "label": [short(flows.labels[k], 60) for k in chosen],
            "region": [short(flows.regions[k], 40) for k in chosen],
            "cluster": clusters[chosen],
            "lon": flows.places[chosen, 0],
            "lat": flows.places[chosen, 1],
            "diameter": np.round(4 + 24 * np.sqrt(sizes[chosen] / largest), 1),
            "size": sizes[chosen],
            "output": column_texts(pd.Series(sizes[chosen])),
            "colour": [colour(int(number)) for number in clusters[chosen]],
        }
    )
    only = f"The {len(chosen):,} largest of {len(there):,} nodes with coordinates. " if len(there) > len(chosen) else ""
    largest_first = marks.sort_values("size", ascending=False, kind="stable")
    return Scene(
        key="places",
        kind="places",
        title="Where they are",
        caption=f"{only}The larger, the more output or jobs; colour is the cluster. Longitude across, latitude up.",
        alternative=f"{len(marks):,} nodes on a map; the largest are {'; '.join(largest_first['label'].head(3))}.",
        marks=marks,
        table=_plain_rows(largest_first.head(20), ["label", "region", "size", "lon", "lat"]),
    )


def _sector_labels(frame: pd.DataFrame) -> list[str]:
    several = "region" in frame and frame["region"].nunique() > 1
    names = frame["name"] if "name" in frame else frame["sector"]
    rows: Iterator[Any] = zip(names, frame["sector"], frame.get("region", frame["sector"]), strict=True)
    return [
        short(f"{region} {name or sector}" if several else str(name or sector), 60) for name, sector, region in rows
    ]


def _plain_rows(frame: pd.DataFrame, columns: list[str], most: int = 20) -> pd.DataFrame:
    return frame[[column for column in columns if column in frame]].head(most).reset_index(drop=True)
