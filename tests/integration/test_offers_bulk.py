"""Offers stored by the hundred become what the services make of them one by one: state, terms, history, what is shown.

The reference is slow and plain: for each row the call a person would make. Every state an offer may be in meets every
change a row may bring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.actor import SYSTEM
from kernel.clock import local_date, utc_now
from kernel.problems import DomainError, InvalidInput
from shared_apps.exchange.kinds import KINDS
from shared_apps.products import bulk, services
from shared_apps.products.bulk import OfferRow, store_offers
from shared_apps.products.bulk_sql import array, fetched
from shared_apps.products.models import Offer, OfferArea, Product
from shared_apps.products.models.offer import OfferPrice
from shared_apps.products.models.searching import OnSale
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import OPEN_STATES, ProductState
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.models import Supplier
from tenants.database.context import region_atomic
from tests.factories.goods import make_product, make_supplier

AREA = ["650000", "1.00", "0.50"]
BEGUN = local_date(utc_now()) - timedelta(days=9)
# What a row brings, beside the row the offer was stored by.
CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "cheaper": {"price": "15.00"},
    "dearer": {"price": "25.00"},
    "what was asked for": {"price": "30.00"},
    "lower market price": {"reference_price": "80.00"},
    "higher market price": {"reference_price": "95.00"},
    "dearer freight": {"areas": [["650000", "2.00", "0.50"]]},
    "cheaper freight": {"areas": [["650000", "0.00", "0.00"]]},
    "cheaper, with dearer freight": {"price": "15.00", "areas": [["650000", "2.00", "0.50"]]},
    "one more area": {"areas": [AREA, ["653101", "0.00", "0.00"]]},
    "another area": {"areas": [["653101", "0.00", "0.00"]]},
    "other words": {"stock_note": '现货 "{,}" \\ NULL', "delivery_days": 9},
    "cheaper, with a last day": {"price": "15.00", "valid_to": "2199-12-31"},
    "a last day before the first": {"valid_to": "2000-01-01", "price": "15.00"},
    "another quantity": {"min_quantity": 3},
    "another pack": {"pack_quantity": 4},
    "another first day": {"valid_from": (BEGUN - timedelta(days=1)).isoformat()},
    "no first day": {"valid_from": None, "price": "15.00"},
}
STATES = ("none", "draft", "submitted", "machine_checked", "listed", "asking", "frozen", "suspended")


def first(code: str) -> dict[str, Any]:
    return {
        "product_code": code, "price": "20.00", "reference_price": "90.00", "min_quantity": 1, "pack_quantity": 1,
        "stock_note": "现货", "delivery_days": 3, "valid_from": BEGUN.isoformat(), "valid_to": None, "areas": [AREA],
    }  # fmt: skip


def stored(supplier: Supplier, rows: list[dict[str, Any]]) -> list[str]:
    """What became of each row."""
    found = store_offers(
        actor=SYSTEM, supplier_id=supplier.pk, supplier_code=supplier.uscc, rows=cast(list[OfferRow], rows),
        now=utc_now(),
    )  # fmt: skip
    return [one.verdict for one in found]


def begin(supplier: Supplier, state: str, codes: list[str]) -> None:
    """Offers of these products in this state, 30.00 asked for in `asking`."""
    if state == "none":
        return
    stored(supplier, [first(code) for code in codes])
    asking = {"pending_since": utc_now(), "pending_price": "30.00", "pending_reference_price": "90.00"}
    rows = Offer.objects.filter(supplier=supplier)
    rows.update(**({"state": "listed", **asking} if state == "asking" else {"state": state}))
    with region_atomic():
        refresh_products(product_ids=rows.values_list("product_id", flat=True), now=utc_now())


def one_by_one(supplier: Supplier, row: dict[str, Any]) -> str:
    """What a person would do for the row. Says what became of it, in the words of the bulk way."""
    try:
        with region_atomic():
            return _by_hand(supplier, row)
    except DomainError as error:
        return "unchanged" if isinstance(error, services.NothingChanges) else "wrong"


def _by_hand(supplier: Supplier, row: dict[str, Any]) -> str:
    product = Product.objects.filter(code=row["product_code"]).first()
    if product is None or product.state != ProductState.LISTED:
        return "wrong"
    who: dict[str, Any] = {"actor": SYSTEM, "now": utc_now()}
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("valid_from", "valid_to")}
    terms = {"price": Decimal(row["price"]), "reference_price": Decimal(row["reference_price"]),
             "areas": [(code, Decimal(f), Decimal(s)) for code, f, s in row["areas"]]}  # fmt: skip
    served = {name: row[name] for name in ("stock_note", "delivery_days")}
    offer = Offer.objects.filter(supplier=supplier, product=product, state__in=OPEN_STATES).first()
    whole: dict[str, Any] = {**terms, **served, **days}
    packs = {name: row[name] for name in ("min_quantity", "pack_quantity")}
    whole |= packs
    if offer is None:
        made = services.draft_offer(product_code=product.code, supplier_id=supplier.pk, **whole, **who)
        services.move_offer(offer_id=made.pk, action="submit", **who)
        return "new"
    same = all(getattr(offer, name) == value for name, value in {**served, "valid_to": days["valid_to"]}.items())
    held = all(getattr(offer, name) == value for name, value in packs.items())
    fixed = held and days["valid_from"] in {None, offer.valid_from}
    if same and fixed and _asks_for(offer, terms):
        return "unchanged"
    if offer.state == "draft":
        services.edit_draft(offer_id=offer.pk, **whole, **who)
        return "changed"
    if not fixed:
        raise InvalidInput(errors={})
    if not same:
        services.edit_service(offer_id=offer.pk, valid_to=days["valid_to"], **served, **who)
    try:
        services.change_price(offer_id=offer.pk, **terms, **who)
    except services.NothingChanges:
        if same:
            raise
    return "changed"


def _asks_for(offer: Offer, terms: dict[str, Any]) -> bool:
    """Whether these are the terms that wait, or those that hold where none do."""
    held = sorted(offer.areas.values_list("division_code", "freight", "surcharge"))
    if offer.pending_price is None:
        return terms == {"price": offer.price, "reference_price": offer.reference_price, "areas": held}
    asked = [(c, Decimal(f), Decimal(s)) for c, f, s in offer.pending_areas] if offer.pending_areas else held
    return terms == {
        "price": offer.pending_price, "reference_price": offer.pending_reference_price, "areas": asked,
    }  # fmt: skip


COLUMNS = (
    "product__code", "price", "reference_price", "min_quantity", "pack_quantity", "stock_note", "delivery_days",
    "valid_from", "valid_to", "vat_rate", "pending_price", "pending_reference_price", "state", "state_reason",
)  # fmt: skip


def kept(supplier: Supplier) -> dict[str, Any]:
    """All that the tables hold of the supplier's offers, in words that do not name it."""
    offers = Offer.objects.filter(supplier=supplier)
    areas = [
        [code, [division, str(freight), str(surcharge)]]
        for code, division, freight, surcharge in OfferArea.objects.filter(offer__in=offers).values_list(
            "offer__product__code", "division_code", "freight", "surcharge"
        )
    ]
    here = {code: sorted(area for other, area in areas if other == code) for code, _area in areas}
    return {
        "offers": sorted(map(str, offers.values_list(*COLUMNS))),
        # Where the areas that were asked for are those that hold, one way writes them down and the other does not.
        "asked areas": sorted(
            (code, asked if asked is not None else here[code])
            for code, asked in offers.exclude(pending_since=None).values_list("product__code", "pending_areas")
        ),
        "areas": sorted(areas),
        "history": sorted(
            map(str, OfferPrice.objects.filter(offer__in=offers).values_list(
                "offer__product__code", "change", "before", "after", "changed_by_id", "changed_by_name",
                "approved_by_id", "approved_by_name",
            ))
        ),
        "on sale": sorted(
            map(str, OnSale.objects.filter(supplier_id=supplier.pk).values_list(
                "product_id", "level", "price", "places", "narrower", "valid_from", "valid_to",
            ))
        ),
    }  # fmt: skip


