"""Institutions attached to firms by rules: which firms they may reach, how many, and by which relation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.seeds import numpy_generator
from netcluster.core.sphere import kilometres
from netcluster.network.network import MONEY_LAYERS, Layer
from netcluster.tables.firms import INSTITUTION_ROLES
from netcluster.tables.side import read_side

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("id", "role", "firms")
OPTIONAL = ("label", "region", "lat", "lon", "size", "layer", "industry", "reach")
#: The relation an institution of each role has with firms where the rule names none.
LAYER_OF = {
    "university": "project",
    "research": "project",
    "association": "membership",
    "government": "membership",
    "bank": "finance",
}


@dataclass(frozen=True)
class Rule:
    """One institution's reach: `industry` codes or their beginnings, `reach` a region or km, `firms` or a `share`."""

    id: str
    role: str
    label: str
    region: str
    latitude: float
    longitude: float
    size: float
    layer: str
    industry: tuple[str, ...]
    reach: str
    firms: int
    share: float


def read_rules(path: Path) -> list[Rule]:
    """Return the rules of a CSV file, one a row; an institution may have several."""
    frame = read_side(path, NEEDED, OPTIONAL)
    return [_rule(row, f"{path}, line {line}") for line, row in enumerate(frame.to_dict("records"), start=2)]


def _rule(row: dict[Any, Any], where: str) -> Rule:
    role = str(row["role"]).lower()
    if role not in INSTITUTION_ROLES:
        raise NetclusterError(f"{where}: {row['role']!r} is no role.", f"Roles are {', '.join(INSTITUTION_ROLES)}.")
    layer = str(row.get("layer", "")) or LAYER_OF[role]
    if layer not in ("membership", "project", "finance"):
        raise NetclusterError(f"{where}: {layer!r} is no layer for institutions.", "membership, project or finance.")
    count = str(row["firms"])
    share = _number(count.removesuffix("%"), where, "firms") / 100 if count.endswith("%") else 0.0
    reach = str(row.get("reach", "")).lower().removesuffix("km").strip()
    if reach not in ("", "all", "region"):
        _number(reach, where, "reach")
    size = _number(row.get("size", ""), where, "size", empty=float("nan"))
    if layer == "finance" and not size > 0:
        raise NetclusterError(f"{where}: loans are shared out of the institution's size.", "Give size, in money.")
    return Rule(
        id=str(row["id"]),
        role=role,
        label=str(row.get("label", "")) or str(row["id"]),
        region=str(row.get("region", "")),
        latitude=_number(row.get("lat", ""), where, "lat", empty=float("nan")),
        longitude=_number(row.get("lon", ""), where, "lon", empty=float("nan")),
        size=size,
        layer=layer,
        industry=tuple(code.strip() for code in str(row.get("industry", "")).split(";") if code.strip()),
        reach="" if reach == "all" else reach,
        firms=0 if share else int(_number(count, where, "firms")),
        share=share,
    )


def _number(text: object, where: str, column: str, *, empty: float | None = None) -> float:
    if empty is not None and not str(text):
        return empty
    try:
        value = float(str(text))
    except ValueError:
        value = float("nan")
    if not np.isfinite(value) or (value < 0 and column not in ("lat", "lon")):
        raise NetclusterError(f"{where}: {text!r} is no {column}.", "reach is region, all or km; firms 25 or 10%.")
    return value


