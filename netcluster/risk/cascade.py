"""What fails when a firm fails: the Economic Systemic Risk Index and its cascades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note, Result
from netcluster.core.seeds import numpy_generator
from netcluster.risk._cascade_findings import cascade_findings
from netcluster.risk._firm_network import FirmNetwork, Production, firm_network
from netcluster.risk._follow import LEAST, MOST_STEPS, follow_all, kernel_links

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.network.network import Network

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MEASURES = ("esri", "esri_downstream", "esri_upstream", "iterations", "firms_hit", "sales_share")


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
    check(epsilon, sample, jobs)
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
    return values, unsettled(values, epsilon)


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
    chosen = np.arange(ready.n) if firms is None else positions(ready, list(firms))
    if sample is not None and sample < chosen.size:
        draw = numpy_generator(seed, "cascade").choice(chosen.size, sample, replace=False)
        chosen = chosen[np.sort(draw)]
    return [chosen[i : i + 1] for i in range(chosen.size)], [ready.ids[i] for i in chosen], ready.labels[chosen]


def positions(ready: FirmNetwork, names: list[str]) -> Integers:
    """Return the rows of firms by their ids, each named once; an unknown one is an error."""
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

    # Where all is lost, the sum of the shares ends a rounding above 1.
    indices = np.minimum(values[:, :3], 1.0)
    return pd.DataFrame(
        {
            "firm": names,
            **dict(zip(MEASURES[:3], indices.T, strict=True)),
            "iterations": values[:, 3].astype(np.int64),
            "firms_hit": values[:, 4].astype(np.int64),
            "sales_share": shares,
            "label": labels,
        }
    )


def check(epsilon: float, sample: int | None, jobs: int) -> None:
    """Raise where an option is out of its range."""
    if not 0 <= epsilon < 1:
        raise NetclusterError(f"Epsilon is {epsilon:g}, not between 0 and 1.", "The published value is 0.01.")
    if (sample is not None and sample < 1) or jobs < 1:
        raise NetclusterError("A sample and the jobs count from 1.", "Look at --sample and --jobs.")


def unsettled(values: Array, epsilon: float) -> tuple[Note, ...]:
    """Return a note where cascades were given up before they settled."""
    count = int((values[:, 5] > epsilon).sum())
    return (Note("not_settled", f"Cascades that still moved after {MOST_STEPS:,} steps.", count),) if count else ()
