"""Tables, firms, institutions and links become one typed network.

An input–output table gives a node for each industry and the layer "supply", a trade table one for each country,
a list of links one for each firm and a layer for each relation. Where a table and links come together, the
industries fill "supply" and the firms' own supply links the layer "firm_supply": the same money seen from two
levels is never added up. Firms then name their industry's node in the column `industry_node`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.network.encode import assemble, encode, examples, positions, unmatched
from netcluster.network.levels import FIRM_SUPPLY
from netcluster.network.network import MONEY_LAYERS, NODE_COLUMNS, Layer, Network
from netcluster.network.parts import Given, Part, gather
from netcluster.network.project import Weights, projected
from netcluster.network.project import project as link_members
from netcluster.tables.links import LAYERS

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.firms import FirmTable
    from netcluster.tables.iotable import IOTable
    from netcluster.tables.links import LinkTable
    from netcluster.tables.trade import TradeTable

#: Layers in which a tie has no direction: working together, patenting together, standing side by side.
UNDIRECTED_LAYERS = ("project", "patent", "colocation")


def build(
    *parts: Part, name: str = "", project: Mapping[str, Weights] | None = None, largest_group: int | None = None
) -> Network:
    """Return the network that tables, firms, institutions and links make together.

    Parameters
    ----------
    parts : Bundle, IOTable, SupplyUse, TradeTable, FirmTable, LinkTable or Network
        At most one table (input–output or trade), any number of lists of firms and of links. A saved network
        alone comes back as it is.
    name : str
        What to call it.
    project : mapping of layer to {"newman", "count"}, optional
        Layers of a list of two kinds (firms and associations) to link those in who share a group, as `co_<layer>`;
        see `network.project`. Lists of projects and patents are linked so in any case: this says how they weigh.
    largest_group : int, optional
        Groups with more members are passed over then.

    Returns
    -------
    Network
        Nodes in the order industries, countries, firms as listed, then link ends not listed, sorted; `changes`
        tells what was summed, dropped, set aside or not matched, each counted and with examples.

    Raises
    ------
    NetclusterError
        Where there is nothing to build from, an id stands for two nodes, or there are two tables.

    Examples
    --------
    >>> from netcluster.tables.iotable import IOTable
    >>> io = IOTable.from_arrays([[150, 500], [200, 100]], x=[1000, 2000], sectors=["farms", "factories"])
    >>> net = build(io)
    >>> net
    <Network unnamed: 2 nodes; layers supply (4 links)>
    >>> net.layer("supply").matrix.toarray()
    array([[150., 500.],
           [200., 100.]])
    """
    given = gather(parts)
    if given.network is not None:
        saved = given.network.replace(name=name) if name else given.network
        return _projected(saved, project or {}, largest_group)
    wanted = dict(project or {})
    shared = {layer for links in given.links for layer in links.groups}
    given.links = [projected(links, wanted, largest_group) for links in given.links]
    nodes, layers = _Nodes(), dict[str, Layer]()
    notes = list(given.notes)
    if given.io is not None:
        notes += _add_table(given.io, nodes, layers)
    if given.trade is not None:
        notes += _add_trade(given.trade, nodes, layers)
    for firms in given.firms:
        nodes.add(_firm_nodes(firms), "firms")
    if given.links:
        notes += _add_links(given, nodes, layers)
    frame = nodes.frame()
    layers = {key: _widened(layer, len(frame)) for key, layer in layers.items()}
    if given.io is not None and given.firms:
        frame, more = _attach(frame, given.io)
        notes += more
    first = next(iter(given.sources()))
    network = Network(
        frame, layers, name=name or given.name, year=first.year, source=first.source, changes=tuple(notes)
    )
    rest = {layer: weights for layer, weights in wanted.items() if layer not in shared}
    return _projected(network, rest, largest_group)


def _projected(network: Network, wanted: Mapping[str, Weights], largest: int | None) -> Network:
    for layer, weights in wanted.items():
        network = link_members(network, layer, weights=weights, largest=largest)
    return network


class _Nodes:
    """Frames of nodes put one under the other, each id once."""

    def __init__(self) -> None:
        self._frames: list[pd.DataFrame] = []

    def add(self, frame: pd.DataFrame, what: str) -> None:
        import pandas as pd

        if self._frames:
            known = pd.concat([other["id"] for other in self._frames], ignore_index=True)
            double = sorted(set(frame["id"]) & set(known))
            if double:
                raise NetclusterError(
                    f"{len(double)} ids stand for two nodes at once (first: {examples(double)}).",
                    f"Rename them in the list of {what}: ids are shared by industries, firms and countries.",
                )
        self._frames.append(frame)

    @property
    def ids(self) -> pd.Series[Any]:
        import pandas as pd

        if not self._frames:
            return pd.Series([], dtype="str")
        return pd.concat([frame["id"] for frame in self._frames], ignore_index=True)

    def frame(self) -> pd.DataFrame:
        import pandas as pd

        if len(self._frames) == 1:
            return self._frames[0]
        whole = pd.concat(self._frames or [_node_frame([], "firm")], ignore_index=True)
        for column in whole.columns:
            if not pd.api.types.is_numeric_dtype(whole[column].dtype):
                whole[column] = _text(whole[column])
        return whole


def _node_frame(ids: Any, kind: pd.Series[str] | str, **columns: Any) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame({"id": pd.Series(ids, dtype="str").reset_index(drop=True)})
    for name in NODE_COLUMNS[1:]:
        value = kind if name == "kind" else columns.get(name, np.nan if name == "size" else "")
        frame[name] = value.to_numpy() if isinstance(value, pd.Series) else value
        if name != "size":
            frame[name] = frame[name].astype("str")
    return frame


def _add_table(io: IOTable, nodes: _Nodes, layers: dict[str, Layer]) -> list[Note]:
    sectors = io.sectors
    frame = _node_frame(
        sectors["id"],
        "industry",
        label=sectors["name"],
        industry=sectors["sector"],
        region=sectors["region"],
        size=io.x.copy(),
    )
    if (io.inputs["kind"] == "value_added").any():
        frame["value_added"] = io.value_added
    nodes.add(frame, "industries")
    source, target = (codes.astype(np.int32) for codes in np.nonzero(io.Z))
    made = assemble(source, target, io.Z[source, target], io.n, directed=True, what="Intermediate flows")
    layers["supply"] = Layer(made.matrix, io.unit, True, True)
    return [*io.changes, *made.notes]


def _add_trade(trade: TradeTable, nodes: _Nodes, layers: dict[str, Layer]) -> list[Note]:
    import pandas as pd

    if not trade.bilateral:
        raise NetclusterError(
            "This trade table has exporters and products but no importers: it makes no network.",
            "netcluster complexity reads it as it is.",
        )
    year = max(trade.years, default=None)
    where = {"year": [year]} if year is not None and "year" in trade.columns else {}
    flows = trade.frame(by=("exporter", "importer"), where=where)
    ends = encode(flows["exporter"], flows["importer"])
    order = sorted(text for text in ends.ids.to_pylist() if text)
    place = positions(ends.ids, order)
    ids = pd.Series(order, dtype="str")
    made = _matrix(flows["value"], ends.source, ends.target, place, len(order), directed=True, what="Trade")
    sold = made.matrix.sum(axis=1)
    nodes.add(
        _node_frame(ids, "country", label=ids.map(lambda c: trade.names.get(c, c)), region=ids, size=sold), "countries"
    )
    layers["supply"] = Layer(made.matrix, trade.unit, True, True)
    notes = [*trade.changes, *made.notes]
    if len(trade.years) > 1:
        notes.append(Note("latest_year", f"Of {len(trade.years)} years the latest was taken, {year}."))
    return notes


def _firm_nodes(firms: FirmTable) -> pd.DataFrame:
    given = firms.frame
    kind = _text(given["kind"])
    frame = _node_frame(
        given["id"],
        kind.where(kind != "", "firm"),
        role=_text(given["role"]),
        label=_text(given["label"] if "label" in given else given["id"]),
        industry=_text(given["industry"]),
        region=_text(given["region"]),
        size=given["size"].fillna(given["revenue"]).astype("float64"),
    )
    frame["label"] = frame["label"].where(frame["label"] != "", frame["id"])
    for column in given.columns:
        if column not in frame:
            frame[column] = given[column].to_numpy()
    return frame


def _text(values: pd.Series[Any]) -> pd.Series[str]:
    """Return values as text, missing ones empty; a column with nothing in it may come as numbers."""
    return values.astype("object").where(values.notna(), "").astype("str")


def _add_links(given: Given, nodes: _Nodes, layers: dict[str, Layer]) -> list[Note]:
    import pandas as pd

    frames = [links.frame[["source", "target", "weight", "layer"]] for links in given.links]
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    ends = encode(frame["source"], frame["target"])
    known = nodes.ids
    strangers = unmatched(ends.ids, positions(ends.ids, known))
    notes = [note for links in given.links for note in links.changes]
    if len(strangers) and len(known):
        text = f"{len(strangers):,} link ends stand in no list of nodes and became firms without industry or region"
        notes.append(Note("unlisted_ends", f"{text} (first: {examples(strangers)}).", len(strangers)))
    if len(strangers):
        nodes.add(_node_frame(strangers, "firm", label=strangers), "links")
    ids = nodes.ids
    place = positions(ends.ids, ids)
    present = set(frame["layer"].unique())
    for layer in (key for key in LAYERS if key in present):
        rows = (frame["layer"] == layer).to_numpy()
        whole = rows.all()
        directed = layer not in UNDIRECTED_LAYERS
        weight = frame["weight"] if whole else frame["weight"][rows]
        source, target = (ends.source, ends.target) if whole else (ends.source[rows], ends.target[rows])
        made = _matrix(weight, source, target, place, len(ids), directed=directed, what=f"Layer {layer}")
        key = FIRM_SUPPLY if layer == "supply" and "supply" in layers else layer
        layers[key] = Layer(made.matrix, _unit(given.links, layer), directed, layer in MONEY_LAYERS)
        notes += made.notes
    return notes


def _matrix(weight: pd.Series[Any], source: Any, target: Any, place: Any, n: int, *, directed: bool, what: str) -> Any:
    """Return the links between node numbers, `place` telling each code's number."""
    if place.size and not np.array_equal(place, np.arange(place.size)):
        source = np.where(source < 0, -1, place[source])
        target = np.where(target < 0, -1, place[target])
    weights = weight.to_numpy(dtype=np.float64, na_value=np.nan)
    return assemble(source, target, weights, n, directed=directed, what=what)


