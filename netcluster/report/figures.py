"""Scenes drawn with Bokeh: figures that answer to pointing, zooming, searching and the page's colours.

Colours of axes, grids and labels come from the page's style sheet (Bokeh reads `--bk-…` variables), so that a
figure is light on a light page and dark on a dark one. Nothing here needs code of our own in the browser but
the search and the filter, which select marks.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from netcluster.core.measures import all_measures
from netcluster.report.names import brief, room_for_names, short, unique
from netcluster.report.scene import Scene, is_past

#: The ink of text inside figures on a light page; the page's script gives the dark one.
INK, PAPER = "#1b1f24", "#ffffff"
LINK = "#7d8590"
BAR, PAST = "#2f74d0", "#d2474c"
FONT = "system-ui, sans-serif"
#: Nine blues, light to dark.
BLUES = ("#e3eefb", "#c7dcf6", "#a5c6ee", "#80ade4", "#5b93d8", "#3d79c5", "#2a61a8", "#1c4a86", "#123461")
#: The width of a letter beside a mark, and of the picture, in pixels.
LETTER, WIDTH = 7.0, 1100.0


def draw(scene: Scene) -> Any:
    """Return the Bokeh figure of a scene."""
    painters = {"network": _network, "matrix": _matrix, "quadrants": _quadrants, "bars": _bars, "places": _places}
    return painters[scene.kind](scene)


def _plot(height: int, tools: str = "pan,wheel_zoom,box_zoom,reset,save", **options: Any) -> Any:
    from bokeh.plotting import figure

    plot = figure(
        height=height,
        sizing_mode="stretch_width",
        tools=tools,
        active_scroll=None,
        active_drag=None,
        toolbar_location="above",
        output_backend="canvas",
        **options,
    )
    plot.toolbar.logo = None
    plot.toolbar.autohide = True
    plot.background_fill_alpha = 0
    plot.border_fill_color = PAPER
    plot.outline_line_alpha = 0
    plot.min_border_right = 12
    plot.axis.axis_label_text_font_style = "normal"
    plot.axis.axis_label_text_font_size = "13px"
    for axis in plot.axis:
        axis.axis_label_text_font = axis.major_label_text_font = FONT
    return plot


def _source(**columns: Any) -> Any:
    from bokeh.models import ColumnDataSource

    return ColumnDataSource(data=columns)


def _hover(renderer: Any, tooltips: list[tuple[str, str]]) -> Any:
    from bokeh.models import HoverTool

    return HoverTool(renderers=[renderer], tooltips=tooltips)


def _single(values: Any) -> Any:
    return np.asarray(values, dtype=np.float32)


def _network(scene: Scene) -> Any:
    marks = scene.marks
    x, y = marks["x"].to_numpy(), marks["y"].to_numpy()
    plot = _plot(620, "pan,wheel_zoom,box_zoom,tap,reset,save", x_range=(-0.1, 1.1), y_range=(-0.1, 1.1))
    plot.axis.visible = False
    plot.grid.visible = False
    source, target, weight = (np.asarray(scene.extras[key]) for key in ("source", "target", "weight"))
    root = np.sqrt(weight / weight.max())
    links = _source(
        x0=_single(x[source]),
        y0=_single(y[source]),
        x1=_single(x[target]),
        y1=_single(y[target]),
        width=_single(0.6 + 4.4 * root),
        alpha=_single(0.25 + 0.45 * root),
        s=source.astype(np.int32),
        t=target.astype(np.int32),
    )
    plot.segment("x0", "y0", "x1", "y1", source=links, line_color=LINK, line_width="width", line_alpha="alpha",
                 nonselection_line_alpha=0.04, name="links")  # fmt: skip
    columns = ("label", "node", "cluster", "cluster_name", "output", "colour", "suppliers", "buyers")
    nodes = _source(
        x=_single(x), y=_single(y), diameter=_single(marks["diameter"]), **{key: list(marks[key]) for key in columns}
    )
    dots = plot.scatter("x", "y", size="diameter", source=nodes, fill_color="colour", line_color="#ffffff",
                        line_width=1, fill_alpha=0.95, nonselection_fill_alpha=0.12, nonselection_line_alpha=0.1,
                        selection_line_color=INK, selection_line_width=2, name="nodes")  # fmt: skip
    tips = [("Node", "@label"), ("Id", "@node"), ("Cluster", "@cluster_name"), ("Size", "@output")]
    plot.add_tools(_hover(dots, [*tips, ("Buys from", "@suppliers"), ("Sells to", "@buyers")]))
    texts, diameters = [brief(label) for label in marks["label"]], marks["diameter"].to_numpy()
    named = room_for_names(x, y, marks["size"].to_numpy(), texts, diameters, (WIDTH, 620), LETTER)
    _names(plot, x[named], y[named], [texts[k] for k in named], -diameters[named] / 2 - 2)
    return plot


def _names(plot: Any, x: Any, y: Any, texts: list[str], offset: Any) -> None:
    """Write names above marks, each on a patch of the page's colour."""
    source = _source(x=_single(x), y=_single(y), text=texts, offset=_single(offset))
    plot.text("x", "y", text="text", y_offset="offset", source=source, text_align="center", text_baseline="bottom",
              text_font_size="12px", text_color=INK, text_font={"value": FONT}, padding=2,
              background_fill_color=PAPER, background_fill_alpha=0.65, border_radius=3, name="ink")  # fmt: skip


