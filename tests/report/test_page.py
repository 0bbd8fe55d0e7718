"""The page: one file that asks nobody for anything, shows what there is, and lets no label become code."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.report.page import render
from netcluster.report.view import read_folder
from netcluster.report.write import write
from tests.report.runs import HOSTILE, make_run


class _Reader(HTMLParser):
    """Tags with their attributes, the text of scripts, and all other text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            attributes, before = self.scripts[-1]
            self.scripts[-1] = attributes, before + data
        elif self._inside != "style":
            self.text.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(read_folder(make_run(tmp_path_factory.mktemp("plain") / "run", 12)))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(read_folder(make_run(tmp_path_factory.mktemp("hostile") / "run", 12, hostile=True)))


def test_the_page_loads_nothing_from_anywhere(plain: str) -> None:
    for tag, attributes in _read(plain).tags:
        assert tag not in {"link", "iframe", "object", "embed", "img", "base", "form"}
        assert "src" not in attributes
        href = attributes.get("href")
        assert href is None or href.startswith("#")


def test_only_our_own_scripts_may_run(plain: str) -> None:
    reader = _read(plain)
    policy = next(a["content"] for tag, a in reader.tags if tag == "meta" and "http-equiv" in a) or ""
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    for attributes, text in reader.scripts:
        if attributes.get("type") != "application/json":
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]


def test_hostile_labels_are_text(hostile: str, plain: str) -> None:
    reader = _read(hostile)
    assert len(reader.scripts) == len(_read(plain).scripts) == 3
    assert not any(name.startswith("on") for _, attributes in reader.tags for name in attributes)
    text = "".join(reader.text)
    for label in HOSTILE:
        assert label.replace("\t", " ")[:200] in text.replace("\t", " ")


def test_no_label_ends_the_script_that_holds_the_figures(hostile: str) -> None:
    figures = next(text for attributes, text in _read(hostile).scripts if attributes.get("id") == "figures")
    assert "<" not in figures
    assert len(json.loads(figures)) >= 4


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", 12)
    first = write(folder).read_bytes()
    # Bokeh numbers its models on and on in one process; the page does not.
    assert write(folder, force=True).read_bytes() == first


def test_a_report_is_not_overwritten_unasked(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    write(folder)
    with pytest.raises(NetclusterError, match="there already"):
        write(folder)


def test_the_page_opens_with_what_it_is_and_what_was_found(plain: str) -> None:
    text = " ".join(" ".join(_read(plain).text).split())
    assert "Input–output table for 2020, domestic flows, in million EUR." in text
    assert "12 findings: 4 high, 4 medium, 4 low." in text
    assert "Industry 0 buys from few." in text
    assert "1,234 more of the kind concentrated_inputs" in text
    assert "Regions: There is one region only." in text.replace(" :", ":")
    assert text.index("Findings") < text.index("Who supplies whom") < text.index("Methods and references")


def test_every_figure_has_a_text_alternative_and_its_figures(plain: str) -> None:
    tags = _read(plain).tags
    drawings = [a for tag, a in tags if (a.get("class") or "").startswith("drawing")]
    assert len(drawings) >= 5
    assert all(a["role"] == "img" and a["aria-label"] for a in drawings)
    assert plain.count("The same in words and figures") == len(drawings)


def test_every_table_heading_has_a_scope_and_every_input_a_label(plain: str) -> None:
    tags = _read(plain).tags
    assert all(a.get("scope") == "col" for tag, a in tags if tag == "th")
    inputs = len(re.findall(r"<input ", plain.split("<script")[0]))
    assert inputs == len(re.findall(r"<label>[^<]*<input ", plain))


def test_measures_are_explained_with_their_source(plain: str) -> None:
    methods = plain[plain.index('id="methods"') :]
    assert "Σ s_i²" in methods
    assert "Hirschman (1964)" in methods


def test_a_run_with_nothing_to_draw_still_gives_a_page(tmp_path: Path) -> None:
    document = {"schema": 1, "title": "Empty", "summary": {}, "findings": [], "tables": [], "left_out": []}
    (tmp_path / "findings.json").write_text(json.dumps(document), encoding="utf-8")
    html = write(tmp_path).read_text(encoding="utf-8")
    assert "Nothing here is past, or near, the threshold" in html
    assert "BokehJS" not in html
    assert len(html) < 60_000


@pytest.mark.slow
def test_two_thousand_nodes_stay_below_two_and_a_half_megabytes(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", 2_000, links=20_000, clusters=12)
    assert write(folder).stat().st_size <= 2_500_000


def test_our_script_stays_small() -> None:
    script = Path(write.__code__.co_filename).parent / "templates" / "page.js"
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 100
