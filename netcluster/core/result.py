"""What an analysis gives back: a tidy frame with its measures, parameters, notes and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from netcluster.core.finding import Finding

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Note:
    """Something that was assumed, dropped, capped or did not converge, and how often.

    `code` is a short stable word (`zero_output`, `dropped_totals`), `text` one sentence for people.
    """

    code: str
    text: str
    count: int = 1

    def to_dict(self) -> dict[str, object]:
        """Return the note as plain values."""
        return {"code": self.code, "text": self.text, "count": self.count}


def of_largest(most: int, left: int) -> tuple[Note, ...]:
    """Return the note that only the `most` largest subjects make findings; none where `left`, what makes none, is 0."""
    text = f"Only the {most:,} largest past a threshold make findings; {left:,} more stand in the table alone."
    return (Note("findings_of_largest", text, left),) if left else ()


def _empty() -> Mapping[str, object]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Result:
    """The small frozen answer of an analysis.

    Attributes
    ----------
    frame : pandas.DataFrame
        Tidy and in a stable order, one row a subject. Every column is a label or a key of
        measures.toml. Treat it as read-only; copy before changing it.
    measures : tuple of str
        The columns of `frame` that are measures (`netcluster.explain(name)` tells their formula).
    parameters : mapping
        Every parameter the figures depend on, defaults and seed too.
    notes : tuple of Note
        What was assumed, dropped, capped, or did not converge.
    findings : tuple of Finding
        What stands out, ranked.
    """

    frame: pd.DataFrame
    measures: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=_empty)
    notes: tuple[Note, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        columns = ", ".join(map(str, self.frame.columns))
        return (
            f"<{type(self).__name__}: {len(self.frame)} rows, columns {columns};"
            f" {len(self.findings)} findings, {len(self.notes)} notes>"
        )

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{_escape(str(finding))}</li>" for finding in self.findings[:5])
        return f"<ul>{items}</ul>{self.frame.head(50).to_html(escape=True)}"


def _escape(text: str) -> str:
    import html

    return html.escape(text)
