from tenants.database.rooms import RoomConfig

# What a mall may know of an offer: not the dearer terms that wait for a decision, nor why it is where it is.
OFFER_COLUMNS = (
    "id, product_id, supplier_id, price, reference_price, min_quantity, pack_quantity, stock_note, delivery_days, "
    "valid_from, valid_to, vat_rate, state, version"
)


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
        "Offer": f"SELECT ({OFFER_COLUMNS})",
        "OfferArea": "SELECT",
        "OnSale": "SELECT",
        "SearchWord": "SELECT",
        "ShelfBound": "SELECT (id, local_approval_allowed)",
    }
    relay = {"Product": "SELECT (id, code, title, sales), UPDATE (sales)"}

    def ready(self) -> None:
        from shared_apps.products import events, purposes, wording  # noqa: F401  (declare and register)
