"""Whom a cluster deals with: specialised suppliers, services, infrastructure, research, shared suppliers, knowledge."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from netcluster.clusters.quality import summed
from netcluster.places.quotient import ratio
from netcluster.study.claims.evidence import Array, Evidence, Labels, Missing

Columns = dict[str, object]
#: Sections whose sales are services to business, and infrastructure, in ISIC 4, ISIC 3 and NAICS; ours.
SERVICES = frozenset({
    "Information and communication", "Finance", "Professional services", "Business support",
    "Real estate and business services", "Information", "Management of companies", "Business support and waste",
})  # fmt: skip
INFRASTRUCTURE = frozenset({
    "Energy supply", "Water and waste", "Energy and water", "Utilities", "Transport", "Transport and communication",
})  # fmt: skip
#: Telecommunication in ISIC 4, of the section of information; research in ISIC 4, ISIC 3.
_TELECOM, _RESEARCH = ("J61",), ("M72", "M73_72")
_KNOWLEDGE = ("project", "patent")


def suppliers(evidence: Evidence) -> Columns:
    """Return how far the suppliers of each cluster are specialised in it, its own members left out.

    Σ_i b_ic · (b_ic / a_i): each supplier's quotient (the share of it in what the cluster buys over its share in what
    all buy) weighted by what the cluster buys of it; 1 where the cluster buys as all do.
    """
    bought = _bought_outside(evidence)
    sold = np.asarray(evidence.flows.sum(axis=1)).ravel()
    a = np.divide(sold, sold.sum(), out=np.zeros_like(sold), where=sold.sum() > 0)
    # Of what others sell: the share that a supplier outside the cluster would have at random.
    outside = 1 - summed(evidence.labels, a, evidence.count + 1)[1:]
    columns = np.asarray(bought.sum(axis=0)).ravel()
    squares = bought.tocoo()
    b = squares.data / columns[squares.col]
    weight = b * b * outside[squares.col] / a[squares.row]
    found = summed(squares.col, weight, evidence.count)
    return {"supplier_quotient": np.where(columns > 0, found, np.nan)}


def services(evidence: Evidence) -> Columns:
    """Return the share of each cluster's inputs that are services to business."""
    return {"service_input_share": _input_share(evidence, _in_sections(evidence, SERVICES))}


def research(evidence: Evidence) -> Columns:
    """Return the share of each cluster's inputs that are research and development."""
    codes = evidence.net.nodes["industry"].fillna("").astype(str)
    codes = codes.where(codes != "", evidence.net.nodes["id"].astype(str))
    names = evidence.net.nodes["label"].astype(str).str.casefold()
    its = codes.str.contains("|".join(rf"\b{code}\b" for code in _RESEARCH)) | names.str.contains("scientific research")
    if not its.any():
        raise Missing("research")
    return {"research_input_share": _input_share(evidence, its.to_numpy())}


def infrastructure(evidence: Evidence) -> Columns:
    """Return the share of each cluster's inputs that are energy, water, transport and telecommunication."""
    return {"infrastructure_share": _input_share(evidence, _infrastructure(evidence))}


def local_infrastructure(evidence: Evidence) -> Columns:
    """Return what of the inputs of infrastructure is local.

    Local is from the buyer's region; in a table of one region that splits origin, what is not imported.
    """
    return {"infrastructure_local": _local(evidence, _infrastructure(evidence))}


def overlap(evidence: Evidence) -> Columns:
    """Return how alike the purchases of two members are on average: the mean cosine of their input shares."""
    W = sp.csc_array(evidence.flows)
    length = np.sqrt(np.asarray((W * W).sum(axis=0)).ravel())
    unit = W @ sp.diags_array(np.divide(1.0, length, out=np.zeros_like(length), where=length > 0))
    buys = length > 0
    together = unit @ _membership(evidence.labels, evidence.count)
    squared = np.asarray((together * together).sum(axis=0)).ravel()
    n = summed(evidence.labels, buys.astype(float), evidence.count + 1)[1:]
    pairs = n * (n - 1)
    return {"supplier_overlap": ratio(squared - n, pairs)}


