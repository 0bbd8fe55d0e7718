"""The same bytes from two processes: other jobs, another PYTHONHASHSEED, and the commands in the other order."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from netcluster_datasets import path

PLAN = """
inputs = ["tables/*"]
[parameters]
effort = "quick"
[[steps]]
command = "sectors"
[[steps]]
command = "clusters"
seed = [0, 1]
[[steps]]
command = "analyze"
"""
#: What is run; JOBS stands for the number of processes or threads, V for the folder of the made-up economy.
COMMANDS = """
batch run plan.toml -o batch --jobs JOBS
clusters tables/table.csv --jobs JOBS --effort quick -o clusters.json
reconstruct V/io_2023.csv --firms firms.csv --mean-degree 6 --threads JOBS -o reconstructed
risk cascade V/links.csv firms.csv --sample 100 --jobs JOBS -o cascade.parquet
"""
MORE = """
analyze tables/table.csv -o analyze --effort quick --threads 1
centrality V --year 2023 -o centrality.csv
clusters V --year 2023 --jobs JOBS -o clusters_of_valley.json
clusters V --year 2023 --show profile --jobs JOBS --effort quick -o profile.csv
shock V/links.csv firms.csv --hazards hazards.csv --draws 40 --jobs JOBS --show draws -o draws.csv
"""
SCRIPT = """
import json, sys
from netcluster_cli.main import run
if __name__ == "__main__":
    for command in json.loads(sys.argv[1]):
        assert run([*command, "--quiet"]) == 0, command
"""


def started(home: Path, lines: str, jobs: int, hash_seed: int) -> subprocess.Popen[str]:
    """Run all commands in one process; with more than one job, backwards."""
    valley = Path(path("valley"))
    (home / "tables").mkdir(parents=True)
    (home / "tables" / "table.csv").write_bytes(Path(path("miller-blair")).read_bytes())
    firms = (valley / "firms.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (home / "firms.csv").write_text("".join(firms[:1] + firms[1::10]), encoding="utf-8")
    (home / "hazards.csv").write_text("node,probability\nF0001,0.4\nF0002,0.4\nF0003,0.1\n", encoding="utf-8")
    (home / "plan.toml").write_text(PLAN, encoding="utf-8")
    text = lines.replace("JOBS", str(jobs)).replace(" V", f" {valley}")
    commands = [line.split() for line in text.splitlines() if line]
    script = home / "all.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, str(script), json.dumps(commands[:: 1 if jobs == 1 else -1])],
        cwd=home, env=os.environ | {"PYTHONHASHSEED": str(hash_seed)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def content(home: Path) -> dict[str, str]:
    return {
        item.relative_to(home).as_posix(): hashlib.sha256(item.read_bytes()).hexdigest()
        for item in sorted(home.rglob("*"))
        if item.is_file() and not item.name.endswith(("run.json", ".lock"))
    }


def same(home: Path, lines: str, *settings: tuple[int, int]) -> dict[str, str]:
    """Return the files that all settings (jobs, hash seed) give alike."""
    runs = [started(home / f"{jobs}-{seed}", lines, jobs, seed) for jobs, seed in settings]
    for process in runs:
        _, said = process.communicate(timeout=600)
        assert process.returncode == 0, said
    first, *others = (content(home / f"{jobs}-{seed}") for jobs, seed in settings)
    for other in others:
        assert other == first
    return first


def test_other_jobs_hash_seed_and_order_give_the_same_bytes(tmp_path: Path) -> None:
    found = same(tmp_path, COMMANDS, (1, 0), (2, 4711))
    assert {"clusters.json", "cascade.parquet", "reconstructed/network.json", "batch/results/runs.parquet"} <= set(
        found
    )
    assert any(name.endswith("report.html") for name in found)


@pytest.mark.slow
def test_four_jobs_give_the_same_bytes(tmp_path: Path) -> None:
    same(tmp_path, COMMANDS + MORE, (1, 1), (2, 2), (4, 3))
