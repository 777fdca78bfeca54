"""Drawings of cleaning, protective and emergency goods."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from .shapes import (
    BLACK,
    GLASS,
    GREEN,
    GREY,
    OAK,
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
    turned,
)  # fmt: skip


def tissue(t: Tone, n: int) -> str:
    return (
        shadow(204, 312, 140) + path("M170 186 Q150 110 196 124 Q206 70 240 116 Q276 118 244 186 Z", PAPER)
        + stroke("M196 128 Q206 156 202 184 M238 122 Q228 150 232 184", "#dfe6ee", 4)
        + poly("76,196 276,196 332,166 132,166", t.light) + ellipse(204, 181, 56, 9, t.dark)
        + path("M172 182 Q160 130 196 134 Q214 96 236 130 Q262 130 240 182 Z", PAPER)
        + rect(76, 196, 200, 108, t.main, 4)
        + poly("276,196 332,166 332,274 276,304", t.dark) + circle(176, 250, 32, t.light) + circle(176, 250, 16, PAPER)
    )  # fmt: skip


def roll(t: Tone, n: int) -> str:
    def one(dx: float, dy: float) -> str:
        return moved(
            dx, dy, rect(120, 150, 110, 130, PAPER), ellipse(175, 280, 55, 18, WHITE.main), ellipse(175, 150, 55, 18,
                WHITE.main),
            ellipse(175, 150, 18, 6, OAK.main), rect(214, 160, 16, 120, "#e6ebf1"), stroke("M120 196 H230 M120 "
                "232 H230", t.light, 3),
        )  # fmt: skip

    return shadow(204, 314, 140) + one(74, -40) + one(-44, 0) + one(60, 16)


def pump(t: Tone, n: int) -> str:
    return (
        shadow(200, 334, 84) + stroke("M200 132 V92 H150 Q138 92 138 106", GREY.dark, 12)
        + rect(178, 82, 54, 18, GREY.main, 8)
        + rect(174, 126, 52, 28, GREY.dark, 6) + rect(140, 150, 120, 180, t.main, 26) + rect(140, 206, 120, 84, PAPER)
        + path("M200 220 q26 32 0 52 q-26 -20 0 -52 Z", t.main) + shine(152, 164, 14, 154, 7)
    )  # fmt: skip


def bottle(t: Tone, n: int) -> str:
    return (
        shadow(200, 334, 80) + rect(180, 62, 40, 40, RED.main if n % 2 else YELLOW.main, 6)
        + rect(184, 98, 32, 20, t.dark)
        + path("M144 188 Q144 122 184 114 H216 Q256 122 256 188 V310 q0 22 -22 22 H166 q-22 0 -22 -22 Z", t.main)
        + path("M144 206 H256 V286 H144 Z", PAPER) + circle(200, 246, 26, t.light) + circle(190, 240, 9, PAPER)
        + circle(212, 254, 6, PAPER) + shine(156, 160, 12, 158, 6)
    )  # fmt: skip


def jerrican(t: Tone, n: int) -> str:
    return (
        shadow(204, 334, 120) + rect(130, 66, 52, 34, RED.main, 6)
        + path("M104 150 L134 104 H278 Q304 104 304 130 V306 q0 24 -24 24 H128 q-24 0 -24 -24 Z", t.main)
        + path("M196 126 H262 Q278 126 278 142 V160 H196 Z", "#f3f6fa") + stroke("M190 172 L214 130", t.dark, 6)
        + rect(132, 196, 144, 94, PAPER, 8) + stroke("M154 224 H254 M154 246 H226", t.main, 7)
        + shine(114, 160, 10, 150, 5)
    )  # fmt: skip


def bag(t: Tone, n: int) -> str:
    return (
        shadow(200, 332, 104) + path("M112 96 L126 84 H274 L288 96 L280 320 q0 10 -10 10 H130 q-10 0 -10 -10 Z", t.main)
        + path("M112 96 L126 84 H274 L288 96 L284 124 H116 Z", t.dark) + ellipse(200, 210, 62, 52, PAPER)
        + circle(184, 204, 20, t.light) + circle(214, 220, 14, t.light) + circle(216, 192, 9, t.main)
        + rect(146, 284, 108, 16, PAPER, 8)
    )  # fmt: skip


def liner(t: Tone, n: int) -> str:
    rolls = rect(92, 150, 216, 96, t.main, 48) + ellipse(128, 198, 36, 48, t.light) + ellipse(128, 198, 14, 20, t.dark)
    sheet = path("M176 240 H292 L306 298 H190 Z", t.dark) + stroke("M182 268 H298", t.light, 3)
    return shadow(200, 306, 130) + rolls + sheet + shine(180, 162, 110, 10, 5)


def soap(t: Tone, n: int) -> str:
    return (
        shadow(200, 304, 140) + moved(34, -62, rect(96, 190, 190, 78, t.light, 30), rect(128, 206, 126, 44, PAPER, 14))
        + rect(84, 212, 210, 84, t.main, 34) + rect(84, 206, 210, 76, t.light, 34) + rect(122, 222, 134, 44, t.main, 16)
        + circle(300, 130, 18, GLASS.main) + circle(326, 164, 10, GLASS.main) + circle(282, 98, 9, GLASS.main)
    )  # fmt: skip


def spray(t: Tone, n: int) -> str:
    return (
        shadow(200, 334, 80) + path("M150 96 q0 -20 20 -20 h70 q14 0 14 14 v18 h-40 v26 h-40 Z", RED.main)
        + rect(128, 90, 26, 16, BLACK.main, 4) + stroke("M168 126 Q158 150 170 164", RED.dark, 9)
        + rect(180, 134, 36, 30, GREY.main)
        + path("M148 212 Q150 168 184 160 H214 Q248 168 252 212 V312 q0 20 -20 20 H168 q-20 0 -20 -20 Z", t.main)
        + rect(160, 216, 80, 78, PAPER, 8)
        + path("M200 228 L208 248 L230 252 L208 258 L200 280 L192 258 L170 252 L192 248 Z", t.main)
        + "".join(circle(x, y, r, t.light) for x, y, r in ((108, 84, 6), (92, 104, 5), (104, 122, 6), (76, 82, 4)))
    )  # fmt: skip


def mop(t: Tone, n: int, *, flat: bool = False) -> str:
    head = (
        rect(104, 286, 172, 18, t.dark, 8) + rect(98, 302, 184, 26, t.light, 10)
        if flat
        else path("M140 262 H240 L284 326 Q262 334 250 322 Q236 336 222 324 Q206 336 190 324 Q174 336 160 324 "
            "Q146 336 132 324 Q116 334 98 326 Z", WHITE.main)
        + stroke("M160 276 L140 318 M190 276 L186 318 M216 276 L228 318", t.light, 5)
        + rect(140, 246, 100, 22, t.main, 8)
    )  # fmt: skip
    return (
        shadow(196, 334, 120)
        + turned(12, rect(182, 44, 14, 230, OAK.main, 7), rect(182, 44, 14, 60, t.main, 7), x=190, y=262)
        + head
    )


def broom(t: Tone, n: int) -> str:
    return (
        shadow(204, 334, 130) + turned(-12, rect(146, 46, 14, 210, OAK.main, 7), x=150, y=250)
        + path("M106 252 H196 L214 326 H92 Z", t.main)
        + stroke("M124 266 L112 322 M146 266 L140 322 M168 266 L172 322 M186 266 L198 322", t.dark, 4)
        + rect(108, 240, 88, 18, t.dark, 6) + rect(268, 120, 12, 150, GREY.main, 6)
        + path("M220 268 H328 L340 328 H228 Z", RED.main)
        + path("M220 268 H328 L330 282 H222 Z", RED.light)
    )  # fmt: skip


def bin(t: Tone, n: int, *, wheeled: bool = False) -> str:
    tone = (GREEN, t, RED)[n % 3]
    wheels = (
        circle(144, 326, 13, BLACK.main) + circle(256, 326, 13, BLACK.main)
        if wheeled
        else rect(176, 316, 48, 14, BLACK.main, 6)
    )
    return (
        shadow(200, 336, 104) + wheels + path("M116 130 H284 L268 322 H132 Z", tone.main)
        + stroke("M156 156 L162 300 M200 156 V300 M244 156 L238 300", tone.dark, 6)
        + rect(102, 102, 196, 34, tone.dark, 12)
        + rect(168, 84, 64, 22, tone.dark, 10) + circle(200, 226, 30, PAPER)
        + stroke("M186 234 L200 210 L214 234 Z", tone.main, 6)
    )  # fmt: skip


def cloth(t: Tone, n: int) -> str:
    return shadow(202, 316, 130) + "".join(
        moved(0, -i * 34, rect(86, 264, 232, 44, tone, 20), rect(86, 264, 232, 22, edge, 11))
        for i, (tone, edge) in enumerate(((t.dark, t.main), (t.main, t.light), (YELLOW.main, YELLOW.light),
            ("#6aa6e0", "#9fc8f0")))
    )  # fmt: skip


def helmet(t: Tone, n: int) -> str:
    vents = "".join(rect(x, 150, 8, 34, t.dark, 4) for x in (158, 232)) if n % 2 else ""
    return (
        shadow(200, 292, 140) + path("M84 246 Q84 112 200 108 Q316 112 316 246 Z", t.main)
        + path("M172 112 Q200 92 228 112 L232 246 H168 Z", t.light)
        + path("M112 238 Q112 160 160 130 Q132 172 132 238 Z", t.light)
        + vents + path("M56 244 H344 Q352 268 316 270 H84 Q48 268 56 244 Z", t.dark)
        + stroke("M110 272 Q130 322 200 326 Q270 322 290 272", BLACK.main, 6) + rect(184, 316, 32, 18, GREY.main, 6)
    )  # fmt: skip


def gloves(t: Tone, n: int) -> str:
    hand = (
        path("M120 210 V128 q0 -16 15 -16 t15 16 V110 q0 -16 15 -16 t15 16 V112 q0 -16 15 -16 t15 16 V136 q0 -14 "
            "14 -14 t14 14 V232 "
             "q0 30 -14 44 H134 Q130 262 106 236 Q84 212 94 202 Q106 192 120 210 Z", t.main)
        + stroke("M150 130 V184 M180 128 V184 M210 140 V186", t.dark, 4) + rect(126, 272, 94, 56, t.dark, 8)
        + stroke("M132 290 H214 M132 308 H214", t.light, 5)
    )  # fmt: skip
    flipped = f'<g transform="translate(424 0) scale(-1 1)">{hand}</g>'
    return shadow(200, 336, 130) + moved(-2, 0, turned(-8, hand, x=170, y=330)) + turned(8, flipped, x=240, y=330)


def vest(t: Tone, n: int) -> str:
    band = WHITE.main
    return (
        shadow(200, 340, 110)
        + path("M136 74 Q150 66 162 72 Q166 130 200 150 Q234 130 238 72 Q250 66 264 74 Q266 130 302 168 V326 H98 "
            "V168 Q134 130 136 74 Z", t.main)
        + rect(98, 212, 204, 28, band) + rect(98, 268, 204, 28, band)
        + path("M136 74 Q150 66 162 72 L160 212 H134 Z", band)
        + path("M264 74 Q250 66 238 72 L240 212 H266 Z", band) + stroke("M200 150 V326", t.dark, 5)
    )  # fmt: skip


def mask(t: Tone, n: int) -> str:
    tone = WHITE if t is WHITE else t
    valve = circle(200, 216, 26, GREY.main) + circle(200, 216, 14, GREY.light) if n % 2 else ""
    return (
        shadow(200, 312, 110)
        + stroke("M116 170 Q50 150 60 214 Q68 262 124 252 M284 170 Q350 150 340 214 Q332 262 276 252", GREY.dark, 6)
        + path("M112 166 Q156 120 200 120 Q244 120 288 166 Q304 262 200 298 Q96 262 112 166 Z", tone.main)
        + path("M112 166 Q156 120 200 120 Q244 120 288 166 Q200 150 112 166 Z", tone.light)
        + stroke("M118 196 Q200 176 282 196 M120 226 Q200 214 280 226 M134 256 Q200 250 266 256", tone.dark, 4)
        + stroke("M176 132 Q200 124 224 132", GREY.dark, 6) + valve
    )  # fmt: skip


def goggles(t: Tone, n: int) -> str:
    return (
        shadow(200, 290, 140) + stroke("M72 196 Q46 150 80 132 M328 196 Q354 150 320 132", BLACK.main, 16)
        + path("M68 180 Q68 138 112 138 H288 Q332 138 332 180 V214 Q332 262 288 262 H246 Q224 262 214 240 Q200 "
            "222 186 240 Q176 262 154 262 H112 Q68 262 68 214 Z", BLACK.main)
        + path("M84 182 Q84 154 112 154 H288 Q316 154 316 182 V212 Q316 246 288 246 H248 Q236 246 228 230 Q200 "
            "198 172 230 Q164 246 152 246 H112 Q84 246 84 212 Z", t.main)
        + path("M104 166 H170 L122 238 Q94 236 94 212 V184 Q94 168 104 166 Z", t.light)
    )  # fmt: skip


def boots(t: Tone, n: int) -> str:
    one = (
        path("M128 84 H206 V214 Q262 226 276 262 Q282 282 276 300 H128 Z", t.main) + rect(122, 296, 158, 22, t.dark, 8)
        + rect(124, 80, 86, 22, t.dark, 8) + path("M206 214 Q262 226 276 262 L272 276 Q230 264 214 240 Z", t.light)
        + stroke("M176 140 H206 M176 164 H206 M176 188 H208", ORANGE.main, 6)
    )  # fmt: skip
    return shadow(206, 324, 140) + moved(58, -26, one) + moved(-40, 6, one)


def extinguisher(t: Tone, n: int) -> str:
    wide = 52 if n % 2 else 44
    return (
        shadow(206, 344, 84) + stroke("M214 104 Q290 112 280 190 Q276 240 262 276", BLACK.main, 10)
        + poly("254,270 272,274 262,318 242,310", BLACK.dark)
        + path("M168 92 L120 74 L124 62 L214 76 Z", BLACK.main) + rect(176, 88, 48, 34, GREY.dark, 5)
        + circle(200, 106, 11, PAPER) + stroke("M200 106 L206 100", RED.main, 3)
        + path(f"M{200 - wide} 172 Q{200 - wide} 122 200 122 Q{200 + wide} 122 {200 + wide} 172 V320 q0 20 -20 20 "
            f"H{220 - wide} q-20 0 -20 -20 Z", t.main)
        + rect(200 - wide, 200, wide * 2, 84, PAPER)
        + path("M200 208 Q230 236 218 262 Q210 278 198 278 Q180 276 180 256 Q180 244 190 236 Q192 222 200 208 Z",
            ORANGE.main)
        + shine(212 - wide, 160, 12, 164, 6)
    )  # fmt: skip


def blanket(t: Tone, n: int) -> str:
    return (
        shadow(200, 330, 104) + rect(116, 96, 168, 210, t.main, 12) + rect(116, 96, 168, 44, t.dark, 12)
        + rect(142, 160, 116, 90, PAPER, 6)
        + path("M200 170 Q228 196 216 222 Q210 238 198 238 Q180 236 180 216 Q180 204 190 196 Q192 184 200 170 Z",
            ORANGE.main)
        + rect(150, 296, 26, 40, BLACK.main, 6) + rect(224, 296, 26, 40, BLACK.main, 6)
        + stroke("M176 96 Q200 66 224 96", BLACK.main, 7)
    )  # fmt: skip


def lamp(t: Tone, n: int) -> str:
    head = circle(0, 0, 46, GREY.main) + circle(0, 0, 36, YELLOW.light) + circle(0, 0, 20, PAPER)
    return (
        shadow(200, 326, 110) + moved(136, 130, head) + moved(264, 130, head) + rect(188, 150, 24, 50, GREY.dark)
        + rect(92, 188, 216, 124, WHITE.main, 14) + rect(92, 276, 216, 36, GREY.main, 12)
        + rect(116, 212, 90, 40, GREEN.main, 6)
        + stroke("M138 232 H184 M172 220 L186 232 L172 244", PAPER, 6) + circle(250, 232, 8, RED.main)
        + circle(276, 232, 8, GREEN.main)
    )  # fmt: skip


def torch(t: Tone, n: int, *, handle: bool = False) -> str:
    if handle:
        return (
            shadow(196, 322, 120) + path("M250 150 L350 106 V290 L250 244 Z", YELLOW.light)
            + rect(96, 168, 130, 120, t.main, 24)
            + stroke("M118 172 Q160 84 214 168", BLACK.main, 16) + path("M214 156 L262 130 V316 L214 292 Z", t.dark)
            + rect(256, 126, 14, 194, GREY.dark, 6) + circle(150, 228, 16, BLACK.main)
        )  # fmt: skip
    return shadow(200, 322, 120) + turned(
        -28, poly("296,160 378,118 378,282 296,240", YELLOW.light), rect(70, 176, 170, 48, t.main, 12), rect(94, 176,
            8, 48, t.light),
        rect(116, 176, 8, 48, t.light), rect(138, 176, 8, 48, t.light), path("M236 176 L282 152 H300 V248 H282 "
            "L236 224 Z", t.dark),
        rect(178, 166, 34, 14, RED.main, 6), rect(294, 152, 8, 96, GREY.light),
    )  # fmt: skip


def firstaid(t: Tone, n: int) -> str:
    return (
        shadow(200, 318, 140) + stroke("M156 134 V112 Q156 92 176 92 H224 Q244 92 244 112 V134", t.dark, 12)
        + rect(72, 130, 256, 180, t.main, 26)
        + rect(72, 184, 256, 8, t.dark) + circle(200, 232, 54, t.dark) + rect(186, 194, 28, 76, PAPER, 4)
        + rect(162, 218, 76, 28, PAPER, 4)
        + rect(96, 176, 26, 24, GREY.light, 5) + rect(278, 176, 26, 24, GREY.light, 5)
    )  # fmt: skip


def cone(t: Tone, n: int) -> str:
    return (
        shadow(200, 324, 130) + path("M182 72 Q200 62 218 72 L276 298 H124 Z", ORANGE.main)
        + path("M166 138 H234 L247 188 H153 Z", PAPER)
        + path("M141 234 H259 L268 268 H132 Z", PAPER) + path("M182 72 Q192 66 198 66 L176 298 H124 Z", "#ffffff33")
        + rect(84, 292, 232, 28, ORANGE.dark, 8)
    )  # fmt: skip


def barrier(t: Tone, n: int) -> str:
    stripes = "".join(poly(f"{x},228 {x + 22},228 {x + 4},280 {x - 18},280", BLACK.main) for x in range(214, 350, 44))
    return (
        shadow(200, 306, 140) + rect(170, 228, 180, 52, YELLOW.main) + stripes + circle(150, 198, 92, YELLOW.main)
        + f'<circle cx="150" cy="198" r="76" fill="none" stroke="{BLACK.main}" stroke-width="16" '
            f'stroke-dasharray="26 26"/>'
        + circle(150, 198, 44, YELLOW.dark) + circle(150, 198, 36, PAPER)
    )  # fmt: skip


DRAWINGS: dict[str, Callable[[Tone, int], str]] = {
    f.__name__: f
    for f in (
        tissue, roll, pump, bottle, jerrican, bag, liner, soap, spray, mop, broom, bin, cloth, helmet, gloves, vest,
        mask, goggles, boots, extinguisher, blanket, lamp, torch, firstaid, cone, barrier,
    )
}  # fmt: skip
DRAWINGS |= {
    "torch_hand": partial(torch, handle=True),
    "mop_flat": partial(mop, flat=True),
    "bin_wheels": partial(bin, wheeled=True),
}
