"""Dask Distributed: worker processes of this machine, or of a cluster whose scheduler is named."""

from __future__ import annotations

import asyncio
import logging
import queue
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent import futures
from pathlib import Path
from typing import Any, TypeVar

from netcluster.core.engine import ATTEMPTS, Lost, Sent
from netcluster.core.errors import NetclusterError

R = TypeVar("R")

_LOGGERS = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "distributed.scheduler")

#: How long to wait for a scheduler, and for a sign of life from it, in seconds.
PATIENCE = 10
#: Files above this many bytes are not sent to a cluster: its workers find them on a disk all share.
LARGEST_SENT = 256 * 1024**2
_DIED = f"Its worker died {ATTEMPTS} times: killed from outside, or for want of memory."
#: Items under way for each thread of the cluster, so that no worker waits for the next.
AHEAD = 4


class Dask:
    """Workers of Dask Distributed (the extra `[dask]`).

    Parameters
    ----------
    jobs : int
        Worker processes of a cluster on this machine, one thread each; unused where `scheduler` is given.
    scheduler : str, optional
        The address of a running scheduler, tcp://host:8786.
    memory : int, optional
        Bytes a worker may take; a worker of this machine that takes more is ended by its nanny.
    """

    def __init__(self, jobs: int = 2, scheduler: str = "", memory: int | None = None) -> None:
        self.jobs = max(1, jobs)
        self.scheduler = scheduler
        self.memory = memory
        self.description = "Dask"
        self._cluster: Any = None
        self._client: Any = None
        self._sent: dict[str, Any] = {}

    def __enter__(self) -> Dask:
        try:
            import distributed
        except ImportError:
            raise NetclusterError(
                "Dask Distributed is not installed.", "Install the extra: pip install 'netcluster[dask]'"
            ) from None
        module: Any = distributed
        for name in _LOGGERS:
            # What it says of lost connections, tracebacks and all, is said in plain words here.
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            if not self.scheduler:
                self._cluster = module.LocalCluster(
                    n_workers=self.jobs,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=":0",
                    memory_limit=self.memory or "auto",
                    silence_logs=logging.CRITICAL,
                )
            self._client = module.Client(self._cluster or self.scheduler, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            self.__exit__()
            raise NetclusterError(
                f"There is no Dask scheduler at {self.scheduler or 'this machine'}: {error}.",
                "Start one with `dask scheduler` and workers with `dask worker ADDRESS`, or leave --scheduler out.",
            ) from error
        if self.scheduler:
            self._await_workers()
        where = self.scheduler or f"{self.jobs} workers of this machine"
        self.description = f"Dask, {where}, dashboard {self._client.dashboard_link}"
        return self

    def _await_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            self.__exit__()
            raise NetclusterError(
                f"The Dask scheduler at {self.scheduler} has no workers.",
                f"Start some: dask worker {self.scheduler}",
            ) from error

    def __exit__(self, *_: object) -> None:
        for part in (self._client, self._cluster):
            if part is not None:
                part.close(timeout=PATIENCE)
        self._client = self._cluster = None
        self._sent = {}

    def completed(
        self, function: Callable[[Any, Sent], R], items: Iterable[Any], files: Callable[[Any], Mapping[str, str]]
    ) -> Iterator[tuple[int, R | Lost]]:
        """Yield (number, outcome) as items are done; Dask gives the item of a dead worker to another."""
        fresh = enumerate(items)
        again: deque[tuple[int, Any]] = deque()
        lost: Counter[int] = Counter()
        done: queue.Queue[Any] = queue.Queue()
        under_way: dict[Any, tuple[int, Any]] = {}
        threads = max(1, sum(self._client.nthreads().values()))
        told = None
        while True:
            # What was cancelled goes alone, so that an item which kills its worker takes no other with it.
            suspect = bool(again) or any(lost[number] for number, _ in under_way.values())
            while len(under_way) < (1 if suspect else AHEAD * threads):
                if (given := again.popleft() if again else next(fresh, None)) is None:
                    break
                told = told or self._to_all(function)
                key = f"run-{given[0]}-{lost[given[0]]}-{id(done)}"
                future = self._client.submit(_run, told, given[1], self._send(files(given[1])), pure=False, key=key)
                under_way[future] = given
                future.add_done_callback(done.put)
            if not under_way:
                return
            future = self._next(done)
            number, item = under_way.pop(future)
            outcome = _outcome(future)
            if not isinstance(outcome, _Cancelled):
                yield number, outcome
                continue
            # What had been sent to the cluster was gone with its last holder: it is sent again.
            self._sent, told = {}, None
            lost[number] += 1
            if lost[number] < ATTEMPTS:
                again.append((number, item))
            else:
                yield number, Lost(_DIED)

    def _next(self, done: queue.Queue[Any]) -> Any:
        """Return the next future that is done; raise where the scheduler is gone."""
        while True:
            try:
                future = done.get(timeout=1)
            except queue.Empty:
                future = None
            if self._client.status != "running" or (future is not None and future.cancelled() and self._gone()):
                raise _cluster_lost("scheduler is gone")
            if future is not None:
                return future

    def _gone(self) -> bool:
        """Return whether the scheduler no longer answers."""
        try:
            return not self._client.nthreads() and self._client.status != "running"
        except (OSError, TimeoutError, ValueError, RuntimeError):
            return True

    def _to_all(self, what: object) -> Any:
        """Send something to every worker, so that the loss of one loses nothing."""
        try:
            return self._client.scatter([what], hash=False, broadcast=True)[0]
        except (OSError, TimeoutError) as error:
            raise _cluster_lost("scheduler is gone, or has no workers left") from error

    def _send(self, files: Mapping[str, str]) -> dict[str, Any]:
        """Return the files as futures in the cluster's memory, each sent once; nothing on this machine."""
        if not self.scheduler:
            return {}
        for name, path in files.items():
            place = Path(path)
            if name not in self._sent and place.stat().st_size <= LARGEST_SENT:
                self._sent[name] = self._to_all(place.read_bytes())
        return {name: self._sent[name] for name in files if name in self._sent}


def _cluster_lost(what: str) -> NetclusterError:
    return NetclusterError(
        f"The Dask {what}; runs under way were not taken down.",
        "Start it again and give the same command: what is done stays done.",
    )


class _Cancelled:
    """The outcome of an item that the cluster let go, as something it needs is no longer there."""


def _outcome(future: Any) -> Any:
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return Lost(_DIED)
    except (asyncio.CancelledError, futures.CancelledError):
        return _Cancelled()


def _run(function: Callable[[Any, Sent], R], item: Any, sent: Sent) -> R:
    """Run an item; the function and the files were sent before."""
    return function(item, sent)
