"""The colours by the numbers: contrast from WCAG's formula, distances in OKLab under colour-blindness, from the tokens."""

import dataclasses
import itertools
import math
import tomllib
from pathlib import Path

import pytest

from vital_insights.charts import theme

GROUNDS = {"light": theme.LIGHT, "dark": theme.DARK}

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SIGHT = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}


def linear(colour: str) -> tuple[float, ...]:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def contrast(one: str, other: str) -> float:
    lights = sorted(sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def oklab(rgb: tuple[float, ...]) -> tuple[float, ...]:
    r, g, b = (min(max(part, 0), 1) for part in rgb)
    cones = (
        0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
        0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
        0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
    )
    long, middle, short = (cone ** (1 / 3) for cone in cones)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def seen(colour: str, sight: str) -> tuple[float, ...]:
    rgb = linear(colour)
    return oklab(tuple(sum(w * part for w, part in zip(row, rgb, strict=True)) for row in SIGHT[sight]))


def over(colour: str, ground: str, opacity: float) -> str:
    """The colour that a translucent one makes on its ground."""
    mixed = [opacity * int(colour[n : n + 2], 16) + (1 - opacity) * int(ground[n : n + 2], 16) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(part):02X}" for part in mixed)


def test_the_formulas_know_their_published_values():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert oklab(linear("#FF0000")) == pytest.approx((0.628, 0.225, 0.126), abs=0.001)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("band", theme.BANDS)
def test_a_mark_stands_out_from_the_page_and_from_its_own_band(ground, band):
    mark, page = theme.MARKS[band], GROUNDS[ground].bg
    assert contrast(over(mark.colour, page, mark.opacity), page) >= 3
    if band != "UNSCORED":
        shaded = over(mark.colour, page, theme.SHADES[band])
        assert contrast(mark.colour, shaded) >= 2.7  # the ground is of the same hue; shape and outline add the rest


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", ["text", "muted", "orange", "blue", "ok", "warn", "error", "primary"])
def test_a_text_reads_on_the_page_and_on_its_second_ground(ground, name):
    tokens = GROUNDS[ground]
    assert contrast(getattr(tokens, name), tokens.bg) >= 4.5
    assert contrast(getattr(tokens, name), tokens.secondary) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("band", list(theme.SHADES))
def test_the_words_of_a_corner_read_on_the_shade_of_their_band(ground, band):
    tokens = GROUNDS[ground]
    assert contrast(tokens.text, over(theme.MARKS[band].colour, tokens.bg, theme.SHADES[band])) >= 4.5


def test_a_tooltip_reads_on_both_grounds():
    assert contrast(theme.TOOLTIP["text"], theme.TOOLTIP["bgcolor"]) >= 4.5


@pytest.mark.parametrize("sight", SIGHT)
def test_no_two_scored_bands_look_alike_to_any_eye(sight):
    colours = {band: theme.MARKS[band].colour for band in ("HIGH", "MEDIUM", "LOW")}
    for one, other in itertools.combinations(colours.values(), 2):
        assert 100 * math.dist(seen(one, sight), seen(other, sight)) >= 11


def test_every_band_has_a_shape_of_its_own():
    assert len({mark.symbol for mark in theme.MARKS.values()}) == len(theme.BANDS) == len(theme.MARKS)


def test_the_configuration_of_streamlit_repeats_the_tokens_and_is_closed():
    config = tomllib.loads((Path(__file__).parents[2] / "dashboards/.streamlit/config.toml").read_text())
    for ground, tokens in GROUNDS.items():
        told = config["theme"][ground]
        named = {
            "bg": "backgroundColor", "secondary": "secondaryBackgroundColor", "text": "textColor", "muted": "grayTextColor",
            "border": "borderColor", "primary": "primaryColor", "orange": "orangeTextColor", "blue": "blueTextColor",
            "ok": "greenTextColor", "warn": "yellowTextColor", "error": "redTextColor",
        }  # fmt: skip
        assert {name: told[key] for name, key in named.items()} == dataclasses.asdict(tokens)
    assert config["server"]["address"] == "127.0.0.1"
    assert config["client"]["showErrorDetails"] == "none"
    assert config["browser"]["gatherUsageStats"] is False
    for face in config["theme"]["fontFaces"]:
        assert (Path(__file__).parents[2] / "dashboards/static" / Path(face["url"]).name).stat().st_size > 10_000


def test_colours_live_in_the_theme_only():
    charts = Path(theme.__file__).parent
    pages = Path(__file__).parents[2] / "dashboards"
    for module in [*charts.glob("*.py"), *pages.rglob("*.py")]:
        if module.name != "theme.py":
            assert "#" not in "".join(
                line.partition("# ")[0] for line in module.read_text().splitlines() if not line.startswith("#")
            )
