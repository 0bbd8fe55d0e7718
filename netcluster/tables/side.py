"""Small files that go beside a table: mappings, pairs of a node and an amount, partitions, lists of partners."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError

if TYPE_CHECKING:
    import pandas as pd


def read_side(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> pd.DataFrame:
    r"""Return the named columns of a small CSV or TSV file, all as text, with spaces around cells removed.

    Raises
    ------
    NetclusterError
        Where the file can't be read, is empty, or a needed column is missing.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "map.csv"
    >>> _ = path.write_text("from,to\\nA01,A\\n")
    >>> read_side(path, ["from", "to"]).values.tolist()
    [['A01', 'A']]
    """
    import pandas as pd

    from netcluster.tables.sniff import sniff

    if not path.is_file():
        raise NetclusterError(f"{path} is not there.", f"It should be a CSV file with {', '.join(needed)}.")
    dialect = sniff(path)
    try:
        frame = pd.read_csv(
            path,
            sep=dialect.delimiter,
            encoding=dialect.encoding,
            dtype=str,
            keep_default_na=False,
            skipinitialspace=True,
        )
    except (ValueError, UnicodeError, pd.errors.ParserError) as error:
        raise NetclusterError(f"{path} can't be read: {error}.", "Save it as CSV in UTF-8.") from error
    frame.columns = [str(column).strip().lower() for column in frame.columns]
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


def read_pairs(path: Path, key: str, value: str) -> dict[str, float]:
    """Return a mapping of a text column to a number column; a key that comes back is added up."""
    frame = read_side(path, [key, value])
    found: dict[str, float] = {}
    for row, (name, text) in enumerate(zip(frame[key], frame[value], strict=True), start=2):
        try:
            number = float(text)
        except ValueError as error:
            raise NetclusterError(
                f"{path}, line {row}: {text!r} is no number.", f"{value} takes numbers with a decimal point."
            ) from error
        found[name] = found.get(name, 0.0) + number
    return found
