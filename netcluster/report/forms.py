"""Rows as JSON and Markdown text, the same characters each time.

No date, host or path goes into any of them. Labels are verbatim; CSV stands in `core.csv_text`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from netcluster.core.finding import Finding
from netcluster.report.numbers import column_texts, is_number
from netcluster.study.jsonable import jsonable

if TYPE_CHECKING:
    import pandas as pd

NOTHING: Mapping[str, object] = {}


def to_json(
    frame: pd.DataFrame,
    provenance: Mapping[str, object] = NOTHING,
    findings: Iterable[Finding] = (),
    extra: Mapping[str, object] = NOTHING,
) -> str:
    r"""Return `{"provenance": …, "records": […], "findings": […]}`, one record a line, null for no value.

    `extra` adds objects of its own names after the findings. Infinity has no form in JSON and is null too.

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
    head = f'{{"provenance": {dumps(provenance)}'
    found = [finding.to_dict() for finding in findings]
    more = "".join(f",\n{dumps(name)}: {dumps(value)}" for name, value in extra.items())
    return f'{head},\n"records": {_lines(rows)},\n"findings": {_lines(found)}{more}}}\n'


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


def _markdown_text(text: str) -> str:
    for mark, instead in (("\\", "\\\\"), ("|", "\\|"), ("&", "&amp;"), ("<", "&lt;")):
        text = text.replace(mark, instead)
    return " ".join(text.split())


def _plain(column: pd.Series) -> list[object]:
    """Return a column as Python values, None where there is none or it is not finite."""
    missing = column.isna().tolist()
    return [None if gone else jsonable(value) for value, gone in zip(column.tolist(), missing, strict=True)]


def dumps(value: object) -> str:
    """Return a nested value as one line of JSON, null for what JSON has no form for."""
    return json.dumps(jsonable(value), ensure_ascii=False, allow_nan=False)


def _lines(records: list[object] | list[dict[str, object]]) -> str:
    return "[\n" + ",\n".join(map(dumps, records)) + "\n]" if records else "[]"
