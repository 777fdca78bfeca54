"""API of the product library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.products.api import views

app_name = "products_api"
urlpatterns = [path("library/products/", views.Products.as_view(), name="products")]
