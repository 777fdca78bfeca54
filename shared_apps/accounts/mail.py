"""The two letters that accounts sends. A mail server that fails is logged: the person can ask again."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.accounts.models import Invitation, User

logger = logging.getLogger(__name__)


def _address(name: str, *args: str) -> str:
    path = reverse(f"accounts:{name}", urlconf=settings.ROOT_URLCONF, args=args)
    return f"{settings.YZ_REGION_URL}{path}"


def send_invitation(*, invitation: Invitation, secret: str) -> None:
    text = render_to_string(
        "accounts/mail/invitation.txt", {"invitation": invitation, "url": _address("invitation", secret)}
    )
    _send(_("Invitation to %(organisation)s") % {"organisation": invitation.organisation.name}, text, invitation.email)


def send_reset(*, user: User, uid: str, token: str) -> None:
    text = render_to_string("accounts/mail/reset.txt", {"person": user, "url": _address("reset", uid, token)})
    _send(_("Reset your password"), text, user.email)


def _send(subject: str, text: str, to: str) -> None:
    try:
        send_mail(subject, text, None, [to])
    except (SMTPException, OSError):
        logger.exception("a letter was not sent")
