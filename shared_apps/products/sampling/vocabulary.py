"""What a sample library is made of: the demonstration's products times invented brands, series and models. Pure."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from stdnum.cn import uscc

FOLDER = Path(__file__).parents[1] / "demo"
PREFIX = "S"
BRANDS = 300
PER_MODEL = 3  # products of one model, by specification

# Syllables of invented brands and series; any likeness is chance.
_SYLLABLES = "岭峰川泽岚溪曦昊琪瑾朔阑翎霁漠棠槐榆榕枫柏桐杉瀚澜沐禾麦苗蓝青朗澈骏驰远弘毅恒昱晟曜璟珩玥"
_COLOURS = ("黑色", "白色", "灰色", "蓝色", "银色", "米色", "深棕色", "浅木色", "军绿色", "透明")
_PLACES = (
    "窗口用",
    "会议室用",
    "教室用",
    "档案室用",
    "乡镇站所用",
    "实验室用",
    "食堂用",
    "宿舍用",
    "应急储备用",
    "车间用",
)
_PACKS = ("单件装", "两件装", "五件装", "十件装", "二十件装", "整箱装", "散装", "套装")
_GRADES = ("标准型", "加厚型", "轻便型", "增强型", "静音型", "节能型", "防潮型", "耐寒型", "高原型", "便携型")
_WARRANTIES = ("质保一年", "质保两年", "质保三年", "质保五年", "终身维修", "三年上门")
_TRADES = ("商贸", "办公用品", "科技", "信息技术", "电子商务", "物资供应", "家具", "实业")
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXY"
# Prefectures of the region, by the digits that every division's code has.
PREFECTURES = (
    "650100", "650200", "650400", "650500", "652300", "652700", "652800", "652900", "653000", "653100", "653200",
    "654000", "654200", "654300",
)  # fmt: skip
Area = tuple[str, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Shape:
    """One of the demonstration's products: what the sample varies."""

    category: str
    item: str
    name: str
    spec: str
    unit: str
    vat_rate: Decimal
    attributes: Mapping[str, Any]
    price: Decimal
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleProduct:
    code: str
    title: str
    name: str
    brand: str
    model: str
    spec: str
    shape: Shape
    sales: int
    offers: tuple[SampleOffer, ...]


@dataclass(frozen=True, slots=True)
class SampleOffer:
    """`supplier` is a place in the list of suppliers."""

    supplier: int
    price: Decimal
    reference_price: Decimal
    delivery_days: int
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class SampleSupplier:
    uscc: str
    name: str
    division_code: str
    size: str
    joined_on: date


@cache
def shapes() -> tuple[Shape, ...]:
    """The shipped products."""
    with (FOLDER / "products.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Shape(
                category=row["catalogue_category"],
                item=row["item_category"],
                name=row["name"],
                spec=row["spec"],
                unit=row["unit"],
                vat_rate=Decimal(row["vat_rate"]),
                attributes=json.loads(row["attributes"]),
                price=Decimal(row["list_price"]),
                labels=tuple(label for label in ("energy", "environment") if row[f"{label}_label"] == "true"),
            )
            for row in csv.DictReader(file)
        )


@cache
def brands(seed: int) -> tuple[str, ...]:
    """The shipped brands first, then invented ones of two or three syllables."""
    with (FOLDER / "brands.csv").open(encoding="utf-8", newline="") as file:
        found = dict.fromkeys(row["name"] for row in csv.DictReader(file))
    rng = random.Random(f"brands {seed}")  # noqa: S311  (reproducible, not secret)
    while len(found) < BRANDS:
        found["".join(rng.sample(_SYLLABLES, rng.choice((2, 2, 3))))] = None
    return tuple(found)


def products(*, start: int, count: int, suppliers: int, seed: int) -> Iterator[SampleProduct]:
    """The products numbered from `start`; the same numbers are the same products whatever was asked before."""
    for number in range(start, start + count):
        yield _product(number, suppliers, seed)


def _product(number: int, suppliers: int, seed: int) -> SampleProduct:
    # The products of a model share all but the specification.
    of_model = random.Random(f"{seed} {number // PER_MODEL}")  # noqa: S311
    rng = random.Random(f"{seed} {number // PER_MODEL} {number % PER_MODEL}")  # noqa: S311
    shape = of_model.choice(shapes())
    # A few brands sell most.
    brand = brands(seed)[int(BRANDS * of_model.random() ** 2)]
    series = "".join(of_model.sample(_SYLLABLES, 2)) + "系列"
    model = f"{''.join(of_model.choices(_LETTERS, k=2))}-{number // PER_MODEL:06d}"
    more = [
        rng.choice(choices)
        for choices, chance in (
            (_COLOURS, 0.5), (_GRADES, 0.45), (_PLACES, 0.35), (_PACKS, 0.35), (_WARRANTIES, 0.3),
        )
        if rng.random() < chance
    ]  # fmt: skip
    spec = " ".join([shape.spec, *more, f"{number % PER_MODEL + 1}型"])
    price = (shape.price * Decimal(rng.randrange(70, 160)) / 100).quantize(Decimal("0.01"))
    return SampleProduct(
        code=f"{PREFIX}{number:08d}",
        title=f"{brand} {shape.name} {series} {spec}",
        name=shape.name,
        brand=brand,
        model=model,
        spec=spec,
        shape=shape,
        # A long tail: most are bought now and then, a few every day.
        sales=min(10**6, int(rng.paretovariate(0.9))) - 1,
        offers=_offers(rng, price, suppliers),
    )


def _offers(rng: random.Random, price: Decimal, suppliers: int) -> tuple[SampleOffer, ...]:
    sellers = rng.sample(range(suppliers), min(suppliers, rng.choices((1, 2, 3), (80, 15, 5))[0]))
    return tuple(
        SampleOffer(
            supplier=seller,
            price=(
                asked := (price * Decimal(rng.randrange(90, 115)) / 100).quantize(Decimal("0.01")) + Decimal("0.01")
            ),
            reference_price=asked + (price / 10).quantize(Decimal("0.01")),
            delivery_days=rng.randrange(1, 15),
            areas=_areas(rng),
        )
        for seller in sellers
    )


def _areas(rng: random.Random) -> tuple[Area, ...]:
    """The whole region, the region with dearer prefectures, or some prefectures."""
    kind = rng.random()
    if kind < 0.6:
        return (("650000", Decimal("0.00"), Decimal("0.00")),)
    places = rng.sample(PREFECTURES, 2)
    dearer = [(place, Decimal("8.00"), Decimal("0.50")) for place in places]
    return (("650000", Decimal("0.00"), Decimal("0.00")), *dearer) if kind < 0.8 else tuple(dearer)


def suppliers(*, count: int, seed: int) -> Sequence[SampleSupplier]:
    """Suppliers with valid credit codes (GB 32100-2015) that no company has: their bodies spell out the sample."""
    rng = random.Random(f"suppliers {seed}")  # noqa: S311
    return [_supplier(rng, number) for number in range(count)]


def _supplier(rng: random.Random, number: int) -> SampleSupplier:
    division = rng.choice(PREFECTURES)
    body = f"91{division}DEMN{number:05d}"
    return SampleSupplier(
        uscc=body + uscc.calc_check_digit(body),
        name=f"演示·{''.join(rng.sample(_SYLLABLES, 2))}{rng.choice(_TRADES)}有限公司{number:05d}号",
        division_code=division,
        size=rng.choices(("micro", "small", "medium", "large"), (30, 45, 15, 10))[0],
        joined_on=date(2024, 1, 1 + number % 28),
    )
