"""Small files that go beside a table: mappings, pairs of a node and an amount, partitions, lists of partners."""

from __future__ import annotations

from collections.abc import Sequence
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


def read_side(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> pd.DataFrame:
    r"""Return the named columns of a small CSV or TSV file or a workbook's first sheet, all as text, cells stripped.

    Columns that publishers call otherwise (`NAICS` for the industry) are known by `ALSO`.

    Raises
    ------
    NetclusterError
        Where the file can't be read, is empty, or a needed column is missing.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "map.csv"
    >>> _ = path.write_text("from,to\nA01,A\n")
    >>> read_side(path, ["from", "to"]).values.tolist()
    [['A01', 'A']]
    """
    import pandas as pd

    if not path.is_file():
        raise NetclusterError(f"{path} is not there.", f"It should be a CSV file with {', '.join(needed)}.")
    try:
        frame = _texts(path)
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
    return stripped


def _texts(path: Path) -> pd.DataFrame:
    import pandas as pd

    dialect = _dialect(path)
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


def read_pairs(path: Path, key: str, value: str) -> dict[str, float]:
    """Return a mapping of a text column to a number column; a key that comes back is added up."""
    frame = read_side(path, [key, value])
    found: dict[str, float] = {}
    texts = _with_points(frame[value], _dialect(path))
    for row, (name, text) in enumerate(zip(frame[key], texts, strict=True), start=2):
        try:
            number = float(text)
        except ValueError as error:
            raise NetclusterError(f"{path}, line {row}: {text!r} is no number.", f"{value} takes numbers.") from error
        found[name] = found.get(name, 0.0) + number
    return found


def read_numbers(
    path: Path, numbers: Sequence[str], texts: Sequence[str] = (), *, optional: Sequence[str] = ()
) -> pd.DataFrame:
    """Return a small table with some columns as numbers, some as text; a cell that is no number is an error.

    `optional` columns are numbers too, where the file has them; region and name are kept where it has those.
    """
    import pandas as pd

    wanted = [*texts, *numbers]
    more = [column for column in ("region", "name", *optional) if column not in wanted]
    frame = read_side(path, [column.lower() for column in wanted], more)
    frame = frame.rename(columns={column.lower(): column for column in wanted})
    dialect = _dialect(path)
    for column in (*numbers, *(column for column in optional if column in frame)):
        values = pd.to_numeric(_with_points(frame[column], dialect).replace("", "nan"), errors="coerce")
        bad = values.isna()
        if bad.any():
            row = int(bad.to_numpy().argmax())
            raise NetclusterError(
                f"{path}, line {row + 2}: {frame[column].iloc[row]!r} in column {column} is no number.",
                "Fill the cell in, or take the row out.",
            )
        frame[column] = values
    return frame


def _dialect(path: Path) -> Dialect | None:
    from netcluster.tables.sniff import sniff

    return None if path.suffix.lower() in _WORKBOOKS else sniff(path)


def _with_points(column: pd.Series[str], dialect: Dialect | None) -> pd.Series[str]:
    """Return the cells of a column with a decimal point, whatever marks the file writes its numbers with."""
    if dialect is None:
        return column
    if dialect.thousands:
        column = column.str.replace(dialect.thousands, "", regex=False)
    return column.str.replace(dialect.decimal, ".", regex=False)


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
        numbers = body.apply(_with_points, dialect=dialect).astype(float)
    except (ValueError, UnicodeError, pd.errors.ParserError) as error:
        raise NetclusterError(f"{path} is no matrix of numbers: {error}.", "Save it as CSV, labels first.") from error
    return numbers
