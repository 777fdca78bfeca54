"""Practice malls: opened, seeded, practised in, made anew and thrown away; nothing of them reaches anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connections

from kernel.actor import SYSTEM, Actor
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import Conflict, NotFound, NotPermitted, WrongState
from shared_apps.accounts.models import Invitation, User
from shared_apps.fees.models import UsageEvent
from shared_apps.inbox.models import InboxItem, PostHeld
from shared_apps.insight.models import OrderFact
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.training import selectors
from shared_apps.training.models import Completion, PracticeMall
from shared_apps.training.rules import MallState, MallStep
from shared_apps.training.services import making, malls
from tenant_apps.access.services import invite_person
from tenant_apps.budgets.selectors import open_lines, units
from tenant_apps.orders.models import Order
from tenant_apps.orders.services import approving, fulfilment
from tenant_apps.payments.provider import TREASURY
from tenant_apps.payments.services import request_payment
from tenant_apps.practice import services as practice
from tenant_apps.practice.rules import PARTNER_IDS
from tenant_apps.practice.selectors import board
from tenant_apps.storefront.services import add_to_cart
from tenant_apps.supermarket.services import Checkout, submit_cart
from tenants.database.context import region_as, tenant_selected
from tenants.registry.models import Tenant
from tests.database import admin
from tests.factories.goods import make_catalogue, make_offer, make_supplier
from tests.factories.people import actor_of, join, letters, make_organisation, make_user
from tests.factories.practice import practice_malls_gone
from tests.factories.relayed import relay_tenant
from tests.factories.rules import shipped_rules
from tests.factories.units import make_bureau_person

A, P = "990001", "990001_practice"
STANDARDS = {"technical_met": True, "service_met": True, "safety_met": True}


@dataclass
class Stage:
    bureau: User
    trainee: User
    offer_id: int
    supplier_id: int
    seller: User

    def bureau_actor(self) -> Actor:
        return actor_of(self.bureau)

    def actor(self) -> Actor:
        return actor_of(self.trainee, P)


@pytest.fixture
def stage() -> Iterator[Stage]:
    shipped_rules()
    make_catalogue()
    organisation = make_organisation("budget_unit", "001", "第一小学", A)
    trainee = make_user(name="练习人")
    join(trainee, organisation)
    company = make_organisation("supplier", None, "测试供应商", None)
    seller = make_user(name="业务员")
    join(seller, company, [Post.SUPPLIER_SALES])
    supplier = make_supplier("测试供应商", organisation_id=company.pk)
    offer = make_offer(supplier=supplier)
    yield Stage(make_bureau_person(A), trainee, offer.pk, supplier.pk, seller)
    practice_malls_gone()


def ask(stage: Stage, action: Any = malls.open_mall) -> PracticeMall:
    with region_as("yz_region"):
        return action(actor=stage.bureau_actor(), tenant_code=A, now=utc_now())


def work() -> int:
    with region_as("yz_region"):
        return making.work_off(clock=utc_now)


def opened(stage: Stage) -> None:
    ask(stage)
    assert work() == 1


def state() -> tuple[str, str]:
    row = PracticeMall.objects.get(tenant_code=A)
    return row.state, row.step


def buy(stage: Stage) -> Order:
    """The trainee's own purchase, by the ordinary services."""
    with tenant_selected(P), region_as("yz_mall"):
        practice.begin(actor=stage.actor(), exercise="buy", now=utc_now())
        actor = stage.actor()
        unit = next(unit for unit in units() if unit.name == "第一小学")
        line = open_lines(unit_id=unit.id, fiscal_year=utc_now().year)[0]
        add_to_cart(actor=actor, unit_id=unit.id, offer_id=stage.offer_id, quantity=2, now=utc_now())
        checkout = Checkout(
            unit_id=unit.id, supplier_id=stage.supplier_id, mode="direct", funding=((line.id, stage_total()),),
            delivery_address="练习路1号", contact_name="练习人", contact_phone="13900000000",
        )  # fmt: skip
        return submit_cart(actor=actor, checkout=checkout, now=utc_now())


def stage_total() -> Any:
    from decimal import Decimal

    return Decimal("40.00")


def begin(stage: Stage, exercise: str) -> int:
    with tenant_selected(P), region_as("yz_mall"):
        order_id = practice.begin(actor=stage.actor(), exercise=exercise, now=utc_now()).order_id
    assert order_id is not None
    return order_id


def practise_everything(stage: Stage) -> None:
    buy(stage)
    approve, accept, pay = (begin(stage, name) for name in ("approve", "accept_goods", "pay"))
    with tenant_selected(P), region_as("yz_mall"):
        actor, now = stage.actor(), utc_now()
        approving.approve(actor=actor, order_id=approve, now=now)
        fulfilment.accept_goods(actor=actor, order_id=accept, now=now, **STANDARDS)
        request_payment(actor=actor, order_id=pay, payee_bank="银行", payee_account="6200000000000000", now=now)


