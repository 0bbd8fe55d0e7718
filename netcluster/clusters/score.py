"""Bring your own partition: the same scores for divisions of a classification, official clusters, or anybody's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.clusters.detect import assemble, compared, measured, prepare
from netcluster.clusters.effort import Level
from netcluster.clusters.effort import effort as usual_effort
from netcluster.clusters.names import Name, name_clusters
from netcluster.clusters.partition import Partition, numbered
from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

if TYPE_CHECKING:
    from netcluster.network.backbone import Method as BackboneMethod
    from netcluster.network.network import Network

Labels = npt.NDArray[np.int64]
#: A code whose digits nest, NAICS or NACE: at least two of them, a letter or none before.
_CODE = re.compile(r"[A-Z]?\d{2,}")


def score(
    net: Network,
    labels: npt.ArrayLike | Sequence[object],
    *,
    layer: str = "supply",
    resolution: float = 1.0,
    seed: int = 0,
    transform: str = "flows",
    backbone: BackboneMethod | None = None,
    diagonal: bool = True,
    effort: Level = "standard",
    null_draws: int | None = None,
    jobs: int = 1,
) -> Partition:
    """Return a given partition with the scores a found one has.

    It is held against the same labels on networks without clusters: it was not made by looking at the flows, so no
    search has to be repeated, and it can be significant at a lower modularity than a found one. Give labels that
    were found on these flows to `detect`, not here.

    Parameters
    ----------
    net : Network
    labels : n values
        The group of each node, in the order of the nodes: numbers or names. A node without one (None, NaN, an
        empty text) stands alone. Names become the clusters' names.
    layer, resolution, seed, transform, backbone, diagonal, effort, null_draws, jobs
        As for `detect`.

    Returns
    -------
    Partition
        As of `detect`; stability is NaN and agreement None, as nothing was searched.

    Examples
    --------
    >>> import netcluster as nc
    >>> io = nc.IOTable.from_arrays([[9, 8, 1, 0], [8, 9, 0, 1], [1, 0, 9, 8], [0, 1, 8, 9]], x=[40] * 4)
    >>> part = score(nc.build(io), ["food", "food", "metal", "metal"])
    >>> part.frame["cluster_name"].tolist(), round(part.summary["modularity"], 3)
    (['food', 'food', 'metal', 'metal'], 0.444)
    """
    ready = prepare(net, layer, transform, diagonal=diagonal, backbone=backbone)
    groups, texts, missing = _groups(labels, net.n)
    codes = numbered(groups, net.nodes["size"].to_numpy())
    draws = usual_effort(effort, ready.layer.links).draws if null_draws is None else null_draws
    tested = compared(ready, codes, None, draws, seed, resolution, jobs=jobs)
    summary = {**measured(ready.flows, codes, resolution, tested), "members": 0, "agreement": None}
    parameters: dict[str, object] = {
        "layer": layer, "resolution": resolution, "seed": seed, "method": "given", "transform": transform,
        "backbone": backbone, "diagonal": diagonal, "effort": effort, "null_draws": draws,
    }  # fmt: skip
    if missing:
        note = Note("unlabelled", f"{missing} nodes had no label and stand alone.", missing)
        ready = replace(ready, notes=(*ready.notes, note))
    names = _named(name_clusters(net.nodes, ready.flows, codes), codes, texts)
    return assemble(net, ready, codes, summary, parameters, np.full(net.n, np.nan), tested, names)


def labels_of(net: Network, given: Mapping[str, str]) -> list[str | None]:
    """Return the label of each node from a mapping by id, None where it has none; ids of no node are an error."""
    known = set(net.ids)
    unknown = [node for node in given if node not in known]
    if unknown:
        raise NetclusterError(
            f"The partition names {len(unknown)} nodes that are not in the network, first {unknown[0]!r}.",
            f"Nodes are {', '.join(net.ids[:3])} …",
        )
    return [given.get(node) for node in net.ids]


def labels_by_industry(net: Network, given: Mapping[str, str]) -> tuple[list[str | None], tuple[Note, ...]]:
    """Return the label of each node from a mapping by industry code, such as official clusters are defined by.

    A node whose code is not named takes the label of the longest named code that its own begins with (3361 names
    336111), else the one that more than half of the named codes beginning with its own have: 3361MV stands for 3361.
    A named code of no node is passed over, as definitions are of a whole classification; where all are, it is an error.
    """
    codes = [code or ident for code, ident in zip(net.nodes["industry"].astype(str), net.ids, strict=True)]
    by_code = {code: _label_of(code, given) for code in dict.fromkeys(codes)}
    found = [by_code[code][0] for code in codes]
    if not any(found):
        raise NetclusterError(
            f"The clusters are of other industries ({', '.join(list(given)[:3])} …) than the network's.",
            f"Its own are {', '.join(codes[:3])} …: bring one classification into the other with --map.",
        )
    shared = [code for code, (label, whole) in by_code.items() if label and not whole]
    split = [code for code, (label, whole) in by_code.items() if label is None and not whole]
    notes = []
    if shared:
        text = f"{len(shared)} industries hold several of the given clusters and stand in that of most of their codes"
        notes.append(Note("clusters_by_majority", f"{text}: {_some(shared)}.", len(shared)))
    if split:
        text = f"{len(split)} industries hold several of the given clusters, none for the most part, and stand alone"
        notes.append(Note("clusters_divided", f"{text}: {_some(split)}. A finer table would tell.", len(split)))
    return found, tuple(notes)


def _label_of(code: str, given: Mapping[str, str]) -> tuple[str | None, bool]:
    """Return the label of an industry code, None for none, and whether all that is named of it has the same."""
    if code in given:
        return given[code], True
    if not (found := _CODE.match(code)):
        return None, True
    for length in range(len(code) - 1, 1, -1):
        if code[:length] in given:
            return given[code[:length]], True
    stem = found[0].rstrip("0")
    parts = Counter(label for named, label in given.items() if named.startswith(stem)) if len(stem) > 1 else Counter()
    if not parts:
        return None, True
    label, count = parts.most_common(1)[0]
    return (label if 2 * count > parts.total() else None), len(parts) == 1


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:5]) + (", …" if len(codes) > 5 else "")


def _groups(labels: npt.ArrayLike | Sequence[object], n: int) -> tuple[Labels, list[str], int]:
    """Return a code a node, the text of its label (empty for a number or none), and how many have none."""
    import pandas as pd

    given = pd.Series(np.asarray(labels, dtype=object))
    if len(given) != n:
        raise NetclusterError(
            f"There are {len(given)} labels for {n} nodes.", "Give one label a node, in the order of the nodes."
        )
    given = given.where(given.map(lambda value: value != ""), None)
    codes = pd.factorize(given)[0].astype(np.int64)
    none = codes < 0
    codes[none] = codes.max(initial=-1) + 1 + np.arange(int(none.sum()))
    texts = [value if isinstance(value, str) else "" for value in given]
    return codes, texts, int(none.sum())


def _named(names: list[Name], codes: Labels, texts: list[str]) -> list[Name]:
    first = np.unique(codes, return_index=True)[1]
    return [replace(name, name=texts[at] or name.name) for name, at in zip(names, first, strict=True)]
