"""The order's constraints, tried by raw writes of the tenant's own login: the last line behind the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from kernel.clock import utc_now
from tenant_apps.orders.models import AcceptanceCertificate, Order, OrderDecision, OrderFunding, OrderLine, Shipment
from tenants.database.context import tenant_atomic, tenant_selected

NOW = utc_now()
APPROVED: dict[str, Any] = {"state": "placed", "placed_at": NOW, "approver_id": 8, "approver_name": "乙"}


def make(**changes: Any) -> Order:
    values: dict[str, Any] = {
        "number_stem": "DD99000120260302",
        "unit_id": 1,
        "unit_name": "第一小学",
        "organisation_id": 1,
        "fiscal_year": 2026,
        "module": "online_supermarket",
        "mode": "direct",
        "supplier_id": 5,
        "supplier_code": "91650100MA00000000",
        "supplier_name": "某公司",
        "supplier_organisation_id": 6,
        "supplier_is_sme": False,
        "clerk_id": 7,
        "clerk_name": "甲",
        "state": "pending_approval",
        "goods_amount": Decimal("10.00"),
        "freight_amount": Decimal("2.00"),
        "total_amount": Decimal("12.00"),
        "area_code": "990001",
        "delivery_address": "某路1号",
        "contact_name": "甲",
        "contact_phone": "13900000000",
        "submitted_at": NOW,
        "changed_at": NOW,
    }
    return Order.objects.create(**(values | changes))


@pytest.fixture(autouse=True)
def in_tenant() -> Any:
    with tenant_selected("990001"):
        yield


def test_the_number_ends_with_six_digits_of_the_id() -> None:
    order = make()
    assert order.number == f"DD99000120260302{order.id:06d}"
    assert Order.objects.get(number=order.number).pk == order.pk


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("order_state_known", {**APPROVED, "state": "perhaps", "accepted_at": NOW}),
        ("order_mode_known", {"mode": "lottery"}),
        ("order_amounts_real", {"goods_amount": Decimal(0), "freight_amount": Decimal(0), "total_amount": Decimal(0)}),
        ("order_amounts_real", {"goods_amount": Decimal("-1"), "total_amount": Decimal("1")}),
        ("order_total_adds_up", {"total_amount": Decimal("12.01")}),
        ("order_approver_not_clerk", {**APPROVED, "approver_id": 7}),
        ("order_payer_not_acceptor", {"acceptor_id": 9, "payer_id": 9}),
        ("order_placed_at_fits_state", {"state": "placed"}),
        ("order_placed_at_fits_state", {"placed_at": NOW}),
        ("order_accepted_at_fits_state", {**APPROVED, "state": "accepted"}),
        ("order_accepted_at_fits_state", {**APPROVED, "accepted_at": NOW}),
        ("order_paid_at_fits_state", {**APPROVED, "state": "paid", "accepted_at": NOW}),
        ("order_closed_at_fits_state", {**APPROVED, "state": "closed", "accepted_at": NOW, "paid_at": NOW}),
        ("order_closed_at_fits_state", {"closed_at": NOW}),
        ("order_refusal_has_reason", {"state": "rejected"}),
        ("order_cancel_party_known", {"cancel_asked_by": "nobody"}),
    ],
)
def test_an_impossible_order_is_refused_by_the_database(constraint: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), tenant_atomic():
        make(**changes)
    assert Order.objects.count() == 0


def test_not_a_number_is_not_an_amount() -> None:
    order = make()
    with pytest.raises(IntegrityError, match="order_"), tenant_atomic():
        _raw(f"UPDATE orders_order SET total_amount = 'NaN', goods_amount = 'NaN' WHERE id = {order.pk}")


def test_a_number_is_given_once() -> None:
    order = make()
    with pytest.raises(IntegrityError, match="order_number_once"), tenant_atomic():
        make(id=order.pk + 1_000_000)


def line_of(order: Order, **changes: Any) -> OrderLine:
    values: dict[str, Any] = {
        "order": order,
        "position": 1,
        "offer_id": 1,
        "offer_version": 1,
        "product_id": 1,
        "product_version": 1,
        "product_code": "P1",
        "title": "复印纸",
        "unit": "包",
        "category_code": "A08060301",
        "kind": "goods",
        "vat_rate": Decimal("0.13"),
        "price": Decimal("5.00"),
        "reference_price": Decimal("6.00"),
        "quantity": 2,
        "amount": Decimal("10.00"),
        "freight": Decimal("2.00"),
    }
    return OrderLine.objects.create(**(values | changes))


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("orderline_amount_is_product", {"amount": Decimal("10.01")}),
        ("orderline_quantity_possible", {"quantity": 0, "amount": Decimal(0)}),
        ("orderline_amounts_real", {"freight": Decimal("-0.01")}),
        ("orderline_amounts_real", {"reference_price": Decimal("-1")}),
        ("orderline_vat_is_a_rate", {"vat_rate": Decimal("13.00")}),
    ],
)
def test_an_impossible_line_is_refused_by_the_database(constraint: str, changes: dict[str, Any]) -> None:
    order = make()
    with pytest.raises(IntegrityError, match=constraint), tenant_atomic():
        line_of(order, **changes)


def test_a_funding_is_above_zero_and_named_once() -> None:
    line = line_of(make())
    with pytest.raises(IntegrityError, match="orderfunding_amount_positive"), tenant_atomic():
        OrderFunding.objects.create(order_line=line, budget_line_id=1, amount=Decimal(0))
    OrderFunding.objects.create(order_line=line, budget_line_id=1, amount=Decimal("12.00"))
    with pytest.raises(IntegrityError, match="orderfunding_once"), tenant_atomic():
        OrderFunding.objects.create(order_line=line, budget_line_id=1, amount=Decimal("12.00"))


def test_a_certificate_needs_every_standard_or_a_remark() -> None:
    order = make()
    shipment = Shipment.objects.create(
        order=order, carrier="某物流", waybill="1", shipped_by_id=1, shipped_by_name="丙", shipped_at=NOW
    )
    common: dict[str, Any] = {
        "order": order,
        "shipment": shipment,
        "technical_met": True,
        "service_met": True,
        "safety_met": False,
        "acceptor_id": 1,
        "acceptor_name": "丁",
        "signed_at": NOW + timedelta(minutes=1),
    }
    with pytest.raises(IntegrityError, match="certificate_accepted_meets_all"), tenant_atomic():
        AcceptanceCertificate.objects.create(conclusion="accepted", **common)
    with pytest.raises(IntegrityError, match="certificate_refusal_has_reason"), tenant_atomic():
        AcceptanceCertificate.objects.create(conclusion="refused", **common)
    with pytest.raises(IntegrityError, match="certificate_conclusion_known"), tenant_atomic():
        AcceptanceCertificate.objects.create(conclusion="perhaps", **common)


@pytest.mark.parametrize(
    "table",
    [model._meta.db_table for model in (OrderLine, OrderFunding, OrderDecision, Shipment, AcceptanceCertificate)],
)
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_record_can_only_grow(table: str, verb: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), tenant_atomic():
        _raw(verb.format(table))


def _raw(statement: str) -> None:
    with transaction.get_connection("tenant").cursor() as cursor:
        cursor.execute(statement)
