"""Dask: the same outcomes, files sent once, and plain words where the cluster is gone."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from operator import is_not
from pathlib import Path
from typing import Any

import pytest

from netcluster.core.dask_engine import Dask
from netcluster.core.engine import Lost
from netcluster.core.errors import NetclusterError

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore")  # the libraries' own, at the end of a cluster


def none(_: object) -> Mapping[str, str]:
    return {}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as found:
        yield found


def test_each_item_has_its_outcome(cluster: Any) -> None:
    with Dask(scheduler=cluster.scheduler_address) as engine:
        assert "dashboard http" in engine.description
        assert dict(engine.completed(is_not, range(40), none)) == dict.fromkeys(range(40), True)


def test_a_file_is_sent_once_and_reaches_every_item(cluster: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    with Dask(scheduler=cluster.scheduler_address) as engine:
        # mod(item, files) formats the text with what the engine sent.
        from operator import mod

        found = dict(engine.completed(mod, ["%(x)s"] * 5, lambda _: {"x": str(path)}))
        assert len(engine._sent) == 1
    assert found == dict.fromkeys(range(5), "b'abc'")


def test_a_worker_killed_under_way_changes_nothing(cluster: Any) -> None:
    pids = [worker["pid"] for worker in _workers(cluster)]
    with Dask(scheduler=cluster.scheduler_address) as engine:
        killer = threading.Timer(0.3, lambda: os.kill(pids[0], signal.SIGKILL))
        killer.start()
        found = dict(engine.completed(_slowly(), [0.05] * 20, none))
        killer.join()
    assert found == dict.fromkeys(range(20), None)


def test_what_was_sent_is_sent_again_where_its_only_holder_died(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as own:
        (worker,) = _workers(own)
        with Dask(scheduler=own.scheduler_address) as engine:
            killer = threading.Timer(0.4, lambda: os.kill(worker["pid"], signal.SIGKILL))
            killer.start()
            found = dict(engine.completed(_slowly(), [0.1] * 12, lambda _: {"x": str(path)}))
            killer.join()
    assert found == dict.fromkeys(range(12), None)


def test_a_scheduler_without_workers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netcluster.core.dask_engine.PATIENCE", 1)
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0") as own:
        engine = Dask(scheduler=own.scheduler_address)
        with pytest.raises(NetclusterError, match="has no workers"), engine:
            pass


@pytest.mark.slow
def test_a_worker_that_takes_more_than_it_may_is_ended_and_the_others_go_on() -> None:
    code: dict[str, Any] = {}
    exec("import time\ndef grow(size, files): block = b'x' * size; time.sleep(3 * (size > 0)); return size", code)
    with Dask(jobs=1, memory=500_000_000) as engine:
        found = dict(engine.completed(code["grow"], [0, 900_000_000, 0], none))
    assert (found[0], found[2]) == (0, 0)
    assert isinstance(found[1], Lost)


def test_no_scheduler_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netcluster.core.dask_engine.PATIENCE", 1)
    with (
        pytest.raises(NetclusterError, match=r"There is no Dask scheduler at tcp://127.0.0.1:9"),
        Dask(scheduler="tcp://127.0.0.1:9"),
    ):
        pass


def test_a_scheduler_lost_under_way_is_said() -> None:
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as own:
        engine = Dask(scheduler=own.scheduler_address)
        with pytest.raises(NetclusterError, match="scheduler is gone"), engine:
            for number, _ in engine.completed(_slowly(), [0.1] * 100, none):
                if number == 3:
                    own.close()


def _workers(cluster: Any) -> list[dict[str, Any]]:
    with distributed.Client(cluster) as client:
        return list(client.run(lambda: {"pid": os.getpid()}).values())


def _slowly() -> Any:
    """sleep(seconds) with the files left out; picklable by value, as it is of no module."""
    code: dict[str, Any] = {}
    exec("import time\ndef slowly(seconds, files): time.sleep(seconds)", code)
    return code["slowly"]
