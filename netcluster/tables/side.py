"""Small files that go beside a table: mappings, pairs of a node and an amount, partitions, lists of partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.options import Dialect


#: What else the columns of such files are called.
ALSO = {
    "industry": (
        "naics",
        "naics_code",
        "naics code",
        "nace",
        "nace_code",
        "isic",
        "sic",
        "industry_code",
        "prefix",
        "code",
    ),
    "cluster": ("cluster_name", "cluster name"),
    "type": ("tradedlocal", "traded_local", "traded/local"),
}
_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")


def read_side(
    path: Path, needed: Sequence[str], optional: Sequence[str] = (), *, numbers: Sequence[str] = ()
) -> pd.DataFrame:
    r"""Return the named columns of a small CSV or TSV file or a workbook's first sheet, as text, cells stripped.

    Those of `numbers` are read as numbers, with the marks the file writes them with. Columns that publishers call
    otherwise (`NAICS` for the industry) are known by `ALSO`.

    Raises
    ------
    NetclusterError
        Where the file can't be read, is empty, a needed column is missing, or a cell of `numbers` is no number.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "map.csv"
    >>> _ = path.write_text("from;to;weight\nA01;A;0,5\n")
    >>> read_side(path, ["from", "to"], ["weight"], numbers=["weight"]).values.tolist()
    [['A01', 'A', 0.5]]
    """
    import pandas as pd

    if not path.is_file():
        raise NetclusterError(f"{path} is not there.", f"It should be a CSV file with {', '.join(needed)}.")
    try:
        dialect = _dialect(path)
        frame = _texts(path, dialect)
    except (ValueError, UnicodeError, OSError, pd.errors.ParserError) as error:
        raise NetclusterError(f"{path} can't be read: {error}.", "Save it as CSV in UTF-8.") from error
    frame.columns = [str(column).strip().lower() for column in frame.columns]
    for column in (*needed, *optional):
        other = next((name for name in ALSO.get(column, ()) if name in frame), None)
        if column not in frame and other is not None:
            frame = frame.rename(columns={other: column})
    missing = [column for column in needed if column not in frame]
    if missing:
        raise NetclusterError(
            f"{path} has no column {missing[0]}; its columns are {', '.join(frame.columns)}.",
            f"It needs {', '.join(needed)}.",
        )
    if frame.empty:
        raise NetclusterError(f"{path} holds no row below its header.")
    chosen = frame[[*needed, *(column for column in optional if column in frame)]]
    stripped: pd.DataFrame = chosen.apply(lambda column: column.str.strip())
    return stripped.assign(**{name: _numbers(stripped[name], path, dialect) for name in numbers if name in stripped})


def _texts(path: Path, dialect: Dialect | None) -> pd.DataFrame:
    import pandas as pd

    if dialect is None:
        return pd.read_excel(path, dtype=str, keep_default_na=False, engine="calamine")
    return pd.read_csv(
        path,
        sep=dialect.delimiter,
        encoding=dialect.encoding,
        dtype=str,
        keep_default_na=False,
        skipinitialspace=True,
    )


def read_pairs(path: Path, key: str, value: str, *, add: bool = False) -> dict[str, float]:
    """Return a mapping of a text column to a number column; a key that comes back is an error, or added up."""
    frame = read_side(path, [key, value], numbers=[value])
    again = frame[key].duplicated()
    if again.any() and not add:
        row = int(again.to_numpy().argmax())
        raise NetclusterError(f"{path}, line {row + 2}: {key} {frame[key].iloc[row]!r} comes twice.", "Keep one row.")
    sums = frame.groupby(key, sort=False)[value].sum()
    return dict(zip(map(str, sums.index), sums.tolist(), strict=True))


def read_partition(path: Path, key: str) -> dict[str, str]:
    """Return the cluster of each node or industry; one that stands in two clusters is an error."""
    frame = read_side(path, [key, "cluster"])
    one_each(frame, key, "cluster", path)
    return dict(zip(frame[key], frame["cluster"], strict=True))


def one_each(frame: pd.DataFrame, key: str, value: str, path: Path) -> None:
    """Raise where a file gives one key several values."""
    pairs = frame[[key, value]].drop_duplicates()
    double = pairs[key].duplicated()
    if double.any():
        name = pairs.loc[double, key].iloc[0]
        both = ", ".join(map(repr, pairs.loc[pairs[key] == name, value]))
        raise NetclusterError(f"{path}: the {key} {name!r} stands under {both}.", f"Give each {key} one {value}.")


def read_numbers(
    path: Path, numbers: Sequence[str], texts: Sequence[str] = (), *, optional: Sequence[str] = ()
) -> pd.DataFrame:
    """Return a small table with some columns as numbers, some as text; a cell that is no number is an error.

    `optional` columns are numbers too, where the file has them; region and name are kept where it has those.
    """
    wanted = [*texts, *numbers]
    more = [column for column in ("region", "name", *optional) if column not in wanted]
    amounts = [*map(str.lower, numbers), *optional]
    frame = read_side(path, [column.lower() for column in wanted], more, numbers=amounts)
    return frame.rename(columns={column.lower(): column for column in wanted})


def _dialect(path: Path) -> Dialect | None:
    from netcluster.tables.sniff import sniff

    return None if path.suffix.lower() in _WORKBOOKS else sniff(path)


def _numbers(column: pd.Series[str], path: Path, dialect: Dialect | None) -> pd.Series[float]:
    """Return the numbers of a column, whatever marks the file writes them with; a gap is no number."""
    from netcluster.tables.cells import number
    from netcluster.tables.grid import LARGEST
    from netcluster.tables.options import Dialect

    marks = Dialect() if dialect is None else dialect
    plain = replace(marks, missing=(), zero=())
    values = [number(text, plain) for text in column]
    for line, (text, value) in enumerate(zip(column, values, strict=True), start=2):
        if value is None or not abs(value) <= LARGEST:
            raise NetclusterError(
                f"{path}, line {line}: {text!r} in column {column.name} is no number.",
                "Fill the cell in, or take the row out.",
            )
    return column.map(dict(zip(column, values, strict=True))).astype(float)


def read_matrix(path: Path) -> pd.DataFrame:
    """Return a small labelled matrix, numbers with the first column and the header as labels.

    A file without row labels, as wide as it is long, takes those of its header.
    """
    import pandas as pd

    from netcluster.tables.sniff import sniff

    if not path.is_file():
        raise NetclusterError(f"{path} is not there.", "It should be a CSV file with labels in its first row.")
    dialect = sniff(path)
    try:
        cells = pd.read_csv(path, sep=dialect.delimiter, encoding=dialect.encoding, dtype=str, keep_default_na=False)
        labelled = cells.shape[1] == cells.shape[0] + 1
        body = cells.iloc[:, 1:] if labelled else cells
        body.index = pd.Index(cells.iloc[:, 0] if labelled else list(body.columns[: len(body)]), dtype=object)
    except (ValueError, UnicodeError, pd.errors.ParserError) as error:
        raise NetclusterError(f"{path} is no matrix of numbers: {error}.", "Save it as CSV, labels first.") from error
    return body.apply(_numbers, path=path, dialect=dialect)
