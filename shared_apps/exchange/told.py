"""What webhooks are told, in words for pages. Receivers get the names as they are here."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ORDER_PLACED = "order.placed"
ORDER_ENDED = "order.ended"
GOODS_ACCEPTED = "order.goods_accepted"
PAYMENT_CONFIRMED = "payment.confirmed"
OFFER_REVIEWED = "offer.reviewed"

EVENTS: dict[str, Promise] = {
    ORDER_PLACED: _("An order waits for your acceptance, from any mall"),
    ORDER_ENDED: _("An order ended without delivery: cancelled, expired or terminated"),
    GOODS_ACCEPTED: _("The buyer has accepted the goods"),
    PAYMENT_CONFIRMED: _("The treasury has confirmed the payment"),
    OFFER_REVIEWED: _("An offer of yours was approved or rejected"),
}
