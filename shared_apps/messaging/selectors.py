"""Reading messages, one's own settings, and (for the region's staff) deliveries. It starts from the actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.keysets import page_of_rows
from kernel.problems import NotFound, NotPermitted, SignInRequired
from shared_apps.accounts.mail import KINDS
from shared_apps.messaging import rules, texts
from shared_apps.messaging.codes import code_of
from shared_apps.messaging.counting import cap_of
from shared_apps.messaging.models import ChannelCap, Choice, Contact, Delivery, Message, Settings, Verification
from shared_apps.messaging.provider import PROVIDERS
from shared_apps.messaging.rules import WANTED_BY_DEFAULT, WATCHERS, Cap, Channel, Topic, masked
from tenants.registry.selectors import TenantName, tenant_names

PAGE_ROWS = 30
EXPORT_ROWS = 5000


@dataclass(frozen=True, slots=True)
class MessageView:
    """One row of the list."""

    id: int
    topic: str
    word: str
    title: str
    percent: int
    tenant_code: str
    tenant_name: str
    number: str
    facts: dict[str, Any]
    due_at: datetime | None
    created_at: datetime
    read_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page of the list. `next_before` is the cursor of the next one; `upto` the newest message there is."""

    items: tuple[MessageView, ...]
    next_before: int | None
    unread_count: int
    upto: int
    tenants: tuple[tuple[str, str], ...]


def messages_of(actor: Actor) -> QuerySet[Message]:
    """One's own, of organisations one belongs to still."""
    if actor.user_id is None:
        return Message.objects.none()
    places = [place.organisation_id for place in actor.belongs]
    return Message.objects.filter(user_id=actor.user_id, organisation_id__in=places)


def own_message(*, actor: Actor, message_id: int) -> Message:
    """Raises NotFound for others'."""
    row = messages_of(actor).filter(pk=message_id).first()
    if row is None:
        raise NotFound(message_id=message_id)
    return row


def unread_count(*, actor: Actor) -> int:
    return messages_of(actor).filter(read_at=None).count()


def message_page(
    *,
    actor: Actor,
    topic: str | None = None,
    tenant: str | None = None,
    unread: bool = False,
    search: str = "",
    before: int | None = None,
    rows_max: int = PAGE_ROWS,
) -> MessagePage:
    """The newest first; four statements."""
    own = messages_of(actor)
    wanted = own
    if topic:
        wanted = wanted.filter(topic=topic)
    if tenant:
        wanted = wanted.filter(tenant_code=tenant)
    if unread:
        wanted = wanted.filter(read_at=None)
    if search:
        wanted = wanted.filter(Q(facts__order_number__icontains=search) | Q(facts__document_number__icontains=search))
    rows, cursor = page_of_rows(wanted, after=before, size=rows_max)
    codes = set(own.order_by().values_list("tenant_code", flat=True).distinct())
    names = tenant_names(codes=codes) if codes else {}
    return MessagePage(
        items=tuple(_view(row, names) for row in rows),
        next_before=cursor,
        unread_count=unread_count(actor=actor),
        upto=rows[0].pk if rows else 0,
        tenants=tuple((code, name.name) for code, name in names.items()),
    )


def _view(row: Message, names: dict[str, TenantName]) -> MessageView:
    return MessageView(
        row.pk,
        row.topic,
        row.word,
        texts.title_of(topic=row.topic, word=row.word, percent=row.percent),
        row.percent,
        row.tenant_code,
        names[row.tenant_code].name if row.tenant_code in names else texts.region_name(),
        texts.number_of(row.facts),
        row.facts,
        row.due_at,
        row.created_at,
        row.read_at,
        row.withdrawn_at,
    )


# -- one's own settings ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ContactView:
    """One way out of the house: the verified address, and the code under way.

    `stale`: another carrier than today's verified it, so that nothing is sent there. `shown_code` only where the
    carrier is simulated, and nothing leaves the house.
    """

    channel: Channel
    address: str
    verified_at: datetime | None
    stale: bool
    is_simulated: bool
    asked_address: str
    expires_at: datetime | None
    shown_code: str


@dataclass(frozen=True, slots=True)
class SettingsView:
    contacts: tuple[ContactView, ...]
    wanted: frozenset[tuple[Topic, Channel]]
    quiet_from: time | None
    quiet_until: time | None


