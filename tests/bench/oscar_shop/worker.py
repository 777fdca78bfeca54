"""The worker that fills the shop: customers with an address, goods in stock, baskets ready to be ordered."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from tests.bench.oscar_shop import CSRF
from tests.bench.workers import serve

LINES = 3
PLACE = "/checkout/preview/"
_customers: list[Any] = []


def prepare(customers: int) -> None:
    """Migrates; makes goods and customers."""
    from django.contrib.auth import get_user_model
    from oscar.core.loading import get_model

    call_command("migrate", interactive=False, verbosity=0)
    country = get_model("address", "Country").objects.create(
        iso_3166_1_a2="CN", iso_3166_1_a3="CHN", printable_name="China", is_shipping_country=True
    )
    partner = get_model("partner", "Partner").objects.create(name="Supplier")
    kind = get_model("catalogue", "ProductClass").objects.create(name="Goods", requires_shipping=True, track_stock=True)
    for number in range(customers):
        user = get_user_model().objects.create_user(f"buyer{number}", f"buyer{number}@example.org", None)
        address = get_model("address", "UserAddress").objects.create(
            user=user,
            first_name="Li",
            last_name="Wang",
            line1="Wenhua Road 1",
            line4="Kashi",
            postcode="844000",
            country=country,
        )
        # Goods of their own: customers shall not wait for each other's stock.
        goods = []
        for line in range(LINES):
            product = get_model("catalogue", "Product").objects.create(title=f"Paper {line}", product_class=kind)
            get_model("partner", "StockRecord").objects.create(
                product=product,
                partner=partner,
                partner_sku=f"S{number}-{line}",
                price=Decimal("20.00"),
                num_in_stock=10**8,
            )
            goods.append(product)
        _customers.append((user, address, goods))


def baskets() -> list[dict[str, str]]:
    """A full basket and a finished checkout for every customer; returns their headers."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from oscar.apps.partner.strategy import Default
    from oscar.core.loading import get_model

    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = []
    for user, address, goods in _customers:
        basket = get_model("basket", "Basket").objects.create(owner=user)
        basket.strategy = Default()
        for product in goods:
            basket.add_product(product, 1)
        session = store()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["checkout_data"] = {"shipping": {"user_address_id": address.pk, "method_code": "free-shipping"}}
        session.save()
        found.append({"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={CSRF}"})
    return found


def statements() -> int:
    """The statements of one order in a warm process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    count = 0
    for headers in baskets()[:2]:
        client = Client(headers=headers)
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(PLACE, {"action": "place_order"})
        if answer.status_code != 302 or "thank-you" not in answer["Location"]:
            raise RuntimeError(f"not placed: {answer.status_code} {answer.get('Location')}")
        count = sum(1 for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")))
    return count


def orders() -> int:
    from oscar.core.loading import get_model

    return int(get_model("order", "Order").objects.count())


if __name__ == "__main__":
    django.setup()
    serve({"prepare": prepare, "baskets": baskets, "statements": statements, "orders": orders})
