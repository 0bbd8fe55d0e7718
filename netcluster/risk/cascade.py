"""What fails when a firm fails: the Economic Systemic Risk Index and its cascades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.engine import ordered_map
from netcluster.core.errors import NetclusterError
from netcluster.core.progress import track
from netcluster.core.result import Note, Result
from netcluster.core.seeds import numpy_generator
from netcluster.risk._cascade_findings import cascade_findings
from netcluster.risk._firm_network import FirmNetwork, Production, firm_network

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network
    from netcluster.risk._kernels import Links, Rules

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MEASURES = ("esri", "esri_downstream", "esri_upstream", "iterations", "firms_hit", "sales_share")
#: Failures a thread follows at a stretch; it does not depend on the number of threads.
CHUNK = 256
#: Steps after which a cascade is given up.
MOST_STEPS = 100_000
#: Downstream losses are held back until they have grown by this much: below it they are rounding.
LEAST = 1e-13


def cascade(
    net: Network,
    *,
    layer: str = "supply",
    production: Production = "generalised",
    replaceability: bool = True,
    epsilon: float = 0.01,
    essential: pd.DataFrame | None = None,
    leak: bool | None = None,
    groups: npt.ArrayLike | None = None,
    firms: Sequence[str] | None = None,
    sample: int | None = None,
    fast: bool | None = None,
    jobs: int = 1,
    seed: int = 0,
    threshold: float | None = None,
) -> Result:
    """Return the Economic Systemic Risk Index (ESRI) of firms: the output lost where one of them closes.

    A closed firm delivers nothing, so that customers lose output as their production function says, and
    buys nothing, so that suppliers lose sales. ESRI is the output-weighted loss of all firms, each at the
    worse of its two losses (Diem, Borsos, Reisch, Kertész and Thurner 2022).

    Parameters
    ----------
    net : Network
        Firms and who supplies whom, with an industry each; `revenue` and `costs` where known.
    layer : str
        The layer of links.
    production : {"generalised", "linear", "leontief"}
        Generalised Leontief: essential inputs limit output alone, others in proportion to their share of
        all inputs. Linear takes all for not essential, Leontief all for essential.
    replaceability : bool
        Whether a supplier can be replaced by what is left of its industry (σ, its market share).
    epsilon : float
        The cascade ends with the first step in which no firm loses more than this. 0 asks for the fixed
        point, which the linear function without replaceability has in closed form.
    essential : DataFrame, optional
        2 (essential), 1 or 0 (negligible), supplier industries in rows, buyer industries in columns.
        Left out, it is derived from the network, and a note says so.
    leak : bool, optional
        Whether sales and inputs outside the network soften losses; default where revenue or costs are
        known. Without it the network is closed and long cascades come back in full.
    groups : (n,) array, optional
        Labels: each group of firms closes together, one row a group.
    firms : sequence of str, optional
        Only these firms close.
    sample : int, optional
        Only that many firms, drawn with `seed`, close.
    fast : bool, optional
        Whether small upstream increments may be summed by what they would still have added, instead of
        being followed; firms for which that is not safe are done exactly. Default above 50,000 firms.
    jobs : int
        Threads; the result does not depend on them.
    threshold : float, optional
        ESRI from which a firm makes a finding; the default stands in measures.toml.

    Returns
    -------
    Result
        One row a firm (or group) with esri, esri_downstream, esri_upstream, iterations, firms_hit (those
        that lose at least 1 % of output), sales_share (its own share, the least ESRI can be).

    Examples
    --------
    By hand, a chain of three with links of 1, linear: a and b make all sales, half each. Without a, b and
    then c lose everything downstream: 1/2 + 1/2. Without c, b loses its buyer, then a loses b.

    >>> import pandas as pd
    >>> from netcluster.network.build import build
    >>> from netcluster.tables.links import LinkTable
    >>> rows = [("a", "b", 1.0, "supply"), ("b", "c", 1.0, "supply")]
    >>> net = build(LinkTable(pd.DataFrame(rows, columns=["source", "target", "weight", "layer"])))
    >>> cascade(net, production="linear").frame[["firm", "esri", "iterations"]].values.tolist()
    [['a', 1.0, 3], ['b', 1.0, 2], ['c', 1.0, 3]]
    """
    _check(epsilon, sample, jobs)
    ready = firm_network(net, layer=layer, production=production, essential=essential, leak=leak)
    sets, names, labels = _sets(ready, groups, firms, sample, seed)
    closed = epsilon == 0
    if closed and (production != "linear" or replaceability):
        raise NetclusterError(
            "There is a closed form for the linear production function without replaceability only.",
            "Give a small --epsilon such as 1e-8, or --production linear --no-replaceability.",
        )
    quick = ready.n > 50_000 if fast is None else fast
    values, notes = _values(ready, sets, replaceability, epsilon, quick, jobs)
    frame = _frame(names, labels, values, _shares(ready, sets))
    parameters = {
        "layer": layer,
        "production": production,
        "replaceability": replaceability,
        "epsilon": epsilon,
        "essential": "given" if essential is not None else "derived" if production == "generalised" else production,
        "leak": ready.leaks,
        "fast": quick and not closed,
        "sample": sample,
        "seed": seed,
        "steps_mean": float(values[:, 3].mean()),
        "steps_most": int(values[:, 3].max()),
    }
    findings = cascade_findings(frame, ready, "firm" if groups is None else "group", threshold)
    return Result(frame, MEASURES, parameters, (*ready.notes, *notes), tuple(findings))


@dataclass(frozen=True, eq=False)
class Scenario(Result):
    """One failure and what each firm loses by it; `state` (n, 2) holds losses downstream and upstream."""

    state: Array = None  # type: ignore[assignment]


def cascade_scenario(
    net: Network,
    remaining: Mapping[str, float],
    *,
    layer: str = "supply",
    production: Production = "generalised",
    replaceability: bool = True,
    epsilon: float = 0.01,
    essential: pd.DataFrame | None = None,
    leak: bool | None = None,
) -> Scenario:
    """Return what every firm loses where the firms in `remaining` keep only that part of their output.

    Options are those of `cascade`; `remaining` maps a firm to ψ, 0 (closed) to 1 (as usual). The frame has
    one row a firm: node, loss, loss_downstream, loss_upstream (shares of its output), tier (steps along
    links from the nearest firm that fails, −1 where none leads there), sales_share. `parameters` holds
    esri, its parts and the steps.
    """
    from netcluster.risk._kernels import Rules, failures, scratch

    _check(epsilon, None, 1)
    ready = firm_network(net, layer=layer, production=production, essential=essential, leak=leak)
    where = _positions(ready, list(remaining))
    psi = np.array([float(value) for value in remaining.values()])
    if not ((psi >= 0) & (psi <= 1)).all():
        raise NetclusterError("A firm keeps between 0 and 1 of its output.", "Look at the column remaining.")
    rules = Rules(replaceability, epsilon, LEAST, 0.0, MOST_STEPS)
    links, out, state = kernel_links(ready), np.zeros((1, 7)), np.zeros((ready.n, 2))
    starts = np.array([0, len(where)])
    failures(links, rules, scratch(links, rules, 0), np.zeros((ready.n, 0)), where, psi, starts, out, state)
    notes = (*ready.notes, *_unsettled(out, epsilon))
    parameters = {
        "layer": layer,
        "production": production,
        "replaceability": replaceability,
        "epsilon": epsilon,
        "leak": ready.leaks,
        "esri": float(out[0, 0]),
        "esri_downstream": float(out[0, 1]),
        "esri_upstream": float(out[0, 2]),
        "iterations": int(out[0, 3]),
    }
    measures = ("loss", "loss_downstream", "loss_upstream", "tier", "sales_share")
    return Scenario(_scenario_frame(ready, where, state), measures, parameters, notes, state=state)


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


def _values(
    ready: FirmNetwork, sets: list[Integers], replaceable: bool, epsilon: float, quick: bool, jobs: int
) -> tuple[Array, tuple[Note, ...]]:
    """Return a row a set: index, downstream, upstream, steps, firms hit, width of the last step."""
    if epsilon == 0:
        from netcluster.risk.closed_form import closed_form

        return closed_form(ready, sets), ()
    from netcluster.risk._kernels import Rules

    links, rules = kernel_links(ready), Rules(replaceable, epsilon, LEAST, 0.0, MOST_STEPS)
    if quick:
        from netcluster.risk.fast_cascade import quick_values

        return quick_values(ready, links, rules, sets, jobs)
    values = follow_all(links, rules, np.zeros((ready.n, 0)), sets, jobs)
    return values, _unsettled(values, epsilon)


def follow_all(links: Links, rules: Rules, ahead: Any, sets: list[Integers], jobs: int) -> Array:
    """Return the kernel's (sets, 7) for closing each set of firms, chunk by chunk on several threads."""
    from netcluster.risk._kernels import failures, scratch

    def run(start: int) -> Array:
        part = sets[start : start + CHUNK]
        firms = np.concatenate(part).astype(np.int64)
        starts = np.concatenate([[0], np.cumsum([one.size for one in part])]).astype(np.int64)
        out, work = np.zeros((len(part), 7)), scratch(links, rules, ahead.shape[1])
        failures(links, rules, work, ahead, firms, np.zeros(firms.size), starts, out, np.zeros((0, 2)))
        return out

    chunks = range(0, len(sets), CHUNK)
    done = ordered_map(run, chunks, jobs=jobs)
    return np.concatenate(list(track(done, "Cascades", total=len(chunks))))


