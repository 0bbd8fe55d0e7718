"""Names that may mean the same firm: offered with a score, merged only where a person says so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.tables.links import LinkTable

#: Legal forms that tell nothing of who a firm is.
LEGAL_FORMS = frozenset(
    {"ab", "ag", "aps", "as", "asa", "bhd", "bv", "co", "company", "corp", "corporation", "cv", "doo", "eg", "ek", "ev"}
    | {"eurl", "gbr", "gie", "gmbh", "inc", "incorporated", "jsc", "kft", "kg", "kgaa", "kk", "lda", "limited", "llc"}
    | {"llp", "lp", "ltd", "ltda", "ltee", "mbh", "nv", "nyrt", "oao", "oe", "ohg", "ojsc", "ood", "ooo", "oy", "oyj"}
    | {"pjsc", "plc", "pte", "pty", "pvt", "sa", "sarl", "sas", "sasu", "sdn", "se", "sl", "slu", "snc", "spa", "spzoo"}
    | {"srl", "sro", "tbk", "ug", "zao", "zoo", "zrt", "aktiengesellschaft", "gesellschaft"}
)
#: Names compared with all others at a time.
BLOCK = 500


def normalised(name: str) -> str:
    """Return a name without case, accents, punctuation and legal form.

    >>> normalised("Müller & Söhne A.G.")
    'muller sohne'
    """
    words = _words(name)
    kept = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(kept or words)


def _words(name: str) -> list[str]:
    """Return a name's words without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"\bsp(?:olka)?\.? ?z ?o\.? ?o\b\.?", "spzoo", plain)
    # "A.G.", "s. r. o." and "A/S" are one word each, "Müller-Lüdenscheidt" is two.
    return re.findall(r"\w+", re.sub(r"(?<=\b\w)(?:\. ?|/)(?=\w\b)", "", plain))


def _key(name: str) -> str:
    """Return what names are compared by: `normalised`, an umlaut written as two letters taken as one."""
    return re.sub(r"(?<=[aou])e", "", normalised(name))


def near_duplicates(names: Sequence[str], threshold: float = 0.85) -> Result:
    """Return pairs of names that may be one, best first: name, other, similarity, reason (what they differ in).

    The similarity is the cosine between the names' three-letter pieces, each weighted by how rare it is among all
    names, after `normalised`; 1 where nothing but case, accents, umlauts, punctuation or legal form differs. A pair is
    an offer: look at it, then `merge` those that are right.

    Parameters
    ----------
    names : sequence of str
        Repeated names count once.
    threshold : float
        Pairs below are not offered.
    """
    import pandas as pd

    if not 0 < threshold <= 1:
        raise NetclusterError(f"The threshold is {threshold}; a similarity lies between 0 and 1.")
    distinct = sorted(set(names))
    found: list[tuple[str, str, float, str]] = []
    keys: dict[str, list[str]] = {}
    for name in distinct:
        keys.setdefault(_key(name), []).append(name)
    alike = [(names, names, 1.0) for names in keys.values() if len(names) > 1]
    groups = list(keys.values())
    alike += [(groups[i], groups[j], s) for i, j, s in _alike(_vectors(list(keys)), threshold)]
    for some, others, similarity in alike:
        pairs = combinations(some, 2) if some is others else ((min(pair), max(pair)) for pair in product(some, others))
        found += [(one, two, round(min(similarity, 1.0), 6), reason(one, two)) for one, two in pairs]
    found.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    frame = pd.DataFrame(found, columns=["name", "other", "similarity", "reason"])
    return Result(frame, ("similarity",), {"threshold": threshold})


def reason(name: str, other: str) -> str:
    """Return what two names differ in, the least that makes them alike.

    >>> reason("Müller AG", "MULLER A.G."), reason("Müller AG", "Müller GmbH"), reason("Müller", "Mueller AG")
    ('case, accents or marks', 'legal form', 'umlauts')
    """
    if _words(name) == _words(other):
        return "case, accents or marks"
    if normalised(name) == normalised(other):
        return "legal form"
    if _key(name) == _key(other):
        return "umlauts"
    return "order of words" if sorted(_key(name).split()) == sorted(_key(other).split()) else "spelling"


def _alike(vectors: Any, threshold: float) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of unit rows whose cosine is the threshold or more, none of them left out, and the cosine.

    Pieces are put in order from the rarest on. What a row has after its first few pieces is shorter than the
    threshold, so that two rows with nothing in common among their first few can't reach it (prefix filtering,
    Bayardo, Ma and Srikant 2007). Of the others the product of the first pieces and the larger length of what is
    left bound the cosine (Cauchy and Schwarz); only where that reaches the threshold is it worked out.
    """
    import scipy.sparse as sp

    seen = np.bincount(vectors.indices, minlength=vectors.shape[1])
    node = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    order = np.lexsort((vectors.indices, seen[vectors.indices], node))
    weight = vectors.data[order]
    ends = np.concatenate([[0.0], np.cumsum(weight**2)])[vectors.indptr]
    # What is left of the unit length from each piece on: a piece counts while that may still reach the threshold.
    left = ends[node + 1] - np.cumsum(weight**2) + weight**2
    first = left >= (threshold - 1e-9) ** 2
    rows, columns = node[first], vectors.indices[order[first]]
    prefix = sp.csr_array((weight[first], (rows, columns)), shape=vectors.shape)
    squares = np.bincount(rows, weight[first] ** 2, vectors.shape[0])
    rest = np.sqrt(np.clip(1.0 - squares, 0.0, 1.0))
    turned = sp.csc_array(prefix).T
    for start in range(0, vectors.shape[0], BLOCK):
        pairs = (prefix[start : start + BLOCK] @ turned).tocoo()
        i, j = pairs.coords[0] + start, pairs.coords[1]
        near = (i < j) & (pairs.data + np.maximum(rest[i], rest[j]) >= threshold - 1e-9)
        i, j = i[near], j[near]
        cosine = np.asarray(vectors[i].multiply(vectors[j]).sum(axis=1)).ravel()
        close = cosine >= threshold - 1e-12
        yield from zip(i[close].tolist(), j[close].tolist(), cosine[close].tolist(), strict=True)


def merge(links: LinkTable, names: Mapping[str, str]) -> LinkTable:
    """Return the links with some ends renamed, each old name to its new one; a note counts the ends changed."""
    frame = links.frame.copy()
    count = 0
    for column in ("source", "target"):
        hit = frame[column].isin(list(names))
        count += int(hit.sum())
        frame.loc[hit, column] = frame.loc[hit, column].map(dict(names))
    text = f"{count:,} link ends were renamed by {len(names)} merges of names."
    return replace(links, frame=frame, changes=(*links.changes, Note("merged_names", text, count)))


def _vectors(texts: list[str]) -> Any:
    """Return one unit row of weighted three-letter pieces for each text."""
    import scipy.sparse as sp

    places: dict[str, int] = {}
    indices: list[int] = []
    starts = [0]
    for text in texts:
        padded = f"  {text} "
        indices += [places.setdefault(padded[k : k + 3], len(places)) for k in range(len(padded) - 2)]
        starts.append(len(indices))
    counts = sp.csr_array((np.ones(len(indices)), indices, starts), shape=(len(texts), max(len(places), 1)))
    counts.sum_duplicates()
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log((1 + len(texts)) / (1 + seen)) + 1.0
    weighted = counts.multiply(rarity[None, :]).tocsr()
    lengths = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    return sp.csr_array(sp.diags_array(1.0 / np.maximum(lengths, 1e-300)) @ weighted)
