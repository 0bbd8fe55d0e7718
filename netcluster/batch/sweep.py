"""The systemic-risk index of every firm, spread over workers: a range of firms a task, equal to one machine's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcluster.core.engine import Engine, Lost, Sent
from netcluster.core.errors import NetclusterError

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

#: Firms a task; it does not depend on the number of workers.
FIRMS = 2_000


def cascade_sweep(folder: Path, engine: Engine, *, layer: str = "supply", **options: Any) -> pd.DataFrame:
    """Return a row a firm with its ESRI, as `risk.cascade` gives it with fast=False, worked out by an engine.

    Parameters
    ----------
    folder : path
        A saved network, on a disk that all workers reach; each loads it once.
    engine : Engine
        Where the firms' cascades are followed.
    options :
        Of `risk.cascade`: production, replaceability, epsilon.

    Raises
    ------
    NetclusterError
        Where the network can't be used, or a worker was lost too often.
    """
    import pandas as pd

    count = len(_firms(str(folder), layer))
    starts = range(0, count, FIRMS)
    work = partial(_range, str(folder), layer, tuple(sorted(options.items())))
    found: dict[int, pd.DataFrame] = {}
    for number, piece in engine.completed(work, starts, _no_files):
        if isinstance(piece, Lost):
            raise NetclusterError(f"A range of firms was lost: {piece.reason}", "Use fewer workers, or more memory.")
        found[number] = piece
    return pd.concat([found[number] for number in range(len(starts))], ignore_index=True)


def _no_files(_: object) -> Mapping[str, str]:
    return {}


def _range(folder: str, layer: str, options: tuple[tuple[str, Any], ...], start: int, _: Sent) -> pd.DataFrame:
    from netcluster.risk import cascade

    firms = _firms(folder, layer)[start : start + FIRMS]
    return cascade(_network(folder), layer=layer, firms=firms, fast=False, **dict(options)).frame


@lru_cache(maxsize=1)
def _network(folder: str) -> Network:
    from netcluster.network.build import build
    from netcluster.network.store import load
    from netcluster.study.levels import firm_level

    return firm_level(build(load(folder)))


def _firms(folder: str, layer: str) -> list[str]:
    """Return the firms in the order of the network."""
    if layer not in _network(folder).layers:
        raise NetclusterError(f"The network has no layer {layer!r}.", f"It has {', '.join(_network(folder).layers)}.")
    return [str(name) for name in _network(folder).nodes["id"]]
