"""A supplier's offers by table: judged before they are stored, stored chunk by chunk by the rules of a single one."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.problems import NotFound, NotPermitted, WrongState
from kernel.spreadsheets import SpreadsheetRefused, stream_cells
from shared_apps.exchange import exporting, services
from shared_apps.exchange.kinds import KINDS
from shared_apps.exchange.models import Import, ImportRow, SupplierItem
from shared_apps.exchange.selectors import access_import
from shared_apps.exchange.services import receiving, running
from shared_apps.products.models import Offer, OfferArea
from shared_apps.products.models.offer import OfferPrice
from shared_apps.products.models.searching import OnSale
from shared_apps.products.services import move_offer
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.services import change_standing
from tests.factories.exchange import Seller, as_csv, as_xlsx, make_seller, offer_row
from tests.factories.goods import make_offer, make_product

NOW = utc_now()
OFFERS = KINDS["offers"]


def sent(seller: Seller, content: bytes, name: str = "offers.xlsx") -> Import:
    return services.receive_table(actor=seller.actor, kind="offers", name=name, content=content, now=utc_now())


def stored(seller: Seller, content: bytes, name: str = "offers.xlsx") -> Import:
    row = sent(seller, content, name)
    assert row.state == "checked", row.reason
    return services.confirm_import(actor=seller.actor, import_id=row.pk, now=utc_now())


def counts(row: Import) -> tuple[int, int, int, int]:
    return row.new, row.changed, row.unchanged, row.wrong


def events() -> list[str]:
    return list(RegionJournalEntry.objects.order_by("id").values_list("event", flat=True))


def test_a_table_is_judged_then_stored_and_new_offers_go_to_review() -> None:
    seller, product, other = make_seller(), make_product(), make_product()
    content = as_xlsx([offer_row("A-1", product.code), offer_row("A-2", other.code, "30.50", stock_note="现货")])
    row = sent(seller, content)
    assert (row.state, counts(row)) == ("checked", (2, 0, 0, 0))
    assert Offer.objects.filter(supplier=seller.supplier).count() == 0
    done = services.confirm_import(actor=seller.actor, import_id=row.pk, now=utc_now())
    assert (done.state, done.created, done.for_review, done.chunks) == ("done", 2, 2, 1)
    offers = Offer.objects.filter(supplier=seller.supplier).order_by("price")
    assert [(o.product_id, o.price, o.state, o.stock_note) for o in offers] == [
        (product.pk, Decimal("20.00"), "submitted", ""), (other.pk, Decimal("30.50"), "submitted", "现货"),
    ]  # fmt: skip
    assert OfferArea.objects.filter(offer__in=offers).count() == 2
    assert SupplierItem.objects.get(sku="A-2").product_id == other.pk
    assert events()[-5:] == [
        "region_files.stored", "exchange.import_received", "exchange.import_checked", "exchange.import_confirmed",
        "products.offers_stored", "exchange.import_finished",
    ][-5:]  # fmt: skip


def test_cheaper_holds_at_once_dearer_goes_to_review_and_the_same_is_left_alone() -> None:
    seller = make_seller()
    offers = [make_offer(make_product(), seller.supplier, price="20.00", reference_price="90.00") for _ in range(4)]
    codes = [offer.product.code for offer in offers]
    rows = [
        offer_row("1", codes[0], "19.00"), offer_row("2", codes[1], "21.00"), offer_row("3", codes[2]),
        offer_row("4", codes[3], areas="650000:5.00:0.00"),
    ]  # fmt: skip
    done = stored(seller, as_csv([[*row] for row in rows]), "offers.csv")
    assert counts(done) == (0, 3, 1, 0)
    assert (done.updated, done.for_review) == (3, 2)
    found = [Offer.objects.get(pk=offer.pk) for offer in offers]
    assert {offer.state for offer in found} == {"listed"}
    assert [(o.price, o.pending_price, o.version - b.version) for o, b in zip(found, offers, strict=True)] == [
        (Decimal("19.00"), None, 1), (Decimal("20.00"), Decimal("21.00"), 1), (Decimal("20.00"), None, 0),
        (Decimal("20.00"), Decimal("20.00"), 1),
    ]  # fmt: skip
    assert found[3].pending_areas == [["650000", "5.00", "0.00"]]
    assert OfferArea.objects.get(offer=found[3]).freight == Decimal("0.00")
    history = OfferPrice.objects.values_list("offer_id", "before", "after", "change")
    assert list(history) == [(offers[0].pk, Decimal("20.00"), Decimal("19.00"), "lowered")]
    assert counts(sent(seller, as_csv([[*row] for row in rows]), "again.csv")) == (0, 0, 4, 0)
    assert stored(seller, as_csv([offer_row("2", codes[1])]), "back.csv").updated == 1
    assert Offer.objects.get(pk=offers[1].pk).pending_since is None


def test_what_a_buyer_pays_changes_with_the_table_and_what_waits_does_not() -> None:
    seller = make_seller()
    offer = make_offer(make_product(), seller.supplier, price="20.00", reference_price="90.00")
    prices = OnSale.objects.filter(offer_id=offer.pk).values_list("price", flat=True)
    stored(seller, as_csv([offer_row("1", offer.product.code, "25.00")]), "a.csv")
    assert list(prices.all()) == [Decimal("20.00")]
    stored(seller, as_csv([offer_row("1", offer.product.code, "15.00")]), "b.csv")
    assert list(prices.all()) == [Decimal("15.00")]


def test_offers_under_review_or_frozen_are_left_alone() -> None:
    seller = make_seller()
    waiting = make_offer(make_product(), seller.supplier, listed=False)
    Offer.objects.filter(pk=waiting.pk).update(state="submitted")
    frozen = make_offer(make_product(), seller.supplier, reference_price="90.00")
    move_offer(actor=SYSTEM, offer_id=frozen.pk, action="freeze", reason="测试", now=NOW)
    listed = make_offer(make_product(), seller.supplier, reference_price="90.00")
    packed = make_offer(make_product(), seller.supplier, reference_price="90.00", pack_quantity=2)
    row = sent(
        seller,
        as_csv([
            offer_row("1", waiting.product.code, "1.00"), offer_row("2", frozen.product.code, "30.00"),
            offer_row("3", listed.product.code, min_quantity="5"),
            offer_row("4", packed.product.code, pack_quantity="5"),
        ]),
        "a.csv",
    )  # fmt: skip
    assert [one.errors[0][0] for one in ImportRow.objects.filter(of=row).order_by("number")] == [
        "product_code", "price", "min_quantity", "pack_quantity",
    ]  # fmt: skip
    assert stored(seller, as_csv([offer_row("2", frozen.product.code, "10.00")]), "b.csv").updated == 1


WRONG_CELLS = (
    ("sku", ""), ("sku", "a b"), ("sku", "长"), ("product_code", "NONE"), ("price", "0"), ("price", "-1"),
    ("price", "1e999"), ("price", "NaN"), ("price", "１２"), ("price", "1.234"), ("price", "9" * 5000),
    ("min_quantity", "0"), ("min_quantity", "1000000"), ("pack_quantity", "0"), ("pack_quantity", "9.5"),
    ("stock_note", "a\u202eb"), ("stock_note", "长" * 61),
    ("delivery_days", "0"), ("delivery_days", "366"), ("valid_to", "2020-01-01"), ("valid_to", "2025-02-29"),
    ("areas", "x"), ("areas", "650000;650000"), ("areas", "111111"), ("areas", "650000:-1"), ("areas", ""),
)  # fmt: skip


def test_a_wrong_cell_is_named_and_its_row_left_out() -> None:
    seller = make_seller()
    codes = [make_product().code for _ in WRONG_CELLS]
    rows = [offer_row(f"A-{n}", codes[n], **{column: text}) for n, (column, text) in enumerate(WRONG_CELLS)]
    row = sent(seller, as_csv(rows), "offers.csv")
    assert counts(row) == (0, 0, 0, len(WRONG_CELLS))
    found = ImportRow.objects.filter(of=row).order_by("number")
    assert [one.errors[0][0] for one in found] == [column for column, _text in WRONG_CELLS]
    assert all(reason for one in found for _column, reason in one.errors)
    with pytest.raises(receiving.NothingToStore):
        services.confirm_import(actor=seller.actor, import_id=row.pk, now=utc_now())
    assert Offer.objects.count() == 0


def test_numbers_and_products_stand_once_and_stay_together() -> None:
    seller, product, other = make_seller(), make_product(), make_product()
    stored(seller, as_csv([offer_row("A-1", product.code)]), "a.csv")
    row = sent(
        seller,
        as_csv([
            offer_row("A-1", other.code), offer_row("A-9", product.code), offer_row("A-9", other.code),
            offer_row("A-8", product.code),
        ]),
        "b.csv",
    )  # fmt: skip
    errors = [one.errors[0][0] for one in ImportRow.objects.filter(of=row).order_by("number")]
    assert errors == ["sku", "sku", "sku", "product_code"]


def test_what_is_exported_is_imported_unchanged() -> None:
    seller = make_seller()
    offer = make_offer(make_product(), seller.supplier, areas=(("650000", "0.00", "0.00"), ("653101", "5.00", "0.50")))
    Offer.objects.filter(pk=offer.pk).update(stock_note="=cmd|'x'", valid_to="2030-01-31")
    scope = OFFERS.scope_of(seller.actor)
    text = "".join(exporting.csv_pieces(exporting.exported(kind=OFFERS, scope=scope)))
    assert "'=cmd" in text
    row = sent(seller, text.encode(), "export.csv")
    assert (row.state, counts(row)) == ("checked", (0, 0, 1, 0))


def test_the_file_of_wrong_rows_has_reasons_at_cells_and_can_be_sent_back() -> None:
    seller, product = make_seller(), make_product()
    row = sent(seller, as_xlsx([offer_row("A-1", product.code, "x"), offer_row("A-2", "NONE")]))
    content = exporting.annotated(kind=OFFERS, found=row)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["C2"].comment is not None
    assert sheet["B3"].comment is not None
    assert [cell.value for cell in sheet[2]][:3] == ["A-1", product.code, "x"]
    again = sent(seller, content, "wrong.xlsx")
    assert counts(again) == (0, 0, 0, 2)
    (_, *lines) = list(exporting.result(kind=OFFERS, found=row))
    assert [line[0] for line in lines] == ["2", "3"]


def test_a_file_with_another_header_or_no_rows_is_unreadable_and_keeps_nothing() -> None:
    seller = make_seller()
    for content, reason in ((as_csv([]), "no-rows"), (b"a,b\n1,2\n", "no-header")):
        row = sent(seller, content, "x.csv")
        assert (row.state, row.reason, row.rows) == ("unreadable", reason, 0)
        assert ImportRow.objects.filter(of=row).count() == 0


def test_chinese_programs_write_another_encoding() -> None:
    seller, product = make_seller(), make_product()
    content = as_csv([offer_row("A-1", product.code, stock_note="现货供应")], encoding="gb18030")
    assert counts(sent(seller, content, "x.csv")) == (1, 0, 0, 0)


def test_others_reach_nothing() -> None:
    seller, stranger = make_seller(), make_seller()
    row = sent(seller, as_csv([offer_row("A-1", make_product().code)]), "x.csv")
    for act in (services.confirm_import, services.cancel_import):
        with pytest.raises(NotFound):
            act(actor=stranger.actor, import_id=row.pk, now=NOW)
    with pytest.raises(NotFound):
        access_import(actor=stranger.actor, import_id=row.pk)
    change_standing(actor=SYSTEM, supplier_id=stranger.supplier.pk, action="suspend", reason="测试", now=NOW)
    with pytest.raises(NotPermitted):
        sent(stranger, as_csv([]), "x.csv")


def test_chunks_go_on_where_a_killed_run_stopped_and_each_is_stored_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK_ROWS", 2)
    monkeypatch.setattr(receiving, "SMALL_ROWS_MAX", 0)
    seller = make_seller()
    products = [make_product() for _ in range(5)]
    row = sent(seller, as_csv([offer_row(f"A-{n}", p.code) for n, p in enumerate(products)]), "x.csv")
    services.confirm_import(actor=seller.actor, import_id=row.pk, now=utc_now())
    original = running._refuse

    def dies(found: Any, refused: Any) -> None:
        if found.chunks == 1:
            raise SystemExit(137)
        original(found, refused)

    monkeypatch.setattr(running, "_refuse", dies)
    with pytest.raises(SystemExit):
        services.run_import(import_id=row.pk)
    assert Offer.objects.filter(supplier=seller.supplier).count() == 2
    monkeypatch.setattr(running, "_refuse", original)
    services.run_import(import_id=row.pk)  # held by the dead run
    assert Offer.objects.filter(supplier=seller.supplier).count() == 2
    Import.objects.filter(pk=row.pk).update(lease_until=utc_now())
    assert services.due_imports(now=utc_now()) == [row.pk]
    services.run_import(import_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.created, row.chunks, row.run) == ("done", 5, 3, 3)
    assert Offer.objects.filter(supplier=seller.supplier).count() == 5
    assert events().count("products.offers_stored") == 3


def test_an_import_is_broken_off_between_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK_ROWS", 2)
    monkeypatch.setattr(receiving, "SMALL_ROWS_MAX", 0)
    seller = make_seller()
    products = [make_product() for _ in range(4)]
    row = sent(seller, as_csv([offer_row(f"A-{n}", p.code) for n, p in enumerate(products)]), "x.csv")
    services.confirm_import(actor=seller.actor, import_id=row.pk, now=utc_now())
    original = running._store_chunk

    def once(*given: Any) -> bool:
        more = original(*given)
        services.cancel_import(actor=seller.actor, import_id=row.pk, now=utc_now())
        return more

    monkeypatch.setattr(running, "_store_chunk", once)
    services.run_import(import_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.created) == ("cancelled", 2)
    with pytest.raises(WrongState):
        services.cancel_import(actor=seller.actor, import_id=row.pk, now=utc_now())


def test_statements_do_not_grow_with_the_rows() -> None:
    seller = make_seller()
    products = [make_product() for _ in range(30)]
    totals = []
    for n, some in enumerate((products[:3], products[3:])):
        with CaptureQueriesContext(connections["default"]) as captured:
            stored(seller, as_csv([offer_row(f"{n}-{k}", p.code) for k, p in enumerate(some)]), "x.csv")
        totals.append(len(captured))
    assert totals[0] == totals[1]


def test_rows_of_tables_that_ended_long_ago_are_deleted() -> None:
    seller = make_seller()
    old = stored(seller, as_csv([offer_row("A-1", make_product().code)]), "a.csv")
    sent(seller, as_csv([offer_row("A-2", make_product().code)]), "b.csv")
    assert services.purge(now=utc_now()) == 0
    Import.objects.filter(pk=old.pk).update(finished_at=utc_now() - timedelta(days=91))
    assert services.purge(now=utc_now()) == 1
    assert [row.of_id for row in ImportRow.objects.all()] != [old.pk]
    assert Import.objects.count() == 2


def test_large_tables_are_streamed_and_too_large_ones_refused() -> None:
    rows = [offer_row(f"A-{n}", f"T{n:05d}") for n in range(3000)]
    batches = list(stream_cells(as_csv(rows), rows_max=3001, large=True, form="csv"))
    assert (len(batches), sum(map(len, batches))) == (7, 3001)
    with pytest.raises(SpreadsheetRefused) as refused:
        list(stream_cells(as_csv(rows), rows_max=3000, large=True, form="csv"))
    assert refused.value.facts["reason"] == "too-many-rows"


def test_a_cell_with_what_no_database_keeps_is_wrong_and_shown_as_its_number() -> None:
    """Spreadsheet programs write any character as `_x0000_`: NUL is a cell's fault, not the import's end."""
    seller, product, other = make_seller(), make_product(), make_product()
    rows = [offer_row("A-1", product.code, stock_note="a_x0000_b"), offer_row("A-2", other.code)]
    done = stored(seller, as_xlsx(rows))
    assert counts(done) == (1, 0, 0, 1)
    wrong = ImportRow.objects.get(of=done, outcome="wrong")
    assert (wrong.errors[0][0], wrong.values["stock_note"]) == ("stock_note", "a[U+0000]b")
    assert b"[U+0000]" in b"".join(p.encode() for p in exporting.csv_pieces(exporting.result(kind=OFFERS, found=done)))
