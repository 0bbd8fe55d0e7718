"""A target for coverage-guided fuzzing of the readers and of plans, where atheris is installed.

    pip install atheris
    python -m benchmarks.fuzz_target CORPUS_FOLDER -max_total_time=600

The first byte chooses what reads the rest: a table under one of the endings, or a plan. Anything raised but
`NetclusterError` is a find; libFuzzer keeps the bytes that led there.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet", ".csv.gz", ".zip", ".toml")
SEED = b"sector,1,2,final_demand,output\n1,150,500,350,1000\n2,200,100,1700,2000\n"


def try_bytes(data: bytes) -> None:
    """Read the bytes as a table or a plan; every error but ours goes through."""
    from netcluster.batch import expand, read_plan
    from netcluster.core.errors import NetclusterError
    from netcluster.network.open import open_inputs
    from netcluster_cli.planned import CommandLine

    if not data:
        return
    ending = ENDINGS[data[0] % len(ENDINGS)]
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / f"table{ending}"
        path.write_bytes(data[1:])
        try:
            if ending == ".toml":
                expand(read_plan(path, CommandLine()), CommandLine())
            else:
                open_inputs([path])
        except NetclusterError:
            return


def main() -> None:
    """Let atheris call the target until it is stopped."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris, or use python -m benchmarks.fuzz.")
    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["netcluster", "netcluster_cli"]):
        # Rooms load at their first use: what is to be followed has to be used in here once.
        for number in range(len(ENDINGS)):
            try_bytes(bytes([number]) + SEED)
    atheris.Setup(sys.argv, try_bytes)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
