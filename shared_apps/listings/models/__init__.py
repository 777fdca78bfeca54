"""Paid prices and what they tell; reviews of offers; freezes, appeals and patrols."""

from shared_apps.listings.models.prices import PaidPrice, PriceReference
from shared_apps.listings.models.settings import ParameterValue, WordChange

__all__ = ["PaidPrice", "ParameterValue", "PriceReference", "WordChange"]
