"""Commands for tests of a batch: one that counts letters, and can fail, die, dawdle or grow on request."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from netcluster.batch.commands import Answer, Form, Job
from netcluster.core.errors import NetclusterError
from netcluster.core.result import Note

DEFAULTS: dict[str, Any] = {
    "factor": 1, "letters": (), "side": "", "demand": (), "broken": False, "bug": False, "die": "", "seconds": 0.0,
    "grow": 0,
}  # fmt: skip


class Fake:
    def names(self) -> Sequence[str]:
        return ("count", "count twice")

    def options(self, command: str) -> Mapping[str, Form]:
        forms: dict[str, Form] = dict.fromkeys(DEFAULTS, "value")
        return forms | {"letters": "list", "side": "file", "demand": "amounts", "broken": "flag", "bug": "flag"}

    def settled(self, command: str, options: Mapping[str, object]) -> Mapping[str, object]:
        if not isinstance(options.get("factor", 1), (int, float)):
            raise NetclusterError(f"Invalid value for '--factor': {options['factor']!r}", "Give a number.")
        return DEFAULTS | dict(options)

    def years(self, command: str, options: Mapping[str, object], paths: Sequence[str]) -> Sequence[int]:
        """A text file whose first line is "years 2000 2001" holds those."""
        first = Path(paths[0]).read_text(encoding="utf-8").split("\n")[0].split()
        return [int(year) for year in first[1:]] if first[:1] == ["years"] else []

    def line(self, command: str, options: Mapping[str, object], paths: Sequence[str]) -> str:
        return " ".join([command, *paths, *(f"--{name}={value}" for name, value in options.items())])

    def answer(self, job: Job) -> Answer:
        given = DEFAULTS | dict(job.options)
        time.sleep(float(given["seconds"]))
        if given["broken"]:
            raise NetclusterError("The table is empty.", "Fill it.")
        if given["bug"]:
            raise ZeroDivisionError("division by zero")
        if given["grow"]:
            block = bytearray(int(given["grow"]))
            block[::4096] = b"x" * len(block[::4096])
            time.sleep(2)
        if given["die"] and not Path(given["die"]).exists():
            if given["die"] != "always":
                Path(given["die"]).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        import pandas as pd

        text = "".join(Path(path).read_text(encoding="utf-8") for path in job.paths)
        letters = given["letters"] or sorted(set(text) - set("\n "))
        rows = [{"letter": letter, "count": text.count(letter) * given["factor"]} for letter in letters]
        frame = pd.DataFrame(rows, columns=["letter", "count"])
        return Answer({"": frame}, (Note("lines", f"{len(text.splitlines())} lines."),), (), {"command": job.command})


# A spawned worker has the parent's path but not its modules, and some library installs a package "tests": the
# class goes by a name that any process finds.
sys.path.insert(0, str(Path(__file__).parent))
sys.modules.setdefault("fake_commands", sys.modules[__name__])
Fake.__module__ = "fake_commands"
