"""The rows of a long file as a frame: in one pass where all cells are plainly written, else each cell judged.

Both give the same numbers; the time is not the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.tables.duck import arrow
from netcluster.tables.grid import LARGEST
from netcluster.tables.long.numbers import is_missing_sql

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.long.source import Source

#: What a text is trimmed of, as the long way does.
_BLANK = " \t\xa0"


def read_plain(source: Source, columns: Mapping[str, str], numbers: Sequence[str]) -> pd.DataFrame | None:
    """Return our columns of one file of delimited text, or None where a cell needs judging.

    Texts are categories, sorted and trimmed; of `numbers` an empty cell is NaN, and any other that is no finite number
    in plain digits (a group mark, a flag, a mark for what is missing) makes the answer None.
    """
    import pandas as pd
    import pyarrow as pa
    from pyarrow import csv

    part = source.parts[0]
    if len(source.parts) > 1 or part.types or source.dialect.decimal != ".":
        return None
    places = {name: f"c{part.column(theirs)}" for name, theirs in columns.items()}
    coded = pa.dictionary(pa.int32(), pa.string())
    kinds = {place: pa.float64() if name in numbers else coded for name, place in places.items()}
    try:
        table: Any = csv.read_csv(
            part.path,
            csv.ReadOptions(column_names=[f"c{i}" for i in range(len(part.header))], skip_rows=part.skip),
            csv.ParseOptions(delimiter=source.dialect.delimiter),
            csv.ConvertOptions(column_types=kinds, include_columns=list(kinds), null_values=[""]),
        )
    except (pa.ArrowException, OSError):
        return None
    read: dict[str, Any] = {}
    for name, place in places.items():
        read[name] = table[place].to_pandas() if name in numbers else _texts(table[place])
        if name in numbers and int((np.abs(read[name]) <= LARGEST).sum()) != len(table) - table[place].null_count:
            return None
    return pd.DataFrame(read)


def read_judged(source: Source, columns: Mapping[str, str], numbers: Sequence[str]) -> pd.DataFrame:
    """Return our columns of some files, those of `numbers` as such, their texts beside them (`…_text`).

    `missing` tells a cell of the first that is empty or a mark for nothing from one that holds words; both give NaN.
    """
    scan = source.scan(columns, numbers, raw=True)
    if numbers:
        scan = f"SELECT *, {is_missing_sql(f'{numbers[0]}_text', source.dialect)} AS missing FROM ({scan})"
    connection = source.store()
    try:
        table = arrow(connection, scan, source.name)
    finally:
        connection.close()
    frame: pd.DataFrame = table.to_pandas()
    return frame


def words_in(frame: pd.DataFrame, number: str, source: str, what: str, hint: str) -> pd.Series:
    """Return where a column of numbers holds words; where most of it does it is another column: an error."""
    words = frame[number].isna() & ~frame["missing"].astype(bool)
    if int(words.sum()) * 2 > len(frame):
        example = frame.loc[words, f"{number}_text"].iloc[0]
        raise NetclusterError(f"{source}: the column of {what} holds texts such as {example!r}.", hint)
    return words


def _texts(column: Any) -> pd.Categorical:
    """Return texts as codes of sorted, trimmed labels: half a million rows have a few thousand of them."""
    import pandas as pd

    coded = column.unify_dictionaries().combine_chunks()
    labels = pd.Series(coded.dictionary.to_pandas(), dtype=object).astype(str).str.strip(_BLANK)
    place, distinct = pd.factorize(labels, sort=True)
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(np.where(codes < 0, -1, place[codes] if len(place) else -1), distinct)
