"""Provisioning by replay, and the fleet migration with its ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from django.db import connections

from kernel.clock import utc_now
from tenants.database.context import owner_of, region_as
from tenants.provisioning.plans import TEMPLATE_SCHEMA
from tenants.provisioning.services import (
    DivisionNotFound,
    TenantExists,
    create_tenant,
    creating,
)
from tenants.registry.models import Domain, Tenant
from tests.database import admin
from tests.tenancy.catalogues import catalogue, names_left, throw_away

CODE = "990003"


@pytest.fixture
def third(room: None) -> Iterator[str]:
    """A division without a tenant; whatever a test makes of it is thrown away whole."""
    from tenants.divisions.models import Division

    with region_as("yz_region"):
        Division.objects.create(code=CODE, name="测试丙县", level="county", parent_id="650000")
    throw_away(CODE)
    yield CODE
    throw_away(CODE)


def test_a_replayed_schema_equals_the_template() -> None:
    template = catalogue(TEMPLATE_SCHEMA)
    assert template[0]
    for schema in ("t990001", "t990002"):
        assert catalogue(schema) == template


def test_a_tenant_schema_holds_no_trigger_of_ours_and_no_foreign_key_out() -> None:
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 't99%' AND NOT tgisinternal"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON "
            "f.oid = k.confrelid WHERE k.contype = 'f' AND c.relnamespace <> f.relnamespace"
        )
        assert cursor.fetchall() == []


def test_a_tenant_is_made_whole_or_not_at_all(third: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the power goes")

    with monkeypatch.context() as patch:
        patch.setattr(creating.Domain.objects, "create", broken)
        with pytest.raises(RuntimeError, match="the power goes"):
            create_tenant(code=third, now=utc_now())
    assert names_left(third) == []
    create_tenant(code=third, now=utc_now())
    assert names_left(third) == ["schema", "role", "row", "host"]
    with region_as("yz_region"):
        assert Domain.objects.get(tenant__code=third).domain == "990003.localhost"


def test_a_tenant_twice_or_without_division_is_refused(third: str) -> None:
    with pytest.raises(TenantExists):
        create_tenant(code="990001", now=utc_now())
    with pytest.raises(DivisionNotFound):
        create_tenant(code="999999", now=utc_now())
    assert names_left("999999") == []


def test_no_login_of_a_tenant_reaches_the_region_or_another_tenant() -> None:
    """From the catalogue itself: every right of every tenant login lies in its own schema."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, n.nspname, c.relname FROM pg_roles r, pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE r.rolname ~ '^t99000[12]$' AND c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname <> r.rolname "
            "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND has_schema_privilege(r.oid, n.oid, 'USAGE') "
            "AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member "
            "WHERE m.rolname ~ '^(t[0-9]{6}|yz_(region|mall|relay|sweeper))'"
        )
        assert cursor.fetchall() == []


def test_a_registry_row_never_makes_a_schema_by_itself() -> None:
    with region_as("yz_region"):
        Tenant.objects.create(
            schema_name="t990009", code="990009", division_code="990009", name="x", level="county", kind="own_level",
            state="applied", created_at=utc_now(),
        )  # fmt: skip
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = 't990009'")
        assert cursor.fetchone() is None


def test_schemas_are_told_apart_by_content() -> None:
    """The checksum used to prove that other tenants saw nothing changes when one row does."""
    from tests.checksums import schema_checksum

    before = schema_checksum("t990002")
    with owner_of("t990002"), connections["tenant"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_journalentry (epoch, at, actor_name, organisation_name, event, event_version, "
            "object_type, object_id, facts) VALUES (1, now(), '', '', 'x', 1, 'x', 'x', '{}')"
        )
    after = schema_checksum("t990002")
    assert before != after
    assert len(before) == len(hashlib.sha256().hexdigest())
