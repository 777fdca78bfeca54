"""Pages of the product library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.products.web import pages

app_name = "products"
urlpatterns = [
    path("library/products/", pages.products, name="products"),
    path("pictures/<str:code>.svg", pages.picture, name="picture"),
]
