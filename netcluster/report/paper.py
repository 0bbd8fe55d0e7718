"""The report's figures for papers and slides: PNG, SVG and PDF, drawn by matplotlib, the same bytes each time."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from netcluster.core.files import refuse_existing, whole_file
from netcluster.report.names import OTHER, brief, colour, room_for_names, short, unique
from netcluster.report.scene import Scene, is_past

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
#: Dots an inch of the PNG.
RESOLUTION = 200
#: Points a pixel: marks are smaller on paper than on a screen.
SCALE = 0.55
GREY, BAR, PAST = "#7d8590", "#2f74d0", "#d2474c"
#: The width of a letter beside a mark, and the size of the plot, in points.
LETTER, PLOT = 3.8, (430.0, 270.0)

_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "svg.hashsalt": "netcluster",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "axes.unicode_minus": True,
    "text.parse_math": False,
}
#: What would bear a date or a version is left out.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
}


def save(scene: Scene, folder: Path, *, force: bool = False) -> list[Path]:
    """Write a scene as PNG, SVG and PDF into a folder, and return the paths.

    Raises
    ------
    NetclusterError
        Where a file is there and `force` is not given, or can't be written.
    """
    paths = [folder / f"{scene.key}.{form}" for form in FORMATS]
    for path in paths:
        refuse_existing(path, force=force)
    with _figure(scene) as figure, warnings.catch_warnings():
        # A label in a script the font lacks is drawn as boxes; the report's page shows it as it is.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        for path, form in zip(paths, FORMATS, strict=True):
            with whole_file(path) as temporary:
                figure.savefig(temporary, format=form, dpi=RESOLUTION, metadata=_METADATA[form], bbox_inches="tight")
    return paths


@contextmanager
def _figure(scene: Scene) -> Iterator[Figure]:
    """Give the figure of a scene; no window is opened and no global style changed."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    painters = {"network": _network, "matrix": _matrix, "quadrants": _quadrants, "bars": _bars, "places": _places}
    with rc_context(_STYLE):
        figure = Figure(figsize=_size(scene))
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.set_title(scene.title, loc="left", fontsize=10, fontweight="bold")
        painters[scene.kind](axes, scene)
        yield figure


def _size(scene: Scene) -> tuple[float, float]:
    if scene.kind == "bars":
        return 6.5, 1.2 + 0.22 * len(scene.marks)
    if scene.kind == "matrix":
        side = 3.5 + 0.07 * len(np.asarray(scene.extras["order"]))
        return side, side
    return 6.5, 4.6


def _network(axes: Axes, scene: Scene) -> None:
    from matplotlib.collections import LineCollection

    marks = scene.marks
    x, y = marks["x"].to_numpy(), marks["y"].to_numpy()
    source, target, weight = (np.asarray(scene.extras[key]) for key in ("source", "target", "weight"))
    root = np.sqrt(weight / weight.max())
    ends = np.stack([np.column_stack([x[source], y[source]]), np.column_stack([x[target], y[target]])], axis=1)
    axes.add_collection(LineCollection(list(ends), colors=GREY, linewidths=0.3 + 2 * root, alpha=0.4, zorder=1))
    axes.scatter(x, y, s=(SCALE * marks["diameter"]) ** 2, c=list(marks["colour"]), edgecolors="white", linewidths=0.5)
    _names(axes, x, y, marks["size"].to_numpy(), marks)
    axes.set_axis_off()
    axes.margins(0.08)
    numbers = sorted(set(marks["cluster"]) - {0})
    names: Any = scene.extras["names"]
    entries = [(colour(k), f"{k} {short(str(names.get(k, '')), 34)}") for k in numbers[:7]]
    entries += [(OTHER, "others")] if len(numbers) > 7 or 0 in set(marks["cluster"]) else []
    _legend(axes, entries, -0.02)


def _legend(axes: Axes, entries: list[tuple[str, str]], below: float) -> None:
    from matplotlib.lines import Line2D

    if not entries:
        return
    dots = [Line2D([], [], marker="o", linestyle="", color=ink, label=text) for ink, text in entries]
    axes.legend(handles=dots, loc="upper left", bbox_to_anchor=(0, below), ncols=2, frameon=False, fontsize=7)


