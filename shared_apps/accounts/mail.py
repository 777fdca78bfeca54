"""Letters, sent beside the request: a slow mail server holds nobody up, and how long an answer takes does not tell
whether there was a letter to send. One that fails is logged; the person can ask again.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import Invitation, User

logger = logging.getLogger(__name__)

# Threads start with the first letter, so after the web server has forked; they are waited for at exit.
_postmen = ThreadPoolExecutor(max_workers=2, thread_name_prefix="letters")
_under_way: set[Future[None]] = set()


def send_invitation(*, invitation: Invitation, secret: str) -> None:
    subject = _("Invitation to %(organisation)s") % {"organisation": invitation.organisation.name}
    context = {"invitation": invitation, "url": _address("invitation", secret)}
    send_letter(str(subject), "accounts/mail/invitation.txt", context, invitation.email)


def send_reset(*, user: User, uid: str, token: str) -> None:
    context = {"person": user, "url": _address("reset", uid, token)}
    send_letter(str(_("Reset your password")), "accounts/mail/reset.txt", context, user.email)


def settle() -> None:
    """Waits for the letters under way: for the tests, and for commands that end."""
    wait(list(_under_way), timeout=30)


def _address(name: str, *args: str) -> str:
    path = reverse(f"accounts:{name}", urlconf=settings.ROOT_URLCONF, args=args)
    return f"{settings.YZ_REGION_URL}{path}"


def send_letter(subject: str, template: str, context: dict[str, object], to: str) -> None:
    """Renders now, sends beside the request."""
    text = render_to_string(template, context)
    letter = _postmen.submit(_deliver, subject, text, to)
    _under_way.add(letter)
    letter.add_done_callback(_under_way.discard)


def _deliver(subject: str, text: str, to: str) -> None:
    """In a thread of its own: no database, nothing of the request."""
    try:
        send_mail(subject, text, None, [to])
    except (SMTPException, OSError):
        logger.exception("a letter was not sent")
