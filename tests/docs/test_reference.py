"""The pages written from the code are what the code would write, and no command or name is undocumented."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import netcluster as nc

DOCS = Path(__file__).resolve().parents[2] / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_written_pages_are_up_to_date() -> None:
    for page, write in generator().PAGES.items():
        assert (DOCS / page).read_text(encoding="utf-8") == write(), f"run: python docs/generate.py ({page})"


def test_every_public_name_is_in_the_docs() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in sorted(DOCS.rglob("*.md")))
    missing = [name for name in nc.__all__ if f"`{name}" not in text and f"nc.{name}" not in text]
    assert missing == []
