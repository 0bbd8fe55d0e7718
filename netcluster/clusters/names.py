"""What to call a cluster, and why: over-represented sections, its place, and its central members.

A section (or an industry, where many nodes share one) is over-represented where a draw of as many nodes without
replacement would hold that many of it in at most 5 % of cases, corrected for all pairs tested (hypergeometric test
with the correction of Benjamini and Hochberg 1995, as Tumminello et al. 2011 characterise communities).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from netcluster.clusters.sections import sections
from netcluster.clusters.significance import LEVEL, benjamini_hochberg

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

#: A cluster is placed in a region that makes more than this share of its output; ours.
PLACE_SHARE = 0.6
#: At most so many regions make a place together.
_PLACES = 3
#: Characters of a member's label kept in a name.
_LABEL = 46


@dataclass(frozen=True)
class Name:
    """A cluster's name, the reason for it, its central members (node numbers) and its main region, if it has one."""

    name: str
    reason: str
    central: tuple[int, ...]
    region: str = ""
    region_share: float = float("nan")


def over_representation(groups: Sequence[str], labels: npt.ArrayLike) -> pd.DataFrame:
    """Return which groups stand in which clusters more often than chance has it.

    Parameters
    ----------
    groups : n strings
        The group of each node; an empty one is no group, but its node counts among those drawn from.
    labels : (n,) integers
        The cluster of each node.

    Returns
    -------
    pandas.DataFrame
        cluster, group, count, expected, p_value, p_corrected; one row a pair that occurs, ordered by cluster, p.
    """
    import pandas as pd

    clusters = np.asarray(labels)
    frame = pd.DataFrame({"cluster": clusters, "group": list(groups)})
    size, whole = frame["cluster"].value_counts(), frame["group"].value_counts()
    pairs = frame[frame["group"] != ""].value_counts(sort=False).reset_index()
    drawn, marked = size.loc[pairs["cluster"]].to_numpy(), whole.loc[pairs["group"]].to_numpy()
    count, n = pairs["count"].to_numpy(), clusters.size
    pairs["expected"] = drawn * marked / n
    # Nodes that stand alone are clusters of one, alike by the thousand: each case is worked out once.
    cases, case = np.unique(np.column_stack([count, marked, drawn]), axis=0, return_inverse=True)
    pairs["p_value"] = np.array([_tail(int(k), int(m), int(d), n) for k, m, d in cases], dtype=np.float64)[case.ravel()]
    pairs["p_corrected"] = benjamini_hochberg(pairs["p_value"].to_numpy())
    return pairs.sort_values(["cluster", "p_value", "group"]).reset_index(drop=True)


def _tail(count: int, marked: int, drawn: int, n: int) -> float:
    """Return the chance of `count` or more marked among `drawn` of n without replacement (hypergeometric)."""
    found = np.arange(count, min(marked, drawn) + 1)
    log_chance = _log_choose(marked, found) + _log_choose(n - marked, drawn - found) - _log_choose(n, np.array([drawn]))
    return min(float(np.exp(log_chance).sum()), 1.0)


def _log_choose(of: int, chosen: npt.NDArray[np.int64]) -> Array:
    """Return ln C(of, chosen); what can't be chosen has none."""
    possible = (chosen >= 0) & (chosen <= of)
    taken = np.where(possible, chosen, 0)
    logs = gammaln(of + 1) - gammaln(taken + 1) - gammaln(of - taken + 1)
    return np.asarray(np.where(possible, logs, -np.inf))


