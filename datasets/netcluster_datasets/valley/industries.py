"""The sixty industries: how many firms, how large, how productive, to whom they sell in the end."""

from __future__ import annotations

from dataclasses import dataclass, fields

# code | name | cluster | firms | smallest firm, jobs | revenue a job, thousand EUR | value added ÷ revenue |
# imported ÷ all inputs | most of revenue that goes to firms | final use: households, government, investment,
# exports in % | t CO2 and TJ per million EUR of output | growth of jobs, % a year
_TABLE = """
A01 |Crop and animal production               |food      |152|1.3|110|.46|.22|.80|40 0 2 58  |300 9  |-0.6
A02 |Forestry and logging                     |wood      | 28|2.0|140|.55|.12|.85|25 5 5 65  |90 3   |-0.4
B07 |Mining of ores and minerals              |machinery | 16| 48|330|.60|.20|.35|0 0 1 99   |240 8  |-0.8
C10A|Meat and dairy products                  |food      | 44|5.0|330|.24|.24|.45|55 2 0 43  |95 4   |0.6
C10B|Bakery, grain and other food             |food      | 56|4.0|230|.32|.25|.45|55 2 0 43  |70 3   |0.8
C11 |Beverages                                |food      | 34|3.5|310|.38|.22|.45|50 0 0 50  |45 2   |0.7
C13 |Textiles and clothing                    |chemicals | 46|4.0|130|.36|.45|.35|15 1 0 84  |80 4   |-3.6
C16 |Wood products                            |wood      | 40|3.5|200|.32|.22|.75|10 0 10 80 |60 5   |0.2
C17 |Paper and packaging                      |local     | 22|7.0|290|.31|.35|.80|5 0 0 95   |210 11 |0.1
C20A|Basic chemicals                          |chemicals | 26| 11|480|.30|.45|.62|4 1 0 95   |620 24 |0.6
C20B|Process gases and pure materials         |technology|  1|240|390|.46|.15|.93|0 5 0 95   |390 30 |0.5
C21 |Pharmaceuticals                          |chemicals | 18|6.5|470|.46|.40|.20|8 12 0 80  |35 2   |2.4
C22 |Rubber and plastic products              |chemicals | 40|6.0|215|.35|.40|.75|6 0 2 92   |70 5   |0.5
C23 |Glass, cement and ceramics               |wood      | 30|5.0|240|.40|.25|.80|6 0 4 90   |820 14 |0.2
C24 |Basic metals                             |machinery | 18| 11|430|.24|.45|.80|0 0 1 99   |900 20 |-0.6
C25 |Metal products                           |machinery | 77|3.6|175|.40|.30|.82|3 1 10 86  |45 3   |0.6
C26A|Electronic components                    |technology| 58| 13|290|.42|.38|.66|1 0 4 95   |35 3   |4.6
C26B|Computers and communication equipment    |technology| 30|9.0|350|.33|.45|.45|12 4 30 54 |12 1   |3.6
C26C|Instruments and sensors                  |technology| 52|9.0|240|.45|.32|.55|3 4 28 65  |10 1   |3.9
C27 |Electrical equipment                     |machinery | 38|5.2|250|.36|.38|.60|8 1 20 71  |22 1.6 |1.0
C28 |Machinery                                |machinery | 58|4.8|260|.36|.36|.50|1 1 30 68  |16 1.2 |0.9
C29A|Motor vehicles                           |machinery | 17| 14|520|.20|.42|.22|16 1 18 65 |14 1   |0.8
C29B|Parts for motor vehicles                 |machinery | 46|6.5|250|.30|.38|.72|4 0 1 95   |20 1.6 |0.5
C30 |Rail, ships and other transport equipment|machinery | 16|7.0|280|.33|.38|.40|4 8 40 48  |15 1   |1.0
C31 |Furniture                                |wood      | 38|3.5|165|.38|.30|.35|45 1 14 40 |14 1.5 |0.0
C32 |Medical devices                          |technology| 34|7.0|220|.46|.32|.35|6 14 16 64 |9 .8   |3.2
C33 |Repair and installation of machinery     |machinery | 44|3.0|165|.44|.22|.80|2 3 35 60  |12 .7  |0.9
D35 |Electricity and gas                      |local     | 16| 11|720|.38|.40|.72|80 2 0 18  |1450 16|0.4
E36 |Water and waste                          |local     | 18|7.0|230|.47|.14|.70|60 25 0 15 |260 4  |0.6
F41 |Building and civil engineering           |wood      | 68|4.0|230|.30|.17|.30|4 4 91 1   |55 1.5 |0.8
F43 |Specialised construction                 |wood      |144|2.2|150|.42|.18|.58|22 2 75 1  |32 1   |0.9
G45 |Motor trade and repair                   |local     | 52|2.6|150|.50|.15|.45|88 1 6 5   |18 .8  |0.3
G46 |Wholesale trade                          |local     |113|3.2|235|.50|.14|.70|30 2 12 56 |20 .7  |0.6
G47 |Retail trade                             |local     |217|2.4| 82|.56|.08|.12|96 1 1 2   |15 .9  |-0.1
H49 |Land transport                           |local     | 89|3.0|135|.44|.16|.72|40 8 1 51  |310 7  |0.7
H52 |Warehousing and transport services       |local     | 36|5.0|190|.45|.16|.85|8 4 0 88   |35 1.2 |1.2
I55 |Hotels                                   |local     | 50|2.6| 85|.50|.12|.35|45 1 0 54  |28 1.6 |1.0
I56 |Restaurants and catering                 |food      |121|2.2| 66|.46|.10|.25|88 2 0 10  |18 1.2 |0.8
J58 |Publishing                               |city      | 34|3.5|180|.48|.17|.50|55 6 12 27 |5 .3   |-0.3
J59 |Film, broadcasting and music             |city      | 34|3.0|170|.45|.20|.65|45 12 12 31|5 .3   |1.6
J61 |Telecommunications                       |local     | 14| 11|320|.46|.17|.55|86 3 0 11  |6 .6   |0.0
J62 |Software and IT services                 |technology|105|6.5|150|.58|.15|.58|2 6 42 50  |4 .3   |4.2
J63 |Data and information services            |technology| 26|5.0|165|.54|.16|.70|10 5 10 75 |6 .6   |4.0
K64 |Banking                                  |city      |  0|  0|255|.56|.10|.55|62 1 0 37  |3 .2   |-0.8
K65 |Insurance and pensions                   |city      | 16|9.0|270|.46|.18|.45|78 0 0 22  |2 .2   |0.2
K66 |Fund management and brokerage            |city      | 38|3.0|220|.54|.20|.65|24 0 0 76  |2 .2   |1.5
L68 |Real estate                              |wood      | 56|2.0|440|.74|.03|.36|94 1 4 1   |8 .5   |0.6
M69 |Legal and accounting                     |city      | 81|2.2|118|.68|.07|.88|45 5 25 25 |4 .3   |1.0
M70 |Management consulting                    |city      | 60|2.2|150|.58|.13|.86|0 20 10 70 |4 .3   |1.8
M71 |Engineering and testing                  |machinery | 68|2.6|130|.58|.12|.80|2 8 50 40  |5 .4   |1.9
M72 |Research and development                 |technology| 30|5.0|125|.58|.18|.50|0 35 35 30 |5 .5   |4.4
M73 |Advertising and market research          |city      | 46|2.5|150|.45|.14|.90|2 4 0 94   |4 .3   |1.1
M74 |Design, photography and translation      |city      | 40|1.8|105|.56|.12|.85|18 4 12 66 |4 .3   |1.6
N80 |Cleaning, security and office support    |local     | 68|5.0| 58|.66|.06|.88|40 25 0 35 |8 .5   |1.0
O84 |Public administration                    |local     |  0|  0| 88|.68|.06|.04|1 99 0 0   |14 .8  |0.3
P85 |Education                                |local     | 48|6.0| 66|.80|.06|.10|22 74 0 4  |10 .6  |0.8
Q86 |Health and social care                   |local     |105|6.0| 76|.70|.12|.05|28 71 0 1  |12 .8  |1.4
R90 |Arts, sport and recreation               |city      | 56|2.2| 84|.54|.10|.35|62 28 3 7  |14 1   |1.0
S94 |Membership organisations                 |local     | 12|2.5| 84|.58|.06|.55|60 36 0 4  |8 .5   |0.4
S96 |Personal services                        |local     | 60|1.8| 62|.56|.09|.18|97 1 0 2   |12 1   |0.2
"""


