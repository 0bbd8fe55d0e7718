"""Worker processes: each item's outcome once, whatever happens to the workers."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Mapping
from operator import is_not

import pytest

from netcluster.core.engine import Serial
from netcluster.core.errors import NetclusterError
from netcluster.core.processes import Processes


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


class _Unfindable:
    def __call__(self, *_: object) -> float:
        return math.pi


_Unfindable.__module__ = "math"
math._Unfindable = _Unfindable  # type: ignore[attr-defined]
