"""A supplier's member who sells, and tables of offers as such a person sends them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import Organisation, User
from shared_apps.exchange import exporting, services
from shared_apps.exchange.kinds import KINDS
from shared_apps.exchange.models import Delivery, Import, ImportRow, Webhook
from shared_apps.exchange.told import EVENTS, ORDER_PLACED
from shared_apps.suppliers.models import Supplier
from tests.factories.goods import make_supplier
from tests.factories.people import actor_of, join, make_organisation, make_user
from tests.factories.workbooks import workbook

AREAS = "650000:0.00:0.00"


@dataclass(frozen=True)
class Seller:
    user: User
    actor: Actor
    supplier: Supplier
    organisation: Organisation


def make_seller(*posts: Post) -> Seller:
    """An admitted supplier with one member, its administrator unless other posts are named."""
    organisation = make_organisation("supplier")
    supplier = make_supplier(organisation_id=organisation.pk)
    user = make_user(name="测试子")
    join(user, organisation, posts or [Post.SUPPLIER_ADMIN])
    return Seller(user, actor_of(user), supplier, organisation)


def make_librarian() -> tuple[User, Actor]:
    """Somebody of the region's finance department."""
    organisation = make_organisation("region_finance")
    user = make_user(name="测试丑")
    join(user, organisation, [Post.REGION_SUPERVISOR])
    return user, actor_of(user)


def labels(kind: str) -> list[str]:
    return [str(column.label) for column in KINDS[kind].columns]


def offer_row(sku: str, product_code: str, price: str = "20.00", /, **more: Any) -> list[Any]:
    given = {
        "sku": sku, "product_code": product_code, "price": price, "reference_price": "90.00", "min_quantity": "1",
        "pack_quantity": "1", "stock_note": "", "delivery_days": "3", "valid_from": "", "valid_to": "",
        "areas": AREAS, **more,
    }  # fmt: skip
    return [given[column.name] for column in KINDS["offers"].columns]


def as_xlsx(rows: Sequence[Sequence[Any]], kind: str = "offers") -> bytes:
    return workbook(rows, header=labels(kind))


def as_csv(rows: Sequence[Sequence[Any]], kind: str = "offers", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(labels(kind))
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def make_webhook(supplier: Supplier, user: User) -> Webhook:
    """A webhook with one message that has failed, made without asking for any machine's name."""
    row = Webhook.objects.create(
        organisation_id=supplier.organisation_id,
        supplier_id=supplier.pk,
        supplier_code=supplier.uscc,
        url="https://shop.example.com/events",
        events=list(EVENTS),
        salt="x",
        state="active",
        made_by_id=user.pk,
        made_by_name=user.name,
        made_at=utc_now(),
    )
    Delivery.objects.create(
        webhook=row, event_id="1" * 64, event=ORDER_PLACED, body="{}", state="failed", attempts=10, last_status=503,
        last_error="status", last_at=utc_now(), made_at=utc_now(),
    )  # fmt: skip
    return row


def sent(actor: Actor, kind: str, content: bytes, name: str = "t.csv") -> Import:
    """A table received and checked."""
    return services.receive_table(actor=actor, kind=kind, name=name, content=content, now=utc_now())


def stored(actor: Actor, kind: str, content: bytes, name: str = "t.csv") -> Import:
    row = sent(actor, kind, content, name)
    assert row.state == "checked", row.reason
    return services.confirm_import(actor=actor, import_id=row.pk, now=utc_now())


def wrong_columns(row: Import) -> list[str]:
    """The first wrong column of each wrong row."""
    found = ImportRow.objects.filter(of=row, outcome="wrong").order_by("number")
    return [one.errors[0][0] for one in found]


def exported(kind: str, actor: Actor) -> bytes:
    scope = KINDS[kind].scope_of(actor)
    return "".join(exporting.csv_pieces(exporting.exported(kind=KINDS[kind], scope=scope))).encode()
