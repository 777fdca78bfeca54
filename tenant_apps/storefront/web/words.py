"""Words of the storefront's pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.products.rules import PRICE_BANDS, Label

LABELS: dict[str, str | Promise] = {
    Label.ENERGY: _("Energy-saving product"),
    Label.ENVIRONMENT: _("Environmental label"),
    Label.SME: _("Small or medium enterprise"),
}
PRICES: dict[str, str | Promise] = {
    "0-50": _("Below 50 yuan"),
    "50-200": _("50 to 200 yuan"),
    "200-1000": _("200 to 1,000 yuan"),
    "1000-5000": _("1,000 to 5,000 yuan"),
    "5000-": _("5,000 yuan and more"),
}
if set(PRICES) != set(PRICE_BANDS):
    raise LookupError("a price band has no words")
SORTS: dict[str, str | Promise] = {
    "relevance": pgettext_lazy("sort order", "Best match"),
    "sales": pgettext_lazy("sort order", "Most bought"),
    "price": pgettext_lazy("sort order", "Price, lowest first"),
    "price_down": pgettext_lazy("sort order", "Price, highest first"),
}
