"""The region's staff bring in suppliers by tables."""

from __future__ import annotations

from shared_apps.exchange.kinds import KINDS
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.models import Supplier
from tests.factories.exchange import (
    as_csv,
    as_xlsx,
    exported,
    make_librarian,
    make_seller,
    sent,
    stored,
    wrong_columns,
)
from tests.factories.goods import make_supplier, valid_uscc


def supplier_row(serial: int, name: str, **more: str) -> list[str]:
    given = {
        "uscc": valid_uscc(serial), "name": name, "division_code": "650100", "size": "小型企业",
        "legal_representative": "甲", "address": "测试路2号", "phone": "0991-1111111",
        "joined_on": "2019-06-01", "standing": "", **more,
    }  # fmt: skip
    return [given[column.name] for column in KINDS["suppliers"].columns]


def test_suppliers_come_in_to_be_vetted_or_admitted_and_change_until_they_look_after_themselves() -> None:
    _, actor = make_librarian()
    rows = [supplier_row(901, "测试甲公司"), supplier_row(902, "测试乙公司", standing="已入库", size="大型企业")]
    done = stored(actor, "suppliers", as_xlsx(rows, "suppliers"), "t.xlsx")
    assert (done.created, done.updated) == (2, 0)
    found = {one.name: (one.standing, one.is_sme, str(one.joined_on), one.representative_key != "")
             for one in Supplier.objects.all()}  # fmt: skip
    assert found == {
        "测试甲公司": ("under_review", True, "2019-06-01", True), "测试乙公司": ("admitted", False, "2019-06-01", True),
    }  # fmt: skip
    facts = RegionJournalEntry.objects.get(event="suppliers.stored").facts
    assert facts == {"created": [valid_uscc(901), valid_uscc(902)], "admitted": [valid_uscc(902)], "changed": []}
    changed = stored(actor, "suppliers", as_csv([supplier_row(901, "测试甲有限公司")], "suppliers"))
    assert (changed.created, changed.updated) == (0, 1)
    own = make_seller().supplier
    refused = sent(
        actor,
        "suppliers",
        as_csv([supplier_row(1, "别名", uscc=own.uscc), supplier_row(903, "丙", division_code="111111")], "suppliers"),
    )
    assert wrong_columns(refused) == ["uscc", "division_code"]


def test_what_is_exported_is_imported_unchanged() -> None:
    _, actor = make_librarian()
    make_supplier("=测试公式")
    row = sent(actor, "suppliers", exported("suppliers", actor))
    assert (row.state, row.rows, row.unchanged) == ("checked", 1, 1)
