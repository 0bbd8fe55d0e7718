"""Who is asked about, and what they depend on: nodes numbered as subjects and as partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.risk._loss_findings import called
from netcluster.risk._source import Flows, Labels

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Subject = Literal["node", "region", "cluster"]
Partner = Literal["industry", "partner", "country"]


@dataclass(frozen=True, eq=False)
class Subjects:
    """Who is asked about: `codes` gives each node its subject."""

    kind: Subject
    keys: Labels
    names: Labels
    codes: Integers
    share: Array
    output: Array


@dataclass(frozen=True, eq=False)
class Partners:
    """What they depend on: `codes` gives each node the partner it counts as."""

    on: Partner
    keys: Labels
    names: Labels
    codes: Integers


def subjects_of(flows: Flows, kind: Subject, groups: npt.ArrayLike | None) -> Subjects:
    """Return the subjects: each node, each region, or each group of labels (1, 2, … in order)."""
    weight = np.nan_to_num(flows.weight)
    if kind == "node":
        codes = np.arange(flows.n)
        return Subjects(kind, flows.ids, flows.names, codes, weight, flows.output)
    if kind == "region":
        labels: Any = flows.region
    elif groups is None:
        raise NetclusterError(
            "Dependence of clusters needs to know who belongs to which.", "Give groups (--partition)."
        )
    else:
        labels = np.asarray(groups)
    if labels.shape != (flows.n,):
        raise NetclusterError(f"There are {labels.size} group labels for {flows.n} nodes.", "Give one label a node.")
    keys, codes = _sorted_codes(labels) if kind == "cluster" else _codes(labels)
    k = len(keys)
    output, share = (
        np.bincount(codes, values, k).astype(np.float64) for values in (np.nan_to_num(flows.output), weight)
    )
    return Subjects(kind, keys, keys, codes, share, output)


def partners_of(flows: Flows, on: Partner) -> Partners:
    """Return the partners: single nodes, industries over all regions, or regions."""
    if on == "partner":
        names = np.array([called(str(a), str(b)) for a, b in zip(flows.names, flows.ids, strict=True)], dtype=object)
        return Partners(on, flows.ids, names, np.arange(flows.n))
    if on not in ("industry", "country"):
        raise NetclusterError(f"{on!r} is no kind of partner.", "Say industry, partner or country.")
    labels = flows.industry if on == "industry" else flows.region
    if (labels == "").all() and on == "industry":
        raise NetclusterError(
            "The nodes bear no industry.",
            "Give a list of firms with their industries beside the links, or ask with --on partner.",
        )
    keys, codes = _codes(labels)
    if on == "country" and len(keys) < 2:
        raise NetclusterError(
            "This table has one region: there is no other country in it to depend on.",
            "Ask with --on industry, or give a table of several regions.",
        )
    names = np.array([flows.industry_names.get(key, key) for key in keys], dtype=object) if on == "industry" else keys
    return Partners(on, keys, names, codes)


def _codes(labels: Any) -> tuple[Labels, Integers]:
    import pandas as pd

    codes, keys = pd.factorize(np.asarray(labels, dtype=object))
    return np.asarray(keys, dtype=object), codes.astype(np.int64)


def _sorted_codes(labels: Any) -> tuple[Labels, Integers]:
    keys, codes = np.unique(labels, return_inverse=True)
    return np.array([str(key) for key in keys.tolist()], dtype=object), codes.astype(np.int64)


def indicator(codes: Integers, k: int) -> Any:
    """Return the sparse (n, k) matrix with a one where a node belongs to a group."""
    import scipy.sparse as sp

    n = len(codes)
    return sp.csr_array((np.ones(n), (np.arange(n), codes)), shape=(n, k))