def test_a_bureau_opens_a_seeded_practice_mall(stage: Stage) -> None:
    ask(stage)
    assert state() == (MallState.MAKING, MallStep.WAITING)
    assert work() == 1
    assert state() == (MallState.READY, MallStep.DONE)
    tenant = Tenant.objects.get(code=P)
    assert (tenant.kind, tenant.schema_name, tenant.is_demo, tenant.level) == ("practice", f"t{P}", True, "county")
    assert tenant.name.endswith("（演练）")
    with tenant_selected(P):
        assert {unit.name for unit in units()} == {"第一小学", "财政局"}
    told = list(RegionJournalEntry.objects.filter(event__startswith="training.").values_list("event", flat=True))
    assert told == ["training.mall_asked", "training.mall_ready"]
    assert work() == 0


def test_verified_thresholds_need_no_demonstration_mark(stage: Stage) -> None:
    from tests.factories.rules import verified_threshold

    verified_threshold()
    opened(stage)
    assert Tenant.objects.get(code=P).is_demo is False


def test_every_exercise_is_a_real_order_and_is_recorded_for_the_person(stage: Stage) -> None:
    opened(stage)
    practise_everything(stage)
    with tenant_selected(P), region_as("yz_mall"):
        assert board(actor=stage.actor()).done == 4
        partners = set(PARTNER_IDS.values())
        assert {order.clerk_id for order in Order.objects.all()} - partners == {stage.trainee.pk}
    relay_tenant(P)
    assert set(Completion.objects.values_list("tenant_code", "user_id", "exercise")) == {
        (A, stage.trainee.pk, exercise) for exercise in ("buy", "approve", "accept_goods", "pay")
    }
    with region_as("yz_region"):
        assert selectors.practice_done(tenant_code=A)
        (mine,) = selectors.my_practice(actor=actor_of(stage.trainee))
        assert mine.done == 4
        found = selectors.progress(actor=stage.bureau_actor())
    assert {(one.name, one.count) for one in found} == {("练习人", 4), ("监管员", 0)}


def test_an_exercise_begun_twice_is_one_order_and_the_partner_leaves_it_to_the_trainee(stage: Stage) -> None:
    opened(stage)
    first = begin(stage, "approve")
    assert begin(stage, "approve") == first
    with tenant_selected(P), region_as("yz_mall"), pytest.raises(practice.YourTurn):
        practice.go_on(actor=stage.actor(), order_id=first, now=utc_now())


def test_the_partner_takes_an_order_to_its_payment(stage: Stage) -> None:
    opened(stage)
    order = buy(stage)
    states = []
    with tenant_selected(P), region_as("yz_mall"):
        for _step in range(5):
            states.append(practice.go_on(actor=stage.actor(), order_id=order.pk, now=utc_now()).state)
        with pytest.raises(practice.NothingForPartner):
            practice.go_on(actor=stage.actor(), order_id=order.pk, now=utc_now())
    assert states == ["placed", "accepted", "shipped", "goods_accepted", "paying"]


def test_strangers_neither_practise_nor_push_orders(stage: Stage) -> None:
    opened(stage)
    order = buy(stage)
    other = make_user(name="外县人")
    join(other, make_organisation("budget_unit", "001", "外县小学", "990002"))
    with tenant_selected(P), region_as("yz_mall"):
        for stranger in (actor_of(other, P), actor_of(stage.seller, P)):
            assert stranger.belongs == ()
            with pytest.raises(NotPermitted):
                practice.begin(actor=stranger, exercise="buy", now=utc_now())
            with pytest.raises(NotFound):
                practice.go_on(actor=stranger, order_id=order.pk, now=utc_now())


def test_a_real_mall_has_no_exercises(stage: Stage) -> None:
    actor = actor_of(stage.trainee, A)
    with tenant_selected(A), region_as("yz_mall"):
        for call in (
            lambda: board(actor=actor),
            lambda: practice.begin(actor=actor, exercise="buy", now=utc_now()),
            lambda: practice.go_on(actor=actor, order_id=1, now=utc_now()),
        ):
            with pytest.raises(NotFound):
                call()


def test_made_anew_everything_is_gone_but_the_completions(stage: Stage) -> None:
    opened(stage)
    buy(stage)
    relay_tenant(P)
    before = Tenant.objects.get(code=P)
    ask(stage, malls.remake_mall)
    assert state()[0] == MallState.REMAKING
    work()
    after = Tenant.objects.get(code=P)
    assert (after.pk, after.epoch) == (before.pk, before.epoch + 1)
    with tenant_selected(P):
        assert Order.objects.count() == 0
        assert len(units()) == 2
    assert Completion.objects.count() == 1
    buy(stage)
    relay_tenant(P)
    assert Completion.objects.count() == 1
    assert PracticeMall.objects.get().times_made == 2