def _sets(
    ready: FirmNetwork, groups: npt.ArrayLike | None, firms: Sequence[str] | None, sample: int | None, seed: int
) -> tuple[list[Integers], list[str], Any]:
    """Return the sets of firms that close together, their ids and their names."""
    if groups is not None:
        labels = np.asarray(groups)
        if labels.shape != (ready.n,):
            raise NetclusterError(f"There are {labels.size} group labels for {ready.n} firms.")
        keys, codes = np.unique(labels, return_inverse=True)
        names = [str(key) for key in keys.tolist()]
        return [np.flatnonzero(codes == g) for g in range(len(keys))], names, names
    chosen = np.arange(ready.n) if firms is None else _positions(ready, list(firms))
    if sample is not None and sample < chosen.size:
        draw = numpy_generator(seed, "cascade").choice(chosen.size, sample, replace=False)
        chosen = chosen[np.sort(draw)]
    return [chosen[i : i + 1] for i in range(chosen.size)], [ready.ids[i] for i in chosen], ready.labels[chosen]


def _positions(ready: FirmNetwork, names: list[str]) -> Integers:
    number = {name: i for i, name in enumerate(ready.ids)}
    unknown = [name for name in names if name not in number]
    if unknown:
        import difflib

        near = difflib.get_close_matches(unknown[0], ready.ids[:10_000], n=3)
        hint = f"Did you mean {', '.join(near)}?" if near else "Use the ids of the network's nodes."
        raise NetclusterError(f"There is no firm {unknown[0]!r} in the network.", hint)
    if len(set(names)) < len(names) or not names:
        raise NetclusterError("A scenario names each firm once, and at least one.", "Look at the column node.")
    return np.array([number[name] for name in names], dtype=np.int64)


