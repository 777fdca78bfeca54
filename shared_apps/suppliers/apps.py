from tenants.database.rooms import RoomConfig


class SuppliersConfig(RoomConfig):
    name = "shared_apps.suppliers"
    label = "suppliers"
    room = "region"
