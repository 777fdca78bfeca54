"""The sums of the year through the orders' own steps: what counts, what is given back, what is refused and excepted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.actor import Actor
from kernel.clock import fiscal_year, local_date, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.rulebook import selectors as rulebook
from shared_apps.rulebook.models import RuleVersion
from shared_apps.rulebook.rules import VersionState
from shared_apps.suppliers.models import Shareholder, Supplier
from tenant_apps.budgets.services import BudgetInsufficient
from tenant_apps.commitments import selectors, services
from tenant_apps.commitments.models import LedgerRow, SplitException
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order, OrderDecision
from tenant_apps.orders.rules import GIVEN_UP, ORDER_LIFECYCLE, OrderState
from tenant_apps.orders.services import approving, ending, fulfilment
from tenant_apps.orders.services.refusals import RuleRefused
from tenant_apps.policies.selectors import Supposed, effective_rules, what_if
from tenant_apps.storefront.models import CartLine
from tenant_apps.supermarket.services import submit_cart
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.files import pdf
from tests.factories.goods import make_offer, make_product, make_supplier
from tests.factories.orders import Shop, make_line, make_shop
from tests.factories.rules import bureau_of, shipped_rules, verified_threshold
from tests.factories.statements import counted

ITEM = "办公用品购置"
# Every order not given up, as it stands in the orders themselves.
_RECOUNT = """
SELECT b.budget_item, l.category_code, sum(f.amount)
  FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
  JOIN orders_orderfunding f ON f.order_line_id = l.id JOIN budgets_budgetline b ON b.id = f.budget_line_id
 WHERE o.state <> ALL(%s) GROUP BY b.budget_item, l.category_code