def _matrix(scene: Scene) -> Any:
    from bokeh.models.annotations import ColorBar
    from bokeh.models.mappers import LogColorMapper

    names: list[str] = list(scene.extras["names"])  # type: ignore[call-overload]
    order = [names[k] for k in np.asarray(scene.extras["order"])]
    marks = scene.marks
    top = float(marks["flow"].max())
    low = max(float(marks["flow"].min()), top / 1e3)
    mapper = LogColorMapper(palette=list(BLUES), low=low, high=top, name="shades")
    plot = _plot(max(360, 190 + 13 * len(order)), x_range=order, y_range=order[::-1], x_axis_location="above")
    cells = _source(
        supplier=[names[k] for k in marks["supplier"]],
        buyer=[names[k] for k in marks["buyer"]],
        flow=_single(marks["flow"]),
        of_purchases=_single(100 * marks["of_purchases"]),
        of_sales=_single(100 * marks["of_sales"]),
    )
    shade = {"field": "flow", "transform": mapper}
    drawn = plot.rect("buyer", "supplier", 1, 1, source=cells, fill_color=shade, line_color=None)
    tips = [("From", "@supplier"), ("To", "@buyer"), ("Flow", "@flow{0,0.[0]}")]
    shares = [("Of its purchases", "@of_purchases{0.0} %"), ("Of its sales", "@of_sales{0.0} %")]
    plot.add_tools(_hover(drawn, tips + shares))
    blocks: Any = scene.extras["blocks"]
    if blocks:
        start, size = np.array([block[1] for block in blocks]), np.array([block[2] for block in blocks])
        n = len(order)
        plot.quad(left=start, right=start + size, top=n - start, bottom=n - start - size, fill_alpha=0,
                  line_color=PAST, line_width=1.5)  # fmt: skip
    plot.xaxis.major_label_orientation = "vertical"
    plot.xaxis.stylesheets = ["@media (max-width: 40rem) { :host { --bk-major-label-text-alpha: 0; } }"]
    plot.axis.major_label_text_font_size = "11px"
    plot.axis.axis_line_alpha = 0
    plot.axis.major_tick_line_alpha = 0
    plot.grid.visible = False
    bar = ColorBar(color_mapper=mapper, location=(0, 0), height=8, orientation="horizontal", padding=4)
    bar.background_fill_alpha = 0
    plot.add_layout(bar, "below")
    return plot


