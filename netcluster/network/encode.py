"""Ids become numbers once, at the door, and lists of links become sparse matrices, everything set aside counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.result import Note

if TYPE_CHECKING:
    import pandas as pd

Codes = npt.NDArray[np.int32]
Array = npt.NDArray[np.float64]

#: Ids named in a note, so that a person can look them up.
EXAMPLES = 5


@dataclass(frozen=True, eq=False)
class Ends:
    """The two ends of a list of links as codes into `ids`, an Arrow array of the distinct ids; −1 where blank."""

    source: Codes
    target: Codes
    ids: Any


def encode(source: pd.Series[Any], target: pd.Series[Any]) -> Ends:
    """Return the ends of links as codes, each distinct id hashed once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chunks = [chunk for column in (source, target) for chunk in _strings(column).chunks]
    coded: Any = pa.chunked_array(chunks, type=pa.large_string()).dictionary_encode()
    # One dictionary is made for all chunks; unifying them would hash every distinct id once more a chunk.
    ids = coded.chunk(0).dictionary if coded.num_chunks else pa.array([], pa.large_string())
    if not all(chunk.dictionary.equals(ids) for chunk in coded.chunks):
        coded = coded.unify_dictionaries()
        ids = coded.chunk(0).dictionary
    codes = np.empty(len(coded), dtype=np.int32)
    start = 0
    for chunk in coded.chunks:
        part = pc.fill_null(chunk.indices, -1)
        codes[start : start + len(chunk)] = part.to_numpy(zero_copy_only=False)
        start += len(chunk)
    blank = pc.index_in(pa.array([""], pa.large_string()), value_set=ids)[0].as_py()
    if blank is not None:
        codes = np.where(codes == blank, np.int32(-1), codes)
    return Ends(codes[: len(source)], codes[len(source) :], ids)


def positions(wanted: Any, known: Sequence[str] | pd.Series[Any]) -> Codes:
    """Return the place of each id of an Arrow array in `known`, −1 where it is not there."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    values = _strings(known if isinstance(known, pd.Series) else pd.Series(known, dtype="str")).combine_chunks()
    found = pc.index_in(wanted.cast(pa.large_string()), value_set=values)
    return np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), dtype=np.int32)


def unmatched(ids: Any, places: Codes) -> pd.Series[str]:
    """Return the ids without a place, sorted; a blank id is none."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    missing = ids.filter(pa.array(places < 0))
    missing = missing.filter(pc.not_equal(missing, pa.scalar("", pa.large_string())))
    return pd.Series(missing.take(pc.sort_indices(missing)).to_pandas(), dtype="str")


@dataclass(frozen=True, eq=False)
class Links:
    """A matrix of links and what making it did."""

    matrix: Any
    notes: tuple[Note, ...]


def assemble(source: Codes, target: Codes, weight: Array, n: int, *, directed: bool, what: str) -> Links:
    """Return the (n, n) CSR matrix of links, and notes on what was summed and set aside.

    Left out are links with an end below 0 (blank or unknown) or a weight that is missing or infinite. Repeated links
    are added up, so that a negative one corrects the others; what then is below 0 is set aside, what is 0 is no link.
    Of an undirected layer a → b and b → a are one link, and the matrix holds both directions.
    """
    import scipy.sparse as sp

    notes = []
    blank = (source < 0) | (target < 0)
    unusable = ~np.isfinite(weight) & ~blank
    for code, text, bad in (
        ("blank_ends", "links without a source or target were left out", blank),
        ("unusable_weights", "links with a missing or infinite weight were left out", unusable),
    ):
        if count := int(np.count_nonzero(bad)):
            notes.append(Note(code, f"{what}: {count:,} {text}.", count))
    if notes:
        keep = ~(blank | unusable)
        source, target, weight = source[keep], target[keep], weight[keep]
    if not directed:
        source, target = np.minimum(source, target), np.maximum(source, target)
    matrix = _summed(source, target, weight, n)
    if repeated := weight.size - matrix.nnz:
        notes.append(
            Note("repeated_links", f"{what}: {repeated:,} repeated links were added to their first.", repeated)
        )
    if (matrix.data.size and matrix.data.min() <= 0) or (weight < 0).any():
        # Where payments and corrections cancel, what is left over is rounding, and no link.
        noise = 1e-12 * _summed(source, target, np.abs(weight), n).data
        matrix.data[np.abs(matrix.data) <= noise] = 0.0
        matrix, more = _positive(matrix, what)
        notes += more
    if not directed:
        matrix = sp.csr_array(matrix + sp.triu(matrix, k=1, format="csr").T)
        matrix.sort_indices()
    return Links(matrix, tuple(notes))


def _summed(source: Codes, target: Codes, weight: Array, n: int) -> Any:
    import scipy.sparse as sp

    matrix = sp.csr_array(sp.coo_array((weight, (source, target)), shape=(n, n)))
    matrix.sort_indices()
    return matrix


def _positive(matrix: Any, what: str) -> tuple[Any, list[Note]]:
    notes = []
    negative = matrix.data < 0
    if count := int(np.count_nonzero(negative)):
        total = f"{matrix.data[negative].sum():,.6g}"
        text = f"{what}: {count:,} links with a negative weight were set aside, {total} in all."
        notes.append(Note("negative_weights", text, count))
    if count := int(np.count_nonzero(matrix.data == 0)):
        notes.append(Note("zero_weights", f"{what}: {count:,} links of weight 0 were dropped.", count))
    matrix.data[negative] = 0.0
    matrix.eliminate_zeros()
    return matrix, notes


def examples(ids: Iterable[str]) -> str:
    """Return the first few ids, for a note."""
    listed = list(ids)
    more = " …" if len(listed) > EXAMPLES else ""
    return ", ".join(listed[:EXAMPLES]) + more


def _strings(column: pd.Series[Any]) -> Any:
    import pandas as pd
    import pyarrow as pa

    if not isinstance(column.dtype, (pd.StringDtype, pd.CategoricalDtype)):
        column = column.astype("str")
    arrow = pa.array(column, from_pandas=True)
    if pa.types.is_dictionary(arrow.type):
        arrow = arrow.cast(arrow.type.value_type)
    chunked = arrow if isinstance(arrow, pa.ChunkedArray) else pa.chunked_array([arrow])
    return chunked.cast(pa.large_string())
