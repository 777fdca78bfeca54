"""Offers' lifecycle, prices by delivery area, and the tokens that products are found by. Pure."""

from shared_apps.products.rules.areas import REGION_CODE, area_ladder, area_parameters, area_price, full_division_code
from shared_apps.products.rules.offers import OFFER_LIFECYCLE, OPEN_STATES, VAT_RATES, Label, OfferState, ProductState
from shared_apps.products.rules.texts import (
    PRICE_BANDS,
    QUERY_LENGTH_MAX,
    as_tsquery,
    as_tsvector,
    haystack,
    index_tokens,
    normalised,
    query_runs,
    query_tokens,
    runs,
)

__all__ = [
    "OFFER_LIFECYCLE",
    "OPEN_STATES",
    "PRICE_BANDS",
    "QUERY_LENGTH_MAX",
    "REGION_CODE",
    "VAT_RATES",
    "Label",
    "OfferState",
    "ProductState",
    "area_ladder",
    "area_parameters",
    "area_price",
    "as_tsquery",
    "as_tsvector",
    "full_division_code",
    "haystack",
    "index_tokens",
    "normalised",
    "query_runs",
    "query_tokens",
    "runs",
]
