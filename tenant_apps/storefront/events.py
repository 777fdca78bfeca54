"""What the tenant's journal says of the storefront. Carts are drafts and are not journalled."""

from kernel.events import EventType, declare

SHELF_CHOSEN = declare(
    EventType("storefront.shelf_chosen", 1, {"categories": list, "excluded_suppliers": list, "version": int})
)
