"""What the tenant's journal says of the storefront. Carts are drafts: only their handing over is journalled."""

from kernel.events import EventType, declare

LOCAL_APPROVAL_SWITCHED = declare(
    EventType("storefront.local_approval_switched", 1, {"is_on": bool, "reason": str, "version": int})
)
SUPPLIER_DECIDED = declare(
    EventType(
        "storefront.supplier_decided",
        1,
        {"supplier_id": int, "supplier_code": str, "supplier_name": str, "is_approved": bool, "reason": str},
    )
)
CART_HANDED_OVER = declare(
    EventType("storefront.cart_handed_over", 1, {"unit_id": int, "to_user_id": int, "lines": int})
)
SHELF_CHOSEN = declare(
    EventType(
        "storefront.shelf_chosen",
        2,
        {"categories": list, "excluded_suppliers": list, "more_areas": list, "version": int},
    )
)
