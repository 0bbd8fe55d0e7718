"""Universities, research institutes, associations, banks and administrations: who they are and where."""

from __future__ import annotations

from dataclasses import dataclass

from netcluster_datasets.valley.regions import REGIONS


@dataclass(frozen=True)
class Institution:
    """One institution; `serves` is the cluster, industry or region its members come from, "" for all."""

    id: str
    label: str
    role: str
    industry: str
    region: str
    size: int
    serves: str = ""


_UNIVERSITIES = """
UNI1|Kestrel Institute of Technology|V02|1180|technology
UNI2|University of Kestrel Valley|V02|760|technology
UNI3|University of Marlow|V01|1340|city
UNI4|Marlow Business School|V01|310|city
UNI5|Easterhaven University|V03|640|chemicals
UNI6|Brennau University of Applied Sciences|V04|580|machinery
UNI7|Wheatley Agricultural College|V05|260|food
UNI8|University of Lakemont|V09|330|
"""

_RESEARCH = """
RES1|Institute for Sensor Physics|V02|340|technology
RES2|Valley Centre for Computing|V02|260|technology
RES3|Easterhaven Laboratory of Materials|V03|150|chemicals
RES4|Institute for Production Engineering|V04|170|machinery
"""

_ASSOCIATIONS = """
ASN01|Kestrel Technology Alliance|V02|34|technology
ASN02|Food and Farming Federation|V05|28|food
ASN03|Union of Engineering Industries|V04|41|machinery
ASN04|Chemistry Council|V03|22|chemicals
ASN05|Marlow Finance and Media Forum|V01|26|city
ASN06|Timber and Building Guild|V08|24|wood
ASN07|Retailers' Association|V01|31|G47
ASN08|Hotel and Restaurant Association|V09|18|I55
ASN09|Hauliers' Association|V03|15|H49
ASN10|Chamber of Commerce of Greymoor|V07|16|V07
ASN11|Chamber of Commerce of Orefell|V06|12|V06
ASN12|Federation of Small Firms|V11|29|
"""

_BANKS = """
BNK1|Marlow Merchant Bank|V01|510|
BNK2|National Savings Bank|V01|430|
BNK3|Kestrel Venture Bank|V02|270|
BNK4|Harbour Credit Bank|V03|240|
BNK5|Farmers' Cooperative Bank|V05|210|
BNK6|Brennau Industrial Bank|V04|230|
"""

_CENTRAL_GOVERNMENT = 1450


def institutions() -> tuple[Institution, ...]:
    """Return all institutions: 8 universities, 4 institutes, 12 associations, 6 banks, 13 administrations.

    >>> len(institutions())
    43
    """
    found: list[Institution] = []
    kinds = ((_UNIVERSITIES, "university", "P85"), (_RESEARCH, "research", "M72"))
    for text, role, industry in (*kinds, (_ASSOCIATIONS, "association", "S94"), (_BANKS, "bank", "K64")):
        for line in text.strip().splitlines():
            key, label, region, size, serves = line.split("|")
            found.append(Institution(key, label, role, industry, region, int(size), serves))
    found.append(Institution("GOV00", "National Administration", "government", "O84", "V01", _CENTRAL_GOVERNMENT))
    for number, place in enumerate(REGIONS, start=1):
        jobs = round(place.customers * 0.024)
        label = f"Administration of {place.name}"
        found.append(Institution(f"GOV{number:02}", label, "government", "O84", place.code, jobs, place.code))
    return tuple(found)
