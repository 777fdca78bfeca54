"""API of the storefront, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.storefront.api import approvals, sharing, views

app_name = "storefront_api"
urlpatterns = [
    path("products/", views.Products.as_view(), name="products"),
    path("products/<str:code>/", views.Product.as_view(), name="product"),
    path("comparison/", views.Comparison.as_view(), name="comparison"),
    path("cart/", views.Cart.as_view(), name="cart"),
    path("cart/add/", views.AddToCart.as_view(), name="cart_add"),
    path("cart/area/", views.DeliverTo.as_view(), name="cart_area"),
    path("cart/set-quantity/", views.SetQuantity.as_view(), name="cart_set_quantity"),
    path("cart/remove/", views.RemoveLine.as_view(), name="cart_remove"),
    path("cart/hand-over/", sharing.HandOver.as_view(), name="cart_hand_over"),
    path("favourites/", sharing.Favourites.as_view(), name="favourites"),
    path("favourites/add/", sharing.AddFavourite.as_view(), name="favourite_add"),
    path("favourites/remove/", sharing.RemoveFavourite.as_view(), name="favourite_remove"),
    path("shelf/", views.Shelf.as_view(), name="shelf"),
    path("shelf/approvals/", approvals.Approvals.as_view(), name="approvals"),
    path("shelf/approvals/switch/", approvals.Switch.as_view(), name="approvals_switch"),
    path("shelf/approvals/decide/", approvals.Decide.as_view(), name="approvals_decide"),
]
