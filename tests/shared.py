"""Where the real tables are: beside the project, never inside it."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(name: str) -> Path:
    """Return the folder of a real table, or skip the test by that name where it is absent."""
    folder = FOLDER / name
    if not folder.is_dir():
        pytest.skip(f"the real table {name} is not here")
    return folder
