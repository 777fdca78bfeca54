"""The few SVG shapes the drawings are made of, and the colours they use. Attributes only: no style, script or text."""

from __future__ import annotations

from typing import NamedTuple


class Tone(NamedTuple):
    """A colour in three depths."""

    light: str
    main: str
    dark: str


WHITE = Tone("#ffffff", "#eef1f5", "#c7ced8")
GREY = Tone("#cfd6df", "#a9b3c0", "#7d8896")
BLACK = Tone("#6a7382", "#444c59", "#2b313b")
BLUE = Tone("#8bb8ee", "#4a86d4", "#2f5f9f")
RED = Tone("#f2988f", "#db5a50", "#a93d36")
GREEN = Tone("#93d1a4", "#4ba568", "#30774a")
YELLOW = Tone("#fbe08a", "#f2c132", "#c6951a")
ORANGE = Tone("#f9bd84", "#ee8a34", "#b9641d")
BROWN = Tone("#b48763", "#8a5c3c", "#633f27")
WALNUT = Tone("#b58a5f", "#946640", "#6c472a")
OAK = Tone("#ecd0a4", "#d9b27c", "#b18850")
KRAFT = Tone("#e2c7a0", "#c9a674", "#9d7d4f")
PINK = Tone("#f7c1d0", "#ec8fab", "#bf607e")
CYAN = Tone("#8fdcea", "#35b3cc", "#1f8196")
MAGENTA = Tone("#f09ac6", "#d8508f", "#a33468")
PURPLE = Tone("#bba8e6", "#8468c8", "#5e4699")
TEAL = Tone("#8fd3cb", "#3da598", "#28766c")
GLASS = Tone("#eaf6fb", "#c9e6f1", "#8fbdd0")

INK = "#2b313b"
PAPER = "#ffffff"
LINE = "#d5dbe3"

BY_NAME = {
    "黑色": BLACK, "蓝色": BLUE, "红色": RED, "绿色": GREEN, "黄色": YELLOW, "白色": WHITE, "灰色": GREY, "银色": GREY,
    "棕色": BROWN, "胡桃色": WALNUT, "原木色": OAK, "木色": OAK, "牛皮色": KRAFT, "粉色": PINK, "橙色": ORANGE,
    "青色": CYAN, "品红": MAGENTA, "彩色": PURPLE, "透明": GLASS,
}  # fmt: skip
BY_BRAND = {
    "天峰": BLUE, "雪岭": CYAN, "绿洲坊": GREEN, "胡杨木": OAK, "星河数": PURPLE, "驼铃": ORANGE,
    "云杉": TEAL, "戈壁石": GREY, "清泉": CYAN, "瀚海": BLUE, "白桦": GREEN, "暖阳": ORANGE,
}  # fmt: skip


def rect(x: float, y: float, w: float, h: float, fill: str, r: float = 0, more: str = "") -> str:
    """A rectangle with rounded corners."""
    return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{r:g}" fill="{fill}"{more}/>'


def circle(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    """A circle."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}"{more}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    """An ellipse."""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{more}/>'


def poly(points: str, fill: str) -> str:
    """A polygon."""
    return f'<polygon points="{points}" fill="{fill}"/>'


def path(d: str, fill: str) -> str:
    """A filled path."""
    return f'<path d="{d}" fill="{fill}"/>'


def stroke(d: str, colour: str, width: float = 4, more: str = "") -> str:
    """An open path drawn with round ends."""
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
        f'stroke-linecap="round" stroke-linejoin="round"{more}/>'
    )


def turned(angle: float, *shapes: str, x: float = 200, y: float = 200) -> str:
    """Shapes turned around a point."""
    return f'<g transform="rotate({angle:g} {x:g} {y:g})">{"".join(shapes)}</g>'


def moved(dx: float, dy: float, *shapes: str) -> str:
    """Shapes moved."""
    return f'<g transform="translate({dx:g} {dy:g})">{"".join(shapes)}</g>'


def shadow(x: float, y: float, rx: float, ry: float = 12) -> str:
    """The soft ground below an object."""
    return ellipse(x, y, rx, ry, "#1d2a3a", ' fill-opacity="0.12"')


def shine(x: float, y: float, w: float, h: float, r: float = 0, opacity: float = 0.35) -> str:
    """A light reflection."""
    return rect(x, y, w, h, "#ffffff", r, f' fill-opacity="{opacity:g}"')
