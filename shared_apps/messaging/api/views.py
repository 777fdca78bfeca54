"""Messages for programs: the same selectors and services as the pages."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.inputs import read_input
from shared_apps.messaging import selectors, services
from shared_apps.messaging.rules import KEEPERS, WATCHERS, Channel, Topic
from shared_apps.messaging.serializers import (
    ADDRESS_INPUT,
    AddressSerializer,
    AskCodeInput,
    ChannelInput,
    ChoicesInput,
    ConfirmInput,
    DeliveryPageSerializer,
    DeliveryQuery,
    MessagePageSerializer,
    MessageQuery,
    ReadSerializer,
    SettingsSerializer,
    UptoInput,
)


@documented(summary="Messages to the signed-in person, newest first")
class Messages(ReadView):
    access = Access("messaging.api_list", signed_in=True)
    query_serializer = MessageQuery
    output_serializer = MessagePageSerializer

    def read(self, request: Request, **path: Any) -> selectors.MessagePage:
        query = self.query(request)
        return selectors.message_page(
            actor=actor_of(request),
            topic=query.get("topic"),
            tenant=query.get("tenant"),
            unread=query["state"] == "unread",
            search=query["q"],
            before=query.get("before"),
        )


@documented(summary="Mark everything up to a message as read")
class ReadAll(WriteView):
    access = Access("messaging.api_read_all", signed_in=True)
    input_serializer = UptoInput
    output_serializer = ReadSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> dict[str, int]:
        return {"read": services.read_all(actor=actor_of(request), upto=data["upto"], now=utc_now())}


@documented(summary="Mark a message as read")
class ReadOne(WriteView):
    access = Access("messaging.api_read", signed_in=True)

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        services.read_message(actor=actor_of(request), message_id=path["message_id"], now=utc_now())


@documented(summary="A one-time address that opens what a message is about")
class Open(WriteView):
    access = Access("messaging.api_open", signed_in=True)
    output_serializer = AddressSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> dict[str, str]:
        url = services.open_message(actor=actor_of(request), message_id=path["message_id"], now=utc_now())
        return {"url": url}


@documented(summary="Own addresses, what is wanted by which way, and quiet hours")
class OwnSettings(ReadView):
    access = Access("messaging.api_settings", signed_in=True)
    output_serializer = SettingsSerializer

    def read(self, request: Request, **path: Any) -> selectors.SettingsView:
        return selectors.settings_of(actor=actor_of(request), now=utc_now())


@documented(summary="Choose what is sent by which way, and when not")
class Choices(WriteView):
    access = Access("messaging.api_choices", signed_in=True)
    input_serializer = ChoicesInput
    output_serializer = SettingsSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> selectors.SettingsView:
        actor, now = actor_of(request), utc_now()
        wanted = {(Topic(topic), Channel(way)) for topic, way in (wish.split(":") for wish in data["wanted"])}
        services.change_choices(
            actor=actor, wanted=wanted, quiet_from=data["quiet_from"], quiet_until=data["quiet_until"], now=now
        )
        return selectors.settings_of(actor=actor, now=now)


@documented(summary="Send a code to an address that is to be one's own")
class AskCode(WriteView):
    access = Access("messaging.api_ask_code", signed_in=True)
    input_serializer = AskCodeInput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        channel = Channel(data["channel"])
        address = read_input(ADDRESS_INPUT[channel], {"address": data["address"]})["address"]
        services.ask_code(actor=actor_of(request), channel=channel, address=address, now=utc_now())


@documented(summary="Confirm an address by the code that was sent there")
class ConfirmCode(WriteView):
    access = Access("messaging.api_confirm_code", signed_in=True)
    input_serializer = ConfirmInput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        channel = Channel(data["channel"])
        services.confirm_code(actor=actor_of(request), channel=channel, code=data["code"], now=utc_now())


@documented(summary="Send nothing to an address any more")
class RemoveContact(WriteView):
    access = Access("messaging.api_remove_contact", signed_in=True)
    input_serializer = ChannelInput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        services.remove_contact(actor=actor_of(request), channel=Channel(data["channel"]), now=utc_now())


@documented(summary="What was sent out of the house, newest first")
class Deliveries(ReadView):
    access = Access("messaging.api_deliveries", posts=WATCHERS)
    query_serializer = DeliveryQuery
    output_serializer = DeliveryPageSerializer

    def read(self, request: Request, **path: Any) -> selectors.DeliveryPage:
        return selectors.deliveries(actor=actor_of(request), **self.query(request))


@documented(summary="Send once more what was given up")
class Retry(WriteView):
    access = Access("messaging.api_retry", posts=KEEPERS)

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        services.retry_delivery(actor=actor_of(request), delivery_id=path["delivery_id"], now=utc_now())
