"""What the worker and the command do: which tenants are woken, under which signature, and the round itself."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kernel.clock import utc_now
from tenant_apps.orders import tasks as order_tasks
from tenant_apps.orders.models import Order
from tenant_apps.payments import services, tasks
from tenant_apps.payments.models import PaymentInstruction
from tenants.database.context import region_as, tenant_selected
from tenants.registry.due_tenants import tenants_with_due
from tests.factories import fulfilment as made
from tests.factories.invoices import record as record_invoice
from tests.factories.orders import Shop, make_shop

A, B = "990001", "990002"


@pytest.fixture
def shop() -> Shop:
    return make_shop(A)


def woken(monkeypatch: pytest.MonkeyPatch, *names: object) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for task in names:
        name = task.name  # type: ignore[attr-defined]
        monkeypatch.setattr(task, "enqueue", lambda *, tenant, name=name: found.append((name, tenant)))
    return found


def test_only_tenants_with_something_due_are_swept(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_selected(A), region_as("yz_mall"):
        due = shop.place().next_due_at
    assert due is not None
    assert tenants_with_due(model=Order, now=due - timedelta(seconds=1)) == []
    assert tenants_with_due(model=Order, now=due) == [A]
    found = woken(monkeypatch, order_tasks.sweep_tenant)
    order_tasks.sweep_due()
    assert found == []
    monkeypatch.setattr(order_tasks, "utc_now", lambda: due)
    order_tasks.sweep_due()
    assert found == [("orders.sweep_tenant", A)]
    # The tenant's sweep asks the database, whatever the clock of the process that woke it says.
    order_tasks.sweep_tenant.run(tenant=A)
    with tenant_selected(A):
        assert Order.objects.get().state == "placed"
    monkeypatch.setattr(order_tasks, "database_now", lambda using: due)
    order_tasks.sweep_tenant.run(tenant=A)
    with tenant_selected(A):
        assert Order.objects.get().state == "expired"
    assert tenants_with_due(model=Order, now=due) == []


def test_a_lost_wake_up_is_found_by_the_sweep(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_selected(A), region_as("yz_mall"):
        monkeypatch.setattr(services, "wake_sending", lambda: None)
        made.requested(shop)
    found = woken(monkeypatch, tasks.send_due, tasks.poll_due)
    tasks.poll()
    assert found == [("payments.send_due", A), ("payments.poll_due", A)]
    tasks.send_due.run(tenant=A)
    tasks.poll_due.run(tenant=A)
    with tenant_selected(A):
        assert PaymentInstruction.objects.get().state == "sent"


def test_a_request_wakes_its_own_tenant_after_the_commit(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    found = woken(monkeypatch, tasks.send_due)
    with tenant_selected(A), region_as("yz_mall"):
        made.requested(shop)
    assert found == [("payments.send_due", A)]


def test_a_broker_that_is_away_undoes_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from kombu.exceptions import OperationalError

    def away(**_: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.send_due, "enqueue", away)
    with tenant_selected(A), region_as("yz_mall"):
        made.requested(shop)
        services.wake_sending()
        assert PaymentInstruction.objects.get().state == "requested"


def test_the_command_runs_one_round(shop: Shop) -> None:
    with tenant_selected(A), region_as("yz_mall"):
        made.requested(shop)
        invoice = record_invoice(shop, made.goods_accepted(shop))
        due = shop.place().next_due_at
    assert due is not None
    out = StringIO()
    call_command("run_timers", tenant=A, at=(utc_now() + timedelta(seconds=1)).isoformat(), stdout=out)
    assert out.getvalue().strip() == (
        "expired 0, closed 0, sent 1, paid 0, failed 0, waiting 0, returned 0, invoices verified 1, refused 0, "
        "contracts sent 0, signed 0, announced 0"
    )
    out = StringIO()
    call_command("run_timers", tenant=A, at=due.isoformat(), stdout=out)
    with tenant_selected(A):
        invoice.refresh_from_db()
        assert invoice.state == "verified"
    assert out.getvalue().startswith("expired 1, closed 0, sent 0")


@pytest.mark.parametrize("at", ["yesterday", "2026-03-02T10:00:00"])
def test_the_command_asks_for_a_moment_with_its_offset(at: str) -> None:
    with pytest.raises(CommandError):
        call_command("run_timers", tenant=B, at=at)
