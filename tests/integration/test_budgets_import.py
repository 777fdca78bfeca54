"""Budget units by Excel: all or nothing, harmless twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from django.db import connections

from kernel.clock import utc_now
from kernel.problems import Conflict, NotPermitted
from kernel.spreadsheets import SpreadsheetRefused, read_rows, write
from shared_apps.accounts.models import Organisation
from shared_apps.accounts.rules import OrganisationKind
from tenant_apps.budgets import importing, tasks
from tenant_apps.budgets.awaiting import enter_awaited
from tenant_apps.budgets.importing import RowsRefused, import_units, preview_file
from tenant_apps.budgets.models import AwaitedUnit, BudgetUnit
from tenant_apps.budgets.selectors import organisation_codes, units
from tenant_apps.budgets.unit_rows import COLUMNS, Change
from tenant_apps.journal.models import JournalEntry
from tenant_apps.journal.services import record
from tenants.database import context
from tenants.database.context import tenant_atomic, tenant_selected
from tests.factories.budgets import make_unit
from tests.factories.goods import valid_uscc
from tests.factories.people import actor_of, make_organisation, make_user
from tests.factories.relayed import relay_tenant
from tests.factories.rules import bureau_of
from tests.factories.workbooks import bad_cells, bad_files, workbook

A, B = "990001", "990002"
NOW = utc_now()
Rows = list[Mapping[str, str]]


def organisations(*codes: str, tenant: str = A) -> None:
    for code in codes:
        make_organisation(OrganisationKind.BUDGET_UNIT, code, f"机构{code}", tenant)


def stored() -> list[tuple[str, str]]:
    return list(BudgetUnit.objects.order_by("code").values_list("code", "name"))


def bring(rows: Rows) -> importing.ImportView:
    return import_units(actor=bureau_of(A), rows=rows, now=NOW)


def test_a_table_is_previewed_then_stored_with_one_journal_row() -> None:
    organisations("001", "QY-7")
    content = workbook([("001", "第一中学", None), ("002001", "第二中学", "QY-7")])
    with tenant_selected(A):
        found = preview_file(actor=bureau_of(A), content=content)
        assert (found.created, found.renamed, found.unchanged, found.errors) == (2, 0, 0, ())
        assert stored() == []
        bring(list(found.data))
        assert stored() == [("001", "第一中学"), ("002001", "第二中学")]
        entry = JournalEntry.objects.get()
        assert (entry.event, entry.facts["created"]) == (
            "budgets.units_imported", ["001 第一中学", "002001 第二中学"],
        )  # fmt: skip


def test_the_same_file_again_changes_nothing_and_another_name_renames() -> None:
    organisations("001", "002")
    rows: Rows = [{"code": "001", "name": "第一中学"}, {"code": "002", "name": "第二中学"}]
    with tenant_selected(A):
        bring(rows)
        again = bring(rows)
        assert (again.created, again.renamed, again.unchanged) == (0, 0, 2)
        assert JournalEntry.objects.count() == 1
        renamed = bring([{"code": "002", "name": "实验中学"}])
        assert [(row.change, row.name_before) for row in renamed.rows] == [(Change.RENAME, "第二中学")]
        assert stored() == [("001", "第一中学"), ("002", "实验中学")]
        assert JournalEntry.objects.order_by("id").last().facts["renamed"] == ["002 第二中学 -> 实验中学"]  # type: ignore[union-attr]


def test_one_wrong_row_keeps_all_of_them_out() -> None:
    organisations("001", "003")
    rows: Rows = [
        {"code": "001", "name": "甲"}, {"code": "002", "name": "乙"},
        {"code": "001", "name": "丙"}, {"code": "003", "name": "丁"},
    ]  # fmt: skip
    with tenant_selected(A), pytest.raises(RowsRefused) as refused:
        bring(rows)
    assert [(one["row"], one["column"]) for one in refused.value.facts["rows"]] == [
        (3, "organisation_code"), (4, "code"),
    ]  # fmt: skip
    assert set(refused.value.errors) == {"rows.3.organisation_code", "rows.4.code"}
    with tenant_selected(A):
        assert stored() == []
        assert JournalEntry.objects.count() == 0


@pytest.mark.parametrize("name", list(bad_cells()))
def test_a_bad_cell_is_named_with_row_column_value_and_reason(name: str) -> None:
    row, column = bad_cells()[name]
    organisations("001", "002")
    with tenant_selected(A):
        found = preview_file(actor=bureau_of(A), content=workbook([("002", "好单位", None), row]))
        (error,) = found.errors
        assert (error.row, error.column) == (3, column)
        assert error.reason
        assert error.label
        assert len(error.value) <= 61
        assert stored() == []


@pytest.mark.parametrize("name", list(bad_files()))
def test_a_bad_file_stores_nothing(name: str) -> None:
    content, reason = bad_files()[name]
    with tenant_selected(A), pytest.raises(SpreadsheetRefused) as refused:
        preview_file(actor=bureau_of(A), content=content)
    assert refused.value.facts["reason"] == reason
    with tenant_selected(A):
        assert stored() == []


def test_a_stranger_s_organisation_is_not_found() -> None:
    organisations("001", tenant=B)
    with tenant_selected(A), pytest.raises(RowsRefused):
        bring([{"code": "001", "name": "甲"}])


def test_a_unit_never_moves_to_another_organisation_by_a_table() -> None:
    organisations("001", "002")
    with tenant_selected(A):
        bring([{"code": "001", "name": "甲"}])
        with pytest.raises(RowsRefused) as refused:
            bring([{"code": "001", "name": "甲", "organisation_code": "002"}])
    assert set(refused.value.errors) == {"rows.2.organisation_code"}


def test_a_unit_that_appeared_in_the_meantime_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    organisations("001")
    original = importing._judged

    def late(rows: object, errors: object) -> object:
        found = original(rows, errors)  # type: ignore[arg-type]
        if not BudgetUnit.objects.exists():
            organisation = found.rows[0].organisation_id
            BudgetUnit.objects.create(code="001", name="别人", organisation_id=organisation, created_at=NOW)
        return found

    monkeypatch.setattr(importing, "_judged", late)
    with tenant_selected(A):
        with pytest.raises(Conflict) as refused:
            bring([{"code": "001", "name": "甲"}])
        assert refused.value.code == "budget-units-changed"
        assert stored() == [("001", "别人")]


def test_a_long_table_is_stored_in_pieces() -> None:
    organisations("QY-1")
    rows: Rows = [
        {"code": f"{number:03d}{number % 7:03d}", "name": f"单位{number}", "organisation_code": "QY-1"}
        for number in range(1, 1000)
    ]
    with tenant_selected(A):
        assert bring(rows).created == 999
        assert BudgetUnit.objects.count() == 999
        assert JournalEntry.objects.count() == 2
        before = len(connections["tenant"].queries_log)
        assert bring(rows).unchanged == 999
        assert len(connections["tenant"].queries_log) - before <= 2


def test_what_is_exported_is_imported_unchanged() -> None:
    organisations("QY-9")
    with tenant_selected(A):
        bring([{"code": "001", "name": "=cmd", "organisation_code": "QY-9"}])
        rows = importing.exported(units=units(), organisations=organisation_codes())
        content = write(title="单位", columns=COLUMNS, rows=rows)
        assert read_rows(content, columns=COLUMNS)[0].values["name"] == "'=cmd"
        assert preview_file(actor=bureau_of(A), content=content).rows[0].code == "001"


def test_only_the_bureau_enters_units() -> None:
    stranger = actor_of(make_user(), A)
    with tenant_selected(A), pytest.raises(NotPermitted):
        import_units(actor=stranger, rows=[], now=NOW)
    with tenant_selected(A), pytest.raises(NotPermitted):
        preview_file(actor=stranger, content=b"")


def test_the_checklist_counts_imported_units() -> None:
    from tenant_apps.policies.items import units_exist

    with tenant_selected(A):
        assert units_exist(NOW) is not None
    make_unit(A)
    with tenant_selected(A):
        assert units_exist(NOW) is None


# -- organisations that the region does not list yet ------------------------------------------------------------------
CODE, OTHER = valid_uscc(80_001), valid_uscc(80_002)


def new(
    code: str = "001", *, organisation: str = CODE, name: str = "第三中学", called: str = "第三中学"
) -> Mapping[str, str]:
    return {"code": code, "name": name, "organisation_code": organisation, "organisation_name": called}


def awaited() -> list[str]:
    return list(AwaitedUnit.objects.order_by("code").values_list("code", flat=True))


def in_the_list() -> list[tuple[str, str, str]]:
    return list(
        Organisation.objects.filter(kind=OrganisationKind.BUDGET_UNIT, code__in=[CODE, OTHER])
        .order_by("tenant_code", "code")
        .values_list("tenant_code", "code", "name")
    )


def test_a_new_organisation_comes_with_its_unit_by_the_relay() -> None:
    organisations("002")
    with tenant_selected(A):
        found = bring([new(), {"code": "002", "name": "第二中学"}, new("003", name="第三中学分校")])
        assert (found.created, found.awaited) == (1, 2)
        assert (stored(), awaited()) == ([("002", "第二中学")], ["001", "003"])
        assert enter_awaited(now=NOW) == 0
        assert bring([new()]).unchanged == 1
        told = JournalEntry.objects.get(event="budgets.units_awaited")
        assert told.facts["organisations"] == [{"code": CODE, "name": "第三中学"}]
    assert in_the_list() == []
    relay_tenant(A)
    assert in_the_list() == [(A, CODE, "第三中学")]
    with tenant_selected(A):
        assert (enter_awaited(now=NOW), enter_awaited(now=NOW)) == (2, 0)
        assert stored() == [("001", "第三中学"), ("002", "第二中学"), ("003", "第三中学分校")]
        assert awaited() == []
        entered = JournalEntry.objects.filter(event="budgets.units_imported").order_by("id").last()
        assert entered is not None
        assert entered.facts["created"] == ["001 第三中学", "003 第三中学分校"]
        assert bring([new()]).unchanged == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (new(organisation=CODE[:-1] + ("1" if CODE[-1] != "1" else "2")), "organisation_code"),
        (new(organisation="QY-8"), "organisation_code"),
        (new(organisation=""), "organisation_code"),
        (new("005", called="第五中学"), "organisation_name"),
        (new("006", organisation="002", called="另一所中学"), "organisation_name"),
        (new("007", organisation=OTHER), "organisation_code"),
        ({"code": "008", "name": "第八中学", "organisation_code": CODE}, "organisation_code"),
    ],
    ids=["check digit", "no credit code", "no code", "two names", "listed otherwise", "another level's", "no name"],
)  # fmt: skip
def test_a_wrong_new_organisation_keeps_the_table_out(row: Mapping[str, str], column: str) -> None:
    organisations("002")
    organisations(OTHER, tenant=B)
    with tenant_selected(A):
        with pytest.raises(RowsRefused) as refused:
            bring([new("009"), row])
        assert [(one["row"], one["column"]) for one in refused.value.facts["rows"]] == [(3, column)]
        assert (stored(), awaited()) == ([], [])
        assert JournalEntry.objects.count() == 0


def test_the_region_reads_what_a_mall_tells_like_a_form() -> None:
    """Whoever writes into a mall's journal enters budget units of that mall at most."""
    named = [
        {"code": CODE, "name": "甲"}, {"code": OTHER, "name": "乙\u202e"}, {"code": OTHER[:-1], "name": "丙"}, "丁",
        {"code": OTHER, "name": "丁", "kind": "platform"}, {"code": OTHER}, None,
    ]  # fmt: skip
    with tenant_selected(A), tenant_atomic():
        record(
            actor=bureau_of(A), event="budgets.units_awaited", object_type="budget_unit", object_id="001",
            facts={"units": [], "organisations": named}, now=NOW,
        )  # fmt: skip
    relay_tenant(A)
    assert in_the_list() == [(A, CODE, "甲")]


def test_a_unit_entered_otherwise_in_the_meantime_stays() -> None:
    organisations("002")
    with tenant_selected(A):
        bring([new()])
        bring([{"code": "001", "name": "手工录入", "organisation_code": "002"}])
        assert (stored(), awaited()) == ([("001", "手工录入")], [])


def test_the_sweep_finds_the_mall_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(tasks.enter_awaited, "enqueue", lambda *, tenant: woken.append(tenant))
    with tenant_selected(A):
        bring([new()])
    tasks.sweep_awaited()
    assert woken == [A]
    tasks.enter_awaited.run(tenant=A)
    tasks.sweep_awaited()
    assert woken == [A]
    relay_tenant(A)
    assert woken == [A, A]
    tasks.enter_awaited.run(tenant=A)
    with tenant_selected(A):
        assert stored() == [("001", "第三中学")]


def test_practice_names_nobody() -> None:
    with tenant_selected(A) as ref:
        home = replace(ref, code=f"{A}_practice", kind="practice")
        monkey = context._selected.set(home)
        try:
            with pytest.raises(RowsRefused):
                bring([new()])
        finally:
            context._selected.reset(monkey)
        assert awaited() == []
