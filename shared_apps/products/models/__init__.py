"""The region's product library: products, what suppliers ask for them, and where they deliver."""

from shared_apps.products.models.library import (
    Brand,
    ProductCertificate,
    ProductImage,
    ProductMerge,
    ProductProposal,
    ReviewStep,
    Spu,
)
from shared_apps.products.models.offer import Offer, OfferArea
from shared_apps.products.models.product import Product, ProductPicture
from shared_apps.products.models.profile import Profile, ProfileCriterion
from shared_apps.products.models.searching import OnSale, SearchWord
from shared_apps.products.models.shelf import ShelfBound

__all__ = [
    "Brand",
    "Offer",
    "OfferArea",
    "OnSale",
    "Product",
    "ProductCertificate",
    "ProductImage",
    "ProductMerge",
    "ProductPicture",
    "ProductProposal",
    "Profile",
    "ProfileCriterion",
    "ReviewStep",
    "SearchWord",
    "ShelfBound",
    "Spu",
]
