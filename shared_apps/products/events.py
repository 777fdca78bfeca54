"""What the region's journal says of the product library."""

from datetime import date
from decimal import Decimal

from kernel.events import EventType, declare

_OFFER = {"product_code": str, "supplier_code": str, "state": str, "price": Decimal}

PRODUCT_ADDED = declare(EventType("products.added", 1, {"code": str, "title": str, "category": str}))
LABELS_EXPIRED = declare(EventType("products.labels_expired", 1, {"products": int, "on": str}))
PRODUCT_RETIRED = declare(EventType("products.retired", 1, {"code": str, "title": str, "reason": str}))
OFFER_DRAFTED = declare(EventType("products.offer_drafted", 1, _OFFER))
OFFER_MOVED = declare(EventType("products.offer_moved", 1, {**_OFFER, "action": str, "reason": str}))
OFFER_EDITED = declare(EventType("products.offer_edited", 1, _OFFER))
PRICE_ASKED = declare(
    EventType("products.price_asked", 1, {**_OFFER, "asked": Decimal, "asked_reference": Decimal, "areas": list})
)
PRICE_WITHDRAWN = declare(EventType("products.price_withdrawn", 1, {**_OFFER, "asked": Decimal}))
PRICE_REJECTED = declare(EventType("products.price_rejected", 1, {**_OFFER, "asked": Decimal, "reason": str}))
OFFER_PRICED = declare(EventType("products.offer_priced", 1, {**_OFFER, "before": Decimal}))
# One row a supplier and batch: a thousand offers may end on one day.
OFFERS_EXPIRED = declare(EventType("products.offers_expired", 1, {"supplier_code": str, "offers": list, "on": date}))
SHELF_BOUND_SET = declare(EventType("products.shelf_bound_set", 1, {"local_approval_allowed": bool, "reason": str}))
LOADED = declare(EventType("products.loaded", 1, {"products": int, "offers": int, "areas": int, "is_demo": bool}))
OFFERS_STORED = declare(
    EventType("products.offers_stored", 1, {"supplier_code": str, "created": list, "changed": list, "asked": list})
)
PRODUCTS_STORED = declare(EventType("products.stored", 1, {"created": list, "changed": list}))
_PROPOSAL = {"code": str, "title": str, "category": str, "supplier_code": str, "new": list}
PROPOSED = declare(EventType("products.proposed", 1, _PROPOSAL))
AMENDED = declare(EventType("products.amended", 1, _PROPOSAL))
WITHDRAWN = declare(EventType("products.withdrawn", 1, _PROPOSAL))
CERTIFICATE_PROPOSED = declare(
    EventType(
        "products.certificate_proposed",
        1,
        {"product_code": str, "supplier_code": str, "label": str, "number": str, "expires_on": str},
    )
)
DECIDED = declare(
    EventType("products.decided", 1, {"subject": str, "name": str, "action": str, "state": str, "reason": str})
)
MERGED = declare(
    EventType("products.merged", 1, {"code": str, "into": str, "reason": str, "moved": list, "delisted": list})
)
_MERGED_NAME = {"name": str, "into": str, "reason": str, "products": int, "unkeyed": list, "suppliers": list}
BRAND_MERGED = declare(EventType("products.brand_merged", 1, {**_MERGED_NAME, "spus_moved": int, "spus_merged": int}))
SPU_MERGED = declare(EventType("products.spu_merged", 1, _MERGED_NAME))
IMAGE_ADDED = declare(EventType("products.image_added", 1, {"product_code": str, "place": int, "sm3": str}))
_PROFILE = {"title": str, "category": str, "version": int, "criteria": int}
PROFILE_SET = declare(EventType("products.profile_set", 1, _PROFILE))
PROFILE_CLOSED = declare(EventType("products.profile_closed", 1, _PROFILE))
IMAGE_REMOVED = declare(EventType("products.image_removed", 1, {"product_code": str, "place": int, "sm3": str}))
