"""Tables that were sent, suppliers' own numbers, API tokens and webhooks."""

from shared_apps.exchange.models.tables import Import, ImportRow, SupplierItem
from shared_apps.exchange.models.tokens import ApiToken
from shared_apps.exchange.models.webhooks import Delivery, Webhook

__all__ = ["ApiToken", "Delivery", "Import", "ImportRow", "SupplierItem", "Webhook"]
