"""Pages of messages, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.messaging.web import messages, preferences, staff

app_name = "messaging"
urlpatterns = [
    path("messages/", messages.listing, name="messages"),
    path("messages/badge/", messages.badge, name="badge"),
    path("messages/export.csv", messages.export, name="export"),
    path("messages/read/", messages.read_all, name="read_all"),
    path("messages/<int:message_id>/read/", messages.read, name="read"),
    path("messages/<int:message_id>/open/", messages.open_one, name="open"),
    path("messages/settings/", preferences.settings, name="settings"),
    path("messages/settings/choices/", preferences.choices, name="choices"),
    path("messages/settings/<str:channel>/ask/", preferences.ask_code, name="ask_code"),
    path("messages/settings/<str:channel>/confirm/", preferences.confirm_code, name="confirm_code"),
    path("messages/settings/<str:channel>/remove/", preferences.remove_contact, name="remove_contact"),
    path("console/messages/", staff.deliveries, name="deliveries"),
    path("console/messages/export.csv", staff.export, name="deliveries_export"),
    path("console/messages/texts/", staff.texts_page, name="texts"),
    path("console/messages/caps/", staff.set_cap, name="set_cap"),
    path("console/messages/<int:delivery_id>/retry/", staff.retry, name="retry"),
]
