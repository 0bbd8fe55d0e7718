"""Run folders written by hand, for tests of what reads them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp

from netcluster.network.network import Layer, Network
from netcluster.network.store import save

HOSTILE = (
    "<script>window.hurt = 1</script>",
    '"><img src=x onerror="window.hurt = 1">',
    "</script><script>window.hurt = 1</script>",
    "k" * 10_000,
    "شركة الصلب \u202eevil",
    "{{ 7 * 7 }} {% raw %}",
    "=1+1|a,b\tc",
    "javascript:alert(1)",
)


def labels(n: int, *, hostile: bool = False) -> list[str]:
    """Return n labels; with `hostile` the first ones are what a page must not run."""
    plain = [f"Industry {k}" for k in range(n)]
    return [*HOSTILE, *plain][:n] if hostile else plain


def random_flows(n: int, links: int, seed: int = 0) -> sp.csr_array:
    """Return n nodes with about so many links, heavy-tailed, a loop on each node."""
    draw = np.random.default_rng(seed)
    source, target = draw.integers(0, n, links), draw.integers(0, n, links)
    flows = sp.csr_array((draw.lognormal(3, 1.5, links), (source, target)), shape=(n, n))
    return sp.csr_array(flows + sp.diags_array(draw.lognormal(3, 1, n)))


def make_run(
    folder: Path, n: int = 8, *, links: int = 40, hostile: bool = False, clusters: int = 3, places: bool = False
) -> Path:
    """Write a whole run folder: n nodes, tables of every kind that the page draws, findings and provenance."""
    folder.mkdir(parents=True, exist_ok=True)
    names = labels(n, hostile=hostile)
    ids = names if hostile else [f"R:{k:02d}" for k in range(n)]
    matrix = random_flows(n, links)
    output = np.asarray(matrix.sum(axis=1)).ravel() * 2
    _network(folder, ids, names, output, matrix, places=places)
    label = np.arange(n) % clusters + 1
    cluster_name = [f"{names[k - 1]} and others" for k in label]
    tables = {
        "sectors": _sectors(ids, names, output),
        "clusters": pd.DataFrame(
            {"node": ids, "cluster": label, "cluster_name": cluster_name, "stability": 0.9, "label": names}
        ),
        "centrality": pd.DataFrame(
            {"node": ids, "pagerank": np.linspace(0.2, 0.01, n), "betweenness": 0.0, "label": names}
        ),
        "dependence": _dependence(ids, names),
    }
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    document = {
        "schema": 1,
        "title": names[0] if hostile else "Valley, 2020",
        "summary": {
            "name": "valley",
            "kind": "io",
            "year": 2020,
            "unit": "million EUR",
            "source": names[1],
            "nodes": n,
            "links": {"supply": int(matrix.nnz)},
            "sectors": n,
            "regions": 1,
            "output": float(output.sum()),
            "origin": "domestic",
        },
        "tables": [
            {"file": f"{name}.csv", "title": name.capitalize(), "measures": [], "rows": len(frame), "parameters": {}}
            for name, frame in tables.items()
        ],
        "left_out": [{"section": "Regions", "reason": "There is one region only."}],
        "findings": [_finding(names[k % n], k) for k in range(12)],
        "findings_left_out": {"concentrated_inputs": 1234},
        "notes": [{"code": "zero_output", "text": "Sectors without output stay.", "count": 2}],
        "provenance": {
            "command": "netcluster analyze",
            "options": {"effort": "standard"},
            "seed": 0,
            "threads": 2,
            "versions": {"netcluster": "0.1.0"},
            "inputs": [{"name": names[0], "bytes": 1234567, "sha256": "ab" * 32}],
        },
    }
    (folder / "findings.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return folder


def _network(
    folder: Path, ids: list[str], names: list[str], output: np.ndarray, matrix: sp.csr_array, *, places: bool
) -> None:
    nodes = pd.DataFrame({"id": ids, "kind": "industry", "role": "", "label": names, "industry": "", "region": "R"})
    nodes["size"] = output
    if places:
        nodes["lon"], nodes["lat"] = np.linspace(10, 11, len(ids)), np.linspace(50, 51, len(ids))
        nodes.loc[0, "lat"] = np.nan
    save(Network(nodes, {"supply": Layer(matrix, unit="million EUR", money=True)}, name="valley"), folder / "network")


def _sectors(ids: list[str], names: list[str], output: np.ndarray) -> pd.DataFrame:
    n = len(ids)
    backward, forward = np.linspace(0.7, 1.3, n), np.linspace(1.2, 0.8, n)
    kind = [
        {(True, True): "key", (True, False): "backward", (False, True): "forward", (False, False): "weak"}[
            bool(b >= 1), bool(f >= 1)
        ]
        for b, f in zip(backward, forward, strict=True)
    ]
    columns = {"region": "R", "sector": ids, "name": names, "output": output, "output_multiplier": backward + 0.8}
    return pd.DataFrame({**columns, "backward_linkage": backward, "forward_linkage": forward, "key_sector": kind})


def _dependence(ids: list[str], names: list[str]) -> pd.DataFrame:
    n = len(ids)
    frames = [
        pd.DataFrame(
            {
                "node": ids,
                "side": side,
                "hhi": np.linspace(0.6, 0.05, n),
                "largest_share": np.linspace(0.7, 0.1, n),
                "largest_partner": ids[::-1],
                "total_hhi": np.linspace(0.3, 0.04, n),
                "own_share": 0.125,
                "output_share": 1 / n,
                "label": names,
            }
        )
        for side in ("inputs", "sales")
    ]
    return pd.concat(frames)


def _finding(name: str, k: int) -> dict[str, object]:
    return {
        "code": "concentrated_inputs",
        "subject": name,
        "subject_kind": "industry",
        "measure": "hhi",
        "value": 0.6 - 0.02 * k,
        "threshold": 0.25,
        "severity": ("high", "medium", "low")[k // 4],
        "share": 0.05,
        "sentence": f"{name} buys from few.",
        "evidence": [{"partner": name, "share": 0.5}],
        "reference": "US Horizontal Merger Guidelines (2010), §5.3",
        "lever": f"Less of {name}.",
    }
