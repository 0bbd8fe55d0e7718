"""Bad days of a batch: killed at random instants, a full disk, a lost scheduler, a jumping clock, and so on.

`python -m benchmarks.faults [--kills 20] [--seed 0]` runs a batch of the command line under each fault, goes on with
it, and compares every byte with a batch nothing befell. After each kill it checks that what had landed is still
there, the same, and that every record's rows are whole. It prints a table, and exits 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from netcluster_datasets import path

#: The runs of the batch: 2 inputs × (11 + 8 + 1).
PLAN = """
inputs = ["tables/*"]
[[steps]]
command = "sectors"
top = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
[[steps]]
command = "risk dependence"
top = [1, 2, 3, 4, 5, 6, 7, 8]
[[steps]]
command = "analyze"
effort = "quick"
"""
RUNS = 40
CLOCK = """
import random, time
_true = time.time
time.time = lambda: _true() + random.choice((-1, 1)) * random.random() * 3e7
"""
CLUSTER = """
import time
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        print(cluster.scheduler_address, flush=True)
        time.sleep(600)
"""


class LossError(Exception):
    """Something was lost, doubled or spoilt."""


class Bench:
    """A folder with a plan and its tables, and what the batch gives when nothing happens."""

    def __init__(self, home: Path, rng: random.Random) -> None:
        self.home, self.rng = home, rng
        (home / "tables").mkdir()
        for name in ("miller-blair", "germany-1995"):
            place = Path(path(name))
            target = home / "tables" / place.name
            shutil.copytree(place, target) if place.is_dir() else shutil.copy(place, target)
        (home / "plan.toml").write_text(PLAN, encoding="utf-8")
        start = time.monotonic()
        check(self.run("reference") == 0, "the undisturbed batch did not end well")
        self.seconds = time.monotonic() - start
        self.reference = content(home / "reference")
        check(len(landed(home / "reference")) == RUNS, "the undisturbed batch is not whole")

    def start(self, out: str, *more: str, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "netcluster_cli", "batch", "run", "plan.toml", "-o", out, "--jobs", "2", *more]
        env = os.environ | environment
        return subprocess.Popen(
            command, cwd=self.home, env=env, text=True, start_new_session=True, stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def run(self, out: str, *more: str, **environment: str) -> int:
        return self.ended(self.start(out, *more, **environment))[0]

    def ended(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        _, said = process.communicate(timeout=600)
        check("Traceback" not in said, said)
        return process.returncode, said

    def finish(self, out: str) -> None:
        """Go on with a batch to its end and compare it with the undisturbed one."""
        check(self.run(out) == 0, f"{out} did not end well when it was resumed")
        differs = self.reference.items() ^ content(self.home / out).items()
        check(not differs, f"{out} differs: {sorted(differs)[:4]}")

    def wait_for(self, out: str, records: int, process: subprocess.Popen[str]) -> None:
        while process.poll() is None and len(landed(self.home / out)) < records:
            time.sleep(0.002)


def check(good: bool, text: str) -> None:
    if not good:
        raise LossError(text)


def content(folder: Path) -> dict[str, str]:
    """Return the fingerprint of every file but those that may differ."""
    return {
        item.relative_to(folder).as_posix(): hashlib.sha256(item.read_bytes()).hexdigest()
        for item in folder.rglob("*")
        if item.is_file() and item.name not in ("run.json", ".lock")
    }


def landed(folder: Path) -> dict[str, bytes]:
    """Return the records that are there, after checking that each is whole and so are its rows."""
    found = {}
    for item in (folder / "runs").glob("[!.]*.json"):
        found[item.name] = item.read_bytes()
        record = json.loads(found[item.name])
        if record["status"] == "done":
            for name, what in record["files"].items():
                fingerprint = hashlib.sha256((folder / "runs" / name).read_bytes()).hexdigest()
                check(fingerprint == what["sha256"], f"{name} is not whole")
    return found


def killed(bench: Bench, kills: int) -> str:
    """Kill the batch with -9 at random instants, its parent, all of it, or one worker; begin anew when it is done."""
    batches = before = 0
    counts = {"the parent": 0, "all": 0, "a worker": 0}
    redone = 0
    for number in range(kills):
        out = f"killed-{batches}"
        process = bench.start(out)
        time.sleep(bench.rng.random() * bench.seconds)
        victim = bench.rng.choice(("the parent", "the parent", "all", "a worker"))
        ended = process.poll() is not None
        if not ended:
            counts[victim] += 1
            _kill(process, victim, bench.rng)
        _, said = process.communicate()
        check("Traceback" not in said, said)
        now = landed(bench.home / out)
        check(len(now) >= before, "landed runs were lost")
        redone += int("are not done again" in said)
        before = len(now)
        if number % 20 == 19:
            print(f"  {number + 1} instants, {sum(counts.values())} kills", flush=True)
        if process.returncode == 0 or number == kills - 1:
            bench.finish(out)
            shutil.rmtree(bench.home / out)
            batches, before = batches + 1, 0
    who = ", ".join(f"{count} of {victim}" for victim, count in counts.items())
    return f"{sum(counts.values())} kills ({who}) over {batches} batches of {RUNS} runs, resumed {redone} times"


def _kill(process: subprocess.Popen[str], victim: str, rng: random.Random) -> None:
    children = subprocess.run(
        ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    with contextlib.suppress(ProcessLookupError):
        if victim == "a worker" and children:
            os.kill(int(rng.choice(children)), signal.SIGKILL)
        elif victim == "all":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


@contextlib.contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    """Mount a small disk at a folder; only the superuser may."""
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True, check=False
    )
    if done.returncode:
        raise PermissionError
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


def disk_full(bench: Bench, _: int) -> str:
    with small_disk(bench.home / "small", "700k"):
        code, said = bench.ended(bench.start("small/out"))
        check(code == 1 and "No space left on device" in said, f"exit {code}: {said}")
        there = len(landed(bench.home / "small/out"))
        subprocess.run(["mount", "-o", "remount,size=50m", bench.home / "small"], check=True)
        bench.finish("small/out")
    return f"stopped with {there} of {RUNS} runs landed and a message; with more space it went on to the same bytes"


def read_only(bench: Bench, _: int) -> str:
    with small_disk(bench.home / "locked", "50m"):
        subprocess.run(["mount", "-o", "remount,ro", bench.home / "locked"], check=True)
        code, said = bench.ended(bench.start("locked/out"))
        check(code == 1 and "read-only" in said.lower(), f"exit {code}: {said}")
    return "refused with a message before anything ran"


def scheduler_lost(bench: Bench, _: int) -> str:
    script = bench.home / "cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    cluster = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert cluster.stdout is not None
    process = bench.start("cluster", f"--scheduler={cluster.stdout.readline().strip()}")
    bench.wait_for("cluster", 10, process)
    os.killpg(cluster.pid, signal.SIGKILL)
    cluster.wait()
    code, said = bench.ended(process)
    check(code == 1 and "scheduler is gone" in said, f"exit {code}: {said}")
    there = len(landed(bench.home / "cluster"))
    bench.finish("cluster")
    return f"stopped with {there} of {RUNS} runs landed and a message; processes went on to the same bytes"


def input_changed(bench: Bench, _: int) -> str:
    process = bench.start("changed")
    bench.wait_for("changed", 20, process)
    process.kill()
    process.communicate()
    there = landed(bench.home / "changed")
    table = next(item for item in sorted((bench.home / "tables").rglob("*.csv")))
    plain = table.read_bytes()
    table.write_bytes(plain + b"\n")
    _, said = bench.ended(bench.start("changed"))
    check("were done with other inputs or versions" in said, said)
    changed = content(bench.home / "changed")
    check(all(f"runs/{name}" in changed for name in there), "runs of the old input were lost")
    check(bench.run("changed-alone") == 0, "the changed input was not read")
    check(changed.items() >= {(k, v) for k, v in content(bench.home / "changed-alone").items()}, "results differ")
    table.write_bytes(plain)
    bench_run = bench.run("changed")
    now = content(bench.home / "changed")
    check(bench_run == 0 and now.items() >= bench.reference.items(), "the old input gives other bytes than before")
    return "runs of the old input kept, and said; back to the old input, they were not done again"


def clock_jumps(bench: Bench, _: int) -> str:
    (bench.home / "clock").mkdir()
    (bench.home / "clock" / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    where = os.pathsep.join([str(bench.home / "clock"), os.environ.get("PYTHONPATH", "")])
    process = bench.start("clock-out", PYTHONPATH=where)
    bench.wait_for("clock-out", 20, process)
    process.kill()
    process.communicate()
    for item in (bench.home / "clock-out").rglob("*"):
        os.utime(item, (bench.rng.choice((0, 4e9)),) * 2)
    check(bench.run("clock-out", PYTHONPATH=where) == 0, "did not end well")
    bench.finish("clock-out")
    return "a clock a year off either way at each look, files dated 1970 and 2096: the same bytes"


def two_at_once(bench: Bench, _: int) -> str:
    ended = [bench.ended(process) for process in [bench.start("two") for _ in range(3)]]
    codes = sorted(code for code, _ in ended)
    check(codes == [0, 1, 1], f"exit codes {codes}")
    check(all("is in use by process" in said for code, said in ended if code), "no word of the other batch")
    bench.finish("two")
    return "of three one went on, two were refused with a message; the same bytes"


FAULTS: dict[str, Callable[[Bench, int], str]] = {
    "disk full": disk_full,
    "read-only disk": read_only,
    "scheduler killed": scheduler_lost,
    "input changed": input_changed,
    "clock jumps": clock_jumps,
    "three batches on one folder": two_at_once,
    "kill -9 at random instants": killed,
}


def main(arguments: list[str]) -> int:
    """Try each fault and print what became of the batch."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="The faults whose name holds this.")
    flags = parser.parse_args(arguments)
    bad = 0
    with tempfile.TemporaryDirectory(prefix="netcluster-faults-") as name:
        bench = Bench(Path(name), random.Random(flags.seed))
        print(f"undisturbed: {RUNS} runs in {bench.seconds:.1f} s")
        for fault, tried in FAULTS.items():
            if flags.only not in fault:
                continue
            try:
                print(f"{fault}: {tried(bench, flags.kills)}", flush=True)
            except PermissionError:
                print(f"{fault}: not tried, for it needs the right to mount a small disk")
            except LossError as error:
                bad += 1
                print(f"{fault}: FAILED: {error}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
