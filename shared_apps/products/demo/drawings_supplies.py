"""Drawings of paper, stationery and printing supplies: each takes a tone and the number of its variation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from .shapes import (
    BLACK,
    GLASS,
    GREY,
    INK,
    KRAFT,
    LINE,
    OAK,
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
    turned,
)  # fmt: skip


def paper(t: Tone, n: int) -> str:
    h = 78 + n % 3 * 12
    top = 300 - h
    ream = poly(f"70,{top} 250,{top} 330,{top - 70} 150,{top - 70}", t.light)
    sheets = "".join(stroke(f"M70 {y} H250 L330 {y - 70}", LINE, 1.5) for y in range(top + 12, 296, 10))
    band = poly(f"130,{top} 185,{top} 265,{top - 70} 210,{top - 70}", PAPER) + rect(130, top, 55, h, t.main)
    return (
        shadow(205, 304, 150)
        + rect(70, top, 180, h, PAPER) + poly(f"250,{top} 330,{top - 70} 330,230 250,300", "#e3e8ee") + sheets
        + ream + band + circle(157, top + h / 2, 17, PAPER) + circle(157, top + h / 2, 9, t.dark)
        + poly(f"96,{top - 8} 226,{top - 8} 290,{top - 64} 160,{top - 64}", PAPER)
        + stroke(f"M135 {top - 22} H215", t.main, 5) + stroke(f"M152 {top - 36} H232", LINE, 4)
    )  # fmt: skip


def _one_pen(t: Tone) -> str:
    return (
        rect(184, 60, 32, 210, t.main, 12) + rect(184, 60, 32, 70, t.dark, 12) + rect(212, 70, 8, 76, GREY.dark, 4)
        + shine(190, 80, 7, 180, 3) + rect(184, 232, 32, 34, BLACK.main)
        + poly("186,266 214,266 203,312 197,312", GREY.light)
        + circle(200, 314, 4, INK)
    )  # fmt: skip


def pen(t: Tone, n: int) -> str:
    return shadow(200, 326, 130) + "".join(
        turned(angle, _one_pen(t), y=330) for angle in ((-24, 0, 24) if n % 2 else (-18, 16))
    )


def marker(t: Tone, n: int) -> str:
    body = (
        rect(176, 96, 48, 176, GREY.light, 10) + rect(176, 166, 48, 70, t.main) + rect(180, 52, 40, 70, t.main, 10)
        + rect(180, 108, 40, 14, t.dark) + poly("184,272 216,272 210,300 190,300", BLACK.main)
        + rect(192, 298, 16, 20, t.dark, 5) + shine(183, 104, 8, 160, 4)
    )  # fmt: skip
    return shadow(200, 326, 130) + "".join(turned(a, body, y=330) for a in ((-22, 2, 24) if n % 2 else (-14, 18)))


def pencil(t: Tone, n: int) -> str:
    tones = (t, RED, YELLOW) if n % 2 else (YELLOW, t)
    parts = []
    for angle, tone in zip((-20, 2, 22), tones, strict=False):
        parts.append(
            turned(
                angle,
                rect(184, 86, 32, 180, tone.main), rect(184, 86, 11, 180, tone.light), rect(206, 86, 10, 180,
                    tone.dark),
                rect(184, 66, 32, 24, GREY.main), rect(184, 48, 32, 24, "#f3a6b4", 8),
                poly("184,266 216,266 200,318", OAK.light), poly("195,302 205,302 200,318", INK), y=330,
            )
        )  # fmt: skip
    return shadow(200, 326, 120) + "".join(parts)


def notebook(t: Tone, n: int) -> str:
    rings = "".join(rect(94, y, 30, 8, GREY.main, 4) for y in range(96, 300, 26)) if n % 2 else ""
    spine = "" if n % 2 else rect(106, 72, 26, 250, t.dark, 6)
    strap = rect(262, 72, 14, 250, t.dark) if n % 2 == 0 else ""
    return (
        shadow(206, 328, 120) + rect(116, 80, 186, 246, PAPER, 8) + rect(112, 76, 186, 246, LINE, 8)
        + rect(106, 72, 186, 250, t.main, 8) + spine + rings + rect(154, 118, 100, 46, PAPER, 6)
        + stroke("M168 134 H240 M168 149 H218", t.main, 4) + strap
    )  # fmt: skip


def sticky(t: Tone, n: int) -> str:
    size = 170 if n % 2 else 190
    pads = "".join(
        turned(-6, rect(100 + i * 6, 112 + i * 6, size, size, c, 4))
        for i, c in enumerate((t.dark, t.main, t.light))
    )  # fmt: skip
    return (
        shadow(205, 318, 120) + pads
        + turned(-6, stroke("M140 180 H250 M140 206 H230 M140 232 H244", t.dark, 5),
                 path("M250 306 Q280 300 302 270 L302 306 Z", PAPER))
    )  # fmt: skip


def folder(t: Tone, n: int) -> str:
    sheets = rect(116, 92, 180, 200, PAPER, 4) + stroke("M136 122 H276 M136 144 H276 M136 166 H240", LINE, 5)
    ring = (
        rect(186, 180, 28, 60, GREY.main, 6) + circle(200, 210, 8, PAPER) if n % 2 else rect(150, 200, 90, 40, PAPER, 5)
    )
    return (
        shadow(204, 322, 130)
        + path("M84 110 q0 -12 12 -12 h60 l16 20 h132 q12 0 12 12 v176 q0 12 -12 12 H96 q-12 0 -12 -12 Z", t.dark)
        + sheets + path("M76 160 q0 -12 12 -12 h226 q12 0 12 12 l-10 148 q-1 10 -12 10 H100 q-11 0 -12 -10 Z", t.main)
        + ring + shine(92, 156, 220, 8, 4)
    )  # fmt: skip


def box(t: Tone, n: int) -> str:
    def one(x: float, tone: Tone) -> str:
        return (
            poly(f"{x},96 {x + 60},96 {x + 92},70 {x + 32},70", tone.light) + rect(x, 96, 60, 220, tone.main)
            + poly(f"{x + 60},96 {x + 92},70 {x + 92},290 {x + 60},316", tone.dark)
            + rect(x + 12, 120, 36, 76, PAPER, 4)
            + stroke(f"M{x + 20} 138 h20 M{x + 20} 154 h20", LINE, 4) + circle(x + 30, 266, 13, PAPER)
            + circle(x + 30, 266, 7, tone.dark)
        )  # fmt: skip

    return shadow(205, 320, 140) + one(86, t) + one(154, t) + one(222, t)


def envelope(t: Tone, n: int) -> str:
    return (
        shadow(200, 326, 110) + moved(14, -8, rect(104, 84, 190, 236, t.dark, 6)) + rect(104, 84, 190, 236, t.main, 6)
        + path("M104 90 q0 -6 6 -6 h178 q6 0 6 6 v44 L199 190 L104 134 Z", t.light)
        + circle(199, 178, 13, RED.main) + circle(199, 214, 13, RED.main) + stroke("M199 178 V214", PAPER, 3)
        + stroke("M132 262 H266 M132 286 H230", t.dark, 4)
    )  # fmt: skip


def stapler(t: Tone, n: int) -> str:
    lift = 8 if n % 2 else 0
    return (
        shadow(202, 296, 140) + path("M70 270 h262 q12 0 12 12 v8 H62 v-10 q0 -10 8 -10 Z", t.dark)
        + rect(96, 244, 220, 14, GREY.main, 4) + rect(288, 236, 34, 38, BLACK.main, 5)
        + turned(-8 - lift, path("M78 236 q0 -44 50 -48 l150 -2 q44 2 48 40 l2 22 H86 q-8 0 -8 -12 Z", t.main),
                 path("M112 206 q6 -10 24 -11 h132 q18 1 26 11 Z", t.light), x=318, y=256)
    )  # fmt: skip


def _clip(x: float, y: float, tone: Tone) -> str:
    return stroke(
        f"M{x + 10} {y + 30} v44 a12 12 0 0 0 24 0 v-60 a20 20 0 0 0 -40 0 v62 a28 28 0 0 0 46 20", tone.main, 6
    )


def clips(t: Tone, n: int, *, staples: bool = False) -> str:
    row = "".join(rect(110 + i * 15, 232, 12, 30, GREY.light, 2) for i in range(12))
    inside = (
        row
        if staples
        else "".join(turned(a, _clip(x, 158, t), x=x, y=210) for x, a in ((140, -20), (190, 10), (240, 24)))
    )
    return (
        shadow(202, 312, 140) + poly("78,232 322,232 300,176 100,176", KRAFT.light) + inside
        + rect(78, 240, 244, 70, RED.main if staples else t.dark, 8) + rect(130, 258, 140, 34, PAPER, 6)
        + stroke("M146 275 H254", t.main, 5)
    )  # fmt: skip


def binder_clip(t: Tone, n: int) -> str:
    def one(dx: float, dy: float, tone: Tone) -> str:
        return moved(
            dx, dy, stroke("M168 196 C150 130 160 90 200 90 C240 90 250 130 232 196", GREY.main, 7),
            poly("128,270 272,270 240,190 160,190", tone.main), poly("160,190 240,190 234,204 166,204", tone.light),
            rect(122, 266, 156, 16, tone.dark, 8),
        )  # fmt: skip

    second = RED if t is not BLACK else t
    return shadow(200, 314, 130) + one(-54, -24, t if n % 2 else second) + one(48, 24, t)


def scissors(t: Tone, n: int) -> str:
    blade = path("M192 40 q16 60 18 168 h-22 q-8 -90 4 -168 Z", GREY.light)
    handle = f'<ellipse cx="170" cy="282" rx="34" ry="46" fill="none" stroke="{t.main}" stroke-width="20"/>'
    other = f'<ellipse cx="230" cy="282" rx="34" ry="46" fill="none" stroke="{t.dark}" stroke-width="20"/>'
    return (
        shadow(200, 342, 96) + turned(13, blade, rect(186, 190, 24, 50, t.main, 8), y=205)
        + turned(-13, path("M208 40 q-16 60 -18 168 h22 q8 -90 -4 -168 Z", GREY.main), rect(190, 190, 24, 50, t.dark,
            8), y=205)
        + handle + other + circle(200, 206, 9, BLACK.main)
    )  # fmt: skip


def glue(t: Tone, n: int) -> str:
    return (
        shadow(200, 328, 96) + rect(150, 150, 100, 176, YELLOW.main, 14) + rect(150, 200, 100, 74, PAPER)
        + stroke("M172 224 H228 M172 246 H214", YELLOW.dark, 6) + rect(162, 96, 76, 60, WHITE.main, 10)
        + rect(150, 146, 100, 18, YELLOW.dark, 6) + shine(162, 168, 12, 148, 6)
        + moved(96, 34, rect(150, 226, 62, 66, RED.main, 10), rect(158, 236, 10, 46, RED.light, 5))
    )  # fmt: skip


def tape(t: Tone, n: int) -> str:
    return (
        shadow(200, 316, 128) + path("M226 90 h90 v16 h-60 Z", KRAFT.light) + circle(190, 204, 112, KRAFT.main)
        + circle(190, 204, 104, KRAFT.light) + circle(190, 204, 66, KRAFT.dark) + circle(190, 204, 58, PAPER)
        + stroke("M118 150 A92 92 0 0 1 180 112", PAPER, 8)
    )  # fmt: skip


def calculator(t: Tone, n: int) -> str:
    keys = "".join(
        rect(132 + c * 36, 176 + r * 36, 28, 28, RED.main if (r, c) == (0, 3) else t.dark if c == 3 else "#dfe5ec", 6)
        for r in range(4) for c in range(4)
    )  # fmt: skip
    digits = "".join(rect(188 + i * 22, 112, 12, 24, INK, 3) for i in range(4))
    return (
        shadow(204, 332, 104) + rect(112, 74, 176, 256, BLACK.main, 18) + rect(112, 70, 176, 252, t.main, 18)
        + rect(130, 92, 140, 60, "#cfe3cf", 8) + digits + keys
    )  # fmt: skip


def whiteboard(t: Tone, n: int) -> str:
    return (
        shadow(200, 340, 110) + stroke("M130 260 L108 340 M270 260 L292 340", GREY.dark, 8)
        + rect(70, 84, 260, 180, GREY.main, 8)
        + rect(80, 94, 240, 160, PAPER, 4) + stroke("M108 220 L152 172 L190 196 L246 134", "#4a86d4", 6)
        + stroke("M108 130 H176", RED.main, 5) + rect(130, 262, 140, 12, GREY.dark, 4)
        + rect(150, 254, 44, 10, RED.main, 5)
    )  # fmt: skip


def inkpad(t: Tone, n: int) -> str:
    return (
        shadow(200, 300, 130) + path("M84 150 L126 96 H292 L316 150 Z", BLACK.light)
        + rect(84, 150, 232, 14, BLACK.main)
        + rect(84, 214, 232, 80, BLACK.main, 14) + rect(84, 198, 232, 66, BLACK.light, 14)
        + rect(102, 206, 196, 44, t.main, 8)
        + shine(112, 212, 90, 8, 4)
    )  # fmt: skip


def book(t: Tone, n: int) -> str:
    back = moved(18, 0, rect(120, 74, 190, 248, t.dark, 6))
    return (
        shadow(206, 328, 120) + back + rect(112, 80, 200, 240, PAPER, 4) + rect(96, 72, 196, 250, t.main, 8)
        + rect(96, 72, 28, 250, t.dark, 8) + rect(146, 110, 122, 60, YELLOW.light, 4)
        + stroke("M164 130 H250 M164 150 H226", t.dark, 5) + circle(207, 258, 26, t.light)
    )  # fmt: skip


def toner(t: Tone, n: int) -> str:
    return (
        shadow(202, 296, 150) + poly("66,206 276,206 340,162 130,162", BLACK.light)
        + rect(66, 206, 210, 78, BLACK.main, 8)
        + poly("276,206 340,162 340,240 276,284", BLACK.dark)
        + rect(66, 256, 210, 20, t.main if t is not BLACK else "#2f8f6b")
        + rect(86, 218, 84, 28, PAPER, 4) + stroke("M96 228 H158 M96 238 H140", LINE, 3)
        + circle(236, 232, 16, t.main) + circle(236, 232, 7, PAPER) + rect(180, 150, 76, 20, t.main, 6)
    )  # fmt: skip


def powder(t: Tone, n: int) -> str:
    return (
        shadow(200, 312, 110) + rect(88, 168, 224, 132, BLACK.main, 60) + ellipse(120, 234, 40, 66, BLACK.light)
        + ellipse(120, 234, 26, 46, t.main) + circle(120, 234, 12, PAPER) + rect(186, 168, 88, 132, PAPER)
        + rect(186, 168, 88, 40, t.main) + stroke("M204 234 H256 M204 256 H240", LINE, 5)
        + rect(180, 146, 90, 24, t.dark, 6)
    )  # fmt: skip


def ink(t: Tone, n: int) -> str:
    stripes = "".join(rect(150 + i * 26, 216, 22, 62, c, 3) for i, c in enumerate(("#35b3cc", "#d8508f", "#f2c132")))
    face = stripes if t.main == "#8468c8" else rect(150, 216, 74, 62, t.main, 4)
    return (
        shadow(200, 316, 110)
        + path("M112 124 h148 q12 0 12 12 v52 h20 v112 q0 12 -12 12 H112 q-12 0 -12 -12 V136 q0 -12 12 -12 Z",
            BLACK.main)
        + rect(118, 142, 136, 44, BLACK.light, 6) + rect(134, 200, 108, 94, PAPER, 6) + face
        + rect(262, 200, 22, 74, "#c98b2e", 3)
    )  # fmt: skip


def ink_bottle(t: Tone, n: int) -> str:
    return (
        shadow(200, 330, 84) + rect(176, 74, 48, 52, BLACK.main, 8) + rect(184, 120, 32, 24, GREY.main)
        + path("M150 168 q0 -28 28 -28 h44 q28 0 28 28 v138 q0 20 -20 20 h-60 q-20 0 -20 -20 Z", GLASS.light)
        + path("M150 206 h100 v100 q0 20 -20 20 h-60 q-20 0 -20 -20 Z", t.main) + rect(162, 224, 76, 62, PAPER, 8)
        + path("M200 236 q20 24 0 38 q-20 -14 0 -38 Z", t.main) + shine(158, 160, 10, 150, 5)
    )  # fmt: skip


def ribbon(t: Tone, n: int) -> str:
    return (
        shadow(200, 298, 150) + rect(58, 214, 284, 68, BLACK.main, 14) + rect(84, 190, 232, 30, BLACK.light, 8)
        + stroke("M110 190 V162 Q110 148 124 148 H276 Q290 148 290 162 V190", BLACK.dark, 10)
        + rect(160, 142, 80, 14, t.main, 4)
        + circle(112, 248, 18, GREY.main) + circle(112, 248, 8, PAPER) + circle(288, 248, 18, GREY.main)
        + circle(288, 248, 8, PAPER)
        + rect(156, 234, 88, 28, PAPER, 5)
    )  # fmt: skip


DRAWINGS: dict[str, Callable[[Tone, int], str]] = {
    f.__name__: f
    for f in (
        paper, pen, marker, pencil, notebook, sticky, folder, box, envelope, stapler, clips, binder_clip, scissors,
        glue, tape, calculator, whiteboard, inkpad, book, toner, powder, ink, ink_bottle, ribbon,
    )
}  # fmt: skip
DRAWINGS |= {
    "staples": partial(clips, staples=True),
}
