"""Drawings of computers, printers, displays and network devices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from .shapes import (
    BLACK,
    GREEN,
    GREY,
    INK,
    LINE,
    ORANGE,
    PAPER,
    RED,
    WHITE,
    YELLOW,
    Tone,
    circle,
    ellipse,
    moved,
    path,
    poly,
    rect,
    shadow,
    shine,
    stroke,
)  # fmt: skip


def _wallpaper(x: float, y: float, w: float, h: float, t: Tone, n: int) -> str:
    """A quiet landscape on a screen: sky, sun and two ranges of hills."""
    sun = x + w * (0.3, 0.5, 0.7)[n % 3]
    return (
        rect(x, y, w, h, t.light) + circle(sun, y + h * 0.38, h * 0.13, "#fff3cf")
        + poly(f"{x:g},{y + h:g} {x:g},{y + h * 0.7:g} {x + w * 0.28:g},{y + h * 0.42:g} "
            f"{x + w * 0.55:g},{y + h * 0.8:g} "
               f"{x + w * 0.78:g},{y + h * 0.5:g} {x + w:g},{y + h * 0.74:g} {x + w:g},{y + h:g}", t.main)
        + poly(f"{x:g},{y + h:g} {x:g},{y + h * 0.86:g} {x + w * 0.4:g},{y + h * 0.72:g} "
            f"{x + w:g},{y + h * 0.9:g} {x + w:g},{y + h:g}", t.dark)
    )  # fmt: skip


def _display(x: float, y: float, w: float, h: float, t: Tone, n: int, frame: str = BLACK.main) -> str:
    return rect(x, y, w, h, frame, 8) + _wallpaper(x + 8, y + 8, w - 16, h - 22, t, n)


def _keyboard(x: float, y: float, w: float) -> str:
    rows = "".join(
        stroke(f"M{x + 12 + i * 3:g} {y + 9 + i * 8} H{x + w - 12 - i * 3:g}", GREY.dark, 3, ' stroke-dasharray="7 6"')
        for i in range(2)
    )
    return rect(x, y, w, 26, BLACK.light, 7) + rows


def desktop_tower(t: Tone, n: int) -> str:
    front = (
        rect(292, 104, 62, 202, BLACK.main, 8)
        + rect(300, 118, 46, 8, BLACK.light, 4)
        + rect(300, 134, 46, 8, BLACK.light, 4)
    )
    grill = "".join(rect(304, 200 + i * 14, 38, 6, BLACK.dark, 3) for i in range(6))
    return (
        shadow(200, 318, 160) + front + grill + circle(323, 168, 9, t.main) + circle(323, 168, 4, t.light)
        + rect(140, 244, 40, 34, GREY.dark) + rect(112, 272, 96, 10, GREY.main, 5) + _display(46, 96, 230, 154, t, n)
        + _keyboard(62, 292, 160) + ellipse(252, 306, 13, 16, BLACK.light) + stroke("M252 294 V302", t.light, 3)
    )  # fmt: skip


def desktop_aio(t: Tone, n: int) -> str:
    return (
        shadow(200, 322, 140) + path("M176 262 H224 L236 292 H164 Z", GREY.main) + rect(146, 288, 108, 10, GREY.dark, 5)
        + rect(64, 78, 272, 192, PAPER, 12) + rect(74, 88, 252, 152, INK, 4) + _wallpaper(76, 90, 248, 148, t, n)
        + circle(200, 255, 6, t.main)
        + moved(0, 6, rect(98, 300, 164, 22, WHITE.dark, 7), stroke("M112 308 H248 M116 315 H244", PAPER, 3,
            ' stroke-dasharray="7 6"'), ellipse(292, 310, 13, 15, WHITE.dark))
    )  # fmt: skip


def desktop_mini(t: Tone, n: int) -> str:
    return (
        shadow(200, 318, 150) + rect(138, 250, 40, 30, GREY.dark) + rect(110, 274, 96, 10, GREY.main, 5)
        + _display(50, 92, 218, 162, t, n)
        + rect(284, 222, 76, 76, BLACK.main, 10) + rect(284, 222, 76, 14, BLACK.light, 7)
        + circle(302, 274, 7, t.main) + rect(318, 268, 30, 5, BLACK.dark)
        + rect(318, 278, 30, 5, BLACK.dark) + _keyboard(70, 294, 170)
    )  # fmt: skip


def laptop(t: Tone, n: int) -> str:
    body = (GREY, BLACK)[n % 2]
    return (
        shadow(200, 306, 170) + rect(84, 94, 232, 166, body.dark, 12) + _wallpaper(94, 104, 212, 138, t, n)
        + circle(200, 99, 2.5, body.light)
        + path("M56 262 H344 L364 290 Q364 300 354 300 H46 Q36 300 36 290 Z", body.main)
        + path("M56 262 H344 L350 270 H50 Z", body.light)
        + stroke("M86 274 H314 M80 281 H320", body.dark, 4, ' stroke-dasharray="12 5"')
        + path("M164 288 H236 L240 297 H160 Z", body.dark)
    )  # fmt: skip


def tablet(t: Tone, n: int) -> str:
    icons = "".join(
        rect(140 + c * 36, 226 + r * 34, 24, 24, tone, 7)
        for r in range(2)
        for c, tone in enumerate((PAPER, YELLOW.light, t.light, ORANGE.light))
    )
    return (
        shadow(204, 334, 110) + rect(108, 66, 184, 260, BLACK.main, 18) + _wallpaper(120, 80, 160, 232, t, n) + icons
        + circle(200, 73, 2.5, GREY.main)
        + moved(6, 0, rect(306, 96, 12, 190, GREY.main, 6), poly("306,280 318,280 312,300", GREY.dark), rect(306,
            116, 12, 12, t.main))
    )  # fmt: skip


def _sheet(x: float, y: float, w: float, h: float, colour: str = LINE) -> str:
    return rect(x, y, w, h, PAPER, 3) + stroke(
        f"M{x + 14:g} {y + 16:g} h{w - 28:g} M{x + 14:g} {y + 30:g} h{w - 46:g}", colour, 5
    )


def printer(t: Tone, n: int) -> str:
    body = WHITE if n % 2 else BLACK
    return (
        shadow(200, 316, 150) + poly("134,150 266,150 256,84 144,84", PAPER)
        + stroke("M160 106 H240 M158 124 H226", LINE, 5)
        + rect(70, 146, 260, 152, body.main, 18)
        + rect(70, 146, 260, 46, body.light if body is BLACK else WHITE.dark, 18) + rect(112, 220, 176, 20, INK, 6)
        + _sheet(128, 228, 144, 58, t.main) + rect(268, 160, 40, 16, t.main, 5) + circle(252, 168, 6, GREEN.main)
        + rect(90, 262, 220, 8, body.dark, 4)
        + rect(96, 294, 208, 16, body.dark, 6)
    )  # fmt: skip


def mfp(t: Tone, n: int) -> str:
    return (
        shadow(200, 320, 150) + rect(82, 96, 236, 34, WHITE.dark, 10) + rect(96, 82, 150, 22, GREY.light, 8)
        + rect(74, 126, 252, 176, WHITE.main, 16)
        + rect(74, 126, 252, 14, GREY.main) + rect(224, 146, 86, 40, BLACK.main, 8)
        + rect(232, 152, 44, 28, t.light, 4) + circle(294, 166, 8, GREEN.main)
        + rect(108, 210, 170, 18, INK, 6) + _sheet(122, 216, 142, 50, t.main) + rect(74, 270, 252, 40, t.main, 8)
        + rect(168, 284, 64, 10, t.dark, 5)
    )  # fmt: skip


def copier(t: Tone, n: int) -> str:
    trays = "".join(
        rect(92, 232 + i * 34, 206, 28, WHITE.main if i % 2 else "#f7f9fb", 4)
        + rect(172, 242 + i * 34, 48, 8, GREY.main, 4)
        for i in range(3)
    )
    return (
        shadow(200, 348, 130) + rect(96, 60, 210, 30, WHITE.dark, 8) + rect(88, 86, 226, 62, WHITE.main, 8)
        + rect(236, 94, 66, 34, BLACK.main, 6)
        + rect(242, 99, 40, 24, t.light, 3) + rect(104, 146, 186, 30, INK, 4) + _sheet(120, 150, 120, 40, t.main)
        + rect(88, 172, 214, 168, WHITE.dark, 8)
        + rect(88, 186, 214, 38, t.main, 4) + trays + circle(112, 344, 7, BLACK.main) + circle(280, 344, 7, BLACK.main)
    )  # fmt: skip


def inkjet(t: Tone, n: int) -> str:
    inks = "".join(
        rect(232 + i * 20, 226, 15, 54, GREY.light, 4) + rect(232 + i * 20, 240 + i * 5, 15, 40 - i * 5, c, 4)
        for i, c in enumerate((INK, "#35b3cc", "#d8508f", "#f2c132"))
    )
    return (
        shadow(200, 310, 150) + poly("124,152 236,152 228,90 132,90", PAPER)
        + stroke("M150 110 H214 M148 128 H200", LINE, 5) + rect(62, 148, 276, 146, BLACK.main, 16)
        + rect(62, 148, 276, 40, BLACK.light, 16) + rect(222, 216, 100, 72, BLACK.dark, 8) + inks
        + rect(84, 226, 122, 14, INK, 5) + _sheet(94, 230, 102, 58, t.main)
        + rect(84, 160, 46, 16, t.main, 4) + circle(150, 168, 6, GREEN.main)
    )  # fmt: skip


def dotmatrix(t: Tone, n: int) -> str:
    holes = "".join(circle(x, y, 3, GREY.main) for x in (128, 272) for y in range(66, 180, 16))
    return (
        shadow(200, 308, 160) + rect(118, 54, 164, 140, PAPER) + holes
        + stroke("M148 84 H252 M148 104 H252 M148 124 H220", t.light, 5)
        + rect(56, 176, 288, 112, WHITE.main, 14) + rect(56, 176, 288, 26, GREY.main, 10)
        + rect(96, 184, 208, 10, INK, 5) + rect(80, 224, 130, 40, WHITE.dark, 8)
        + circle(262, 244, 9, t.main) + circle(288, 244, 9, GREEN.main) + circle(314, 244, 9, GREY.main)
        + rect(70, 284, 260, 14, GREY.dark, 6) + rect(336, 212, 18, 34, GREY.dark, 6)
    )  # fmt: skip


def scanner(t: Tone, n: int, *, fed: bool = False) -> str:
    if fed:
        return (
            shadow(200, 312, 140) + poly("136,170 264,170 292,72 164,72", PAPER)
            + stroke("M184 98 H262 M178 120 H240", LINE, 5) + path("M92 168 H308 L324 262 H76 Z", WHITE.main)
            + path("M92 168 H308 L311 186 H89 Z", GREY.main) + rect(270, 206, 26, 26, t.main, 13)
            + poly("108,262 292,262 316,302 84,302", PAPER) + stroke("M130 278 H250", t.main, 5)
            + rect(76, 252, 248, 16, GREY.dark, 6)
        )  # fmt: skip
    return (
        shadow(200, 306, 160) + poly("80,210 320,210 300,90 100,90", BLACK.light)
        + poly("96,202 304,202 288,100 112,100", WHITE.main)
        + rect(58, 206, 284, 78, WHITE.main, 12) + rect(82, 214, 236, 34, t.light, 4)
        + rect(82, 228, 236, 5, GREEN.main) + circle(306, 266, 8, t.main) + rect(78, 280, 244, 14, GREY.dark, 6)
    )  # fmt: skip


def projector(t: Tone, n: int) -> str:
    vents = "".join(rect(262 + i * 14, 206, 6, 46, GREY.dark, 3) for i in range(4))
    return (
        poly("128,204 128,252 30,330 10,120", "#fff3cf") + shadow(224, 304, 140)
        + rect(92, 168, 260, 112, WHITE.main, 20) + rect(92, 168, 260, 30, WHITE.dark, 15)
        + circle(150, 232, 46, GREY.dark) + circle(150, 232, 36, INK) + circle(150, 232, 24, t.main)
        + circle(140, 222, 8, t.light) + vents + circle(226, 218, 5, GREEN.main)
        + rect(212, 240, 30, 8, t.main, 4) + rect(120, 278, 30, 16, BLACK.main, 5)
        + rect(294, 278, 30, 16, BLACK.main, 5)
    )  # fmt: skip


def screen(t: Tone, n: int, *, standing: bool = False) -> str:
    legs = (
        stroke("M200 280 V330 M200 318 L150 344 M200 318 L250 344", GREY.dark, 7)
        if standing
        else stroke("M88 52 V72 M312 52 V72", GREY.dark, 6)
    )
    return (
        (shadow(200, 350, 110) if standing else "") + legs + rect(52, 68, 296, 24, GREY.main, 10)
        + rect(66, 90, 268, 180, INK) + rect(74, 96, 252, 166, PAPER) + rect(62, 264, 276, 12, GREY.dark, 6)
        + _wallpaper(112, 128, 176, 100, t, n)
    )  # fmt: skip


def panel(t: Tone, n: int) -> str:
    return (
        shadow(200, 350, 110) + rect(118, 256, 10, 84, GREY.dark) + rect(272, 256, 10, 84, GREY.dark)
        + rect(100, 334, 200, 10, GREY.main, 5)
        + stroke("M128 306 H272", GREY.main, 8) + rect(42, 72, 316, 196, BLACK.main, 10)
        + rect(52, 82, 296, 170, "#27475f") + stroke("M84 214 Q120 120 160 180 T236 150", YELLOW.main, 6)
        + rect(250, 104, 76, 54, t.light, 6) + stroke("M264 124 H312 M264 140 H296", t.dark, 5)
        + circle(94, 112, 12, RED.main) + rect(120, 104, 92, 14, PAPER, 7) + circle(200, 260, 4, t.main)
    )  # fmt: skip


def board(t: Tone, n: int) -> str:
    bars = "".join(
        rect(116 + i * 34, 232 - h, 20, h, c, 3)
        for i, (h, c) in enumerate(((40, t.light), (66, t.main), (52, t.light), (92, t.dark)))
    )
    return (
        shadow(200, 348, 116) + stroke("M110 270 L88 344 M290 270 L312 344", GREY.dark, 9)
        + rect(50, 70, 300, 204, GREY.main, 10) + rect(62, 82, 276, 180, PAPER, 4)
        + bars + stroke("M104 234 H262", GREY.dark, 5) + stroke("M274 134 L288 148 L316 112", RED.main, 7)
        + rect(130, 270, 140, 14, GREY.dark, 5) + rect(156, 262, 46, 9, t.main, 4)
    )  # fmt: skip


def monitor(t: Tone, n: int) -> str:
    wide = 150 if n % 3 == 0 else 134
    return (
        shadow(200, 326, 100) + path("M182 256 H218 L226 308 H174 Z", GREY.main) + rect(140, 304, 120, 12, GREY.dark, 6)
        + rect(200 - wide, 84, wide * 2, 182, BLACK.main, 10) + _wallpaper(210 - wide, 94, wide * 2 - 20, 152, t, n)
        + circle(200, 256, 4, GREEN.main)
    )  # fmt: skip


def router(t: Tone, n: int) -> str:
    ports = "".join(
        rect(90 + i * 34, 246, 24, 20, INK, 3) + rect(96 + i * 34, 246, 12, 5, YELLOW.main) for i in range(5)
    )
    lights = "".join(
        circle(96 + i * 22, 218, 5, (GREEN.main, GREEN.main, ORANGE.main, GREEN.main)[i]) for i in range(4)
    )
    return (
        shadow(200, 296, 160) + poly("58,196 342,196 306,150 94,150", BLACK.light)
        + rect(58, 194, 284, 88, BLACK.main, 10) + lights + ports + rect(274, 216, 48, 12, t.main, 6)
        + rect(86, 280, 34, 10, BLACK.dark, 4) + rect(280, 280, 34, 10, BLACK.dark, 4)
    )  # fmt: skip


def router_wifi(t: Tone, n: int) -> str:
    body = WHITE if n % 2 else BLACK
    antennas = "".join(rect(x, 82, 14, 160, body.dark, 7) + rect(x, 82, 14, 40, t.main, 7) for x in (84, 152, 234, 302))
    waves = stroke("M176 96 Q200 74 224 96 M162 78 Q200 44 238 78", t.main, 6)
    lights = "".join(circle(150 + i * 26, 262, 5, GREEN.main if i < 3 else GREY.main) for i in range(5))
    return (
        shadow(200, 304, 160)
        + antennas
        + waves
        + path("M70 220 H330 L344 280 Q344 292 332 292 H68 Q56 292 56 280 Z", body.main)
        + path("M70 220 H330 L334 238 H66 Z", body.light if body is BLACK else GREY.light)
        + lights
    )


def ap(t: Tone, n: int, *, panel: bool = False) -> str:
    if panel:
        return (
            shadow(200, 320, 90) + rect(112, 92, 176, 216, WHITE.dark, 20) + rect(112, 88, 176, 212, WHITE.main, 20)
            + stroke("M168 172 Q200 142 232 172 M150 150 Q200 102 250 150", t.main, 8)
            + circle(200, 196, 9, t.main) + rect(146, 238, 44, 36, INK, 4) + rect(210, 238, 44, 36, INK, 4)
            + rect(158, 238, 20, 8, YELLOW.main) + rect(222, 238, 20, 8, YELLOW.main)
        )  # fmt: skip
    return (
        shadow(200, 318, 120) + ellipse(200, 214, 138, 96, WHITE.dark) + ellipse(200, 200, 138, 96, WHITE.main)
        + ellipse(200, 194, 104, 70, PAPER) + ellipse(200, 194, 56, 36, "#f3f6fa")
        + stroke("M172 190 Q200 164 228 190 M156 174 Q200 134 244 174", t.main, 7) + circle(200, 208, 8, t.main)
    )  # fmt: skip


def switch(t: Tone, n: int) -> str:
    columns = (5, 8, 10)[n % 3]
    step = 210 / columns
    ports = "".join(
        rect(84 + c * step, y, step - 5, 20, INK, 2)
        + rect(84 + c * step + step / 2 - 6, y - 7, 6, 4, GREEN.main if (c + r) % 3 else ORANGE.main)
        for r, y in enumerate((216, 250)) for c in range(columns)
    )  # fmt: skip
    body = (BLACK, GREY)[n % 2]
    return (
        shadow(200, 300, 170) + poly("40,196 360,196 318,154 82,154", body.light)
        + rect(40, 194, 320, 92, body.main, 6) + ports + rect(304, 212, 40, 12, t.main, 4)
        + rect(304, 250, 18, 20, BLACK.dark, 3) + rect(326, 250, 18, 20, BLACK.dark, 3)
        + circle(60, 222, 5, GREEN.main) + circle(60, 242, 5, t.main)
    )  # fmt: skip


def transceiver(t: Tone, n: int) -> str:
    one = (
        rect(86, 176, 150, 84, BLACK.main, 8) + rect(86, 176, 150, 20, BLACK.light, 8)
        + rect(104, 212, 32, 28, INK, 3) + rect(112, 212, 16, 6, YELLOW.main) + rect(154, 216, 18, 20, t.main, 3)
        + rect(178, 216, 18, 20, t.main, 3) + circle(216, 218, 5, GREEN.main) + circle(216, 234, 5, ORANGE.main)
    )  # fmt: skip
    return (
        shadow(206, 312, 150)
        + moved(86, -56, one)
        + stroke("M250 170 Q330 260 250 300 Q200 322 164 296", YELLOW.main, 7)
        + moved(-22, 36, one)
    )


def cable(t: Tone, n: int, *, boxed: bool = False) -> str:
    plug = rect(0, 0, 40, 30, "#dff1f8", 4) + rect(6, 4, 28, 10, YELLOW.main) + rect(-22, 4, 26, 22, t.dark, 6)
    if boxed:
        return (
            shadow(200, 316, 130) + poly("84,150 270,150 322,112 136,112", "#dbb98a")
            + rect(84, 148, 186, 156, "#c99f68", 4) + poly("270,148 322,112 322,266 270,304", "#a77f4b")
            + f'<circle cx="177" cy="226" r="52" fill="{PAPER}"/>'
            + f'<circle cx="177" cy="226" r="38" fill="none" stroke="{t.main}" stroke-width="18"/>'
            + stroke("M214 232 Q276 250 292 306 Q298 330 330 326", t.main, 9)
        )  # fmt: skip
    rings = "".join(
        f'<ellipse cx="200" cy="{184 + i * 4}" rx="{104 - i * 9}" ry="{92 - i * 8}" fill="none" stroke="{c}" '
        f'stroke-width="11"/>'
        for i, c in enumerate((t.dark, t.main, t.light, t.main))
    )
    return (
        shadow(200, 320, 130)
        + rings
        + stroke("M284 240 Q310 290 282 310 M116 240 Q90 286 120 304", t.main, 10)
        + moved(282, 296, plug)
        + moved(130, 292, plug)
    )


def rack(t: Tone, n: int) -> str:
    units = "".join(
        rect(136, 100 + i * 38, 128, 28, BLACK.light if i % 2 else BLACK.dark, 4)
        + circle(150, 114 + i * 38, 4, GREEN.main)
        + circle(164, 114 + i * 38, 4, t.light)
        + rect(182, 110 + i * 38, 68, 7, GREY.dark, 3)
        for i in range(5)
    )
    return (
        shadow(200, 346, 110) + rect(108, 66, 184, 266, BLACK.main, 10) + rect(122, 84, 156, 224, INK, 6) + units
        + shine(262, 84, 12, 224, 4, 0.18) + rect(284, 186, 8, 34, GREY.main, 4)
        + circle(132, 338, 8, BLACK.dark) + circle(268, 338, 8, BLACK.dark)
    )  # fmt: skip


DRAWINGS: dict[str, Callable[[Tone, int], str]] = {
    f.__name__: f
    for f in (
        desktop_tower, desktop_aio, desktop_mini, laptop, tablet, printer, mfp, copier, inkjet, dotmatrix, scanner,
        projector, screen, panel, board, monitor, router, router_wifi, ap, switch, transceiver, cable, rack,
    )
}  # fmt: skip
DRAWINGS |= {
    "scanner_feed": partial(scanner, fed=True),
    "screen_stand": partial(screen, standing=True),
    "ap_panel": partial(ap, panel=True),
    "cable_box": partial(cable, boxed=True),
}
