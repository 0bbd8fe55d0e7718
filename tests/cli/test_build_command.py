"""`build` with projections, merges and tags; the lists are small enough to be counted by hand."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from netcluster.network.network import Network
from netcluster.network.store import load
from netcluster_cli.main import run
from netcluster_datasets import path as shipped


def written(folder: Path, text: str, name: str = "list.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def saved(folder: Path) -> Network:
    network = load(folder).network
    assert network is not None
    return network


def test_members_are_linked_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = written(tmp_path, "company,association\na,P\nb,P\nc,P\na,Q\nb,Q\n")
    assert run(["build", source, "--project", "membership", "-o", str(tmp_path / "net")]) == 0
    assert "the largest, P with 3 members, makes 3 of them" in capsys.readouterr().err
    net = saved(tmp_path / "net")
    assert net.layer("co_membership").matrix.toarray()[0, :3].tolist() == [0, 1.5, 0.5]
    many = ["build", source, "--project", "membership=count", "--largest-group", "2", "-o", str(tmp_path / "two")]
    assert run([*many, "--quiet"]) == 0
    assert saved(tmp_path / "two").layer("co_membership").links == 1
    # A saved network is projected as well.
    again = ["build", str(tmp_path / "net"), "--project", "membership=count", "-o", str(tmp_path / "three"), "-q"]
    assert run(again) == 0
    assert saved(tmp_path / "three").layer("co_membership").matrix.toarray()[0, 1] == 2


def test_merges_are_offered_and_only_those_kept_are_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = written(
        tmp_path, "supplier,buyer,amount\nACME Ltd,Shop,1\nAcme LTD.,Shop,2\nShop,Beta SA,1\nShop,Beta AG,1\n"
    )
    assert run(["build", source, "--suggest-merges"]) == 0
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["a"], row["b"], row["score"]) for row in rows] == [
        ("Acme LTD.", "ACME Ltd", "1.0"),
        ("Beta SA", "Beta AG", "1.0"),
    ]
    assert "2 pairs that may be one firm" in err
    merges = written(tmp_path, "\n".join(out.splitlines()[:2]) + "\n", "merges.csv")
    assert run(["build", source, "--merge", merges, "-o", str(tmp_path / "net")]) == 0
    assert "1 link ends were renamed by 1 merges of names." in capsys.readouterr().err
    net = saved(tmp_path / "net")
    assert net.ids == ("ACME Ltd", "Beta AG", "Beta SA", "Shop")
    assert net.layer("supply").matrix[[0], [3]].tolist() == [3.0]


def test_plants_become_firms(tmp_path: Path) -> None:
    source = written(tmp_path, "supplier,buyer,amount\np,q,5\nq,shop,2\np,shop,1\n")
    tree = written(tmp_path, "child,parent\np,F\nq,F\n", "tree.csv")
    assert run(["build", source, "--consolidate", tree, "-o", str(tmp_path / "net"), "-q"]) == 0
    net = saved(tmp_path / "net")
    assert net.ids == ("F", "shop")
    assert net.layer("supply").matrix.toarray().tolist() == [[5, 3], [0, 0]]


def test_industries_are_tagged_on_request(tmp_path: Path) -> None:
    source = str(shipped("valley") / "io_2023.csv")
    assert run(["build", source, "--tag-institutions", "-o", str(tmp_path / "net"), "-q"]) == 0
    nodes = saved(tmp_path / "net").nodes.set_index("id")
    assert nodes.loc[["P85", "M72", "C24"], "role"].tolist() == ["university", "research", ""]
    assert nodes["proxy"].sum() > 7


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "Name the folder"),
        (["--project", "membership=square", "-o", "x"], 2, "give membership=newman"),
        (["--project", "patent", "-o", "x"], 1, "no layer 'patent'"),
        (["--merge", "{merges}", "-o", "x"], 1, "makes two firms of 'a'"),
        (["--consolidate", "{owners}", "-o", "x"], 1, "line 3: child and parent must both be named"),
    ],
)
def test_wrong_requests(
    arguments: list[str], code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written(tmp_path, "supplier,buyer\na,b\nb,c\n")
    merges = written(tmp_path, "a,b\na,b\na,c\n", "merges.csv")
    owners = written(tmp_path, "child,parent\na,F\nb,\n", "owners.csv")
    named = {"x": str(tmp_path / "x"), "{merges}": merges, "{owners}": owners}
    filled = [named.get(word, word) for word in arguments]
    assert run(["build", source, *filled]) == code
    assert words in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
