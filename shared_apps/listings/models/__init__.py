"""Paid prices and what they tell; reviews of offers; freezes, appeals and patrols."""

from shared_apps.listings.models.breaches import ListingAppeal, OfferFreeze
from shared_apps.listings.models.endings import EndingNotice
from shared_apps.listings.models.patrols import PatrolItem, PatrolTask
from shared_apps.listings.models.prices import PaidPrice, PriceReference
from shared_apps.listings.models.reviews import OfferReview
from shared_apps.listings.models.settings import ParameterValue, WordChange
from shared_apps.listings.models.work import WorkNotice

__all__ = [
    "EndingNotice",
    "ListingAppeal",
    "OfferFreeze",
    "OfferReview",
    "PaidPrice",
    "ParameterValue",
    "PatrolItem",
    "PatrolTask",
    "PriceReference",
    "WordChange",
    "WorkNotice",
]
