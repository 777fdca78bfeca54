"""Topics, ways, states and reasons in words, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.messaging.rules import Channel, DeliveryState, Reason, Topic
from webkit import problem_words, states

TOPICS: dict[Topic, Promise] = {
    Topic.TO_DO: _("Something waits for me"),
    Topic.DEADLINE: _("Time runs out"),
    Topic.NEWS: _("News of my orders"),
}
CHANNELS: dict[Channel, Promise] = {Channel.EMAIL: _("E-mail"), Channel.SMS: _("Short message")}
REASONS: dict[str, Promise] = {
    Reason.UNREACHABLE: _("The carrier was not reached"),
    Reason.NO_ADDRESS: _("No verified address any more"),
    Reason.LEFT: _("The person has left the organisation"),
    Reason.CAP_PERSON: _("The person's daily cap is reached"),
    Reason.CAP_ALTOGETHER: _("The daily cap of all messages is reached"),
    Reason.EXPIRED: _("The code ran out before it was sent"),
    Reason.TAKEN_BACK: _("What it told of did not stay"),
}
states.register(
    "message-topic",
    {
        Topic.TO_DO: (pgettext_lazy("message", "To do"), "primary"),
        Topic.DEADLINE: (pgettext_lazy("message", "Deadline"), "warning"),
        Topic.NEWS: (pgettext_lazy("message", "News"), "info"),
    },
)
states.register(
    "message-delivery",
    {
        DeliveryState.WAITING: (pgettext_lazy("message", "To be sent"), "info"),
        DeliveryState.SENT: (pgettext_lazy("message", "Sent"), "primary"),
        DeliveryState.DELIVERED: (pgettext_lazy("message", "Delivered"), "success"),
        DeliveryState.REFUSED: (pgettext_lazy("message", "Refused"), "danger"),
        DeliveryState.GIVEN_UP: (pgettext_lazy("message", "Given up"), "danger"),
    },
)


def reason_words(reason: str) -> str:
    """Our own reasons in words; what a carrier refused in the carrier's."""
    return str(REASONS.get(reason, reason))


problem_words.register("too-many-codes", advice=_("Look whether the last code has arrived, or come back in an hour."))
problem_words.register("wrong-code", advice=_("Type the newest code, or ask for another one."))
problem_words.register("message-withdrawn", advice=_("Look at your to-do list for what waits now."))
