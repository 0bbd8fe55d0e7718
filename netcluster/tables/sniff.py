"""How a text file is written: encoding, separator, decimal and thousands marks, titles, headers, footnotes."""

from __future__ import annotations

import bisect
import codecs
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from netcluster.core.errors import NetclusterError
from netcluster.tables.archive import head_and_tail, stamp
from netcluster.tables.cells import MISSING, ZERO, find_marks, looks_numeric
from netcluster.tables.options import Dialect, ReadOptions

SEPARATORS = (",", ";", "\t", "|")
#: Bytes looked at, at the head and at the end of a file.
SAMPLE = 256 * 1024
TAIL = 16 * 1024
#: Where a sample holds fewer lines than the first, they are long, and it is enough to look at so many of them, or at so
#: many characters.
MANY_LINES = 400
FEW_LINES = 16
MUCH_TEXT = 48 * 1024
#: A file of one line with more cells than that has lost its line ends.
CELLS_ON_A_LINE = 2000
#: No line of a real table is longer; 20,000 columns of 25 digits are 0.5 MB.
LONGEST_LINE = 16 * 1024 * 1024
_VOID = frozenset((*MISSING, *ZERO))
_MULTIBYTE = ("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr")


def sniff(source: bytes | str | Path, options: ReadOptions | None = None, name: str = "") -> Dialect:
    r"""Return how a text is written, found in its bytes or in the head and the end of a file.

    What `options` says (decimal, encoding, delimiter) is taken as it stands. A compressed file is looked
    into. Raises NetclusterError where the bytes are no text, where a line does not end, and where both
    marks stand for decimals.

    >>> found = sniff("a;1,5;2,25\nb;3,0;1.000,5\n".encode())
    >>> found.delimiter, found.decimal, found.thousands
    (';', ',', '.')
    """
    options = options or ReadOptions()
    told = (options.encoding, options.delimiter, options.decimal)
    if isinstance(source, bytes):
        return _found(source[:SAMPLE], b"", len(source) <= SAMPLE, told, name)[0]
    path = Path(source)
    return _of_file(path, stamp(path), told)


def first_rows(path: Path, options: ReadOptions) -> tuple[Dialect, list[list[str]]]:
    """Return how a file is written and the cells of its first lines, titles and header among them."""
    return _sampled(path, stamp(path), (options.encoding, options.delimiter, options.decimal))


@lru_cache(maxsize=64)
def _of_file(path: Path, state: tuple[int, int], told: tuple[str, str, str]) -> Dialect:
    """Return the dialect of a file; while the file stays as it is, it is looked at once."""
    return _sampled(path, state, told)[0]


@lru_cache(maxsize=2)
def _sampled(path: Path, _state: tuple[int, int], told: tuple[str, str, str]) -> tuple[Dialect, list[list[str]]]:
    """Return dialect and first rows, cut into cells once for the several readers that ask one after the other."""
    head, tail, whole = head_and_tail(path, SAMPLE, TAIL, LONGEST_LINE)
    if whole:
        _check_line_ends(head, path)
    return _found(head, tail, whole, told, str(path))


def _check_line_ends(content: bytes, path: Path) -> None:
    """Raise where all is on one line of thousands of cells: taken for a header, it would keep readers for minutes."""
    marks = max(content.count(mark.encode()) for mark in SEPARATORS)
    if marks > CELLS_ON_A_LINE and len(content.strip().splitlines()) == 1:
        raise NetclusterError(
            f"{path} holds {marks + 1:,} cells on one line, and no others.", "Check that the line ends are there."
        )


