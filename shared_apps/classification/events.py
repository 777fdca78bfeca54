"""What the region's journal says of the catalogue."""

from kernel.events import EventType, declare

CATALOGUE_LOADED = declare(
    EventType("classification.catalogue_loaded", 1, {"items": int, "categories": int, "attributes": int})
)