def test_every_change_of_every_state_becomes_what_the_services_make_of_it(room: None) -> None:
    codes = [make_product().code for _ in CHANGES]
    gone, away = make_product(), "NONE"
    Product.objects.filter(pk=gone.pk).update(state="merged")
    for state in STATES:
        many, single = make_supplier(), make_supplier()
        for supplier in (many, single):
            begin(supplier, state, codes)
        rows = [{**first(code), **change} for code, change in zip(codes, CHANGES.values(), strict=True)]
        rows += [first(gone.code), first(away)]
        assert stored(many, rows) == [one_by_one(single, row) for row in rows], state
        assert kept(many) == kept(single), state


def test_rows_come_again_and_again_as_they_would_by_hand(room: None) -> None:
    """The second table meets what the first has left: askings are withdrawn, overtaken, repeated."""
    codes = [make_product().code for _ in range(12)]
    many, single = make_supplier(), make_supplier()
    for supplier in (many, single):
        begin(supplier, "listed", codes)
    changes = list(CHANGES.values())
    for table in range(4):
        rows = [{**first(code), **changes[(5 * place + 3 * table) % len(changes)]} for place, code in enumerate(codes)]
        assert stored(many, rows) == [one_by_one(single, row) for row in rows]
        assert kept(many) == kept(single)


