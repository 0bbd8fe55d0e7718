"""`python -m netcluster_datasets.trade DIR [--seed N]` writes the set anew."""

from __future__ import annotations

import argparse
from pathlib import Path

from netcluster_datasets.trade.generate import SEED, generate


def main() -> None:
    """Write the files, and name them."""
    parser = argparse.ArgumentParser(description="Write the made-up world trade.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name, text in generate(chosen.seed).items():
        (chosen.folder / name).write_text(text, encoding="utf-8", newline="\n")
        print(chosen.folder / name)


if __name__ == "__main__":
    main()
