"""Links as a table (CSV, TSV, Parquet) and the network as node-link JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from netcluster.core.result import Note
from netcluster.network.formats.content import Content

#: A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(content: Content, path: Path, *, for_excel: bool = False) -> None:
    """Write source, target, weight (and layer), comma or tab by the ending; texts verbatim.

    With `for_excel` the file begins with the mark by which Excel knows UTF-8, and a text that would be taken for
    a formula gets an apostrophe before it.
    """
    _note_isolated(content)
    names = [_guarded(text) for text in content.ids] if for_excel else content.ids
    if guarded := sum(a != b for a, b in zip(names, content.ids, strict=True)):
        content.notes.append(Note("guarded", f"{guarded:,} ids got an apostrophe so as not to be formulas.", guarded))
    mark = "\t" if path.suffix.lower() == ".tsv" else ","
    names = [_field(text, mark) for text in names]
    with path.open("w", encoding="utf-8-sig" if for_excel else "utf-8", newline="") as out:
        out.write(mark.join(["source", "target", "weight", *(["layer"] if content.several else [])]) + "\n")
        for chunk in content.links():
            out.writelines(
                f"{names[s]}{mark}{names[t]}{mark}{w!r}{mark + layer if layer else ''}\n" for s, t, w, layer in chunk
            )


def write_parquet(content: Content, path: Path) -> None:
    """Write source, target (text), weight (double) and, of several, layer, in Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from netcluster.network.parquet import GROUP

    _note_isolated(content)
    columns = {
        "source": _named(content.source, content.ids),
        "target": _named(content.target, content.ids),
        "weight": pa.array(content.weight),
    }
    if content.several:
        columns["layer"] = _named(content.layer.astype(np.int32), list(content.layers))
    pq.write_table(pa.table(columns), path, row_group_size=GROUP, store_schema=False)


def write_json(content: Content, path: Path) -> None:
    """Write node-link JSON as networkx and D3 read it, a node or link a line; a missing value is null."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        graph = {"name": content.name} if content.name else {}
        out.write(f'{{"directed": {_json(content.directed)}, "multigraph": {_json(content.several)}, ')
        out.write(f'"graph": {_json(graph)},\n"nodes": [')
        for node, text in enumerate(content.ids):
            record = {"id": text} | {one.name: one.values[node] for one in content.attributes}
            out.write(("\n" if node == 0 else ",\n") + _json(record))
        out.write('],\n"edges": [')
        names = [_json(text) for text in content.ids]
        first = True
        for chunk in content.links():
            lines = ",\n".join(
                f'{{"source": {names[s]}, "target": {names[t]}, "weight": {w!r}'
                + (f', "layer": {_json(layer)}}}' if layer else "}")
                for s, t, w, layer in chunk
            )
            out.write(("\n" if first else ",\n") + lines)
            first = False
        out.write("]}\n")


def _note_isolated(content: Content) -> None:
    linked = np.zeros(len(content.ids), dtype=np.bool_)
    linked[content.source] = True
    linked[content.target] = True
    if lonely := int((~linked).sum()):
        content.notes.append(
            Note("isolated_nodes", f"{lonely:,} nodes have no link and stand in no row of a list of links.", lonely)
        )


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _field(text: str, mark: str) -> str:
    # Python's csv writer leaves a lone carriage return bare, which its reader then takes for a line end.
    return '"' + text.replace('"', '""') + '"' if set(text) & {mark, '"', "\r", "\n"} else text


def _named(codes: Any, names: list[str]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names, pa.string()))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
