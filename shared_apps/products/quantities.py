"""What is said of quantities that cannot be ordered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shared_apps.products.read_models import OfferView
from shared_apps.products.rules.quantities import QUANTITY_MAX


def why_not(offer: OfferView, quantity: int) -> str:
    """Why so many cannot be ordered, with the quantities next to it that can; empty where they can."""
    if offer.takes(quantity):
        return ""
    if quantity > QUANTITY_MAX:
        return _("At most %(most)s can be ordered.") % {"most": QUANTITY_MAX}
    if offer.pack_quantity == 1:
        return _("The supplier sells at least %(least)s.") % {"least": offer.min_quantity}
    lower, higher = offer.nearest_to(quantity)
    if lower is None:
        said = _("Sold in whole packs of %(pack)s, at least %(least)s: the next quantity is %(higher)s.")
    elif higher is None:
        said = _("Sold in whole packs of %(pack)s: the next lower quantity is %(lower)s.")
    else:
        said = _("Sold in whole packs of %(pack)s: the next quantities are %(lower)s and %(higher)s.")
    return said % {"pack": offer.pack_quantity, "least": offer.least_orderable, "lower": lower, "higher": higher}


def packs_too_large() -> str:
    return _("No whole number of packs reaches the least quantity within %(most)s.") % {"most": QUANTITY_MAX}
