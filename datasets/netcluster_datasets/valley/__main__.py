"""Write the demo economy into a folder: `python -m netcluster_datasets.valley FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path

from netcluster_datasets.valley.generate import SEED, write


def main() -> None:
    """Read the folder (and a seed of one's own) from the command line, and write."""
    parser = argparse.ArgumentParser(prog="python -m netcluster_datasets.valley", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write; files of the same names are replaced")
    parser.add_argument("--seed", type=int, default=SEED, help="another economy of the same kind")
    arguments = parser.parse_args()
    for path in write(arguments.folder, arguments.seed):
        print(path)


if __name__ == "__main__":
    main()
