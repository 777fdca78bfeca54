from tenants.database.rooms import RoomConfig


class ProductsConfig(RoomConfig):
    name = "shared_apps.products"
    label = "products"
    room = "region"
    append_only = ("ProfileCriterion", "ReviewStep", "ProductMerge", "OfferPrice", "ShelfBound")
    # Not who proposed, reviewed or merged: a mall reads of the library what it shows.
    mall = {
        "Product": "SELECT",
        "ProductPicture": "SELECT",
        "ProductImage": "SELECT",
        "ProductCertificate": "SELECT",
        "ProductMerge": "SELECT (product_id, into_id)",
        "Brand": "SELECT (id, name, state)",
        "Spu": "SELECT (id, brand_id, name, model, state)",
        "Offer": "SELECT",
        "OfferArea": "SELECT",
        "OnSale": "SELECT",
        "SearchWord": "SELECT",
        "ShelfBound": "SELECT (id, local_approval_allowed)",
    }
    relay = {"Product": "SELECT (id, code, title, sales), UPDATE (sales)"}

    def ready(self) -> None:
        from shared_apps.products import events, purposes, wording  # noqa: F401  (declare and register)
