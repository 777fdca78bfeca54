"""The traps that schema-per-tenant Django lays, each named in docs or in the library's own issues, and its guard.

Both malls hold a unit of the same id; whatever mixes them up raises, or is refused by the database.
"""

from __future__ import annotations

import pickle
import threading
from contextlib import nullcontext
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import OperationalError, ProgrammingError, connections, models
from django.http import HttpRequest, StreamingHttpResponse
from django.test import RequestFactory

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from shared_apps.accounts.rules import OrganisationKind
from tenant_apps.budgets.models import BudgetLine, BudgetUnit
from tenant_apps.budgets.services import create_unit
from tenants.database import base, context, guards
from tenants.database.base import HEALTH_CHECK_AFTER_SECONDS, NoRoomSelected, RoomCursor, RoomSwitchInTransaction
from tenants.database.context import (
    current_tenant,
    leave_rooms,
    selected_code,
    tenant_atomic,
    tenant_on_commit,
    tenant_selected,
)
from tenants.database.middleware import RoomMiddleware
from tenants.database.models import WrongTenant
from tenants.database.rooms import tenant_apps
from tests.database import admin
from tests.factories.orders import make_line
from tests.factories.people import make_organisation

A, B = "990001", "990002"


@pytest.fixture(autouse=True)
def _alike(room: None) -> None:
    """A unit and a budget line in each mall, under the same ids: identities that have drifted apart are set even."""
    with admin() as connection, connection.cursor() as cursor:
        for table in ("budgets_budgetunit", "budgets_budgetline"):
            sequences = [f"t{tenant}.{table}_id_seq" for tenant in (A, B)]
            cursor.execute(f"SELECT greatest({', '.join(f'nextval({name!r})' for name in sequences)})")
            (highest,) = cursor.fetchone()
            for name in sequences:
                cursor.execute("SELECT setval(%s, %s)", [name, highest])
    for tenant, name in ((A, "甲"), (B, "乙")):
        place = make_organisation(OrganisationKind.BUDGET_UNIT, tenant_code=tenant)
        with tenant_selected(tenant):
            unit = create_unit(actor=SYSTEM, code="001001", name=name, organisation_id=place.pk, now=utc_now())
        make_line(tenant, unit.pk)
    assert _unit(A).pk == _unit(B).pk


def _unit(tenant: str) -> BudgetUnit:
    with tenant_selected(tenant):
        return BudgetUnit.objects.get()


def _line(tenant: str) -> BudgetLine:
    with tenant_selected(tenant):
        return BudgetLine.objects.get()


# -- rows of another tenant --------------------------------------------------------------------------------------------
def _save(row: BudgetUnit) -> None:
    row.save()


def _save_some(row: BudgetUnit) -> None:
    row.save(update_fields=["name"])


def _delete(row: BudgetUnit) -> None:
    row.delete()


def _read_again(row: BudgetUnit) -> None:
    row.refresh_from_db()


def _bulk_update(row: BudgetUnit) -> None:
    BudgetUnit.objects.bulk_update([row], ["name"])


def _bulk_create(row: BudgetUnit) -> None:
    BudgetUnit.objects.bulk_create([row], update_conflicts=True, update_fields=["name"], unique_fields=["id"])


def _filter(row: BudgetUnit) -> None:
    list(BudgetLine.objects.filter(unit=row))


def _exclude(row: BudgetUnit) -> None:
    list(BudgetLine.objects.exclude(unit=row))


def _point_at(row: BudgetUnit) -> None:
    BudgetLine(unit=row)


def _relations_back(row: BudgetUnit) -> None:
    list(next(getattr(row, f.get_accessor_name()) for f in row._meta.related_objects).all())


def _prefetch(row: BudgetUnit) -> None:
    names = [f.get_accessor_name() for f in row._meta.related_objects]
    models.prefetch_related_objects([row], *[str(name) for name in names])


def _get_or_create(row: BudgetUnit) -> None:
    BudgetLine.objects.get_or_create(unit=row)


