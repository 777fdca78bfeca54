"""Letters of accounts, and the way all such letters go: put together here, carried by the app that sends messages.

A letter is recorded in the transaction of what it tells of, and goes out after it: a slow mail server holds nobody up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import Invitation, User


@dataclass(frozen=True, slots=True)
class Written:
    """A letter, ready to be carried. Without `to` it is nobody's: the work is done, and nothing goes out."""

    kind: str
    to: str
    subject: str
    text: str


Carry = Callable[[Written], None]
_carriers: list[Carry] = []
# What letters there are, for the list of what was sent out. The apps above add theirs at start.
KINDS: dict[str, str | Promise] = {"invitation": _("Invitation"), "reset": _("Link to reset a password")}


def carried_by(carry: Carry) -> Carry:
    """Registers who carries letters. At app start, once."""
    if _carriers:
        raise RuntimeError("letters have a carrier already")
    _carriers.append(carry)
    return carry


def send_invitation(*, invitation: Invitation, secret: str) -> None:
    subject = _("Invitation to %(organisation)s") % {"organisation": invitation.organisation.name}
    context = {"invitation": invitation, "url": _address("invitation", secret)}
    send_letter("invitation", str(subject), "accounts/mail/invitation.txt", context, invitation.email)


def send_reset(*, user: User, uid: str, token: str) -> None:
    context = {"person": user, "url": _address("reset", uid, token)}
    send_letter("reset", str(_("Reset your password")), "accounts/mail/reset.txt", context, user.email)


def send_reset_to_nobody() -> None:
    """As much work as a letter: how long an answer takes does not tell whether there was one to send."""
    send_reset(user=User(), uid="MA", token="0" * 40)


def _address(name: str, *args: str) -> str:
    path = reverse(f"accounts:{name}", urlconf=settings.ROOT_URLCONF, args=args)
    return f"{settings.YZ_REGION_URL}{path}"


def send_letter(kind: str, subject: str, template: str, context: dict[str, object], to: str) -> None:
    """Renders now and hands over, inside the caller's transaction."""
    for carry in _carriers:
        carry(Written(kind, to, subject, render_to_string(template, context)))