def attach(
    nodes: pd.DataFrame, rules: list[Rule], seed: int, unit: str
) -> tuple[pd.DataFrame, dict[str, Layer], tuple[Note, ...]]:
    """Return the nodes with institutions added, the layers that tie them to firms, and notes.

    Of the firms a rule reaches, as many as it says are drawn without replacement, each with a chance in proportion to
    its size. A member points to its association, a bank to the firm it lends to, shared out by size; a project binds
    both. An institution that is in the list of firms keeps its row.
    """
    import pandas as pd

    known = set(nodes["id"])
    fresh = {rule.id: rule for rule in rules if rule.id not in known}
    rows = pd.DataFrame([_node(rule) for rule in fresh.values()], columns=_NODE)
    firms = len(nodes)
    whole = pd.concat([nodes, rows], ignore_index=True) if fresh else nodes.copy()
    for column in whole.select_dtypes(exclude="number"):
        whole[column] = whole[column].astype("object").where(whole[column].notna(), "").astype("str")
    place = {name: row for row, name in enumerate(whole["id"])}
    ties: dict[str, list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]]] = {}
    notes = []
    for number, rule in enumerate(rules):
        chosen = _chosen(nodes, rule, numpy_generator(seed, "reconstruction", "institution", rule.id, number))
        chosen = chosen[chosen != place[rule.id]]
        if not chosen.size:
            notes.append(Note("rule_reaches_nobody", f"The rule of {rule.id} reaches no firm.", 1))
            continue
        weight = _weights(nodes, chosen, rule)
        ends = np.full(chosen.size, place[rule.id]), chosen
        source, target = ends if rule.layer == "finance" else ends[::-1]
        ties.setdefault(rule.layer, []).append((source, target, weight))
    layers = {name: _layer(name, parts, len(whole), unit) for name, parts in sorted(ties.items())}
    text = f"{len(rules):,} rules tie {len(whole) - firms:,} more institutions to firms drawn by size."
    return whole, layers, (Note("institutions_attached", text, len(rules)), *notes)


_NODE = ("id", "kind", "role", "label", "industry", "region", "size", "lat", "lon")


def _node(rule: Rule) -> tuple[object, ...]:
    own = (rule.id, "institution", rule.role, rule.label, "", rule.region, rule.size)
    return (*own, rule.latitude, rule.longitude)


def _chosen(nodes: pd.DataFrame, rule: Rule, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return the firms a rule draws, in order: the largest of ln size plus a Gumbel draw are a draw by size."""
    reached = nodes["kind"].eq("firm").to_numpy(copy=True)
    if rule.industry:
        reached &= nodes["industry"].str.startswith(rule.industry).to_numpy()
    if rule.reach == "region":
        reached &= nodes["region"].eq(rule.region).to_numpy()
    elif rule.reach:
        reached &= _within(nodes, rule)
    size = nodes["size"].to_numpy(dtype=np.float64)
    firms = np.flatnonzero(reached & (np.nan_to_num(size) > 0))
    count = min(firms.size, round(rule.share * firms.size) if rule.share else rule.firms)
    order = np.argsort(-(np.log(size[firms]) + rng.gumbel(size=firms.size)), kind="stable")
    return np.sort(firms[order[:count]])


def _within(nodes: pd.DataFrame, rule: Rule) -> npt.NDArray[np.bool_]:
    if "lat" not in nodes or not np.isfinite(rule.latitude + rule.longitude):
        raise NetclusterError(f"The rule of {rule.id} reaches {rule.reach} km, but has no lat and lon.", "Give both.")
    latitude, longitude = (nodes[column].to_numpy(dtype=np.float64) for column in ("lat", "lon"))
    return kilometres(latitude, longitude, rule.latitude, rule.longitude) <= float(rule.reach)


def _weights(nodes: pd.DataFrame, chosen: npt.NDArray[np.int64], rule: Rule) -> npt.NDArray[np.float64]:
    if rule.layer != "finance":
        return np.ones(chosen.size)
    size = nodes["size"].to_numpy(dtype=np.float64)[chosen]
    return np.asarray(rule.size * size / size.sum())


def _layer(name: str, parts: list[Any], n: int, unit: str) -> Layer:
    import scipy.sparse as sp

    source, target, weight = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    directed = name != "project"
    if not directed:
        source, target = np.concatenate([source, target]), np.concatenate([target, source])
        weight = np.concatenate([weight, weight])
    matrix = sp.csr_array(sp.coo_array((weight, (source, target)), shape=(n, n)))
    matrix.sort_indices()
    money = name in MONEY_LAYERS
    return Layer(matrix, unit if money else "", directed, money)
