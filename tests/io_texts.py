"""Small made-up tables in the layouts of the publishers, whose right answers can be checked by hand."""

from __future__ import annotations

from pathlib import Path

#: The two-sector table of Miller and Blair (2009), ch. 2: flows, final demand, value added, output.
FLOWS = [[150.0, 500.0], [200.0, 100.0]]
OUTPUT = [1000.0, 2000.0]

PLAIN = """sector,a,b,final_demand,output
a,150,500,350,1000
b,200,100,1700,2000
value_added,650,1400,,
output,1000,2000,,
"""

#: Eurostat: products in rows, code and name, totals, imports and taxes in rows, ESA codes.
EUROSTAT = """prod_na;name;CPA_A;CPA_B;TOTAL;P3_S14;P3_S13;P3;P51G;P6;TU
CPA_A;Farm products;100;200;300;400;50;450;30;20;800
CPA_B;Other goods;150;300;450;500;70;570;180;100;1300
TOTAL;Total;250;500;750;900;120;1020;210;120;2100
P7;Imports;50;100;150;;;;;;
D21X31;Taxes less subsidies on products;10;20;30;;;;;;
D1;Compensation of employees;300;400;700;;;;;;
D11;Wages;250;300;550;;;;;;
D29X39;Other taxes;-10;5;-5;;;;;;
B2A3G;Operating surplus, gross;200;275;475;;;;;;
B1G;Value added;490;680;1170;;;;;;
P1;Output;800;1300;2100;;;;;;
EMP;Employment (1000 persons);12;34;46;;;;;;
"""

#: OECD: total flows, imports in a negative column; TTL_ and D before the codes.
OECD = """"","D01T03","D05T09","HFCE","GFCF","EXPO","IMPO"
"TTL_01T03",10,20,50,5,25,-10
"TTL_05T09",30,40,60,10,20,-20
"TXS_INT_FNL",1,2,3,0,0,0
"TTL_INT_FNL",41,62,113,15,45,-30
"VALU",59,78,0,0,0,0
"OUTPUT",100,140,0,0,0,0
"""

#: WIOD 2016: years stacked, an origin column, two header rows.
WIOD = """Year,Code,Description,Origin,A01,B,CONS_h,GFCF,EXP,GO
,,,,Crops,Mining,Households,Investment,Exports,Total output
2000,A01,Crops,Domestic,10,20,30,5,35,100
2000,B,Mining,Domestic,15,25,40,10,110,200
2000,A01,Crops,Imports,1,2,3,4,0,0
2000,B,Mining,Imports,5,6,7,8,0,0
2000,II_fob,Total intermediate consumption,TOT,31,53,80,27,145,0
2000,TXSP,taxes less subsidies on products,TOT,2,3,4,1,0,0
2000,VA,Value added at basic prices,TOT,65,140,0,0,0,0
2000,IntTTM,International Transport Margins,TOT,2,4,1,1,0,0
2000,GO,Output at basic prices,TOT,100,200,0,0,0,0
2001,A01,Crops,Domestic,11,20,30,5,35,101
2001,B,Mining,Domestic,15,25,40,10,110,200
2001,A01,Crops,Imports,1,2,3,4,0,0
2001,B,Mining,Imports,5,6,7,8,0,0
2001,II_fob,Total intermediate consumption,TOT,32,53,80,27,145,0
2001,TXSP,taxes less subsidies on products,TOT,2,3,4,1,0,0
2001,VA,Value added at basic prices,TOT,65,140,0,0,0,0
2001,IntTTM,International Transport Margins,TOT,2,4,1,1,0,0
2001,GO,Output at basic prices,TOT,101,200,0,0,0,0
"""

#: OECD ICIO: region and sector in one label, two halves of Mexico, taxes by country.
ICIO = """,AUS_A,AUS_B,MEX_A,MEX_B,MX1_A,MX1_B,AUS_HFCE,AUS_GFCF,MEX_HFCE,MEX_GFCF,TOTAL
AUS_A,1,2,0,0,3,4,5,6,7,8,36
AUS_B,2,1,0,0,1,2,9,8,7,6,36
MEX_A,0,0,0,0,0,0,1,1,2,2,6
MEX_B,0,0,0,0,0,0,2,2,1,1,6
MX1_A,1,1,0,0,1,1,4,4,4,4,20
MX1_B,2,2,0,0,2,2,3,3,3,3,20
AUS_TAXSUB,1,1,0,0,1,1,0,0,0,0,4
MEX_TAXSUB,1,1,0,0,1,1,0,0,0,0,4
VALU,28,28,6,6,11,9,0,0,0,0,88
OUTPUT,36,36,6,6,20,20,0,0,0,0,124
"""

#: A make and a use table of 3 products by 2 industries; imports a negative column (as BEA's F050).
MAKE = """,111,222,Used,Total Commodity Output
111,90,10,0,100
222,5,190,5,200
Total Industry Output,95,200,5,300
"""
USE = """,111,222,Total Intermediate,F010,F040,F050,Total Commodity Output
111,20,30,50,60,5,-20,95
222,30,50,80,120,10,-10,200
Used,1,2,3,4,0,-2,5
Total Intermediate,51,82,133,184,15,-32,300
V001,30,70,100,,,,
V003,19,48,67,,,,
Total Industry Output,100,200,300,,,,
"""

#: Long: seller, buyer, amount, in two regions without trade.
LONG = "REG;COM;IND;value\n" + "".join(
    f"{region};{row};{column};{value * scale}\n"
    for region, scale in (("North", 1), ("South", 2))
    for row, column, value in [
        ("01 Farms", "01 Farms", 150),
        ("01 Farms", "02 Plants", 500),
        ("01 Farms", "P3/S14 Households", 350),
        ("01 Farms", "USE_PH Total use", 1000),
        ("02 Plants", "01 Farms", 200),
        ("02 Plants", "02 Plants", 100),
        ("02 Plants", "P3/S14 Households", 1700),
        ("02 Plants", "USE_PH Total use", 2000),
        ("D1 Compensation of employees", "01 Farms", 400),
        ("D1 Compensation of employees", "02 Plants", 900),
        ("B2G Operating surplus", "01 Farms", 250),
        ("B2G Operating surplus", "02 Plants", 500),
        ("P1 Output", "01 Farms", 1000),
        ("P1 Output", "02 Plants", 2000),
    ]
)


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """Write a text to a file of a folder and return its path."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path
