"""Supply and use of many regions in one pair of tables: which part of a label is the region."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from netcluster.tables.codes import meaning
from netcluster.tables.supply_use.parts import Part, Side

#: What stands between region and code in one label (AT_CPA_A01).
_MARKS = ("_", ":", "|", ".", "-")
Split = list[tuple[str, tuple[str, ...]]]


def with_regions(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with the region of every row and column, where supply and use tell several; else as they are.

    Items are then (region, product) and (region, industry), and a product of one region is used in all.
    """
    known: set[str] | None = None
    for part in parts:
        if part.kind in ("supply", "make", "use"):
            found = _regions(part)
            known = found if known is None else known & found
    if not known or len(known) < 2:
        return list(parts)
    return [_regional(part, known) for part in parts]


def _regions(part: Part) -> set[str]:
    """Return the regions that both sides of a table tell, or none."""
    best: set[str] = set()
    for rows in _ways(part.row_labels()):
        for columns in _ways(part.table.columns):
            common = ({region for region, _ in rows} & {region for region, _ in columns}) - {""}
            if len(common) > max(1, len(best)) and _crossed(rows, common) and _crossed(columns, common):
                best = common
    return best


def _ways(labels: Sequence[tuple[str, ...]]) -> Iterator[Split]:
    """Yield the ways to part labels into a region and the rest: a level of its own, or what stands before a mark."""
    depth = len(labels[0])
    if depth > 1:
        for k in range(depth):
            yield [(label[k], label[:k] + label[k + 1 :]) for label in labels]
    for k in range(depth):
        for mark in _MARKS:
            if sum(mark in label[k] for label in labels) * 2 > len(labels):
                yield [_parted(label, k, mark) for label in labels]


def _parted(label: tuple[str, ...], k: int, mark: str) -> tuple[str, tuple[str, ...]]:
    region, _, code = label[k].partition(mark)
    # Such are classes of products: C10.1, C10.2, C11.1, C11.2.
    if not code or (mark in ".-" and re.fullmatch(r"[A-Za-z]?\d*[.-]\d+", label[k])):
        return "", label
    return region, (*label[:k], code, *label[k + 1 :])


def _crossed(split: Split, regions: set[str]) -> bool:
    """Whether most codes come again in every region: what stands before a mark may be no region."""
    codes: dict[str, set[tuple[str, ...]]] = {}
    for region, code in split:
        if region in regions:
            codes.setdefault(region, set()).add(code)
    most = max(map(len, codes.values()))
    every = set.union(*codes.values())
    return len(every) < 1.5 * most and all(2 * len(mine) >= most for mine in codes.values())


def _regional(part: Part, regions: set[str]) -> Part:
    """Return a part whose sides know the region of each line; lines of none (value added) keep their labels."""
    rows, columns = _side(part.row_labels(), regions, "row"), _side(part.table.columns, regions, "column")
    made = replace(part)
    made.rows, made.columns = rows or part.rows, columns or part.columns
    return made


def _side(labels: Sequence[tuple[str, ...]], regions: set[str], side: str) -> Side | None:
    def told(split: Split) -> int:
        return sum(region in regions for region, _ in split)

    split = max(_ways(labels), key=told, default=None)
    if split is None or not told(split):
        return None
    parted = [(region, rest) if region in regions else ("", rest) for region, rest in split]
    return Side(
        [tuple(level) for level in zip(*(rest for _, rest in parted), strict=True)],
        [meaning(side, rest) for _, rest in parted],
        tuple(region for region, _ in parted),
    )
