from tenants.database.rooms import RoomConfig


class IdempotencyConfig(RoomConfig):
    name = "tenant_apps.idempotency"
    label = "idempotency"
    room = "tenant"
