"""What is written to disk: a result's rows by the ending of the file, the report and the figures of a run.

All are whole files, the same bytes each time: no date, host or path goes into any of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from netcluster.core.csv_text import write_csv
from netcluster.core.errors import NetclusterError
from netcluster.core.files import refuse_existing, whole_file, write_text
from netcluster.core.finding import Finding
from netcluster.report.forms import NOTHING, dumps, to_json, to_markdown

if TYPE_CHECKING:
    import pandas as pd

#: The endings `save_frame` knows.
ENDINGS = (".csv", ".json", ".parquet", ".xlsx", ".md")


def save_frame(
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    provenance: Mapping[str, object] = NOTHING,
    findings: Iterable[Finding] = (),
    *,
    force: bool = False,
    extra: Mapping[str, object] = NOTHING,
) -> Path:
    """Write the rows to `path`, whole or not at all, in the form its ending names.

    JSON holds provenance, findings and what is in `extra` beside the rows, XLSX the first two on sheets of
    their own, Parquet the provenance in its schema; CSV holds the rows alone.

    Raises
    ------
    NetclusterError
        Where the ending is not one of `ENDINGS`, the file is there and `force` is not given, it can't be
        written, or the rows don't fit the form (Excel's limits).
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise NetclusterError(
            f"{target}: there is no form for the ending {ending or '(none)'!r}.", f"Use one of {' '.join(ENDINGS)}"
        )
    refuse_existing(target, force=force)
    if ending == ".csv":
        write_csv(frame, target)
    elif ending == ".json":
        write_text(target, to_json(frame, provenance, findings, extra))
    elif ending == ".md":
        write_text(target, to_markdown(frame, findings))
    elif ending == ".parquet":
        _write_parquet(frame, target, provenance)
    else:
        from netcluster.report.xlsx import write_xlsx

        write_xlsx(frame, target, provenance, findings)
    return target


def _write_parquet(frame: pd.DataFrame, path: Path, provenance: Mapping[str, object]) -> None:
    """Write Parquet with the provenance in the schema, and none of pandas' own metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    # A column without any value is text, so that the schema does not hang on the rows.
    for place, field in enumerate(table.schema):
        if pa.types.is_null(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.string()))
    about = {"netcluster": dumps(provenance)} if provenance else None
    with whole_file(path) as temporary:
        pq.write_table(table.replace_schema_metadata(about), temporary, compression="zstd")


def write(folder: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write report.html of a run into its folder, whole, and return its path.

    The page is a function of the folder: the same folder gives the same bytes.

    Raises
    ------
    NetclusterError
        Where the folder is not one that `analyze` wrote, or report.html is there and `force` is not given.
    """
    from netcluster.report.page import render
    from netcluster.report.view import read_folder

    path = Path(folder) / "report.html"
    view = read_folder(folder)
    refuse_existing(path, force=force)
    write_text(path, render(view))
    return path


def figures(folder: str | os.PathLike[str], out: str | os.PathLike[str], *, force: bool = False) -> list[Path]:
    """Write every figure of a run's report as PNG, SVG and PDF into the folder `out`, and return the paths.

    Raises
    ------
    NetclusterError
        Where `folder` is not one that `analyze` wrote, the run allows no figure, a file is there and `force`
        is not given, or one can't be written.
    """
    from netcluster.report.page import scenes
    from netcluster.report.paper import save
    from netcluster.report.view import read_folder

    drawn = scenes(read_folder(folder))
    if not drawn:
        raise NetclusterError(f"The run in {folder} allows no figure.", "Its tables are in the CSV files.")
    return [path for scene in drawn for path in save(scene, Path(out), force=force)]
