"""The rows of a supply and use pair: final demand, and what carries the output of products to their supply."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.tables.codes import Meaning, meaning, plain
from netcluster.tables.grid import Array
from netcluster.tables.iotable import Origin
from netcluster.tables.labels import shortest, split_code
from netcluster.tables.roles import choose, subtotals
from netcluster.tables.supply_use.parts import Part, Side, aligned, best_levels

Labels = list[dict[str, str]]
#: Columns that carry output to total supply: what each is (imports, margins, taxes), its code, its values.
Pool = list[tuple[str, str, Array]]


def name_of(side: Side, k: int) -> tuple[str, str]:
    """Return the code and the name of a line; words broken over several header rows are put together."""
    names = [level[k] for level in side.levels if level[k]]
    spaced = [name for name in names if " " in name]
    code = " ".join(dict.fromkeys(names)) if len(spaced) == len(names) > 1 else shortest(names)
    if len(names) == 1:
        code, name = split_code(code)
        return code, name or code
    return code, max(names, key=len)


def final_demand(
    parts: dict[str, Part], rows: Sequence[int], industries: set[int], rest: Array, pool: Pool, notes: list[Note]
) -> tuple[Array, Labels]:
    """Return final demand by product, from the use table or from a table of its own, without sums of its columns.

    `rest` (p,) is what industries use of each product less what they make of it.
    """
    use, source = parts["use"], parts.get("demand", parts["use"])
    at: Sequence[int] = rows
    if source is not use:
        _, mine, theirs = best_levels(source.rows, use.rows)
        pairs = {b: a for a, b in aligned(source.rows, mine or 0, use.rows, theirs or 0)}
        at = [pairs[row] for row in rows if row in pairs]
    taken = industries if source is use else set()
    columns = [
        j for j, m in enumerate(source.columns.meanings) if m is not None and m.role == "demand" and j not in taken
    ]
    vectors = [np.nan_to_num(source.table.values[list(at), j]) for j in columns]
    names = [name_of(source.columns, j) for j in columns]
    regions = [source.columns.regions[j] if source.columns.regions else "" for j in columns]
    sums = _sums(vectors, [code for code, _ in names], regions, rest, pool)
    if sums:
        shown = ", ".join(names[k][0] for k in sorted(sums)[:8])
        text = f"Columns of final demand that are sums of others, left out: {shown}."
        notes.append(Note("demand_sums", text, len(sums)))
    kept = [k for k in range(len(columns)) if k not in sums]
    if not kept:
        raise NetclusterError(f"{source.table.name} holds no final demand.", "Name it with --final-demand.")
    labels = [{"category": names[k][0], "name": names[k][1], "region": regions[k]} for k in kept]
    return np.column_stack([vectors[k] for k in kept]), labels


def _sums(vectors: Sequence[Array], codes: Sequence[str], regions: Sequence[str], rest: Array, pool: Pool) -> set[int]:
    """Return the columns that are sums of others, but for those that only happen to be: rows add up with them.

    Each region's columns are looked at by themselves. A label that names a total, or begins those of others, is one.
    """
    sums: set[int] = set()
    for region in dict.fromkeys(regions):
        own = [k for k in range(len(codes)) if regions[k] == region]
        found = subtotals([vectors[k] for k in own], [codes[k] for k in own]) if len(own) > 2 else []
        sums |= {own[k] for k in found}
    doubtful = [k for k in sorted(sums) if not _says_sum(k, codes)]
    for k in doubtful:
        kept = [vector for m, vector in enumerate(vectors) if m not in sums]
        without = rest + np.sum(kept, axis=0) if kept else rest
        if _miss(without + vectors[k], pool) < 0.1 * _miss(without, pool):
            sums.discard(k)
    return sums


def _says_sum(k: int, codes: Sequence[str]) -> bool:
    key = plain(codes[k])
    begins = any(plain(code).startswith(key) and plain(code) != key for code in codes)
    return begins or re.search(r"\btotal|\bsum|insgesamt|gesamt|ensemble", key) is not None


def _miss(gap: Array, pool: Pool) -> float:
    """Return by how much rows miss, at most, with the imports, margins and taxes that fit them best."""
    picked = choose([vector for _, _, vector in pool], gap)
    most = float(np.abs(gap).max(initial=0))
    return most if picked is None else min(most, picked[1] * float(np.abs(gap).mean()))


def close_rows(
    pool: Pool, S: Array, U: Array, Y: Array, demand: Labels, notes: list[Note]
) -> tuple[Array, Labels, Origin]:
    """Add minus imports, margins and taxes as demand, so that rows add up to what industries make."""
    gap = U.sum(axis=1) + Y.sum(axis=1) - S.sum(axis=1)
    imported = any(meaning("column", (d["category"], d["name"])) == Meaning("demand", "imports") for d in demand)
    scale = max(float(np.abs(S).sum(axis=1).mean()), 1e-300)
    if np.abs(gap).max(initial=0) <= 1e-4 * scale or imported:
        return Y, demand, "total" if imported else "domestic"
    picked = choose([vector for _, _, vector in pool], gap)
    if picked is None or not picked[0] or picked[1] * np.abs(gap).mean() > 1e-3 * scale:
        return Y, demand, "domestic"
    groups: dict[str, Array] = {}
    for k in picked[0]:
        kind, _, vector = pool[k]
        groups[kind] = groups.get(kind, np.zeros(len(gap))) + vector
    for kind, vector in groups.items():
        Y = np.column_stack([Y, -vector])
        demand = [*demand, {"category": kind, "name": f"{kind.capitalize()} (minus)", "region": ""}]
    if set(groups) - {"imports"}:
        text = "Uses are at purchasers' prices: minus margins and taxes stand in final demand, so that rows add up."
        notes.append(Note("purchasers_prices", text))
    return Y, demand, "total" if "imports" in groups else "domestic"


def supplies(parts: dict[str, Part], products: Sequence[int], extra: int, industries: set[int]) -> Pool:
    """Return the columns that carry output to total supply: imports, margins, taxes."""
    supply = parts["supply"]
    pool: Pool = []
    for part in (supply, parts.get("imports"), parts.get("valuation")):
        if part is None:
            continue
        at = list(products)
        if part is not supply:
            _, mine, theirs = best_levels(part.rows, supply.rows)
            place = {b: a for a, b in aligned(part.rows, mine or 0, supply.rows, theirs or 0)}
            if any(i not in place for i in at):
                continue
            at = [place[i] for i in at]
        taken = industries if part is supply else set()
        for j, m in enumerate(part.columns.meanings):
            if j in taken:
                continue
            code, name = name_of(part.columns, j)
            kind = _supply_kind(m, f"{code} {name}", part.kind)
            vector = np.concatenate([np.nan_to_num(part.table.values[at, j]), np.zeros(extra)])
            if kind and vector.any():
                pool.append((kind, code, vector))
    return pool


def _supply_kind(found: Meaning | None, name: str, part: str) -> str:
    key = plain(name)
    if (
        part == "imports"
        or (found is not None and found.category == "imports")
        or re.search(r"import|invoer|einfuhr", key)
        or key.startswith("p7")
    ):
        return "taxes" if re.search(rf"{_TAXES}|dut|derecho|droits|dazi", key) else "imports"
    if found is not None and found.is_total and not re.search(_TAXES, key):
        return ""
    if re.search(r"marg(in|em|en|es?\b)|spannen|p118|trtp|ottm|\bttm\b", key):
        return "margins"
    return "taxes" if re.search(rf"{_TAXES}|icms|ipi|d21|subsid", key) else ""


_TAXES = r"tax|impost|impot|impuest|steuer|belasting|subvention"
