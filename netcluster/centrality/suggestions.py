"""Collaborations that are missing: which tie between a member and an institution would bring most others near one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.centrality.reach import Array, Integers, Mask, group_codes, institution_mask, relation_layers, ties
from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

MEASURES = ("gain", "gain_size", "group_ties")
#: Roles of institutions one works with, rather than banks with or is governed by.
COLLABORATION = ("association", "research", "university")


@dataclass(frozen=True, eq=False)
class _Case:
    """What every round of the search looks at: ties, who is a member, sizes, groups and regions."""

    nodes: pd.DataFrame
    pattern: Any
    member: Mask
    sizes: Array
    codes: Integers
    group_names: list[object]


def suggestions(
    network: Network,
    groups: npt.ArrayLike | None = None,
    *,
    top: int = 10,
    layer: str | Sequence[str] | None = None,
    roles: Sequence[str] = (),
    within: int = 2,
) -> Result:
    """Return the missing ties between members and institutions that would add most reach, each with its reason.

    A tie of member f to an institution of some role brings f, and with `within=2` its partners, near that role. Its
    gain is how many of them had none near. Ties are chosen one after the other, each the one of most gain after those
    before it (greedy cover, within 1 − 1/e of the best: Nemhauser, Wolsey and Fisher 1978), the larger size first
    where gains are equal. Of the role's institutions the one is named that has most ties in f's group, then one in
    its region, then the one with fewest ties.

    Parameters
    ----------
    network, groups, layer
        As in `coverage`.
    top : int
        How many to name at the most.
    roles : sequence of str
        For which roles; default `COLLABORATION` where there are such, else all. An association is no substitute for
        a university, so that each role is looked at alone.
    within : {1, 2}
        Near means within so many links, by way of a member.

    Returns
    -------
    Result
        One row a suggestion, in the order chosen: firm, institution, role, gain (members brought near), gain_size
        (their share of all members' size), group (the firm's), group_ties (ties of the institution in that group),
        reason, firm_label, institution_label.

    Examples
    --------
    a works with b and c, d alone with the university: a tie of a brings three near, of b or c two.

    >>> import pandas as pd
    >>> from netcluster.network.network import Layer, Network
    >>> import scipy.sparse as sp
    >>> nodes = pd.DataFrame({"id": ["a", "b", "c", "d", "u"], "kind": ["firm"] * 4 + ["institution"],
    ...     "role": [""] * 4 + ["university"], "label": "", "industry": "", "region": "", "size": 1.0})
    >>> links = sp.csr_array(([1.0] * 3, ([0, 0, 3], [1, 2, 4])), shape=(5, 5))
    >>> found = suggestions(Network(nodes, {"project": Layer(links)})).frame
    >>> print(found[["firm", "institution", "gain"]].to_string(index=False))
    firm institution  gain
       a           u     3
    """
    if within not in (1, 2):
        raise NetclusterError(f"Within {within} links is not offered.", "Take 1 or 2.")
    if top < 1:
        raise NetclusterError(f"{top} suggestions are none.", "Give top=1 or more.")
    there = institution_mask(network)
    layers = relation_layers(network, layer)
    codes, names, what = group_codes(network, groups)
    size = network.nodes["size"].to_numpy(dtype=np.float64)
    sizes = np.where(np.isfinite(size) & ~there, size, 0.0)
    case = _Case(network.nodes, ties(network, layers), ~there, sizes, codes, names)
    wanted = _wanted(network, there, roles)
    rows = _search(case, there, wanted, top, within)
    return Result(
        frame=_frame(case, rows, within),
        measures=MEASURES,
        parameters={
            "layer": ",".join(layers),
            "groups": what,
            "top": top,
            "roles": ",".join(wanted),
            "within": within,
        },
        notes=_notes(layers, layer is None, rows, within),
    )


def _wanted(network: Network, there: Mask, roles: Sequence[str]) -> tuple[str, ...]:
    known = tuple(sorted(set(network.nodes["role"][there])))
    absent = [role for role in roles if role not in known]
    if absent:
        raise NetclusterError(
            f"No institution has the role {absent[0]!r}.", f"Roles here: {', '.join(filter(None, known)) or 'none'}."
        )
    return tuple(roles) or tuple(role for role in known if role in COLLABORATION) or known


@dataclass(frozen=True)
class _Tie:
    """One suggestion: node numbers, role, and what it adds."""

    firm: int
    institution: int
    role: str
    gain: int
    gain_size: float
    group_ties: int
    partners: int
    own: bool


def _search(case: _Case, there: Mask, roles: Sequence[str], top: int, within: int) -> list[_Tie]:
    role_of = case.nodes["role"].to_numpy()
    sources = {role: there & (role_of == role) for role in roles}
    far = {role: case.member & ~_near(case, sources[role], within) for role in roles}
    scored = {role: _gains(case, far[role], within) for role in roles}
    found: list[_Tie] = []
    while len(found) < top:
        best = [
            (-gains[at], -size[at], role, at) for role, (gains, size) in scored.items() for at in [_best(gains, size)]
        ]
        gain, _, role, firm = min(best)
        if gain >= 0:
            break
        found.append(_tie(case, firm, role, sources[role], far[role], within))
        brought = _brought(case.pattern, firm, within)
        far[role][brought] = False
        scored[role] = _gains(case, far[role], within)
    return found


def _near(case: _Case, sources: Mask, within: int) -> Mask:
    """Return who has a source among its ties, or within two links by way of a member."""
    direct = np.asarray(case.pattern @ sources.astype(np.float32) > 0)
    if within == 1:
        return direct
    return np.asarray(direct | np.asarray(case.pattern @ (direct & case.member).astype(np.float32) > 0))


def _gains(case: _Case, far: Mask, within: int) -> tuple[Integers, Array]:
    """Return what a tie of each member would bring near: how many, and of what size."""
    amounts = np.column_stack([far, np.where(far, case.sizes, 0.0)]).astype(np.float64)
    if within == 2:
        amounts = amounts + case.pattern @ amounts
    amounts[~case.member] = 0.0
    return np.rint(amounts[:, 0]).astype(np.int64), amounts[:, 1]


def _best(gains: Integers, size: Array) -> int:
    """Return the first of the members of the largest size among those of most gain."""
    most = np.flatnonzero(gains == gains.max())
    return int(most[np.argmax(size[most])])


def _brought(pattern: Any, firm: int, within: int) -> Integers:
    partners = pattern.indices[pattern.indptr[firm] : pattern.indptr[firm + 1]] if within == 2 else []
    return np.concatenate([[firm], partners]).astype(np.int64)


def _tie(case: _Case, firm: int, role: str, source: Mask, far: Mask, within: int) -> _Tie:
    """Return the suggestion of a member: the institution of the role that knows its group best."""
    brought = _brought(case.pattern, firm, within)
    gained = brought[far[brought]]
    places = np.flatnonzero(source)
    alike = case.member & (case.codes == case.codes[firm]) & (case.codes[firm] >= 0)
    own = case.pattern[places]
    inside = np.asarray(own @ alike.astype(np.float64)).ravel()
    region = case.nodes["region"].to_numpy()
    near = (region[places] == region[firm]) & (region[firm] != "")
    already = np.asarray(own[:, [firm]].sum(axis=1)).ravel() > 0
    at = int(np.lexsort((places, np.diff(own.indptr), ~near, -inside, already))[0])
    total = case.sizes.sum()
    partners = int(case.pattern.indptr[firm + 1] - case.pattern.indptr[firm])
    share = case.sizes[gained].sum() / total if total > 0 else float("nan")
    return _Tie(firm, int(places[at]), role, gained.size, float(share), int(inside[at]), partners, bool(far[firm]))


def _frame(case: _Case, rows: Sequence[_Tie], within: int) -> pd.DataFrame:
    import pandas as pd

    ids, labels = case.nodes["id"].to_numpy(), case.nodes["label"].to_numpy()
    columns = ("firm", "institution", "role", *MEASURES[:2], "group", "group_ties", "reason", "firm_label")
    records = [
        (
            ids[row.firm],
            ids[row.institution],
            row.role,
            row.gain,
            row.gain_size,
            _group(case, row),
            row.group_ties,
            _reason(case, row, within),
            labels[row.firm],
            labels[row.institution],
        )
        for row in rows
    ]
    return pd.DataFrame(records, columns=[*columns, "institution_label"])


def _group(case: _Case, row: _Tie) -> object:
    code = case.codes[row.firm]
    return case.group_names[code] if code >= 0 else ""


def _reason(case: _Case, row: _Tie, within: int) -> str:
    """Return one sentence on why this tie."""
    named = case.nodes["label"].where(case.nodes["label"] != "", case.nodes["id"])
    firm, institution = named.iloc[row.firm], named.iloc[row.institution]
    others, of = row.gain - row.own, f"of its {row.partners:,} partners"
    if row.own and others:
        lacking = f"{firm} and {others:,} {of} have"
    else:
        lacking = f"{firm} has" if row.own else f"Of the {row.partners:,} partners of {firm}, {others:,} have"
    far = "within two links" if within == 2 else "among their ties"
    said = f"{lacking} no {_PHRASES.get(row.role, 'institution')} {far}; {institution} has "
    if row.group_ties:
        return said + f"{row.group_ties:,} tie{'s' if row.group_ties > 1 else ''} in “{_group(case, row)}” already."
    region = case.nodes["region"].to_numpy()
    same = region[row.firm] == region[row.institution] and region[row.firm] != ""
    return said + ("the fewest ties of those in its region." if same else "the fewest ties so far.")


_PHRASES = {
    "university": "university",
    "research": "research institute",
    "association": "association",
    "government": "public body",
    "bank": "bank",
}


def _notes(layers: Sequence[str], by_default: bool, rows: Sequence[_Tie], within: int) -> tuple[Note, ...]:
    notes = []
    if by_default:
        text = f"Ties of {', '.join(layers)} count, laid over one another; name others with layer."
        notes.append(Note("institution_layers", text, len(layers)))
    if not rows:
        text = f"Every member is within {within} links of an institution of each role: no tie would add reach."
        notes.append(Note("all_near", text))
    return tuple(notes)
