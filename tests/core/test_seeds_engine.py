"""Chance by name, and a map whose order and result don't depend on the number of threads."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from netcluster.core.engine import ordered_map
from netcluster.core.seeds import child, numpy_generator, python_random


def test_a_child_depends_on_its_name_alone() -> None:
    assert child(1, "a", 2) != child(1, "a", "22")
    assert child(1, "ab") != child(1, "a", "b")
    assert 0 <= child(2**62, "x") < 2**63


def test_seeds_are_the_same_in_another_process() -> None:
    code = "from netcluster.core.seeds import child; print(child(7, 'null', 3))"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "123"}
    )
    assert int(other.stdout) == child(7, "null", 3)


def test_generators_repeat() -> None:
    assert numpy_generator(3, "a").random() == numpy_generator(3, "a").random()
    assert python_random(3, "a").random() == python_random(3, "a").random()


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    def slow_first(item: int) -> int:
        time.sleep(0.02 if item == 0 else 0.0)
        return item * item

    assert list(ordered_map(slow_first, range(20), jobs=jobs)) == [item * item for item in range(20)]


def test_an_error_is_raised_where_its_result_is_taken() -> None:
    def fail_at_three(item: int) -> int:
        if item == 3:
            raise ValueError("three")
        return item

    results = ordered_map(fail_at_three, range(10), jobs=2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)


def test_a_long_stream_is_taken_in_small_sips() -> None:
    taken = 0
    lock = threading.Lock()

    def stream() -> object:
        nonlocal taken
        for item in range(1000):
            with lock:
                taken += 1
            yield item

    results = ordered_map(lambda item: item, stream(), jobs=2)  # type: ignore[arg-type, var-annotated]
    next(results)
    assert taken <= 5
    results.close()  # type: ignore[attr-defined]
