"""Which products a country gets from too few others: the EU's core dependency indicators, and GeoDep."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netcluster.core.errors import NetclusterError
from netcluster.core.measures import threshold
from netcluster.core.result import Note, Result, of_largest
from netcluster.risk._trade_findings import MOST, trade_findings

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.trade import TradeTable

Array = npt.NDArray[np.float64]
MEASURES = (
    "imports",
    "hhi",
    "largest_share",
    "cdi1",
    "cdi2",
    "cdi3",
    "dependent",
    "years_flagged",
    "world_hhi",
    "world_largest_share",
    "geodep",
    "geodep_years",
    "geodep_persistent",
    "hhi_quantity",
    "trusted_share",
    "import_share",
)
#: Import concentration is refused below so many exporters, or below this part of the importers.
FEWEST_EXPORTERS, FEWEST_PART = 3, 0.2
#: GeoDep looks back over this many years, and flags a product from so many of them on.
WINDOW, PERSISTENT = 3, 2


def trade(
    table: TradeTable,
    *,
    regions: Mapping[str, Sequence[str]] | Sequence[str] | None = None,
    trusted: Sequence[str] = (),
    products: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
    cdi: tuple[float, float, float] | None = None,
    min_share: float = 0.0,
) -> Result:
    """Return import concentration and dependence by importer, product and year.

    Parameters
    ----------
    table : TradeTable
        Bilateral trade by product: all, or nearly all, exporters.
    regions : mapping or sequence, optional
        Importers to look at, by code or by the name the table has for it, or unions with their members ("EU27": [...]),
        which then count as one; trade between members is its own. Default every importer by itself.
    trusted : sequence of str
        Exporters whose deliveries are taken for safe: `trusted_share` is their part, and products of which they
        deliver most make no finding.
    products, years : sequence, optional
        Only these; persistence counts the years looked at.
    cdi : three numbers, optional
        Thresholds of CDI1 to CDI3; the defaults (0.4, 0.5, 1) are the Commission's.
    min_share : float
        A product with a smaller share of the importer's imports makes no finding.

    Returns
    -------
    Result
        One row an importer, product and year: imports (from all), hhi and largest_share of outside sources,
        largest_partner, cdi1 (HHI of outside sources), cdi2 (outside ÷ all imports), cdi3 (outside imports ÷
        all exports), dependent (all three past), years_flagged; world_hhi of all countries' exports,
        world_largest with its share, geodep (HHI of imports and of the world, imports over
        exports), geodep_years of the last three and geodep_persistent (two or more); hhi_quantity; trusted_share;
        import_share (of the importer's imports that year). Findings: `dependent_import`, `single_point_of_failure` (one
        exporter makes half of what the world exports), `persistent_dependence` (GeoDep's marks in two of three
        years, where the Commission's are not all past in the last).

    Raises
    ------
    NetclusterError
        Where the table does not say who imports, or covers too few exporters to tell concentration.

    Notes
    -----
    European Commission SWD(2021) 352; CEPII's GeoDep. A country alone trades nothing within itself, so its
    CDI2 is always 1. What counts is trade: production at home is not seen.
    """
    import pandas as pd

    flows, notes = _flows(table, products, years)
    trusted = _known_partners(flows, trusted, table.names, notes)
    limits = cdi or (threshold("cdi1"), threshold("cdi2"), threshold("cdi3"))
    who = _importers(flows, regions, table.names)
    home = _home(flows)
    if home:
        who = _only_home(home, who if regions is not None else None, table.names)
    parts = [_of_importers(flows, batch, trusted) for batch in _batches(who)]
    frame = pd.concat(parts, ignore_index=True).merge(_world(flows), on=["product", "year"], how="left")
    if home:
        frame, told = _of_home(frame, flows, home, table.names)
        notes += told
    frame["dependent"] = (frame["cdi1"] > limits[0]) & (frame["cdi2"] > limits[1]) & (frame["cdi3"] > limits[2])
    frame["geodep"] = (frame["hhi"] > limits[0]) & (frame["world_hhi"] > limits[0]) & (frame["cdi3"] > limits[2])
    frame = _persistence(frame)
    findings, left = trade_findings(frame, flows, who, table, limits[0], min_share)
    return Result(
        frame=frame[[*_COLUMNS]],
        measures=MEASURES,
        parameters={
            "regions": sorted(who) if regions is not None else None,
            "trusted": sorted(trusted),
            "cdi": limits,
            "years": sorted({int(year) for year in frame["year"]}),
            "min_share": min_share,
        },
        notes=(*notes, *_notes(frame, table), *of_largest(MOST, left)),
        findings=tuple(findings),
    )


_COLUMNS = (
    *("importer", "product", "year", "imports", "hhi", "largest_share", "largest_partner"),
    *("cdi1", "cdi2", "cdi3", "dependent", "years_flagged", "world_hhi", "world_largest", "world_largest_share"),
    *("geodep", "geodep_years", "geodep_persistent", "hhi_quantity", "trusted_share", "import_share"),
)


def _flows(
    table: TradeTable, products: Sequence[str] | None, years: Sequence[int] | None
) -> tuple[pd.DataFrame, list[Note]]:
    """Return year, product, exporter, importer, value and quantity of positive flows between two countries."""
    if not table.bilateral:
        raise NetclusterError(
            "This trade table does not say who imports.",
            "Import concentration needs exporter, importer and value; for exports by product see complexity.",
        )
    by = [name for name in ("year", "product", "exporter", "importer") if name in table.columns]
    where: dict[str, Sequence[str | int]] = {}
    if products is not None:
        where["product"] = list(products)
    if years is not None and "year" in by:
        where["year"] = list(years)
    frame, notes = table.named(by, where, quantity="quantity" in table.columns)
    blank: dict[str, int | str | float] = {"year": 0, "product": "", "quantity": np.nan}
    frame = frame.assign(**{name: value for name, value in blank.items() if name not in frame})
    own = frame["exporter"] == frame["importer"]
    kept = frame[~own & (frame["value"] > 0)].reset_index(drop=True)
    _cover(kept, table)
    if own.any():
        notes.append(Note("own_trade", "Trade of a country with itself is left out.", int(own.sum())))
    return kept, notes


def _known_partners(
    flows: pd.DataFrame, trusted: Sequence[str], names: Mapping[str, str], notes: list[Note]
) -> tuple[str, ...]:
    """Return the codes of the trusted partners, a note on those that export nothing; raise where none does."""
    if not trusted:
        return ()
    there = _countries(flows["exporter"])
    codes = _codes(trusted, there, names)
    if not there & set(codes):
        raise NetclusterError(
            f"None of the trusted partners ({', '.join(sorted(trusted)[:5])}) exports in this table.",
            f"Its exporters are {_listed(there, names)}.",
        )
    if strange := sorted(set(codes) - there):
        text = f"Trusted partners that export nothing in this table: {', '.join(strange[:8])}."
        notes.append(Note("unknown_partners", text, len(strange)))
    return codes


def _countries(column: pd.Series[Any]) -> set[str]:
    return {str(code) for code in column.unique()}


def _codes(countries: Sequence[str], there: Collection[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the codes of countries given by their codes or their names; as it is what is neither."""
    code_of = {name.casefold(): code for code, name in names.items()}
    return tuple(one if one in there else code_of.get(one.casefold(), one) for one in countries)


def _listed(codes: Collection[str], names: Mapping[str, str]) -> str:
    """Return the first codes, each with its name where there is one."""
    shown = [f"{code} ({names[code]})" if names.get(code, code) != code else code for code in sorted(codes)[:8]]
    return ", ".join(shown) + (" …" if len(codes) > len(shown) else "")


def _cover(flows: pd.DataFrame, table: TradeTable) -> None:
    """Raise where the table holds too few exporters to say how concentrated imports are."""
    sources, importers = sorted(_countries(flows["exporter"])), flows["importer"].nunique()
    if len(sources) >= max(FEWEST_EXPORTERS, FEWEST_PART * importers):
        return
    names = ", ".join(table.names.get(code, code) for code in sources[:5])
    count = f"{len(sources)} exporter{'s' if len(sources) != 1 else ''}"
    raise NetclusterError(
        f"The table covers {count} ({names}) and {importers} importers: what importers get from all others is not in"
        " it, so import concentration can't be told.",
        "Give a table of all exporters, or look at what these export: netcluster complexity.",
    )


def _importers(
    flows: pd.DataFrame, regions: Mapping[str, Sequence[str]] | Sequence[str] | None, names: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return each importer's name and the codes of its members."""
    there = _countries(flows["importer"])
    if regions is None:
        return {code: (code,) for code in sorted(there)}
    wanted = regions if isinstance(regions, Mapping) else {code: [code] for code in regions}
    known = there | _countries(flows["exporter"])
    found = {name: _codes(members, known, names) for name, members in wanted.items()}
    for name, members in found.items():
        missing = [code for code in members if code not in known]
        if missing or not members:
            union = "" if list(wanted[name]) == [name] else f"{name}: "
            raise NetclusterError(
                f"{union}{', '.join(missing[:5]) or 'no country'} does not trade in this table.",
                f"Its importers, by code: {_listed(there, names)}.",
            )
    return found


def _home(flows: pd.DataFrame) -> str:
    """Return the country that buys or sells in every flow, where the table is of one country's trade, else nothing."""
    buys, sells = flows["importer"], flows["exporter"]
    ends = (str(buys.iloc[0]), str(sells.iloc[0]))
    return next(
        (country for country in ends if (buys == country).any() and ((buys == country) | (sells == country)).all()), ""
    )


def _only_home(
    home: str, asked: Mapping[str, tuple[str, ...]] | None, names: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return the one importer whose sources are all in the table; asking for another is an error."""
    for name, members in (asked or {}).items():
        if set(members) != {home}:
            raise NetclusterError(
                f"The table holds the trade of {names.get(home, home)} alone: what {names.get(name, name)} gets from"
                " others is not in it.",
                "Give a table of all exporters and importers.",
            )
    return dict(asked) if asked else {home: (home,)}


def _of_home(
    frame: pd.DataFrame, flows: pd.DataFrame, home: str, names: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the rows of one country's own trade without what only a table of the world tells."""
    name = names.get(home, home)
    text = f"The table holds the trade of {name} alone: its partners' rows and the world's exports are not known."
    notes = [Note("one_country", text)]
    unknown: dict[str, float | str] = {"world_hhi": np.nan, "world_largest_share": np.nan, "world_largest": ""}
    if not (flows["exporter"] == home).any():
        unknown["cdi3"] = np.nan
        text = f"It holds no exports of {name} either: CDI3 is not known, and no product is told dependent."
        notes.append(Note("exports_unknown", text))
    return frame.assign(**unknown), notes


def _batches(who: Mapping[str, tuple[str, ...]]) -> list[dict[str, str]]:
    """Return maps of country to importer, as few as can be so that no country stands in one map twice."""
    batches: list[dict[str, str]] = []
    for name, members in who.items():
        home = next((batch for batch in batches if not any(code in batch for code in members)), None)
        if home is None:
            home = {}
            batches.append(home)
        home.update(dict.fromkeys(members, name))
    return batches


def _of_importers(flows: pd.DataFrame, importer: Mapping[str, str], trusted: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the importers that countries belong to, sorted by importer, product and year."""
    import pandas as pd

    keys = ["buyer", "product", "year"]
    arriving = flows.assign(buyer=flows["importer"].map(importer), seller=flows["exporter"].map(importer))
    arriving = arriving[arriving["buyer"].notna()]
    outside = arriving[arriving["seller"] != arriving["buyer"]]
    sources = outside.groupby([*keys, "exporter"], as_index=False, sort=True)[["value", "quantity"]].sum(min_count=1)
    out = _concentration(sources, keys, "value")
    out["cdi1"], extra = out["hhi"], out["amount"]
    out["imports"] = arriving.groupby(keys)["value"].sum().reindex(out.index)
    out["cdi2"] = extra / out["imports"]
    leaving = flows.assign(buyer=flows["exporter"].map(importer))
    exports = leaving.groupby(keys)["value"].sum().reindex(out.index).fillna(0.0)
    out["cdi3"] = np.where(exports > 0, extra / exports.where(exports > 0, 1.0), np.inf)
    safe = outside[outside["exporter"].isin(list(trusted))].groupby(keys)["value"].sum().reindex(out.index).fillna(0.0)
    out["trusted_share"] = safe / extra if trusted else np.nan
    out["hhi_quantity"] = _of_quantity(sources, keys).reindex(out.index)
    out = out.reset_index().rename(columns={"buyer": "importer"})
    out["import_share"] = out["imports"] / out.groupby(["importer", "year"])["imports"].transform("sum")
    return pd.DataFrame(out)


def _world(flows: pd.DataFrame) -> pd.DataFrame:
    """Return how concentrated the exports of all countries are, by product and year, and who leads."""
    exports = flows.groupby(["product", "year", "exporter"], as_index=False, sort=True)[["value"]].sum()
    world = _concentration(exports, ["product", "year"], "value").reset_index()
    names = {"hhi": "world_hhi", "largest_share": "world_largest_share", "largest_partner": "world_largest"}
    return world.drop(columns="amount").rename(columns=names)


def _concentration(sources: pd.DataFrame, keys: list[str], amount: str) -> pd.DataFrame:
    """Return amount, hhi, largest_share and largest_partner by the keys; the first of equals is the largest."""
    import pandas as pd

    total = sources.groupby(keys)[amount].transform("sum")
    part = sources.assign(share=sources[amount] / total, square=(sources[amount] / total) ** 2)
    top = part.sort_values("share", ascending=False, kind="stable").groupby(keys)[["exporter", "share"]].first()
    sums = part.groupby(keys)[[amount, "square"]].sum()
    return pd.DataFrame(
        {
            "amount": sums[amount],
            "hhi": sums["square"],
            "largest_share": top["share"].reindex(sums.index),
            "largest_partner": top["exporter"].reindex(sums.index),
        }
    )


def _of_quantity(sources: pd.DataFrame, keys: list[str]) -> pd.Series[Any]:
    """Return the HHI of quantities where every source has one, else nothing."""
    known = (sources["quantity"] > 0).groupby([sources[key] for key in keys]).transform("all")
    whole = sources[known]
    share = whole["quantity"] / whole.groupby(keys)["quantity"].transform("sum")
    squares: pd.Series[Any] = (share**2).groupby([whole[key] for key in keys]).sum()
    return squares


def _persistence(frame: pd.DataFrame) -> pd.DataFrame:
    """Count in how many years each importer and product was flagged, and GeoDep over the last three."""
    frame = frame.sort_values(["importer", "product", "year"], kind="stable", ignore_index=True)
    frame["years_flagged"] = frame.groupby(["importer", "product"])["dependent"].transform("sum").astype(int)
    last = frame["year"] > frame["year"].max() - WINDOW
    recent = frame["geodep"].where(last, False).astype(int)
    frame["geodep_years"] = recent.groupby([frame["importer"], frame["product"]]).transform("sum").astype(int)
    frame["geodep_persistent"] = frame["geodep_years"] >= PERSISTENT
    return frame


def _notes(frame: pd.DataFrame, table: TradeTable) -> list[Note]:
    notes = []
    if (frame["cdi2"] >= 1).all():
        text = "Single countries trade nothing within themselves: their CDI2 is 1, and CDI1 and CDI3 decide."
        notes.append(Note("cdi2_single", text))
    if np.isinf(frame["cdi3"]).any():
        text = "Products the importer does not export at all have an infinite CDI3."
        notes.append(Note("no_exports", text, int(np.isinf(frame["cdi3"]).sum())))
    if frame["hhi_quantity"].isna().any() and "quantity" in table.columns:
        text = "Rows where a source has no quantity have no concentration by quantity."
        notes.append(Note("no_quantity", text, int(frame["hhi_quantity"].isna().sum())))
    return notes
