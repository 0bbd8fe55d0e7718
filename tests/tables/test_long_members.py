"""Lists of members and groups in the shapes of their publishers, small enough to be read by eye."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcluster.core.errors import NetclusterError
from netcluster.network.build import build
from netcluster.network.open import open_inputs
from netcluster.network.store import load, save
from netcluster.tables.bundle import Bundle
from netcluster.tables.options import ReadOptions
from netcluster.tables.read import read

CORDIS = """projectID;organisationID;name;SME;activityType;country;nutsCode;geolocation;role;ecContribution
"101";"999";"ETH ZÜRICH";"false";"HES";"CH";"CH040";"47.37,8.54";"coordinator";"100000,5"
"101";"888";"Siemens AG";"false";"PRC";"DE";"DE212";"48.13,11.57";"participant";"50000"
"101";"777";"CNRS";"false";"REC";"FR";"FR101";"";"participant";"50000"
"102";"999";"ETH ZÜRICH";"false";"HES";"CH";"CH040";"47.37,8.54";"participant";"1"
"102";"888";"Siemens AG";"false";"PRC";"DE";"DE212";"";"coordinator";"1"
"103";"666";"Comune di Milano";"";"PUB";"IT";"ITC4C";"";"coordinator";"1"
"103";"555";"Cluster Europe";"";"OTH";"BE";"BE100";"";"participant";"1"
"103";"666";"Comune di Milano";"";"PUB";"IT";"ITC4C";"";"third party";"1"
"""
REGPAT = """app_nbr|appln_id|pub_nbr|person_id|app_name|address|city|postal_code|reg_code|ctry_code|reg_share|app_share
EP1|11|P1|7|Roche AG|x|Basel|4000|CH031|CH|1|0.5
EP1|11|P1|8|Universität Basel|x|Basel|4000|CH031|CH|1|0.5
EP2|12|P2|7|Roche AG|x|Basel|4000|CH031|CH|1|1
"""
HAN = "HAN_ID;Appln_id;Patent_number\n5;31;EP31\n6;31;EP31\n7;31;EP31\n5;32;EP32\n"
MEMBERS = "company,association\nAlpha,Chamber\nBeta,Chamber\nAlpha,Machine Builders\n"
TED = """ID_NOTICE_CAN,YEAR,CAE_NAME,WIN_NAME,WIN_COUNTRY_CODE,AWARD_VALUE_EURO
1,2021,Stadt Bern,Alpha AG,CH,1000
2,2021,Stadt Bern,Alpha AG,CH,500
3,2021,Kanton Bern,Beta AG,CH,
"""


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_cordis_organisations(tmp_path: Path) -> None:
    bundle = read(written(tmp_path, CORDIS, "organization.csv"))
    assert bundle.firms is not None
    assert bundle.links is not None
    firms = bundle.firms.frame.set_index("id")
    roles = {"999": "university", "888": "", "777": "research", "666": "government", "555": "association"}
    assert firms["role"].to_dict() == roles
    assert firms["kind"].tolist() == ["institution", "firm", "institution", "institution", "institution"]
    first = [firms[column]["999"] for column in ("label", "region", "lat", "lon")]
    assert first == ["ETH ZÜRICH", "CH040", 47.37, 8.54]
    # The second row of a firm fills nothing, as the first says it all.
    assert firms.loc["888", "lat"] == 48.13
    assert bundle.links.groups == ("project",)
    assert len(bundle.links.frame) == 7
    net = build(bundle)
    layer = net.layer("project")
    # 999 and 888 share 101 (1/2, of three) and 102 (1, of two); no project is a node.
    assert layer.matrix[[net.ids.index("999")], [net.ids.index("888")]].tolist() == [1.5]
    assert layer.links == 4
    assert net.n == 5
    assert not layer.directed


def test_counting_weighs_every_shared_project_alike(tmp_path: Path) -> None:
    bundle = read(written(tmp_path, CORDIS))
    net = build(bundle, project={"project": "count"}, largest_group=2)
    assert sorted(net.layer("project").matrix.data) == [1.0] * 4
    assert {"large_groups", "projected"} <= {note.code for note in net.changes}


def test_patent_applicants(tmp_path: Path) -> None:
    bundle = read(written(tmp_path, REGPAT))
    net = build(bundle)
    assert net.nodes[["id", "label", "region"]].to_numpy().tolist() == [
        ["7", "Roche AG", "CH031"],
        ["8", "Universität Basel", "CH031"],
    ]
    assert net.layer("patent").matrix.toarray().tolist() == [[0, 1], [1, 0]]
    han = build(read(written(tmp_path, HAN)))
    # Three applicants of one patent: each pair 1/2; the patent of one links nobody.
    assert han.ids == ("5", "6", "7")
    assert han.layer("patent").matrix.toarray()[0].tolist() == [0, 0.5, 0.5]


def test_memberships_have_associations_for_institutions(tmp_path: Path) -> None:
    net = build(read(written(tmp_path, MEMBERS)))
    assert dict(zip(net.ids, net.nodes["role"], strict=True)) == {
        "Alpha": "", "Beta": "", "Chamber": "association", "Machine Builders": "association"
    }  # fmt: skip
    assert list(net.layers) == ["membership"]
    assert net.layer("membership").directed
    wider = build(read(written(tmp_path, MEMBERS)), project={"membership": "newman"})
    assert wider.layer("co_membership").matrix.toarray()[:2, :2].tolist() == [[0, 1], [1, 0]]


def test_contracts_add_up_and_offices_are_government(tmp_path: Path) -> None:
    bundle = read(written(tmp_path, TED))
    assert bundle.links is not None
    assert bundle.links.unit == "EUR"
    net = build(bundle)
    assert dict(zip(net.ids, net.nodes["role"], strict=True)) == {
        "Alpha AG": "supplier", "Beta AG": "supplier", "Stadt Bern": "government", "Kanton Bern": "government"
    }  # fmt: skip
    supply = net.layer("supply").matrix.toarray()
    assert supply[net.ids.index("Alpha AG"), net.ids.index("Stadt Bern")] == 1500


def test_kinds_and_columns_that_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "who,what\na,x\nb,x\n")
    told = ReadOptions(kind="projects", columns={"member": "who", "group": "what"})
    assert build(read(path, told)).layer("project").links == 1
    with pytest.raises(NetclusterError, match="none was found for"):
        read(path, ReadOptions(kind="projects"))


def test_a_list_of_firms_with_a_column_of_associations_stays_one(tmp_path: Path) -> None:
    text = "firm_id,role,industry,region,size,association\n" + "".join(
        f"f{i},supplier,C10,north,5,X\n" for i in range(9)
    )
    assert read(written(tmp_path, text)).parts == ("firms",)
    supply = "supplier,buyer,amount\na,b,1\nb,c,2\n"
    assert read(written(tmp_path, supply)).parts == ("links",)


def test_lists_of_two_layers_and_of_firms_go_together_and_reload(tmp_path: Path) -> None:
    one, two = written(tmp_path, CORDIS, "organization.csv"), written(tmp_path, MEMBERS, "members.csv")
    three = written(tmp_path, "id,role,industry,region,size\nAlpha,manufacturer,C10,north,5\n", "firms.csv")
    bundle = open_inputs([one, two, three])
    net = build(bundle)
    assert set(net.layers) == {"project", "membership"}
    nodes = net.nodes.set_index("id")
    assert [nodes[column]["Alpha"] for column in ("role", "region")] == ["manufacturer", "north"]
    save(bundle.replace(network=net), tmp_path / "net")
    again: Bundle = load(tmp_path / "net")
    assert again.links is not None
    assert again.links.groups == ("project",)
    assert bundle.links is not None
    assert again.links.frame.equals(bundle.links.frame)
    assert again.network is not None
    assert again.network.nodes.equals(net.nodes)
    for name, layer in net.layers.items():
        other = again.network.layer(name)
        assert (other.matrix != layer.matrix).nnz == 0
        assert (other.directed, other.unit, other.money) == (layer.directed, layer.unit, layer.money)
    with pytest.raises(NetclusterError, match="second list of links of layer membership"):
        open_inputs([two, written(tmp_path, "source,target,layer\na,b,membership\n", "more.csv")])
