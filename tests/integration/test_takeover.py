"""Open orders of a mall that ran elsewhere: judged whole, confirmed by a second person, taken over once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.file_kinds import FileRefused
from kernel.posts import Post
from kernel.problems import InvalidInput, NotPermitted, WrongState
from kernel.spreadsheets import SpreadsheetRefused
from shared_apps.fees.meters import ORDER_VALUE, ORDERS_PLACED
from shared_apps.fees.models import UsageEvent
from shared_apps.inbox.models import InboxItem
from shared_apps.insight.models import OrderFact
from shared_apps.suppliers.services import change_standing, link_organisation, register_supplier
from tenant_apps.budgets.models import BudgetEntry, BudgetLine
from tenant_apps.commitments.services import held
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders import selectors as orders
from tenant_apps.orders.models import Order, OrderDecision
from tenant_apps.orders.services import ending, fulfilment
from tenant_apps.takeover import selectors, services
from tenant_apps.takeover.models import TakenOrder, Takeover
from tenant_apps.takeover.reading import read_package
from tenant_apps.takeover.services import common, deciding, running, storing
from tenant_apps.takeover.services.common import NotInPractice
from tenant_apps.takeover.services.deciding import NotReady, SamePerson
from tenant_apps.takeover.tasks import run_due, sweep_due
from tenants.database.context import TenantRef, region_as, tenant_selected
from tests import database
from tests.factories.fulfilment import STANDARDS, requested, settle, ship
from tests.factories.goods import make_offer, make_product
from tests.factories.orders import Shop, make_line, make_shop
from tests.factories.people import make_organisation
from tests.factories.relayed import relay_tenant
from tests.factories.takeover import (
    EXAMPLE_PRODUCT,
    EXAMPLE_SUPPLIER,
    OLD_SKU,
    OLD_UNIT,
    PLAN,
    Bureau,
    Packed,
    example,
    make_bureau,
    packed,
    sent,
    taken_over,
)
from tests.factories.workbooks import bomb, symlink, workbook

TENANT = "990001"
ROOT = Path(__file__).parents[2]
ALL_STATES = ("placed", "accepted", "shipped", "returned", "goods_accepted", "paid")


@pytest.fixture(scope="module")
def world(kept_world: Callable[[], None]) -> tuple[Shop, Bureau]:
    """A county that can buy and its bureau, built once."""
    made = make_shop(), make_bureau()
    kept_world()
    return made


@pytest.fixture
def shop(world: tuple[Shop, Bureau]) -> Shop:
    return world[0]


@pytest.fixture
def bureau(world: tuple[Shop, Bureau]) -> Bureau:
    return world[1]


def line() -> BudgetLine:
    return BudgetLine.objects.get(plan_number=PLAN)


def test_a_package_is_taken_over_whole(shop: Shop, bureau: Bureau) -> None:
    row = taken_over(bureau, packed(shop, states=ALL_STATES))
    assert (row.state, row.lines, row.orders, row.stored, row.refused) == ("done", 1, 6, 7, 0)
    with tenant_selected(TENANT):
        # 50,000.00 of which 300.00 were spent on orders that ended in the old mall.
        assert (line().total, line().frozen, line().spent) == (Decimal("49700.00"), Decimal("200.00"), Decimal("40.00"))
        assert [(e.kind, e.amount) for e in BudgetEntry.objects.filter(line=line(), order_id=None).order_by("id")] == [
            ("allot", Decimal("50000.00")), ("reduce", Decimal("300.00")),
        ]  # fmt: skip
        found = {taken.old_number: Order.objects.get(pk=taken.order_id) for taken in TakenOrder.objects.all()}
        assert [found[f"LD{n:04d}"].state for n in range(1, 7)] == list(ALL_STATES)
        paid = found["LD0006"]
        assert (paid.total_amount, paid.clerk_name) == (Decimal("40.00"), "王旧")
        assert (paid.clerk_id, paid.approver_id, paid.supplier_code) == (-1, -2, shop.supplier.uscc)
        assert found["LD0001"].next_due_at > utc_now()
        told = JournalEntry.objects.filter(object_type="order").order_by("id")
        assert [entry.event for entry in told] == ["orders.taken_over"] * 6
        assert (told[0].actor_name, told[0].facts["old_number"]) == ("钱二", "LD0001")
        # They count among what the unit has bought this year, wherever that was.
        assert [(part.budget_item, part.amount) for part in held(order_id=paid.pk)] == [
            ("办公用品购置", Decimal("40.00"))
        ]
        # No rule judged them, and none is asked.
        assert OrderDecision.objects.count() == 0
        assert {one.state: (one.orders, one.amount) for one in selectors.arrived(row=row)} == {
            state: (1, Decimal("40.00")) for state in ALL_STATES
        }


def test_the_same_package_again_changes_nothing(shop: Shop, bureau: Bureau) -> None:
    package = packed(shop, states=("accepted", "paid"))
    taken_over(bureau, package)
    again = sent(bureau.proposer, package)
    assert (again.state, again.lines, again.orders, again.same, again.wrong) == ("checked", 0, 0, 3, 0)
    with tenant_selected(TENANT), region_as("yz_mall"), pytest.raises(NotReady):
        services.propose(actor=bureau.proposer, takeover_id=again.pk, now=utc_now())
    # The rest of the old mall in another package: the line stays, its own order is new.
    rest = packed(shop, states=("shipped",), prefix="ZX")
    rest["lines"][0]["spent"] = "300.00"
    row = taken_over(bureau, rest)
    assert (row.lines, row.orders, row.same, row.stored) == (0, 1, 1, 1)
    with tenant_selected(TENANT):
        assert (line().total, line().frozen, line().spent) == (Decimal("49700.00"), Decimal("80.00"), Decimal("40.00"))
    # What is here with other contents is not taken for the same, and not written over.
    package["orders"][0]["note"] = "另一份"
    other = sent(bureau.proposer, package)
    assert [error[2] for error in other.errors] == ["old_number"]


def test_nothing_is_guessed(shop: Shop, bureau: Bureau) -> None:
    package = packed(shop, mapped=False)
    package["orders"][0]["state"] = package["controls"][0]["state"] = "备货中"
    package["orders"][0]["supplier_code"] = "GYS-9"
    row = sent(bureau.operator, package)
    # Counted wherever a row names them: lines, orders, control totals.
    assert [(kind, code, name) for kind, code, name, _count in row.unmapped] == [
        ("unit", OLD_UNIT, "测试第一小学（旧）"), ("supplier", "GYS-9", ""), ("product", OLD_SKU, "旧卖场打印纸"),
        ("state", "备货中", ""), ("person", "wang01", "王旧"),
    ]  # fmt: skip
    assert {code: count for _kind, code, _name, count in row.unmapped}["备货中"] == 2
    with tenant_selected(TENANT), region_as("yz_mall"):
        with pytest.raises(InvalidInput):
            services.map_code(actor=bureau.operator, kind="unit", old_code=OLD_UNIT, our_code="009", now=utc_now())
        for kind, old, ours in (
            ("unit", OLD_UNIT, "001001"), ("supplier", "GYS-9", shop.supplier.uscc),
            ("product", OLD_SKU, shop.offer.product.code), ("state", "备货中", "accepted"), ("person", "wang01", "-"),
        ):  # fmt: skip
            services.map_code(actor=bureau.operator, kind=kind, old_code=old, our_code=ours, now=utc_now())
        row = services.judge_again(actor=bureau.operator, takeover_id=row.pk, now=utc_now())
        assert (row.unmapped, row.errors, row.matches, row.orders) == ([], [], True, 1)
    # Kept for the next package; a sheet of codes that says otherwise is wrong there.
    package["mappings"].append({"kind": "unit", "old_code": OLD_UNIT, "our_code": "001002"})
    again = sent(bureau.operator, package)
    assert [(error[0], error[2]) for error in again.errors] == [("mappings", "our_code")]


def spoiled(sheet: str, column: str, value: object) -> Callable[[Packed, Shop], None]:
    def spoil(package: Packed, shop: Shop) -> None:
        package[sheet][0][column] = value

    return spoil


def _dearer(package: Packed, shop: Shop) -> None:
    """One cent more on the order alone: its lines, its money and the control totals do not follow."""
    package["orders"][0]["total"] = "40.01"


WRONG: dict[str, tuple[Callable[[Packed, Shop], None], set[tuple[str, str]]]] = {
    "a cent too much": (_dearer, {("orders", "total")}),
    "a day that is missing": (spoiled("orders", "accepted_on", None), {("orders", "accepted_on")}),
    "a day of the future": (spoiled("orders", "placed_on", "2199-01-01"), {("orders", "placed_on")}),
    "a state's day too many": (spoiled("orders", "shipped_on", "2026-01-05"), {("orders", "shipped_on")}),
    "no such way of buying": (spoiled("orders", "mode", "抽签"), {("orders", "mode")}),
    "a turned word": (
        spoiled("orders", "note", "\u202e"), {("orders", "note"), ("goods", "old_number"), ("fundings", "old_number")}
    ),
    "a product nobody offers": (spoiled("goods", "product_code", "T99999"), {("goods", "product_code")}),
    "no product": (spoiled("goods", "old_sku", None), {("goods", "product_code")}),
    "money of another order": (
        spoiled("fundings", "old_number", "LD9"), {("fundings", "old_number"), ("orders", "total")}
    ),
    "a line that is nowhere": (spoiled("fundings", "plan_number", "JH-0"), {("fundings", "plan_number")}),
    "another fund": (spoiled("lines", "fund_source", "彩票"), {("lines", "fund_source")}),
    "a fraction of a piece": (spoiled("goods", "quantity", "1.5"), {("goods", "quantity"), ("orders", "old_number")}),
    "half paid": (
        lambda package, shop: package["payments"].append(
            {"old_number": "LD0001", "amount": "20.00", "paid_on": "2026-01-05", "reference": "ZF1"}
        ),
        {("orders", "total")},
    ),
}  # fmt: skip


def _not_ready(bureau: Bureau, row: Takeover) -> None:
    """It cannot be put before anybody; broken off, the next one has its place."""
    with tenant_selected(TENANT), region_as("yz_mall"):
        with pytest.raises(NotReady):
            services.propose(actor=bureau.proposer, takeover_id=row.pk, now=utc_now())
        services.cancel(actor=bureau.proposer, takeover_id=row.pk, now=utc_now())
        assert Order.objects.count() == 0


def test_a_wrong_cell_is_named_and_keeps_the_package_out(shop: Shop, bureau: Bureau) -> None:
    for name, (spoil, expected) in WRONG.items():
        package = packed(shop)
        spoil(package, shop)
        row = sent(bureau.proposer, package)
        assert (name, row.state, {(error[0], error[2]) for error in row.errors}) == (name, "checked", expected)
        _not_ready(bureau, row)


def test_sums_that_differ_by_a_cent_keep_the_whole_package_out(shop: Shop, bureau: Bureau) -> None:
    for sheet, column, value in (
        ("controls", "amount", "40.01"), ("controls", "orders", 2), ("lines", "frozen", "39.99"),
        ("lines", "spent", "49960.01"),
    ):  # fmt: skip
        package = packed(shop)
        package[sheet][0][column] = value
        row = sent(bureau.proposer, package)
        assert (row.errors, row.matches, sum(1 for one in row.comparison if not one[-1])) == ([], False, 1)
        _not_ready(bureau, row)


def test_two_people_and_nobody_else(shop: Shop, bureau: Bureau) -> None:
    row = sent(bureau.proposer, packed(shop))
    for stranger in (shop.clerk, shop.seller):
        with tenant_selected(TENANT), pytest.raises(NotPermitted):
            services.propose(actor=stranger, takeover_id=row.pk, now=utc_now())
    with tenant_selected(TENANT), region_as("yz_mall"):
        with pytest.raises(WrongState):
            services.confirm(actor=bureau.confirmer, takeover_id=row.pk, now=utc_now())
        services.propose(actor=bureau.proposer, takeover_id=row.pk, now=utc_now())
        with pytest.raises(SamePerson):
            services.confirm(actor=bureau.proposer, takeover_id=row.pk, now=utc_now())
        with pytest.raises(NotPermitted):
            services.confirm(actor=bureau.operator, takeover_id=row.pk, now=utc_now())
        services.send_back(actor=bureau.confirmer, takeover_id=row.pk, reason="对账表请盖章", now=utc_now())
        services.cancel(actor=bureau.operator, takeover_id=row.pk, now=utc_now())
        events = JournalEntry.objects.filter(object_type="takeover").order_by("id")
        assert [entry.event.removeprefix("takeover.") for entry in events] == [
            "package_received", "codes_mapped", "package_checked", "package_proposed", "package_sent_back",
            "package_cancelled",
        ]  # fmt: skip


def _killed(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """The worker dies while it stores the item after `after` others."""
    original, count = storing.store, iter(range(1, 1000))

    def dies(**given: Any) -> Any:
        if next(count) > after:
            raise SystemExit(137)
        return original(**given)

    monkeypatch.setattr(running.storing, "store", dies)


def _confirmed_only(shop: Shop, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> Takeover:
    """A package of five orders that waits for the worker."""
    monkeypatch.setattr(deciding, "SMALL_ITEMS_MAX", 0)
    monkeypatch.setattr(running, "PIECE_ITEMS", 2)
    return taken_over(bureau, packed(shop, states=("accepted",) * 5))


def test_a_killed_worker_s_package_goes_on_without_doubles(
    shop: Shop, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = _confirmed_only(shop, bureau, monkeypatch)
    assert row.state == "running"
    with monkeypatch.context() as patched, tenant_selected(TENANT):
        _killed(patched, 3)
        with pytest.raises(SystemExit):
            services.run_takeover(takeover_id=row.pk)
        # One whole piece: the line and one order; the half of the second was taken back.
        assert Order.objects.count() == 1
    with tenant_selected(TENANT):
        services.run_takeover(takeover_id=row.pk)  # held by the dead run
        assert Order.objects.count() == 1
        Takeover.objects.filter(pk=row.pk).update(next_due_at=utc_now())
    sweep_due()
    with tenant_selected(TENANT):
        run_due.run(tenant=TENANT)
    with tenant_selected(TENANT):
        row.refresh_from_db()
        assert (row.state, row.stored, row.run, Order.objects.count()) == ("done", 6, 2, 5)
        assert (line().frozen, JournalEntry.objects.filter(event="orders.taken_over").count()) == (Decimal("200.00"), 5)


@pytest.mark.parametrize("protected", [True, False])
def test_an_old_number_comes_over_once_because_of_its_constraint(
    protected: bool, shop: Shop, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two packages with one order, both judged before either is taken over. Without the protection it comes twice."""
    first, second = (sent(bureau.proposer, packed(shop, total=total)) for total in ("50000.00", "50000.00"))
    if not protected:
        monkeypatch.setattr(storing.taken, "known_orders", lambda numbers: {})
        with database.admin() as connection, connection.cursor() as cursor:
            cursor.execute("ALTER TABLE t990001.takeover_takenorder DROP CONSTRAINT taken_order_old_number_once")
    try:
        with tenant_selected(TENANT), region_as("yz_mall"):
            for row in (first, second):
                services.propose(actor=bureau.proposer, takeover_id=row.pk, now=utc_now())
                services.confirm(actor=bureau.confirmer, takeover_id=row.pk, now=utc_now())
            assert Order.objects.count() == (1 if protected else 2)
            assert line().frozen == Decimal("40.00" if protected else "80.00")
    finally:
        if not protected:
            with database.admin() as connection, connection.cursor() as cursor:
                cursor.execute("DELETE FROM t990001.takeover_takenorder")
                cursor.execute(
                    "ALTER TABLE t990001.takeover_takenorder "
                    "ADD CONSTRAINT taken_order_old_number_once UNIQUE (old_number)"
                )