def settings_of(*, actor: Actor, now: datetime) -> SettingsView:
    """Four statements. Raises SignInRequired."""
    if actor.user_id is None:
        raise SignInRequired
    contacts = {row.channel: row for row in Contact.objects.filter(user_id=actor.user_id)}
    asked = Verification.objects.filter(user_id=actor.user_id, ended_at=None, expires_at__gt=now)
    under_way = {row.channel: row for row in asked if row.tries < rules.CODE_TRIES_MAX}
    chosen = {(row.topic, row.channel): row.is_wanted for row in Choice.objects.filter(user_id=actor.user_id)}
    quiet = Settings.objects.filter(user_id=actor.user_id).first()
    return SettingsView(
        contacts=tuple(_contact(channel, contacts.get(channel), under_way.get(channel)) for channel in Channel),
        wanted=frozenset(
            (topic, channel)
            for topic in Topic
            for channel in Channel
            if chosen.get((topic.value, channel.value), (topic, channel) in WANTED_BY_DEFAULT)
        ),
        quiet_from=quiet.quiet_from if quiet else rules.QUIET_FROM,
        quiet_until=quiet.quiet_until if quiet else rules.QUIET_UNTIL,
    )


def _contact(channel: Channel, row: Contact | None, asked: Verification | None) -> ContactView:
    outside = PROVIDERS[channel]
    simulated = outside.is_simulated()
    return ContactView(
        channel=channel,
        address=row.address if row else "",
        verified_at=row.verified_at if row else None,
        stale=row is not None and row.provider != outside.connect().name,
        is_simulated=simulated,
        asked_address=asked.address if asked else "",
        expires_at=asked.expires_at if asked else None,
        shown_code=code_of(verification_id=asked.pk, salt=asked.salt) if asked and simulated else "",
    )


# -- the region's staff ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One sending. Addresses are masked, texts are not there at all."""

    id: int
    number: str
    channel: str
    state: str
    title: str
    tenant_code: str
    tenant_name: str
    attempts: int
    reason: str
    made_at: datetime
    next_at: datetime | None
    sent_at: datetime | None
    settled_at: datetime | None
    address: str
    may_retry: bool


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    items: tuple[DeliveryView, ...]
    next_before: int | None


def deliveries(
    *,
    actor: Actor,
    state: str | None = None,
    channel: str | None = None,
    tenant: str | None = None,
    before: int | None = None,
    rows_max: int = PAGE_ROWS,
) -> DeliveryPage:
    """What went out of the house, newest first; three statements. Raises NotPermitted."""
    if not actor.posts & WATCHERS:
        raise NotPermitted
    rows = Delivery.objects.select_related("message", "verification", "own_letter")
    for name, value in {"state": state, "channel": channel, "tenant_code": tenant}.items():
        if value:
            rows = rows.filter(**{name: value})
    found, cursor = page_of_rows(rows, after=before, size=rows_max)
    people = {row.user_id for row in found}
    contacts = Contact.objects.filter(user_id__in=people).values_list("user_id", "channel", "address")
    addresses = {(user_id, way): address for user_id, way, address in contacts}
    names = tenant_names(codes={row.tenant_code for row in found})
    return DeliveryPage(tuple(_delivery(row, addresses, names) for row in found), cursor)


def _delivery(row: Delivery, addresses: dict[tuple[int, str], str], names: dict[str, TenantName]) -> DeliveryView:
    message, code = row.message, row.verification
    own = row.own_letter if hasattr(row, "own_letter") else None
    address = code.address if code is not None else addresses.get((row.user_id, row.channel), "")
    sent_to = masked(address) if address else ""
    if own is not None:
        sent_to = masked(own.address) if own.sealed else own.address
    title = texts.title_of(topic=message.topic, word=message.word, percent=message.percent) if message else ""
    return DeliveryView(
        row.pk,
        row.number,
        row.channel,
        row.state,
        str(KINDS[own.kind]) if own is not None else title,
        row.tenant_code,
        names[row.tenant_code].name if row.tenant_code in names else texts.region_name(),
        row.attempts,
        row.reason,
        row.made_at,
        row.next_at,
        row.sent_at,
        row.settled_at,
        sent_to,
        row.state == rules.DeliveryState.GIVEN_UP and (message is not None or bool(own and own.sealed)),
    )


@dataclass(frozen=True, slots=True)
class CapView:
    channel: Channel
    cap: Cap
    set_by: ChannelCap | None
    is_simulated: bool


def caps(*, actor: Actor) -> list[CapView]:
    """Raises NotPermitted. A statement a channel."""
    if not actor.posts & WATCHERS:
        raise NotPermitted
    return [CapView(channel, *cap_of(channel), PROVIDERS[channel].is_simulated()) for channel in Channel]
