"""A tenant dumped and put back into place: itself whole, nobody else touched, every event counted once."""

from __future__ import annotations

import threading
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from kernel.actor import SYSTEM, Actor, Belonging, HeldPost
from kernel.clock import local_date, utc_now
from kernel.events import EventType, declared
from kernel.posts import Post
from shared_apps.accounts.models import MallSession
from shared_apps.fees import selectors as fees
from shared_apps.fees.models import UsageEvent
from shared_apps.fees.services.reconciling import steps
from shared_apps.inbox.models import InboxItem, PostHeld
from shared_apps.inbox.rules import ItemState
from shared_apps.insight.models import OrderFact
from shared_apps.region_journal.models import RegionJournalEntry
from tenant_apps.journal.models import JournalEntry
from tenant_apps.journal.services import record
from tenant_apps.orders.models import Order
from tenants.database.context import region_as, region_atomic, tenant_atomic, tenant_selected
from tenants.journaling.consumers import handlers_of
from tenants.journaling.models import LostEntry
from tenants.journaling.region import record_in_region
from tenants.journaling.relay import drain
from tenants.journaling.restoring import rebuilders
from tenants.provisioning.plans import TEMPLATE_SCHEMA
from tenants.registry.models import Tenant
from tenants.upkeep.services import restoring
from tests.database import admin, close_all, wait_until_settled
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.relayed import order_facts, relay_tenant, write_order_event
from tests.tenancy.catalogues import catalogue
from tests.tenancy.restores import MOVED, A, B, contents, dump, others, restore, table_checksums

# The journal's xid is the relay's own mark: it may be written anew.
JOURNAL = frozenset({"journal_journalentry", "django_migrations"})


@pytest.fixture
def shop(room: None) -> Shop:
    return make_shop(A)


def supervisor() -> Actor:
    return Actor(
        1, "监督", None, (Belonging(1, "财政厅", "region_office", "R1", None),), (HeldPost(Post.REGION_SUPERVISOR, 1),)
    )


def uses(meter: str = "orders_placed") -> int:
    """How many uses this month's statement of A counts."""
    today = local_date(utc_now())
    with region_as("yz_region"):
        found = fees.statement(actor=supervisor(), tenant_code=A, month=date(today.year, today.month, 1), now=utc_now())
    return next(line.event_count for line in found.lines if line.meter.code == meter)


def agrees() -> bool:
    """Whether journals, uses and statements of A agree, both ways."""
    with region_as("yz_region"):
        return not [one for step in steps(codes=[A]) for one in step.differences]


def facts() -> dict[int, str]:
    with region_as("yz_region"):
        return dict(OrderFact.objects.filter(tenant_code=A).values_list("order_id", "state"))


def waiting() -> dict[str, str]:
    with region_as("yz_region"):
        open_items = InboxItem.objects.filter(tenant_code=A, object_type="order", state=ItemState.OPEN)
        return dict(open_items.values_list("object_id", "step"))


def submitted(order: int) -> None:
    write_order_event(A, "submitted", order_id=order)


def approved(order: int) -> None:
    write_order_event(A, "approved", order_id=order, state="placed", next_post="supplier_sales")


# -- whole, and alone -------------------------------------------------------------------------------------------------


def test_a_mall_comes_back_as_it_was_and_nobody_else_is_touched(shop: Shop, tmp_path: Path) -> None:
    shop.place()
    waits = shop.submit(quantity=1)
    relay_tenant(A)
    first = dump(tmp_path / "first.zip")
    assert first.rows > 20
    before = contents(tmp_path / "first.zip", but=JOURNAL)
    shop.place(quantity=3)
    with tenant_selected(A):
        Order.objects.filter(pk=waits.pk).update(note="vandalised")
    relay_tenant(A)
    region, neighbours = table_checksums("public"), others(B)

    done = restore(tmp_path / "first.zip")

    assert (done.epoch, done.manifest.rows) == (2, first.rows)
    dump(tmp_path / "second.zip")
    assert contents(tmp_path / "second.zip", but=JOURNAL) == before
    assert others(B) == neighbours
    assert catalogue(f"t{A}") == catalogue(TEMPLATE_SCHEMA)
    moved = {table for table, held in table_checksums("public").items() if held != region[table]}
    assert moved <= MOVED, "tables of the region that a restore has no business with"
    with region_as("yz_region"):
        told = RegionJournalEntry.objects.get(event="upkeep.tenant_restored")
        assert (told.object_id, told.facts["epoch"], told.actor_name) == (A, 2, "operator tests")
        assert Tenant.objects.get(code=A).epoch == 2


