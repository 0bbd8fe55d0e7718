"""The main job in one call: the study, its folder, and the report in it, landed whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.study.folder import Study, refuse
from netcluster.study.folder import write as write_folder

if TYPE_CHECKING:
    from netcluster.clusters.effort import Level
    from netcluster.tables.bundle import Bundle


def analyze(
    bundle: Bundle,
    out: str | Path | None = None,
    *,
    seed: int = 0,
    effort: Level = "standard",
    before: Bundle | None = None,
    force: bool = False,
    report: bool = True,
    provenance: Mapping[str, object] | None = None,
    record: Callable[[Path], Mapping[str, object]] | None = None,
) -> Study:
    """Run every analysis the bundle allows; with `out`, write the run folder and its report.

    Parameters
    ----------
    bundle : Bundle
        Tables and networks that belong together (`open_inputs` gives one; `Bundle(io=io)` makes one).
    out : path, optional
        The run folder: report.html, findings.json, findings.csv, one CSV a section, network/,
        network.graphml. It appears whole or not at all.
    seed, effort
        The seed of all chance; "quick", "standard" or "full".
    before : Bundle, optional
        The same input of an earlier year, for growth.
    force : bool
        Replace a finished run that is there.
    report : bool
        Write report.html too; `netcluster report DIR` makes it of the folder at any time.
    provenance, record
        What made the run, and what gives run.json; the command line fills them in.

    Raises
    ------
    NetclusterError
        Where the bundle allows no analysis, or the folder can't be written.
    """
    from netcluster.study.analyze import study

    if out is not None:
        refuse(Path(out), force=force)
    done = study(bundle, seed=seed, effort=effort, before=before)
    if out is not None:
        from netcluster.report.write import write
        from netcluster.study.provenance import provenance as made_by

        made = provenance or made_by("netcluster.analyze", [], {"effort": effort}, seed=seed)
        finish = write if report else None
        write_folder(done, out, provenance=made, force=force, finish=finish, record=record)
    return done