@dataclass(frozen=True)
class Industry:
    """One industry; money in thousand EUR, shares as fractions, growth in % a year."""

    code: str
    name: str
    cluster: str
    firms: int
    smallest: float
    revenue_per_job: float
    value_added_share: float
    import_share: float
    intermediate_share: float
    final_use: tuple[float, ...]
    intensities: tuple[float, ...]
    growth: float


def _parse(line: str) -> Industry:
    cells = [cell.strip() for cell in line.split("|")]
    values: list[object] = []
    for field, cell in zip(fields(Industry), cells, strict=True):
        if field.type == "str":
            values.append(cell)
        elif field.type == "int":
            values.append(int(cell))
        elif field.type == "float":
            values.append(float(cell))
        else:
            values.append(tuple(float(part) for part in cell.split()))
    return Industry(*values)  # type: ignore[arg-type]


#: All industries, in the order of their codes.
INDUSTRIES = tuple(_parse(line) for line in _TABLE.strip().splitlines())

#: Position of a code in `INDUSTRIES`.
POSITION = {industry.code: i for i, industry in enumerate(INDUSTRIES)}

#: The clusters that were planted; industries of "local" serve all of them.
CLUSTERS = ("technology", "food", "machinery", "chemicals", "city", "wood")

#: The input that a single firm supplies, and the industry that one firm dominates.
SINGLE_SUPPLIER_INPUT = "C20B"
DOMINATED_INDUSTRY = "C21"

_SUPPLIERS = "A01 A02 B07 C16 C17 C20A C20B C22 C23 C24 C25 C26A C29B C33 D35 E36 G46"
_MANUFACTURERS = "C10A C10B C11 C13 C21 C26B C26C C27 C28 C29A C30 C31 C32 F41 F43"


def role_of(code: str) -> str:
    """Return what firms of an industry are to others: supplier, manufacturer or service_provider.

    >>> role_of("C26A"), role_of("C29A"), role_of("J62")
    ('supplier', 'manufacturer', 'service_provider')
    """
    if code in _SUPPLIERS.split():
        return "supplier"
    return "manufacturer" if code in _MANUFACTURERS.split() else "service_provider"
