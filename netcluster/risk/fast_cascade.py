"""The index of very many firms: small upstream increments are summed by what they would still have added.

Upstream losses are linear. An increment r at firm i, t steps before the cascade ends, adds r·P_t[i] to the
sum of upstream losses, with P_t = Σ_{s≤t} (Λuᵀ)^s w, whoever failed. So P is computed once, and an increment
below `LEAST_UP` is not followed from firm to firm. Each firm counts with the worse of its two losses, so that
what is summed may lie hidden under losses downstream: by no more than the lesser of the sum and of what
downstream losses add to the index. Where that is much, where the end of the cascade is in doubt, and for the
firms with the largest index, the cascade is followed exactly as well, in networks in which that is cheap enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.result import Note
from netcluster.core.seeds import numpy_generator
from netcluster.risk._firm_network import FirmNetwork
from netcluster.risk._follow import follow_all

if TYPE_CHECKING:
    from netcluster.risk._kernels import Links, Rules

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Increments of loss below these are not followed, upstream and downstream (and in very large networks, where a
#: finer one costs six times as much and moves the index by less than 1e-4 on average).
LEAST_UP, LEAST_DOWN, LEAST_DOWN_LARGE = 1e-3, 1e-9, 1e-7
#: The steps P reaches ahead.
HORIZON = 17
#: A cascade is doubtful where its last step came this close to ε, in LEAST_UP × steps.
DOUBT = 0.1
#: A firm whose index may be off by more than this part is done exactly. In networks of more firms than that an
#: exact cascade takes half a second, and none is followed exactly but to measure the error.
MOST_OFF, EXACT_FIRMS = 1.5e-3, 200_000
#: Of all firms, the largest this part (and at least so many) are followed exactly.
TOP_PART, TOP_LEAST = 0.005, 200
#: Firms drawn at random to measure the error on, and in very large networks.
CHECKED, CHECKED_LARGE = 50, 20


def quick_values(
    ready: FirmNetwork, links: Links, rules: Rules, sets: list[Integers], jobs: int
) -> tuple[Array, tuple[Note, ...]]:
    """Return (sets, 7) as the exact kernels do, and notes with the measured error and what was done exactly."""
    large = ready.n > EXACT_FIRMS
    least = LEAST_DOWN_LARGE if large else LEAST_DOWN
    fast = rules._replace(least_down=least, least_up=LEAST_UP, most=HORIZON - 1)
    values = follow_all(links, fast, still_to_come(ready), sets, jobs)
    bound = _hidden(values)
    exactly = np.zeros(0, dtype=np.int64)
    if not large:
        exactly = np.flatnonzero(_doubtful(values, rules.epsilon) | (bound > MOST_OFF))
    others = np.setdiff1d(np.arange(len(sets)), exactly)
    checked = np.sort(numpy_generator(0, "fast_cascade").permutation(others)[: CHECKED_LARGE if large else CHECKED])
    again = np.concatenate([exactly, checked]).astype(np.int64)
    none = np.zeros((ready.n, 0))
    exact = follow_all(links, rules, none, [sets[i] for i in again], jobs)
    notes = _error_notes(values[checked, 0], exact[exactly.size :, 0], exactly.size, bound[others])
    values[again] = exact
    return values, notes


def still_to_come(ready: FirmNetwork) -> Any:
    """Return P, (n, HORIZON): what a unit upstream increment adds to the index within 0, 1, … steps."""
    import scipy.sparse as sp

    n = ready.n
    up = sp.csr_array((ready.up, ready.matrix.indices, ready.matrix.indptr), shape=(n, n)).T.tocsr()
    ahead = np.zeros((n, HORIZON))
    step = ready.weight
    for t in range(1, HORIZON):
        step = up @ step
        ahead[:, t] = ahead[:, t - 1] + step
    return ahead


def _hidden(values: Array) -> Array:
    """Return by how much of it each index may be too high, since what was summed may lie under other losses."""
    index, upstream, summed = values[:, 0], values[:, 2], values[:, 6]
    most = np.minimum(summed, index - upstream)
    return np.asarray(np.divide(most, index, out=np.zeros_like(index), where=index > 0))


def _doubtful(values: Array, epsilon: float) -> Any:
    """Return which sets are done exactly for what they are: the largest, and those whose end is in doubt."""
    index, steps, widest = values[:, 0], values[:, 3], values[:, 5]
    near = epsilon - widest < DOUBT * steps * LEAST_UP
    count = min(len(values), max(TOP_LEAST, int(TOP_PART * len(values))))
    near[np.argpartition(-index, count - 1)[:count]] = True
    return near


def _error_notes(fast: Array, exact: Array, done: int, bound: Array) -> tuple[Note, ...]:
    text = "Small upstream losses are summed, not followed"
    text += f"; {done:,} firms (largest or doubtful) are done exactly." if done else "."
    off = np.abs(fast - exact)[exact > 0] / exact[exact > 0]
    if off.size:
        text += (
            f" On {off.size} others drawn at random the index is off by {off.mean():.1e} on average and"
            f" {off.max():.1e} at most, relative."
        )
    notes = [Note("fast_cascade", text, done)]
    if loose := int((bound > MOST_OFF).sum()):
        said = (
            f"Firms whose index may be too high by more than {MOST_OFF:.1%} of it, {bound.max():.0%} at most: ask for"
            " them by name, exactly, before you rest on them."
        )
        notes.append(Note("fast_bound", said, loose))
    return tuple(notes)
