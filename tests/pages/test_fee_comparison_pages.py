"""The comparison's pages: history, one run with its differences by mall and kind, the table, and running one now."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind as Kind
from shared_apps.fees.models import FeeDifference, FeeReconciliation
from shared_apps.fees.rules.differences import DifferenceKind
from shared_apps.fees.services.reconciling import make_reconciliation
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.relayed import relay_tenant, write_order_event
from tests.factories.statements import counted
from webkit.latin import latin_words

A, B = "990001", "990002"
LIST = "/fees/reconciliation/"
STATEMENTS_MAX = 12


def person(kind: Kind, post: Post, tenant: str | None = None) -> Client:
    user = make_user(name="测试甲")
    join(user, make_organisation(kind, name="测试机构", tenant_code=tenant), [post])
    return sign_in(Client(), user)


@pytest.fixture
def staff() -> Client:
    return person(Kind.REGION_FINANCE, Post.REGION_SUPERVISOR)


def ordered(client: Client) -> str:
    answer = client.post(f"{LIST}now/")
    assert answer.status_code == 303
    return str(answer["Location"])


def get(client: Client, path: str) -> str:
    with counted() as statements:
        answer = client.get(path)
    assert answer.status_code == 200, answer.content
    assert len(statements) <= STATEMENTS_MAX
    page = answer.content.decode()
    assert latin_words(page) == []
    return page


def test_a_run_is_ordered_made_and_read(staff: Client) -> None:
    assert "尚未进行核对" in get(staff, LIST)
    write_order_event(A, "approved", state="placed", next_post="supplier_sales")
    relay_tenant(A)
    place = ordered(staff)
    row = FeeReconciliation.objects.get()
    moving = get(staff, place)
    looks_again = f'hx-get="{place}progress/"'
    assert looks_again in moving
    assert "进行中" in moving
    assert "disabled" in get(staff, LIST)
    with region_as("yz_region"):
        make_reconciliation(run_id=row.pk)
    done = get(staff, place)
    assert looks_again not in done
    assert "没有差异" in done
    assert looks_again not in get(staff, f"{place}progress/")
    told = RegionJournalEntry.objects.filter(object_type="fee_reconciliation").order_by("id")
    assert [one.event for one in told] == ["fees.reconciliation_ordered", "fees.reconciled"]
    assert told[1].facts == {"malls": 2, "journal_rows": 2, "uses": 2, "statements": 0, "differences": 0}


def test_differences_are_named_filtered_and_taken_along(staff: Client) -> None:
    place = ordered(staff)
    row = FeeReconciliation.objects.get()
    with region_as("yz_region"):
        make_reconciliation(run_id=row.pk)
        for code in (A, B):
            FeeDifference.objects.bulk_create(
                FeeDifference(
                    reconciliation=row, tenant_code=code, kind=kind, meter="storage", reference=f"{code}/1/{number}",
                    expected="1", found="2",
                )
                for number, kind in enumerate(DifferenceKind)
            )  # fmt: skip
        FeeReconciliation.objects.update(differences=2 * len(DifferenceKind))
    page = get(staff, place)
    assert "存在差异" in page
    assert f"{B}/1/3" in page
    filtered = get(staff, f"{place}?tenant={A}&kind=seal_broken")
    assert filtered.count(f'<code class="text-break">{A}/1/') == 1
    assert f"{B}/1/" not in filtered
    assert "没有符合筛选条件的差异" in get(staff, f"{place}?tenant=654321")
    table = staff.get(f"{place}table.csv?tenant={A}").content.decode()
    assert table.count(f"{A}/1/") == len(DifferenceKind)
    assert "封签被破坏" in table
    assert staff.get(f"{place}?kind=nonsense").status_code == 400
    assert staff.get(f"{LIST}999999/table.csv").status_code == 404


def test_a_bureau_does_not_compare_malls() -> None:
    bureau = person(Kind.FINANCE_BUREAU, Post.TIER_SUPERVISOR, A)
    assert bureau.get(LIST).status_code == 403
    assert bureau.post(f"{LIST}now/").status_code == 403
    assert FeeReconciliation.objects.count() == 0
