"""Worker processes: each item's outcome once, whatever happens to the workers."""

from __future__ import annotations

import math
import multiprocessing
import operator
from collections.abc import Mapping
from functools import partial
from operator import is_not
from typing import Any

import pytest

from netcluster.core.engine import Serial
from netcluster.core.errors import NetclusterError
from netcluster.core.processes import Processes, spread


def none(_: object) -> Mapping[str, str]:
    return {}


def test_each_item_has_its_outcome_in_any_order() -> None:
    with Processes(2) as engine:
        found = dict(engine.completed(is_not, range(7), none))
        again = dict(engine.completed(is_not, range(2), none))
    assert found == dict(Serial().completed(is_not, range(7), none)) == dict.fromkeys(range(7), True)
    assert again == {0: True, 1: True}
    assert multiprocessing.active_children() == []


def test_no_items_start_no_worker() -> None:
    with Processes(2) as engine:
        assert list(engine.completed(is_not, [], none)) == []
        assert multiprocessing.active_children() == []


def test_a_function_no_worker_can_find_is_said() -> None:
    with Processes(1) as engine, pytest.raises(NetclusterError, match="can't find what it is to run"):
        list(engine.completed(_Unfindable(), [1], none))


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_sweep_is_in_order_whatever_the_jobs(jobs: int) -> None:
    assert list(spread(pow, 3, range(9), jobs=jobs)) == [3**k for k in range(9)]


def test_an_error_in_a_sweep_is_raised_where_its_result_is_taken() -> None:
    found = spread(operator.floordiv, 12, [1, 2, 0, 3], jobs=2)
    assert [next(found), next(found)] == [12, 6]
    with pytest.raises(ZeroDivisionError):
        next(found)
    assert multiprocessing.active_children() == []


def test_what_items_share_is_sent_once_to_each_worker() -> None:
    counted = _Counted()
    with Processes(2) as engine:
        assert len(list(engine.completed(counted, range(30), none))) == 30
    assert counted.pickled == 2


class _Counted:
    pickled = 0

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        self.pickled += 1
        return partial, (is_not,)

    def __call__(self, *_: object) -> None: ...


class _Unfindable:
    def __call__(self, *_: object) -> float:
        return math.pi


_Unfindable.__module__ = "math"
math._Unfindable = _Unfindable  # type: ignore[attr-defined]
