"""What is shown while work is under way."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from netcluster.core import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    made = Terminal()
    # pytest puts its own stderr back between the setup of a test and its call.
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=made))
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    progress.enable(True)
    yield made
    progress.enable(False)


def test_nothing_is_shown_of_short_work(terminal: Terminal) -> None:
    assert list(progress.track([1, 2], "Counting")) == [1, 2]
    assert terminal.getvalue() == ""


def test_work_inside_work_stands_in_one_line_that_is_wiped(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", 0.0)
    for _ in progress.track(["Sectors", "Paths"], "Analysing", 2, name=str):
        list(progress.track(range(3), "Starts", 3))
    shown = terminal.getvalue().split("\r\x1b[2K")
    assert "Analysing 2/2 Paths, Starts 3/3 (0:00)" in shown
    assert shown[-1] == ""
    assert "\n" not in terminal.getvalue()


def test_nothing_is_shown_off_a_terminal_or_where_it_is_not_asked_for(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "DELAY", 0.0)
    progress.enable(False)
    assert list(progress.track([1], "Counting")) == [1]
    progress.enable(True)
    monkeypatch.setattr(terminal, "isatty", lambda: False)
    assert list(progress.track([1], "Counting")) == [1]
    assert terminal.getvalue() == ""


def test_work_given_up_leaves_no_line(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", 0.0)
    with pytest.raises(ZeroDivisionError):
        list(progress.track((1 // (k - 1) for k in range(3)), "Dividing", 3))
    assert terminal.getvalue().endswith("\r\x1b[2K")