def _quadrants(scene: Scene) -> Any:
    from bokeh.models.annotations import Span

    marks = scene.marks
    x, y = marks["backward_linkage"].to_numpy(), marks["forward_linkage"].to_numpy()
    plot = _plot(520, x_axis_label="Backward linkage (1 is the average)", y_axis_label="Forward linkage (1 = average)")
    _reach(plot.x_range, x)
    _reach(plot.y_range, y)
    for dimension in ("width", "height"):
        plot.add_layout(Span(location=1, dimension=dimension, line_color=LINK, line_dash="dashed", line_width=1.5))
    source = _source(
        x=_single(x),
        y=_single(y),
        diameter=_single(marks["diameter"]),
        colour=list(marks["colour"]),
        label=list(marks["label"]),
        output=list(marks["output_text"]),
        key=list(marks["key_sector"]),
    )
    dots = plot.scatter("x", "y", size="diameter", source=source, fill_color="colour", fill_alpha=0.75,
                        line_color="#ffffff")  # fmt: skip
    tips = [("Sector", "@label"), ("Backward", "@x{0.000}"), ("Forward", "@y{0.000}"), ("Output", "@output")]
    plot.add_tools(_hover(dots, [*tips, ("Kind", "@key")]))
    texts = [brief(label, 28) for label in marks["label"]]
    # A key sector is named before a larger one that is none.
    worth = marks["output"].fillna(0).to_numpy() * np.where(marks["key_sector"] == "key", 3, 1)
    diameters = marks["diameter"].to_numpy()
    named = room_for_names(x, y, worth, texts, diameters, (WIDTH, 520), LETTER)
    _names(plot, x[named], y[named], [texts[k] for k in named], -diameters[named] / 2 - 2)
    return plot


def _reach(limits: Any, values: Any) -> None:
    """Set a range that holds the values and the average, with room for marks and names."""
    low, high = min(float(values.min()), 1.0), max(float(values.max()), 1.0)
    room = 0.12 * (high - low or 1.0)
    limits.start, limits.end = low - room, high + room


def _bars(scene: Scene) -> Any:
    from bokeh.models.annotations import Span
    from bokeh.models.ranges import Range1d

    marks = scene.marks
    value, dot = str(scene.extras["value"]), str(scene.extras["dot"])
    limit: Any = scene.extras["limit"]
    names = unique([brief(label, 34) for label in marks["label"]])
    reach = max(float(np.nanmax(marks[[value, dot] if dot else [value]].to_numpy())), float(limit or 0)) * 1.06
    plot = _plot(90 + 26 * len(names), "reset,save", y_range=names[::-1], x_range=Range1d(start=0, end=reach),
                 x_axis_label=str(scene.extras["axis"]))  # fmt: skip
    past = [bool(limit) and is_past(scene, amount) for amount in marks[value]]
    source = _source(
        name=names,
        value=marks[value].to_numpy(),
        colour=[PAST if over else BAR for over in past],
        dot=marks[dot].to_numpy() if dot else np.zeros(len(names)),
        label=list(marks["label"]),
        partner=[short(str(text), 60) for text in marks.get("largest_partner", marks["label"])],
    )
    bars = plot.hbar(y="name", right="value", height=0.66, source=source, fill_color="colour", line_color=None)
    tips = [("Node", "@label"), (str(scene.extras["axis"]), "@value{0.0000}")]
    if "largest_partner" in marks:
        tips.append((str(scene.extras.get("partner") or "Largest partner"), "@partner"))
    if dot:
        plot.scatter("dot", "name", marker="diamond", size=11, source=source, fill_color="#ffffff", line_color=INK,
                     line_width=1.5)  # fmt: skip
        known = all_measures().get(dot)
        tips.append((known.name if known else dot, "@dot{0.0000}"))
    if limit:
        plot.add_layout(Span(location=limit, dimension="height", line_color=PAST, line_dash="dashed", line_width=2))
    plot.add_tools(_hover(bars, tips))
    plot.ygrid.visible = False
    plot.yaxis.major_tick_line_alpha = 0
    return plot


def _places(scene: Scene) -> Any:
    marks = scene.marks
    plot = _plot(560, x_axis_label="Longitude", y_axis_label="Latitude", match_aspect=True)
    columns = ("label", "region", "output", "colour")
    source = _source(
        x=_single(marks["lon"]),
        y=_single(marks["lat"]),
        diameter=_single(marks["diameter"]),
        **{key: list(marks[key]) for key in columns},
    )
    dots = plot.scatter("x", "y", size="diameter", source=source, fill_color="colour", fill_alpha=0.7,
                        line_color="#ffffff")  # fmt: skip
    plot.add_tools(_hover(dots, [("Node", "@label"), ("Region", "@region"), ("Size", "@output")]))
    return plot