"""


@pytest.fixture
def shop() -> Iterator[Shop]:
    made_shop = make_shop()
    with tenant_selected(made_shop.tenant), region_as("yz_mall"):
        yield made_shop


def kept() -> dict[tuple[str, str], Decimal]:
    rows = LedgerRow.objects.filter(order_id=0, month=0, amount__gt=0).exclude(item_code="")
    return {(row.budget_item, row.item_code): row.amount for row in rows}


def month() -> LedgerRow:
    return LedgerRow.objects.get(order_id=0, month__gt=0)


def entries() -> int:
    return LedgerRow.objects.filter(order_id__gt=0).count()


def recounted() -> dict[tuple[str, str], Decimal]:
    with connections["tenant"].cursor() as cursor:
        cursor.execute(_RECOUNT, [[str(state) for state in GIVEN_UP]])
        return {(budget_item, code): amount for budget_item, code, amount in cursor.fetchall()}


def by_rule(refused: RuleRefused, code: str) -> dict[str, object]:
    [found] = [one.as_json() for one in refused.decisions if one.rule == code]
    return found


# -- what counts -----------------------------------------------------------------------------------------------------
def test_an_order_counts_from_its_submission_by_budget_item_and_item_code(shop: Shop) -> None:
    other = make_line(shop.tenant, shop.unit_id)
    shop.submit(quantity=2)
    shop.fill_cart(quantity=3)
    placing_order = shop.checkout("0", funding=((shop.line.pk, Decimal("40.00")), (other.pk, Decimal("20.00"))))
    submit_cart(actor=shop.clerk, checkout=placing_order, now=utc_now())
    assert kept() == recounted() == {(ITEM, "A05040101"): Decimal("100.00")}
    head = LedgerRow.objects.get(order_id=0, month=0, item_code="")
    assert (head.amount, head.version) == (Decimal("100.00"), 2)
    share = month()
    assert (share.amount, share.month) == (Decimal("100.00"), local_date(utc_now()).month)
    assert share.sme == share.amount


ENDS = ("rejected", "withdrawn", "declined", "expired", "cancelled", "terminated")


@pytest.mark.parametrize("end", ENDS)
def test_an_order_given_up_leaves_nothing_in_the_sums(shop: Shop, end: str) -> None:
    shop.submit(quantity=1)
    now = utc_now()
    if end in {"rejected", "withdrawn"}:
        order = shop.submit()
        if end == "rejected":
            approving.reject(actor=shop.approver, order_id=order.pk, reason="暂缓", now=now)
        else:
            approving.withdraw(actor=shop.clerk, order_id=order.pk, now=now)
    elif end == "declined":
        fulfilment.decline(actor=shop.seller, order_id=shop.place().pk, reason="缺货", now=now)
    elif end == "expired":
        order = shop.place()
        Order.objects.filter(pk=order.pk).update(next_due_at=now - timedelta(days=1))
        ending.expire(order_id=order.pk, now=now)
    elif end == "cancelled":
        order = made.accepted(shop)
        ending.ask_to_cancel(actor=shop.clerk, order_id=order.pk, reason="不再需要", now=now)
        ending.cancel(actor=shop.seller, order_id=order.pk, now=now)
    else:
        ending.terminate(actor=shop.clerk, order_id=made.returned(shop).pk, reason="不再需要", now=now)
    assert Order.objects.filter(state=end).count() == 1
    assert kept() == recounted() == {(ITEM, "A05040101"): Decimal("20.00")}
    assert month().amount == Decimal("20.00")


def test_every_end_without_the_goods_gives_back(shop: Shop) -> None:
    """States and rules side by side: a new terminal state has to say which of the two it is."""
    assert {str(state) for state in GIVEN_UP} == set(ENDS)
    assert set(ORDER_LIFECYCLE.terminal) - GIVEN_UP == {OrderState.CLOSED}


def test_returned_goods_keep_their_place_until_the_order_is_given_up_and_paid_ones_for_good(shop: Shop) -> None:
    made.returned(shop)
    assert kept() == {(ITEM, "A05040101"): Decimal("40.00")}
    made.paid(shop)
    assert kept() == recounted() == {(ITEM, "A05040101"): Decimal("80.00")}


def test_a_rest_given_up_is_given_back_to_the_cent(shop: Shop) -> None:
    """Some accepted, the rest given up: what stays is what is paid, by budget item and item code."""
    order = made.rest_asked(shop)
    assert kept() == {(ITEM, "A05040101"): Decimal("100.00")}
    fulfilment.cancel_rest(actor=shop.clerk, order_id=order.pk, now=utc_now())
    assert kept() == {(ITEM, "A05040101"): Decimal("60.00")}
    assert month().amount == Decimal("60.00")
    with pytest.raises(ValueError, match="more of"):
        services.give_back_items(order_id=order.pk, amounts={(ITEM, "A05040101"): Decimal("60.01")}, now=utc_now())


# -- near, above, excepted -------------------------------------------------------------------------------------------
def test_near_the_limit_warns_at_the_limit_refuses_with_the_sum_and_the_article(shop: Shop) -> None:
    verified_threshold(amount="100.00")
    verified_threshold(code="R-OPEN-TENDER", amount="1000.00")
    shop.submit()
    near = shop.submit()
    warned = OrderDecision.objects.get(order=near, rule="R-SPLIT-DECENTRALISED")
    assert (warned.allowed, warned.content["warned"]) == (True, True)
    before = (Order.objects.count(), kept(), entries())
    with pytest.raises(RuleRefused) as refused:
        shop.submit(quantity=1)
    assert refused.value.facts["refused"] == ["R-SPLIT-DECENTRALISED"]
    said = by_rule(refused.value, "R-SPLIT-DECENTRALISED")
    assert said["inputs"]["sums"][0] == {  # type: ignore[index]
        "budget_item": ITEM,
        "scope": "item",
        "code": "A05040101",
        "before": "80.00",
        "asked": "20.00",
        "after": "100.00",
        "percent": "100.0",
        "state": "over",
    }
    assert "gpl_regulation:28" in said["articles"]  # type: ignore[operator]
    assert (Order.objects.count(), kept(), entries()) == before
    assert OrderDecision.objects.filter(order=None, rule="R-SPLIT-DECENTRALISED", allowed=False).count() == 1
    # What an order gives back, another may take.
    CartLine.objects.all().delete()
    approving.withdraw(actor=shop.clerk, order_id=near.pk, now=utc_now())
    assert shop.submit(quantity=1).state == "pending_approval"


def test_items_of_one_class_are_added_up_and_other_budget_items_are_not(shop: Shop) -> None:
    verified_threshold(amount="100.00")
    sibling = make_offer(make_product(item_code="A05040106"), shop.supplier, price="20.00")
    shop.submit(quantity=3)
    shop.fill_cart(quantity=2, offer=sibling)
    with pytest.raises(RuleRefused) as refused:
        submit_cart(actor=shop.clerk, checkout=shop.checkout("40.00"), now=utc_now())
    worst = by_rule(refused.value, "R-SPLIT-DECENTRALISED")["inputs"]
    assert (worst["code"], worst["before"], worst["after"]) == ("A05040100", "60.00", "100.00")  # type: ignore[index]


def test_approval_counts_the_order_once_and_meets_a_limit_lowered_since(shop: Shop) -> None:
    verified_threshold(amount="100.00")
    first, second = shop.submit(), shop.submit()
    assert approving.approve(actor=shop.approver, order_id=first.pk, now=utc_now()).state == "placed"
    decision = OrderDecision.objects.get(order=first, occasion="approve", rule="R-SPLIT-DECENTRALISED")
    assert decision.content["inputs"]["sums"][0]["after"] == "80.00"
    verified_threshold(amount="80.00", valid_from=date(2026, 2, 1), document_number="新财购〔2026〕2号")
    with pytest.raises(RuleRefused) as refused:
        approving.approve(actor=shop.approver, order_id=second.pk, now=utc_now())
    assert refused.value.facts["refused"] == ["R-SPLIT-DECENTRALISED"]


def test_a_budget_that_is_too_small_leaves_nothing_in_the_ledger(shop: Shop) -> None:
    with pytest.raises(BudgetInsufficient):
        shop.submit(quantity=5001)
    assert kept() == {}
    assert entries() == 0


def filed(shop: Shop, **changes: object) -> SplitException:
    values: dict[str, object] = {
        "unit_id": shop.unit_id,
        "fiscal_year": fiscal_year(utc_now()),
        "budget_item": ITEM,
        "code": "A05040100",
        "kind": "budget_adjusted",
        "up_to": Decimal("140.00"),
        "document_number": "县财预〔2026〕8号",
        "document_on": local_date(utc_now()),
        "reason": "年中追加预算",
        "file_name": "批复.pdf",
        "content": pdf(),
    }
    return services.file_exception(actor=shop.clerk, now=utc_now(), **(values | changes))  # type: ignore[arg-type]


def step(actor: Actor, row: SplitException, action: str, **more: object) -> SplitException:
    return services.step_exception(actor=actor, exception_id=row.pk, action=action, now=utc_now(), **more)  # type: ignore[arg-type]


def test_an_accepted_document_lets_the_sum_pass_up_to_what_it_allows_until_it_is_ended(
    shop: Shop, settings: object, tmp_path: object
) -> None:
    settings.YZ_FILES_DIR = tmp_path  # type: ignore[attr-defined]
    bureau = bureau_of(shop.tenant)
    verified_threshold(amount="100.00")
    shop.submit(quantity=4)
    row = filed(shop)
    with pytest.raises(services.ExceptionWaits):
        filed(shop)
    with pytest.raises(RuleRefused):
        shop.submit(quantity=1)
    CartLine.objects.all().delete()
    step(bureau, row, "accept", version=1)
    order = shop.submit(quantity=3)
    said = OrderDecision.objects.get(order=order, rule="R-SPLIT-DECENTRALISED").content
    assert said["explanation"] == "split_decentralised.excepted"
    assert said["inputs"]["sums"][0]["exception"] == "县财预〔2026〕8号"
    with pytest.raises(RuleRefused):
        shop.submit(quantity=1)
    with pytest.raises(InvalidInput):
        step(bureau, row, "end")
    step(bureau, row, "end", reason="批复撤销")
    with pytest.raises(RuleRefused):
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    events = list(JournalEntry.objects.filter(object_type="split_exception").values_list("event", flat=True))
    assert events == [f"commitments.exception_{what}" for what in ("filed", "accepted", "ended")]


def test_who_files_does_not_accept_strangers_do_not_see_it(shop: Shop, settings: object, tmp_path: object) -> None:
    settings.YZ_FILES_DIR = tmp_path  # type: ignore[attr-defined]
    row = filed(shop)
    clerk_id = shop.clerk.user_id or 0
    with pytest.raises(services.OwnException):
        step(bureau_of(shop.tenant, user_id=clerk_id), row, "accept")
    with pytest.raises(NotPermitted):
        step(shop.clerk, row, "accept")
    with pytest.raises(NotFound):
        step(shop.seller, row, "withdraw")
    with pytest.raises(NotFound):
        selectors.exception(actor=shop.seller, exception_id=row.pk)
    with pytest.raises(NotFound):
        services.file_exception(
            actor=shop.approver, unit_id=shop.unit_id, fiscal_year=2026, budget_item=ITEM, code="A05040101",
            kind="budget_adjusted", up_to=Decimal("1.00"), document_number="1", document_on=date(2026, 1, 1),
            reason="x", file_name="a.pdf", content=pdf(), now=utc_now(),
        )  # fmt: skip
    with pytest.raises(InvalidInput):
        filed(shop, code="B", document_on=date(2199, 1, 1))
    step(shop.clerk, row, "withdraw")
    with pytest.raises(WrongState):
        step(bureau_of(shop.tenant), row, "accept")


# -- thresholds over dates -------------------------------------------------------------------------------------------
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    starts=st.lists(st.integers(0, 3000), min_size=1, max_size=6, unique=True),
    asked=st.lists(st.integers(-50, 3100), min_size=1, max_size=6),
    amounts=st.lists(st.integers(1, 10**9), min_size=6, max_size=6),
)
def test_the_version_of_the_day_decides_whatever_the_dates(
    shipped: None, starts: list[int], asked: list[int], amounts: list[int]
) -> None:
    """Chains of verified versions: on each day the one begun last is in force, before the first the shipped one."""
    first = date(2027, 1, 1)
    chain = sorted(starts)
    with region_as("yz_region"):
        RuleVersion.objects.filter(code="R-OPEN-TENDER", level="county", kind="goods", version__gt=1).delete()
        shipped_row = RuleVersion.objects.get(code="R-OPEN-TENDER", level="county", kind="goods")
        for number, start in enumerate(chain):
            after = chain[number + 1] if number + 1 < len(chain) else None
            RuleVersion.objects.create(
                code="R-OPEN-TENDER", version=number + 2, module="*", level="county", kind="goods",
                amount=Decimal(amounts[number]).scaleb(-2), parameters={"inclusive": number % 2 == 0},
                basis="statute", legal_basis="x", document_number="文号", document_on=first, source_text="文本",
                valid_from=first + timedelta(days=start),
                valid_to=None if after is None else first + timedelta(days=after),
                state=VersionState.VERIFIED, entered_at=utc_now(), verified_at=utc_now(), verified_by_id=1,
            )  # fmt: skip
        for day in asked:
            rule = rulebook.rule_set(level="county", on=first + timedelta(days=day)).get("R-OPEN-TENDER", "goods")
            begun = [number for number, start in enumerate(chain) if start <= day]
            assert rule is not None
            if not begun:
                assert (rule.version, rule.amount) == (1, shipped_row.amount)
                continue
            limit = Decimal(amounts[begun[-1]]).scaleb(-2)
            assert (rule.version, rule.amount) == (begun[-1] + 2, limit)
            # The amount itself is inside exactly when the parameter says so; a cent decides on either side.
            assert rule.holds(limit) is (begun[-1] % 2 == 0)
            assert rule.holds(limit - Decimal("0.01"))
            assert not rule.holds(limit + Decimal("0.01"))


@pytest.fixture
def shipped(room: None) -> None:
    shipped_rules()


# -- trying out ------------------------------------------------------------------------------------------------------
def test_what_would_be_said_is_what_is_said(shop: Shop) -> None:
    """The same sums and answers as a submission has, and nothing kept."""
    verified_threshold(amount="100.00")
    shop.submit(quantity=4)
    supposed = Supposed(
        amount=Decimal("20.00"), kind="goods", on=local_date(utc_now()), unit_id=shop.unit_id, budget_item=ITEM,
        item_code="A05040101", supplier_size="small",
    )  # fmt: skip
    before = OrderDecision.objects.count()
    approver = shop.approver
    with counted() as statements:
        tried = {one.rule: one.as_json() for one in what_if(actor=approver, supposed=supposed)}
    assert len(statements) <= 6, "\n".join(statements)
    assert OrderDecision.objects.count() == before
    with pytest.raises(RuleRefused) as refused:
        shop.submit(quantity=1)
    for code in ("R-SPLIT-TENDER", "R-SPLIT-DECENTRALISED", "R-DECENTRALISED", "R-SME-SHARE"):
        real = by_rule(refused.value, code)
        assert {**tried[code]["inputs"], "supplier_size": ""} == {**real["inputs"], "supplier_size": ""}, code  # type: ignore[dict-item]
        assert tried[code]["explanation"] == real["explanation"]
    with pytest.raises(NotFound):
        what_if(actor=shop.seller, supposed=supposed)


def test_the_sums_of_the_page_are_those_of_the_decision(shop: Shop) -> None:
    shop.submit(quantity=4)
    rules = effective_rules(on=local_date(utc_now()))
    rows = selectors.sums(unit_id=shop.unit_id, fiscal_year=fiscal_year(utc_now()), rules=rules)
    assert [(row.scope, row.code, row.amount) for row in rows] == [
        ("class", "A05040100", Decimal("80.00")),
        ("item", "A05040101", Decimal("80.00")),
    ]
    assert rows[0].mall is not None
    assert (rows[0].mall.limit, rows[0].mall.state) == (Decimal("300000.00"), "inside")
    orders = selectors.orders_of_sums(
        unit_id=shop.unit_id, fiscal_year=fiscal_year(utc_now()), budget_items=[ITEM, "另一项目"]
    )
    assert [one.amount for one in selectors.within(orders, budget_item=ITEM, code="A05040100")] == [Decimal("80.00")]
    assert selectors.within(orders, budget_item="另一项目", code="A05040100") == []


# -- related suppliers ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tie", ["", "phone_key", "shareholder"])
def test_a_mall_learns_that_two_offers_are_related_and_not_why(shop: Shop, tie: str) -> None:
    secret = "09975551234"
    others = [make_supplier(f"比价供应商{number}") for number in range(2)]
    ids = tuple(make_offer(shop.offer.product, supplier, price="21.00").pk for supplier in others)
    with region_as("yz_region"):
        for supplier in (others[1], shop.supplier) if tie else ():
            if tie == "phone_key":
                Supplier.objects.filter(pk=supplier.pk).update(phone_key=secret)
            else:
                Shareholder.objects.create(supplier=supplier, name=secret, key=secret)
    ids = (*ids, make_offer(shop.offer.product, make_supplier(), price="21.00").pk)  # related ones count as one
    order = shop.submit(mode="compare", compared=ids)
    said = OrderDecision.objects.get(order=order, rule="R-RELATED").content
    assert (said["allowed"], said["warned"]) == (True, bool(tie))
    assert said["inputs"]["pairs"] == (["测试供应商 / 比价供应商1"] if tie else [])
    assert secret not in str(said)
    with pytest.raises(ProgrammingError), connections["default"].cursor() as cursor:
        cursor.execute("SELECT phone_key FROM suppliers_supplier")


# -- canteen food ----------------------------------------------------------------------------------------------------
def test_canteen_food_is_declared_reported_and_taken_back(shop: Shop) -> None:
    year, today = fiscal_year(utc_now()), local_date(utc_now())
    clerk = shop.clerk
    with pytest.raises(InvalidInput):
        services.declare_food(
            actor=clerk, unit_id=shop.unit_id, fiscal_year=year, has_canteen=True, food_planned=None, now=utc_now()
        )
    for planned in ("5000.00", "2000.00"):
        services.declare_food(
            actor=clerk, unit_id=shop.unit_id, fiscal_year=year, has_canteen=True, food_planned=Decimal(planned),
            now=utc_now(),
        )  # fmt: skip
    wanted = {"unit_id": shop.unit_id, "bought_on": today, "amount": Decimal("150.00"), "receipt_number": "R-1"}
    row = services.report_relief(actor=clerk, now=utc_now(), **wanted)  # type: ignore[arg-type]
    with pytest.raises(services.ReceiptReported):
        services.report_relief(actor=clerk, now=utc_now(), **wanted)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        services.report_relief(actor=shop.seller, now=utc_now(), **wanted)  # type: ignore[arg-type]
    [share] = selectors.shares_by_unit(actor=bureau_of(shop.tenant), fiscal_year=year)
    assert (share.food_planned, share.relief, share.relief_percent) == (
        Decimal("2000.00"),
        Decimal("150.00"),
        Decimal("7.5"),
    )
    services.take_back_relief(actor=clerk, purchase_id=row.pk, now=utc_now())
    with pytest.raises(NotFound):
        services.take_back_relief(actor=clerk, purchase_id=row.pk, now=utc_now())
    assert selectors.relief_bought(unit_ids=[shop.unit_id], fiscal_year=year) == {}
    assert shop.actor(Post.BUYER_APPROVER)
