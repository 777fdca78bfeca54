"""What the region's journal says of the catalogue."""

from kernel.events import EventType, declare

CATALOGUE_LOADED = declare(
    EventType("classification.catalogue_loaded", 1, {"items": int, "categories": int, "attributes": int})
)
ITEMS_IMPORTED = declare(
    EventType(
        "classification.items_imported",
        1,
        {"file_name": str, "sm3": str, "rows": int, "added": int, "changed": int, "retired": int},
    )
)
ATTRIBUTES_SET = declare(
    EventType("classification.attributes_set", 1, {"version": int, "attributes": list, "reason": str})
)
