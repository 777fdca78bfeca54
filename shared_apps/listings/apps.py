from tenants.database.rooms import RoomConfig


class ListingsConfig(RoomConfig):
    name = "shared_apps.listings"
    label = "listings"
    room = "region"
