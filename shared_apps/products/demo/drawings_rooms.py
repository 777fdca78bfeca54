"""Drawings of office furniture and of electrical appliances."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from .shapes import (
    BLACK,
    BLUE,
    CYAN,
    GREY,
    INK,
    OAK,
    ORANGE,
    PAPER,
    RED,
    WHITE,
    YELLOW,
    Tone,
    circle,
    ellipse,
    path,
    poly,
    rect,
    shadow,
    shine,
    stroke,
)  # fmt: skip


def desk(t: Tone, n: int) -> str:
    return (
        shadow(200, 322, 170) + rect(62, 182, 18, 136, t.dark, 3) + rect(224, 182, 108, 136, t.main)
        + rect(234, 196, 88, 34, t.light, 3) + rect(234, 236, 88, 34, t.light, 3)
        + rect(234, 276, 88, 34, t.light, 3) + "".join(rect(266, y, 24, 6, GREY.dark, 3) for y in (210, 250, 290))
        + rect(80, 190, 144, 54, t.dark)
        + poly("36,166 364,166 330,130 70,130", t.light) + rect(36, 166, 328, 18, t.main, 3)
        + rect(104, 120, 54, 8, GREY.main, 4) + rect(96, 76, 70, 46, BLACK.main, 5)
        + rect(102, 82, 58, 32, BLUE.light, 2)
    )  # fmt: skip


def desk_lift(t: Tone, n: int) -> str:
    tone = OAK if t is WHITE else t
    return (
        shadow(200, 328, 150)
        + "".join(rect(x, 170, 22, 140, GREY.main, 4) + rect(x + 4, 226, 14, 88, GREY.dark, 4) + rect(x - 24, 310,
            70, 12, BLACK.main, 6) for x in (94, 284))
        + stroke("M116 196 H284", GREY.dark, 8) + poly("40,160 360,160 332,126 68,126", tone.light)
        + rect(40, 160, 320, 14, tone.main, 4) + rect(300, 174, 36, 10, BLACK.main, 4)
        + stroke("M200 224 V290 M184 240 L200 222 L216 240 M184 276 L200 294 L216 276", BLUE.main, 7)
    )  # fmt: skip


def table(t: Tone, n: int) -> str:
    chairs = "".join(rect(x, 96, 46, 54, GREY.dark, 12) for x in (76, 144, 212, 280)) if n % 2 == 0 else ""
    return (
        shadow(200, 318, 170) + chairs + poly("86,230 116,230 112,312 92,312", t.dark)
        + poly("284,230 314,230 308,312 288,312", t.dark) + rect(120, 232, 160, 36, t.dark)
        + path("M28 214 L74 146 Q78 140 86 140 H314 Q322 140 326 146 L372 214 Z", t.light)
        + rect(28, 212, 344, 20, t.main, 6) + poly("150,196 250,196 242,162 158,162", t.main)
        + rect(182, 168, 36, 20, PAPER, 2)
    )  # fmt: skip


def coffee_table(t: Tone, n: int) -> str:
    return (
        shadow(200, 306, 160) + "".join(rect(x, 222, 16, 80, t.dark, 4) for x in (78, 306))
        + rect(92, 268, 216, 12, t.main, 4) + poly("44,206 356,206 312,156 88,156", t.light)
        + rect(44, 204, 312, 20, t.main, 6)
        + path("M166 150 h36 l-4 34 q-1 8 -8 8 h-12 q-7 0 -8 -8 Z", PAPER)
        + stroke("M202 158 q16 2 12 14 q-4 8 -14 8", PAPER, 5) + ellipse(184, 152, 16, 4, "#a56b3d")
        + poly("232,192 284,192 276,172 236,172", BLUE.light)
    )  # fmt: skip


def chair(t: Tone, n: int, *, headrest: bool = False) -> str:
    head = rect(154, 44, 92, 30, t.dark, 14) + rect(192, 70, 16, 18, GREY.dark) if headrest else ""
    mesh = stroke("M164 106 H236 M162 128 H238 M162 150 H238 M164 172 H236", t.light, 4)
    return (
        shadow(200, 350, 100) + head + rect(140, 82, 120, 118, t.main, 28) + mesh + rect(192, 194, 16, 40, GREY.dark)
        + stroke("M118 178 H138 M118 178 V232 M282 178 H262 M282 178 V232", BLACK.main, 11)
        + rect(116, 218, 168, 36, t.dark, 18) + rect(116, 214, 168, 24, t.main, 12)
        + rect(191, 252, 18, 54, GREY.main, 5)
        + stroke("M200 306 L128 330 M200 306 L272 330 M200 306 V334", BLACK.main, 11)
        + "".join(circle(x, y, 9, INK) for x, y in ((126, 338), (274, 338), (200, 344)))
    )  # fmt: skip


def chair_fixed(t: Tone, n: int) -> str:
    legs = BLACK.main if t is BLACK else GREY.dark
    return (
        shadow(200, 338, 110)
        + stroke("M134 232 L118 332 M266 232 L282 332 M154 232 L160 312 M246 232 L240 312", legs, 10)
        + stroke("M136 88 L132 232 M264 88 L268 232", legs, 10)
        + rect(134, 72, 132, 104, t.main, 22) + shine(150, 86, 100, 10, 5, 0.25) + rect(116, 214, 168, 34, t.dark, 16)
        + rect(116, 208, 168, 26, t.main, 13)
    )  # fmt: skip


def sofa(t: Tone, n: int) -> str:
    return (
        shadow(200, 300, 174) + rect(62, 276, 18, 20, OAK.dark, 4) + rect(320, 276, 18, 20, OAK.dark, 4)
        + rect(66, 122, 268, 130, t.dark, 26)
        + "".join(rect(76 + i * 84, 134, 80, 82, t.main, 16) for i in range(3))
        + "".join(rect(76 + i * 84, 206, 80, 42, t.light, 14) for i in range(3))
        + rect(40, 178, 46, 104, t.main, 22) + rect(314, 178, 46, 104, t.main, 22)
        + rect(66, 246, 268, 36, t.dark, 10) + rect(92, 158, 52, 52, ORANGE.light if n % 2 else CYAN.light, 10)
    )  # fmt: skip


def armchair(t: Tone, n: int) -> str:
    return (
        shadow(200, 316, 124) + rect(112, 290, 16, 22, OAK.dark, 4) + rect(272, 290, 16, 22, OAK.dark, 4)
        + rect(116, 92, 168, 160, t.dark, 34) + rect(132, 108, 136, 110, t.main, 24)
        + rect(130, 210, 140, 46, t.light, 16) + rect(82, 176, 56, 118, t.main, 26)
        + rect(262, 176, 56, 118, t.main, 26) + rect(116, 252, 168, 44, t.dark, 12) + shine(150, 122, 100, 10, 5, 0.2)
    )  # fmt: skip


def bookcase(t: Tone, n: int) -> str:
    colours = (RED.main, BLUE.main, YELLOW.main, CYAN.dark, ORANGE.main, PAPER, GREY.main)
    books = "".join(
        rect(118 + i * 16, y + 52 - (34 + (i * 7 + s * 5 + n) % 16), 13, 34 + (i * 7 + s * 5 + n) % 16,
            colours[(i + s * 2) % 7], 2)
        for s, y in enumerate((76, 136, 196)) for i in range(10 - s)
    )  # fmt: skip
    return (
        shadow(200, 340, 110) + rect(100, 56, 200, 278, t.main, 6)
        + "".join(rect(112, y, 176, 52, t.dark, 2) for y in (72, 132, 192)) + books
        + rect(112, 256, 84, 68, t.light, 3) + rect(204, 256, 84, 68, t.light, 3)
        + rect(186, 282, 5, 20, GREY.dark, 2) + rect(209, 282, 5, 20, GREY.dark, 2)
    )  # fmt: skip


def cabinet(t: Tone, n: int) -> str:
    glass = "".join(
        rect(x, 78, 76, 96, "#d9edf5", 3)
        + stroke(f"M{x + 8} 126 h60", t.dark, 4)
        + "".join(
            rect(x + 10 + i * 13, y, 10, 34, c, 2)
            for y in (86, 132)
            for i, c in enumerate((BLUE.main, RED.main, BLUE.light, YELLOW.main))
        )
        for x in (116, 208)
    )
    return (
        shadow(200, 342, 110) + rect(100, 58, 200, 276, t.main, 6) + rect(108, 68, 92, 122, t.light, 3)
        + rect(200, 68, 92, 122, t.light, 3) + glass + rect(108, 198, 90, 128, t.light, 3)
        + rect(202, 198, 90, 128, t.light, 3) + rect(184, 246, 7, 28, t.dark, 3) + rect(209, 246, 7, 28, t.dark, 3)
    )  # fmt: skip


def drawers(t: Tone, n: int) -> str:
    return (
        shadow(200, 330, 104) + rect(118, 92, 164, 216, t.main, 8)
        + "".join(rect(128, y, 144, h, t.light, 4) + rect(176, y + 12, 48, 8, t.dark, 4) for y, h in ((102, 52),
            (160, 52), (218, 80)))
        + circle(262, 114, 4, INK) + "".join(circle(x, 318, 10, BLACK.main) for x in (140, 260))
    )  # fmt: skip


def locker(t: Tone, n: int) -> str:
    doors = "".join(
        rect(102 + c * 66, y, 62, 124, t.light, 3)
        + "".join(rect(118 + c * 66, y + 14 + i * 10, 30, 4, t.dark, 2) for i in range(3))
        + rect(150 + c * 66, y + 60, 6, 22, t.dark, 3)
        for y in (68, 198) for c in range(3)
    )  # fmt: skip
    return (
        shadow(200, 344, 116)
        + rect(96, 58, 208, 276, t.main, 6)
        + doors
        + rect(112, 332, 16, 10, t.dark)
        + rect(272, 332, 16, 10, t.dark)
    )


def safe(t: Tone, n: int) -> str:
    spokes = stroke("M174 236 H226 M200 210 V262", GREY.light, 8)
    return (
        shadow(200, 336, 116) + rect(104, 80, 192, 240, t.dark, 12) + rect(118, 94, 164, 212, t.main, 8)
        + rect(160, 112, 80, 60, INK, 8)
        + "".join(circle(176 + c * 16, 128 + r * 16, 5, GREY.light) for r in range(3) for c in range(3))
        + rect(218, 122, 14, 40, "#4ba568", 3)
        + circle(200, 236, 38, t.dark) + spokes + circle(200, 236, 13, GREY.light)
        + rect(104, 130, 8, 40, BLACK.main, 3) + rect(104, 230, 8, 40, BLACK.main, 3)
        + rect(118, 318, 30, 12, BLACK.main) + rect(252, 318, 30, 12, BLACK.main)
    )  # fmt: skip


def _breeze(y: float, tone: Tone) -> str:
    return stroke(
        f"M110 {y} q14 18 0 36 t0 36 M170 {y} q14 18 0 36 t0 36 M230 {y} q14 18 0 36 t0 36 M290 {y} q14 18 0 36 t0 36",
        tone.main,
        6,
        ' stroke-opacity="0.55"',
    )


def ac_wall(t: Tone, n: int) -> str:
    return (
        _breeze(232, CYAN) + rect(44, 112, 312, 104, WHITE.dark, 20) + rect(44, 106, 312, 100, PAPER, 20)
        + rect(44, 168, 312, 6, WHITE.dark) + rect(70, 184, 260, 12, GREY.dark, 6)
        + rect(292, 128, 44, 24, t.light, 6) + circle(304, 140, 4, t.dark) + stroke("M314 140 H328", t.dark, 4)
        + stroke("M66 128 H150", t.main, 5)
    )  # fmt: skip


def ac_floor(t: Tone, n: int) -> str:
    louvre = "".join(rect(152, 88 + i * 15, 96, 7, GREY.main, 3) for i in range(6))
    return (
        shadow(200, 350, 90) + rect(128, 52, 144, 292, WHITE.dark, 24) + rect(128, 48, 138, 290, PAPER, 24)
        + rect(144, 76, 108, 106, GREY.light, 10) + louvre + rect(174, 206, 46, 26, INK, 6)
        + rect(180, 213, 12, 12, CYAN.main, 2) + rect(198, 213, 14, 12, CYAN.main, 2)
        + rect(144, 256, 108, 62, WHITE.main, 8) + rect(194, 256, 8, 62, t.main)
        + stroke("M290 110 q16 16 0 32 t0 32 M316 110 q16 16 0 32 t0 32", CYAN.main, 6, ' stroke-opacity="0.55"')
    )  # fmt: skip


def fan(t: Tone, n: int) -> str:
    blades = "".join(
        f'<ellipse cx="200" cy="104" rx="24" ry="44" fill="{t.main}" fill-opacity="0.85" transform="rotate({a} '
        f'200 146)"/>'
        for a in (0, 120, 240)
    )
    rings = "".join(
        f'<circle cx="200" cy="146" r="{r}" fill="none" stroke="{GREY.main}" stroke-width="{w}"/>'
        for r, w in ((98, 8), (74, 3), (50, 3))
    )
    return (
        shadow(200, 348, 90)
        + rect(192, 240, 16, 90, GREY.dark, 4)
        + rect(182, 262, 36, 30, t.dark, 8)
        + ellipse(200, 336, 76, 14, BLACK.main)
        + circle(200, 146, 98, PAPER, ' fill-opacity="0.6"')
        + blades
        + rings
        + circle(200, 146, 20, t.dark)
    )


def purifier(t: Tone, n: int) -> str:
    holes = "".join(circle(156 + c * 22, 216 + r * 22, 5, GREY.main) for r in range(5) for c in range(5))
    return (
        shadow(200, 340, 100) + rect(120, 80, 160, 252, WHITE.dark, 30) + rect(120, 74, 160, 250, PAPER, 30)
        + ellipse(200, 94, 62, 14, GREY.dark) + ellipse(200, 92, 54, 10, INK)
        + circle(200, 154, 28, t.light) + circle(200, 154, 19, PAPER)
        + stroke("M190 156 Q200 138 210 152 Q204 168 190 156", "#4ba568", 5) + holes
    )  # fmt: skip


def heater(t: Tone, n: int, *, low: bool = False) -> str:
    if low:
        return (
            shadow(200, 306, 160) + rect(50, 168, 300, 108, PAPER, 16) + rect(50, 256, 300, 22, WHITE.dark, 10)
            + rect(72, 188, 256, 40, INK, 8) + stroke("M90 208 H310", ORANGE.main, 9)
            + stroke("M90 208 H310", YELLOW.main, 3)
            + circle(320, 250, 7, RED.main) + rect(86, 276, 40, 14, BLACK.main, 5)
            + rect(274, 276, 40, 14, BLACK.main, 5)
            + stroke("M120 150 q12 -14 0 -28 M200 150 q12 -14 0 -28 M280 150 q12 -14 0 -28", ORANGE.main, 6,
                ' stroke-opacity="0.6"')
        )  # fmt: skip
    fins = "".join(
        rect(86 + i * 34, 112, 28, 180, WHITE.main, 14) + rect(96 + i * 34, 128, 7, 148, WHITE.dark, 3)
        for i in range(6)
    )
    return (
        shadow(200, 326, 140) + fins + rect(290, 128, 40, 150, t.main, 10) + circle(310, 158, 13, PAPER)
        + stroke("M310 158 L317 150", INK, 4) + circle(310, 200, 7, RED.main)
        + "".join(circle(x, 314, 11, BLACK.main) for x in (110, 290)) + rect(96, 294, 212, 12, GREY.dark, 6)
        + stroke("M120 96 q12 -14 0 -28 M190 96 q12 -14 0 -28 M260 96 q12 -14 0 -28", ORANGE.main, 6,
            ' stroke-opacity="0.6"')
    )  # fmt: skip


def dispenser(t: Tone, n: int, *, boiler: bool = False) -> str:
    bottle = (
        path("M158 52 H242 Q254 52 254 64 V128 Q254 146 232 148 H168 Q146 146 146 128 V64 Q146 52 158 52 Z", "#bfe3f2")
        + rect(146, 84, 108, 8, "#9fcfe4")
        + rect(146, 108, 108, 8, "#9fcfe4")
        if not boiler
        else rect(146, 112, 108, 40, GREY.main, 10)
    )
    return (
        shadow(200, 350, 90) + bottle + rect(132, 146, 136, 196, PAPER, 12) + rect(132, 146, 136, 14, t.main, 6)
        + rect(150, 176, 100, 74, WHITE.dark, 8)
        + rect(168, 184, 18, 18, RED.main, 4) + rect(214, 184, 18, 18, BLUE.main, 4)
        + rect(173, 202, 8, 14, GREY.dark) + rect(219, 202, 8, 14, GREY.dark) + rect(158, 240, 84, 8, GREY.dark, 3)
        + rect(150, 266, 100, 64, WHITE.main, 8) + rect(236, 286, 6, 26, GREY.main, 3)
    )  # fmt: skip


def kettle(t: Tone, n: int) -> str:
    return (
        shadow(200, 324, 120) + stroke("M262 138 Q334 138 326 212 Q322 262 272 270", BLACK.main, 16)
        + path("M140 122 H262 L286 286 Q286 296 276 296 H126 Q116 296 116 286 Z", GREY.light)
        + path("M140 122 H172 L156 296 H126 Q116 296 116 286 Z", PAPER)
        + path("M146 132 L92 150 L132 186 Z", GREY.main)
        + path("M138 122 Q142 96 200 94 Q258 96 264 122 Z", BLACK.main) + rect(188, 78, 26, 20, BLACK.main, 8)
        + rect(112, 294, 178, 20, BLACK.main, 10) + rect(224, 168, 14, 86, t.light, 7)
        + rect(224, 206, 14, 48, t.main, 7)
    )  # fmt: skip


def fridge(t: Tone, n: int, *, glass: bool = False, single: bool = False) -> str:
    if glass:
        shelves = "".join(
            rect(136, y, 128, 5, GREY.main)
            + "".join(
                rect(144 + i * 20, y - 30, 14, 30, c, 4)
                for i, c in enumerate((CYAN.main, "#4ba568", CYAN.light, ORANGE.main, CYAN.main, RED.light))
            )
            for y in (136, 192, 248, 300)
        )
        return (
            shadow(200, 346, 96)
            + rect(116, 50, 168, 288, BLACK.main, 12)
            + rect(130, 84, 140, 232, "#e9f6fb", 6)
            + shelves
            + rect(130, 60, 140, 16, t.main, 4)
            + rect(272, 168, 8, 60, GREY.light, 4)
            + shine(138, 90, 14, 220, 5, 0.4)
        )
    split = 150
    return (
        shadow(200, 346, 96) + rect(118, 52, 164, 284, GREY.main, 16) + rect(118, 52, 150, 284, GREY.light, 16)
        + ("" if single else stroke(f"M118 {split} H282", GREY.dark, 5)) + rect(134, split - 56, 9, 42, GREY.dark, 4)
        + rect(134, split + 16, 9, 58, GREY.dark, 4) + rect(218, 74, 36, 18, t.main, 5)
        + rect(132, 334, 24, 10, BLACK.main) + rect(244, 334, 24, 10, BLACK.main) + shine(250, 70, 8, 250, 4, 0.4)
    )  # fmt: skip


DRAWINGS: dict[str, Callable[[Tone, int], str]] = {
    f.__name__: f
    for f in (
        desk, desk_lift, table, coffee_table, chair, chair_fixed, sofa, armchair, bookcase, cabinet, drawers, locker,
        safe, ac_wall, ac_floor, fan, purifier, heater, dispenser, kettle, fridge,
    )
}  # fmt: skip
DRAWINGS |= {
    "heater_low": partial(heater, low=True),
    "chair_head": partial(chair, headrest=True),
    "boiler": partial(dispenser, boiler=True),
    "fridge_glass": partial(fridge, glass=True),
    "fridge_single": partial(fridge, single=True),
}
