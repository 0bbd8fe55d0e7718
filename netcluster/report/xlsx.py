"""Rows as an Excel workbook whose bytes depend on nothing but the rows.

Excel's format keeps dates in three places: the document's properties, and each entry of the zip file.
All are set to one day, so that the same rows give the same file.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.files import whole_file
from netcluster.core.finding import Finding

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_048_575
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
#: The earliest day a zip entry can bear.
DAY = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write_xlsx(frame: pd.DataFrame, path: Path, provenance: Mapping[str, object], findings: Iterable[Finding]) -> None:
    """Write sheets data, findings (where there are any) and provenance (where it is given).

    Text is written as text, even where it begins with `=`; a character Excel can't hold becomes `�`.
    """
    _check_size(frame, path)
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    _add_sheet(book, "data", [str(name) for name in frame.columns], _rows(frame))
    found = [finding.to_dict() for finding in findings]
    if found:
        names = [name for name in found[0] if name != "evidence"]
        _add_sheet(book, "findings", names, ([record[name] for name in names] for record in found))
    if provenance:
        _add_sheet(book, "provenance", ["key", "value"], _flat(provenance))
    with tempfile.TemporaryDirectory(prefix="netcluster-") as folder, whole_file(path) as temporary:
        dated = Path(folder) / "dated.xlsx"
        book.save(dated)
        _undate(dated, temporary)


def _check_size(frame: pd.DataFrame, path: Path) -> None:
    rows, columns = frame.shape
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise NetclusterError(
            f"{path}: {rows:,} rows and {columns:,} columns are more than an Excel sheet holds.",
            "Write .csv or .parquet, or cut the rows with --top.",
        )
    # openpyxl leaves a half-written sheet open where a cell fails, so the cells are looked at first.
    for place in range(columns):
        longest = max((value for value in frame.iloc[:, place] if isinstance(value, str)), key=len, default="")
        if len(longest) > MOST_CHARACTERS:
            raise NetclusterError(
                f"{path}: a text of {len(longest):,} characters is longer than an Excel cell holds: {longest[:40]}…",
                "Write .csv or .parquet.",
            )


def _rows(frame: pd.DataFrame) -> Iterable[list[object]]:
    columns = [
        [None if gone else value for value, gone in zip(column.tolist(), column.isna().tolist(), strict=True)]
        for column in (frame.iloc[:, place] for place in range(frame.shape[1]))
    ]
    return map(list, zip(*columns, strict=True))


def _add_sheet(book: Any, title: str, names: list[str], rows: Iterable[list[object]]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"

    def cell(value: object, *, bold: bool = False) -> object:
        if not isinstance(value, str):
            return _number(value)
        made = WriteOnlyCell(sheet, value=_CONTROL.sub("\ufffd", value[:MOST_CHARACTERS]))
        made.data_type = "s"
        made.quotePrefix = value[:1] in "=+-@"
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(name, bold=True) for name in names])
    for row in rows:
        sheet.append([cell(value) for value in row])


def _number(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _flat(record: Mapping[str, object], prefix: str = "") -> Iterable[list[object]]:
    for key, value in record.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, (list, tuple)):
            yield from _flat({str(place): entry for place, entry in enumerate(value, start=1)}, f"{prefix}{key}.")
        else:
            yield [f"{prefix}{key}", value]


def _undate(source: Path, target: Path) -> None:
    """Copy a workbook with every date in it set to `DAY`."""
    with zipfile.ZipFile(source) as dated, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as plain:
        for name in sorted(dated.namelist()):
            entry = zipfile.ZipInfo(name, date_time=DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            content = dated.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            plain.writestr(entry, content)
