"""What every command that reads inputs does around its one call of the library.

It reads the inputs, calls `work` once a year, keeps the rows asked for, prints or writes them with their
provenance, says the notes on standard error, and gives the exit code.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import capture

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.core.finding import Finding
    from netcluster.core.result import Note, Result
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.options import ReadOptions

#: Flags that change no figure: they stand in run.json as arguments, not in the provenance.
_NOT_PROVENANCE = frozenset(
    {"paths", "form", "out", "force", "fail_on", "quiet", "verbose", "debug", "threads", "jobs", "no_report"}
)
_READING = ("kind", "sheet", "decimal", "encoding", "delimiter", "columns", "origin")
_READING_TOO = ("final_demand", "value_added", "level", "sut_model", "labels", "satellite")


@dataclass(frozen=True)
class Output:
    """What a command computed for one year or for all of them together."""

    frame: pd.DataFrame
    notes: tuple[Note, ...] = ()
    findings: tuple[Finding, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)


def reading(flags: Mapping[str, Any]) -> ReadOptions:
    """Return the reader's options out of a command's flags."""
    from netcluster.tables.options import ReadOptions

    chosen = {key: flags[key] for key in (*_READING, *_READING_TOO) if key in flags}
    return ReadOptions(**chosen)


def open_bundles(paths: Sequence[str], flags: Mapping[str, Any]) -> list[Bundle]:
    """Open the inputs: one bundle, or one a year where --year names several."""
    asked = capture.current()
    return asked.opener(paths, flags) if asked and asked.opener else opened(paths, flags)


def open_one(command: str, flags: Mapping[str, Any]) -> Bundle:
    """Open the inputs of a command that takes one year, and raise where --year gives several."""
    from netcluster.core.errors import NetclusterError

    bundles = open_bundles(flags["paths"], flags)
    if len(bundles) > 1:
        raise NetclusterError(
            f"{command} takes one year; --year {flags['year']} gives {len(bundles)}.",
            "Give one year, or a command that prints a row a year, such as sectors or clusters.",
        )
    return bundles[0]


def opened(paths: Sequence[str], flags: Mapping[str, Any]) -> list[Bundle]:
    """Open the inputs from their files; see `open_bundles`."""
    from dataclasses import replace

    from netcluster.network.open import open_inputs, open_years
    from netcluster.tables.cut import cut_bundle

    options = reading(flags)
    years = str(flags.get("year") or "")
    if several_years(flags):
        bundles = open_years(list(paths), options, years)
    else:
        bundles = [open_inputs(list(paths), replace(options, year=_year(years)))]
    regions = flags.get("cut_region") or ()
    return [cut_bundle(bundle, regions) for bundle in bundles] if regions else bundles


def several_years(flags: Mapping[str, Any]) -> bool:
    """Return whether --year asks for more than one."""
    years = str(flags.get("year") or "")
    return years == "all" or "-" in years or "," in years


def rows(command: str, flags: Mapping[str, Any], work: Callable[[Bundle], Result], *, one_pass: bool = False) -> int:
    """Run a command that prints one table, and return its exit code.

    With `one_pass`, `work` is called once and deals with --year itself.
    """
    from netcluster.core import progress
    from netcluster.core.solve import blas_threads

    started = time.time()
    refuse_early(flags)
    progress.enable(not flags["quiet"])
    with blas_threads(flags.get("threads")):
        bundles = open_bundles(flags["paths"], {**flags, "year": ""} if one_pass else flags)
        results = [work(bundle) for bundle in bundles]
    frame = _stacked(bundles, results)
    output = Output(
        kept(frame, bundles, flags),
        tuple(dict.fromkeys(note for bundle in bundles for note in notes_of(bundle)))
        + tuple(dict.fromkeys(note for result in results for note in result.notes)),
        tuple(finding for result in results for finding in result.findings),
        _extra(results),
    )
    return emit(command, flags, output, started)


def refuse_early(flags: Mapping[str, Any]) -> None:
    """Raise before the work begins where its file could not be written at the end."""
    if (asked := capture.current()) and asked.check_only:
        raise capture.Checked
    if flags["out"] and flags["out"] != "-":
        from netcluster.core.errors import NetclusterError
        from netcluster.core.files import refuse_existing
        from netcluster.report.write import ENDINGS

        refuse_existing(flags["out"], force=flags["force"])
        if Path(flags["out"]).suffix.lower() not in ENDINGS:
            raise NetclusterError(f"{flags['out']}: its ending names no form.", f"Use one of {' '.join(ENDINGS)}")


def emit(command: str, flags: Mapping[str, Any], output: Output, started: float) -> int:
    """Print or write a table with its provenance; say the notes; return the exit code."""
    from netcluster.report import terminal, write
    from netcluster.study.provenance import run_record

    record = provenance_of(command, flags)
    if asked := capture.current():
        asked.output, asked.provenance = output, record
        return 0
    if flags["out"] and flags["out"] != "-":
        path = Path(flags["out"])
        write.save_frame(
            output.frame, path, provenance=record, findings=output.findings, force=flags["force"], extra=output.extra
        )
        side = path.with_name(path.name + ".run.json")
        run = run_record(record, arguments=sys.argv[1:], inputs=flags["paths"], outputs=[path], started=started)
        from netcluster.core.files import write_text
        from netcluster.study.jsonable import dumps

        write_text(side, dumps(run))
        _say(flags, f"Wrote {path} ({len(output.frame)} rows) and {side.name}.")
    else:
        form = flags["form"] or ("table" if sys.stdout.isatty() else "csv")
        text = terminal.render(output.frame, form, provenance=record, findings=output.findings, extra=output.extra)
        click.echo(text, nl=False)
    say_notes(flags, output.notes)
    return exit_code(output.findings, flags.get("fail_on"))


def provenance_of(command: str, flags: Mapping[str, Any]) -> dict[str, object]:
    """Return the provenance of a command from its flags."""
    from netcluster.study.provenance import provenance

    options = {
        key: value for key, value in flags.items() if key not in _NOT_PROVENANCE and value not in ("", (), {}, None)
    }
    return provenance(
        f"netcluster {command}", flags["paths"], options, seed=flags.get("seed"), threads=flags.get("threads")
    )


def exit_code(findings: Sequence[Finding], fail_on: str | None) -> int:
    """Return 3 where a finding is at least as severe as `fail_on`, else 0."""
    bad = {"high": ("high",), "medium": ("high", "medium")}.get(fail_on or "", ())
    return 3 if any(finding.severity in bad for finding in findings) else 0


def notes_of(bundle: Bundle) -> tuple[Note, ...]:
    """Return what reading a bundle assumed, dropped or left unbalanced."""
    parts = (getattr(bundle, part) for part in bundle.parts)
    return bundle.notes + tuple(note for part in parts for note in getattr(part, "changes", ()))


def say_notes(flags: Mapping[str, Any], notes: Sequence[Note]) -> None:
    """Say the notes on standard error; the first dozen unless --verbose.

    What was said when a saved network was built is not said each time it is read; `inspect` and --verbose say it.
    """
    from netcluster.network.store import kept_notes

    if flags["quiet"]:
        return
    before = set() if flags["verbose"] else kept_notes(flags.get("paths") or ())
    distinct = [text for text in dict.fromkeys(note.text for note in notes) if text not in before]
    shown = distinct if flags["verbose"] else distinct[:12]
    for text in shown:
        click.secho(f"Note: {text}", err=True, dim=True)
    if len(distinct) > len(shown):
        click.secho(f"Note: {len(distinct) - len(shown)} more notes; --verbose says them all.", err=True, dim=True)


def _say(flags: Mapping[str, Any], text: str) -> None:
    if not flags["quiet"]:
        click.echo(text, err=True)


def _year(text: str) -> int | None:
    if not text:
        return None
    if not text.isdigit():
        raise click.BadParameter(f"{text!r} is no year; give 2014, 2000-2014 or all.", param_hint="--year")
    return int(text)


def _stacked(bundles: Sequence[Bundle], results: Sequence[Result]) -> pd.DataFrame:
    if len(results) == 1:
        return results[0].frame
    import pandas as pd

    frames = []
    for bundle, result in zip(bundles, results, strict=True):
        frame = result.frame.copy()
        if "year" not in frame:
            frame.insert(0, "year", _year_of(bundle))
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _year_of(bundle: Bundle) -> int | None:
    """Return the year of a bundle's tables: of trade the latest, of which commands take the flows."""
    if bundle.trade is not None and bundle.trade.years:
        return bundle.trade.years[-1]
    years = (getattr(getattr(bundle, part), "year", None) for part in bundle.parts)
    return next((year for year in years if year is not None), None)


