"""Keeping the product library: products, offers and their prices. One transaction and one journal row each."""

from shared_apps.products.services.expiring import ExpiredOffer, expire_offers, extend_offer
from shared_apps.products.services.goods import (
    LIBRARIANS,
    PICTURE_LENGTH_MAX,
    add_product,
    checked_svg,
    retire_product,
    searched_parts,
    text_columns,
)
from shared_apps.products.services.identity import NotApproved, ProductDuplicate, ProductExists
from shared_apps.products.services.offers import (
    SELLERS,
    Area,
    OfferExists,
    draft_again,
    draft_offer,
    edit_draft,
    edit_service,
    mark_checked,
    move_offer,
    take_back,
)
from shared_apps.products.services.prices import (
    NothingChanges,
    PriceNotAsked,
    change_price,
    decide_price,
    set_price,
    withdraw_price,
)

__all__ = [
    "LIBRARIANS",
    "PICTURE_LENGTH_MAX",
    "SELLERS",
    "Area",
    "ExpiredOffer",
    "NotApproved",
    "NothingChanges",
    "OfferExists",
    "PriceNotAsked",
    "ProductDuplicate",
    "ProductExists",
    "add_product",
    "change_price",
    "checked_svg",
    "decide_price",
    "draft_again",
    "draft_offer",
    "edit_draft",
    "edit_service",
    "expire_offers",
    "extend_offer",
    "mark_checked",
    "move_offer",
    "retire_product",
    "searched_parts",
    "set_price",
    "take_back",
    "text_columns",
    "withdraw_price",
]
