"""Writes suppliers.csv: twenty invented suppliers of the demonstration.

Their unified social credit codes are valid by GB 32100-2015 (and the organisation code inside by GB 11714-1997), but
plainly synthetic: the organisation part reads DEM00001, DEM00002, ... Names begin with 演示, telephone
numbers are not real.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

TARGET = Path(__file__).with_name("suppliers.csv")
COLUMNS = (
    "uscc", "name", "kind", "size", "is_sme", "division_code", "address", "legal_representative", "phone",
    "delivery_areas", "categories", "standing", "joined_on",
)  # fmt: skip
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
SME_SIZES = ("micro", "small", "medium")


class Supplier(NamedTuple):
    """One invented supplier; `areas` are division codes it delivers to, 650000 meaning the whole region."""

    name: str
    kind: str
    size: str
    division: str
    street: str
    areas: str
    categories: str
    standing: str = "good"


SUPPLIERS = (
    Supplier("昆仑办公用品有限公司", "enterprise", "small", "650102", "乌鲁木齐市天山区演示路1号",
             "650000", "C-01 C-02 C-03 C-10"),
    Supplier("天山文仪设备有限公司", "enterprise", "small", "650104", "乌鲁木齐市新市区演示路2号",
             "650000", "C-01 C-03 C-06 C-07"),
    Supplier("丝路数码科技有限公司", "enterprise", "medium", "650105", "乌鲁木齐市水磨沟区演示路3号",
             "650000", "C-04 C-05 C-06 C-11"),
    Supplier("塔里木信息技术有限公司", "enterprise", "small", "652801", "库尔勒市演示路4号",
             "652800|652900|653000|653100|653200", "C-04 C-05 C-06 C-11"),
    Supplier("喀什绿洲办公用品有限公司", "enterprise", "micro", "653101", "喀什市演示路5号",
             "653100", "C-01 C-02 C-03 C-10"),
    Supplier("帕米尔家具有限公司", "enterprise", "small", "653101", "喀什市演示路6号",
             "653000|653100|653200", "C-08"),
    Supplier("准噶尔家具制造有限公司", "enterprise", "medium", "652301", "昌吉市演示路7号", "650000", "C-08"),
    Supplier("博格达电器有限公司", "enterprise", "medium", "650106", "乌鲁木齐市头屯河区演示路8号",
             "650000", "C-07 C-09"),
    Supplier("和田玉泉日用品有限公司", "enterprise", "micro", "653201", "和田市演示路9号", "653100|653200", "C-10"),
    Supplier("火焰山冷暖设备有限公司", "enterprise", "small", "650402", "吐鲁番市高昌区演示路10号",
             "650100|650400|650500|652300", "C-09"),
    Supplier("伊犁河商贸有限公司", "enterprise", "small", "654002", "伊宁市演示路11号",
             "652700|654000|654200|654300", "C-01 C-02 C-10 C-12"),
    Supplier("阿勒泰应急装备有限公司", "enterprise", "micro", "654301", "阿勒泰市演示路12号",
             "654000|654200|654300", "C-12"),
    Supplier("哈密文具有限公司", "enterprise", "micro", "650502", "哈密市伊州区演示路13号",
             "650400|650500", "C-01 C-02"),
    Supplier("赛里木网络设备有限公司", "enterprise", "small", "652701", "博乐市演示路14号",
             "652700|654000|654200", "C-11"),
    Supplier("胡杨劳保用品有限公司", "enterprise", "small", "652901", "阿克苏市演示路15号", "650000", "C-10 C-12"),
    Supplier("白杨视听设备有限公司", "enterprise", "small", "650104", "乌鲁木齐市新市区演示路16号",
             "650000", "C-06 C-07"),
    Supplier("巴音布鲁克百货股份有限公司", "enterprise", "large", "652801", "库尔勒市演示路17号",
             "650000", "C-01 C-02 C-03 C-05 C-08 C-09 C-10 C-12"),
    Supplier("喀什噶尔便民百货店", "sole_trader", "micro", "653101", "喀什市演示路18号",
             "653101|653121|653122", "C-02 C-10 C-12"),
    Supplier("车尔臣耗材有限公司", "enterprise", "micro", "652825", "且末县演示路19号",
             "652800", "C-03", "under_review"),
    Supplier("楼兰商贸有限公司", "enterprise", "small", "652824", "若羌县演示路20号",
             "652800|652900", "C-05 C-09", "suspended"),
)  # fmt: skip


def organisation_code(body: str) -> str:
    """The eight characters with the check character of GB 11714-1997."""
    total = sum(w * ORGANISATION_ALPHABET.index(c) for w, c in zip(ORGANISATION_WEIGHTS, body, strict=True))
    check = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def credit_code(*, kind: str, division: str, serial: int) -> str:
    """A unified social credit code: registered by the market authority (9), enterprise (1) or sole trader (2)."""
    body = ("91" if kind == "enterprise" else "92") + division + organisation_code(f"DEM{serial:05d}")
    total = sum(pow(3, i, 31) * USCC_ALPHABET.index(c) for i, c in enumerate(body))
    return body + USCC_ALPHABET[(31 - total % 31) % 31]


def rows() -> list[dict[str, str]]:
    """All suppliers as rows of the file."""
    people = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    out = []
    for serial, supplier in enumerate(SUPPLIERS, start=1):
        out.append(
            {
                "uscc": credit_code(kind=supplier.kind, division=supplier.division, serial=serial),
                "name": f"演示·{supplier.name}",
                "kind": supplier.kind,
                "size": supplier.size,
                "is_sme": "true" if supplier.size in SME_SIZES else "false",
                "division_code": supplier.division,
                "address": supplier.street,
                "legal_representative": f"演示{people[serial - 1]}",
                "phone": f"0991-{serial:07d}",
                "delivery_areas": supplier.areas,
                "categories": supplier.categories.replace(" ", "|"),
                "standing": supplier.standing,
                "joined_on": f"2025-{(serial - 1) % 12 + 1:02d}-{(serial * 7) % 28 + 1:02d}",
            }
        )
    return out


def text() -> str:
    """The whole file as text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    return out.getvalue()


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
