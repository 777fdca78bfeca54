from tenants.database.rooms import RoomConfig


class RegionIdempotencyConfig(RoomConfig):
    name = "shared_apps.region_idempotency"
    label = "region_idempotency"
    room = "region"
