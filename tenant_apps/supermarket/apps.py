from tenants.database.rooms import RoomConfig


class SupermarketConfig(RoomConfig):
    name = "tenant_apps.supermarket"
    label = "supermarket"
    room = "tenant"
