"""A long file whose cells are all plainly written, read in one pass: texts as codes, numbers as they stand.

Whoever calls this reads the file the long way where it gives nothing: the answer is the same, the time is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

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
        if name in numbers and int(np.isfinite(read[name]).sum()) != len(table) - table[place].null_count:
            return None
    return pd.DataFrame(read)


def _texts(column: Any) -> pd.Categorical:
    """Return texts as codes of sorted, trimmed labels: half a million rows have a few thousand of them."""
    import pandas as pd

    coded = column.unify_dictionaries().combine_chunks()
    labels = pd.Series(coded.dictionary.to_pandas(), dtype=object).astype(str).str.strip(_BLANK)
    place, distinct = pd.factorize(labels, sort=True)
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(np.where(codes < 0, -1, place[codes] if len(place) else -1), distinct)