def test_an_order_that_was_taken_over_goes_its_way_to_the_end(shop: Shop, bureau: Bureau) -> None:
    taken_over(bureau, packed(shop, states=("accepted",)))
    with tenant_selected(TENANT), region_as("yz_mall"):
        order = orders.orders_for(actor=bureau.proposer, search="ld0001").orders[0]
        fulfilment.ship(actor=shop.seller, order_id=order.pk, carrier="测试物流", waybill="YD1", now=utc_now())
        fulfilment.accept_goods(actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, now=utc_now(), **STANDARDS)
        requested(shop, order=order)
        settle(start=utc_now() + timedelta(seconds=1), minutes=3)
        order.refresh_from_db()
        assert (order.state, line().frozen, line().spent) == ("paid", Decimal("0.00"), Decimal("40.00"))
        ending.close(actor=shop.clerk, order_id=order.pk, now=utc_now() + timedelta(days=20))
        order.refresh_from_db()
        assert order.state == "closed"


def test_every_state_goes_on(shop: Shop, bureau: Bureau) -> None:
    taken_over(bureau, packed(shop, states=("placed", "shipped", "returned", "goods_accepted")))
    with tenant_selected(TENANT), region_as("yz_mall"):
        found = {order.state: order for order in Order.objects.all()}
        assert fulfilment.accept(actor=shop.seller, order_id=found["placed"].pk, now=utc_now()).state == "accepted"
        assert ship(shop, found["returned"]).state == "shipped"
        acceptor = shop.actor(Post.BUYER_ACCEPTOR)
        done = fulfilment.accept_goods(actor=acceptor, order_id=found["shipped"].pk, now=utc_now(), **STANDARDS)
        assert done.certificates.count() == 1
        requested(shop, order=found["goods_accepted"])
        assert Order.objects.get(pk=found["goods_accepted"].pk).state == "paying"


