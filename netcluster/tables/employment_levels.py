"""Jobs counted once: of totals, splits and nested regions and industries one level is kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.employment import EMPLOYMENT_COLUMNS
from netcluster.tables.long.headers import normal
from netcluster.tables.nested import GAP, choose_level, is_total

if TYPE_CHECKING:
    import pandas as pd

#: How far parts may add up to more than their total before they count as nested (ours): rounding is smaller.
OVER = 0.001
#: Of three regions one counts as the sum of the others, not called so, where it stands first or is in so many
#: industries (ours).
SURE = 6
#: Marks of the sum over a further split that are no words.
_SUMS = ("0", "A", "T")
#: The same in columns of the County Business Patterns, whose codes elsewhere number a part.
_SUMS_OF = dict.fromkeys(("lfo", "empszes", "empszfi", "empsz", "estsz"), ("001", "-"))
_AGES = frozenset(["age", "agecl", "age_class", "age_group", "altersgruppe", "classe_d_age", "edad"])
#: Columns that say what a row counts, and those that part a year: neither is ever added up.
_COUNTED = frozenset(
    [
        *("indicators", "indicator", "unit", "units", "unit_measure", "unit_of_measure", "uom", "measure", "indic"),
        *("indic_sb", "indic_bd", "variable", "series", "data_type", "statistic", "item"),
    ]
)
_PERIODS = frozenset(["quarter", "qtr", "month", "week", "trimestre", "quartal", "monat", "mes", "mois", "semester"])
_JOBS = re.compile(r"v16110|v91110|employ|person|jobs?\b|head|besch|erwerb|ocupad|emple|empl|addetti|ths|count")


def settled(frame: pd.DataFrame, level: str, what: str, notes: list[Note], *, sure: bool = True) -> pd.DataFrame:
    """Return one row a region and industry of one level each, totals and further splits left out.

    `frame` has region, industry, employment, establishments and columns `other_N`, named in `attrs["others"]`.
    Unless it is `sure` that the numbers are jobs, rows alike in region and industry are an error.
    """
    frame = _splits(_unpadded(frame), what, notes)
    frame = _regions(frame, notes)
    frame = _industries(frame, level, what, notes)
    if not sure and frame.duplicated(["region", "industry"]).any():
        raise NetclusterError(
            f"{what}: rows repeat a region and industry, and no column is named as jobs.",
            "Name it with --columns employment=…, or keep one row for each region and industry.",
        )
    frame = _one_row_a_pair(frame, notes)
    if frame.empty:
        raise NetclusterError(f"{what} holds no jobs by region and industry.", "Look at it with inspect.")
    return frame[list(EMPLOYMENT_COLUMNS)].astype({"region": "str", "industry": "str"}).reset_index(drop=True)


def _unpadded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose codes are as others write them: 31---- of the County Business Patterns is 31."""
    codes = [str(code) for code in frame["industry"].unique()]
    if not all(re.fullmatch(r"\d{2,6}[-/]*|-+", code) for code in codes) or not any(
        code[-1:] in "-/" for code in codes
    ):
        return frame
    bare = {code: code.rstrip("-/") or code for code in codes}
    found = frame.assign(industry=frame["industry"].astype(str).map(bare))
    found.attrs.update(frame.attrs)
    return found


def _splits(frame: pd.DataFrame, what: str, notes: list[Note]) -> pd.DataFrame:
    """Settle what tells rows of one region and industry apart: sex, ownership, size class, what is counted."""
    pairs = ["region", "industry"]
    others: dict[int, str] = frame.attrs.get("others", {})
    for number, name in others.items():
        if not frame.duplicated(pairs).any():
            break
        column = frame[f"other_{number}"]
        if column.nunique() < 2 or frame.groupby(pairs, observed=True)[f"other_{number}"].nunique().max() < 2:
            continue
        keep = _kept_of(frame, column, name, what, notes)
        if keep is not None:
            frame = frame[keep]
            frame.attrs["others"] = others
    return frame