USES = (
    _save, _save_some, _delete, _read_again, _bulk_update, _bulk_create, _filter, _exclude, _point_at, _relations_back,
    _prefetch, _get_or_create,
)  # fmt: skip


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__.strip("_"))
def test_a_row_of_one_tenant_is_of_no_use_in_another(use: Any) -> None:
    row = _unit(B)
    row.name = "丙"
    with tenant_selected(A), pytest.raises(WrongTenant):
        use(row)
    assert (_unit(A).name, _unit(B).name) == ("甲", "乙")


def test_without_the_guard_a_row_is_saved_into_the_other_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what Django does by itself."""
    row = _unit(B)
    row.name = "丙"
    monkeypatch.setattr("tenants.database.models.refuse_foreign", lambda thing: None)
    monkeypatch.setattr("tenants.database.router.refuse_foreign", lambda thing: None)
    with tenant_selected(A):
        row.save()
    assert (_unit(A).name, _unit(B).name) == ("丙", "乙")


def test_without_the_guard_a_relation_leads_into_the_other_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of following a relation."""
    line = _line(B)
    with tenant_selected(A):
        with pytest.raises(WrongTenant):
            assert line.unit
        monkeypatch.setattr("tenants.database.router.refuse_foreign", lambda thing: None)
        assert line.unit.name == "甲"


def test_rows_of_the_same_id_in_two_tenants_are_two_rows() -> None:
    mine, theirs = _unit(A), _unit(B)
    assert mine.pk == theirs.pk
    assert mine != theirs
    assert mine == _unit(A)
    assert len({mine, theirs}) == 2
    assert models.Model.__eq__(mine, theirs)


def test_a_pickled_row_remembers_its_tenant() -> None:
    row = pickle.loads(pickle.dumps(_unit(B)))  # noqa: S301
    with tenant_selected(A), pytest.raises(WrongTenant):
        row.save()
    with tenant_selected(B):
        row.save()


def test_a_row_that_was_made_here_is_of_here() -> None:
    with tenant_selected(B):
        (row,) = BudgetUnit.objects.bulk_create(
            [BudgetUnit(code="001002", name="丁", organisation_id=1, created_at=utc_now())]
        )
    with tenant_selected(A), pytest.raises(WrongTenant):
        row.save()


# -- querysets evaluated elsewhere -------------------------------------------------------------------------------------
EVALUATIONS: dict[str, Any] = {
    "list": list,
    "len": len,
    "bool": bool,
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "iterator": lambda rows: list(rows.iterator()),
    "values": lambda rows: list(rows.values_list("name")),
    "aggregate": lambda rows: rows.aggregate(models.Count("pk")),
    "in_bulk": lambda rows: rows.in_bulk(),
    "update": lambda rows: rows.update(name="丙"),
    "delete": lambda rows: rows.delete(),
    "filtered later": lambda rows: list(rows.filter(name__gt="")),
    "pickled": pickle.dumps,
    "templates": str,
}


@pytest.mark.parametrize("name", EVALUATIONS)
def test_a_queryset_begun_in_one_tenant_is_not_evaluated_in_another(name: str) -> None:
    with tenant_selected(B):
        rows = BudgetUnit.objects.order_by("pk")
    with tenant_selected(A), pytest.raises(WrongTenant):
        EVALUATIONS[name](rows)
    assert (_unit(A).name, _unit(B).name) == ("甲", "乙")


def test_a_queryset_is_not_evaluated_where_no_tenant_is_selected() -> None:
    with tenant_selected(B):
        rows = BudgetUnit.objects.all()
    with pytest.raises(NoRoomSelected):
        list(rows)


def test_a_queryset_begun_outside_belongs_where_it_is_used() -> None:
    rows = BudgetUnit.objects.all()
    for tenant, name in ((A, "甲"), (B, "乙")):
        with tenant_selected(tenant):
            assert [row.name for row in rows.all()] == [name]


