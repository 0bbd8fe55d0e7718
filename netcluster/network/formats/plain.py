"""GML and Pajek, the plain-text formats."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TextIO

from netcluster.network.formats.content import Content

_SPECIAL = re.compile('[^ -~]|[&"]')
_NAMED = {"&": "&amp;", '"': "&quot;"}
_CONTROL = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]")


def write_gml(content: Content, path: Path) -> None:
    """Write GML: the node's id is its GML label, its name the attribute `name`; ASCII, other characters as &#…;."""
    keys = _keys([one.name for one in content.attributes])
    with path.open("w", encoding="ascii", newline="\n") as out:
        out.write(f"graph [\n  directed {int(content.directed)}\n")
        if content.several:
            out.write("  multigraph 1\n")
        for node, text in enumerate(content.ids):
            out.write(f"  node [\n    id {node}\n    label {_gml(text)}\n")
            for key, one in zip(keys, content.attributes, strict=True):
                if one.values[node] is not None:
                    out.write(f"    {key} {_gml(one.values[node])}\n")
            out.write("  ]\n")
        for chunk in content.links():
            for number, (source, target, weight, layer) in enumerate(chunk):
                out.write(f"  edge [\n    source {source}\n    target {target}\n    weight {_gml(weight)}\n")
                if layer:
                    # Without a key of its own a second link between two nodes would take the first one's place.
                    out.write(f'    layer "{layer}"\n    key "{layer}-{number}"\n')
                out.write("  ]\n")
        out.write("]\n")


def write_pajek(content: Content, path: Path) -> None:
    r"""Write Pajek .net: vertices by their ids, arcs or edges with weights.

    A vertex is one line and has no way to escape: a line end inside an id is written as \x0a, a double quote
    as a single one.
    """
    fit = content.cleaned(_one_line, "line ends, control characters or quotes")
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"*Vertices {len(fit.ids)}\n")
        out.writelines(f"{number} {_pajek(text)}\n" for number, text in enumerate(fit.ids, start=1))
        current = ""
        _section(out, fit, "")
        for chunk in fit.links():
            for source, target, weight, layer in chunk:
                if layer != current:
                    current = layer
                    _section(out, fit, layer)
                out.write(f"{source + 1} {target + 1} {weight!r}\n")


def _section(out: TextIO, content: Content, layer: str) -> None:
    if content.several and not layer:
        return
    name = f" :{content.layers.index(layer) + 1} {_pajek(layer)}" if layer else ""
    out.write(f"*{'Arcs' if content.directed else 'Edges'}{name}\n")


def _keys(names: list[str]) -> list[str]:
    """Return attribute names as GML keys: letters and digits, "label" as "name", each once."""
    keys: list[str] = []
    for name in names:
        key = "name" if name == "label" else re.sub(r"[^0-9A-Za-z_]", "_", name)
        key = key if re.match(r"[A-Za-z]", key) else f"x{key}"
        while key in keys or key in ("id", "label"):
            key += "_"
        keys.append(key)
    return keys


def _gml(value: Any) -> str:
    if isinstance(value, str):
        return '"' + _SPECIAL.sub(lambda match: _NAMED.get(match[0], f"&#{ord(match[0])};"), value) + '"'
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return str(value) if abs(value) < 2**31 else f"{value}.0"
    text = repr(value)
    # A GML real has a point, also before an exponent.
    return text if "." in text or "inf" in text else text.replace("e", ".0e")


def _pajek(text: str) -> str:
    return f'"{text}"'


def _one_line(text: str) -> str:
    """Return a text Pajek, igraph and networkx read alike: no quotes, no doubled or last backslash."""
    plain = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text.replace('"', "'"))
    return re.sub(r"\\(?=\\|$)", "/", plain)
