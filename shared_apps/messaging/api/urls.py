from django.urls import path

from shared_apps.messaging.api import views

app_name = "messaging_api"
urlpatterns = [
    path("messages/", views.Messages.as_view(), name="list"),
    path("messages/read/", views.ReadAll.as_view(), name="read_all"),
    path("messages/<int:message_id>/read/", views.ReadOne.as_view(), name="read"),
    path("messages/<int:message_id>/open/", views.Open.as_view(), name="open"),
    path("messages/settings/", views.OwnSettings.as_view(), name="settings"),
    path("messages/choices/", views.Choices.as_view(), name="choices"),
    path("messages/contacts/ask/", views.AskCode.as_view(), name="ask_code"),
    path("messages/contacts/confirm/", views.ConfirmCode.as_view(), name="confirm_code"),
    path("messages/contacts/remove/", views.RemoveContact.as_view(), name="remove_contact"),
    path("messages/deliveries/", views.Deliveries.as_view(), name="deliveries"),
    path("messages/deliveries/<int:delivery_id>/retry/", views.Retry.as_view(), name="retry"),
]
