"""Messages to people, where they want them sent, and what became of each sending. Texts and addresses of what was sent
are not kept: both are put together at the moment of sending.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shared_apps.messaging.rules import Channel, DeliveryState, Topic

_WAITING = DeliveryState.WAITING.value
_OPEN = [DeliveryState.WAITING.value, DeliveryState.SENT.value]


def _choices(words: type[Topic] | type[Channel] | type[DeliveryState]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Message(models.Model):
    """One thing one person is told, of one row of a journal. `organisation_id` is the place it is told them in."""

    room = models.CharField(max_length=30)
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()
    tenant_code = models.CharField(max_length=30)
    user_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    topic = models.CharField(max_length=8, choices=_choices(Topic))
    # The step that waits, or the event that is told; `percent` of a deadline's time is used.
    word = models.CharField(max_length=60)
    percent = models.PositiveSmallIntegerField(default=0)
    item_kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=60)
    path = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # The mall was set back to before what this tells.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # Told once, however often the journal is read again.
            models.UniqueConstraint(
                name="message_once",
                fields=["room", "epoch", "journal_id", "tenant_code", "user_id", "topic", "word", "percent"],
            ),
            models.CheckConstraint(
                name="message_topic_known", condition=Q(topic__in=[topic.value for topic in Topic])
            ),
            models.CheckConstraint(
                name="message_percent_of_a_deadline",
                condition=Q(topic=Topic.DEADLINE.value, percent__in=[50, 80, 100])
                | (~Q(topic=Topic.DEADLINE.value) & Q(percent=0)),
            ),
        )  # fmt: skip
        indexes = (
            models.Index(name="message_of_person", fields=["user_id", "-id"]),
            models.Index(name="message_unread", fields=["user_id"], condition=Q(read_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.word}"


class Settings(models.Model):
    """When a person wants quiet; outside it everything that was chosen is sent."""

    user_id = models.BigIntegerField(unique=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="quiet_hours_have_both_ends",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.user_id)


class Choice(models.Model):
    """That a person wants one topic by one way, or not; what is not here is as `rules.WANTED_BY_DEFAULT` says."""

    user_id = models.BigIntegerField()
    topic = models.CharField(max_length=8, choices=_choices(Topic))
    channel = models.CharField(max_length=5, choices=_choices(Channel))
    is_wanted = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(name="choice_once", fields=["user_id", "topic", "channel"]),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic} {self.channel}"


class Contact(models.Model):
    """An address that is a person's own: a code sent there came back. `provider` carried it: another asks anew."""

    user_id = models.BigIntegerField()
    channel = models.CharField(max_length=5, choices=_choices(Channel))
    address = models.CharField(max_length=254)
    provider = models.CharField(max_length=40)
    verified_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="contact_one_a_channel", fields=["user_id", "channel"]),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.channel}"


class Verification(models.Model):
    """A code on its way to an address. It is derived from `salt` (see `codes`) and stands nowhere."""

    user_id = models.BigIntegerField()
    channel = models.CharField(max_length=5, choices=_choices(Channel))
    address = models.CharField(max_length=254)
    salt = models.CharField(max_length=43)
    provider = models.CharField(max_length=40)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Used up by the right code, by too many wrong ones, or by a newer one.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="verification_one_open", fields=["user_id", "channel"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="verification_runs_out", condition=Q(expires_at__gt=F("made_at"))),
        )
        indexes = (
            models.Index(name="verification_of_person", fields=["user_id", "-made_at"]),
            models.Index(name="verification_of_address", fields=["address", "-made_at"]),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.channel}"


class Delivery(models.Model):
    """One message, or one code, by one way. `number` is what the provider sends at most once."""

    number = models.CharField(max_length=32, unique=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="deliveries")
    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, null=True, related_name="deliveries")
    user_id = models.BigIntegerField()
    tenant_code = models.CharField(max_length=30)
    channel = models.CharField(max_length=5, choices=_choices(Channel))
    state = models.CharField(max_length=9, choices=_choices(DeliveryState))
    provider = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    # Tries to hand it over, then questions what became of it.
    attempts = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="delivery_one_a_channel", fields=["message", "channel"]),
            models.CheckConstraint(
                name="message_delivery_state_known",
                condition=Q(state__in=[state.value for state in DeliveryState]),
            ),
            # With neither it is a letter: `OwnLetter`.
            models.CheckConstraint(
                name="delivery_of_one_thing_at_most",
                condition=Q(message__isnull=True) | Q(verification__isnull=True),
            ),
            models.CheckConstraint(
                name="message_delivery_waits_for_a_moment",
                condition=Q(state=_WAITING, next_at__isnull=False)
                | Q(state=DeliveryState.SENT.value)
                | (~Q(state__in=_OPEN) & Q(next_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_failed_for_a_reason",
                condition=~Q(state__in=[DeliveryState.REFUSED.value, DeliveryState.GIVEN_UP.value]) | ~Q(reason=""),
            ),
            # What a provider has, it has under a reference and since a moment.
            models.CheckConstraint(
                name="delivery_sent_has_reference",
                condition=~Q(state__in=[DeliveryState.SENT.value, DeliveryState.DELIVERED.value])
                | (Q(sent_at__isnull=False) & ~Q(reference="")),
            ),
        )  # fmt: skip
        indexes = (
            models.Index(name="message_delivery_due", fields=["next_at"], condition=Q(next_at__isnull=False)),
            models.Index(name="delivery_by_state", fields=["state", "-id"]),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class OwnLetter(models.Model):
    """A letter whose text is its reader's alone, such as a link that signs somebody in. `sealed` is subject and text
    under the installation's secret (see `sealing`), gone as soon as a carrier has them; of `address` a mask is left.
    """

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, primary_key=True, related_name="own_letter")
    kind = models.CharField(max_length=40)
    address = models.CharField(max_length=254)
    sealed = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.kind


class DailyCount(models.Model):
    """How many went out on a day by one way: to one person, and (with person 0) altogether."""

    day = models.DateField()
    channel = models.CharField(max_length=5, choices=_choices(Channel))
    user_id = models.BigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(name="daily_count_once", fields=["day", "channel", "user_id"]),)

    def __str__(self) -> str:
        return f"{self.day} {self.channel}: {self.count}"


class ChannelCap(models.Model):
    """A cap that the operator set, with the reason; the newest of a channel holds. Append-only."""

    channel = models.CharField(max_length=5, choices=_choices(Channel))
    per_person = models.PositiveIntegerField()
    altogether = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by_id = models.BigIntegerField()
    set_by_name = models.CharField(max_length=40)

    class Meta:
        indexes = (models.Index(name="channel_cap_newest", fields=["channel", "-id"]),)

    def __str__(self) -> str:
        return f"{self.channel} {self.per_person}/{self.altogether}"


class SimulatedLetter(models.Model):
    """One line of the simulated providers' own book: that program's memory. Neither text nor address is in it."""

    number = models.CharField(max_length=32, unique=True)
    reference = models.CharField(max_length=80, unique=True)
    channel = models.CharField(max_length=5, choices=_choices(Channel))
    scenario = models.CharField(max_length=16)
    received_at = models.DateTimeField()
    times_received = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.reference}: {self.number}"
