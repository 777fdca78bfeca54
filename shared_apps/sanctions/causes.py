"""The situations of the statutes, word for word, as data/causes.csv carries them."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Final

from kernel.registry import Registry
from shared_apps.sanctions.rules import Cause

_FILE: Final = Path(__file__).parent / "data" / "causes.csv"
STATUTES: Final = {"gpl": "中华人民共和国政府采购法", "reg": "中华人民共和国政府采购法实施条例"}

CAUSES: Registry[Cause] = Registry("causes of sanctions")


def citation(cause: Cause) -> str:
    """Statute, article and item, as decisions quote them."""
    item = f"第（{cause.item}）项" if cause.item else ""
    paragraph = "第一款" if cause.item and cause.article in {72, 77} and cause.party_kind == "supplier" else ""
    return f"《{STATUTES[cause.statute]}》{cause.article_label}{paragraph}{item}"


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _read() -> None:
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rates = _amount(row["fine_per_mille_min"]), _amount(row["fine_per_mille_max"])
            least, most = _amount(row["fine_min"]), _amount(row["fine_max"])
            CAUSES.register(
                row["code"],
                Cause(
                    code=row["code"],
                    party_kind=row["party_kind"],
                    statute=row["statute"],
                    article=int(row["article"]),
                    article_label=row["article_label"],
                    item=row["item"],
                    words=row["words"],
                    ban_years=(int(row["ban_years_min"]), int(row["ban_years_max"])),
                    fine_per_mille=(rates[0], rates[1]) if rates[0] is not None and rates[1] is not None else None,
                    fine=(least, most) if most is not None else None,
                ),
            )
    CAUSES.freeze()


_read()