def _found(
    head: bytes, tail: bytes, whole: bool, told: tuple[str, str, str], name: str
) -> tuple[Dialect, list[list[str]]]:
    encoding = told[0] or find_encoding(head, name)
    lines = _lines(head, encoding, name, whole)
    if not whole and len(lines) < MANY_LINES:
        reach = list(itertools.accumulate(map(len, lines)))
        lines = lines[: max(FEW_LINES, bisect.bisect(reach, MUCH_TEXT))]
    delimiter = _mark(told[1]) or find_delimiter(lines)
    rows = split(lines, delimiter)
    decimal, thousands = find_marks(rows, told[2], name, delimiter)
    skip, header_rows = find_header(rows)
    ending = rows if whole else split(_lines(tail, encoding, name, True)[1:], delimiter)
    dialect = Dialect(
        encoding=encoding,
        delimiter=delimiter,
        decimal=decimal,
        thousands=thousands,
        skip=skip,
        header_rows=header_rows,
        footer=find_footer(ending, _width(rows)),
        missing=MISSING,
        zero=ZERO,
    )
    return dialect, rows


def find_encoding(head: bytes, name: str = "") -> str:
    """Return the encoding of a sample; bytes that are no text are an error.

    >>> find_encoding("Käse".encode("cp1252")), find_encoding("Käse".encode("utf-16"))
    ('cp1252', 'utf-16')
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if b"\x00" in head:
        return _wide(head, name)
    if _decodes(head, "utf-8"):
        return "utf-8"
    if sum(byte < 9 or 13 < byte < 32 for byte in head[:4096]) > len(head[:4096]) // 50:
        raise _binary(name)
    high = [byte for byte in head if byte >= 128]
    pairs = len(re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", head))
    letters = sum(65 <= byte <= 122 for byte in head)
    if pairs * 2 > len(high) and len(high) > letters // 3:
        for encoding in _guesses(head):
            if _decodes(head, encoding):
                return encoding
    return "cp1252" if _decodes(head, "cp1252") else "latin-1"


def _guesses(head: bytes) -> list[str]:
    """Return the multi-byte encodings in the order to try them, the likeliest first."""
    from charset_normalizer import from_bytes

    found = [match.encoding for match in from_bytes(head[:65536], cp_isolation=list(_MULTIBYTE))]
    return [*found, *(encoding for encoding in _MULTIBYTE if encoding not in found)]


def _wide(head: bytes, name: str) -> str:
    even, odd = head[0:4096:2], head[1:4096:2]
    for encoding, zeros in (("utf-16-le", odd), ("utf-16-be", even)):
        if zeros.count(0) > len(zeros) * 0.6 and head[:4096].count(0) < len(zeros) * 1.2:
            return encoding
    raise _binary(name)


def _binary(name: str) -> NetclusterError:
    return NetclusterError(
        f"{name or 'The input'} is not text, a workbook or Parquet: it holds binary data.",
        "Give a .csv, .tsv, .txt, .xlsx, .xls or .parquet file; convert others (.rda, .dta, .mat) to one of these.",
    )


def _decodes(head: bytes, encoding: str) -> bool:
    # Not final: the sample may end within a character.
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _lines(data: bytes, encoding: str, name: str, whole: bool) -> list[str]:
    try:
        text = data.decode(encoding, errors="replace" if not whole else "strict")
    except LookupError:
        raise NetclusterError(
            f"There is no encoding {encoding!r}.", "Common ones are utf-8, cp1252, latin-1, utf-16, big5."
        ) from None
    except UnicodeDecodeError as error:
        raise NetclusterError(
            f"{name or 'The input'} is not {encoding}: byte {error.start} can't be read.",
            "Give --encoding cp1252, latin-1 or the one the file was saved in.",
        ) from None
    lines = text.lstrip("\ufeff").splitlines()
    return lines if whole or len(lines) < 2 else lines[:-1]


def split(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the cells of lines under a separator; a quoted cell may hold line ends.

    A space as separator is any run of spaces; an empty one stands for columns of fixed width.
    """
    if delimiter == " ":
        return [line.split() for line in lines]
    if delimiter == "":
        columns = fixed_columns(lines) if lines else []
        return [[line[a:b].strip() for a, b in columns] for line in lines]
    csv.field_size_limit(LONGEST_LINE)
    try:
        return list(csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return [line.split(delimiter) for line in lines]


def find_delimiter(lines: Sequence[str]) -> str:
    """Return the separator under which the lines fall most evenly into clean cells."""
    sample = [line for line in lines[:400] if line.strip()]
    best, best_score = ",", 0.0
    text = "\n".join(sample)
    for delimiter in SEPARATORS:
        # Without the mark every line is one cell, and that scores nothing.
        score = _evenness(split(sample, delimiter), delimiter) if delimiter in text else 0.0
        if score > best_score * 1.001:
            best, best_score = delimiter, score
    if best_score < 0.5 and not _evenly_marked(sample) and is_fixed_width(sample):
        return ""
    if best_score == 0 and sample and _evenness([line.split() for line in sample], " ") > 0.5:
        return " "
    return best


def _evenly_marked(lines: Sequence[str]) -> bool:
    """Whether some separator stands equally often in every line."""
    return bool(lines) and any(
        len({line.count(mark) for line in lines}) == 1 and mark in lines[0] for mark in SEPARATORS
    )


def is_fixed_width(lines: Sequence[str]) -> bool:
    """Whether the lines are columns of equal width, padded with spaces: three lines or more, two columns or more."""
    body = [line for line in lines if line.strip()]
    return len(body) >= 3 and len({len(line) for line in body}) <= 2 and len(fixed_columns(body)) >= 2


def fixed_columns(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the columns of a fixed-width text start and end: a column starts after blanks in every line."""
    width = max(len(line) for line in lines)
    blank = [all(len(line) <= i or line[i] == " " for line in lines) for i in range(width)]
    starts = [i for i in range(width) if not blank[i] and (i == 0 or blank[i - 1])]
    return list(zip(starts, [*starts[1:], width], strict=True))


def _evenness(rows: Sequence[Sequence[str]], delimiter: str) -> float:
    # A title line before the table or a note under it must not decide: the commonest width does.
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1] * min(item[0] - 1, 50), item[0]))
    if width < 2:
        return 0.0
    even = [row for row in rows if len(row) == width][: max(6, min(60, 6000 // width))]
    # Most cells of a table stand in it many times (0 above all): each is judged once.
    cells = {cell: n for cell, n in Counter(itertools.chain.from_iterable(even)).items() if cell.strip()}
    if not cells:
        return 0.0
    others = [mark for mark in SEPARATORS if mark not in (delimiter, ",")]
    total = sum(cells.values())
    good = sum(n for cell, n in cells.items() if looks_numeric(cell) or _void(cell))
    spoiled = sum(n for cell, n in cells.items() if any(mark in cell for mark in others)) if others else 0
    return (count / len(rows)) * (0.3 + good / total) * (1 - spoiled / total) * (1 - 1 / (width + 1))


def _mark(delimiter: str) -> str:
    return {"\\t": "\t", "tab": "\t", "space": " "}.get(delimiter, delimiter)


def _width(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(row) for row in rows if row)
    return max(widths.items(), key=lambda item: (item[1] * min(item[0] - 1, 50), item[0]))[0] if widths else 0


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return how many lines stand before the header and how many rows the header has.

    >>> find_header([["A title"], [], ["", "a", "b"], ["a", "1", "2"], ["b", "3", "4"]])
    (2, 1)
    """
    width = _width(rows)
    start = next((i for i, row in enumerate(rows) if _filled(row) > 1 and len(row) >= width - 1), 0)
    body = rows[start : start + 60]
    header = 0
    for i, row in enumerate(body[:12]):
        above_names = i + 1 < len(body) and _are_codes_above(row, body[i + 1], width)
        if _is_data(row, body[i + 1 : i + 6]) and not above_names and not _names_what_follows(row, body[i + 1 :]):
            break
        header += 1
    else:
        # Nothing but words: one row of names, the rest is data.
        header = 1
    return start, header


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_data(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row holds values: half its cells are numbers, or the same few cells as in the rows below it."""
    there = {cell: looks_numeric(cell) for cell in set(row) if not _void(cell)}
    filled = [cell for cell in row if cell in there]
    numeric = [j for j, cell in enumerate(row) if there.get(cell)]
    if not numeric:
        return False
    if len(numeric) * 2 >= max(len(filled) - 1, 1):
        return True
    return bool(below) and all(_mostly_numbers([other[j] for other in below if j < len(other)]) for j in numeric)


def _are_codes_above(row: Sequence[str], names: Sequence[str], width: int) -> bool:
    """Whether a row holds codes, whole numbers alone and each another, over a row of words alone."""
    codes, filled = ([cell.strip() for cell in cells if not _void(cell)] for cells in (row, names))
    alone = len(codes) > 2 and all(map(str.isdigit, codes)) and len(set(codes)) == len(codes)
    return alone and len(filled) > max(3, width / 2) and not any(map(looks_numeric, filled))


def _mostly_numbers(cells: Sequence[str]) -> bool:
    return bool(cells) and 2 * sum(_void(cell) or looks_numeric(cell) for cell in cells) > len(cells)


def _void(cell: str) -> bool:
    return cell.strip() in _VOID


_COUNT = re.compile(r"\(\d{1,3}\)")


def _names_what_follows(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row of numbers names columns: counts 1, 2, 3 …, years, or the codes that name the rows below."""
    cells = [cell.strip() for cell in row if cell.strip()]
    # Columns are counted in brackets too: (1), (2), (3).
    cells = [cell[1:-1] if _COUNT.fullmatch(cell) else cell for cell in cells]
    numeric = [cell for cell in cells if looks_numeric(cell)]
    if not all(cell.isdigit() for cell in numeric) or len(set(numeric)) < len(numeric):
        return False
    values = [int(cell) for cell in numeric]
    if len(values) >= 3 and all(b - a == 1 for a, b in itertools.pairwise(values)):
        return True
    if all(_is_year(str(value)) for value in values) and len(cells) > len(numeric):
        # A column of years has years in the rows below too; a year that names a column has not.
        at = [j for j, cell in enumerate(row) if _is_year(cell.strip())]
        return not any(j < len(other) and _is_year(other[j].strip()) for other in below[:3] for j in at[:1])
    if _are_product_codes(row, numeric):
        return True
    codes, firsts = set(cells), {row[0].strip() for row in below if row and row[0].strip()}
    # A row of a long table bears names that come again below it too; its numbers do not.
    return len(codes & firsts) * 2 > max(len(firsts), 2) and 2 * len(firsts & set(numeric)) >= len(set(numeric))


def _are_product_codes(row: Sequence[str], numeric: Sequence[str]) -> bool:
    """Whether the numbers of a row are codes of goods in order (0101, 2709 …) under a corner that names who sells."""
    corner = re.split(r"[\\/]", row[0])[0].strip().casefold() if row else ""
    if len(numeric) < 3 or len(numeric) < len(row) - 1 or corner.isdigit():
        return False
    same = {len(cell) for cell in numeric} in ({4}, {6}, {3, 4}, {5, 6})
    ordered = list(numeric) == sorted(numeric) or any(cell.startswith("0") for cell in numeric)
    return same and ordered and (not corner or corner in _SELLERS)


#: What the corner of a matrix of exports by product, or of jobs by industry, says.
_SELLERS = frozenset(
    [
        *("exporter", "country", "country_code", "iso", "iso3", "iso3c", "origin", "reporter", "location"),
        *("location_code", "pais", "pays", "land", "region", "state", "county", "area", "geo", "fips"),
    ]
)


def _is_year(cell: str) -> bool:
    return len(cell) == 4 and cell.isdigit() and 1900 <= int(cell) <= 2100


def find_footer(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return how many lines stand under the table: notes, sources, blanks."""
    footer = 0
    for row in reversed(rows):
        if len(row) == width and _filled(row) > 1:
            break
        footer += 1
    return footer if footer < len(rows) else 0
