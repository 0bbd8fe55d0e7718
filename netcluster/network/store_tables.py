"""The tables of a saved bundle: labels as frames, matrices as one column of values with their shape beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from netcluster.core.result import Note
from netcluster.network.parquet import GROUP, read_array, read_frame, write_columns, write_frame, write_stream
from netcluster.tables.employment import EmploymentTable
from netcluster.tables.firms import FirmTable
from netcluster.tables.iotable import Account, ImportBlock, IOTable
from netcluster.tables.links import LinkTable
from netcluster.tables.supplyuse import SupplyUse
from netcluster.tables.trade import TradeTable

_FRAMES: dict[str, Any] = {"employment": EmploymentTable, "firms": FirmTable, "links": LinkTable}
_LABELS = {"io": ("sectors", "demand", "inputs"), "supply_use": ("products", "industries", "demand", "inputs")}
_ARRAYS = {"io": ("Z", "Y", "V", "x"), "supply_use": ("supply", "use", "Y", "V")}


def write(name: str, table: Any, folder: Path) -> dict[str, Any]:
    """Write one part of a bundle below `folder`; return what is said of it in network.json."""
    about = {
        "unit": table.unit,
        "source": table.source,
        "changes": [note.to_dict() for note in table.changes],
    }
    if name in _FRAMES:
        write_frame(folder / f"{name}.parquet", table.frame)
        shared = {"groups": list(table.groups)} if getattr(table, "groups", ()) else {}
        return {**about, "year": table.year, **shared}
    if name == "trade":
        _write_trade(table, folder / "trade.parquet")
        return {
            **about,
            "columns": list(table.columns),
            "years": [int(year) for year in table.years],
            "names": dict(table.names),
            "quantity_unit": table.quantity_unit,
        }
    place = folder / name
    for labels in _LABELS[name]:
        write_frame(place / f"{labels}.parquet", getattr(table, labels))
    shapes = {key: _write_array(place, key, getattr(table, key)) for key in _ARRAYS[name]}
    about |= {"year": table.year, "origin": table.origin, "shapes": shapes}
    return about | (_write_extras(table, place, shapes) if name == "io" else {})


def read(name: str, folder: Path, about: dict[str, Any]) -> Any:
    """Return one part of a bundle from below `folder`."""
    common = {
        "unit": about["unit"],
        "source": about["source"],
        "changes": tuple(Note(**record) for record in about["changes"]),
    }
    if name in _FRAMES:
        shared = {"groups": tuple(about["groups"])} if "groups" in about else {}
        return _FRAMES[name](read_frame(folder / f"{name}.parquet"), year=about["year"], **common, **shared)
    if name == "trade":
        return _read_trade(folder / "trade.parquet", about, common)
    place = folder / name
    parts: dict[str, Any] = {labels: read_frame(place / f"{labels}.parquet") for labels in _LABELS[name]}
    parts |= {key: _read_array(place, key, about["shapes"]) for key in _ARRAYS[name]}
    parts |= {"year": about["year"], "origin": about["origin"], **common}
    if name == "supply_use":
        return SupplyUse(**parts)
    return IOTable(**parts, **_read_extras(place, about))


def _write_extras(table: IOTable, place: Path, shapes: dict[str, list[int]]) -> dict[str, Any]:
    if table.imports is not None:
        shapes["imports_Z"] = _write_array(place, "imports_Z", table.imports.Z)
        shapes["imports_Y"] = _write_array(place, "imports_Y", table.imports.Y)
    accounts = []
    for number, (key, account) in enumerate(table.accounts.items()):
        shapes[f"account_{number}"] = _write_array(place, f"account_{number}", account.values)
        if account.demand_values is not None:
            shapes[f"account_{number}_demand"] = _write_array(place, f"account_{number}_demand", account.demand_values)
        accounts.append({"key": key, "name": account.name, "unit": account.unit})
    return {"accounts": accounts}


def _read_extras(place: Path, about: dict[str, Any]) -> dict[str, Any]:
    shapes = about["shapes"]
    imports = None
    if "imports_Z" in shapes:
        imports = ImportBlock(_read_array(place, "imports_Z", shapes), _read_array(place, "imports_Y", shapes))
    accounts = {}
    for number, record in enumerate(about["accounts"]):
        demand = f"account_{number}_demand"
        accounts[record["key"]] = Account(
            record["name"],
            _read_array(place, f"account_{number}", shapes),
            record["unit"],
            _read_array(place, demand, shapes) if demand in shapes else None,
        )
    return {"imports": imports, "accounts": accounts}


def _write_array(place: Path, key: str, array: Any) -> list[int]:
    write_columns(place / f"{key}.parquet", {"value": np.ascontiguousarray(array, dtype=np.float64).ravel()})
    return list(array.shape)


def _read_array(place: Path, key: str, shapes: dict[str, list[int]]) -> Any:
    return read_array(place / f"{key}.parquet").reshape(shapes[key])


def _write_trade(trade: TradeTable, path: Path) -> None:
    connection: Any = trade.connect()
    reader = connection.sql(trade.query).to_arrow_reader(GROUP)
    write_stream(path, reader.schema.remove_metadata(), iter(reader))


def _read_trade(path: Path, about: dict[str, Any], common: dict[str, Any]) -> TradeTable:
    from netcluster.tables.duck import Store

    columns = ", ".join(f'"{column}"' for column in about["columns"])
    literal = str(path.resolve()).replace("'", "''")
    return TradeTable(
        query=f"SELECT {columns} FROM read_parquet('{literal}')",
        columns=tuple(about["columns"]),
        connect=Store(),
        years=tuple(about["years"]),
        names=about["names"],
        quantity_unit=about["quantity_unit"],
        **common,
    )