def test_the_mall_trades_on_after_a_restore(shop: Shop, tmp_path: Path) -> None:
    """Rights, numbers and budgets are whole: the next order is placed, with a number nobody had before."""
    dump(tmp_path / "d.zip")
    lost = shop.place()
    restore(tmp_path / "d.zip")
    placed = shop.place()
    assert placed.pk > lost.pk
    assert placed.number != lost.number
    relay_tenant(A)
    assert facts() == {placed.pk: "placed"}
    assert uses() == 1
    with tenant_selected(A):
        assert set(JournalEntry.objects.filter(event__startswith="orders.").values_list("epoch", flat=True)) == {2}


def test_everybody_is_signed_out_of_that_mall_only(shop: Shop, tmp_path: Path) -> None:
    buyer = sign_in(Client(), shop.people[Post.BUYER_CLERK], A)
    region = sign_in(Client(), shop.people[Post.BUYER_CLERK])
    dump(tmp_path / "d.zip")
    assert buyer.get("/orders/").status_code == 200
    restore(tmp_path / "d.zip")
    assert buyer.get("/orders/").status_code == 302
    assert region.get("/").status_code == 200
    with region_as("yz_region"):
        assert not MallSession.objects.filter(tenant_code=A, ended_at=None).exists()


# -- every event once -------------------------------------------------------------------------------------------------


def test_consumers_neither_drop_nor_repeat(tmp_path: Path) -> None:
    submitted(7)
    relay_tenant(A)
    submitted(8)  # in the file, and not relayed yet
    dump(tmp_path / "d.zip")
    approved(7)
    submitted(9)
    relay_tenant(A)
    assert uses() == 1
    assert facts() == {7: "placed", 8: "pending_approval", 9: "pending_approval"}

    done = restore(tmp_path / "d.zip")
    assert done.lost == 2, "7's approval and 9's submission"
    assert facts() == {7: "pending_approval", 8: "pending_approval"}, "7 stands where it stood, 9 has never been"
    assert waiting() == {"7": "pending_approval", "8": "pending_approval"}
    assert uses() == 0, "what was taken back is not owed"
    assert relay_tenant(A) == 0, "rows the region has seen are not handed over again"

    approved(7)
    assert relay_tenant(A) == 1
    assert uses() == 1
    assert facts()[7] == "placed"
    with region_as("yz_region"):
        assert UsageEvent.objects.filter(tenant_code=A, meter="orders_placed").count() == 2, "the trail keeps both"
    assert agrees()


def test_rows_of_the_file_that_nobody_has_seen_are_relayed_once(tmp_path: Path) -> None:
    """The region itself was set back, say: receipts and cursor know less than the file, and its numbers run ahead."""
    submitted(7)
    approved(7)
    dump(tmp_path / "d.zip")
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE t{A}.journal_journalentry SET xid = (pg_current_xact_id()::text::bigint + 900000)::text::xid8"
        )
    dump(tmp_path / "ahead.zip")
    restore(tmp_path / "ahead.zip")
    assert relay_tenant(A) >= 2
    assert (uses(), facts()) == (1, {7: "placed"})
    assert relay_tenant(A) == 0


