from tenants.database.rooms import RoomConfig


class OrdersConfig(RoomConfig):
    name = "tenant_apps.orders"
    label = "orders"
    room = "tenant"
