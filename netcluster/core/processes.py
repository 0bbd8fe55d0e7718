"""Worker processes of this machine: spawned, one item at a time, replaced when they die.

A pool of the standard library gives up all its work when one worker is killed. Here each worker has a pipe of
its own, so that it is known whose item was lost: that item alone is given to another worker.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar

from netcluster.core.engine import ATTEMPTS, Lost, Sent
from netcluster.core.errors import NetclusterError

R = TypeVar("R")
S = TypeVar("S")

#: How often the workers' memory is looked at, in seconds.
PULSE = 0.25
#: Set before a worker loads any library, so that workers do not oversubscribe the cores.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    ready: bool = False
    item: tuple[int, Any] | None = None
    #: What it was last told to run: sent once, not with every item.
    function: Any = None


@dataclass
class _Queue:
    """Items still to be given out: those of dead workers first."""

    fresh: Iterator[tuple[int, Any]]
    again: deque[tuple[int, Any]] = field(default_factory=deque)
    deaths: dict[int, int] = field(default_factory=dict)

    def take(self) -> tuple[int, Any] | None:
        return self.again.popleft() if self.again else next(self.fresh, None)


class Processes:
    """`jobs` worker processes on this machine.

    Parameters
    ----------
    jobs : int
        How many.
    memory : int, optional
        Bytes a worker may take (resident). One that takes more is ended and its item lost, not tried again.
        Watched where the system tells of it (/proc).
    """

    def __init__(self, jobs: int, memory: int | None = None) -> None:
        self.jobs = max(1, jobs)
        self.memory = memory
        self.description = f"{self.jobs} worker process{'es' if self.jobs > 1 else ''}"
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()
        self._workers = []

    def completed(
        self,
        function: Callable[[Any, Sent], R],
        items: Iterable[Any],
        files: Callable[[Any], Mapping[str, str]],  # noqa: ARG002
    ) -> Iterator[tuple[int, R | Lost]]:
        """Yield (number, outcome) as items are done; an item whose worker died three times is lost."""
        queue = _Queue(iter(enumerate(items)))
        while True:
            self._give_out(function, queue)
            if not any(worker.item for worker in self._workers):
                return
            busy = [worker for worker in self._workers if worker.item or not worker.ready]
            handles = [handle for worker in busy for handle in (worker.pipe, worker.process.sentinel)]
            touched = set(wait(handles, timeout=PULSE if self.memory else None))
            for worker in busy:
                if worker.pipe in touched or worker.process.sentinel in touched:
                    yield from self._heard(worker, queue)
                elif self.memory and _resident(worker.process.pid) > self.memory:
                    yield from self._too_large(worker)

    def _give_out(self, function: Callable[[Any, Sent], R], queue: _Queue) -> None:
        """Give each idle worker an item; start workers while there are items for them."""
        for worker in [worker for worker in self._workers if worker.item is None]:
            if (item := queue.take()) is None:
                return
            self._give(worker, function, item)
        started = []
        while len(self._workers) < self.jobs and (item := queue.take()) is not None:
            started.append((self._start(), item))
        for worker, item in started:
            self._give(worker, function, item)

    def _give(self, worker: _Worker, function: Callable[[Any, Sent], R], item: tuple[int, Any]) -> None:
        known = worker.function is function
        worker.item, worker.function = item, function
        with contextlib.suppress(BrokenPipeError):  # it died meanwhile: its sentinel tells
            worker.pipe.send((None if known else function, item[1]))

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _heard(self, worker: _Worker, queue: _Queue) -> Iterator[tuple[int, Any]]:
        """Take what a worker sent, or take note of its death."""
        try:
            # A worker may have answered and died since: what it sent still counts.
            answer = worker.pipe.recv() if worker.pipe.poll() else None
        except (EOFError, OSError):
            answer = None
        if answer is None:
            yield from self._died(worker, queue)
        elif not worker.ready:
            worker.ready = True
        elif isinstance(answer, str):
            raise NetclusterError(
                f"A worker process can't find what it is to run: {answer}.",
                "Put it into a module that can be imported.",
            )
        elif worker.item is not None:
            number, worker.item = worker.item[0], None
            yield number, answer[0]

    def _died(self, worker: _Worker, queue: _Queue) -> Iterator[tuple[int, Lost]]:
        self._remove(worker)
        if not worker.ready and worker.process.exitcode not in (None, -signal.SIGKILL, -signal.SIGTERM):
            raise NetclusterError(
                f"Worker processes can't be started (exit code {worker.process.exitcode}).",
                "In a script, call this under: if __name__ == '__main__':",
            )
        if worker.item is None:
            return
        number = worker.item[0]
        queue.deaths[number] = queue.deaths.get(number, 0) + 1
        if queue.deaths[number] < ATTEMPTS:
            queue.again.append(worker.item)
        else:
            yield (
                number,
                Lost(f"Its worker process died {ATTEMPTS} times: killed from outside, or for want of memory."),
            )

    def _too_large(self, worker: _Worker) -> Iterator[tuple[int, Lost]]:
        worker.process.kill()
        self._remove(worker)
        if worker.item is not None and self.memory:
            yield worker.item[0], Lost(f"It took more than the {self.memory / 1e9:.3g} GB of memory a worker may take.")

    def _remove(self, worker: _Worker) -> None:
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)


def spread(function: Callable[[S, Any], R], shared: S, items: Iterable[Any], *, jobs: int = 1) -> Iterator[R]:
    """Yield `function(shared, item)` for each item, in the order of the items, on `jobs` processes.

    For sweeps that hold the interpreter, where threads would stand in each other's way. `shared` is sent to each
    worker once. With one job, or where this process is a worker itself, all is done here. An error in one item stops
    the sweep and is raised where its result is taken.
    """
    if jobs <= 1 or multiprocessing.current_process().daemon:
        yield from (function(shared, item) for item in items)
        return
    waiting: dict[int, R | Lost | _Raised] = {}
    due = 0
    with Processes(jobs) as engine:
        for number, outcome in engine.completed(_Told(function, shared), items, lambda _: {}):
            waiting[number] = outcome
            while due in waiting:
                found = waiting.pop(due)
                if isinstance(found, Lost):
                    raise NetclusterError(found.reason, "Give fewer --jobs: each holds the data once.")
                if isinstance(found, _Raised):
                    raise found.error
                yield found
                due += 1


@dataclass(frozen=True)
class _Raised:
    """An error on its way back from a worker."""

    error: Exception


@dataclass(frozen=True)
class _Told:
    """A function with what all its items share."""

    function: Callable[[Any, Any], Any]
    shared: Any

    def __call__(self, item: Any, _: Sent) -> Any:
        try:
            return self.function(self.shared, item)
        except Exception as error:
            return _Raised(error)


def _serve(pipe: Connection) -> None:
    """Work off what comes through the pipe until it closes, as it does when the parent ends, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to deal with
    for name in ONE_THREAD:
        os.environ[name] = "1"
    function: Any = None
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send("ready")
        while True:
            try:
                given, item = pipe.recv()
            except (ImportError, AttributeError) as error:
                return pipe.send(str(error))
            function = given or function
            pipe.send((function(item, {}),))


def _resident(pid: int) -> int:
    """Return the memory a process holds, in bytes; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