def test_a_later_file_gives_back_what_an_earlier_one_took(tmp_path: Path) -> None:
    submitted(7)
    relay_tenant(A)
    dump(tmp_path / "early.zip")
    approved(7)
    submitted(9)
    relay_tenant(A)
    dump(tmp_path / "late.zip")
    restore(tmp_path / "early.zip")
    assert (uses(), facts()) == (0, {7: "pending_approval"})
    submitted(10)
    relay_tenant(A)
    done = restore(tmp_path / "late.zip")
    assert done.epoch == 3
    assert relay_tenant(A) == 0
    assert (uses(), facts()) == (1, {7: "placed", 9: "pending_approval"})
    with region_as("yz_region"):
        assert LostEntry.objects.filter(room=A).count() == 1, "only 10, which the late file does not know"
    assert agrees()


def test_a_row_that_was_under_way_during_the_dump_is_lost_though_a_later_one_is_kept(tmp_path: Path) -> None:
    """Ids do not say what a snapshot holds: the file has the second approval and not the first."""
    opened, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with tenant_selected(A), tenant_atomic():
            facts = order_facts(state="placed", next_post=None)
            record(actor=SYSTEM, event="orders.approved", object_type="order", object_id=7, facts=facts, now=utc_now())
            opened.set()
            finish.wait(20)
        close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert opened.wait(10)
    approved(8)
    dump(tmp_path / "d.zip")
    finish.set()
    thread.join()
    relay_tenant(A)
    assert (uses(), facts()) == (2, {7: "placed", 8: "placed"})
    assert restore(tmp_path / "d.zip").lost == 1
    assert relay_tenant(A) == 0
    assert (uses(), facts()) == (1, {8: "placed"})
    assert agrees()


def test_posts_follow_the_file(shop: Shop, tmp_path: Path) -> None:
    relay_tenant(A)
    with region_as("yz_region"):
        before = set(PostHeld.objects.filter(tenant_code=A).values_list("user_id", "post"))
    dump(tmp_path / "d.zip")
    late = shop.hire("测试辛", Post.BUYER_CLERK)
    relay_tenant(A)
    with region_as("yz_region"):
        assert PostHeld.objects.filter(tenant_code=A, user_id=late.pk).exists()
    restore(tmp_path / "d.zip")
    with region_as("yz_region"):
        assert set(PostHeld.objects.filter(tenant_code=A).values_list("user_id", "post")) == before


def test_a_rule_whose_acknowledgement_is_gone_waits_again(tmp_path: Path) -> None:
    rule = {"code": "R-DIRECT", "version": 1, "kind": "goods", "level": "*", "document_number": "文〔2026〕1号"}
    key = "R-DIRECT:goods"
    told = next(event for event in declared() if event.name == "rulebook.version_verified")
    said = next(event for event in declared() if event.name == "policies.rule_acknowledged")
    with region_as("yz_region"), region_atomic():
        record_in_region(
            actor=SYSTEM, event=told.name, object_type="rule", object_id=key, facts=_fitting(told, rule), now=utc_now()
        )
    relay_region()
    dump(tmp_path / "d.zip")
    with tenant_selected(A), tenant_atomic():
        record(
            actor=SYSTEM, event=said.name, object_type="rule", object_id=key, facts=_fitting(said, rule), now=utc_now()
        )
    dump(tmp_path / "acknowledged.zip")

    def waits() -> bool:
        with region_as("yz_region"):
            return InboxItem.objects.get(tenant_code=A, object_id=key).state == ItemState.OPEN

    assert waits()
    relay_tenant(A)
    assert not waits()
    restore(tmp_path / "d.zip")
    assert waits()
    restore(tmp_path / "acknowledged.zip")
    assert not waits()


def _fitting(event: EventType, known: dict[str, Any]) -> dict[str, Any]:
    """Facts of the declared shape: those known, the others of any value."""
    samples: dict[Any, Any] = {
        str: "x",
        int: 1,
        bool: False,
        Decimal: Decimal(1),
        date: date(2026, 1, 1),
        list: [],
        dict: {},
    }
    found = {}
    for name, spec in event.fields.items():
        found[name] = known[name] if name in known else samples.get(spec, utc_now() if spec is datetime else None)
    return found


