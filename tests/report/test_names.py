"""Names and colours in figures: seen on light and dark, and none on top of another."""

from __future__ import annotations

import numpy as np
import pytest

from netcluster.report.names import COLOURS, OTHER, brief, room_for_names


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("paper", ["#ffffff", "#14171b"])
@pytest.mark.parametrize("colour", [*COLOURS, OTHER])
def test_marks_stand_out_on_light_and_dark(colour: str, paper: str) -> None:
    high, low = sorted([_luminance(colour), _luminance(paper)], reverse=True)
    # WCAG 2.2, 1.4.11: graphical objects need 3 to 1.
    assert (high + 0.05) / (low + 0.05) >= 3


def test_names_do_not_cover_one_another() -> None:
    draw = np.random.default_rng(0)
    x, y, worth = draw.random(200), draw.random(200), draw.random(200)
    texts, diameters = ["Industry"] * 200, np.full(200, 10.0)
    chosen = room_for_names(x, y, worth, texts, diameters, (1000, 600), 7.0)
    across, up = x / (np.ptp(x) * 1.2) * 1000, y / (np.ptp(y) * 1.2) * 600
    for place in chosen:
        for other in chosen:
            apart = abs(across[place] - across[other]) > 7 * 8 or abs(up[place] - up[other]) > 16.8
            assert place == other or apart
    assert chosen[0] == int(worth.argmax())


def test_short_names_are_not_longer_than_asked() -> None:
    label = "Manufacture of wood and of products of wood and cork, except furniture; manufacture of straw"
    assert all(len(brief(label, most)) <= most for most in range(8, 90))
