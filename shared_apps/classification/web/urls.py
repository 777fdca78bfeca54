"""Pages of the catalogue, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.classification.web import attributes, items

app_name = "classification"
urlpatterns = [
    path("library/items/", items.items, name="items"),
    path("library/items.csv", items.items_csv, name="items_csv"),
    path("console/items/", items.upload, name="import_items"),
    path("console/items/confirm/", items.confirm, name="confirm_items"),
    path("console/categories/", attributes.categories, name="categories"),
    path("console/categories/<slug:category_code>/", attributes.category, name="category"),
]
