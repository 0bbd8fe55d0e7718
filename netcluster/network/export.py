"""A network in the formats other tools open, chosen by the file's ending."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from netcluster.core.errors import NetclusterError
from netcluster.core.files import refuse_existing, whole_file
from netcluster.core.result import Note
from netcluster.network.formats.content import Content, content_of
from netcluster.network.network import Network

#: Ending to format.
FORMATS = {
    ".graphml": "GraphML",
    ".gexf": "GEXF",
    ".gml": "GML",
    ".net": "Pajek",
    ".csv": "CSV",
    ".tsv": "TSV",
    ".parquet": "Parquet",
    ".xlsx": "XLSX",
    ".json": "JSON",
}


def export(
    network: Network,
    path: str | os.PathLike[str],
    layer: str = "",
    force: bool = False,
    for_excel: bool = False,
) -> tuple[Note, ...]:
    """Write a network for another tool: GraphML, GEXF, GML, Pajek (.net), CSV, TSV, Parquet, XLSX or JSON.

    Parameters
    ----------
    network : Network
        What to write.
    path : path
        Its ending says the format.
    layer : str
        Which layer; "all" writes every one, with the link attribute `layer` (an undirected layer among
        directed ones in both directions). Left out, supply, else the first.
    force : bool
        Replace a file that is there.
    for_excel : bool
        Guard CSV against texts that Excel would take for formulas. All else holds texts as they are.

    Returns
    -------
    tuple of Note
        What could not be written as it is: characters a format can't hold, nodes without links in a list.

    Raises
    ------
    NetclusterError
        Where the ending is unknown, the file is there, can't be written, or is too long for its format.
    """
    target = Path(path)
    write = _writer(target, for_excel=for_excel)
    refuse_existing(target, force=force)
    content = content_of(network, layer)
    with whole_file(target) as temporary:
        write(content, temporary)
    return tuple(content.notes)


def _writer(path: Path, *, for_excel: bool) -> Callable[[Content, Path], None]:
    from netcluster.network.formats import plain, tabular, xlsx, xml

    ending = path.suffix.lower()
    if ending in (".csv", ".tsv"):
        return lambda content, place: tabular.write_csv(content, place, for_excel=for_excel)
    writers: dict[str, Callable[[Content, Path], None]] = {
        ".graphml": xml.write_graphml,
        ".gexf": xml.write_gexf,
        ".gml": plain.write_gml,
        ".net": plain.write_pajek,
        ".parquet": tabular.write_parquet,
        ".xlsx": xlsx.write_xlsx,
        ".json": tabular.write_json,
    }
    if ending not in writers:
        known = ", ".join(f"{name} ({end})" for end, name in FORMATS.items())
        raise NetclusterError(f"{path} has no ending netcluster writes networks in.", f"Formats are {known}.")
    return writers[ending]
