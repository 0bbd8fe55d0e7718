"""Tables of many regions in several files: flows or coefficients, final demand, primary inputs, extensions, labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.balance import balance_notes
from netcluster.tables.bundle import Bundle
from netcluster.tables.codes import meaning, plain
from netcluster.tables.facts import find_unit, find_year
from netcluster.tables.grid import Array, Grid, open_grids
from netcluster.tables.halves import refuse_interleaved
from netcluster.tables.iotable import Account, IOTable, demand_labels, input_labels, sector_labels
from netcluster.tables.layout import Wide, find_tables
from netcluster.tables.options import ReadOptions

#: Which part of a table a file's name says it holds; the first that fits.
_NAMES = (
    ("labels_Z", r"^labels?_t$"),
    ("labels_Y", r"^labels?_(fd|y)$"),
    ("labels_V", r"^labels?_(va|v)$"),
    ("labels_Q", r"^labels?_q$"),
    ("unit", r"^unit"),
    ("FY", r"^(fd.*emission.*|f_y|.*_qy|final_demand_extension.*)$"),
    ("Y", r"^(y|fd|.*_fd|.*[_ ]y|final.*demand.*|finald.*)$"),
    ("Z", r"^(z|t|.*_t|.*[_ ]z|.*flows?)$"),
    ("A", r"^(a|.*[_ ]a)$"),
    ("x", r"^(x|.*[_ ]x)$"),
    ("V", r"^(v|va|.*_va|factor.*|value_?added|.*[_ ]v)$"),
    ("Q", r"^(q|.*_q|f|emissions?|extensions?|satellite|.*[_ ]f|impacts?)$"),
)


@dataclass
class _File:
    """One file of the set: its part, its values, and its labels by level."""

    path: Path
    values: Array
    rows: list[tuple[str, ...]]
    columns: list[tuple[str, ...]]


def read_parts(files: list[Path], options: ReadOptions) -> Bundle | None:
    """Return the table that several files hold together (Z or A, Y, V, extensions, labels), or None."""
    if options.kind not in ("", "io", "multiregion") or len(files) < 2:
        return None
    by_part: dict[str, list[Path]] = {}
    for path in files:
        if path.suffix.lower() not in (".txt", ".csv", ".tsv", ".parquet", ".gz"):
            return None
        by_part.setdefault(part_of(path), []).append(path)
    flows = by_part.get("Z") or by_part.get("A")
    if not flows or "Y" not in by_part:
        return None
    if len(flows) > 1 or len(by_part["Y"]) > 1:
        raise NetclusterError("Several files hold the same part of the table.", "Give the files of one table only.")
    loaded = {part: [_load(path, options) for path in paths] for part, paths in by_part.items() if part}
    io = _assemble(loaded, bool(by_part.get("Z")))
    left = [path.name for path in by_part.get("", [])]
    notes = (
        [Note("files_left_out", f"No part of the table, left out: {', '.join(left[:8])}.", len(left))] if left else []
    )
    year = find_year([path.stem for path in files]) or find_year([files[0].parent.name])
    io = io.replace(year=year, source=files[0].parent.name, changes=(*notes, *io.changes))
    return Bundle(io=io.replace(changes=(*io.changes, *balance_notes(io))), name=files[0].parent.name)


def part_of(path: Path) -> str:
    """Return which part of a table a file holds, by its name: Z, A, Y, V, Q (extensions), labels, or nothing.

    >>> [part_of(Path(name)) for name in ("trade_flows_Z.txt", "Eora26_bp_FD.txt", "labels_T.txt")]
    ['Z', 'Y', 'labels_Z']
    """
    stem = plain(path.name.removesuffix(".gz").rsplit(".", 1)[0])
    for part, pattern in _NAMES:
        if re.match(pattern, stem):
            return part
    return ""


def _load(path: Path, options: ReadOptions) -> _File:
    grid = open_grids(path, options)[0].load()
    tables = find_tables(grid)
    if not tables:
        rows = [tuple(filter(None, grid.row_labels(i, range(grid.shape[1])))) for i in range(grid.shape[0])]
        return _File(path, np.zeros((0, 0)), [row for row in rows if row], [])
    table = max(tables, key=lambda t: t.values.size)
    return _File(path, _numbers(table, grid), table.rows, table.columns)


def _numbers(table: Wide, grid: Grid) -> Array:
    if grid.words.any() and table.row_at and table.column_at:
        words = grid.words[np.ix_(table.row_at, table.column_at)]
        if words.any():
            i, j = np.argwhere(words)[0]
            raise NetclusterError(
                f"{table.name}, {table.address(i, j)}: a word stands where a number was expected.", ""
            )
    return np.asarray(np.nan_to_num(table.values))


def _assemble(loaded: dict[str, list[_File]], flows: bool) -> IOTable:
    main = loaded["Z" if flows else "A"][0]
    n = len(main.values)
    if main.values.shape != (n, n):
        rows, columns = main.values.shape
        raise NetclusterError(f"{main.path} is {rows} × {columns}: flows make a square table.", "Check the file.")
    refuse_interleaved(main.values, main.path.name)
    final = loaded["Y"][0]
    if len(final.values) != n:
        raise NetclusterError(
            f"{final.path} has {len(final.values)} rows, {main.path.name} has {n}.", "Give the files of one table."
        )
    notes: list[Note] = []
    sectors = _sectors(main, loaded.get("labels_Z"))
    final_labels = _demand(final, loaded.get("labels_Y"), frozenset(sectors["region"]))
    Y = final.values
    Z, x = (main.values, main.values.sum(axis=1) + Y.sum(axis=1)) if flows else _flows(main.values, Y, notes)
    V, inputs = _inputs(loaded, n, x - Z.sum(axis=0), notes)
    accounts = _accounts(loaded, n, Y.shape[1])
    named = [row for file in (main, *loaded.get("unit", [])) for row in file.rows[:3]]
    unit = find_unit([label for row in named for label in row])
    made = IOTable(
        sectors=sector_labels(sectors),
        Z=Z,
        Y=Y,
        demand=demand_labels(final_labels),
        V=V,
        inputs=input_labels(inputs),
        x=x,
        accounts=accounts,
        unit=unit,
    )
    zero = int((x == 0).sum())
    if zero:
        notes.append(Note("zero_output", "Sectors without output stay, without measures.", zero))
    return made.replace(changes=tuple(notes))


def _flows(A: Array, Y: Array, notes: list[Note]) -> tuple[Array, Array]:
    """Return flows and output from coefficients and final demand: x solves x = A x + Y1, Z = A x̂."""
    from netcluster.core.solve import Leontief

    x = np.asarray(Leontief(A).solve(Y.sum(axis=1)))
    text = "The files give coefficients: output and flows follow from final demand."
    notes.append(Note("flows_from_coefficients", text))
    return A * x[None, :], x


def _two_levels(labels: Sequence[tuple[str, ...]], regions: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Return region and sector of labels with several levels: units, codes and constant words left aside."""
    width = max(map(len, labels), default=0)
    levels = [[label[k] if k < len(label) else "" for label in labels] for k in range(width)]
    telling = [level for level in levels if len(set(level)) > 1 and not find_unit(level[:1])]
    if not telling:
        return [("", str(i + 1)) for i in range(len(labels))]
    if len(telling) == 1 and regions and set(telling[0]) <= regions:
        last_words = [next((word for word in reversed(row) if word), "") for row in labels]
        return list(zip(telling[0], last_words, strict=True))
    if len(telling) == 1:
        return [("", label) for label in telling[0]]
    last = telling[-1]
    # Of a region's name and its code (both change together) the code, the shorter, is taken.
    fewer = [level for level in telling[:-1] if len(set(level)) < len(labels) or len(labels) < 3]
    region = min(fewer or telling[:1], key=lambda level: sum(map(len, level)))
    return list(zip(region, last, strict=True))