def _shares(ready: FirmNetwork, sets: list[Integers]) -> Array:
    sizes = np.array([one.size for one in sets])
    ends = np.cumsum(sizes)
    sums = np.concatenate([[0.0], np.cumsum(ready.weight[np.concatenate(sets)])])
    single = bool((sizes == 1).all())
    return ready.weight[np.concatenate(sets)] if single else np.asarray(sums[ends] - sums[ends - sizes])


def _frame(names: list[str], labels: Any, values: Array, shares: Array) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "firm": names,
            "esri": values[:, 0],
            "esri_downstream": values[:, 1],
            "esri_upstream": values[:, 2],
            "iterations": values[:, 3].astype(np.int64),
            "firms_hit": values[:, 4].astype(np.int64),
            "sales_share": shares,
            "label": labels,
        }
    )


def _scenario_frame(ready: FirmNetwork, where: Integers, state: Array) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "node": list(ready.ids),
            "loss": state.max(axis=1),
            "loss_downstream": state[:, 0],
            "loss_upstream": state[:, 1],
            "tier": _tiers(ready.matrix, where),
            "sales_share": ready.weight,
            "label": ready.labels,
        }
    )


def _tiers(matrix: Any, where: Integers) -> Integers:
    """Return how many links each firm is from the nearest that fails, in either direction; −1 where none is."""
    tier = np.full(matrix.shape[0], -1)
    tier[where] = 0
    front, step, back = where, 0, matrix.T.tocsr()
    while front.size:
        step += 1
        near = np.unique(np.concatenate([one[front].indices for one in (matrix, back)]))
        front = near[tier[near] < 0]
        tier[front] = step
    return tier


def _check(epsilon: float, sample: int | None, jobs: int) -> None:
    if not 0 <= epsilon < 1:
        raise NetclusterError(f"Epsilon is {epsilon:g}, not between 0 and 1.", "The published value is 0.01.")
    if (sample is not None and sample < 1) or jobs < 1:
        raise NetclusterError("A sample and the jobs count from 1.", "Look at --sample and --jobs.")


def _unsettled(values: Array, epsilon: float) -> tuple[Note, ...]:
    count = int((values[:, 5] > epsilon).sum())
    return (Note("not_settled", f"Cascades that still moved after {MOST_STEPS:,} steps.", count),) if count else ()
