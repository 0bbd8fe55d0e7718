"""The main job: every analysis that an input allows, in one study.

Each step asks for the parts it needs and says why it was left out where they are missing. What a step can't
answer for this input (no money flows, one sector) leaves that section out and goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from netcluster.core.errors import NetclusterError
from netcluster.core.progress import track
from netcluster.study.folder import Section, Study
from netcluster.study.naming import named, names_of
from netcluster.study.steps import STEPS, Context

if TYPE_CHECKING:
    from netcluster.clusters.effort import Level
    from netcluster.core.result import Note
    from netcluster.network.network import Network
    from netcluster.tables.bundle import Bundle


def study(bundle: Bundle, *, seed: int = 0, effort: Level = "standard", before: Bundle | None = None) -> Study:
    """Return every analysis the bundle allows.

    `seed` is that of all chance, `effort` ("quick", "standard", "full") says how many ensemble members,
    null draws and samples are taken; `before` is the same input of an earlier year, for the growth of clusters.

    Raises
    ------
    NetclusterError
        Where the bundle is empty, or allows no analysis at all.
    """
    network = _network(bundle)
    context = Context(bundle, network, seed, effort, before)
    sections: list[Section] = []
    left_out: list[tuple[str, str]] = []
    for step in track(STEPS, "Analysing", total=len(STEPS), name=lambda step: step.name):
        try:
            sections.extend(step.run(context))
        except NetclusterError as reason:
            left_out.append((step.name, str(reason)))
    if not sections:
        raise NetclusterError(
            "No analysis could be made of this input: " + " ".join(dict.fromkeys(reason for _, reason in left_out)),
            "netcluster inspect says what there is.",
        )
    names = names_of(bundle, network)
    return Study(
        title=_title(bundle, network),
        bundle=bundle,
        network=network,
        sections=tuple(named(section, names) for section in sections),
        left_out=tuple(left_out),
        summary=_summary(bundle, network),
        notes=(*_reading_notes(bundle), *(network.changes if network else ())),
    )


def _network(bundle: Bundle) -> Network | None:
    """Return the network of the bundle, or None where its tables make none."""
    flows = (bundle.network, bundle.io, bundle.supply_use, bundle.links)
    bilateral = bundle.trade is not None and bundle.trade.bilateral
    if all(part is None for part in flows) and not bilateral:
        return None
    from netcluster.network.build import build

    return build(bundle)


def _reading_notes(bundle: Bundle) -> Iterator[Note]:
    yield from bundle.notes
    for part in bundle.parts:
        if part != "network":
            yield from getattr(getattr(bundle, part), "changes", ())


def _title(bundle: Bundle, network: Network | None) -> str:
    name = bundle.name or (network.name if network else "") or "Study"
    year = _first(bundle, "year")
    return f"{name}, {year}" if year and str(year) not in name else name


def _first(bundle: Bundle, attribute: str) -> object:
    values = (getattr(getattr(bundle, part), attribute, None) for part in bundle.parts)
    return next((value for value in values if value not in (None, "")), None)


def _summary(bundle: Bundle, network: Network | None) -> dict[str, object]:
    """Return what the study is about, as plain values."""
    summary: dict[str, object] = {
        "name": bundle.name,
        "kind": ", ".join(bundle.parts),
        "year": _first(bundle, "year"),
        "unit": _first(bundle, "unit") or "",
        "source": _first(bundle, "source") or "",
    }
    if network is not None:
        summary["nodes"] = network.n
        summary["links"] = {name: layer.links for name, layer in network.layers.items()}
    if bundle.io is not None:
        summary["sectors"] = bundle.io.n
        summary["regions"] = len(bundle.io.regions)
        summary["output"] = float(bundle.io.x.sum())
        summary["origin"] = bundle.io.origin
    return summary
