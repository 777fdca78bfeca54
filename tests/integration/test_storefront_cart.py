"""Carts and the shelf through the services."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connections

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound
from shared_apps.products.models import Offer
from tenant_apps.policies.selectors import checklist
from tenant_apps.storefront import demo, selectors, services
from tenant_apps.storefront.models import Cart, CartLine
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories.goods import make_offer, make_product, make_shelf, make_supplier

TENANT = "990001"
UNIT, OTHER_UNIT = 1, 2


def clerk(user_id: int = 5, *units: int) -> Actor:
    held = tuple(HeldPost(Post.BUYER_CLERK, 1, unit) for unit in units or (UNIT,))
    return Actor(user_id=user_id, name="测试经办", tenant=TENANT, held=held)


def add(offer: Offer, quantity: int = 1, actor: Actor | None = None, unit: int = UNIT) -> None:
    with tenant_selected(TENANT), region_as("yz_mall"):
        services.add_to_cart(actor=actor or clerk(), unit_id=unit, offer_id=offer.pk, quantity=quantity, now=utc_now())


def test_the_cart_is_grouped_by_supplier_with_freight_once_a_line() -> None:
    one, two = make_supplier(), make_supplier()
    first = make_offer(supplier=one, price="20.00", areas=(("650000", "6.00", "0.50"),))
    second = make_offer(supplier=one, price="3.33")
    third = make_offer(supplier=two, price="7.00")
    make_shelf(TENANT)
    for offer, quantity in ((first, 2), (third, 1), (second, 3), (first, 1)):
        add(offer, quantity)
    with tenant_selected(TENANT), region_as("yz_mall"):
        cart = selectors.cart_for(actor=clerk(), unit_id=UNIT)
    assert [supplier.supplier_id for supplier in cart.suppliers] == [one.pk, two.pk]
    group = cart.suppliers[0]
    assert (str(group.goods_amount), str(group.freight_amount), str(group.total_amount)) == ("71.49", "6.00", "77.49")
    assert cart.line_count == 3
    assert group.can_check_out


def test_taking_lines_empties_only_that_supplier_and_only_once() -> None:
    one, two = make_supplier(), make_supplier()
    first, second = make_offer(supplier=one), make_offer(supplier=two)
    make_shelf(TENANT)
    add(first, 2)
    add(second, 1)
    with tenant_selected(TENANT), tenant_atomic():
        taken = services.take_lines(actor=clerk(), unit_id=UNIT, supplier_id=one.pk)
        assert [(line.offer_id, line.quantity) for line in taken] == [(first.pk, 2)]
        assert services.take_lines(actor=clerk(), unit_id=UNIT, supplier_id=one.pk) == ()
    with tenant_selected(TENANT):
        assert list(CartLine.objects.values_list("offer_id", flat=True)) == [second.pk]


def test_what_the_mall_does_not_show_is_not_found() -> None:
    supplier = make_supplier()
    offer = make_offer(make_product(category="C-02"), supplier)
    make_shelf(TENANT, categories=["C-01"])
    with pytest.raises(NotFound):
        add(offer)
    make_shelf(TENANT, excluded=[supplier.pk])
    with pytest.raises(NotFound):
        add(offer)
    make_shelf(TENANT)
    far = make_offer(areas=(("653100", "0.00", "0.00"),))
    with pytest.raises(services.OfferUnavailable):
        add(far)
    with pytest.raises(services.OfferUnavailable):
        add(make_offer(listed=False))
    with tenant_selected(TENANT):
        assert Cart.objects.count() == 0


def test_quantities_within_the_suppliers_least_and_the_most() -> None:
    offer = make_offer(min_quantity=5)
    make_shelf(TENANT)
    with pytest.raises(InvalidInput):
        add(offer, 4)
    add(offer, 5)
    with pytest.raises(InvalidInput):
        add(offer, 999_995)
    with tenant_selected(TENANT), region_as("yz_mall"), pytest.raises(InvalidInput):
        services.set_quantity(actor=clerk(), unit_id=UNIT, offer_id=offer.pk, quantity=4, now=utc_now())
    with tenant_selected(TENANT):
        assert CartLine.objects.get().quantity == 5


def test_quantities_in_whole_packs_of_the_supplier() -> None:
    offer = make_offer(min_quantity=20, pack_quantity=12)
    make_shelf(TENANT)
    with pytest.raises(InvalidInput) as refused:
        add(offer, 25)
    assert (refused.value.facts["lower"], refused.value.facts["higher"]) == (24, 36)
    assert refused.value.errors["quantity"] == ["须按 12 的整数倍订购；最接近的可订数量为 24 和 36。"]
    with pytest.raises(InvalidInput) as refused:
        add(offer, 13)
    assert (refused.value.facts["lower"], refused.value.facts["higher"]) == (None, 24)
    add(offer, 24)
    add(offer, 12)
    with tenant_selected(TENANT):
        assert CartLine.objects.get().quantity == 36


def test_a_cart_offers_the_quantities_next_to_a_wrong_one() -> None:
    offer = make_offer(min_quantity=20)
    make_shelf(TENANT)
    add(offer, 25)
    Offer.objects.filter(pk=offer.pk).update(pack_quantity=12)
    with tenant_selected(TENANT), region_as("yz_mall"):
        line = selectors.cart_for(actor=clerk(), unit_id=UNIT).suppliers[0].lines[0]
    assert (line.orderable, line.other_quantities) == (False, (24, 36))


def test_a_full_cart_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "CART_LINES_MAX", 1)
    first, second = make_offer(), make_offer()
    make_shelf(TENANT)
    add(first)
    add(first)
    with pytest.raises(services.CartFull):
        add(second)


def test_carts_are_one_persons_for_one_unit() -> None:
    offer = make_offer()
    make_shelf(TENANT)
    both = clerk(5, UNIT, OTHER_UNIT)
    add(offer, 1, both, UNIT)
    add(offer, 2, both, OTHER_UNIT)
    add(offer, 3, clerk(6), UNIT)
    with pytest.raises(NotFound):
        add(offer, 1, clerk(6), OTHER_UNIT)
    with tenant_selected(TENANT), region_as("yz_mall"):
        assert selectors.cart_for(actor=both, unit_id=UNIT).suppliers[0].lines[0].quantity == 1
        assert selectors.cart_for(actor=both, unit_id=OTHER_UNIT).suppliers[0].lines[0].quantity == 2
        assert selectors.unit_in_use(actor=both, units=[UNIT, OTHER_UNIT]) == OTHER_UNIT
        services.use_unit(actor=both, unit_id=UNIT, now=utc_now())
        assert selectors.unit_in_use(actor=both, units=[UNIT, OTHER_UNIT]) == UNIT
        assert selectors.cart_line_count(actor=both) == 2
        with pytest.raises(NotFound):
            selectors.cart_for(actor=clerk(6), unit_id=OTHER_UNIT)
        with pytest.raises(NotFound):
            services.remove_line(actor=clerk(7), unit_id=UNIT, offer_id=offer.pk, now=utc_now())


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE storefront_cartline SET quantity = 0", "cart_line_quantity"),
        ("UPDATE storefront_cartline SET seen_price = 'NaN'", "cart_line_price_is_money"),
        ("UPDATE storefront_shelf SET id = 2", "shelf_is_one"),
        ("INSERT INTO storefront_cart (user_id, unit_id, used_at) VALUES (5, 1, now())", "cart_one_per_clerk_and_unit"),
    ],
)
def test_rows_that_cannot_be(statement: str, constraint: str) -> None:
    offer = make_offer()
    make_shelf(TENANT)
    add(offer)
    with tenant_selected(TENANT), pytest.raises(IntegrityError, match=constraint), tenant_atomic():
        connections["tenant"].cursor().execute(statement)


def test_the_checklist_knows_whether_the_shelf_is_chosen() -> None:
    def state() -> bool:
        with tenant_selected(TENANT), region_as("yz_mall"):
            return next(item.done for item in checklist() if item.key == "shelf")

    assert not state()
    make_shelf(TENANT)
    assert state()


def test_the_demonstration_leaves_a_chosen_shelf_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "READY_TENANT", TENANT)
    make_product()
    demo.load(utc_now())
    with tenant_selected(TENANT):
        first = selectors.shelf_choice()
        assert first is not None
        assert len(first.categories) == 12
        services.choose_shelf(actor=SYSTEM, categories=["C-01"], excluded_supplier_ids=(), now=utc_now())
    demo.load(utc_now())
    with tenant_selected(TENANT):
        assert selectors.shelf_view().categories == {"C-01"}