def _widened(layer: Layer, n: int) -> Layer:
    """Return the layer of the first nodes as one of n nodes; links come after all nodes but a table's do not."""
    have = layer.matrix.shape[0]
    if have == n:
        return layer
    matrix = layer.matrix.copy()
    matrix.resize((n, n))
    return Layer(matrix, layer.unit, layer.directed, layer.money)


def _unit(links: list[LinkTable], layer: str) -> str:
    units = dict.fromkeys(table.unit for table in links if table.unit and (table.frame["layer"] == layer).any())
    if len(units) > 1:
        raise NetclusterError(
            f"Links of layer {layer} come in {', '.join(units)}: they can't be added up.", "Give one unit."
        )
    return next(iter(units), "") if layer in MONEY_LAYERS or len(links) == 1 else ""


def _attach(frame: pd.DataFrame, io: IOTable) -> tuple[pd.DataFrame, list[Note]]:
    """Name each firm's industry node: its industry is an id of the table, or with its region makes one."""
    firm = frame["kind"].isin(["firm", "institution"]) & (frame["industry"] != "")
    known = set(io.ids)
    direct = frame["industry"].where(frame["industry"].isin(known), "")
    joined = frame["region"] + ":" + frame["industry"]
    # Where the table tells regions apart, a firm belongs to its own region's industry before any other.
    found = joined.where(joined.isin(known), direct)
    frame["industry_node"] = found.where(firm, "")
    lost = frame.loc[firm & (frame["industry_node"] == ""), ["id", "industry", "region"]]
    if lost.empty:
        return frame, []
    names = sorted(
        {
            f"{industry} in {region}" if region else industry
            for industry, region in zip(lost["industry"], lost["region"], strict=True)
        }
    )
    text = f"{len(lost):,} firms have an industry the table does not have (first: {examples(names)})"
    return frame, [Note("industry_not_in_table", text + "; they belong to no industry node.", len(lost))]
