"""A firm network that agrees with a table: the steps, from a table and firms' sizes to links with amounts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.result import Note, Result
from netcluster.core.seeds import numpy_generator
from netcluster.network.network import Layer, Network
from netcluster.reconstruction import known as fixed
from netcluster.reconstruction.attach import Rule, attach, read_rules
from netcluster.reconstruction.balance import Margins, balance, less, margins
from netcluster.reconstruction.calibrate import density, fit_exponents, refuse_unreachable, solve_density
from netcluster.reconstruction.distance import SCALE, estimated_links, places
from netcluster.reconstruction.expected import Sums
from netcluster.reconstruction.fitness import Array, Economy, Integers, economy
from netcluster.reconstruction.inputs import known_inputs
from netcluster.reconstruction.model import Exponents, Fitness, Method, Model, fitness, model, noise
from netcluster.reconstruction.partners import more_partners
from netcluster.reconstruction.sample import Distance, Drawn, draw_links
from netcluster.reconstruction.validate import validate

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.firms import FirmTable
    from netcluster.tables.iotable import IOTable
    from netcluster.tables.links import LinkTable


#: Rounds of balancing after which it is seen which firms need more partners.
ROUGH = 4


@dataclass(frozen=True, eq=False, repr=False)
class Reconstruction(Result):
    """A reconstructed network with its validation report.

    `frame` is the report: measure, target, reached, and who set the target. `network` has the firms (and
    institutions), layer supply among firms, and the institutions' layers.
    """

    network: Network = field(kw_only=True)


@dataclass(frozen=True, eq=False)
class Prepared:
    """Everything that all networks of one table and one list of firms share, the fitted exponents among it."""

    io: IOTable
    firms: Economy
    model: Model
    exponents: Exponents
    mean_degree: float
    parameters: dict[str, object]
    notes: tuple[Note, ...]
    known: fixed.Known | None = None
    distance: Distance | None = None
    rules: tuple[Rule, ...] = ()


def reconstruct(
    table: IOTable,
    firms: FirmTable,
    *,
    mean_degree: float,
    method: Method = "iogm",
    exponents: Exponents | None = None,
    inputs: pd.DataFrame | None = None,
    known: LinkTable | None = None,
    institutions: Path | None = None,
    distance_decay: float = 0.0,
    distance_scale: float = SCALE,
    balanced: bool = True,
    seed: int = 0,
    jobs: int = 1,
) -> Reconstruction:
    """Return a network of firms that agrees with a table, and how far it does.

    Parameters
    ----------
    table : IOTable
        What industries sell to each other.
    firms : FirmTable
        Firms with id, industry (a sector of the table) and size; revenue, costs, region, lat, lon where known.
    mean_degree : float
        Customers a firm has on average.
    method : {"iogm", "scgm", "dcgm"}
        Suppliers by the industry's column of the table; by the firm's own `inputs` where known; or without industries.
    exponents : Exponents, optional
        How fitness follows from sales and purchases; left out, fitted to published degrees (see
        `calibrate.fit_exponents`). `Exponents()` is the published model as it stands.
    inputs : DataFrame, optional
        firm, industry, value: what firms buy by industry, for method "scgm".
    known : LinkTable, optional
        Supply links that stay as they are.
    institutions : path, optional
        A CSV file of rules, see `attach.read_rules`.
    distance_decay, distance_scale : float
        λ is multiplied by (1 + km ÷ scale) to the power −decay.
    balanced : bool
        Bring the weights to sales, purchases and cells; else they are gravity over p, right on average only.
    seed, jobs : int
        The network follows from the seed whatever the jobs.

    Returns
    -------
    Reconstruction
        `.network` and, as `.frame`, the validation report.

    Raises
    ------
    NetclusterError
        Where industries don't match, or so many links can't be.

    Notes
    -----
    Cimini et al. (2015), Ialongo et al. (2022), Fessina et al. (2024); exponents and spreads are ours.

    Examples
    --------
    >>> import pandas as pd
    >>> from netcluster.tables.firms import FIRM_COLUMNS, FirmTable
    >>> from netcluster.tables.iotable import IOTable
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> frame = pd.DataFrame({"id": [f"f{i}" for i in range(40)], "industry": ["farms", "factories"] * 20, "size": 1.0})
    >>> firms = FirmTable(frame.reindex(columns=FIRM_COLUMNS))
    >>> made = reconstruct(io, firms, mean_degree=5, exponents=Exponents())
    >>> made.network.layer("supply").matrix.sum().round(6)
    np.float64(950.0)
    """
    ready = prepare(
        table,
        firms,
        mean_degree=mean_degree,
        method=method,
        exponents=exponents,
        inputs=inputs,
        known=known,
        institutions=institutions,
        distance_decay=distance_decay,
        distance_scale=distance_scale,
        balanced=balanced,
        seed=seed,
    )
    return make(ready, seed, jobs)


def prepare(
    table: IOTable,
    firms: FirmTable,
    *,
    mean_degree: float,
    method: Method = "iogm",
    exponents: Exponents | None = None,
    inputs: pd.DataFrame | None = None,
    known: LinkTable | None = None,
    institutions: Path | None = None,
    distance_decay: float = 0.0,
    distance_scale: float = SCALE,
    balanced: bool = True,
    seed: int = 0,
) -> Prepared:
    """Return what all networks of these inputs share; see `reconstruct` for the parameters."""
    whole = economy(table, firms)
    notes = list(whole.notes)
    own, more = known_inputs(inputs, whole) if inputs is not None else (None, ())
    chosen, held, told = model(whole, method, own)
    notes += [*more, *told]
    pairs, said = fixed.known_links(known, held) if known is not None else (None, ())
    where, here = places(held.nodes, distance_decay, distance_scale) if distance_decay else (None, ())
    if exponents is None:
        found, fitted = fit_exponents(chosen, mean_degree, noise(held.n, seed))
    else:
        found, fitted = exponents, ()
    parameters: dict[str, object] = {
        "method": method,
        "mean_degree": mean_degree,
        "exponents": asdict(found),
        "fitted": exponents is None,
        "distance_decay": distance_decay,
        "distance_scale": distance_scale,
        "balanced": balanced,
        "known_links": pairs.links if pairs else 0,
    }
    rules = tuple(read_rules(institutions)) if institutions is not None else ()
    told = (*notes, *said, *here, *fitted)
    return Prepared(table, held, chosen, found, mean_degree, parameters, told, pairs, where, rules)


def make(ready: Prepared, seed: int, jobs: int = 1) -> Reconstruction:
    """Return the network of one seed."""
    firms, chosen = ready.firms, ready.model
    made = fitness(chosen, ready.exponents, noise(firms.n, seed))
    z, notes = _density(ready, made, seed)
    drawn = draw_links(chosen, made, z, seed=seed, distance=ready.distance, jobs=jobs)
    drawn, more = _weighed(ready, drawn, seed, jobs)
    nodes, layers, tied = _layers(ready, drawn, seed)
    parameters = {**ready.parameters, "seed": seed, "z": z}
    report = validate(drawn, firms, ready.mean_degree, parameters)
    said = (*ready.notes, *notes, *more, *tied)
    source, year = ready.io.source, ready.io.year
    name = f"firms of {source}" if source else "reconstructed firms"
    network = Network(nodes, layers, name, year, source, changes=said, validation=report.frame)
    told = (*said, *report.notes)
    return Reconstruction(report.frame, report.measures, MappingProxyType(parameters), told, network=network)


def _density(ready: Prepared, made: Fitness, seed: int) -> tuple[float, list[Note]]:
    """Return the z that gives as many links as asked for, known ones counted in."""
    goal = ready.mean_degree * ready.firms.active
    own = None
    if ready.known is not None:
        which, slot = fixed.slots_of(ready.model, ready.known)
        own = ready.known.source[which], slot
        goal -= ready.known.links
        if goal <= 0:
            return 0.0, [Note("known_links_enough", "The known links are as many as asked for: none was drawn.")]
    sums = Sums(ready.model, made, known=own)
    if ready.distance is None:
        return density(sums, goal), []
    refuse_unreachable(sums, goal)
    links, error = estimated_links(ready.model, made, ready.distance, seed)
    z = solve_density(links, goal)
    off = 1.96 * error(z) / goal
    return z, [Note("density_estimated", f"With distance the density is estimated on drawn pairs, to ± {off:.1%}.")]


def _weighed(ready: Prepared, drawn: Drawn, seed: int, jobs: int) -> tuple[Drawn, list[Note]]:
    """Return the links with their amounts, known ones among them."""
    asked = margins(ready.firms, cells=ready.parameters["method"] != "dcgm")
    known, notes = ready.known, list[Note]()
    sure = None
    if known is not None:
        drawn = fixed.without(drawn, known)
        amount = fixed.gravity(ready.model, known)
        unknown = np.isnan(known.weight)
        sure = known.part(~unknown)
        drawn = fixed.joined(drawn, known.part(unknown), amount[unknown])
        asked = less(asked, sure.source, sure.target, sure.weight)
    if ready.parameters["balanced"]:
        # The published model stands as it is, and partners far away would undo the decay of distance.
        if ready.parameters["fitted"] and ready.distance is None:
            drawn, note = _with_partners(ready, drawn, asked, seed, jobs)
            notes.append(note)
        weights, rounds, off = balance(drawn, asked, jobs=jobs)
        drawn = replace(drawn, weights=np.maximum(weights, 1e-300))
        text = f"Weights were balanced in {rounds} rounds; {off:.1%} of sales still differ between links and firms."
        notes.append(Note("balanced", text, rounds))
    return (drawn if sure is None else fixed.joined(drawn, sure, sure.weight)), notes


def _with_partners(ready: Prepared, drawn: Drawn, asked: Margins, seed: int, jobs: int) -> tuple[Drawn, Note]:
    """Return the links with further ones where firms can't sell or buy what they do, and a note of how many."""
    weights, _, _ = balance(drawn, asked, rounds=ROUGH, jobs=jobs)
    rough = replace(drawn, weights=np.maximum(weights, 1e-300))
    known = ready.known
    taken = None if known is None else known.keys(ready.firms.n)
    chance = numpy_generator(seed, "reconstruction", "partners")
    drawn, added = more_partners(rough, ready.model, asked, chance, taken)
    text = f"{added:,} links were drawn so that firms can sell and buy what they do, and about as many taken out."
    return drawn, Note("more_partners", text, added)


def _layers(ready: Prepared, drawn: Drawn, seed: int) -> tuple[pd.DataFrame, dict[str, Layer], tuple[Note, ...]]:
    """Return nodes and layers of a network: its firms' links, and institutions with theirs where rules are given."""
    nodes, layers, notes = ready.firms.nodes, dict[str, Layer](), tuple[Note, ...]()
    if ready.rules:
        nodes, layers, notes = attach(nodes, list(ready.rules), seed, ready.io.unit)
    supply = Layer(_matrix(drawn, len(nodes)), ready.io.unit, True, True)
    return nodes, {"supply": supply, **layers}, notes


def _matrix(drawn: Drawn, n: int) -> Any:
    import scipy.sparse as sp

    kind = np.int32 if drawn.links < 2**31 else np.int64
    more = np.full(n - drawn.n, drawn.links)
    starts: Integers = np.concatenate([drawn.starts, more])
    values: Array = drawn.weights
    return sp.csr_array((values, drawn.buyers.astype(kind, copy=False), starts.astype(kind)), shape=(n, n))