def name_clusters(nodes: pd.DataFrame, flows: Any, labels: Labels) -> list[Name]:
    """Return a name for each cluster 1…k of a network's nodes, all different, each with its reason."""
    k = int(labels.max(initial=0))
    groups = _groups(nodes)
    found = over_representation(groups, labels)
    found = found[(found["p_corrected"] <= LEVEL) & (found["count"] >= 2)]
    several = nodes["region"].nunique() > 1
    share = _strength_shares(flows, labels)
    said = _said(nodes)
    regions = nodes["region"].to_numpy()
    size = nodes["size"].fillna(0.0).to_numpy(dtype=float)
    whole = _by_region(nodes, size) if several else {}
    listed = {cluster: rows[["group", "count", "p_corrected"]].head(2) for cluster, rows in found.groupby("cluster")}
    names = []
    for cluster, members in enumerate(members_of(labels, k), start=1):
        central = members[np.argsort(-share[members], kind="stable")][:5]
        place = _place(regions, size, members, whole) if several else _Place()
        marks = list(listed[cluster].itertuples(index=False)) if cluster in listed else []
        names.append(_name(groups, said, central, share, marks, place, members.size))
    return _distinct(names, said)


def members_of(labels: Labels, k: int) -> list[npt.NDArray[np.intp]]:
    """Return the nodes of each cluster 1…k, in their order, in one pass over the nodes.

    >>> [members.tolist() for members in members_of(np.array([2, 1, 2]), 2)]
    [[1], [0, 2]]
    """
    order = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[order], np.arange(1, k + 2))
    return [order[start:end] for start, end in pairwise(ends)]


@dataclass(frozen=True)
class _Place:
    region: str = ""
    share: float = float("nan")
    whole: bool = False


def _by_region(nodes: pd.DataFrame, size: Array) -> dict[str, tuple[float, int]]:
    """Return the output and the number of nodes of each region."""
    grouped = nodes[["region"]].assign(size=size).groupby("region", sort=True)["size"]
    return {
        str(region): (float(output), int(count)) for region, output, count in grouped.agg(["sum", "size"]).itertuples()
    }


def _place(
    regions: npt.NDArray[np.object_], size: Array, members: npt.NDArray[np.intp], whole_of: dict[str, tuple[float, int]]
) -> _Place:
    """Return the main region of the members, or the few that make most of them; `whole` where that is most of these."""
    sized = size[members].sum() > 0
    totals: dict[str, float] = {}
    for at in members:
        totals[regions[at]] = totals.get(regions[at], 0.0) + (size[at] if sized else 1.0)
    largest = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    whole, amount = sum(totals.values()), 0.0
    named: list[str] = []
    while largest and len(named) < _PLACES and not amount > PLACE_SHARE * whole:
        region, part = largest.pop(0)
        named.append(region)
        amount += part
    held = sum(whole_of[region][0 if sized else 1] for region in named)
    return _Place("–".join(named), amount / whole, amount > PLACE_SHARE * whole and amount > PLACE_SHARE * held)


def _groups(nodes: pd.DataFrame) -> list[str]:
    """Return what nodes are tested for: their sections, or their industries where the codes tell no section."""
    industries = nodes["industry"].fillna("").astype(str).tolist()
    found = _kinds(nodes)
    if any(found):
        return found
    if len(set(industries)) > len(industries) / 2:
        return [""] * len(industries)
    labels = {code: label for code, label in zip(industries, nodes["label"], strict=True) if code and label}
    same = all(labels.get(code) == label for code, label in zip(industries, nodes["label"], strict=True))
    return [short_label(str(label)) for label in nodes["label"]] if same else industries


def _kinds(nodes: pd.DataFrame) -> list[str]:
    """Return the section of each node, or the name of its industry where codes tell none and a list has names."""
    found = section_of(nodes)
    if any(found) or "industry_name" not in nodes:
        return found
    return nodes["industry_name"].fillna("").astype(str).tolist()


def section_of(nodes: pd.DataFrame) -> list[str]:
    """Return the section of each node by the code of its industry, empty where none is told.

    Industries without a code of their own go by their ids; the ids of firms are no codes, whatever they look like.
    """
    codes = nodes["industry"].fillna("").astype(str)
    coded = codes.where((codes != "") | (nodes["kind"] != "industry"), nodes["id"].astype(str))
    return sections(coded.tolist()) if (coded != "").any() else [""] * len(nodes)


