"""Say what a file holds before anything is done with it, and the command that reads it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.tables.balance import largest_misses
from netcluster.tables.bundle import Bundle
from netcluster.tables.inputs import Paths, files_of, of_folder
from netcluster.tables.iotable import IOTable
from netcluster.tables.options import Dialect, ReadOptions
from netcluster.tables.read import is_long, read
from netcluster.tables.trade import TradeTable

#: Labels and lists are cut after this many, the rest counted.
SHOWN = 8


def _nothing() -> Mapping[str, object]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Inspection:
    """What inputs hold.

    Attributes
    ----------
    files : tuple of str
        The files looked at.
    kind : str
        "io", "supply_use", "trade", "employment", "firms", "links" or several, or "unknown".
    dialect, labels, size, years, blocks, units, balance : mapping, mapping, mapping, tuple, tuple, tuple, mapping
        How a text file is written; first labels by part; counts (sectors, regions, categories, rows …); the
        years; the tables or blocks of the file; units; the largest misses of the accounts, and their unit where it is
        known.
    zero_output, negatives, totals : mapping or tuple
        Sectors without output; counts of negative cells; sums that were left out.
    problems : tuple of str
        What stands in the way or should be looked at.
    notes : tuple of str
        What reading does: drops, takes as zero, decides.
    command : str
        The command that reads the input; several stand in a line each.
    """

    files: tuple[str, ...]
    kind: str
    dialect: Mapping[str, object] = field(default_factory=_nothing)
    labels: Mapping[str, object] = field(default_factory=_nothing)
    size: Mapping[str, object] = field(default_factory=_nothing)
    years: tuple[int, ...] = ()
    blocks: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    balance: Mapping[str, object] = field(default_factory=_nothing)
    zero_output: tuple[str, ...] = ()
    negatives: Mapping[str, object] = field(default_factory=_nothing)
    totals: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    command: str = ""

    def to_dict(self) -> dict[str, object]:
        """Return the inspection as plain values."""
        plain: dict[str, object] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            plain[name] = (
                dict(value) if isinstance(value, Mapping) else list(value) if isinstance(value, tuple) else value
            )
        return plain

    def lines(self) -> list[str]:
        """Return the inspection as lines to print, what is empty left out."""
        shown = [("file" if len(self.files) == 1 else "files", ", ".join(self.files)), ("kind", self.kind)]
        unit = str(self.balance.get("unit", ""))
        misses = {name: value for name, value in self.balance.items() if name != "unit"}
        shown += [("dialect", _pairs(self.dialect)), ("size", _pairs(self.size, unit)), ("labels", _pairs(self.labels))]
        shown.append(("years", _span(self.years)))
        shown.append(("units", ", ".join(self.units)))
        shown += [("block", block) for block in self.blocks]
        shown.append(("balance", _pairs(misses, unit)))
        shown.append(("zero output", _first(self.zero_output)))
        shown.append(("negatives", _pairs(self.negatives)))
        shown.append(("totals", _first(self.totals)))
        shown += [("note", note) for note in self.notes]
        shown += [("problem", problem) for problem in self.problems]
        shown += [("read it", command) for command in self.command.splitlines()]
        return [f"{name + ':':<13}{text}" for name, text in shown if text]


def _pairs(values: Mapping[str, object], unit: str = "") -> str:
    """Return names and values in a line, amounts (floats; counts are whole) with their unit."""
    return ", ".join(
        f"{name} {_shown(value)}" + (f" {unit}" if unit and isinstance(value, float) else "")
        for name, value in values.items()
    )


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1e6 else f"{value:,.6g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, (list, tuple)):
        return _first(tuple(map(str, value)))
    return str(value)


def _first(items: tuple[str, ...]) -> str:
    rest = len(items) - SHOWN
    return ", ".join(items[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _span(years: tuple[int, ...]) -> str:
    if not years:
        return ""
    whole = years == tuple(range(years[0], years[-1] + 1))
    return f"{years[0]}–{years[-1]}" if whole and len(years) > 2 else ", ".join(map(str, years))


def inspect(paths: Paths, options: ReadOptions | None = None) -> Inspection:
    """Return what files hold: kind, dialect, labels, size, years, balance, problems, and the command.

    What can't be read is told among the problems, with the option that would help; only a file that is
    missing or locked raises.

    >>> from netcluster_datasets import path
    >>> seen = inspect(path("miller-blair"))
    >>> seen.kind, seen.size["sectors"]
    ('io', 2)
    """
    options = options or ReadOptions()
    files = files_of(paths)
    named = _named(paths, files)
    try:
        bundle = read(list(files), options, lenient=of_folder(paths, files))
    except NetclusterError as error:
        seen = _unread(files, options, error)
        return replace(seen, files=tuple(map(str, named)))
    seen = Inspection(
        files=tuple(map(str, named)),
        kind=" + ".join(bundle.parts).replace("_", "-"),
        dialect=_dialect(files, options),
        years=_years(files, bundle, options),
        notes=tuple(note.text for note in bundle.notes),
        command=command(_given(paths), options),
    )
    table = bundle.io
    if table is None and bundle.supply_use is not None:
        table = bundle.supply_use.symmetric(options.sut_model)
    return _of_table(seen, table) if table is not None else _of_others(seen, bundle)


def _named(paths: Paths, files: list[Path]) -> list[Path]:
    """Return the files as the user knows them: an archive by its own name, not by what was taken out of it."""
    given = _given(paths)
    packed = [path for path in given if path.is_file() and path not in files]
    if not packed:
        return files
    return [path for path in given if not path.is_dir()] + [p for p in files for d in given if p.parent == d]


def _given(paths: Paths) -> list[Path]:
    return [Path(paths)] if isinstance(paths, (str, Path)) else list(map(Path, paths))


def command(files: list[Path], options: ReadOptions) -> str:
    """Return the command line that reads the files with the options given."""
    flags: list[str] = []
    plain = ReadOptions()
    for name, flag in _FLAGS.items():
        value = getattr(options, name)
        if value != getattr(plain, name) and value not in (None, ""):
            for item in value if isinstance(value, tuple) else (value,):
                flags += [flag, str(item)]
    for ours, theirs in options.columns.items():
        flags += ["--columns", f"{ours}={theirs}"]
    return shlex.join(["netcluster", "analyze", *map(str, files), *flags, "-o", "out"])


_FLAGS = {
    "year": "--year",
    "kind": "--kind",
    "sheet": "--sheet",
    "decimal": "--decimal",
    "encoding": "--encoding",
    "delimiter": "--delimiter",
    "origin": "--origin",
    "final_demand": "--final-demand",
    "value_added": "--value-added",
    "level": "--level",
    "sut_model": "--sut-model",
    "labels": "--labels",
}


def _unread(files: list[Path], options: ReadOptions, error: NetclusterError) -> Inspection:
    for path in files:
        if str(path) != "-" and not os.access(path, os.R_OK):
            raise error
    hint = error.hint
    return Inspection(
        files=(),
        kind="unknown",
        dialect=_dialect(files, options),
        blocks=_blocks(files, options),
        problems=tuple(filter(None, (error.message, hint))),
    )


def _dialect(files: list[Path], options: ReadOptions) -> dict[str, object]:
    """Return how the first text file is written, in words."""
    from netcluster.tables.grid import kind_of
    from netcluster.tables.sniff import sniff

    for path in files:
        try:
            if str(path) == "-" or kind_of(path) != "text":
                continue
            return _words(sniff(path, options))
        except NetclusterError:
            continue
    return {}


def _words(dialect: Dialect) -> dict[str, object]:
    names = {
        "\t": "tab",
        " ": "spaces",
        "": "fixed width",
        "\u00a0": "space",
        "\u2009": "thin space",
        "\u202f": "thin space",
    }
    words: dict[str, object] = {
        "encoding": dialect.encoding,
        "separator": names.get(dialect.delimiter, dialect.delimiter),
    }
    words["decimal"] = dialect.decimal
    if dialect.thousands:
        words["thousands"] = names.get(dialect.thousands, dialect.thousands)
    for name in ("skip", "header_rows", "footer"):
        if getattr(dialect, name) != (1 if name == "header_rows" else 0):
            words[name.replace("_", " ")] = getattr(dialect, name)
    return words


def _years(files: list[Path], bundle: Bundle, options: ReadOptions) -> tuple[int, ...]:
    if bundle.trade is not None:
        return bundle.trade.years
    if len(files) == 1 and str(files[0]) != "-" and bundle.io is not None and not is_long(files[0], options):
        from netcluster.tables.choose import open_file

        try:
            found = open_file(files[0], options).years()
        except NetclusterError:
            found = []
        if found:
            return tuple(found)
    years = {getattr(bundle, part).year for part in bundle.parts if hasattr(getattr(bundle, part), "year")}
    return tuple(sorted(year for year in years if year is not None))


def _blocks(files: list[Path], options: ReadOptions) -> tuple[str, ...]:
    """Return the tables found in workbooks and stacked sheets, one line each."""
    from netcluster.tables.choose import open_file

    lines: list[str] = []
    for path in files:
        try:
            opened = open_file(path, options)
            for source in opened.sources[:40]:
                for table in opened.tables(source):
                    rows, columns = table.values.shape
                    title = next((title for title in table.titles if len(title) > 12), "")
                    lines.append(f"{source.name}: {rows} rows × {columns} columns {title[:60]}".rstrip())
        except NetclusterError:
            continue
    return tuple(lines) if len(lines) > 1 else ()


def _of_table(seen: Inspection, io: IOTable) -> Inspection:
    misses = largest_misses(io)
    negative = {"flows": int((io.Z < 0).sum()), "final demand": int((io.Y < 0).sum()), "inputs": int((io.V < 0).sum())}
    totals = tuple(note.text for note in io.changes if note.code in ("dropped_rows", "dropped_sums", "ignored_columns"))
    problems = tuple(note.text for note in io.changes if note.code.startswith("unbalanced"))
    aside = ("dropped_rows", "dropped_sums", "ignored_columns", "zero_output", "negative_flows")
    notes = [n.text for n in io.changes if n.code not in aside and not n.code.startswith("unbalanced")]
    regions = len(io.regions)
    return replace(
        seen,
        labels={
            "sectors": io.ids,
            "final demand": tuple(dict.fromkeys(io.demand["category"])),
            "inputs": tuple(io.inputs["id"]),
            **({"accounts": tuple(io.accounts)} if io.accounts else {}),
        },
        size={
            "sectors": io.n,
            **({"regions": regions} if regions > 1 else {}),
            "final demand": len(io.demand),
            "primary inputs": len(io.inputs),
            "origin": io.origin + (", imports apart" if io.imports is not None else ""),
            "output": float(io.x.sum()),
        },
        units=tuple(filter(None, dict.fromkeys([io.unit, *(account.unit for account in io.accounts.values())]))),
        balance={
            "rows miss by": misses["rows_miss"],
            "columns miss by": misses["columns_miss"],
            **({"unit": io.unit} if io.unit else {}),
        },
        zero_output=tuple(np.asarray(io.ids)[io.x == 0].tolist()),
        negatives={name: count for name, count in negative.items() if count},
        totals=totals,
        notes=(*seen.notes, *notes),
        problems=problems,
    )


def _trade_size(table: TradeTable) -> dict[str, object]:
    """Return how many countries a trade table has and what its flows add up to, all years together."""
    sums: Any = table.sums
    if sums is None:
        return {}
    sides = {f"{side}s": len(sums[side].unique()) for side in ("exporter", "importer") if side in sums.column_names}
    return {**sides, "value": float(sum(map(float, sums["value"].to_pylist())))}


def _of_others(seen: Inspection, bundle: Bundle) -> Inspection:
    size: dict[str, object] = {}
    labels: dict[str, object] = {}
    notes = list(seen.notes)
    units: list[str] = []
    for part in bundle.parts:
        table = getattr(bundle, part)
        notes += [note.text for note in getattr(table, "changes", ())]
        units.append(getattr(table, "unit", ""))
        frame = getattr(table, "frame", None)
        if part == "trade":
            labels["columns"] = table.columns
            size |= _trade_size(table)
        elif frame is not None:
            size[f"{part} rows"] = len(frame)
            labels[f"{part} columns"] = tuple(map(str, frame.columns))
    return replace(seen, size=size, labels=labels, units=tuple(filter(None, units)), notes=tuple(notes))
