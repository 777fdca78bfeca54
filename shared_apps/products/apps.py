from tenants.database.rooms import RoomConfig


class ProductsConfig(RoomConfig):
    name = "shared_apps.products"
    label = "products"
    room = "region"
