"""Jobs by region and industry from long files: one year, one level of the classification, no totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.duck import arrow
from netcluster.tables.employment import EMPLOYMENT_COLUMNS, EmploymentTable
from netcluster.tables.long_headers import normal
from netcluster.tables.long_numbers import is_missing_sql
from netcluster.tables.long_plain import read_plain
from netcluster.tables.long_years import choose_year
from netcluster.tables.nested import GAP, choose_level, is_total

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.long_source import Source

#: How far parts may add up to more than their total before they count as nested (ours): rounding is smaller.
OVER = 0.001


def read_employment(
    source: Source, columns: Mapping[str, str], *, level: str = "", year: int | None = None
) -> EmploymentTable:
    """Return the employment of one year by region and industry, nothing of it counted twice.

    Rows of totals are left out and used to check the parts; of nested codes one level is kept (`level`, or
    the finest without gaps). Raises NetclusterError where industries add up to more than their total and
    nothing tells which are nested.
    """
    notes: list[Note] = []
    frame = _rows(source, columns, notes)
    frame, chosen = choose_year(frame, year, source.name, notes)
    frame = _one_total(frame, notes)
    frame = _regions(frame, notes)
    frame = _industries(frame, level, source.name, notes)
    frame = _one_row_a_pair(frame, notes)
    if frame.empty:
        raise NetclusterError(f"{source.name} holds no jobs by region and industry.", "Look at it with inspect.")
    return EmploymentTable(
        frame[list(EMPLOYMENT_COLUMNS)].astype({"region": "str", "industry": "str"}).reset_index(drop=True),
        unit=_unit(columns["employment"]),
        year=chosen,
        source=source.name,
        changes=tuple(notes),
    )


def _unit(name: str) -> str:
    words = set(normal(name).split("_"))
    return "thousand persons" if words & {"1000", "ths", "tsd", "thousand", "thousands", "k"} else "persons"


def _rows(source: Source, columns: Mapping[str, str], notes: list[Note]) -> pd.DataFrame:
    taken = set(columns.values())
    header = source.parts[0].header
    others = [name for name in dict.fromkeys(header) if name not in taken and header.count(name) == 1 and name]
    wanted = {**columns, **{f"other_{i}": name for i, name in enumerate(others)}}
    numbers = [name for name in ("employment", "establishments") if name in columns]
    frame = read_plain(source, wanted, numbers)
    frame = _judged(source, wanted, numbers) if frame is None else frame.assign(missing=frame["employment"].isna())
    frame.attrs["others"] = dict(enumerate(others))
    return _numbers_only(frame, source.name, notes)


def _judged(source: Source, columns: Mapping[str, str], numbers: Sequence[str]) -> pd.DataFrame:
    """Return the rows with each cell that is no number told apart from one that is missing."""
    missing = is_missing_sql("employment_text", source.dialect)
    scan = f"SELECT *, {missing} AS missing FROM ({source.scan(columns, numbers, raw=True)})"
    connection = source.store()
    # On several threads rows may come in another order, whatever preserve_insertion_order says.
    connection.execute("SET threads = 1")
    try:
        frame: pd.DataFrame = arrow(connection, scan, source.name).to_pandas()
    finally:
        connection.close()
    return frame


def _numbers_only(frame: pd.DataFrame, what: str, notes: list[Note]) -> pd.DataFrame:
    absent = frame["employment"].isna()
    words = absent & ~frame["missing"].astype(bool)
    if int(words.sum()) * 2 > len(frame):
        raise NetclusterError(
            f"{what}: the column of jobs holds texts such as {frame.loc[words, 'employment_text'].iloc[0]!r}.",
            "Name the columns with --columns region=…,industry=…,employment=….",
        )
    negative = frame["employment"] < 0
    nameless = frame[["region", "industry"]].isna().any(axis=1) | (frame["region"] == "") | (frame["industry"] == "")
    for code, rows, text in (
        ("missing_values", absent & ~words, "rows have no or a withheld number of jobs"),
        ("not_numbers", words, "numbers of jobs are no numbers"),
        ("negative_values", negative, "numbers of jobs are negative"),
        ("nameless_rows", nameless & ~absent, "rows name no region or industry"),
    ):
        if rows.any():
            notes.append(Note(code, f"{int(rows.sum()):,} {text}; they are left out.", int(rows.sum())))
    kept = frame[~(absent | negative | nameless)].copy()
    kept.attrs.update(frame.attrs)
    if "establishments" not in kept:
        kept["establishments"] = float("nan")
    return kept


def _one_total(frame: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    """Keep the total of each further split (sex, ownership, size class) where the file gives one."""
    for number, name in frame.attrs.get("others", {}).items():
        column = frame[f"other_{number}"]
        if column.nunique() < 2 or not frame.duplicated(["region", "industry"]).any():
            continue
        totals = [value for value in column.dropna().unique() if is_total(str(value), ("0", "A"))]
        within = frame.groupby(["region", "industry"])[f"other_{number}"].nunique().max()
        if len(totals) == 1 and within > 1:
            attrs = frame.attrs
            frame = frame[(column == totals[0]).to_numpy()]
            frame.attrs.update(attrs)
            notes.append(Note("splits_left_out", f"Of {name} the total ({totals[0]}) was taken, its parts left out."))
    return frame


def _regions(frame: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    """Leave out totals and all but one level of regions, judged by the jobs of all industries together."""
    industries = _sums(frame, "industry")
    whole = [code for code in industries if is_total(code)] or choose_level(industries).kept
    sums = _sums(frame[frame["industry"].isin(whole)], "region")
    chosen = choose_level(sums, what="regions")
    notes.extend(chosen.notes)
    return frame[frame["region"].isin(chosen.kept)]


def _sums(frame: pd.DataFrame, column: str) -> dict[str, float]:
    return {str(key): float(jobs) for key, jobs in frame.groupby(column, sort=True)["employment"].sum().items()}


def _industries(frame: pd.DataFrame, level: str, what: str, notes: list[Note]) -> pd.DataFrame:
    sums = _sums(frame, "industry")
    by_column = _level_column(frame, sums, level, notes)
    if by_column is not None:
        return by_column
    chosen = choose_level(sums, level=level)
    kept = set(chosen.kept)
    whole = [code for code in sums if is_total(code)]
    notes.extend(chosen.notes)
    if whole and not chosen.level:
        kept -= _subtotals(frame, kept, whole, what, notes)
        _say_gap(sum(sums[code] for code in kept), max(sums[code] for code in whole), notes)
    return frame[frame["industry"].isin(kept)]


def _level_column(frame: pd.DataFrame, sums: Mapping[str, float], level: str, notes: list[Note]) -> pd.DataFrame | None:
    """Keep one value of a column of levels where the codes themselves don't tell what holds what."""
    if "level" not in frame or frame["level"].nunique() < 2 or choose_level(sums).level:
        return None
    by_level = frame.groupby("level", sort=True)["employment"].sum()
    total = by_level.max()
    if level and level not in by_level.index:
        raise NetclusterError(f"There is no level {level!r}.", f"Levels: {', '.join(map(str, by_level.index))}.")
    codes = frame.groupby("level")["industry"].nunique()
    whole = [name for name in by_level.index if by_level[name] >= (1 - GAP) * total]
    kept = level or max(whole, key=lambda name: (codes[name], str(name)))
    lacks = 1 - by_level[kept] / total
    text = f"The industries are nested; level {kept} was taken, which lacks {lacks:.1%} of the largest level."
    notes.append(Note("nested_level", f"{text} Give --level for another.", int((frame["level"] != kept).sum())))
    return frame[frame["level"] == kept]


