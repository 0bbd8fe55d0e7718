"""The report in a real browser: it draws, answers, keeps to itself, and runs no label."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netcluster.report.write import write
from tests.browser.chrome import Chrome
from tests.report.runs import HOSTILE, make_run

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chrome() -> Iterator[Chrome]:
    with Chrome() as browser:
        yield browser


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(make_run(tmp_path_factory.mktemp("plain") / "run", 40, links=300))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(make_run(tmp_path_factory.mktemp("hostile") / "run", 12, hostile=True))


def _select(chrome: Chrome, name: str) -> list[int]:
    chosen = chrome.run(
        "Bokeh.documents.flatMap((d) => d.roots()).flatMap((p) => p.renderers ?? [])"
        f".find((r) => r.name === '{name}').data_source.selected.indices"
    )
    return list(chosen)


def _type(chrome: Chrome, element: str, text: str, event: str = "input") -> None:
    chrome.run(
        f"(() => {{ const box = document.querySelector({element!r}); box.value = {text!r};"
        f" box.dispatchEvent(new Event({event!r}, {{bubbles: true}})); }})()"
    )


def test_it_draws_without_a_complaint_or_a_request(chrome: Chrome, plain: Path) -> None:
    chrome.open(plain)
    assert chrome.complaints() == []
    assert chrome.requests() == []
    drawings = chrome.run("document.querySelectorAll('.drawing').length")
    assert drawings >= 5
    assert (
        chrome.run("[...document.querySelectorAll('.drawing')].filter((d) => d.firstElementChild).length") == drawings
    )


def test_findings_are_in_view_at_once(chrome: Chrome, plain: Path) -> None:
    chrome.open(plain)
    assert chrome.run("document.querySelector('.finding .sentence').textContent") == "Industry 0 buys from few."
    assert chrome.run("document.querySelector('.finding').getBoundingClientRect().bottom < innerHeight")


def test_search_finds_a_node_and_names_its_partners(chrome: Chrome, plain: Path) -> None:
    chrome.open(plain)
    _type(chrome, "#find", "industry 17")
    assert _select(chrome, "nodes") == [17]
    assert chrome.run("document.querySelector('#found').textContent").startswith("1 found. Industry 17: buys from ")
    _type(chrome, "#find", "no such node")
    assert chrome.run("document.querySelector('#found').textContent") == "None found."


def test_the_filter_shows_one_cluster(chrome: Chrome, plain: Path) -> None:
    chrome.open(plain)
    _type(chrome, "#cluster", "2", "change")
    # The run's nodes fall into three clusters in turn, so that cluster 2 is every third from the second.
    assert _select(chrome, "nodes") == list(range(1, 40, 3))
    _type(chrome, "#cluster", "", "change")
    assert _select(chrome, "nodes") == []


def test_sorting_sorts_by_number_and_by_keyboard(chrome: Chrome, plain: Path) -> None:
    chrome.open(plain)
    head = "document.querySelector('[data-name=\"sectors.csv\"] th[data-key=backward_linkage]')"
    column = (
        f"(() => {{ const k = {head}.cellIndex; return [...document.querySelectorAll("
        "'[data-name=\"sectors.csv\"] tbody tr')].map((r) => parseFloat(r.cells[k].dataset.v ?? r.cells[k].textContent)) })()"
    )
    chrome.run(f"{head}.querySelector('.sort').click()")
    assert chrome.run(column) == sorted(chrome.run(column), reverse=True)
    assert chrome.run(f"{head}.getAttribute('aria-sort')") == "descending"
    chrome.run(
        f"{head}.querySelector('.sort').dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true}}))"
    )
    assert chrome.run(column) == sorted(chrome.run(column))


def test_filtering_rows_counts_them(chrome: Chrome, plain: Path) -> None:
    chrome.open(plain)
    _type(chrome, "[data-name='sectors.csv'] .filter", "industry 1")
    # By hand: Industry 1 and Industry 10 to 19.
    assert chrome.run("document.querySelector('[data-name=\"sectors.csv\"] .count').textContent") == "11 of 40 rows"


def test_the_download_holds_the_rows_shown(chrome: Chrome, plain: Path) -> None:
    chrome.open(plain)
    chrome.run("URL.createObjectURL = (blob) => { window.saved = blob; return '#'; }")
    _type(chrome, "[data-name='sectors.csv'] .filter", "industry 7")
    chrome.run("document.querySelector('[data-name=\"sectors.csv\"] .save').click()")
    lines = chrome.run("window.saved.text()").splitlines()
    assert lines[0].startswith("sector,name,output")
    assert len(lines) == 2
    assert "Industry 7" in lines[1]


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_on_light_and_dark(chrome: Chrome, plain: Path, *, dark: bool) -> None:
    chrome.open(plain, dark=dark)
    # WCAG 2.2, 1.4.3: contrast of text of at least 4.5, for what is on the page as it is computed.
    worst = chrome.run(
        """(() => {
          const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const back = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
            if (!/, 0\\)$|transparent/.test(c)) return c; } return "rgb(255, 255, 255)"; };
          return Math.min(...[...document.querySelectorAll(".badge, p, td, th, a, summary, dt, dd, label, figcaption, li")]
            .filter((e) => e.textContent.trim() && e.offsetParent).map((e) => {
              const [a, b] = [light(getComputedStyle(e).color), light(back(e))];
              return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); }));
        })()"""
    )
    assert worst >= 4.5
    ink = chrome.run("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
    assert chrome.run(
        "Bokeh.documents.flatMap((d) => d.roots()).flatMap((p) => p.renderers ?? [])"
        ".filter((r) => r.name === 'ink').map((r) => r.glyph.text_color.value)"
    ) == ([ink, ink] if dark else ["#1b1f24", "#1b1f24"])


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_window(chrome: Chrome, plain: Path, width: int) -> None:
    chrome.open(plain, width=width)
    assert chrome.run("document.documentElement.scrollWidth") <= width


def test_hostile_labels_are_shown_and_not_run(chrome: Chrome, hostile: Path) -> None:
    chrome.open(hostile)
    assert chrome.complaints() == []
    assert chrome.requests() == []
    assert chrome.run("window.hurt") is None
    text = chrome.run("document.body.textContent")
    for label in HOSTILE:
        assert label[:500] in text
    assert chrome.run("document.documentElement.scrollWidth") <= 1280
    for label in HOSTILE[:3]:
        _type(chrome, "#find", label)
        assert len(_select(chrome, "nodes")) >= 1
    assert chrome.run("window.hurt") is None


def test_it_prints(chrome: Chrome, plain: Path, tmp_path: Path) -> None:
    chrome.open(plain, dark=True)
    printed = chrome.pdf(tmp_path / "report.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert 4 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 40
    assert chrome.complaints() == []
