"""`netcluster regions`: what is concentrated where, with what, how it changed, and whether neighbours share it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcluster_cli import options as opt
from netcluster_cli import runner

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.core.result import Result
    from netcluster.tables.bundle import Bundle
    from netcluster.tables.employment import EmploymentTable

#: What is shown of one year, between two, and of firms with coordinates.
OF_A_YEAR = ("quotients", "regions", "industries", "pairs-of-industries", "families", "autocorrelation")
OF_TWO = ("shift-share", "change", "entry")
OF_FIRMS = ("distances",)
FORMS = ("classical", "esteban-marquillas", "arcelus", "dynamic")


def _file(*names: str, text: str) -> Callable[[opt.F], opt.F]:
    return click.option(*names, type=click.Path(path_type=Path), default=None, help=text)


@click.command()
@opt.inputs
@click.option(
    "--show",
    type=click.Choice([*OF_A_YEAR, *OF_TWO, *OF_FIRMS]),
    default="quotients",
    show_default=True,
    help="A row a region and industry, a region, an industry, a pair of industries; families of industries found in the"
    " same places; whether neighbours are alike; what changed, why, and what foretold it; distances between firms.",
)
@_file(
    "--definition",
    text="Sum industries into clusters by a CSV file: industry, cluster and, if you like, type (traded, local).",
)
@_file(
    "--map",
    "mapping",
    text="Bring industries into another classification first by a CSV file: from, to and, if you like, weight.",
)
@click.option("--between", nargs=2, type=int, default=None, metavar="FIRST LAST", help="The years of change.")
@click.option(
    "--form", "split", type=click.Choice(FORMS), default="classical", show_default=True, help="Of shift-share."
)
@click.option("--counts", type=opt.Names(), default=(), help="Numbers of clusters tried, with --show families: 6,8.")
@_file("--occupations", text="How alike industries' occupations are too: a CSV file industry, occupation, value.")
@click.option(
    "--industry", default="", help="One industry: its hot spots (autocorrelation), or its curve (distances), in full."
)
@_file("--neighbours", text="For autocorrelation: borders (region, neighbour) or places (region, lat, lon).")
@click.option("--nearest", type=click.IntRange(min=1), default=None, help="So many nearest regions are neighbours: 4.")
@click.option(
    "--within",
    type=opt.Number(0, min_open=True),
    default=None,
    metavar="KM",
    help="Regions within so many km are neighbours.",
)
@click.option(
    "--measure",
    type=click.Choice(["density", "m"]),
    default="density",
    show_default=True,
    help="Of distances: density (Duranton and Overman) or m (Marcon and Puech).",
)
@click.option("--weighted", is_flag=True, help="Let firms count by their size, with --show distances.")
@click.option("--draws", type=click.IntRange(min=39), default=1000, show_default=True, help="Counterfactuals.")
@opt.reading
@opt.rows
@opt.output
@opt.chance
@opt.common
@click.pass_context
def regions(ctx: click.Context, /, **flags: Any) -> None:
    """What is concentrated where: location quotients and strong clusters of regions.

    \b
    netcluster regions jobs.csv --sort=-location_quotient --top 20
    netcluster regions jobs.csv --definition clusters.csv --region V02
    netcluster regions jobs.csv --show shift-share --between 2010 2019
    netcluster regions jobs.csv --show autocorrelation --neighbours borders.csv
    netcluster regions firms.csv --show distances --industry C26
    """
    if flags["show"] in OF_TWO:
        ctx.exit(_between(flags))
    if flags["between"]:
        raise click.UsageError(f"--between goes with --show {', '.join(OF_TWO)}.")
    work = _distances if flags["show"] == "distances" else _of_a_year
    ctx.exit(runner.rows("regions", flags, lambda bundle: work(bundle, flags)))


def _jobs(bundle: Bundle, flags: dict[str, Any]) -> EmploymentTable:
    """Return the jobs of a bundle, in another classification where one is asked for."""
    from netcluster import places
    from netcluster.core.errors import NetclusterError

    if bundle.employment is None:
        raise NetclusterError(
            "There are no jobs by region and industry in the input.",
            "Give a table region,industry,employment; --kind employment where it is not recognised.",
        )
    return bundle.employment if flags["mapping"] is None else places.mapped(bundle.employment, flags["mapping"])


def _definition(flags: dict[str, Any]) -> Any:
    from netcluster.places import read_definition

    return None if flags["definition"] is None else read_definition(flags["definition"])


def _of_a_year(bundle: Bundle, flags: dict[str, Any]) -> Result:
    from netcluster import places

    table, definition, show = _jobs(bundle, flags), _definition(flags), flags["show"]
    if show == "autocorrelation":
        near = _neighbours(bundle, flags)
        if flags["industry"]:
            return places.local_autocorrelation(table, near, flags["industry"], definition, seed=flags["seed"])
        return places.autocorrelation(table, near, definition)
    if show == "pairs-of-industries":
        return places.coagglomeration(table, definition, occupations=_occupations(flags))
    if show == "families":
        return _families(table, definition, flags)
    compute: dict[str, Callable[..., Result]] = {
        "quotients": places.quotients,
        "regions": places.specialisation,
        "industries": places.concentration,
    }
    return compute[show](table, definition)


def _families(table: EmploymentTable, definition: Any, flags: dict[str, Any]) -> Result:
    """Return the cluster each industry is found with, in the form that --definition takes."""
    from netcluster.clusters import families
    from netcluster.places import similarities

    industries, matrices = similarities(table, definition, occupations=_occupations(flags))
    counts = _numbers(flags["counts"]) or None
    return families(matrices, industries, counts=counts, seed=flags["seed"])


def _numbers(words: tuple[str, ...]) -> list[int]:
    if not all(word.isdigit() for word in words):
        raise click.UsageError(f"--counts takes numbers: {','.join(words)}.")
    return [int(word) for word in words]


def _occupations(flags: dict[str, Any]) -> pd.DataFrame | None:
    from netcluster.tables.side import read_numbers

    path = flags["occupations"]
    return None if path is None else read_numbers(path, ("value",), ("industry", "occupation"))


def _neighbours(bundle: Bundle, flags: dict[str, Any]) -> Any:
    from netcluster import places
    from netcluster.core.errors import NetclusterError

    chosen = {"nearest": flags["nearest"], "within": flags["within"]}
    if flags["neighbours"] is not None:
        return places.read_neighbours(flags["neighbours"], **chosen)
    if bundle.firms is None:
        raise NetclusterError(
            "Nothing tells which regions are neighbours.",
            "Give --neighbours FILE: region,neighbour or region,lat,lon; or firms with coordinates beside the jobs.",
        )
    return places.neighbours(places.middles(bundle.firms), **chosen)


def _distances(bundle: Bundle, flags: dict[str, Any]) -> Result:
    from netcluster import places

    firms: Any = bundle.need("firms")
    chosen: dict[str, Any] = {"weighted": flags["weighted"], "draws": flags["draws"], "seed": flags["seed"]}
    chosen["jobs"] = flags["threads"]
    if flags["measure"] == "m":
        if not flags["industry"]:
            raise click.UsageError("--measure m needs --industry.")
        return places.m_function(firms, flags["industry"], **chosen)
    if flags["industry"]:
        return places.duranton_overman(firms, flags["industry"], **chosen)
    return places.localisation(firms, **chosen)


def _between(flags: dict[str, Any]) -> int:
    """Print what changed between two years of one input, or between two inputs."""
    from netcluster.core.solve import blas_threads

    started = time.time()
    runner.refuse_early(flags)
    with blas_threads(flags["threads"]):
        bundles = _years(flags)
        result = _changed([_jobs(bundle, flags) for bundle in bundles], flags)
    notes = tuple(dict.fromkeys(note for bundle in bundles for note in runner.notes_of(bundle)))
    output = runner.Output(runner.kept(result.frame, bundles, flags), (*notes, *result.notes), result.findings)
    return runner.emit("regions", flags, output, started)


def _changed(tables: list[EmploymentTable], flags: dict[str, Any]) -> Result:
    from netcluster import places

    if flags["show"] == "shift-share":
        if flags["definition"] is not None:
            raise click.UsageError("--show shift-share takes no --definition; --map sums industries.")
        form: Any = flags["split"].replace("-", "_")
        return places.shift_share({table.year or k: table for k, table in enumerate(tables)}, form=form)
    result = places.evolution(tables[0], tables[-1], _definition(flags))
    return places.relatedness_fit(result) if flags["show"] == "entry" else result


def _years(flags: dict[str, Any]) -> list[Bundle]:
    """Return the first and the last year asked for, and for dynamic shift-share those between that are there."""
    from netcluster.core.errors import NetclusterError

    if flags["between"] is None:
        if len(flags["paths"]) != 2:
            raise click.UsageError(f"--show {flags['show']} needs --between FIRST LAST, or two inputs.")
        return [runner.open_bundles((path,), flags)[0] for path in flags["paths"]]
    first, last = flags["between"]
    if first >= last:
        raise click.UsageError(f"--between {first} {last}: the first year comes first.")
    found = []
    for year in range(first, last + 1) if flags["split"] == "dynamic" else (first, last):
        try:
            found.append(runner.open_bundles(flags["paths"], {**flags, "year": str(year)})[0])
        except NetclusterError:
            if year in (first, last):
                raise
    return found
