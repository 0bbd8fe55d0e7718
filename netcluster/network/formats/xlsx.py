"""A workbook with a sheet of nodes and a sheet of links, the same bytes each time."""

from __future__ import annotations

import datetime
import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from netcluster.core.errors import NetclusterError
from netcluster.network.formats.content import Content

#: Rows a sheet can hold.
ROWS = 1_048_576
#: Characters a cell can hold.
CHARACTERS = 32_767
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MOMENT = datetime.datetime(2000, 1, 1)


def write_xlsx(content: Content, path: Path) -> None:
    """Write sheets `nodes` and `links`; every text is a text cell, whatever it begins with."""
    from openpyxl import Workbook

    most = max(content.weight.size, len(content.ids)) + 1
    if most > ROWS:
        raise NetclusterError(
            f"A workbook holds {ROWS:,} rows; this network needs {most:,}.", "Export it as CSV or Parquet."
        )
    texts = (value for one in content.attributes if one.type == "string" for value in one.values if value)
    if (longest := max(map(len, [*content.ids, *texts]), default=0)) > CHARACTERS:
        raise NetclusterError(
            f"A text of {longest:,} characters is longer than the {CHARACTERS:,} a cell holds.",
            "Export it as CSV or Parquet.",
        )
    fit = content.cleaned(_legal, "characters a workbook can't hold")
    book = Workbook(write_only=True)
    # Excel dates the workbook by these; a fixed moment keeps its bytes the same.
    book.properties.created = book.properties.modified = _MOMENT
    book.properties.creator = "netcluster"
    _sheet(book, "nodes", ["id", *(one.name for one in fit.attributes)], _nodes(fit))
    _sheet(book, "links", ["source", "target", "weight", *(["layer"] if fit.several else [])], _links(fit))
    waiting = path.with_name(path.name + ".part")
    try:
        book.save(waiting)
        _fix_dates(waiting, path)
    finally:
        waiting.unlink(missing_ok=True)


def _nodes(content: Content) -> Iterator[list[Any]]:
    for node, text in enumerate(content.ids):
        yield [text, *(one.values[node] for one in content.attributes)]


def _links(content: Content) -> Iterator[list[Any]]:
    for chunk in content.links():
        for source, target, weight, layer in chunk:
            yield [content.ids[source], content.ids[target], weight, *([layer] if layer else [])]


def _sheet(book: Any, title: str, header: list[str], rows: Iterable[list[Any]]) -> None:
    from openpyxl.cell import WriteOnlyCell

    sheet = book.create_sheet(title)
    sheet.append(header)

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return None if isinstance(value, float) and not math.isfinite(value) else value
        made = WriteOnlyCell(sheet, value)
        made.data_type = "s"
        return made

    for row in rows:
        sheet.append([cell(value) for value in row])


def _fix_dates(before: Path, after: Path) -> None:
    """Copy a zip with each part dated alike, and the workbook's own dates as set."""
    with zipfile.ZipFile(before) as source, zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
            target.writestr(entry, data)


def _legal(text: str) -> str:
    return _ILLEGAL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