def _said(nodes: pd.DataFrame) -> list[str]:
    """Return what each node is called in a name: its label, where that is but a code with its kind before it."""
    labels = nodes["label"].astype(str)
    bare = (labels == nodes["industry"].astype(str)) | (labels == nodes["id"].astype(str))
    return [
        f"{kind} {label}" if kind and code else short_label(label)
        for label, kind, code in zip(labels, _kinds(nodes), bare, strict=True)
    ]


def _strength_shares(flows: Any, labels: Labels) -> Array:
    """Return each node's share of its cluster's inner flows, own use left out."""
    n = labels.size
    rows = np.repeat(np.arange(n), np.diff(flows.indptr))
    inner = (labels[rows] == labels[flows.indices]) & (rows != flows.indices)
    strength = np.bincount(rows[inner], flows.data[inner], n) + np.bincount(flows.indices[inner], flows.data[inner], n)
    total = np.bincount(labels, strength)[labels]
    return np.asarray(np.divide(strength, total, out=np.zeros(n), where=total > 0))


def _name(
    groups: Sequence[str],
    said: Sequence[str],
    central: npt.NDArray[np.intp],
    share: Array,
    marks: list[Any],
    place: _Place,
    members: int,
) -> Name:
    placed = place.share > PLACE_SHARE
    tops = [said[at] for at in central]
    found = [str(mark.group) for mark in marks]
    # In brackets stands one of what is named before them; what is none of it stands beside.
    if found and groups[central[0]] in found:
        what = f"{' & '.join(found)} ({tops[0].removeprefix(groups[central[0]]).strip() or tops[0]})"
    else:
        what = " & ".join([*found, tops[0]] if found else dict.fromkeys(tops[:2]))
    name = place.region if place.whole else f"{place.region}: {what}" if placed else what
    reasons = [
        f"{mark.count} of {members} members are {mark.group} (p = {mark.p_corrected:.2g}, corrected)" for mark in marks
    ]
    if place.region:
        reasons.append(f"{place.share:.0%} of output in {place.region.replace('–', ', ')}")
    if members > 1:
        reasons.append(
            "most inner flows: " + ", ".join(f"{tops[i]} {share[at]:.0%}" for i, at in enumerate(central[:3]))
        )
    else:
        reasons.append("stands alone")
    return Name(name, "; ".join(reasons), tuple(map(int, central)), place.region if placed else "", place.share)


def short_label(label: str) -> str:
    """Return the first part of an industry's name, without "Manufacture of".

    >>> short_label("Manufacture of motor vehicles, trailers and semi-trailers")
    'Motor vehicles'
    >>> short_label("Manufacture of computer, electronic and optical products")
    'Computer, electronic and optical products'
    """
    text = re.sub(r"^(manufacture|manufacturing) of ", "", label.strip(), flags=re.IGNORECASE)
    first = re.split(r"[,;(]| and of ", text)[0].strip() or label.strip()
    # "Computer, electronic and optical products": what stands before the comma is no noun of its own.
    shared = re.fullmatch(r"\w+(?<!s), \w+ and \w+ \w+s", text)
    text = text.strip() if shared else first
    if len(text) > _LABEL:
        text = text[:_LABEL].rsplit(" ", 1)[0]
    text = re.sub(r"( (and|of|as|via|the|for|in|to))+$", "", text)
    return text[:1].upper() + text[1:]


def _distinct(names: list[Name], said: Sequence[str]) -> list[Name]:
    """Return the names with a second member, or a number, added where two are alike."""
    from dataclasses import replace

    out: list[Name] = []
    seen: Counter[str] = Counter()
    for name in names:
        text = name.name
        if seen[text] and len(name.central) > 1:
            text = f"{text}, {said[name.central[1]]}"
        if seen[text]:
            text = f"{text} {seen[text] + 1}"
        seen[name.name] += 1
        seen[text] += text != name.name
        out.append(replace(name, name=text))
    return out
