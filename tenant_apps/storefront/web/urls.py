"""Pages of the mall, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.storefront.web import approvals, browsing, cart, favourites, sharing, shelf

app_name = "storefront"
urlpatterns = [
    path("", browsing.front, name="front"),
    path("products/", browsing.products, name="products"),
    path("products/<str:code>/", browsing.product, name="product"),
    path("compare/", browsing.compare, name="compare"),
    path("pictures/<slug:code>/<int:place>/", browsing.image, name="image"),
    path("pictures/<str:code>.svg", browsing.picture, name="picture"),
    path("cart/", cart.cart, name="cart"),
    path("cart/badge/", cart.badge, name="cart_badge"),
    path("cart/unit/", cart.unit, name="cart_unit"),
    path("cart/area/", cart.area, name="cart_area"),
    path("cart/quantity/", cart.quantity, name="cart_quantity"),
    path("cart/remove/", cart.remove, name="cart_remove"),
    path("cart/hand-over/", sharing.hand_over, name="cart_hand_over"),
    path("favourites/", favourites.favourites, name="favourites"),
    path("favourites/export/", favourites.favourites_csv, name="favourites_csv"),
    path("favourites/add/", favourites.add, name="favourite_add"),
    path("favourites/remove/", favourites.remove, name="favourite_remove"),
    path("bureau/shelf/", shelf.shelf, name="shelf"),
    path("bureau/shelf/approvals/", approvals.approvals, name="approvals"),
    path("bureau/shelf/approvals/suppliers.csv", approvals.approvals_csv, name="approvals_csv"),
    path("bureau/shelf/approvals/switch/", approvals.switch, name="approvals_switch"),
    path("bureau/shelf/approvals/decide/", approvals.decide, name="approvals_decide"),
]