def test_one_row_of_the_journal_tells_what_became_of_all(room: None) -> None:
    codes = [make_product().code for _ in range(4)]
    supplier = make_supplier()
    begin(supplier, "listed", codes[:3])
    rows = [first(code) for code in codes]
    rows[0]["price"], rows[1]["price"] = "15.00", "25.00"
    assert stored(supplier, rows) == ["changed", "changed", "unchanged", "new"]
    ids = dict(Offer.objects.filter(supplier=supplier).values_list("product__code", "id"))
    entry = RegionJournalEntry.objects.filter(event="products.offers_stored").latest("id")
    assert entry.facts == {
        "supplier_code": supplier.uscc, "created": [ids[codes[3]]], "changed": [ids[codes[0]]],
        "asked": [ids[codes[1]]],
    }  # fmt: skip
    assert stored(supplier, rows) == ["unchanged"] * 4
    assert RegionJournalEntry.objects.latest("id") == entry


def test_an_offer_somebody_made_since_it_was_judged_is_refused_and_the_others_stay(
    room: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the two statements another call makes the same offer: neither is lost, neither is made twice."""
    codes = [make_product().code for _ in range(3)]
    supplier = make_supplier()
    judge: Callable[..., Any] = bulk.judge_offers

    def and_then(**given: Any) -> Any:
        found = judge(**given)
        services.draft_offer(
            actor=SYSTEM, product_code=codes[1], supplier_id=supplier.pk, price=Decimal(7), reference_price=Decimal(9),
            delivery_days=1, areas=[("650000", Decimal(0), Decimal(0))], now=utc_now(),
        )  # fmt: skip
        return found

    monkeypatch.setattr(bulk, "judge_offers", and_then)
    assert stored(supplier, [first(code) for code in codes]) == ["new", "wrong", "new"]
    assert Offer.objects.get(product__code=codes[1]).price == Decimal(7)
    assert OfferArea.objects.filter(offer__supplier=supplier).count() == 3


def test_statements_stay_the_same_and_few(room: None) -> None:
    codes = [make_product().code for _ in range(8)]
    supplier = make_supplier()
    begin(supplier, "listed", codes[:6])
    counts = []
    for some in ((codes[0], codes[1], codes[6]), (*codes[2:6], codes[7])):
        rows = [first(code) for code in some]
        rows[0] |= {"price": "15.00", "areas": [["650000", "0.00", "0.00"]]}
        rows[1]["price"] = "25.00"
        with CaptureQueriesContext(connections["default"]) as captured, region_atomic():
            stored(supplier, rows)
        counts.append(len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]]))
        said = [one["sql"] for one in captured.captured_queries]
        judged = max(place for place, sql in enumerate(said) if "LEFT JOIN products_product" in sql)
        written = next(place for place, sql in enumerate(said) if "UPDATE products_offer" in sql)
        assert "FOR UPDATE" in said[judged - 1]
        assert judged < written
    assert counts[0] == counts[1]
    assert counts[0] <= 16, counts  # BEGIN and COMMIT with them


TEXTS = st.one_of(st.text(max_size=12), st.sampled_from(["", "NULL", "null", "{}", '"', "\\", ",", "a b", "现货"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(TEXTS.filter(lambda text: "\x00" not in text and not any(0xD800 <= ord(c) < 0xE000 for c in text))))
def test_an_array_holds_whatever_stands_in_its_values(room: None, values: list[str]) -> None:
    statement = "SELECT v FROM unnest(%(values)s::text[]) WITH ORDINALITY AS u(v, n) ORDER BY n"
    given_values = [*values, None]
    assert [value for (value,) in fetched(statement, {"values": array(given_values)})] == given_values


def _spellings() -> Iterator[st.SearchStrategy[str]]:
    for column in KINDS["offers"].columns:
        if column.as_it_is is not None:
            yield st.from_regex(column.as_it_is, fullmatch=True)
    yield st.text(max_size=45)


@given(st.one_of(*_spellings()))
def test_a_text_that_is_not_asked_about_is_what_its_field_would_make_of_it(text: str) -> None:
    for column in KINDS["offers"].columns:
        if column.as_it_is is not None and column.as_it_is.fullmatch(text):
            assert column.read(column.field.run_validation(text)) == text