def test_nothing_of_it_is_metered_and_supervision_sees_it(shop: Shop, bureau: Bureau) -> None:
    taken_over(bureau, packed(shop, states=("accepted", "paid")))
    relay_tenant(TENANT)
    assert UsageEvent.objects.filter(meter__in=[ORDERS_PLACED, ORDER_VALUE]).count() == 0
    assert sorted(OrderFact.objects.values_list("state", "placed_at")) == [("accepted", None), ("paid", None)]
    # Whoever acts next finds it among what waits.
    assert InboxItem.objects.filter(state="open", step="accepted").count() == 1


def test_a_line_that_is_here_already_must_be_the_same(shop: Shop, bureau: Bureau) -> None:
    make_line(TENANT, shop.unit_id, number=PLAN, total="50000.00")
    taken_over(bureau, packed(shop))
    with tenant_selected(TENANT):
        assert (line().total, line().frozen) == (Decimal("49700.00"), Decimal("40.00"))
    make_line(TENANT, shop.unit_id, number="JH-LAO-002", total="400.00")
    package = packed(shop, prefix="ZZ", total="390.00")
    for sheet in ("lines", "fundings", "controls"):
        package[sheet][0]["plan_number"] = "JH-LAO-002"
    assert [error[2] for error in sent(bureau.proposer, package).errors] == ["total"]


