"""Reading prices, reviews, freezes, appeals and patrols."""

from shared_apps.listings.selectors.prices import PriceReferenceView, price_reference
from shared_apps.listings.selectors.settings import parameters

__all__ = ["PriceReferenceView", "parameters", "price_reference"]