def relay_region() -> None:
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())


# -- the protections, and what happens without them -------------------------------------------------------------------


def _lose_the_schema() -> None:
    """A disaster: nothing of the mall is left but the file, and its numbers are forgotten."""
    for connection in connections.all():
        connection.close_kept()  # type: ignore[attr-defined]
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA t{A} CASCADE")


def _order_again_after_a_loss(tmp_path: Path) -> int:
    """One order approved and lost, another approved after the restore: how many uses the statement counts."""
    submitted(7)
    relay_tenant(A)
    dump(tmp_path / "d.zip")
    approved(7)
    relay_tenant(A)
    _lose_the_schema()
    restore(tmp_path / "d.zip")
    approved(7)
    relay_tenant(A)
    return uses()


def test_a_lost_schema_is_restored_and_no_new_event_is_taken_for_an_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without knowledge of numbers given before: only the epoch tells new rows from old ones.
    monkeypatch.setattr(restoring, "last_known", lambda room: (0, 0))
    assert _order_again_after_a_loss(tmp_path) == 1
    assert catalogue(f"t{A}") == catalogue(TEMPLATE_SCHEMA)


def test_twin_without_a_new_epoch_the_new_event_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "last_known", lambda room: (0, 0))
    monkeypatch.setattr(restoring, "next_epoch", lambda *epochs: max(epochs))
    assert _order_again_after_a_loss(tmp_path) == 0, "the receipt of the lost row hides the new one"


def test_twin_without_identity_a_restored_event_counts_twice(tmp_path: Path) -> None:
    """Were restored rows to take the new epoch, the region would count what it has counted."""
    submitted(7)
    approved(7)
    relay_tenant(A)
    dump(tmp_path / "d.zip")
    restore(tmp_path / "d.zip")
    assert (relay_tenant(A), uses()) == (0, 1)
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"UPDATE t{A}.journal_journalentry SET epoch = 2, xid = pg_current_xact_id()")
    assert relay_tenant(A) >= 2
    assert uses() == 2


def _write_with_the_old_epoch(tmp_path: Path) -> int:
    """A process that read the registry a moment before the restore stamps its row with the old epoch."""
    from tenants.database import context

    submitted(7)
    relay_tenant(A)
    dump(tmp_path / "d.zip")
    approved(7)
    relay_tenant(A)
    with region_as("yz_region"):
        stale = context.tenant_ref(A)
    restore(tmp_path / "d.zip")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "tenant_ref", lambda code: stale)
        approved(7)
    with tenant_selected(A):
        assert JournalEntry.objects.order_by("-id").values_list("epoch", flat=True)[0] == 1
    relay_tenant(A)
    return uses()


def test_a_row_with_the_old_epoch_is_not_taken_for_a_lost_one(tmp_path: Path) -> None:
    assert _write_with_the_old_epoch(tmp_path) == 1


def test_twin_where_numbers_begin_again_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "last_known", lambda room: (0, 0))
    monkeypatch.setattr(restoring, "sequences_of", lambda schema: [])
    assert _write_with_the_old_epoch(tmp_path) == 0


def test_every_app_that_follows_journals_says_what_a_restore_means_to_it() -> None:
    """A new projection must not be forgotten here. Those without one keep nothing that a restore could falsify."""
    from tenants.journaling.consumers import _batch_handlers, _handlers

    handlers = [*_batch_handlers, *(handler for found in _handlers.values() for handler in found)]
    followers = {handler.__module__.split(".")[1] for handler in handlers}
    followers -= {"tenancy", "integration"}
    # fees: uses of lost rows are not counted (selectors.lost). accounts: letters are sent, and stay sent.
    # portal, fleet: the registry's state is the region's decision. training: practice is never restored.
    # budgets: it only wakes its own mall, whose sweep finds what waits.
    without = {"fees", "portal", "training", "fleet", "budgets"}
    assert followers - without <= set(rebuilders()), "register a rebuilder (tenants.journaling.restoring)"
    assert handlers_of("orders.approved")