def test_thrown_away_it_is_gone_whole_and_can_be_opened_again(stage: Stage) -> None:
    opened(stage)
    buy(stage)
    relay_tenant(P)
    ask(stage, malls.remove_mall)
    work()
    assert state()[0] == MallState.REMOVED
    assert not Tenant.objects.filter(code=P).exists()
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [f"t{P}"])
        assert cursor.fetchone()[0] == 0
    assert Completion.objects.count() == 1
    # The session of the mall before has ended with its login; a new one sees the new mall.
    connections["tenant"].close_kept()
    opened(stage)
    with tenant_selected(P):
        assert Order.objects.count() == 0


def test_only_the_level_s_bureau_asks_and_only_what_fits(stage: Stage) -> None:
    other = make_bureau_person("990002")
    with region_as("yz_region"):
        for who in (actor_of(other), actor_of(stage.trainee)):
            with pytest.raises(NotFound):
                malls.open_mall(actor=who, tenant_code=A, now=utc_now())
        with pytest.raises(WrongState):
            malls.remove_mall(actor=stage.bureau_actor(), tenant_code=A, now=utc_now())
        malls.open_mall(actor=stage.bureau_actor(), tenant_code=A, now=utc_now())
        with pytest.raises(WrongState):
            malls.open_mall(actor=stage.bureau_actor(), tenant_code=A, now=utc_now())
        with pytest.raises(NotFound):
            malls.open_mall(actor=stage.bureau_actor(), tenant_code="990002", now=utc_now())


def test_a_failed_opening_leaves_nothing_and_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Conflict):
        code = "broken-for-the-test"

    def fail(**_: object) -> None:
        raise Broken

    monkeypatch.setattr(making.seeding, "seed", fail)
    opened(stage)
    row = PracticeMall.objects.get()
    assert (row.state, row.error) == (MallState.REMOVED, "broken-for-the-test")
    assert not Tenant.objects.filter(code=P).exists()
    monkeypatch.undo()
    opened(stage)
    assert state()[0] == MallState.READY


def test_a_worker_that_died_is_replaced(stage: Stage) -> None:
    ask(stage)
    now = utc_now()
    PracticeMall.objects.update(taken_at=now)
    assert making.due(now=now) == []
    assert making.due(now=now + making.TAKEN_FOR) == [P]
    PracticeMall.objects.update(taken_at=now - making.TAKEN_FOR)
    assert work() == 1
    assert state()[0] == MallState.READY


# -- nothing of it reaches anybody ------------------------------------------------------------------------------------
def leaks() -> dict[str, int]:
    return {
        "fees": UsageEvent.objects.filter(tenant_code__startswith=A).count(),
        "facts": OrderFact.objects.filter(tenant_code__startswith=A).count(),
        "inbox": InboxItem.objects.filter(tenant_code__startswith=A).count(),
        "posts": PostHeld.objects.filter(tenant_code__startswith=A).count(),
    }


def test_practice_reaches_no_statement_no_fact_and_no_inbox(stage: Stage) -> None:
    opened(stage)
    practise_everything(stage)
    relay_tenant(P)
    assert leaks() == {"fees": 0, "facts": 0, "inbox": 0, "posts": 0}
    with region_as("yz_region"):
        from shared_apps.portal.selectors import malls as listed

        codes = [mall.code for group in listed().groups for mall in group.malls]
    assert P not in codes
    assert Tenant.objects.get(code=P).state == "configuring"


def test_the_twin_with_every_question_off_reaches_them_all(stage: Stage) -> None:
    """The same orders in a mall that calls itself a real one: each consumer counts them."""
    opened(stage)
    practise_everything(stage)
    with region_as("yz_owner"):
        Tenant.objects.filter(code=P).update(kind="own_level", division_code="990777")
    relay_tenant(P)
    assert all(leaks().values()), leaks()
    with region_as("yz_owner"):
        Tenant.objects.filter(code=P).update(kind="practice", division_code=A)


class RealTreasury:
    """Stands for a treasury that moves money."""

    name = "real"


def test_practice_never_reaches_a_real_treasury(stage: Stage, settings: Any) -> None:
    settings.YZ_TREASURY = f"{__name__}.RealTreasury"
    opened(stage)
    with tenant_selected(P):
        assert (TREASURY.connect().name, TREASURY.is_simulated()) == ("simulated", True)
    with tenant_selected(A):  # the twin: the county's own mall pays by it
        assert (TREASURY.connect().name, TREASURY.is_simulated()) == ("real", False)


def test_no_letter_is_sent_from_a_practice_mall(stage: Stage) -> None:
    """An invitation made there finds no organisation of such a tenant in the region."""
    opened(stage)
    with tenant_selected(P):
        unit = next(unit for unit in units() if unit.name == "第一小学")
        invite_person(
            actor=SYSTEM, organisation_id=unit.organisation_id, unit_id=unit.id, name="某人",
            email="somebody@example.com", posts=[Post.BUYER_CLERK], now=utc_now(),
        )  # fmt: skip
    relay_tenant(P)
    assert Invitation.objects.count() == 0
    assert letters() == []