def _extra(results: Sequence[Result]) -> dict[str, object]:
    summary = getattr(results[0], "summary", None) if len(results) == 1 else None
    return {"partition": dict(summary)} if summary else {}


def kept(frame: pd.DataFrame, bundles: Sequence[Bundle], flags: Mapping[str, Any]) -> pd.DataFrame:
    """Return the rows and columns that --region, --sort, --top and --select ask for."""
    from netcluster.core.errors import NetclusterError

    if flags.get("region"):
        frame = _in_regions(frame, bundles, flags["region"])
    if flags.get("sort"):
        column = flags["sort"].removeprefix("-")
        _known(frame, column)
        frame = frame.sort_values(column, ascending=not flags["sort"].startswith("-"), kind="stable")
    if flags.get("top"):
        frame = frame.head(flags["top"])
    if flags.get("select"):
        for column in flags["select"]:
            _known(frame, column)
        frame = frame[list(flags["select"])]
    if frame.columns.duplicated().any():
        raise NetclusterError("A column was selected twice.")
    return frame


def _known(frame: pd.DataFrame, column: str) -> None:
    if column not in frame:
        import difflib

        from netcluster.core.errors import NetclusterError

        there = [str(name) for name in frame.columns]
        near = difflib.get_close_matches(column, there, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise NetclusterError(f"There is no column {column!r}.", f"{meant}Columns are {', '.join(there)}.")


def _in_regions(frame: pd.DataFrame, bundles: Sequence[Bundle], regions: Sequence[str]) -> pd.DataFrame:
    from netcluster.core.errors import NetclusterError

    place = frame["region"] if "region" in frame else _places(frame, bundles)
    kept = frame[place.isin(regions)]
    if kept.empty:
        there = ", ".join(str(name) for name in dict.fromkeys(place.dropna()) if name != "")
        hint = f"Regions are {there[:300]}." if there else "These rows have no regions: leave --region out."
        raise NetclusterError(f"No row is of the region {', '.join(regions)}.", hint)
    return kept


def _places(frame: pd.DataFrame, bundles: Sequence[Bundle]) -> pd.Series[Any]:
    """Return where the subject of each row is: a country of trade is a place itself."""
    subject = frame[next(column for column in frame if column != "year")]
    region: dict[str, str] = {}
    for bundle in bundles:
        if bundle.trade is not None:
            return subject
        if bundle.io is not None:
            region |= dict(zip(bundle.io.sectors["id"], bundle.io.sectors["region"], strict=True))
        if bundle.network is not None:
            region |= dict(zip(bundle.network.nodes["id"], bundle.network.nodes["region"], strict=True))
        if bundle.firms is not None:
            region |= dict(zip(bundle.firms.frame["id"], bundle.firms.frame["region"], strict=True))
    return subject.map(region)
