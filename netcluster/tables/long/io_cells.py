"""The rows of a long input–output table as cells of a wide one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.tables.cells import looks_numeric, number
from netcluster.tables.codes import head_of, origin_of, plain
from netcluster.tables.layout import Wide
from netcluster.tables.long.io_layout import LongLayout

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from netcluster.tables.grid import Array
    from netcluster.tables.options import Dialect

#: Files above this many bytes go through pandas' C parser.
SMALL = 4 * 1024 * 1024
_BUYING = ("to", "dest", "counterpart", "use", "col", "partner", "importer", "buyer", "user")


def frame_of(path: Path, dialect: Dialect, sheet: str = "") -> pd.DataFrame:
    """Return the rows of a long file as texts, one column a column; rows of another width are an error."""
    import pandas as pd

    from netcluster.tables.archive import read_bytes
    from netcluster.tables.grid import kind_of
    from netcluster.tables.sniff import split

    kind = kind_of(path)
    if kind == "parquet":
        cells = pd.read_parquet(path).astype(object)
        return cells.where(cells.notna(), "").astype(str)
    if kind == "workbook":
        from netcluster.tables.long.sheet import rows_of

        rows = [row for row in rows_of(path, sheet)[dialect.skip :] if any(row)]
        return _checked(rows[0], rows[1:], dialect, path.name)
    data = read_bytes(path)
    if len(data) > SMALL and dialect.delimiter.strip(" ") and not dialect.footer:
        return _fast(data, dialect, path.name)
    text = data.decode(dialect.encoding, errors="replace").lstrip("\ufeff")
    # Empty lines among those skipped are counted there.
    rows = split([line for line in text.splitlines()[dialect.skip :] if line.strip()], dialect.delimiter)
    top = max(1, dialect.header_rows)
    return _checked(rows[top - 1], rows[top:], dialect, path.name)


def _checked(header: Sequence[str], body: list[list[str]], dialect: Dialect, name: str) -> pd.DataFrame:
    import pandas as pd

    width = len(header)
    short = next((i for i, row in enumerate(body) if len(row) != width), None)
    if short is not None and short < len(body) - max(dialect.footer, 1):
        raise _ragged(name, short + dialect.skip + dialect.header_rows + 1, len(body[short]), width)
    kept = [row for row in body if len(row) == width]
    return pd.DataFrame(kept, columns=[cell.strip() for cell in header], dtype=str)


def _ragged(name: str, line: int, found: int, width: int) -> NetclusterError:
    return NetclusterError(
        f"{name}, line {line}: {found} cells where {width} were expected.",
        "Mend the line, or name the separator with --delimiter.",
    )


def _fast(data: bytes, dialect: Dialect, name: str) -> pd.DataFrame:
    import io

    import pandas as pd

    top = dialect.skip + dialect.header_rows
    try:
        frame: pd.DataFrame = pd.read_csv(
            io.BytesIO(data),
            sep=dialect.delimiter,
            skiprows=top - 1,
            dtype=str,
            encoding=dialect.encoding,
            keep_default_na=False,
            skipinitialspace=True,
            index_col=False,
        )
    except (pd.errors.ParserError, UnicodeDecodeError, ValueError) as error:
        raise NetclusterError(
            f"{name} can't be read: {str(error).strip().splitlines()[0]}.", "Mend the line, or give --delimiter."
        ) from None
    # Blank cells are texts here: only a line that ends early leaves a gap.
    short = frame.iloc[:, -1].isna().to_numpy()
    if short.any():
        at = int(np.argmax(short))
        raise _ragged(name, at + top + 1, int(frame.iloc[at].notna().sum()), frame.shape[1])
    return frame.rename(columns=lambda label: str(label).strip())


def refuse_other_columns(frame: pd.DataFrame, layout: LongLayout, name: str) -> None:
    """Raise where the columns that the head of a file showed are not those of the whole: a damaged line, mostly."""
    absent = [column for column in (layout.row, layout.column, layout.value) if column not in frame]
    if absent:
        raise NetclusterError(
            f"{name}: the column {absent[0]!r} at the head of the file is not there in all of it.",
            "Look for damaged bytes in the header, or lines of another width.",
        )


def column_for(head: str, frame: pd.DataFrame, layout: LongLayout) -> str | None:
    """Return the column whose name says it holds years, units, regions or origins."""
    return next((name for name in layout.others if head_of(name) == head and name in frame), None)


def origin_column(frame: pd.DataFrame, layout: LongLayout) -> str | None:
    """Return the column that tells domestic goods from imports."""
    named = column_for("origin", frame, layout)
    if named is not None:
        return named
    for name in layout.others:
        if name in frame:
            found = {origin_of(text) for text in frame[name].unique()}
            if len(found) > 1 and "" not in found:
                return name
    return None


def region_pair(frame: pd.DataFrame, layout: LongLayout) -> tuple[str, str] | None:
    """Return the columns of the seller's and the buyer's region, where the cells are told apart only by both."""
    keys = [layout.row, layout.column]
    origin = origin_column(frame, layout)
    keys += [origin] if origin else []
    if not frame.duplicated(keys).any():
        return None
    names = [name for name in layout.others if name != origin and 1 < frame[name].nunique() < len(frame) / 4]
    for k, one in enumerate(names):
        for other in names[k + 1 :]:
            mine, theirs = set(frame[one].unique()), set(frame[other].unique())
            if len(mine & theirs) * 2 < min(len(mine), len(theirs)) or len(mine & theirs) < 2:
                continue
            if not frame.duplicated([*keys, one, other]).any():
                turned = _buys(one) and not _buys(other)
                return (other, one) if turned else (one, other)
    return None


def _buys(name: str) -> bool:
    """Whether a column of regions is the buyer's by its name: counterpartArea, c_dest."""
    words = plain(name).replace("_", " ")
    return words.removeprefix("c ").startswith(_BUYING)