def _subtotals(frame: pd.DataFrame, kept: set[str], whole: list[str], what: str, notes: list[Note]) -> set[str]:
    """Return the industry that makes the others add up to more than their total in every region."""
    wide = frame.pivot_table(index="region", columns="industry", values="employment", aggfunc="sum", fill_value=0.0)
    total = wide[whole[0]]
    over = wide[sorted(kept)].sum(axis=1) - total
    if over.sum() <= OVER * total.sum():
        return set()
    for industry in sorted(kept):
        if abs(wide[industry] - over).sum() <= OVER * total.sum():
            text = f"{industry!r} holds other industries or is part of one: without it they add up to their total."
            notes.append(Note("nested_codes", text))
            return {industry}
    raise NetclusterError(
        f"{what}: the industries add up to {1 + over.sum() / total.sum():.1%} of their total {whole[0]!r}.",
        "Some hold others: leave out the subtotals, or give a column of levels and --level.",
    )


def _say_gap(parts: float, total: float, notes: list[Note]) -> None:
    lacks = 1 - parts / total if total else 0.0
    if abs(lacks) > OVER:
        text = f"The industries kept add up to {parts:,.0f}, {abs(lacks):.1%} {'less' if lacks > 0 else 'more'} than"
        notes.append(Note("parts_and_total", f"{text} the total {total:,.0f}."))


def _one_row_a_pair(frame: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    pairs = ["region", "industry"]
    double = frame.duplicated(pairs)
    if not double.any():
        return frame
    notes.append(Note("pairs_summed", f"{int(double.sum()):,} rows repeat a region and industry; they are added up."))
    return frame.groupby(pairs, sort=False, as_index=False)[["employment", "establishments"]].sum(min_count=1)
