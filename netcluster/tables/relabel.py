"""Names for the sectors of a table that has none, or only codes: a file code,name,region."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.codes import plain
from netcluster.tables.grid import open_grids
from netcluster.tables.iotable import IOTable, sector_labels
from netcluster.tables.options import ReadOptions
from netcluster.tables.side import one_each


def read_labels(path: Path) -> pd.DataFrame:
    """Return a file of labels as a frame with code, name and region, in the order of the file.

    Raises NetclusterError where it has no codes. One column of names alone counts as codes too.
    """
    grid = open_grids(Path(path), ReadOptions())[0].load()
    rows = [grid.row_labels(i, range(grid.shape[1])) for i in range(grid.shape[0])]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise NetclusterError(f"{path} holds no labels.", "It needs lines of code,name or code,name,region.")
    heads = [plain(cell) for cell in rows[0]]
    named = {name: heads.index(name) for name in ("code", "name", "region", "sector", "id") if name in heads}
    if named:
        rows = rows[1:]
    if not rows:
        raise NetclusterError(f"{path} holds no label below its header.", "It needs a line a sector: code,name.")
    code = named.get("code", named.get("sector", named.get("id", 0)))
    name = named.get("name", 1 if len(rows[0]) > 1 and not named else code)
    region = named.get("region", 2 if len(rows[0]) > 2 and not named else None)
    blank = next((row for row in rows if not row[code]), None)
    if blank is not None:
        raise NetclusterError(f"{path}: the line {','.join(blank)!r} has no code.", "Give each sector its code.")
    return pd.DataFrame(
        {
            "code": [row[code] for row in rows],
            "name": [row[name] or row[code] for row in rows],
            "region": [row[region] if region is not None else "" for row in rows],
        }
    )


def with_labels(io: IOTable, path: Path) -> IOTable:
    """Return a table whose sectors (or regions) bear the names of a file.

    Codes that are sectors' codes or ids give them names; codes that are regions give the regions' names; as many
    labels as sectors, none of them known, are taken in order.
    """
    labels = read_labels(path)
    names = dict(zip(labels["code"].map(plain), labels["name"], strict=True))
    sectors = io.sectors.copy()
    known = sum(plain(code) in names for code in sectors["sector"]) + sum(plain(key) in names for key in sectors["id"])
    if known or any(plain(region) in names for region in io.regions):
        one_each(labels, "code", "name", Path(path))
    if known:
        given = zip(sectors["id"], sectors["sector"], sectors["name"], strict=True)
        sectors["name"] = [names.get(plain(key), names.get(plain(code), name)) for key, code, name in given]
        note = Note("labels", f"Names of sectors from {Path(path).name}.", known)
    elif any(plain(region) in names for region in io.regions):
        sectors["region"] = [names.get(plain(region), region) for region in sectors["region"]]
        sectors = sector_labels(sectors.drop(columns="id"))
        demand = io.demand.copy()
        demand["region"] = [names.get(plain(region), region) for region in demand["region"]]
        demand["id"] = demand["region"] + ":" + demand["category"] if len(io.regions) > 1 else demand["category"]
        note = Note("labels", f"Names of regions from {Path(path).name}.", len(io.regions))
        return io.replace(sectors=sectors, demand=demand, changes=(*io.changes, note))
    elif len(labels) == io.n:
        sectors = named_sectors(labels)
        note = Note("labels", f"Sectors named in the order of {Path(path).name}.", io.n)
    else:
        raise NetclusterError(
            f"{path} names none of the {io.n} sectors ({', '.join(io.ids[:5])} …) and holds {len(labels)} labels.",
            "Give a line code,name for each sector, or one line a sector in the table's order.",
        )
    return io.replace(sectors=sectors, changes=(*io.changes, note))


def named_sectors(labels: pd.DataFrame) -> pd.DataFrame:
    """Return the sector labels that rows of code, name and region give; a code met twice is numbered."""
    frame = labels.rename(columns={"code": "sector"})
    double = frame.groupby(["region", "sector"]).cumcount()
    frame["sector"] = [f"{c}_{k + 1}" if k else c for c, k in zip(frame["sector"], double, strict=True)]
    return sector_labels(frame[["region", "sector", "name"]])
