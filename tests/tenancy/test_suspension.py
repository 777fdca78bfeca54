"""A suspended mall: reads stay, writes are refused by the web and by the database; an archived one is gone."""

from __future__ import annotations

import contextlib
import threading
import time

import pytest
from django.db import ProgrammingError, connections
from django.test import Client

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotPermitted, WrongState
from shared_apps.accounts.models import SecurityEvent
from shared_apps.accounts.rules import OrganisationKind, SecurityKind
from shared_apps.fleet import services
from shared_apps.region_journal.models import RegionJournalEntry
from tenant_apps.budgets.models import BudgetUnit
from tenant_apps.budgets.services import create_unit
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.tasks import sweep_tenant
from tenants.database import context
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tenants.database.grants import tenant_grants
from tenants.registry.models import Tenant
from tenants.registry.shutting import TenantArchived, TenantSuspended
from tests.factories.cast import Cast, build_cast
from tests.factories.fleet import REASON, archive, bring_live, resume, suspend
from tests.factories.people import actor_of, make_organisation, sign_in
from tests.matrix import rooms, sample_path

A, B = "990001", "990002"


_organisations: dict[str, int] = {}


@pytest.fixture
def cast() -> Cast:
    bring_live(A, B)
    found = build_cast(A)
    other = make_organisation(OrganisationKind.BUDGET_UNIT, tenant_code=B)
    _organisations.update({A: found.unit_organisation.pk, B: other.pk})
    return found


def open_unit(code: str, tenant: str = A) -> None:
    with tenant_selected(tenant), tenant_atomic():
        create_unit(
            actor=SYSTEM, code=code, name="第二小学（测试）", organisation_id=_organisations[tenant], now=utc_now()
        )


def units(tenant: str = A) -> int:
    with tenant_selected(tenant):
        return BudgetUnit.objects.count()


def test_the_database_refuses_every_change_of_a_suspended_mall_and_no_other_s(cast: Cast) -> None:
    suspend(A)
    with pytest.raises(TenantSuspended) as refused:
        open_unit("001002")
    assert (refused.value.status, refused.value.facts) == (403, {"tenant": A, "reason": REASON})
    assert units() == 1
    open_unit("001002", B)
    resume(A)
    open_unit("001002")
    assert units() == 2


def test_a_process_that_still_believes_the_mall_is_live_is_refused_by_the_database(cast: Cast) -> None:
    with tenant_selected(A) as ref:
        assert ref.state == "live"
    kept = dict(context._refs)
    suspend(A)
    context._refs.update({code: (time.monotonic() + 60, one) for code, (_, one) in kept.items()})
    client = sign_in(Client(), cast.people[Post.TIER_SUPERVISOR], A)
    context._refs.update({code: (time.monotonic() + 60, one) for code, (_, one) in kept.items()})
    unit = {"code": "001009", "name": "新单位", "organisation_id": str(cast.unit_organisation.pk)}
    answer = client.post("/bureau/units/new/", unit)
    assert (answer.status_code, units()) == (403, 1)
    assert REASON in answer.content.decode()


def test_a_new_grant_does_not_open_a_suspended_mall(cast: Cast) -> None:
    suspend(A)
    with region_as("yz_owner"), connections["default"].cursor() as cursor:
        for statement in tenant_grants(f"t{A}", f"t{A}"):
            cursor.execute(statement)
    with pytest.raises(TenantSuspended):
        open_unit("001002")


def test_the_login_cannot_give_itself_the_right_back(cast: Cast) -> None:
    suspend(A)
    for statement in (
        f"GRANT INSERT ON journal_journalentry TO t{A}",
        f"SELECT public.registry_align_journal('t{A}')",
        "UPDATE public.registry_tenant SET state = 'live'",
    ):
        refusing = contextlib.suppress(ProgrammingError)
        with tenant_selected(A), connections["tenant"].cursor() as cursor, refusing:
            cursor.execute(statement)
        with pytest.raises(TenantSuspended):
            open_unit("001002")


def test_reads_stay_and_every_write_is_403_with_the_reason(cast: Cast) -> None:
    bureau = sign_in(Client(), cast.people[Post.TIER_SUPERVISOR], A)
    suspend(A)
    for path in ("/", "/bureau/", "/bureau/units/", "/bureau/units/new/"):
        answer = bureau.get(path)
        assert answer.status_code == 200, path
        assert REASON in answer.content.decode(), path
        assert "yz-shut" in answer.content.decode(), path
    assert bureau.get("/api/v1/budget-units/").status_code == 200
    page = bureau.post("/bureau/units/new/", {"code": "001002", "name": "二"})
    assert page.status_code == 403
    assert REASON in page.content.decode()
    problem = bureau.post("/api/v1/budget-units/create/", {}, content_type="application/json")
    assert (problem.status_code, problem.json()["code"]) == (403, "tenant-suspended")
    assert problem.json()["facts"] == {"tenant": A, "reason": REASON}
    assert bureau.post("/bureau/", {}).status_code == 405
    # Refused by the state: nobody was denied a right.
    assert not SecurityEvent.objects.filter(kind=SecurityKind.ACCESS_DENIED).exists()
    assert bureau.post("/sign-out/").status_code == 303


