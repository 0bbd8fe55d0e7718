"""Closing a table to households: their income is spent, and the spending is part of the chain (type II)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.core.solve import Array
from netcluster.economy.accounts import amount
from netcluster.economy.model import Model
from netcluster.tables.iotable import IOTable

INCOME = re.compile(
    r"compensation|wages|salar|labou?r income|^d\.?11?$|^d\.?1_|^comp$|^lab$|^w(ages)?$|employees|^va?00100$"
    r"|^va?001$|palkansaajakorvaukset",
    re.IGNORECASE,
)
HOUSEHOLDS = re.compile(
    r"household|private consumption|^hfce|^pfce|^cons_h$|^p\.?31?[_/]?s\.?14|^hh$|personal consumption|^f010",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Closure:
    """Households as R sectors: `income` (R, n) earned per unit of output, `spending` (n, R) per unit of income.

    `own` (R, R) is what households buy from households per unit of income, usually 0. Households of a
    region earn what its sectors pay.
    """

    income: Array
    spending: Array
    own: Array
    notes: tuple[Note, ...] = ()

    def totals(self, model: Model, weights: Array) -> Array:
        """Return w'L̄ over the sectors, L̄ the closed inverse, for weights (n,) or (k, n).

        By blocks, from the factor of the open table: L̄ = L + L h_c (I − h − h_r L h_c)⁻¹ h_r L.
        """
        opened = np.atleast_2d(model.totals(np.atleast_2d(weights)))
        earned = np.atleast_2d(model.totals(self.income))
        core = np.eye(len(self.own)) - self.own - earned @ self.spending
        rounds = np.linalg.solve(core.T, (opened @ self.spending).T).T
        closed = opened + rounds @ earned
        return np.asarray(closed[0] if np.ndim(weights) == 1 else closed)


def closure(model: Model, *, income: str = "", households: str = "") -> Closure:
    """Return the closure of a table to its households.

    Parameters
    ----------
    income : str
        The primary input or account that pays households; found by name where left out.
    households : str
        The category of final demand they spend in; found by name where left out.

    Notes
    -----
    Spending is per unit of the income given (Miller and Blair 2009, chapter 2). Where households spend more
    than that (they live on profits and transfers too), it is per unit of spending, so that a unit earned
    never calls for more than a unit spent; a note says so.
    """
    io = model.io
    earned = amount(io, income or _guess(io, "income")).values
    columns = _household_columns(io, households)
    regions = list(io.regions)
    by_region = np.array([io.sectors["region"] == region for region in regions], dtype=np.float64)
    income_rows = model.coefficients(by_region * earned)
    spent = np.zeros((io.n, len(regions)))
    for column in columns:
        home = str(io.demand["region"].iloc[column])
        if home not in regions and len(regions) > 1:
            raise NetclusterError(
                f"The households' column {io.demand['id'].iloc[column]!r} has no region of the table."
            )
        spent[:, regions.index(home) if home in regions else 0] += io.Y[:, column]
    earnings, outlays = by_region @ earned, spent.sum(axis=0)
    capped = outlays > earnings
    base = np.maximum(earnings, outlays)
    spending = np.divide(spent, base, out=np.zeros_like(spent), where=base > 0)
    notes: tuple[Note, ...] = ()
    if capped.any():
        text = "Households spend more than the income given; each unit of income is taken as spent whole."
        notes = (Note("income_capped", text, int(capped.sum())),)
    return Closure(income_rows, spending, np.zeros((len(regions), len(regions))), notes)


def _guess(io: IOTable, what: str) -> str:
    rows = [str(i) for i, name in zip(io.inputs["id"], io.inputs["name"], strict=True) if _either(INCOME, i, name)]
    rows += [key for key in io.accounts if INCOME.search(key)]
    if not rows:
        raise NetclusterError(
            f"Closing the table to households needs their {what}; no primary input or account looks like it.",
            "Name it with income=…, for example the compensation of employees.",
        )
    return rows[0]


def _household_columns(io: IOTable, wanted: str) -> list[int]:
    labels = list(zip(io.demand["id"], io.demand["category"], io.demand["name"], strict=True))
    if wanted:
        found = [k for k, row in enumerate(labels) if wanted.casefold() in [str(label).casefold() for label in row]]
    else:
        found = [k for k, row in enumerate(labels) if _either(HOUSEHOLDS, *row)]
        # Non-profit institutions serving households stand beside them in most tables.
        found = [k for k in found if "profit" not in str(labels[k][2]).casefold()]
    if not found:
        known = ", ".join(dict.fromkeys(map(str, io.demand["category"])))
        raise NetclusterError(
            f"No category of final demand {wanted or 'of households'!r} was found.",
            f"Name it with households=…; the table has {known}.",
        )
    return found


def _either(pattern: re.Pattern[str], *labels: object) -> bool:
    return any(pattern.search(str(label)) for label in labels)