def pivot(
    frame: pd.DataFrame, layout: LongLayout, dialect: Dialect, name: str, regions: tuple[str, str] | None = None
) -> Wide:
    """Return a long table's rows as a wide one, rows and columns in the order they first appear.

    `regions` are the columns of the seller's and the buyer's region, where one table has several.
    """
    origin = origin_column(frame, layout)
    sides = (regions[0], regions[1]) if regions else ()
    row_keys = [layout.row, *([origin] if origin else []), *sides[:1]]
    i, rows = _codes(frame, row_keys)
    j, columns = _codes(frame, [layout.column, *sides[1:]])
    _refuse_twice(frame, layout, i * len(columns) + j, name)
    values = np.full((len(rows), len(columns)), np.nan)
    values[i, j] = numbers(frame[layout.value], layout.value, dialect, name)
    row_names, column_names = _names(frame, layout.row, layout), _names(frame, layout.column, layout)
    heads = ["code", "name", *(["origin"] if origin else []), *(["region"] if regions else [])]
    return Wide(
        name=name,
        values=values,
        rows=[(key[0], row_names.get(key[0], ""), *key[1:]) for key in rows],
        columns=[(key[0], column_names.get(key[0], ""), *key[1:]) for key in columns],
        heads=tuple(heads),
    )


def _codes(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[npt.NDArray[np.intp], list[tuple[str, ...]]]:
    """Return for each row the place of its labels among all, and these in the order they first appear."""
    import pandas as pd

    place = np.zeros(len(frame), dtype=np.intp)
    labels = []
    for name in columns:
        codes, distinct = pd.factorize(frame[name])
        place = place * len(distinct) + codes
        labels.append((codes, list(distinct)))
    _, first, back = np.unique(place, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    keys = [tuple(str(distinct[codes[at]]) for codes, distinct in labels) for at in first[order]]
    return rank[back.reshape(-1)], keys


def numbers(texts: pd.Series, column: str, dialect: Dialect, name: str) -> Array:
    """Return the numbers of a column of texts, NaN where a value is missing; a word is an error."""
    import pandas as pd

    if dialect.decimal == "." and not dialect.thousands:
        values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64, copy=True)
        rest = np.flatnonzero(~np.isfinite(values))
    else:
        values = np.full(len(texts), np.nan)
        rest = np.arange(len(texts))
    cells = texts.to_numpy(dtype=object)
    for at in rest.tolist():
        value = number(cells[at], dialect)
        if value is None or value in (np.inf, -np.inf):
            raise NetclusterError(
                f"{name}, column {column}: {cells[at]!r} stands where a number was expected.", "Mend the cell."
            )
        values[at] = value
    return values


def _refuse_twice(frame: pd.DataFrame, layout: LongLayout, cells: npt.NDArray[np.intp], name: str) -> None:
    _, first, counts = np.unique(cells, return_index=True, return_counts=True)
    if (counts > 1).any():
        at = int(first[np.argmax(counts > 1)])
        row, column = frame[layout.row].iloc[at], frame[layout.column].iloc[at]
        several = [name for name in layout.others if frame[name].nunique() > 1 and not _names_side(frame, name, layout)]
        hint = f"Keep one value of {', '.join(several)}." if several else "Keep one row for each cell."
        raise NetclusterError(f"{name}: the cell {row!r}, {column!r} stands {int(counts.max())} times.", hint)


def _names_side(frame: pd.DataFrame, name: str, layout: LongLayout) -> bool:
    return any(frame.groupby(side)[name].nunique().max() == 1 for side in (layout.row, layout.column))


def _names(frame: pd.DataFrame, side: str, layout: LongLayout) -> dict[str, str]:
    """Return the longest label that goes with each code of one side."""
    best: dict[str, str] = {}
    length = 0.0
    for name in layout.others:
        pairs = frame[[side, name]].drop_duplicates()
        if len(pairs) != pairs[side].nunique() or pairs[name].nunique() < 0.5 * len(pairs):
            continue
        if pairs[name].map(looks_numeric).mean() > 0.5:
            continue
        mean = float(pairs[name].str.len().mean())
        if mean > length:
            length = mean
            best = dict(zip(pairs[side], pairs[name], strict=True))
    return best
