"""Keeping the product library: products, offers and their prices. One transaction and one journal row each."""

from shared_apps.products.services.goods import (
    LIBRARIANS,
    PICTURE_LENGTH_MAX,
    ProductExists,
    add_product,
    checked_svg,
    retire_product,
    searched_parts,
    text_columns,
)
from shared_apps.products.services.offers import SELLERS, Area, OfferExists, draft_offer, move_offer, set_price

__all__ = [
    "LIBRARIANS",
    "PICTURE_LENGTH_MAX",
    "SELLERS",
    "Area",
    "OfferExists",
    "ProductExists",
    "add_product",
    "checked_svg",
    "draft_offer",
    "move_offer",
    "retire_product",
    "searched_parts",
    "set_price",
    "text_columns",
]
