"""Following failures on several threads: the network laid out for the kernels, chunk by chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.engine import ordered_map
from netcluster.core.progress import track
from netcluster.risk._firm_network import FirmNetwork

if TYPE_CHECKING:
    from netcluster.risk._kernels import Links, Rules

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Failures a thread follows at a stretch; it does not depend on the number of threads.
CHUNK = 256
#: Steps after which a cascade is given up.
MOST_STEPS = 100_000
#: Downstream losses are held back until they have grown by this much: below it they are rounding.
LEAST = 1e-13


def kernel_links(ready: FirmNetwork) -> Links:
    """Return the network laid out for the kernels; links that carry nothing downstream are left out."""
    from netcluster.risk._kernels import Links

    matrix, n = ready.matrix, ready.n
    supplier = np.repeat(np.arange(n, dtype=np.int32), np.diff(matrix.indptr))
    counts = ready.down > 0
    order = np.argsort(matrix.indices, kind="stable")
    return Links(
        down_ptr=_pointers(supplier[counts], n),
        customers=matrix.indices[counts].astype(np.int32),
        slots=ready.slots[counts].astype(np.int32),
        down_weights=ready.down[counts],
        up_ptr=_pointers(matrix.indices, n),
        suppliers=supplier[order],
        up_weights=ready.up[order],
        sector=ready.sector.copy(),
        strength=ready.strength.copy(),
        sector_strength=np.bincount(ready.sector, ready.strength).astype(np.float64),
        weight=ready.weight.copy(),
    )


def _pointers(rows: Any, n: int) -> Integers:
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))]).astype(np.int64)


def follow_all(
    links: Links,
    rules: Rules,
    ahead: Any,
    sets: list[Integers],
    jobs: int,
    keeps: list[Array] | None = None,
) -> Array:
    """Return the kernel's (sets, 7) for each set of firms, which keep a part of output or nothing."""
    from netcluster.risk._kernels import failures, scratch

    def run(start: int) -> Array:
        part = sets[start : start + CHUNK]
        firms = np.concatenate(part).astype(np.int64)
        starts = np.concatenate([[0], np.cumsum([one.size for one in part])]).astype(np.int64)
        left = np.zeros(firms.size) if keeps is None else np.concatenate(keeps[start : start + CHUNK])
        out, work = np.zeros((len(part), 7)), scratch(links, rules, ahead.shape[1])
        failures(links, rules, work, ahead, firms, left, starts, out, np.zeros((0, 2)))
        return out

    chunks = range(0, len(sets), CHUNK)
    done = ordered_map(run, chunks, jobs=jobs)
    return np.concatenate(list(track(done, "Cascades", total=len(chunks))))
