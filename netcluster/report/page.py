"""The report: one HTML file that says what was found, draws it, lists it, and says where it comes from.

The page asks nobody for anything: scripts, styles and figures are in it, and its content policy lets no other
script run, so that a label that looks like one stays a label.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Any

from netcluster.core.finding import SEVERITIES
from netcluster.core.measures import Measure, all_measures
from netcluster.report import charts
from netcluster.report.cards import cards, lacking
from netcluster.report.flowmatrix import matrix_scene
from netcluster.report.htmltable import HtmlTable, heading, of_frame, of_table
from netcluster.report.names import COLOURS, OTHER, cluster_counts, cluster_names, colour, short
from netcluster.report.netmap import network_scene
from netcluster.report.numbers import decimals, number, plain_text, share
from netcluster.report.risk_charts import risk_scenes
from netcluster.report.scene import Scene
from netcluster.report.verdict import verdict

if TYPE_CHECKING:
    from netcluster.report.view import View

#: Findings shown at once; the others unfold.
FIRST_FINDINGS = 10

#: Sections in order: anchor, title, the scenes it begins with, the tables it ends with.
_SECTIONS = (
    ("network", "Network", ("network", "places"), ()),
    ("clusters", "Clusters", ("flow-matrix",), ("cluster_scorecard", "cluster_claims", "clusters")),
    ("sectors", "Sectors", ("key-sectors",), ("sectors",)),
    ("dependence", "Dependence", ("dependence-",), ("dependence",)),
    ("regions", "Regions", ("region-dependence-",), ("region_dependence",)),
    ("cluster-dependence", "What clusters depend on", ("cluster-dependence-",), ("cluster_dependence",)),
    ("dominance", "Dominance", ("dominance",), ("dominance",)),
    ("disparity", "Disparity", ("region-levels",), ("disparity", "region_levels")),
    ("places", "Places", ("strong",), ("regions",)),
    ("suppliers", "Single suppliers", ("suppliers",), ("suppliers",)),
    ("failures", "What fails when a firm fails", ("cascade",), ("cascade",)),
    ("trade", "Trade dependence", ("trade",), ("trade",)),
    ("complexity", "Complexity", (), ("complexity",)),
    ("centrality", "Central players", ("centrality",), ("centrality",)),
    ("institutions", "Institutions and brokers", (), ("institutions", "coverage", "suggestions", "brokers")),
)

#: Tables that the page shows as cards.
_CARDS = frozenset({"cluster_claims"})


@dataclass(frozen=True)
class Section:
    """One part of the page: its anchor, title, figures and tables."""

    key: str
    title: str
    scenes: Sequence[Scene]
    tables: Sequence[HtmlTable]


def scenes(view: View) -> list[Scene]:
    """Return every figure that the run allows, in the order of the page."""
    single = (network_scene, charts.place_scene, matrix_scene, charts.key_sector_scene, charts.centrality_scene)
    found = [scene for scene in (make(view) for make in single) if scene is not None]
    return [*found, *charts.dependence_scenes(view), *risk_scenes(view)]


def render(view: View) -> str:
    """Return the page of a run."""
    from markupsafe import Markup

    from netcluster.report.embed import bokeh_script, figures_json
    from netcluster.report.figures import draw

    drawn = scenes(view)
    own = _asset("page.js")
    scripts = [bokeh_script(), own] if drawn else [own]
    legend = _legend(view)
    page = (
        _environment()
        .get_template("page.html")
        .render(
            view=view,
            lead=_lead(view),
            counted=_counted(view),
            facts=list(_facts(view)),
            sections=list(_sections(view, drawn)),
            legend=legend,
            named=len(COLOURS),
            smaller=_smaller(legend),
            cards=cards(view),
            lacking=lacking(view),
            methods=_methods(view),
            figures=Markup(figures_json({f"figure-{scene.key}": draw(scene) for scene in drawn})) if drawn else "",
            scripts=[Markup(script) for script in scripts],
            style=Markup(_asset("page.css")),
            policy=_policy(scripts),
            first=FIRST_FINDINGS,
            other=OTHER,
            verdict=verdict(view),
            made=_made(view),
            inputs=_inputs(view),
        )
    )
    return str(page)


def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("netcluster.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "plain": _plain,
        "share": share,
        "heading": heading,
        "table_of": lambda scene: of_frame(scene.table, scene.key, scene.title),
        "evidence": _evidence,
        "anchor": _anchor,
    }
    return environment


def _asset(name: str) -> str:
    return files("netcluster.report").joinpath("templates", name).read_text(encoding="utf-8")


def _policy(scripts: Sequence[str]) -> str:
    """Return the content policy that lets these scripts run and no other, and nothing be fetched."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:;"
        " base-uri 'none'; form-action 'none'"
    )


_ORIGINS = {"domestic": "domestic flows", "total": "domestic and imported flows", "imports": "imported flows"}
_KINDS = {
    "io": "input–output table",
    "supply_use": "supply and use tables",
    "trade": "trade table",
    "employment": "table of employment",
    "firms": "list of firms",
    "links": "list of links",
    "network": "network",
}


def _lead(view: View) -> str:
    """Return one line on what the table is: kind, year, flows, unit, source."""
    summary = view.summary
    kinds = [_KINDS.get(kind, kind) for kind in str(summary.get("kind") or "").split(", ") if kind]
    what = ", ".join(kinds)
    parts = [what[:1].upper() + what[1:] + (f" for {summary['year']}" if summary.get("year") else "")]
    parts.append(_ORIGINS.get(str(summary.get("origin")), ""))
    parts.append(f"in {summary['unit']}" if summary.get("unit") else "")
    said = ", ".join(part for part in parts if part)
    source = str(summary.get("source") or "").strip().rstrip(".")
    return ". ".join(part for part in (said, f"Source: {source}" if source else "") if part) + "."


