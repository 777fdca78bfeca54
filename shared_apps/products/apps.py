from tenants.database.rooms import RoomConfig


class ProductsConfig(RoomConfig):
    name = "shared_apps.products"
    label = "products"
    room = "region"
    mall = {"Product": "SELECT", "ProductPicture": "SELECT", "Offer": "SELECT", "OfferArea": "SELECT"}
    relay = {"Product": "SELECT (id, code, title, sales), UPDATE (sales)"}

    def ready(self) -> None:
        from shared_apps.products import events, wording  # noqa: F401  (declare and register)
