"""API of the online supermarket, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.supermarket.api import addresses, notes, views

app_name = "supermarket_api"
urlpatterns = [
    path("supermarket/orders/", views.SubmitCart.as_view(), name="submit"),
    path("orders/<int:order_id>/notes/", notes.OrderNotes.as_view(), name="notes"),
    path("orders/<int:order_id>/notes/add/", notes.AddNote.as_view(), name="add_note"),
    path("addresses/", addresses.AddressBook.as_view(), name="addresses"),
    path("addresses/add/", addresses.AddAddress.as_view(), name="add_address"),
    path("addresses/<int:address_id>/change/", addresses.ChangeAddress.as_view(), name="change_address"),
    path("addresses/<int:address_id>/remove/", addresses.RemoveAddress.as_view(), name="remove_address"),
]
