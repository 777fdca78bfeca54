"""Pages of the online supermarket, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.supermarket.web import addresses, notes, papers, views

app_name = "supermarket"
urlpatterns = [
    path("orders/<int:order_id>/notes/", notes.note, name="note"),
    path("checkout/<int:supplier_id>/", views.checkout, name="checkout"),
    path("addresses/", addresses.book, name="addresses"),
    path("addresses/export/", addresses.book_csv, name="addresses_csv"),
    path("addresses/<int:address_id>/", addresses.change, name="address"),
    path("addresses/<int:address_id>/remove/", addresses.remove, name="remove_address"),
    path("checkout/<int:supplier_id>/papers/", papers.add, name="add_paper"),
    path("checkout/<int:supplier_id>/papers/remove/", papers.remove, name="remove_paper"),
    path("checkout/<int:supplier_id>/preview/", views.preview, name="preview"),
]
