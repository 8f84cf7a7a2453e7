"""Text can be read on what lies behind it: https://www.w3.org/TR/WCAG22/#contrast-minimum."""

import re
from importlib.resources import files

import pytest

CSS = (files("unblocker.report") / "templates" / "page.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
PAGE = ["paper", "shade"]
BARS = ["query", "http", "mail", "storage", "other"]
BEHIND = {
    "ink": [*PAGE, *BARS, "gone", "new"],
    "soft": [*PAGE, *BARS, "gone", "new"],
    "link": PAGE,
    "after": PAGE,
    "bad": PAGE,
    "warn": PAGE,
    "gone-sign": ["gone", "paper"],
    "new-sign": ["new", "paper"],
}


def luminance(colour):
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_right():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "behind"), [(text, behind) for text, all_ in BEHIND.items() for behind in all_]
)
def test_text_has_contrast(palette, text, behind):
    assert contrast(palette[text], palette[behind]) >= 4.5
