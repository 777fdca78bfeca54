"""Draws the picture of a demonstration product: a flat SVG made of shapes only.

A picture has no text, script, style sheet or reference to anything outside itself, so that it is safe to serve as it is
under the strictest content policy. It depends on the row alone: the same row gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape
from zlib import crc32

from . import drawings_care, drawings_devices, drawings_rooms, drawings_supplies
from .shapes import BLUE, BY_BRAND, BY_NAME, Tone

SIZE = 400
ELEMENTS = frozenset({"svg", "title", "g", "rect", "circle", "ellipse", "path", "polygon"})
DRAWINGS: dict[str, Callable[[Tone, int], str]] = {
    **drawings_supplies.DRAWINGS,
    **drawings_care.DRAWINGS,
    **drawings_devices.DRAWINGS,
    **drawings_rooms.DRAWINGS,
}
GROUNDS = {
    "C-01": ("#eef4fb", "#f3f1fb", "#eef8f3"), "C-02": ("#fdf5e8", "#f2f6fc", "#fbeff1"),
    "C-03": ("#eef1f6", "#f6f1ea", "#ecf5f6"), "C-04": ("#eaf1fa", "#eef0fa", "#e9f5f4"),
    "C-05": ("#eef0fa", "#eaf4f7", "#f5f0ea"), "C-06": ("#eaf4f4", "#eef2f8", "#f6f2ea"),
    "C-07": ("#f1eef8", "#eaf2f8", "#f4f3ea"), "C-08": ("#f2f1e6", "#eaf2ee", "#eef1f7"),
    "C-09": ("#e4f2f8", "#f9efe4", "#e9f4ee"), "C-10": ("#e8f6f1", "#eaf3fb", "#f7f5e6"),
    "C-11": ("#e9eff8", "#edf5f0", "#f2eef7"), "C-12": ("#e9eef2", "#eef3e8", "#f1edf3"),
}  # fmt: skip


def draw(product_row: Mapping[str, str]) -> str:
    """The picture of one row of products.csv as a self-contained SVG document.

    Raises KeyError for a picture kind nobody has drawn: a product without a picture is a mistake of ours.
    """
    seed = crc32(product_row["code"].encode())
    drawing = DRAWINGS[product_row["picture"]]
    ground = GROUNDS[product_row["catalogue_category"]][seed % 3]
    serial = int(product_row["code"][-3:])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" '
        f'role="img">'
        f"<title>{escape(product_row['title_zh'])}（示意图）</title>"
        f'<rect width="{SIZE}" height="{SIZE}" fill="{ground}"/>'
        f'<circle cx="200" cy="196" r="164" fill="#ffffff" fill-opacity="0.4"/>'
        f"{drawing(_tone(product_row), serial)}</svg>"
    )


def _tone(product_row: Mapping[str, str]) -> Tone:
    """The product's own colour where it names one, else its brand's."""
    colour = json.loads(product_row["attributes"]).get("colour", "")
    return BY_NAME.get(colour) or BY_BRAND.get(product_row["brand"], BLUE)