def _sectors(main: _File, labels: list[_File] | None) -> pd.DataFrame:
    source = labels[0].rows if labels else main.rows
    n = len(main.values)
    if labels and len(source) != n:
        raise NetclusterError(
            f"{labels[0].path} names {len(source)} sectors, {main.path.name} has {n}.", "Give the labels of this table."
        )
    pairs = _two_levels(source) if any(source) else [("", str(i + 1)) for i in range(n)]
    return _pairs(pairs, "sector")


def _demand(final: _File, labels: list[_File] | None, regions: frozenset[str]) -> pd.DataFrame:
    m = final.values.shape[1]
    source = labels[0].rows if labels else final.columns
    if len(source) != m:
        raise NetclusterError(f"{final.path.name} has {m} columns, its labels are {len(source)}.", "Check them.")
    pairs = _two_levels(source, regions) if any(source) else [("", f"final_demand_{j + 1}") for j in range(m)]
    return _pairs(pairs, "category")


def _pairs(pairs: Sequence[tuple[str, str]], code: str) -> pd.DataFrame:
    codes = [word for _, word in pairs]
    return pd.DataFrame({"region": [region for region, _ in pairs], code: codes, "name": codes})


def _inputs(loaded: dict[str, list[_File]], n: int, rest: Array, notes: list[Note]) -> tuple[Array, pd.DataFrame]:
    files = [file for file in loaded.get("V", []) if file.values.shape[1] == n]
    if not files:
        notes.append(Note("derived_value_added", "Value added is output less the column of intermediate flows."))
        derived = {"id": "value_added", "name": "Value added (derived)", "kind": "value_added"}
        return rest[None, :], pd.DataFrame([derived])
    rows: list[Array] = []
    labels: list[dict[str, str]] = []
    names = [label for file in loaded.get("labels_V", []) for label in file.rows]
    for file in files:
        for i, values in enumerate(file.values):
            own = file.rows[i] if i < len(file.rows) else ()
            words = [word for word in (names[i] if i < len(names) else own) if word and not find_unit([word])]
            name = words[-1] if words else f"input_{len(rows) + 1}"
            found = meaning("row", (name,))
            kind = found.category if found is not None and found.role == "input" else "value_added"
            rows.append(values)
            labels.append({"id": name, "name": name, "kind": kind})
    frame = pd.DataFrame(labels)
    double = frame.groupby("id").cumcount()
    frame["id"] = [f"{key}_{k + 1}" if k else key for key, k in zip(frame["id"], double, strict=True)]
    return np.vstack(rows), frame


