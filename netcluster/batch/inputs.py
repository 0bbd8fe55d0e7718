"""From the patterns of a plan to files: inside the folders allowed, never beyond them, each with its fingerprint."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netcluster.batch.commands import File
from netcluster.batch.lines import Place
from netcluster.batch.plan import Plan, Source
from netcluster.core.errors import NetclusterError
from netcluster.core.files import sha256


@dataclass(frozen=True)
class Input:
    """What one run reads: its names as the plan sees them, the paths to hand over, and every file under them."""

    names: tuple[str, ...]
    paths: tuple[str, ...]
    files: tuple[File, ...]

    @property
    def name(self) -> str:
        """The names in one."""
        return " + ".join(self.names)


class Folders:
    """The folders a plan may read: its own, and those named beside it. Links that lead out are refused."""

    def __init__(self, plan: Path, others: Sequence[Path] = ()) -> None:
        self.home = plan.absolute().parent
        for folder in others:
            if not folder.is_dir():
                raise NetclusterError(f"{folder} is no folder.", "Give --folder a folder the plan may read.")
        self.roots = tuple(dict.fromkeys(folder.resolve() for folder in (self.home, *others)))
        self._known: dict[Path, File] = {}

    def matches(self, pattern: str) -> list[Path]:
        """Return what a pattern finds, in order of name; hidden files are not found by a *."""
        found = glob.glob(pattern, root_dir=self.home, recursive=True)  # noqa: PTH207  (patterns may be absolute)
        return [Path(os.path.normpath(self.home / name)) for name in sorted(found)]

    def at(self, name: str) -> Path:
        """Return the path a plan's file name means."""
        return Path(os.path.normpath(self.home / name))

    def check(self, path: Path, written: str, place: Place, source: Source) -> None:
        """Raise where a path leads out of the folders."""
        real = path.resolve()
        if not any(real.is_relative_to(root) for root in self.roots):
            raise source.error(
                place,
                f"{written!r} leads to {real}, outside the folder of the plan.",
                f"Allow it with --folder {real.parent if not real.is_dir() else real}",
            )

    def file(self, path: Path) -> File:
        """Return a file with its fingerprint, taken once."""
        if path not in self._known:
            try:
                fingerprint = sha256(path)
            except OSError as error:
                raise NetclusterError(f"{path} can't be read: {error.strerror}.", "Check its rights.") from error
            self._known[path] = File(Path(os.path.relpath(path, self.home)).as_posix(), str(path), fingerprint)
        return self._known[path]


def find_inputs(plan: Plan, folders: Folders) -> list[Input]:
    """Return the inputs of a plan, each once, in the order the plan names them.

    A pattern that finds several files makes an input of each; a folder is one input; a list of files is one.
    """
    found: dict[tuple[Path, ...], Input] = {}
    for group in plan.inputs:
        if len(group) == 1:
            for path in _found(group[0], plan.source, folders):
                found.setdefault((path,), _input((path,), plan.source, folders))
        else:
            paths = tuple(path for name in group for path in _found(name, plan.source, folders))
            found.setdefault(paths, _input(paths, plan.source, folders))
    return list(found.values())


def _found(pattern: str, source: Source, folders: Folders) -> list[Path]:
    place: Place = ("inputs",)
    if "\0" in pattern:
        raise source.error(place, "an input has a zero byte in its name.", "Mend the name.")
    # Before anything is looked for: a pattern like "/**" would walk the whole disk.
    folders.check(folders.at(_literal(pattern)), pattern, place, source)
    paths = folders.matches(pattern)
    if not paths:
        raise source.error(
            place, f"{pattern!r} finds nothing.", f"Patterns start from the plan's folder, {folders.home}."
        )
    for path in paths:
        folders.check(path, pattern, place, source)
    return paths


def _literal(pattern: str) -> str:
    """Return the part of a pattern before its first wildcard.

    >>> _literal("tables/2014/*.xlsx"), _literal("deu.xlsx"), _literal("../**")
    ('tables/2014', 'deu.xlsx', '..')
    """
    parts = Path(pattern).parts
    wild = next((place for place, part in enumerate(parts) if any(sign in part for sign in "*?[")), len(parts))
    return str(Path(*parts[:wild]))


def _input(paths: tuple[Path, ...], source: Source, folders: Folders) -> Input:
    files: list[File] = []
    for path in paths:
        inner = (
            sorted(item for item in path.rglob("*") if item.is_file() and item.name != "run.json")
            if path.is_dir()
            else [path]
        )
        for item in inner:
            folders.check(item, str(item), ("inputs",), source)
            files.append(folders.file(item))
        if not inner:
            raise source.error(("inputs",), f"the folder {path} is empty.", "Name a folder with files in it.")
    names = tuple(Path(os.path.relpath(path, folders.home)).as_posix() for path in paths)
    return Input(names, tuple(map(str, paths)), tuple(files))
