"""Tables on a terminal that fit its width, and one door to every form a command prints."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from netcluster.core.csv_text import to_csv
from netcluster.core.errors import NetclusterError
from netcluster.core.finding import Finding
from netcluster.report.forms import NOTHING, to_json, to_markdown
from netcluster.report.numbers import column_texts, is_number

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("table", "csv", "json", "markdown")
#: A column of text is never cut below this many cells of the screen.
NARROWEST = 12
#: The space between two columns.
GAP = 2

# Escape sequences and marks that turn the writing direction would redraw the screen around a label.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def render(
    frame: pd.DataFrame,
    fmt: str,
    provenance: Mapping[str, object] = NOTHING,
    findings: Iterable[Finding] = (),
    *,
    width: int | None = None,
    color: bool = False,
    rows: int | None = None,
    extra: Mapping[str, object] = NOTHING,
) -> str:
    """Return the rows in the form `fmt`: table, csv, json or markdown, ending with a line feed.

    A table is cut to `width` cells of the screen (that of the terminal where none is given) and to `rows`
    rows, and says what it left out. The other forms leave nothing out; JSON holds provenance, findings and
    the keys of `extra` too, Markdown the findings.

    Raises
    ------
    NetclusterError
        Where `fmt` is not one of `FORMATS`.
    """
    if fmt == "csv":
        return to_csv(frame)
    if fmt == "json":
        return to_json(frame, provenance, findings, extra)
    if fmt == "markdown":
        return to_markdown(frame, findings)
    if fmt != "table":
        raise NetclusterError(f"There is no format {fmt!r}.", f"Use one of {', '.join(FORMATS)}.")
    return table(frame, width=width, color=color, rows=rows)


def table(frame: pd.DataFrame, *, width: int | None = None, color: bool = False, rows: int | None = None) -> str:
    """Return the rows as a table for a screen: numbers to the right with sensible digits, long labels cut.

    Columns that don't fit are left out from the right, and named below.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"sector": ["Steel", "Cars"], "output": [1247.5, 1841.6], "hhi": [0.25, None]})
    >>> print(table(frame, width=40))
    sector  output    hhi
    ─────────────────────
    Steel    1,248  0.250
    Cars     1,842      –
    """
    room = _room(width)
    shown = frame if rows is None else frame.head(rows)
    names = [clean(str(name)) for name in frame.columns]
    cells = [[clean(text) for text in column_texts(shown.iloc[:, place])] for place in range(len(names))]
    right = [is_number(frame.iloc[:, place]) for place in range(len(names))]
    widths = _fit(names, cells, right, room)
    lines = _draw(names, cells, right, widths, color)
    left_out = names[len(widths) :]
    if len(shown) < len(frame):
        lines.append(f"… and {len(frame) - len(shown):,} more rows (--top, or -o FILE.csv for all)")
    if left_out:
        lines.extend(_wrapped(f"… and columns {', '.join(left_out)} (--select, or -o FILE.csv for all)", room))
    return "\n".join([*lines, ""])


def clean(text: str) -> str:
    r"""Return a text without what would move the cursor or turn the writing direction.

    >>> clean("Steel\x1b[31m\nand iron")
    'Steel�[31m�and iron'
    """
    return _UNSAFE.sub("\ufffd", text)


def _fit(names: list[str], cells: list[list[str]], right: list[bool], room: int) -> list[int]:
    """Return the widths of as many columns as fit, labels cut first and columns left out last."""
    from rich.cells import cell_len

    wanted = [max([cell_len(name), *map(cell_len, column)]) for name, column in zip(names, cells, strict=True)]
    least = [
        want if number else min(want, max(NARROWEST, cell_len(name)))
        for want, number, name in zip(wanted, right, names, strict=True)
    ]
    count, used = 0, -GAP
    for width in least:
        if count and used + GAP + width > room:
            break
        used += GAP + width
        count += 1
    widths = least[:count]
    spare = max(room - used, 0)
    for place in sorted(range(count), key=lambda place: wanted[place]):
        more = min(wanted[place] - widths[place], spare)
        widths[place] += more
        spare -= more
    return widths


def _draw(names: list[str], cells: list[list[str]], right: list[bool], widths: list[int], color: bool) -> list[str]:
    gap = " " * GAP
    head = [_cell(name, width, number) for name, width, number in zip(names, widths, right, strict=False)]
    rule = "─" * (sum(widths) + GAP * (len(widths) - 1))
    rows = zip(*cells[: len(widths)], strict=True)
    body = [
        gap.join(_cell(text, width, number) for text, width, number in zip(row, widths, right, strict=False)).rstrip()
        for row in rows
    ]
    return [_paint(gap.join(head).rstrip(), "1", color), _paint(rule, "2", color), *body]


def _cell(text: str, width: int, right: bool) -> str:
    """Return a text in `width` cells of the screen: a Chinese character takes two."""
    from rich.cells import cell_len, set_cell_size

    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1).rstrip() + "…" if width > 1 else "…"
    return " " * (width - size) + text if right else text + " " * (width - size)


def _paint(text: str, code: str, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color else text


def _wrapped(text: str, room: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, max(room, 20), break_on_hyphens=False) or [""]


def _room(width: int | None) -> int:
    return width if width is not None else shutil.get_terminal_size((100, 24)).columns