def _accounts(loaded: dict[str, list[_File]], n: int, m: int) -> dict[str, Account]:
    final = {
        _account_name(row): values
        for file in loaded.get("FY", [])
        if file.values.shape[1] == m
        for row, values in zip(file.rows, file.values, strict=True)
    }
    accounts: dict[str, Account] = {}
    for file in loaded.get("Q", []):
        if file.values.shape[1] != n:
            continue
        for row, values in zip(file.rows, file.values, strict=True):
            name = _account_name(row)
            unit = row[-1] if len(row) > 1 else ""
            accounts[name] = Account(name, values, unit, final.get(name))
    return accounts


def _account_name(row: tuple[str, ...]) -> str:
    words = [word for word in (row[:-1] if len(row) > 1 else row) if word]
    return ", ".join(words) or "account"


def fold_parts(io: IOTable) -> IOTable:
    """Return a table with the OECD's halves of China and Mexico (CN1, CN2, MX1, MX2) added to CHN and MEX."""
    whole = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}
    there = [region for region in io.regions if region in whole]
    if not there or not any(region in io.regions for region in ("CHN", "MEX", *there)) or len(io.regions) < 3:
        return io
    keys = [(whole.get(r, r), s) for r, s in zip(io.sectors["region"], io.sectors["sector"], strict=True)]
    order = {key: k for k, key in enumerate(dict.fromkeys(keys))}
    at = np.array([order[key] for key in keys])
    fold = np.zeros((len(order), io.n))
    fold[at, np.arange(io.n)] = 1.0
    names = dict(zip(keys, io.sectors["name"], strict=True))
    frame = pd.DataFrame([{"region": r, "sector": s, "name": names[r, s]} for r, s in order])
    text = f"{', '.join(there)} are parts of a country: added to {', '.join(sorted({whole[r] for r in there}))}."
    return io.replace(
        sectors=sector_labels(frame),
        Z=fold @ io.Z @ fold.T,
        Y=fold @ io.Y,
        V=io.V @ fold.T,
        x=fold @ io.x,
        accounts={name: Account(name, fold @ a.values, a.unit, a.demand_values) for name, a in io.accounts.items()},
        changes=(*io.changes, Note("folded_regions", text, len(there))),
    )
