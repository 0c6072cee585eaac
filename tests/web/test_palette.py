"""The colours of the four families: read on their ground by everybody, and told apart by those who see fewer colours."""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings

FAMILIES = ("customer", "wellbeing", "resolution", "savings")
READABLE = 4.5  # WCAG AA for text
# Machado, Oliveira and Fernandes 2009, severity 1.0: what is left of a colour (linear RGB), and how far apart colours must stay (CIE76).
SEEN = {
    "all colours": (((1, 0, 0), (0, 1, 0), (0, 0, 1)), 25.0),
    "deuteranopia": (((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)), 15.0),
    "protanopia": (((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)), 15.0),
    "tritanopia": (((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)), 10.0),
}
Colour = tuple[float, float, float]


def palette(scheme: str) -> dict[str, str]:
    """The roles of a scheme as the style sheets give them."""
    folder = Path(settings.BASE_DIR) / "static" / "css"
    files = ["tokens.css", "dark.css"] if scheme == "dark" else ["tokens.css"]
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", "".join((folder / name).read_text() for name in files)))


def linear(colour: str) -> Colour:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(linear, (one, other)))
    return (high + 0.05) / (low + 0.05)


def lab(colour: Colour) -> Colour:
    weights = (((0.4124, 0.3576, 0.1805), 0.95047), ((0.2126, 0.7152, 0.0722), 1.0), ((0.0193, 0.1192, 0.9505), 1.08883))
    x, y, z = (sum(w * c for w, c in zip(row, colour, strict=True)) / white for row, white in weights)
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: str, matrix: tuple[tuple[float, ...], ...]) -> Colour:
    whole = linear(colour)
    red, green, blue = (min(1.0, max(0.0, sum(w * c for w, c in zip(row, whole, strict=True)))) for row in matrix)
    return lab((red, green, blue))


@pytest.mark.parametrize("sight", SEEN)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_four_families_are_told_apart_by_every_sight(scheme: str, sight: str) -> None:
    matrix, least = SEEN[sight]
    colours = palette(scheme)
    apart = {pair: math.dist(*(seen(colours[name], matrix) for name in pair)) for pair in combinations(FAMILIES, 2)}
    assert {pair: far for pair, far in apart.items() if far < least} == {}


@pytest.mark.parametrize("role", [*FAMILIES, "ink", "muted", "good", "bad"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_role_is_readable_on_its_ground(scheme: str, role: str) -> None:
    colours = palette(scheme)
    assert min(contrast(colours[role], colours[ground]) for ground in ("card", "paper")) >= READABLE


def test_a_saving_has_no_colour_of_good_or_bad() -> None:
    for scheme in ("light", "dark"):
        colours = palette(scheme)
        assert colours["savings"] not in {colours["good"], colours["bad"]}
