"""API of the catalogue, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.classification.api import views

app_name = "classification_api"
urlpatterns = [
    path("library/items/", views.Items.as_view(), name="items"),
    path("library/categories/<slug:category_code>/", views.Category.as_view(), name="category"),
    path("library/categories/<slug:category_code>/attributes/", views.SetAttributes.as_view(), name="set_attributes"),
]
