"""Files land whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import stat
from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.core.files import refuse_existing, sha256, whole_file, write_text


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("before")
    with pytest.raises(ValueError, match="half way"), whole_file(target) as temporary:
        temporary.write_text("half")
        raise ValueError("half way")
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_whole_write_has_the_usual_permissions(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.txt"
    write_text(target, "ä\r\n")
    plain = tmp_path / "plain.txt"
    plain.touch()
    assert target.read_bytes() == "ä\r\n".encode()
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_where_nothing_can_be_written_is_said_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NetclusterError, match="can't be written: Not a directory"):
        refuse_existing(tmp_path / "file" / "new" / "a.txt", force=True)
    refuse_existing(tmp_path / "new" / "a.txt", force=False)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(NetclusterError, match="can't be written: Permission denied") as caught:
        refuse_existing(tmp_path / "new" / "a.txt", force=True)
    assert "another folder" in caught.value.hint


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NetclusterError, match="can't be written") as caught:
        write_text(tmp_path / "file" / "a.txt", "x")
    assert caught.value.hint


def test_nothing_is_replaced_without_force(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.touch()
    with pytest.raises(NetclusterError, match="there already"):
        refuse_existing(target, force=False)
    refuse_existing(target, force=True)


def test_sha256_is_hashlibs(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"abc" * 100_000)
    assert sha256(target) == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with pytest.raises(NetclusterError, match="No space left") as caught, whole_file(target) as temporary:
        temporary.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert "Free some space" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
