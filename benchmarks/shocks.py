"""What shocks cost: the daily model beside BoARIO, and a sweep of demand shocks beside one solve a scenario."""

from __future__ import annotations

import os
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd

from netcluster.core.solve import blas_threads
from netcluster.risk import Behaviour, Event, ario, sweep
from netcluster.tables.iotable import IOTable

RULES = Behaviour(keep_surplus=True, rationing="proportional")


def world(regions: int, goods: int, seed: int = 0) -> IOTable:
    """Return a table of `regions` times `goods` sectors, denser within regions than across."""
    rng = np.random.default_rng(seed)
    labels = pd.DataFrame(
        [(f"R{r:02d}", f"S{g:02d}") for r in range(regions) for g in range(goods)], columns=["region", "sector"]
    )
    n = len(labels)
    near = np.kron(np.eye(regions), np.ones((goods, goods))) * 20 + 1
    flows = rng.lognormal(sigma=1.5, size=(n, n)) * near * 1e4
    output = np.maximum(flows.sum(axis=0), flows.sum(axis=1)) * 1.8
    return IOTable.from_arrays(flows, x=output, sectors=labels)


def boario_model(io: IOTable) -> Any:
    """Return BoARIO's model of the table with the same behaviour."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pymrio
        from boario.extended_models import ARIOPsiModel

        index = pd.MultiIndex.from_frame(io.sectors[["region", "sector"]])
        demand = pd.MultiIndex.from_product([io.regions, ["Final"]], names=["region", "category"])
        final = np.zeros((io.n, len(io.regions)))
        final[:, 0] = io.Y.sum(axis=1)
        system = pymrio.IOSystem(
            Z=pd.DataFrame(io.Z, index=index, columns=index), Y=pd.DataFrame(final, index=index, columns=demand)
        ).calc_all()
        return ARIOPsiModel(
            system, order_type="noalt", psi_param=RULES.psi, inventory_restoration_tau=60, main_inv_dur=90
        )


def boario_days(model: Any, capacity: Any) -> Any:
    """Return production by day of BoARIO's own steps, without its bookkeeping of files."""
    path = []
    for day in range(1, len(capacity)):
        if day > 1:
            model.calc_overproduction()
        model.prod_cap_delta_arbitrary = 1.0 - capacity[day]
        model.calc_production(day)
        model.distribute_production()
        model.calc_orders()
        path.append(model.production.copy())
    return np.array(path)


def daily(regions: int, goods: int, peer_days: int, rounds: int) -> dict[str, Any]:
    """Time a year of days against BoARIO's days scaled to a year, one thread each, processor time."""
    io = world(regions, goods)
    hit = io.ids[3]
    capacity = np.ones((peer_days + 1, io.n))
    capacity[1:31, 3] = 0.4
    ario(io, [Event(hit, 0.4)], days=2, behaviour=RULES)
    ours, peer, off = [], [], 0.0
    for _ in range(rounds):
        start = time.process_time()
        path = ario(io, [Event(hit, 0.4)], days=365, behaviour=RULES)
        ours.append(time.process_time() - start)
        model = boario_model(io)
        start = time.process_time()
        theirs = boario_days(model, capacity)
        peer.append((time.process_time() - start) * 365 / peer_days)
        off = float(np.abs(path.values[1 : peer_days + 1] - theirs / model.X_0).max())
    print(f"{io.n} sectors: production differs from BoARIO as published by {off:.1e} of a day at most")
    return {
        "name": f"ARIO, a year of days, {io.n:,} sectors, one thread, beside BoARIO's steps",
        "ours": float(np.median(ours)),
        "peer": float(np.median(peer)),
        "unit": "s of processor time",
        "ratio": float(np.median(np.array(ours) / np.array(peer))),
    }


def many(n: int = 2000, scenarios: int = 10_000) -> dict[str, Any]:
    """Time a sweep of demand shocks beside a factor solved for one scenario after the other."""
    import scipy.linalg as la

    io = world(n // 50, 50)
    rng = np.random.default_rng(1)
    nodes = np.array(io.ids)[rng.integers(0, io.n, 5 * scenarios)]
    names = np.repeat(np.arange(scenarios), 5)
    rows = pd.DataFrame({"scenario": names, "node": nodes, "amount": -rng.random(nodes.size)})
    start = time.perf_counter()
    ours_frame = sweep(io, rows).frame
    ours = time.perf_counter() - start
    few = 200
    start = time.perf_counter()
    factor = la.lu_factor(np.eye(io.n) - io.A)
    prepared = time.perf_counter() - start
    where = {name: i for i, name in enumerate(io.ids)}
    start = time.perf_counter()
    for k in range(few):
        demand = np.zeros(io.n)
        part = rows.iloc[5 * k : 5 * k + 5]
        np.add.at(demand, [where[name] for name in part["node"]], part["amount"])
        lost = -la.lu_solve(factor, demand).sum()
        assert abs(lost - ours_frame["loss_amount"][k]) < 1e-9 * io.x.sum()
    peer = prepared + (time.perf_counter() - start) * scenarios / few
    return {
        "name": f"sweep of {scenarios:,} demand shocks, {io.n:,} sectors, beside a solve a scenario",
        "ours": ours,
        "peer": peer,
        "unit": "s",
        "ratio": ours / peer,
    }


def run() -> list[dict[str, Any]]:
    """Return the daily model at 500 and 2,000 sectors on one thread, and the sweep on all."""
    with blas_threads(1):
        rows = [daily(25, 20, peer_days=60, rounds=3), daily(40, 50, peer_days=10, rounds=1)]
    return [*rows, many()]


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    for row in run():
        print(row)
