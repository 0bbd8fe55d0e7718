"""Lists of who takes part in what: partners of projects, applicants of patents, members, suppliers of offices.

Each row names a member and a group. Projects and patents are no nodes but what their members share; associations and
offices are institutions. The shapes of public sources are known by their columns: CORDIS's lists of organisations,
the OECD's REGPAT and HAN and PATSTAT's applicants, TED's and other lists of contracts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.duck import arrow
from netcluster.tables.firms import FIRM_COLUMNS, INSTITUTION_ROLES, FirmTable
from netcluster.tables.links import LinkTable
from netcluster.tables.long.headers import normal, unit_of
from netcluster.tables.long.years import choose_year

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.long.source import Source

#: The kinds, and the layer each fills.
KINDS: Mapping[str, str] = {
    "projects": "project",
    "patents": "patent",
    "memberships": "membership",
    "procurement": "supply",
}
#: Layers whose groups are no nodes.
SHARED = ("project", "patent")

#: Kinds of organisations as CORDIS and PATSTAT write them, and the roles they are.
ROLES = {
    "hes": "university",
    "rec": "research",
    "pub": "government",
    "university": "university",
    "hospital": "research",
}
ROLES |= {"gov_non_profit": "government", "oth": "association", "government": "government", "research": "research"}
ROLES |= {"association": "association", "bank": "bank", "higher_education": "university"}


def recognise(
    kind: str, header: Sequence[str], rows: Sequence[Sequence[str]], told: Mapping[str, str], *, sure: bool = False
) -> dict[str, str] | None:
    """Return the columns of a list of that kind (member, group and more), or None where it is none.

    `told` are columns the user named; `sure` says that the user named the kind. A list is told apart from a list of
    firms by its members, who come again, or by having little else than the pair.

    >>> header = ["projectID", "organisationID", "name", "activityType"]
    >>> recognise("projects", header, [["1", "9", "ETH", "HES"]], {})["group"]
    'projectID'
    """
    names = {normal(name): name for name in reversed(header) if name.strip()}
    known, columns = _known(), dict(told)
    wanted = {"group": known[kind]["groups"], "member": known[kind]["members"], **known["more"]}
    for ours, theirs in wanted.items():
        taken = set(columns.values())
        found = next((names[name] for name in theirs if name in names and names[name] not in taken), None)
        if ours not in columns and found is not None:
            columns[ours] = found
    if not {"member", "group"} <= set(columns) or not (sure or _is_list(header, rows, columns, kind)):
        return None
    return columns


@cache
def _known() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    text = files("netcluster.tables.long").joinpath("members.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _is_list(header: Sequence[str], rows: Sequence[Sequence[str]], columns: Mapping[str, str], kind: str) -> bool:
    """Whether rows are pairs of a member and a group, and no firms with a column of where they belong."""
    if not {columns["member"], columns["group"]} <= set(header):
        return False
    at = {ours: list(header).index(columns[ours]) for ours in ("member", "group")}
    cells = [(row[at["member"]], row[at["group"]]) for row in rows if len(row) > max(at.values())]
    members = [member for member, _ in cells]
    if kind == "procurement":
        return "amount" in columns or len(header) <= 3
    keyed = any(word in normal(columns["group"]) for word in ("project_id", "appln_id", "patent"))
    return keyed or len(header) <= 4 or len(set(members)) < 0.9 * len(members)


def read_members(
    source: Source, columns: Mapping[str, str], kind: str, *, year: int | None = None
) -> tuple[LinkTable, FirmTable]:
    """Return the links from members to groups and the members (and institutions) themselves.

    In layers project and patent the groups are what members share (`LinkTable.groups`). Rows twice the same count
    once; contracts keep their amounts, which `build` adds up. Raises NetclusterError where no row names both.
    """
    notes: list[Note] = []
    frame = _rows(source, columns)
    # Patents of several years are one list, and so are projects; the years of contracts and memberships are tables.
    if kind in ("procurement", "memberships"):
        frame, year = choose_year(frame, year, source.name, notes)
    nameless = (frame["member"].fillna("") == "") | (frame["group"].fillna("") == "")
    if nameless.any():
        text = f"{int(nameless.sum()):,} rows name no member or no group; they are left out."
        notes.append(Note("nameless_rows", text, int(nameless.sum())))
        frame = frame[~nameless]
    if frame.empty:
        raise NetclusterError(f"{source.name}: no row names a member and a group.", "Name them with --columns.")
    layer = KINDS[kind]
    weight = frame["amount"].fillna(1.0) if kind == "procurement" and "amount" in frame else 1.0
    pairs = frame[["member", "group"]].set_axis(["source", "target"], axis=1).assign(weight=weight, layer=layer)
    if not (kind == "procurement" and "amount" in frame):
        pairs = _once(pairs, notes)
    text = f"Rows were taken as {kind}: {columns['member']} takes part in {columns['group']} (layer {layer})."
    notes.append(Note("members", text, len(pairs)))
    unit = unit_of(columns.get("amount", "")) if kind == "procurement" else ""
    about: dict[str, Any] = {"year": year, "source": source.name}
    shared = (layer,) if layer in SHARED else ()
    links = LinkTable(pairs.reset_index(drop=True), unit=unit, changes=tuple(notes), groups=shared, **about)
    return links, FirmTable(_actors(frame, kind), **about)


@dataclass(frozen=True)
class _Group:
    """What groups that are nodes are."""

    kind: str
    role: str


_GROUPS = {"memberships": _Group("institution", "association"), "procurement": _Group("institution", "government")}


def _rows(source: Source, columns: Mapping[str, str]) -> pd.DataFrame:
    numbers = [name for name in ("amount", "size") if name in columns]
    connection = source.store()
    try:
        frame: pd.DataFrame = arrow(connection, source.scan(dict(columns), numbers), source.name).to_pandas()
    finally:
        connection.close()
    return frame


def _once(pairs: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    double = pairs.duplicated()
    if double.any():
        count = int(double.sum())
        notes.append(Note("same_rows", f"{count:,} rows name the same member and group again and count once.", count))
    return pairs[~double]


def _actors(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return members, and groups that are institutions, one row each, what a row leaves empty filled from others."""
    import pandas as pd

    texts = [name for name in ("label", "type", "region", "country", "geolocation") if name in frame]
    wanted = ["member", *texts, *(["size"] if "size" in frame else [])]
    cells = frame[wanted].mask(lambda column: column == "")
    members = cells.groupby("member", sort=False).first().reset_index().rename(columns={"member": "id"})
    told = members["type"].map(_role) if "type" in members else pd.Series("", index=members.index)
    members = members.assign(role=told, kind=told.isin(INSTITUTION_ROLES).map({True: "institution", False: "firm"}))
    if kind == "procurement":
        members["role"] = members["role"].where(members["role"] != "", "supplier")
    if "geolocation" in members:
        places = members["geolocation"].astype("str").str.extract(r"(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)")
        members = members.assign(lat=places[0].astype("float64"), lon=places[1].astype("float64"))
    if "region" not in members and "country" in members:
        members = members.assign(region=members["country"])
    if kind in _GROUPS:
        own = set(members["id"])
        others = [name for name in frame["group"].drop_duplicates() if name not in own]
        group = _GROUPS[kind]
        members = pd.concat([members, pd.DataFrame({"id": others, "kind": group.kind, "role": group.role})])
    return _filled(members.reset_index(drop=True))


def _role(text: object) -> str:
    return ROLES.get(normal(str(text)), "") if isinstance(text, str) else ""


def _filled(actors: pd.DataFrame) -> pd.DataFrame:
    """Return a list of firms with every column it needs; labels default to ids."""
    texts = ("id", "kind", "role", "industry", "region", "label", "country")
    for column in (*FIRM_COLUMNS, "label"):
        if column not in actors:
            actors[column] = "" if column in texts else float("nan")
    for column in texts:
        if column in actors:
            actors[column] = actors[column].astype("object").where(actors[column].notna(), "").astype("str")
    actors["label"] = actors["label"].where(actors["label"] != "", actors["id"])
    more = ["country"] if "country" in actors else []
    return actors[[*FIRM_COLUMNS, "label", *more]]
