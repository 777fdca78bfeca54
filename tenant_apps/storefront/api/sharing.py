"""API of favourites and of carts that are handed over, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.storefront import favourites, selectors, sharing
from tenant_apps.storefront.serializers import (
    CartSerializer,
    FavouriteInput,
    FavouriteListSerializer,
    HandOverCartInput,
)

CLERK = frozenset({Post.BUYER_CLERK})


@documented(summary="The caller's favourites, the latest first")
class Favourites(ReadView):
    access = Access("storefront.api_favourites", posts=CLERK)
    output_serializer = FavouriteListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return {"favourites": favourites.favourites_of(actor=actor_of(request))}


@documented(summary="Mark a product as a favourite", description="Once more changes nothing.", problems=(409,))
class AddFavourite(WriteView):
    access = Access("storefront.api_favourite_add", posts=CLERK)
    input_serializer = FavouriteInput
    output_serializer = FavouriteListSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        favourites.add_favourite(actor=actor, now=utc_now(), **data)
        return {"favourites": favourites.favourites_of(actor=actor)}


@documented(summary="Take a product out of the favourites")
class RemoveFavourite(WriteView):
    access = Access("storefront.api_favourite_remove", posts=CLERK)
    input_serializer = FavouriteInput
    output_serializer = FavouriteListSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        favourites.remove_favourite(actor=actor, **data)
        return {"favourites": favourites.favourites_of(actor=actor)}


@documented(
    summary="Hand the cart of a unit over to another of its clerks",
    description="Refused with `cart-changed` when `seen` is not the cart's fingerprint any more.",
    problems=(409,),
)
class HandOver(WriteView):
    access = Access("storefront.api_cart_hand_over", posts=CLERK)
    input_serializer = HandOverCartInput
    output_serializer = CartSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        sharing.hand_over(actor=actor, now=utc_now(), **data)
        return selectors.cart_for(actor=actor, unit_id=data["unit_id"])