def _kept_of(frame: pd.DataFrame, column: pd.Series, name: str, what: str, notes: list[Note]) -> np.ndarray | None:
    """Return the rows to keep of one split, None where all are."""
    values = [str(value) for value in column.dropna().unique()]
    shown = ", ".join(values[:6])
    if normal(name) in _PERIODS:
        raise NetclusterError(f"{what}: {name} holds {shown}: jobs of several periods are never added up.", "Keep one.")
    if normal(name) in _COUNTED:
        jobs = [value for value in values if _JOBS.search(value.casefold())]
        if len(jobs) != 1:
            raise NetclusterError(
                f"{what}: {name} holds {shown}, and rows of several must not be added up.",
                f"Keep the rows of one value of {name}.",
            )
        notes.append(Note("splits_left_out", f"Of {name} the rows of {jobs[0]!r} were taken.", len(values) - 1))
        return np.asarray(column == jobs[0])
    totals = [value for value in values if is_total(value, (*_SUMS, *_SUMS_OF.get(normal(name), ())))]
    totals = totals or _sum_of_others(frame, column, values)
    if len(totals) != 1:
        if normal(name) in _AGES and _overlap(values):
            raise NetclusterError(
                f"{what}: {name} holds {shown}, and ages that overlap must not be added up.",
                f"Keep the rows of one value of {name}.",
            )
        return None
    whole = (column.astype(str) == totals[0]).to_numpy()
    pairs = frame["region"].astype(str) + "\x1f" + frame["industry"].astype(str)
    there = pairs.nunique()
    if pairs[whole].nunique() == there:
        notes.append(Note("splits_left_out", f"Of {name} the total ({totals[0]}) was taken, its parts left out."))
        return whole
    if pairs[~whole].nunique() == there:
        text = f"Of {name} the parts were added up: the total ({totals[0]}) is not given for every industry."
        notes.append(Note("splits_left_out", text, int(whole.sum())))
        return ~whole
    raise NetclusterError(
        f"{what}: {name} gives a total ({totals[0]}) for some rows and parts for others.", f"Keep one kind in {name}."
    )


def _sum_of_others(frame: pd.DataFrame, column: pd.Series, values: Sequence[str]) -> list[str]:
    """Return the one value of a split whose jobs are those of all its other values together, pair by pair."""
    if not 3 <= len(values) <= 60:
        return []
    import pandas as pd

    pairs = frame["region"].astype(str) + "\x1f" + frame["industry"].astype(str)
    wide = pd.crosstab(pairs, column.astype(str), values=frame["employment"], aggfunc="sum").fillna(0.0)
    split = wide[(wide > 0).sum(axis=1) > 2]
    if len(split) < 2:
        return []
    found = wholes(split.to_numpy().T)
    return [str(split.columns[k]) for k in found]


def _overlap(ages: Sequence[str]) -> bool:
    """Whether spans of ages such as Y15-64 and Y_GE15 have years in common; a text that is no span may be anything."""
    spans = []
    for age in ages:
        numbers = [int(number) for number in re.findall(r"\d+", age)]
        if not numbers:
            return True
        start = 0 if re.search(r"LT|<|under|unter", age) else numbers[0]
        end = 200 if re.search(r"GE|GT|\+|over|and more|mehr", age) else numbers[-1]
        spans.append((start, end))
    ordered = sorted(spans)
    return any(after[0] <= before[1] for before, after in pairwise(ordered))


