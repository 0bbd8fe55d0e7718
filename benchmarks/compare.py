"""Which ratio got worse than another run's by more than the noise: `python -m benchmarks.compare OLD.json [NEW.json]`.

Times of two machines, or of two days on a shared one, can't be compared; ratios to a peer taken in the same run can,
up to the noise. A row counts as worse where its ratio rose by more than the noise of both runs added, and by a tenth
at the least. Exits 1 where any is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

#: The noise of a row that was not taken twice, as a share.
UNKNOWN = 0.5
#: Smaller changes are never said.
LEAST = 0.1

Results = dict[str, Any]


def worse(before: Results, after: Results) -> list[str]:
    """Return a line for each ratio that got worse by more than the noise.

    >>> row = {"benchmark": "startup", "name": "--help", "ratio": 1.2, "noise": 0.05}
    >>> worse({"rows": [row]}, {"rows": [row | {"ratio": 1.3}]})
    []
    >>> worse({"rows": [row]}, {"rows": [row | {"ratio": 1.5}]})
    ['startup, --help: 1.2 → 1.5, worse by 25 % (noise 10 %)']
    """
    old = {(row["benchmark"], row["name"]): row for row in before["rows"]}
    lines = []
    for row in after["rows"]:
        known = old.get((row["benchmark"], row["name"]), {})
        now, then = row.get("ratio"), known.get("ratio")
        if not isinstance(now, (int, float)) or not isinstance(then, (int, float)) or then <= 0:
            continue
        noise = sum(UNKNOWN / 2 if item.get("noise") is None else item["noise"] for item in (row, known))
        change = now / then - 1
        if change > max(noise, LEAST):
            what = f"{row['benchmark']}, {row['name']}"
            lines.append(
                f"{what}: {then:.3g} → {now:.3g}, worse by {change:.0%} (noise {noise:.0%})".replace("%", " %")
            )
    return lines


def gone(before: Results, after: Results) -> list[str]:
    """Return the rows the later run lacks."""
    there = {(row["benchmark"], row["name"]) for row in after["rows"]}
    return [
        f"{row['benchmark']}, {row['name']}" for row in before["rows"] if (row["benchmark"], row["name"]) not in there
    ]


def report(before: Results, after: Results) -> int:
    """Print what got worse and what is gone; return 1 where a ratio got worse."""
    lines = worse(before, after)
    print("\n".join(["Worse than before:", *lines]) if lines else "No ratio got worse by more than the noise.")
    for line in gone(before, after):
        print(f"Not taken this time: {line}")
    return 1 if lines else 0


def main(arguments: list[str]) -> int:
    """Compare two files of results."""
    if not arguments:
        print(__doc__)
        return 2
    new = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).with_name("RESULTS.json")
    before, after = (json.loads(path.read_text(encoding="utf-8")) for path in (Path(arguments[0]), new))
    return report(before, after)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
