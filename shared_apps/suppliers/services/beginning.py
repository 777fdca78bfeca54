"""How a registration begins: a credit code, a mailbox, and the account of whoever opens the letter's link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local
from kernel.inputs import checked_uscc
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import Conflict, NotFound, SignInRequired, TooManyRequests
from shared_apps.accounts.rules import wait_seconds
from shared_apps.accounts.secret import keyed_hash, new_secret
from shared_apps.accounts.services.people import insert_user
from shared_apps.suppliers import mail
from shared_apps.suppliers.models import Supplier, SupplierApplication
from shared_apps.suppliers.rules import ApplicationKind, ApplicationState
from shared_apps.suppliers.rules import application as rules
from shared_apps.suppliers.services.library import SupplierExists
from shared_apps.suppliers.services.rows import tell_application
from tenants.database.context import REGION_ALIAS, region_atomic

if TYPE_CHECKING:
    from shared_apps.accounts.models import User

_WINDOW = timedelta(minutes=rules.OPEN_WINDOW_MINUTES)


class RegistrationOpen(Conflict):
    """Somebody registers this company already: the first one goes on."""

    code = "registration-open"
    title = _("An application for this credit code is on its way already")


class RegistrationLinkNotValid(NotFound):
    """Used, too old or never sent: the answer does not tell which."""

    code = "registration-link-not-valid"
    title = _("This link of a registration is not valid any more")


def begin_registration(
    *, actor: Actor, uscc: str, name: str, applicant_name: str, email: str, address: str, now: datetime
) -> tuple[SupplierApplication, str]:
    """A draft for this code; answers it with the link's secret, "" where a signed-in person owns it at once.

    Raises InvalidInput, SupplierExists, RegistrationOpen, TooManyRequests.
    """
    code = checked_uscc(uscc)
    _refuse_floods(address=address, email=email, now=now)
    secret = "" if actor.signed_in else new_secret()
    try:
        with region_atomic():
            if Supplier.objects.filter(uscc=code).exists():
                raise SupplierExists(uscc=code)
            number = new_number(now=now)
            row = SupplierApplication.objects.create(
                number=number,
                kind=ApplicationKind.REGISTRATION,
                state=ApplicationState.DRAFT,
                owner_id=actor.user_id,
                applicant_name=applicant_name,
                email=email,
                secret_hash=secret_hash(number, secret) if secret else "",
                address_hash=keyed_hash("address", address) if address else "",
                uscc=code,
                name=name,
                created_at=now,
                changed_at=now,
            )
            who = actor if actor.signed_in else Actor(user_id=None, name=applicant_name)
            tell_application(who, "suppliers.application_begun", row, now)
            if secret:
                mail.send_link(row=row, secret=secret)
    except IntegrityError as error:
        if "supplier_application_one_open_per_code" in str(error):
            raise RegistrationOpen(uscc=code) from error
        raise
    return row, secret


def new_number(*, now: datetime) -> str:
    """The day's next number, under a lock until the commit: numbers of one day have no gap."""
    day = f"{local(now):%Y%m%d}"
    advisory_xact_lock(REGION_ALIAS, advisory_lock_key("suppliers", "number", day))
    taken = SupplierApplication.objects.filter(number__startswith=f"GYS{day}").count()
    return rules.application_number(day=day, sequence=taken + 1)


def open_registration(*, number: str, secret: str, username: str, password: str, now: datetime) -> User:
    """An account for whoever has the link, and the draft is theirs; the link opens nothing any more.

    Raises RegistrationLinkNotValid, UsernameTaken, PasswordRefused, InvalidInput.
    """
    with region_atomic():
        row = by_link(number=number, secret=secret, now=now, lock=True)
        nobody = Actor(user_id=None, name=row.applicant_name)
        user = insert_user(
            actor=nobody, username=username, name=row.applicant_name, email=row.email, password=password, now=now
        )
        _take(row, Actor(user_id=user.pk, name=user.name), now)
    return user


def take_registration(*, actor: Actor, number: str, secret: str, now: datetime) -> SupplierApplication:
    """The signed-in person goes on with the account they have. Raises RegistrationLinkNotValid, SignInRequired."""
    if not actor.signed_in:
        raise SignInRequired
    with region_atomic():
        row = by_link(number=number, secret=secret, now=now, lock=True)
        _take(row, actor, now)
    return row


def by_link(*, number: str, secret: str, now: datetime, lock: bool = False) -> SupplierApplication:
    """The draft that the link opens. Raises RegistrationLinkNotValid."""
    rows = SupplierApplication.objects.filter(
        number=number, state=ApplicationState.DRAFT, owner_id=None, created_at__gt=now - timedelta(days=rules.LINK_DAYS)
    )
    row = (rows.select_for_update() if lock else rows).first()
    if row is None or not constant_time_compare(row.secret_hash, secret_hash(number, secret)):
        raise RegistrationLinkNotValid(number=number)
    return row


def _take(row: SupplierApplication, actor: Actor, now: datetime) -> None:
    row.owner_id, row.secret_hash, row.changed_at = actor.user_id, "", now
    row.save(update_fields=["owner_id", "secret_hash", "changed_at"])
    tell_application(actor, "suppliers.application_opened", row, now)


def secret_hash(number: str, secret: str) -> str:
    return keyed_hash("supplier-registration", f"{number}:{secret}")


def _refuse_floods(*, address: str, email: str, now: datetime) -> None:
    """Each registration sends a letter: neither one address nor one mailbox takes many. Raises TooManyRequests."""
    recent = SupplierApplication.objects.filter(created_at__gt=now - _WINDOW).order_by("-created_at")
    limits = [(recent.filter(email__iexact=email), rules.REGISTRATIONS_PER_MAILBOX)]
    if address:
        limits.append((recent.filter(address_hash=keyed_hash("address", address)), rules.REGISTRATIONS_PER_ADDRESS))
    wait = max(
        wait_seconds(
            list(found.values_list("created_at", flat=True)[:allowed]), allowed=allowed, window=_WINDOW, now=now
        )
        for found, allowed in limits
    )
    if wait:
        raise TooManyRequests(retry_after_seconds=wait)
