from tenants.database.rooms import RoomConfig


class AccessConfig(RoomConfig):
    name = "tenant_apps.access"
    label = "access"
    room = "tenant"
