"""Firms that stand in the input under two names: offered in pairs, and made one where a person says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.network.encode import examples
from netcluster.network.match import merge as renamed
from netcluster.network.match import near_duplicates
from netcluster.tables.bundle import Bundle
from netcluster.tables.firms import FirmTable

if TYPE_CHECKING:
    import pandas as pd


def suggest_merges(bundle: Bundle, *, threshold: float = 0.85) -> Result:
    """Return pairs of firms that may be one, best first: a, b, score, reason, label_a, label_b.

    Names are the labels of listed firms and the ids of link ends that no list names. a is the one with fewer links,
    to be merged into b; where they have as many, the later in the alphabet. Firms of one label but two ids are
    offered with score 1. Nothing is merged: strike out the pairs that are two firms, and give the rest to
    `apply_merges`.

    Raises NetclusterError where the bundle holds neither firms nor links.
    """
    import pandas as pd

    named = _names(bundle)
    if named.empty:
        raise NetclusterError("There are no firms in the input to be merged.", "Give a list of firms or of links.")
    found = near_duplicates(named.tolist(), threshold)
    ids = {str(name): list(group) for name, group in named.groupby(named, sort=True).groups.items()}
    pairs = [(group[0], other, 1.0, "same label") for group in ids.values() for other in group[1:]]
    # The first id of a name stands for it: its others are offered to be merged into that one already.
    pairs += [
        (ids[name][0], ids[other][0], float(score), str(why))
        for name, other, score, why in found.frame.itertuples(index=False)
    ]
    links = _links(bundle)
    rows = []
    for one, two, score, why in pairs:
        b, a = sorted((one, two), key=lambda name: (-links.get(name, 0), name))
        rows.append((a, b, score, why, named[a], named[b]))
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    frame = pd.DataFrame(rows, columns=["a", "b", "score", "reason", "label_a", "label_b"])
    return Result(frame, ("score",), {"threshold": threshold, "names": int(named.nunique())})


def apply_merges(bundle: Bundle, merges: Mapping[str, str]) -> Bundle:
    """Return the bundle with firms made one: each old id is its new one in links and lists, what is left counted.

    Where a merge leads to another (a → b, b → c), it goes to the end. Of two rows in the list of firms the row of the
    id kept stays, and what it leaves empty is filled from the other; sizes are not added up, as both tell of the same
    firm. Links of the two become the same links, and `build` adds them up.

    Raises
    ------
    NetclusterError
        Where merges go in a circle, name ids that the input does not have, or the input is a saved network.
    """
    if bundle.network is not None:
        raise NetclusterError(
            "A saved network's firms can't be merged.", "Build anew from the lists it was made of, with --merge."
        )
    final = {old: _end(old, merges) for old in merges}
    known = set(_names(bundle).index)
    strangers = sorted(name for name in {*final, *final.values()} if name not in known)
    if strangers:
        raise NetclusterError(
            f"{len(strangers)} ids to be merged are not in the input (first: {examples(strangers)}).",
            "Take the ids as --suggest-merges prints them, in the columns a and b.",
        )
    changes: dict[str, object] = {}
    if bundle.links is not None:
        changes["links"] = renamed(bundle.links, final)
    if bundle.firms is not None:
        changes["firms"] = _merged_firms(bundle.firms, final)
    return bundle.replace(**changes)


def _end(name: str, merges: Mapping[str, str]) -> str:
    seen = {name}
    while name in merges:
        name = merges[name]
        if name in seen:
            raise NetclusterError(f"The merges go in a circle through {name!r}.", "Keep one name of each firm.")
        seen.add(name)
    return name


def _names(bundle: Bundle) -> pd.Series[str]:
    """Return the name of each firm by its id: the label where it is listed, else the id; groups are no firms."""
    import pandas as pd

    pieces = []
    if bundle.firms is not None:
        frame = bundle.firms.frame
        label = frame["label"].fillna("") if "label" in frame else pd.Series("", index=frame.index)
        pieces.append(pd.Series(label.where(label != "", frame["id"]).to_numpy(), index=frame["id"].to_numpy()))
    if bundle.links is not None:
        shared = bundle.links.frame["layer"].isin(bundle.links.groups)
        ends = pd.concat([bundle.links.frame["source"], bundle.links.frame["target"][~shared]])
        distinct = pd.Index(ends.dropna().unique())
        listed = pieces[0].index if pieces else pd.Index([])
        strangers = distinct[~distinct.isin(listed) & (distinct != "")]
        pieces.append(pd.Series(strangers.to_numpy(), index=strangers.to_numpy()))
    return pd.concat(pieces).astype("str") if pieces else pd.Series([], dtype="str")


def _links(bundle: Bundle) -> dict[str, int]:
    import pandas as pd

    if bundle.links is None:
        return {}
    ends = pd.concat([bundle.links.frame["source"], bundle.links.frame["target"]])
    return {str(name): int(count) for name, count in ends.value_counts().items()}


def _merged_firms(firms: FirmTable, final: Mapping[str, str]) -> FirmTable:
    frame = firms.frame
    kept = frame["id"].map(lambda name: final.get(name, name))
    # The row of the id that stays comes first, so that of each column its cell is taken where it has one.
    order = (frame["id"] != kept).sort_values(kind="stable").index
    merged = frame.loc[order].mask(lambda cells: cells == "").groupby(kept.loc[order], sort=False).first()
    merged = merged.assign(id=merged.index)
    for column in frame:
        if frame[column].dtype.kind not in "fiub":
            merged[column] = merged[column].astype("object").fillna("").astype(frame[column].dtype)
    gone = len(frame) - len(merged)
    text = f"{gone:,} rows of the list of firms were merged into others; their sizes are not added up."
    rows = merged.loc[frame["id"][frame["id"].isin(merged.index)]].reset_index(drop=True)
    return replace(firms, frame=rows[list(firms.frame)], changes=(*firms.changes, Note("merged_firms", text, gone)))
