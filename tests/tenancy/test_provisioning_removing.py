"""Practice malls come and go whole: made, made anew with a higher epoch, thrown away; other malls are kept."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from django.conf import settings
from django.db import connections

from kernel import events
from kernel.actor import SYSTEM
from kernel.clock import utc_now
from tenant_apps.journal.models import JournalEntry
from tenant_apps.journal.services import record
from tenants.database.context import TenantNotFound, region_as, tenant_atomic, tenant_selected
from tenants.database.logins import password_of
from tenants.divisions.models import Division
from tenants.journaling.models import RelayReceipt
from tenants.provisioning.plans import TEMPLATE_SCHEMA
from tenants.provisioning.services import (
    NotRemovable,
    TenantBusy,
    TenantExists,
    create_tenant,
    drop_tenant,
    remake_tenant,
    removing,
)
from tenants.registry.models import Domain, Tenant
from tenants.registry.rules import TenantKind, TenantState
from tests.database import admin
from tests.tenancy.catalogues import catalogue, names_left, throw_away

DIVISION = "990005"
CODE = f"{DIVISION}_practice"
EVENT = "tests.removing_tried"

if EVENT not in events._declared:
    events.declare(events.EventType(EVENT, 1, {"note": str}))


@pytest.fixture
def division(room: None) -> Iterator[str]:
    with region_as("yz_region"):
        Division.objects.create(code=DIVISION, name="测试戊县", level="county", parent_id="650000")
    throw_away(CODE, DIVISION)
    yield DIVISION
    throw_away(CODE, DIVISION)


@pytest.fixture
def practice(division: str) -> str:
    create_tenant(code=CODE, division_code=division, kind=TenantKind.PRACTICE, now=utc_now())
    return CODE


def note(text: str) -> JournalEntry:
    with tenant_atomic():
        key = record(actor=SYSTEM, event=EVENT, object_type="x", object_id=1, facts={"note": text}, now=utc_now())
    return JournalEntry.objects.get(pk=key)


def connects_as(role: str) -> bool:
    chosen = settings.DATABASES["tenant"]
    try:
        psycopg2.connect(
            host=chosen["HOST"], port=chosen["PORT"], dbname=chosen["NAME"], user=role, password=password_of(role)
        ).close()
    except psycopg2.OperationalError:
        return False
    return True


def test_a_practice_mall_stands_beside_the_divisions_own(practice: str, division: str) -> None:
    create_tenant(code=division, now=utc_now())
    with region_as("yz_region"):
        kinds = dict(Tenant.objects.filter(division_code=division).values_list("code", "kind"))
        assert Domain.objects.get(tenant__code=practice).domain == "990005-practice.localhost"
    assert kinds == {practice: "practice", division: "own_level"}
    assert catalogue(f"t{practice}") == catalogue(TEMPLATE_SCHEMA)


def test_made_anew_it_is_empty_under_the_same_login_and_a_higher_epoch(practice: str) -> None:
    with tenant_selected(practice):
        assert note("before").epoch == 1
    with region_as("yz_region"):
        Tenant.objects.filter(code=practice).update(state=TenantState.LIVE, live_at=utc_now())
        row = Tenant.objects.get(code=practice)

    anew = remake_tenant(code=practice, now=utc_now())

    assert (anew.pk, anew.epoch, anew.state, anew.live_at) == (row.pk, 2, "configuring", None)
    assert catalogue(f"t{practice}") == catalogue(TEMPLATE_SCHEMA)
    with tenant_selected(practice):
        assert JournalEntry.objects.count() == 0
        # The first row of the new journal has an old row's id: only the epoch tells them apart.
        first = note("after")
        assert (first.pk, first.epoch) == (1, 2)


def test_a_connection_kept_from_before_works_on_the_new_schema(practice: str) -> None:
    with tenant_selected(practice), connections["tenant"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (before,) = cursor.fetchone()
    remake_tenant(code=practice, now=utc_now())
    with tenant_selected(practice), connections["tenant"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), (SELECT count(*) FROM journal_journalentry)")
        assert cursor.fetchone() == (before, 0)


def test_a_failed_remake_leaves_the_mall_as_it_was(practice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_selected(practice):
        note("kept")

    def broken(*_: object) -> None:
        raise RuntimeError("the power goes")

    with monkeypatch.context() as patch:
        patch.setattr(removing, "build_schema", broken)
        with pytest.raises(RuntimeError, match="the power goes"):
            remake_tenant(code=practice, now=utc_now())
    with tenant_selected(practice) as ref:
        assert ref.epoch == 1
        assert JournalEntry.objects.get().facts == {"note": "kept"}


def test_thrown_away_nothing_of_it_is_left(practice: str) -> None:
    assert names_left(practice) == ["schema", "role", "row", "host"]
    assert connects_as(f"t{practice}")
    drop_tenant(code=practice, now=utc_now())
    assert names_left(practice) == []
    assert not connects_as(f"t{practice}")
    with pytest.raises(TenantNotFound):
        drop_tenant(code=practice, now=utc_now())
    with pytest.raises(TenantNotFound), tenant_selected(practice):
        pass


def test_a_mall_of_the_same_code_never_repeats_an_epoch(practice: str, division: str) -> None:
    with region_as("yz_relay"):
        RelayReceipt.objects.create(room=practice, epoch=3, journal_id=1, relayed_at=utc_now())
    drop_tenant(code=practice, now=utc_now())
    again = create_tenant(code=practice, division_code=division, kind=TenantKind.PRACTICE, now=utc_now())
    assert again.epoch == 4
    drop_tenant(code=practice, now=utc_now())
    kept = create_tenant(code=practice, division_code=division, kind=TenantKind.PRACTICE, epoch=9, now=utc_now())
    assert kept.epoch == 9


def test_a_mall_in_use_is_neither_thrown_away_nor_made_anew(practice: str, division: str) -> None:
    create_tenant(code=division, now=utc_now())
    with region_as("yz_region"):
        for state in set(TenantState) - {TenantState.ARCHIVED}:
            Tenant.objects.filter(code=division).update(state=state)
            with pytest.raises(NotRemovable):
                drop_tenant(code=division, now=utc_now())
        Tenant.objects.filter(code=division).update(state=TenantState.ARCHIVED)
    with pytest.raises(NotRemovable):
        remake_tenant(code=division, now=utc_now())
    drop_tenant(code=division, now=utc_now())
    assert names_left(division) == []
    with pytest.raises(TenantExists):  # the practice mall beside it is untouched
        create_tenant(code=practice, division_code=division, kind=TenantKind.PRACTICE, now=utc_now())


def test_a_mall_whose_tables_are_held_is_busy(practice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removing, "LOCK_TIMEOUT", "50ms")
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"BEGIN; SELECT 1 FROM t{practice}.journal_journalentry")
        with pytest.raises(TenantBusy):
            remake_tenant(code=practice, now=utc_now())
        with pytest.raises(TenantBusy):
            drop_tenant(code=practice, now=utc_now())
        cursor.execute("ROLLBACK")
    assert names_left(practice) == ["schema", "role", "row", "host"]


def test_what_is_no_login_name_is_refused_before_anything_is_made(division: str) -> None:
    for code in ("990005_Practice", "990005-practice", "990005_", "990005_" + "x" * 21, "990005; DROP SCHEMA public"):
        with pytest.raises(ValueError, match="not a tenant schema"):
            create_tenant(code=code, division_code=division, kind=TenantKind.PRACTICE, now=utc_now())
