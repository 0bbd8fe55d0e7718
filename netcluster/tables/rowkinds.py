"""What each row of a sheet is, blank, title, header or data, and where one table ends and the next begins."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from netcluster.tables.codes import head_of, plain, stripped
from netcluster.tables.grid import Grid


def row_kinds(grid: Grid, first: int) -> list[str]:
    """Return what each row is: blank, title, header or data."""
    numbers = grid.finite[:, first:].view(np.uint8).sum(axis=1, dtype=np.int32)
    words = np.bincount(grid.word_cells[grid.word_cells[:, 1] >= first, 0], minlength=len(numbers))
    gone = np.zeros(len(numbers), dtype=int)
    for i, j in grid.missing:
        gone[i] += j >= first
    most = int(numbers.max(initial=0))
    labelled = np.atleast_1d(grid.finite[:, :first].any(axis=1))
    labelled[grid.text_cells[grid.text_cells[:, 1] < first, 0]] = True
    there = numbers + words + gone > 0
    header = (words > numbers) & ((words > 1) | (most <= 2))
    title = ((words > numbers) & ~header) | ((numbers + gone < 0.02 * most) & (words > 0) & (first > 0))
    names = ["title", "blank", "header", "title", "data"]
    which = np.select([~there & labelled, ~there, header, title], range(4), default=4)
    kinds = [names[k] for k in which.tolist()]
    _facts_above(grid, kinds, numbers + gone)
    _numeric_headers(grid, kinds, first)
    _repeated_headers(grid, kinds, first)
    _empty_sectors(grid, kinds, first)
    return kinds


def _empty_sectors(grid: Grid, kinds: list[str], first: int) -> None:
    """Mark as data the rows between others that bear the name of a column and no number: sectors that sell nothing."""
    last = max((i for i, kind in enumerate(kinds) if kind == "data"), default=0)
    if "title" not in kinds[:last]:
        return
    names: set[str] = set()
    for i in range(last):
        if kinds[i] == "header":
            names |= set(map(stripped, grid.row_labels(i, range(first, grid.shape[1])))) - {""}
        elif kinds[i] == "title" and names and "data" in kinds[max(i - 3, 0) : i]:
            own = [stripped(label) for label in grid.row_labels(i, range(first)) if label]
            if own and own[0] in names:
                kinds[i] = "data"


def _facts_above(grid: Grid, kinds: list[str], filled: npt.NDArray[np.intp]) -> None:
    """Mark lines such as "TIME 2015" above the first header as titles: their one number is a fact, no value."""
    top = kinds.index("header") if "header" in kinds else 0
    for i in range(min(top, 40)):
        if kinds[i] == "data" and filled[i] == 1 and head_of(grid.label(i, 0).rstrip(" :")) in ("year", "region"):
            kinds[i] = "title"


def _numeric_headers(grid: Grid, kinds: list[str], first: int) -> None:
    """Mark rows of codes (1, 2, 3 …, or the numbers that also label the rows) as headers."""
    rows, columns = grid.shape
    for i, kind in enumerate(kinds):
        if kind != "data" or (i and kinds[i - 1] == "data"):
            continue
        if any(k == "data" for k in kinds[_block_start(kinds, i) : i]):
            continue
        codes = [_unbracketed(code) for code in grid.row_labels(i, range(first, columns))]
        numbers = [code for code in codes if code.isdigit()]
        rest = [code for code in codes if code and not code.isdigit()]
        if len(numbers) < 1 or any(is_number(code) for code in rest) or len(set(numbers)) < len(numbers):
            continue
        last = min(i + 1 + max(3 * len(codes), 40), rows)
        below = {label for j in range(first) for label in grid.labels(range(i + 1, last), j)}
        runs = len(numbers) > 5 and all(int(b) - int(a) == 1 for a, b in itertools.pairwise(numbers))
        counts = runs and (i == 0 or ("header" in kinds[:i] and not _names_a_row(grid, kinds, i, first)))
        shared = len(set(numbers) & below)
        # Codes of final demand may outnumber those of the sectors, which then all stand below.
        whole = shared > 1 and shared >= 0.9 * sum(label.isdigit() for label in below)
        if counts or (first > 0 and (shared >= max(1, 0.6 * len(numbers)) or whole)):
            kinds[i] = "header"


#: What heads a row of column numbers; another label beside them names a row of values that happen to count.
_NUMBERS = re.compile(
    r"\b(?:no|nr|n|num\w*|nume\w*|cod\w*|col\w*|id|idx|ind\w*|spalte\w*|lfd|ord\w*|pos\w*|name\w*|desc\w*|title|label"
    r"|sect\w*|prod\w*|commod\w*|activ\w*|bran\w*|rama\w*|bezeichnung|kode|koodi|key|serial|zeile|ligne|linea)\b|[#№°º]"
)


def _names_a_row(grid: Grid, kinds: Sequence[str], i: int, first: int) -> bool:
    """Whether a row that counts under a header is one of values: its label names a column, or is no head of numbers."""
    labels = [label for label in grid.row_labels(i, range(first)) if label.strip()]
    if not labels or any(is_number(label) for label in labels):
        return False
    above = [k for k in range(i) if kinds[k] == "header"]
    names = {stripped(label) for k in above for label in grid.row_labels(k, range(first, grid.shape[1]))}
    return any(stripped(label) in names or not _NUMBERS.search(plain(label)) for label in labels)


def _unbracketed(code: str) -> str:
    """Return a number of at most three digits without brackets around it."""
    return code[1:-1] if code[:1] == "(" and re.fullmatch(r"\(\d{1,3}\)", code) else code


def _repeated_headers(grid: Grid, kinds: list[str], first: int) -> None:
    """Mark as blank a header that a page break repeats: to the letter, among rows that go on with other labels.

    Stacked tables repeat the labels of their rows too, and stay tables of their own.
    """
    headers = [i for i, kind in enumerate(kinds) if kind == "header"]
    if len(headers) < 2 or not first:
        return
    across = range(grid.shape[1])
    top = grid.row_labels(headers[0], across)
    for i, end in zip(headers[1:], [*headers[2:], len(kinds)], strict=True):
        if kinds[i - 1] not in ("data", "blank") or grid.row_labels(i, across) != top:
            continue
        before, after = (
            {tuple(grid.row_labels(k, range(first))) for k in rows if kinds[k] == "data"}
            for rows in (range(headers[0], i), range(i, end))
        )
        if before and after and not before & after:
            kinds[i] = "blank"


def _block_start(kinds: Sequence[str], i: int) -> int:
    """Return where the table of row i starts: after the data rows that stand before the last header."""
    seen_header = False
    for k in range(i - 1, -1, -1):
        if kinds[k] == "header":
            seen_header = True
        elif kinds[k] == "data":
            # Numbers again after a title and a blank: a header of numbers may open the next table.
            gap = {"title", "blank"} <= set(kinds[k + 1 : i])
            return k + 1 if seen_header else i if gap else k
    return 0


def blocks(kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Return where each table starts and ends: a header after data rows opens the next one."""
    starts = [0]
    seen_data = False
    for i, kind in enumerate(kinds):
        if kind == "data":
            seen_data = True
        elif kind == "header" and seen_data:
            start = i
            while start > 0 and kinds[start - 1] in ("title", "header"):
                start -= 1
            starts.append(start)
            seen_data = False
    return list(zip(starts, [*starts[1:], len(kinds)], strict=True))


def is_number(label: str) -> bool:
    """Whether a label is a finite number."""
    try:
        return math.isfinite(float(label))
    except ValueError:
        return False
