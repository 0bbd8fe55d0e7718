"""A result's rows as CSV, JSON, Parquet, XLSX or Markdown, the same bytes each time.

No date, host or path goes into any of them. Labels are written verbatim: CSV quotes what must be quoted
and nothing else; in XLSX they are text cells, whatever they begin with.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.files import refuse_existing, whole_file, write_text
from netcluster.core.finding import Finding
from netcluster.report.numbers import column_texts, is_number

if TYPE_CHECKING:
    import pandas as pd

#: The endings `save_frame` knows.
ENDINGS = (".csv", ".json", ".parquet", ".xlsx", ".md")

_NOTHING: Mapping[str, object] = {}


def save_frame(
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    provenance: Mapping[str, object] = _NOTHING,
    findings: Iterable[Finding] = (),
    *,
    force: bool = False,
) -> Path:
    """Write the rows to `path`, whole or not at all, in the form its ending names.

    JSON holds provenance and findings beside the rows, XLSX on sheets of their own, Parquet the provenance
    in its schema; CSV holds the rows alone.

    Raises
    ------
    NetclusterError
        Where the ending is not one of `ENDINGS`, the file is there and `force` is not given, it can't be
        written, or the rows don't fit the form (Excel's limits).
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise NetclusterError(
            f"{target}: there is no form for the ending {ending or '(none)'!r}.", f"Use one of {' '.join(ENDINGS)}"
        )
    refuse_existing(target, force=force)
    if ending == ".csv":
        write_text(target, to_csv(frame))
    elif ending == ".json":
        write_text(target, to_json(frame, provenance, findings))
    elif ending == ".md":
        write_text(target, to_markdown(frame, findings))
    elif ending == ".parquet":
        _write_parquet(frame, target, provenance)
    else:
        from netcluster.report.xlsx import write_xlsx

        write_xlsx(frame, target, provenance, findings)
    return target


def to_csv(frame: pd.DataFrame) -> str:
    r"""Return the rows as CSV: comma, a line feed after each row, every digit, nothing for no value.

    >>> import pandas as pd
    >>> to_csv(pd.DataFrame({"node": ["=a", "b, c"], "hhi": [0.1, None]}))
    'node,hhi\n=a,0.1\n"b, c",\n'
    """
    columns = [_csv_cells(frame.iloc[:, place]) for place in range(frame.shape[1])]
    header = ",".join(_csv_text(str(name)) for name in frame.columns)
    if len(columns) == 1:
        # A row that is one empty cell would read as no row at all.
        rows = [cell or '""' for cell in columns[0]]
    else:
        rows = list(map(",".join, zip(*columns, strict=True)))
    return "\n".join([header, *rows, ""])


def to_json(frame: pd.DataFrame, provenance: Mapping[str, object] = _NOTHING, findings: Iterable[Finding] = ()) -> str:
    r"""Return `{"provenance": …, "records": […], "findings": […]}`, one record a line, null for no value.

    Infinity has no form in JSON and is null too.

    >>> import pandas as pd
    >>> print(to_json(pd.DataFrame({"node": ["a"], "hhi": [None]})))
    {"provenance": {},
    "records": [
    {"node": "a", "hhi": null}
    ],
    "findings": []}
    """
    names = [str(name) for name in frame.columns]
    columns = [_plain(frame.iloc[:, place]) for place in range(len(names))]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    head = f'{{"provenance": {_dumps(_finite(dict(provenance)))}'
    found = [_finite(finding.to_dict()) for finding in findings]
    return f'{head},\n"records": {_lines(rows)},\n"findings": {_lines(found)}}}\n'


def to_markdown(frame: pd.DataFrame, findings: Iterable[Finding] = ()) -> str:
    r"""Return a Markdown table with digits as people read them, then the findings as a list.

    >>> import pandas as pd
    >>> print(to_markdown(pd.DataFrame({"node": ["a|b"], "hhi": [0.25]})))
    | node | hhi |
    | :--- | ---: |
    | a\|b | 0.250 |
    """
    names = [_markdown_text(str(name)) for name in frame.columns]
    rule = ["---:" if is_number(frame.iloc[:, place]) else ":---" for place in range(len(names))]
    columns = [[_markdown_text(cell) for cell in column_texts(frame.iloc[:, place])] for place in range(len(names))]
    rows = zip(*columns, strict=True)
    lines = ["| " + " | ".join(cells) + " |" for cells in [names, rule, *rows]]
    found = [f"- **{finding.severity}** {_markdown_text(finding.sentence)}" for finding in findings]
    return "\n".join([*lines, *(["", *found] if found else []), ""])


def _csv_cells(column: pd.Series) -> list[str]:
    return ["" if value is None else _csv_text(str(value)) for value in _plain(column, infinite=True)]


def _csv_text(text: str) -> str:
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _markdown_text(text: str) -> str:
    for mark, instead in (("\\", "\\\\"), ("|", "\\|"), ("&", "&amp;"), ("<", "&lt;")):
        text = text.replace(mark, instead)
    return " ".join(text.split())


def _plain(column: pd.Series, *, infinite: bool = False) -> list[object]:
    """Return a column as Python values, None where there is none (and where infinite, unless asked for)."""
    missing = column.isna().tolist()
    return [
        None if gone or (not infinite and isinstance(value, float) and math.isinf(value)) else _python(value)
        for value, gone in zip(column.tolist(), missing, strict=True)
    ]


def _python(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def _finite(value: object) -> object:
    """Return nested plain values with None for what JSON has no form for."""
    if isinstance(value, Mapping):
        return {str(key): _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    if value is None:
        return None
    plain = _python(value)
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _lines(records: list[object] | list[dict[str, object]]) -> str:
    return "[\n" + ",\n".join(map(_dumps, records)) + "\n]" if records else "[]"


def _write_parquet(frame: pd.DataFrame, path: Path, provenance: Mapping[str, object]) -> None:
    """Write Parquet with the provenance in the schema, and none of pandas' own metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    about = {"netcluster": _dumps(_finite(dict(provenance)))} if provenance else None
    with whole_file(path) as temporary:
        pq.write_table(table.replace_schema_metadata(about), temporary, compression="zstd")