def test_without_the_guard_a_late_queryset_reads_the_other_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: Django's own queryset."""
    monkeypatch.setattr(guards.TenantQuerySet, "db", models.QuerySet.db)
    with tenant_selected(B):
        rows = BudgetUnit.objects.all()
    with tenant_selected(A):
        assert [row.name for row in rows] == ["甲"]


# -- connections and cursors -------------------------------------------------------------------------------------------
def test_a_cursor_kept_over_a_switch_is_refused() -> None:
    with tenant_selected(B):
        cursor = connections["tenant"].cursor()
        cursor.execute("SELECT name FROM budgets_budgetunit")
    with tenant_selected(A), pytest.raises(RoomSwitchInTransaction):
        cursor.execute("SELECT name FROM budgets_budgetunit")


def test_without_the_guard_a_kept_cursor_reads_the_room_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.delattr(RoomCursor, "_execute_with_wrappers")
    with tenant_selected(B):
        cursor = connections["tenant"].cursor()
    with tenant_selected(A):
        cursor.execute("SELECT name FROM budgets_budgetunit")
        assert cursor.fetchall() == [("乙",)]


def test_a_killed_parked_connection_costs_no_request() -> None:
    wrapper = context._wrapper("tenant")
    with tenant_selected(A):
        BudgetUnit.objects.count()
    kept = wrapper._kept[context.tenant_login("t990001")]
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [kept.connection.info.backend_pid])
    kept.parked_at -= HEALTH_CHECK_AFTER_SECONDS + 1
    with tenant_selected(A):
        assert BudgetUnit.objects.count() == 1


