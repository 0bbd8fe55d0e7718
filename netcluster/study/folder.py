"""The run folder: everything a study found, as files that people and programs read.

The folder is written beside its place and moved there when it is whole. All of it but run.json is the same
for the same input, options and seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.core.csv_text import write_csv
from netcluster.core.errors import NetclusterError
from netcluster.core.files import refuse_unwritable, whole_folder, write_text
from netcluster.core.result import Note, Result
from netcluster.network.network import Network
from netcluster.study.jsonable import dumps
from netcluster.study.levels import table_level
from netcluster.study.ranking import ranked

if TYPE_CHECKING:
    from netcluster.core.finding import Finding
    from netcluster.tables.bundle import Bundle

#: What the run's GraphML says of its nodes besides what the network does.
CLUSTER = ("cluster", "cluster_name", "stability")
CENTRAL = ("pagerank", "pagerank_upstream", "betweenness")
#: The file that marks a folder as a run's, so that --force never removes anything else.
MARK = "findings.json"


@dataclass(frozen=True, eq=False)
class Section:
    """One table of a study: the file it goes to, its title, and its result."""

    file: str
    title: str
    result: Result


@dataclass(frozen=True, eq=False)
class Study:
    """What a study found: its sections in order, what was left out and why, and the network behind it."""

    title: str
    bundle: Bundle
    network: Network | None = None
    sections: tuple[Section, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    summary: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """The findings of all sections, ranked, at most 20 of a code."""
        return ranked(section.result for section in self.sections)[0]

    def __getitem__(self, file: str) -> Result:
        """Return the result behind a file of the run: `study["sectors.csv"]`."""
        for section in self.sections:
            if section.file == file:
                return section.result
        raise KeyError(file)


def write(
    study: Study,
    folder: str | Path,
    *,
    provenance: Mapping[str, object],
    force: bool = False,
    finish: Callable[[Path], object] | None = None,
    record: Callable[[Path], Mapping[str, object]] | None = None,
) -> Path:
    """Write the run folder whole, and return its path.

    `finish` is called with the folder before it is moved to its place (the report is written there);
    `record` then gives the contents of run.json.
    """
    target = Path(folder)
    refuse(target, force=force)
    with whole_folder(target) as place:
        for section in study.sections:
            write_csv(section.result.frame, place / section.file)
        _write_network(study, place)
        _write_findings(study, place, provenance)
        if finish is not None:
            finish(place)
        if record is not None:
            write_text(place / "run.json", dumps(record(place)))
    return target


def _write_findings(study: Study, place: Path, provenance: Mapping[str, object]) -> None:
    import pandas as pd

    found, left = ranked(section.result for section in study.sections)
    notes = [*study.notes, *(note for section in study.sections for note in section.result.notes)]
    distinct = list(dict.fromkeys((note.code, note.text, note.count) for note in notes))
    document = {
        "schema": 1,
        "title": study.title,
        "summary": dict(study.summary),
        "tables": [
            {
                "file": section.file,
                "title": section.title,
                "measures": list(section.result.measures),
                "rows": len(section.result.frame),
                "parameters": dict(section.result.parameters),
                "summary": dict(getattr(section.result, "summary", {})),
            }
            for section in study.sections
        ],
        "left_out": [{"section": section, "reason": reason} for section, reason in study.left_out],
        "findings": [finding.to_dict() for finding in found],
        "findings_left_out": left,
        "notes": [{"code": code, "text": text, "count": count} for code, text, count in distinct],
        "provenance": dict(provenance),
    }
    write_text(place / "findings.json", dumps(document))
    columns = ["severity", "code", "subject", "subject_kind", "measure", "value", "threshold", "share", "sentence"]
    columns += ["reference", "lever"]
    rows = [{column: getattr(finding, column) for column in columns} for finding in found]
    write_csv(pd.DataFrame(rows, columns=columns), place / "findings.csv")


def _write_network(study: Study, place: Path) -> None:
    if study.network is None:
        return
    from netcluster.network.export import export
    from netcluster.network.store import save

    save(study.bundle.replace(network=study.network), place / "network")
    if "supply" in study.network.layers:
        export(_with_findings(study, study.network), place / "network.graphml", layer="supply")


def _with_findings(study: Study, network: Network) -> Network:
    """Return the network that the study is of, its nodes with their cluster, stability and centrality."""
    level = table_level(network)
    nodes = level.nodes.copy()
    for file, columns in (("clusters.csv", CLUSTER), ("centrality.csv", CENTRAL)):
        section = next((one for one in study.sections if one.file == file), None)
        if section is None:
            continue
        found = section.result.frame.set_index("node")
        for column in columns:
            if column in found and column not in nodes:
                nodes[column] = found[column].reindex(nodes["id"]).to_numpy()
    return Network(nodes, level.layers, name=level.name)


def refuse(target: Path, *, force: bool) -> None:
    """Raise where a run can't go to `target`: a file, a folder of other things, or a run without `force`."""
    refuse_unwritable(target)
    if not target.exists():
        return
    if not target.is_dir():
        raise NetclusterError(f"{target} is a file; a run needs a folder.", "Give another name with -o.")
    if not any(target.iterdir()):
        return
    if not (target / MARK).is_file():
        raise NetclusterError(
            f"{target} holds files that are not a run of netcluster.", "Give an empty or another folder with -o."
        )
    if not force:
        raise NetclusterError(f"{target} holds a finished run.", "Give --force to replace it, or another folder.")
