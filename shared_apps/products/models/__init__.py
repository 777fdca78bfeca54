"""The region's product library: products, what suppliers ask for them, and where they deliver."""

from shared_apps.products.models.offer import Offer, OfferArea
from shared_apps.products.models.product import Product, ProductPicture

__all__ = ["Offer", "OfferArea", "Product", "ProductPicture"]
