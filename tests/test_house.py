"""The house: which room may import which, and what an import or a call for help may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "netcluster"

#: Which rooms a room may import, besides itself.
ALLOWED: dict[str, set[str]] = {
    "core": set(),
    "tables": {"core"},
    "network": {"core", "tables"},
    "study": {
        "core",
        "tables",
        "network",
        "economy",
        "centrality",
        "clusters",
        "places",
        "risk",
        "reconstruction",
    },
}
for _room in ("economy", "centrality", "clusters", "places", "reconstruction"):
    ALLOWED[_room] = {"core", "tables", "network"}
ALLOWED["risk"] = {"core", "tables", "network", "economy"}
ALLOWED["report"] = ALLOWED["batch"] = ALLOWED["study"] | {"study"}

HEAVY = ("pandas", "scipy", "igraph", "networkx", "pyarrow", "numba", "duckdb", "bokeh", "matplotlib", "numpy", "rich")


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def runtime_imports(path: Path) -> Iterator[str]:
    """Yield what a module imports when it runs; imports for the type checker alone are no arrows."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def test_rooms_import_only_what_stands_above_them() -> None:
    wrong = []
    for path in modules(PACKAGE):
        room = path.relative_to(PACKAGE).parts[0]
        if room == "__init__.py":
            continue
        for name in runtime_imports(path):
            parts = name.split(".")
            if parts[0] != "netcluster" or len(parts) < 2 or parts[1] == room:
                continue
            if parts[1] not in ALLOWED[room]:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_nobody_imports_the_command_line_and_datasets_stand_alone() -> None:
    for path in modules(PACKAGE):
        assert not any(name.startswith("netcluster_cli") for name in runtime_imports(path)), path
        assert not any(name.startswith("netcluster_datasets") for name in runtime_imports(path)), path
    for path in modules(ROOT / "datasets"):
        assert not any(name.startswith(("netcluster.", "netcluster_cli")) for name in runtime_imports(path)), path


def test_igraph_is_imported_in_one_module() -> None:
    users = [
        path.relative_to(PACKAGE).as_posix() for path in modules(PACKAGE) if "igraph" in set(runtime_imports(path))
    ]
    assert users in ([], ["network/graph.py"])


def test_there_is_no_import_cycle() -> None:
    graph = {_name(path): _targets(path) for path in modules(PACKAGE)}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for target in sorted(graph.get(name, set()) & graph.keys()):
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {_name(path) for path in modules(PACKAGE)}


def _targets(path: Path) -> set[str]:
    """The modules imported at the top of a module: those that run when it is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from package import module` needs the module; of `from module import name` the name is no module.
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner if inner <= MODULES else inner | {node.module}
    return found - {_name(path)}


def test_modules_are_one_concept() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in (PACKAGE, ROOT / "cli", ROOT / "datasets")
        for path in modules(folder)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


@pytest.mark.parametrize(
    "code",
    [
        "import netcluster",
        "import netcluster_cli.main as m; m.run(['--help'])",
        "import netcluster_cli.main as m; m.run(['--version'])",
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(code: str) -> None:
    script = f"{code}\nimport sys; print('LOADED', *sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED"


def test_the_public_names_are_few_sorted_and_there() -> None:
    import netcluster as nc

    assert sorted(nc.__all__) == sorted(set(nc.__all__))
    assert len(nc.__all__) <= 40
    for name in nc.__all__:
        assert getattr(nc, name) is not None
