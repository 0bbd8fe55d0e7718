"""`netcluster reconstruct`, and the commands that take what it saved."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import netcluster as nc
from netcluster_cli.main import run
from netcluster_datasets import path as shipped

TABLE = str(shipped("valley") / "io_2023.csv")
N = 609


def made(net: Path, *more: str, firms: Path | None = None) -> int:
    """Reconstruct every fifth firm of the demo economy."""
    if firms is None:
        firms = net.with_name(net.name + "-firms.csv")
        head, *rows = (shipped("valley") / "firms.csv").read_text(encoding="utf-8").splitlines()
        firms.write_text("\n".join([head, *rows[::5]]) + "\n", encoding="utf-8")
    return run(["reconstruct", TABLE, "--firms", str(firms), "--mean-degree", "12", "-o", str(net), "-q", *more])


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    net = tmp_path_factory.mktemp("reconstruct") / "net"
    assert made(net) == 0
    return net


def test_the_report_has_its_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(tmp_path / "net", "--plain") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0])[:3] == ["measure", "target", "reached"]
    found = {row["measure"]: row for row in rows}
    # Five standard deviations of a Poisson number of links: one false alarm in 1.7 million.
    wanted = 12 * N
    assert found["links"]["target"] == f"{wanted:,}"
    assert abs(float(found["links"]["reached"]) - wanted) < 5 * wanted**0.5
    assert float(found["cell_deviation"]["reached"]) == pytest.approx(float(found["cells_without_links"]["reached"]))


def test_the_same_bytes_whatever_the_threads(network: Path, tmp_path: Path) -> None:
    assert made(tmp_path / "again", "--threads", "1") == 0
    files = sorted(path.relative_to(network) for path in network.rglob("*") if path.is_file())
    assert files
    for name in files:
        assert (network / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


@pytest.mark.parametrize(
    "command",
    [
        ("clusters", "--effort", "quick"),
        ("centrality",),
        ("risk", "cascade"),
        ("risk", "suppliers"),
        ("risk", "dependence"),
        ("sectors",),
    ],
    ids=" ".join,
)
def test_other_commands_run_on_it(network: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, str(network), "-q"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) >= 60


def test_links_are_exported(network: Path, tmp_path: Path) -> None:
    assert run(["export", str(network), "-o", str(tmp_path / "links.csv"), "-q"]) == 0
    lines = (tmp_path / "links.csv").read_text().splitlines()
    assert lines[0] == "source,target,weight"
    saved = nc.load(network).network
    assert saved is not None
    assert len(lines) - 1 == saved.layer("supply").links


def test_the_table_is_kept_and_the_cells_are_met(network: Path) -> None:
    bundle = nc.load(network)
    assert bundle.io is not None
    assert bundle.network is not None
    # The table's intermediate flows, less what lies in cells without a link (a few per cent with so few firms).
    money = bundle.network.layer("supply").matrix.sum()
    assert money == pytest.approx(bundle.io.Z.sum(), rel=0.1)


def test_members_give_a_spread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(tmp_path / "net", "--plain", "--members", "3", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    first = found["records"][0]
    assert first["low"] <= first["median"] <= first["high"]
    assert first["sd"] > 0


def test_bad_requests_are_two_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strange = tmp_path / "firms.csv"
    strange.write_text("id,industry,size\na,XX,3\nb,YY,4\n")
    cases = [
        (made(tmp_path / "n1", firms=strange), "XX (1)"),
        (made(tmp_path / "n2", "--method", "scgm"), "--inputs"),
        (made(tmp_path / "n3", "--known-links", str(tmp_path / "absent.csv")), "absent.csv"),
    ]
    assert [code for code, _ in cases] == [1, 1, 1]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 6
    for (_, words), start in zip(cases, (0, 2, 4), strict=True):
        assert words in lines[start] + lines[start + 1]
    assert not (tmp_path / "n1").exists()


def test_a_network_there_is_not_replaced(network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(network) == 1
    assert "--force" in capsys.readouterr().err
