"""GraphML and GEXF, the XML formats of Gephi, yEd, Cytoscape, networkx and igraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO
from xml.sax.saxutils import escape, quoteattr

from netcluster.network.formats.content import Attribute, Content

#: Characters XML 1.0 has no way to write.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENDS = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def write_graphml(content: Content, path: Path) -> None:
    """Write GraphML: nodes by their ids, attributes with types, `weight` on the links."""
    fit = content.cleaned(_legal, "characters XML can't hold")
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        out.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        if not any(attribute.name == "name" for attribute in fit.attributes):
            # igraph finds nodes by their attribute `name`, and reads `&` in an id as five characters.
            fit.attributes.append(Attribute("name", "string", fit.ids))
        for number, attribute in enumerate(fit.attributes):
            out.write(_key(f"n{number}", "node", attribute.name, attribute.type))
        out.write(_key("w", "edge", "weight", "double"))
        if fit.several:
            out.write(_key("l", "edge", "layer", "string"))
        kind = "directed" if fit.directed else "undirected"
        out.write(f'<graph id={_quoted(fit.name or "network")} edgedefault="{kind}">\n')
        _graphml_nodes(fit, out)
        names = [_quoted(text) for text in fit.ids]
        for chunk in fit.links():
            out.writelines(
                f"<edge source={names[source]} target={names[target]}>"
                f'<data key="w">{weight!r}</data>{_layer(layer)}</edge>\n'
                for source, target, weight, layer in chunk
            )
        out.write("</graph>\n</graphml>\n")


def _graphml_nodes(content: Content, out: TextIO) -> None:
    for node, text in enumerate(content.ids):
        data = "".join(
            f'<data key="n{number}">{_text(attribute.values[node])}</data>'
            for number, attribute in _present(content.attributes, node)
        )
        out.write(f"<node id={_quoted(text)}>{data}</node>\n")


def write_gexf(content: Content, path: Path) -> None:
    """Write GEXF 1.2, with a fixed date: nodes with labels and attributes, weighted edges."""
    fit = content.cleaned(_legal, "characters XML can't hold")
    labels = next((one.values for one in fit.attributes if one.name == "label"), fit.ids)
    extras = [one for one in fit.attributes if one.name != "label"]
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        out.write('<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n')
        out.write('<meta lastmodifieddate="1970-01-01"><creator>netcluster</creator></meta>\n')
        out.write(f'<graph defaultedgetype="{"directed" if fit.directed else "undirected"}" mode="static">\n')
        out.write('<attributes class="node">\n')
        for number, attribute in enumerate(extras):
            out.write(f'<attribute id="{number}" title={_quoted(attribute.name)} type="{attribute.type}"/>\n')
        out.write("</attributes>\n")
        if fit.several:
            out.write('<attributes class="edge"><attribute id="0" title="layer" type="string"/></attributes>\n')
        out.write("<nodes>\n")
        for node, text in enumerate(fit.ids):
            values = "".join(
                f'<attvalue for="{number}" value={_quoted(_plain(attribute.values[node]))}/>'
                for number, attribute in _present(extras, node)
            )
            out.write(f"<node id={_quoted(text)} label={_quoted(labels[node] or text)}>")
            out.write(f"<attvalues>{values}</attvalues></node>\n")
        out.write("</nodes>\n<edges>\n")
        _gexf_edges(fit, out)
        out.write("</edges>\n</graph>\n</gexf>\n")


def _gexf_edges(content: Content, out: TextIO) -> None:
    names = [_quoted(text) for text in content.ids]
    number = 0
    for chunk in content.links():
        for source, target, weight, layer in chunk:
            start = f'<edge id="{number}" source={names[source]} target={names[target]} weight="{weight!r}"'
            inner = f'<attvalues><attvalue for="0" value={_quoted(layer)}/></attvalues>' if layer else ""
            out.write(f"{start}>{inner}</edge>\n" if inner else f"{start}/>\n")
            number += 1


def _present(attributes: list[Attribute], node: int) -> Iterator[tuple[int, Attribute]]:
    return ((number, one) for number, one in enumerate(attributes) if one.values[node] is not None)


def _key(key: str, owner: str, name: str, kind: str) -> str:
    return f'<key id="{key}" for="{owner}" attr.name={_quoted(name)} attr.type="{kind}"/>\n'


def _layer(layer: str) -> str:
    return f'<data key="l">{_text(layer)}</data>' if layer else ""


def _text(value: Any) -> str:
    return escape(_plain(value), {"\r": "&#13;"})


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def _quoted(text: str) -> str:
    return quoteattr(text, _ENDS)


def _legal(text: str) -> str:
    return ILLEGAL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
