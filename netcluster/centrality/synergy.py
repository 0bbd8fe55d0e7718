"""Whether industries, kinds and regions of firms hang together: synergy of three dimensions, in bits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
#: Numbers are cut into so many classes of as many nodes each.
CLASSES = 5
ROUNDING = 1e-12


def synergy(
    network: Network,
    groups: npt.ArrayLike | None = None,
    *,
    by: Sequence[str] = ("region", "industry", "size"),
    kinds: Sequence[str] = ("firm", "institution"),
) -> Result:
    """Return the mutual information of three dimensions of the nodes, in all and by group: the triple helix indicator.

    T = H_1 + H_2 + H_3 − H_12 − H_13 − H_23 + H_123, H the entropy in bits of how nodes spread over the cells. Where it
    is negative the three together leave less uncertain than the pairs do: synergy (Leydesdorff, Dolfsma and van der
    Panne 2006: geography, technology, organisation).

    Parameters
    ----------
    network : Network
        Nodes with the columns in `by`.
    groups : (n,) array, optional
        A label for each node; default none, so that the whole is the only row.
    by : three columns
        Numbers are cut into fifths of the nodes; nodes with a blank cell are left out, and counted.
    kinds : sequence of str
        Which nodes count.

    Returns
    -------
    Result
        One row a group, the whole first: group, nodes, synergy (bits, of the group's own distribution), synergy_share
        (n_g/N · T_g, what the group adds; the whole less their sum is the synergy between groups). A group in which
        one of the dimensions does not vary has none.

    Examples
    --------
    Each pair of dimensions tells nothing, two together tell the third: one bit of synergy.

    >>> import numpy as np
    >>> cube = np.zeros((2, 2, 2))
    >>> cube[0, 0, 0] = cube[0, 1, 1] = cube[1, 0, 1] = cube[1, 1, 0] = 1
    >>> float(transmission(cube))
    -1.0
    """
    import pandas as pd

    columns = list(by)
    absent = [column for column in columns if column not in network.nodes]
    if len(set(columns)) != 3 or absent:
        raise NetclusterError(
            f"Synergy is of three columns of the nodes, not of {', '.join(columns)}.",
            f"There are {', '.join(map(str, network.nodes.columns))}.",
        )
    labels = np.full(network.n, "", dtype=object) if groups is None else np.asarray(groups, dtype=object)
    if labels.shape != (network.n,):
        raise NetclusterError(f"There are {labels.size} group labels for {network.n} nodes.", "Give one label a node.")
    chosen = network.nodes["kind"].isin(list(kinds)).to_numpy()
    cells = pd.DataFrame({column: _classes(network.nodes[column][chosen]) for column in columns})
    whole = cells.notna().all(axis=1).to_numpy()
    cells, labels = cells[whole], labels[chosen][whole]
    if cells.empty:
        raise NetclusterError(f"No node has {', '.join(columns)} all three.", "Name other columns with by.")
    names = sorted({label for label in labels if label not in ("", None)}, key=str)
    rows = [("all", len(cells), _of(cells), float("nan"))]
    for name in names:
        mine = cells[labels == name]
        value = _of(mine)
        rows.append((name, len(mine), value, value * len(mine) / len(cells)))
    frame = pd.DataFrame(rows, columns=["group", "nodes", "synergy", "synergy_share"])
    left = int((~whole).sum())
    text = f"{left:,} nodes lack one of {', '.join(columns)} and are left out."
    notes = (Note("blank_cells", text, left),) if left else ()
    parameters = {"by": ",".join(columns), "kinds": ",".join(kinds), "classes": CLASSES}
    return Result(frame, ("nodes", "synergy", "synergy_share"), parameters, notes)


def transmission(counts: Array) -> float:
    """Return the mutual information of three dimensions of a cube of counts, in bits; negative where they synergise."""
    total = counts.sum()
    axes = range(3)
    single = sum(_entropy(counts.sum(axis=tuple(a for a in axes if a != axis)) / total) for axis in axes)
    double = sum(_entropy(counts.sum(axis=3 - one - other) / total) for one, other in combinations(axes, 2))
    return single - double + _entropy(counts / total)


def _of(cells: pd.DataFrame) -> float:
    """Return the transmission of the rows of three columns, without a cube of all their values."""
    import pandas as pd

    codes = [pd.factorize(cells[column])[0].astype(np.int64) for column in cells]
    sizes = [int(code.max()) + 1 for code in codes]
    total = len(cells)

    def entropy(*axes: int) -> float:
        joint = np.zeros(total, dtype=np.int64)
        for axis in axes:
            joint = joint * sizes[axis] + codes[axis]
        return _entropy(np.unique(joint, return_counts=True)[1] / total)

    single = sum(entropy(axis) for axis in range(3))
    found = single - sum(entropy(*pair) for pair in combinations(range(3), 2)) + entropy(0, 1, 2)
    # Where a dimension does not vary the terms cancel but for rounding.
    return 0.0 if abs(found) < ROUNDING else found


def _entropy(shares: Array) -> float:
    there = shares[shares > 0]
    return float(-(there * np.log2(there)).sum())


def _classes(column: pd.Series) -> pd.Series:
    """Return a column as texts, numbers as fifths of the nodes; blank cells are missing."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column.dtype):
        return pd.qcut(column, CLASSES, labels=False, duplicates="drop")
    text = column.astype("object")
    return text.where(text.notna() & (text != ""), None)