def _regions(frame: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    """Leave out totals and all but one level of regions, judged by the jobs of all industries together."""
    frame = _one_kind_of_area(frame, notes)
    industries = _sums(frame, "industry")
    whole = [code for code in industries if is_total(code)] or choose_level(industries).kept
    sums = _sums(frame[frame["industry"].isin(whole)], "region")
    chosen = choose_level(sums, what="regions")
    kept = set(chosen.kept)
    notes.extend(chosen.notes)
    return _without_wholes(frame[frame["region"].isin(kept)], "region", "regions", notes)


def _one_kind_of_area(frame: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    """Keep counties, or states where there are none, of the areas of American statistics: US000, 01000, 01001, C1018.

    Metropolitan areas (C…, CS…) are made up of counties; a state's code ends in 000.
    """
    codes = {str(code) for code in frame["region"].unique()}
    if sum(bool(re.fullmatch(r"\d{5}|C\d{4}|CS\d{3}|US\w{3}", code)) for code in codes) < len(codes):
        return frame
    kinds = {code: 0 if code[:1] in "CU" else 1 if code.endswith("000") else 2 for code in codes}
    states = {code[:2] for code, kind in kinds.items() if kind == 1}
    counties = {code[:2] for code, kind in kinds.items() if kind == 2}
    if len(set(kinds.values())) < 2 or not states or (counties and not _add_up(frame, kinds)):
        return frame
    kept = {code for code, kind in kinds.items() if kind == (2 if counties else 1)}
    name = "counties" if counties else "states"
    text = f"Of areas that hold each other the {name} were taken; {len(codes) - len(kept)} others were left out."
    notes.append(Note("nested_regions", text, len(codes) - len(kept)))
    return frame[frame["region"].isin(kept)]


def _add_up(frame: pd.DataFrame, kinds: Mapping[str, int]) -> bool:
    """Whether the counties of most states add up to about their state: codes of cities end in 000 as well."""
    jobs = _sums(frame, "region")
    states = {code[:2]: jobs[code] for code, kind in kinds.items() if kind == 1}
    parts = dict.fromkeys(states, 0.0)
    for code, kind in kinds.items():
        if kind == 2 and code[:2] in parts:
            parts[code[:2]] += jobs[code]
    close = sum(0.9 * states[key] <= parts[key] <= 1.01 * states[key] for key in states)
    return close >= 0.9 * len(states)


def _without_wholes(frame: pd.DataFrame, side: str, what: str, notes: list[Note]) -> pd.DataFrame:
    """Leave out a region or industry whose every number is the sum of all others': Canada beside its provinces."""
    other = "industry" if side == "region" else "region"
    if frame.empty or frame[side].nunique() > 3000:
        return frame
    wide = frame.pivot_table(index=side, columns=other, values="employment", aggfunc="sum", observed=True)
    found = wholes(wide.fillna(0.0).to_numpy())
    if not found:
        return frame
    names = [str(wide.index[k]) for k in found]
    few = len(wide) == 3 and int((wide.sum(axis=0) > 0).sum()) < SURE
    if few and str(frame[side].iloc[0]) != names[0]:
        text = (
            f"{names[0]} is the sum of the other two {what}. Nothing in its name says total, so it was kept; if it is"
        )
        notes.append(Note("may_be_total", f"{text} one, leave out its rows.", 1))
        return frame
    notes.append(Note("totals_left_out", f"{', '.join(names)}: the sum of all other {what}, left out.", len(names)))
    return frame[~frame[side].isin(names)]


def wholes(values: np.ndarray) -> list[int]:
    """Return the row that is the sum of all other rows in every column, if there is just one.

    >>> wholes(np.array([[1.0, 2.0], [3.0, 5.0], [4.0, 7.0]]))
    [2]
    """
    total = values.sum(axis=0)
    if len(values) < 3 or int((total != 0).sum()) < 2:
        return []
    miss = np.abs(2 * values - total).sum(axis=1)
    found = np.flatnonzero(miss <= OVER * total.sum()).tolist()
    return found if len(found) == 1 else []


def _sums(frame: pd.DataFrame, column: str) -> dict[str, float]:
    grouped = frame.groupby(column, sort=True, observed=True)["employment"].sum()
    return {str(key): float(jobs) for key, jobs in grouped.items()}


def _industries(frame: pd.DataFrame, level: str, what: str, notes: list[Note]) -> pd.DataFrame:
    sums = _sums(frame, "industry")
    over = _high_levels(sums)
    if over:
        text = f"{', '.join(over[:6])}: groups of sectors beside them, left out."
        notes.append(Note("totals_left_out", text, len(over)))
        frame = frame[~frame["industry"].isin(over)]
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
    frame = frame[frame["industry"].isin(kept)]
    return frame if whole or chosen.level else _without_wholes(frame, "industry", "industries", notes)


def _high_levels(codes: Collection[str]) -> list[str]:
    """Return the codes above sectors in American statistics: 10, 101, 1011 …, which no NAICS sector begins with."""
    if not {"31-33", "44-45", "48-49"} & set(codes) or "10" not in codes:
        return []
    return sorted(code for code in codes if re.fullmatch(r"10\d{0,3}", code))


def _level_column(frame: pd.DataFrame, sums: Mapping[str, float], level: str, notes: list[Note]) -> pd.DataFrame | None:
    """Keep one value of a column of levels where the codes themselves don't tell what holds what."""
    if "level" not in frame or frame["level"].nunique() < 2 or choose_level(sums).level:
        return None
    by_level = frame.groupby("level", sort=True, observed=True)["employment"].sum()
    total = by_level.max()
    if level and level not in by_level.index:
        raise NetclusterError(f"There is no level {level!r}.", f"Levels: {', '.join(map(str, by_level.index))}.")
    codes = frame.groupby("level", observed=True)["industry"].nunique()
    whole = [name for name in by_level.index if by_level[name] >= (1 - GAP) * total]
    kept = level or max(whole, key=lambda name: (codes[name], str(name)))
    lacks = 1 - by_level[kept] / total
    text = f"The industries are nested; level {kept} was taken, which lacks {lacks:.1%} of the largest level."
    notes.append(Note("nested_level", f"{text} Give --level for another.", int((frame["level"] != kept).sum())))
    return frame[frame["level"] == kept]


def _subtotals(frame: pd.DataFrame, kept: set[str], whole: list[str], what: str, notes: list[Note]) -> set[str]:
    """Return the industry that makes the others add up to more than their total in every region."""
    wide = frame.pivot_table(
        index="region", columns="industry", values="employment", aggfunc="sum", fill_value=0.0, observed=True
    )
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
    grouped = frame.groupby(pairs, sort=False, as_index=False, observed=True)
    return grouped[["employment", "establishments"]].sum(min_count=1)
