"""Which industries stand for institutions, by the publishers' own classifications; roles told by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netcluster.core.errors import NetclusterError
from netcluster.network.build import build
from netcluster.network.network import Network
from netcluster.network.proxies import divisions_of, recognised, tag_proxies
from netcluster.network.store import load, save
from netcluster.tables.iotable import IOTable

WIOD16 = ["C10-C12", "K64", "K65", "K66", "J62_J63", "M72", "O84", "P85", "Q", "R_S", "T"]
ICIO = ["01T02", "62T63", "64T66", "69T75", "84", "85", "86T88", "94T96"]
BEA = ["211", "61", "5411", "521CI", "5412OP", "81", "GFGD", "GFE", "GSLG", "GSLE"]
ISIC3 = ["AtB", "15t16", "F", "J", "71t74", "L", "M", "N", "O"]


def roles(codes: list[str], names: list[str] | None = None) -> dict[str, str]:
    found = recognised(codes, names or [""] * len(codes))
    return {code: proxy.role for code, proxy in zip(codes, found, strict=True) if proxy.role}


def test_isic_4_as_wiod_2016_and_eurostat_write_it() -> None:
    banks = dict.fromkeys(["K64", "K65", "K66"], "bank")
    others = {"J62_J63": "service_provider", "M72": "research", "O84": "government", "P85": "university"}
    assert roles(WIOD16) == {**banks, **others, "R_S": "association"}
    assert roles(["CPA_C10", "CPA_K64", "CPA_M72", "CPA_O", "CPA_P", "CPA_S94", "CPA_S95"]) == {
        "CPA_K64": "bank",
        "CPA_M72": "research",
        "CPA_O": "government",
        "CPA_P": "university",
        "CPA_S94": "association",
    }


def test_ranges_of_the_icio_and_what_they_hold() -> None:
    services = dict.fromkeys(["62T63", "69T75"], "service_provider")
    assert roles(ICIO) == {
        **services, "64T66": "bank", "84": "government", "85": "university", "94T96": "association"
    }  # fmt: skip
    assert recognised(ICIO, [""] * 8)[-1].holds == "ISIC 94-96, of which 94"


def test_bea_isic_3_and_wiod_2013() -> None:
    services = dict.fromkeys(["5411", "5412OP"], "service_provider")
    assert roles(BEA) == {
        **services, "61": "university", "521CI": "bank", "GFGD": "government", "GSLG": "government"
    }  # fmt: skip
    # M is education in ISIC Rev. 3 and professional services in Rev. 4; P is private households.
    assert roles(ISIC3) == {"J": "bank", "L": "government", "M": "university"}
    wiod13 = [f"c{number}" for number in range(1, 36)]
    assert roles(wiod13) == {"c28": "bank", "c31": "government", "c32": "university"}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Education (80)", "university"),
        ("Activities of membership organisation n.e.c. (91)", "association"),
        ("Öffentliche Verwaltung", "government"),
        ("Atividades financeiras, de seguros", "bank"),
        ("Research and experimental development", "research"),
        ("Computer and related activities (72)", "service_provider"),
        ("Advertising and market research", ""),
        ("Manufacture of articles for culture and education", ""),
        ("Education, Health and Other Services", ""),
        ("Administração, defesa, saúde e educação públicas", ""),
        ("Federal government enterprises", ""),
    ],
)
def test_names_tell_where_codes_do_not(name: str, role: str) -> None:
    assert recognised(["7"], [name])[0].role == role


def test_codes_that_mix_institutions_are_no_proxy() -> None:
    assert roles(["CPA_A01", "CPA_B05", "CPA_C10", "CPA_O-T", "CPA_J-N", "CPA_OTQ"]) == {}
    assert sorted(divisions_of("O-Q")) == [84, 85, 86, 87, 88]
    assert divisions_of("541700") == frozenset()


def table() -> Network:
    return build(IOTable.from_arrays(np.ones((4, 4)), x=[9.0] * 4, sectors=["C10", "K64", "P85", "R_S"]))


def test_tagging_fills_roles_says_so_and_reloads_equal(tmp_path: Path) -> None:
    net = tag_proxies(table())
    assert net.nodes["role"].tolist() == ["", "bank", "university", "association"]
    assert net.nodes["proxy"].tolist() == [False, True, True, True]
    assert net.nodes["proxy_note"].tolist() == ["", "ISIC 64", "ISIC 85", "ISIC 90-96, of which 94"]
    assert net.changes[-1].text.startswith("3 industries stand for institutions and service providers (proxies): K64 ")
    save(net, tmp_path / "net")
    again = load(tmp_path / "net").network
    assert again is not None
    assert again.nodes.equals(net.nodes)
    assert again.changes == net.changes


def test_a_role_given_stays_and_a_network_without_industries_is_an_error() -> None:
    net = table()
    net = net.replace(nodes=net.nodes.assign(role=["", "government", "", ""]))
    tagged = tag_proxies(net)
    assert tagged.nodes["role"].tolist() == ["", "government", "university", "association"]
    assert not tagged.nodes["proxy"].iloc[1]
    with pytest.raises(NetclusterError, match="no industries"):
        tag_proxies(net.replace(nodes=net.nodes.assign(kind="firm")))