def test_every_write_route_of_a_mall_is_shut(cast: Cast) -> None:
    clients = (sign_in(Client(), cast.people[Post.TIER_SUPERVISOR], A), Client(HTTP_HOST=f"{A}.localhost"))
    suspend(A)
    asked = 0
    for route in rooms()["tenant"]:
        assert route.access is not None
        for method in set(route.methods) - {"GET"}:
            if route.access.always:
                continue
            for client in clients:
                asked += 1
                answer = client.generic(method, sample_path(route.pattern), HTTP_ACCEPT="application/json")
                assert (answer.status_code, answer.json()["code"]) == (403, "tenant-suspended"), route.name
    assert asked > 80


def test_every_route_of_an_archived_mall_is_gone_for_its_buyers(cast: Cast) -> None:
    clerk = sign_in(Client(), cast.people[Post.BUYER_CLERK], A)
    suspend(A)
    archive(A)
    for route in rooms()["tenant"]:
        assert route.access is not None
        for method in route.methods:
            if not route.access.always:
                answer = clerk.generic(method, sample_path(route.pattern), HTTP_ACCEPT="application/json")
                assert (answer.status_code, answer.json()["code"]) == (410, "tenant-archived"), route.name


def test_somebody_may_enter_a_suspended_mall_and_his_new_posts_wait(cast: Cast) -> None:
    suspend(A)
    client = sign_in(Client(), cast.people[Post.BUYER_CLERK], A)
    assert client.get("/orders/").status_code == 200


def test_time_stands_still_in_a_suspended_mall(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(sweep_tenant, "function", lambda: done.append("swept"))
    suspend(A)
    sweep_tenant.run(tenant=A)
    assert done == []
    resume(A)
    sweep_tenant.run(tenant=A)
    assert done == ["swept"]


def test_an_archived_mall_is_gone_but_for_those_who_supervise_it(cast: Cast) -> None:
    clients = {post: sign_in(Client(), cast.people[post], A) for post in (Post.BUYER_CLERK, Post.AUDITOR)}
    suspend(A)
    archive(A)
    assert Client(HTTP_HOST=f"{A}.localhost").get("/").status_code == 410
    clerk, auditor = clients[Post.BUYER_CLERK], clients[Post.AUDITOR]
    gone = clerk.get("/orders/")
    assert gone.status_code == 410
    assert REASON in gone.content.decode()
    assert clerk.get("/api/v1/orders/").json()["code"] == "tenant-archived"
    assert auditor.get("/orders/").status_code == 200
    for client in (clerk, auditor):
        assert client.post("/cart/quantity/", {"x": "1"}).status_code == 410
    assert Client(HTTP_HOST=f"{A}.localhost").get("/healthz").status_code == 200
    # Who supervises may still come in anew.
    assert sign_in(Client(), cast.people[Post.REGION_SUPERVISOR], A).get("/bureau/").status_code == 200
    with pytest.raises(TenantArchived):
        open_unit("001002")


def test_each_step_is_one_journal_row_by_region_staff_with_a_reason(cast: Cast) -> None:
    region = actor_of(cast.people[Post.REGION_SUPERVISOR])
    bureau = actor_of(cast.people[Post.TIER_SUPERVISOR])
    with pytest.raises(NotPermitted):
        services.suspend_tenant(actor=bureau, code=A, reason=REASON, now=utc_now())
    with pytest.raises(InvalidInput):
        services.suspend_tenant(actor=region, code=A, reason=" ", now=utc_now())
    services.suspend_tenant(actor=region, code=A, reason=REASON, now=utc_now())
    with pytest.raises(WrongState):
        services.suspend_tenant(actor=region, code=A, reason=REASON, now=utc_now())
    services.resume_tenant(actor=region, code=A, now=utc_now())
    assert Tenant.objects.get(code=A).state_reason == ""
    rows = RegionJournalEntry.objects.filter(object_type="tenant", object_id=A, event__startswith="fleet.")
    assert list(rows.order_by("id").values_list("event", "facts__before", "facts__after", "facts__reason")) == [
        ("fleet.tenant_suspended", "live", "suspended", REASON),
        ("fleet.tenant_resumed", "suspended", "live", ""),
    ]


def _race(writers: int = 8, seconds: float = 1.2) -> tuple[list[float], float, int]:
    """Writers open units as fast as they can while the mall is suspended; returns when each success was known, when
    the suspension was acknowledged, and how many journal rows there are that were acknowledged or not."""
    acknowledged: list[float] = []
    stop = threading.Event()
    lock = threading.Lock()

    def write(number: int) -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            began = time.monotonic()
            try:
                open_unit(f"{number:03}{turn:06}")
            except TenantSuspended:
                continue
            with lock:
                acknowledged.append(began)
        for connection in connections.all():
            connection.close_kept()  # type: ignore[attr-defined]

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 2)
    suspend(A)
    suspended_at = time.monotonic()
    with tenant_selected(A):
        rows = JournalEntry.objects.filter(event="budgets.unit_created").count()
    time.sleep(seconds / 2)
    stop.set()
    for thread in threads:
        thread.join()
    return acknowledged, suspended_at, rows


def test_nothing_is_committed_after_the_suspension(cast: Cast) -> None:
    acknowledged, suspended_at, rows = _race()
    assert acknowledged, "the writers were under way"
    assert [began for began in acknowledged if began > suspended_at] == []
    with tenant_selected(A):
        assert JournalEntry.objects.filter(event="budgets.unit_created").count() == rows
    assert units() == len(acknowledged) + 1


def test_without_the_gate_writes_go_on_after_the_suspension(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the state alone, which a process remembers for two seconds."""
    from tenants.registry import services as registry

    monkeypatch.setattr(registry, "_align_journal", lambda schema: None)
    acknowledged, suspended_at, _ = _race()
    assert [began for began in acknowledged if began > suspended_at] != []
