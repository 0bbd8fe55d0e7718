"""Seeded mutations of tables: neutral ones, which may change no figure, and harmful ones, which may not crash."""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HOSTILE = (
    "\0", "\x1a", "\ufeff", "\u202e", '"', "'", "=1+1", "@SUM(A1)", "1e400", "-1e400", "NaN", "inf", "-", "..", ":",
    "1,2,3", "1.2.3", "0x10", "--5", "%", "€ 5", "١٢٣", "x" * 100_000, "../../etc/passwd", "<script>", "{{7*7}}", "\r",
)  # fmt: skip
TEXT = (".csv", ".tsv", ".txt", ".tab", ".prn")
BOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Mutated:
    """A file's new name and bytes, the mutation, and whether every total must stay."""

    name: str
    content: bytes
    mutation: str
    neutral: bool


def mutate(path: Path, rng: random.Random) -> Mutated:
    """Return a file with one mutation drawn."""
    content, ending = path.read_bytes(), path.suffix.lower()
    kinds = dict(ANY)
    if ending in TEXT:
        kinds |= TEXTUAL
    elif ending in BOOKS:
        kinds |= ZIPPED
    name = rng.choice(sorted(kinds))
    function, neutral = kinds[name]
    changed, new = function(content, path.name, rng)
    return Mutated(new, changed, name, neutral)


Function = Callable[[bytes, str, random.Random], tuple[bytes, str]]


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or content[1:2] == b"\0":
        return content.decode("utf-16" if content[1:2] != b"\0" else "utf-16-le", "replace").removeprefix("\ufeff")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _lines(change: Callable[[list[str], random.Random], list[str]]) -> Function:
    def function(content: bytes, name: str, rng: random.Random) -> tuple[bytes, str]:
        lines = _decoded(content).splitlines(keepends=True) or [""]
        return "".join(change(lines, rng)).encode("utf-8", "surrogatepass"), name

    return function


def _encoded(encoding: str) -> Function:
    return lambda content, name, _: (_decoded(content).encode(encoding), name)


def _rewritten(delimiter: str, quoting: int, end: str) -> Function:
    """Write the same cells in another dialect."""

    def function(content: bytes, name: str, _: random.Random) -> tuple[bytes, str]:
        text = _decoded(content)
        used = max(",;\t|", key=lambda sign: text[:20_000].count(sign))
        out = io.StringIO()
        csv.field_size_limit(10**9)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=used)
        csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
        return out.getvalue().encode(), name

    return function


def _in_zip(content: bytes, name: str, _: random.Random) -> tuple[bytes, str]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue(), Path(name).stem + ".zip"


def _truncated(content: bytes, name: str, rng: random.Random) -> tuple[bytes, str]:
    return content[: rng.randrange(len(content) + 1)], name


def _flipped(content: bytes, name: str, rng: random.Random) -> tuple[bytes, str]:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 5, 50))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed), name


def _misnamed(content: bytes, name: str, rng: random.Random) -> tuple[bytes, str]:
    return content, Path(name).stem + rng.choice((".csv", ".xlsx", ".parquet", ".gz", ".xls", ".txt", ".dat", ".zip"))


def _cell(lines: list[str], rng: random.Random) -> list[str]:
    place = rng.randrange(len(lines))
    cells = re.split(r"([,;\t|])", lines[place])
    cells[rng.randrange(0, len(cells), 2)] = rng.choice(HOSTILE)
    return [*lines[:place], "".join(cells), *lines[place + 1 :]]


def _column_gone(lines: list[str], rng: random.Random) -> list[str]:
    sign = max(",;\t|", key=lambda mark: "".join(lines[:50]).count(mark))
    gone = rng.randrange(max(1, lines[0].count(sign) + 1))
    return [sign.join(c for k, c in enumerate(line.rstrip("\n").split(sign)) if k != gone) + "\n" for line in lines]


def _swapped(lines: list[str], rng: random.Random) -> list[str]:
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def _line_gone(lines: list[str], rng: random.Random) -> list[str]:
    place = rng.randrange(len(lines))
    return lines[:place] + lines[place + 1 :]


def _line_twice(lines: list[str], rng: random.Random) -> list[str]:
    place = rng.randrange(len(lines))
    return [*lines[: place + 1], *lines[place:]]


def _extra_cell(lines: list[str], rng: random.Random) -> list[str]:
    place = rng.randrange(len(lines))
    return [*lines[:place], lines[place].rstrip("\n") + ",;\t9\n", *lines[place + 1 :]]