def _counted(view: View) -> str:
    counts = {grade: sum(finding.get("severity") == grade for finding in view.findings) for grade in SEVERITIES}
    told = [f"{count} {grade}" for grade, count in counts.items() if count]
    return f"{len(view.findings)} finding{'s' if len(view.findings) > 1 else ''}: {', '.join(told)}."


def _made(view: View) -> list[tuple[str, str]]:
    """Return (name, value) of what made the run."""
    record = view.provenance
    options = record.get("options") or {}
    rows = [
        ("Command", record.get("command")),
        ("Options", ", ".join(f"{key} = {_plain(value)}" for key, value in options.items()) or "the defaults"),
        ("Seed", str(record.get("seed", ""))),
        ("Threads", str(record.get("threads") or "")),
        ("Versions", _plain(record.get("versions") or {})),
    ]
    return [(name, str(value)) for name, value in rows if value not in (None, "", "None")]


def _inputs(view: View) -> HtmlTable | None:
    import pandas as pd

    inputs = view.provenance.get("inputs") or []
    if not inputs:
        return None
    rows = [
        {"File": str(one.get("name", "")), "Bytes": one.get("bytes"), "SHA-256": one.get("sha256")} for one in inputs
    ]
    return of_frame(pd.DataFrame(rows), "inputs", "Inputs")


def _facts(view: View) -> Iterator[tuple[str, str, str]]:
    """Yield (name, number, unit) of what the table is and how much was found in it."""
    summary = view.summary
    output = summary.get("output")
    if isinstance(output, (int, float)) and math.isfinite(output):
        yield "Output", number(float(output), decimals([float(output)])), str(summary.get("unit") or "")
    for key, name in (("sectors", "Sectors"), ("regions", "Regions")):
        if isinstance(summary.get(key), int) and summary[key] > 1:
            yield name, f"{summary[key]:,}", ""
    if not summary.get("sectors") and summary.get("nodes"):
        yield "Nodes", f"{summary['nodes']:,}", ""
    links = summary.get("links")
    if isinstance(links, Mapping):
        yield from (
            (f"{layer.capitalize().replace('_', ' ')} links", f"{count:,}", "") for layer, count in links.items()
        )
    elif isinstance(links, int):
        yield "Links", f"{links:,}", ""
    clusters, alone = cluster_counts(view)
    if clusters + alone > 1:
        yield "Clusters", f"{clusters:,}", f"and {alone:,} single nodes" if alone else ""


def _sections(view: View, drawn: Sequence[Scene]) -> Iterator[Section]:
    """Yield the sections that have something to show; tables without a section come last."""
    placed: set[str] = set()
    for key, title, wanted, names in _SECTIONS:
        its = [scene for want in wanted for scene in drawn if _belongs(scene.key, want)]
        tables = [
            of_table(view.tables[name], view.names) for name in names if name in view.tables and name not in _CARDS
        ]
        placed.update(names)
        if its or tables:
            yield Section(key, title, its, tables)
    rest = [of_table(table, view.names) for name, table in view.tables.items() if name not in placed]
    if rest:
        yield Section("more", "More tables", (), rest)


def _belongs(key: str, wanted: str) -> bool:
    return key.startswith(wanted) if wanted.endswith("-") else key == wanted


def _legend(view: View) -> list[tuple[int, str, str, int]]:
    """Return (number, name, colour, members) of each cluster."""
    names = cluster_names(view)
    frame = view.frame("clusters", "node", "cluster")
    if frame is None or not names:
        return []
    members = frame["cluster"].value_counts()
    return [(key, short(name, 60), colour(key), int(members.get(key, 0))) for key, name in names.items()]


def _smaller(legend: Sequence[tuple[int, str, str, int]]) -> list[tuple[int, str]]:
    """Return how many clusters the legend does not name, as they have no colour, and how many are single nodes."""
    alone = sum(members == 1 for *_, members in legend[len(COLOURS) :])
    several = len(legend[len(COLOURS) :]) - alone
    told = ((several, "smaller clusters"), (alone, "single nodes"))
    return [(count, what[:-1] if count == 1 else what) for count, what in told if count]


def _methods(view: View) -> list[Measure]:
    """Return the measures of the columns shown, in the order they first appear."""
    known = all_measures()
    shown = chain.from_iterable(table.frame.columns for table in view.tables.values())
    carded = view.frame("cluster_claims", "measure")
    checked = [] if carded is None else carded["measure"].astype(str).tolist()
    judged = (str(finding.get("measure", "")) for finding in view.findings)
    return [known[key] for key in dict.fromkeys([*shown, *checked, *judged]) if key in known]


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(entry)}" for key, entry in value.items()) or "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_plain, value)) or "–"
    return plain_text(value)


def _evidence(finding: Mapping[str, Any]) -> HtmlTable | None:
    """Return a finding's evidence as a table, None where there is none."""
    import pandas as pd

    rows = finding.get("evidence") or []
    return of_frame(pd.DataFrame(list(rows)), "evidence", "Evidence") if rows else None


_ANCHORS = {"key_sector": "sectors", "between": "centrality"}


def _anchor(finding: Mapping[str, Any], sections: Sequence[Section]) -> Section | None:
    """Return the section that shows the table a finding was made from."""
    measure, kind = finding.get("measure"), str(finding.get("subject_kind"))
    order = sorted(sections, key=lambda section: not section.key.startswith(kind))
    for section in order:
        for table in section.tables:
            if measure in table.hidden or any(column.key == measure for column in table.columns):
                return section
    return next((section for section in sections if section.key == _ANCHORS.get(str(finding.get("code")))), None)
