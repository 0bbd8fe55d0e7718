"""Satellite accounts in a file beside a table: node, account, value, unit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.iotable import Account, IOTable

if TYPE_CHECKING:
    import pandas as pd

_TEXT = (".csv", ".tsv", ".txt")
#: What says that a file is a list of regions with their people, not a table.
_PEOPLE = ("population", "inhabitants", "people")


def set_aside(files: Sequence[Path]) -> tuple[list[Path], list[Path], list[Note]]:
    """Return the files that hold tables, those that hold satellites, and notes on files nothing is read from."""
    tables: list[Path] = []
    satellites: list[Path] = []
    notes: list[Note] = []
    for path in files:
        names = _header(path)
        if {"node", "account", "value"} <= names:
            satellites.append(path)
        elif "region" in names and names & set(_PEOPLE) and "industry" not in names and "id" not in names:
            text = f"{path.name} is a list of regions: risk disparity takes it by itself."
            notes.append(Note("regions_aside", text))
        else:
            tables.append(path)
    return (tables, satellites, notes) if tables else (list(files), [], [])


def with_satellites(io: IOTable, path: Path) -> IOTable:
    """Return the table with the accounts of a file added; a node without a row has none of the account.

    Nodes are sector ids, or sector codes where the table has one region.

    Raises
    ------
    NetclusterError
        Where a node is no sector of the table, a value is no number, or a node comes twice in an account.
    """
    from netcluster.tables.side import read_side

    frame = read_side(path, ["node", "account", "value"], ["unit"], numbers=["value"])
    position = {name: i for i, name in enumerate(io.ids)}
    unknown = [str(node) for node in frame["node"] if node not in position]
    if unknown:
        raise NetclusterError(
            f"{path.name}: {unknown[0]!r} is no sector of the table ({len(set(unknown))} such nodes).",
            f"Its sectors are {', '.join(io.ids[:6])} …",
        )
    accounts = dict(io.accounts)
    for name, rows in frame.groupby("account", sort=False):
        accounts[str(name)] = _account(str(name), rows, position, path)
    names = ", ".join(dict.fromkeys(map(str, frame["account"])))
    note = Note("satellites", f"Satellite accounts from {path.name}: {names}.", len(frame))
    return io.replace(accounts=accounts, changes=(*io.changes, note))


def _account(name: str, rows: pd.DataFrame, position: dict[str, int], path: Path) -> Account:
    values = np.zeros(len(position))
    double = rows["node"][rows["node"].duplicated()]
    if len(double):
        raise NetclusterError(
            f"{path.name}: the node {double.iloc[0]!r} comes twice in account {name!r}.",
            "Keep one row, or add them up.",
        )
    values[[position[node] for node in rows["node"]]] = rows["value"]
    unit = str(rows["unit"].iloc[0]) if "unit" in rows else ""
    return Account(name, values, unit)


def _header(path: Path) -> set[str]:
    """Return the names in the first line of a text file, in small letters."""
    if path.suffix.lower() not in _TEXT or not path.is_file():
        return set()
    with path.open("rb") as stream:
        line = stream.readline(4096).decode("utf-8-sig", "replace").strip()
    for mark in (";", "\t", ","):
        if mark in line:
            return {cell.strip().strip('"').lower() for cell in line.split(mark)}
    return {line.lower()}
