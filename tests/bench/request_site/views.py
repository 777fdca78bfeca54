"""The page: five SELECTs and a template."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine

from tenant_apps.budgets.models import BudgetUnit
from tenant_apps.storefront.models import Cart, CartLine, Shelf
from tests.bench.request_site import UNITS, USER

_TEMPLATE = Engine().from_string(
    "<h1>{{ shelf.version }}</h1><p>{{ active }}</p>"
    "{% for unit in units %}<li>{{ unit.code }} {{ unit.name }}</li>{% endfor %}"
    "{% for cart in carts %}<li>{{ cart.unit_id }} {{ cart.used_at }}</li>{% endfor %}"
    "{% for line in lines %}<li>{{ line.offer_id }} {{ line.quantity }} {{ line.seen_price }}</li>{% endfor %}"
)


def page(request: HttpRequest) -> HttpResponse:
    shelf = Shelf.objects.get(pk=1)
    active = BudgetUnit.objects.filter(is_active=True).count()
    units = list(BudgetUnit.objects.order_by("code")[:UNITS])
    carts = list(Cart.objects.filter(user_id=USER).order_by("-used_at"))
    lines = list(CartLine.objects.filter(cart_id=carts[0].pk).order_by("id"))
    facts = {"shelf": shelf, "active": active, "units": units, "carts": carts, "lines": lines}
    return HttpResponse(_TEMPLATE.render(Context(facts)))
