"""Names that may mean the same firm: offered with a score, merged only where a person says so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.tables.links import LinkTable

#: Legal forms that tell nothing of who a firm is.
LEGAL_FORMS = frozenset(
    {"ab", "ag", "as", "asa", "bv", "co", "corp", "corporation", "cv", "gmbh", "inc", "kg", "kk", "limited", "llc"}
    | {"llp", "lp", "ltd", "ltda", "mbh", "nv", "oy", "oyj", "plc", "pte", "pty", "sa", "sarl", "sas", "sasu", "se"}
    | {"spa", "srl", "zoo"}
)
#: Names compared with all others at a time.
BLOCK = 2_000


def normalised(name: str) -> str:
    """Return a name without case, accents, punctuation and legal form.

    >>> normalised("Müller & Söhne A.G.")
    'muller sohne'
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    # "A.G." and "S.A." are one word each, "Müller-Lüdenscheidt" is two.
    words = re.findall(r"\w+", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain))
    kept = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(kept or words)


def near_duplicates(names: Sequence[str], threshold: float = 0.85) -> Result:
    """Return pairs of names that may be one, best first: name, other, similarity.

    The similarity is the cosine between the names' three-letter pieces, each weighted by how rare it is among all
    names, after `normalised`; 1 where nothing but case, accents, punctuation or legal form differs. A pair is an
    offer: look at it, then `merge` those that are right.

    Parameters
    ----------
    names : sequence of str
        Repeated names count once.
    threshold : float
        Pairs below are not offered.
    """
    import pandas as pd
    import scipy.sparse as sp

    if not 0 < threshold <= 1:
        raise NetclusterError(f"The threshold is {threshold}; a similarity lies between 0 and 1.")
    distinct = sorted(set(names))
    vectors = _vectors([normalised(name) for name in distinct])
    found: list[tuple[str, str, float]] = []
    for start in range(0, len(distinct), BLOCK):
        product = sp.triu(vectors[start : start + BLOCK] @ vectors.T, k=start + 1, format="coo")
        close = product.data >= threshold - 1e-12
        rows, columns = product.coords[0][close] + start, product.coords[1][close]
        found += [
            (distinct[i], distinct[j], round(min(float(s), 1.0), 6))
            for i, j, s in zip(rows, columns, product.data[close], strict=True)
        ]
    found.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    frame = pd.DataFrame(found, columns=["name", "other", "similarity"])
    return Result(frame, ("similarity",), {"threshold": threshold})


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
