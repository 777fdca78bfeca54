"""Taking over the ministry's table, and attributes by version."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kernel.actor import SYSTEM, Actor
from kernel.clock import utc_now
from kernel.problems import InvalidInput, NotPermitted
from kernel.spreadsheets import SpreadsheetRefused, write
from shared_apps.classification import importing
from shared_apps.classification.attribute_rules import AttributeView, checked_values
from shared_apps.classification.attributes import AttributesChanged, AttributeTypeKept, set_attributes
from shared_apps.classification.models import AttributeVersion, CategoryAttribute, ItemCategory, ItemImport
from shared_apps.classification.selectors import attributes_of, forget, items
from shared_apps.classification.services import load_catalogue
from shared_apps.region_journal.models import RegionJournalEntry
from tests.factories.goods import make_catalogue

Rows = list[list[str]]


@pytest.fixture(autouse=True)
def catalogue() -> None:
    make_catalogue()


def table() -> Rows:
    """The shipped codes as a table."""
    rows = ItemCategory.objects.exclude(level=0).order_by("code").values_list("code", "name", "notes")
    return [list(row) for row in rows]


def as_csv(rows: Iterable[list[str]], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(["品目编码,品目名称,说明", *(",".join(row) for row in rows)]).encode(encoding)


def test_the_table_is_stored_whole_and_sources_stay() -> None:
    shipped = dict(ItemCategory.objects.values_list("code", "source"))
    rows = [row for row in table() if row[0] != "A02010109"]
    rows[0][1] = "改名的设备"
    rows += [["C18040100", "机动车保险服务", "含交强险"], ["C1804010201", "商业险", ""], ["B01000000", "房屋施工", ""]]
    found = importing.import_items(actor=SYSTEM, content=as_csv(rows), file_name="目录.csv", now=utc_now())
    assert (found.rows, found.added, found.changed, found.retired) == (len(rows), 5, 1, 1)  # two letters come along
    by_code = {row.code: row for row in ItemCategory.objects.all()}
    assert by_code["C1804010201"].parent_id == "C18040100"
    assert (by_code["C18040100"].parent_id, by_code["C18040100"].notes) == ("C", "含交强险")
    assert (by_code["B01000000"].parent_id, by_code["B"].name) == ("B", "工程")
    assert by_code["A02010109"].retired_at is not None
    assert {code: by_code[code].source for code in shipped} == shipped
    assert "财库〔2022〕31号" in by_code["B01000000"].source
    assert RegionJournalEntry.objects.filter(event="classification.items_imported").count() == 1
    # The same once more changes nothing, what is named again is in use again, and shipped files leave it alone.
    again = importing.import_items(actor=SYSTEM, content=as_csv(rows, "gb18030"), file_name="b.csv", now=utc_now())
    assert (again.added, again.changed, again.retired) == (0, 0, 0)
    load_catalogue(actor=SYSTEM, now=utc_now())
    assert ItemCategory.objects.get(code=rows[0][0]).name == "改名的设备"
    back = importing.import_items(
        actor=SYSTEM, content=as_csv([*rows, ["A02010109", "平板", ""]]), file_name="c.csv", now=utc_now()
    )
    assert [one.change for one in back.changes] == ["revive"]
    assert ItemImport.objects.count() == 3


def test_one_wrong_cell_and_nothing_is_stored() -> None:
    rows = [*table(), ["A0201", "短", ""], ["A02000000", "重复", ""], ["X1", "", ""]]
    first = len(rows)
    found = importing.preview_items(actor=SYSTEM, content=as_csv(rows))
    assert [(one.row, one.column) for one in found.errors] == [
        (first - 1, "code"), (first, "code"), (first + 1, "name"),
    ]  # fmt: skip
    with pytest.raises(importing.RowsRefused) as caught:
        importing.import_items(actor=SYSTEM, content=as_csv(rows), file_name="x.csv", now=utc_now())
    assert caught.value.facts["wrong"] == 3
    assert not ItemImport.objects.exists()


def test_a_table_without_a_code_in_use_is_refused() -> None:
    rows = [row for row in table() if row[0] != "A05040101"]
    found = importing.preview_items(actor=SYSTEM, content=as_csv(rows))
    assert [(one.row, one.value) for one in found.errors] == [(0, "A05040101")]
    assert "复印纸" in found.errors[0].reason


def test_an_excel_file_is_read_too() -> None:
    content = write(title="目录", columns=importing.COLUMNS, rows=table())
    found = importing.preview_items(actor=SYSTEM, content=content)
    assert (found.errors, [one.code for one in found.changes]) == ((), ["B", "C"])


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", "品目编码\nA01000000".encode(), b"PK\x03\x04", b"a,b\n1,2"])
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(SpreadsheetRefused):
        importing.preview_items(actor=SYSTEM, content=content)


def test_a_stranger_takes_nothing_over() -> None:
    with pytest.raises(NotPermitted):
        importing.preview_items(actor=Actor(user_id=1, name="测试"), content=as_csv(table()))


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(as_csv([*table(), ["A99000000", "新品目", ""]]))
    call_command("import_items", str(path), "--check")
    assert not ItemCategory.objects.filter(code="A99000000").exists()
    call_command("import_items", str(path))
    assert "3 new, 0 changed, 0 retired" in capsys.readouterr().out
    path.write_bytes(as_csv([["A1", "坏", ""]]))
    with pytest.raises(CommandError):
        call_command("import_items", str(path))


def test_the_tree_leads_down_and_a_search_finds() -> None:
    top = items()
    assert [one.code for one in top.items] == ["A"]
    node = items(under="A02010105")
    assert [one.code for one in node.above] == ["A", "A02000000", "A02010000", "A02010100"]
    assert [one.code for one in items(text="a020101").items][:2] == ["A02010100", "A02010105"]
    assert [one.name for one in items(text="便携").items] == ["便携式计算机"]


# -- attributes -------------------------------------------------------------------------------------------------------
def definitions(**changes: object) -> tuple[AttributeView, ...]:
    width = {"key": "width_mm", "name": "宽度", "type": "number", "unit": "毫米", "is_facet": True, **changes}
    return (*attributes_of(category_code="C-01"), AttributeView(**width))  # type: ignore[arg-type]


def test_attributes_are_set_by_version() -> None:
    now = utc_now()
    first = set_attributes(
        actor=SYSTEM, category_code="C-01", attributes=definitions(is_required=True), version=0, reason="加宽", now=now
    )
    assert (first.number, attributes_of(category_code="C-01")[-1].is_required) == (1, True)
    with pytest.raises(AttributesChanged):
        set_attributes(actor=SYSTEM, category_code="C-01", attributes=(), version=0, reason="旧", now=now)
    set_attributes(
        actor=SYSTEM, category_code="C-01", attributes=attributes_of(category_code="C-01")[:2], version=1, reason="减",
        now=now,
    )  # fmt: skip
    assert [one.key for one in attributes_of(category_code="C-01")] == ["paper_size", "grammage_gsm"]
    assert CategoryAttribute.objects.get(category="C-01", key="width_mm").retired_at == now
    # A key that comes back is the same attribute, so of the same type; shipped files no longer speak for the category.
    with pytest.raises(AttributeTypeKept):
        set_attributes(
            actor=SYSTEM, category_code="C-01", attributes=definitions(type="text", unit=""), version=2, reason="改",
            now=now,
        )  # fmt: skip
    load_catalogue(actor=SYSTEM, now=now)
    forget()
    assert len(attributes_of(category_code="C-01")) == 2
    assert AttributeVersion.objects.count() == 2
    assert RegionJournalEntry.objects.filter(event="classification.attributes_set").count() == 2


def test_definitions_that_cannot_be_are_named() -> None:
    wrong = (
        *definitions(key="Width", type="text"),
        AttributeView("a", "宽度", "choice", "", False, choices=("甲", "甲")),
        AttributeView("a", "高", "number", "", False, min_value=Decimal(2), max_value=Decimal(1)),
    )
    with pytest.raises(InvalidInput) as caught:
        set_attributes(actor=SYSTEM, category_code="C-01", attributes=wrong, version=0, reason="错", now=utc_now())
    assert set(caught.value.errors) == {
        "attributes.5.key", "attributes.5.unit", "attributes.6.name", "attributes.6.choices", "attributes.7.key",
        "attributes.7.max_value",
    }  # fmt: skip


def test_values_are_judged_one_by_one() -> None:
    typed = (
        AttributeView("size", "幅面", "choice", "", True, is_required=True, choices=("A4", "A3")),
        AttributeView("grams", "克重", "number", "克", True, min_value=Decimal(60), max_value=Decimal(120)),
        AttributeView("note", "备注", "text", "", False),
        AttributeView("acid_free", "无酸", "yes_no", "", False),
    )
    values, errors = checked_values(typed, {"size": "A4", "grams": "70.50", "note": " ", "acid_free": "是"})
    assert (values, errors) == ({"size": "A4", "grams": 70.5, "acid_free": True}, {})
    _, errors = checked_values(typed, {"grams": "1e3", "acid_free": "也许", "note": "长" * 201, "other": "1"})
    assert set(errors) == {
        "attributes.size", "attributes.grams", "attributes.acid_free", "attributes.note", "attributes.other",
    }  # fmt: skip
    for wrong in ("59.9999", "120.1", "７０", "nan", "", "70 克"):
        assert ("attributes.grams" in checked_values(typed, {"size": "A4", "grams": wrong})[1]) == bool(wrong)
    assert "60" in checked_values(typed, {"size": "A4", "grams": 10})[1]["attributes.grams"][0]
    assert checked_values(typed, {"size": "A5"})[1] == {"attributes.size": ["幅面只能是：A4、A3。"]}
