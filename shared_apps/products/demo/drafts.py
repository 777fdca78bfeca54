"""The shape of a demonstration product before it has a code, and the invented brands."""

from __future__ import annotations

from typing import NamedTuple

Value = str | int | float | bool

# Invented brand -> letters of its model numbers. None of them is meant to be a real firm.
BRANDS = {
    "天峰": "TF", "雪岭": "XL", "绿洲坊": "LZ", "胡杨木": "HY", "星河数": "XH", "驼铃": "TL",
    "云杉": "YS", "戈壁石": "GB", "清泉": "QQ", "瀚海": "HH", "白桦": "BH", "暖阳": "NY",
}  # fmt: skip


class Draft(NamedTuple):
    """One product; `price` and `weight` are decimal text in yuan with tax and in kilograms."""

    category: str
    item: str
    picture: str
    brand: str
    name: str
    spec: str
    unit: str
    price: str
    weight: str
    attributes: dict[str, Value]
    vat: str = "0.13"
    label: str = ""