def test_orders_placed_after_going_live_and_practice_malls_are_refused(
    shop: Shop, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_selected(TENANT), connections["tenant"].cursor() as cursor:
        cursor.execute("UPDATE policies_mallmodule SET opened_at = opened_at - interval '30 days'")
    with database.admin() as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE t990001.policies_mallopening SET opened_at = opened_at - interval '30 days'")
    assert [error[2] for error in sent(bureau.proposer, packed(shop)).errors] == ["placed_on"]
    practice = TenantRef("990001", "", "t990001", "county", "practice", "live", 1, False)
    monkeypatch.setattr(common, "current_tenant", lambda: practice)
    with pytest.raises(NotInPractice):
        sent(bureau.proposer, packed(shop))


def test_a_bad_file_is_refused_before_it_is_kept(bureau: Bureau) -> None:
    for content in (bomb(20), symlink(), b"PK\x03\x04", "订单".encode()):
        with pytest.raises((SpreadsheetRefused, FileRefused)):
            sent(bureau.proposer, content)
    with tenant_selected(TENANT):
        assert Takeover.objects.count() == 0
    # An honest workbook that is no package is kept, and said to be none.
    row = sent(bureau.proposer, workbook([]))
    assert (row.state, row.reason) == ("unreadable", "no-header")


def test_the_manual_s_example_is_a_package_that_is_taken_over(shop: Shop, bureau: Bureau) -> None:
    """The file of docs/how-to is what the template makes today, and a mall with its codes takes it over."""
    content = (ROOT / "docs" / "how-to" / "take-over-example.xlsx").read_bytes()
    stored, made = read_package(content), read_package(example().xlsx())
    assert (stored.errors, stored.rows) == ([], made.rows)
    company = make_organisation("supplier", None, "示例供应商", None)
    with region_as("yz_region"):
        supplier = register_supplier(
            actor=SYSTEM, uscc=EXAMPLE_SUPPLIER, name="示例供应商", division_code="650100", size="small", now=utc_now(),
            legal_representative="示例法人", address="示例路1号", phone="0991-0000000",
        )  # fmt: skip
        change_standing(actor=SYSTEM, supplier_id=supplier.pk, action="admit", reason="", now=utc_now())
        link_organisation(actor=SYSTEM, supplier_id=supplier.pk, organisation_id=company.pk, now=utc_now())
    make_offer(make_product(code=EXAMPLE_PRODUCT), supplier)
    row = taken_over(bureau, content)
    assert (row.state, row.lines, row.orders, row.stored) == ("done", 2, 3, 5)
    with tenant_selected(TENANT):
        found = BudgetLine.objects.get(plan_number="JH-2026-011")
        assert (found.total, found.frozen, found.spent) == (Decimal("48000.00"), Decimal("1120.00"), Decimal("660.00"))
