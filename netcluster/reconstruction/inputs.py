"""What firms are known to buy by industry, for the stripe-corrected model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note
from netcluster.reconstruction.fitness import Economy, codes_of
from netcluster.reconstruction.model import Inputs
from netcluster.tables.side import read_side

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("firm", "industry", "value")


def read_inputs(path: Path) -> pd.DataFrame:
    """Return the frame firm, industry, value of a CSV file: the industry is the one the firm buys from."""
    return read_side(path, COLUMNS, numbers=["value"])


def known_inputs(frame: pd.DataFrame, firms: Economy) -> tuple[Inputs, tuple[Note, ...]]:
    """Return known inputs as rows of firms and of the table, those of one firm and industry added up.

    Amounts tell a firm's mix of inputs; its purchases in all stay those of its size. Rows of unknown firms and
    industries, and amounts of 0 or below, are left out and counted.
    """
    missing = [column for column in COLUMNS if column not in frame]
    if missing:
        raise NetclusterError(f"Known inputs need the column {missing[0]!r}.", f"Columns are {', '.join(COLUMNS)}.")
    firm = codes_of(frame["firm"], firms.nodes["id"])
    industry = codes_of(frame["industry"], firms.ids)
    value = frame["value"].to_numpy(dtype=np.float64)
    usable = (firm >= 0) & (industry >= 0) & np.isfinite(value) & (value > 0)
    if not usable.any():
        raise NetclusterError("No known input is of a firm and an industry that are here.", "Use the same ids.")
    notes = []
    if lost := int((~usable).sum()):
        text = f"{lost:,} known inputs were left out: of firms or industries not here, or not above 0."
        notes.append(Note("inputs_left_out", text, lost))
    k = len(firms.ids)
    pairs, codes = np.unique(firm[usable] * k + industry[usable], return_inverse=True)
    total = np.asarray(np.bincount(codes, value[usable]), dtype=np.float64)
    return Inputs(pairs // k, pairs % k, total), tuple(notes)