def knowledge(evidence: Evidence) -> Columns:
    """Return the share of the members' joint projects and patents that they have with each other."""
    return {"knowledge_inside": _inside(evidence, _KNOWLEDGE, "knowledge")}


def moves(evidence: Evidence) -> Columns:
    """Return the share of the members' hires and leavers that move within the cluster."""
    return {"labour_inside": _inside(evidence, ("labour",), "labour")}


def _inside(evidence: Evidence, layers: tuple[str, ...], missing: str) -> Array:
    net, labels = evidence.firms()
    inside, whole = np.zeros(evidence.count + 1), np.zeros(evidence.count + 1)
    found = [net.layers[name] for name in layers if name in net.layers]
    if not found:
        raise Missing(missing)
    for layer in found:
        links = layer.matrix.tocoo()
        one, other = labels[links.row], labels[links.col]
        # Each tie has two ends, each counted with the cluster it lies in; that of no cluster is not asked for.
        inside += summed(one, links.data * (one == other) * 2, evidence.count + 1)
        whole += summed(one, links.data, evidence.count + 1) + summed(other, links.data, evidence.count + 1)
    return ratio(inside, whole)[1:]


def _infrastructure(evidence: Evidence) -> npt.NDArray[np.bool_]:
    telecom = evidence.net.nodes["industry"].fillna("").astype(str).str.startswith(_TELECOM).to_numpy()
    return np.asarray(_in_sections(evidence, INFRASTRUCTURE) | telecom)


def _in_sections(evidence: Evidence, wanted: frozenset[str]) -> npt.NDArray[np.bool_]:
    found = np.isin(evidence.sections, list(wanted))
    if not (evidence.sections != "").any():
        raise Missing("sections")
    return found


def _input_share(evidence: Evidence, suppliers: npt.NDArray[np.bool_]) -> Array:
    """Return the share of these suppliers in what the members of each cluster buy."""
    bought = np.asarray(evidence.flows.sum(axis=0)).ravel()
    part = np.asarray(evidence.flows[np.flatnonzero(suppliers)].sum(axis=0)).ravel()
    above, below = evidence.sum(part), evidence.sum(bought)
    return ratio(above, below)


def _local(evidence: Evidence, suppliers: npt.NDArray[np.bool_]) -> Array:
    rows = np.flatnonzero(suppliers)
    region = evidence.net.nodes["region"].fillna("").astype(str).to_numpy()
    links = evidence.flows[rows].tocoo()
    if len(set(region)) > 1:
        near = links.data * (region[rows[links.row]] == region[links.col])
        local, all_ = summed(links.col, near, evidence.net.n), summed(links.col, links.data, evidence.net.n)
    elif evidence.io is not None and evidence.io.imports is not None and evidence.io.origin == "domestic":
        local = summed(links.col, links.data, evidence.net.n)
        all_ = local + np.maximum(evidence.io.imports.Z[rows], 0).sum(axis=0)
    else:
        raise Missing("imports")
    return ratio(evidence.sum(local), evidence.sum(all_))


def _bought_outside(evidence: Evidence) -> Any:
    """Return what each cluster buys from each node outside it, (n, count) CSR."""
    bought = sp.csr_array(evidence.flows @ _membership(evidence.labels, evidence.count)).tocoo()
    other = evidence.labels[bought.row] != bought.col + 1
    shape = (evidence.net.n, evidence.count)
    return sp.csr_array((bought.data[other], (bought.row[other], bought.col[other])), shape=shape)


def _membership(labels: Labels, count: int) -> Any:
    rows = np.flatnonzero(labels)
    return sp.csr_array((np.ones(rows.size), (rows, labels[rows] - 1)), shape=(labels.size, count))
