"""Tables of several regions without trade between them, put side by side as blocks of one table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from netcluster.core.result import Note
from netcluster.tables.iotable import Account, Array, IOTable, demand_labels, input_labels, sector_labels


def stack_regions(tables: Sequence[tuple[str, IOTable]]) -> IOTable:
    """Return one table with each region's as a block on the diagonal; no flows cross between regions.

    Primary inputs of the same id share a row; final demand stays with its region.

    >>> a = IOTable.from_arrays([[1, 2], [3, 4]], x=[10, 10], sectors=["f", "g"])
    >>> both = stack_regions([("N", a), ("S", a)])
    >>> both.ids, both.Z[0].tolist()
    (('N:f', 'N:g', 'S:f', 'S:g'), [1.0, 2.0, 0.0, 0.0])
    """
    inputs = _inputs([io for _, io in tables])
    sizes = [io.n for _, io in tables]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    n = int(starts[-1])
    demands = [len(io.demand) for _, io in tables]
    firsts = np.concatenate([[0], np.cumsum(demands)])
    Z, Y, V = np.zeros((n, n)), np.zeros((n, int(firsts[-1]))), np.zeros((len(inputs), n))
    for k, (_, io) in enumerate(tables):
        rows = slice(starts[k], starts[k + 1])
        Z[rows, rows] = io.Z
        Y[rows, firsts[k] : firsts[k + 1]] = io.Y
        at = [inputs.index(key) for key in io.inputs["id"]]
        V[at, rows] = io.V
    first = tables[0][1]
    kinds = {row.id: (row.name_, row.kind) for _, io in tables for row in _rows(io.inputs)}
    return IOTable(
        sectors=sector_labels(_labelled([(region, io.sectors) for region, io in tables], "sector")),
        Z=Z,
        Y=Y,
        demand=demand_labels(_labelled([(region, io.demand) for region, io in tables], "category")),
        V=V,
        inputs=input_labels(
            pd.DataFrame({"id": inputs, "name": [kinds[i][0] for i in inputs], "kind": [kinds[i][1] for i in inputs]})
        ),
        x=np.concatenate([io.x for _, io in tables]),
        origin=first.origin,
        accounts=_accounts(tables),
        unit=first.unit,
        year=first.year,
        source=first.source,
        changes=_notes(tables),
    )


def _rows(frame: pd.DataFrame):  # type: ignore[no-untyped-def]
    return frame.rename(columns={"name": "name_"}).itertuples(index=False)


def _inputs(tables: Sequence[IOTable]) -> list[str]:
    return list(dict.fromkeys(key for io in tables for key in io.inputs["id"]))


def _labelled(frames: Sequence[tuple[str, pd.DataFrame]], code: str) -> pd.DataFrame:
    parts = [frame[[code, "name"]].assign(region=region) for region, frame in frames]
    return pd.concat(parts, ignore_index=True)


def _accounts(tables: Sequence[tuple[str, IOTable]]) -> dict[str, Account]:
    names = dict.fromkeys(name for _, io in tables for name in io.accounts)
    made = {}
    for name in names:
        values: list[Array] = []
        unit = ""
        for _, io in tables:
            account = io.accounts.get(name)
            values.append(account.values if account is not None else np.zeros(io.n))
            unit = unit or (account.unit if account is not None else "")
        made[name] = Account(name, np.concatenate(values), unit)
    return made


def _notes(tables: Sequence[tuple[str, IOTable]]) -> tuple[Note, ...]:
    """Return the regions' notes, those alike counted together, and one that says how regions stand."""
    text = f"{len(tables)} regions, each a block of its own: the file gives no flows between them."
    merged: dict[str, tuple[Note, int, int]] = {}
    for _, io in tables:
        for note in io.changes:
            held, regions, count = merged.get(note.code, (note, 0, 0))
            merged[note.code] = (held, regions + 1, count + note.count)
    notes = [Note("separate_regions", text, len(tables))]
    for code, (note, regions, count) in merged.items():
        shown = note.text if regions == 1 else f"In {regions} regions, as in {tables[0][0]}: {note.text}"
        notes.append(Note(code, shown, count))
    return tuple(notes)