def _part(change: Callable[[bytes, random.Random], bytes], only: str = "") -> Function:
    """Change one part of a workbook, or each whose name holds `only`."""

    def function(content: bytes, name: str, rng: random.Random) -> tuple[bytes, str]:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = book.namelist()
            chosen = {part for part in names if only in part} if only else {rng.choice(names)}
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for part in names:
                    data = book.read(part)
                    archive.writestr(part, change(data, rng) if part in chosen else data)
        return out.getvalue(), name

    return function


def _part_gone(content: bytes, name: str, rng: random.Random) -> tuple[bytes, str]:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        gone = rng.choice(book.namelist())
        for part in book.namelist():
            if part != gone:
                archive.writestr(part, book.read(part))
    return out.getvalue(), name


def _huge(data: bytes, _: random.Random) -> bytes:
    return re.sub(rb'<dimension ref="[^"]*"\s*/>', b'<dimension ref="A1:XFD1048576"/>', data, count=1)


def _garbled(data: bytes, rng: random.Random) -> bytes:
    return _flipped(data, "", rng)[0]


def _number(data: bytes, rng: random.Random) -> bytes:
    found = list(re.finditer(rb"<v>[^<]*</v>", data))
    if not found:
        return data
    place = rng.choice(found)
    value = rng.choice((b"1e999", b"x", b"", b"99999999", b"-1", b"#REF!"))
    return data[: place.start()] + b"<v>" + value + b"</v>" + data[place.end() :]


def _laughs(data: bytes, _: random.Random) -> bytes:
    """Put a document type in front whose entities grow tenfold nine times."""
    bombs = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 10))
    head = f'<!DOCTYPE worksheet [<!ENTITY a0 "lol">{bombs}]>'.encode()
    text = re.sub(rb"<\?xml[^>]*\?>", lambda m: m[0] + head, data, count=1)
    return re.sub(rb"<v>[^<]*</v>", b"<v>&a9;</v>", text, count=1)


def _deep(data: bytes, _: random.Random) -> bytes:
    return data.replace(b"<sheetData>", b"<sheetData>" + b"<row>" * 200_000, 1)


#: name → (function, whether every total must stay).
ANY: dict[str, tuple[Function, bool]] = {
    "truncated": (_truncated, False),
    "bytes flipped": (_flipped, False),
    "named otherwise": (_misnamed, False),
    "empty": (lambda _, name, __: (b"", name), False),
    "in a zip": (_in_zip, True),
}
TEXTUAL: dict[str, tuple[Function, bool]] = {
    "gzipped": (lambda content, name, _: (gzip.compress(content, mtime=0), name + ".gz"), True),
    "byte order mark": (_encoded("utf-8-sig"), True),
    "UTF-16": (_encoded("utf-16"), True),
    "line ends of Windows": (_lines(lambda lines, _: [line.rstrip("\r\n") + "\r\n" for line in lines]), True),
    "semicolons": (_rewritten(";", csv.QUOTE_MINIMAL, "\n"), True),
    "tabs": (_rewritten("\t", csv.QUOTE_MINIMAL, "\n"), True),
    "all quoted": (_rewritten(",", csv.QUOTE_ALL, "\r\n"), True),
    "empty lines at the end": (_lines(lambda lines, _: [*lines, "\n", "\n"]), True),
    "a footnote": (_lines(lambda lines, _: [*lines, "\n", "Source: the statistical office\n"]), True),
    "a title": (_lines(lambda lines, _: ["Table of the statistical office\n", "\n", *lines]), True),
    "a hostile cell": (_lines(_cell), False),
    "a column gone": (_lines(_column_gone), False),
    "a line gone": (_lines(_line_gone), False),
    "a line twice": (_lines(_line_twice), False),
    "two lines swapped": (_lines(_swapped), False),
    "cells too many": (_lines(_extra_cell), False),
    "the header alone": (_lines(lambda lines, _: lines[:1]), False),
    "the header thrice": (_lines(lambda lines, _: [*lines[:1] * 3, *lines[1:]]), False),
    "no line ends": (_lines(lambda lines, _: [line.rstrip("\r\n") for line in lines]), False),
}  # fmt: skip
ZIPPED: dict[str, tuple[Function, bool]] = {
    "huge dimensions declared": (_part(_huge, "worksheets/sheet"), True),
    "a part garbled": (_part(_garbled), False),
    "a part gone": (_part_gone, False),
    "a number changed": (_part(_number, "worksheets/sheet1.xml"), False),
    "entities without end": (_part(_laughs, "worksheets/sheet1.xml"), False),
    "rows in rows": (_part(_deep, "worksheets/sheet1.xml"), False),
}
