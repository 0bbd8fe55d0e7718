"""Names of firms: made of syllables and a word of the trade, each only once."""

from __future__ import annotations

from netcluster_datasets.valley.draws import Draws

_FIRST = """
Al Ar Bal Bel Bor Bran Cal Car Cor Dal Dor El Fal Fen Gal Gar Hal Har Hel Il Jor Kal Kel Kor Lan Lor Löw Mal Mar
Mer Nor Öst Pel Ral Ros Sal Sel Sor Tal Tor Ul Val Ver Wal Wes Yar Zel Bris Clem Dun
"""
_LAST = """
an and ane ard aro as ber bury by den don dor eck en er field ford gate ham hult ia ick ing is ley lin low man mar
mont more nes ny on over ridge rin ros row sen son stad ston ström tal ton vale ven vik wick win worth
"""

_TRADES = """
A01 Farm|A02 Forests|B07 Mining|C10A Dairy|C10B Mills|C11 Brewing|C13 Textiles|C16 Timber|C17 Paper|C20A Chemicals
C20B Gases|C21 Pharma|C22 Plastics|C23 Glass|C24 Steel|C25 Metalworks|C26A Semiconductors|C26B Systems|C26C Sensors
C27 Electric|C28 Machines|C29A Motors|C29B Components|C30 Yards|C31 Furniture|C32 Medical|C33 Service|D35 Power
E36 Water|F41 Construction|F43 Installations|G45 Cars|G46 Trading|G47 Stores|H49 Transport|H52 Logistics|I55 Hotel
I56 Kitchen|J58 Press|J59 Pictures|J61 Telecom|J62 Software|J63 Data|K65 Insurance|K66 Capital|L68 Estates|M69 Law
M70 Advisers|M71 Engineers|M72 Labs|M73 Media|M74 Design|N80 Facility|P85 School|Q86 Clinic|R90 Arts|S94 Society
S96 Care
"""

_WORD = dict(item.split() for line in _TRADES.strip().splitlines() for item in line.split("|"))


def firm_names(draws: Draws, industries: list[str]) -> list[str]:
    """Return one name for each firm, given the codes of their industries; no name comes twice."""
    starts, ends = _FIRST.split(), _LAST.split()
    taken: set[str] = set()
    names: list[str] = []
    for code in industries:
        name = ""
        while not name or name in taken:
            first, last = draws.uniform(2)
            name = f"{starts[int(first * len(starts))]}{ends[int(last * len(ends))]} {_WORD[code]}"
        taken.add(name)
        names.append(name)
    return names
