"""What real firm networks look like: the published figures a reconstruction is held to.

Bacilieri et al. (2023) describe the networks of all firms of Ecuador (2015) and Hungary (2021) by one joint
log-normal of customers, suppliers, sales and purchases. Everything on degrees here follows from its variances
and covariances; the two countries are the two ends of each range.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from statistics import NormalDist

BACILIERI = "Bacilieri, Borsos, Astudillo-Estevez and Lafond (2023)"
AT_MEAN = f"log-normal with the variance of {BACILIERI} at this mean degree (the step is ours)"
#: Ranges quoted at second hand, which we have not checked against the review itself.
REVIEW = "usual range, reviewed by Mungo, Brintrup, Garlaschelli and Lafond (2024); figures unchecked"
#: Covariances of the logs of customers, suppliers, sales to firms and purchases from firms, in this order.
ECUADOR = ((2.89, 1.37, 2.12, 2.39), (1.37, 2.06, 1.98, 3.07), (2.12, 1.98, 6.97, 4.34), (2.39, 3.07, 4.34, 7.63))
HUNGARY = ((2.75, 1.14, 2.19, 1.92), (1.14, 1.65, 1.20, 2.19), (2.19, 1.20, 5.90, 2.98), (1.92, 2.19, 2.98, 5.22))
CUSTOMERS, SUPPLIERS, SALES, PURCHASES = range(4)


@dataclass(frozen=True)
class Target:
    """A published range of a measure, low to high, and who says so."""

    low: float
    high: float
    source: str

    @property
    def middle(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2


def slope(of: int, on: int) -> Target:
    """Return the slope of one log on another.

    >>> found = slope(CUSTOMERS, SALES)
    >>> round(found.low, 3), round(found.high, 3)
    (0.304, 0.371)
    """
    return _range([country[of][on] / country[on][on] for country in (ECUADOR, HUNGARY)], BACILIERI)


def correlation(one: int, other: int) -> Target:
    """Return the correlation of two logs.

    >>> found = correlation(CUSTOMERS, SUPPLIERS)
    >>> round(found.low, 2), round(found.high, 2)
    (0.54, 0.56)
    """
    found = [country[one][other] / sqrt(country[one][one] * country[other][other]) for country in (ECUADOR, HUNGARY)]
    return _range(found, BACILIERI)


def variance(of: int, mean_degree: float) -> Target:
    """Return the variance of the log of a whole number of links, over firms that have one, at a mean degree.

    It is that of the log-normal with the published variance and this mean, counted in whole links: the fewer links a
    network sees, the more firms stand at 1, 2 and 3. The step from the published variance to this one is ours.

    >>> found = variance(CUSTOMERS, 20.0)
    >>> round(found.low, 2), round(found.high, 2)
    (1.98, 2.02)
    """
    return _range([_counted(country[of][of], mean_degree) for country in (ECUADOR, HUNGARY)], AT_MEAN)


def _counted(spread: float, mean_degree: float) -> float:
    """Return the variance of ln ⌊d⌋ for d ≥ 1, ln d normal with variance `spread` and d with a mean."""
    middle, deviation = log(mean_degree) - spread / 2, sqrt(spread)
    # Above a thousand links the next whole number is no step any more: wider and wider bins do.
    edges = [float(k) for k in range(1, 1001)]
    while (log(edges[-1]) - middle) / deviation < 6:
        edges.append(edges[-1] * 1.01)
    below = [NormalDist(middle, deviation).cdf(log(edge)) for edge in edges]
    mass = [after - before for before, after in pairwise(below)]
    logs = [log(edge) for edge in edges[:-1]]
    whole = sum(mass)
    mean = sum(m * x for m, x in zip(mass, logs, strict=True)) / whole
    return sum(m * (x - mean) ** 2 for m, x in zip(mass, logs, strict=True)) / whole


def tail(of: int, part: float) -> Target:
    """Return the exponent of the density that a log-normal of the published variance has in its largest part.

    That is 1 + 1 ÷ the mean of ln d above its lower end, which for the normal is σ (φ(q) ÷ part − q).

    >>> found = tail(CUSTOMERS, 0.02)
    >>> round(found.low, 2), round(found.high, 2)
    (2.61, 2.65)
    """
    quantile = NormalDist().inv_cdf(1 - part)
    excess = NormalDist().pdf(quantile) / part - quantile
    return _range([1 + 1 / (sqrt(country[of][of]) * excess) for country in (ECUADOR, HUNGARY)], BACILIERI)


def without_links(of: int, mean_degree: float) -> Target:
    """Return the share of firms without customers (or suppliers) to expect at a mean degree.

    It is the mass below one link of the log-normal with the published variance and this mean, since the networks
    published differ in how many links they see. The step from variance to share is ours.

    >>> found = without_links(CUSTOMERS, 20.0)
    >>> round(found.low, 2), round(found.high, 2)
    (0.16, 0.18)
    """
    shares = []
    for country in (ECUADOR, HUNGARY):
        spread = country[of][of]
        shares.append(NormalDist(log(mean_degree) - spread / 2, sqrt(spread)).cdf(0.0))
    return _range(shares, AT_MEAN)


TAIL_OUT = Target(1.9, 2.3, REVIEW)
TAIL_IN = Target(2.3, 2.5, REVIEW)
ASSORTATIVITY = Target(-0.2, -0.1, REVIEW)


def _range(values: list[float], source: str) -> Target:
    return Target(min(values), max(values), source)
