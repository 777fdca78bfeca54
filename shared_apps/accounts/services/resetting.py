"""Resetting a forgotten password by e-mail. Nothing tells whether an address belongs to anybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from kernel.problems import DomainError, TooManyRequests
from shared_apps.accounts import mail, rules, security
from shared_apps.accounts.models import SecurityEvent, User
from shared_apps.accounts.rules import SecurityKind
from shared_apps.accounts.secret import keyed_hash
from shared_apps.accounts.services.people import check_new_password, set_new_password
from tenants.database.context import region_atomic

_WINDOW = timedelta(minutes=rules.RESET_WINDOW_MINUTES)


class ResetNotValid(DomainError):
    code = "reset-not-valid"
    status = 404
    title = _("This link has been used or has expired")


def ask_reset(*, email: str, address: str, host: str, now: datetime) -> None:
    """Sends a link to every active person with this address; the same answer when there is none.

    Raises TooManyRequests, counted by mailbox and by network address, existing or not.
    """
    mailbox = email.strip().lower()
    recent = SecurityEvent.objects.filter(kind=SecurityKind.RESET_ASKED, at__gt=now - _WINDOW).order_by("-at")
    limits = (
        (recent.filter(subject_hash=keyed_hash("subject", mailbox)), rules.RESETS_PER_MAILBOX),
        (recent.filter(address_hash=security.address_hash(address)), rules.RESETS_PER_ADDRESS),
    )
    wait = max(
        rules.wait_seconds(list(found.values_list("at", flat=True)[:allowed]), allowed=allowed, window=_WINDOW, now=now)
        for found, allowed in limits
    )
    if wait:
        raise TooManyRequests(retry_after_seconds=wait)
    with region_atomic():
        security.record(kind=SecurityKind.RESET_ASKED, now=now, subject=mailbox, address=address, host=host)
        found = list(User.objects.filter(email__iexact=mailbox, is_active=True).exclude(email="")[:5])
        if not found:
            mail.send_reset_to_nobody()
        for user in found:
            token = default_token_generator.make_token(user)
            uid = urlsafe_base64_encode(force_bytes(user.pk))
            mail.send_reset(user=user, uid=uid, token=token)


def reset_person(*, uid: str, token: str) -> User:
    """Whose password the link resets. Raises ResetNotValid."""
    return _checked(uid, token, lock=False)


def _checked(uid: str, token: str, *, lock: bool) -> User:
    try:
        key = int(urlsafe_base64_decode(uid).decode("ascii"))
    except (ValueError, UnicodeDecodeError) as error:
        raise ResetNotValid from error
    users = User.objects.filter(pk=key, is_active=True) if key < 2**63 else User.objects.none()
    user = (users.select_for_update() if lock else users).first()
    if user is None or not default_token_generator.check_token(user, token):
        raise ResetNotValid
    return user


def reset_password(*, uid: str, token: str, password: str, address: str, host: str, now: datetime) -> User:
    """Sets the new password once and ends every session. Raises ResetNotValid, PasswordRefused."""
    with region_atomic():
        user = _checked(uid, token, lock=True)
        check_new_password(password=password, user=user)
        set_new_password(user=user, password=password, now=now)
        security.record(
            kind=SecurityKind.PASSWORD_RESET, now=now, user_id=user.pk, username=user.username,
            address=address, host=host,
        )  # fmt: skip
    return user