def _names(axes: Axes, x: Any, y: Any, worth: Any, marks: pd.DataFrame) -> None:
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2, foreground="white")]
    texts, diameters = [brief(label) for label in marks["label"]], SCALE * marks["diameter"].to_numpy()
    for place in room_for_names(x, y, worth, texts, diameters, PLOT, LETTER):
        at, above = (float(x[place]), float(y[place])), (0.0, float(diameters[place]) / 2 + 1)
        axes.annotate(texts[place], at, above, textcoords="offset points", ha="center", va="bottom", fontsize=6.5,
                      path_effects=halo, zorder=4)  # fmt: skip


def _matrix(axes: Axes, scene: Scene) -> None:
    from matplotlib.colors import LogNorm
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import FuncFormatter

    order, names = np.asarray(scene.extras["order"]), scene.extras["names"]
    place = np.argsort(order)
    marks, n = scene.marks, len(order)
    flows = np.full((n, n), np.nan)
    flows[place[marks["supplier"].to_numpy()], place[marks["buyer"].to_numpy()]] = marks["flow"].to_numpy()
    top = float(marks["flow"].max())
    low = max(float(marks["flow"].min()), top / 1e3)
    norm = LogNorm(low, top if top > low else low * 10, clip=True)
    image = axes.imshow(flows, cmap="Blues", norm=norm, interpolation="nearest", aspect="equal")
    told = [names[k] for k in order]  # type: ignore[index]
    axes.set_xticks(range(n), told, rotation=90, fontsize=5 if n > 25 else 7)
    axes.set_yticks(range(n), told, fontsize=5 if n > 25 else 7)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    blocks: Any = scene.extras["blocks"]
    for _, start, size in blocks:
        axes.add_patch(Rectangle((start - 0.5, start - 0.5), size, size, fill=False, edgecolor=PAST, linewidth=0.8))
    bar = axes.figure.colorbar(
        image, ax=axes, shrink=0.5, pad=0.02, format=FuncFormatter(lambda value, _: f"{value:,g}")
    )
    bar.set_label(str(scene.extras["flow"]))
    bar.outline.set_visible(False)


def _quadrants(axes: Axes, scene: Scene) -> None:
    marks = scene.marks
    x, y = marks["backward_linkage"].to_numpy(), marks["forward_linkage"].to_numpy()
    axes.axvline(1, color=GREY, linestyle="--", linewidth=0.8)
    axes.axhline(1, color=GREY, linestyle="--", linewidth=0.8)
    axes.scatter(
        x, y, s=(SCALE * marks["diameter"]) ** 2, c=list(marks["colour"]), alpha=0.75, edgecolors="white", zorder=3
    )
    worth = marks["output"].fillna(0).to_numpy() * np.where(marks["key_sector"] == "key", 3, 1)
    _names(axes, x, y, worth, marks)
    axes.set_xlabel("Backward linkage (1 is the average)")
    axes.set_ylabel("Forward linkage (1 is the average)")
    axes.margins(0.1)
    legend: Any = scene.extras["legend"]
    _legend(axes, list(legend.values()), -0.13)


def _bars(axes: Axes, scene: Scene) -> None:
    marks, extras = scene.marks, scene.extras
    limit: Any = extras["limit"]
    values = marks[str(extras["value"])].to_numpy()
    rows = np.arange(len(marks))[::-1]
    inks = [PAST if limit and is_past(scene, value) else BAR for value in values]
    axes.barh(rows, values, height=0.66, color=inks)
    if extras["dot"]:
        dots = marks[str(extras["dot"])].to_numpy()
        axes.scatter(dots, rows, marker="D", s=16, facecolors="white", edgecolors="black", linewidths=0.8, zorder=3)
    if limit:
        axes.axvline(limit, color=PAST, linestyle="--", linewidth=1)
    axes.set_yticks(rows, unique([brief(label, 40) for label in marks["label"]]))
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(str(extras["axis"]))
    axes.margins(y=0.02)


def _places(axes: Axes, scene: Scene) -> None:
    marks = scene.marks
    axes.scatter(marks["lon"], marks["lat"], s=(SCALE * marks["diameter"]) ** 2, c=list(marks["colour"]), alpha=0.7,
                 edgecolors="white", linewidths=0.4)  # fmt: skip
    middle = float(np.clip(marks["lat"].mean(), -80, 80))
    axes.set_aspect(1 / float(np.cos(np.radians(middle))))
    axes.set_xlabel("Longitude")
    axes.set_ylabel("Latitude")