@pytest.mark.parametrize("heard", [True, pytest.param(False, id="twin")])
def test_a_connection_killed_a_moment_after_its_use_costs_no_request(
    heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is trusted without a round trip, but a hang-up is heard. The twin does not listen for one."""
    wrapper = context._wrapper("tenant")
    with tenant_selected(A):
        BudgetUnit.objects.count()
    kept = wrapper._kept[context.tenant_login("t990001")]
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.connection.info.backend_pid])
    if not heard:
        monkeypatch.setattr(base, "hung_up", lambda _: False)
    with tenant_selected(A), nullcontext() if heard else pytest.raises(OperationalError, match=r"terminating|closed"):
        assert BudgetUnit.objects.count() == 1
    wrapper.close_kept()


def test_without_health_checks_a_killed_parked_connection_costs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    wrapper = context._wrapper("tenant")
    with tenant_selected(A):
        BudgetUnit.objects.count()
    kept = wrapper._kept[context.tenant_login("t990001")]
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [kept.connection.info.backend_pid])
    kept.parked_at -= HEALTH_CHECK_AFTER_SECONDS + 1
    monkeypatch.setattr(type(wrapper), "close_if_health_check_failed", lambda self: None)
    with tenant_selected(A), pytest.raises(Exception, match=r"terminating|closed"):
        BudgetUnit.objects.count()
    wrapper.close_kept()


def test_using_the_region_s_alias_finds_no_table_of_a_tenant() -> None:
    row = _unit(A)
    with tenant_selected(A):
        for use in (
            lambda: list(BudgetUnit.objects.using("default")),
            lambda: row.save(using="default"),
            lambda: BudgetUnit.objects.db_manager("default").create(code="1", name="x", organisation_id=1),
        ):
            with pytest.raises(ProgrammingError, match="does not exist"):
                use()


def test_a_listening_tenant_hears_nothing() -> None:
    """A login may LISTEN; nobody here sends a NOTIFY, so there is nothing to hear (the architecture tests look)."""
    with tenant_selected(A):
        with connections["tenant"].cursor() as cursor:
            cursor.execute("LISTEN everything")
        raw = connections["tenant"].connection
        with tenant_selected(B):
            BudgetUnit.objects.update(name="戊")
        raw.poll()
        assert raw.notifies == []
        with connections["tenant"].cursor() as cursor:
            cursor.execute("UNLISTEN *")


# -- requests, answers and threads -------------------------------------------------------------------------------------
def _streaming(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(name for name in _names())


def _names() -> Any:
    yield from BudgetUnit.objects.values_list("name", flat=True)


@pytest.mark.parametrize(("host", "name"), [(A, "甲"), (B, "乙")])
def test_a_streaming_answer_reads_its_own_tenant_after_the_view(host: str, name: str) -> None:
    answer: Any = RoomMiddleware(_streaming)(RequestFactory().get("/", HTTP_HOST=f"{host}.localhost"))  # type: ignore[arg-type]
    assert b"".join(answer.streaming_content).decode() == name
    assert selected_code() == host
    request_finished.send(sender=None)
    assert selected_code() is None
    with pytest.raises(NoRoomSelected):
        BudgetUnit.objects.count()


def test_a_new_request_starts_in_no_room() -> None:
    context.enter_tenant(context.tenant_ref(B))
    request_started.send(sender=None)
    assert selected_code() is None
    with pytest.raises(NoRoomSelected):
        BudgetUnit.objects.count()


def test_both_signals_leave_the_rooms() -> None:
    for signal in (request_started, request_finished):
        assert leave_rooms in signal._live_receivers(None)[0]


def test_a_thread_started_in_a_request_is_in_no_tenant() -> None:
    seen: list[object] = []

    def look() -> None:
        try:
            seen.append(selected_code())
            BudgetUnit.objects.count()
        except NoRoomSelected as error:
            seen.append(type(error))
        finally:
            connections["tenant"].close()

    with tenant_selected(A):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(timeout=10)
    assert seen == [None, NoRoomSelected]


def test_what_runs_on_commit_runs_in_the_tenant_of_then() -> None:
    ran: list[str] = []
    with tenant_selected(A), tenant_atomic():
        tenant_on_commit(lambda: ran.append(current_tenant().code))
        with pytest.raises(RoomSwitchInTransaction), tenant_selected(B):
            pass
    assert ran == [A]


def test_an_error_on_the_way_leaves_the_tenant() -> None:
    with pytest.raises(ZeroDivisionError), tenant_selected(A), tenant_atomic():
        raise ZeroDivisionError
    assert selected_code() is None
    with tenant_selected(B):
        assert BudgetUnit.objects.get().name == "乙"


# -- what the library does by default ----------------------------------------------------------------------------------
def test_content_types_and_permissions_know_no_model_of_a_tenant() -> None:
    labels = {config.label for config in tenant_apps()}
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT app_label FROM django_content_type")
        assert {label for (label,) in cursor.fetchall()} & labels == set()
        cursor.execute(
            "SELECT count(*) FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id "
            "WHERE c.app_label = ANY (%s)", [sorted(labels)],
        )  # fmt: skip
        assert cursor.fetchone() == (0,)
    with tenant_selected(A), pytest.raises(ProgrammingError):
        # yz_region may read content types and make none.
        ContentType.objects.get_for_model(BudgetUnit)


def test_settings_hold_none_of_the_library_s_defaults() -> None:
    assert settings.CACHES["default"]["KEY_FUNCTION"] == "tenants.database.cache.room_key"
    assert settings.TENANT_DB_ALIAS == "tenant"
    assert settings.DATABASE_ROUTERS == [settings.TENANT_SYNC_ROUTER] == ["tenants.database.router.RoomRouter"]
    for database in settings.DATABASES.values():
        assert database["ATOMIC_REQUESTS"] is False
        assert database["CONN_HEALTH_CHECKS"] is True
        assert database["ENGINE"] == "tenants.database"
    assert not [name for name in settings.MIDDLEWARE if name.startswith("django_tenants")]
    assert "django_tenants" not in repr(settings.LOGGING)
    assert settings.SESSION_COOKIE_NAME != "sessionid"
    assert not getattr(settings, "SESSION_COOKIE_DOMAIN", None)


def test_the_cache_s_key_names_the_room() -> None:
    keys = set()
    for tenant in (A, B):
        with tenant_selected(tenant):
            keys.add(cache.make_key("x"))
    keys.add(cache.make_key("x"))
    assert len(keys) == 3
    assert all(part in " ".join(keys) for part in (":990001:", ":990002:", ":region:"))
